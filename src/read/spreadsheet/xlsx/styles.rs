//! The styles part: what each style id says of a cell's looks.

use super::theme::Theme;
use crate::document::Colour;
use crate::read::spreadsheet::colour;
use crate::read::spreadsheet::format::{NumberFormat, builtin};
use crate::read::spreadsheet::measure::digit_width;
use crate::read::spreadsheet::package::Package;
use crate::read::spreadsheet::sheet::{Borders, Style};
use crate::read::spreadsheet::xml;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// A font as far as it matters.
#[derive(Default, Clone)]
struct Font {
    name: String,
    size: f32,
    bold: bool,
}

/// The tables that a cell style points into.
#[derive(Default)]
struct Tables {
    formats: HashMap<u32, String>,
    fonts: Vec<Font>,
    fills: Vec<Option<Colour>>,
    borders: Vec<Borders>,
    styles: Vec<Style>,
    /// The fill of each style, and each fill's indexed colour: both wait for the palette, which stands last.
    style_fills: Vec<Option<usize>>,
    indexed_fills: Vec<(usize, u32)>,
    palette: Vec<Colour>,
}

/// Reads the styles, and how wide a digit of the default font is, in pixels.
pub(super) fn read(package: &mut Package<'_>, part: &str, theme: &Theme) -> (Vec<Style>, f64) {
    let mut tables = Tables::default();
    if let Some(mut xml) = package.xml(part) {
        let mut path: Vec<String> = Vec::new();
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) => {
                    read_element(&element, &path, &mut tables, theme);
                    path.push(element.local_name().as_ref().to_owned());
                }
                Ok(Event::Empty(element)) => read_element(&element, &path, &mut tables, theme),
                Ok(Event::End(_)) => {
                    path.pop();
                }
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
    }
    for &(fill, index) in &tables.indexed_fills {
        let colour = tables.palette.get(index as usize).copied().or_else(|| colour::indexed(index));
        tables.fills[fill] = colour.and_then(colour::unless_white);
    }
    for (style, fill) in tables.styles.iter_mut().zip(&tables.style_fills) {
        style.fill = fill.and_then(|fill| tables.fills.get(fill).copied().flatten());
    }
    let digit_width = tables.fonts.first().map_or(7.0, |font| digit_width(&font.name, font.size));
    if tables.styles.is_empty() {
        tables.styles.push(Style::default());
    }
    (tables.styles, digit_width)
}

fn read_element(element: &BytesStart<'_>, path: &[String], tables: &mut Tables, theme: &Theme) {
    let parent = path.last().map_or("", String::as_str);
    let name = element.local_name();
    match (parent, name.as_ref()) {
        ("numFmts", "numFmt") => {
            if let (Some(id), Some(code)) = (xml::number(element, "numFmtId"), xml::attribute(element, "formatCode")) {
                tables.formats.insert(id, code);
            }
        }
        ("fonts", "font") => tables.fonts.push(Font::default()),
        ("font", property) if path.len() >= 2 && path[path.len() - 2] == "fonts" => {
            if let Some(font) = tables.fonts.last_mut() {
                match property {
                    "b" => font.bold = xml::switch(element, "val").unwrap_or(true),
                    "sz" => font.size = xml::number(element, "val").unwrap_or(0.0),
                    "name" => font.name = xml::attribute(element, "val").unwrap_or_default(),
                    _ => {}
                }
            }
        }
        ("fills", "fill") => tables.fills.push(None),
        ("patternFill", "fgColor") if in_fills(path) => set_fill(element, tables, theme),
        ("fill", "patternFill") if in_fills(path) => {
            // A pattern without colours is drawn in black on white.
            let pattern = xml::attribute(element, "patternType").unwrap_or_default();
            if !matches!(pattern.as_str(), "" | "none" | "solid")
                && let Some(fill) = tables.fills.last_mut()
            {
                *fill = Some(colour::from_rgb(0x80_80_80));
            }
        }
        ("stop", "color") if in_fills(path) && tables.fills.last().is_some_and(Option::is_none) => {
            set_fill(element, tables, theme);
        }
        ("borders", "border") => tables.borders.push(Borders::default()),
        ("border", side) if path.len() >= 2 && path[path.len() - 2] == "borders" => {
            let drawn = xml::attribute(element, "style").is_some_and(|style| style != "none");
            if let Some(border) = tables.borders.last_mut() {
                match side {
                    "left" | "start" => border.left = drawn,
                    "right" | "end" => border.right = drawn,
                    "top" => border.top = drawn,
                    "bottom" => border.bottom = drawn,
                    _ => {}
                }
            }
        }
        ("cellXfs", "xf") => push_style(element, tables),
        ("indexedColors", "rgbColor") => {
            let colour = xml::attribute(element, "rgb").and_then(|rgb| colour::hexadecimal(&rgb));
            tables.palette.push(colour.unwrap_or(Colour([0; 3])));
        }
        _ => {}
    }
}

/// Whether an element stands in the fills of cells (not in those of conditional formats).
fn in_fills(path: &[String]) -> bool {
    path.iter().any(|step| step == "fills")
}

fn set_fill(element: &BytesStart<'_>, tables: &mut Tables, theme: &Theme) {
    let Some(last) = tables.fills.len().checked_sub(1) else { return };
    if let Some(index) = xml::number::<u32>(element, "indexed") {
        tables.indexed_fills.push((last, index));
    } else if let Some(colour) = colour_of(element, theme) {
        tables.fills[last] = colour::unless_white(colour);
    }
}

/// A colour given by value or theme.
fn colour_of(element: &BytesStart<'_>, theme: &Theme) -> Option<Colour> {
    let base = match xml::attribute(element, "rgb") {
        Some(rgb) => colour::hexadecimal(&rgb)?,
        None => theme.get(xml::number(element, "theme")?)?,
    };
    Some(colour::tinted(base, xml::number(element, "tint").unwrap_or(0.0)))
}

fn push_style(element: &BytesStart<'_>, tables: &mut Tables) {
    // Style ids are kept in 16 bits; Excel allows 65,490.
    if tables.styles.len() > usize::from(u16::MAX) {
        return;
    }
    let id = xml::number::<u32>(element, "numFmtId").unwrap_or(0);
    let code = tables.formats.get(&id).map_or_else(|| builtin(id), String::as_str);
    let font = xml::number::<usize>(element, "fontId").and_then(|i| tables.fonts.get(i).cloned()).unwrap_or_default();
    tables.style_fills.push(xml::number(element, "fillId"));
    let borders = xml::number::<usize>(element, "borderId").and_then(|i| tables.borders.get(i).copied());
    tables.styles.push(Style {
        format: NumberFormat::parse(code),
        fill: None,
        borders: borders.unwrap_or_default(),
        bold: font.bold,
        size: font.size,
    });
}
