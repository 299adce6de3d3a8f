//! Sheets of a workbook as grids: cells at their addresses, merges, fills, and the cells that shapes lie over.

use super::{Box, numbers};
use crate::document::{Block, Colour, Document, Page, Place, SheetRange, Table, Text};
use crate::write::markup::escaped;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Rows of a sheet that is shown whole; of a longer one the rows that hold values, and some around them.
const MOST_ROWS: usize = 300;
const AROUND: u32 = 3;
const HEAD_ROWS: u32 = 5;

/// Rows or columns of one range that are shown: more are no form, but a fill to the end of the sheet.
const MOST_OF_RANGE: u32 = 100;

/// What is printed over a range of cells.
struct Cell {
    range: SheetRange,
    text: String,
    fill: Option<Colour>,
    is_drawn: bool,
}

/// A sheet's cells, none over another.
#[derive(Default)]
struct Sheet {
    cells: Vec<Cell>,
    at: HashMap<(u32, u16), usize>,
}

/// The sheets that hold boxes.
pub fn html(document: &Document, boxes: &[Box]) -> String {
    let mut by_sheet: BTreeMap<usize, Vec<(SheetRange, &Box)>> = BTreeMap::new();
    for shown in boxes {
        if let Place::Sheet { sheet, range } = shown.at
            && let Some(i) = document.pages.iter().position(|page| page.name.as_deref() == Some(sheet))
        {
            by_sheet.entry(i).or_default().push((*range, shown));
        }
    }
    by_sheet.into_iter().map(|(i, boxes)| grid(&document.pages[i], &boxes)).collect()
}

impl Sheet {
    fn of(page: &Page) -> Self {
        let mut sheet = Sheet::default();
        for block in &page.blocks {
            match block {
                Block::Heading(heading) => sheet.put_text(&heading.text),
                Block::Paragraph(paragraph) | Block::Contents(paragraph) => sheet.put_text(&paragraph.text),
                Block::Table(table) => sheet.put_table(table),
            }
        }
        page.furniture.iter().for_each(|text| sheet.put_text(text));
        sheet
    }

    fn put_table(&mut self, table: &Table) {
        for cell in &table.cells {
            self.put(&cell.place, cell.text.raw().into_owned(), cell.fill, false);
            cell.nested.iter().for_each(|nested| self.put_table(nested));
        }
        for overlay in &table.overlays {
            let text = overlay.text.as_ref().map_or(String::new(), |text| text.raw().into_owned());
            self.put(&overlay.place, text, overlay.colour, true);
        }
    }

    fn put_text(&mut self, text: &Text) {
        if let Some(place) = &text.place {
            self.put(place, text.raw().into_owned(), None, false);
        }
    }

    /// Puts a text over a range. Where something lies there already, its text is added to that.
    fn put(&mut self, place: &Place, text: String, fill: Option<Colour>, is_drawn: bool) {
        let Place::Sheet { range, .. } = place else { return };
        let positions = positions(range);
        if !positions.iter().any(|position| self.at.contains_key(position)) {
            self.at.extend(positions.into_iter().map(|position| (position, self.cells.len())));
            self.cells.push(Cell { range: *range, text, fill, is_drawn });
            return;
        }
        // A shape lies over cells: they show its colour, the first of them its text.
        for position in &positions {
            if let Some(cell) = self.at.get(position).map(|&i| &mut self.cells[i]).filter(|_| is_drawn) {
                cell.is_drawn = true;
                cell.fill = fill.or(cell.fill);
            }
        }
        if !text.is_empty()
            && let Some(&i) = positions.first().and_then(|first| self.at.get(first))
        {
            let cell = &mut self.cells[i];
            if !cell.text.contains(&text) {
                let gap = if cell.text.is_empty() { "" } else { "\n" };
                cell.text = format!("{}{gap}{text}", cell.text);
            }
        }
    }
}

fn positions(range: &SheetRange) -> Vec<(u32, u16)> {
    let rows = range.row..=range.end_row.min(range.row.saturating_add(MOST_OF_RANGE));
    rows.flat_map(|row| {
        (range.column..=range.end_column.min(range.column.saturating_add(MOST_OF_RANGE as u16)))
            .map(move |column| (row, column))
    })
    .collect()
}

