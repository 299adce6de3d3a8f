//! The rows of a table of columns: which lines make each one.
//!
//! A label and what stands beside it are a band of lines. Where it has fewer lines than they, it stands at the top of
//! the band or, as most word processors set labels, in the middle. So the bands are sought (by dynamic programming
//! over the lines) that fit together best: labels at the top or in the middle of their band, no cut through a wrapped
//! phrase, a label in every band, cuts at blank lines. Then the same is done with what stands beside each label, until
//! nothing parts the lines of a band: they are a row. Whether labels stand at the top or in the middle is one choice
//! for all bands of a column.

use super::super::super::lines::{Source, trimmed, width};
use super::super::super::prose;
use super::pieces::{Segment, is_figure, overlap};
use super::region::{self, Region};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The most lines of a band.
const TALLEST: usize = 60;

/// How far before the edge of a column of a given width a wrapped line of a cell may end: no line begins with a
/// closing mark, and in a long one a word may have been kept together.
pub(super) fn ragged(width: usize) -> usize {
    if width < LONG { 3 } else { 6 }
}

/// The narrowest column, in columns, in which a line that runs up to the edge says that the next one goes on it.
const NARROWEST_WRAP: usize = 12;

/// The same for a label.
const NARROWEST_LABEL: usize = 10;

/// The narrowest line, in columns, that is taken to have run up to the edge of its cell by itself.
const LONG: usize = 24;

/// The same above a blank line.
const WIDE: usize = 44;

/// From how many blank lines on further ones say nothing more.
const MOST_BLANKS: u32 = 4;

/// How far apart, in columns of the page, the beginnings of lines of one cell may be.
const INDENT: usize = 3;

/// The greatest number of a row.
const GREATEST_NUMBER: u32 = 99;

/// From how many lines on a band is tall.
const TALL: usize = 6;

/// What is against a band, and against a cut between two.
mod cost {
    /// A cut through a phrase that was wrapped at the edge of its column, of a label that was.
    pub const WRAPPED: f32 = 3.0;
    pub const WRAPPED_LABEL: f32 = 1.5;
    /// Each column in which two lines of one band both have a text of their own, from two on.
    pub const FULL_LINES: f32 = 1.0;
    /// A label below another that was not wrapped, and where both are alone on their lines.
    pub const ANOTHER_LABEL: f32 = 1.5;
    pub const ANOTHER_LONE_LABEL: f32 = 1.0;
    /// Lines of a band that begin and are centred elsewhere.
    pub const SHIFTED: f32 = 2.0;
    /// A blank line within a band.
    pub const GAP: f32 = 1.0;
    /// A band without a label: of one cell, and of several.
    pub const NO_LABEL: f32 = 2.0;
    pub const NO_LABEL_BUT_CELLS: f32 = 0.1;
    /// Each line of a band of nothing but a label.
    pub const ONLY_LABEL: f32 = 0.8;
    /// A line that a cell's column skips within the cell.
    pub const HOLE: f32 = 1.5;
    /// A label that stands a line off its place in the band; in a tall one, so far as its lines do not excuse it.
    pub const OFF: f32 = 1.0;
    pub const OFF_EXCUSED: f32 = 0.05;
    /// A cut between two rows numbered one after the other.
    pub const NUMBERED_ON: f32 = 1.0;
    /// A cut between two items of one list.
    pub const LISTED: f32 = 0.5;
    /// A label that stands half a line above the middle of an even number of lines.
    pub const UPPER_MIDDLE: f32 = 0.1;
    /// Every band.
    pub const BAND: f32 = 0.3;
    /// From here on a band is not made longer.
    pub const TOO_MUCH: f32 = 8.0;
}

/// Where the shorter cells of a row stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Top,
    Middle,
}

/// What is against a cut below each line, and against no cut.
#[derive(Debug, Clone, Copy, Default)]
struct Seam {
    cut: f32,
    join: f32,
    /// The same of the label below it and the one above that.
    another: f32,
}

/// A line of a band, from one of its columns on.
#[derive(Debug, Clone, Copy)]
struct View<'r> {
    /// Its index in the region.
    line: usize,
    /// How many blank lines stand before it.
    blanks: u32,
    pieces: &'r [Segment],
    /// Whether it stands for itself: it titles the table or runs over its columns.
    alone: bool,
}

