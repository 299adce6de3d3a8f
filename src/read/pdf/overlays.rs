//! Overlays: what is drawn over the columns of a table, told apart from its cells' backgrounds, and its text.

use super::arrows::{self, Drawn};
use super::content::{Geometry, Glyph, Rect, ShapePaint};
use super::grid::{Lattice, Lattices, slot};
use super::lines;
use super::page::overlap;
use super::rules::{Ink, Rule};
use super::runs::Run;
use super::visible::is_white;
use super::wraps::{self, Room};
use crate::document::{Colour, Overlay, OverlayShape, Place};

/// The smallest overlay, in points.
const NARROWEST: f32 = 6.0;
const LOWEST: f32 = 2.5;

/// Two shapes whose boxes differ by no more than this on every side, in points, are one: its area and its outline.
const SAME_BOX: f32 = 1.6;

/// How far off a shape its shadow lies at most, in points.
const SHADOW: f32 = 6.0;

/// The part of a shape's width that lies over the table it belongs to.
const OVER: f32 = 0.5;

/// The part of a table from which on a filled area is its ground.
const GROUND: f32 = 0.5;

/// A bar in a single cell is at least this part of the cell's width; what is narrower is a mark beside text.
const BAR_IN_CELL: f32 = 0.3;

/// How far above a thin shape, in parts of the font size, its text ends.
const ABOVE: f32 = 1.0;

/// How far behind a thin shape, in parts of the font size, its text begins.
const BESIDE: f32 = 1.2;

/// The part of a row that a shape over it covers, or the part of the shape that lies in the row.
const MOST_OF_ROW: f32 = 0.5;
const MUCH_OF_SHAPE: f32 = 0.4;

/// Shapes over the tables of one page. A page with more is a picture.
const MOST: usize = 3000;

/// What lies over each table, with the text that belongs to it; the other runs are given back.
pub(super) fn over(
    found: &Lattices,
    ink: &Ink,
    grounds: &[bool],
    arrows: Vec<Drawn>,
    runs: Vec<Run>,
) -> (Vec<Vec<Drawn>>, Vec<Run>) {
    let lattices = &found.tables;
    let mut over: Vec<Vec<Drawn>> = vec![Vec::new(); lattices.len()];
    if lattices.is_empty() {
        return (over, runs);
    }
    let mut candidates = arrows;
    for shape in &ink.drawings {
        candidates.extend(arrows::polygon(shape).or_else(|| {
            let [x0, y0, x1, y1] = shape.bbox;
            let level = y1 - y0 <= 0.5 * (x1 - x0);
            let bbox = match (&shape.geometry, shape.paint) {
                (Geometry::Segment(..), ShapePaint::Stroke { width, .. }) if width > LOWEST && y1 - y0 < 1.0 => {
                    [x0, y0 - width / 2.0, x1, y1 + width / 2.0]
                }
                (Geometry::Curved, ShapePaint::Fill) if level => shape.bbox,
                _ => return None,
            };
            Some(drawn(OverlayShape::Bar, bbox, shape.colour, shape.order))
        }));
    }
    let bars = ink.fills.iter().zip(grounds).filter(|(fill, ground)| !**ground && !is_white(fill.colour));
    candidates.extend(bars.map(|(fill, _)| drawn(OverlayShape::Bar, fill.bbox, fill.colour, fill.order)));
    candidates.extend(found.bars.iter().map(|fill| drawn(OverlayShape::Bar, fill.bbox, fill.colour, fill.order)));
    candidates.extend(found.strokes.iter().filter(|rule| !underlines(rule, &runs)).map(|rule| {
        let half = rule.thickness.max(0.5) / 2.0;
        Drawn {
            thin: true,
            ..drawn(OverlayShape::Line, [rule.from, rule.at - half, rule.to, rule.at + half], rule.colour, rule.order)
        }
    }));
    candidates.truncate(MOST);
    candidates.sort_by_key(|drawn| drawn.order);

    for drawn in candidates {
        if let Some(table) = table_under(lattices, &drawn) {
            add(&mut over[table], drawn);
        }
    }
    for (lattice, drawn) in lattices.iter().zip(&mut over) {
        leave_out_chips(lattice, drawn, &runs);
    }
    let rest = take_texts(lattices, &mut over, runs);
    (over, rest)
}

fn drawn(shape: OverlayShape, bbox: Rect, colour: Colour, order: u32) -> Drawn {
    let thin = bbox[3] - bbox[1] <= 4.0;
    Drawn { shape, bbox, colour, order, thin, runs: Vec::new() }
}

/// Whether a line is drawn under text to stress it.
fn underlines(rule: &Rule, runs: &[Run]) -> bool {
    runs.iter().any(|run| {
        let [x0, _, x1, y1] = run.bbox;
        (rule.at - y1).abs() <= 0.3 * run.size + 1.0
            && rule.from >= x0 - 0.6 * run.size
            && rule.to <= x1 + 0.6 * run.size
    })
}

