//! Years, eras, dates and the spans between them.

mod eras;
mod heads;
mod point;
mod time;

pub use heads::{heads, heads_under};

use super::characters::narrow;
use super::numbers;
use super::scan::Cursor;
use crate::diagnostic::Code;
use crate::record::Period;
use crate::vocabulary::{Vocabulary, YearIndex, YearWord};
use point::Setting;
use std::ops::Range;
use time::Time;

/// A printed time: the months it covers and how it was said.
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// First to last month covered: 令和5年度 is 2023-04..2024-03, 令和6年3月 is that month, 令和5～8年度 all four years.
    pub period: Period,
    pub precision: Precision,
    /// ISO 8601 at the precision printed, where one date is meant: `2021`, `2021-03`, `2021-03-31`.
    pub date: Option<String>,
    /// What stands behind it and bounds it.
    pub bound: Bound,
    /// What is odd about it: `EraYearAfterEnd`, `EraYearBeforeStart`, `EraConflict`.
    pub codes: Vec<Code>,
}

/// How fine a time is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    FiscalYear,
    /// A calendar year (2021年, 令和3年) without 度.
    Year,
    Half,
    Quarter,
    Month,
    Day,
    /// A span of several (令和5～8年度, R5・6年度).
    Range,
}

/// What a particle behind a time makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Nothing.
    In,
    /// までに, 中, 末: a deadline.
    By,
    /// から, 以降, ～ with nothing behind: a start.
    From,
}

impl When {
    /// The fiscal year in which it lies, by its last month (令和6年3月 lies in 2023; 令和3年 as 2021).
    pub fn fiscal_year(&self) -> i32 {
        match self.precision {
            Precision::Year => self.period.start.year,
            _ => self.period.end.fiscal_year(),
        }
    }
}

/// A time and where it stands in a text (byte range).
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    pub range: Range<usize>,
    pub when: When,
}

/// The time that a whole text states (`令和5年度`, `R5`, `2021(令和3)年度`, `令和3年度上期`, `令和5～8年度`), if it is nothing else.
///
/// Brackets around it, what bounds it (`令和7年度末`, `～令和7年度`) and how long it lasts (`令和5～8年度(4年間)`) may stand with it.
/// A bare `2023` is none: it may as well be a figure; [`heads()`] takes it where a row says so.
pub fn parse(text: &str, vocabulary: &Vocabulary) -> Option<When> {
    whole(text, &vocabulary.years).map(|time| time.when())
}

/// Every time that a running text mentions, in order. A bare `R5` counts, `H2` or `S1` in a word or heading does not.
///
/// A mention's range holds the time itself with 末, not the words that bound it (まで, 中, 以降).
pub fn find(text: &str, vocabulary: &Vocabulary) -> Vec<Mention> {
    let words = &vocabulary.years;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let digits = other_digits(&text[at..]);
        if digits > 0 {
            at += digits;
            continue;
        }
        let mut cursor = Cursor::new(text, at);
        match may_begin(c, words).then(|| time::read(&mut cursor, words, Setting::Running)).flatten() {
            Some(time) => {
                found.push(Mention { range: at..cursor.at, when: time.when() });
                at = cursor.at;
            }
            None => at += c.len_utf8(),
        }
    }
    found
}

/// The end of a half, quarter, month or day without a year that begins at a place in a text (9月1日, 4～6月, 1Q).
pub(super) fn part_at(text: &str, at: usize, vocabulary: &Vocabulary) -> Option<usize> {
    let mut cursor = Cursor::new(text, at);
    point::read_named_part(&mut cursor, &vocabulary.years)?;
    Some(cursor.at)
}

/// Whether a text may be a head of [`heads()`]: it holds a numeral or begins a word for a first year or a half. A quick look
/// before the parser.
pub fn may_be_head(text: &str, vocabulary: &Vocabulary) -> bool {
    text.chars().any(|c| {
        numbers::is_numeral(c)
            || !matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}') && c.is_numeric()
            || vocabulary.years.begins_part(c)
    })
}

/// Whether a text holds what most times have: a digit, or the word for an era's first year. A quick look before the parser.
pub fn may_hold(text: &str, vocabulary: &Vocabulary) -> bool {
    text.chars().any(|c| matches!(c, '0'..='9' | '０'..='９') || vocabulary.years.begins_first(c))
}

/// Whether a time may end with a character: a quick look before the parser.
pub fn may_end(c: char, vocabulary: &Vocabulary) -> bool {
    numbers::is_numeral(c) || vocabulary.years.ends_time(c)
}

/// Whether a time may begin with a character: a quick look before the thorough one.
fn may_begin(c: char, words: &YearIndex) -> bool {
    match narrow(c) {
        '0'..='9' | '一' | '二' => true,
        'ぁ'..='ヿ' => false,
        c => words.begins_time(c),
    }
}

/// The length in bytes of the digits that a text begins with, where they are not the four of a year: no time begins with
/// them, and none within them.
fn other_digits(text: &str) -> usize {
    let digits = text.chars().take_while(|c| matches!(c, '0'..='9' | '０'..='９'));
    let (count, bytes) = digits.fold((0, 0), |(count, bytes), c| (count + 1, bytes + c.len_utf8()));
    if count == 4 { 0 } else { bytes }
}

/// The time that a whole text is.
fn whole(text: &str, words: &YearIndex) -> Option<Time> {
    let text = unbracketed(text.trim());
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut cursor = Cursor::new(text, 0);
    let open = cursor.eat_any(words.words(YearWord::To)).is_some();
    cursor.skip_space();
    cursor.peek().filter(|c| may_begin(*c, words) && other_digits(cursor.rest()) == 0)?;
    let mut time = time::read(&mut cursor, words, Setting::Whole)?;
    let bare_western = text.chars().all(|c| narrow(c).is_ascii_digit());
    time::skip_trailing(&mut cursor, words);
    if !cursor.is_at_end() || bare_western {
        return None;
    }
    if open {
        time.bound = Bound::By;
    }
    Some(time)
}

/// A text without the brackets around the whole of it.
fn unbracketed(text: &str) -> &str {
    for (open, close) in
        [('(', ')'), ('（', '）'), ('[', ']'), ('［', '］'), ('【', '】'), ('〔', '〕'), ('＜', '＞'), ('<', '>')]
    {
        if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return inner.trim();
        }
    }
    text
}