/// A row of a table.
#[derive(Debug, Default)]
pub(super) struct Row<'r> {
    /// Its first and last line, of the region's.
    pub lines: (usize, usize),
    /// Its cells, in no order.
    pub cells: Vec<Stack<'r>>,
    /// Whether it is a title over all columns.
    pub title: bool,
}

/// Pieces of a row that stand under each other: a cell.
#[derive(Debug)]
pub(super) struct Stack<'r> {
    /// Its columns of the page.
    pub span: Range<usize>,
    /// Each with its line in the region.
    pub pieces: Vec<(usize, &'r Segment)>,
    /// How many rows it covers.
    pub rows: u32,
}

/// The rows of a region.
pub(super) fn rows<'r>(source: &Source, region: &'r Region) -> Vec<Row<'r>> {
    let edge = edge(&region.columns());
    let view = |line: usize| {
        let of = &region.lines[line];
        let title = region.is_title(source, line, edge);
        let number = |line: usize| source.lines[region.lines[line].at].number;
        let blanks = if line == 0 { 0 } else { (number(line) - number(line - 1)).saturating_sub(1) };
        View { line, blanks, pieces: &of.pieces, alone: of.crossing || title }
    };
    let lines: Vec<View> = (0..region.lines.len()).map(view).collect();
    let mut found = Vec::new();
    let margins = Margins::of(source, region);
    Splitter { source, region, margins }.split(&lines, edge, &mut found);
    for row in &mut found {
        row.title = region.is_title(source, row.lines.0, edge);
    }
    found
}

/// Where the second column begins; 0 where there is only one, and so no labels.
fn edge(columns: &[Range<usize>]) -> usize {
    columns.get(1).map_or(0, |column| column.start)
}

struct Splitter<'s, 'r> {
    source: &'s Source<'s>,
    region: &'r Region,
    margins: Margins,
}

