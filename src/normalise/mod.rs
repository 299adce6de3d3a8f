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
use std::collections::HashMap;
use std::sync::Arc;

/// Fills the normalised form of every text of a document.
pub fn document(document: &mut Document) {
    let mut folds = Folds::default();
    let mut text = |text: &mut Text| folds.fill(text);
    for page in &mut document.pages {
        if let Some(name) = &mut page.name {
            *name = characters::fold(name);
        }
        page.furniture.iter_mut().for_each(&mut text);
        for block in &mut page.blocks {
            match block {
                Block::Heading(heading) => text(&mut heading.text),
                Block::Paragraph(paragraph) | Block::Contents(paragraph) => text(&mut paragraph.text),
                Block::Table(inner) => table(inner, &mut text),
            }
        }
    }
}

fn table(inner: &mut Table, text: &mut impl FnMut(&mut Text)) {
    for cell in &mut inner.cells {
        text(&mut cell.text);
        cell.nested.iter_mut().for_each(|nested| table(nested, text));
    }
    inner.overlays.iter_mut().filter_map(|overlay| overlay.text.as_mut()).for_each(text);
}

/// How many normalised forms are remembered.
const MAX_FOLDS: usize = 100_000;

/// The normalised forms of texts that several lines share.
#[derive(Default)]
struct Folds(HashMap<Arc<str>, Arc<str>>);

impl Folds {
    /// Most texts are their own normalised form, which then shares their characters.
    fn fill(&mut self, text: &mut Text) {
        for line in &mut text.lines {
            let is_shared = Arc::strong_count(&line.raw) > 1;
            if let Some(known) = self.0.get(&line.raw).filter(|_| is_shared) {
                line.text = known.clone();
                continue;
            }
            let folded = characters::fold(&line.raw);
            line.text = if *folded == *line.raw { line.raw.clone() } else { folded.into() };
            if is_shared && self.0.len() < MAX_FOLDS {
                self.0.insert(line.raw.clone(), line.text.clone());
            }
        }
    }
}
