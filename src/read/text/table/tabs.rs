//! Tab-separated rows: a blank cell is a column, cells may hold markup that runs over lines.

use super::super::html::{Tag, Token, Tokens};
use super::super::lines::{Source, trimmed, width};
use super::super::prose;
use super::{Budget, Content, LineFeed, MAX_COLUMNS, TableBuilder};
use crate::document::Table;

/// How many lines further on the end of a cell's markup or quotes is looked for.
const LOOKAHEAD: usize = 60;

/// The widest line without a tab, in columns, that can be a row of one cell among rows with tabs.
const WIDEST_LONE_CELL: usize = 60;

/// Marks that, alone in the first of two cells, make the row a bullet.
const BULLETS: &str = "・●○◎◆◇■□▪▶►★☆✓•※-*";

/// A cell as a slice of the source.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    /// The physical line it begins on.
    line: u32,
    feed: LineFeed,
}

/// A row, and the index of its last line.
#[derive(Debug)]
struct Row {
    cells: Vec<Piece>,
    last: usize,
}

/// Whether a line is a row: it has tabs, and not too many.
pub(in super::super) fn is_row(line: &str) -> bool {
    let tabs = line.bytes().filter(|&byte| byte == b'\t').count();
    tabs > 0 && tabs < MAX_COLUMNS as usize
}

/// Whether a line that begins with markup has a tab outside of it.
pub(in super::super) fn parts(line: &str) -> bool {
    cell_end_over_lines(line).is_some()
}

/// The table that begins on a line, and the index of the line after it; none where the tabs are only indents.
pub(in super::super) fn read(source: &Source, first: usize, budget: &mut Budget) -> Option<(Table, usize)> {
    let mut rows: Vec<Row> = Vec::new();
    let mut at = first;
    let mut columns = 0;
    while at < source.lines.len() {
        let begins = source.lines[at];
        if at > first && (begins.gap || begins.page_break) {
            break;
        }
        let line = source.get(at);
        if is_row(line) {
            let row = row(source, at);
            columns = columns.max(row.cells.len());
            if (rows.len() as u64 + 1) * columns as u64 > super::MAX_AREA {
                break;
            }
            at = row.last + 1;
            rows.push(row);
            continue;
        }
        let Some(before) = rows.last_mut() else { break };
        let followed =
            source.lines.get(at + 1).is_some_and(|next| !next.gap && !next.page_break) && is_row(source.get(at + 1));
        match lone_line(source, before, line, followed) {
            Lone::Continues => {
                if let Some(cell) = before.cells.last_mut() {
                    cell.end = begins.end;
                }
                before.last = at;
            }
            Lone::Row => rows.push(Row {
                cells: vec![Piece { start: begins.start, end: begins.end, line: begins.number, feed: LineFeed::Open }],
                last: at,
            }),
            Lone::Outside => break,
        }
        at += 1;
    }
    while rows.last().is_some_and(|row| row.cells.iter().all(|cell| is_blank(source, cell))) {
        rows.pop();
    }
    if is_indented_text(source, &rows) {
        return None;
    }
    let at = rows.last()?.last + 1;
    mend(source, &mut rows);
    let mut table = TableBuilder::new(source.lines[first].number);
    if rows.iter().any(|row| row.cells.len() != rows[0].cells.len()) {
        table.ragged();
    }
    let end_line = source.lines[at - 1].number;
    for row in rows {
        let number = table.next_row();
        for (column, piece) in (0..).zip(&row.cells) {
            let content = content(source, piece, budget);
            table.push_single(number, column, content, budget);
        }
    }
    Some((table.finish(end_line)?, at))
}

fn content(source: &Source, piece: &Piece, budget: &mut Budget) -> Content {
    let text = &source.text[piece.start..piece.end];
    match unquoted(text) {
        Some(text) => Content::of(&text, piece.line, LineFeed::Hard, budget),
        None => Content::of(text, piece.line, piece.feed, budget),
    }
}

/// The text of a quoted cell, as spreadsheets copy cells that hold line breaks or quotes.
fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let quoting = inner.contains('\n') || inner.contains("\"\"");
    (quoting && inner.matches('"').count() % 2 == 0).then(|| inner.replace("\"\"", "\""))
}

fn is_blank(source: &Source, cell: &Piece) -> bool {
    trimmed(&source.text[cell.start..cell.end]).is_empty()
}

