//! Cells that only lines hold together.
//!
//! Many sheets draw a wide cell without merging: the text stands in one of several cells that no line parts. To the
//! eye, and in print, that is one cell. Blank cells are joined to a text where lines enclose a rectangle of them and
//! none runs inside; several texts, one below the other, are the lines of one cell. But a list may be drawn without
//! lines between its rows: where texts beside the rectangle begin in its later rows, its rows are rows.

use super::items::Item;
use super::table::{Extent, Grid, NOTHING};
use std::collections::HashMap;

/// Cells of a grid that are joined, by the position of their first one.
#[derive(Default)]
pub(super) struct Joined(HashMap<usize, Join>);

/// A joined cell.
pub(super) struct Join {
    pub extent: Extent,
    /// Its first item with text, whose looks it has.
    pub first: u32,
    /// All its items with text, top down.
    pub texts: Vec<u32>,
}

impl Joined {
    pub fn get(&self, at: usize) -> Option<&Join> {
        if self.0.is_empty() { None } else { self.0.get(&at) }
    }
}

/// A line stands above, or left of, a position.
const ABOVE: u8 = 1;
const LEFT: u8 = 2;
/// Texts that are joined to one cell at most.
const MAX_TEXTS: usize = 200;

/// The lines of a grid, a row and a column more than it has.
struct Rules {
    width: usize,
    at: Vec<u8>,
    /// In how many columns a line stands above each row.
    above_row: Vec<u32>,
}

impl Rules {
    fn new(grid: &Grid, items: &[Item], inside: &[u32]) -> Self {
        let (rows, columns) = (grid.row_count() as usize, grid.column_count() as usize);
        let width = columns + 1;
        let mut at = vec![0_u8; (rows + 1) * width];
        for item in inside.iter().map(|&i| &items[i as usize]) {
            let extent = grid.extent(item);
            let borders = item.style.borders;
            let (first, last) = (extent.row as usize, extent.end_row as usize);
            let (left, right) = (extent.column as usize, extent.end_column as usize);
            let mut across = |row: usize, drawn: bool| {
                if drawn {
                    at[row * width + left..row * width + right].iter_mut().for_each(|rule| *rule |= ABOVE);
                }
            };
            across(first, borders.top);
            across(last, borders.bottom);
            for row in first..last {
                // Each cell of a run has its own sides.
                let inner = if item.is_run { left + 1..right } else { right..right };
                for column in inner.filter(|_| borders.left || borders.right) {
                    at[row * width + column] |= LEFT;
                }
                at[row * width + left] |= LEFT * u8::from(borders.left);
                at[row * width + right] |= LEFT * u8::from(borders.right);
            }
        }
        let above_row = at.chunks(width).map(|row| row.iter().filter(|&&rule| rule & ABOVE != 0).count() as u32);
        let above_row = above_row.collect();
        Rules { width, at, above_row }
    }

    fn has(&self, row: u32, column: u32, rule: u8) -> bool {
        self.at[row as usize * self.width + column as usize] & rule != 0
    }

    /// Whether lines enclose an extent.
    fn enclose(&self, extent: Extent) -> bool {
        let Extent { row, column, end_row, end_column } = extent;
        (column..end_column).all(|at| self.has(row, at, ABOVE) && self.has(end_row, at, ABOVE))
            && (row..end_row).all(|at| self.has(at, column, LEFT) && self.has(at, end_column, LEFT))
    }

    /// Whether the rows of an extent are parted in most of the columns beside it.
    fn part_rows(&self, extent: Extent) -> bool {
        let others = (self.width as u32 - 1).saturating_sub(extent.end_column - extent.column);
        (extent.row + 1..extent.end_row).all(|row| self.above_row[row as usize] * 2 >= others.max(1))
    }
}

