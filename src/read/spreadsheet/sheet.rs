//! A workbook as its reader found it, whatever its format: what each sheet shows, and where.

use crate::document::{Colour, SheetRange};
use std::collections::HashSet;
use std::sync::Arc;

/// A sheet's largest number of rows and columns in any format.
pub(super) const MAX_ROWS: u32 = 1 << 20;
pub(super) const MAX_COLUMNS: u32 = 1 << 14;
/// Cells with text that are read of a workbook; further ones are left out with a diagnostic. A list of 100,000 rows by
/// 40 columns, all measures, takes 2.0 GB to the end of the way.
const MAX_CELLS: usize = 4_200_000;
/// Bytes of text that are read of a workbook: a shared string of a megabyte may be named by a million cells.
const MAX_TEXT: usize = 256 << 20;
/// Bytes of text that are read of a cell: in Excel it has at most 32,767 characters.
const MAX_CELL: usize = 1 << 20;
/// Texts that are remembered, so that cells share them.
const MAX_KNOWN: usize = 200_000;
/// Runs of blank cells that are kept of a sheet.
const MAX_BLANKS: usize = 2_000_000;

/// How wide the box of a check box is, in EMU.
const CHECK_BOX: i64 = 150_000;

/// Error values as cells show them.
pub(super) const ERROR_NAMES: [&str; 10] =
    ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"];

/// An error value's name, as one that lives on.
pub(super) fn error_name(shown: &str) -> &'static str {
    ERROR_NAMES.into_iter().find(|name| *name == shown.trim()).unwrap_or("#ERROR!")
}

/// What a reader makes of a file.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    pub sheets: Vec<Sheet>,
    pub styles: Vec<Style>,
    /// Parts that are missing or damaged, in words.
    pub damage: Vec<String>,
    /// A limit of size was reached, so parts of the file were left out.
    pub truncated: bool,
}

/// How much text may still be read.
#[derive(Debug)]
pub(super) struct Room {
    cells: usize,
    text: usize,
    /// Something was left out.
    pub exceeded: bool,
    /// Texts of cells, each once: lists say the same in many cells.
    known: HashSet<Arc<str>>,
}

impl Default for Room {
    fn default() -> Self {
        Room { cells: MAX_CELLS, text: MAX_TEXT, exceeded: false, known: HashSet::new() }
    }
}

impl Room {
    fn takes(&mut self, bytes: usize) -> bool {
        if self.cells == 0 || self.text < bytes || bytes > MAX_CELL {
            self.exceeded = true;
            return false;
        }
        self.cells -= 1;
        self.text -= bytes;
        true
    }

    /// Whether nothing more is taken, so that reading on is waste.
    pub fn is_full(&self) -> bool {
        self.exceeded && (self.cells == 0 || self.text < MAX_CELL)
    }

    /// Whether a row lies below all that a sheet can have: the file is no workbook that a program made.
    pub fn is_below(&mut self, row: u32) -> bool {
        self.exceeded |= row >= MAX_ROWS;
        row >= MAX_ROWS
    }

    /// A text that shares its characters with an equal one before it.
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        if self.known.len() < MAX_KNOWN {
            self.known.insert(new.clone());
        }
        new
    }
}

/// A sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub name: String,
    /// The sheet itself is hidden: nothing of it was read.
    pub hidden: bool,
    /// Cells that show text, in row-major order once [`Sheet::settle`] was called.
    pub cells: Vec<SheetCell>,
    /// Blank cells with a fill or border, likewise.
    pub blanks: Vec<BlankRun>,
    pub merges: Vec<Merge>,
    pub rows: Axis,
    pub columns: Axis,
    pub shapes: Vec<Shape>,
    /// Check boxes that are controls.
    pub checks: Vec<Check>,
    /// Cells with an error value, and the value: `#REF!`.
    pub errors: Vec<(u32, u32, &'static str)>,
}

/// A merged range; rows and columns from 0, ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merge {
    pub row: u32,
    pub column: u32,
    pub end_row: u32,
    pub end_column: u32,
}

impl From<SheetRange> for Merge {
    fn from(range: SheetRange) -> Self {
        let SheetRange { row, end_row, column, end_column } = range;
        Merge { row, column: column.into(), end_row, end_column: end_column.into() }
    }
}

