//! What is drawn to show a span: block arrows, pentagons, chevrons, lines with a head.

use super::content::{Geometry, Rect, Shape, ShapePaint};
use super::paths::union;
use super::runs::Run;
use crate::document::{Colour, OverlayShape};

/// The largest head of a line, in points.
const LARGEST_HEAD: f32 = 30.0;

/// The shortest line with a head, in points.
const SHORTEST_SHAFT: f32 = 5.0;

/// How far from its head a line may end, in points.
const AT_HEAD: f32 = 2.5;

/// The steepest line that still shows a span: its rise in parts of its length.
const STEEPEST: f32 = 0.06;

/// A shaft no thicker than this, in points, has its text above or beside it.
const THIN: f32 = 5.0;

/// Heads of one page that are looked at.
const MOST_HEADS: usize = 2000;

/// How near to the edge of its box a corner lies that makes that edge: in points, and in parts of a small box.
const AT_EDGE: f32 = 1.0;
const AT_EDGE_SHARE: f32 = 0.12;

/// A shape that may show a span.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    pub shape: OverlayShape,
    pub bbox: Rect,
    pub colour: Colour,
    pub order: u32,
    /// Too thin to have its text inside.
    pub thin: bool,
    /// The text that belongs to it.
    pub runs: Vec<Run>,
}

/// Where a pointed shape points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Points {
    Left,
    Right,
    Up,
    Down,
}

/// Lines with heads. Their shapes are marked as taken.
pub(super) fn lines(shapes: &[Shape], taken: &mut [bool]) -> Vec<Drawn> {
    let mut heads: Vec<(usize, Rect, Points)> = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        if heads.len() < MOST_HEADS
            && !taken[index]
            && let Some(points) = head(shape)
        {
            heads.push((index, shape.bbox, points));
        }
    }
    heads.extend(slanted_pairs(shapes));
    if heads.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        if taken[index] {
            continue;
        }
        let Some(shaft) = shaft(shape) else { continue };
        let y = (shaft[1] + shaft[3]) / 2.0;
        let mut bbox = shaft;
        let mut own = Vec::new();
        for (at, (head_index, head, points)) in heads.iter().enumerate() {
            let end = match points {
                Points::Right => shaft[2],
                Points::Left => shaft[0],
                Points::Up | Points::Down => continue,
            };
            let level = ((head[1] + head[3]) / 2.0 - y).abs() <= AT_HEAD;
            if level && head[0] - AT_HEAD <= end && end <= head[2] + AT_HEAD && *head_index != index {
                bbox = union(bbox, *head);
                own.push(at);
            }
        }
        if !own.is_empty() {
            taken[index] = true;
            for at in own {
                taken[heads[at].0] = true;
                if let Some(second) = heads[at].0.checked_add(1)
                    && is_slanted(&shapes[heads[at].0])
                    && shapes.get(second).is_some_and(is_slanted)
                {
                    taken[second] = true;
                }
            }
            let thin = shaft[3] - shaft[1] <= THIN;
            let (colour, order) = (shape.colour, shape.order);
            found.push(Drawn { shape: OverlayShape::Arrow, bbox, colour, order, thin, runs: Vec::new() });
        }
    }
    found
}

/// The box of a horizontal line.
fn shaft(shape: &Shape) -> Option<Rect> {
    let [x0, y0, x1, y1] = shape.bbox;
    let (width, height) = (x1 - x0, y1 - y0);
    let thickness = match (&shape.geometry, shape.paint) {
        (Geometry::Segment(..), ShapePaint::Stroke { width: stroke, .. }) if height <= STEEPEST * width => stroke,
        (Geometry::Rectangle | Geometry::Polygon { .. }, ShapePaint::Fill)
            if height <= 0.5 * width && height <= 20.0 =>
        {
            0.0
        }
        _ => return None,
    };
    (width >= SHORTEST_SHAFT).then_some([x0, y0 - thickness / 2.0, x1, y1 + thickness / 2.0])
}

