//! Rules, backgrounds and drawings: what each painted shape is to a table.
//!
//! Producers draw the same rule as a stroke, as a thin filled rectangle, as four sides of a stroked box, in pieces
//! from crossing to crossing, dashed, or double. Here all of them become pieces of straight line, joined where they
//! go on with each other.

use super::content::{Geometry, PageContent, Rect, Shape, ShapePaint};
use super::visible::is_white;
use crate::document::Colour;

/// The thickest rule, in points; what is thicker is an area.
pub(super) const THICKEST: f32 = 3.0;

/// The shortest rule, in points, after its pieces were joined.
const SHORTEST: f32 = 4.0;

/// How far the ends of a segment may lie off the axis, in points.
const AXIS: f32 = 0.75;

/// Pieces of one rule lie no further apart across than this, in points.
const ACROSS: f32 = 0.9;

/// Pieces of one rule leave no wider gap between them than this, in points.
const ALONG: f32 = 2.0;

/// The longest piece, in points, that may be a dash or a dot of a rule drawn in pieces.
const LONGEST_DASH: f32 = 12.0;

/// The widest gap between dashes, in points.
const DASH_GAP: f32 = 6.0;

/// Pieces of rules on one page. A page with more is a map or a picture.
const MOST: usize = 40_000;

/// How far inside of an area, in points, a rule lies that the area hides, and how much of the area it goes through.
const INSIDE: f32 = 3.0;
const HIDDEN: f32 = 0.6;

/// How far off an area its outline lies, in points, and how soon after it in the order of painting.
const OUTLINE: f32 = 2.0;
const OUTLINE_ORDER: u32 = 8;

/// Pairs of areas and rules that are compared on one page.
const MOST_PAIRS: usize = 20_000_000;

/// A straight line along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// Where it lies across its direction: y of a horizontal rule, x of a vertical one.
    pub at: f32,
    pub from: f32,
    pub to: f32,
    pub thickness: f32,
    pub colour: Colour,
    pub order: u32,
}

impl Rule {
    pub fn length(&self) -> f32 {
        self.to - self.from
    }
}

/// A filled rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fill {
    pub bbox: Rect,
    pub colour: Colour,
    pub order: u32,
    /// Painted over rules that it hides: no background, but something drawn over the table.
    pub over: bool,
}

/// The shapes of a page by what they may be.
#[derive(Debug, Clone, Default)]
pub(super) struct Ink<'a> {
    pub horizontal: Vec<Rule>,
    pub vertical: Vec<Rule>,
    pub fills: Vec<Fill>,
    /// Outlines of rectangles: frames of cells and boxes, or bars that are not filled.
    pub boxes: Vec<Fill>,
    /// Polygons, slanted lines, curves, thick lines.
    pub drawings: Vec<&'a Shape>,
}

/// Sorts the shapes of a page. `taken` are shapes that already serve otherwise (check boxes, arrows' shafts).
pub(super) fn ink<'a>(content: &'a PageContent, taken: &[bool]) -> Ink<'a> {
    let mut ink = Ink::default();
    for (index, shape) in content.shapes.iter().enumerate() {
        if !taken.get(index).copied().unwrap_or(false) {
            ink.add(shape);
        }
    }
    if ink.horizontal.len() + ink.vertical.len() > MOST {
        ink.horizontal.clear();
        ink.vertical.clear();
    }
    ink.leave_out_unseen();
    ink.mark_over();
    ink
}

