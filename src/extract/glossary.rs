//! The plan's own glossary: terms, readings and definitions from tables and from prose under its heading.

mod prose;
mod rows;

use crate::document::{Block, Document, Table};
use crate::record::GlossaryEntry;
use crate::vocabulary::{PlanWord, Vocabulary, compact};
use std::collections::BTreeSet;

/// A heading is no longer than this around its word.
const HEADING_EXTRA: usize = 8;
/// A glossary table has its heads in one of so many first rows.
const HEAD_ROWS: u32 = 3;
/// A glossary table has no more columns.
const MAX_COLUMNS: u32 = 9;

/// The glossary's entries in document order, empty where the plan has no glossary, and the blocks that belong to one, as
/// (index of page, index of block): nothing in them is a measure.
pub fn find(document: &Document, vocabulary: &Vocabulary) -> (Vec<GlossaryEntry>, BTreeSet<(usize, usize)>) {
    let mut entries = Vec::new();
    let mut prose = prose::Prose::default();
    let mut columns = rows::Columns::default();
    let parts = parts(document, vocabulary);
    for part in &parts {
        let Some(block) = document.pages.get(part.page).and_then(|page| page.blocks.get(part.block)) else { continue };
        match block {
            _ if part.opens => {
                prose = prose::Prose::default();
                columns = rows::Columns::default();
            }
            Block::Heading(heading) => prose.heading(&heading.text, vocabulary, &mut entries),
            Block::Paragraph(paragraph) => prose.paragraph(&paragraph.text, vocabulary, &mut entries),
            Block::Table(table) => columns = rows::entries(table, columns, vocabulary, &mut entries),
            Block::Contents(_) => {}
        }
    }
    entries.retain(|entry| !entry.term.is_empty() && !entry.definition.is_empty());
    (entries, parts.iter().map(|part| (part.page, part.block)).collect())
}

/// Whether a heading's or sheet's text titles a glossary (`9 用語集(ア～エ)`).
pub fn is_heading(text: &str, vocabulary: &Vocabulary) -> bool {
    let text = compact(text);
    let Some((before, after)) = around_heading(&text, vocabulary) else { return false };
    before.chars().count() <= HEADING_EXTRA
        && (!after.chars().any(char::is_alphabetic)
            || after.starts_with(is_opening)
            || is_sound_group(after, vocabulary))
}

/// What stands around the longest glossary word of a compact text that is short enough to be a heading.
fn around_heading<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<(&'t str, &'t str)> {
    // The longest heading word and what may stand around it, in bytes of three a character.
    if text.len() > 3 * (4 * HEADING_EXTRA) {
        return None;
    }
    let words = vocabulary.plan.words(PlanWord::GlossaryHeading).iter();
    text.split_once(words.filter(|word| text.contains(word)).max_by_key(|word| word.len())?)
}

/// A block of a glossary.
struct Part {
    page: usize,
    block: usize,
    /// It titles the glossary.
    opens: bool,
}

/// How far the glossary that is being read goes.
#[derive(Clone, Copy, PartialEq)]
enum Region {
    None,
    /// Until a heading of this level or above.
    Level(u8),
    /// Until any heading: it was titled by a line that the reader took for no heading.
    Line,
    /// To the end of the sheet.
    Sheet,
}

fn parts(document: &Document, vocabulary: &Vocabulary) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut region = Region::None;
    for (page_index, page) in document.pages.iter().enumerate() {
        if region == Region::Sheet {
            region = Region::None;
        }
        if page.name.as_ref().is_some_and(|name| is_heading(name, vocabulary)) {
            region = Region::Sheet;
        }
        for (block_index, block) in page.blocks.iter().enumerate() {
            let mut part = Part { page: page_index, block: block_index, opens: false };
            let belongs = match block {
                Block::Heading(heading) => {
                    let text = heading.text.joined();
                    if is_heading(&text, vocabulary) {
                        part.opens = true;
                        if region != Region::Sheet {
                            region = Region::Level(heading.level);
                        }
                    } else if !is_sound_group(&text, vocabulary) {
                        region = match region {
                            Region::Level(level) if heading.level > level && !is_numbered(&text) => region,
                            Region::Sheet => region,
                            _ => Region::None,
                        };
                    }
                    region != Region::None
                }
                Block::Paragraph(paragraph) => {
                    if let [line] = paragraph.text.lines.as_slice()
                        && is_line_heading(&line.text, vocabulary)
                    {
                        part.opens = true;
                        if region == Region::None {
                            region = Region::Line;
                        }
                    }
                    region != Region::None
                }
                Block::Table(table) => {
                    has_heads(table, vocabulary) || region != Region::None && !is_form(table, vocabulary)
                }
                Block::Contents(_) => false,
            };
            if belongs {
                parts.push(part);
            }
        }
    }
    parts
}