fn grid(page: &Page, boxes: &[(SheetRange, &Box)]) -> String {
    let sheet = Sheet::of(page);
    let mut rows: BTreeSet<u32> = BTreeSet::new();
    let mut columns: BTreeSet<u16> = BTreeSet::new();
    for (row, column) in sheet.at.keys().copied().chain(boxes.iter().flat_map(|(range, _)| positions(range))) {
        rows.insert(row);
        columns.insert(column);
    }
    let first = rows.first().copied().unwrap_or(0);
    if rows.len() > MOST_ROWS {
        // Places of whole cards hold no value of their own, but every row between their values.
        let wanted: BTreeSet<u32> = boxes
            .iter()
            .flat_map(|(range, _)| {
                range.row.saturating_sub(AROUND)..=range.end_row.min(range.row.saturating_add(MOST_OF_RANGE)) + AROUND
            })
            .collect();
        rows.retain(|row| wanted.contains(row) || *row < first + HEAD_ROWS);
    }
    let name = page.name.as_deref().unwrap_or("");
    let mut out = format!(
        "<figure class=\"sheet\"><figcaption><bdi>{}</bdi></figcaption><div class=\"scroll\"><table class=\"grid\"><thead><tr><th></th>",
        escaped(name)
    );
    for &column in &columns {
        let address = SheetRange { row: 0, column, end_row: 0, end_column: column }.to_string();
        out.push_str(&format!("<th scope=\"col\">{}</th>", address.trim_end_matches('1')));
    }
    out.push_str("</tr></thead><tbody>");
    let mut last = None;
    for &row in &rows {
        if last.is_some_and(|last| row > last + 1) && rows.len() > MOST_ROWS {
            out.push_str(&format!("<tr class=\"gap\"><td colspan=\"{}\">⋯</td></tr>", columns.len() + 1));
        }
        last = Some(row);
        let over: Vec<&(SheetRange, &Box)> =
            boxes.iter().filter(|(range, _)| range.row <= row && row <= range.end_row).collect();
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>", row + 1));
        for &column in &columns {
            let cell = sheet.at.get(&(row, column)).map(|&i| &sheet.cells[i]);
            if let Some(cell) = cell {
                let begins_row = rows.range(cell.range.row..).next() == Some(&row);
                let begins_column = columns.range(cell.range.column..).next() == Some(&column);
                if !begins_row || !begins_column {
                    continue;
                }
            }
            out.push_str(&table_cell(row, column, cell, &over, &rows, &columns));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div></figure>");
    out
}

fn table_cell(
    row: u32,
    column: u16,
    cell: Option<&Cell>,
    over: &[&(SheetRange, &Box)],
    rows: &BTreeSet<u32>,
    columns: &BTreeSet<u16>,
) -> String {
    let range = cell.map_or(SheetRange { row, column, end_row: row, end_column: column }, |cell| cell.range);
    let boxes: Vec<&Box> = over
        .iter()
        .filter(|(place, _)| place.column <= range.end_column && range.column <= place.end_column)
        .map(|(_, shown)| *shown)
        .collect();
    let mut out = String::from("<td");
    let spans = [
        ("rowspan", rows.range(range.row..=range.end_row).count()),
        ("colspan", columns.range(range.column..=range.end_column).count()),
    ];
    for (name, span) in spans {
        if span > 1 {
            out.push_str(&format!(" {name}=\"{span}\""));
        }
    }
    let mut classes = Vec::new();
    if cell.is_some_and(|cell| cell.is_drawn) {
        classes.push("drawn");
    }
    if boxes.iter().any(|shown| !shown.is_card()) {
        classes.push("box");
        if boxes.iter().all(|shown| shown.is_card() || shown.is_doubt()) {
            classes.push("doubt");
        }
        out.push_str(" role=\"button\" tabindex=\"0\"");
    }
    if !classes.is_empty() {
        out.push_str(&format!(" class=\"{}\"", classes.join(" ")));
    }
    if !boxes.is_empty() {
        out.push_str(&format!(" data-v=\"{}\"", numbers(boxes.iter().copied())));
    }
    // An attribute, since the pages allow no style of their own.
    if let Some(fill) = cell.and_then(|cell| cell.fill) {
        out.push_str(&format!(" bgcolor=\"{}\"", tinted(fill)));
    }
    let text = cell.map_or(String::new(), |cell| escaped(&cell.text));
    out.push_str(&format!(" data-a=\"{range}\"><bdi>{text}</bdi></td>"));
    out
}

/// A colour so light that black text can be read on it.
fn tinted(Colour(channels): Colour) -> Colour {
    const LIGHTEST: u16 = 255;
    Colour(channels.map(|channel| ((u16::from(channel) + 2 * LIGHTEST) / 3) as u8))
}
