//! Matrices: which measures (rows) belong to which policies (columns), by marks.

use super::alike::Names;
use super::cards;
use super::numbering::{self, Numbered};
use crate::document::{Block, Document, Table};
use crate::normalise::characters;
use crate::vocabulary::{Mark, Vocabulary};

/// A table of marks.
#[derive(Debug)]
pub(super) struct Matrix {
    /// The columns' heads.
    pub columns: Vec<String>,
    pub rows: Vec<MatrixRow>,
    /// The rows' names.
    names: Names,
}

/// A row of a matrix.
#[derive(Debug)]
pub(super) struct MatrixRow {
    pub number: Option<Numbered>,
    /// For each column its mark, if it has one.
    pub marks: Vec<Option<char>>,
}

/// The matrices of a document.
pub(super) fn of_document(document: &Document, vocabulary: &Vocabulary) -> Vec<Matrix> {
    let tables = document.blocks().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    tables.filter_map(|table| of_table(table, vocabulary)).collect()
}

fn of_table(table: &Table, vocabulary: &Vocabulary) -> Option<Matrix> {
    const LARGEST: usize = 20_000;
    if table.rows < 3 || table.columns < 3 || table.cells.len() > LARGEST {
        return None;
    }
    let grid = table.grid();
    let mark = |row: u32, column: u32| -> Option<char> {
        let text = grid.at(row, column)?.text.joined();
        let mut chars = text.trim().chars();
        let first = chars.next()?;
        (chars.next().is_none() && vocabulary.is_mark_char(Mark::Belongs, first)).then_some(first)
    };
    let printed = |row: u32, column: u32| grid.at(row, column).is_some_and(|cell| !cell.text.is_blank());
    let first_row = (0..table.rows).find(|&row| (1..table.columns).any(|column| mark(row, column).is_some()))?;
    if first_row == 0 {
        return None;
    }
    let columns: Vec<u32> = (1..table.columns)
        .filter(|&column| {
            (first_row..table.rows).any(|row| mark(row, column).is_some())
                && (first_row..table.rows).all(|row| !printed(row, column) || mark(row, column).is_some())
        })
        .collect();
    let rows = (first_row..table.rows).filter(|&row| columns.iter().any(|&column| mark(row, column).is_some())).count();
    if columns.len() < 2 || rows < 2 {
        return None;
    }
    let head = |column: u32| {
        (0..first_row)
            .rev()
            .find(|&row| printed(row, column))
            .and_then(|row| grid.at(row, column))
            .map(|cell| characters::name(&cell.text.joined().replace('\n', "")))
    };
    let heads: Vec<String> = columns.iter().map(|&column| head(column).unwrap_or_default()).collect();
    let mut found = Vec::new();
    let mut names = Names::default();
    for row in first_row..table.rows {
        let label = (0..columns[0]).rev().filter_map(|column| grid.at(row, column)).find(|cell| !cell.text.is_blank());
        let Some(label) = label else { continue };
        let raw: String = label.text.lines.iter().map(|line| line.raw.trim()).collect();
        let (name, mut number) = cards::split_number(&raw, vocabulary);
        if number.is_none() && columns[0] > 1 {
            let before = grid.at(row, label.column.saturating_sub(1)).map(|cell| cell.text.raw());
            number = before.and_then(|raw| numbering::leading(raw.trim(), vocabulary));
        }
        names.push(&name);
        found.push(MatrixRow { number, marks: columns.iter().map(|&column| mark(row, column)).collect() });
    }
    Some(Matrix { columns: heads, rows: found, names })
}

impl Matrix {
    /// The row of a measure, by number and name.
    pub fn row_of(&self, name: &str, number: Option<&Numbered>) -> Option<&MatrixRow> {
        self.names.first_alike(name).map(|row| &self.rows[row]).or_else(|| {
            // a part (⑩-1) takes the marks of the whole
            let number = number?;
            let marks = |own: &Numbered| (own.style, &own.number) == (number.style, &number.number);
            self.rows.iter().find(|row| row.number.as_ref().is_some_and(|own| marks(own) || own.is_whole_of(number)))
        })
    }
}
