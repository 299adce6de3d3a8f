//! Columns aligned with spaces, as fixed-width prints and layout-keeping converters make them.
//!
//! A table is a run of lines that all leave the same columns of the page blank. Ideographs are taken to be two
//! columns wide, or one (as `pdftotext -layout` counts them), whichever makes more of the lines a table.

use super::super::lines::{Source, char_width, is_space, trimmed};
use super::super::{headings, inline::Lines, prose};
use super::{Budget, Content, MAX_COLUMNS, TableBuilder};
use crate::document::{Cell, Place, Table};
use std::ops::Range;

/// The widest line, in columns, that is laid out as one of a table.
const WIDEST: usize = 1000;

/// How many blank lines may part the rows of one table.
const BLANKS: u32 = 2;

/// How many lines tell which width ideographs have.
const SAMPLE: usize = 60;

/// From how many lines on a single blank column parts two columns; fewer must leave two.
const SURE: usize = 4;

/// How far before the edge of its column, in columns, a wrapped line of a cell may end.
const RAGGED: usize = 3;

/// The narrowest column, in columns, in which a line that runs up to the edge says that the next one goes on it.
const NARROWEST_WRAP: usize = 12;

/// The same, where blank lines part the rows.
const NARROWEST_LABEL: usize = 8;

/// One line in so many must have pieces in several columns; the others go on cells.
const FEWEST_PARTED: usize = 6;

/// A piece of a line between wide spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    /// Columns of the page.
    span: Range<usize>,
    /// Bytes of the line.
    bytes: Range<usize>,
}

/// Lines that stand in columns together.
#[derive(Debug, Clone)]
struct Block {
    /// Lines of the source, and their segments.
    lines: Vec<(usize, Vec<Segment>)>,
    /// Which columns of the page any line but the crossing ones prints in.
    ink: Vec<bool>,
    /// Lines that run over several columns, as indices into `lines`.
    crossing: Vec<usize>,
}

/// Whether a line has a wide space between two pieces, or a deep indent: what makes it worth a closer look.
pub(in super::super) fn may_begin(line: &str) -> bool {
    line.contains("  ") || line.contains("　　") || line.contains("　 ") || line.contains(" 　")
}

/// Whether a table begins on a line in the middle of prose: one of pieces, and those below it in the same columns.
pub(in super::super) fn begins(source: &Source, at: usize) -> bool {
    may_begin(trimmed(source.get(at))) && layout(source, at).is_some()
}

/// The table that begins on a line, and the index of the line after it.
pub(in super::super) fn read(source: &Source, first: usize, budget: &mut Budget) -> Option<(Table, usize)> {
    if !may_begin(source.get(first)) {
        return None;
    }
    let (sampled, ideograph) = layout(source, first)?;
    let block = if sampled.lines.len() < SAMPLE { sampled } else { grow(source, first, ideograph, usize::MAX)? };
    build(source, &block, budget)
}

/// The first lines of a table, and how many columns an ideograph takes in it.
fn layout(source: &Source, first: usize) -> Option<(Block, usize)> {
    let by = |ideograph| grow(source, first, ideograph, SAMPLE).filter(is_table);
    let score = |block: &Option<Block>| block.as_ref().map_or(0, |block| block.lines.len() * block.columns().len());
    let (wide, narrow) = (by(2), by(1));
    if score(&wide) >= score(&narrow) { wide.map(|block| (block, 2)) } else { narrow.map(|block| (block, 1)) }
}

