//! A document model as text for people: blocks in reading order, tables as grids, each with its place.

use super::grid;
use super::plain::one_line;
use crate::document::{Block, Document, Overlay, Page, Place, Table, Text};
use std::fmt::Write as _;

/// The document as readable text.
pub fn text(document: &Document) -> String {
    let mut out = String::new();
    for entry in &document.outline {
        let target = entry.page.map_or(String::new(), |page| format!("  ‹p{page}›"));
        line(&mut out, usize::from(entry.level), &format!("outline: {}{target}", entry.title));
    }
    for page in &document.pages {
        write_page(&mut out, page);
    }
    out
}

/// A place in short: `L3-5`, `p2 [10.0 20.0 30.5 40.0]`, `Sheet1!B4:F9`.
pub fn place(place: &Place) -> String {
    match place {
        Place::Lines { line, end_line } if line == end_line => format!("L{line}"),
        Place::Lines { line, end_line } => format!("L{line}-{end_line}"),
        Place::Page { page, bbox: [x0, y0, x1, y1] } => format!("p{page} [{x0:.1} {y0:.1} {x1:.1} {y1:.1}]"),
        Place::Sheet { sheet, range } => format!("{sheet}!{range}"),
    }
}

/// A text's normalised lines, list items with a bullet.
pub(super) fn lines(text: &Text) -> Vec<String> {
    text.lines.iter().map(|line| format!("{}{}", if line.item { "• " } else { "" }, line.text)).collect()
}

fn write_page(out: &mut String, page: &Page) {
    let name = page.name.as_ref().map_or(String::new(), |name| format!(" {name}"));
    let size = page.size.map_or(String::new(), |(width, height)| format!(" ({width:.1} × {height:.1} pt)"));
    line(out, 0, &format!("=== page {}{name}{size} ===", page.number));
    for block in &page.blocks {
        match block {
            Block::Heading(heading) => {
                write_text(out, &format!("{} ", "#".repeat(usize::from(heading.level.max(1)))), &heading.text);
            }
            Block::Paragraph(paragraph) => write_text(out, "¶ ", &paragraph.text),
            Block::Contents(paragraph) => write_text(out, "contents: ", &paragraph.text),
            Block::Table(table) => write_table(out, 0, "", table),
        }
    }
    for text in &page.furniture {
        write_text(out, "furniture: ", text);
    }
    out.push('\n');
}

/// A text with a mark before its first line and its place behind it.
fn write_text(out: &mut String, mark: &str, text: &Text) {
    let at = text.place.as_ref().map_or(String::new(), |at| format!("  ‹{}›", place(at)));
    let indent = " ".repeat(mark.chars().count());
    let all = lines(text);
    for (i, content) in all.iter().enumerate() {
        let content = if i == 0 { format!("{mark}{content}{at}") } else { format!("{indent}{content}") };
        line(out, 0, &content);
    }
    if all.is_empty() {
        line(out, 0, &format!("{mark}{at}"));
    }
}

fn write_table(out: &mut String, depth: usize, name: &str, table: &Table) {
    let ragged = if table.ragged { ", ragged" } else { "" };
    let size = format!("{} rows × {} columns{ragged}", table.rows, table.columns);
    line(out, depth, &format!("▦ table{name} {size}  ‹{}›", place(&table.place)));
    for drawn in grid::draw(table) {
        line(out, depth + 1, &drawn);
    }
    for overlay in &table.overlays {
        line(out, depth + 1, &overlay_line(overlay));
    }
    for cell in &table.cells {
        for (i, nested) in cell.nested.iter().enumerate() {
            let name = format!(" {} in row {} column {}:", i + 1, cell.row, cell.column);
            write_table(out, depth + 1, &name, nested);
        }
    }
}

fn overlay_line(overlay: &Overlay) -> String {
    let shape = format!("{:?}", overlay.shape).to_lowercase();
    let rows = match overlay.row_span {
        0 | 1 => format!("row {}", overlay.row),
        span => format!("rows {}-{}", overlay.row, overlay.row + span - 1),
    };
    let colour = overlay.colour.map_or(String::new(), |colour| format!(" {colour}"));
    let text = overlay.text.as_ref().map_or(String::new(), |text| format!(" “{}”", lines(text).join(" / ")));
    let (start, end) = (overlay.start, overlay.end);
    format!("→ {shape} over {rows}, columns {start:.2} to {end:.2}{colour}{text}  ‹{}›", place(&overlay.place))
}

fn line(out: &mut String, depth: usize, text: &str) {
    let text = one_line(text);
    writeln!(out, "{:1$}{text}", "", depth * 2).expect("a string takes all that is written to it");
}
