//! Which lines stand in columns together, and the pieces that they are parted into.

use super::super::super::lines::{Source, char_width, is_space};
use super::super::super::{contents, headings, prose};
use super::super::MAX_COLUMNS;
use std::collections::HashMap;
use std::ops::Range;

/// The widest line, in columns, that is laid out as one of a table.
const WIDEST: usize = 1000;

/// How many blank lines may part the rows of one table.
const BLANKS: u32 = 5;

/// From how many lines on a single blank column parts two columns; fewer must leave two.
const SURE: usize = 4;

/// From how many pieces on a line is one of a grid, rather than of a label and what it labels.
const GRID: usize = 3;

/// How many lines tell which width ideographs have, and how far apart two of them may be that tell it.
const ALIGNMENT_LINES: usize = 60;
const ALIGNMENT_REACH: usize = 12;

/// One line in so many must have pieces in several columns; the others go on cells.
const FEWEST_PARTED: usize = 6;

/// How far from the margin, in columns, a heading may begin.
const MARGIN: usize = 4;

/// How far right of where the values begin, in columns of the page, a title over them stands at least.
const TITLE_INDENT: usize = 4;

/// A piece of a line between wide spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Columns of the page.
    pub span: Range<usize>,
    /// Bytes of the line.
    pub bytes: Range<usize>,
}

/// A line of a region.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its index in the source.
    pub at: usize,
    pub pieces: Vec<Segment>,
    /// Whether it runs over the blank columns of the others.
    pub crossing: bool,
}

/// Lines that stand in columns together.
#[derive(Debug, Clone, Default)]
pub(super) struct Region {
    pub lines: Vec<Line>,
    /// Which columns of the page any line but the crossing ones prints in.
    ink: Ink,
    /// The same of lines that have several values beside each other, without what spans several of their columns.
    grid: Ink,
}

/// Which columns of the page are printed in, by a number of lines.
#[derive(Debug, Clone, Default)]
struct Ink {
    printed: Vec<bool>,
    lines: usize,
}

impl Ink {
    /// The columns that print, between blank ones, left to right.
    fn columns(&self) -> Vec<Range<usize>> {
        let narrowest = if self.lines >= SURE { 1 } else { 2 };
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while at < self.printed.len() {
            if !self.printed[at] {
                at += 1;
                continue;
            }
            let rest = &self.printed[at..];
            let end = at + rest.iter().position(|inked| !inked).unwrap_or(rest.len());
            match found.last_mut() {
                Some(last) if at - last.end < narrowest => last.end = end,
                _ => found.push(at..end),
            }
            at = end;
        }
        found
    }

    fn with(&self, pieces: &[Segment]) -> Ink {
        let mut ink = self.clone();
        ink.add(pieces);
        ink
    }

    fn add(&mut self, pieces: &[Segment]) {
        let end = pieces.last().map_or(0, |piece| piece.span.end);
        if self.printed.len() < end {
            self.printed.resize(end, false);
        }
        pieces.iter().for_each(|piece| self.printed[piece.span.clone()].fill(true));
        self.lines += 1;
    }
}

/// The columns that lines of pieces print in, between blank ones, left to right.
pub(super) fn columns<'r>(lines: impl Iterator<Item = &'r [Segment]>) -> Vec<Range<usize>> {
    let mut ink = Ink::default();
    lines.for_each(|pieces| ink.add(pieces));
    ink.columns()
}

/// Whether a line has a wide space between two pieces, or a deep indent: what makes it worth a closer look.
pub(super) fn may_begin(line: &str) -> bool {
    line.contains("  ") || line.contains("　　") || line.contains("　 ") || line.contains(" 　")
}

/// Whether a line may stand in a table of columns.
fn fits_layout(line: &str) -> bool {
    !line.contains('\t')
        && !line.starts_with(['#', '|', '<'])
        && prose::bullet(line).is_none()
        && !contents::is_leader_line(line)
}