impl<'r> Splitter<'_, 'r> {
    /// Adds the rows of lines whose labels stand left of `edge`.
    fn split(&self, lines: &[View<'r>], edge: usize, found: &mut Vec<Row<'r>>) {
        let seams = self.seams(lines, edge);
        let bands = |anchor| bands(lines, &seams, edge, anchor);
        let (top, middle) = (bands(Anchor::Top), bands(Anchor::Middle));
        let (anchor, bands) =
            if top.0 <= middle.0 + cost::BAND { (Anchor::Top, top.1) } else { (Anchor::Middle, middle.1) };
        for band in bands {
            self.band(&lines[band], edge, anchor, found);
        }
    }

    /// Adds the rows of a band.
    fn band(&self, lines: &[View<'r>], edge: usize, anchor: Anchor, found: &mut Vec<Row<'r>>) {
        let beside = |view: &View<'r>| {
            let labels = view.pieces.partition_point(|piece| piece.span.end <= edge);
            View { pieces: &view.pieces[labels..], ..*view }
        };
        let values: Vec<View> = lines.iter().map(beside).filter(|view| !view.pieces.is_empty()).collect();
        let first = found.len();
        // A piece that runs over the edge is no label: without labels there is nothing left to part, unless all stands
        // right of the edge.
        let pieces = |views: &[View]| views.iter().map(|view| view.pieces.len()).sum::<usize>();
        let unlabelled = |view: &View| view.pieces.first().is_some_and(|piece| piece.span.start >= edge);
        if edge > 0 && values.len() > 1 && (pieces(&values) < pieces(lines) || lines.iter().all(unlabelled)) {
            self.split(&values, self::edge(&region::columns(values.iter().map(|view| view.pieces))), found);
        }
        if found.len() <= first + 1 {
            found.truncate(first);
            found.push(row(lines));
            return;
        }
        let label = |view: &View<'r>| {
            let labels = view.pieces.partition_point(|piece| piece.span.end <= edge);
            View { pieces: &view.pieces[..labels], ..*view }
        };
        let labels: Vec<View> = lines.iter().map(label).filter(|view| !view.pieces.is_empty()).collect();
        let rows = (found.len() - first) as u32;
        for mut stack in row(&labels).cells {
            let at = match anchor {
                Anchor::Middle => {
                    stack.rows = rows;
                    first
                }
                Anchor::Top => {
                    let line = stack.pieces[0].0;
                    first + found[first..].iter().position(|row| line <= row.lines.1).unwrap_or(0)
                }
            };
            found[at].cells.push(stack);
        }
    }

    /// The mark of a list that a line's first value begins with, and where.
    fn listed(&self, view: &View, edge: usize) -> Option<(char, usize)> {
        let piece = view.pieces.iter().find(|piece| piece.span.end > edge)?;
        let text = trimmed(&self.source.get(self.region.lines[view.line].at)[piece.bytes.clone()]);
        text.chars().next().filter(|mark| prose::is_list_mark(*mark)).map(|mark| (mark, piece.span.start))
    }

    /// The first number of a line that stands in front of a text, and its columns of the page.
    fn number(&self, view: &View) -> Option<(Range<usize>, u32)> {
        let text = |piece: &Segment| trimmed(&self.source.get(self.region.lines[view.line].at)[piece.bytes.clone()]);
        view.pieces.windows(2).find_map(|pair| {
            let number = text(&pair[0]).parse().ok().filter(|number| *number <= GREATEST_NUMBER)?;
            (!is_figure(text(&pair[1]))).then(|| (pair[0].span.clone(), number))
        })
    }

    /// What stands in the way of a cut below each line but the last, and of none.
    fn seams(&self, lines: &[View], edge: usize) -> Vec<Seam> {
        let text = |view: &View, piece: &Segment| {
            trimmed(&self.source.get(self.region.lines[view.line].at)[piece.bytes.clone()])
        };
        // The last line of a cell may be so short that it ends before the next one begins.
        let over = |line: usize, piece: &Segment| {
            let near = |above: &&Segment| above.span.start.abs_diff(piece.span.start) <= INDENT;
            let pieces = lines[line].pieces;
            let above = pieces.iter().find(|above| overlap(&above.span, &piece.span));
            above.or_else(|| pieces.iter().find(near)).map(|above| (line, above))
        };
        let mut seams = vec![Seam::default(); lines.len().saturating_sub(1)];
        let numbers: Vec<_> = lines.iter().map(|view| self.number(view)).collect();
        for (below, view) in lines.iter().enumerate().skip(1) {
            seams[below - 1].join += view.blanks.min(MOST_BLANKS) as f32 * cost::GAP;
            if view.alone || lines[below - 1].alone {
                seams[below - 1].join += cost::TOO_MUCH;
                continue;
            }
            let (mut full, mut shifted, mut labels) = (0, 0.0, edge == 0);
            let mut wrapped = Vec::new();
            let number = numbers[below].as_ref();
            if let Some((at, number)) = number.filter(|(at, _)| at.start >= edge)
                && let Some(line) = numbers[..below].iter().rposition(Option::is_some)
                && numbers[line].as_ref().is_some_and(|(above, before)| overlap(above, at) && *number == before + 1)
            {
                seams[line..below].iter_mut().for_each(|seam| seam.cut += cost::NUMBERED_ON);
            }
            if let (Some(listed), Some(above)) = (self.listed(view, edge), self.listed(&lines[below - 1], edge))
                && listed == above
            {
                seams[below - 1].cut += cost::LISTED;
            }
            for piece in view.pieces {
                let above = over(below - 1, piece).or_else(|| below.checked_sub(2).and_then(|line| over(line, piece)));
                let Some((line, above)) = above else { continue };
                let label = piece.span.end <= edge;
                labels |= label && line + 1 == below;
                let (before, after) = (text(&lines[line], above), text(view, piece));
                let attached = lines[line + 1..=below].iter().all(|view| view.blanks == 0);
                let wraps = attached || width(before) >= WIDE;
                let margin = self.margins.of_piece(above, label);
                let figures = is_figure(before) && is_figure(after);
                // What a number numbers begins there.
                let numbered = number.is_some_and(|(at, _)| at.end <= piece.span.start);
                let wraps = wraps && !numbered;
                if wraps && !figures && aligned(above, piece) && prose::continues(before, after, margin) {
                    wrapped.push((line, if label { cost::WRAPPED_LABEL } else { cost::WRAPPED }));
                    continue;
                }
                if label && !prose::begins_something(after) {
                    let lone = [view, &lines[line]].iter().all(|view| view.pieces.len() == 1);
                    seams[below - 1].another += if lone { cost::ANOTHER_LONE_LABEL } else { cost::ANOTHER_LABEL };
                }
                if line + 1 == below {
                    full += 1;
                    shifted += if aligned(above, piece) { 0.0 } else { cost::SHIFTED };
                }
            }
            // Several values below others, none of them wrapped.
            if edge == 0
                && full > 0
                && full < 2
                && wrapped.is_empty()
                && view.pieces.len().max(lines[below - 1].pieces.len()) > 1
            {
                shifted += cost::SHIFTED;
            }
            // Among texts that all begin anew, one that only seems to go on does not.
            if full < 2 || full < wrapped.len() {
                for (line, against) in wrapped {
                    seams[line..below].iter_mut().for_each(|seam| seam.cut += against);
                }
            }
            // Without a label in both lines they may still be rows that have one label together.
            if labels {
                let full = if full >= 2 { full as f32 * cost::FULL_LINES } else { 0.0 };
                seams[below - 1].join += full + shifted;
            }
        }
        seams
    }
}

