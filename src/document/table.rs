//! Tables: sparse cells with spans, as drawn, and the overlays that lie over their columns.

use super::{Place, Text};
use serde::Serialize;
use std::fmt;
use std::ops::{Deref, DerefMut};

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
    /// The row it lies over (where it lies over several, the row of its middle), and how many it covers.
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

    /// The cells that begin in a row, left to right.
    pub fn row(&self, row: u32) -> &[Cell] {
        let start = self.cells.partition_point(|cell| cell.row < row);
        let end = self.cells.partition_point(|cell| cell.row <= row);
        &self.cells[start..end]
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
