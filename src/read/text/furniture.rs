//! Running heads and page numbers: lines that pages print, and that are no content.

use super::lines::{Source, SourceLine, is_space, trimmed};
use std::collections::HashMap;

/// How many lines at the top and at the bottom of a page may be running heads.
const EDGE: usize = 2;

/// The most pieces between wide spaces that a running head has: a title, an authority, a page number.
const MOST_PIECES: usize = 3;

/// The fewest pages that make a line at their edge a running head.
const FEWEST_PAGES: usize = 3;

/// The fewest lone numbers, each greater than the one before, that are page numbers in a text without page breaks.
const FEWEST_NUMBERS: usize = 3;

/// What decorates a page number.
const DECORATION: &str = "-－―‐–—─━=＝*_~～[]［］<>＜＞()（）#!|.・";

/// Words that stand before or after the number of a page.
const PAGE_WORDS: &[&str] = &["page", "ページ", "頁", "pp", "p"];

/// What a line says that leads back to the top of a page, or to its contents.
const BACK: &[&str] = &[
    "ページの先頭へ",
    "ページの先頭に",
    "ページの先頭へ戻る",
    "ページの先頭に戻る",
    "ページトップへ",
    "ページトップへ戻る",
    "ページトップに戻る",
    "ページの上へ戻る",
    "トップへ戻る",
    "先頭へ戻る",
    "先頭に戻る",
    "上に戻る",
    "目次へ",
    "目次へ戻る",
    "目次に戻る",
    "戻る",
];

/// Whether a line only leads back to the top of a page: `▲ページの先頭へ`, as a Markdown link too.
pub(in crate::read) fn leads_back(line: &str) -> bool {
    const LONGEST: usize = 120; // bytes
    if line.len() > LONGEST {
        return false;
    }
    let line = trimmed(line);
    let link = line.strip_prefix('[').and_then(|rest| rest.split_once("](#")).map(|(text, _)| text);
    let bare = link.unwrap_or(line).trim_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.strip_prefix("この").unwrap_or(bare);
    BACK.contains(&bare)
}

/// Whether a line is only a page number: the number, and whether it is marked as one (`- 3 -`, `P.3`, `3 / 20`).
pub(in crate::read) fn page_number(line: &str) -> Option<(u32, bool)> {
    let line = trimmed(line);
    if line.len() > 40 {
        return None;
    }
    let decorated = |c: char| DECORATION.contains(c) || is_space(c);
    let bare = line.trim_matches(decorated);
    let first = bare.chars().next()?;
    if !first.is_numeric() && !"pPｐＰペ頁".contains(first) {
        return None;
    }
    let bare = bare.to_lowercase();
    let mut rest = bare.as_str();
    let mut worded = false;
    for word in PAGE_WORDS {
        if let Some(after) = rest.strip_prefix(word) {
            (rest, worded) = (after.trim_start_matches(decorated), true);
            break;
        }
        if let Some(before) = rest.strip_suffix(word) {
            (rest, worded) = (before.trim_end_matches(decorated), true);
            break;
        }
    }
    let (number, total) = match rest.split_once(['/', '／']).or_else(|| rest.split_once(" of ")) {
        Some((number, total)) => (trimmed(number), Some(trimmed(total))),
        None => (rest, None),
    };
    let is_number = |text: &str| (1..=4).contains(&text.chars().count()) && text.chars().all(|c| c.is_numeric());
    if !is_number(number) || total.is_some_and(|total| !is_number(total)) {
        return None;
    }
    let enclosed = line.len() != rest.len()
        && line.starts_with(|c: char| "-－―‐–—─━=＝~～".contains(c))
        && line.ends_with(|c: char| "-－―‐–—─━=＝~～".contains(c));
    let value = number.chars().try_fold(0u32, |value, c| {
        let digit = c.to_digit(10).or_else(|| (c as u32).checked_sub('０' as u32).filter(|digit| *digit < 10))?;
        Some(value * 10 + digit)
    })?;
    Some((value, worded || enclosed || (total.is_some() && line == rest && rest.contains(" / "))))
}

/// Takes the furniture lines out of a source; they are given back in order, the lines after them know of the gap.
pub(super) fn take(source: &mut Source) -> Vec<SourceLine> {
    let mut is_furniture = vec![false; source.lines.len()];
    page_numbers(source, &mut is_furniture);
    running_heads(source, &mut is_furniture);
    for (at, taken) in is_furniture.iter_mut().enumerate() {
        *taken |= leads_back(source.get(at));
    }
    if !is_furniture.contains(&true) {
        return Vec::new();
    }
    let mut taken = Vec::new();
    let mut kept = Vec::with_capacity(source.lines.len());
    let (mut gap, mut page_break) = (false, false);
    for (mut line, furniture) in std::mem::take(&mut source.lines).into_iter().zip(is_furniture) {
        if furniture {
            (gap, page_break) = (true, page_break | line.page_break);
            taken.push(line);
            continue;
        }
        line.gap |= gap;
        line.after_furniture = gap;
        line.page_break |= page_break;
        (gap, page_break) = (false, false);
        kept.push(line);
    }
    source.lines = kept;
    taken
}

