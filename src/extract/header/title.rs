//! The title: the line of a cover that ends as plans' titles do, with the lines that belong to it.

use super::authority;
use super::cover::{chapter, counted};
use super::pieces::{Kind, Piece};
use crate::document::Place;
use crate::normalise::characters;
use crate::normalise::periods::{self, Precision};
use crate::vocabulary::{PlanWord, Vocabulary};

/// A line that is joined to a title has no more characters.
const PART: usize = 40;
/// A name of Latin letters alone has no more: `ICT`.
const ACRONYM: usize = 6;
/// At most so many lines below a title belong to it.
const BELOW: usize = 2;

/// A title and how sure it is one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Title {
    pub text: String,
    /// Where its lines stand.
    pub place: Place,
    pub sureness: Sureness,
}

/// A text that a title is made of, and where it stands.
type Part<'p> = (&'p str, &'p Place);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sureness {
    /// Some text that may title the document.
    Any,
    /// A bare 実施計画.
    Generic,
    /// Ends as a plan's title does, and names what it plans.
    Named,
}

/// The best title that pieces hold.
pub(super) fn of(pieces: &[Piece], vocabulary: &Vocabulary) -> Option<Title> {
    let titled = |parts: &[Part], sureness| {
        let texts: Vec<&str> = parts.iter().map(|(text, _)| *text).collect();
        let place = parts[1..].iter().fold(parts[0].1.clone(), |place, (_, part)| place.union(part));
        Title { text: finish(&texts, vocabulary), place, sureness }
    };
    let labelled = pieces.iter().find_map(|piece| match &piece.kind {
        Kind::Title(text) => Some((text.as_str(), &piece.place)),
        _ => None,
    });
    if let Some(part) = labelled {
        return Some(titled(&[part], Sureness::Named));
    }
    let text = |piece: &Piece| match &piece.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    };
    let kinds =
        || pieces.iter().enumerate().filter(|(_, p)| text(p).is_some_and(|text| ends_with_kind(&text, vocabulary)));
    let named = || kinds().filter(|(_, piece)| text(piece).is_some_and(|text| !is_generic(&text, vocabulary)));
    // What a page's menus call plans stands in no heading.
    let named = named().find(|(_, piece)| piece.heading).or_else(|| named().next());
    if let Some((core, _)) = named.or_else(|| kinds().next()) {
        let parts = joined(pieces, core, named.is_none(), vocabulary);
        let sureness = if named.is_some() || parts.len() > 1 { Sureness::Named } else { Sureness::Generic };
        return Some(titled(&parts, sureness));
    }
    let any = pieces.iter().filter_map(|piece| match &piece.kind {
        Kind::Text(text)
            if (4..=PART).contains(&text.chars().count()) && !after_edition(text, vocabulary).is_empty() =>
        {
            Some((text.as_str(), &piece.place))
        }
        _ => None,
    });
    any.map(|part| titled(&[part], Sureness::Any)).next()
}

/// The core of a title with the pieces beside it that belong to it.
fn joined<'p>(pieces: &'p [Piece], core: usize, generic: bool, vocabulary: &Vocabulary) -> Vec<Part<'p>> {
    let text = |at: usize| match &pieces[at].kind {
        Kind::Text(text) => text.as_str(),
        _ => "",
    };
    let mut parts = vec![(text(core), &pieces[core].place)];
    let mut needs_name = generic;
    let mut named = authority::leading(after_edition(text(core), vocabulary), vocabulary).is_some();
    let mut first = core;
    while let Some(at) = first.checked_sub(1) {
        let same_line = pieces[at].line == pieces[first].line;
        if pieces[at].line + 1 < pieces[first].line {
            break;
        }
        let part = match &pieces[at].kind {
            Kind::Authority(name, true) if !named => {
                named = true;
                name.as_str()
            }
            Kind::Text(part) if is_part(part, vocabulary) || needs_name && part.len() <= ACRONYM => {
                let behind_edition = after_edition(part, vocabulary);
                let names = authority::leading(behind_edition, vocabulary).is_some();
                if !(same_line || behind_edition.is_empty() || needs_name || names && !named) {
                    break;
                }
                named |= names;
                part.as_str()
            }
            _ => break,
        };
        needs_name = false;
        parts.insert(0, (part, &pieces[at].place));
        first = at;
    }
    for pair in pieces[core..].windows(2).take(BELOW) {
        let (above, below) = (&pair[0], &pair[1]);
        let Kind::Text(part) = &below.kind else { break };
        let goes_on = is_subtitle(part, vocabulary) || below.block == above.block && is_second(part, vocabulary);
        if below.line > above.line + 1 || !goes_on {
            break;
        }
        parts.push((part, &below.place));
    }
    parts
}

/// Whether a text may be a part of a title that goes on below it.
fn is_part(text: &str, vocabulary: &Vocabulary) -> bool {
    text.chars().count() <= PART
        && !text.contains(['、', '。', '!', ':'])
        && vocabulary.plan.words(PlanWord::Department).at_end_of(text).is_none()
        && text.contains(|c: char| c.is_alphabetic() && !c.is_ascii())
}

