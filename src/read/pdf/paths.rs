//! Painted paths as the layout wants them: one shape per subpath, reduced to what it looks like, cut to its clip.

use super::content::{Geometry, Rect};
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point};

/// How far a corner may lie off an axis, in points, for a side to count as parallel to it.
const AXIS_TOLERANCE: f32 = 0.05;

/// The corners kept of one polygon; a longer outline (a map, a signature) counts as curved.
const MAX_CORNERS: usize = 64;

/// Parts of one filled path among which holes are looked for; with more, a path is a picture.
const MAX_NESTED: usize = 64;

/// One subpath in page coordinates.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outline {
    pub geometry: Geometry,
    pub bbox: Rect,
    /// Which way it turns.
    pub clockwise: bool,
}

/// Splits a path into its subpaths and reduces each. `filled` closes open subpaths, as filling does.
pub(super) fn outlines(path: &BezPath, transform: Affine, filled: bool, mut each: impl FnMut(Outline)) {
    let mut subpath = Subpath::default();
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => {
                subpath.finish(filled, &mut each);
                subpath.point(transform * p);
            }
            PathEl::LineTo(p) => subpath.point(transform * p),
            PathEl::QuadTo(a, p) => subpath.curve(&[transform * a, transform * p]),
            PathEl::CurveTo(a, b, p) => subpath.curve(&[transform * a, transform * b, transform * p]),
            PathEl::ClosePath => {
                // What follows without a MoveTo starts again where this subpath did.
                let start = subpath.points.first().copied();
                subpath.closed = true;
                subpath.finish(filled, &mut each);
                if let Some([x, y]) = start {
                    subpath.point(Point::new(f64::from(x), f64::from(y)));
                }
            }
        }
    }
    subpath.finish(filled, &mut each);
}

#[derive(Default)]
struct Subpath {
    /// End points of its segments.
    points: Vec<[f32; 2]>,
    /// Control points only.
    controls: Vec<[f32; 2]>,
    closed: bool,
}

impl Subpath {
    fn point(&mut self, p: Point) {
        self.points.push([p.x as f32, p.y as f32]);
    }

    fn curve(&mut self, points: &[Point]) {
        let [controls @ .., end] = points else { return };
        self.controls.extend(controls.iter().map(|p| [p.x as f32, p.y as f32]));
        self.point(*end);
    }

    fn finish(&mut self, filled: bool, each: &mut impl FnMut(Outline)) {
        // A lone point left behind by a ClosePath paints nothing.
        if (self.points.len() > 1 || self.closed)
            && let Some(outline) = self.outline(filled)
        {
            each(outline);
        }
        self.points.clear();
        self.controls.clear();
        self.closed = false;
    }

    fn outline(&mut self, filled: bool) -> Option<Outline> {
        let bbox = bounds(self.points.iter().chain(&self.controls))?;
        let closed = self.closed || filled;
        let geometry = if !self.controls.is_empty() {
            if self.is_rounded_rectangle(bbox) { Geometry::Rectangle } else { Geometry::Curved }
        } else {
            let corners = simplified(&self.points, closed);
            match corners.as_slice() {
                [] | [_] => return None,
                [a, b] => Geometry::Segment(*a, *b),
                _ if corners.len() > MAX_CORNERS => Geometry::Curved,
                _ if closed && is_rectangle(&corners) => Geometry::Rectangle,
                _ => Geometry::Polygon { corners, closed },
            }
        };
        let next = self.points.iter().cycle().skip(1);
        let area: f32 = self.points.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
        Some(Outline { geometry, bbox, clockwise: area > 0.0 })
    }

    /// Whether a path with curves is a rectangle with rounded corners: every segment ends on a side of its box,
    /// and two opposite sides have straight parts.
    fn is_rounded_rectangle(&self, bbox: Rect) -> bool {
        let near = |a: f32, b: f32| (a - b).abs() <= 0.1;
        let on_side = |[x, y]: [f32; 2]| near(x, bbox[0]) || near(x, bbox[2]) || near(y, bbox[1]) || near(y, bbox[3]);
        if self.points.len() > 24 || !self.points.iter().chain(&self.controls).all(|p| on_side(*p)) {
            return false;
        }
        let along = |axis: usize, side: f32| {
            let length = bbox[axis + 2] - bbox[axis];
            let pairs = self.points.windows(2).map(|pair| (pair[0], pair[1]));
            pairs
                .filter(|(a, b)| near(a[1 - axis], side) && near(b[1 - axis], side))
                .any(|(a, b)| (a[axis] - b[axis]).abs() > 0.2 * length)
        };
        (along(0, bbox[1]) && along(0, bbox[3])) || (along(1, bbox[0]) && along(1, bbox[2]))
    }
}