/// Where a shape points that may be the head of a line: a filled triangle (also one with a notch), or an open angle.
fn head(shape: &Shape) -> Option<Points> {
    let [x0, y0, x1, y1] = shape.bbox;
    if (x1 - x0).max(y1 - y0) > LARGEST_HEAD || (x1 - x0).min(y1 - y0) < 1.0 {
        return None;
    }
    let Geometry::Polygon { corners, closed } = &shape.geometry else { return None };
    match (corners.len(), closed) {
        (3, _) | (4, true) => direction(corners, shape.bbox),
        _ => None,
    }
}

fn is_slanted(shape: &Shape) -> bool {
    matches!(&shape.geometry, Geometry::Segment(a, b) if (a[0] - b[0]).abs() > 1.0 && (a[1] - b[1]).abs() > 1.0)
}

/// Two slanted strokes painted one after the other that share an end: the angle of a head.
fn slanted_pairs(shapes: &[Shape]) -> Vec<(usize, Rect, Points)> {
    let pairs = shapes.windows(2).enumerate().filter_map(|(index, pair)| {
        let (Geometry::Segment(a, b), Geometry::Segment(c, d)) = (&pair[0].geometry, &pair[1].geometry) else {
            return None;
        };
        let bbox = union(pair[0].bbox, pair[1].bbox);
        if !is_slanted(&pair[0]) || !is_slanted(&pair[1]) || (bbox[2] - bbox[0]).max(bbox[3] - bbox[1]) > LARGEST_HEAD {
            return None;
        }
        let near = |p: &[f32; 2], q: &[f32; 2]| (p[0] - q[0]).abs() < 1.0 && (p[1] - q[1]).abs() < 1.0;
        let corners = if near(a, c) {
            [*b, *a, *d]
        } else if near(a, d) {
            [*b, *a, *c]
        } else if near(b, c) {
            [*a, *b, *d]
        } else if near(b, d) {
            [*a, *b, *c]
        } else {
            return None;
        };
        Some((index, bbox, direction(&corners, bbox)?))
    });
    pairs.take(MOST_HEADS).collect()
}

/// Where a polygon points: to the edge of its box that a single corner in the middle makes.
fn direction(corners: &[[f32; 2]], [x0, y0, x1, y1]: Rect) -> Option<Points> {
    let points_to = |axis: usize, edge: f32, length: f32, low: f32, high: f32| {
        let mut at = corners.iter().filter(|corner| (corner[axis] - edge).abs() <= AT_EDGE.min(AT_EDGE_SHARE * length));
        let (Some(tip), None) = (at.next(), at.next()) else { return false };
        let side = tip[1 - axis];
        side > low + 0.25 * (high - low) && side < high - 0.25 * (high - low)
    };
    let (width, height) = (x1 - x0, y1 - y0);
    if points_to(0, x1, width, y0, y1) {
        Some(Points::Right)
    } else if points_to(0, x0, width, y0, y1) {
        Some(Points::Left)
    } else if points_to(1, y1, height, x0, x1) {
        Some(Points::Down)
    } else if points_to(1, y0, height, x0, x1) {
        Some(Points::Up)
    } else {
        None
    }
}

