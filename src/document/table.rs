//! Tables: sparse cells with spans, as drawn, and the overlays that lie over their columns.

use super::{Place, Text};
use serde::Serialize;
use std::fmt;
use std::ops::{Deref, DerefMut, Range};

/// A table as drawn. Cells are sparse, in row-major order, and never overlap.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Table {
    /// Number of grid rows and columns.
    pub rows: u32,
    pub columns: u32,
    /// Printed cells, also blank ones, sorted by row and column. A grid position that no cell covers was not
    /// printed at all (a ragged row).
    pub cells: Vec<Cell>,
    /// Arrows, bars, lines and chevrons over the columns, sorted by row and start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<Overlay>,
    /// Whether its columns are only a guess, because the source separated cells without saying which column they
    /// stand in (a dump's tabs with cells lost). Rows of such a table may be shifted against each other.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ragged: bool,
    pub place: Place,
}

/// One cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    pub row: u32,
    pub column: u32,
    /// At least 1.
    pub row_span: u32,
    pub column_span: u32,
    pub text: Text,
    /// A background other than white or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<Colour>,
    /// Tables drawn or marked up inside the cell.
    #[serde(skip_serializing_if = "Nested::is_empty")]
    pub nested: Nested,
    pub place: Place,
}

/// The tables inside a cell: one word where there are none, as in the millions of cells of a long list.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
#[expect(clippy::box_collection, reason = "one word instead of three")]
pub struct Nested(Option<Box<Vec<Table>>>);

impl Nested {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Adds tables behind those there are.
    pub fn extend(&mut self, tables: Nested) {
        let all = self.0.take().into_iter().chain(tables.0).flat_map(|tables| *tables);
        *self = all.collect::<Vec<_>>().into();
    }
}

impl From<Vec<Table>> for Nested {
    fn from(tables: Vec<Table>) -> Self {
        Nested((!tables.is_empty()).then(|| Box::new(tables)))
    }
}

impl Deref for Nested {
    type Target = [Table];

    fn deref(&self) -> &[Table] {
        self.0.as_ref().map_or(&[], |tables| tables)
    }
}

impl DerefMut for Nested {
    fn deref_mut(&mut self) -> &mut [Table] {
        self.0.as_mut().map_or(&mut [], |tables| tables)
    }
}

impl<'a> IntoIterator for &'a Nested {
    type Item = &'a Table;
    type IntoIter = std::slice::Iter<'a, Table>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Cell {
    /// The column after the last one it covers.
    pub fn end_column(&self) -> u32 {
        self.column + self.column_span
    }

    /// The row after the last one it covers.
    pub fn end_row(&self) -> u32 {
        self.row + self.row_span
    }
}

/// A shape drawn over the columns of a table: the eye reads its ends as the span of what its row names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlay {
    pub shape: OverlayShape,
    /// The first row it lies over, and how many.
    pub row: u32,
    pub row_span: u32,
    /// Its ends in columns: 2.0 is the left edge of column 2, 3.0 its right edge; 2.5 its middle.
    pub start: f32,
    pub end: f32,
    /// The text inside, above or beside it that belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    pub place: Place,
}

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayShape {
    /// A block arrow, a pentagon, or a line with a head.
    Arrow,
    /// A chevron: an arrow with a notch.
    Chevron,
    /// A rectangle, or a run of filled cells.
    Bar,
    /// A line without a head.
    Line,
    /// A span stated in words where a bar was drawn (`[進捗: …]`): its ends are in its text, not in its columns.
    Stated,
    /// The trace of a lost bar (a placeholder in a dump): something was drawn here, its ends are unknown.
    Lost,
}