/// A cell that shows text. Rows and columns count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetCell {
    pub row: u32,
    pub column: u16,
    /// Index into the workbook's styles.
    pub style: u16,
    pub text: Arc<str>,
}

/// Where a cell stands, and its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub row: u32,
    pub column: u32,
    pub style: u16,
}

/// By what values become what is shown.
pub(super) struct Looks<'a> {
    pub styles: &'a [Style],
    pub dates: super::format::DateSystem,
}

/// A check box that is a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Check {
    row: u32,
    column: u32,
    left: i64,
    /// Mark and label.
    text: String,
}

/// Neighbouring blank cells of one row and style; `end_column` is the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlankRun {
    pub row: u32,
    pub column: u16,
    pub end_column: u16,
    pub style: u16,
}

/// What a cell's style says of its looks.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    pub format: super::format::NumberFormat,
    /// Other than white and none.
    pub fill: Option<Colour>,
    pub borders: Borders,
    pub bold: bool,
    /// Of the font, in points; 0 where unknown.
    pub size: f32,
}

impl Style {
    /// Whether a blank cell of this style is seen.
    pub fn is_seen(&self) -> bool {
        self.fill.is_some() || self.borders != Borders::default()
    }
}

/// The sides of a cell that have a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Borders {
    pub left: bool,
    pub right: bool,
    pub top: bool,
    pub bottom: bool,
}

impl Sheet {
    /// Adds a cell's text, or nothing where it is blank.
    pub fn push(&mut self, row: u32, column: u32, style: u16, text: &str, room: &mut Room) {
        if row < MAX_ROWS && column < MAX_COLUMNS && !text.trim().is_empty() && room.takes(text.len()) {
            if text.contains('\u{fffd}') {
                self.errors.push((row, column, "it holds a character that cannot be told"));
            }
            self.cells.push(SheetCell { row, column: column as u16, style, text: room.share(text) });
        }
    }

    /// Adds a number as its style shows it. `scratch` saves an allocation a cell.
    pub fn show_number(&mut self, at: Position, value: f64, looks: &Looks<'_>, scratch: &mut String, room: &mut Room) {
        scratch.clear();
        match looks.styles.get(usize::from(at.style)) {
            Some(style) => style.format.number(value, looks.dates, scratch),
            None => super::format::general(value, scratch),
        }
        self.show(at, scratch.trim(), looks, room);
    }

    /// Adds a text as its style shows it.
    pub fn show_text(&mut self, at: Position, text: &str, looks: &Looks<'_>, scratch: &mut String, room: &mut Room) {
        match looks.styles.get(usize::from(at.style)).filter(|style| !style.format.keeps_text()) {
            Some(style) => {
                scratch.clear();
                style.format.text(text, scratch);
                self.show(at, scratch, looks, room);
            }
            None => self.show(at, text, looks, room),
        }
    }

    /// Adds an error value.
    pub fn show_error(&mut self, at: Position, name: &'static str, looks: &Looks<'_>) {
        self.errors.push((at.row, at.column, name));
        self.push_blank(at.row, at.column, at.column, at.style, looks.styles);
    }

    /// A cell that shows nothing is a blank one.
    fn show(&mut self, at: Position, text: &str, looks: &Looks<'_>, room: &mut Room) {
        if text.trim().is_empty() {
            self.push_blank(at.row, at.column, at.column, at.style, looks.styles);
        } else {
            self.push(at.row, at.column, at.style, text, room);
        }
    }

    /// Adds a check box or option button, whose left, top and bottom are in EMU, to the cell that it stands on.
    pub fn check(&mut self, left: i64, top: i64, bottom: i64, is_checked: bool, label: &str) {
        let row = self.rows.position(top.midpoint(bottom));
        // A control may begin a little left of its cell.
        let column = self.columns.position(left.saturating_add(CHECK_BOX / 2));
        let mark = if is_checked { '☑' } else { '☐' };
        self.checks.push(Check { row, column, left, text: format!("{mark}{}", label.trim()) });
    }

