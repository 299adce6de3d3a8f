//! Ruled tables: the cells are the faces of the arrangement that the rules make.
//!
//! Rules that touch belong together. Their positions make a grid; where no rule parts two grid squares they are one
//! cell, so a cell that spans rows or columns needs no further rule.

use super::content::Rect;
use super::rules::{Fill, Ink, Rule, joined};
use super::visible::is_white;
use crate::document::Colour;
use std::collections::HashSet;

/// Rules that end this far from a rule that they should meet still meet it, in points (gaps and overshoots).
const TOUCH: f32 = 2.5;

/// Rules nearer to each other than this, in points, are one (double rules, columns drawn row by row).
const SNAP: f32 = 3.0;

/// How far a rule's end must stick out, in points, to make an edge that no rule crosses there: the open side of a
/// table.
const OPEN_SIDE: f32 = 6.0;

/// The part of a grid square's side that a rule must cover to part it from the next one.
const COVERED: f32 = 0.6;

/// The part of a side that must be ruled for the side to count as closed.
const CLOSED: f32 = 0.7;

/// Boxes of one page that are looked at for bars inside of them.
const MOST_BOXES: usize = 4000;

/// Grid squares of one table. What has more is a picture of lines.
const MOST_SQUARES: usize = 400_000;

/// A cell: a rectangle of grid squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Face {
    pub row: usize,
    pub column: usize,
    pub row_span: usize,
    pub column_span: usize,
    pub bbox: Rect,
    pub fill: Option<Colour>,
    /// Whether it stands at the table's lower edge and has no rule there: it goes on on the next page.
    pub cut: bool,
}

/// A table found by its rules.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lattice {
    /// Edges of its columns and rows.
    pub xs: Vec<f32>,
    pub ys: Vec<f32>,
    /// Sorted by row and column.
    pub faces: Vec<Face>,
    /// For each grid square, row by row, its face; [`usize::MAX`] where there is none.
    index: Vec<usize>,
    pub bbox: Rect,
    /// Whether it has no rule at its top or bottom: it may go on over the page break.
    pub open_top: bool,
    pub open_bottom: bool,
    /// Whether its edges are told by its texts, not by rules.
    pub guessed: bool,
}

/// What the rules of a page make.
#[derive(Debug, Clone, Default)]
pub(super) struct Lattices {
    pub tables: Vec<Lattice>,
    /// Frames around a single cell.
    pub frames: Vec<Rect>,
    /// Horizontal rules inside of tables that part no cells: drawn over the grid.
    pub strokes: Vec<Rule>,
    /// Boxes drawn over the grid of a table.
    pub bars: Vec<Fill>,
    /// Columns of running text, where the page has several.
    pub columns: Vec<Rect>,
}

impl Lattice {
    /// A table of the given edges and faces.
    pub fn new(xs: Vec<f32>, ys: Vec<f32>, mut faces: Vec<Face>) -> Lattice {
        faces.sort_by_key(|face| (face.row, face.column));
        let (columns, rows) = (xs.len().saturating_sub(1), ys.len().saturating_sub(1));
        let mut index = vec![usize::MAX; columns * rows];
        for (at, face) in faces.iter().enumerate() {
            for row in face.row..(face.row + face.row_span).min(rows) {
                index[row * columns + face.column..row * columns + (face.column + face.column_span).min(columns)]
                    .fill(at);
            }
        }
        let ends = |edges: &[f32]| (edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(0.0));
        let ((x0, x1), (y0, y1)) = (ends(&xs), ends(&ys));
        Lattice { xs, ys, faces, index, bbox: [x0, y0, x1, y1], open_top: false, open_bottom: false, guessed: false }
    }

    pub fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    pub fn rows(&self) -> usize {
        self.ys.len() - 1
    }

    /// The face of a grid square.
    pub fn face(&self, row: usize, column: usize) -> Option<usize> {
        if column >= self.columns() {
            return None;
        }
        self.index.get(row * self.columns() + column).copied().filter(|face| *face != usize::MAX)
    }

    /// The face that holds a point.
    pub fn face_at(&self, x: f32, y: f32) -> Option<usize> {
        self.face(slot(&self.ys, y)?, slot(&self.xs, x)?)
    }
}