impl<'a> Ink<'a> {
    fn add(&mut self, shape: &'a Shape) {
        let [x0, y0, x1, y1] = shape.bbox;
        let (width, height) = (x1 - x0, y1 - y0);
        let (colour, order) = (shape.colour, shape.order);
        match (&shape.geometry, shape.paint) {
            (Geometry::Segment(a, b), ShapePaint::Stroke { width, .. }) => {
                self.segment(*a, *b, width, shape);
            }
            (Geometry::Rectangle, ShapePaint::Fill) => {
                if width.min(height) > THICKEST {
                    self.fills.push(Fill { bbox: shape.bbox, colour, order, over: false });
                    return;
                }
                // A dot is a piece of a dotted rule of either direction.
                let dot = width.max(height) <= THICKEST;
                if dot || width >= height {
                    let at = (y0 + y1) / 2.0;
                    self.horizontal.push(Rule { at, from: x0, to: x1, thickness: height, colour, order });
                }
                if dot || height > width {
                    let at = (x0 + x1) / 2.0;
                    self.vertical.push(Rule { at, from: y0, to: y1, thickness: width, colour, order });
                }
            }
            (Geometry::Rectangle, ShapePaint::Stroke { width: stroke, .. }) => {
                if width.min(height) <= THICKEST {
                    let middle = [(x0 + x1) / 2.0, (y0 + y1) / 2.0];
                    let ends = if width >= height {
                        ([x0, middle[1]], [x1, middle[1]])
                    } else {
                        ([middle[0], y0], [middle[0], y1])
                    };
                    self.segment(ends.0, ends.1, stroke.max(width.min(height)), shape);
                } else {
                    self.boxes.push(Fill { bbox: shape.bbox, colour, order, over: false });
                }
            }
            (Geometry::Polygon { corners, closed }, ShapePaint::Stroke { width, .. })
                if is_rectilinear(corners, *closed) =>
            {
                let closing = if *closed { corners.first() } else { None };
                for pair in corners.windows(2) {
                    self.segment(pair[0], pair[1], width, shape);
                }
                if let (Some(first), Some(last)) = (closing, corners.last()) {
                    self.segment(*last, *first, width, shape);
                }
            }
            _ => self.drawings.push(shape),
        }
    }

    fn segment(&mut self, a: [f32; 2], b: [f32; 2], width: f32, shape: &'a Shape) {
        let (dx, dy) = ((a[0] - b[0]).abs(), (a[1] - b[1]).abs());
        let (colour, order, thickness) = (shape.colour, shape.order, width);
        if dy <= AXIS && dx > dy && width <= THICKEST {
            let at = (a[1] + b[1]) / 2.0;
            self.horizontal.push(Rule { at, from: a[0].min(b[0]), to: a[0].max(b[0]), thickness, colour, order });
        } else if dx <= AXIS && dy > dx && width <= THICKEST {
            let at = (a[0] + b[0]) / 2.0;
            self.vertical.push(Rule { at, from: a[1].min(b[1]), to: a[1].max(b[1]), thickness, colour, order });
        } else {
            self.drawings.push(shape);
        }
    }

    /// Marks areas that hide rules, and takes out their own outlines, which are painted right after them.
    fn mark_over(&mut self) {
        let Some(first) = self.horizontal.iter().chain(&self.vertical).map(|rule| rule.order).min() else { return };
        let Ink { horizontal, vertical, fills, boxes, .. } = self;
        if fills.len() * (horizontal.len() + vertical.len()) > MOST_PAIRS {
            return;
        }
        for fill in fills.iter_mut().filter(|fill| fill.order > first) {
            let [x0, y0, x1, y1] = fill.bbox;
            let hidden = |rules: &[Rule], (low, high): (f32, f32), (from, to): (f32, f32)| {
                rules.iter().any(|rule| {
                    rule.order < fill.order
                        && rule.at > low + INSIDE
                        && rule.at < high - INSIDE
                        && rule.to.min(to) - rule.from.max(from) >= HIDDEN * (to - from)
                })
            };
            fill.over = hidden(vertical, (x0, x1), (y0, y1)) || hidden(horizontal, (y0, y1), (x0, x1));
            if fill.over {
                let own = |rule: &Rule| rule.order > fill.order && rule.order <= fill.order + OUTLINE_ORDER;
                let near = |a: f32, b: f32| (a - b).abs() <= OUTLINE;
                let within = |rule: &Rule, from: f32, to: f32| rule.from >= from - OUTLINE && rule.to <= to + OUTLINE;
                horizontal
                    .retain(|rule| !(own(rule) && within(rule, x0, x1) && (near(rule.at, y0) || near(rule.at, y1))));
                vertical
                    .retain(|rule| !(own(rule) && within(rule, y0, y1) && (near(rule.at, x0) || near(rule.at, x1))));
                boxes.retain(|outline| !(0..4).all(|side| near(outline.bbox[side], fill.bbox[side])));
            }
        }
    }