/// Whether two pieces begin or are centred together.
fn aligned(a: &Segment, b: &Segment) -> bool {
    let middle = |piece: &Segment| piece.span.start + piece.span.end;
    a.span.start.abs_diff(b.span.start) <= INDENT || middle(a).abs_diff(middle(b)) <= 2 * INDENT
}

/// The row that lines make.
fn row<'r>(lines: &[View<'r>]) -> Row<'r> {
    let mut cells: Vec<Stack> = Vec::new();
    for view in lines {
        for piece in view.pieces {
            let mut new = Stack { span: piece.span.clone(), pieces: Vec::new(), rows: 1 };
            cells.retain_mut(|other| {
                let under = overlap(&other.span, &new.span);
                if under {
                    new.span = new.span.start.min(other.span.start)..new.span.end.max(other.span.end);
                    new.pieces.append(&mut other.pieces);
                }
                !under
            });
            new.pieces.push((view.line, piece));
            cells.push(new);
        }
    }
    cells.iter_mut().for_each(|stack| stack.pieces.sort_by_key(|(line, piece)| (*line, piece.span.start)));
    let line = |view: Option<&View>| view.map_or(0, |view| view.line);
    Row { lines: (line(lines.first()), line(lines.last())), cells, title: false }
}

/// For each column of the page, the width from which on a piece that begins there ran into the edge of its cell: as a
/// value and as a label, in columns of an even print.
struct Margins(HashMap<usize, [usize; 2]>);

impl Margins {
    fn of(source: &Source, region: &Region) -> Self {
        // By their texts: a word that returns row by row is no long one.
        let mut widths: BTreeMap<usize, HashMap<&str, usize>> = BTreeMap::new();
        for line in region.lines.iter().filter(|line| !line.crossing) {
            for piece in &line.pieces {
                let text = &source.get(line.at)[piece.bytes.clone()];
                widths.entry(piece.span.start).or_default().entry(text).or_insert_with(|| width(text));
            }
        }
        let margin = |start: usize, label: bool| {
            let near = start.saturating_sub(INDENT - 1)..start + INDENT;
            let near = || widths.range(near.clone()).flat_map(|(_, widths)| widths.values());
            let widest = near().copied().max().unwrap_or(0);
            let (narrowest, ragged) = if label {
                (NARROWEST_LABEL, 1)
            } else {
                (NARROWEST_WRAP, if widest < LONG { 1 } else { ragged(widest) })
            };
            let margin = widest.saturating_sub(ragged);
            // One is long, or several end together.
            let together = widest >= WIDE || near().filter(|width| **width >= margin).nth(1).is_some();
            if widest >= narrowest && together { margin } else { usize::MAX }
        };
        Margins(widths.keys().map(|start| (*start, [margin(*start, false), margin(*start, true)])).collect())
    }

    fn of_piece(&self, piece: &Segment, label: bool) -> usize {
        self.0.get(&piece.span.start).map_or(usize::MAX, |margins| margins[usize::from(label)])
    }
}

