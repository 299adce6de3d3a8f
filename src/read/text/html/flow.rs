//! Markup to blocks: one pass over the tokens, with a stack only of open tables.

use super::super::furniture;
use super::super::inline::Lines;
use super::super::table::{Budget, MAX_COLUMNS, TableBuilder};
use super::decode;
use super::tokens::{Tag, Token, Tokens, attribute};
use crate::document::{Block, Cell, Heading, Paragraph, Place, Table, Text};

/// The deepest nesting of tables that is kept; deeper ones become lines of the cell they stand in.
const MAX_DEPTH: usize = 8;

/// The largest row span that is believed before the table's own rows bound it.
const MAX_ROW_SPAN: u32 = 10_000;

/// The level of `summary`, below every heading that HTML numbers.
const SUMMARY_LEVEL: u8 = 7;

/// What the markup in a cell holds: its lines, and the tables among them.
pub(in crate::read::text) fn fragment(text: &str, line: u32, budget: &mut Budget) -> (Text, Vec<Table>) {
    let mut flow = Flow::new(line, false, budget);
    flow.read(text);
    (flow.lines.take(), flow.nested)
}

/// The blocks of a page, or of a part of a text that is marked up.
pub(in crate::read::text) fn page(text: &str, line: u32, budget: &mut Budget) -> Vec<Block> {
    let mut flow = Flow::new(line, true, budget);
    flow.read(text);
    flow.flush();
    flow.blocks
}

struct Flow<'b> {
    /// Whether blocks are made; otherwise all is lines of one text.
    blocks_wanted: bool,
    blocks: Vec<Block>,
    nested: Vec<Table>,
    /// What stands outside every cell.
    lines: Lines,
    heading: Option<u8>,
    frames: Vec<Frame>,
    /// Tables opened beyond [`MAX_DEPTH`].
    too_deep: u32,
    lists: u32,
    preformatted: u32,
    bold: Bold,
    /// The physical line of the token in hand.
    line: u32,
    budget: &'b mut Budget,
}

/// Where a bold run stands that began a line: text after it and a space is a line of its own in a cell (a title
/// that a dump ran together with what it titles).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bold {
    None,
    Open,
    Closed,
}

/// A table whose end has not been seen.
struct Frame {
    table: TableBuilder,
    /// Made from a list of terms: one row a term.
    terms: bool,
    row_open: bool,
    row: u32,
    column: u32,
    /// For each column, how many rows from `row` on are covered from above.
    covered: Vec<u32>,
    cell: Option<OpenCell>,
}

struct OpenCell {
    column: u32,
    column_span: u32,
    row_span: u32,
    line: u32,
    lines: Lines,
    nested: Vec<Table>,
}

impl<'b> Flow<'b> {
    fn new(line: u32, blocks_wanted: bool, budget: &'b mut Budget) -> Self {
        Flow {
            blocks_wanted,
            blocks: Vec::new(),
            nested: Vec::new(),
            lines: Lines::default(),
            heading: None,
            frames: Vec::new(),
            too_deep: 0,
            lists: 0,
            preformatted: 0,
            bold: Bold::None,
            line,
            budget,
        }
    }

    fn read(&mut self, text: &str) {
        let mut counted = 0;
        for (at, token) in Tokens::new(text) {
            self.line += line_feeds(&text[counted..at]);
            counted = at;
            match token {
                Token::Text(text) => self.text(text),
                Token::Open(tag, attributes) => self.open(tag, attributes),
                Token::Close(tag) => self.close(tag),
            }
        }
        self.line += line_feeds(&text[counted..]);
        while !self.frames.is_empty() {
            self.end_table();
        }
    }

    /// Where text goes: the innermost open cell, or what stands outside of all.
    fn target(&mut self) -> &mut Lines {
        match self.frames.iter_mut().rev().find_map(|frame| frame.cell.as_mut()) {
            Some(cell) => &mut cell.lines,
            None => &mut self.lines,
        }
    }

    fn in_cell(&self) -> bool {
        !self.blocks_wanted || self.frames.iter().any(|frame| frame.cell.is_some())
    }

