//! One page: what stands on it, before anything is known of the other pages.
//!
//! ```text
//! shapes -> check boxes (marks), bullets, arrows -> rules, backgrounds, drawings (rules) -> tables (grid) -> overlays
//! glyphs -> runs, each given to an overlay, a cell, a box or the page (place) -> lines -> hard lines (wraps)
//! ```

use super::arrows;
use super::content::{Geometry, Glyph, PageContent, Rect, ShapePaint};
use super::frame::{Frame, Turn};
use super::grid::{self, Lattice};
use super::lines::{self, VisualLine};
use super::marks;
use super::overlays;
use super::paths::contains;
use super::rules::{self, Fill, Ink};
use super::runs::{self, Run};
use super::unruled;
use super::visible::is_white;
use super::wraps::{self, Room};
use crate::document::{Cell, Colour, Nested, Place, Table, Text};
use std::collections::BTreeMap;

/// The part of a face that its background covers.
const BEHIND: f32 = 0.85;

/// A gap that parts a line of the page into pieces, in parts of the font size.
const PIECES: f32 = 1.4;

/// A gap between two glyphs at a rule from which on a run is parted there, in parts of the font size.
const GAP_AT_RULE: f32 = 0.12;

/// The part of a run that must lie in one cell for the whole of it to belong there.
const MOSTLY: f32 = 0.7;

/// The part of a page from which on a filled rectangle is its ground, not a box.
const GROUND: f32 = 0.5;

/// The line, in parts of the font size, that is surely as long as its guessed column has room for.
const WIDE: f32 = 12.0;

/// The most padding that cells are taken to have, in points.
const MOST_PADDING: f32 = 12.0;

/// A page and what was found on it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub number: u32,
    pub size: (f32, f32),
    pub turn: Turn,
    /// Pieces of lines outside of tables and boxes.
    pub lines: Vec<VisualLine>,
    pub boxes: Vec<TextBox>,
    pub tables: Vec<FoundTable>,
    /// Glyphs that print something.
    pub printed: usize,
    pub unreadable: u32,
}

/// Text on a ground or in a frame of its own.
#[derive(Debug, Clone)]
pub(super) struct TextBox {
    pub bbox: Rect,
    pub fill: Option<Colour>,
    pub lines: Vec<VisualLine>,
}

/// A table and where its edges are.
#[derive(Debug, Clone)]
pub(super) struct FoundTable {
    pub table: Table,
    pub lattice: Lattice,
}

/// Finds what stands on a page.
pub(super) fn find(mut content: PageContent) -> Found {
    let turn = Turn::upright(&mut content);
    let mut taken = vec![false; content.shapes.len()];
    marks::add(&mut content, &mut taken);
    let arrows = arrows::lines(&content.shapes, &mut taken);
    let mut ink = rules::ink(&content, &taken);
    let mut found = grid::lattices(&mut ink);
    let runs = runs::runs(&content.glyphs);
    unruled::add(&content.glyphs, &runs, &ink, &arrows, &mut found);
    let grounds = backgrounds(&mut found.tables, &ink.fills);
    let printed = runs.iter().map(|run| run.glyphs.len()).sum();
    let (drawn, runs) = overlays::over(&found, &ink, &grounds, arrows, runs);
    let mut places = Places::new(&content, &found.tables, &grounds, &found.frames, &ink);
    runs.into_iter().for_each(|run| places.put(run));

    let glyphs = &content.glyphs;
    let page = content.number;
    let Places { cells, boxes, loose, .. } = places;
    let tables: Vec<Option<FoundTable>> = found
        .tables
        .into_iter()
        .zip(cells)
        .zip(&drawn)
        .map(|((lattice, runs), drawn)| {
            let mut table = table(glyphs, &lattice, &runs, page);
            table.overlays = overlays::overlays(&lattice, drawn, glyphs, page);
            Some(FoundTable { table, lattice })
        })
        .collect();
    let boxes = boxes
        .into_iter()
        .map(|(ground, runs)| {
            let lines = lines::lines(glyphs, &runs.iter().collect::<Vec<_>>(), PIECES);
            TextBox { bbox: ground.bbox, fill: (!is_white(ground.colour)).then_some(ground.colour), lines }
        })
        .collect();
    Found {
        number: page,
        size: (content.width, content.height),
        turn,
        lines: loose_lines(glyphs, &loose, &found.columns),
        boxes,
        tables: nested(tables),
        printed,
        unreadable: content.unreadable,
    }
}

