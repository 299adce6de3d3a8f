//! Comma-separated values (RFC 4180, read tolerantly): whole files, and blocks of rows in a dump.

use super::super::lines::{Source, trimmed};
use super::{Budget, Content, LineFeed, MAX_COLUMNS, TableBuilder};
use crate::document::{Block, Table};
use std::borrow::Cow;

/// How many line feeds a quoted cell may hold; a quote that goes on for longer is a character of its cell.
const LONGEST_CELL: usize = 200;

/// The fewest rows that make a block of comma-separated lines in a dump a table.
const FEWEST_ROWS: usize = 3;

/// One row: its cells, each with the physical line it begins on.
struct Row<'a> {
    cells: Vec<(Cow<'a, str>, u32)>,
    /// The last physical line.
    end_line: u32,
}

/// Reads rows one after the other.
struct Rows<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    delimiter: u8,
}

impl<'a> Rows<'a> {
    /// The next row with its number of line feeds; none at the end.
    fn next(&mut self) -> Option<Row<'a>> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut cells = Vec::new();
        let mut end_line = self.line;
        loop {
            let line = end_line;
            let (cell, length) = self.cell();
            end_line += self.text[self.at..self.at + length].bytes().filter(|&byte| byte == b'\n').count() as u32;
            self.at += length;
            cells.push((cell, line));
            match self.text.as_bytes().get(self.at) {
                Some(&byte) if byte == self.delimiter => self.at += 1,
                Some(b'\r') if self.text[self.at..].starts_with("\r\n") => {
                    self.at += 2;
                    break;
                }
                Some(_) => {
                    self.at += 1;
                    break;
                }
                None => break,
            }
        }
        self.line = end_line + 1;
        Some(Row { cells, end_line })
    }

    /// The cell at the reader's place, and the length of its source.
    fn cell(&self) -> (Cow<'a, str>, usize) {
        let rest = &self.text[self.at..];
        if rest.starts_with('"')
            && let Some(length) = quoted_length(rest, self.delimiter)
        {
            let inner = &rest[1..length - 1];
            let cell = if inner.contains('"') { inner.replace("\"\"", "\"").into() } else { inner.into() };
            return (cell, length);
        }
        let ends = |byte: u8| byte == self.delimiter || byte == b'\n' || byte == b'\r';
        let length = rest.bytes().position(ends).unwrap_or(rest.len());
        (Cow::Borrowed(&rest[..length]), length)
    }
}

