//! A sheet's part: cells, sizes of rows and columns, merges, and where its drawing is.

use super::{Shared, strings};
use crate::document::SheetRange;
use crate::read::spreadsheet::format::serial_of_iso;
use crate::read::spreadsheet::measure::{DEFAULT_HEIGHT, column_width, default_width, row_height};
use crate::read::spreadsheet::package::Package;
use crate::read::spreadsheet::sheet::{
    Axis, Looks, MAX_COLUMNS, MAX_ROWS, Merge, Position, Room, Sheet, Style, error_name,
};
use crate::read::spreadsheet::xml::{self, Xml};
use quick_xml::events::{BytesStart, Event};
use std::io::BufRead;

/// How reading a part ended.
pub(super) enum End {
    Whole,
    Damaged,
    Missing,
}

/// Reads a sheet's part into `sheet`.
pub(super) fn read(
    package: &mut Package<'_>,
    part: &str,
    sheet: &mut Sheet,
    shared: &Shared,
    styles: &[Style],
    room: &mut Room,
) -> End {
    sheet.columns = Axis::new(default_width(8.0, shared.digit_width));
    sheet.rows = Axis::new(DEFAULT_HEIGHT);
    let Some(mut xml) = package.xml(part) else { return End::Missing };
    let mut reader = Cells {
        sheet,
        shared,
        looks: Looks { styles, dates: shared.dates },
        room,
        row: 0,
        column: 0,
        buffer: Vec::new(),
        text: String::new(),
        value: String::new(),
    };
    if reader.read(&mut xml) { End::Whole } else { End::Damaged }
}

/// Where reading a sheet stands.
struct Cells<'a> {
    sheet: &'a mut Sheet,
    shared: &'a Shared,
    looks: Looks<'a>,
    room: &'a mut Room,
    row: u32,
    column: u32,
    /// Scratch: events inside a cell, what it shows, and its value as written.
    buffer: Vec<u8>,
    text: String,
    value: String,
}

/// The attributes of a cell.
#[derive(Default)]
struct Cell {
    style: u16,
    kind: Kind,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Inline,
    Formula,
    Boolean,
    Error,
    Date,
}