/// The pieces of a line; one for a line that is only spaced out.
fn segments(line: &str, ideograph: usize) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    let (mut column, mut blank) = (0, 0);
    let mut wide_blanks = 0;
    for (at, c) in line.char_indices() {
        let width = if c == '\t' {
            8 - column % 8
        } else if char_width(c) == 2 {
            ideograph
        } else {
            char_width(c)
        };
        if is_space(c) {
            blank += 1;
            wide_blanks += usize::from(c == '\u{3000}');
            column += width;
            continue;
        }
        let end = at + c.len_utf8();
        match found.last_mut() {
            // One space, also a full-width one, stands inside a piece.
            Some(last) if blank <= 1 && !(blank == 1 && wide_blanks == 1 && c == '\u{3000}') => {
                last.span.end = column + width;
                last.bytes.end = end;
            }
            _ => found.push(Segment { span: column..column + width, bytes: at..end }),
        }
        (blank, wide_blanks) = (0, 0);
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

impl Block {
    /// The columns that print, between blank ones, left to right.
    fn columns(&self) -> Vec<Range<usize>> {
        columns(&self.ink, self.lines.len() - self.crossing.len())
    }

    fn with(&self, pieces: &[Segment]) -> Vec<bool> {
        let mut ink = self.ink.clone();
        let end = pieces.last().map_or(0, |piece| piece.span.end);
        if ink.len() < end {
            ink.resize(end, false);
        }
        pieces.iter().for_each(|piece| ink[piece.span.clone()].fill(true));
        ink
    }
}

fn columns(ink: &[bool], lines: usize) -> Vec<Range<usize>> {
    let narrowest = if lines >= SURE { 1 } else { 2 };
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < ink.len() {
        if !ink[at] {
            at += 1;
            continue;
        }
        let end = ink[at..].iter().position(|inked| !inked).map_or(ink.len(), |length| at + length);
        match found.last_mut() {
            Some(last) if at - last.end < narrowest => last.end = end,
            _ => found.push(at..end),
        }
        at = end;
    }
    found
}

/// Whether a line may stand in a table of columns.
fn fits_layout(line: &str) -> bool {
    !line.contains('\t') && !line.starts_with(['#', '|', '<']) && prose::bullet(line).is_none()
}

/// The lines from `first` on, `limit` at most, that leave the same columns blank.
fn grow(source: &Source, first: usize, ideograph: usize, limit: usize) -> Option<Block> {
    let mut block = Block { lines: Vec::new(), ink: Vec::new(), crossing: Vec::new() };
    let mut at = first;
    while at < source.lines.len() && block.lines.len() < limit {
        let line = &source.lines[at];
        if at > first {
            let blanks = (line.number - source.lines[at - 1].number).saturating_sub(1);
            if line.page_break || line.after_furniture || blanks > BLANKS {
                break;
            }
            // A blank line below whole rows ends the table.
            if line.gap && ends_at_gap(source, &block) {
                break;
            }
        }
        let text = source.get(at);
        if !fits_layout(text) {
            break;
        }
        let pieces = segments(text, ideograph);
        let lone = pieces.len() == 1;
        // A heading at the margin ends what stands above it.
        if pieces.is_empty()
            || (lone && at > first && pieces[0].span.start < 4 && line.gap && is_numbered_heading(text))
        {
            break;
        }
        let ink = block.with(&pieces);
        let before = block.columns().len();
        let after = columns(&ink, block.lines.len() + 1 - block.crossing.len()).len();
        let keeps_columns = after >= before || before <= 1 || block.lines.len() == 1 && after >= 2;
        if block.lines.is_empty() || pieces.len() <= after && keeps_columns {
            block.ink = ink;
        } else if pieces.len() < before && block.lines.len() >= 2 && crosses_once(source, at, &block, ideograph) {
            block.crossing.push(block.lines.len());
        } else {
            break;
        }
        block.lines.push((at, pieces));
        at += 1;
    }
    // What only runs across at the end belongs to what follows.
    while block.crossing.last().is_some_and(|last| last + 1 == block.lines.len()) {
        block.crossing.pop();
        block.lines.pop();
    }
    // Single pieces at the end that a blank line sets off are prose below the table.
    let columns = block.columns();
    while let [.., (last, pieces)] = block.lines.as_slice() {
        let prose_below = pieces.len() == 1
            && source.lines[*last].gap
            && columns.first().is_some_and(|first| first.contains(&pieces[0].span.start));
        if !prose_below {
            break;
        }
        block.lines.pop();
    }
    (!block.lines.is_empty()).then_some(block)
}

/// Whether the lines above a blank line, since the one before, are rows of their own: then the table ends with them.
fn ends_at_gap(source: &Source, block: &Block) -> bool {
    let start = block.lines.iter().rposition(|(at, _)| source.lines[*at].gap).unwrap_or(0);
    let mut found = Vec::new();
    group_rows(block, start..block.lines.len(), &block.columns(), &mut found);
    found.len() >= 2
}

fn is_numbered_heading(line: &str) -> bool {
    matches!(
        headings::form(line),
        Some(headings::Form::Numbered(_) | headings::Form::Mark(_) | headings::Form::Labelled(..))
    )
}

/// Whether a line that runs over blank columns is a row of its own in the table: the next line stands in the
/// columns again.
fn crosses_once(source: &Source, at: usize, block: &Block, ideograph: usize) -> bool {
    let Some(next) = source.lines.get(at + 1).filter(|next| !next.page_break && !next.gap) else { return false };
    let text = &source.text[next.start..next.end];
    if source.lines[at].gap || !fits_layout(text) {
        return false;
    }
    let pieces = segments(text, ideograph);
    let after = columns(&block.with(&pieces), block.lines.len() + 1 - block.crossing.len()).len();
    pieces.len() >= 2 && pieces.len() <= after && after >= block.columns().len()
}

/// Whether a block of lines is a table: two columns or more, and two lines or more that have pieces in both.
fn is_table(block: &Block) -> bool {
    let parted = block.lines.iter().filter(|(_, pieces)| pieces.len() >= 2).count();
    let columns = block.columns().len();
    columns >= 2 && columns <= MAX_COLUMNS as usize && parted >= 2 && parted * FEWEST_PARTED >= block.lines.len()
}

/// A piece of a line in the columns that it covers.
#[derive(Debug, Clone)]
struct Placed {
    columns: Range<usize>,
    /// Where it ends, in columns of the page.
    end: usize,
    bytes: Range<usize>,
}

/// The pieces of a line by the columns that they cover; pieces of one column are one.
fn placed(pieces: &[Segment], columns: &[Range<usize>]) -> Vec<Placed> {
    let mut found: Vec<Placed> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let touches = |column: &Range<usize>| column.start < piece.span.end && piece.span.start < column.end;
        let nearest = columns.partition_point(|column| column.start <= piece.span.start).saturating_sub(1);
        let start = columns.iter().position(touches).unwrap_or(nearest);
        let end = columns.iter().rposition(touches).unwrap_or(start) + 1;
        match found.last_mut() {
            Some(last) if start < last.columns.end => {
                last.columns.end = last.columns.end.max(end);
                (last.end, last.bytes.end) = (piece.span.end, piece.bytes.end);
            }
            _ => found.push(Placed { columns: start..end, end: piece.span.end, bytes: piece.bytes.clone() }),
        }
    }
    found
}

