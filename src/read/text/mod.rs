//! Texts: dumps, Markdown, HTML pages, CSV and TSV.
//!
//! ```text
//! bytes -> characters (encoding) -> physical lines (lines), less page furniture (furniture), columns of text one after the other (panes)
//!       -> blocks (blocks): headings, contents, prose, and tables of every syntax (table/, html/)
//!       -> pages, tables joined over page breaks, heading levels
//! ```
//! Every place is a range of physical lines, from 1.

mod blocks;
pub(super) mod contents;
mod encoding;
pub(super) mod furniture;
pub(super) mod headings;
mod html;
mod inline;
mod lines;
mod pages;
mod panes;
mod prose;
mod table;
#[cfg(test)]
mod tests;

use super::{Format, Reading};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Block, Document, Page};
use lines::Source;
use table::{Budget, csv};

/// Reads a text of the given format.
pub fn read(bytes: &[u8], format: Format) -> Reading {
    let encoding::Decoded { text, diagnostic } = match encoding::decode(bytes) {
        Ok(decoded) => decoded,
        Err(diagnostic) => return Reading::failed(None, diagnostic),
    };
    let mut diagnostics: Vec<Diagnostic> = diagnostic.into_iter().collect();
    let mut budget = Budget::default();
    let document = match format {
        Format::Html => whole(html::page(&text, 1, &mut budget)),
        Format::Csv | Format::Tsv => {
            let own = if format == Format::Tsv { b'\t' } else { b',' };
            whole(csv::read_file(&text, csv::delimiter(&text, own), &mut budget))
        }
        _ => dump(&text, &mut budget),
    };
    if document.blocks().next().is_none() && diagnostics.is_empty() {
        diagnostics.push(Diagnostic::new(Code::EmptySource, "the source prints nothing", None));
    }
    if budget.exceeded {
        let message = "the source has more cells than are read; the rest of them was left out";
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, message, None));
    }
    for place in budget.guessed {
        let message = "figures between blank columns were taken to stand over several of them, each in their middle";
        diagnostics.push(Diagnostic::new(Code::CellCountMismatch, message, Some(place)));
    }
    Reading { format: Some(format), document, diagnostics }
}

/// The physical lines of a text as places count them, to be shown; none where the bytes are no text.
pub fn shown_lines(bytes: &[u8]) -> Option<Vec<String>> {
    let text = encoding::decode(bytes).ok()?.text;
    Some(lines::shown(&text).map(str::to_owned).collect())
}

/// A source that is one page, and states its cells' extents.
fn whole(blocks: Vec<Block>) -> Document {
    Document { pages: vec![Page { number: 1, blocks, ..Page::default() }], outline: Vec::new(), faithful: true }
}

/// A dump or a Markdown text.
fn dump(text: &str, budget: &mut Budget) -> Document {
    let mut source = Source::new(text);
    let furniture = furniture::take(&mut source);
    panes::arrange(&mut source);
    let (blocks, forms) = blocks::read(&source, budget);
    let mut pages = pages::assemble(&source, blocks, &furniture);
    pages::set_levels(&mut pages, &forms);
    Document { pages, outline: Vec::new(), faithful: false }
}
