//! A table drawn with box characters: spans as drawn, wide characters two columns wide, long cells wrapped.

use super::plain::one_line;
use crate::document::{Cell, Grid, Table};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A cell's text is wrapped at this many columns of the terminal (or at those of the grid columns it spans).
const WRAP: usize = 32;

/// The junction for each set of lines that meet in it: 1 up, 2 down, 4 left, 8 right.
const JUNCTIONS: [char; 16] = [' ', '╵', '╷', '│', '╴', '┘', '┐', '┤', '╶', '└', '┌', '├', '─', '┴', '┬', '┼'];

/// The table as lines of text. Rows and columns are numbered from 0, as overlays name them; a position where nothing
/// was printed is left open.
pub fn draw(table: &Table) -> Vec<String> {
    let drawing = Drawing::new(table);
    let (rows, columns) = (table.rows, table.columns);
    let margin = rows.saturating_sub(1).to_string().len();
    let mut lines = Vec::new();

    let mut head = " ".repeat(margin + 2);
    for column in 0..columns {
        let width = drawing.widths[column as usize] + 1;
        head.push_str(&fitted(&column.to_string(), width));
    }
    lines.push(head);
    for row in 0..=rows {
        lines.push(format!("{:margin$} {}", "", drawing.border(row)));
        if row < rows {
            for line in 0..drawing.heights[row as usize] {
                let number = if line == 0 { row.to_string() } else { String::new() };
                lines.push(format!("{number:>margin$} {}", drawing.content(row, line)));
            }
        }
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

/// A table with the sizes of its grid's columns and rows in characters, and its cells' wrapped lines.
struct Drawing<'a> {
    table: &'a Table,
    grid: Grid<'a>,
    widths: Vec<usize>,
    heights: Vec<usize>,
    /// The line of the drawing at which each row's content begins, the border above row 0 being before line 0.
    tops: Vec<usize>,
    /// By index of cell.
    texts: Vec<Vec<String>>,
}

impl<'a> Drawing<'a> {
    fn new(table: &'a Table) -> Self {
        let texts: Vec<Vec<String>> = table.cells.iter().map(cell_lines).collect();
        let mut widths = vec![1; table.columns as usize];
        let longest = |lines: &[String]| lines.iter().map(|line| line.width()).max().unwrap_or(0).min(WRAP);
        grow(&mut widths, table.cells.iter().zip(&texts), |cell| (cell.column, cell.column_span), |text| longest(text));
        let texts: Vec<Vec<String>> = table
            .cells
            .iter()
            .zip(&texts)
            .map(|(cell, text)| {
                let width = spanned(&widths, cell.column, cell.column_span);
                text.iter().flat_map(|line| wrapped(line, width)).collect()
            })
            .collect();
        let mut heights = vec![1; table.rows as usize];
        grow(&mut heights, table.cells.iter().zip(&texts), |cell| (cell.row, cell.row_span), |text| text.len());
        let tops = heights
            .iter()
            .scan(0, |next, height| {
                let top = *next;
                *next += height + 1;
                Some(top)
            })
            .collect();
        Drawing { table, grid: table.grid(), widths, heights, tops, texts }
    }

    /// The cell at a position; none outside the table, so that its outer edge is an edge like any other.
    fn at(&self, row: Option<u32>, column: Option<u32>) -> Option<&'a Cell> {
        self.grid.at(row?, column?)
    }

    /// A cell's line at a line of the drawing, as wide as the cell.
    fn cell_line(&self, cell: &Cell, line: usize) -> String {
        let index = self.table.cells.partition_point(|c| (c.row, c.column) < (cell.row, cell.column));
        let text = line.checked_sub(self.tops[cell.row as usize]).and_then(|line| self.texts.get(index)?.get(line));
        fitted(text.map_or("", String::as_str), spanned(&self.widths, cell.column, cell.column_span))
    }

    fn content(&self, row: u32, line: usize) -> String {
        let mut out = String::new();
        let mut column = 0;
        while column <= self.table.columns {
            let (left, cell) = (self.at(Some(row), column.checked_sub(1)), self.at(Some(row), Some(column)));
            out.push(if same(left, cell) { ' ' } else { '│' });
            let Some(&width) = self.widths.get(column as usize) else { break };
            match cell {
                Some(cell) => {
                    out.push_str(&self.cell_line(cell, self.tops[row as usize] + line));
                    column = cell.end_column().max(column + 1);
                }
                None => {
                    out.push_str(&" ".repeat(width));
                    column += 1;
                }
            }
        }
        out
    }

    /// The line above a row (below the last one for the row after it).
    fn border(&self, row: u32) -> String {
        let (above, below) = (row.checked_sub(1), Some(row));
        let mut out = String::new();
        let mut column = 0;
        while column <= self.table.columns {
            let (left, right) = (column.checked_sub(1), Some(column));
            let lines = [(above, left, above, right), (below, left, below, right)]
                .into_iter()
                .chain([(above, left, below, left), (above, right, below, right)])
                .map(|(row, column, other_row, other_column)| {
                    !same(self.at(row, column), self.at(other_row, other_column))
                });
            let junction: usize = lines.enumerate().map(|(bit, line)| usize::from(line) << bit).sum();
            out.push(JUNCTIONS[junction]);
            let Some(&width) = self.widths.get(column as usize) else { break };
            match (self.at(above, right), self.at(below, right)) {
                (Some(cell), below) if same(Some(cell), below) => {
                    out.push_str(&self.cell_line(cell, self.tops[row as usize] - 1));
                    column = cell.end_column().max(column + 1);
                }
                (cell, below) => {
                    let line = if same(cell, below) { " " } else { "─" };
                    out.push_str(&line.repeat(width));
                    column += 1;
                }
            }
        }
        out
    }
}

