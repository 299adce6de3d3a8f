//! The cells of a table of columns.
//!
//! Pieces of a row that stand under each other are one cell. The columns of the table are what its narrow cells
//! cover; wider ones span several of them. A cell that stands between two columns, in a row where neither has a
//! cell of its own, spans both.

use super::super::super::inline::Lines;
use super::super::super::lines::{Source, trimmed, width};
use super::super::super::prose;
use super::super::{Budget, Content, TableBuilder};
use super::pieces::{Segment, overlap};
use super::region::Region;
use super::rows::{self, Row, Stack, ragged};
use super::series;
use crate::document::{Cell, Place, Table};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

/// The narrowest column, in columns of an even print, in which a line that runs up to the edge says that the next
/// one goes on it.
const NARROWEST_LABEL: usize = 8;

/// How many times nearer to one head than to the next values stand that are its own.
const CLEARLY: usize = 2;

/// The table that a region is, and the index of the line after it; none where it is a single row.
pub(super) fn build(source: &Source, region: &Region, budget: &mut Budget) -> Option<(Table, usize)> {
    let mut rows = rows::rows(source, region);
    if rows.len() < 2 {
        return None;
    }
    rows.iter_mut().for_each(|row| row.cells.sort_by_key(|cell| cell.span.start));
    let columns = columns(&rows, &series::heads(source, region, &rows));
    let count = columns.len();
    let (first, last) = (region.lines.first()?.at, region.lines.last()?.at);
    let number = |index: usize| source.lines[region.lines[index].at].number;
    let mut covers: Vec<Vec<Range<usize>>> = rows.iter().map(|row| cover(row, &columns)).collect();
    head_numbers(source, region, &rows, &mut covers, count);
    for row in series::spread(source, region, &rows, &mut covers) {
        let lines = rows[row].lines;
        budget.guessed.push(Place::Lines { line: number(lines.0), end_line: number(lines.1) });
    }
    let widest = widest(source, region, &rows, &covers);
    let mut table = TableBuilder::new(source.lines[first].number);
    // The row down to which the cell of each column reaches.
    let mut reaches = vec![0; count];
    for (row, (of, covers)) in (0..).zip(rows.iter().zip(covers)) {
        if !table.fits(count as u32) {
            budget.exceeded = true;
            break;
        }
        let place = Place::Lines { line: number(of.lines.0), end_line: number(of.lines.1) };
        let mut next = 0;
        let mut put = |covered: Range<usize>, row_span: u32, content: Content| {
            let free = reaches[covered.clone()].iter().all(|reach| *reach <= row);
            if free && budget.take_cell() {
                reaches[covered.clone()].fill(row + row_span);
                let Content { text, nested, place } = content;
                let (column, column_span) = (covered.start as u32, covered.len() as u32);
                table.push(Cell { row, column, row_span, column_span, text, fill: None, nested: nested.into(), place });
            }
        };
        let blank = || Content { place: place.clone(), ..Content::default() };
        for (cell, covered) in of.cells.iter().zip(covers) {
            // A column that nothing covers is a blank cell.
            (next..covered.start).for_each(|column| put(column..column + 1, 1, blank()));
            next = covered.end;
            let widest = widest.get(&covered).copied().unwrap_or(0);
            put(covered, cell.rows, content(source, region, &cell.pieces, widest));
        }
        (next..count).for_each(|column| put(column..column + 1, 1, blank()));
    }
    Some((table.finish(source.lines[last].number)?, last + 1))
}

/// The columns that an extent touches.
fn touched(span: &Range<usize>, columns: &[Range<usize>]) -> Option<Range<usize>> {
    let start = columns.partition_point(|column| column.end <= span.start);
    let end = columns.partition_point(|column| column.start < span.end);
    (start < end).then_some(start..end)
}