/// Between which two edges a position lies; none outside of all.
pub(super) fn slot(edges: &[f32], at: f32) -> Option<usize> {
    let after = edges.partition_point(|edge| *edge <= at);
    (after > 0 && after < edges.len()).then(|| after - 1)
}

/// Finds the tables that a page's rules make. Outlined boxes lend their sides as rules unless they are drawn over the
/// grid.
pub(super) fn lattices(ink: &mut Ink) -> Lattices {
    let boxes = std::mem::take(&mut ink.boxes);
    if boxes.is_empty() {
        let (horizontal, vertical) = with_sides(ink, &[], &[]);
        return ruled(&horizontal, &vertical);
    }
    let (horizontal, vertical) = with_sides(ink, &boxes, &[]);
    let mut over: Vec<bool> = boxes.iter().map(|outline| is_over_grid(outline.bbox, &vertical)).collect();
    let filled = filled(&boxes, &ink.fills);
    for (at, other) in filled.iter().copied().enumerate().filter(|(_, filled)| *filled) {
        over[at] |= other && is_inside_another(at, &boxes);
    }
    // A framed and filled box is a cell, or a bar: a bar where the others make a table without it.
    if filled.contains(&true) {
        let apart: Vec<bool> = over.iter().zip(&filled).map(|(over, filled)| *over || *filled).collect();
        let (horizontal, vertical) = with_sides(ink, &boxes, &apart);
        let others = ruled(&horizontal, &vertical);
        for at in (0..boxes.len()).filter(|&at| filled[at]) {
            over[at] |= others.tables.iter().any(|table| is_over_cell(boxes[at].bbox, table));
        }
    }
    let mut found = if over.contains(&true) {
        let (horizontal, vertical) = with_sides(ink, &boxes, &over);
        ruled(&horizontal, &vertical)
    } else {
        ruled(&horizontal, &vertical)
    };
    found.bars = boxes.into_iter().zip(over).filter(|(_, over)| *over).map(|(outline, _)| outline).collect();
    found
}

/// Which boxes frame a coloured area.
fn filled(boxes: &[Fill], fills: &[Fill]) -> Vec<bool> {
    let key = |bbox: Rect| bbox.map(|side| (side / 2.0).round() as i32);
    let areas: HashSet<[i32; 4]> =
        fills.iter().filter(|fill| !is_white(fill.colour)).map(|fill| key(fill.bbox)).collect();
    boxes.iter().map(|outline| areas.contains(&key(outline.bbox))).collect()
}

/// Whether a box lies inside of another one that is not much larger than a cell with a bar in it.
fn is_inside_another(at: usize, boxes: &[Fill]) -> bool {
    /// The part of a cell that a bar in it takes at most.
    const BAR: f32 = 0.85;
    let area = |b: Rect| (b[2] - b[0]) * (b[3] - b[1]);
    let own = boxes[at].bbox;
    boxes.iter().take(MOST_BOXES).any(|other| {
        let b = other.bbox;
        let inside = b[0] <= own[0] + 0.5 && b[1] <= own[1] + 0.5 && b[2] >= own[2] - 0.5 && b[3] >= own[3] - 0.5;
        inside && area(own) <= BAR * area(b) && b[3] - b[1] <= 4.0 * (own[3] - own[1])
    })
}

/// Whether a box lies in the cells of a table without being one of them.
fn is_over_cell(bbox: Rect, table: &Lattice) -> bool {
    let (x, y) = ((bbox[0] + bbox[2]) / 2.0, (bbox[1] + bbox[3]) / 2.0);
    table.face_at(x, y).is_some_and(|face| {
        let cell = table.faces[face].bbox;
        (0..4).any(|side| (cell[side] - bbox[side]).abs() > SNAP)
    })
}

/// The tables of joined rules.
fn ruled(horizontal: &[Rule], vertical: &[Rule]) -> Lattices {
    let mut found = Lattices::default();
    for (mut hs, mut vs) in groups(horizontal, vertical, &mut found.strokes) {
        let (hs, vs) = (&mut hs, &mut vs);
        settle(hs, vs, &mut found.strokes);
        let enough = (hs.len() >= 2 && !vs.is_empty()) || (vs.len() >= 2 && !hs.is_empty());
        if !enough {
            continue;
        }
        if let Some(lattice) = lattice(hs, vs) {
            match lattice.faces.len() {
                0 => {}
                1 => found.frames.push(lattice.faces[0].bbox),
                _ => found.tables.push(lattice),
            }
        }
    }
    found.tables.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]).then(a.bbox[0].total_cmp(&b.bbox[0])));
    found
}

