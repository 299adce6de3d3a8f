//! Rows: parted by rules and the edges of areas, else by gaps wider than those between the lines of one cell.

use super::super::content::Rect;
use super::super::runs::Run;
use super::columns::Columns;
use super::{Ground, Line};

/// From this gap between lines on, in parts of the font size, each line is a row where all gaps are alike.
const LOOSE: f32 = 0.6;

/// How much wider than the gap between the lines of one cell, in parts of the font size, a gap between rows is.
const WIDER: f32 = 0.25;

/// Edges nearer than this, in points, are one: the upper one's and the lower one's area with a white line between.
const SAME: f32 = 4.0;

/// A stretch between two drawn edges that is this many times as high as most of them holds several rows.
const SEVERAL: f32 = 2.2;

/// A column with no more than this part of the others' texts labels groups of rows: its texts stand across their edges.
const SPARSE: f32 = 0.6;

/// Columns from the left that may label groups.
const LABELS: usize = 3;

/// How far texts stand off the upper and lower edge of the table, in points.
const MARGIN: f32 = 2.0;

/// The edges of the rows of a table's lines.
pub(super) fn edges(lines: &[Line<'_>], columns: &Columns, bbox: Rect, ground: &Ground<'_>) -> Vec<f32> {
    let mut edges = drawn(bbox, ground);
    edges.retain(|edge| !cuts(*edge, lines, columns));
    let above = |y: f32| lines.iter().any(|line| middle(line) < y);
    let below = |y: f32| lines.iter().any(|line| middle(line) > y);
    if edges.first().is_none_or(|first| above(*first)) {
        edges.insert(0, bbox[1] - MARGIN);
    }
    if edges.last().is_none_or(|last| below(*last)) {
        edges.push(bbox[3] + MARGIN);
    }
    let mut heights: Vec<f32> = edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
    heights.sort_by(f32::total_cmp);
    let usual = heights[heights.len() / 2];
    let mut all = edges.clone();
    for pair in edges.windows(2) {
        let inside = |line: &&Line<'_>| pair[0] < middle(line) && middle(line) < pair[1];
        let own: Vec<&Line<'_>> = lines.iter().filter(inside).collect();
        let several = edges.len() < 4 || pair[1] - pair[0] > SEVERAL * usual;
        if several && !ground.is_area(pair[0], pair[1]) {
            all.extend(between(&own, columns));
        }
    }
    all.sort_by(f32::total_cmp);
    all
}

/// Whether an edge goes through the texts of several columns: it is that of something else than a row.
fn cuts(edge: f32, lines: &[Line<'_>], columns: &Columns) -> bool {
    let through = |run: &&&Run| run.bbox[1] + 0.2 * run.size < edge && edge < run.bbox[3] - 0.2 * run.size;
    let mut cut: Vec<_> =
        lines.iter().flat_map(|line| &line.runs).filter(through).map(|run| columns.under(run)).collect();
    cut.dedup();
    cut.len() >= 2
}

fn middle(line: &Line<'_>) -> f32 {
    (line.bbox[1] + line.bbox[3]) / 2.0
}

/// The drawn edges over a table, those beside each other as one; none far above or below its texts.
fn drawn(bbox: Rect, ground: &Ground<'_>) -> Vec<f32> {
    let reach = 14.0;
    let mut edges: Vec<f32> = Vec::new();
    let near = |y: &f32| bbox[1] - reach <= *y && *y <= bbox[3] + reach;
    for y in ground.edges(bbox).into_iter().filter(near) {
        match edges.last_mut() {
            Some(last) if y - *last <= SAME => *last = (*last + y) / 2.0,
            _ => edges.push(y),
        }
    }
    edges
}

/// The edges between the rows of some lines, by the gaps between them.
fn between(lines: &[&Line<'_>], columns: &Columns) -> Vec<f32> {
    // The heights of the texts in each column.
    let mut texts: Vec<Vec<(f32, f32)>> = vec![Vec::new(); columns.len()];
    for run in lines.iter().flat_map(|line| &line.runs) {
        if let Some((first, last)) = columns.under(run) {
            for column in &mut texts[first..=last] {
                column.push((run.bbox[1], run.bbox[3]));
            }
        }
    }
    let size = lines.iter().map(|line| line.size).fold(f32::INFINITY, f32::min);
    let mut counts: Vec<usize> = texts.iter().map(Vec::len).filter(|count| *count > 0).collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied().unwrap_or(0);
    let sparse = |at: usize| at < LABELS && texts[at].len() as f32 <= SPARSE * usual as f32;
    let mut heights: Vec<(f32, f32)> =
        (0..texts.len()).filter(|at| !sparse(*at)).flat_map(|at| texts[at].iter().copied()).collect();
    heights.sort_by(|a, b| a.0.total_cmp(&b.0));
    for column in &mut texts {
        column.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let gaps = |column: &Vec<(f32, f32)>| column.windows(2).map(|pair| pair[1].0 - pair[0].1).collect::<Vec<f32>>();
    let lead = texts.iter().flat_map(gaps).filter(|gap| *gap > -0.5 * size).fold(f32::INFINITY, f32::min);
    let threshold = if lead >= LOOSE * size { 0.8 * lead } else { lead + WIDER * size };
    let mut edges = Vec::new();
    let mut bottom = f32::INFINITY;
    for (y0, y1) in heights {
        if y0 - bottom >= threshold {
            edges.push((bottom + y0) / 2.0);
        }
        bottom = if bottom.is_finite() { bottom.max(y1) } else { y1 };
    }
    // Set as tightly as the lines of one cell, rows are told by lines that fill most columns.
    let full = lines.iter().filter(|line| line.pieces.len() * 10 >= columns.len() * 7).count();
    if edges.is_empty() && full >= 3 && full * 10 >= lines.len() * 8 {
        edges.extend(lines.windows(2).map(|pair| (pair[0].bbox[3] + pair[1].bbox[1]) / 2.0));
    }
    edges
}

impl Ground<'_> {
    /// Whether a single area reaches from one edge to the other.
    fn is_area(&self, from: f32, to: f32) -> bool {
        self.fills.iter().any(|fill| (fill.bbox[1] - from).abs() <= SAME && (fill.bbox[3] - to).abs() <= SAME)
    }
}