/// The length of the quoted cell that a text begins with, its quotes among it; none where the quote is not closed
/// as quotes of a cell are.
fn quoted_length(text: &str, delimiter: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut feeds) = (1, 0);
    loop {
        match *bytes.get(at)? {
            b'"' if bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' => {
                let closes = bytes.get(at + 1).is_none_or(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r');
                return closes.then_some(at + 1);
            }
            b'\n' => {
                feeds += 1;
                if feeds > LONGEST_CELL {
                    return None;
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The tables of a whole file: one for each block of rows between blank ones.
pub(in super::super) fn read_file(text: &str, delimiter: u8, budget: &mut Budget) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rows = Rows { text, at: 0, line: 1, delimiter };
    let mut table: Option<(TableBuilder, u32)> = None;
    let mut width = 0;
    let end = |table: Option<(TableBuilder, u32)>, blocks: &mut Vec<Block>| {
        blocks.extend(table.and_then(|(table, last)| table.finish(last)).map(Block::Table));
    };
    while let Some(mut row) = rows.next() {
        if row.cells.iter().all(|(cell, _)| trimmed(cell).is_empty()) {
            end(table.take(), &mut blocks);
            continue;
        }
        if row.cells.len() > MAX_COLUMNS as usize {
            row.cells.truncate(MAX_COLUMNS as usize);
            budget.exceeded = true;
        }
        if table.as_ref().is_some_and(|(table, _)| !table.fits(row.cells.len() as u32)) {
            end(table.take(), &mut blocks);
        }
        let (builder, last) = table.get_or_insert_with(|| {
            width = row.cells.len();
            (TableBuilder::new(row.cells[0].1), row.end_line)
        });
        *last = row.end_line;
        if row.cells.len() != width {
            builder.ragged();
        }
        builder.push_row(row.cells.iter().map(|(cell, line)| Content::plain(cell, *line, LineFeed::Hard)), budget);
    }
    end(table, &mut blocks);
    blocks
}

/// The character that separates the cells of a file: the one among comma, tab and semicolon that its first lines
/// have most of; the format's own where they have none.
pub(in super::super) fn delimiter(text: &str, own: u8) -> u8 {
    let mut counts = [(own, 0), (b',', 0), (b'\t', 0), (b';', 0)];
    for line in text.lines().take(20) {
        let mut quoted = false;
        for byte in line.bytes() {
            quoted ^= byte == b'"';
            if !quoted {
                counts.iter_mut().filter(|(mark, _)| *mark == byte).for_each(|(_, count)| *count += 1);
            }
        }
    }
    // The first of the greatest, so that the format's own wins a tie.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(own, |(mark, _)| mark)
}

/// The table that comma-separated lines of a dump make, and the index of the line after them; none where the
/// commas are only those of a sentence.
pub(in super::super) fn read(source: &Source, first: usize, budget: &mut Budget) -> Option<(Table, usize)> {
    let columns = row_width(source.get(first))?;
    let mut end = first + 1;
    while end < source.lines.len()
        && !source.lines[end].gap
        && !source.lines[end].page_break
        && row_width(source.get(end)) == Some(columns)
    {
        end += 1;
    }
    if end - first < FEWEST_ROWS {
        return None;
    }
    let mut table = TableBuilder::new(source.lines[first].number);
    for line in first..end {
        let number = source.lines[line].number;
        if let Some(row) = (Rows { text: source.get(line), at: 0, line: number, delimiter: b',' }).next() {
            table.push_row(
                row.cells.iter().map(|(cell, _)| Content::of(cell, number, LineFeed::Hard, budget)).collect::<Vec<_>>(),
                budget,
            );
        }
    }
    Some((table.finish(source.lines[end - 1].number)?, end))
}

/// The number of cells of a line that reads as a row: two or more commas, none followed by a space.
fn row_width(line: &str) -> Option<usize> {
    /// So many commas in every line are no sentences'.
    const SURE: usize = 4;
    let commas = line.bytes().filter(|&byte| byte == b',').count();
    if commas < 2 || line.contains(", ") || commas < SURE && line.ends_with('。') {
        return None;
    }
    let row = Rows { text: line, at: 0, line: 1, delimiter: b',' }.next()?;
    // A thousands separator: `1,234,567円` is no row of three.
    let digits = |cell: &str| cell.bytes().take_while(u8::is_ascii_digit).count();
    let thousands =
        row.cells.windows(2).all(|pair| pair[0].0.ends_with(|c: char| c.is_ascii_digit()) && digits(&pair[1].0) == 3);
    let count = row.cells.len();
    (count >= 3 && count <= MAX_COLUMNS as usize && !thousands).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;

    fn tables(text: &str) -> Vec<Table> {
        read_file(text, delimiter(text, b','), &mut Budget::default())
            .into_iter()
            .map(|block| match block {
                Block::Table(table) => table,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    fn raws(table: &Table) -> Vec<String> {
        table.cells.iter().map(|cell| cell.text.raw().into_owned()).collect()
    }

    #[test]
    fn quotes_line_breaks_and_places() {
        let tables = tables("名称,目標\r\n\"窓口\n件数\",\"1,200件\"\r\n\"\"\"A\"\"\",b\"c\r\n");
        assert_eq!(tables.len(), 1);
        assert_eq!(raws(&tables[0]), ["名称", "目標", "窓口\n件数", "1,200件", "\"A\"", "b\"c"]);
        let places: Vec<&Place> = tables[0].cells.iter().map(|cell| &cell.place).collect();
        assert_eq!(*places[2], Place::Lines { line: 2, end_line: 3 });
        assert_eq!(*places[3], Place::line(3));
        assert_eq!(*places[4], Place::line(4));
        assert_eq!(tables[0].place, Place::Lines { line: 1, end_line: 4 });
    }

    #[test]
    fn blank_rows_part_tables() {
        let tables = tables("a,b\n1,2\n,,\n\nc,d,e\n");
        assert_eq!(tables.iter().map(raws).collect::<Vec<_>>(), [vec!["a", "b", "1", "2"], vec!["c", "d", "e"]]);
    }

    #[test]
    fn a_stray_quote_is_a_character() {
        let text = format!("a,b\n\"c,d\n{}", "e,f\n".repeat(300));
        assert_eq!(tables(&text)[0].rows, 302);
    }

    #[test]
    fn the_delimiter_is_what_the_file_has() {
        assert_eq!(delimiter("a;b;c\n", b','), b';');
        assert_eq!(delimiter("a\tb\n", b','), b'\t');
        assert_eq!(delimiter("a\n", b'\t'), b'\t');
        assert_eq!(delimiter("a,\"b;c;d\"\n", b','), b',');
    }

    #[test]
    fn commas_of_sentences_are_no_cells() {
        for line in ["1,234,567円", "窓口, 電話, 郵送", "窓口,電話", "窓口,電話,郵送で受け付ける。"]
        {
            assert_eq!(row_width(line), None, "{line}");
        }
        assert_eq!(row_width("番号,施策名,担当課"), Some(3));
    }
}