/// The lines of texts outside of tables and boxes: none goes from one column of running text into the next.
fn loose_lines(glyphs: &[Glyph], runs: &[Run], columns: &[Rect]) -> Vec<VisualLine> {
    let column = |run: &Run| {
        let [x, y] = run.middle();
        columns.iter().position(|[x0, y0, x1, y1]| *x0 <= x && x <= *x1 && *y0 <= y && y <= *y1)
    };
    let mut parts: Vec<Vec<&Run>> = vec![Vec::new(); columns.len() + 1];
    for run in runs {
        parts[column(run).unwrap_or(columns.len())].push(run);
    }
    parts.iter().flat_map(|runs| lines::lines(glyphs, runs, PIECES)).collect()
}

/// Gives faces the colours that lie behind them. Says of each fill whether it is such a background.
fn backgrounds(lattices: &mut [Lattice], fills: &[Fill]) -> Vec<bool> {
    /// How far inside of a face, in points, its background may end on every side.
    const INSET: f32 = 1.6;
    let mut grounds: Vec<bool> = fills
        .iter()
        .map(|fill| {
            let mut is_ground = false;
            if fill.over {
                return false;
            }
            let [x0, y0, x1, y1] = fill.bbox;
            let own = (x1 - x0) * (y1 - y0);
            for lattice in lattices.iter_mut().filter(|lattice| overlap(lattice.bbox, fill.bbox) > 0.0) {
                let first = lattice.ys.partition_point(|y| *y <= y0).saturating_sub(1);
                let last = lattice.ys.partition_point(|y| *y < y1);
                let mut behind: Vec<usize> = Vec::new();
                let mut covered = 0.0;
                // Faces are sorted by row; a tall one begins above the fill's rows.
                for (at, face) in lattice.faces.iter().enumerate() {
                    if face.row > last || face.row + face.row_span < first {
                        continue;
                    }
                    let [a, b, c, d] = face.bbox;
                    let shared = overlap(face.bbox, fill.bbox);
                    let inset = x0 <= a + INSET && y0 <= b + INSET && x1 >= c - INSET && y1 >= d - INSET;
                    // Where the edges are guessed, what lies inside of one cell is how its background shows.
                    let within = lattice.guessed && shared >= BEHIND * own;
                    if inset || within || shared >= BEHIND * (c - a) * (d - b) {
                        behind.push(at);
                        covered += shared;
                    }
                }
                // What sticks out of the cells it covers by much is drawn over them, not behind.
                let inside = overlap(lattice.bbox, fill.bbox);
                if !behind.is_empty() && covered >= BEHIND * inside.min(own) {
                    is_ground = true;
                    for at in behind {
                        lattice.faces[at].fill = (!is_white(fill.colour)).then_some(fill.colour);
                    }
                }
            }
            is_ground
        })
        .collect();
    lattices.iter_mut().for_each(|lattice| pieced_grounds(lattice, fills, &mut grounds));
    grounds
}

