//! ODF styles: of cells, rows, columns, tables and drawn shapes.

use crate::document::Colour;
use crate::read::spreadsheet::colour;
use crate::read::spreadsheet::sheet::{Borders, Style};
use crate::read::spreadsheet::xml::{self, Xml};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::io::BufRead;

/// How far a style's parents are followed.
const MAX_PARENTS: u32 = 16;

/// The styles of a document by their names.
#[derive(Default)]
pub(super) struct Styles {
    named: HashMap<String, Named>,
    /// Cell styles that are in use; the first is the default.
    pub cells: Vec<Style>,
    indices: HashMap<String, u16>,
    /// The style that is read.
    current: Option<String>,
}

/// What a style states itself.
#[derive(Debug, Default, Clone)]
struct Named {
    parent: Option<String>,
    /// `transparent` is stated as none.
    fill: Option<Option<Colour>>,
    left: Option<bool>,
    right: Option<bool>,
    top: Option<bool>,
    bottom: Option<bool>,
    bold: Option<bool>,
    font_size: Option<f32>,
    /// Row height or column width in EMU.
    size: Option<i64>,
    is_hidden: bool,
    /// Of shapes.
    filled: Option<bool>,
    fill_colour: Option<Colour>,
    stroked: Option<bool>,
    stroke_colour: Option<Colour>,
    start_head: Option<bool>,
    end_head: Option<bool>,
}

impl Styles {
    /// Reads all styles of a part.
    pub fn read<R: BufRead>(&mut self, xml: &mut Xml<R>) {
        self.read_until(xml, "");
    }

    /// Reads styles up to the end of an element.
    pub fn read_until<R: BufRead>(&mut self, xml: &mut Xml<R>, end: &str) {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(element) | Event::Empty(element)) => self.element(&element),
                Ok(Event::End(element)) if element.local_name().as_ref() == end => return,
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    fn element(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "style" => {
                let family = xml::attribute(element, "family").unwrap_or_default();
                let name = xml::attribute(element, "name").unwrap_or_default();
                let parent = xml::attribute(element, "parent-style-name").map(|parent| key(&family, &parent));
                let name = key(&family, &name);
                self.named.insert(name.clone(), Named { parent, ..Named::default() });
                self.current = Some(name);
            }
            "default-style" => {
                let family = xml::attribute(element, "family").unwrap_or_default();
                self.current = Some(key(&family, ""));
                self.named.entry(key(&family, "")).or_default();
            }
            name => {
                if let Some(named) = self.current.as_ref().and_then(|current| self.named.get_mut(current)) {
                    named.property(name, element);
                }
            }
        }
    }

    /// A value that a style or the nearest of its parents states.
    fn stated<T>(&self, name: &str, get: impl Fn(&Named) -> Option<T>) -> Option<T> {
        let family = name.split_once('/').map_or("", |(family, _)| family);
        let mut current = self.named.get(name);
        for _ in 0..MAX_PARENTS {
            let named = current?;
            if let Some(value) = get(named) {
                return Some(value);
            }
            match &named.parent {
                Some(parent) => current = self.named.get(parent),
                None => break,
            }
        }
        get(self.named.get(&key(family, ""))?)
    }

    /// The index of a cell style.
    pub fn cell(&mut self, name: &str) -> u16 {
        if self.cells.is_empty() {
            let size = self.stated(&key("table-cell", "Default"), |named| named.font_size).unwrap_or(0.0);
            self.cells.push(Style { size, ..Style::default() });
        }
        if let Some(&index) = self.indices.get(name) {
            return index;
        }
        let Ok(index) = u16::try_from(self.cells.len()) else { return 0 };
        let name_key = key("table-cell", name);
        let side = |get: fn(&Named) -> Option<bool>| self.stated(&name_key, get).unwrap_or(false);
        let style = Style {
            format: Default::default(),
            fill: self.stated(&name_key, |named| named.fill).flatten().and_then(colour::unless_white),
            borders: Borders {
                left: side(|named| named.left),
                right: side(|named| named.right),
                top: side(|named| named.top),
                bottom: side(|named| named.bottom),
            },
            bold: self.stated(&name_key, |named| named.bold).unwrap_or(false),
            size: self.stated(&name_key, |named| named.font_size).unwrap_or(self.cells[0].size),
        };
        self.cells.push(style);
        self.indices.insert(name.to_owned(), index);
        index
    }

    /// The height of a row style or width of a column style, in EMU.
    pub fn size(&self, name: &str) -> Option<i64> {
        let of = |family: &str| self.named.get(&key(family, name)).and_then(|named| named.size);
        of("table-row").or_else(|| of("table-column"))
    }

    pub fn is_hidden_table(&self, name: &str) -> bool {
        self.named.get(&key("table", name)).is_some_and(|named| named.is_hidden)
    }

    /// How a shape of a style is painted.
    pub fn graphic(&self, name: &str) -> Graphic {
        let name = key("graphic", name);
        Graphic {
            filled: self.stated(&name, |named| named.filled),
            fill_colour: self.stated(&name, |named| named.fill_colour),
            stroked: self.stated(&name, |named| named.stroked),
            stroke_colour: self.stated(&name, |named| named.stroke_colour),
            has_head: self.stated(&name, |named| named.start_head) == Some(true)
                || self.stated(&name, |named| named.end_head) == Some(true),
        }
    }
}