fn page_numbers(source: &Source, is_furniture: &mut [bool]) {
    let alone = |at: usize| {
        let next = source.lines.get(at + 1);
        (at == 0 || source.lines[at].gap) && next.is_none_or(|next| next.gap)
    };
    let at_edge = |at: usize| {
        let next = source.lines.get(at + 1);
        (source.lines[at].page_break || next.is_none_or(|next| next.page_break)) && source.lines[0].number > 0
    };
    let paged = source.lines.iter().any(|line| line.page_break);
    let mut bare = Vec::new();
    let mut marked_first = Vec::new();
    for (at, line) in source.lines.iter().enumerate() {
        let Some((number, marked)) = page_number(source.get(at)) else { continue };
        if (marked && (alone(at) || at_edge(at))) || (paged && at_edge(at)) {
            is_furniture[at] = true;
        } else if alone(at) {
            bare.push((at, number));
        } else if marked && line.gap {
            marked_first.push((at, number));
        }
    }
    // `- 9 -` directly above the next page's text, page after page
    if marked_first.len() >= 2 && marked_first.windows(2).all(|pair| pair[0].1 < pair[1].1) {
        marked_first.iter().for_each(|(at, _)| is_furniture[*at] = true);
    }
    // Without page breaks, lone numbers are page numbers where they count on through the text.
    if !paged && bare.len() >= FEWEST_NUMBERS && bare.windows(2).all(|pair| pair[0].1 < pair[1].1) {
        bare.iter().for_each(|(at, _)| is_furniture[*at] = true);
    }
}

fn running_heads(source: &Source, is_furniture: &mut [bool]) {
    let mut starts: Vec<usize> = (0..source.lines.len()).filter(|&at| at == 0 || source.lines[at].page_break).collect();
    if starts.len() == 1 {
        // without page breaks a page begins behind the number of the one before
        starts.extend((1..source.lines.len()).filter(|&at| is_furniture[at - 1] && !is_furniture[at]));
    }
    let pages = starts.len();
    if pages < FEWEST_PAGES {
        return;
    }
    starts.push(source.lines.len());
    let mut edges: HashMap<String, Vec<usize>> = HashMap::new();
    let mut above_last: HashMap<usize, usize> = HashMap::new();
    for page in starts.windows(2) {
        let content: Vec<usize> = (page[0]..page[1]).filter(|&at| !is_furniture[at]).collect();
        let top = content.iter().take(EDGE);
        let bottom = content.iter().rev().take(EDGE.min(content.len().saturating_sub(EDGE)));
        if let [.., above, last] = &content[EDGE.min(content.len())..] {
            above_last.insert(*above, *last);
        }
        for &at in top.chain(bottom) {
            let line = trimmed(source.get(at));
            if line.len() <= 200 && !line.contains(['\t', '|', '<']) && !is_row(line) {
                // How wide the spaces are depends on what else the page prints.
                let bare = line.chars().filter(|c| !is_space(*c));
                let key: String = bare.map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
                edges.entry(key).or_default().push(at);
            }
        }
    }
    for lines in edges.into_values().filter(|lines| lines.len() >= FEWEST_PAGES && lines.len() * 2 > pages) {
        lines.into_iter().for_each(|at| is_furniture[at] = true);
    }
    // What stands above a last line that is content titles it: `6 関連計画`.
    above_last.retain(|above, last| is_furniture[*above] && !is_furniture[*last]);
    above_last.into_keys().for_each(|above| is_furniture[above] = false);
}

/// Whether a line has more pieces between wide spaces than a running head: it is the head of a table.
fn is_row(line: &str) -> bool {
    line.split("  ").filter(|piece| !trimmed(piece).is_empty()).nth(MOST_PIECES).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_of_every_form() {
        for line in
            ["- 3 -", "－３－", "P.3", "p3", "3ページ", "ページ 3", "--- Page 3 ---", "Page 3 of 20", "<3 / 20>"]
        {
            assert!(
                page_number(line).is_some_and(|(number, marked)| number == 3 && (marked || line.contains('/'))),
                "{line}"
            );
        }
        assert_eq!(page_number("3"), Some((3, false)));
        for line in ["3件", "令和5年", "2-1", "1/2か所", "p", "ページ", ""] {
            assert_eq!(page_number(line), None, "{line}");
        }
    }

    fn content(text: &str) -> Vec<String> {
        let mut source = Source::new(text);
        take(&mut source);
        (0..source.lines.len()).map(|at| source.get(at).to_owned()).collect()
    }

    #[test]
    fn running_heads_and_numbers_are_taken_out() {
        let pages: Vec<String> = (1..=4).map(|n| format!("港北町計画\n\n本文{}。\n\n{n}\n", "窓".repeat(n))).collect();
        assert_eq!(content(&pages.join("\x0c")), ["本文窓。", "本文窓窓。", "本文窓窓窓。", "本文窓窓窓窓。"]);
    }

    #[test]
    fn ways_back_are_no_content() {
        for line in ["▲ページの先頭へ", "このページの先頭へ戻る", "[ページトップへ](#top)", " ↑目次へ戻る "]
        {
            assert!(leads_back(line), "{line}");
        }
        for line in ["窓口へ戻る", "先頭へ戻るボタンの設置", "目次", "[計画](#plan)"] {
            assert!(!leads_back(line), "{line}");
        }
    }

    #[test]
    fn a_heading_above_the_last_line_is_content() {
        let text = |n: usize| {
            format!("港北町計画\n\n{}。\n\n課題。\n\n3 関連計画\n{}計画\n\n{n}\n", "窓".repeat(n), "町".repeat(n))
        };
        let pages: Vec<String> = (1..=4).map(text).collect();
        let read = content(&pages.join("\x0c"));
        assert_eq!(read[..4], ["窓。", "課題。", "3 関連計画", "町計画"]);
        assert_eq!(read.iter().filter(|line| *line == "3 関連計画").count(), 4);
    }

    #[test]
    fn a_lone_number_in_a_text_may_be_content() {
        assert_eq!(content("件数\n\n12\n\n合計\n"), ["件数", "12", "合計"]);
        assert_eq!(content("一\n\n1\n\n二\n\n2\n\n三\n\n3\n"), ["一", "二", "三"]);
    }
}
