//! Names of authorities: as a whole line, at the start of a title, or the one that a text names most.

use crate::document::{Block, Document};
use crate::vocabulary::{PlanWord, Vocabulary};
use std::collections::BTreeMap;

/// A municipality's name is no longer, in characters.
const NAME: usize = 8;
/// A body that several authorities share has no longer name.
const BODY: usize = 24;
/// So many bytes of a document tell whom it names most.
const SAMPLE: usize = 300_000;
/// The most named must be named so often.
const OFTEN: u32 = 3;

/// The authority that a whole text names, and whether nothing but its name stands there: logo letters (`UBE`) and a
/// department behind it may.
pub(super) fn whole<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<(&'t str, bool)> {
    let is_logo = |c: char| c.is_ascii() && !c.is_ascii_digit();
    let bare = text.trim().trim_matches(is_logo);
    let alone = bare.len() == text.trim().len();
    let name = leading(bare, vocabulary)?;
    let rest = bare[end_of(bare, name)..].trim();
    let is_department = || {
        vocabulary.plan.words(PlanWord::Kind).at_end_of(rest).is_none()
            && (vocabulary.plan.words(PlanWord::Department).at_end_of(rest).is_some()
                || vocabulary.plan.words(PlanWord::Head).at_start_of(rest).is_some())
    };
    (rest.is_empty() || is_department()).then_some((name, alone && rest.is_empty()))
}

/// The authority at the start of a text, prefecture and district before a municipality off.
pub(super) fn leading<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<&'t str> {
    let own = below(text, vocabulary);
    if own.len() < text.len()
        && let Some(name) = municipality(own, vocabulary)
    {
        return Some(body(own, vocabulary).unwrap_or(name));
    }
    body(text, vocabulary)
        .or_else(|| prefix(text, PlanWord::Ministry, vocabulary))
        .or_else(|| prefix(text, PlanWord::Prefecture, vocabulary))
        .or_else(|| municipality(text, vocabulary))
        .or_else(|| unlisted_prefecture(text, vocabulary))
}

/// Where a name that is part of a text ends in it.
pub(super) fn end_of(text: &str, name: &str) -> usize {
    text.find(name).map_or(0, |start| start + name.len())
}

/// The text behind a prefecture's name and a district's, where a municipality stands there.
fn below<'t>(text: &'t str, vocabulary: &Vocabulary) -> &'t str {
    let named = prefix(text, PlanWord::Prefecture, vocabulary).or_else(|| unlisted_prefecture(text, vocabulary));
    let text = match named.map(|name| &text[name.len()..]) {
        Some(rest) if municipality(rest.trim_start(), vocabulary).is_some() => rest.trim_start(),
        _ => text,
    };
    for word in vocabulary.plan.words(PlanWord::District).iter() {
        if let Some((district, rest)) = text.split_once(word)
            && (1..=4).contains(&district.chars().count())
            && let Some(name) = municipality(rest.trim_start(), vocabulary)
            && vocabulary.plan.words(PlanWord::InDistrict).at_end_of(name).is_some()
        {
            return rest.trim_start();
        }
    }
    text
}

fn prefix<'t>(text: &'t str, words: PlanWord, vocabulary: &Vocabulary) -> Option<&'t str> {
    vocabulary.plan.words(words).at_start_of(text).map(|word| &text[..word.len()])
}

fn unlisted_prefecture<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<&'t str> {
    let endings = vocabulary.plan.words(PlanWord::PrefectureEnding).iter();
    let (start, ending) = endings.filter_map(|ending| Some((text.find(ending)?, ending))).min()?;
    let name = &text[..start + ending.len()];
    ((2..=4).contains(&text[..start].chars().count()) && name.chars().all(is_ideograph)).then_some(name)
}

/// A body that several authorities share, at the start of a text.
fn body<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<&'t str> {
    let limit = text.char_indices().nth(BODY).map_or(text.len(), |(at, _)| at);
    let words = vocabulary.plan.words(PlanWord::SharedBody).iter();
    let found = words.filter_map(|word| text[..limit].find(word).map(|at| (at, at + word.len())));
    let (start, end) = found.min_by_key(|(_, end)| *end)?;
    (start > 0 && text[..end].chars().all(|c| is_name(c) || c == '・')).then_some(&text[..end])
}

