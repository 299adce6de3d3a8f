//! OpenDocument spreadsheets (ODF 1.3 part 3). A cell's text is stored as it is shown, so no number format is
//! applied here.

mod shapes;
mod styles;

use super::format::general;
use super::package::Package;
use super::sheet::{Axis, MAX_COLUMNS, MAX_ROWS, Room, Sheet, Workbook};
use super::xml::{self, Xml};
use crate::read::spreadsheet::sheet::Merge;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, Read};
use styles::Styles;

/// Rows of one repeated row of blank cells that are kept: a bordered form, not a column formatted to its end.
const BLANK_ROWS: u32 = 1000;

/// Whether the package is what it should be: texts and slides hold tables too. One that does not say passes.
pub(super) fn is_spreadsheet(package: &mut Package<'_>) -> bool {
    let mut kind = String::new();
    let said = package.stream("mimetype").is_some_and(|part| part.take(100).read_to_string(&mut kind).is_ok());
    !said || kind.contains("spreadsheet")
}

/// Whether the package says that its parts are encrypted.
pub(super) fn is_encrypted(package: &mut Package<'_>) -> bool {
    let mut found = false;
    if let Some(mut part) = package.xml("META-INF/manifest.xml") {
        xml::elements(&mut part, |element| found |= element.local_name().as_ref() == "encryption-data");
    }
    found
}

/// Reads a spreadsheet from its package.
pub(super) fn read(package: &mut Package<'_>) -> Workbook {
    let mut workbook = Workbook::default();
    let mut styles = Styles::default();
    if let Some(mut part) = package.xml("styles.xml") {
        styles.read(&mut part);
    }
    // The default style is the first.
    styles.cell("Default");
    let mut room = Room::default();
    match package.xml("content.xml") {
        Some(mut part) => {
            if !content(&mut part, &mut styles, &mut workbook, &mut room) {
                workbook.damage.push("the content part is damaged".to_owned());
            }
        }
        None => workbook.damage.push("the content part is missing".to_owned()),
    }
    workbook.styles = styles.cells;
    workbook.truncated = room.exceeded || package.exceeded();
    workbook
}

/// Reads styles and tables; false at a damage.
fn content<R: BufRead>(xml: &mut Xml<R>, styles: &mut Styles, workbook: &mut Workbook, room: &mut Room) -> bool {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "automatic-styles" => styles.read_until(xml, "automatic-styles"),
                "table" => {
                    let mut reader = Table::new(&element, styles, room);
                    let whole = reader.read(xml);
                    let mut sheet = reader.sheet;
                    sheet.rows.settle();
                    sheet.columns.settle();
                    reader.drawn.iter().for_each(|drawn| drawn.place(&mut sheet));
                    workbook.sheets.push(sheet);
                    if !whole {
                        return false;
                    }
                }
                _ => {}
            },
            Ok(Event::Eof) => return true,
            Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// A table while it is read.
struct Table<'a> {
    sheet: Sheet,
    styles: &'a mut Styles,
    room: &'a mut Room,
    drawn: Vec<shapes::Drawn>,
    column: u32,
    /// Default styles of columns: first, end, style.
    column_styles: Vec<(u32, u32, u16)>,
    row: u32,
}

/// A row's cells until it is known how often the row is repeated.
#[derive(Default)]
struct Row {
    repeated: u32,
    style: Option<u16>,
    cells: Vec<Cell>,
}

struct Cell {
    column: u32,
    repeated: u32,
    style: u16,
    text: String,
    /// Columns and rows that it spans.
    span: (u32, u32),
    is_error: bool,
}

impl<'a> Table<'a> {
    fn new(element: &BytesStart<'_>, styles: &'a mut Styles, room: &'a mut Room) -> Self {
        let hidden = xml::attribute(element, "style-name").is_some_and(|style| styles.is_hidden_table(&style));
        let sheet = Sheet {
            name: xml::attribute(element, "name").unwrap_or_default(),
            hidden,
            // LibreOffice's defaults: 0.889 inch and 0.178 inch.
            columns: Axis::new(812_902),
            rows: Axis::new(162_763),
            ..Sheet::default()
        };
        Table { sheet, styles, room, drawn: Vec::new(), column: 0, column_styles: Vec::new(), row: 0 }
    }

