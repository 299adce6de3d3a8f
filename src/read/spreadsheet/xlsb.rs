//! Binary Office Open XML workbooks, `.xlsb` ([MS-XLSB]): the package of an `.xlsx` with binary parts.

use super::binary::{error_name, f64_at, rk_number, u16_at, u32_at, utf16};
use super::colour;
use super::format::{DateSystem, NumberFormat, builtin};
use super::measure::{DEFAULT_HEIGHT, column_width, default_width, digit_width, row_height};
use super::package::Package;
use super::sheet::{Axis, Borders, Looks, Position, Room, Sheet, Style, Workbook};
use super::xlsx::{self, Theme};
use crate::document::Colour;
use crate::read::spreadsheet::sheet::Merge;
use std::collections::HashMap;
use std::io::Read;

/// A record longer than this is none that is read: a cell's text has at most 64 KB.
const MAX_RECORD: usize = 1 << 20;

/// Types of records that are read ([MS-XLSB] 2.3).
mod kind {
    pub const ROW: u16 = 0;
    pub const BLANK: u16 = 1;
    pub const RK: u16 = 2;
    pub const ERROR: u16 = 3;
    pub const BOOLEAN: u16 = 4;
    pub const REAL: u16 = 5;
    pub const TEXT: u16 = 6;
    pub const SHARED_TEXT: u16 = 7;
    pub const FORMULA_TEXT: u16 = 8;
    pub const FORMULA_NUMBER: u16 = 9;
    pub const FORMULA_BOOLEAN: u16 = 10;
    pub const FORMULA_ERROR: u16 = 11;
    pub const SHARED_ITEM: u16 = 19;
    pub const FONT: u16 = 43;
    pub const FORMAT: u16 = 44;
    pub const FILL: u16 = 45;
    pub const BORDER: u16 = 46;
    pub const XF: u16 = 47;
    pub const COLUMN_INFO: u16 = 60;
    pub const RICH_TEXT: u16 = 62;
    pub const WORKBOOK_PROPERTIES: u16 = 153;
    pub const SHEET: u16 = 156;
    pub const MERGE: u16 = 176;
    pub const INDEXED_COLOUR: u16 = 475;
    pub const SHEET_FORMAT: u16 = 485;
    pub const BEGIN_CELL_XFS: u16 = 617;
    pub const END_CELL_XFS: u16 = 618;
}

/// Reads a workbook from its package.
pub(super) fn read(package: &mut Package<'_>) -> Workbook {
    const MAIN: &str = "xl/workbook.bin";
    let mut workbook = Workbook::default();
    let related = package.relationships(MAIN);
    let part_of = |kind: &str, fallback: &str| {
        related.values().find(|it| it.kind == kind).map_or(fallback.to_owned(), |it| it.target.clone())
    };
    let (mut entries, mut dates) = (Vec::new(), DateSystem::From1900);
    let whole = records(package, MAIN, |kind, data| {
        match kind {
            kind::WORKBOOK_PROPERTIES if u32_at(data, 0)? & 1 != 0 => dates = DateSystem::From1904,
            kind::SHEET => {
                let (id, at) = text(data, 8)?;
                entries.push((text(data, at)?.0, id, u32_at(data, 0)? != 0));
            }
            _ => {}
        }
        Some(())
    });
    if !whole {
        workbook.damage.push("the workbook part is missing or damaged".to_owned());
    }
    let theme = xlsx::theme(package, &part_of("theme", "xl/theme/theme1.xml"));
    let (styles, digit_width) = styles(package, &part_of("styles", "xl/styles.bin"), &theme);
    let mut strings = Vec::new();
    records(package, &part_of("sharedStrings", "xl/sharedStrings.bin"), |kind, data| {
        if kind == kind::SHARED_ITEM {
            strings.push(text(data, 1).map_or(String::new(), |(text, _)| text));
        }
        Some(())
    });
    let shared = Shared { strings, looks: Looks { styles: &styles, dates }, digit_width };
    let mut room = Room::default();
    for (name, id, hidden) in entries {
        let Some(relationship) = related.get(&id).filter(|it| it.kind == "worksheet") else { continue };
        let mut sheet = Sheet { name, hidden, ..Sheet::default() };
        if !hidden {
            if !read_sheet(package, &relationship.target, &mut sheet, &shared, &mut room) {
                workbook.damage.push(format!("sheet `{}` is missing or damaged", sheet.name));
            }
            xlsx::drawings(package, &relationship.target, &mut sheet, &theme);
        }
        workbook.sheets.push(sheet);
    }
    workbook.styles = styles;
    workbook.truncated = room.exceeded || package.exceeded();
    workbook
}

