//! Tables whose columns a conversion squeezed until one space was left between two of them, or shifted against their
//! head: a head, and rows of as many words.
//!
//! ```text
//! 指標              単位 現況(R5) 中間(R12) 目標(R16)
//! 緑道の供用延長          km        4.2        5.0        6.0
//! ```
//! Where nothing stands under anything, the order of the words tells whose column they are in.

use super::super::super::inline::Lines;
use super::super::super::lines::{is_space, trimmed};
use super::super::{Budget, Content, TableBuilder};
use super::pieces::{Pieces, Segment, fits_layout, is_figure, overlap, segments};
use crate::document::{Place, Table};

/// The fewest words of a row.
const FEWEST: usize = 4;

/// How many words of a row, at its start, need not be figures: a name and a unit.
const WORDS: usize = 2;

/// How the words of a table's lines stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Under each other.
    Columns,
    /// Under others than their own head.
    Astray,
    /// One space apart.
    Squeezed,
}

/// Whether a squeezed or shifted table begins on a line.
pub(super) fn begins(pieces: &Pieces, at: usize) -> bool {
    rows(pieces, at).is_some_and(|(_, standing)| standing != Standing::Columns)
}

/// Whether a table begins on a line whose columns are one space apart.
pub(super) fn is_squeezed(pieces: &Pieces, at: usize) -> bool {
    rows(pieces, at).is_some_and(|(_, standing)| standing == Standing::Squeezed)
}

/// Whether a line heads rows of as many words, however they stand.
pub(super) fn heads(pieces: &Pieces, at: usize) -> bool {
    rows(pieces, at).is_some()
}

/// The squeezed table that begins on a line, and the index of the line after it.
pub(super) fn read(pieces: &Pieces, first: usize, budget: &mut Budget) -> Option<(Table, usize)> {
    let (rows, _) = rows(pieces, first).filter(|(_, standing)| *standing != Standing::Columns)?;
    let source = pieces.source;
    let mut table = TableBuilder::new(source.lines[first].number);
    let mut at = first;
    for words in rows {
        let number = source.lines[at].number;
        let cells = words.into_iter().map(|word| {
            let mut lines = Lines::default();
            lines.push(word, number);
            Content { text: lines.take(), place: Place::line(number), ..Content::default() }
        });
        table.push_row(cells, budget);
        at += 1;
    }
    Some((table.finish(source.lines[at - 1].number)?, at))
}

/// The words of a head and of the rows below it, and how they stand; none where a row that follows has another number
/// of words.
fn rows<'s>(pieces: &Pieces<'s>, first: usize) -> Option<(Vec<Vec<&'s str>>, Standing)> {
    let source = pieces.source;
    let head = words(source.get(first));
    if head.len() < FEWEST || !fits_layout(source.get(first)) || head.iter().any(|word| is_figure(word)) {
        return None;
    }
    let attached = |at: usize| source.lines.get(at).is_some_and(|line| !line.gap && !line.page_break);
    let mut found = vec![head.clone()];
    let mut squeezed = one_space(source.get(first), &head);
    let mut astray = false;
    let mut at = first + 1;
    while attached(at) {
        let line = source.get(at);
        let Some(row) = row(line, head.len()) else { break };
        squeezed |= one_space(line, &row);
        astray |= is_astray(source.get(first), line, head.len());
        found.push(row);
        at += 1;
    }
    // a row with a blank cell has no order to go by
    let ragged = attached(at) && {
        let words = words(source.get(at));
        words.len() > WORDS && words.len() < head.len() && words.last().is_some_and(|word| is_figure(word))
    };
    let standing = match (squeezed, astray) {
        (true, _) => Standing::Squeezed,
        (false, true) => Standing::Astray,
        (false, false) => Standing::Columns,
    };
    (found.len() > 1 && !ragged).then_some((found, standing))
}

/// Whether one space parts two words of a line.
fn one_space(line: &str, words: &[&str]) -> bool {
    words.windows(2).any(|pair| line[offset(line, pair[0]) + pair[0].len()..offset(line, pair[1])].chars().count() == 1)
}

/// Whether words of a row stand under others than their own of the head, however wide ideographs are.
fn is_astray(head: &str, row: &str, count: usize) -> bool {
    [1, 2].into_iter().all(|ideograph| {
        let (head, row) = (segments(head, ideograph), segments(row, ideograph));
        let strays = |(at, word): (usize, &Segment)| {
            head.iter().enumerate().any(|(other, head)| other != at && overlap(&head.span, &word.span))
        };
        head.len() == count && row.len() == count && row.iter().enumerate().any(strays)
    })
}

/// Where a word of a line begins.
fn offset(line: &str, word: &str) -> usize {
    word.as_ptr() as usize - line.as_ptr() as usize
}

fn words(line: &str) -> Vec<&str> {
    line.split(is_space).filter(|word| !word.is_empty()).collect()
}

/// The words of a row of so many; those that its first cell has too many, with single spaces between them, are one.
fn row(line: &str, count: usize) -> Option<Vec<&str>> {
    let words = words(line);
    let more = words.len().checked_sub(count)?;
    let name = &line[offset(line, words[0])..offset(line, words[more]) + words[more].len()];
    let one = !name.contains("  ");
    let figures = words[more + WORDS..].iter().all(|word| is_figure(word) || is_none(word));
    (one && figures && !is_figure(name))
        .then(|| std::iter::once(trimmed(name)).chain(words[more + 1..].iter().copied()).collect())
}

/// Whether a word says that there is no figure: `－`.
fn is_none(word: &str) -> bool {
    word.chars().all(|c| "-－―—–ー…".contains(c))
}

#[cfg(test)]
mod tests {
    use super::super::super::super::lines::Source;
    use super::*;

    fn table(text: &str) -> Option<Vec<String>> {
        let source = Source::new(text);
        let (table, _) = read(&Pieces::new(&source), 0, &mut Budget::default())?;
        let row = |row| table.row(row).iter().map(|cell| cell.text.raw()).collect::<Vec<_>>().join("|");
        Some((0..table.rows).map(row).collect())
    }

    #[test]
    fn rows_of_as_many_words_as_their_head() {
        let text = "\
指標                    単位 現況(R5) 中間(R12) 目標(R16)
海岸に植えた苗木の本数（累計）        本 3,200   9,000 15,000
協力する 団体の数      団体         －        12以上       20
次の施策
";
        let expected = [
            "指標|単位|現況(R5)|中間(R12)|目標(R16)",
            "海岸に植えた苗木の本数（累計）|本|3,200|9,000|15,000",
            "協力する 団体の数|団体|－|12以上|20",
        ];
        assert_eq!(table(text).unwrap(), expected);
    }

    #[test]
    fn rows_shifted_against_their_head() {
        let text = "\
指標        単位   現況(R5)   中間(R12)   目標(R16)
協力する団体の登録数           団体   4    5    6
";
        assert_eq!(table(text).unwrap(), ["指標|単位|現況(R5)|中間(R12)|目標(R16)", "協力する団体の登録数|団体|4|5|6"]);
    }

    #[test]
    fn blank_cells_and_prose_have_no_order() {
        assert_eq!(table("指標   単位 R5 R6 R7\n登録数    件   3 4\n"), None);
        assert_eq!(table("指標     単位    現況    目標\n登録数    件       3       4\n"), None);
        assert_eq!(table("窓口を 減らし 手続を 改める\n職員が 3人 出向き 1日 回る\n"), None);
    }
}