/// An opaque sRGB colour, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Colour(pub [u8; 3]);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl Serialize for Colour {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Table {
    /// The dense grid: for each position the cell that covers it.
    pub fn grid(&self) -> Grid<'_> {
        let mut index = vec![u32::MAX; self.rows as usize * self.columns as usize];
        for (i, cell) in self.cells.iter().enumerate() {
            for row in cell.row..cell.end_row().min(self.rows) {
                for column in cell.column..cell.end_column().min(self.columns) {
                    index[row as usize * self.columns as usize + column as usize] = i as u32;
                }
            }
        }
        Grid { table: self, index }
    }

    /// A part of the table with its rows as columns; cells that reach beyond the part are cut at its edge.
    ///
    /// Overlays keep the rows that they cover as the columns that they span.
    pub fn transposed(&self, rows: Range<u32>, columns: Range<u32>) -> Table {
        let within = |from: u32, span: u32, range: &Range<u32>| {
            let (start, end) = (from.max(range.start), (from + span).min(range.end));
            (start < end).then(|| (start - range.start, end - start))
        };
        let mut cells: Vec<Cell> = self
            .cells
            .iter()
            .filter_map(|cell| {
                let (column, column_span) = within(cell.row, cell.row_span, &rows)?;
                let (row, row_span) = within(cell.column, cell.column_span, &columns)?;
                Some(Cell { row, column, row_span, column_span, ..cell.clone() })
            })
            .collect();
        cells.sort_by_key(|cell| (cell.row, cell.column));
        let mut overlays: Vec<Overlay> = self
            .overlays
            .iter()
            .filter_map(|overlay| {
                let first = overlay.row.saturating_sub((overlay.row_span.max(1) - 1) / 2);
                let (start, span) = within(first, overlay.row_span.max(1), &rows)?;
                let (row, row_span) = within(overlay.start.midpoint(overlay.end) as u32, 1, &columns)?;
                let (start, end) = (start as f32, (start + span) as f32);
                Some(Overlay { row, row_span, start, end, ..overlay.clone() })
            })
            .collect();
        overlays.sort_by(|a, b| (a.row.cmp(&b.row)).then(a.start.total_cmp(&b.start)));
        let place = cells.iter().map(|cell| cell.place.clone()).reduce(|a, b| a.union(&b));
        Table {
            rows: columns.len() as u32,
            columns: rows.len() as u32,
            cells,
            overlays,
            ragged: self.ragged,
            place: place.unwrap_or_else(|| self.place.clone()),
        }
    }

    /// The cells that begin in a row, left to right.
    pub fn row(&self, row: u32) -> &[Cell] {
        let start = self.cells.partition_point(|cell| cell.row < row);
        let end = self.cells.partition_point(|cell| cell.row <= row);
        &self.cells[start..end]
    }

    /// The overlays that lie over a row, also those that begin in a row above it.
    pub fn overlays_over(&self, row: u32) -> impl Iterator<Item = &Overlay> {
        let end = self.overlays.partition_point(|overlay| overlay.row <= row);
        self.overlays[..end].iter().filter(move |overlay| row < overlay.row + overlay.row_span.max(1))
    }
}

/// A table's dense grid, computed from its sparse cells.
#[derive(Debug, Clone)]
pub struct Grid<'a> {
    table: &'a Table,
    index: Vec<u32>,
}

impl<'a> Grid<'a> {
    /// The cell that covers a position; none outside the table and where nothing was printed.
    pub fn at(&self, row: u32, column: u32) -> Option<&'a Cell> {
        if row >= self.table.rows || column >= self.table.columns {
            return None;
        }
        self.table.cells.get(self.index[row as usize * self.table.columns as usize + column as usize] as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A label over three years, the last two spanned by a bar, beside a text that reaches beyond the part.
    #[test]
    fn a_part_with_rows_as_columns() {
        let cell = |row, column, row_span, column_span, text: &str| Cell {
            row,
            column,
            row_span,
            column_span,
            text: Text::line(text, Place::line(row + 1)),
            place: Place::line(row + 1),
            ..Cell::default()
        };
        let overlay = Overlay {
            shape: OverlayShape::Bar,
            row: 2,
            row_span: 2,
            start: 1.25,
            end: 1.75,
            text: None,
            colour: None,
            place: Place::line(3),
        };
        let cells = vec![
            cell(0, 0, 1, 2, "title"),
            cell(1, 0, 1, 1, "R6"),
            cell(1, 1, 3, 1, "survey"),
            cell(2, 0, 1, 1, "R7"),
            cell(3, 0, 1, 1, "R8"),
        ];
        let table = Table { rows: 4, columns: 2, cells, overlays: vec![overlay], ..Table::default() };
        let turned = table.transposed(1..4, 0..2);
        let found: Vec<_> = turned
            .cells
            .iter()
            .map(|cell| (cell.row, cell.column, cell.row_span, cell.column_span, cell.text.raw()))
            .collect();
        let expected = [(0, 0, 1, 1, "R6"), (0, 1, 1, 1, "R7"), (0, 2, 1, 1, "R8"), (1, 0, 1, 3, "survey")];
        assert_eq!(found, expected.map(|(a, b, c, d, text)| (a, b, c, d, text.into())));
        assert_eq!((turned.rows, turned.columns), (2, 3));
        assert_eq!(turned.overlays.iter().map(|o| (o.row, o.start, o.end)).collect::<Vec<_>>(), [(1, 1.0, 3.0)]);
        assert_eq!(turned.place, Place::Lines { line: 2, end_line: 4 });
    }
}
