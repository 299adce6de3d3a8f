//! The pieces that lines are parted into: between wide spaces, and at single ones where the lines around leave the
//! same column of the page blank.

use super::super::super::lines::{Source, char_width, is_space};
use super::super::super::{contents, prose};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

/// The widest line, in columns, that is laid out as one of a table.
const WIDEST: usize = 1000;

/// How many lines tell which width ideographs have, and how far apart two of them may be that tell it.
const ALIGNMENT_LINES: usize = 60;
const ALIGNMENT_REACH: usize = 12;

/// The most lines whose pieces are found in one go.
const CHUNK: usize = 512;

/// How many lines above and below a single space, and how many that stand there, tell whether it parts two columns.
const AROUND: usize = 12;
const ENOUGH: usize = 2;

/// A piece of a line between wide spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Columns of the page.
    pub span: Range<usize>,
    /// Bytes of the line.
    pub bytes: Range<usize>,
}

/// The pieces of each line of a run.
type Lines = Vec<Vec<Segment>>;

/// The pieces of every line of a source, found where they are asked for.
pub(in super::super::super) struct Pieces<'s> {
    pub(super) source: &'s Source<'s>,
    /// For each run of lines, where ideographs are one column wide and where they are two.
    chunks: Vec<(Range<usize>, [OnceCell<Lines>; 2])>,
}

impl<'s> Pieces<'s> {
    /// The pieces of a source's lines.
    pub fn new(source: &'s Source<'s>) -> Self {
        let mut chunks: Vec<(Range<usize>, _)> = Vec::new();
        for (at, line) in source.lines.iter().enumerate() {
            match chunks.last_mut() {
                Some((lines, _)) if !line.page_break && lines.len() < CHUNK => lines.end = at + 1,
                _ => chunks.push((at..at + 1, Default::default())),
            }
        }
        Pieces { source, chunks }
    }

    /// The pieces of a line; none for one that cannot stand in a table of columns.
    pub(super) fn of(&self, at: usize, ideograph: usize) -> &[Segment] {
        let index = self.chunks.partition_point(|(lines, _)| lines.end <= at);
        let Some((lines, found)) = self.chunks.get(index) else { return &[] };
        let found = found[ideograph - 1].get_or_init(|| self.chunk(lines.clone(), ideograph));
        found.get(at - lines.start).map_or(&[], Vec::as_slice)
    }

    fn chunk(&self, lines: Range<usize>, ideograph: usize) -> Lines {
        let line = |at: usize| self.source.get(at);
        let fitting = |at: usize| if fits_layout(line(at)) { segments(line(at), ideograph) } else { Vec::new() };
        let wide: Lines = lines.clone().map(fitting).collect();
        let sets_off = sets_off_latin(lines.clone().map(line));
        // Between two blank lines stands a heading, not a row.
        let gap = |at: usize| self.source.lines.get(at).is_none_or(|line| line.gap);
        let alone = |at: usize| wide[at].len() == 1 && gap(lines.start + at) && gap(lines.start + at + 1);
        let split = |at: usize| {
            if alone(at) {
                return wide[at].clone();
            }
            let text = line(lines.start + at);
            wide[at].iter().flat_map(|piece| parted(&wide, at, piece, text, ideograph, sets_off)).collect()
        };
        (0..wide.len()).map(split).collect()
    }
}

/// A piece parted at the single spaces that stand between two columns of the lines around: pieces that stand under
/// each of its parts, and no line that prints over the space.
fn parted(
    wide: &[Vec<Segment>],
    at: usize,
    piece: &Segment,
    line: &str,
    ideograph: usize,
    sets_off: bool,
) -> Vec<Segment> {
    let spaces = spaces(piece, line, ideograph, sets_off);
    if spaces.is_empty() {
        return vec![piece.clone()];
    }
    // A line with gaps where the piece has none has other columns.
    let agrees = |under: &[&Segment]| {
        under.windows(2).all(|pair| spaces.iter().any(|space| (pair[0].span.end..pair[1].span.start).contains(space)))
    };
    let numbers = |space: usize| {
        let text = &line[piece.bytes.clone()];
        spaces.first() == Some(&space) && text.split(is_space).next().is_some_and(is_number)
    };
    split(piece, line, ideograph, |space, next| {
        if !spaces.contains(&space) {
            return false;
        }
        let (left, right) = (piece.span.start..space, next..piece.span.end);
        let free =
            |pieces: &&Vec<Segment>| !pieces.iter().any(|other| other.span.start < next && space < other.span.end);
        let above = wide[..at].iter().rev().take(AROUND).take_while(free);
        let below = wide[at + 1..].iter().take(AROUND).take_while(free);
        let (mut both, mut one) = (0, [0, 0]);
        for pieces in above.chain(below) {
            let under: Vec<&Segment> = pieces.iter().filter(|other| overlap(&other.span, &piece.span)).collect();
            if !agrees(&under) {
                continue;
            }
            let stands = |part: &Range<usize>| under.iter().any(|other| overlap(&other.span, part));
            let aligned = |part: &Range<usize>| under.iter().any(|other| lined_up(&other.span, part));
            match (stands(&left), stands(&right)) {
                (true, true) => both += usize::from(aligned(&left) || aligned(&right)),
                (true, false) => one[0] += usize::from(aligned(&left)),
                (false, true) => one[1] += usize::from(aligned(&right)),
                _ => {}
            }
        }
        // A number goes with what it numbers, but where both have columns.
        both > 0 || !numbers(space) && one[0].min(one[1]) + one[1] >= ENOUGH
    })
}

