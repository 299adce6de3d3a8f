//! Tables of contents: lines with leaders and page numbers, also when a converter made tables of them.

use super::lines::{is_space, trimmed};
use crate::document::{Cell, Line, Table, Text};

/// Characters that lead from a title to its page number.
const LEADERS: &str = ".．…‥・･·-‐－―─━_＿ ";

/// The fewest leader characters that make a line one of contents.
const FEWEST_LEADERS: usize = 3;

/// The greatest page number that is believed.
const LAST_PAGE: u32 = 1999;

/// Whether a line leads with dots to a page number: `1 概要 ……… 3`.
pub(in crate::read) fn is_leader_line(line: &str) -> bool {
    let last = line.bytes().next_back().unwrap_or(0);
    // Page numbers end in an ASCII digit, a P, a bracket, or a character of three bytes.
    if !(last.is_ascii_digit() || matches!(last, b'p' | b'P' | b')' | b' ' | b'\t') || last >= 0x80) {
        return false;
    }
    let Some((title, _)) = split_page(trimmed(line)) else { return false };
    let leaders = title.chars().rev().take_while(|c| LEADERS.contains(*c) || is_space(*c));
    let mut dots = 0;
    for c in leaders {
        dots += match c {
            '…' => 3,
            '‥' => 2,
            c if is_space(c) => 0,
            _ => 1,
        };
    }
    dots >= FEWEST_LEADERS
}

/// Whether a line ends in a page number that white space or leaders set off: one under the title of a contents.
pub(in crate::read) fn is_entry(line: &str) -> bool {
    split_page(trimmed(line)).is_some_and(|(title, _)| {
        title.ends_with(|c: char| is_space(c) || LEADERS.contains(c)) && title.chars().any(char::is_alphabetic)
    })
}

/// The page number at the end of a line (`12`, `P.12`, `12P`, `12ページ`), and what stands before it.
fn split_page(line: &str) -> Option<(&str, u32)> {
    let line = line.trim_end_matches([')', '）']);
    let bare = ["ページ", "頁", "p", "P", "ｐ", "Ｐ"].iter().find_map(|unit| line.strip_suffix(unit)).unwrap_or(line);
    let bare = bare.trim_end_matches(is_space);
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let start = bare.trim_end_matches(digit).len();
    let number = bare[start..].chars().try_fold(0u32, |number, c| {
        let value = c.to_digit(10).or_else(|| (c as u32).checked_sub('０' as u32))?;
        number.checked_mul(10)?.checked_add(value)
    })?;
    if start == bare.len() || number > LAST_PAGE {
        return None;
    }
    let title = bare[..start].trim_end_matches(['p', 'P', 'ｐ', 'Ｐ', '(', '（']);
    Some((title.strip_suffix("p.").or(title.strip_suffix("P.")).unwrap_or(title), number))
}

/// The number of a cell that holds nothing but a page number.
fn page(cell: &str) -> Option<u32> {
    split_page(trimmed(cell)).filter(|(title, _)| title.is_empty()).map(|(_, number)| number)
}

/// The lines of a table that is one of contents: pairs of a title and a page number that never falls, without
/// a head. `titled` says whether a heading announces contents: without one the first column must count its rows.
pub(super) fn from_table(table: &Table, titled: bool) -> Option<Text> {
    let number = |cell: &Cell| match cell.text.lines.as_slice() {
        [line] => page(&line.raw),
        _ => None,
    };
    let is_blank = |cell: &Cell| cell.text.is_blank();
    if table.rows < 2 || (!titled && table.cells.first().and_then(number).is_none()) {
        return None;
    }
    let mut numbers: Vec<Vec<u32>> = vec![Vec::new(); table.columns as usize];
    let mut others = vec![false; table.columns as usize];
    for cell in &table.cells {
        match number(cell) {
            Some(number) => numbers[cell.column as usize].push(number),
            None => others[cell.column as usize] |= !is_blank(cell),
        }
    }
    // The columns of pages: numbers that never fall and nothing else, on half of the rows or more, behind a title.
    let is_paged = |column: usize| {
        column > 0 && !others[column] && numbers[column].len() * 2 >= table.rows as usize && numbers[column].is_sorted()
    };
    let paged: Vec<usize> = (0..numbers.len()).filter(|column| is_paged(*column)).collect();
    let last_printed = (0..numbers.len()).rfind(|&column| others[column] || !numbers[column].is_empty());
    let count: usize = paged.iter().map(|column| numbers[*column].len()).sum();
    let counted = numbers[0].len() >= 3 && numbers[0].windows(2).all(|pair| pair[1] == pair[0] + 1);
    if count < 3 || paged.last().copied() != last_printed || !(titled || counted) {
        return None;
    }
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    for end in paged {
        for row in 0..table.rows {
            let cells = || table.row(row).iter().filter(|cell| (start..=end).contains(&(cell.column as usize)));
            let printed: Vec<&str> = cells().flat_map(|cell| &cell.text.lines).map(|line| line.raw.as_ref()).collect();
            if let Some(first) = cells().next().filter(|_| !printed.is_empty()) {
                lines.push(Line { raw: printed.join(" ").into(), place: first.place.clone(), ..Line::default() });
            }
        }
        start = end + 1;
    }
    Some(Text::of(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leader_lines() {
        for line in [
            "第1章 概要.....\t2",
            "1 概要 ……… 3",
            "(1) 趣旨・・・・・・12",
            "概要 ………………………… P.3",
            "概要 ――――― 3ページ",
            "概要 . . . . . 4",
        ] {
            assert!(is_leader_line(line), "{line}");
        }
        for line in ["概要\t3", "令和5年度", "1.5", "調査・・・開始", "3", "…", "目標値 -- 5"] {
            assert!(!is_leader_line(line), "{line}");
        }
    }

    #[test]
    fn entries() {
        assert!(is_entry("1 概要    3"));
        assert!(is_entry("1 概要\t12P"));
        assert!(!is_entry("令和5"));
        assert!(!is_entry("12"));
    }
}
