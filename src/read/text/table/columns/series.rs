//! Columns whose heads count on (R4, R5, R6 …), and figures that stand in the middle of several of them.
//!
//! A print sets a cell that was merged over three columns in the middle of the second one, and nothing tells it from
//! a cell of that column but the blanks on both sides: where the figures of a row and the blanks around them fill the
//! columns evenly, each figure in the middle of its own, they were merged.

use super::super::super::lines::{Source, trimmed};
use super::pieces::{Segment, overlap};
use super::region::Region;
use super::rows::{Row, Stack};
use std::ops::Range;

/// The fewest columns whose heads count on.
const FEWEST: usize = 3;

/// From how many figures on, at even distances of two columns or more, a row is one that was counted so rarely.
const PERIODIC: usize = 3;

/// How far, in columns of the page, a figure stands from the middle of the columns that it was merged over.
const OFF_MIDDLE: usize = 4;

/// Lets figures cover the columns that they were merged over; the rows where it was guessed, for the reader to say so.
pub(super) fn spread(source: &Source, region: &Region, rows: &[Row], covers: &mut [Vec<Range<usize>>]) -> Vec<usize> {
    let text = |stack: &Stack| -> String {
        let piece =
            |(line, piece): &(usize, &Segment)| trimmed(&source.get(region.lines[*line].at)[piece.bytes.clone()]);
        stack.pieces.iter().map(piece).collect()
    };
    let mut heads: Vec<(usize, Range<usize>)> = Vec::new();
    let mut guessed = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(series) = series(row, &covers[index], text) {
            heads = series;
            continue;
        }
        if let Some(groups) = groups(row, &covers[index], &heads, text) {
            for (cell, group) in groups {
                covers[index][cell] = group;
            }
            guessed.push(index);
        }
    }
    guessed
}