    /// Writes the check boxes into their cells, left to right, before what the cell says itself.
    fn settle_checks(&mut self) {
        self.checks.sort_by_key(|check| (check.row, check.column, check.left));
        for check in std::mem::take(&mut self.checks).into_iter().rev() {
            if check.row >= MAX_ROWS || check.column >= MAX_COLUMNS {
                continue;
            }
            let column = check.column as u16;
            match self.cells.binary_search_by_key(&(check.row, column), |cell| (cell.row, cell.column)) {
                Ok(found) => {
                    let cell = &mut self.cells[found];
                    let gap = if check.text.chars().count() > 1 { "　" } else { "" };
                    cell.text = format!("{}{gap}{}", check.text, cell.text).into();
                }
                Err(at) => {
                    let before = self.blanks.partition_point(|run| (run.row, run.column) <= (check.row, column));
                    let run = self.blanks[..before].last();
                    let run = run.filter(|run| run.row == check.row && column <= run.end_column);
                    let style = run.map_or(0, |run| run.style);
                    self.cells.insert(at, SheetCell { row: check.row, column, style, text: check.text.into() });
                }
            }
        }
    }

    /// Adds blank cells, where their style is seen; `end_column` is the last one.
    pub fn push_blank(&mut self, row: u32, column: u32, end_column: u32, style: u16, styles: &[Style]) {
        let is_seen = styles.get(usize::from(style)).is_some_and(Style::is_seen);
        if !is_seen || row >= MAX_ROWS || column >= MAX_COLUMNS {
            return;
        }
        let (column, end_column) = (column as u16, end_column.min(MAX_COLUMNS - 1) as u16);
        let has_room = self.blanks.len() < MAX_BLANKS;
        match self.blanks.last_mut() {
            Some(run) if run.row == row && run.style == style && run.end_column.checked_add(1) == Some(column) => {
                run.end_column = end_column;
            }
            _ if has_room => self.blanks.push(BlankRun { row, column, end_column, style }),
            // Styled rows far below all content: nothing is lost with them.
            _ => {}
        }
    }

    /// Puts cells in order, says where rows and columns begin, drops second cells at one position, merges that overlap or lie outside.
    pub fn settle(&mut self) {
        self.rows.settle();
        self.columns.settle();
        if !self.cells.is_sorted_by(|a, b| (a.row, a.column) < (b.row, b.column)) {
            self.cells.sort_by_key(|cell| (cell.row, cell.column));
            self.cells.dedup_by_key(|cell| (cell.row, cell.column));
        }
        if !self.blanks.is_sorted_by_key(|run| (run.row, run.column)) {
            self.blanks.sort_by_key(|run| (run.row, run.column));
        }
        self.settle_checks();
        self.merges.retain_mut(|merge| {
            merge.end_row = merge.end_row.min(MAX_ROWS - 1);
            merge.end_column = merge.end_column.min(MAX_COLUMNS - 1);
            merge.row <= merge.end_row
                && merge.column <= merge.end_column
                && (merge.row, merge.column) != (merge.end_row, merge.end_column)
        });
        self.merges.sort_by_key(|merge| (merge.row, merge.column));
    }
}

/// Heights of rows or widths of columns, in EMU (914,400 an inch); 0 is hidden.
#[derive(Debug, Clone, Default)]
pub(super) struct Axis {
    pub default: i64,
    /// Sizes other than the default, sorted and apart.
    runs: Vec<Run>,
}

/// Neighbouring rows or columns of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    first: u32,
    last: u32,
    size: i64,
    /// Where it begins, from the sheet's edge; known once settled.
    start: i64,
}

impl Axis {
    pub fn new(default: i64) -> Self {
        Axis { default, runs: Vec::new() }
    }

    /// Sets the size of a run; calls come in order of position, but for broken files.
    pub fn set(&mut self, first: u32, last: u32, size: i64) {
        if last < first {
            return;
        }
        match self.runs.last_mut() {
            Some(run) if first <= run.last => {}
            Some(run) if run.last + 1 == first && run.size == size => run.last = last,
            _ => self.runs.push(Run { first, last, size: size.max(0), start: 0 }),
        }
    }

    /// Says where each run begins; to be called once all sizes are set.
    pub fn settle(&mut self) {
        let (mut start, mut next) = (0, 0);
        for run in &mut self.runs {
            start += i64::from(run.first - next) * self.default;
            run.start = start;
            start += i64::from(run.last - run.first + 1) * run.size;
            next = run.last + 1;
        }
    }

    pub fn size(&self, position: u32) -> i64 {
        let before = self.runs.partition_point(|run| run.first <= position);
        self.runs[..before].last().filter(|run| position <= run.last).map_or(self.default, |run| run.size)
    }