/// Backgrounds painted in pieces of one colour, as LibreOffice paints those of merged cells.
fn pieced_grounds(lattice: &mut Lattice, fills: &[Fill], grounds: &mut [bool]) {
    /// The part of a piece that lies in its cell.
    const INSIDE: f32 = 0.95;
    let mut pieces: BTreeMap<(usize, [u8; 3]), Vec<usize>> = BTreeMap::new();
    for (at, fill) in fills.iter().enumerate().filter(|(at, fill)| !grounds[*at] && !fill.over) {
        let [x0, y0, x1, y1] = fill.bbox;
        let face = lattice.face_at((x0 + x1) / 2.0, (y0 + y1) / 2.0);
        if let Some(face) =
            face.filter(|&face| overlap(lattice.faces[face].bbox, fill.bbox) >= INSIDE * area(fill.bbox))
        {
            pieces.entry((face, fill.colour.0)).or_default().push(at);
        }
    }
    for ((face, _), own) in pieces.into_iter().filter(|(_, own)| own.len() > 1) {
        let face = &mut lattice.faces[face];
        let covered: f32 = own.iter().map(|&at| overlap(face.bbox, fills[at].bbox)).sum();
        if covered >= BEHIND * area(face.bbox) {
            let colour = fills[own[0]].colour;
            face.fill = (!is_white(colour)).then_some(colour);
            own.into_iter().for_each(|at| grounds[at] = true);
        }
    }
}

/// The area that two boxes share.
pub(super) fn overlap(a: Rect, b: Rect) -> f32 {
    let (width, height) = (a[2].min(b[2]) - a[0].max(b[0]), a[3].min(b[3]) - a[1].max(b[1]));
    if width > 0.0 && height > 0.0 { width * height } else { 0.0 }
}

fn area([x0, y0, x1, y1]: Rect) -> f32 {
    (x1 - x0) * (y1 - y0)
}

/// Where the runs of a page belong.
struct Places<'a> {
    glyphs: &'a [Glyph],
    lattices: &'a [Lattice],
    /// By table and face.
    cells: Vec<Vec<Vec<Run>>>,
    /// Smallest first.
    boxes: Vec<(Fill, Vec<Run>)>,
    loose: Vec<Run>,
}

impl<'a> Places<'a> {
    fn new(content: &'a PageContent, lattices: &'a [Lattice], grounds: &[bool], frames: &[Rect], ink: &Ink) -> Self {
        let Ink { fills, drawings, .. } = ink;
        let whole = content.width * content.height;
        let is_box = |bbox: Rect| area(bbox) <= GROUND * whole && bbox[3] - bbox[1] >= 6.0 && bbox[2] - bbox[0] >= 12.0;
        let in_table = |bbox: Rect| lattices.iter().any(|lattice| overlap(lattice.bbox, bbox) > 0.5 * area(bbox));
        let free = |fill: &Fill| is_box(fill.bbox) && !in_table(fill.bbox);
        let filled = fills.iter().zip(grounds).filter(|(fill, ground)| !**ground && free(fill)).map(|(fill, _)| *fill);
        // Boxes with round corners and other closed shapes that hold text.
        let shaped = drawings.iter().filter(|shape| match &shape.geometry {
            Geometry::Curved | Geometry::Polygon { closed: true, .. } => true,
            Geometry::Polygon { .. } | Geometry::Segment(..) | Geometry::Rectangle => false,
        });
        let shaped = shaped.map(|shape| {
            let colour = if shape.paint == ShapePaint::Fill { shape.colour } else { Colour([255; 3]) };
            Fill { bbox: shape.bbox, colour, order: shape.order, over: false }
        });
        let framed =
            frames.iter().map(|&bbox| Fill { bbox, colour: Colour([255; 3]), order: 0, over: false }).filter(free);
        let mut boxes: Vec<(Fill, Vec<Run>)> =
            filled.chain(framed).chain(shaped.filter(free)).map(|fill| (fill, Vec::new())).collect();
        // A box around a table is its frame.
        boxes.retain(|(fill, _)| !lattices.iter().any(|lattice| contains(fill.bbox, lattice.bbox)));
        boxes.sort_by(|a, b| area(a.0.bbox).total_cmp(&area(b.0.bbox)));
        let cells = lattices.iter().map(|lattice| vec![Vec::new(); lattice.faces.len()]).collect();
        Places { glyphs: &content.glyphs, lattices, cells, boxes, loose: Vec::new() }
    }