/// The columns of a row's longest run of heads that count on, each with its columns of the page.
fn series(row: &Row, covers: &[Range<usize>], text: impl Fn(&Stack) -> String) -> Option<Vec<(usize, Range<usize>)>> {
    let mut best: Vec<(usize, Range<usize>)> = Vec::new();
    let mut run: Vec<(usize, Range<usize>)> = Vec::new();
    let mut before: Option<(String, u32)> = None;
    for (cell, covered) in row.cells.iter().zip(covers) {
        let counted = Some(covered).filter(|covered| covered.len() == 1).and_then(|_| counted(&text(cell)));
        let goes_on = before.as_ref().zip(counted.as_ref()).is_some_and(|(before, this)| {
            before.0 == this.0
                && before.1.checked_add(1) == Some(this.1)
                && run.last().is_some_and(|(column, _)| column + 1 == covered.start)
        });
        if !goes_on {
            run.clear();
        }
        if counted.is_some() {
            run.push((covered.start, cell.span.clone()));
        }
        before = counted;
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    (best.len() >= FEWEST).then_some(best)
}

/// A head's first number, and what is printed around its figures.
fn counted(head: &str) -> Option<(String, u32)> {
    let figures: String = head.chars().skip_while(|c| !c.is_numeric()).take_while(|c| c.is_numeric()).collect();
    let digits: String = figures.chars().filter_map(|c| Some(char::from(b'0' + digit(c)?))).collect();
    let around = head.chars().filter(|c| !c.is_numeric()).collect();
    Some((around, digits.parse().ok()?))
}

/// A digit, of full width too.
fn digit(c: char) -> Option<u8> {
    match c {
        '0'..='9' => Some(c as u8 - b'0'),
        '\u{ff10}'..='\u{ff19}' => Some((u32::from(c) - 0xff10) as u8),
        _ => None,
    }
}

/// The columns that each figure of a row stands in the middle of, where some were merged.
fn groups(
    row: &Row,
    covers: &[Range<usize>],
    heads: &[(usize, Range<usize>)],
    text: impl Fn(&Stack) -> String,
) -> Option<Vec<(usize, Range<usize>)>> {
    let (first, last) = (heads.first()?.0, heads.last()?.0);
    let inside = |covered: &Range<usize>| covered.start <= last && covered.end > first;
    let values: Vec<(usize, &Stack, usize)> = (row.cells.iter().zip(covers).enumerate())
        .filter(|(_, (_, covered))| inside(covered))
        .map(|(index, (cell, covered))| (index, cell, covered.start))
        .collect();
    let single = covers.iter().filter(|covered| inside(covered)).all(|covered| covered.len() == 1);
    let figures = values.iter().all(|(_, cell, _)| text(cell).contains(char::is_numeric));
    let spaces: Vec<usize> = values.windows(2).map(|pair| pair[1].2 - pair[0].2).collect();
    let periodic = values.len() >= PERIODIC && spaces.iter().all(|space| *space == spaces[0]);
    if row.title || !single || !figures || periodic || values.len() < 2 || values.len() > last - first {
        return None;
    }
    let mut found = Vec::new();
    let mut next = first;
    for (index, cell, column) in values {
        let half = column.checked_sub(next)?;
        let group = next..column + half + 1;
        if group.end > last + 1 {
            return None;
        }
        let page = heads[group.start - first].1.start + heads[group.end - 1 - first].1.end;
        if half > 0 && (cell.span.start + cell.span.end).abs_diff(page) > OFF_MIDDLE {
            return None;
        }
        next = group.end;
        found.push((index, group));
    }
    (next == last + 1).then_some(found)
}

/// The columns of a table, those joined that heads which count on and rows of as many values share in order: heads are
/// centred, and a figure may stand so far off its head that they do not overlap.
pub(super) fn in_order(columns: Vec<Range<usize>>, rows: &[Row], heads: &[Range<usize>]) -> Vec<Range<usize>> {
    // A label stands before the values.
    let values = |row: &Row| -> Option<Vec<Range<usize>>> {
        let values: Vec<_> =
            row.cells.iter().map(|cell| cell.span.clone()).filter(|span| span.end > heads[0].start).collect();
        let fits = |(at, span): (usize, &Range<usize>)| {
            heads.iter().enumerate().all(|(head, of)| at == head || !overlap(of, span))
        };
        (!row.title && values.len() == heads.len() && values.iter().enumerate().all(fits)).then_some(values)
    };
    let Some(first) = heads.first() else { return columns };
    let mut hulls: Vec<Range<usize>> = heads.to_vec();
    for row in rows
        .iter()
        .filter(|row| row.cells.iter().any(|cell| overlap(&cell.span, first) || cell.span.start > first.start))
    {
        for (hull, value) in hulls.iter_mut().zip(values(row).into_iter().flatten()) {
            *hull = hull.start.min(value.start)..hull.end.max(value.end);
        }
    }
    let touching = |column: &Range<usize>| hulls.iter().position(|hull| overlap(hull, column));
    let apart = hulls.windows(2).all(|pair| pair[0].end <= pair[1].start);
    if !apart || columns.iter().any(|column| hulls.iter().filter(|hull| overlap(hull, column)).count() > 1) {
        return columns;
    }
    let mut joined: Vec<(Option<usize>, Range<usize>)> = Vec::with_capacity(columns.len());
    for column in columns {
        let hull = touching(&column);
        match joined.last_mut() {
            Some((before, last)) if hull.is_some() && *before == hull => last.end = column.end,
            _ => joined.push((hull, column)),
        }
    }
    joined.into_iter().map(|(_, column)| column).collect()
}

/// The columns of the page of the heads that count on longest.
pub(super) fn heads(source: &Source, region: &Region, rows: &[Row]) -> Vec<Range<usize>> {
    let text = |stack: &Stack| text(source, region, stack);
    let series = rows.iter().filter_map(|row| {
        let each: Vec<Range<usize>> = (0..row.cells.len()).map(|cell| cell..cell + 1).collect();
        series(row, &each, text)
    });
    let best = series.max_by_key(Vec::len).unwrap_or_default();
    best.into_iter().map(|(_, span)| span).collect()
}

fn text(source: &Source, region: &Region, stack: &Stack) -> String {
    let piece = |(line, piece): &(usize, &Segment)| trimmed(&source.get(region.lines[*line].at)[piece.bytes.clone()]);
    stack.pieces.iter().map(piece).collect()
}
