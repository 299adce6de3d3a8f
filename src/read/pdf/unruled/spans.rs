//! Spans: cells over several squares of a table without rules, as far as areas and the places of texts show them.

use super::super::grid::{Face, Lattice, slot};
use super::super::rules::Fill;
use super::super::runs::Run;
use super::{Line, holds};

/// How far, in points, the sides of an area may lie off the edges of the cells it fills.
const AT_EDGE: f32 = 5.0;

/// How far the middle of a group's label may lie off the middle of its rows, in parts of the font size.
const CENTRED: f32 = 0.7;

/// How far off each other in height texts are level, in parts of the font size.
const LEVEL: f32 = 0.15;

/// Columns from the left that may label groups of rows.
const LABELS: usize = 3;

/// A block of squares: row, column, rows, columns.
type Block = (usize, usize, usize, usize);

/// The table of the given edges.
pub(super) fn lattice(lines: &[Line<'_>], xs: Vec<f32>, ys: Vec<f32>, fills: &[&Fill]) -> Option<Lattice> {
    if xs.len() < 2 || ys.len() < 2 {
        return None;
    }
    let runs: Vec<&Run> = lines.iter().flat_map(|line| line.runs.iter().copied()).collect();
    let mut squares =
        Squares { columns: xs.len() - 1, taken: vec![false; (xs.len() - 1) * (ys.len() - 1)], blocks: Vec::new() };
    filled(&runs, &xs, &ys, fills).into_iter().for_each(|block| squares.take(block));
    let ys = heads(&runs, &xs, ys, &mut squares);
    labels(&runs, &xs, &ys, &mut squares);
    titles(&runs, &xs, &ys, &mut squares);
    let rows = ys.len() - 1;
    for row in 0..rows {
        for column in 0..squares.columns {
            squares.take((row, column, 1, 1));
        }
    }
    let faces = squares
        .blocks
        .iter()
        .map(|&(row, column, row_span, column_span)| Face {
            row,
            column,
            row_span,
            column_span,
            bbox: [xs[column], ys[row], xs[column + column_span], ys[row + row_span]],
            fill: None,
            cut: false,
        })
        .collect();
    let mut lattice = Lattice::new(xs, ys, faces);
    lattice.guessed = true;
    Some(lattice)
}

/// Which squares are parts of cells already.
struct Squares {
    columns: usize,
    taken: Vec<bool>,
    blocks: Vec<Block>,
}

impl Squares {
    fn all(&self, (row, column, rows, columns): Block) -> impl Iterator<Item = usize> + '_ {
        (row..row + rows).flat_map(move |row| (column..column + columns).map(move |c| row * self.columns + c))
    }

    /// Makes a cell of free squares.
    fn take(&mut self, block: Block) {
        let squares: Vec<usize> = self.all(block).collect();
        if squares.iter().any(|at| self.taken.get(*at).copied().unwrap_or(true)) {
            return;
        }
        squares.into_iter().for_each(|at| self.taken[at] = true);
        self.blocks.push(block);
    }
}

/// The squares that an edge-to-edge area with a single text fills.
fn filled(runs: &[&Run], xs: &[f32], ys: &[f32], fills: &[&Fill]) -> Vec<Block> {
    let nearest = |edges: &[f32], at: f32| -> Option<usize> {
        let found = edges.iter().enumerate().min_by(|a, b| (a.1 - at).abs().total_cmp(&(b.1 - at).abs()))?;
        ((found.1 - at).abs() <= AT_EDGE).then_some(found.0)
    };
    let block = |fill: &&&Fill| {
        let [x0, y0, x1, y1] = fill.bbox;
        let (column, end) = (nearest(xs, x0)?, nearest(xs, x1)?);
        let (row, bottom) = (nearest(ys, y0)?, nearest(ys, y1)?);
        let inside: Vec<&&Run> = runs.iter().filter(|run| holds(fill.bbox, run.middle())).collect();
        // The texts of one cell stand below each other.
        let beside = inside
            .iter()
            .any(|a| inside.iter().any(|b| b.bbox[0] > a.bbox[2] + a.size && (a.base - b.base).abs() < 1.0));
        let several = end > column && bottom > row && (end - column) * (bottom - row) > 1;
        (several && !inside.is_empty() && !beside).then(|| (row, column, bottom - row, end - column))
    };
    fills.iter().filter_map(|fill| block(&fill)).collect()
}

