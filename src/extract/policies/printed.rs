//! A policy as one place prints it: a heading, a labelled cell, a line of an enumeration.

use super::super::cards;
use super::super::events::{Entry, Title};
use super::super::labels;
use super::super::numbering::{self, Numbered};
use super::super::sections;
use crate::document::{Line, Place, Text};
use crate::vocabulary::{Level, Mark, Vocabulary, compact};

/// A policy as one place prints it.
pub(super) struct Printed {
    pub level: Option<(Option<Level>, String)>,
    pub numbered: Option<Numbered>,
    pub title: String,
    pub at: Place,
    pub heading: Option<usize>,
    pub order: usize,
}

pub(super) fn of_heading(title: &Title<'_>, index: usize, vocabulary: &Vocabulary) -> Option<Printed> {
    let name = policy_title(&title.name, vocabulary);
    let level =
        title.numbered.as_ref().and_then(|numbered| numbered.level.clone()).map(|(level, word)| (Some(level), word));
    (!name.is_empty()).then(|| Printed {
        level,
        numbered: title.numbered.clone(),
        title: name,
        at: title.place.clone(),
        heading: Some(index),
        order: index,
    })
}

pub(super) fn of_entry(entry: &Entry<'_>, order: usize, vocabulary: &Vocabulary) -> Option<Printed> {
    let text = entry.text();
    if cards::is_sentence(&text, vocabulary) && text.lines.len() == 1 {
        return None;
    }
    let lines: Vec<&Line> = text.lines.iter().filter(|line| !line.raw.trim().is_empty()).collect();
    // a description below a title begins with a mark
    let first = lines.first()?;
    let bullets = |line: &Line| sections::bullet(line, vocabulary).is_some();
    let mut raw = String::new();
    for line in std::iter::once(*first).chain(lines[1..].iter().copied().take_while(|line| !bullets(line))) {
        let number = numbering::leading(&raw, vocabulary).is_some_and(|numbered| numbered.length >= raw.len());
        raw.push_str(if number { " " } else { "" });
        raw.push_str(line.raw.trim());
    }
    let raw = before_mark(&raw, vocabulary);
    let (title, numbered) = cards::split_number(raw, vocabulary);
    let title = policy_title(&title, vocabulary);
    if title.is_empty() || title.chars().count() > 80 {
        return None;
    }
    // 基本方針 of the label `基本方針1`
    let heading = entry.name.ordinal.as_deref().and_then(|ordinal| entry.name.heading.strip_suffix(ordinal));
    let word = level_word(heading.unwrap_or(&entry.name.heading), vocabulary);
    let own = numbered.as_ref().and_then(|numbered| numbered.level.clone()).map(|(_, word)| word);
    let level = entry
        .name
        .level()
        .map(|level| (Some(level), own.filter(|own| word.is_empty() || own.len() > word.len()).unwrap_or(word)));
    Some(Printed {
        level,
        numbered,
        title,
        at: entry.values.first().map_or_else(|| entry.place.clone(), |piece| piece.place.clone()),
        heading: None,
        order,
    })
}

/// `基本方針` of `基本方針名`.
fn level_word(heading: &str, vocabulary: &Vocabulary) -> String {
    let word = compact(heading);
    let stem = vocabulary
        .marks(Mark::NameSuffix)
        .iter()
        .filter_map(|suffix| word.strip_suffix(suffix.as_str()))
        .min_by_key(|stem| stem.len());
    stem.unwrap_or(&word).to_owned()
}

/// What stands before a description's mark: `1 市民サービスの充実 ◆ 市民が…`.
fn before_mark<'t>(raw: &'t str, vocabulary: &Vocabulary) -> &'t str {
    let mut before = ' ';
    for (i, c) in raw.char_indices() {
        let spaced = before.is_whitespace() && i > 0;
        if spaced && !c.is_alphanumeric() && !matches!(c, '-' | '\u{30fb}') && vocabulary.is_mark_char(Mark::Bullet, c)
        {
            return raw[..i].trim_end();
        }
        before = c;
    }
    raw
}

/// A policy's title without brackets and without the ordinal of a page that goes on (市民サービスの向上②).
fn policy_title(name: &str, vocabulary: &Vocabulary) -> String {
    let mut title = cards::clean_name(name, vocabulary);
    if let Some(last) = title.chars().next_back()
        && numbering::circled(last).is_some()
        && title.chars().count() > 2
    {
        title.truncate(title.len() - last.len_utf8());
    }
    let (open, close) = (title.chars().next(), title.chars().next_back());
    if let (Some(open), Some(close)) = (open, close)
        && labels::is_bracket(open, vocabulary, Mark::OpenBracket)
        && labels::is_bracket(close, vocabulary, Mark::CloseBracket)
        && title.len() > open.len_utf8() + close.len_utf8()
        && title.chars().filter(|c| *c == open).count() == 1
    {
        title = title[open.len_utf8()..title.len() - close.len_utf8()].to_owned();
    }
    title.trim().to_owned()
}

/// `基本方針1 …` as a line of its own, or in a cell with its title in the next one.
pub(super) fn enumerated(line: &Line, next: Option<&Text>, order: usize, vocabulary: &Vocabulary) -> Option<Printed> {
    const TITLE: usize = 50;
    let raw = line.raw.trim();
    let raw =
        raw.trim_start_matches(|c: char| !c.is_alphanumeric() && vocabulary.is_mark_char(Mark::Bullet, c)).trim_start();
    let numbered = numbering::leading(raw, vocabulary).filter(|numbered| numbered.level.is_some())?;
    let rest = &raw[numbered.length..];
    let (title, at) = if rest.trim().is_empty() {
        let next = next.filter(|next| next.lines.len() <= 2)?;
        let raw: String = next.lines.iter().map(|line| line.raw.trim()).collect();
        (policy_title(&raw, vocabulary), next.place.clone()?.union(&line.place))
    } else {
        (policy_title(before_mark(rest, vocabulary), vocabulary), line.place.clone())
    };
    let sentence = vocabulary.marks(Mark::SentenceEnd).iter().any(|end| title.contains(end.as_str()));
    let level = numbered.level.clone().map(|(level, word)| (Some(level), word));
    let quoted =
        rest.trim_start().starts_with(['\u{300c}', '\u{300e}']) && !rest.trim_end().ends_with(['\u{300d}', '\u{300f}']);
    let fits = !title.is_empty()
        && title.chars().count() <= TITLE
        && !sentence
        && !quoted
        && numbering::leading(&title, vocabulary).is_none();
    fits.then_some(Printed { level, numbered: Some(numbered), title, at, heading: None, order })
}