/// Joined rules, with the sides of boxes other than those marked.
fn with_sides(ink: &Ink, boxes: &[Fill], without: &[bool]) -> (Vec<Rule>, Vec<Rule>) {
    let (mut horizontal, mut vertical) = (ink.horizontal.clone(), ink.vertical.clone());
    for (at, Fill { bbox: [x0, y0, x1, y1], colour, order, .. }) in boxes.iter().enumerate() {
        if without.get(at).copied().unwrap_or(false) {
            continue;
        }
        let side = |at, from, to| Rule { at, from, to, thickness: 1.0, colour: *colour, order: *order };
        horizontal.extend([side(*y0, *x0, *x1), side(*y1, *x0, *x1)]);
        vertical.extend([side(*x0, *y0, *y1), side(*x1, *y0, *y1)]);
    }
    (joined(horizontal), joined(vertical))
}

/// Whether a rule goes through a box from above to below: the box lies over the columns that the rule parts.
fn is_over_grid([x0, y0, x1, y1]: Rect, vertical: &[Rule]) -> bool {
    let start = vertical.partition_point(|rule| rule.at <= x0 + SNAP);
    vertical[start..]
        .iter()
        .take_while(|rule| rule.at < x1 - SNAP)
        .any(|rule| rule.from < y0 - 1.0 && rule.to > y1 + 1.0)
}

/// Rules that touch, directly or by others. Horizontal rules that touch none are strokes.
fn groups(horizontal: &[Rule], vertical: &[Rule], strokes: &mut Vec<Rule>) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let across = horizontal.len();
    let mut parents: Vec<usize> = (0..across + vertical.len()).collect();
    for (h, rule) in horizontal.iter().enumerate() {
        let start = vertical.partition_point(|other| other.at < rule.from - TOUCH);
        for (v, other) in vertical.iter().enumerate().skip(start) {
            if other.at > rule.to + TOUCH {
                break;
            }
            if other.from - TOUCH <= rule.at && rule.at <= other.to + TOUCH {
                union(&mut parents, h, across + v);
            }
        }
    }
    let mut number = vec![usize::MAX; parents.len()];
    let mut groups: Vec<(Vec<Rule>, Vec<Rule>)> = Vec::new();
    for at in 0..parents.len() {
        let root = find(&mut parents, at);
        if number[root] == usize::MAX {
            number[root] = groups.len();
            groups.push((Vec::new(), Vec::new()));
        }
        let group = &mut groups[number[root]];
        if at < across { group.0.push(horizontal[at]) } else { group.1.push(vertical[at - across]) }
    }
    strokes.extend(groups.iter().filter(|(_, vs)| vs.is_empty()).flat_map(|(hs, _)| hs));
    groups.retain(|(hs, vs)| !hs.is_empty() && !vs.is_empty());
    groups
}

pub(super) fn find(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

pub(super) fn union(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(parents, a), find(parents, b));
    // The smaller index stays the root, so that the order of groups is that of their first rules.
    let (low, high) = (a.min(b), a.max(b));
    parents[high] = low;
}

/// Takes out rules that end in the middle of a cell: they part nothing. Horizontal ones are kept as strokes.
fn settle(hs: &mut Vec<Rule>, vs: &mut Vec<Rule>, strokes: &mut Vec<Rule>) {
    if hs.len() >= 2 {
        vs.retain(|rule| !dangles(rule, hs));
    }
    if vs.len() >= 2 {
        hs.retain(|rule| {
            let loose = dangles(rule, vs);
            if loose {
                strokes.push(*rule);
            }
            !loose
        });
    }
}

