//! A sheet's records: cells, sizes of rows and columns, merges, and the bytes of its drawing.

use super::drawing::{self, Object};
use super::globals::Globals;
use super::records::{Record, Records, kind};
use crate::read::spreadsheet::binary::{error_name, f64_at, rk_number, u16_at, u32_at};
use crate::read::spreadsheet::measure::{DEFAULT_HEIGHT, column_width, default_width, row_height};
use crate::read::spreadsheet::sheet::Merge;
use crate::read::spreadsheet::sheet::{Axis, Looks, Position, Room, Sheet};

/// Heights are in twentieths of a point.
const TWIPS: f64 = 20.0;

/// Reads the sheet whose records begin at `start`; false where there are none.
pub(super) fn read(stream: &[u8], start: usize, globals: &Globals, sheet: &mut Sheet, room: &mut Room) -> bool {
    sheet.columns = Axis::new(default_width(8.0, globals.digit_width));
    sheet.rows = Axis::new(DEFAULT_HEIGHT);
    if !super::starts_at(stream, start) {
        return false;
    }
    let looks = Looks { styles: &globals.styles, dates: globals.dates };
    let mut reader = Cells {
        sheet,
        globals,
        looks,
        room,
        text: String::new(),
        formula: None,
        drawing: Vec::new(),
        objects: Vec::new(),
    };
    // Charts in the sheet are sheets within it.
    let mut depth = 0;
    let mut whole = false;
    for record in (Records { bytes: stream, at: start }) {
        match record.kind {
            kind::START => depth += 1,
            kind::EOF => {
                depth -= 1;
                if depth == 0 {
                    whole = true;
                    break;
                }
            }
            _ if depth == 1 => {
                reader.record(&record);
            }
            _ => {}
        }
    }
    let (drawing, objects) = (reader.drawing, reader.objects);
    sheet.rows.settle();
    sheet.columns.settle();
    drawing::place(&drawing, objects, &globals.palette, sheet);
    whole
}

struct Cells<'a> {
    sheet: &'a mut Sheet,
    globals: &'a Globals,
    looks: Looks<'a>,
    room: &'a mut Room,
    /// Scratch: what a number shows.
    text: String,
    /// The formula cell whose text comes in the next record.
    formula: Option<Position>,
    drawing: Vec<u8>,
    objects: Vec<Object>,
}