    fn put(&mut self, run: Run) {
        let [x, y] = run.middle();
        let inner = |at: &usize| area(self.lattices[*at].bbox);
        let holds = |at: &usize| {
            let lattice = &self.lattices[*at];
            lattice.face_at(x, y).is_some() || start_of(&run, lattice).is_some()
        };
        let tables =
            (0..self.lattices.len()).filter(|at| overlap(self.lattices[*at].bbox, run.bbox) > 0.0 && holds(at));
        if let Some(table) = tables.min_by(|a, b| inner(a).total_cmp(&inner(b))) {
            self.put_in_table(run, table);
            return;
        }
        match self.boxes.iter_mut().find(|(fill, _)| {
            let [x0, y0, x1, y1] = fill.bbox;
            x0 <= x && x <= x1 && y0 <= y && y <= y1
        }) {
            Some((_, runs)) => runs.push(run),
            None => self.loose.push(run),
        }
    }

    /// Gives a run to its cell. A run over a rule is parted where it leaves a gap there; where it runs on it
    /// overflows its cell, and belongs to where most of it stands, else to where it begins.
    fn put_in_table(&mut self, run: Run, table: usize) {
        let lattice = &self.lattices[table];
        let mut rest = Some(run);
        while let Some(run) = rest.take() {
            if let Some(at) = gap_at_rule(&run, lattice, self.glyphs) {
                let [first, second] = run.split(self.glyphs, at);
                rest = second;
                if let Some(first) = first {
                    self.put_whole(first, table);
                }
            } else {
                self.put_whole(run, table);
            }
        }
    }

    fn put_whole(&mut self, run: Run, table: usize) {
        let lattice = &self.lattices[table];
        let [x, y] = run.middle();
        let middle = lattice.face_at(x, y);
        let mostly = middle.filter(|face| {
            let [x0, _, x1, _] = lattice.faces[*face].bbox;
            run.frame != Frame::Upright
                || run.bbox[2].min(x1) - run.bbox[0].max(x0) >= MOSTLY * (run.bbox[2] - run.bbox[0])
        });
        match mostly.or_else(|| start_of(&run, lattice)).or(middle) {
            Some(face) => self.cells[table][face].push(run),
            None => self.loose.push(run),
        }
    }
}

/// The face in which a run begins.
fn start_of(run: &Run, lattice: &Lattice) -> Option<usize> {
    let [x0, _, x1, _] = run.bbox;
    lattice.face_at((x0 + 0.5 * run.size).min(x1), run.middle()[1])
}

/// The first glyph after a gap that lies at an edge between two cells under a run.
fn gap_at_rule(run: &Run, lattice: &Lattice, glyphs: &[Glyph]) -> Option<usize> {
    if run.frame != Frame::Upright {
        return None;
    }
    let y = run.middle()[1];
    let row = grid::slot(&lattice.ys, y)?;
    let first = lattice.xs.partition_point(|x| *x <= run.bbox[0] + 0.5);
    for (column, &x) in lattice.xs.iter().enumerate().skip(first).take_while(|(_, x)| **x < run.bbox[2] - 0.5) {
        let (left, right) = (column.checked_sub(1).and_then(|left| lattice.face(row, left)), lattice.face(row, column));
        if left == right {
            continue;
        }
        // The gap nearest to the edge: blanks that are painted, or the distance between two glyphs.
        let own = run.glyphs(glyphs);
        let next = own.partition_point(|glyph| (glyph.bbox[0] + glyph.bbox[2]) / 2.0 < x);
        if next == 0 || next == own.len() {
            continue;
        }
        let blank = super::script::is_blank(&own[next]) || super::script::is_blank(&own[next - 1]);
        if blank || own[next].bbox[0] - own[next - 1].bbox[2] >= GAP_AT_RULE * run.size {
            return Some(run.glyphs.start + next);
        }
    }
    None
}

