//! Tables without a grid of rules: found by how their texts stand below each other, with the help of colour bands and
//! of rules that run one way only.
//!
//! ```text
//! runs -> lines -> bands that look like rows (here) -> columns -> rows -> spans
//! ```
//! A table is taken where three columns or more go through several lines; two columns of running text, labels with
//! values and leaders are none.

mod columns;
mod rows;
mod spans;

use super::content::{Glyph, Rect};
use super::frame::Frame;
use super::grid::{Lattice, Lattices};
use super::page::overlap;
use super::paths::union;
use super::rules::{self, Fill, Ink, Rule};
use super::runs::Run;
use super::script;
use super::visible::is_white;
use columns::Columns;

/// A gap between texts of one line that may part columns, in parts of the font size.
const GAP: f32 = 0.6;

/// The narrowest gap between texts of two cells, in parts of the font size.
const NARROW: f32 = 0.3;

/// The widest gap between lines of one table, in parts of the font size, where nothing is drawn between them.
const APART: f32 = 2.6;

/// A line of a single text wider than this part of the lines around it is prose.
const PROSE: f32 = 0.5;

/// The part of a table's width that rules and areas between rows cover.
const ACROSS: f32 = 0.5;

/// The fewest columns and rows.
const FEWEST: usize = 3;
const FEWEST_ROWS: usize = 2;

/// The part of its squares in which a table has text at least.
const FILLED: f32 = 0.4;

/// Runs of a page that are looked at; a page with more is a picture.
const MOST: usize = 20_000;

/// Texts of one baseline.
#[derive(Debug, Clone)]
struct Line<'r> {
    runs: Vec<&'r Run>,
    bbox: Rect,
    size: f32,
    /// Stretches of text from left to right, parted by gaps.
    pieces: Vec<(f32, f32)>,
}

/// What is drawn around the texts of a page, as far as it parts rows.
struct Ground<'i> {
    rules: Vec<Rule>,
    fills: Vec<&'i Fill>,
}

/// Adds the tables without a grid of rules to the others. The rules between their rows part them and are no strokes.
pub(super) fn add(glyphs: &[Glyph], runs: &[Run], ink: &Ink, found: &mut Lattices) {
    let tables = tables(glyphs, runs, ink, found);
    found.strokes.retain(|stroke| {
        !tables.iter().any(|table| {
            let [x0, y0, x1, y1] = table.bbox;
            let inside = y0 - 2.0 <= stroke.at && stroke.at <= y1 + 2.0;
            inside && stroke.to.min(x1) - stroke.from.max(x0) >= ACROSS * (x1 - x0)
        })
    });
    found.tables.extend(tables);
}

/// Finds the tables among the texts that stand in no ruled table.
fn tables(glyphs: &[Glyph], runs: &[Run], ink: &Ink, found: &Lattices) -> Vec<Lattice> {
    let drawn: Vec<Rect> = ink.drawings.iter().map(|shape| shape.bbox).collect();
    let inside = |run: &Run, bbox: &Rect| {
        let [x, y] = run.middle();
        bbox[0] <= x && x <= bbox[2] && bbox[1] <= y && y <= bbox[3]
    };
    let free = |run: &&Run| {
        run.frame == Frame::Upright
            && !found.tables.iter().any(|lattice| inside(run, &lattice.bbox))
            && !drawn.iter().any(|bbox| inside(run, bbox))
    };
    if runs.len() > MOST {
        return Vec::new();
    }
    let free: Vec<Run> = runs.iter().filter(free).flat_map(|run| parted(run, glyphs)).collect();
    let free: Vec<&Run> = free.iter().collect();
    if free.len() < FEWEST * FEWEST_ROWS || free.len() > MOST {
        return Vec::new();
    }
    let ground = Ground {
        rules: rules::joined(ink.horizontal.clone()),
        fills: ink.fills.iter().filter(|fill| !is_white(fill.colour)).collect(),
    };
    let lines = lines(free);
    let bands = bands(&lines);
    let mut tables = Vec::new();
    let mut at = 0;
    while at < bands.len() {
        match region(&lines, &bands[at..], &ground) {
            Some((end, lattice)) => {
                tables.push(lattice);
                at += end;
            }
            None => at += 1,
        }
    }
    tables.retain(|table: &Lattice| !found.tables.iter().any(|ruled| overlap(ruled.bbox, table.bbox) > 0.0));
    tables
}