/// The columns of a table: what its cells cover, the narrow ones first, so that wider ones span several.
fn columns(rows: &[Row], heads: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.span.clone()).collect();
    spans.sort_by_key(|span| (span.len(), span.start));
    spans.dedup();
    let mut columns: Vec<Range<usize>> = Vec::new();
    for span in spans {
        let start = columns.partition_point(|column| column.end <= span.start);
        let end = columns.partition_point(|column| column.start < span.end);
        match end.saturating_sub(start) {
            0 => columns.insert(start, span),
            1 => {
                let column = &mut columns[start];
                *column = column.start.min(span.start)..column.end.max(span.end);
            }
            _ => {}
        }
    }
    without_strays(series::in_order(under_heads(columns, rows), rows, heads), rows)
}

/// The columns, those without a head joined to the one beside them whose cells they are: heads are often centred and
/// values set left or right. Two that have cells in one row stay apart, and one that is as near to another head.
fn under_heads(columns: Vec<Range<usize>>, rows: &[Row]) -> Vec<Range<usize>> {
    let Some(head) = rows.iter().filter(|row| !row.title).max_by_key(|row| (row.cells.len(), Reverse(row.lines.0)))
    else {
        return columns;
    };
    // The cells of each row that stand in one column, and in which.
    let alone = |row: &Row| -> Vec<bool> {
        let mut held = vec![false; columns.len()];
        for cell in &row.cells {
            if let Some(touched) = touched(&cell.span, &columns).filter(|touched| touched.len() == 1) {
                held[touched.start] = true;
            }
        }
        held
    };
    let held: Vec<Vec<bool>> = rows.iter().map(alone).collect();
    let heads = alone(head);
    let together = |a: usize, b: usize| held.iter().any(|row| row[a] && row[b]);
    let distance = |a: usize, b: usize| {
        let middle = |column: &Range<usize>| column.start + column.end;
        middle(&columns[a]).abs_diff(middle(&columns[b]))
    };
    let joins = |at: usize| -> Option<usize> {
        if heads[at] || !held.iter().any(|row| row[at]) {
            return None;
        }
        let beside = [at.checked_sub(1), Some(at + 1).filter(|next| *next < columns.len())];
        let fits = |other: &usize| heads[*other] && !together(at, *other);
        match beside.map(|other| other.filter(fits)) {
            [Some(left), Some(right)] => {
                let (nearer, farther) =
                    if distance(at, left) <= distance(at, right) { (left, right) } else { (right, left) };
                (distance(at, nearer) * CLEARLY < distance(at, farther)).then_some(nearer)
            }
            [one, other] => one.or(other),
        }
    };
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let to_left = at > 0 && (joins(at) == Some(at - 1) || joins(at - 1) == Some(at));
        match joined.last_mut() {
            Some(last) if to_left => last.end = column.end,
            _ => joined.push(column.clone()),
        }
    }
    joined
}

/// The columns without those whose cells stand between two others that have none in these rows, but elsewhere.
fn without_strays(mut columns: Vec<Range<usize>>, rows: &[Row]) -> Vec<Range<usize>> {
    let mut at = 2;
    while at < columns.len() {
        let alone = |cell: &Stack| touched(&cell.span, &columns).is_some_and(|touched| touched.len() == 1);
        let holds =
            |row: &Row, column: &Range<usize>| row.cells.iter().any(|cell| overlap(&cell.span, column) && alone(cell));
        let mut counts = [0usize; 3];
        let mut apart = true;
        for row in rows {
            let held = [at - 1, at, at + 1].map(|column| columns.get(column).is_some_and(|column| holds(row, column)));
            counts.iter_mut().zip(held).for_each(|(count, held)| *count += usize::from(held));
            apart &= !(held[1] && (held[0] || held[2]));
        }
        if apart && counts[0] > counts[1] && (counts[2] > counts[1] || at + 1 == columns.len()) {
            columns.remove(at);
        } else {
            at += 1;
        }
    }
    columns
}