impl Cells<'_> {
    fn read<R: BufRead>(&mut self, xml: &mut Xml<R>) -> bool {
        let mut buffer = Vec::with_capacity(1024);
        loop {
            buffer.clear();
            // The row that is read is the one before.
            if self.room.is_full() || self.room.is_below(self.row.saturating_sub(1)) {
                return true;
            }
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) => match element.local_name().as_ref() {
                    "c" => {
                        let cell = self.cell(&element);
                        if !self.content(xml, &cell) {
                            return false;
                        }
                    }
                    _ => self.element(&element),
                },
                Ok(Event::Empty(element)) => match element.local_name().as_ref() {
                    "c" => {
                        let cell = self.cell(&element);
                        self.blank(&cell);
                    }
                    _ => self.element(&element),
                },
                Ok(Event::Eof) => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }

    fn element(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "row" => self.start_row(element),
            "sheetFormatPr" => self.defaults(element),
            "col" => self.size_columns(element),
            "mergeCell" => {
                let range = xml::attribute(element, "ref").and_then(|range| range.parse::<SheetRange>().ok());
                self.sheet.merges.extend(range.map(Merge::from));
            }
            _ => {}
        }
    }

    fn defaults(&mut self, element: &BytesStart<'_>) {
        let digit_width = self.shared.digit_width;
        self.sheet.columns.default = match xml::number(element, "defaultColWidth") {
            Some(width) => column_width(width, digit_width),
            None => default_width(xml::number(element, "baseColWidth").unwrap_or(8.0), digit_width),
        };
        if let Some(height) = xml::number::<f64>(element, "defaultRowHeight") {
            self.sheet.rows.default = row_height(height);
        }
        if xml::switch(element, "zeroHeight") == Some(true) {
            self.sheet.rows.default = 0;
        }
    }

    fn size_columns(&mut self, element: &BytesStart<'_>) {
        let (Some(first), Some(last)) = (xml::number::<u32>(element, "min"), xml::number::<u32>(element, "max")) else {
            return;
        };
        let width = match xml::switch(element, "hidden") {
            Some(true) => 0,
            _ => xml::number(element, "width")
                .map_or(self.sheet.columns.default, |width| column_width(width, self.shared.digit_width)),
        };
        self.sheet.columns.set(first.saturating_sub(1), last.min(MAX_COLUMNS).saturating_sub(1), width);
    }

    fn start_row(&mut self, element: &BytesStart<'_>) {
        let (mut number, mut height, mut hidden) = (None, None, false);
        for attribute in element.attributes().with_checks(false).flatten() {
            match attribute.key.as_ref() {
                "r" => number = attribute.value.trim().parse::<u32>().ok(),
                "ht" => height = attribute.value.trim().parse::<f64>().ok(),
                "hidden" => hidden = matches!(attribute.value.as_ref(), "1" | "true"),
                _ => {}
            }
        }
        // A row without a number follows the one before, which left `row` at the next one.
        self.row = number.map_or(self.row, |number| number.saturating_sub(1));
        self.column = 0;
        let size = if hidden { Some(0) } else { height.map(row_height) };
        // In a sheet whose rows are hidden by default, a row that is there and does not say so is shown.
        let size = size.or((self.sheet.rows.default == 0).then_some(DEFAULT_HEIGHT));
        if let Some(size) = size
            && self.row < MAX_ROWS
        {
            self.sheet.rows.set(self.row, self.row, size);
        }
        self.row = self.row.saturating_add(1);
    }

    /// Reads a cell's attributes and moves to it.
    fn cell(&mut self, element: &BytesStart<'_>) -> Cell {
        let mut cell = Cell::default();
        for attribute in element.attributes().with_checks(false).flatten() {
            match attribute.key.as_ref() {
                "r" => {
                    if let Some((row, column)) = address(&attribute.value) {
                        self.row = row.saturating_add(1);
                        self.column = column;
                    }
                }
                "s" => cell.style = attribute.value.parse().unwrap_or(0),
                "t" => {
                    cell.kind = match attribute.value.as_ref() {
                        "s" => Kind::Shared,
                        "inlineStr" => Kind::Inline,
                        "str" => Kind::Formula,
                        "b" => Kind::Boolean,
                        "e" => Kind::Error,
                        "d" => Kind::Date,
                        _ => Kind::Number,
                    }
                }
                _ => {}
            }
        }
        self.column = self.column.saturating_add(1);
        cell
    }

    /// Where the cell stands that was read last.
    fn at(&self) -> (u32, u32) {
        (self.row.saturating_sub(1), self.column.saturating_sub(1))
    }

    fn blank(&mut self, cell: &Cell) {
        let (row, column) = self.at();
        self.sheet.push_blank(row, column, column, cell.style, self.looks.styles);
    }

    /// Reads a cell's value up to its end; false at a damage.
    fn content<R: BufRead>(&mut self, xml: &mut Xml<R>, cell: &Cell) -> bool {
        let mut buffer = std::mem::take(&mut self.buffer);
        self.value.clear();
        let (mut in_value, mut has_formula, mut has_value) = (false, false, false);
        let whole = loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) => match element.local_name().as_ref() {
                    "v" => (in_value, has_value) = (true, true),
                    "f" => has_formula = true,
                    "is" if !strings::rich_text(xml, "is", &mut self.value) => break false,
                    _ => {}
                },
                Ok(Event::End(element)) => match element.local_name().as_ref() {
                    "v" => in_value = false,
                    "c" => break true,
                    _ => {}
                },
                Ok(Event::Empty(element)) => match element.local_name().as_ref() {
                    "v" => has_value = true,
                    "f" => has_formula = true,
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => break false,
                Ok(event) if in_value => xml::push_text(&event, &mut self.value),
                Ok(_) => {}
            }
        };
        self.buffer = buffer;
        if has_formula && !has_value {
            // A program that does not calculate wrote it.
            let (row, column) = self.at();
            self.sheet.show_error(Position { row, column, style: cell.style }, "no stored result", &self.looks);
        } else {
            self.show(cell);
        }
        whole
    }

    /// Adds the cell that was read last with what it shows.
    fn show(&mut self, cell: &Cell) {
        let (row, column) = self.at();
        let at = Position { row, column, style: cell.style };
        let (sheet, looks, text) = (&mut *self.sheet, &self.looks, &mut self.text);
        let value = self.value.trim();
        let number = match cell.kind {
            Kind::Number => value.parse::<f64>().ok(),
            Kind::Date => serial_of_iso(value, looks.dates),
            _ => None,
        };
        if let Some(number) = number {
            return sheet.show_number(at, number, looks, text, self.room);
        }
        if cell.kind == Kind::Formula {
            strings::unescape(&mut self.value, 0);
        }
        let value = self.value.as_str();
        let shown = match cell.kind {
            Kind::Shared => {
                let string = value.trim().parse::<usize>().ok().and_then(|i| self.shared.strings.get(i));
                string.map_or("", AsRef::as_ref)
            }
            Kind::Boolean => match value.trim() {
                "1" | "true" => "TRUE",
                _ => "FALSE",
            },
            Kind::Error => return sheet.show_error(at, error_name(value), looks),
            Kind::Inline | Kind::Formula | Kind::Number | Kind::Date => value,
        };
        sheet.show_text(at, shown, looks, text, self.room);
    }
}

/// `B4` as (3, 1).
fn address(text: &str) -> Option<(u32, u32)> {
    let (mut row, mut column) = (0_u32, 0_u32);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                column = column.checked_mul(26)?.checked_add(u32::from(byte.to_ascii_uppercase() - b'A') + 1)?;
            }
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?,
            b'$' => {}
            _ => return None,
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, expected) in [
            ("A1", Some((0, 0))),
            ("AB12", Some((11, 27))),
            ("$C$3", Some((2, 2))),
            ("A0", None),
            ("12", None),
            ("A99999999999", None),
            ("あ1", None),
        ] {
            assert_eq!(address(text), expected, "{text}");
        }
    }
}