    /// Hidden runs (first and last position) up to a position.
    pub fn hidden(&self, end: u32) -> Vec<(u32, u32)> {
        if self.default > 0 {
            let hidden = self.runs.iter().filter(|run| run.size == 0 && run.first <= end);
            return hidden.map(|run| (run.first, run.last)).collect();
        }
        let mut hidden = Vec::new();
        let mut next = 0;
        for run in self.runs.iter().filter(|run| run.size > 0) {
            if run.first > next {
                hidden.push((next, run.first - 1));
            }
            next = run.last + 1;
        }
        if end >= next {
            hidden.push((next, end));
        }
        hidden
    }

    /// Where a row or column begins, from the sheet's edge.
    pub fn start(&self, position: u32) -> i64 {
        let before = self.runs.partition_point(|run| run.first < position);
        match self.runs[..before].last() {
            Some(run) => {
                let inside = position.min(run.last + 1);
                run.start + i64::from(inside - run.first) * run.size + i64::from(position - inside) * self.default
            }
            None => i64::from(position) * self.default,
        }
    }

    /// The row or column that an offset from the sheet's edge lies in.
    pub fn position(&self, offset: i64) -> u32 {
        let offset = offset.max(0);
        let steps =
            |size: i64, offset: i64| if size > 0 { u32::try_from(offset / size).unwrap_or(u32::MAX) } else { 0 };
        let before = self.runs.partition_point(|run| run.start <= offset);
        let Some(run) = self.runs[..before].last() else { return steps(self.default, offset) };
        let end = run.start + i64::from(run.last - run.first + 1) * run.size;
        if offset < end {
            run.first + steps(run.size, offset - run.start)
        } else {
            (run.last + 1).saturating_add(steps(self.default, offset - end))
        }
    }
}

/// A shape drawn over a sheet, in EMU from the sheet's top left corner.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    pub kind: ShapeKind,
    pub left: i64,
    pub top: i64,
    pub right: i64,
    pub bottom: i64,
    pub text: String,
    /// Of its fill, or of its line where it is not filled.
    pub colour: Option<Colour>,
}

impl Shape {
    /// A shape whose ends may be stated in either order.
    pub fn new(kind: ShapeKind, x: [i64; 2], y: [i64; 2], text: String, colour: Option<Colour>) -> Self {
        Shape {
            kind,
            left: x[0].min(x[1]),
            top: y[0].min(y[1]),
            right: x[0].max(x[1]),
            bottom: y[0].max(y[1]),
            text,
            colour,
        }
    }
}

/// What a shape is to the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShapeKind {
    /// A block arrow, pentagon, or line with a head.
    Arrow,
    Chevron,
    /// A filled or outlined rectangle or the like.
    Bar,
    /// A line without heads.
    Line,
    /// Text without fill and outline.
    Text,
    /// A callout: text that remarks on something.
    Callout,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_ends_where_there_is_no_more_room() {
        let mut sheet = Sheet::default();
        let mut room = Room { cells: 3, text: 10, ..Room::default() };
        for (column, text) in ["四文字", "", "b", "c", "d"].into_iter().enumerate() {
            sheet.push(0, column as u32, 0, text, &mut room);
        }
        assert_eq!(sheet.cells.len(), 2);
        assert!(room.exceeded);
    }

    #[test]
    fn an_axis_maps_positions_to_offsets_and_back() {
        let mut axis = Axis::new(100);
        axis.set(2, 3, 50);
        axis.set(4, 4, 0);
        axis.set(10, 10, 200);
        axis.settle();
        for (position, start) in
            [(0, 0), (2, 200), (3, 250), (4, 300), (5, 300), (6, 400), (10, 800), (11, 1000), (12, 1100)]
        {
            assert_eq!(axis.start(position), start, "{position}");
        }
        for (offset, position) in [(0, 0), (150, 1), (225, 2), (300, 5), (900, 10), (1150, 12)] {
            assert_eq!(axis.position(offset), position, "{offset}");
        }
        assert_eq!(axis.hidden(9), [(4, 4)]);
    }

    #[test]
    fn an_axis_hidden_by_default_shows_what_is_set() {
        let mut axis = Axis::new(0);
        axis.set(2, 3, 50);
        axis.settle();
        assert_eq!(axis.hidden(6), [(0, 1), (4, 6)]);
        assert_eq!((axis.start(3), axis.position(60)), (50, 3));
    }
}