/// Calls back for each record of a part; false where the part is missing or ends within a record.
fn records(package: &mut Package<'_>, part: &str, mut each: impl FnMut(u16, &[u8]) -> Option<()>) -> bool {
    let Some(mut part) = package.stream(part) else { return false };
    let mut data = Vec::new();
    loop {
        let Some(kind) = variable(&mut part, 2) else { return true };
        let Some(length) = variable(&mut part, 4).map(|length| length as usize) else { return false };
        if length > MAX_RECORD {
            return false;
        }
        data.resize(length, 0);
        if part.read_exact(&mut data).is_err() {
            return false;
        }
        // A record that is too short says nothing.
        let _ = each(kind as u16, &data);
    }
}

/// A number of seven bits a byte, the lowest first.
fn variable(part: &mut impl Read, most: u32) -> Option<u32> {
    let mut value = 0;
    for i in 0..most {
        let mut byte = [0];
        part.read_exact(&mut byte).ok()?;
        value |= u32::from(byte[0] & 0x7f) << (7 * i);
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

/// A string and the position behind it; its length of 0xffffffff stands for none.
fn text(data: &[u8], at: usize) -> Option<(String, usize)> {
    let count = u32_at(data, at)?;
    let count = if count == u32::MAX { 0 } else { count as usize };
    let end = count.checked_mul(2)?.checked_add(at + 4)?;
    Some((utf16(data.get(at + 4..end)?), end))
}

struct Font {
    name: String,
    size: f32,
    bold: bool,
}

/// The styles, and how wide a digit of the default font is.
fn styles(package: &mut Package<'_>, part: &str, theme: &Theme) -> (Vec<Style>, f64) {
    let (mut fonts, mut fills, mut borders) = (Vec::new(), Vec::new(), Vec::new());
    let (mut formats, mut palette, mut xfs) = (HashMap::new(), Vec::new(), Vec::new());
    let mut in_cell_xfs = false;
    records(package, part, |kind, data| {
        match kind {
            kind::FORMAT => {
                formats.insert(u32::from(u16_at(data, 0)?), text(data, 2)?.0);
            }
            kind::FONT => fonts.push(Font {
                size: f32::from(u16_at(data, 0)?) / 20.0,
                bold: u16_at(data, 4)? >= 600,
                name: text(data, 21).map_or(String::new(), |(name, _)| name),
            }),
            kind::FILL => fills.push((u32_at(data, 0)?, data.get(4..12)?.to_vec())),
            kind::BORDER => {
                let side = |i: usize| data.get(1 + 10 * i).is_some_and(|&style| style != 0);
                borders.push(Borders { top: side(0), bottom: side(1), left: side(2), right: side(3) });
            }
            kind::BEGIN_CELL_XFS => in_cell_xfs = true,
            kind::END_CELL_XFS => in_cell_xfs = false,
            kind::XF if in_cell_xfs => {
                let at = |i: usize| u16_at(data, 2 * i).map(usize::from);
                xfs.push([at(1)?, at(2)?, at(3)?, at(4)?]);
            }
            kind::INDEXED_COLOUR => palette.push(Colour([*data.first()?, *data.get(1)?, *data.get(2)?])),
            _ => {}
        }
        Some(())
    });
    let digits = fonts.first().map_or(7.0, |font: &Font| digit_width(&font.name, font.size));
    let style = |[format, font, fill, border]: [usize; 4]| {
        let code = formats.get(&(format as u32)).map_or_else(|| builtin(format as u32), String::as_str);
        let font = fonts.get(font);
        let fill = fills.get(fill).and_then(|(pattern, fore)| match pattern {
            0 => None,
            1 => colour_of(fore, theme, &palette).and_then(colour::unless_white),
            // A pattern in the automatic colour is drawn in black on white.
            _ => Some(colour_of(fore, theme, &palette).unwrap_or(colour::from_rgb(0x80_80_80))),
        });
        Style {
            format: NumberFormat::parse(code),
            fill,
            borders: borders.get(border).copied().unwrap_or_default(),
            bold: font.is_some_and(|font| font.bold),
            size: font.map_or(0.0, |font| font.size),
        }
    };
    (xfs.into_iter().map(style).collect(), digits)
}

/// A colour: by palette, value or theme, with a tint.
fn colour_of(data: &[u8], theme: &Theme, palette: &[Colour]) -> Option<Colour> {
    let index = *data.get(1)?;
    let base = match data.first()? >> 1 {
        1 => palette.get(usize::from(index)).copied().or_else(|| colour::indexed(u32::from(index)))?,
        2 => Colour([*data.get(4)?, *data.get(5)?, *data.get(6)?]),
        3 => theme.get(usize::from(index))?,
        _ => return None,
    };
    let tint = f64::from(u16_at(data, 2)? as i16) / f64::from(i16::MAX);
    Some(colour::tinted(base, tint))
}

/// What the sheets of a workbook share.
struct Shared<'a> {
    strings: Vec<String>,
    looks: Looks<'a>,
    digit_width: f64,
}

fn read_sheet(package: &mut Package<'_>, part: &str, sheet: &mut Sheet, shared: &Shared<'_>, room: &mut Room) -> bool {
    sheet.columns = Axis::new(default_width(8.0, shared.digit_width));
    sheet.rows = Axis::new(DEFAULT_HEIGHT);
    let (mut row, mut scratch) = (0, String::new());
    records(package, part, |kind, data| {
        if matches!(kind, kind::BLANK..=kind::FORMULA_ERROR | kind::RICH_TEXT) {
            let style = u32_at(data, 4)? & 0x00ff_ffff;
            let at = Position { row, column: u32_at(data, 0)?, style: u16::try_from(style).unwrap_or(0) };
            return cell(kind, data, at, sheet, shared, &mut scratch, room);
        }
        match kind {
            kind::ROW => {
                row = u32_at(data, 0)?;
                room.is_below(row);
                let hidden = data.get(11)? & 0x10 != 0;
                let height = row_height(f64::from(u16_at(data, 8)?) / 20.0);
                if row < super::sheet::MAX_ROWS {
                    sheet.rows.set(row, row, if hidden { 0 } else { height });
                }
            }
            kind::COLUMN_INFO => {
                let hidden = u16_at(data, 16)? & 1 != 0;
                let width = column_width(f64::from(u32_at(data, 8)?) / 256.0, shared.digit_width);
                let last = u32_at(data, 4)?.min(super::sheet::MAX_COLUMNS - 1);
                sheet.columns.set(u32_at(data, 0)?, last, if hidden { 0 } else { width });
            }
            kind::SHEET_FORMAT => {
                let (width, digits) = (u32_at(data, 0)?, u16_at(data, 4)?);
                sheet.columns.default = match width {
                    u32::MAX => default_width(f64::from(digits), shared.digit_width),
                    width => column_width(f64::from(width) / 256.0, shared.digit_width),
                };
                let hidden = u16_at(data, 8)? & 2 != 0;
                sheet.rows.default = if hidden { 0 } else { row_height(f64::from(u16_at(data, 6)?) / 20.0) };
            }
            kind::MERGE => sheet.merges.push(Merge {
                row: u32_at(data, 0)?,
                end_row: u32_at(data, 4)?,
                column: u32_at(data, 8)?,
                end_column: u32_at(data, 12)?,
            }),
            _ => {}
        }
        Some(())
    })
}

fn cell(
    kind: u16,
    data: &[u8],
    at: Position,
    sheet: &mut Sheet,
    shared: &Shared<'_>,
    scratch: &mut String,
    room: &mut Room,
) -> Option<()> {
    let looks = &shared.looks;
    match kind {
        kind::RK => sheet.show_number(at, rk_number(u32_at(data, 8)?), looks, scratch, room),
        kind::REAL | kind::FORMULA_NUMBER => sheet.show_number(at, f64_at(data, 8)?, looks, scratch, room),
        kind::TEXT | kind::FORMULA_TEXT => sheet.show_text(at, &text(data, 8)?.0, looks, scratch, room),
        kind::RICH_TEXT => sheet.show_text(at, &text(data, 9)?.0, looks, scratch, room),
        kind::SHARED_TEXT => {
            let string = shared.strings.get(u32_at(data, 8)? as usize)?;
            sheet.show_text(at, string, looks, scratch, room);
        }
        kind::BOOLEAN | kind::FORMULA_BOOLEAN => {
            sheet.show_text(at, if *data.get(8)? == 0 { "FALSE" } else { "TRUE" }, looks, scratch, room);
        }
        kind::ERROR | kind::FORMULA_ERROR => sheet.show_error(at, error_name(*data.get(8)?), looks),
        _ => sheet.push_blank(at.row, at.column, at.column, at.style, looks.styles),
    }
    Some(())
}