/// Whether a text is a title by itself that may as well be the second line of one.
fn is_second(text: &str, vocabulary: &Vocabulary) -> bool {
    ends_with_kind(text, vocabulary)
        && !is_generic(text, vocabulary)
        && is_part(text, vocabulary)
        && authority::leading(after_edition(text, vocabulary), vocabulary).is_none()
}

/// Whether a text continues the title above it.
fn is_subtitle(text: &str, vocabulary: &Vocabulary) -> bool {
    let (bare, group) = without_groups(text);
    let words = |key: PlanWord| vocabulary.plan.words(key);
    bare.is_empty() && group
        || text.chars().count() <= PART
            && (words(PlanWord::Subtitle).at_end_of(bare).is_some()
                || words(PlanWord::Edition).at_start_of(bare).is_some())
            && authority::leading(after_edition(bare, vocabulary), vocabulary).is_none()
}

/// Whether a text ends as a plan's title does; brackets and what of the plan this volume is (概要版) may follow.
pub(super) fn ends_with_kind(text: &str, vocabulary: &Vocabulary) -> bool {
    let mut bare = without_year(without_groups(text).0);
    while let Some(word) = vocabulary.plan.words(PlanWord::Edition).at_end_of(bare) {
        bare = without_groups(bare[..bare.len() - word.len()].trim_end()).0;
    }
    vocabulary.plan.words(PlanWord::Kind).at_end_of(bare.trim_end_matches(['」', '』'])).is_some()
}

/// A title without the year behind it: `水道ビジョン2035`.
fn without_year(text: &str) -> &str {
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '~' | '～'));
    let years = text[bare.len()..].split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    if years.clone().count() > 0 && years.clone().all(|year| year.len() == 4) { bare } else { text }
}

/// Whether a text is a kind of plan without a name.
fn is_generic(text: &str, vocabulary: &Vocabulary) -> bool {
    let bare = after_edition(without_groups(text).0, vocabulary);
    let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
    vocabulary.plan.words(PlanWord::Generic).contains(bare)
}

/// A text without the bracketed groups at its end, and whether there were any.
fn without_groups(text: &str) -> (&str, bool) {
    let mut bare = text.trim_end();
    loop {
        let open = match bare.chars().next_back() {
            Some(')') => '(',
            Some('】') => '【',
            Some(']') => '[',
            Some('〉') => '〈',
            Some('》') => '《',
            Some('〕') => '〔',
            Some('>') => '<',
            _ => break,
        };
        let Some(start) = bare.rfind(open) else { break };
        bare = bare[..start].trim_end();
    }
    (bare, bare.len() < text.trim_end().len())
}

/// What follows the edition or year at the start of a title: `第2期`, `令和6年度`.
pub(super) fn after_edition<'t>(text: &'t str, vocabulary: &Vocabulary) -> &'t str {
    let mut text = text;
    loop {
        let rest = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        if let Some((_, end)) = counted(rest, vocabulary)
            && let Some(word) = vocabulary.plan.words(PlanWord::EditionCount).at_start_of(&rest[end..])
        {
            text = &rest[end + word.len()..];
            continue;
        }
        let begins_year = rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            || vocabulary.years.eras().iter().any(|(name, _)| rest.starts_with(name.as_str()));
        let year = begins_year.then(|| periods::find(rest, vocabulary)).and_then(|found| found.into_iter().next());
        match year.filter(|year| year.range.start == 0 && year.when.precision != Precision::Day) {
            Some(year) => text = &rest[year.range.end..],
            None => return rest,
        }
    }
}

/// Parts as one title: no chapter number, no spaces but between Latin words, no brackets around the whole.
fn finish(parts: &[&str], vocabulary: &Vocabulary) -> String {
    let joined = characters::name(&parts.join(" "));
    let mut title = String::with_capacity(joined.len());
    let mut chars = joined.chars().peekable();
    while let Some(c) = chars.next() {
        let is_edge = |c: &char| {
            matches!(c, '(' | ')' | '【' | '】' | '「' | '」' | '『' | '』' | '[' | ']' | '〈' | '〉' | '・' | '～')
        };
        if c == ' '
            && (chars.peek().is_some_and(is_edge) || title.chars().next_back().is_some_and(|last| is_edge(&last)))
        {
            continue;
        }
        title.push(c);
    }
    let mut bare = &title[chapter(&title, vocabulary).unwrap_or(0)..];
    for (open, close) in
        [('「', '」'), ('『', '』'), ('【', '】'), ('〈', '〉'), ('《', '》'), ('<', '>'), ('(', ')'), ('[', ']')]
    {
        let inner = bare.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        bare = inner.filter(|inner| !inner.contains([open, close])).unwrap_or(bare);
    }
    bare.trim().to_owned()
}