/// The row that begins on a line, with the further lines that its last cell takes up.
fn row(source: &Source, first: usize) -> Row {
    let start = source.lines[first];
    let mut row = Row { cells: Vec::new(), last: first };
    let mut piece = Piece { start: start.start, end: start.end, line: start.number, feed: LineFeed::Open };
    let mut line_end = start.end;
    loop {
        let rest = &source.text[piece.start..line_end];
        match cell_end(rest) {
            Some(length) => {
                row.cells.push(Piece { end: piece.start + length, ..piece });
                piece.start += length + 1;
            }
            None => {
                if row.cells.len() < MAX_COLUMNS as usize
                    && let Some(last) = continued(source, row.last, rest)
                {
                    // The cell goes on: look for its end, and further cells, up to the end of that line.
                    line_end = source.lines[last].end;
                    let body = &source.text[piece.start..line_end];
                    let length = cell_end_over_lines(body).unwrap_or(body.len());
                    row.cells.push(Piece { end: piece.start + length, ..piece });
                    row.last = last;
                    if piece.start + length == line_end {
                        return row;
                    }
                    piece.start += length + 1;
                    piece.line = source.lines[last].number;
                    continue;
                }
                row.cells.push(Piece { end: line_end, ..piece });
                return row;
            }
        }
    }
}

/// The offset of the tab that ends a cell; tabs inside a tag or a nested table do not.
fn cell_end(text: &str) -> Option<usize> {
    let tab = text.find('\t')?;
    if !text[..tab].contains('<') {
        return Some(tab);
    }
    cell_end_over_lines(text)
}

/// As [`cell_end`], for a text of one or several lines: the first tab outside markup on the last of them.
fn cell_end_over_lines(text: &str) -> Option<usize> {
    let last_line = text.rfind('\n').map_or(0, |at| at + 1);
    let mut tables = 0;
    for (at, token) in Tokens::new(text) {
        match token {
            Token::Open(Tag::Table, _) => tables += 1,
            Token::Close(Tag::Table) => tables = (tables - 1).max(0),
            Token::Text(piece) if tables == 0 => {
                let skip = last_line.saturating_sub(at).min(piece.len());
                if let Some(tab) = piece.get(skip..).and_then(|piece| piece.find('\t')) {
                    return Some(at + skip + tab);
                }
            }
            _ => {}
        }
    }
    None
}

/// The line on which a row's last cell ends, where its markup or its quotes are still open at the end of line
/// `last` and are closed further on, before another row begins.
fn continued(source: &Source, last: usize, cell: &str) -> Option<usize> {
    let quoted = cell.starts_with('"') && cell.bytes().filter(|&byte| byte == b'"').count() % 2 == 1;
    let mut open = [0i32; 3];
    if !quoted {
        if !cell.contains('<') {
            return None;
        }
        count_open(cell, &mut open);
        if open.iter().all(|depth| *depth <= 0) {
            return None;
        }
    }
    let mut quotes = 1;
    for next in last + 1..source.lines.len().min(last + 1 + LOOKAHEAD) {
        if source.lines[next].page_break {
            return None;
        }
        let line = source.get(next);
        if quoted {
            quotes += line.bytes().filter(|&byte| byte == b'"').count();
            let closes = line.ends_with('"') || line.contains("\"\t");
            if quotes % 2 == 0 {
                return closes.then_some(next);
            }
        } else {
            let until = line.find('\t');
            count_open(&line[..until.unwrap_or(line.len())], &mut open);
            if open.iter().all(|depth| *depth <= 0) {
                return Some(next);
            }
            // A tab before the end of the markup: another row begins here, the markup was never closed.
            until.is_none().then_some(())?;
        }
    }
    None
}

/// Adds up how many lists, tables and blocks are open after a text.
fn count_open(text: &str, open: &mut [i32; 3]) {
    for (_, token) in Tokens::new(text) {
        let (tag, change) = match token {
            Token::Open(tag, attributes) if !attributes.ends_with('/') => (tag, 1),
            Token::Close(tag) => (tag, -1),
            _ => continue,
        };
        let slot = match tag {
            Tag::List => 0,
            Tag::Table => 1,
            Tag::Block => 2,
            _ => continue,
        };
        open[slot] += change;
    }
}

/// What a line without a tab is that stands directly below a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lone {
    /// The row's last cell goes on.
    Continues,
    /// A row whose other, blank cells lost their tabs.
    Row,
    /// No part of the table.
    Outside,
}