/// The rows of a block, as ranges of its lines: blank lines part rows; between them each line is a row, or goes on
/// the one above.
fn rows(source: &Source, block: &Block) -> Vec<Range<usize>> {
    let columns = block.columns();
    let mut found = Vec::new();
    let mut start = 0;
    while start < block.lines.len() {
        let gap = |index: &usize| source.lines[block.lines[*index].0].gap;
        let end = (start + 1..block.lines.len()).find(gap).unwrap_or(block.lines.len());
        group_rows(block, start..end, &columns, &mut found);
        start = end;
    }
    found
}

/// Adds the rows of lines that follow each other directly.
fn group_rows(block: &Block, group: Range<usize>, columns: &[Range<usize>], found: &mut Vec<Range<usize>>) {
    let lines: Vec<Vec<Placed>> = group.clone().map(|index| placed(&block.lines[index].1, columns)).collect();
    let crossing = |index: usize| block.crossing.contains(&index);
    if !group.clone().any(crossing) && is_one_row(&lines, columns) {
        found.push(group);
        return;
    }
    let first = found.len();
    for (index, line) in group.clone().zip(&lines) {
        let row = found.get(first..).and_then(|rows: &[Range<usize>]| rows.last()).cloned();
        let above = row.map(|row| &lines[row.start - group.start..row.end - group.start]);
        let goes_on = !crossing(index)
            && above.is_some_and(|above| {
                let labelled = line.first().is_some_and(|piece| piece.columns.start == 0);
                (!labelled || line.len() == 1) && line.iter().all(|piece| was_wrapped(above, piece, columns))
            });
        match found.last_mut().filter(|_| goes_on) {
            Some(row) => row.end = index + 1,
            None => found.push(index..index + 1),
        }
    }
}