/// A run in pieces at each gap that is no space between words: cells may stand as near to each other as that.
fn parted(run: &Run, glyphs: &[Glyph]) -> Vec<Run> {
    let mut pieces = Vec::new();
    let mut start = run.glyphs.start;
    for at in run.glyphs.start + 1..run.glyphs.end {
        let (before, next) = (&glyphs[at - 1], &glyphs[at]);
        let gap = next.bbox[0] - before.bbox[2] > NARROW * run.size;
        if gap && !(script::is_word(script::last_char(before)) && script::is_word(script::first_char(next))) {
            pieces.extend(Run::of(glyphs, start..at));
            start = at;
        }
    }
    pieces.extend(Run::of(glyphs, start..run.glyphs.end));
    pieces
}

/// Lines of texts on one baseline, from top to bottom.
fn lines(mut runs: Vec<&Run>) -> Vec<Line<'_>> {
    runs.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.bbox[0].total_cmp(&b.bbox[0])));
    let mut groups: Vec<Vec<&Run>> = Vec::new();
    for run in runs {
        match groups.last_mut() {
            Some(group) if run.base - group[0].base <= 0.2 * group[0].size.min(run.size) => group.push(run),
            _ => groups.push(vec![run]),
        }
    }
    let mut lines: Vec<Line<'_>> = groups.into_iter().filter_map(line).collect();
    lines.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]));
    lines
}

fn line(mut runs: Vec<&Run>) -> Option<Line<'_>> {
    runs.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
    let bbox = runs.iter().map(|run| run.bbox).reduce(union)?;
    let size = runs.iter().map(|run| run.size).fold(0.0, f32::max);
    let mut pieces: Vec<(f32, f32)> = Vec::new();
    for run in &runs {
        match pieces.last_mut() {
            Some(last) if run.bbox[0] - last.1 < GAP * size => last.1 = last.1.max(run.bbox[2]),
            _ => pieces.push((run.bbox[0], run.bbox[2])),
        }
    }
    Some(Line { runs, bbox, size, pieces })
}

