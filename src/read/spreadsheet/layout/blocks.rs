//! A region as blocks: its ruled rows are a table, rows of one text outside the rules are titles and notes.

use super::items::Item;
use super::regions::{self, Region};
use super::{Context, table};
use crate::document::{Block, Heading, Paragraph};
use std::collections::BTreeSet;

/// A title is at most this many characters of one line.
const TITLE_LENGTH: usize = 60;

/// Adds a region's blocks.
pub(super) fn lay(context: &mut Context, region: Region) {
    let mut segments = segments(&context.items, &region);
    for i in 1..segments.len() {
        let (above, below) = segments.split_at_mut(i);
        let (Some(above), Some(below)) = (above.last_mut(), below.first_mut()) else { continue };
        let taken = if above.0 { body_of(&context.items, &above.1, &below.1) } else { 0 };
        above.1.extend(below.1.drain(..taken));
        let left = if below.0 { head_of(&context.items, &below.1, &above.1) } else { above.1.len() };
        below.1.splice(0..0, above.1.drain(left..));
    }
    segments.retain(|segment| !segment.1.is_empty());
    for (is_ruled, rows) in segments {
        if is_ruled {
            for part in regions::beside(&context.items, rows) {
                push_table(context, part);
            }
        } else {
            lay_unruled(context, rows);
        }
    }
}

/// Runs of rows that are ruled (a line stands left or right of a cell) and that are not, top down. Rows that one
/// cell covers stay together.
fn segments(items: &[Item], region: &[u32]) -> Vec<(bool, Region)> {
    let Some(top) = region.first().map(|&i| items[i as usize].row) else { return Vec::new() };
    let bottom = region.iter().map(|&i| items[i as usize].end_row).max().unwrap_or(top);
    let mut ruled = vec![false; (bottom - top) as usize];
    let rows = |item: &Item| (item.row - top) as usize..(item.end_row - top) as usize;
    let has_sides = |item: &Item| item.style.borders.left || item.style.borders.right;
    let has_ends = |item: &Item| item.style.borders.top || item.style.borders.bottom;
    let any_sides = region.iter().any(|&i| has_sides(&items[i as usize]));
    for item in region.iter().map(|&i| &items[i as usize]) {
        // In a table with horizontal rules only, those are what there is.
        if if any_sides { has_sides(item) } else { has_ends(item) } {
            ruled[rows(item)].fill(true);
        }
    }
    if !any_sides {
        // Between the first rule and the last everything is table.
        let first = ruled.iter().position(|&row| row);
        let last = ruled.iter().rposition(|&row| row);
        if let (Some(first), Some(last)) = (first, last) {
            ruled[first..=last].fill(true);
        }
    }
    for item in region.iter().map(|&i| &items[i as usize]).filter(|item| item.end_row - item.row > 1) {
        if ruled[rows(item)].contains(&true) {
            ruled[rows(item)].fill(true);
        }
    }
    let mut segments: Vec<(bool, Region)> = Vec::new();
    let mut end = top;
    for &i in region {
        let item = &items[i as usize];
        let is_ruled = ruled[(item.row - top) as usize];
        match segments.last_mut() {
            Some((kind, segment)) if *kind == is_ruled || item.row < end => segment.push(i),
            _ => segments.push((is_ruled, vec![i])),
        }
        end = end.max(item.end_row);
    }
    segments.retain(|(_, segment)| segment.iter().any(|&i| items[i as usize].has_text()));
    segments
}

/// How many items of the rows below a ruled head are its body, drawn without rules: rows of several texts that
/// begin where columns of the head begin.
fn body_of(items: &[Item], head: &[u32], rows: &[u32]) -> usize {
    let starts = starts(items, head);
    let (mut taken, mut end) = (0, 0);
    for line in lines(items, rows) {
        end += line.len();
        if is_row(items, &line) && is_aligned(items, &line, &starts) {
            taken = end;
        }
    }
    taken
}

/// How many items of the rows above a ruled body are left when its head, drawn without rules, is taken: the rows
/// next to it, with a text over most of its columns.
fn head_of(items: &[Item], body: &[u32], rows: &[u32]) -> usize {
    let starts = starts(items, body);
    let mut left = rows.len();
    for line in lines(items, rows).iter().rev() {
        let texts = line.iter().filter(|&&i| items[i as usize].has_text()).count();
        if texts * 2 < starts.len() || is_scattered(items, line) || !is_aligned(items, line, &starts) {
            break;
        }
        left -= line.len();
    }
    left
}