/// Whether a piece goes on the last one above it in its column, which ran up to the edge of the column.
fn was_wrapped(above: &[Vec<Placed>], piece: &Placed, columns: &[Range<usize>]) -> bool {
    let column = &columns[piece.columns.start];
    let last = above.iter().rev().flatten().find(|other| other.columns.contains(&piece.columns.start));
    column.len() >= NARROWEST_WRAP && last.is_some_and(|last| last.end + RAGGED >= column.end)
}

/// Whether lines between blank ones are one row: its first cell stands on one line only, or was wrapped at the
/// edge of its column beside a cell of another number of lines; every other cell goes on from line to line.
fn is_one_row(lines: &[Vec<Placed>], columns: &[Range<usize>]) -> bool {
    let at = |line: &[Placed], column: usize| line.iter().find(|piece| piece.columns.contains(&column)).cloned();
    let labels: Vec<Placed> = lines.iter().filter_map(|line| at(line, 0)).collect();
    if lines.len() < 2 {
        return true;
    }
    let Some((_, before)) = labels.split_last() else { return false };
    let wrapped = before.is_empty()
        || (labels.len() < lines.len()
            && columns[0].len() >= NARROWEST_LABEL
            && before.iter().all(|piece| piece.end + 1 >= columns[0].end));
    wrapped
        && (1..columns.len()).all(|column| {
            let pieces: Vec<Placed> = lines.iter().filter_map(|line| at(line, column)).collect();
            pieces.len() < 2
                || columns[column].len() >= NARROWEST_WRAP
                    && pieces.iter().all(|piece| piece.columns.len() == 1)
                    && pieces.iter().any(|piece| piece.end + RAGGED >= columns[column].end)
        })
}

/// The columns a cell covers, and its pieces, each with the index of its line in the block.
type Covered = (Range<usize>, Vec<(usize, Placed)>);

fn build(source: &Source, block: &Block, budget: &mut Budget) -> Option<(Table, usize)> {
    let columns = block.columns();
    let number = |index: usize| source.lines[block.lines[index].0].number;
    let (first, last) = (block.lines.first()?.0, block.lines.last()?.0);
    let rows = rows(source, block);
    if rows.len() < 2 {
        return None;
    }
    let mut table = TableBuilder::new(source.lines[first].number);
    for (row, lines) in (0..).zip(rows) {
        if !table.fits(columns.len() as u32) {
            budget.exceeded = true;
            break;
        }
        let mut cells: Vec<Covered> = Vec::new();
        for index in lines.clone() {
            for piece in placed(&block.lines[index].1, &columns) {
                match cells
                    .iter_mut()
                    .find(|(covered, _)| covered.start < piece.columns.end && piece.columns.start < covered.end)
                {
                    Some((covered, pieces)) => {
                        covered.end = covered.end.max(piece.columns.end);
                        pieces.push((index, piece));
                    }
                    None => cells.push((piece.columns.clone(), vec![(index, piece)])),
                }
            }
        }
        // A column that nothing covers is a blank cell.
        for column in 0..columns.len() {
            if !cells.iter().any(|(covered, _)| covered.contains(&column)) {
                cells.push((column..column + 1, Vec::new()));
            }
        }
        cells.sort_by_key(|(covered, _)| covered.start);
        let place = Place::Lines { line: number(lines.start), end_line: number(lines.end - 1) };
        for (covered, pieces) in cells {
            if !budget.take_cell() {
                break;
            }
            let Content { text, nested, place } = content(source, block, &pieces, &columns, &place);
            let (column, column_span) = (covered.start as u32, covered.len() as u32);
            table.push(Cell { row, column, row_span: 1, column_span, text, fill: None, nested, place });
        }
    }
    Some((table.finish(source.lines[last].number)?, last + 1))
}

