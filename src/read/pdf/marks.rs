//! Check boxes that are drawn: a small square beside text, empty or with a stroke in it, becomes the glyph ☐ or ☑.

use super::bullets;
use super::content::{Geometry, Glyph, GlyphText, PageContent, Rect, Shape, ShapePaint};
use super::visible::is_white;
use crate::document::Colour;

/// The sides of a check box, in points.
const SMALLEST: f32 = 4.0;
const LARGEST: f32 = 18.0;

/// How much the sides of a check box may differ, in parts of the longer one.
const UNEVEN: f32 = 0.25;

/// How far from its text a check box may stand, in parts of the font size.
const NEAR: f32 = 2.2;

/// The sides of a check box, in parts of the font size.
const SIDES: std::ops::RangeInclusive<f32> = 0.45..=1.6;

/// The part of a check box that its tick must be as wide or high as.
const TICK: f32 = 0.35;

/// Squares of one page that are looked at.
const MOST: usize = 2000;

/// Puts check boxes and bullets that are drawn among a page's glyphs, each before the text that it belongs to: that text
/// may have been painted in one go with blanks where the marks are. Shapes that make them are marked as taken.
pub(super) fn add(content: &mut PageContent, taken: &mut [bool]) {
    if !content.shapes.iter().any(|shape| is_square(shape) || bullets::is_dot(shape)) {
        return;
    }
    let printed = content.glyphs.iter().enumerate().filter(|(_, glyph)| !super::script::is_blank(glyph));
    let mut by_left: Vec<(usize, &Glyph)> = printed.collect();
    by_left.sort_by(|a, b| a.1.bbox[0].total_cmp(&b.1.bbox[0]));
    let mut marks = check_boxes(content, &by_left, taken);
    marks.extend(bullets::drawn(content, &by_left, taken));
    marks.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.bbox[0].total_cmp(&b.1.bbox[0])));
    let mut marks = marks.into_iter().peekable();
    let glyphs = std::mem::take(&mut content.glyphs);
    content.glyphs.reserve(glyphs.len() + marks.len());
    for (at, glyph) in glyphs.into_iter().enumerate() {
        while let Some((_, found)) = marks.next_if(|(text, _)| *text == at) {
            content.glyphs.push(found);
        }
        content.glyphs.push(glyph);
    }
}

/// A mark, and the index of the glyph that it stands before.
pub(super) type Marked = (usize, Glyph);

/// The check boxes of a page. Shapes that make them are marked as taken.
fn check_boxes(content: &PageContent, by_left: &[(usize, &Glyph)], taken: &mut [bool]) -> Vec<Marked> {
    let squares = content.shapes.iter().enumerate().filter(|(_, shape)| is_square(shape)).take(MOST);
    let squares: Vec<(usize, &Shape)> = squares.collect();
    let ticks: Vec<(usize, &Shape)> =
        content.shapes.iter().enumerate().filter(|(_, shape)| may_tick(shape)).take(4 * MOST).collect();
    let mut found: Vec<Marked> = Vec::new();
    for (index, square) in squares {
        if found.iter().any(|(_, glyph)| same_square(glyph, square.bbox)) {
            taken[index] = true;
            continue;
        }
        let Some((at, text)) = text_beside(square.bbox, by_left, SIDES) else { continue };
        taken[index] = true;
        let mut ticked = false;
        for &(other, tick) in &ticks {
            if other != index && ticks_box(tick, square.bbox) {
                taken[other] = true;
                ticked = true;
            }
        }
        let [x0, _, x1, _] = square.bbox;
        let glyph = Glyph {
            text: GlyphText::Char(if ticked { '☑' } else { '☐' }),
            bbox: [x0, text.bbox[1], x1, text.bbox[3]],
            colour: Colour([0; 3]),
            order: square.order,
            ..text.clone()
        };
        found.push((at, glyph));
    }
    found
}

fn is_square(shape: &Shape) -> bool {
    let [x0, y0, x1, y1] = shape.bbox;
    let (long, short) = ((x1 - x0).max(y1 - y0), (x1 - x0).min(y1 - y0));
    shape.geometry == Geometry::Rectangle
        && matches!(shape.paint, ShapePaint::Stroke { .. })
        && short >= SMALLEST
        && long <= LARGEST
        && long - short <= UNEVEN * long
}