    /// White rules are seen only on a coloured ground.
    fn leave_out_unseen(&mut self) {
        if !self.horizontal.iter().chain(&self.vertical).any(|rule| is_white(rule.colour)) {
            return;
        }
        let grounds: Vec<Rect> =
            self.fills.iter().filter(|fill| !is_white(fill.colour)).take(500).map(|fill| fill.bbox).collect();
        let seen = |x: f32, y: f32| {
            grounds.iter().any(|g| g[0] - 2.0 <= x && x <= g[2] + 2.0 && g[1] - 2.0 <= y && y <= g[3] + 2.0)
        };
        self.horizontal.retain(|rule| !is_white(rule.colour) || seen((rule.from + rule.to) / 2.0, rule.at));
        self.vertical.retain(|rule| !is_white(rule.colour) || seen(rule.at, (rule.from + rule.to) / 2.0));
    }
}

fn is_rectilinear(corners: &[[f32; 2]], closed: bool) -> bool {
    let straight = |a: &[f32; 2], b: &[f32; 2]| (a[0] - b[0]).abs() <= AXIS || (a[1] - b[1]).abs() <= AXIS;
    corners.windows(2).all(|pair| straight(&pair[0], &pair[1]))
        && match (closed, corners.first(), corners.last()) {
            (true, Some(first), Some(last)) => straight(first, last),
            _ => true,
        }
}

/// Joins pieces into whole rules, sorted by where they lie.
pub(super) fn joined(mut pieces: Vec<Rule>) -> Vec<Rule> {
    pieces.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut rules = Vec::with_capacity(pieces.len() / 2 + 1);
    let mut start = 0;
    while start < pieces.len() {
        let at = pieces[start].at;
        let end = start + pieces[start..].partition_point(|piece| piece.at - at <= ACROSS);
        let group = &mut pieces[start..end];
        group.sort_by(|a, b| a.colour.cmp(&b.colour).then(a.from.total_cmp(&b.from)));
        let mut run: Option<(Rule, f32)> = None;
        for piece in group.iter() {
            match &mut run {
                Some((rule, last)) if rule.colour == piece.colour && piece.from - rule.to <= gap(*last, piece) => {
                    // The longer part says where the rule lies.
                    if piece.length() > rule.length() {
                        rule.at = piece.at;
                    }
                    rule.to = rule.to.max(piece.to);
                    rule.thickness = rule.thickness.max(piece.thickness);
                    *last = piece.length();
                }
                _ => {
                    rules.extend(run.take().map(|(rule, _)| rule));
                    run = Some((*piece, piece.length()));
                }
            }
        }
        rules.extend(run.map(|(rule, _)| rule));
        start = end;
    }
    rules.retain(|rule| rule.length() >= SHORTEST);
    rules.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    rules
}

/// The widest gap over which a rule goes on with a piece.
fn gap(last: f32, piece: &Rule) -> f32 {
    let longest = last.max(piece.length());
    if longest <= LONGEST_DASH { (1.5 * longest + ALONG).min(DASH_GAP) } else { ALONG }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(at: f32, from: f32, to: f32) -> Rule {
        Rule { at, from, to, thickness: 0.5, colour: Colour([0; 3]), order: 0 }
    }

    #[test]
    fn pieces_of_one_rule_are_joined() {
        for (what, pieces, expected) in [
            ("crossing to crossing", vec![piece(10.0, 0.0, 50.0), piece(10.2, 50.0, 90.0)], vec![(0.0, 90.0)]),
            ("small gap", vec![piece(10.0, 0.0, 50.0), piece(10.0, 51.5, 90.0)], vec![(0.0, 90.0)]),
            ("two tables", vec![piece(10.0, 0.0, 50.0), piece(10.0, 58.0, 90.0)], vec![(0.0, 50.0), (58.0, 90.0)]),
            ("overlapping", vec![piece(10.0, 0.0, 60.0), piece(10.0, 40.0, 50.0)], vec![(0.0, 60.0)]),
            ("dashes", (0..10).map(|i| piece(10.0, i as f32 * 5.0, i as f32 * 5.0 + 2.5)).collect(), vec![(0.0, 47.5)]),
            ("dots", (0..10).map(|i| piece(10.0, i as f32 * 2.0, i as f32 * 2.0 + 1.0)).collect(), vec![(0.0, 19.0)]),
            ("a lone dot", vec![piece(10.0, 0.0, 1.0)], vec![]),
            ("two rules", vec![piece(10.0, 0.0, 50.0), piece(14.0, 0.0, 50.0)], vec![(0.0, 50.0), (0.0, 50.0)]),
        ] {
            let found: Vec<(f32, f32)> = joined(pieces).iter().map(|rule| (rule.from, rule.to)).collect();
            assert_eq!(found, expected, "{what}");
        }
    }
}