/// The columns that each cell of a row covers; cells of one column are apart.
fn cover(row: &Row, columns: &[Range<usize>]) -> Vec<Range<usize>> {
    if row.title {
        return std::iter::once(0..columns.len()).collect();
    }
    let mut found: Vec<Range<usize>> = Vec::with_capacity(row.cells.len());
    for (index, stack) in row.cells.iter().enumerate() {
        let next =
            row.cells.get(index + 1).and_then(|next| touched(&next.span, columns)).map_or(columns.len(), |c| c.start);
        let before = found.last().map_or(0, |last| last.end);
        let covered = touched(&stack.span, columns).unwrap_or_else(|| {
            let right = columns.partition_point(|column| column.end <= stack.span.start);
            right.saturating_sub(1)..(right + 1).min(columns.len())
        });
        let start = covered.start.max(before).min(columns.len() - 1);
        let end = covered.end.min(next.max(start + 1)).max(start + 1);
        found.push(start..end);
    }
    found
}

/// Lets the head of a column reach over the column before it where that has only the numbers of what stands below it.
fn head_numbers(source: &Source, region: &Region, rows: &[Row], covers: &mut [Vec<Range<usize>>], count: usize) {
    let is_number = |(line, piece): &(usize, &Segment)| {
        trimmed(&source.get(region.lines[*line].at)[piece.bytes.clone()]).parse::<u8>().is_ok()
    };
    for column in 0..count.saturating_sub(1) {
        let cells = rows.iter().zip(&*covers).enumerate().flat_map(|(row, (of, covers))| {
            of.cells
                .iter()
                .zip(covers)
                .filter(|(_, covered)| covered.contains(&column))
                .map(move |(cell, of)| (row, cell, of))
        });
        let numbers = |covered: &Range<usize>, cell: &Stack| covered.len() == 1 && cell.pieces.iter().all(is_number);
        let mut first = None;
        let mut only_numbers = true;
        for (row, cell, covered) in cells {
            first.get_or_insert(row);
            only_numbers &= numbers(covered, cell);
        }
        let Some(first) = first.filter(|first| *first > 0 && only_numbers) else { continue };
        for covers in &mut covers[..first] {
            if let Some(head) = covers.iter_mut().find(|covered| covered.start == column + 1) {
                head.start = column;
            }
        }
    }
}

/// How wide the widest line of the cells in each range of columns is, in columns of an even print.
fn widest(
    source: &Source,
    region: &Region,
    rows: &[Row],
    covers: &[Vec<Range<usize>>],
) -> HashMap<Range<usize>, usize> {
    let mut widest: HashMap<Range<usize>, usize> = HashMap::new();
    for (stack, covered) in rows.iter().flat_map(|row| &row.cells).zip(covers.iter().flatten()) {
        let text = |(line, piece): &(usize, &Segment)| width(&source.get(region.lines[*line].at)[piece.bytes.clone()]);
        let width = stack.pieces.iter().map(text).max().unwrap_or(0);
        let known = widest.entry(covered.clone()).or_insert(width);
        *known = width.max(*known);
    }
    widest
}

/// The cell of pieces from one or several lines, in columns where the widest line has the given width.
fn content(source: &Source, region: &Region, pieces: &[(usize, &Segment)], widest: usize) -> Content {
    let mut lines = Lines::default();
    let mut before: Option<(&str, usize)> = None;
    let margin = if widest >= NARROWEST_LABEL { widest.saturating_sub(ragged(widest)) } else { usize::MAX };
    for (index, piece) in pieces {
        let at = region.lines[*index].at;
        let text = trimmed(&source.get(at)[piece.bytes.clone()]);
        match before {
            Some((_, line)) if line == *index => lines.push(" ", source.lines[at].number),
            Some((before, _)) if !prose::continues(before, text, margin) => lines.hard_break(),
            _ => {}
        }
        match before {
            Some((_, line)) if line == *index => lines.push(text, source.lines[at].number),
            _ => lines.push_wrapped(text, source.lines[at].number),
        }
        before = Some((text, *index));
    }
    let text = lines.take();
    let place = text.place.clone().unwrap_or_default();
    Content { text, nested: Vec::new(), place }
}