/// A municipality at the start of a text.
fn municipality<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<&'t str> {
    if let Some(name) = prefix(text, PlanWord::MunicipalityName, vocabulary) {
        return Some(name);
    }
    let endings = vocabulary.plan.words(PlanWord::Municipality);
    for (count, (at, c)) in text.char_indices().enumerate() {
        if count >= NAME || !is_name(c) {
            return None;
        }
        let Some(ending) = endings.at_start_of(&text[at..]).filter(|_| count > 0) else { continue };
        let end = at + ending.len();
        if is_municipality(&text[..end], &text[end..], vocabulary) {
            return Some(&text[..end]);
        }
    }
    None
}

/// Whether a name that ends as a municipality's does is one, by its end and what stands behind it.
fn is_municipality(name: &str, rest: &str, vocabulary: &Vocabulary) -> bool {
    vocabulary.plan.words(PlanWord::NotMunicipality).at_end_of(name).is_none()
        && vocabulary.plan.words(PlanWord::SelfName).at_end_of(name).is_none()
        && vocabulary.plan.words(PlanWord::NotBefore).at_start_of(rest).is_none()
}

fn is_name(c: char) -> bool {
    is_ideograph(c) || is_kana(c)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3006}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_kana(c: char) -> bool {
    is_hiragana(c) || matches!(c, '\u{30A1}'..='\u{30FA}' | '\u{30FC}')
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}')
}

/// The municipality that a document's texts name most, if one stands out. Where the texts say 本市 or 当町, only names
/// of that kind count.
pub(super) fn most_named(document: &Document, vocabulary: &Vocabulary) -> Option<String> {
    let mut names: BTreeMap<&str, u32> = BTreeMap::new();
    let mut selves: BTreeMap<&str, u32> = BTreeMap::new();
    let mut left = SAMPLE;
    let texts = document.blocks().filter_map(|block| match block {
        Block::Heading(heading) => Some(&heading.text),
        Block::Paragraph(paragraph) => Some(&paragraph.text),
        Block::Contents(_) | Block::Table(_) => None,
    });
    for line in texts.flat_map(|text| &text.lines) {
        let text = &line.text[..line.text.floor_char_boundary(left)];
        count_names(text, vocabulary, &mut names);
        for word in vocabulary.plan.words(PlanWord::SelfName).iter() {
            let count = text.matches(word).count() as u32;
            if count > 0 {
                *selves.entry(word).or_default() += count;
            }
        }
        left -= text.len();
        if left == 0 {
            break;
        }
    }
    let kind = selves.iter().max_by_key(|(_, count)| **count).and_then(|(word, _)| word.chars().next_back());
    let mut ranked: Vec<(&str, u32)> =
        names.into_iter().filter(|(name, _)| kind.is_none_or(|kind| name.ends_with(kind))).collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let second = ranked.get(1).map_or(0, |(_, count)| *count);
    let (name, count) = ranked.first()?;
    (*count >= OFTEN && *count > second + second / 2).then(|| (*name).to_owned())
}

/// Counts the municipalities that a text names: a run of ideographs or of kana that ends as a municipality does.
fn count_names<'t>(text: &'t str, vocabulary: &Vocabulary, names: &mut BTreeMap<&'t str, u32>) {
    let endings = vocabulary.plan.words(PlanWord::Municipality);
    for (at, c) in text.char_indices() {
        if !is_ideograph(c) {
            continue;
        }
        let Some(ending) = endings.at_start_of(&text[at..]) else { continue };
        let Some(last) = text[..at].chars().next_back() else { continue };
        let of_run: fn(char) -> bool =
            if is_hiragana(last) { is_hiragana } else { |c| is_ideograph(c) || is_kana(c) && !is_hiragana(c) };
        let run = text[..at].chars().rev().take_while(|&c| of_run(c)).take(NAME);
        let length: usize = run.map(char::len_utf8).sum();
        let end = at + ending.len();
        let name = &text[at - length..end];
        let doubled = endings.at_start_of(&text[end..]).is_some();
        if length > 0 && length / 3 < NAME && !doubled && is_municipality(name, &text[end..], vocabulary) {
            *names.entry(name).or_default() += 1;
        }
    }
}
