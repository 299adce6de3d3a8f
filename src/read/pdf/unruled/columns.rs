//! Columns: stretches that many lines keep free part them.

use super::super::content::Rect;
use super::super::rules::Fill;
use super::super::runs::Run;
use super::{GAP, Line};

/// The part of the lines that may reach over a gutter (heads of groups, cells over several columns), and the fewest
/// lines of which one may.
const OVER: usize = 5;
const OVER_ONE: usize = 4;

/// How far, in points, the side of an area may lie from a gutter that it parts.
const AT_GUTTER: f32 = 4.0;

/// How far the texts of the outer columns stand off the table's sides, in points.
const MARGIN: f32 = 2.0;

/// The farthest, in points, that an area may reach beyond the texts it lies behind.
const BEYOND: f32 = 40.0;

/// Lines of running text fill their column up to this part.
const FULL: f32 = 0.85;

/// Columns of running text are at least this wide, in parts of the font size.
const RUNNING: f32 = 12.0;

/// The stretches in which most lines have their texts, from left to right.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    cores: Vec<(f32, f32)>,
    size: f32,
}

impl Columns {
    /// The columns of lines. The texts of the first ones, the head, have columns of their own also where little stands
    /// below them.
    pub fn of(lines: &[Line<'_>], head: usize) -> Columns {
        let size = lines.iter().map(|line| line.size).fold(f32::INFINITY, f32::min);
        let voting: Vec<&Line<'_>> = lines.iter().filter(|line| line.pieces.len() >= 2).collect();
        let over = (voting.len() / OVER).max(usize::from(voting.len() >= OVER_ONE));
        let mut events: Vec<(f32, i32)> =
            voting.iter().flat_map(|line| &line.pieces).flat_map(|(x0, x1)| [(*x0, 1), (*x1, -1)]).collect();
        events.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let mut cores: Vec<(f32, f32)> = Vec::new();
        let (mut count, mut start) = (0, None);
        for (x, step) in events {
            count += step;
            match start {
                None if count > over as i32 => start = Some(x),
                Some(from) if count <= over as i32 => {
                    start = None;
                    add(&mut cores, (from, x), GAP * size);
                }
                _ => {}
            }
        }
        let apart = |piece: &(f32, f32), core: &(f32, f32)| piece.1 <= core.0 || piece.0 >= core.1;
        let mut own: Vec<(f32, f32)> = Vec::new();
        let heads: Vec<(f32, f32)> = lines.iter().take(head).flat_map(|line| line.pieces.iter().copied()).collect();
        for line in lines.iter().take(head).filter(|line| line.pieces.len() >= 2) {
            for piece in &line.pieces {
                // A head in the middle of a column whose texts stand at its side.
                let beside = |core: &(f32, f32)| {
                    let gap = (core.0 - piece.1).max(piece.0 - core.1);
                    gap < size && heads.iter().all(|head| apart(head, core))
                };
                if !cores.iter().chain(&own).all(|core| apart(piece, core)) {
                    continue;
                }
                match cores.iter_mut().find(|core| beside(core)) {
                    Some(core) => *core = (core.0.min(piece.0), core.1.max(piece.1)),
                    None => own.push(*piece),
                }
            }
        }
        cores.extend(own);
        cores.sort_by(|a, b| a.0.total_cmp(&b.0));
        Columns { cores, size }
    }

    pub fn len(&self) -> usize {
        self.cores.len()
    }

    /// Whether a text stands in one column.
    pub fn hold(&self, [x0, _, x1, _]: Rect) -> bool {
        let slack = 0.3 * self.size;
        let before = |at: usize| at.checked_sub(1).map_or(self.cores[at].0 - self.size, |before| self.cores[before].1);
        let behind = |at: usize| self.cores.get(at + 1).map_or(f32::INFINITY, |core| core.0);
        (0..self.cores.len()).any(|at| before(at) - slack <= x0 && x1 <= behind(at) + slack)
    }

    /// Whether the texts of lines begin, end or are centred where columns are.
    pub fn begin(&self, lines: &[Line<'_>]) -> bool {
        let near = |a: f32, b: f32| (a - b).abs() <= 0.6 * self.size;
        let fits = |(x0, x1): &(f32, f32)| {
            self.cores.iter().any(|core| near(core.0, *x0) || near(core.1, *x1) || near(core.0 + core.1, x0 + x1))
        };
        lines.iter().flat_map(|line| &line.pieces).all(fits)
    }

    /// The columns that a text lies over: the first and the last.
    pub fn under(&self, run: &Run) -> Option<(usize, usize)> {
        let shared = |core: &(f32, f32)| run.bbox[2].min(core.1) - run.bbox[0].max(core.0);
        let lies = |core: &(f32, f32)| shared(core) > (0.6 * run.size).min(0.5 * (core.1 - core.0));
        Some((self.cores.iter().position(lies)?, self.cores.iter().rposition(lies)?))
    }

    /// Whether the columns are those of running text: wide, and most of their lines full.
    pub fn run_on(&self, lines: &[Line<'_>]) -> bool {
        let running = |core: &&(f32, f32)| {
            let width = core.1 - core.0;
            let own = lines.iter().flat_map(|line| &line.pieces).filter(|piece| piece.0 < core.1 && piece.1 > core.0);
            let full = own.clone().filter(|piece| piece.1 - piece.0 >= FULL * width).count();
            width >= RUNNING * self.size && full >= 3 && full * 10 >= own.count() * 6
        };
        self.cores.iter().filter(running).count() * 2 > self.cores.len()
    }

    /// The edges of the columns: the sides of areas where there are some in the gutters, else their middles.
    pub fn edges(&self, bbox: Rect, fills: &[&Fill]) -> Vec<f32> {
        let sides: Vec<f32> = fills
            .iter()
            .filter(|fill| fill.bbox[1] < bbox[3] && fill.bbox[3] > bbox[1])
            .flat_map(|fill| [fill.bbox[0], fill.bbox[2]])
            .collect();
        let (Some(first), Some(last)) = (self.cores.first(), self.cores.last()) else { return Vec::new() };
        let outer = |of: f32, towards: f32| {
            let beyond = sides.iter().filter(|side| (0.0..=BEYOND).contains(&((*side - of) * towards)));
            beyond.copied().max_by(|a, b| (a * towards).total_cmp(&(b * towards))).unwrap_or(of + MARGIN * towards)
        };
        let mut edges = vec![outer(first.0.min(bbox[0]), -1.0)];
        edges.extend(self.cores.windows(2).map(|pair| {
            let (from, to) = (pair[0].1, pair[1].0);
            let within: Vec<f32> =
                sides.iter().copied().filter(|x| from - AT_GUTTER <= *x && *x <= to + AT_GUTTER).collect();
            let middle = (from + to) / 2.0;
            if within.is_empty() { middle } else { within.iter().sum::<f32>() / within.len() as f32 }
        }));
        edges.push(outer(last.1.max(bbox[2]), 1.0));
        edges
    }
}

/// Adds a stretch, joined to the one before it where no gutter is between them.
fn add(cores: &mut Vec<(f32, f32)>, next: (f32, f32), gutter: f32) {
    match cores.last_mut() {
        Some(last) if next.0 - last.1 < gutter => last.1 = last.1.max(next.1),
        _ => cores.push(next),
    }
}
