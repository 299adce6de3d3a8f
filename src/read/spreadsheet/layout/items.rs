//! Cells, merges and printed blanks as boxes in visible coordinates.

use super::{View, Visible};
use crate::document::{Colour, SheetName};
use crate::read::spreadsheet::sheet::{Borders, Merge, Sheet, Style};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

/// A cell or merged range that shows something, or blank cells that a line or fill makes seen. Ends are exclusive.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub row: u32,
    pub column: u32,
    pub end_row: u32,
    pub end_column: u32,
    /// Empty where it is blank.
    pub text: Arc<str>,
    pub style: Look,
    /// A run of single cells rather than one cell.
    pub is_run: bool,
}

/// How an item looks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Look {
    pub borders: Borders,
    pub fill: Option<Colour>,
    pub bold: bool,
    pub size: f32,
}

impl Item {
    pub fn has_text(&self) -> bool {
        !self.text.is_empty()
    }

    /// Whether its rows are no blank rows: a line that bounds only the row above does not fill it.
    pub fn fills_rows(&self) -> bool {
        self.has_text() || self.style.fill.is_some() || self.style.borders.left || self.style.borders.right
    }

    pub fn fills_columns(&self) -> bool {
        self.has_text() || self.style.fill.is_some() || self.style.borders.top || self.style.borders.bottom
    }
}

/// The items of a sheet in row-major order, how they lie on it, and what hidden content was left out, in words.
pub(super) fn collect(sheet: Sheet, styles: &[Style]) -> (Vec<Item>, View, Option<String>) {
    let end_row = sheet.cells.last().map_or(0, |cell| cell.row);
    let end_column = sheet.cells.iter().map(|cell| u32::from(cell.column)).max().unwrap_or(0);
    let view = View {
        rows: visible(&sheet.rows, end_row),
        columns: visible(&sheet.columns, end_column),
        sheet: SheetName::new(sheet.name.clone()),
    };
    let mut collector = Collector { view: &view, items: Vec::with_capacity(sheet.cells.len()), hidden: 0 };
    let mut boxes = Boxes::new(&sheet.merges);
    let look = |style: u16| styles.get(usize::from(style)).map_or(Look::default(), Look::of);
    let mut blanks = sheet.blanks.iter().peekable();
    for cell in sheet.cells {
        while let Some(run) = blanks.next_if(|run| (run.row, run.column) < (cell.row, cell.column)) {
            collector.blanks(run.row, run.column, run.end_column, look(run.style), &mut boxes);
        }
        let (row, column) = (cell.row, u32::from(cell.column));
        match boxes.at(row, column) {
            Some(merged) if (merged.range.row, merged.range.column) == (row, column) => {
                merged.text = cell.text;
                merged.add(row, column, look(cell.style));
            }
            // Under a merge a cell may keep a value that is not shown.
            Some(merged) => merged.add(row, column, look(cell.style)),
            None => {
                let range = Merge { row, column, end_row: row, end_column: column };
                collector.push(range, cell.text, look(cell.style));
            }
        }
    }
    for run in blanks {
        collector.blanks(run.row, run.column, run.end_column, look(run.style), &mut boxes);
    }
    for merged in boxes.merges {
        collector.push(merged.range, merged.text, merged.look);
    }
    let (mut items, hidden) = (collector.items, collector.hidden);
    // A stable sort takes half as much again, which a long list without merges needs not.
    if !items.is_sorted_by_key(|item| (item.row, item.column)) {
        items.sort_by_key(|item| (item.row, item.column));
    }
    let hidden = (hidden > 0).then(|| {
        let rows: u32 = view.rows.hidden.iter().map(|run| run.1 - run.0).sum();
        let columns: u32 = view.columns.hidden.iter().map(|run| run.1 - run.0).sum();
        format!(
            "{hidden} cells in {rows} hidden rows and {columns} hidden columns of sheet `{}` were left out",
            view.sheet
        )
    });
    (items, view, hidden)
}

fn visible(axis: &crate::read::spreadsheet::sheet::Axis, end: u32) -> Visible {
    Visible::new(axis.hidden(end).into_iter())
}

impl Look {
    fn of(style: &Style) -> Look {
        Look { borders: style.borders, fill: style.fill, bold: style.bold, size: style.size }
    }
}

struct Collector<'a> {
    view: &'a View,
    items: Vec<Item>,
    /// Cells with text that are not shown.
    hidden: usize,
}

