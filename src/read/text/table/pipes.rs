//! Pipe tables: Markdown with or without a head rule, grids drawn with `+--+` or box characters.

use super::super::lines::{Source, is_space};
use super::super::prose;
use super::{Budget, Content, LineFeed, MAX_COLUMNS, TableBuilder};
use crate::document::{Table, Text};

/// How many lines a row whose closing pipe is missing may run over.
const LOOKAHEAD: usize = 30;

/// Characters between the cells of a row.
const BARS: [char; 4] = ['|', '│', '┃', '｜'];

/// What a line is in a pipe table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Row,
    /// The rule below a Markdown head.
    HeadRule,
    /// A rule of a drawn grid: what stands between two of them is one row.
    GridRule,
}

/// Whether a line is a row or a rule of a pipe table: it begins with a bar (a bullet or quote mark may stand
/// before it) and has another.
pub(in super::super) fn is_row(line: &str) -> bool {
    let line = unmarked(line);
    line.starts_with(BARS) && line.chars().skip(1).any(|c| BARS.contains(&c)) || grid_rule(line)
}

/// Whether a line is a row without outer bars, and the next one the rule below it.
pub(in super::super) fn is_bare_head(line: &str, next: &str) -> bool {
    let next = unmarked(next);
    line.contains('|') && next.contains('|') && rule_cells(next).is_some_and(|cells| cells >= 2)
}

/// A line without the bullet or quote mark that damage put before its bar.
fn unmarked(line: &str) -> &str {
    let line = line.trim_matches(is_space);
    let rest = line.trim_start_matches(['>', ' ']);
    prose::bullet(rest).filter(|rest| rest.starts_with(BARS)).unwrap_or(rest)
}

/// The table that begins on a line, and the index of the line after it.
pub(in super::super) fn read(source: &Source, first: usize, budget: &mut Budget) -> Option<(Table, usize)> {
    let bare = !unmarked(source.get(first)).starts_with(BARS) && !grid_rule(unmarked(source.get(first)));
    let mut rows: Vec<Vec<Content>> = Vec::new();
    let (mut ruled, mut grid) = (false, false);
    let mut at = first;
    let mut columns = 0;
    // Inside a drawn grid: whether the next line adds to the row above.
    let mut joins = false;
    while at < source.lines.len() {
        let begins = source.lines[at];
        if at > first && (begins.gap || begins.page_break) {
            break;
        }
        let line = unmarked(source.get(at));
        match kind(line, rows.len() <= 1 && !ruled) {
            _ if !(line.starts_with(BARS) || grid_rule(line) || bare && line.contains('|')) => break,
            Kind::HeadRule => {
                // The head that Markdown asks for may be empty: then it is no row of the table.
                if rows.len() == 1 && rows[0].iter().all(Content::is_blank) {
                    rows.clear();
                }
                ruled = true;
                at += 1;
                continue;
            }
            Kind::GridRule => {
                (grid, joins) = (true, false);
                at += 1;
                continue;
            }
            Kind::Row => {}
        }
        let last = row_end(source, at, line);
        let text = if last > at { unmarked(source.span(at, last)) } else { line };
        let number = begins.number;
        let cells: Vec<Content> = cells(text).map(|cell| content(cell, text, number, budget)).collect();
        if cells.len() > MAX_COLUMNS as usize {
            break;
        }
        at = last + 1;
        if joins && rows.last().is_some_and(|above| above.len() == cells.len()) {
            if let Some(above) = rows.last_mut() {
                for (cell, more) in above.iter_mut().zip(cells) {
                    append(cell, more);
                }
            }
            continue;
        }
        columns = columns.max(cells.len());
        if (rows.len() as u64 + 1) * columns as u64 > super::MAX_AREA {
            at -= 1;
            break;
        }
        rows.push(cells);
        joins = grid;
    }
    let mut table = TableBuilder::new(source.lines[first].number);
    if rows.iter().any(|row| row.len() != columns) {
        table.ragged();
    }
    for row in rows {
        table.push_row(row, budget);
    }
    Some((table.finish(source.lines[at - 1].number)?, at))
}