/// A polygon as a shape that shows a span; none for those that point up or down, and for triangles.
pub(super) fn polygon(shape: &Shape) -> Option<Drawn> {
    let Geometry::Polygon { corners, closed: true } = &shape.geometry else { return None };
    let [x0, y0, x1, y1] = shape.bbox;
    let (width, height) = (x1 - x0, y1 - y0);
    let points = direction(corners, shape.bbox);
    let sideways = matches!(points, Some(Points::Left | Points::Right));
    let span = match (corners.len(), sideways) {
        (5 | 7 | 10, true) => OverlayShape::Arrow,
        // A notch: the side opposite to the tip has two corners at the edge and one within.
        (6 | 8, true) => OverlayShape::Chevron,
        (4 | 8.., false) if points.is_none() && width >= 1.5 * height => OverlayShape::Bar,
        (9.., true) if width >= height => OverlayShape::Arrow,
        _ => return None,
    };
    // The corners at the tail say how thick the shaft is.
    let tail = if points == Some(Points::Left) { x1 } else { x0 };
    let at_tail = corners.iter().filter(|corner| (corner[0] - tail).abs() <= AT_EDGE).map(|corner| corner[1]);
    let (low, high) = at_tail.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
    let thin = high - low <= THIN && height <= 4.0 * THIN;
    Some(Drawn { shape: span, bbox: shape.bbox, colour: shape.colour, order: shape.order, thin, runs: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(geometry: Geometry, bbox: Rect, paint: ShapePaint) -> Shape {
        Shape { geometry, bbox, paint, colour: Colour([0, 0, 200]), order: 0 }
    }

    fn closed(corners: &[[f32; 2]]) -> Shape {
        let bounds = |axis: usize| {
            let values = corners.iter().map(|corner| corner[axis]);
            (values.clone().fold(f32::INFINITY, f32::min), values.fold(f32::NEG_INFINITY, f32::max))
        };
        let ((x0, x1), (y0, y1)) = (bounds(0), bounds(1));
        shape(Geometry::Polygon { corners: corners.to_vec(), closed: true }, [x0, y0, x1, y1], ShapePaint::Fill)
    }

    #[test]
    fn polygons_by_shape() {
        let block = [[0., 5.], [80., 5.], [80., 0.], [100., 15.], [80., 30.], [80., 25.], [0., 25.]];
        let left: Vec<[f32; 2]> = block.iter().map(|[x, y]| [100.0 - x, *y]).collect();
        let down: Vec<[f32; 2]> = block.iter().map(|[x, y]| [*y, *x]).collect();
        for (what, corners, expected) in [
            ("block arrow", &block[..], Some(OverlayShape::Arrow)),
            ("to the left", &left[..], Some(OverlayShape::Arrow)),
            ("downwards", &down[..], None),
            ("pentagon", &[[0., 0.], [90., 0.], [100., 10.], [90., 20.], [0., 20.]], Some(OverlayShape::Arrow)),
            (
                "chevron",
                &[[0., 0.], [90., 0.], [100., 10.], [90., 20.], [0., 20.], [10., 10.]],
                Some(OverlayShape::Chevron),
            ),
            ("parallelogram", &[[10., 0.], [100., 0.], [90., 20.], [0., 20.]], Some(OverlayShape::Bar)),
            ("triangle", &[[0., 0.], [10., 5.], [0., 10.]], None),
        ] {
            assert_eq!(polygon(&closed(corners)).map(|drawn| drawn.shape), expected, "{what}");
        }
        assert!(!polygon(&closed(&block)).unwrap().thin);
    }

    #[test]
    fn lines_with_heads() {
        let stroke = ShapePaint::Stroke { width: 1.0, dashed: false };
        let line = |x0: f32, x1: f32| shape(Geometry::Segment([x0, 50.0], [x1, 50.0]), [x0, 50.0, x1, 50.0], stroke);
        let triangle = closed(&[[95., 45.], [105., 50.], [95., 55.]]);
        let angle = shape(
            Geometry::Polygon { corners: vec![[95., 45.], [105., 50.], [95., 55.]], closed: false },
            [95.0, 45.0, 105.0, 55.0],
            stroke,
        );
        let slanted =
            |y: f32| shape(Geometry::Segment([95., y], [105., 50.]), [95., y.min(50.0), 105., y.max(50.0)], stroke);
        let bar = shape(Geometry::Rectangle, [10.0, 47.0, 95.0, 53.0], ShapePaint::Fill);
        let elsewhere = closed(&[[295., 45.], [305., 50.], [295., 55.]]);
        for (what, shapes, expected) in [
            ("a triangle", vec![line(10., 96.), triangle.clone()], Some([10.0, 105.0])),
            ("the triangle first", vec![triangle.clone(), line(10., 96.)], Some([10.0, 105.0])),
            ("an open angle", vec![line(10., 105.), angle], Some([10.0, 105.0])),
            ("two strokes", vec![line(10., 105.), slanted(45.), slanted(55.)], Some([10.0, 105.0])),
            ("a bar with a head", vec![bar, triangle], Some([10.0, 105.0])),
            ("no head", vec![line(10., 105.)], None),
            ("a head elsewhere", vec![line(10., 105.), elsewhere], None),
        ] {
            let mut taken = vec![false; shapes.len()];
            let found = lines(&shapes, &mut taken);
            assert_eq!(found.first().map(|drawn| [drawn.bbox[0], drawn.bbox[2]]), expected, "{what}");
            assert_eq!(taken.iter().all(|taken| *taken), expected.is_some(), "{what}");
        }
    }
}
