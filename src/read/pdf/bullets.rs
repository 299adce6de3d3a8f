//! Bullets that are drawn: a small disc, ring or square before a line of text becomes the glyph •. So browsers print lists.

use super::content::{Geometry, Glyph, GlyphText, PageContent, Shape};
use super::marks::{Marked, text_beside};
use super::visible::is_white;

/// The sides of a bullet, in parts of the font size.
const SIDES: std::ops::RangeInclusive<f32> = 0.15..=0.55;

/// The longest side of a bullet, in points.
const LARGEST: f32 = 12.0;

/// How much the sides of a bullet may differ, in parts of the longer one.
const UNEVEN: f32 = 0.2;

/// The least room between what stands before a bullet on its line and the bullet, in parts of the font size.
const ROOM: f32 = 1.0;

/// How far before a bullet glyphs begin that may end near it, in parts of the font size.
const REACH: f32 = 4.0;

/// Shapes of one page that are looked at.
const MOST: usize = 2000;

/// The bullets of a page. Shapes that make them are marked as taken.
pub(super) fn drawn(content: &PageContent, by_left: &[(usize, &Glyph)], taken: &mut [bool]) -> Vec<Marked> {
    let dots = content.shapes.iter().enumerate().filter(|(at, shape)| !taken[*at] && is_dot(shape));
    let dots: Vec<(usize, &Shape)> = dots.take(MOST).collect();
    let mut found = Vec::new();
    for (index, dot) in dots {
        let [x0, y0, x1, y1] = dot.bbox;
        let Some((at, text)) = text_beside(dot.bbox, by_left, SIDES) else { continue };
        let middle = (y0 + y1) / 2.0;
        let level = |glyph: &Glyph| glyph.bbox[1] <= middle && middle <= glyph.bbox[3];
        let end = by_left.partition_point(|(_, glyph)| glyph.bbox[0] < x0);
        let behind = by_left[..end].iter().rev().take_while(|(_, glyph)| glyph.bbox[0] > x0 - REACH * text.size);
        if !behind.into_iter().any(|(_, glyph)| level(glyph) && glyph.bbox[2] > x0 - ROOM * text.size) {
            taken[index] = true;
            let bbox = [x0, text.bbox[1], x1, text.bbox[3]];
            found.push((at, Glyph { text: GlyphText::Char('•'), bbox, order: dot.order, ..text.clone() }));
        }
    }
    found
}

/// A small disc, ring or square.
pub(super) fn is_dot(shape: &Shape) -> bool {
    let [x0, y0, x1, y1] = shape.bbox;
    let (long, short) = ((x1 - x0).max(y1 - y0), (x1 - x0).min(y1 - y0));
    matches!(shape.geometry, Geometry::Curved)
        && !is_white(shape.colour)
        && long <= LARGEST
        && long - short <= UNEVEN * long
}