/// Lines that overlap in height, as ranges of lines.
fn bands(lines: &[Line<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut bands: Vec<std::ops::Range<usize>> = Vec::new();
    let mut bottom = f32::NEG_INFINITY;
    for (at, line) in lines.iter().enumerate() {
        let slack = 0.2 * (line.bbox[3] - line.bbox[1]);
        match bands.last_mut() {
            Some(band) if line.bbox[1] < bottom - slack => band.end = at + 1,
            _ => bands.push(at..at + 1),
        }
        bottom = bottom.max(line.bbox[3]);
    }
    bands
}

/// The most texts that a line of a band has.
fn widest(lines: &[Line<'_>]) -> usize {
    lines.iter().map(|line| line.pieces.len()).max().unwrap_or(0)
}

/// The table that begins with the first band, and how many bands it takes.
fn region(lines: &[Line<'_>], bands: &[std::ops::Range<usize>], ground: &Ground<'_>) -> Option<(usize, Lattice)> {
    if widest(&lines[bands[0].clone()]) < FEWEST {
        return None;
    }
    let first = bands[0].start;
    let mut end = 1;
    // The last band that surely belongs to it.
    let mut sure = 1;
    let head = bands[0].len();
    let mut columns = Columns::of(&lines[bands[0].clone()], head);
    let mut bbox = around(&lines[bands[0].clone()]);
    while end < bands.len() {
        let band = &lines[bands[end].clone()];
        let next = around(band);
        let size = band.iter().map(|line| line.size).fold(0.0, f32::max);
        let close = next[1] - bbox[3] <= APART * size || ground.lies_between(bbox, next);
        if !close {
            break;
        }
        if widest(band) == 1 {
            let alone = next[2] - next[0] > PROSE * (bbox[2] - bbox[0]) || !columns.hold(next);
            if alone || end - sure >= 3 {
                break;
            }
            end += 1;
            // A line close below goes on with a cell of the row above it.
            if sure == end - 1 && next[1] - bbox[3] <= 0.8 * size {
                sure = end;
                bbox = union(bbox, next);
            }
            continue;
        }
        let with = Columns::of(&lines[first..bands[end].end], head);
        if with.len() < FEWEST || with.len() * 10 < columns.len() * 6 {
            break;
        }
        end += 1;
        if widest(band) >= FEWEST || columns.len() >= FEWEST && columns.begin(band) {
            columns = with;
            sure = end;
            bbox = union(bbox, next);
        }
    }
    let lines = &lines[first..bands[sure - 1].end];
    let columns = Columns::of(lines, head);
    if sure < FEWEST_ROWS || columns.len() < FEWEST || columns.run_on(lines) {
        return None;
    }
    let xs = columns.edges(bbox, &ground.fills);
    let ys = rows::edges(lines, &columns, bbox, ground);
    let lattice = spans::lattice(lines, xs, ys, &ground.fills)?;
    let squares = lattice.columns() * lattice.rows();
    let filled: usize = lattice
        .faces
        .iter()
        .filter(|face| lines.iter().flat_map(|line| &line.runs).any(|run| holds(face.bbox, run.middle())))
        .map(|face| face.row_span * face.column_span)
        .sum();
    (lattice.rows() >= FEWEST_ROWS && filled as f32 >= FILLED * squares as f32).then_some((sure, lattice))
}

fn around(lines: &[Line<'_>]) -> Rect {
    lines.iter().map(|line| line.bbox).reduce(union).unwrap_or_default()
}

fn holds([x0, y0, x1, y1]: Rect, [x, y]: [f32; 2]) -> bool {
    x0 <= x && x <= x1 && y0 <= y && y <= y1
}

impl Ground<'_> {
    /// Whether a rule or the edge of an area runs between two bands, over most of the first one's width.
    fn lies_between(&self, above: Rect, below: Rect) -> bool {
        self.edges(above).iter().any(|y| above[3] - 2.0 <= *y && *y <= below[1] + 2.0)
    }

    /// Where rules and edges of areas run over most of a box's width, from top to bottom.
    fn edges(&self, [x0, y0, x1, y1]: Rect) -> Vec<f32> {
        let enough = |covered: f32| covered >= ACROSS * (x1 - x0);
        let reach = y1 - y0 + 200.0;
        let near = |y: f32| y0 - reach <= y && y <= y1 + reach;
        let rules = self.rules.iter().filter(|rule| near(rule.at) && enough(rule.to.min(x1) - rule.from.max(x0)));
        let mut edges: Vec<f32> = rules.map(|rule| rule.at).collect();
        for (row, fills) in self.rows_of_fills() {
            let covered: f32 = fills.iter().map(|fill| (fill.bbox[2].min(x1) - fill.bbox[0].max(x0)).max(0.0)).sum();
            if near(row.0) && enough(covered) {
                edges.extend([row.0, row.1]);
            }
        }
        edges.sort_by(f32::total_cmp);
        edges
    }

    /// Areas with the same upper and lower edges.
    fn rows_of_fills(&self) -> Vec<((f32, f32), Vec<&Fill>)> {
        let mut rows: Vec<((f32, f32), Vec<&Fill>)> = Vec::new();
        for &fill in &self.fills {
            let [_, y0, _, y1] = fill.bbox;
            match rows.iter_mut().rev().take(40).find(|(row, _)| (row.0 - y0).abs() <= 1.5 && (row.1 - y1).abs() <= 1.5)
            {
                Some((_, fills)) => fills.push(fill),
                None => rows.push(((y0, y1), vec![fill])),
            }
        }
        rows
    }
}