/// The smallest box around points; none without points and where one is no number.
fn bounds<'a>(points: impl Iterator<Item = &'a [f32; 2]>) -> Option<Rect> {
    let mut bbox = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    for &[x, y] in points {
        bbox = [bbox[0].min(x), bbox[1].min(y), bbox[2].max(x), bbox[3].max(y)];
    }
    bbox.iter().all(|v| v.is_finite()).then_some(bbox)
}

/// The corners of a polyline: without repeated points and without points in the middle of a straight side.
fn simplified(points: &[[f32; 2]], closed: bool) -> Vec<[f32; 2]> {
    let same = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).abs() < 0.01 && (a[1] - b[1]).abs() < 0.01;
    let mut corners: Vec<[f32; 2]> = Vec::with_capacity(points.len().min(MAX_CORNERS + 1));
    for &p in points {
        if corners.last().is_some_and(|last| same(*last, p)) {
            continue;
        }
        if let [.., a, b] = corners.as_slice()
            && between(*a, *b, p)
        {
            corners.pop();
        }
        corners.push(p);
    }
    if closed {
        while corners.len() > 1 && same(corners[0], corners[corners.len() - 1]) {
            corners.pop();
        }
        while let [first, .., before, last] = corners.as_slice()
            && between(*before, *last, *first)
        {
            corners.pop();
        }
        while let [first, second, .., last] = corners.as_slice()
            && corners.len() > 2
            && between(*last, *first, *second)
        {
            corners.remove(0);
        }
    }
    corners
}

/// Whether `b` lies on the straight way from `a` to `c`.
fn between(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> bool {
    let (ux, uy) = (b[0] - a[0], b[1] - a[1]);
    let (vx, vy) = (c[0] - b[0], c[1] - b[1]);
    let cross = ux * vy - uy * vx;
    ux * vx + uy * vy >= 0.0 && cross.abs() <= 0.01 * (ux.hypot(uy) + vx.hypot(vy))
}

fn is_rectangle(corners: &[[f32; 2]]) -> bool {
    let [a, b, c, d] = corners else { return false };
    let upright = |p: &[f32; 2], q: &[f32; 2]| (p[0] - q[0]).abs() <= AXIS_TOLERANCE;
    let level = |p: &[f32; 2], q: &[f32; 2]| (p[1] - q[1]).abs() <= AXIS_TOLERANCE;
    (level(a, b) && upright(b, c) && level(c, d) && upright(d, a))
        || (upright(a, b) && level(b, c) && upright(c, d) && level(d, a))
}

/// The common part of two boxes; none where they are apart.
pub(super) fn intersection(a: Rect, b: Rect) -> Option<Rect> {
    let both = [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])];
    (both[0] <= both[2] && both[1] <= both[3]).then_some(both)
}

/// The smallest box around two boxes.
pub(super) fn union(a: Rect, b: Rect) -> Rect {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Whether a box holds another, to a twentieth of a point.
pub(super) fn contains(outer: Rect, inner: Rect) -> bool {
    let slack = 0.05;
    outer[0] <= inner[0] + slack
        && outer[1] <= inner[1] + slack
        && outer[2] >= inner[2] - slack
        && outer[3] >= inner[3] - slack
}

/// The parts of a filled path that paint: a part inside of another is a hole where every second crossing is outside
/// (`even_odd`) or where it turns the other way. A rectangle with a rectangular hole is its four sides, as tables
/// and boxes are framed.
pub(super) fn without_holes(parts: Vec<Outline>, even_odd: bool) -> Vec<Outline> {
    if parts.len() > MAX_NESTED {
        return parts;
    }
    let is_hole = |(index, part): (usize, &Outline)| {
        parts.iter().enumerate().find_map(|(other, outer)| {
            let around = other != index && contains(outer.bbox, part.bbox) && outer.bbox != part.bbox;
            (around && (even_odd || outer.clockwise != part.clockwise)).then_some(other)
        })
    };
    let holes: Vec<Option<usize>> = parts.iter().enumerate().map(is_hole).collect();
    let mut kept = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        if holes[index].is_some() {
            continue;
        }
        let mut own = parts.iter().zip(&holes).filter(|(_, hole)| **hole == Some(index)).map(|(hole, _)| hole);
        match (&part.geometry, own.next(), own.next()) {
            (Geometry::Rectangle, Some(hole), None) if hole.geometry == Geometry::Rectangle => {
                let ([x0, y0, x1, y1], [a, b, c, d]) = (part.bbox, hole.bbox);
                for bbox in [[x0, y0, x1, b], [x0, d, x1, y1], [x0, y0, a, y1], [c, y0, x1, y1]] {
                    if bbox[2] > bbox[0] && bbox[3] > bbox[1] {
                        kept.push(Outline { geometry: Geometry::Rectangle, bbox, clockwise: part.clockwise });
                    }
                }
            }
            _ => kept.push(part.clone()),
        }
    }
    kept
}

