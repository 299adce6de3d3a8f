//! PDF files: `interpret` paints pages into [`content::PageContent`], the layout makes blocks of it.
//!
//! ```text
//! bytes -> pages of glyphs and shapes (interpret and what is under it)
//!       -> per page: tables, overlays, boxes, lines (page and what is under it)
//!       -> over all pages: furniture, legends, reading order (flow), headings and paragraphs (blocks),
//!          tables over page breaks (joins)
//! ```
//! A page whose text lies on its side is turned for all this and turned back at the end (frame), so that every place
//! is on the page as shown. `drawing` draws a page and what was found on it, for people.

mod annotations;
mod arrows;
mod blocks;
mod budget;
mod bullets;
pub mod content;
pub mod drawing;
mod flow;
mod fonts;
mod frame;
mod furniture;
mod grid;
pub mod interpret;
mod joins;
mod legend;
mod lines;
mod marks;
mod outline;
mod overlays;
mod page;
mod paint;
mod painter;
mod paths;
mod rules;
mod runs;
mod script;
mod spans;
mod strings;
mod symbols;
mod unicode;
mod unruled;
mod visible;
mod wraps;

use super::Reading;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Document, Page, Place};
use content::PageContent;

/// Reads a PDF file.
pub fn read(bytes: &[u8]) -> Reading {
    let interpret::Interpreted { pages, outline, mut diagnostics } = interpret::pages(bytes);
    let (pages, found) = layout(pages);
    diagnostics.extend(found);
    let document = Document { pages, outline, faithful: true };
    Reading { format: Some(super::Format::Pdf), document, diagnostics }
}

/// The pages of a document from what they paint, and what could not be read of them.
pub fn layout(contents: Vec<PageContent>) -> (Vec<Page>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut found: Vec<page::Found> = contents.into_iter().map(page::find).collect();
    for page in &found {
        let (width, height) = page.size;
        let bbox = page.turn.back([0.0, 0.0, width, height]);
        let at = || Some(Place::Page { page: page.number, bbox });
        if page.unreadable > 0 {
            let message =
                format!("Page {}: {} characters decode to no text and were left out.", page.number, page.unreadable);
            diagnostics.push(Diagnostic::new(Code::UnreadableText, message, at()));
        } else if page.printed == 0 {
            let message = format!("Page {} has no text; it may be a scanned picture.", page.number);
            diagnostics.push(Diagnostic::new(Code::PageWithoutText, message, at()));
        }
    }
    let furniture = furniture::take(&mut found);
    found.iter_mut().for_each(legend::take);
    let body = blocks::body_size(&found);
    let mut pages: Vec<Page> = Vec::with_capacity(found.len());
    let mut built = Vec::with_capacity(found.len());
    let mut turns = Vec::with_capacity(found.len());
    for (found, furniture) in found.into_iter().zip(furniture) {
        pages.push(Page { number: found.number, name: None, size: Some(found.size), blocks: Vec::new(), furniture });
        turns.push(found.turn);
        let mut blocks = blocks::blocks(found, body);
        blocks::find_contents(&mut blocks);
        built.push(blocks);
    }
    joins::join(&mut built);
    blocks::set_levels(&mut built);
    for ((page, blocks), turn) in pages.iter_mut().zip(built).zip(turns) {
        page.blocks = blocks.into_iter().map(blocks::Built::block).collect();
        turn.page_back(page);
    }
    (pages, diagnostics)
}