/// The table that a shape is drawn over: the smallest one.
fn table_under(lattices: &[Lattice], drawn: &Drawn) -> Option<usize> {
    let [x0, y0, x1, y1] = drawn.bbox;
    let middle = (y0 + y1) / 2.0;
    if x1 - x0 < NARROWEST || (!drawn.thin && y1 - y0 < LOWEST) {
        return None;
    }
    let size = |lattice: &Lattice| (lattice.bbox[2] - lattice.bbox[0]) * (lattice.bbox[3] - lattice.bbox[1]);
    let fits = |lattice: &Lattice| {
        let [a, b, c, d] = lattice.bbox;
        b <= middle
            && middle <= d
            && x1.min(c) - x0.max(a) >= OVER * (x1 - x0)
            && overlap(lattice.bbox, drawn.bbox) < GROUND * size(lattice)
    };
    (0..lattices.len())
        .filter(|&at| fits(&lattices[at]))
        .min_by(|&a, &b| size(&lattices[a]).total_cmp(&size(&lattices[b])))
}

/// Adds a shape unless it is the outline or the shadow of one that is there.
fn add(all: &mut Vec<Drawn>, next: Drawn) {
    let [x0, y0, x1, y1] = next.bbox;
    for other in all.iter_mut().rev().take(64) {
        let [a, b, c, d] = other.bbox;
        let far = (x0 - a).abs().max((y0 - b).abs()).max((x1 - c).abs()).max((y1 - d).abs());
        if far <= SAME_BOX {
            // Of a bar and a pointed shape in one box the latter says more.
            if other.shape == OverlayShape::Bar {
                other.shape = next.shape;
            }
            other.order = next.order;
            return;
        }
        let same_size = ((x1 - x0) - (c - a)).abs() <= 1.0 && ((y1 - y0) - (d - b)).abs() <= 1.0;
        if far <= SHADOW && same_size && other.shape == next.shape && !next.thin {
            *other = next;
            return;
        }
    }
    all.push(next);
}

/// Leaves out bars in a single cell that also has other text, or that fill little of it: highlights and marks.
fn leave_out_chips(lattice: &Lattice, all: &mut Vec<Drawn>, runs: &[Run]) {
    if !all.iter().any(|drawn| drawn.shape == OverlayShape::Bar) {
        return;
    }
    let inside = |drawn: &Drawn, run: &Run| holds(drawn.bbox, run.middle());
    let boxes: Vec<Rect> = all.iter().map(|drawn| drawn.bbox).collect();
    all.retain(|drawn| {
        if drawn.shape != OverlayShape::Bar {
            return true;
        }
        let Some(face) = only_face(lattice, drawn.bbox) else { return true };
        let [a, b, c, d] = lattice.faces[face].bbox;
        if drawn.bbox[2] - drawn.bbox[0] < BAR_IN_CELL * (c - a) || lattice.faces[face].column == 0 {
            return false;
        }
        !runs.iter().any(|run| {
            holds([a, b, c, d], run.middle())
                && !inside(drawn, run)
                && !boxes.iter().any(|bbox| holds(*bbox, run.middle()))
        })
    });
}

fn holds([x0, y0, x1, y1]: Rect, [x, y]: [f32; 2]) -> bool {
    x0 <= x && x <= x1 && y0 <= y && y <= y1
}

/// The face that holds the whole of a box but for a little.
fn only_face(lattice: &Lattice, [x0, y0, x1, y1]: Rect) -> Option<usize> {
    let face = lattice.face_at((x0 + x1) / 2.0, (y0 + y1) / 2.0)?;
    let [a, b, c, d] = lattice.faces[face].bbox;
    (x0 >= a - SAME_BOX && x1 <= c + SAME_BOX && y0 >= b - SAME_BOX && y1 <= d + SAME_BOX).then_some(face)
}

/// Gives each shape its text: what stands inside of it; above or behind it where it is thin.
fn take_texts(lattices: &[Lattice], over: &mut [Vec<Drawn>], runs: Vec<Run>) -> Vec<Run> {
    let mut rest = Vec::with_capacity(runs.len());
    for run in runs {
        let [x, y] = run.middle();
        let all = over.iter_mut().flatten().filter(|drawn| !drawn.thin && holds(drawn.bbox, [x, y]));
        match all.min_by(|a, b| area(a.bbox).total_cmp(&area(b.bbox)).then(b.order.cmp(&a.order))) {
            Some(drawn) => drawn.runs.push(run),
            None => rest.push(run),
        }
    }
    for (lattice, all) in lattices.iter().zip(over) {
        if !all.iter().any(|drawn| drawn.thin) {
            continue;
        }
        rest = take_near(lattice, all, rest, |drawn, run| {
            let [x0, y0, x1, _] = drawn.bbox;
            let middle = drawn_y(drawn);
            let gap = y0 - run.bbox[3];
            let over = run.middle()[0] > x0 && run.middle()[0] < x1 && run.middle()[1] < middle;
            (over && gap <= ABOVE * run.size && run.bbox[0] >= x0 - run.size).then_some(gap.max(0.0))
        });
        // A second line above the first.
        rest = take_near(lattice, all, rest, |drawn, run| {
            let top = drawn.runs.iter().map(|run| run.bbox[1]).fold(f32::INFINITY, f32::min);
            let gap = top - run.bbox[3];
            let over = run.middle()[0] > drawn.bbox[0] && run.middle()[0] < drawn.bbox[2];
            (over && drawn.thin && gap.abs() <= 0.6 * run.size).then_some(gap.abs())
        });
        rest = take_near(lattice, all, rest, |drawn, run| {
            let gap = run.bbox[0] - drawn.bbox[2];
            let level = run.bbox[1] <= drawn_y(drawn) && drawn_y(drawn) <= run.bbox[3];
            (drawn.runs.is_empty() && level && (-0.3 * run.size..=BESIDE * run.size).contains(&gap)).then_some(gap)
        });
    }
    rest
}

