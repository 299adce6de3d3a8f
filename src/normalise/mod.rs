//! Normalised text beside raw text, and the pure parsers: characters, numbers, values, years and periods.
//!
//! [`document`] is the stage; everything else here are pure functions that extract and validate call.

#[cfg(test)]
mod cases;
pub mod characters;
pub mod numbers;
pub mod periods;
#[cfg(test)]
mod properties;
mod radicals;
mod scan;
pub mod values;

use crate::document::{Block, Document, Table, Text};

/// Fills the normalised form of every text of a document.
pub fn document(document: &mut Document) {
    for page in &mut document.pages {
        if let Some(name) = &mut page.name {
            *name = characters::fold(name);
        }
        page.furniture.iter_mut().for_each(text);
        for block in &mut page.blocks {
            match block {
                Block::Heading(heading) => text(&mut heading.text),
                Block::Paragraph(paragraph) | Block::Contents(paragraph) => text(&mut paragraph.text),
                Block::Table(inner) => table(inner),
            }
        }
    }
}

fn table(table_: &mut Table) {
    for cell in &mut table_.cells {
        text(&mut cell.text);
        cell.nested.iter_mut().for_each(table);
    }
    table_.overlays.iter_mut().filter_map(|overlay| overlay.text.as_mut()).for_each(text);
}

fn text(text: &mut Text) {
    for line in &mut text.lines {
        line.text = characters::fold(&line.raw);
    }
}
