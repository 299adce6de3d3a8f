//! Legends of colours: small filled areas with a name beside or inside them, kept as a table so that the colours are.

use super::content::Rect;
use super::grid::Lattice;
use super::lines::VisualLine;
use super::page::{Found, FoundTable, TextBox};
use super::paths::union;
use crate::document::{Cell, Colour, Nested, Place, Table, Text};

/// The largest swatch, in points.
const WIDEST: f32 = 60.0;
const HIGHEST: f32 = 24.0;

/// How far behind its swatch a name begins, in parts of its font size.
const NEAR: f32 = 1.8;

/// The longest name that a swatch has, in characters.
const LONGEST: usize = 16;

/// How far apart the swatches of one row may lie in height, in points.
const LEVEL: f32 = 3.0;

/// An entry of a legend.
struct Entry {
    colour: Colour,
    bbox: Rect,
    text: Text,
}

/// Takes the legends out of a page's lines and boxes and adds them to its tables.
pub(super) fn take(page: &mut Found) {
    let used: Vec<Colour> =
        page.tables.iter().flat_map(|table| &table.table.overlays).filter_map(|overlay| overlay.colour).collect();
    let number = page.number;
    let mut entries: Vec<Entry> = Vec::new();
    let mut named = vec![false; page.lines.len()];
    for swatch in page.boxes.iter().filter(|area| area.lines.is_empty() && is_swatch(area.bbox)) {
        let Some(colour) = swatch.fill else { continue };
        let beside = page.lines.iter().enumerate().find(|(at, line)| {
            let gap = line.bbox[0] - swatch.bbox[2];
            let [_, y] = line.middle();
            !named[*at]
                && (-0.2 * line.size..=NEAR * line.size).contains(&gap)
                && swatch.bbox[1] - LEVEL <= y
                && y <= swatch.bbox[3] + LEVEL
                && line.text.chars().count() <= LONGEST
        });
        if let Some((at, line)) = beside {
            named[at] = true;
            let text = Text::line(line.text.clone(), Place::Page { page: number, bbox: line.bbox });
            entries.push(Entry { colour, bbox: union(swatch.bbox, line.bbox), text });
        }
    }
    // Boxes in the colours of the overlays that hold a name each.
    let is_entry = |area: &TextBox| {
        let short = |line: &VisualLine| line.text.chars().count() <= LONGEST;
        area.fill.is_some_and(|fill| used.contains(&fill)) && matches!(area.lines.as_slice(), [line] if short(line))
    };
    let mut whole = Vec::new();
    for (at, area) in page.boxes.iter().enumerate().filter(|(_, area)| is_entry(area)) {
        let (Some(colour), [line]) = (area.fill, area.lines.as_slice()) else { continue };
        let text = Text::line(line.text.clone(), Place::Page { page: number, bbox: line.bbox });
        whole.push(at);
        entries.push(Entry { colour, bbox: area.bbox, text });
    }
    let mut at = 0;
    page.lines.retain(|_| {
        at += 1;
        !named[at - 1]
    });
    let mut at = 0;
    page.boxes.retain(|area| {
        at += 1;
        !whole.contains(&(at - 1)) && !area.lines.is_empty()
    });
    for row in rows(entries) {
        page.tables.push(table(number, row));
    }
}

fn is_swatch([x0, y0, x1, y1]: Rect) -> bool {
    x1 - x0 <= WIDEST && y1 - y0 <= HIGHEST
}

fn rows(mut entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    entries.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]));
    let mut rows: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        match rows.last_mut() {
            Some(row) if (row[0].bbox[1] - entry.bbox[1]).abs() <= LEVEL => row.push(entry),
            _ => rows.push(vec![entry]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0])));
    rows
}

fn table(page: u32, row: Vec<Entry>) -> FoundTable {
    let bbox = row.iter().map(|entry| entry.bbox).reduce(union).unwrap_or_default();
    let cells: Vec<Cell> = row
        .into_iter()
        .zip(0..)
        .map(|(entry, column)| Cell {
            row: 0,
            column,
            row_span: 1,
            column_span: 1,
            text: entry.text,
            fill: Some(entry.colour),
            nested: Nested::default(),
            place: Place::Page { page, bbox: entry.bbox },
        })
        .collect();
    let columns = cells.len() as u32;
    let table = Table { rows: 1, columns, cells, place: Place::Page { page, bbox }, ..Table::default() };
    let mut lattice = Lattice::new(vec![bbox[0], bbox[2]], vec![bbox[1], bbox[3]], Vec::new());
    lattice.bbox = bbox;
    FoundTable { table, lattice }
}