/// How much of a shape a clip takes off without changing what it is, in points.
const SHAVED: f32 = 1.0;

/// Cuts a shape to a clip box; none where nothing of it is left. `margin` is half the width of its stroke: a line
/// on the very edge of its clip is still seen.
pub(super) fn clipped(outline: Outline, clip: Rect, margin: f32) -> Option<Outline> {
    let b = outline.bbox;
    if b[0] >= clip[0] && b[1] >= clip[1] && b[2] <= clip[2] && b[3] <= clip[3] {
        return Some(outline);
    }
    let clip = [clip[0] - margin, clip[1] - margin, clip[2] + margin, clip[3] + margin];
    let bbox = intersection(b, clip)?;
    let clockwise = outline.clockwise;
    let cut = b.iter().zip(bbox).map(|(own, left)| (own - left).abs()).fold(0.0, f32::max);
    match outline.geometry {
        // A browser rounds a drawing's box to pixels and cuts off the tip of an arrow.
        Geometry::Polygon { closed: true, .. } if cut <= SHAVED => Some(outline),
        Geometry::Segment(from, to) => {
            let (from, to) = clipped_segment(from, to, clip)?;
            Some(Outline { bbox: bounds([from, to].iter())?, geometry: Geometry::Segment(from, to), clockwise })
        }
        Geometry::Polygon { corners, closed: true } => {
            let corners = simplified(&clipped_polygon(corners, clip), true);
            let bbox = bounds(corners.iter())?;
            let geometry = match corners.len() {
                0..=2 => return None,
                _ if is_rectangle(&corners) => Geometry::Rectangle,
                _ => Geometry::Polygon { corners, closed: true },
            };
            Some(Outline { geometry, bbox, clockwise })
        }
        // What is left of an open polyline keeps its corners; only its box is cut.
        geometry => Some(Outline { geometry, bbox, clockwise }),
    }
}

/// Liang-Barsky.
fn clipped_segment(from: [f32; 2], to: [f32; 2], clip: Rect) -> Option<([f32; 2], [f32; 2])> {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let (mut start, mut end) = (0.0_f32, 1.0_f32);
    for (delta, room) in
        [(-dx, from[0] - clip[0]), (dx, clip[2] - from[0]), (-dy, from[1] - clip[1]), (dy, clip[3] - from[1])]
    {
        if delta == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if delta < 0.0 {
            start = start.max(room / delta);
        } else {
            end = end.min(room / delta);
        }
    }
    let at = |t: f32| [from[0] + t * dx, from[1] + t * dy];
    (start <= end).then(|| (at(start), at(end)))
}

/// Sutherland-Hodgman.
fn clipped_polygon(mut corners: Vec<[f32; 2]>, clip: Rect) -> Vec<[f32; 2]> {
    for (axis, limit, above) in [(0, clip[0], true), (0, clip[2], false), (1, clip[1], true), (1, clip[3], false)] {
        let inside = |p: [f32; 2]| if above { p[axis] >= limit } else { p[axis] <= limit };
        let mut kept = Vec::with_capacity(corners.len() + 2);
        for (i, &p) in corners.iter().enumerate() {
            let before = corners[(i + corners.len() - 1) % corners.len()];
            if inside(p) != inside(before) {
                let t = (limit - before[axis]) / (p[axis] - before[axis]);
                kept.push([before[0] + t * (p[0] - before[0]), before[1] + t * (p[1] - before[1])]);
            }
            if inside(p) {
                kept.push(p);
            }
        }
        corners = kept;
    }
    corners
}