/// Whether one of a rule's ends meets no rule across, though there are some on both sides of that end.
fn dangles(rule: &Rule, across: &[Rule]) -> bool {
    let reaches = |other: &Rule| other.from - TOUCH <= rule.at && rule.at <= other.to + TOUCH;
    [rule.from, rule.to].into_iter().any(|end| {
        let start = across.partition_point(|other| other.at < end - SNAP);
        let met = across[start..].iter().take_while(|other| other.at <= end + SNAP).any(reaches);
        !met && across[..start].iter().any(reaches)
            && across[start..].iter().any(|other| other.at > end && reaches(other))
    })
}

/// Positions of rules, those nearer than [`SNAP`] as one: the one of the longest.
fn positions(rules: &[Rule]) -> Vec<f32> {
    let mut sorted: Vec<(f32, f32)> = rules.iter().map(|rule| (rule.at, rule.length())).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut positions: Vec<f32> = Vec::new();
    let mut start = f32::NEG_INFINITY;
    let mut longest = 0.0;
    for (at, length) in sorted {
        match positions.last_mut() {
            Some(last) if at - start <= SNAP => {
                if length > longest {
                    (*last, longest) = (at, length);
                }
            }
            _ => {
                positions.push(at);
                (start, longest) = (at, length);
            }
        }
    }
    positions
}

/// Adds an edge where two or more rules end together beyond the outermost one across them.
fn open_sides(positions: &mut Vec<f32>, across: &[Rule]) {
    let (Some(&first), Some(&last)) = (positions.first(), positions.last()) else { return };
    let together =
        |end: f32, ends: &mut dyn Iterator<Item = f32>| ends.filter(|other| (other - end).abs() <= SNAP).count() >= 2;
    let low = across.iter().map(|rule| rule.from).fold(f32::INFINITY, f32::min);
    let high = across.iter().map(|rule| rule.to).fold(f32::NEG_INFINITY, f32::max);
    if low < first - OPEN_SIDE && together(low, &mut across.iter().map(|rule| rule.from)) {
        positions.insert(0, low);
    }
    if high > last + OPEN_SIDE && together(high, &mut across.iter().map(|rule| rule.to)) {
        positions.push(high);
    }
}

fn nearest(positions: &[f32], at: f32) -> usize {
    let after = positions.partition_point(|position| *position < at);
    match (after.checked_sub(1), positions.get(after)) {
        (Some(before), Some(next)) if at - positions[before] <= next - at => before,
        (Some(before), None) => before,
        _ => after,
    }
}

/// Which sides of grid squares are ruled: `[line][square along the line]`, flat.
struct Sides {
    ruled: Vec<bool>,
    squares: usize,
}

impl Sides {
    fn new(rules: &[Rule], lines: &[f32], edges: &[f32]) -> Sides {
        let squares = edges.len() - 1;
        let mut ruled = vec![false; lines.len() * squares];
        for rule in rules {
            let line = nearest(lines, rule.at);
            let start = edges.partition_point(|edge| *edge <= rule.from).saturating_sub(1);
            for square in start..squares {
                if edges[square] >= rule.to {
                    break;
                }
                let covered = rule.to.min(edges[square + 1]) - rule.from.max(edges[square]);
                let side = edges[square + 1] - edges[square];
                if covered >= COVERED * side || (covered > 0.0 && side - covered <= TOUCH) {
                    ruled[line * squares + square] = true;
                }
            }
        }
        Sides { ruled, squares }
    }

    fn at(&self, line: usize, square: usize) -> bool {
        self.ruled[line * self.squares + square]
    }

    /// The part of a stretch of a line that is ruled.
    fn share(&self, line: usize, from: usize, to: usize) -> f32 {
        let ruled = (from..to).filter(|square| self.at(line, *square)).count();
        ruled as f32 / (to - from).max(1) as f32
    }
}

