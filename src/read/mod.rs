//! Reading: bytes to one [`Document`], whatever the format. Knows nothing of plans.
//!
//! Total: broken input gives a smaller document and diagnostics, never a panic.

mod format;
pub mod pdf;
pub mod spreadsheet;
pub mod text;

use crate::diagnostic::Diagnostic;
use crate::document::Document;

/// What a source is, told by its content first and its name second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Markdown,
    Html,
    Csv,
    Tsv,
    Pdf,
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

impl Format {
    /// The name that records carry.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Pdf => "pdf",
            Format::Xlsx => "xlsx",
            Format::Xlsb => "xlsb",
            Format::Xls => "xls",
            Format::Ods => "ods",
        }
    }
}

/// What reading gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// None where the bytes are in no format that is read.
    pub format: Option<Format>,
    pub document: Document,
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// A source that is in no format that is read, or that cannot be read at all: nothing but a diagnostic.
    pub fn failed(format: Option<Format>, diagnostic: Diagnostic) -> Self {
        Reading { format, document: Document::default(), diagnostics: vec![diagnostic] }
    }
}

/// Reads a source. `name` is its file name, used only where the content leaves the format open.
pub fn read(bytes: &[u8], name: &str) -> Reading {
    match format::detect(bytes, name) {
        Ok(Format::Pdf) => pdf::read(bytes),
        Ok(format @ (Format::Xlsx | Format::Xlsb | Format::Xls | Format::Ods)) => spreadsheet::read(bytes, format),
        Ok(format) => text::read(bytes, format),
        Err(diagnostic) => Reading::failed(None, diagnostic),
    }
}
