//! The workbook's globals: sheets, shared strings, fonts, formats, cell styles, palette.

use super::records::{Record, Records, Strings, encoding, kind};
use crate::document::Colour;
use crate::read::spreadsheet::binary::{u16_at, u32_at};
use crate::read::spreadsheet::colour;
use crate::read::spreadsheet::format::{DateSystem, NumberFormat, builtin};
use crate::read::spreadsheet::measure::digit_width;
use crate::read::spreadsheet::sheet::{Borders, Style};
use std::collections::HashMap;

/// What the sheets of a workbook share.
pub(super) struct Globals {
    pub sheets: Vec<Entry>,
    pub strings: Vec<String>,
    pub styles: Vec<Style>,
    pub dates: DateSystem,
    pub digit_width: f64,
    pub writing: Strings,
    pub palette: Vec<Colour>,
}

/// A sheet as the workbook lists it.
pub(super) struct Entry {
    pub name: String,
    pub hidden: bool,
    /// Where its records begin in the stream.
    pub start: usize,
}

struct Font {
    name: String,
    size: f32,
    bold: bool,
}

/// A cell style as it is written.
struct Xf {
    font: usize,
    format: u32,
    borders: Borders,
    /// Pattern and the palette index of its colour.
    fill: (u8, u16),
}

impl Globals {
    /// Reads the globals from the start of the stream; none where it is encrypted.
    pub fn read(stream: &[u8]) -> Option<Self> {
        let mut globals = Globals {
            sheets: Vec::new(),
            strings: Vec::new(),
            styles: Vec::new(),
            dates: DateSystem::From1900,
            digit_width: 0.0,
            writing: Strings { is_unicode: true, encoding: encoding(932) },
            palette: colour::INDEXED.map(colour::from_rgb).to_vec(),
        };
        let (mut fonts, mut formats, mut xfs) = (Vec::new(), HashMap::new(), Vec::new());
        for record in (Records { bytes: stream, at: 0 }) {
            let data = record.data;
            match record.kind {
                kind::START => globals.writing.is_unicode = u16_at(data, 0) == Some(0x0600),
                kind::FILE_PASS => return None,
                kind::CODE_PAGE => globals.writing.encoding = encoding(u16_at(data, 0).unwrap_or(932)),
                kind::DATE_MODE if u16_at(data, 0) == Some(1) => globals.dates = DateSystem::From1904,
                kind::FONT => fonts.extend(font(data, &globals.writing)),
                kind::FORMAT => {
                    let length_bytes = if globals.writing.is_unicode { 2 } else { 1 };
                    if let (Some(id), Some(code)) = (u16_at(data, 0), globals.writing.read(data, 2, length_bytes)) {
                        formats.insert(u32::from(id), code);
                    }
                }
                kind::XF => xfs.push(xf(data, globals.writing.is_unicode)),
                kind::PALETTE => globals.read_palette(data),
                kind::BOUND_SHEET => globals.sheets.extend(bound_sheet(data, &globals.writing)),
                kind::SHARED_STRINGS => globals.read_strings(&record),
                kind::EOF => break,
                _ => {}
            }
        }
        globals.digit_width = fonts.first().map_or(7.0, |font: &Font| digit_width(&font.name, font.size));
        globals.styles = xfs.iter().map(|xf| globals.style(xf, &fonts, &formats)).collect();
        Some(globals)
    }

    fn style(&self, xf: &Xf, fonts: &[Font], formats: &HashMap<u32, String>) -> Style {
        // No font has the number 4.
        let font = fonts.get(if xf.font > 4 { xf.font - 1 } else { xf.font });
        let code = formats.get(&xf.format).map_or_else(|| builtin(xf.format), String::as_str);
        let fill = match xf.fill {
            (0, _) => None,
            (1, index) => self.palette.get(usize::from(index)).copied().and_then(colour::unless_white),
            // A pattern in the automatic colour is drawn in black on white.
            (_, index) => Some(self.palette.get(usize::from(index)).copied().unwrap_or(colour::from_rgb(0x80_80_80))),
        };
        Style {
            format: NumberFormat::parse(code),
            fill,
            borders: xf.borders,
            bold: font.is_some_and(|font| font.bold),
            size: font.map_or(0.0, |font| font.size),
        }
    }

    /// Colours from index 8 on.
    fn read_palette(&mut self, data: &[u8]) {
        for (slot, rgb) in self.palette.iter_mut().skip(8).zip(data.get(2..).unwrap_or_default().chunks_exact(4)) {
            *slot = Colour([rgb[0], rgb[1], rgb[2]]);
        }
    }

    fn read_strings(&mut self, record: &Record<'_>) {
        let mut fields = record.fields();
        let count = fields.skip(4).and_then(|()| fields.u32()).unwrap_or(0);
        for _ in 0..count {
            let Some(text) = fields.rich_string() else { return };
            self.strings.push(text);
        }
    }
}

fn font(data: &[u8], writing: &Strings) -> Option<Font> {
    Some(Font {
        // In twentieths of a point.
        size: f32::from(u16_at(data, 0)?) / 20.0,
        bold: u16_at(data, 6)? >= 600,
        name: writing.read(data, 14, 1).unwrap_or_default(),
    })
}

fn xf(data: &[u8], is_biff8: bool) -> Xf {
    let lines = u32_at(data, 10).unwrap_or(0);
    let fill = (u32_at(data, 14).unwrap_or(0) >> 26, u16_at(data, 18).unwrap_or(0) & 0x7f);
    let side = |shift: u32| is_biff8 && (lines >> shift) & 0xf != 0;
    Xf {
        font: usize::from(u16_at(data, 0).unwrap_or(0)),
        format: u32::from(u16_at(data, 2).unwrap_or(0)),
        borders: Borders { left: side(0), right: side(4), top: side(8), bottom: side(12) },
        fill: if is_biff8 { (fill.0 as u8, fill.1) } else { (0, 0) },
    }
}

/// A sheet of cells; none for charts, macros and modules.
fn bound_sheet(data: &[u8], writing: &Strings) -> Option<Entry> {
    let (start, state, content) = (u32_at(data, 0)? as usize, *data.get(4)?, *data.get(5)?);
    let name = writing.read(data, 6, 1)?.replace('\0', "");
    (content == 0).then_some(Entry { name, hidden: state & 3 != 0, start })
}