impl Collector<'_> {
    /// Adds what is visible of a range.
    fn push(&mut self, range: Merge, text: Arc<str>, style: Look) {
        let (row, _) = self.view.rows.index(range.row);
        let (column, _) = self.view.columns.index(range.column);
        let end = |(position, shown): (u32, bool)| position + u32::from(shown);
        let end_row = end(self.view.rows.index(range.end_row));
        let end_column = end(self.view.columns.index(range.end_column));
        if end_row <= row || end_column <= column {
            self.hidden += usize::from(!text.is_empty());
            return;
        }
        self.items.push(Item { row, column, end_row, end_column, text, style, is_run: false });
    }

    /// Adds the visible parts of a run of blank cells that no merge covers.
    fn blanks(&mut self, row: u32, first: u16, last: u16, look: Look, boxes: &mut Boxes) {
        let (visible_row, true) = self.view.rows.index(row) else { return };
        let mut column = u32::from(first);
        while column <= u32::from(last) {
            if let Some(merged) = boxes.at(row, column) {
                merged.add(row, column, look);
                merged.add(row, u32::from(last).min(merged.range.end_column), look);
                column = merged.range.end_column + 1;
                continue;
            }
            let end = boxes.next(column).unwrap_or(u32::MAX).min(u32::from(last) + 1);
            let (start, _) = self.view.columns.index(column);
            let (stop, _) = self.view.columns.index(end);
            if stop > start {
                self.items.push(Item {
                    row: visible_row,
                    column: start,
                    end_row: visible_row + 1,
                    end_column: stop,
                    text: Arc::default(),
                    style: look,
                    is_run: true,
                });
            }
            column = end;
        }
    }
}

/// A merged range while its cells go by.
struct Merged {
    range: Merge,
    text: Arc<str>,
    look: Look,
}

impl Merged {
    /// Adds the looks of one of its cells: lines count where they bound the range.
    fn add(&mut self, row: u32, column: u32, look: Look) {
        let borders = &mut self.look.borders;
        borders.left |= look.borders.left && column == self.range.column;
        borders.right |= look.borders.right && column == self.range.end_column;
        borders.top |= look.borders.top && row == self.range.row;
        borders.bottom |= look.borders.bottom && row == self.range.end_row;
        if (row, column) == (self.range.row, self.range.column) {
            self.look.fill = look.fill;
            self.look.bold = look.bold;
            self.look.size = look.size;
        }
    }
}

/// The merges of a sheet, and those that cover the row that is read.
struct Boxes {
    merges: Vec<Merged>,
    /// The next merge that has not begun.
    next: usize,
    /// Merges over the present row by their first column, and when they end.
    active: BTreeMap<u32, usize>,
    ends: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Boxes {
    /// Takes sorted merges; one that overlaps an earlier one is dropped.
    fn new(ranges: &[Merge]) -> Self {
        let mut boxes = Boxes {
            merges: Vec::with_capacity(ranges.len()),
            next: 0,
            active: BTreeMap::new(),
            ends: BinaryHeap::new(),
        };
        for &range in ranges {
            boxes.advance(range.row);
            let overlaps = boxes
                .active
                .range(..=range.end_column)
                .next_back()
                .is_some_and(|(_, &other)| boxes.merges[other].range.end_column >= range.column);
            if !overlaps {
                boxes.merges.push(Merged { range, text: Arc::default(), look: Look::default() });
                boxes.begin();
            }
        }
        boxes.next = 0;
        boxes.active.clear();
        boxes.ends.clear();
        boxes
    }

    fn begin(&mut self) {
        let range = self.merges[self.next].range;
        self.active.insert(range.column, self.next);
        self.ends.push(Reverse((range.end_row, range.column)));
        self.next += 1;
    }

    /// Moves to a row at or below the present one.
    fn advance(&mut self, row: u32) {
        while let Some(&Reverse((end, column))) = self.ends.peek()
            && end < row
        {
            self.ends.pop();
            self.active.remove(&column);
        }
        while self.merges.get(self.next).is_some_and(|merged| merged.range.row <= row) {
            if self.merges[self.next].range.end_row < row {
                self.next += 1;
            } else {
                self.begin();
            }
        }
    }

    /// The merge over a cell; rows come in order.
    fn at(&mut self, row: u32, column: u32) -> Option<&mut Merged> {
        self.advance(row);
        let (_, &index) = self.active.range(..=column).next_back()?;
        let merged = &mut self.merges[index];
        (merged.range.end_column >= column).then_some(merged)
    }

    /// The first column after `column`, in the present row, where a merge begins.
    fn next(&self, column: u32) -> Option<u32> {
        self.active.range(column + 1..).next().map(|(&column, _)| column)
    }
}