/// Finds the cells of a grid that lines hold together.
pub(super) fn join(grid: &Grid, items: &[Item], inside: &[u32]) -> Joined {
    let ruled = inside.iter().any(|&i| items[i as usize].style.borders.left || items[i as usize].style.borders.right);
    let has_blanks = grid.owners.iter().any(|&owner| owner == NOTHING || !items[owner as usize].has_text());
    if !ruled || !has_blanks {
        return Joined::default();
    }
    let rules = Rules::new(grid, items, inside);
    let (width, height) = (grid.column_count(), grid.row_count());
    let mut joined = Joined::default();
    let mut seen = vec![false; grid.owners.len()];
    let mut reached = Vec::new();
    for start in 0..grid.owners.len() {
        let owner = grid.owners[start];
        if seen[start] || owner == NOTHING || !items[owner as usize].has_text() {
            continue;
        }
        reached.clear();
        reached.push(start as u32);
        seen[start] = true;
        let mut next = 0;
        while next < reached.len() {
            let at = reached[next];
            next += 1;
            let (row, column) = (at / width, at % width);
            let mut step = |row: u32, column: u32, is_open: bool| {
                let to = (row * width + column) as usize;
                let same = grid.owners[to] == grid.owners[at as usize] && grid.owners[to] != NOTHING;
                let is_run = same && items[grid.owners[to] as usize].is_run;
                if !seen[to] && (is_open || (same && !is_run)) {
                    seen[to] = true;
                    reached.push(to as u32);
                }
            };
            if row > 0 {
                step(row - 1, column, !rules.has(row, column, ABOVE));
            }
            if row + 1 < height {
                step(row + 1, column, !rules.has(row + 1, column, ABOVE));
            }
            if column > 0 {
                step(row, column - 1, !rules.has(row, column, LEFT));
            }
            if column + 1 < width {
                step(row, column + 1, !rules.has(row, column + 1, LEFT));
            }
        }
        if let Some(join) = box_of(grid, items, &rules, &reached) {
            joined.0.insert((join.extent.row * width + join.extent.column) as usize, join);
        }
    }
    joined
}

/// The positions that were reached from a text as one cell, if they are one to the eye.
fn box_of(grid: &Grid, items: &[Item], rules: &Rules, reached: &[u32]) -> Option<Join> {
    let width = grid.column_count();
    let mut extent = Extent { row: u32::MAX, column: u32::MAX, end_row: 0, end_column: 0 };
    let mut texts: Vec<u32> = Vec::new();
    for &at in reached {
        let (row, column) = (at / width, at % width);
        extent.row = extent.row.min(row);
        extent.column = extent.column.min(column);
        extent.end_row = extent.end_row.max(row + 1);
        extent.end_column = extent.end_column.max(column + 1);
        let owner = grid.owners[at as usize];
        if owner != NOTHING && items[owner as usize].has_text() && !texts.contains(&owner) {
            texts.push(owner);
            if texts.len() > MAX_TEXTS {
                return None;
            }
        }
    }
    let area = u64::from(extent.end_row - extent.row) * u64::from(extent.end_column - extent.column);
    let first = *texts.iter().min()?;
    texts.sort_unstable();
    let own = grid.extent(&items[first as usize]);
    if area != reached.len() as u64 || own == extent {
        return None;
    }
    let fill = items[first as usize].style.fill;
    let is_even = reached.iter().all(|&at| match grid.owners[at as usize] {
        NOTHING => fill.is_none(),
        owner => items[owner as usize].style.fill == fill,
    });
    let beside = columns_beside(grid, items, extent);
    let is_one = match texts.as_slice() {
        [_] => rules.part_rows(extent) || beside <= 1,
        _ => are_lines(grid, items, &texts) && beside == 0,
    };
    (is_even && is_one && rules.enclose(extent)).then_some(Join { extent, first, texts })
}

/// Whether texts stand one below the other from the same column on.
fn are_lines(grid: &Grid, items: &[Item], texts: &[u32]) -> bool {
    texts.windows(2).all(|pair| {
        let (above, below) = (grid.extent(&items[pair[0] as usize]), grid.extent(&items[pair[1] as usize]));
        below.row >= above.end_row && below.column == above.column
    })
}

/// In how many columns beside an extent texts begin in its rows after the first.
fn columns_beside(grid: &Grid, items: &[Item], extent: Extent) -> usize {
    let width = grid.column_count();
    let begins = |row: u32, column: u32| {
        let owner = grid.owners[(row * width + column) as usize];
        owner != NOTHING && items[owner as usize].has_text() && {
            let own = grid.extent(&items[owner as usize]);
            own.row > extent.row && own.column == column
        }
    };
    let columns = (0..extent.column).chain(extent.end_column..width);
    columns.filter(|&column| (extent.row + 1..extent.end_row).any(|row| begins(row, column))).count()
}
