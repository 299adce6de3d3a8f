//! Which lines stand in columns together.

use super::super::super::headings;
use super::super::super::lines::{Source, is_space, trimmed};
use super::super::super::prose;
use super::super::MAX_COLUMNS;
use super::pieces::{Pieces, Segment, overlap, parted_at, segments};
use super::words;
use std::ops::Range;

/// How many blank lines may part the rows of one table.
const BLANKS: u32 = 5;

/// One line in so many may run over columns that the others leave blank.
const FEW: usize = 12;

/// From how many lines on a single blank column parts two columns; fewer must leave two.
const SURE: usize = 4;

/// How many lines above a table a heading is looked for whose kind ends it.
const SIBLINGS: usize = 60;

/// How many lines of a grid's head stand below its first one.
const HEAD_LINES: usize = 2;

/// From how many pieces on a line is one of a grid, rather than of a label and what it labels.
const GRID: usize = 3;

/// One line in so many must have pieces in several columns; the others go on cells.
const FEWEST_PARTED: usize = 6;

/// How many of the last lines tell where pieces begin.
const SAMPLE: usize = 24;

/// How far from the margin, in columns, a heading may begin.
const MARGIN: usize = 4;

/// How many lines above and below a title none begins where it does.
const AROUND: usize = 3;

/// How far right of where the values begin, in columns of the page, a title over them stands at least.
const TITLE_INDENT: usize = 4;

/// Brackets around labels of prose, and how many lines above tell that a document uses them so.
const LABEL_BRACKETS: [char; 6] = ['\u{3010}', '\u{3014}', '[', '\u{ff3b}', '\u{3008}', '\u{300a}'];
const LABELS: usize = 12;

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
    printed: Vec<usize>,
    lines: usize,
}

impl Ink {
    /// The columns that print, between blank ones, left to right.
    fn columns(&self) -> Vec<Range<usize>> {
        let narrowest = if self.lines >= SURE { 1 } else { 2 };
        // In a long table a line or two run over the columns.
        let inked = |count: &usize| *count > self.lines / FEW;
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while at < self.printed.len() {
            if !inked(&self.printed[at]) {
                at += 1;
                continue;
            }
            let rest = &self.printed[at..];
            let end = at + rest.iter().position(|count| !inked(count)).unwrap_or(rest.len());
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
            self.printed.resize(end, 0);
        }
        pieces.iter().for_each(|piece| self.printed[piece.span.clone()].iter_mut().for_each(|count| *count += 1));
        self.lines += 1;
    }
}

/// The columns that lines of pieces print in, between blank ones, left to right.
pub(super) fn columns<'r>(lines: impl Iterator<Item = &'r [Segment]>) -> Vec<Range<usize>> {
    let mut ink = Ink::default();
    lines.for_each(|pieces| ink.add(pieces));
    ink.columns()
}

impl Region {
    /// The lines from `first` on, `limit` at most, that leave the same columns blank.
    pub fn grow(pieces: &Pieces, first: usize, ideograph: usize, limit: usize) -> Option<Region> {
        let all = pieces;
        let (source, of) = (pieces.source, |at| pieces.of(at, ideograph));
        let mut region = Region::default();
        let mut at = first;
        while at < source.lines.len() && region.lines.len() < limit {
            let line = &source.lines[at];
            let above = if at > first { source.lines[at - 1].number } else { line.number };
            let blanks = line.number.saturating_sub(above).saturating_sub(1);
            if at > first && (line.page_break || line.after_furniture || blanks > BLANKS) {
                break;
            }
            let text = source.get(at);
            let pieces = of(at).to_vec();
            // A heading at the margin ends what stands above it: numbered, or between blank lines over several columns.
            let set_off = source.lines.get(at + 1).is_none_or(|next| next.gap);
            let heads = at > first
                && line.gap
                && pieces.len() == 1
                && pieces[0].span.start < MARGIN
                && (is_numbered_heading(text) || set_off && region.runs_over_columns(&pieces[0]));
            if at == first && titles(source, at, of) {
                return None;
            }
            let labels = at > first && pieces.len() == 1 && region.ends_at_label(source, at, first);
            let begins = words::is_squeezed(all, at) || words::heads(all, at) && !region.fits(source, at, &pieces);
            let other = at > first && (begins || titles_sibling(source, at, first));
            if pieces.is_empty() || other || heads || labels || (line.gap && region.ends_before(source, at, of)) {
                break;
            }
            let accepted = region.add(at, pieces.clone())
                || !line.gap && region.add(at, parted_at(&pieces, text, ideograph, &region.columns()))
                || region.add_aligned(at, &pieces)
                || region.cross(source, at, of);
            if !accepted {
                break;
            }
            at += 1;
        }
        region.trim(source);
        (!region.lines.is_empty()).then_some(region)
    }