/// The cell of pieces from one or several lines, each with the index of its line in the block.
fn content(
    source: &Source,
    block: &Block,
    pieces: &[(usize, Placed)],
    columns: &[Range<usize>],
    row: &Place,
) -> Content {
    let mut lines = Lines::default();
    let mut before: Option<(&str, bool)> = None;
    for (index, piece) in pieces {
        let (at, _) = block.lines[*index];
        let text = trimmed(&source.get(at)[piece.bytes.clone()]);
        let number = source.lines[at].number;
        let wrapped =
            before.is_some_and(|(before, full)| prose::continues(before, text, if full { 0 } else { prose::WIDE }));
        if !wrapped {
            lines.hard_break();
        }
        lines.push_wrapped(text, number);
        let edge = columns[piece.columns.end - 1].end;
        before = Some((text, piece.end + RAGGED >= edge && columns[piece.columns.start].len() >= NARROWEST_LABEL));
    }
    let text = lines.take();
    let place = text.place.clone().unwrap_or_else(|| row.clone());
    Content { text, nested: Vec::new(), place }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Option<Vec<String>> {
        let source = Source::new(text);
        let (table, _) = read(&source, 0, &mut Budget::default())?;
        let row =
            |row| table.row(row).iter().map(|cell| cell.text.raw().replace('\n', "⏎")).collect::<Vec<_>>().join("|");
        Some((0..table.rows).map(row).collect())
    }

    #[test]
    fn ideographs_of_two_columns_or_one() {
        let wide = "\
施策名          担当課      令和5年度  令和6年度
窓口の改善      市民課      10件       20件
電話受付の拡充  情報政策課             30件
";
        let narrow = "\
施策名       担当課     令和5年度  令和6年度
窓口の改善     市民課     10件    20件
電話受付の拡充   情報政策課          30件
";
        let expected =
            ["施策名|担当課|令和5年度|令和6年度", "窓口の改善|市民課|10件|20件", "電話受付の拡充|情報政策課||30件"];
        assert_eq!(table(wide).unwrap(), expected);
        assert_eq!(table(narrow).unwrap(), expected);
    }

    #[test]
    fn wrapped_cells_go_on() {
        let text = "\
項目    内容
概要    窓口の混雑を減らすため、オンラインで行え
        る手続を増やします。
担当課  市民課
";
        let expected =
            ["項目|内容", "概要|窓口の混雑を減らすため、オンラインで行える手続を増やします。", "担当課|市民課"];
        assert_eq!(table(text).unwrap(), expected);
    }

    #[test]
    fn blank_first_cells_are_rows_of_their_own() {
        let text = "\
方針    施策              令和5年度
方針1   窓口の改善        10件
        電話受付の拡充    20件
方針2   研修の実施        5回
";
        let expected = ["方針|施策|令和5年度", "方針1|窓口の改善|10件", "|電話受付の拡充|20件", "方針2|研修の実施|5回"];
        assert_eq!(table(text).unwrap(), expected);
    }

    #[test]
    fn rows_parted_by_blank_lines() {
        let text = "\
施策名      窓口の改善

担当課      市民課

            窓口の混雑を減らすため、オンラインで行え
①現状と課
            る手続を増やすとともに、電話で受け付ける
題
            時間を延ばす。
";
        let expected = [
            "施策名|窓口の改善",
            "担当課|市民課",
            "①現状と課題|窓口の混雑を減らすため、オンラインで行える手続を増やすとともに、電話で受け付ける時間を延ばす。",
        ];
        assert_eq!(table(text).unwrap(), expected);
    }

    #[test]
    fn spaced_titles_and_prose_are_no_tables() {
        for text in [
            "目        次\n令  和  五  年\n",
            "                令和5年10月\n                港北町\n",
            "    本市では、窓口の混雑を減らします。\n    電話の受付を広げます。\n",
            "窓口の改善  (再掲)\n本市では、窓口の混雑を減らすため、手続を増やします。\n",
        ] {
            assert_eq!(table(text), None, "{text}");
        }
    }
}