fn lone_line(source: &Source, before: &Row, line: &str, followed: bool) -> Lone {
    if line.starts_with(['#', '|', '<']) {
        return Lone::Outside;
    }
    let last = before.cells.last().map_or("", |cell| trimmed(&source.text[cell.start..cell.end]));
    let last_line = last.rsplit('\n').next().unwrap_or(last);
    let text = trimmed(line);
    let listed = |text: &str| text.starts_with(['・', '※', '•', '●', '○']);
    let wraps = before.cells.len() > 1 && !last.is_empty() && prose::continues(last_line, line, prose::WIDE);
    if wraps || (listed(text) && (listed(last_line) || followed && prose::ends_sentence(last_line))) {
        return if followed || wraps { Lone::Continues } else { Lone::Outside };
    }
    if followed && width(text) <= WIDEST_LONE_CELL && !prose::ends_sentence(text) { Lone::Row } else { Lone::Outside }
}

/// Whether rows are no table: text behind an indent, bullets whose mark stands before a tab, one numbered title.
fn is_indented_text(source: &Source, rows: &[Row]) -> bool {
    let texts = |row: &Row| -> Vec<bool> { row.cells.iter().map(|cell| !is_blank(source, cell)).collect() };
    let indented = rows.iter().all(|row| {
        let printed = texts(row);
        printed.iter().filter(|printed| **printed).count() == 1 && printed.last() == Some(&true)
    });
    let bulleted = |row: &Row| {
        let [mark, text] = row.cells.as_slice() else { return false };
        let mark = trimmed(&source.text[mark.start..mark.end]);
        let mut characters = mark.chars();
        !is_blank(source, text) && characters.next().is_some_and(|c| BULLETS.contains(c)) && characters.next().is_none()
    };
    let numbered = |row: &Row| {
        let [number, text] = row.cells.as_slice() else { return false };
        let number = trimmed(&source.text[number.start..number.end]);
        !is_blank(source, text)
            && number.chars().next().is_some_and(|c| c.is_numeric() || "(（第".contains(c))
            && number.chars().count() <= 5
            && !number.chars().any(|c| "%％円人件年".contains(c))
    };
    indented || rows.iter().all(bulleted) || (rows.len() == 1 && numbered(&rows[0]))
}

/// Puts rows together again that a raw line break tore apart, where nothing else can have happened: every other
/// row has the same number of cells, the parts add up to it, and the line break stands where a phrase goes on, before
/// a sentence, or before a line without the number that every row begins with.
fn mend(source: &Source, rows: &mut Vec<Row>) {
    let Some(full) = rows.iter().map(|row| row.cells.len()).max() else { return };
    let whole: Vec<&Row> = rows.iter().filter(|row| row.cells.len() == full).collect();
    if full < 3 || whole.len() == rows.len() || whole.len() * 2 < rows.len() {
        return;
    }
    let text = |piece: Option<&Piece>| piece.map_or("", |piece| trimmed(&source.text[piece.start..piece.end]));
    let is_number = |row: &Row| {
        let number = text(row.cells.first());
        !number.is_empty()
            && number.chars().count() <= 8
            && number.chars().all(|c| c.is_numeric() || "-－().（）".contains(c))
    };
    let numbered = whole.iter().skip(1).all(|row| is_number(row)) && whole.len() > 1;
    let is_torn = |above: &Row, below: &Row| {
        let (last, first) = (text(above.cells.last()), text(below.cells.first()));
        let goes_on = prose::ends_open(last) || prose::ends_sentence(first) || numbered && !is_number(below);
        !last.is_empty() && !first.is_empty() && goes_on
    };
    let mut groups = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        // Parts share a cell at each break: n cells and m cells make n + m - 1.
        let (mut cells, mut end) = (rows[at].cells.len(), at + 1);
        while cells < full && end < rows.len() && rows[end].cells.len() < full && is_torn(&rows[end - 1], &rows[end]) {
            cells += rows[end].cells.len() - 1;
            end += 1;
        }
        if cells != full {
            return;
        }
        groups.push(at..end);
        at = end;
    }
    let mut parts = std::mem::take(rows).into_iter();
    for group in groups {
        let Some(mut whole) = parts.next() else { return };
        for part in parts.by_ref().take(group.len() - 1) {
            let mut cells = part.cells.into_iter();
            if let (Some(torn), Some(rest)) = (whole.cells.last_mut(), cells.next()) {
                torn.end = rest.end;
            }
            whole.cells.extend(cells);
            whole.last = part.last;
        }
        rows.push(whole);
    }
}