    /// Whether a line begins with a label in brackets, as lines shortly above the region do: one of the prose, unless
    /// the region is a grid.
    fn ends_at_label(&self, source: &Source, at: usize, first: usize) -> bool {
        let label = |at: usize| source.get(at).chars().next().filter(|c| LABEL_BRACKETS.contains(c));
        let Some(bracket) = label(at) else { return false };
        self.lines.iter().all(|line| line.pieces.len() < GRID)
            && (first.saturating_sub(LABELS)..first).any(|above| label(above) == Some(bracket))
    }

    /// The columns that print, between blank ones, left to right.
    pub fn columns(&self) -> Vec<Range<usize>> {
        self.ink.columns()
    }

    /// Whether a piece stands in more than one column.
    fn runs_over_columns(&self, piece: &Segment) -> bool {
        self.columns().iter().filter(|column| overlap(column, &piece.span)).count() > 1
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

    /// Adds a line of several pieces most of which begin where others do; whether it does.
    fn add_aligned(&mut self, at: usize, pieces: &[Segment]) -> bool {
        let begins = |piece: &&Segment| {
            self.lines
                .iter()
                .rev()
                .take(SAMPLE)
                .flat_map(|line| &line.pieces)
                .any(|other| other.span.start == piece.span.start)
        };
        let aligned = pieces.len() >= GRID && pieces.iter().filter(begins).count() * 2 > pieces.len();
        if aligned {
            self.ink.add(pieces);
            self.lines.push(Line { at, pieces: pieces.to_vec(), crossing: false });
        }
        aligned
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
            // Heads may stand where nothing stood so far.
            if self.grid.lines >= 2 && touching > 0 && touching * 2 < pieces.len() {
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
    fn cross<'p>(&mut self, source: &Source, at: usize, of: impl Fn(usize) -> &'p [Segment]) -> bool {
        let before = self.columns().len();
        let follows = source.lines.get(at + 1).is_some_and(|next| !next.page_break && !next.gap);
        let pieces = of(at).to_vec();
        if !follows || pieces.len() >= before || self.lines.len() < 2 || source.lines[at].gap {
            return false;
        }
        let below = of(at + 1);
        let after = self.ink.with(below).columns().len();
        let resumes = below.len() >= 2 && below.len() <= after && after >= before;
        if resumes {
            self.lines.push(Line { at, pieces, crossing: true });
        }
        resumes
    }

    /// Whether the table ends with the gap above a line: what follows has columns of its own.
    fn ends_before<'p>(&self, source: &Source, at: usize, of: impl Fn(usize) -> &'p [Segment]) -> bool {
        let pieces = of(at);
        // Rows that nothing parted so far end at the first gap.
        const ROWS: usize = 3;
        let begins =
            |line: &Line| line.pieces.len() >= 2 && line.pieces[0].span.start <= self.lines[0].pieces[0].span.start;
        if self.lines.len() >= ROWS
            && self.lines.iter().all(begins)
            && !self.lines[1..].iter().any(|line| source.lines[line.at].gap)
        {
            return !self.fits(source, at, pieces);
        }
        let grid = self.grid.columns();
        if self.grid.lines == 0 || self.lines.iter().all(|line| line.pieces.len() < GRID + 1) {
            // A grid below a form: several values, in this line and the next, or a head over labels alone.
            let follows = source.lines.get(at + 1).is_some_and(|next| !next.page_break);
            let below = if follows { of(at + 1).len() } else { 0 };
            return self.lines.len() >= 2
                && pieces.len() > GRID
                && (below >= GRID || heads_labels(source, at, of))
                && !self.fits(source, at, pieces);
        }
        // A form below a grid: a text that runs from the first value on over most of them.
        let Some((first, last)) = grid.get(1).zip(grid.last()) else { return false };
        pieces.len() <= 2
            && pieces.last().is_some_and(|piece| {
                piece.span.start <= first.start + 1 && piece.span.end > (first.start + last.end) / 2
            })
    }

    /// Whether a line below a gap goes on the rows above it: each of its pieces stands in a column of its own, in half
    /// of them at least, and it does not begin as the rows above do.
    fn fits(&self, source: &Source, at: usize, pieces: &[Segment]) -> bool {
        let columns = self.columns();
        let mut end = 0;
        let apart = pieces.iter().all(|piece| {
            let start = columns.partition_point(|column| column.end <= piece.span.start);
            let stands = start >= end && columns.get(start).is_some_and(|column| column.start < piece.span.end);
            end = columns.partition_point(|column| column.start < piece.span.end);
            stands && end == start + 1
        });
        let text = |at: usize, piece: &Segment| &source.get(at)[piece.bytes.clone()];
        let again = |line: &Line| {
            line.pieces.len() > 1
                && line.pieces.len() == pieces.len()
                && line.pieces.iter().zip(pieces).all(|(above, piece)| text(line.at, above) == text(at, piece))
        };
        apart && pieces.len() > 1 && pieces.len() * 2 >= columns.len() && !self.lines.first().is_some_and(again)
    }

    /// Takes away what belongs to what follows: lines that run across at the end, and single pieces that a blank
    /// line sets off below the first column.
    fn trim(&mut self, source: &Source) {
        while self.lines.last().is_some_and(|line| line.crossing) {
            self.lines.pop();
        }
        if self.is_head_with_labels() {
            return;
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

    /// Whether below the head of a grid there are only labels: the rows of a grid whose bars and arrows were lost.
    fn is_head_with_labels(&self) -> bool {
        let columns = self.columns();
        let Some(second) = columns.get(1) else { return false };
        let labels = self.lines.iter().rev().take_while(|line| line.pieces.len() == 1).count();
        let (head, labels) = self.lines.split_at(self.lines.len() - labels);
        labels.len() > 1
            && head.last().is_some_and(|last| last.pieces.len() >= GRID)
            && labels.iter().all(|line| line.pieces[0].span.end <= second.start)
    }

    /// Whether a line titles the table or a part of it: words alone in the middle of the values, above a row with a
    /// label or a blank line.
    pub fn is_title(&self, source: &Source, index: usize, edge: usize) -> bool {
        let [piece] = self.lines[index].pieces.as_slice() else { return false };
        let gap = |index: usize| self.lines.get(index).is_none_or(|line| source.lines[line.at].gap);
        let stands_under = |above: &Line| above.pieces.iter().any(|other| overlap(&other.span, &piece.span));
        let text = &source.get(self.lines[index].at)[piece.bytes.clone()];
        let around = self.lines[..index].iter().rev().take(AROUND).chain(self.lines[index + 1..].iter().take(AROUND));
        let in_column = |line: &Line| line.pieces.iter().any(|other| other.span.start == piece.span.start);
        piece.span.start >= edge + TITLE_INDENT
            && !around.into_iter().any(in_column)
            && !text.contains(|c: char| c.is_numeric() || c == '→')
            && (index == 0 || gap(index) || !stands_under(&self.lines[index - 1]))
            && (gap(index + 1)
                || self.lines[index + 1].pieces[0].span.end <= edge && self.lines[index + 1].pieces.len() > 1)
    }

    /// Whether the lines are a table: two columns or more, and two lines or more that have pieces in both, or a label
    /// set in the middle between two lines of the text that it labels.
    pub fn is_table(&self, source: &Source) -> bool {
        let beside = self.lines.iter().filter(|line| line.pieces.len() >= 2).count();
        let parted = beside + self.lines.windows(3).filter(|lines| is_label_between(source, lines)).count();
        let columns = self.columns().len();
        columns >= 2 && columns <= MAX_COLUMNS as usize && parted >= 2 && parted * FEWEST_PARTED >= self.lines.len()
    }
}

/// Whether a line of several values heads, with those that follow it directly, rows that have only labels left of them.
fn heads_labels<'p>(source: &Source, at: usize, of: impl Fn(usize) -> &'p [Segment]) -> bool {
    let Some(first) = of(at).first() else { return false };
    let row = (at + 1..=at + 1 + HEAD_LINES).find(|row| source.lines.get(*row).is_some_and(|line| line.gap));
    row.is_some_and(|row| {
        matches!(of(row), [label] if label.span.end <= first.span.start) && !source.lines[row].page_break
    })
}

/// Whether of three lines the middle one is a label left of a text that goes on from the first to the last.
fn is_label_between(source: &Source, lines: &[Line]) -> bool {
    let [before, label, after] = lines else { return false };
    let ([before_text], [label_text], [after_text]) = (&*before.pieces, &*label.pieces, &*after.pieces) else {
        return false;
    };
    let text = |line: &Line, piece: &Segment| trimmed(&source.get(line.at)[piece.bytes.clone()]);
    !source.lines[label.at].gap
        && !source.lines[after.at].gap
        && before_text.span.start.abs_diff(after_text.span.start) <= 1
        && label_text.span.end < after_text.span.start
        && prose::continues(text(before, before_text), text(after, after_text), prose::WIDE)
}

/// Whether a line is a numbered heading of the form of one that stands above the table: the next of its kind.
fn titles_sibling(source: &Source, at: usize, first: usize) -> bool {
    let form = |at: usize| {
        let line = source.get(at);
        // Its number may stand off its title, but no more.
        let pieces = segments(line, 2);
        let title = pieces.len() == 1 || pieces.len() == 2 && numbers_only(&line[pieces[0].bytes.clone()]);
        // Beside a label of a table its text begins further right.
        let start = pieces.first().map_or(0, |piece| piece.span.start);
        let next = source.lines.get(at + 1).and_then(|_| segments(source.get(at + 1), 2).first().cloned());
        let at_margin = start < MARGIN && next.is_some_and(|next| next.span.start < start + MARGIN);
        // 施策 of `施策2 …`, － of `Ⅰ－2 …`
        let number = || trimmed(line).split(is_space).next().unwrap_or_default();
        let around = || number().chars().filter(|c| !c.is_numeric()).collect::<String>();
        if title && at_margin { headings::form(line).filter(is_numbered).map(|form| (form, around())) } else { None }
    };
    let Some(own) = form(at) else { return false };
    // A number without a word counts rows of tables too: its kind stands right above.
    let near = if matches!(own.0, headings::Form::Labelled(..)) { SIBLINGS } else { 1 };
    (first.saturating_sub(near)..first).any(|above| form(above).as_ref() == Some(&own))
}

fn is_numbered(form: &headings::Form) -> bool {
    matches!(form, headings::Form::Numbered(_) | headings::Form::Labelled(..))
}

/// Whether a piece has no word behind its number: `施策2`, `2`.
fn numbers_only(piece: &str) -> bool {
    trimmed(piece).ends_with(|c: char| c.is_numeric() || ".．)）".contains(c))
}

/// Whether a line of a label and a title is a heading: set off from what stands below it, and left of it.
fn titles<'p>(source: &Source, at: usize, of: impl Fn(usize) -> &'p [Segment]) -> bool {
    let next = source.lines.get(at + 1).filter(|next| !next.page_break);
    let sets_off = next.is_some_and(|next| next.gap);
    let over_grid = next.is_some_and(|next| !next.gap) && of(at + 1).len() > GRID;
    let (pieces, below) = (of(at), if sets_off { of(at + 1) } else { &[] });
    let form = headings::form(source.get(at));
    let numbered = |piece: &Segment| source.get(at)[piece.bytes.clone()].ends_with(char::is_numeric);
    let titles_grid = over_grid && form.as_ref().is_some_and(is_numbered) && (pieces.len() < 2 || numbered(&pieces[0]));
    pieces.len() <= 2 && titles_grid
        || pieces.len() <= 2
            && below.first().zip(pieces.first()).is_some_and(|(below, title)| below.span.start > title.span.start)
            && form.is_some_and(|form| pieces.len() < 2 || form != headings::Form::Plain || numbered(&pieces[0]))
}

fn is_numbered_heading(line: &str) -> bool {
    matches!(
        headings::form(line),
        Some(headings::Form::Numbered(_) | headings::Form::Mark(_) | headings::Form::Labelled(..))
    )
}