/// As [`is_heading`], for a line that is not marked as one: nothing but a number and marks around the word.
fn is_line_heading(text: &str, vocabulary: &Vocabulary) -> bool {
    // Cheap and first: most lines are longer.
    if text.len() > 3 * (2 * HEADING_EXTRA) {
        return false;
    }
    let text = compact(text);
    around_heading(&text, vocabulary).is_some_and(|(before, after)| {
        !before.chars().any(char::is_alphabetic) && !after.chars().any(char::is_alphanumeric)
    })
}

/// Whether a table has heads that only a glossary has.
fn has_heads(table: &Table, vocabulary: &Vocabulary) -> bool {
    (2..=MAX_COLUMNS).contains(&table.columns)
        && (0..HEAD_ROWS.min(table.rows)).any(|row| !rows::heads(table, row, vocabulary).is_empty())
}

/// Whether a table's first cells are labels of something else than a glossary.
fn is_form(table: &Table, vocabulary: &Vocabulary) -> bool {
    let first = table.row(0).iter().chain(table.cells.iter().filter(|cell| cell.column == 0).take(4));
    let is_label = |text: &str| text.len() < 60 && !vocabulary.labels.meanings(&compact(text)).is_empty();
    table.columns > MAX_COLUMNS || first.take(16).filter(|cell| is_label(&cell.text.joined())).count() > 2
}

/// Whether a text heads a group of terms by their first sound or letter: `あ行`, `ア～エ`, `A～Z`, `英数字`.
fn is_sound_group(text: &str, vocabulary: &Vocabulary) -> bool {
    let bare = compact(text);
    let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
    let letter = |c: char| is_kana(c) || c.is_ascii_alphabetic();
    let length = bare.chars().count();
    let is_range = || {
        let mut ends = bare.split(|c: char| !c.is_alphanumeric());
        length <= 5 && ends.all(|end| end.chars().count() == 1 && end.chars().all(letter))
    };
    let is_named = || {
        let ending = vocabulary.plan.words(PlanWord::SoundGroup).at_end_of(bare).and_then(|end| bare.strip_suffix(end));
        ending.is_some_and(|rest| rest.chars().count() <= 5 && rest.chars().all(|c| letter(c) || !c.is_alphanumeric()))
    };
    (1..=12).contains(&length) && (is_range() || is_named())
}

fn is_numbered(text: &str) -> bool {
    text.starts_with(|c: char| c.is_numeric() || c == '(')
}

fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '<' | '【' | '〔' | '〈' | '《' | '「')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}')
}

/// A term without the reading in brackets behind or inside it, and that reading: `Society(ソサエティ)5.0`.
fn split_reading(text: &str) -> (String, Option<String>) {
    const BRACKETS: [(char, char); 5] = [('(', ')'), ('[', ']'), ('〔', '〕'), ('【', '】'), ('〈', '〉')];
    let text = crate::normalise::characters::name(text);
    for (open, close) in BRACKETS {
        let mut from = 0;
        while let Some(start) = text[from..].find(open).map(|at| from + at) {
            let inner = start + open.len_utf8();
            let Some(end) = text[inner..].find(close).map(|at| inner + at) else { break };
            let reading = text[inner..end].trim();
            let is_reading =
                reading.contains(is_kana) && reading.chars().all(|c| is_kana(c) || matches!(c, '・' | ' '));
            let term = format!("{}{}", text[..start].trim_end(), text[end + close.len_utf8()..].trim_start());
            if is_reading && !term.is_empty() {
                return (term, Some(reading.to_owned()));
            }
            from = end;
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests;