/// A cell of a band in the making: its columns of the page, its first and last line, the lines that it skips.
struct Pile {
    span: Range<usize>,
    first: usize,
    last: usize,
    skipped: usize,
}

/// The bands that cost least, and what they cost.
fn bands(lines: &[View], seams: &[Seam], edge: usize, anchor: Anchor) -> (f32, Vec<Range<usize>>) {
    let count = lines.len();
    // The least that the lines up to each one cost, and where the last band begins.
    let mut least = vec![(f32::INFINITY, 0); count + 1];
    least[0].0 = 0.0;
    let mut piles = Vec::new();
    for first in 0..count {
        let before = least[first].0 + if first > 0 { seams[first - 1].cut } else { 0.0 };
        let mut joined = 0.0;
        piles.clear();
        for last in first..count.min(first + TALLEST) {
            if last > first {
                joined += seams[last - 1].join;
            }
            if joined >= cost::TOO_MUCH {
                break;
            }
            let another = pile(&mut piles, lines[last].pieces, last, edge);
            joined += if another { seams[last - 1].another } else { 0.0 };
            let total = before + joined + shape(&piles, first..last + 1, edge, anchor);
            if total < least[last + 1].0 {
                least[last + 1] = (total, first);
            }
        }
    }
    let mut found = Vec::new();
    let mut end = count;
    while end > 0 {
        let start = least[end].1;
        found.push(start..end);
        end = start;
    }
    found.reverse();
    (least[count].0, found)
}

/// Puts the pieces of a line below those that they stand under; whether one of them is a label under another.
fn pile(piles: &mut Vec<Pile>, pieces: &[Segment], line: usize, edge: usize) -> bool {
    let mut another = false;
    // Lines of a label in the middle may stand between the lines of what it labels.
    let between = usize::from(pieces.len() == 1);
    for piece in pieces {
        let mut new = Pile { span: piece.span.clone(), first: line, last: line, skipped: 0 };
        piles.retain(|other| {
            let under = overlap(&other.span, &new.span);
            if under {
                another |= piece.span.end <= edge;
                new.skipped += other.skipped + (line - other.last).saturating_sub(1 + between);
                new.span = new.span.start.min(other.span.start)..new.span.end.max(other.span.end);
                new.first = new.first.min(other.first);
            }
            !under
        });
        piles.push(new);
    }
    another
}

/// What is against a band as a row.
fn shape(piles: &[Pile], lines: Range<usize>, edge: usize, anchor: Anchor) -> f32 {
    let skipped = |pile: &Pile| pile.skipped as f32 * cost::HOLE;
    if edge == 0 {
        return cost::BAND + piles.iter().map(skipped).sum::<f32>();
    }
    let is_label = |pile: &&Pile| pile.span.end <= edge;
    let values = || piles.iter().filter(|pile| !is_label(pile));
    let labels = piles.len() - values().count();
    let without = match (labels, piles.len() - labels) {
        (0, 1) => cost::NO_LABEL,
        (0, _) => cost::NO_LABEL_BUT_CELLS,
        (_, 0) => cost::ONLY_LABEL * lines.len() as f32,
        _ => 0.0,
    };
    // What stands beside a label may be rows of its own: where its cells stand is asked then.
    let first = values().map(|pile| pile.first).min().unwrap_or(lines.start);
    let last = values().map(|pile| pile.last).max().unwrap_or(lines.end - 1);
    let off = |pile: &Pile| match anchor {
        Anchor::Top => pile.first.abs_diff(first) as f32,
        Anchor::Middle => {
            if pile.first == pile.last && 2 * pile.first + 1 == first + last {
                return cost::UPPER_MIDDLE;
            }
            let off = (pile.first + pile.last).abs_diff(first + last) as f32 / 2.0;
            // Lines of several heights move the middle of a tall band.
            if lines.len() < TALL { off } else { (off - lines.len() as f32 / 10.0).max(off * cost::OFF_EXCUSED) }
        }
    };
    let against = |pile: &Pile| skipped(pile) + off(pile) * cost::OFF;
    cost::BAND + without + piles.iter().filter(is_label).map(against).sum::<f32>()
}
