//! The grid of a table: a line of it is where a cell begins or ends.

use super::items::Item;
use super::{Context, Frame, View, boxes};
use crate::document::{Block, Cell, Colour, Line, Nested, Place, Table, Text};
use std::sync::Arc;

/// Largest grid whose blank positions are told one by one, and how many of them there may be to a cell.
const DENSE_AREA: usize = 1 << 26;
const BLANKS_TO_A_CELL: usize = 64;

/// How many columns from the nearest text a colour without text still belongs to a table.
const SWATCH_DISTANCE: u32 = 2;

/// Positions of lines while they are gathered: long tables have many cells to a line, so the list is thinned.
#[derive(Default)]
struct LineList {
    at: Vec<u32>,
    distinct: usize,
}

impl LineList {
    fn extend(&mut self, lines: impl IntoIterator<Item = u32>) {
        self.at.extend(lines);
        if self.at.len() > 2 * self.distinct.max(1 << 12) {
            self.at.sort_unstable();
            self.at.dedup();
            self.distinct = self.at.len();
        }
    }
}

/// The grid lines of one direction.
struct Lines {
    /// Visible positions, sorted.
    at: Vec<u32>,
    /// Index of the line at or before each position from the first line on.
    index: Vec<u32>,
}

impl Lines {
    fn new(mut at: Vec<u32>) -> Self {
        at.sort_unstable();
        at.dedup();
        let first = at.first().copied().unwrap_or(0);
        let length = at.last().map_or(0, |last| (last - first) as usize + 1);
        let mut index = Vec::with_capacity(length);
        for (i, line) in at.iter().enumerate() {
            let next = at.get(i + 1).copied().unwrap_or(line + 1);
            index.resize(index.len() + (next - line) as usize, i as u32);
        }
        Lines { at, index }
    }

    /// The line at or before a position.
    fn index(&self, position: u32) -> u32 {
        let first = self.at.first().copied().unwrap_or(0);
        let last = self.index.last().copied().unwrap_or(0);
        self.index.get(position.saturating_sub(first) as usize).copied().unwrap_or(last)
    }

    fn count(&self) -> u32 {
        (self.at.len() as u32).saturating_sub(1)
    }
}

/// A position that no item covers.
pub(super) const NOTHING: u32 = u32::MAX;

/// The grid of a table while it is made.
pub(super) struct Grid {
    rows: Lines,
    columns: Lines,
    /// For each position, row by row, the item that covers it; empty where the grid is too large for that.
    pub owners: Vec<u32>,
}

/// A rectangle of a grid, ends exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub row: u32,
    pub column: u32,
    pub end_row: u32,
    pub end_column: u32,
}

impl Grid {
    pub fn row_count(&self) -> u32 {
        self.rows.count()
    }

    pub fn column_count(&self) -> u32 {
        self.columns.count()
    }

    /// Where an item lies.
    pub fn extent(&self, item: &Item) -> Extent {
        Extent {
            row: self.rows.index(item.row),
            column: self.columns.index(item.column),
            end_row: self.rows.index(item.end_row),
            end_column: self.columns.index(item.end_column),
        }
    }

    fn place(&self, view: &View, extent: Extent) -> Place {
        let line = |lines: &Lines, i: u32| lines.at.get(i as usize).copied().unwrap_or(0);
        view.place(
            line(&self.rows, extent.row),
            line(&self.columns, extent.column),
            line(&self.rows, extent.end_row),
            line(&self.columns, extent.end_column),
        )
    }
}

/// Adds a table of items, taking their texts.
pub(super) fn push(context: &mut Context, part: &[u32]) {
    let Context { items, view, drawn, blocks, frames, .. } = context;
    let (end_row, end_column, column) = bounds(items, part, drawn);
    let mut inside: Vec<u32> = Vec::with_capacity(part.len());
    let (mut row_lines, mut column_lines) = (LineList::default(), LineList::default());
    for &i in part {
        let item = &mut items[i as usize];
        if item.row >= end_row || item.column >= end_column || item.end_column <= column {
            continue;
        }
        item.end_row = item.end_row.min(end_row);
        item.column = item.column.max(column);
        item.end_column = item.end_column.min(end_column);
        inside.push(i);
        row_lines.extend([item.row, item.end_row]);
        if item.is_run {
            column_lines.extend(item.column..=item.end_column);
        } else {
            column_lines.extend([item.column, item.end_column]);
        }
    }
    let mut grid = Grid { rows: Lines::new(row_lines.at), columns: Lines::new(column_lines.at), owners: Vec::new() };
    let area = grid.row_count() as usize * grid.column_count() as usize;
    let cells = if area <= DENSE_AREA && area / BLANKS_TO_A_CELL <= inside.len() {
        grid.owners = owners(&grid, items, &inside);
        let joined = boxes::join(&grid, items, &inside);
        dense(&grid, items, &joined, view)
    } else {
        inside.iter().flat_map(|&i| sparse(&grid, &mut items[i as usize], view)).collect()
    };
    let all = Extent { row: 0, column: 0, end_row: grid.row_count(), end_column: grid.column_count() };
    let place = grid.place(view, all);
    let table = Table { rows: all.end_row, columns: all.end_column, cells, place, ..Table::default() };
    frames.push(Frame { block: blocks.len(), rows: grid.rows.at, columns: grid.columns.at });
    blocks.push(Block::Table(table));
}