/// The pieces of a line; one for a line that is only spaced out.
fn segments(line: &str, ideograph: usize) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    let (mut column, mut blank) = (0, 0);
    for (at, c) in line.char_indices() {
        let width = width_of(c, column, ideograph);
        if is_space(c) {
            blank += 1;
            column += width;
            continue;
        }
        let end = at + c.len_utf8();
        let pieces = found.len();
        match found.last_mut() {
            // One space stands inside a piece, two behind the number of a value.
            Some(last) if blank <= 1 || blank == 2 && pieces > 1 && is_number(&line[last.bytes.clone()]) => {
                last.span.end = column + width;
                last.bytes.end = end;
            }
            _ => found.push(Segment { span: column..column + width, bytes: at..end }),
        }
        blank = 0;
        column += width;
        if column > WIDEST {
            return Vec::new();
        }
    }
    let spaced_out = found.len() > 1 && found.iter().all(|piece| line[piece.bytes.clone()].chars().count() == 1);
    if spaced_out && let (Some(first), Some(last)) = (found.first(), found.last()) {
        return vec![Segment { span: first.span.start..last.span.end, bytes: first.bytes.start..last.bytes.end }];
    }
    found
}

/// How well the pieces of the lines from `first` on stand under each other where an ideograph has so many columns: how
/// many of them begin where one of a line shortly before does.
pub(super) fn alignment(source: &Source, first: usize, ideograph: usize) -> usize {
    let mut last_seen: HashMap<usize, usize> = HashMap::new();
    let mut aligned = 0;
    for (line, of) in source.lines[first..].iter().enumerate().take(ALIGNMENT_LINES) {
        if line > 0 && of.page_break {
            break;
        }
        let text = &source.text[of.start..of.end];
        if !may_begin(text) {
            continue;
        }
        for piece in segments(text, ideograph).iter().skip(1) {
            let before = last_seen.insert(piece.span.start, line);
            aligned += usize::from(before.is_some_and(|before| line - before <= ALIGNMENT_REACH));
        }
    }
    aligned
}

/// Whether a piece is only a number that what follows it has: `1-1`, `(2)`, `③`.
fn is_number(piece: &str) -> bool {
    piece.chars().all(|c| c.is_numeric() || "()（）-－.．".contains(c)) && piece.contains(|c: char| c.is_numeric())
}

fn width_of(c: char, column: usize, ideograph: usize) -> usize {
    match c {
        '\t' => 8 - column % 8,
        c if char_width(c) == 2 => ideograph,
        c => char_width(c),
    }
}

/// The pieces of a line, those that run over a blank column of the lines above parted at a single space there.
fn parted_at(pieces: &[Segment], line: &str, ideograph: usize, columns: &[Range<usize>]) -> Vec<Segment> {
    let gutters: Vec<Range<usize>> = columns.windows(2).map(|pair| pair[0].end - 1..pair[1].start).collect();
    let mut found = Vec::with_capacity(pieces.len() + 1);
    for piece in pieces {
        let mut rest = piece.clone();
        let mut column = piece.span.start;
        for (at, c) in line[piece.bytes.clone()].char_indices() {
            let width = width_of(c, column, ideograph);
            if is_space(c) && gutters.iter().any(|gutter| gutter.contains(&column)) {
                let at = piece.bytes.start + at;
                if rest.span.start < column {
                    found.push(Segment { span: rest.span.start..column, bytes: rest.bytes.start..at });
                }
                rest = Segment { span: column + width..rest.span.end, bytes: at + c.len_utf8()..rest.bytes.end };
            }
            column += width;
        }
        found.push(rest);
    }
    found
}

