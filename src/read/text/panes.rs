//! Pages that print two columns of text beside each other: the lines of the right one are put after those of the left.
//!
//! Two columns are told from the columns of a table by what they hold: each has headings of its own, which do not
//! stand beside each other, and one has running text that goes up to the gap between them.

use super::headings::{self, Form};
use super::lines::{Source, SourceLine, char_width, is_space, trimmed};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The fewest lines of a page, and of what is printed in two columns.
const FEWEST_LINES: usize = 10;

/// The fewest lines that begin a column, and that run up to the gap before it.
const FEWEST_STARTS: usize = 4;
const FEWEST_FULL: usize = 3;

/// The fewest lines in which both columns print, with a wide space between them.
const FEWEST_BESIDE: usize = 2;

/// The fewest headings of the two columns.
const FEWEST_HEADINGS: usize = 3;

/// The narrowest column of text.
const NARROWEST: usize = 24;

/// How far left of a column's text, in columns of the page, its headings may begin.
const INDENT: usize = 3;

/// How far over its edge, in columns of the page, a line of the left column may reach.
const OVERRUN: usize = 10;

/// Puts the lines of every page that prints two columns of text in the order in which they are read.
pub(super) fn arrange(source: &mut Source) {
    let mut first = 0;
    let mut arranged: Option<Vec<SourceLine>> = None;
    while first < source.lines.len() {
        let page = source.lines[first].page;
        let end = first + source.lines[first..].iter().take_while(|line| line.page == page).count();
        let panes = if may_have_panes(source, first..end) { panes(source, first..end) } else { None };
        match (panes, &mut arranged) {
            (Some(panes), arranged) => {
                let arranged = arranged.get_or_insert_with(|| source.lines[..first].to_vec());
                let lines = &source.lines;
                arranged.extend_from_slice(&lines[first..panes.lines.start]);
                arranged.extend(panes.side(source, |line| (line.start, panes.gutter(source, line))));
                arranged.extend(panes.side(source, |line| (panes.gutter(source, line), line.end)));
                let after = arranged.len();
                arranged.extend_from_slice(&lines[panes.lines.end..end]);
                if let Some(line) = arranged.get_mut(after) {
                    (line.gap, line.page_break) = (true, true);
                }
            }
            (None, Some(arranged)) => arranged.extend_from_slice(&source.lines[first..end]),
            (None, None) => {}
        }
        first = end;
    }
    if let Some(arranged) = arranged {
        source.lines = arranged;
    }
}

/// Lines printed in two columns.
struct Panes {
    lines: Range<usize>,
    /// The column of the page in which the right ones begin, and how wide an ideograph is there.
    start: usize,
    ideograph: usize,
}

impl Panes {
    /// The byte of the text at which the right part of a line begins.
    fn gutter(&self, source: &Source, line: &SourceLine) -> usize {
        let text = &source.text[line.start..line.end];
        line.start + seam(text, self.start, self.ideograph).unwrap_or(text.len())
    }

    /// The lines of one side.
    fn side(&self, source: &Source, part: impl Fn(&SourceLine) -> (usize, usize)) -> Vec<SourceLine> {
        let mut found: Vec<SourceLine> = Vec::new();
        let mut gap = true;
        let mut skipped = 0;
        for (index, line) in source.lines[self.lines.clone()].iter().enumerate() {
            gap |= line.gap;
            let (start, end) = part(line);
            if trimmed(&source.text[start..end]).is_empty() {
                skipped += 1;
                continue;
            }
            let page_break = if found.is_empty() { start > line.start || index > 0 || line.page_break } else { false };
            // A line of the other side alone may stand between two of this one.
            found.push(SourceLine { start, end, gap: gap || skipped > 1, page_break, ..*line });
            (gap, skipped) = (false, 0);
        }
        found
    }
}

/// A quick look before [`panes`]: whether enough lines have a wide space inside, and none of the signs of a table.
fn may_have_panes(source: &Source, lines: Range<usize>) -> bool {
    if lines.len() < FEWEST_LINES || !source.span(lines.start, lines.end - 1).contains("  ") {
        return false;
    }
    let parted = |at: &usize| {
        let line = source.get(*at);
        trimmed(line).contains("  ") && !is_table(line)
    };
    lines.filter(parted).nth(FEWEST_BESIDE - 1).is_some()
}

/// Whether a line is of a table whose cells are told by a character between them.
fn is_table(line: &str) -> bool {
    line.bytes().any(|byte| matches!(byte, b'\t' | b'|'))
}

