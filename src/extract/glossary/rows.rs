//! Glossaries as tables: columns by their heads, or by what they hold.

use super::{HEAD_ROWS, is_kana, is_sound_group, split_reading};
use crate::document::{Cell, Grid, Table, Text};
use crate::normalise::characters;
use crate::record::GlossaryEntry;
use crate::vocabulary::{PlanWord, Vocabulary, compact};

/// So many rows tell what the columns of a table without heads hold.
const SAMPLE: u32 = 40;

/// The columns of one term, its reading and its definition; a table may have several of them side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Triple {
    term: u32,
    reading: Option<u32>,
    definition: u32,
}

/// What the columns of the glossary's last table hold, for the table that continues it.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    count: u32,
    triples: Vec<Triple>,
}

/// Adds a table's entries, column pair by column pair; `last` are the columns of the table before it. A row without a
/// term continues the definition before it, also over tables.
pub(super) fn entries(
    table: &Table,
    last: Columns,
    vocabulary: &Vocabulary,
    entries: &mut Vec<GlossaryEntry>,
) -> Columns {
    if table.columns == 0 {
        return last;
    }
    let headed = (0..HEAD_ROWS.min(table.rows)).map(|row| (row + 1, heads(table, row, vocabulary)));
    let grid = table.grid();
    let (first, triples) = match headed.into_iter().find(|(_, triples)| !triples.is_empty()) {
        Some(headed) => headed,
        None if last.count == table.columns => (0, last.triples),
        None => (0, guess(table, &grid)),
    };
    for triple in &triples {
        for row in first..table.rows {
            // Heads repeated on the next page.
            if !heads(table, row, vocabulary).is_empty() {
                continue;
            }
            add_row(&grid, row, *triple, vocabulary, entries);
        }
    }
    Columns { count: table.columns, triples }
}

fn add_row(grid: &Grid<'_>, row: u32, columns: Triple, vocabulary: &Vocabulary, entries: &mut Vec<GlossaryEntry>) {
    let begins = |column: u32| grid.at(row, column).filter(|cell| cell.row == row && !cell.text.is_blank());
    let Some(definition) = begins(columns.definition) else { return };
    match begins(columns.term) {
        // One cell over both columns heads a group.
        Some(term) if term.column == definition.column => {}
        Some(term) => {
            let text = term.text.joined();
            if is_sound_group(&text, vocabulary) && is_sound_group(&definition.text.joined(), vocabulary) {
                return;
            }
            let (term_text, in_term) = split_reading(&text);
            let reading = columns.reading.and_then(begins).filter(|cell| cell.column != term.column);
            let place = term.place.union(&definition.place);
            entries.push(GlossaryEntry {
                term: term_text,
                reading: reading.map(|cell| characters::name(&cell.text.joined())).or(in_term),
                definition: running(&definition.text),
                at: place,
            });
        }
        None => {
            if let Some(entry) = entries.last_mut() {
                characters::push_joined(&mut entry.definition, &running(&definition.text));
                entry.at = entry.at.union(&definition.place);
            }
        }
    }
}

/// The lines of a text as one.
pub(super) fn running(text: &Text) -> String {
    let mut out = String::new();
    for line in &text.lines {
        characters::push_joined(&mut out, &line.text);
    }
    out
}

/// The columns that a row of heads names; empty where it is no row of a glossary's heads.
pub(super) fn heads(table: &Table, row: u32, vocabulary: &Vocabulary) -> Vec<Triple> {
    let mut triples: Vec<Triple> = Vec::new();
    let (mut term, mut reading) = (None, None);
    for cell in table.row(row) {
        // Heads are short; longer cells need no look-up.
        if cell.text.lines.iter().map(|line| line.text.len()).sum::<usize>() > 60 {
            continue;
        }
        let head = head(cell);
        let is = |key: PlanWord| vocabulary.plan.words(key).contains(&head);
        if is(PlanWord::TermHead) {
            (term, reading) = (Some(cell.column), None);
        } else if is(PlanWord::ReadingHead) {
            reading = Some(cell.column);
        } else if is_definition_head(&cell.text, vocabulary)
            && let Some(term) = term.take()
        {
            triples.push(Triple { term, reading, definition: cell.column });
        }
    }
    triples
}

fn head(cell: &Cell) -> String {
    let text = compact(&cell.text.joined());
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

fn is_definition_head(text: &Text, vocabulary: &Vocabulary) -> bool {
    const LONGEST: usize = 12;
    if text.lines.iter().map(|line| line.text.len()).sum::<usize>() > 4 * LONGEST {
        return false;
    }
    let text = compact(&text.joined());
    text.chars().count() <= LONGEST && vocabulary.plan.words(PlanWord::DefinitionHead).at_end_of(&text).is_some()
}

/// The columns of a table without heads: long texts define, what stands left of them is defined.
fn guess(table: &Table, grid: &Grid<'_>) -> Vec<Triple> {
    let rows = table.rows.min(SAMPLE);
    let mean = |column: u32| {
        let length = |row: u32| grid.at(row, column).map_or(0, |cell| cell.text.raw().chars().count());
        (0..rows).map(length).sum::<usize>() / rows.max(1) as usize
    };
    let means: Vec<usize> = (0..table.columns).map(mean).collect();
    match means.as_slice() {
        [_, _] => vec![Triple { term: 0, reading: None, definition: 1 }],
        [a, b, c, d] if b > a && d > c && b > c => {
            vec![Triple { term: 0, reading: None, definition: 1 }, Triple { term: 2, reading: None, definition: 3 }]
        }
        [_, second, ..] => {
            let definition = (0..table.columns).max_by_key(|&column| means[column as usize]).unwrap_or(0);
            let kana = |column: u32| {
                let texts = (0..rows).filter_map(|row| grid.at(row, column)).map(|cell| cell.text.joined());
                let mut texts = texts.filter(|text| !text.trim().is_empty()).peekable();
                texts.peek().is_some() && texts.all(|text| text.chars().all(|c| is_kana(c) || !c.is_alphanumeric()))
            };
            if definition >= 2 && kana(definition - 1) && *second > 2 && !kana(definition - 2) {
                vec![Triple { term: definition - 2, reading: Some(definition - 1), definition }]
            } else if definition >= 1 {
                vec![Triple { term: definition - 1, reading: None, definition }]
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}
