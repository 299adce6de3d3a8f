//! Glossaries as prose: `用語(よみ):…`, `【用語】…`, a term on a line of its own.

use super::{is_sound_group, split_reading};
use crate::document::{Line, Text};
use crate::normalise::characters;
use crate::record::GlossaryEntry;
use crate::vocabulary::{Mark, Vocabulary};

/// A term is no longer, in characters.
const TERM: usize = 40;
/// A line below a term is a definition from so many characters on.
const DEFINITION: usize = 15;

/// Brackets that may stand around a term.
const BRACKETS: [(char, char); 5] = [('【', '】'), ('[', ']'), ('〈', '〉'), ('《', '》'), ('<', '>')];

/// How terms are told from definitions. The first entry decides for the whole glossary, because a definition may hold
/// brackets and colons of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Style {
    /// `【用語】…`
    Bracket,
    /// `用語:…`
    Colon,
    /// A wide gap.
    Gap,
    /// A line of its own.
    Line,
}

/// A glossary's prose as far as it has been read.
#[derive(Debug, Default)]
pub(super) struct Prose {
    style: Option<Style>,
    /// A term whose definition is still to come.
    term: Option<Line>,
    /// Whether the last entry is one of prose, and may go on.
    open: bool,
}

impl Prose {
    /// A heading below the glossary's own: a term or a group of terms.
    pub(super) fn heading(&mut self, text: &Text, vocabulary: &Vocabulary, entries: &mut Vec<GlossaryEntry>) {
        match text.lines.as_slice() {
            [line] if !is_sound_group(&line.text, vocabulary) => match opening(line, None, self.style, vocabulary) {
                Some(opened) => self.open(line, opened, entries),
                None => {
                    self.term = Some(line.clone());
                    self.style.get_or_insert(Style::Line);
                }
            },
            _ => self.open = false,
        }
    }

    /// A paragraph: entries, or more of the last one's definition.
    pub(super) fn paragraph(&mut self, text: &Text, vocabulary: &Vocabulary, entries: &mut Vec<GlossaryEntry>) {
        for (index, line) in text.lines.iter().enumerate() {
            if line.text.is_empty() || is_sound_group(&line.text, vocabulary) {
                continue;
            }
            if let Some(opened) = opening(line, text.lines.get(index + 1), self.style, vocabulary) {
                self.open(line, opened, entries);
            } else if let Some(term) = self.term.take() {
                let (term_text, reading) = split_reading(unmarked(&term.text, vocabulary));
                let at = term.place.union(&line.place);
                entries.push(GlossaryEntry { term: term_text, reading, definition: line.text.to_string(), at });
                self.open = true;
            } else if self.style.is_none_or(|style| style == Style::Line) && is_term(line, vocabulary) {
                // Paragraphs apart: the next one tells whether this is a term.
                self.term = Some(line.clone());
                self.open = false;
            } else if let Some(entry) = entries.last_mut().filter(|_| self.open) {
                characters::push_joined(&mut entry.definition, &line.text);
                entry.at = entry.at.union(&line.place);
            }
        }
    }

    fn open(&mut self, line: &Line, (style, term, definition): Opening<'_>, entries: &mut Vec<GlossaryEntry>) {
        self.style = Some(style);
        self.term = None;
        self.open = false;
        if definition.trim().is_empty() {
            let raw = term.to_owned();
            self.term = Some(Line { text: characters::fold(&raw).into(), raw: raw.into(), ..line.clone() });
            return;
        }
        let (term, reading) = split_reading(term);
        entries.push(GlossaryEntry { term, reading, definition: characters::fold(definition), at: line.place.clone() });
        self.open = true;
    }
}

/// Style, term and definition (which may follow on the next line) of a line that begins an entry.
type Opening<'t> = (Style, &'t str, &'t str);

fn opening<'t>(
    line: &'t Line,
    next: Option<&Line>,
    style: Option<Style>,
    vocabulary: &Vocabulary,
) -> Option<Opening<'t>> {
    let text = unmarked(&line.text, vocabulary);
    let allowed = |one: Style| style.is_none_or(|style| style == one);
    if allowed(Style::Bracket)
        && let Some((_, close)) = BRACKETS.iter().find(|(open, _)| text.starts_with(*open))
        && let Some((term, rest)) = text[text.chars().next()?.len_utf8()..].split_once(*close)
        && is_short(term)
    {
        return Some((Style::Bracket, term, rest.trim_start_matches([':', ' ', '…', '―'])));
    }
    if allowed(Style::Colon)
        && let Some((term, rest)) = text.split_once([':', '…', '―', '：'])
        && is_short(term)
        && term.contains(char::is_alphabetic)
    {
        return Some((Style::Colon, term.trim(), rest.trim_start_matches([':', ' ', '…', '―'])));
    }
    if allowed(Style::Gap) {
        let raw = unmarked(line.raw.trim_start(), vocabulary);
        if let Some((term, rest)) = raw.split_once(['\u{3000}', '\t']).or_else(|| raw.split_once("  "))
            && is_short(term)
            && rest.trim().chars().count() >= DEFINITION
        {
            return Some((Style::Gap, term, rest));
        }
    }
    if allowed(Style::Line) && is_term(line, vocabulary) && next.is_some_and(|next| !is_term(next, vocabulary)) {
        return Some((Style::Line, text, ""));
    }
    None
}

/// Whether a text is short enough for a term, and no sentence.
fn is_short(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.len() <= 4 * TERM && text.chars().count() <= TERM && !text.contains(['。', '、'])
}

fn is_term(line: &Line, vocabulary: &Vocabulary) -> bool {
    let text = unmarked(&line.text, vocabulary);
    is_short(text) && text.chars().count() < 2 * DEFINITION && text.contains(char::is_alphabetic)
}

/// A line without the bullet, note mark or number at its start.
fn unmarked<'t>(text: &'t str, vocabulary: &Vocabulary) -> &'t str {
    let after_note = vocabulary.after_mark(Mark::Note, text);
    let text = after_note.unwrap_or(text);
    let text = vocabulary.after_mark(Mark::Bullet, text).unwrap_or(text).trim_start();
    let rest = text.trim_start_matches(char::is_numeric);
    if rest.len() == text.len() {
        return text;
    }
    match rest.strip_prefix([' ', ')', '.', '\u{3000}', '\t', '）', '．']) {
        Some(rest) => rest.trim_start(),
        // `※2クラウド`, but not `※5G`.
        None if after_note.is_some() && !rest.starts_with(|c| characters::narrow(c).is_ascii_alphabetic()) => rest,
        None => text,
    }
}
