//! Legends: what marks and colours stand for.

use super::schedule::Legend;
use crate::document::{Block, Cell, Document, Table, Text};
use crate::normalise::characters;
use crate::vocabulary::{Mark, Vocabulary};
use std::collections::BTreeMap;

/// What a document says of its marks: in legends of year grids, and of marks beside names.
#[derive(Debug, Default)]
pub(super) struct Legends {
    pub grid: Legend,
    /// Marks that lines explain (★ 重点取組), where they do it in one way only.
    pub names: BTreeMap<char, String>,
}

/// Reads a document's legends.
pub(super) fn of_document(document: &Document, vocabulary: &Vocabulary) -> Legends {
    let mut found = Legends::default();
    let mut told: BTreeMap<char, Option<String>> = BTreeMap::new();
    for block in document.blocks() {
        match block {
            Block::Paragraph(paragraph) => text(&paragraph.text, vocabulary, &mut found, &mut told),
            Block::Heading(heading) => text(&heading.text, vocabulary, &mut found, &mut told),
            Block::Table(table) => {
                colours(table, vocabulary, &mut found);
                let legends = |cell: &&Cell| {
                    let text = &cell.text;
                    is_legend(text, vocabulary) || text.lines.iter().any(|line| explains(&line.text, vocabulary))
                };
                for cell in table.cells.iter().filter(legends) {
                    text(&cell.text, vocabulary, &mut found, &mut told);
                }
            }
            Block::Contents(_) => {}
        }
    }
    found.names = told.into_iter().filter_map(|(mark, meaning)| Some((mark, meaning?))).collect();
    found
}

fn is_legend(text: &Text, vocabulary: &Vocabulary) -> bool {
    text.lines.iter().any(|line| vocabulary.marks(Mark::Legend).iter().any(|word| line.text.contains(word.as_str())))
}

/// Whether a line says of several marks, each with a colon behind it, what they stand for, and nothing else.
fn explains(line: &str, vocabulary: &Vocabulary) -> bool {
    const FEWEST: usize = 2;
    const LONGEST: usize = 120;
    // most lines have no colon, in whatever form
    if line.len() > 4 * LONGEST || !line.bytes().any(|byte| matches!(byte, b':' | b'=' | 0xe2 | 0xef)) {
        return false;
    }
    let is_mark = |c: char| !c.is_alphanumeric() && !c.is_ascii() && vocabulary.is_mark_char(Mark::Belongs, c);
    let mut marks = line.match_indices(is_mark).peekable();
    let mut explained = 0;
    while let Some((at, mark)) = marks.next() {
        let meaning = &line[at + mark.len()..marks.peek().map_or(line.len(), |(next, _)| *next)];
        if !meaning.trim_start().starts_with([':', '\u{ff1a}', '=', '\u{ff1d}', '\u{2026}']) || meaning.trim().len() < 4
        {
            return false;
        }
        explained += 1;
    }
    explained >= FEWEST && line.chars().count() <= LONGEST
}

fn text(text: &Text, vocabulary: &Vocabulary, found: &mut Legends, told: &mut BTreeMap<char, Option<String>>) {
    let worded = is_legend(text, vocabulary);
    for line in &text.lines {
        let legend = worded || explains(&line.text, vocabulary);
        let pairs = pairs(&line.text, legend, vocabulary);
        for (mark, meaning) in pairs {
            if legend {
                found.grid.marks.entry(mark.to_string()).or_insert_with(|| meaning.clone());
                told.insert(mark, Some(meaning));
                continue;
            }
            told.entry(mark)
                .and_modify(|seen| {
                    if seen.as_ref() != Some(&meaning) {
                        *seen = None;
                    }
                })
                .or_insert(Some(meaning));
        }
    }
}

/// The marks that a line explains and what it says of them.
fn pairs(line: &str, legend: bool, vocabulary: &Vocabulary) -> Vec<(char, String)> {
    const MEANING: usize = 24;
    let is_mark = |c: char| !c.is_alphanumeric() && !c.is_ascii() && vocabulary.is_mark_char(Mark::Belongs, c);
    let mut line = line.trim();
    if !legend {
        // outside a legend only a line that begins with the mark (or a note's sign and the mark) explains it
        line = vocabulary.after_mark(Mark::Note, line).unwrap_or(line).trim_start();
        if !line.starts_with(is_mark) || line.chars().count() > 2 * MEANING {
            return Vec::new();
        }
    }
    let mut out: Vec<(char, String)> = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(is_mark) {
        let mark = rest[at..].chars().next().unwrap_or_default();
        let after = rest[at + mark.len_utf8()..].trim_start_matches([')', '\u{300d}', ']']);
        let linked = vocabulary.after_mark(Mark::LegendLink, after.trim_start());
        let body = linked.unwrap_or(after).trim_start();
        let end =
            body.find(|c: char| is_mark(c) || matches!(c, '\u{3001}' | '\u{3002}' | ',' | '\n')).unwrap_or(body.len());
        let spaced = linked.is_some() || after.starts_with(char::is_whitespace) || legend;
        let end = if legend { body[..end].find(char::is_whitespace).unwrap_or(end) } else { end };
        let meaning = characters::name(
            body[..end].trim_matches(|c: char| c.is_whitespace() || matches!(c, ')' | '\u{300c}' | '\u{300d}' | '(')),
        );
        if spaced && !meaning.is_empty() && meaning.chars().count() <= MEANING {
            out.push((mark, meaning));
        }
        rest = &body[end..];
        if !legend && linked.is_none() {
            break;
        }
    }
    out
}

/// A colour legend: in the row of a legend's word, or in a small table that holds nothing else, filled cells with names in
/// or beside them.
fn colours(table: &Table, vocabulary: &Vocabulary, found: &mut Legends) {
    const NAME: usize = 16;
    const ROWS: u32 = 6;
    let named = |text: &Text| -> Option<String> {
        let name = characters::name(&text.joined());
        (!name.is_empty() && name.chars().count() <= NAME && name.chars().any(char::is_alphabetic)).then_some(name)
    };
    for row in 0..table.rows {
        let cells = table.row(row);
        let legend = cells.iter().any(|cell| is_legend(&cell.text, vocabulary));
        let small = table.rows <= ROWS
            && table.columns <= 12
            && table.cells.iter().filter(|cell| cell.fill.is_some()).count() >= 2
            && table.cells.iter().all(|cell| cell.text.is_blank() || named(&cell.text).is_some());
        if !legend && !small {
            continue;
        }
        for (i, cell) in cells.iter().enumerate() {
            let Some(fill) = cell.fill else { continue };
            let name = named(&cell.text).or_else(|| {
                cells
                    .get(i + 1)
                    .filter(|next| cell.text.is_blank() && next.fill.is_none())
                    .and_then(|next| named(&next.text))
            });
            if let Some(name) = name {
                found.grid.colours.entry(fill).or_insert(name);
            }
        }
    }
}