impl Cells<'_> {
    /// Reads a record; none where it is too short.
    fn record(&mut self, record: &Record<'_>) -> Option<()> {
        let data = record.data;
        match record.kind {
            kind::NUMBER => self.number(data, f64_at(data, 6)?),
            kind::RK => self.number(data, rk_number(u32_at(data, 6)?)),
            kind::MULTIPLE_RK => {
                let (row, first) = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
                for (i, packed) in data.get(4..data.len().saturating_sub(2))?.chunks_exact(6).enumerate() {
                    let at = Position { row, column: first + i as u32, style: u16_at(packed, 0)? };
                    self.show_number(at, rk_number(u32_at(packed, 2)?));
                }
                Some(())
            }
            kind::SHARED_LABEL => {
                let globals = self.globals;
                let text = globals.strings.get(u32_at(data, 6)? as usize)?;
                self.show_text(position(data)?, text);
                Some(())
            }
            kind::LABEL | kind::RICH_STRING => {
                let text = self.globals.writing.read(data, 6, 2)?;
                self.show_text(position(data)?, &text);
                Some(())
            }
            kind::BOOLEAN_OR_ERROR => {
                self.boolean_or_error(position(data)?, *data.get(6)?, *data.get(7)? != 0);
                Some(())
            }
            kind::FORMULA => self.formula(data),
            kind::STRING => {
                let at = self.formula.take()?;
                let text = if self.globals.writing.is_unicode {
                    let mut fields = record.fields();
                    let (count, flags) = (fields.u16()?, fields.u8()?);
                    fields.characters(usize::from(count), flags & 1 != 0)?
                } else {
                    self.globals.writing.read(data, 0, 2)?
                };
                self.show_text(at, &text);
                Some(())
            }
            kind::BLANK => {
                self.blank(position(data)?);
                Some(())
            }
            kind::MULTIPLE_BLANK => {
                let (row, first) = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
                for (i, style) in data.get(4..data.len().saturating_sub(2))?.chunks_exact(2).enumerate() {
                    self.blank(Position { row, column: first + i as u32, style: u16_at(style, 0)? });
                }
                Some(())
            }
            kind::MERGED_CELLS => {
                for range in data.get(2..)?.chunks_exact(8) {
                    let at = |i: usize| u16_at(range, i).map(u32::from);
                    let (row, end_row, column, end_column) = (at(0)?, at(2)?, at(4)?, at(6)?);
                    self.sheet.merges.push(Merge { row, column, end_row, end_column });
                }
                Some(())
            }
            kind::DRAWING => {
                self.drawing.extend(record.joined());
                Some(())
            }
            kind::OBJECT => {
                self.objects.push(Object::read(data));
                Some(())
            }
            kind::TEXT_OBJECT => {
                if let (Some(object), Some(text)) = (self.objects.last_mut(), text_object(record)) {
                    object.text = text;
                }
                Some(())
            }
            _ => self.size(record.kind, data),
        }
    }

    /// Sizes of rows and columns.
    fn size(&mut self, kind: u16, data: &[u8]) -> Option<()> {
        let digit_width = self.globals.digit_width;
        match kind {
            kind::DEFAULT_COLUMN_WIDTH => {
                self.sheet.columns.default = default_width(f64::from(u16_at(data, 0)?), digit_width);
            }
            kind::STANDARD_WIDTH => {
                self.sheet.columns.default = column_width(f64::from(u16_at(data, 0)?) / 256.0, digit_width);
            }
            kind::COLUMN_INFO => {
                let hidden = u16_at(data, 8)? & 1 != 0;
                let width = column_width(f64::from(u16_at(data, 4)?) / 256.0, digit_width);
                let (first, last) = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?).min(255));
                self.sheet.columns.set(first, last, if hidden { 0 } else { width });
            }
            kind::DEFAULT_ROW_HEIGHT => {
                let hidden = u16_at(data, 0)? & 2 != 0;
                let height = row_height(f64::from(u16_at(data, 2)?) / TWIPS);
                self.sheet.rows.default = if hidden { 0 } else { height };
            }
            kind::ROW => {
                let (row, height, options) = (u32::from(u16_at(data, 0)?), u16_at(data, 6)?, u16_at(data, 12)?);
                let hidden = options & 0x20 != 0;
                let is_default = height & 0x8000 != 0 && self.sheet.rows.default > 0;
                if hidden || !is_default {
                    let height = row_height(f64::from(height & 0x7fff) / TWIPS);
                    self.sheet.rows.set(row, row, if hidden { 0 } else { height });
                }
            }
            _ => {}
        }
        Some(())
    }

    fn formula(&mut self, data: &[u8]) -> Option<()> {
        let at = position(data)?;
        let value = data.get(6..14)?;
        self.formula = None;
        if value[6..] != [0xff, 0xff] {
            self.show_number(at, f64_at(data, 6)?);
            return Some(());
        }
        match value[0] {
            0 => self.formula = Some(at),
            1 => self.boolean_or_error(at, value[2], false),
            2 => self.boolean_or_error(at, value[2], true),
            _ => self.blank(at),
        }
        Some(())
    }

    fn number(&mut self, data: &[u8], value: f64) -> Option<()> {
        self.show_number(position(data)?, value);
        Some(())
    }

    fn blank(&mut self, at: Position) {
        self.sheet.push_blank(at.row, at.column, at.column, at.style, &self.globals.styles);
    }

    fn show_number(&mut self, at: Position, value: f64) {
        self.sheet.show_number(at, value, &self.looks, &mut self.text, self.room);
    }

    fn show_text(&mut self, at: Position, text: &str) {
        self.sheet.show_text(at, text, &self.looks, &mut self.text, self.room);
    }

    fn boolean_or_error(&mut self, at: Position, value: u8, is_error: bool) {
        if is_error {
            self.sheet.show_error(at, error_name(value), &self.looks);
        } else {
            self.show_text(at, if value == 0 { "FALSE" } else { "TRUE" });
        }
    }
}

/// Row, column and style, which begin every cell's record.
fn position(data: &[u8]) -> Option<Position> {
    Some(Position { row: u32::from(u16_at(data, 0)?), column: u32::from(u16_at(data, 2)?), style: u16_at(data, 4)? })
}

/// The text of a text object, which stands in the record that continues it.
fn text_object(record: &Record<'_>) -> Option<String> {
    let count = usize::from(u16_at(record.data, 10)?);
    let mut fields = record.fields();
    fields.skip(record.data.len())?;
    let flags = fields.u8()?;
    fields.characters(count, flags & 1 != 0)
}