    fn read<R: BufRead>(&mut self, xml: &mut Xml<R>) -> bool {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            if self.room.is_full() {
                return true;
            }
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) => match element.local_name().as_ref() {
                    "table-row" => {
                        let mut row = self.start_row(&element);
                        let whole = self.row(xml, &mut row);
                        self.finish_row(row);
                        if !whole {
                            return false;
                        }
                    }
                    "table-column" => self.columns(&element),
                    "shapes" => {
                        let shapes = xml::subtree(xml, &element);
                        self.drawn
                            .extend(shapes.children.iter().map(|shape| shapes::Drawn::on_sheet(shape, self.styles)));
                    }
                    // Cached tables of other files, scenarios and the like.
                    "table-source" | "forms" | "scenario" | "dde-link" | "named-expressions" => {
                        xml::skip(xml);
                    }
                    _ => {}
                },
                Ok(Event::Empty(element)) => match element.local_name().as_ref() {
                    "table-column" => self.columns(&element),
                    "table-row" => {
                        let row = self.start_row(&element);
                        self.finish_row(row);
                    }
                    _ => {}
                },
                Ok(Event::End(element)) if element.local_name().as_ref() == "table" => return true,
                Ok(Event::Eof) | Err(_) => return false,
                Ok(_) => {}
            }
        }
    }

    fn columns(&mut self, element: &BytesStart<'_>) {
        let repeated = repeated(element, "number-columns-repeated", MAX_COLUMNS - self.column.min(MAX_COLUMNS));
        if repeated == 0 {
            return;
        }
        let end = self.column + repeated;
        let width = xml::attribute(element, "style-name").and_then(|style| self.styles.size(&style));
        if let Some(size) = if is_hidden(element) { Some(0) } else { width } {
            self.sheet.columns.set(self.column, end - 1, size);
        }
        if let Some(style) = xml::attribute(element, "default-cell-style-name") {
            self.column_styles.push((self.column, end, self.styles.cell(&style)));
        }
        self.column = end;
    }

    fn start_row(&mut self, element: &BytesStart<'_>) -> Row {
        let repeated = repeated(element, "number-rows-repeated", MAX_ROWS - self.row.min(MAX_ROWS));
        let height = xml::attribute(element, "style-name").and_then(|style| self.styles.size(&style));
        if let Some(size) = if is_hidden(element) { Some(0) } else { height }
            && repeated > 0
        {
            self.sheet.rows.set(self.row, self.row + repeated - 1, size);
        }
        let style = xml::attribute(element, "default-cell-style-name").map(|style| self.styles.cell(&style));
        Row { repeated, style, cells: Vec::new() }
    }

    fn row<R: BufRead>(&mut self, xml: &mut Xml<R>, row: &mut Row) -> bool {
        let mut buffer = Vec::new();
        let mut column = 0;
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) if is_cell(&element) => {
                    let mut cell = self.cell(&element, row, &mut column);
                    let whole = self.cell_content(xml, &mut cell);
                    // Under a span a cell may keep a text that is not shown.
                    if element.local_name().as_ref() == "covered-table-cell" {
                        cell.text.clear();
                    }
                    if cell.text.is_empty() && !cell.is_error {
                        cell.text = unformatted(&element);
                    }
                    row.cells.push(cell);
                    if !whole {
                        return false;
                    }
                }
                Ok(Event::Empty(element)) if is_cell(&element) => {
                    let mut cell = self.cell(&element, row, &mut column);
                    cell.text = unformatted(&element);
                    row.cells.push(cell);
                }
                Ok(Event::End(element)) if element.local_name().as_ref() == "table-row" => return true,
                Ok(Event::Eof) | Err(_) => return false,
                Ok(_) => {}
            }
        }
    }

    /// Reads a cell's attributes and moves the column behind it.
    fn cell(&mut self, element: &BytesStart<'_>, row: &Row, column: &mut u32) -> Cell {
        let repeated = repeated(element, "number-columns-repeated", MAX_COLUMNS - (*column).min(MAX_COLUMNS));
        let style = match xml::attribute(element, "style-name") {
            Some(style) => Some(self.styles.cell(&style)),
            None => row.style,
        };
        let style = style.unwrap_or_else(|| {
            let default = self.column_styles.iter().find(|(first, end, _)| (*first..*end).contains(column));
            default.map_or(0, |default| default.2)
        });
        let span = |name: &str| xml::number(element, name).unwrap_or(1_u32).max(1);
        let cell = Cell {
            column: *column,
            repeated,
            style,
            text: String::new(),
            span: (span("number-columns-spanned"), span("number-rows-spanned")),
            // The extension states it; the plain attribute says `string` or `float`.
            is_error: has_value(element, "value-type", "error"),
        };
        *column += repeated;
        cell
    }

    /// Reads a cell's paragraphs, and the shapes anchored to it.
    fn cell_content<R: BufRead>(&mut self, xml: &mut Xml<R>, cell: &mut Cell) -> bool {
        let mut buffer = Vec::new();
        let (mut paragraphs, mut depth) = (0, 0);
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) => match element.local_name().as_ref() {
                    "p" | "h" => {
                        if paragraphs > 0 {
                            cell.text.push('\n');
                        }
                        paragraphs += 1;
                        depth += 1;
                    }
                    // Comments, and furigana.
                    "annotation" | "ruby-text" => xml::skip(xml),
                    _ if element.name().as_ref().starts_with("draw:") => {
                        let shape = xml::subtree(xml, &element);
                        self.drawn.push(shapes::Drawn::at_cell(&shape, self.styles, self.row, cell.column));
                    }
                    _ => inline(&element, &mut cell.text),
                },
                Ok(Event::Empty(element)) => match element.local_name().as_ref() {
                    "p" | "h" => {
                        if paragraphs > 0 {
                            cell.text.push('\n');
                        }
                        paragraphs += 1;
                    }
                    _ if element.name().as_ref().starts_with("draw:") => {
                        let shape = xml::leaf(&element);
                        self.drawn.push(shapes::Drawn::at_cell(&shape, self.styles, self.row, cell.column));
                    }
                    _ => inline(&element, &mut cell.text),
                },
                Ok(Event::End(element)) => match element.local_name().as_ref() {
                    "p" | "h" => depth -= 1,
                    "table-cell" | "covered-table-cell" => return true,
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => return false,
                Ok(event) if depth > 0 => xml::push_text(&event, &mut cell.text),
                Ok(_) => {}
            }
        }
    }

    /// Adds a row as often as it is repeated.
    fn finish_row(&mut self, row: Row) {
        let first = self.row;
        self.row += row.repeated;
        if self.sheet.hidden {
            return;
        }
        let has_text = row.cells.iter().any(|cell| !cell.text.trim().is_empty() || cell.is_error);
        let repeated = if has_text { row.repeated } else { row.repeated.min(BLANK_ROWS) };
        let is_seen =
            |cell: &Cell| self.styles.cells.get(usize::from(cell.style)).is_some_and(super::sheet::Style::is_seen);
        if !has_text && !row.cells.iter().any(|cell| cell.span != (1, 1) || is_seen(cell)) {
            return;
        }
        for number in first..first + repeated {
            for cell in &row.cells {
                self.add(number, cell);
            }
            if self.room.is_full() || self.room.is_below(number) {
                return;
            }
        }
    }

    fn add(&mut self, row: u32, cell: &Cell) {
        let last = cell.column + cell.repeated.max(1) - 1;
        if cell.span != (1, 1) {
            let (columns, rows) = cell.span;
            self.sheet.merges.push(Merge {
                row,
                column: cell.column,
                end_row: row.saturating_add(rows - 1),
                end_column: cell.column.saturating_add(columns - 1),
            });
        }
        if cell.is_error {
            self.sheet.errors.push((row, cell.column, super::sheet::error_name(&cell.text)));
        } else if !cell.text.trim().is_empty() {
            for column in cell.column..=last {
                self.sheet.push(row, column, cell.style, &cell.text, self.room);
            }
            return;
        }
        self.sheet.push_blank(row, cell.column, last, cell.style, &self.styles.cells);
    }
}