fn same_square(glyph: &Glyph, [x0, y0, x1, y1]: Rect) -> bool {
    let middle = (glyph.bbox[1] + glyph.bbox[3]) / 2.0;
    (glyph.bbox[0] - x0).abs() < 2.0 && (glyph.bbox[2] - x1).abs() < 2.0 && y0 - 2.0 <= middle && middle <= y1 + 2.0
}

/// What may be a tick: a slanted stroke, a polygon, a curve, a filled square.
fn may_tick(shape: &Shape) -> bool {
    let [x0, y0, x1, y1] = shape.bbox;
    let small = (x1 - x0).max(y1 - y0) <= 1.6 * LARGEST;
    small
        && !is_white(shape.colour)
        && match (&shape.geometry, shape.paint) {
            (Geometry::Segment(a, b), _) => (a[0] - b[0]).abs() > 1.0 && (a[1] - b[1]).abs() > 1.0,
            (Geometry::Rectangle, paint) => paint == ShapePaint::Fill,
            _ => true,
        }
}

fn ticks_box(tick: &Shape, square: Rect) -> bool {
    let [x0, y0, x1, y1] = tick.bbox;
    let (x, y) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
    let side = square[2] - square[0];
    // The ground that a square stands on is no tick.
    let ground = tick.geometry == Geometry::Rectangle && (x1 - x0) > 0.9 * side;
    (square[0]..=square[2]).contains(&x)
        && (square[1]..=square[3]).contains(&y)
        && (x1 - x0).max(y1 - y0) >= TICK * side
        && (x1 - x0) <= 1.5 * side
        && !ground
}

/// The glyph right of a square, on the line that the square stands on, whose font size the square's side is a part of as
/// `sides` allows.
pub(super) fn text_beside<'g>(
    square: Rect,
    by_left: &[(usize, &'g Glyph)],
    sides: std::ops::RangeInclusive<f32>,
) -> Option<(usize, &'g Glyph)> {
    let middle = (square[1] + square[3]) / 2.0;
    let side = square[3] - square[1];
    let first = by_left.partition_point(|(_, glyph)| glyph.bbox[0] < square[2] - 0.2 * side);
    let reach = square[2] + NEAR * LARGEST.max(2.0 * side);
    by_left[first..]
        .iter()
        .take_while(|(_, glyph)| glyph.bbox[0] <= reach)
        .find(|(_, glyph)| {
            let [x0, y0, _, y1] = glyph.bbox;
            glyph.rotation == 0
                && !glyph.vertical
                && y0 <= middle
                && middle <= y1
                && x0 - square[2] <= NEAR * glyph.size
                && sides.contains(&(side / glyph.size))
        })
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(geometry: Geometry, bbox: Rect, paint: ShapePaint) -> Shape {
        Shape { geometry, bbox, paint, colour: Colour([0; 3]), order: 0 }
    }

    fn glyph(x: f32) -> Glyph {
        Glyph { order: 1, ..Glyph::plain('窓', x, 100.0) }
    }

    #[test]
    fn squares_beside_text_are_check_boxes() {
        let stroke = ShapePaint::Stroke { width: 0.5, dashed: false };
        let square = |x: f32| shape(Geometry::Rectangle, [x, 101.0, x + 8.0, 109.0], stroke);
        let tick = Geometry::Polygon { corners: vec![[31.0, 104.0], [34.0, 108.0], [39.0, 100.0]], closed: false };
        let mut content = PageContent {
            width: 500.0,
            height: 500.0,
            glyphs: vec![glyph(42.0), glyph(112.0)],
            shapes: vec![
                square(30.0),
                shape(tick, [31.0, 100.0, 39.0, 108.0], stroke),
                square(100.0),
                // Far from any text, and a frame.
                square(300.0),
                shape(Geometry::Rectangle, [90.0, 90.0, 200.0, 120.0], stroke),
            ],
            ..PageContent::default()
        };
        let mut taken = vec![false; 5];
        add(&mut content, &mut taken);
        let found: Vec<GlyphText> = content.glyphs.into_iter().map(|glyph| glyph.text).collect();
        assert_eq!(found, ['☑', '窓', '☐', '窓'].map(GlyphText::Char));
        assert_eq!(taken, [true, true, true, false, false]);
    }
}