fn drawn_y(drawn: &Drawn) -> f32 {
    (drawn.bbox[1] + drawn.bbox[3]) / 2.0
}

fn area([x0, y0, x1, y1]: Rect) -> f32 {
    (x1 - x0) * (y1 - y0)
}

/// Gives runs to the nearest thin shape in their row, by a measure of distance that is none where they are apart.
fn take_near(
    lattice: &Lattice,
    all: &mut [Drawn],
    runs: Vec<Run>,
    distance: impl Fn(&Drawn, &Run) -> Option<f32>,
) -> Vec<Run> {
    let mut rest = Vec::with_capacity(runs.len());
    for run in runs {
        let [x, y] = run.middle();
        let near = all.iter().enumerate().filter(|(_, drawn)| drawn.thin).filter_map(|(at, drawn)| {
            let distance = distance(drawn, &run)?;
            // In the same cell, or in cells of the same row.
            let (own, other) = (lattice.face_at(x, y)?, lattice.face_at(x, drawn_y(drawn))?);
            (own == other).then_some((at, distance))
        });
        match near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at) {
            Some(at) => all[at].runs.push(run),
            None => rest.push(run),
        }
    }
    rest
}

/// The overlays of a table.
pub(super) fn overlays(lattice: &Lattice, drawn: &[Drawn], glyphs: &[Glyph], page: u32) -> Vec<Overlay> {
    let mut overlays: Vec<Overlay> = drawn.iter().filter_map(|drawn| overlay(lattice, drawn, glyphs, page)).collect();
    overlays.sort_by(|a, b| a.row.cmp(&b.row).then(a.start.total_cmp(&b.start)).then(a.end.total_cmp(&b.end)));
    overlays
}

fn overlay(lattice: &Lattice, drawn: &Drawn, glyphs: &[Glyph], page: u32) -> Option<Overlay> {
    let [x0, y0, x1, y1] = drawn.bbox;
    let (start, end) = (column(&lattice.xs, x0), column(&lattice.xs, x1));
    let middle = (y0 + y1) / 2.0;
    let (first, last) = rows(lattice, drawn)?;
    let under = lattice.face_at((x0 + x1) / 2.0, middle).or_else(|| lattice.face_at(x0 + 1.0, middle));
    let (row, row_span) = match under.map(|face| &lattice.faces[face]) {
        Some(face) if face.row <= first && last < face.row + face.row_span => (face.row, face.row_span),
        _ => (first, last - first + 1),
    };
    let runs: Vec<&Run> = drawn.runs.iter().collect();
    let lines = lines::lines(glyphs, &runs, f32::INFINITY);
    let lines: Vec<_> = lines.iter().collect();
    let text = wraps::text(&lines, Room::around(lines.iter().copied()), page);
    let place = Place::Page { page, bbox: drawn.bbox };
    // A line's text stands above it or beside it.
    let place = text.place.as_ref().map_or(place.clone(), |around| place.union(around));
    Some(Overlay {
        shape: drawn.shape,
        row: row as u32,
        row_span: row_span as u32,
        start,
        end,
        text: (!text.is_blank()).then_some(text),
        colour: Some(drawn.colour),
        place,
    })
}

/// The first and the last row that a shape lies over: the row of its middle, and those of which it covers most or in
/// which much of it lies.
fn rows(lattice: &Lattice, drawn: &Drawn) -> Option<(usize, usize)> {
    let [_, y0, _, y1] = drawn.bbox;
    let row = slot(&lattice.ys, (y0 + y1) / 2.0)?;
    if drawn.thin {
        return Some((row, row));
    }
    let is_over = |row: &usize| {
        let (top, bottom) = (lattice.ys[*row], lattice.ys[*row + 1]);
        let shared = y1.min(bottom) - y0.max(top);
        shared > MOST_OF_ROW * (bottom - top) || shared >= MUCH_OF_SHAPE * (y1 - y0)
    };
    let first = (0..row).rev().take_while(is_over).last().unwrap_or(row);
    let last = (row + 1..lattice.rows()).take_while(is_over).last().unwrap_or(row);
    Some((first, last))
}

/// A position in columns: 2.5 is the middle of column 2. Outside of the table it is the table's edge.
fn column(xs: &[f32], x: f32) -> f32 {
    match slot(xs, x) {
        Some(column) => column as f32 + (x - xs[column]) / (xs[column + 1] - xs[column]).max(0.01),
        None if x < xs[0] => 0.0,
        None => (xs.len() - 1) as f32,
    }
}
