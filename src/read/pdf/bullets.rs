//! Bullets that are drawn: a small disc, ring or square before a line of text becomes the glyph •. So browsers print lists.

use super::content::{Geometry, Glyph, GlyphText, PageContent, Shape};
use super::marks::text_beside;
use super::visible::is_white;

/// The sides of a bullet, in parts of the font size.
const SIDES: std::ops::RangeInclusive<f32> = 0.15..=0.55;

/// The longest side of a bullet, in points.
const LARGEST: f32 = 12.0;

/// How much the sides of a bullet may differ, in parts of the longer one.
const UNEVEN: f32 = 0.2;

/// The least room between what stands before a bullet on its line and the bullet, in parts of the font size.
const ROOM: f32 = 1.0;

/// Shapes of one page that are looked at.
const MOST: usize = 2000;

/// The bullets of a page, as glyphs. Shapes that make them are marked as taken.
pub(super) fn drawn(content: &PageContent, taken: &mut [bool]) -> Vec<Glyph> {
    let dots = content.shapes.iter().enumerate().filter(|(at, shape)| !taken[*at] && is_dot(shape));
    let dots: Vec<(usize, &Shape)> = dots.take(MOST).collect();
    if dots.is_empty() {
        return Vec::new();
    }
    let mut by_left: Vec<&Glyph> = content.glyphs.iter().filter(|glyph| !super::script::is_blank(glyph)).collect();
    by_left.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
    let mut found: Vec<Glyph> = Vec::new();
    for (at, dot) in dots {
        let [x0, y0, x1, y1] = dot.bbox;
        let Some(text) = text_beside(dot.bbox, &by_left, SIDES) else { continue };
        let middle = (y0 + y1) / 2.0;
        let begins = !by_left
            .iter()
            .take_while(|glyph| glyph.bbox[0] < x0)
            .any(|glyph| glyph.bbox[2] > x0 - ROOM * text.size && glyph.bbox[1] <= middle && middle <= glyph.bbox[3]);
        if begins {
            taken[at] = true;
            found.push(Glyph {
                text: GlyphText::Char('•'),
                bbox: [x0, text.bbox[1], x1, text.bbox[3]],
                order: dot.order,
                ..text.clone()
            });
        }
    }
    found
}

fn is_dot(shape: &Shape) -> bool {
    let [x0, y0, x1, y1] = shape.bbox;
    let (long, short) = ((x1 - x0).max(y1 - y0), (x1 - x0).min(y1 - y0));
    matches!(shape.geometry, Geometry::Curved)
        && !is_white(shape.colour)
        && long <= LARGEST
        && long - short <= UNEVEN * long
}
