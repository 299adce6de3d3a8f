//! Sections: the texts of a measure and their bullets.

use super::events::Entry;
use super::prose;
use crate::document::{Line, Text};
use crate::record::{Section, SectionKind};
use crate::vocabulary::{Mark, Vocabulary};

/// The sections that an entry holds: one, or one for each labelled block (`[現状]`, `[課題]`) in it.
pub(super) fn of_entry(entry: &Entry<'_>, kind: SectionKind, vocabulary: &Vocabulary, out: &mut Vec<Section>) {
    let text = entry.text();
    for (name, run) in prose::runs(&text, vocabulary) {
        let own = name.as_ref().and_then(|name| Some((name.section()?, name.heading.clone())));
        let (kind, heading) = own.unwrap_or((kind, entry.name.heading.clone()));
        push(kind, heading, &run, entry, vocabulary, out);
    }
}

fn push(
    kind: SectionKind,
    heading: String,
    text: &Text,
    entry: &Entry<'_>,
    vocabulary: &Vocabulary,
    out: &mut Vec<Section>,
) {
    let (text_lines, items) = lines_and_items(text, vocabulary);
    if text_lines.is_empty() {
        return;
    }
    let at = text.place.clone().unwrap_or_else(|| entry.place.clone());
    out.push(Section { kind, heading, text: text_lines.join("\n"), items, at });
}

/// A text's lines without bullets' marks, and its bullets.
pub(super) fn lines_and_items(text: &Text, vocabulary: &Vocabulary) -> (Vec<String>, Vec<String>) {
    let mut lines: Vec<String> = Vec::new();
    let mut items: Vec<String> = Vec::new();
    let mut in_item = false;
    for line in text.lines.iter().flat_map(|line| split_bullets(line, vocabulary)) {
        let printed = line.text.trim();
        if printed.is_empty() {
            continue;
        }
        match bullet(&line, vocabulary) {
            Some(rest) if !rest.is_empty() => {
                lines.push(rest.to_owned());
                items.push(rest.to_owned());
                in_item = true;
            }
            Some(_) => {}
            None => {
                let footnote = vocabulary
                    .after_mark(Mark::Note, printed)
                    .is_some_and(|rest| is_pointed_at(&lines, &printed[..printed.len() - rest.len()]));
                lines.push(printed.to_owned());
                match items.last_mut() {
                    Some(item) if in_item && !footnote => {
                        *item = crate::normalise::characters::join(item, printed);
                    }
                    _ => in_item = false,
                }
            }
        }
    }
    (lines, items)
}

/// Whether a line above has the mark of a note behind one of its words, so that the note is no part of the bullet that
/// it happens to stand below.
fn is_pointed_at(lines: &[String], mark: &str) -> bool {
    let mark = mark.trim();
    lines.iter().any(|line| line.rfind(mark).is_some_and(|at| at > 0))
}

/// What follows a bullet's mark; none for a line that is no bullet.
pub(super) fn bullet<'t>(line: &'t Line, vocabulary: &Vocabulary) -> Option<&'t str> {
    let text = line.text.trim();
    let first = text.chars().next()?;
    let marked = !first.is_alphanumeric() && vocabulary.is_mark_char(Mark::Bullet, first);
    let rest = text[if marked { first.len_utf8() } else { 0 }..].trim_start();
    // `-5%` and `→実施` are texts of their own kind
    let figure = matches!(first, '-' | '\u{2212}') && rest.starts_with(|c: char| c.is_ascii_digit());
    if marked && !figure {
        return Some(rest);
    }
    line.item.then_some(text)
}

/// `・A ・B` in one line, as two lines.
fn split_bullets(line: &Line, vocabulary: &Vocabulary) -> Vec<Line> {
    let raw = line.raw.trim_start();
    let Some(first) = raw.chars().next() else { return vec![line.clone()] };
    let same = |c: char| c == first;
    if first.is_alphanumeric() || first == '-' || !vocabulary.is_mark_char(Mark::Bullet, first) {
        return vec![line.clone()];
    }
    let offset = line.raw.len() - raw.len();
    let mut cuts = vec![offset];
    let mut before = first;
    for (i, c) in raw.char_indices().skip(1) {
        if same(c) && before.is_whitespace() {
            cuts.push(offset + i);
        }
        before = c;
    }
    if cuts.len() == 1 {
        return vec![line.clone()];
    }
    cuts.push(line.raw.len());
    cuts.windows(2).filter_map(|cut| prose::part(line, cut[0]..cut[1])).collect()
}