    fn text(&mut self, text: &str) {
        let text = decode(text);
        if self.frames.last().is_some_and(|frame| frame.cell.is_none()) && text.trim().is_empty() {
            return;
        }
        if self.bold == Bold::Closed && !text.is_empty() {
            self.bold = Bold::None;
            if self.in_cell() && text.starts_with(char::is_whitespace) && !text.trim().is_empty() {
                self.target().hard_break();
            }
        }
        let line = self.line;
        if self.preformatted > 0 && text.contains('\n') {
            for (number, part) in (line..).zip(text.split('\n')) {
                if number > line {
                    self.target().hard_break();
                }
                self.target().push(part, number);
            }
        } else {
            self.target().push(&text, line);
        }
    }

    fn open(&mut self, tag: Tag, attributes: &str) {
        match tag {
            Tag::Table if self.frames.len() < MAX_DEPTH => {
                self.flush();
                self.begin_table(false);
            }
            Tag::Table => {
                self.too_deep += 1;
                self.target().hard_break();
            }
            Tag::Row | Tag::Cell if self.too_deep > 0 || !self.in_table() => self.target().hard_break(),
            Tag::Row => self.begin_row(),
            Tag::Cell => {
                let span = |name| attribute(attributes, name).and_then(|span| span.trim().parse().ok()).unwrap_or(1);
                self.begin_cell(span("colspan"), span("rowspan"));
            }
            Tag::Terms if self.blocks_wanted && self.frames.is_empty() => {
                self.flush();
                self.begin_table(true);
            }
            Tag::Term | Tag::Definition if self.frames.last().is_some_and(|frame| frame.terms) => {
                self.begin_term(tag == Tag::Term);
            }
            Tag::Item => self.target().begin_item(),
            Tag::List => {
                self.lists += 1;
                self.block_boundary();
            }
            Tag::Heading(level) => self.begin_heading(level),
            Tag::Summary => self.begin_heading(SUMMARY_LEVEL),
            Tag::Preformatted => {
                self.preformatted += 1;
                self.block_boundary();
            }
            Tag::Block | Tag::Terms | Tag::Term | Tag::Definition => self.block_boundary(),
            Tag::Caption | Tag::RowGroup => self.end_row(),
            Tag::Bold if self.target().at_line_start() => self.bold = Bold::Open,
            Tag::Break => self.target().hard_break(),
            Tag::Input => self.check_box(attributes),
            Tag::Bold | Tag::Inline | Tag::Opaque(_) | Tag::Void => {}
        }
    }

