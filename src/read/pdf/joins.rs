//! Tables that run over page breaks, put together.

use super::blocks::{Built, bbox};
use super::grid::Lattice;
use super::script;
use crate::document::{Cell, Overlay, Place, Table, Text};

/// Edges nearer than this, in points, are the same edge on both pages.
const SAME_EDGE: f32 = 3.0;

/// Head rows that may be repeated on every page.
const MOST_HEAD_ROWS: u32 = 5;

/// How much more room than its first row needs, in points, may be left below a table that goes on on the next page.
const ROOM_LEFT: f32 = 12.0;

/// Joins the last table of each page with the first one of the next where the one goes on in the other.
pub(super) fn join(pages: &mut [Vec<Built>]) {
    let bottom = pages.iter().flatten().filter_map(bbox).map(|bbox| bbox[3]).fold(0.0, f32::max);
    // The page on which the table in hand stands, and the lower edge of its last part.
    let mut open: Option<usize> = None;
    for page in 0..pages.len() {
        let (before, rest) = pages.split_at_mut(page);
        let here = &mut rest[0];
        if let Some(start) = open
            && let Some(Built::Table(first)) = before[start].last_mut()
            && let Some(Built::Table(next)) = here.first_mut()
            && goes_on(first, next, bottom)
        {
            append(first, next);
            here.remove(0);
            if here.is_empty() {
                continue;
            }
        }
        open = matches!(here.last(), Some(Built::Table(_))).then_some(page);
    }
}

type Part = (Table, Lattice);

/// Whether a table goes on in the first one of the next page.
fn goes_on((table, lattice): &Part, (next_table, next): &Part, bottom: f32) -> bool {
    let same_sides = near(lattice.bbox[0], next.bbox[0]) && near(lattice.bbox[2], next.bbox[2]);
    if lattice.guessed && next.guessed {
        // Guessed edges differ with the texts of each page: the repeated heads tell.
        return lattice.xs.len() == next.xs.len() && repeated(table, next_table) > 0;
    }
    if !same_sides || table.ragged || next_table.ragged || table.rows == 0 || next_table.rows == 0 {
        return false;
    }
    if lattice.open_bottom || next.open_top {
        return true;
    }
    let same_edges = lattice.xs.len() == next.xs.len() && lattice.xs.iter().zip(&next.xs).all(|(a, b)| near(*a, *b));
    let first_row = next.ys.get(1).zip(next.ys.first()).map_or(0.0, |(end, start)| end - start);
    let full = bottom - lattice.bbox[3] <= first_row + ROOM_LEFT;
    if !same_edges || !full {
        return false;
    }
    let begins_again = || {
        let first = |table: &Table| table.row(0).first().map(|cell| cell.text.raw().into_owned()).unwrap_or_default();
        first(table) == first(next_table) && !first(table).is_empty()
    };
    repeated(table, next_table) > 0 || !begins_again()
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() <= SAME_EDGE
}

/// How many head rows of a table the next part repeats.
fn repeated(table: &Table, next: &Table) -> u32 {
    let row = |table: &Table, row: u32| -> Vec<(u32, u32, String)> {
        table.row(row).iter().map(|cell| (cell.column, cell.column_span, cell.text.raw().into_owned())).collect()
    };
    let most = MOST_HEAD_ROWS.min(table.rows.saturating_sub(1)).min(next.rows);
    let same = (0..most).take_while(|&at| row(table, at) == row(next, at)).count() as u32;
    let filled = |at: u32| table.row(at).iter().filter(|cell| !cell.text.is_blank()).count();
    // A single filled cell may head both parts of a form.
    if (0..same).any(|at| filled(at) >= 2) { same } else { 0 }
}

/// Adds the next part of a table to the first one.
fn append((table, lattice): &mut Part, (next_table, next): &mut Part) {
    let cut = lattice.open_bottom || next.open_top;
    let xs = if lattice.guessed { lattice.xs.clone() } else { merged(&lattice.xs, &next.xs) };
    if lattice.guessed {
        next.xs.clone_from(&xs);
    }
    stretch(table, &lattice.xs, &xs);
    stretch(next_table, &next.xs, &xs);
    let skipped = repeated(table, next_table);
    let shift = table.rows;
    let mut cells: Vec<Cell> = std::mem::take(&mut next_table.cells);
    cells.retain(|cell| cell.row >= skipped);
    cells.iter_mut().for_each(|cell| cell.row = cell.row - skipped + shift);
    let mut overlays: Vec<Overlay> = std::mem::take(&mut next_table.overlays);
    overlays.retain(|overlay| overlay.row >= skipped);
    overlays.iter_mut().for_each(|overlay| overlay.row = overlay.row - skipped + shift);

    let rows = next_table.rows - skipped;
    let goes_on = if rows > 0 { row_goes_on(table, &cells, shift, cut) } else { RowCut::None };
    if goes_on == RowCut::Whole {
        // The first row is the rest of the last one: its cells' texts go on, and all below moves up.
        for cell in cells.iter_mut().filter(|cell| cell.row == shift) {
            if let Some(above) = above(table, cell, shift) {
                continue_text(&mut table.cells[above].text, std::mem::take(&mut cell.text));
                table.cells[above].nested.extend(std::mem::take(&mut cell.nested));
                table.cells[above].row_span += cell.row_span - 1;
                cell.row_span = 0;
            }
        }
        cells.retain(|cell| cell.row_span > 0);
        cells.iter_mut().filter(|cell| cell.row > shift).for_each(|cell| cell.row -= 1);
        // What has nothing above it to go on stays a cell of the last row's own continuation.
        cells.iter_mut().filter(|cell| cell.row == shift).for_each(|cell| {
            cell.row_span = cell.row_span.saturating_sub(1).max(1);
        });
        overlays.iter_mut().for_each(|overlay| overlay.row -= 1);
        table.rows -= 1;
    } else if goes_on == RowCut::Labels {
        // Blank cells at the row's beginning belong to the labels above.
        for cell in cells.iter_mut().filter(|cell| cell.row == shift && cell.text.is_blank()) {
            if let Some(above) = above(table, cell, shift) {
                table.cells[above].row_span += cell.row_span;
                cell.row_span = 0;
            } else {
                break;
            }
        }
        cells.retain(|cell| cell.row_span > 0);
    }
    table.cells.append(&mut cells);
    table.cells.sort_by_key(|cell| (cell.row, cell.column));
    table.overlays.append(&mut overlays);
    table.rows += rows;
    table.columns = xs.len() as u32 - 1;
    lattice.xs = xs;
    lattice.bbox[3] = next.bbox[3];
    lattice.open_bottom = next.open_bottom;
}