/// Parts the first row where a head of a group stands over the heads of its columns; gives the new edges of rows.
fn heads(runs: &[&Run], xs: &[f32], ys: Vec<f32>, squares: &mut Squares) -> Vec<f32> {
    let first: Vec<&&Run> =
        runs.iter().filter(|run| holds([xs[0], ys[0], xs[xs.len() - 1], ys[1]], run.middle())).collect();
    if squares.blocks.iter().any(|block| block.0 == 0) {
        return ys;
    }
    let column = |run: &Run| slot(xs, run.middle()[0]);
    let mut groups: Vec<(usize, usize, f32)> = Vec::new();
    for group in &first {
        let below: Vec<&&&Run> = first.iter().filter(|run| run.bbox[1] >= group.bbox[3] - 0.2 * group.size).collect();
        let level = |at: usize| {
            first.iter().any(|run| {
                column(run) == Some(at)
                    && (run.base - group.base).abs() < 0.5 * group.size
                    && !std::ptr::eq(**run, **group)
            })
        };
        let under = |at: usize| below.iter().any(|run| column(run) == Some(at)) && !level(at);
        let Some(own) = column(group) else { continue };
        // From its own column both ways as far as heads stand below it and none beside it.
        let start = (0..=own).rev().take_while(|at| under(*at) || *at == own && !level(*at)).last();
        let end = (own..xs.len() - 1).take_while(|at| under(*at) || *at == own && !level(*at)).last();
        let (Some(start), Some(end)) = (start, end) else { continue };
        let centre = (xs[start] + xs[end + 1]) / 2.0;
        let centred = (group.middle()[0] - centre).abs() <= 1.5 * group.size || column(group) == Some(start);
        let count = (start..=end).filter(|at| under(*at)).count();
        if count >= 2 && count == end - start + 1 && centred {
            let top = below.iter().map(|run| run.bbox[1]).fold(f32::INFINITY, f32::min);
            groups.push((start, end, (group.bbox[3] + top) / 2.0));
        }
    }
    let Some(edge) = groups.first().map(|group| group.2) else { return ys };
    groups.dedup_by_key(|group| (group.0, group.1));
    if groups.iter().any(|group| (group.2 - edge).abs() > 4.0) {
        return ys;
    }
    let mut parted = ys;
    parted.insert(1, edge);
    // What was taken before lies a row further down.
    for block in &mut squares.blocks {
        block.0 += usize::from(block.0 > 0);
    }
    squares.taken = vec![false; squares.columns * (parted.len() - 1)];
    for block in std::mem::take(&mut squares.blocks) {
        squares.take(block);
    }
    for at in 0..squares.columns {
        match groups.iter().find(|group| group.0 <= at && at <= group.1) {
            Some(&(start, end, _)) if start == at => squares.take((0, start, 1, end - start + 1)),
            Some(_) => {}
            None => squares.take((0, at, 2, 1)),
        }
    }
    parted
}

/// Labels of groups of rows, each in the middle of its group: taken from the top on as far as they fit so.
fn labels(runs: &[&Run], xs: &[f32], ys: &[f32], squares: &mut Squares) {
    let rows = ys.len() - 1;
    for column in 0..LABELS.min(squares.columns) {
        let start = (0..rows).find(|row| !squares.taken[row * squares.columns + column]).unwrap_or(rows);
        let head = start.max(1);
        // Heights of the labels: runs close below each other are one.
        let mut texts: Vec<(f32, f32, f32)> = Vec::new();
        let own =
            runs.iter().filter(|run| holds([xs[column], ys[head.min(rows)], xs[column + 1], ys[rows]], run.middle()));
        let mut own: Vec<&&Run> = own.collect();
        let labelled: Vec<usize> = own.iter().filter_map(|run| slot(ys, run.middle()[1])).collect();
        own.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]));
        for run in own {
            match texts.last_mut() {
                Some(last) if run.bbox[1] - last.1 < 0.5 * run.size => last.1 = last.1.max(run.bbox[3]),
                _ => texts.push((run.bbox[1], run.bbox[3], run.size)),
            }
        }
        let own_rows = (head..rows).filter(|row| labelled.contains(row)).count();
        if texts.is_empty() || texts.len() + head >= rows || own_rows + head >= rows {
            continue;
        }
        let mut row = head;
        let last = texts.len() - 1;
        let middles: Vec<f32> = texts.iter().map(|(y0, y1, _)| (y0 + y1) / 2.0).collect();
        for (at, (y0, y1, size)) in texts.into_iter().enumerate() {
            let Some(&top) = ys.get(row).filter(|_| row < rows) else { break };
            let bottom = y0 + y1 - top;
            let near = |edge: usize| (ys[edge] - bottom).abs();
            let end = (row + 1..=rows).min_by(|a, b| near(*a).total_cmp(&near(*b))).unwrap_or(rows);
            // What stands level with the texts of one row is its own, unless that is the middle row of the group.
            let level = runs.iter().find(|run| {
                let [x, y] = run.middle();
                x > xs[column + 1] && (y - (y0 + y1) / 2.0).abs() <= LEVEL * size
            });
            let level = level.and_then(|run| slot(ys, run.middle()[1]));
            let lopsided = level.is_some_and(|own| own < row || own >= end || own - row != end - 1 - own);
            let shared = middles.get(at + 1).is_some_and(|next| *next < ys[end]);
            if shared || lopsided && near(end) > LEVEL * size {
                break;
            }
            let end = if near(end) <= 2.0 * CENTRED * size {
                end
            } else if at == last {
                // The rest of the last group may stand on the next page.
                rows
            } else {
                break;
            };
            squares.take((row, column, end - row, 1));
            row = end;
        }
    }
}

/// Texts that stand alone in their row, from its first column on: titles of the rows below. How far other texts reach
/// says nothing of their cells: they belong to where they begin.
fn titles(runs: &[&Run], xs: &[f32], ys: &[f32], squares: &mut Squares) {
    for row in 0..ys.len() - 1 {
        let own: Vec<&&Run> = runs.iter().filter(|run| slot(ys, run.middle()[1]) == Some(row)).collect();
        let first = own.iter().map(|run| run.bbox[0]).fold(f32::INFINITY, f32::min);
        let last = own.iter().map(|run| run.bbox[2] - 0.6 * run.size).fold(0.0, f32::max);
        let level = own.windows(2).all(|pair| (pair[0].base - pair[1].base).abs() < 0.5 * pair[0].size);
        let close = own.windows(2).all(|pair| pair[1].bbox[0] - pair[0].bbox[2] < pair[0].size);
        let (Some(first), Some(last)) = (slot(xs, first), slot(xs, last)) else { continue };
        if first == 0 && last > 0 && level && close {
            squares.take((row, 0, 1, squares.columns));
        }
    }
}