    fn close(&mut self, tag: Tag) {
        match tag {
            Tag::Table if self.too_deep > 0 => {
                self.too_deep -= 1;
                self.target().hard_break();
            }
            Tag::Table if self.in_table() => self.end_table(),
            Tag::Row if self.too_deep == 0 && self.in_table() => self.end_row(),
            Tag::Cell if self.too_deep == 0 && self.in_table() => self.end_cell(),
            Tag::Terms if self.frames.last().is_some_and(|frame| frame.terms) => self.end_table(),
            Tag::Item => self.target().end_item(),
            Tag::List => {
                self.lists = self.lists.saturating_sub(1);
                self.block_boundary();
            }
            Tag::Preformatted => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.block_boundary();
            }
            Tag::Bold if self.bold == Bold::Open => self.bold = Bold::Closed,
            Tag::Heading(_) | Tag::Summary | Tag::Block | Tag::Caption | Tag::Term | Tag::Definition => {
                self.block_boundary();
            }
            _ => {}
        }
    }

    /// A block begins or ends: outside cells and lists that is a new block, inside a new line.
    fn block_boundary(&mut self) {
        if self.lists == 0 || self.heading.is_some() { self.flush() } else { self.target().hard_break() }
    }

    /// Makes a block of the lines that stand outside cells; inside a cell ends the line.
    fn flush(&mut self) {
        if self.in_cell() {
            self.target().hard_break();
            return;
        }
        let heading = self.heading.take();
        if self.lines.is_empty() {
            return;
        }
        let mut text = self.lines.take();
        if text.lines.iter().any(|line| furniture::leads_back(&line.raw)) {
            text = Text::of(text.lines.into_iter().filter(|line| !furniture::leads_back(&line.raw)).collect());
        }
        if !text.lines.is_empty() {
            self.blocks.push(match heading {
                Some(level) => Block::Heading(Heading { level, text }),
                None => Block::Paragraph(Paragraph { text }),
            });
        }
    }

    fn begin_heading(&mut self, level: u8) {
        self.flush();
        if !self.in_cell() {
            self.heading = Some(level);
        }
    }

    fn in_table(&self) -> bool {
        self.frames.last().is_some_and(|frame| !frame.terms)
    }

    fn begin_table(&mut self, terms: bool) {
        self.frames.push(Frame {
            table: TableBuilder::new(self.line),
            terms,
            row_open: false,
            row: 0,
            column: 0,
            covered: Vec::new(),
            cell: None,
        });
    }

    fn begin_row(&mut self) {
        self.end_row();
        if let Some(frame) = self.frames.last_mut() {
            frame.row_open = true;
            frame.column = 0;
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.row_open) else { return };
        frame.row_open = false;
        if frame.column == 0 && frame.covered.iter().all(|rows| *rows == 0) {
            return; // a row without cells
        }
        frame.row += 1;
        frame.covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
    }

    fn begin_cell(&mut self, column_span: u32, row_span: u32) {
        self.end_cell();
        let line = self.line;
        let Some(frame) = self.frames.last_mut() else { return };
        if !frame.row_open {
            frame.row_open = true;
            frame.column = 0;
        }
        let free = |column: u32| frame.covered.get(column as usize).is_none_or(|rows| *rows == 0);
        let column = (frame.column..).find(|column| free(*column)).unwrap_or(frame.column);
        let room = (column..).take_while(|column| free(*column) && *column < MAX_COLUMNS);
        let column_span = room.take(column_span.clamp(1, MAX_COLUMNS) as usize).count() as u32;
        frame.column = column + column_span;
        // A row span of 0 means: to the end of the table.
        let row_span = if row_span == 0 { MAX_ROW_SPAN } else { row_span.min(MAX_ROW_SPAN) };
        if frame.covered.len() < frame.column as usize {
            frame.covered.resize(frame.column as usize, 0);
        }
        frame.covered[column as usize..frame.column as usize].fill(row_span);
        frame.cell =
            Some(OpenCell { column, column_span, row_span, line, lines: Lines::default(), nested: Vec::new() });
        self.bold = Bold::None;
    }

    fn begin_term(&mut self, term: bool) {
        let line = self.line;
        let Some(frame) = self.frames.last_mut() else { return };
        if !term && frame.cell.as_ref().is_some_and(|cell| cell.column == 1) {
            self.target().hard_break();
            return;
        }
        self.end_cell();
        if term || self.frames.last().is_some_and(|frame| frame.column != 1) {
            self.begin_row();
        }
        if let Some(frame) = self.frames.last_mut() {
            let column = u32::from(!term);
            frame.row_open = true;
            frame.column = column + 1;
            let (lines, nested) = (Lines::default(), Vec::new());
            frame.cell = Some(OpenCell { column, column_span: 1, row_span: 1, line, lines, nested });
        }
    }

    fn end_cell(&mut self) {
        let end_line = self.line;
        let Some(frame) = self.frames.last_mut() else { return };
        let Some(mut open) = frame.cell.take() else { return };
        if open.column_span == 0 || !self.budget.take_cell() {
            return;
        }
        frame.table.push(Cell {
            row: frame.row,
            column: open.column,
            row_span: open.row_span,
            column_span: open.column_span,
            text: open.lines.take(),
            fill: None,
            nested: open.nested.into(),
            place: Place::Lines { line: open.line, end_line },
        });
    }

    fn end_table(&mut self) {
        self.end_row();
        let Some(frame) = self.frames.pop() else { return };
        let Some(table) = frame.table.finish(self.line) else { return };
        let cell = self.frames.iter_mut().rev().find_map(|frame| frame.cell.as_mut());
        match cell {
            Some(cell) => cell.nested.push(table),
            None if self.blocks_wanted => self.blocks.push(Block::Table(table)),
            None => self.nested.push(table),
        }
    }

    fn check_box(&mut self, attributes: &str) {
        if is_choice(attributes) {
            let mark = choice(attributes);
            let line = self.line;
            self.target().push(mark.encode_utf8(&mut [0; 4]), line);
        }
    }
}

/// Whether an `<input>` is a check box or a radio button.
pub(in crate::read::text) fn is_choice(attributes: &str) -> bool {
    let kind = attribute(attributes, "type").unwrap_or_default();
    kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("radio")
}

/// The character that stands for a check box.
pub(in crate::read::text) fn choice(attributes: &str) -> char {
    if attribute(attributes, "checked").is_some() { '☑' } else { '☐' }
}

fn line_feeds(text: &str) -> u32 {
    text.bytes().filter(|&byte| byte == b'\n').count() as u32
}