/// Where a page prints two columns.
fn panes(source: &Source, lines: Range<usize>) -> Option<Panes> {
    let text = |at: usize| source.get(at);
    for ideograph in [1, 2] {
        let mut starts: BTreeMap<usize, usize> = BTreeMap::new();
        let mut wide: BTreeSet<usize> = BTreeSet::new();
        for at in lines.clone() {
            for (start, blanks) in starts_of(text(at), ideograph) {
                *starts.entry(start).or_default() += 1;
                if blanks > 1 {
                    wide.insert(start);
                }
            }
        }
        let mut starts: Vec<(usize, usize)> =
            starts.into_iter().filter(|(start, count)| *start >= NARROWEST && *count >= FEWEST_STARTS).collect();
        starts.sort_by_key(|(start, count)| (usize::MAX - count, *start));
        let found = starts.into_iter().take(3).find_map(|(start, _)| {
            // The headings of a column may stand a little left of its text.
            let start = wide.range(start.saturating_sub(INDENT)..).next().copied().unwrap_or(start);
            let parted = |at: &usize| seam(text(*at), start, ideograph).is_some();
            let mut first = lines.start;
            while first < lines.end {
                let end = (first..lines.end).take_while(parted).last().map_or(first, |last| last + 1);
                let run = Panes { lines: first..end, start, ideograph };
                if let Some(panes) = trimmed_run(source, run) {
                    return Some(panes);
                }
                first = end + 1;
            }
            None
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// A run of lines from its first heading on, where it is one of two columns of text.
fn trimmed_run(source: &Source, run: Panes) -> Option<Panes> {
    if run.lines.len() < FEWEST_LINES {
        return None;
    }
    let sides = |at: usize| {
        let line = source.get(at);
        line.split_at(seam(line, run.start, run.ideograph).unwrap_or(line.len()))
    };
    let margin = |side: &str| side.len() - side.trim_start_matches(is_space).len();
    let is_heading = |side: &str| {
        let bare = trimmed(side);
        !bare.contains("  ")
            && matches!(headings::form(bare), Some(Form::Numbered(_) | Form::Mark(_) | Form::Labelled(..)))
    };
    let left_margin =
        run.lines.clone().map(|at| sides(at).0).filter(|left| !trimmed(left).is_empty()).map(margin).min()?;
    let left_heading = |at: usize| is_heading(sides(at).0) && margin(sides(at).0) <= left_margin + 1;
    let right_heading = |at: usize| is_heading(sides(at).1) && margin(sides(at).1) <= INDENT;
    let first = run.lines.clone().find(|at| left_heading(*at) || right_heading(*at))?;
    let lines = first..run.lines.end;
    if lines.len() < FEWEST_LINES {
        return None;
    }
    let (mut left, mut right, mut apart, mut full, mut begun, mut beside, mut widest) = (0, 0, 0, 0, 0, 0, 0);
    for at in lines.clone() {
        let (left_side, right_side) = sides(at);
        let headings = (left_heading(at), right_heading(at));
        left += usize::from(headings.0);
        right += usize::from(headings.1);
        apart += usize::from(headings.0 != headings.1);
        let bare = trimmed(left_side);
        let prints = columns(left_side.trim_end_matches(is_space), run.ideograph);
        full +=
            usize::from(prints * 4 >= run.start * 3 && !bare.contains("  ") && margin(left_side) <= left_margin + 2);
        begun += usize::from(!trimmed(right_side).is_empty() && margin(right_side) <= INDENT);
        beside += usize::from(!bare.is_empty() && !trimmed(right_side).is_empty() && left_side.ends_with("  "));
        widest = widest.max(columns(right_side.trim_end_matches(is_space), run.ideograph));
    }
    let two_columns = left > 0
        && right > 0
        && left + right >= FEWEST_HEADINGS
        && apart > 0
        && full >= FEWEST_FULL
        && begun >= FEWEST_STARTS
        && beside >= FEWEST_BESIDE
        && widest >= NARROWEST;
    two_columns.then_some(Panes { lines, ..run })
}

fn width_of(c: char, ideograph: usize) -> usize {
    if char_width(c) == 2 { ideograph } else { char_width(c) }
}

fn columns(text: &str, ideograph: usize) -> usize {
    text.chars().map(|c| width_of(c, ideograph)).sum()
}

/// The byte of a line at which the right one of two columns begins; none where the line runs on over both. A left
/// one with many narrow characters may reach a little over its edge, and pushes the right one away.
fn seam(line: &str, start: usize, ideograph: usize) -> Option<usize> {
    if is_table(line) {
        return None;
    }
    let (mut column, mut blank) = (0, true);
    for (at, c) in line.char_indices() {
        if column >= start && blank {
            return Some(at);
        }
        if column > start + OVERRUN {
            return None;
        }
        blank = is_space(c);
        column += width_of(c, ideograph);
    }
    Some(line.len())
}

/// The columns of a page in which something begins behind a space, and how wide that is.
fn starts_of(line: &str, ideograph: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut column, mut blanks) = (0, 0);
    for c in line.chars() {
        if is_space(c) {
            blanks += 1;
        } else {
            if blanks > 0 {
                found.push((column, blanks));
            }
            blanks = 0;
        }
        column += width_of(c, ideograph);
    }
    found
}