/// Whether two positions belong to one cell, or to none.
fn same(a: Option<&Cell>, b: Option<&Cell>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

/// Grows sizes until every cell has the room it needs; a cell over several is fitted after those over one.
fn grow<'a, T: 'a>(
    sizes: &mut [usize],
    cells: impl Iterator<Item = (&'a Cell, T)> + Clone,
    span: impl Fn(&Cell) -> (u32, u32),
    need: impl Fn(T) -> usize,
) {
    for single in [true, false] {
        for (cell, content) in cells.clone() {
            let (start, count) = span(cell);
            if (count <= 1) == single {
                let missing = need(content).saturating_sub(spanned(sizes, start, count));
                if let Some(last) = sizes.iter_mut().take((start + count) as usize).last() {
                    *last += missing;
                }
            }
        }
    }
}

/// The size of neighbours together, with the lines between them.
fn spanned(sizes: &[usize], start: u32, count: u32) -> usize {
    let range = (start as usize).min(sizes.len())..((start + count) as usize).min(sizes.len());
    range.len().saturating_sub(1) + sizes[range].iter().sum::<usize>()
}

fn cell_lines(cell: &Cell) -> Vec<String> {
    let lines = super::model::lines(&cell.text);
    let fill = cell.fill.map(|colour| format!("▒ {colour}"));
    let nested = (1..=cell.nested.len()).map(|n| format!("▦ table {n}"));
    lines.into_iter().chain(fill).chain(nested).map(|line| one_line(&line)).collect()
}

/// A line cut into pieces of at most the width (a single wider character stands alone).
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in line.chars() {
        let own = c.width().unwrap_or(0);
        if used + own > width && used > 0 {
            pieces.push(String::new());
            used = 0;
        }
        used += own;
        pieces.last_mut().expect("there is always a piece").push(c);
    }
    pieces
}

/// The text padded with spaces to a width.
fn fitted(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Place, Text};

    fn cell(row: u32, column: u32, row_span: u32, column_span: u32, text: &str) -> Cell {
        let mut text = Text::line(text, Place::default());
        text.lines[0].text = text.lines[0].raw.clone();
        Cell { row, column, row_span, column_span, text, ..Cell::default() }
    }

    #[test]
    fn spans_wide_characters_and_ragged_rows() {
        let cells = vec![
            cell(0, 0, 2, 1, "施策"),
            cell(0, 1, 1, 2, "年度"),
            cell(1, 1, 1, 1, "R5"),
            cell(1, 2, 1, 1, "R6"),
            cell(2, 0, 1, 1, "A"),
            cell(2, 1, 1, 1, "1件"),
        ];
        let table = Table { rows: 3, columns: 3, cells, ..Table::default() };
        let expected = "   0    1   2
  ┌────┬──────┐
0 │施策│年度  │
  │    ├───┬──┤
1 │    │R5 │R6│
  ├────┼───┼──┘
2 │A   │1件│
  └────┴───┘";
        assert_eq!(draw(&table).join("\n"), expected);
    }

    #[test]
    fn long_text_is_wrapped_and_pushes_no_line_out_of_the_box() {
        let cells = vec![cell(0, 0, 1, 1, &"長い文".repeat(20)), cell(0, 1, 1, 1, "x")];
        let lines = draw(&Table { rows: 1, columns: 2, cells, ..Table::default() });
        let widths: Vec<usize> = lines[1..].iter().map(|line| line.width()).collect();
        assert!(widths.iter().all(|&width| width == widths[0]), "{lines:?}");
        assert_eq!(lines.len(), 1 + 1 + 4 + 1);
    }

    #[test]
    fn spans_beyond_the_table_are_drawn_within_it() {
        let cells = vec![cell(0, 0, 9, 9, "大きい")];
        let lines = draw(&Table { rows: 2, columns: 2, cells, ..Table::default() });
        assert!(lines.iter().any(|line| line.contains("大きい")));
    }
}
