//! A sheet as blocks: tables, and the titles and notes around them.
//!
//! [`items`] turns cells and merges into boxes in visible coordinates (hidden rows and columns taken out).
//! [`regions`] cuts the sheet at blank rows and columns. [`blocks`] tells the ruled part of a region, which is a
//! table, from the titles above it and the notes below. [`table`] makes the grid, [`boxes`] finds cells that only lines hold together;
//! [`overlays`] puts drawn shapes over it.

mod blocks;
mod boxes;
mod items;
mod overlays;
mod regions;
mod table;

use super::sheet::{Sheet, Style};
use crate::document::{Page, Place, SheetName, SheetRange};

/// What became of a sheet.
pub(super) struct Laid {
    pub page: Page,
    /// What hidden content was left out, in words.
    pub hidden: Option<String>,
}

/// Lays out a settled sheet.
pub(super) fn page(sheet: Sheet, styles: &[Style], number: u32) -> Laid {
    let name = sheet.name.clone();
    let mut sheet = sheet;
    let shapes = std::mem::take(&mut sheet.shapes);
    let (rows, columns) = (sheet.rows.clone(), sheet.columns.clone());
    let (items, view, hidden) = items::collect(sheet, styles);
    let drawn = overlays::visible(&shapes, &view, &rows, &columns);
    let body_size = styles.first().map_or(0.0, |style| style.size);
    let mut context = Context { items, view, body_size, drawn, blocks: Vec::new(), frames: Vec::new() };
    for region in regions::regions(&context.items) {
        blocks::lay(&mut context, region);
    }
    overlays::place(&mut context, &shapes, &rows, &columns);
    Laid { page: Page { number, name: Some(name), blocks: context.blocks, ..Page::default() }, hidden }
}

/// What the steps share.
struct Context {
    items: Vec<items::Item>,
    view: View,
    /// Size of the workbook's default font.
    body_size: f32,
    /// The cells under each shape: row and end row, column and end column, visible.
    drawn: Vec<[u32; 4]>,
    blocks: Vec<crate::document::Block>,
    /// The grid lines of the tables among the blocks.
    frames: Vec<Frame>,
}

/// The grid lines of a table, as visible positions of the rows and columns that follow them.
struct Frame {
    block: usize,
    rows: Vec<u32>,
    columns: Vec<u32>,
}

/// How visible rows and columns, which count on over hidden ones, lie on the sheet.
struct View {
    sheet: SheetName,
    rows: Visible,
    columns: Visible,
}

impl View {
    /// The place of a box in visible coordinates, ends exclusive.
    fn place(&self, row: u32, column: u32, end_row: u32, end_column: u32) -> Place {
        let last_row = self.rows.sheet(end_row.max(row + 1) - 1);
        let last_column = self.columns.sheet(end_column.max(column + 1) - 1);
        let range = SheetRange::new([self.rows.sheet(row), self.columns.sheet(column)], [last_row, last_column]);
        Place::Sheet { sheet: self.sheet.clone(), range }
    }
}

/// The rows (or columns) that are not hidden.
#[derive(Debug, Default)]
struct Visible {
    /// Hidden runs, sorted: first position, end (exclusive), and the visible position that follows them.
    hidden: Vec<(u32, u32, u32)>,
}

impl Visible {
    fn new(hidden: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut runs: Vec<(u32, u32, u32)> = Vec::new();
        let mut gone = 0;
        for (first, last) in hidden {
            runs.push((first, last + 1, first - gone));
            gone += last + 1 - first;
        }
        Visible { hidden: runs }
    }

    /// The visible position of a row, or of the next one that is shown; and whether it is itself shown.
    fn index(&self, position: u32) -> (u32, bool) {
        match self.hidden[..self.hidden.partition_point(|run| run.0 <= position)].last() {
            Some(&(_, end, visible)) if position < end => (visible, false),
            Some(&(_, end, visible)) => (visible + (position - end), true),
            None => (position, true),
        }
    }

    /// The row of a visible position.
    fn sheet(&self, visible: u32) -> u32 {
        match self.hidden[..self.hidden.partition_point(|run| run.2 <= visible)].last() {
            Some(&(_, end, first)) => end + (visible - first),
            None => visible,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_positions_count_over_hidden_ones() {
        let visible = Visible::new([(2, 3), (6, 6)].into_iter());
        let shown: Vec<_> = (0..9).map(|position| visible.index(position)).collect();
        let expected =
            [(0, true), (1, true), (2, false), (2, false), (2, true), (3, true), (4, false), (4, true), (5, true)];
        assert_eq!(shown, expected);
        assert_eq!((0..6).map(|position| visible.sheet(position)).collect::<Vec<_>>(), [0, 1, 4, 5, 7, 8]);
    }
}