/// The table of a lattice, with the texts of its cells.
fn table(glyphs: &[Glyph], lattice: &Lattice, runs: &[Vec<Run>], page: u32) -> Table {
    let lines: Vec<Vec<VisualLine>> =
        runs.iter().map(|runs| lines::lines(glyphs, &runs.iter().collect::<Vec<_>>(), f32::INFINITY)).collect();
    let padding = padding(lattice, &lines);
    let margins = margins(lattice, &lines);
    let cells = lattice
        .faces
        .iter()
        .zip(&lines)
        .map(|(face, lines)| Cell {
            row: face.row as u32,
            column: face.column as u32,
            row_span: face.row_span as u32,
            column_span: face.column_span as u32,
            text: {
                let [x0, y0, x1, y1] = face.bbox;
                let right = margins[face.column + face.column_span - 1].map_or(x1, |margin| x1.min(margin + padding));
                text(lines, [x0, y0, right, y1], padding, page)
            },
            fill: face.fill,
            nested: Nested::default(),
            place: Place::Page { page, bbox: face.bbox },
        })
        .collect();
    Table {
        rows: lattice.rows() as u32,
        columns: lattice.columns() as u32,
        cells,
        place: Place::Page { page, bbox: lattice.bbox },
        ..Table::default()
    }
}

/// The text of lines in a box, one frame after the other.
fn text(lines: &[VisualLine], bbox: Rect, padding: f32, page: u32) -> Text {
    let mut all = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let frame = lines[start].frame;
        let end = start + lines[start..].iter().take_while(|line| line.frame == frame).count();
        let own: Vec<&VisualLine> = lines[start..end].iter().collect();
        all.extend(wraps::text(&own, Room::in_box(frame, bbox, padding), page).lines);
        start = end;
    }
    Text::of(all)
}

/// Where the lines of each column end. The edges of guessed columns lie somewhere in the gutters: in a wide column the
/// longest line tells better how far lines may run.
fn margins(lattice: &Lattice, lines: &[Vec<VisualLine>]) -> Vec<Option<f32>> {
    let mut margins = vec![None; lattice.columns()];
    for (face, lines) in lattice.faces.iter().zip(lines).filter(|(face, _)| lattice.guessed && face.column_span == 1) {
        let long = lines.iter().filter(|line| line.width() >= WIDE * line.size).map(|line| line.bbox[2]);
        let margin: &mut Option<f32> = &mut margins[face.column];
        *margin = long.chain(*margin).reduce(f32::max);
    }
    margins
}

/// How far text stands off the left edges of a table's cells: the first quarter of what its cells show.
fn padding(lattice: &Lattice, lines: &[Vec<VisualLine>]) -> f32 {
    let mut seen: Vec<f32> = lattice
        .faces
        .iter()
        .zip(lines)
        .filter_map(|(face, lines)| {
            let upright = lines.iter().filter(|line| line.frame == Frame::Upright);
            upright.map(|line| line.bbox[0] - face.bbox[0]).reduce(f32::min)
        })
        .collect();
    if seen.is_empty() {
        return 0.0;
    }
    let quarter = seen.len() / 4;
    seen.select_nth_unstable_by(quarter, f32::total_cmp).1.clamp(0.0, MOST_PADDING)
}

/// Puts tables into the cells that they stand in.
fn nested(mut tables: Vec<Option<FoundTable>>) -> Vec<FoundTable> {
    let size = |table: &Option<FoundTable>| table.as_ref().map_or(0.0, |table| area(table.lattice.bbox));
    let mut order: Vec<usize> = (0..tables.len()).collect();
    order.sort_by(|a, b| size(&tables[*a]).total_cmp(&size(&tables[*b])));
    for (rank, &inner) in order.iter().enumerate() {
        let Some(bbox) = tables[inner].as_ref().map(|table| table.lattice.bbox) else { continue };
        let holder = order[rank + 1..].iter().copied().find_map(|outer| {
            let table = tables[outer].as_ref()?;
            let face = table.lattice.faces.iter().position(|face| contains(face.bbox, bbox))?;
            Some((outer, face))
        });
        if let Some((outer, face)) = holder
            && let Some(table) = tables[inner].take()
            && let Some(outer) = &mut tables[outer]
        {
            outer.table.cells[face].nested.extend(vec![table.table].into());
        }
    }
    tables.into_iter().flatten().collect()
}