/// Whether two spans begin, end or have their middle together.
fn lined_up(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start == b.start || a.end == b.end || (a.start + a.end).abs_diff(b.start + b.end) <= 1
}

/// The columns of the spaces in a piece; not of those that set Latin letters and digits off from the others, where
/// the text does so.
fn spaces(piece: &Segment, line: &str, ideograph: usize, sets_off: bool) -> Vec<usize> {
    let text = &line[piece.bytes.clone()];
    let mut found = Vec::new();
    let (mut column, mut before) = (piece.span.start, None);
    for (at, c) in text.char_indices() {
        let after = || text[at + c.len_utf8()..].chars().next();
        if is_space(c) && !(sets_off && before.zip(after()).is_some_and(|(before, after)| is_seam(before, after))) {
            found.push(column);
        }
        column += width_of(c, column, ideograph);
        before = Some(c);
    }
    found
}

/// Whether of two characters one is Latin and the other is not.
fn is_seam(before: char, after: char) -> bool {
    before.is_ascii() != after.is_ascii()
}

/// Whether lines mostly set Latin letters and digits off with a space: `DX 推進`.
fn sets_off_latin<'l>(lines: impl Iterator<Item = &'l str>) -> bool {
    let (mut off, mut close) = (0usize, 0usize);
    for line in lines {
        let mut before = [' ', ' '];
        for c in line.chars() {
            if !is_space(c) {
                let letter = |c: char| c.is_alphanumeric();
                close += usize::from(!is_space(before[1]) && letter(before[1]) && letter(c) && is_seam(before[1], c));
                let spaced = before[1] == ' ' && letter(before[0]) && letter(c) && is_seam(before[0], c);
                off += usize::from(spaced && !is_space(before[0]));
            }
            before = [before[1], c];
        }
    }
    off > close
}

/// A piece parted at those of its single spaces for which `parts` holds: it gets the column of the space and the one
/// where what follows begins.
fn split(piece: &Segment, line: &str, ideograph: usize, parts: impl Fn(usize, usize) -> bool) -> Vec<Segment> {
    let mut found = Vec::with_capacity(1);
    let mut rest = piece.clone();
    let mut column = piece.span.start;
    for (at, c) in line[piece.bytes.clone()].char_indices() {
        let width = width_of(c, column, ideograph);
        if is_space(c) && column > rest.span.start && parts(column, column + width) {
            let at = piece.bytes.start + at;
            found.push(Segment { span: rest.span.start..column, bytes: rest.bytes.start..at });
            rest = Segment { span: column + width..rest.span.end, bytes: at + c.len_utf8()..rest.bytes.end };
        }
        column += width;
    }
    found.push(rest);
    found
}

/// The pieces of a line, those that run over a blank column of the lines above parted at a single space there.
pub(super) fn parted_at(pieces: &[Segment], line: &str, ideograph: usize, columns: &[Range<usize>]) -> Vec<Segment> {
    let gutters: Vec<Range<usize>> = columns.windows(2).map(|pair| pair[0].end - 1..pair[1].start).collect();
    let parts = |space: usize, _| gutters.iter().any(|gutter| gutter.contains(&space));
    pieces.iter().flat_map(|piece| split(piece, line, ideograph, parts)).collect()
}

/// Whether a line has a wide space between two pieces, or a deep indent: what makes it worth a closer look.
pub(super) fn may_begin(line: &str) -> bool {
    line.contains("  ") || line.contains("　　") || line.contains("　 ") || line.contains(" 　")
}

/// Whether a line may stand in a table of columns.
pub(super) fn fits_layout(line: &str) -> bool {
    !line.contains('\t')
        && !line.starts_with(['#', '|', '<'])
        && prose::bullet(line).is_none()
        && !contents::is_leader_line(line)
}

/// The pieces of a line between wide spaces; one for a line that is only spaced out.
pub(super) fn segments(line: &str, ideograph: usize) -> Vec<Segment> {
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

/// Whether a piece is a figure: it goes on no other one.
pub(super) fn is_figure(piece: &str) -> bool {
    piece.trim_start_matches(['△', '▲', '-', '−', '約']).starts_with(char::is_numeric)
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

pub(super) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
