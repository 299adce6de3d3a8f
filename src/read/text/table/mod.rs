//! Tables in texts: one module a syntax, and what they share.

pub(super) mod columns;
pub(super) mod csv;
pub(super) mod drawings;
pub(super) mod pipes;
pub(super) mod tabs;

use super::html;
use super::inline::{Lines, line};
use super::prose;
use crate::document::{Cell, Place, Table, Text};

/// The most columns a table is given. A line that would have more is no row.
pub(super) const MAX_COLUMNS: u32 = 512;

/// The most grid positions (rows by columns) a table is given; a longer one goes on as another.
const MAX_AREA: u64 = 16_000_000;

/// The most cells that a document is given; about 200 bytes each.
const MAX_CELLS: u32 = 4_000_000;

/// What reading may still spend, and what it had to guess.
#[derive(Debug)]
pub(super) struct Budget {
    cells: u32,
    /// Whether something was left out because there was too much of it.
    pub exceeded: bool,
    /// Rows in which figures between blanks were taken to have been merged over several columns.
    pub guessed: Vec<Place>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { cells: MAX_CELLS, exceeded: false, guessed: Vec::new() }
    }
}

impl Budget {
    /// Whether another cell may be made.
    pub fn take_cell(&mut self) -> bool {
        self.exceeded |= self.cells == 0;
        self.cells = self.cells.saturating_sub(1);
        !self.exceeded
    }
}

/// A table in the making.
#[derive(Debug)]
pub(super) struct TableBuilder {
    cells: Vec<Cell>,
    first: u32,
    rows: u32,
    columns: u32,
    ragged: bool,
}

impl TableBuilder {
    /// A table that begins on the given line.
    pub fn new(line: u32) -> Self {
        TableBuilder { cells: Vec::new(), first: line, rows: 0, columns: 0, ragged: false }
    }

    /// Whether a further row of so many columns keeps the table within bounds.
    pub fn fits(&self, columns: u32) -> bool {
        u64::from(self.rows + 1) * u64::from(self.columns.max(columns)) <= MAX_AREA
    }

    /// Adds a cell. Cells may come in any order but must not overlap.
    pub fn push(&mut self, mut cell: Cell) {
        if is_unfilled(&cell.text) {
            cell.text = Text::default();
        }
        let (rows, columns) = (self.rows.max(cell.row + 1), self.columns.max(cell.end_column()));
        if u64::from(rows) * u64::from(columns) <= MAX_AREA {
            (self.rows, self.columns) = (rows, columns);
            self.cells.push(cell);
        }
    }

    /// The number of the row that comes next.
    pub fn next_row(&self) -> u32 {
        self.rows
    }

    /// Adds a cell of one row and one column.
    pub fn push_single(&mut self, row: u32, column: u32, content: Content, budget: &mut Budget) {
        if budget.take_cell() {
            let Content { text, nested, place } = content;
            self.push(Cell {
                row,
                column,
                row_span: 1,
                column_span: 1,
                text,
                fill: None,
                nested: nested.into(),
                place,
            });
        }
    }

    /// Adds a row of cells that each cover one column.
    pub fn push_row(&mut self, cells: impl IntoIterator<Item = Content>, budget: &mut Budget) {
        let row = self.rows;
        for (column, content) in (0..).zip(cells) {
            self.push_single(row, column, content, budget);
        }
    }

    /// The table, ended on the given line; none where it has no cells.
    pub fn finish(mut self, end_line: u32) -> Option<Table> {
        if self.cells.is_empty() {
            return None;
        }
        if !self.cells.is_sorted_by_key(|cell| (cell.row, cell.column)) {
            self.cells.sort_by_key(|cell| (cell.row, cell.column));
        }
        self.cells.shrink_to_fit();
        for cell in &mut self.cells {
            cell.row_span = cell.row_span.clamp(1, self.rows - cell.row);
        }
        let mut table = Table {
            rows: self.rows,
            columns: self.columns,
            cells: self.cells,
            overlays: Vec::new(),
            ragged: self.ragged,
            place: Place::Lines { line: self.first, end_line },
        };
        drawings::lift(&mut table);
        Some(table)
    }

    /// Marks the table as one whose rows have different numbers of cells.
    pub fn ragged(&mut self) {
        self.ragged = true;
    }
}

/// What a cell holds.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub text: Text,
    pub nested: Vec<Table>,
    pub place: Place,
}

/// What a line feed inside a cell's source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineFeed {
    /// Typed into the cell.
    Hard,
    /// A wrap or a break, as the lines around it read.
    Open,
}

impl Content {
    pub fn is_blank(&self) -> bool {
        self.text.is_blank() && self.nested.is_empty()
    }

    /// The cell that a piece of a dump is, which begins on the physical line `number`.
    pub fn of(piece: &str, number: u32, feed: LineFeed, budget: &mut Budget) -> Self {
        if piece.bytes().any(|byte| matches!(byte, b'<' | b'&')) {
            let (text, nested) = html::fragment(piece, number, budget);
            return Content { text, nested, place: place_of(piece, number) };
        }
        if let Some(written) = written_breaks(piece) {
            return Content { place: place_of(piece, number), ..Content::plain(&written, number, LineFeed::Hard) };
        }
        Content::plain(piece, number, feed)
    }

    /// The cell that a piece without markup is.
    pub fn plain(piece: &str, number: u32, feed: LineFeed) -> Self {
        if !piece.bytes().any(|byte| matches!(byte, b'\n' | b'\r' | b'\x0b')) {
            return Content {
                text: Text::of(line(piece, number, false)),
                nested: Vec::new(),
                place: Place::line(number),
            };
        }
        let mut lines = Lines::default();
        let mut before = "";
        let margin = prose::margin(piece.split('\n'));
        for (number, part) in (number..).zip(piece.split('\n')) {
            if feed == LineFeed::Hard || !prose::continues(before, part, margin) {
                lines.hard_break();
            }
            lines.push_wrapped(part, number);
            before = part;
        }
        Content { text: lines.take(), nested: Vec::new(), place: place_of(piece, number) }
    }
}

/// What stands for a line break that a dump wrote as two characters.
const BREAK: char = '\x0b';

/// A cell in which a dump wrote `\n` for a line break, with a break in its place; none without one. Before a letter it
/// may be a part of a path.
fn written_breaks(piece: &str) -> Option<String> {
    let mut written = String::with_capacity(piece.len());
    let mut rest = piece;
    while let Some((before, after)) = rest.split_once("\\n") {
        written.push_str(before);
        if after.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            written.push_str("\\n");
        } else {
            written.push(BREAK);
        }
        rest = after;
    }
    written.push_str(rest);
    written.contains(BREAK).then_some(written)
}

fn place_of(piece: &str, number: u32) -> Place {
    Place::Lines { line: number, end_line: number + piece.bytes().filter(|&byte| byte == b'\n').count() as u32 }
}

/// Whether a cell prints what data frames write for a blank one: `NaN`, and `Unnamed: 3` for a column without a head.
fn is_unfilled(text: &Text) -> bool {
    let [line] = text.lines.as_slice() else { return false };
    let raw = line.raw.trim();
    let unnamed = raw.strip_prefix("Unnamed: ").is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    raw == "NaN" || unnamed
}