impl Region {
    /// The lines from `first` on, `limit` at most, that leave the same columns blank.
    pub fn grow(source: &Source, first: usize, ideograph: usize, limit: usize) -> Option<Region> {
        let mut region = Region::default();
        let mut at = first;
        while at < source.lines.len() && region.lines.len() < limit {
            let line = &source.lines[at];
            let blanks = if at > first { (line.number - source.lines[at - 1].number).saturating_sub(1) } else { 0 };
            if at > first && (line.page_break || line.after_furniture || blanks > BLANKS) {
                break;
            }
            let text = source.get(at);
            let pieces = if fits_layout(text) { segments(text, ideograph) } else { Vec::new() };
            // A heading at the margin ends what stands above it.
            let heads = at > first
                && line.gap
                && pieces.len() == 1
                && pieces[0].span.start < MARGIN
                && is_numbered_heading(text);
            if at == first && titles(source, at, &pieces, ideograph) {
                return None;
            }
            if pieces.is_empty() || heads || (line.gap && region.ends_before(source, at, &pieces, ideograph)) {
                break;
            }
            let accepted = region.add(at, pieces.clone())
                || !line.gap && region.add(at, parted_at(&pieces, text, ideograph, &region.columns()))
                || region.cross(source, at, pieces, ideograph);
            if !accepted {
                break;
            }
            at += 1;
        }
        region.trim(source);
        (!region.lines.is_empty()).then_some(region)
    }

    /// The columns that print, between blank ones, left to right.
    pub fn columns(&self) -> Vec<Range<usize>> {
        self.ink.columns()
    }

    /// Adds a line that leaves the columns apart; whether it does.
    fn add(&mut self, at: usize, pieces: Vec<Segment>) -> bool {
        let ink = self.ink.with(&pieces);
        let (before, after) = (self.ink.columns(), ink.columns());
        if !self.lines.is_empty() {
            let is_table = before.len() >= 2;
            let keeps_first = self.lines.len() <= SURE
                || after.len() >= before.len()
                || after.first().zip(before.get(1)).is_some_and(|(first, next)| first.end <= next.start);
            if pieces.len() > after.len() && pieces.len() < GRID
                || is_table && (after.len() < 2 || !keeps_first)
                || !is_table && pieces.len() > after.len()
            {
                return false;
            }
        }
        if pieces.len() >= GRID && !self.add_to_grid(&pieces) {
            return false;
        }
        self.ink = ink;
        self.lines.push(Line { at, pieces, crossing: false });
        true
    }

    /// Adds a line of several values to the grid; none is added that stands in other columns.
    fn add_to_grid(&mut self, pieces: &[Segment]) -> bool {
        let columns = self.grid.columns();
        let touched = |piece: &Segment| {
            let touches = |column: &Range<usize>| column.start < piece.span.end && piece.span.start < column.end;
            let start = columns.iter().position(touches)?;
            Some(start..columns.iter().rposition(touches)? + 1)
        };
        let ink = self.grid.with(pieces);
        let after = ink.columns().len();
        if columns.is_empty() || pieces.len() <= after && after >= columns.len() {
            let touching = pieces.iter().filter(|piece| touched(piece).is_some()).count();
            if self.grid.lines >= 2 && touching * 2 < pieces.len() {
                return false;
            }
            self.grid = ink;
            return true;
        }
        // Some of them span several columns: each column is still in one of them.
        let mut end = 0;
        pieces.iter().filter_map(touched).all(|covered| {
            let apart = covered.start >= end;
            end = covered.end;
            apart
        })
    }

    /// Adds a line that runs over blank columns, where it is a row of its own in the table: the next line stands in
    /// the columns again.
    fn cross(&mut self, source: &Source, at: usize, pieces: Vec<Segment>, ideograph: usize) -> bool {
        let before = self.columns().len();
        let Some(next) = source.lines.get(at + 1).filter(|next| !next.page_break && !next.gap) else { return false };
        let text = &source.text[next.start..next.end];
        if pieces.len() >= before || self.lines.len() < 2 || source.lines[at].gap || !fits_layout(text) {
            return false;
        }
        let below = segments(text, ideograph);
        let after = self.ink.with(&below).columns().len();
        let resumes = below.len() >= 2 && below.len() <= after && after >= before;
        if resumes {
            self.lines.push(Line { at, pieces, crossing: true });
        }
        resumes
    }