/// For each position the item that covers it; of two the first, but a cell before a run of blanks.
fn owners(grid: &Grid, items: &[Item], inside: &[u32]) -> Vec<u32> {
    let width = grid.column_count() as usize;
    let mut owners = vec![NOTHING; grid.row_count() as usize * width];
    for &i in inside {
        let extent = grid.extent(&items[i as usize]);
        for row in extent.row..extent.end_row {
            let start = row as usize * width;
            let covered = &mut owners[start + extent.column as usize..start + extent.end_column as usize];
            // A check box stands on a blank cell.
            let is_free = |owner: u32| owner == NOTHING || (items[owner as usize].is_run && !items[i as usize].is_run);
            covered.iter_mut().filter(|owner| is_free(**owner)).for_each(|owner| *owner = i);
        }
    }
    owners
}

/// All cells, also blank ones. `joined` are cells that only lines hold together.
fn dense(grid: &Grid, items: &mut [Item], joined: &boxes::Joined, view: &View) -> Vec<Cell> {
    let width = grid.column_count();
    let mut cells = Vec::with_capacity(grid.owners.len());
    // For each column the row that it is covered up to.
    let mut covered = vec![0_u32; width as usize];
    for (at, &owner) in grid.owners.iter().enumerate() {
        let (row, column) = (at as u32 / width, at as u32 % width);
        if covered[column as usize] > row {
            continue;
        }
        let one = Extent { row, column, end_row: row + 1, end_column: column + 1 };
        let (extent, owner) = match joined.get(at) {
            Some(join) => (join.extent, join.first),
            None if owner == NOTHING || items[owner as usize].is_run => (one, owner),
            None => (grid.extent(&items[owner as usize]), owner),
        };
        let place = grid.place(view, extent);
        let (text, fill) = match owner {
            NOTHING => (Arc::default(), None),
            _ => {
                let raw = match joined.get(at) {
                    Some(join) => join
                        .texts
                        .iter()
                        .map(|&i| items[i as usize].text.as_ref())
                        .collect::<Vec<_>>()
                        .join("\n")
                        .into(),
                    None => std::mem::take(&mut items[owner as usize].text),
                };
                (raw, items[owner as usize].style.fill)
            }
        };
        covered[column as usize..extent.end_column as usize].fill(extent.end_row);
        cells.push(cell(extent, self::text(text, &place), fill, place));
    }
    cells
}

/// The cells of an item in a grid whose blanks are not told.
fn sparse(grid: &Grid, item: &mut Item, view: &View) -> Vec<Cell> {
    let extent = grid.extent(item);
    let singles = (extent.column..extent.end_column).map(|column| Extent { column, end_column: column + 1, ..extent });
    let extents = if item.is_run { singles.collect() } else { vec![extent] };
    let fill = item.style.fill;
    let cells = extents.into_iter().map(|extent| {
        let place = grid.place(view, extent);
        cell(extent, text(std::mem::take(&mut item.text), &place), fill, place)
    });
    cells.collect()
}

fn cell(extent: Extent, text: Text, fill: Option<Colour>, place: Place) -> Cell {
    Cell {
        row: extent.row,
        column: extent.column,
        row_span: extent.end_row - extent.row,
        column_span: extent.end_column - extent.column,
        text,
        fill,
        nested: Nested::default(),
        place,
    }
}

/// Where the texts of a part, and the printed cells under shapes, end (row, column); and its first column with text.
fn bounds(items: &[Item], part: &[u32], drawn: &[[u32; 4]]) -> (u32, u32, u32) {
    let part = || part.iter().map(|&i| &items[i as usize]);
    let extend = |(row, end, start): (u32, u32, u32), item: &Item| {
        (row.max(item.end_row), end.max(item.end_column), start.min(item.column))
    };
    let bounds = part().filter(|item| item.has_text()).fold((0, 0, u32::MAX), extend);
    // A colour beside a text may be what the text explains.
    let is_swatch = |item: &Item| {
        let near = item.end_column + SWATCH_DISTANCE > bounds.2 && item.column < bounds.1 + SWATCH_DISTANCE;
        !item.has_text() && item.style.fill.is_some() && near && item.end_row <= bounds.0
    };
    let bounds = part().filter(|item| is_swatch(item)).fold(bounds, |bounds, item| {
        (bounds.0, bounds.1.max(item.end_column.min(bounds.1 + SWATCH_DISTANCE)), bounds.2.min(item.column))
    });
    let is_outside = |item: &Item| item.end_row > bounds.0 || item.end_column > bounds.1 || item.column < bounds.2;
    let is_under = |item: &Item| {
        drawn.iter().any(|&[row, end_row, column, end_column]| {
            item.row < end_row && row < item.end_row && item.column < end_column && column < item.end_column
        })
    };
    let under = part().filter(|item| !drawn.is_empty() && !item.has_text() && is_outside(item) && is_under(item));
    under.fold(bounds, extend)
}

/// A cell's text: a line break typed into it is a hard line.
pub(super) fn text(raw: Arc<str>, place: &Place) -> Text {
    if !raw.contains(['\n', '\r']) {
        return if raw.is_empty() {
            Text { lines: Vec::new(), place: Some(place.clone()) }
        } else {
            Text::line(raw, place.clone())
        };
    }
    let mut lines: Vec<Line> = raw
        .split('\n')
        .map(|line| Line { raw: line.trim_end_matches('\r').into(), place: place.clone(), ..Line::default() })
        .collect();
    while lines.last().is_some_and(|line| line.raw.trim().is_empty()) {
        lines.pop();
    }
    Text { lines, place: Some(place.clone()) }
}