fn is_cell(element: &BytesStart<'_>) -> bool {
    matches!(element.local_name().as_ref(), "table-cell" | "covered-table-cell")
}

/// How often something is repeated, at most `room` times.
fn repeated(element: &BytesStart<'_>, name: &str, room: u32) -> u32 {
    xml::number(element, name).unwrap_or(1_u32).min(room)
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    xml::attribute(element, "visibility").is_some_and(|visibility| visibility != "visible")
}

/// Whether any attribute of a local name has a value.
fn has_value(element: &BytesStart<'_>, name: &str, value: &str) -> bool {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .any(|attribute| attribute.key.local_name().as_ref() == name && attribute.value.as_ref() == value)
}

/// Spaces, tabs and line breaks, which ODF writes as elements.
fn inline(element: &BytesStart<'_>, text: &mut String) {
    match element.local_name().as_ref() {
        "s" => {
            let count = xml::number(element, "c").unwrap_or(1_usize).min(1000);
            text.extend(std::iter::repeat_n(' ', count));
        }
        "tab" => text.push('\t'),
        "line-break" => text.push('\n'),
        _ => {}
    }
}

/// What a cell without text shows, where its writer left the text out.
fn unformatted(element: &BytesStart<'_>) -> String {
    let mut text = String::new();
    if let Some(value) = xml::number::<f64>(element, "value") {
        if has_value(element, "value-type", "percentage") {
            super::format::NumberFormat::parse("0.##%").number(value, Default::default(), &mut text);
        } else {
            general(value, &mut text);
        }
    } else if let Some(value) =
        ["string-value", "date-value", "time-value"].iter().find_map(|name| xml::attribute(element, name))
    {
        text = value;
    } else if let Some(value) = xml::attribute(element, "boolean-value") {
        text = value.to_uppercase();
    }
    text
}