/// The cell whose source is a part of `row`, a text that begins on the physical line `number`.
fn content(cell: &str, row: &str, number: u32, budget: &mut Budget) -> Content {
    let offset = cell.as_ptr() as usize - row.as_ptr() as usize;
    let above = row[..offset].bytes().filter(|&byte| byte == b'\n').count() as u32;
    Content::of(cell, number + above, LineFeed::Open, budget)
}

/// Adds the next physical line of a grid's cell.
fn append(cell: &mut Content, more: Content) {
    if more.is_blank() {
        return;
    }
    cell.place = cell.place.union(&more.place);
    let wraps = match (cell.text.lines.last(), more.text.lines.first()) {
        (Some(last), Some(next)) => prose::continues(&last.raw, &next.raw, prose::WIDE),
        _ => false,
    };
    let mut lines = std::mem::take(&mut cell.text.lines);
    let mut further = more.text.lines.into_iter();
    if wraps && let (Some(last), Some(next)) = (lines.last_mut(), further.next()) {
        last.grow(|raw| raw.push_str(&next.raw));
        last.place = last.place.union(&next.place);
    }
    lines.extend(further);
    cell.text = Text::of(lines);
    cell.nested.extend(more.nested);
}

/// The index of the line that a row ends on: the row's own, or the one further on that brings the missing bar.
fn row_end(source: &Source, at: usize, line: &str) -> usize {
    let closed = |line: &str| line.trim_end_matches(is_space).ends_with(BARS);
    let openers = line.starts_with(BARS);
    if !openers || closed(line) {
        return at;
    }
    for next in at + 1..source.lines.len().min(at + 1 + LOOKAHEAD) {
        let line = source.get(next);
        if source.lines[next].page_break || source.lines[next].gap || is_row(line) {
            return at;
        }
        if closed(line) {
            return next;
        }
    }
    at
}

fn kind(line: &str, below_head: bool) -> Kind {
    if grid_rule(line) {
        return Kind::GridRule;
    }
    match rule_cells(line) {
        // Below the head any rule counts; further down only a plain one, since `--` may stand for "none".
        Some(_) if below_head || line.contains("---") => Kind::HeadRule,
        _ => Kind::Row,
    }
}

/// The number of cells of a Markdown rule (`|---|:-:|`); none for other lines.
fn rule_cells(line: &str) -> Option<usize> {
    if !line.contains("--") || !line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t')) {
        return None;
    }
    let mut count = 0;
    for cell in cells(line) {
        let dashes = cell.trim().trim_matches(':');
        if dashes.len() == 1 && !cell.contains(':') || dashes.contains(' ') {
            return None;
        }
        count += 1;
    }
    Some(count)
}

/// Whether a line is a rule of a drawn grid: `+---+---+`, `├──┼──┤`.
fn grid_rule(line: &str) -> bool {
    let drawn = |c: char| ('\u{2500}'..='\u{257f}').contains(&c);
    let mut characters = line.chars();
    match characters.next() {
        Some('+') => {
            line.len() > 2 && line.ends_with('+') && line.bytes().all(|b| matches!(b, b'+' | b'-' | b'=' | b':'))
        }
        Some(first) if drawn(first) && !BARS.contains(&first) => {
            line.chars().all(|c| drawn(c) || is_space(c))
                && line.chars().any(|c| "┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝".contains(c))
        }
        _ => false,
    }
}

/// The cells of a row: between bars that no backslash escapes, without the outer bars.
fn cells(row: &str) -> impl Iterator<Item = &str> {
    let inner = row.strip_prefix(BARS).unwrap_or(row);
    let mut rest = Some(strip_last_bar(inner));
    std::iter::from_fn(move || {
        let text = rest?;
        let mut search = 0;
        loop {
            let Some(found) = text[search..].find(BARS) else {
                rest = None;
                return Some(text);
            };
            let at = search + found;
            let length = text[at..].chars().next().map_or(1, char::len_utf8);
            if text[..at].ends_with('\\') {
                search = at + length;
                continue;
            }
            rest = Some(&text[at + length..]);
            return Some(&text[..at]);
        }
    })
}

fn strip_last_bar(row: &str) -> &str {
    let row = row.trim_end_matches(is_space);
    match row.strip_suffix(BARS) {
        Some(inner) if !inner.ends_with('\\') => inner,
        _ => row,
    }
}