/// The table of the rules of one group.
fn lattice(hs: &[Rule], vs: &[Rule]) -> Option<Lattice> {
    let (mut xs, mut ys) = (positions(vs), positions(hs));
    open_sides(&mut xs, hs);
    open_sides(&mut ys, vs);
    if xs.len() < 2 || ys.len() < 2 || xs.len() * ys.len() > MOST_SQUARES {
        return None;
    }
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let across = Sides::new(hs, &ys, &xs);
    let down = Sides::new(vs, &xs, &ys);

    let mut parents: Vec<usize> = (0..rows * columns).collect();
    for row in 0..rows {
        for column in 0..columns {
            let here = row * columns + column;
            if column + 1 < columns && !down.at(column + 1, row) {
                union(&mut parents, here, here + 1);
            }
            if row + 1 < rows && !across.at(row + 1, column) {
                union(&mut parents, here, here + columns);
            }
        }
    }
    let roots: Vec<usize> = (0..parents.len()).map(|at| find(&mut parents, at)).collect();

    // A side of the whole table without any rule is open; a face that lacks another outer side is no cell.
    let open = |share: f32| share < 1.0 - CLOSED;
    let open_left = open(down.share(0, 0, rows));
    let open_right = open(down.share(columns, 0, rows));
    let open_top = open(across.share(0, 0, columns));
    let open_bottom = open(across.share(rows, 0, columns));
    if [open_left, open_right, open_top, open_bottom].iter().filter(|open| **open).count() > 2 {
        return None;
    }
    let mut faces = Vec::new();
    for (row, column, row_span, column_span) in rectangles(&roots, columns) {
        let (end_row, end_column) = (row + row_span, column + column_span);
        let left = column > 0 || open_left || down.share(0, row, end_row) >= CLOSED;
        let right = end_column < columns || open_right || down.share(columns, row, end_row) >= CLOSED;
        let top = row > 0 || open_top || across.share(0, column, end_column) >= CLOSED;
        let bottom = end_row < rows || open_bottom || across.share(rows, column, end_column) >= CLOSED;
        // A cell that the page break cuts has its sides only.
        let sides = down.share(column, row, end_row) >= CLOSED && down.share(end_column, row, end_row) >= CLOSED;
        let cut = top && !bottom && sides;
        if cut || top && bottom && (left || right) {
            let bbox = [xs[column], ys[row], xs[end_column], ys[end_row]];
            faces.push(Face { row, column, row_span, column_span, bbox, fill: None, cut });
        }
    }
    let mut lattice = compressed(xs, ys, faces);
    (lattice.open_top, lattice.open_bottom) = (open_top, open_bottom);
    Some(lattice)
}

/// The faces as rectangles `(row, column, row span, column span)`; one that is no rectangle falls into several.
fn rectangles(roots: &[usize], columns: usize) -> Vec<(usize, usize, usize, usize)> {
    let rows = roots.len() / columns;
    let mut taken = vec![false; roots.len()];
    let mut found = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let here = row * columns + column;
            if taken[here] {
                continue;
            }
            let root = roots[here];
            let free = |at: usize, taken: &[bool]| roots[at] == root && !taken[at];
            let width = (column..columns).take_while(|&next| free(row * columns + next, &taken)).count();
            let height = (row..rows)
                .take_while(|&next| (column..column + width).all(|c| free(next * columns + c, &taken)))
                .count();
            for next in row..row + height {
                taken[next * columns + column..next * columns + column + width].fill(true);
            }
            found.push((row, column, height, width));
        }
    }
    found
}

/// The grid without edges at which no face begins or ends.
fn compressed(xs: Vec<f32>, ys: Vec<f32>, mut faces: Vec<Face>) -> Lattice {
    let mut used_x = vec![false; xs.len()];
    let mut used_y = vec![false; ys.len()];
    for face in &faces {
        (used_x[face.column], used_x[face.column + face.column_span]) = (true, true);
        (used_y[face.row], used_y[face.row + face.row_span]) = (true, true);
    }
    let numbers = |used: &[bool]| -> Vec<usize> {
        used.iter()
            .scan(0, |next, used| {
                let number = *next;
                *next += usize::from(*used);
                Some(number)
            })
            .collect()
    };
    let (new_x, new_y) = (numbers(&used_x), numbers(&used_y));
    for face in &mut faces {
        face.column_span = new_x[face.column + face.column_span] - new_x[face.column];
        face.row_span = new_y[face.row + face.row_span] - new_y[face.row];
        (face.column, face.row) = (new_x[face.column], new_y[face.row]);
    }
    let kept = |edges: Vec<f32>, used: &[bool]| {
        edges.into_iter().zip(used).filter(|(_, used)| **used).map(|(edge, _)| edge).collect()
    };
    Lattice::new(kept(xs, &used_x), kept(ys, &used_y), faces)
}