/// What of a row the page break cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowCut {
    None,
    /// Only labels that span rows.
    Labels,
    Whole,
}

/// Whether the first row of the next part (its cells have the row number `shift`) is the rest of the last one.
fn row_goes_on(table: &Table, cells: &[Cell], shift: u32, cut: bool) -> RowCut {
    let first: Vec<&Cell> = cells.iter().filter(|cell| cell.row == shift).collect();
    let all_above = !first.is_empty() && first.iter().all(|cell| above(table, cell, shift).is_some());
    if cut {
        return if all_above { RowCut::Whole } else { RowCut::None };
    }
    let blank_label = first.first().is_some_and(|cell| cell.column == 0 && cell.text.is_blank());
    if !blank_label {
        return RowCut::None;
    }
    let label_above = first.first().and_then(|cell| above(table, cell, shift));
    if label_above.is_none_or(|at| table.cells[at].text.is_blank()) {
        return RowCut::None;
    }
    let filled: Vec<&&Cell> = first.iter().filter(|cell| !cell.text.is_blank()).collect();
    let unfinished = filled.iter().any(|cell| {
        above(table, cell, shift).is_some_and(|at| {
            let text = table.cells[at].text.raw();
            !text.trim_end().is_empty() && !text.trim_end().ends_with(['。', '）', ')', '」', '．'])
        })
    });
    if all_above && filled.len() == 1 && first.len() > 1 && unfinished { RowCut::Whole } else { RowCut::Labels }
}

/// The cell of a table's last row that stands in the same columns as a cell of the next part.
fn above(table: &Table, cell: &Cell, rows: u32) -> Option<usize> {
    table.cells.iter().rposition(|above| {
        above.end_row() == rows && above.column == cell.column && above.column_span == cell.column_span
    })
}

/// Adds the rest of a text that a page break parted.
fn continue_text(text: &mut Text, rest: Text) {
    let mut lines = rest.lines.into_iter();
    if let (Some(last), Some(first)) = (text.lines.last_mut(), lines.as_slice().first()) {
        let ends = last.raw.ends_with(['。', '．', '！', '？', ':', '：']);
        let begins = script::begins_bullet(&first.raw) || script::begins_number(&first.raw);
        if !ends && !begins {
            last.grow(|raw| script::push_joined(raw, &first.raw));
            lines.next();
        }
    }
    text.lines.extend(lines);
    text.place = text.lines.iter().map(|line| line.place.clone()).reduce(|a: Place, b| a.union(&b));
}

/// The edges of both, in order.
fn merged(a: &[f32], b: &[f32]) -> Vec<f32> {
    let mut all: Vec<f32> = a.to_vec();
    all.extend(b.iter().filter(|x| !a.iter().any(|other| near(*other, **x))));
    all.sort_by(f32::total_cmp);
    all
}

/// Counts a table's columns by other edges, which hold all of its own.
fn stretch(table: &mut Table, own: &[f32], edges: &[f32]) {
    let new: Vec<u32> = own
        .iter()
        .map(|x| {
            let nearest = edges.iter().enumerate().min_by(|a, b| (a.1 - x).abs().total_cmp(&(b.1 - x).abs()));
            nearest.map_or(0, |(at, _)| at as u32)
        })
        .collect();
    let at = |column: u32| new.get(column as usize).copied().unwrap_or(0);
    for cell in &mut table.cells {
        let end = at(cell.end_column());
        cell.column = at(cell.column);
        cell.column_span = end.saturating_sub(cell.column).max(1);
    }
    let position = |place: f32| {
        let column = place.floor().max(0.0) as usize;
        match (own.get(column), own.get(column + 1)) {
            (Some(x0), Some(x1)) => {
                let x = x0 + (place - column as f32) * (x1 - x0);
                let slot = edges.partition_point(|edge| *edge <= x).clamp(1, edges.len() - 1) - 1;
                slot as f32 + ((x - edges[slot]) / (edges[slot + 1] - edges[slot]).max(0.01)).clamp(0.0, 1.0)
            }
            _ => (edges.len() - 1) as f32,
        }
    };
    for overlay in &mut table.overlays {
        (overlay.start, overlay.end) = (position(overlay.start), position(overlay.end));
    }
    table.columns = edges.len() as u32 - 1;
}