/// Where the columns of a part begin.
fn starts(items: &[Item], part: &[u32]) -> BTreeSet<u32> {
    part.iter().map(|&i| items[i as usize].column).collect()
}

fn is_aligned(items: &[Item], line: &[u32], starts: &BTreeSet<u32>) -> bool {
    line.iter().map(|&i| &items[i as usize]).all(|item| !item.has_text() || starts.contains(&item.column))
}

/// The lines of rows: items that begin in the same row, or beside one that is taller.
fn lines(items: &[Item], rows: &[u32]) -> Vec<Region> {
    let mut lines: Vec<Region> = Vec::new();
    let mut end = 0;
    for &i in rows {
        let item = &items[i as usize];
        match lines.last_mut() {
            Some(line) if item.row < end => line.push(i),
            _ => lines.push(vec![i]),
        }
        end = end.max(item.end_row);
    }
    lines
}

/// Rows without rules: those of one text above and below are titles and notes, what is between is a table.
fn lay_unruled(context: &mut Context, rows: Region) {
    let items = &context.items;
    let mut lines = lines(items, &rows);
    let first = lines.iter().position(|line| is_row(items, line));
    let last = lines.iter().rposition(|line| is_row(items, line));
    let (Some(first), Some(last)) = (first, last) else {
        return lines.into_iter().for_each(|line| push_line(context, &line));
    };
    let below = lines.split_off(last + 1);
    let table = lines.split_off(first);
    lines.into_iter().for_each(|line| push_line(context, &line));
    match table.as_slice() {
        [line] if is_scattered(&context.items, line) => push_line(context, line),
        _ => push_table(context, table.concat()),
    }
    below.into_iter().for_each(|line| push_line(context, &line));
}

/// Whether a line is a row of cells: several texts, or a text beside a colour that is not its own ground.
fn is_row(items: &[Item], line: &[u32]) -> bool {
    let line = || line.iter().map(|&i| &items[i as usize]);
    let ground = line().find(|item| item.has_text()).and_then(|item| item.style.fill);
    let swatch = |item: &Item| item.style.fill.is_some() && item.style.fill != ground;
    line().filter(|item| item.has_text() || swatch(item)).count() > 1
}

/// Whether the texts of a line stand apart, as a title and a date at the other edge do.
fn is_scattered(items: &[Item], line: &[u32]) -> bool {
    let texts = || line.iter().map(|&i| &items[i as usize]).filter(|item| item.has_text());
    texts().zip(texts().skip(1)).all(|(left, right)| right.column > left.end_column)
        && line.iter().all(|&i| items[i as usize].has_text())
}

/// Adds the texts of a row without rules.
fn push_line(context: &mut Context, line: &[u32]) {
    for &i in line {
        let item = &context.items[i as usize];
        if item.has_text() {
            let place = context.view.place(item.row, item.column, item.end_row, item.end_column);
            let look = item.style;
            let raw = std::mem::take(&mut context.items[i as usize].text);
            let text = table::text(raw, &place);
            let level = heading_level(context, &text, look);
            context.blocks.push(match level {
                Some(level) => Block::Heading(Heading { level, text }),
                None => Block::Paragraph(Paragraph { text }),
            });
        }
    }
}

fn push_table(context: &mut Context, part: Region) {
    let texts = part.iter().filter(|&&i| context.items[i as usize].has_text()).take(2).count();
    match texts {
        0 => {}
        1 if is_one_cell(context, &part) => push_line(context, &part),
        _ => table::push(context, &part),
    }
}

/// Whether all that a part has is one cell with text.
fn is_one_cell(context: &Context, part: &[u32]) -> bool {
    let blank = |&&i: &&u32| !context.items[i as usize].has_text();
    part.iter().filter(blank).count() == 0
}

/// The level of a line as a title, by its size against the body's; none where it looks like body text.
fn heading_level(context: &Context, text: &crate::document::Text, look: super::items::Look) -> Option<u8> {
    let [line] = text.lines.as_slice() else { return None };
    let raw = line.raw.trim();
    if raw.chars().count() > TITLE_LENGTH || raw.ends_with('。') || raw.starts_with(['※', '・', '(', '（']) {
        return None;
    }
    let ratio = if context.body_size > 0.0 && look.size > 0.0 { look.size / context.body_size } else { 1.0 };
    match ratio {
        ratio if ratio >= 1.8 => Some(1),
        ratio if ratio >= 1.4 => Some(2),
        ratio if ratio > 1.05 => Some(3),
        _ if look.bold => Some(4),
        _ if look.fill.is_some() => Some(5),
        _ => None,
    }
}
