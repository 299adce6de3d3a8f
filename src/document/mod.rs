//! The document model: what every reader makes and every later stage reads, whatever the format.
//!
//! Plain data. A [`Document`] is a list of pages (a PDF page, a sheet, a whole text), each a list of blocks in
//! reading order. Every text carries what the source prints (`raw`), its normalised form, and its [`Place`].
//! Readers make places; later stages only copy them. The model knows nothing of plans.

mod place;
mod table;
mod text;

pub use place::{Place, SheetName, SheetRange};
pub use table::{Cell, Colour, Grid, Nested, Overlay, OverlayShape, Table};
pub use text::{Line, Text};

use serde::Serialize;

/// One source document as its reader found it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Document {
    pub pages: Vec<Page>,
    /// The file's own outline (PDF bookmarks) in document order; empty where it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<OutlineEntry>,
    /// Whether the source states every cell's true extent (a workbook or PDF does, a flattened dump does not).
    ///
    /// In a document that is not `faithful`, spans and overlays of the page may have been lost on the way, so a
    /// text in a year column says only where it starts.
    pub faithful: bool,
}

impl Document {
    /// Every block of every page, in reading order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.pages.iter().flat_map(|page| &page.blocks)
    }
}

/// An entry of a file's own outline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutlineEntry {
    /// Depth from 1.
    pub level: u8,
    pub title: String,
    /// The page it points to, from 1, where the file says so.
    pub page: Option<u32>,
}

/// A PDF page, a sheet, or a whole text (or the part of a text between form feeds).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Page {
    /// From 1, in document order.
    pub number: u32,
    /// The sheet's name; none for PDF pages and texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Width and height in points as shown (after rotation); none for sheets and texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<(f32, f32)>,
    pub blocks: Vec<Block>,
    /// Running heads, page numbers, watermarks: printed, but not content.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub furniture: Vec<Text>,
}

/// A part of a page, in reading order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    Heading(Heading),
    Paragraph(Paragraph),
    Table(Table),
    /// A table of contents (dot leaders, page numbers): its lines, never content.
    Contents(Paragraph),
}

impl Block {
    /// Where it stands.
    pub fn place(&self) -> Option<Place> {
        match self {
            Block::Heading(heading) => heading.text.place.clone(),
            Block::Paragraph(paragraph) | Block::Contents(paragraph) => paragraph.text.place.clone(),
            Block::Table(table) => Some(table.place.clone()),
        }
    }
}

/// A line that titles what follows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Heading {
    /// 1 is the highest. Levels order the headings of one document; they need not be consecutive.
    pub level: u8,
    pub text: Text,
}

/// Running text; its lines are hard lines (soft wraps are joined by the reader).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paragraph {
    pub text: Text,
}
