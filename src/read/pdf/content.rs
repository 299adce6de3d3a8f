//! What a PDF page paints, in page coordinates: glyphs, shapes and images. The seam between the PDF crates
//! (`interpret.rs`) and the layout (lines, tables, overlays), which knows none of them.
//!
//! Points, origin at the top left of the page as shown (after `/Rotate`), y downwards. Paint order is kept.

use crate::document::Colour;

/// A page as painted. What no eye sees (render mode 3, clipped away, white on white, optional content that is off)
/// is left out, and what is painted twice (fake bold, shadows, fill-and-stroke) is here once.
#[derive(Debug, Clone, Default)]
pub struct PageContent {
    /// From 1.
    pub number: u32,
    pub width: f32,
    pub height: f32,
    pub glyphs: Vec<Glyph>,
    pub shapes: Vec<Shape>,
    /// Boxes of raster images.
    pub images: Vec<Rect>,
    /// Glyphs that decode to no usable Unicode.
    pub unreadable: u32,
}

/// `[x0, y0, x1, y1]` with x0 <= x1 and y0 <= y1.
pub type Rect = [f32; 4];

/// One painted glyph.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its Unicode text, mostly one character; a ligature or an ActualText span may be more.
    pub text: GlyphText,
    /// The em box of the glyph (advance by ascent and descent), not its ink.
    pub bbox: Rect,
    /// Font size in points as shown.
    pub size: f32,
    /// Direction of the text line it stands on, degrees clockwise, one of 0, 90, 180, 270 (rounded).
    pub rotation: u16,
    /// Set in a vertical writing mode.
    pub vertical: bool,
    pub bold: bool,
    pub colour: Colour,
    /// Which font of the page, for telling runs apart.
    pub font: u16,
    /// Position in the paint order of glyphs and shapes together.
    pub order: u32,
}

#[cfg(test)]
impl Glyph {
    /// A black upright glyph of 10 points.
    pub(super) fn plain(c: char, x: f32, y: f32) -> Glyph {
        Glyph {
            text: GlyphText::Char(c),
            bbox: [x, y, x + 10.0, y + 10.0],
            size: 10.0,
            rotation: 0,
            vertical: false,
            bold: false,
            colour: Colour([0; 3]),
            font: 0,
            order: 0,
        }
    }
}

/// The characters of one glyph, without allocation for the common case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GlyphText {
    Char(char),
    Many(Box<str>),
}

/// One painted path.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub geometry: Geometry,
    pub bbox: Rect,
    pub paint: ShapePaint,
    pub colour: Colour,
    pub order: u32,
}

/// A path reduced to what the layout asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry {
    /// One straight segment, from its start to its end.
    Segment([f32; 2], [f32; 2]),
    /// An axis-parallel rectangle (the shape's box).
    Rectangle,
    /// A closed polygon of straight sides, or an open polyline; corners in order, without a repeated first corner.
    Polygon { corners: Vec<[f32; 2]>, closed: bool },
    /// Anything with curves (its box is what is known); rounded rectangles count as [`Geometry::Rectangle`].
    Curved,
}

/// How a path is painted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ShapePaint {
    Fill,
    Stroke { width: f32, dashed: bool },
}