    /// Whether the table ends with the gap above a line: what follows has columns of its own.
    fn ends_before(&self, source: &Source, at: usize, pieces: &[Segment], ideograph: usize) -> bool {
        // Rows that nothing parted so far end at the first gap.
        const ROWS: usize = 3;
        let begins =
            |line: &Line| line.pieces.len() >= 2 && line.pieces[0].span.start <= self.lines[0].pieces[0].span.start;
        if self.lines.len() >= ROWS
            && self.lines.iter().all(begins)
            && !self.lines[1..].iter().any(|line| source.lines[line.at].gap)
        {
            return true;
        }
        let grid = self.grid.columns();
        if self.grid.lines == 0 || self.lines.iter().all(|line| line.pieces.len() < GRID + 1) {
            // A grid below a form: several values, in this line and the next.
            let next = source.lines.get(at + 1).filter(|next| !next.page_break);
            let below = next.map_or(0, |next| segments(&source.text[next.start..next.end], ideograph).len());
            return self.lines.len() >= 2 && pieces.len() > GRID && below >= GRID;
        }
        // A form below a grid: a text that runs from the first value on over most of them.
        let Some((first, last)) = grid.get(1).zip(grid.last()) else { return false };
        pieces.len() <= 2
            && pieces.last().is_some_and(|piece| {
                piece.span.start <= first.start + 1 && piece.span.end > (first.start + last.end) / 2
            })
    }

    /// Takes away what belongs to what follows: lines that run across at the end, and single pieces that a blank
    /// line sets off below the first column.
    fn trim(&mut self, source: &Source) {
        while self.lines.last().is_some_and(|line| line.crossing) {
            self.lines.pop();
        }
        let columns = self.columns();
        while let [.., last] = self.lines.as_slice() {
            let prose_below = last.pieces.len() == 1
                && source.lines[last.at].gap
                && columns.first().is_some_and(|first| first.contains(&last.pieces[0].span.start));
            if !prose_below {
                break;
            }
            self.lines.pop();
        }
    }

    /// Whether a line titles the table or a part of it: words alone in the middle of the values, above a row with a
    /// label or a blank line.
    pub fn is_title(&self, source: &Source, index: usize, edge: usize) -> bool {
        let [piece] = self.lines[index].pieces.as_slice() else { return false };
        let gap = |index: usize| self.lines.get(index).is_none_or(|line| source.lines[line.at].gap);
        let stands_under = |above: &Line| above.pieces.iter().any(|other| overlap(&other.span, &piece.span));
        let text = &source.get(self.lines[index].at)[piece.bytes.clone()];
        piece.span.start >= edge + TITLE_INDENT
            && !text.contains(|c: char| c.is_numeric() || c == '→')
            && (index == 0 || gap(index) || !stands_under(&self.lines[index - 1]))
            && (gap(index + 1)
                || self.lines[index + 1].pieces[0].span.end <= edge && self.lines[index + 1].pieces.len() > 1)
    }

    /// Whether the lines are a table: two columns or more, and two lines or more that have pieces in both.
    pub fn is_table(&self) -> bool {
        let parted = self.lines.iter().filter(|line| line.pieces.len() >= 2).count();
        let columns = self.columns().len();
        columns >= 2 && columns <= MAX_COLUMNS as usize && parted >= 2 && parted * FEWEST_PARTED >= self.lines.len()
    }
}

pub(super) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether a line of a label and a title is a heading: set off from what stands below it, and left of it.
fn titles(source: &Source, at: usize, pieces: &[Segment], ideograph: usize) -> bool {
    let Some(next) = source.lines.get(at + 1).filter(|next| next.gap && !next.page_break) else { return false };
    let below = segments(&source.text[next.start..next.end], ideograph);
    pieces.len() <= 2
        && below.first().zip(pieces.first()).is_some_and(|(below, title)| below.span.start > title.span.start)
        && headings::form(source.get(at)).is_some()
}

fn is_numbered_heading(line: &str) -> bool {
    matches!(
        headings::form(line),
        Some(headings::Form::Numbered(_) | headings::Form::Mark(_) | headings::Form::Labelled(..))
    )
}