/// How a shape is painted.
pub(super) struct Graphic {
    pub filled: Option<bool>,
    pub fill_colour: Option<Colour>,
    pub stroked: Option<bool>,
    pub stroke_colour: Option<Colour>,
    pub has_head: bool,
}

/// Styles of different families may share a name.
fn key(family: &str, name: &str) -> String {
    format!("{family}/{name}")
}

impl Named {
    fn property(&mut self, name: &str, element: &BytesStart<'_>) {
        for attribute in element.attributes().with_checks(false).flatten() {
            let value = attribute.value.as_ref();
            match (name, attribute.key.local_name().as_ref()) {
                ("table-cell-properties", "background-color") => self.fill = Some(colour::hexadecimal(value)),
                ("table-cell-properties", "border") => {
                    let drawn = Some(is_drawn(value));
                    (self.left, self.right, self.top, self.bottom) = (drawn, drawn, drawn, drawn);
                }
                ("table-cell-properties", "border-left") => self.left = Some(is_drawn(value)),
                ("table-cell-properties", "border-right") => self.right = Some(is_drawn(value)),
                ("table-cell-properties", "border-top") => self.top = Some(is_drawn(value)),
                ("table-cell-properties", "border-bottom") => self.bottom = Some(is_drawn(value)),
                ("text-properties", "font-weight" | "font-weight-asian") => {
                    let weight = value.parse::<u32>().unwrap_or(0);
                    self.bold = Some(value == "bold" || weight >= 600 || self.bold == Some(true));
                }
                ("text-properties", "font-size") => self.font_size = points(value),
                ("table-row-properties", "row-height") | ("table-column-properties", "column-width") => {
                    self.size = length(value);
                }
                ("table-properties", "display") => self.is_hidden = value == "false",
                ("graphic-properties", "fill") => self.filled = Some(value != "none"),
                ("graphic-properties", "fill-color") => self.fill_colour = colour::hexadecimal(value),
                ("graphic-properties", "stroke") => self.stroked = Some(value != "none"),
                ("graphic-properties", "stroke-color") => self.stroke_colour = colour::hexadecimal(value),
                ("graphic-properties", "marker-start") => self.start_head = Some(!value.is_empty()),
                ("graphic-properties", "marker-end") => self.end_head = Some(!value.is_empty()),
                _ => {}
            }
        }
    }
}

fn is_drawn(border: &str) -> bool {
    !matches!(border, "none" | "hidden" | "")
}

/// A font size in points; none where it is relative.
fn points(text: &str) -> Option<f32> {
    text.strip_suffix("pt")?.trim().parse().ok()
}

/// A length in EMU.
pub(super) fn length(text: &str) -> Option<i64> {
    const UNITS: [(&str, f64); 6] =
        [("in", 914_400.0), ("cm", 360_000.0), ("mm", 36_000.0), ("pt", 12_700.0), ("pc", 152_400.0), ("px", 9525.0)];
    let text = text.trim();
    let (unit, scale) = UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
    let value = text[..text.len() - unit.len()].trim().parse::<f64>().ok()?;
    Some((value * scale) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_units() {
        for (text, expected) in
            [("1in", Some(914_400)), ("2.54cm", Some(914_400)), ("72pt", Some(914_400)), ("5", None), ("%", None)]
        {
            assert_eq!(length(text), expected, "{text}");
        }
    }

    #[test]
    fn styles_inherit() {
        let source = "<s><style:default-style style:family='table-cell'><style:text-properties fo:font-size='11pt'/></style:default-style>\
            <style:style style:name='base' style:family='table-cell'><style:table-cell-properties fo:background-color='#ddebf7' fo:border='0.74pt solid #000000'/></style:style>\
            <style:style style:name='ce1' style:family='table-cell' style:parent-style-name='base'><style:table-cell-properties fo:border-left='none'/><style:text-properties fo:font-weight='bold'/></style:style></s>";
        let mut styles = Styles::default();
        styles.read(&mut Xml::from_reader(source.as_bytes()));
        let index = styles.cell("ce1");
        let style = &styles.cells[usize::from(index)];
        assert_eq!((style.fill, style.bold, style.size), (Some(Colour([0xdd, 0xeb, 0xf7])), true, 11.0));
        assert_eq!((style.borders.left, style.borders.right), (false, true));
        assert_eq!(styles.cell("ce1"), index);
    }
}
