//! The words of years: eras, fiscal years and their parts, and what bounds them.

use super::{WordList, word_list::lists};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A Japanese era.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Era {
    Meiji,
    Taisho,
    Showa,
    Heisei,
    Reiwa,
}

/// What a word does in an expression of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearWord {
    /// The first year of an era.
    First,
    /// Behind the number of a fiscal year.
    FiscalYear,
    /// Behind the number of a calendar year.
    Year,
    /// Before the number of a fiscal year.
    BeforeFiscalYear,
    /// Before the last two digits of a year.
    Apostrophe,
    Month,
    Day,
    /// Behind 年, 月 or 日: a length of time, not a date.
    Duration,
    /// Between a year and its part.
    Within,
    FirstHalf,
    SecondHalf,
    /// A half that is also the first part of other words, so it must stand alone.
    FirstHalfAlone,
    SecondHalfAlone,
    Quarter,
    /// Before the number of a quarter.
    Ordinal,
    /// Early, middle and late parts of a month or year, which are not told apart.
    Part,
    /// Between the ends of a range.
    To,
    /// Also between the ends of a range, but only where the second end is bounded by `Until`.
    FromTo,
    /// Between the items of a list.
    And,
    /// Behind the last day of what is named.
    End,
    /// Behind `End`: the date is a state's, not a deadline.
    AsOf,
    /// The same, of figures.
    Actual,
    /// Bounds a deadline.
    By,
    /// Bounds a start.
    From,
    /// Begins a word that only looks like a bound (中学校, 内部).
    NoBound,
    /// Behind a range: how long it is (5年間).
    Lasting,
    /// Behind the 年 of a number without an era: years are counted, or another word begins (5年間, 3年生).
    NoYear,
    /// Behind the 年 of any year: ten years are meant (2020年代).
    Decade,
    /// Behind a bare `R5` in running text; anything else of ideographs there makes it part of a name.
    AfterBare,
}

/// The words that a time may end with; what bounds it is no part of it.
const LAST: [YearWord; 12] = [
    YearWord::First,
    YearWord::FiscalYear,
    YearWord::Year,
    YearWord::Month,
    YearWord::Day,
    YearWord::FirstHalf,
    YearWord::SecondHalf,
    YearWord::FirstHalfAlone,
    YearWord::SecondHalfAlone,
    YearWord::Quarter,
    YearWord::Part,
    YearWord::End,
];

/// The tables of times, indexed.
#[derive(Debug, Clone, Default)]
pub struct YearIndex {
    /// Names and letters, longest first.
    eras: Vec<(String, Era)>,
    /// First characters of eras and of the words before a year, sorted.
    starts: Vec<char>,
    /// First characters of the words for a first year and for halves, sorted.
    parts: Vec<char>,
    /// First characters of the words for a first year.
    firsts: Vec<char>,
    /// Last characters of the words that a time may end with, sorted.
    ends: Vec<char>,
    /// By the number of the kind of word.
    lists: Vec<WordList>,
    empty: WordList,
}

impl YearIndex {
    pub(super) fn new(eras: &BTreeMap<Era, Vec<String>>, words: &BTreeMap<YearWord, Vec<String>>) -> Self {
        let mut names: Vec<(String, Era)> =
            eras.iter().flat_map(|(era, names)| names.iter().map(|name| (name.clone(), *era))).collect();
        names.retain(|(name, _)| !name.is_empty());
        names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        let of = |kinds: &'static [YearWord]| kinds.iter().filter_map(|kind| words.get(kind)).flatten();
        let before_year = of(&[YearWord::BeforeFiscalYear, YearWord::Apostrophe]);
        let starts = first_characters(names.iter().map(|(name, _)| name).chain(before_year));
        let parts = first_characters(of(&[
            YearWord::First,
            YearWord::FirstHalf,
            YearWord::SecondHalf,
            YearWord::FirstHalfAlone,
            YearWord::SecondHalfAlone,
        ]));
        let firsts = first_characters(of(&[YearWord::First]));
        let mut ends: Vec<char> = of(&LAST).filter_map(|word| word.chars().next_back()).collect();
        ends.sort_unstable();
        ends.dedup();
        YearIndex {
            eras: names,
            starts,
            parts,
            firsts,
            ends,
            lists: lists(words, |word| word as usize),
            empty: WordList::default(),
        }
    }

    /// Names and letters of eras, longest first.
    pub fn eras(&self) -> &[(String, Era)] {
        &self.eras
    }

    /// Whether the name of an era or a word before a year begins with a character.
    pub fn begins_time(&self, c: char) -> bool {
        self.starts.binary_search(&c).is_ok()
    }

    /// Whether a word for a first year or for a half begins with a character.
    pub fn begins_part(&self, c: char) -> bool {
        self.parts.contains(&c)
    }

    /// Whether a word for a first year begins with a character.
    pub fn begins_first(&self, c: char) -> bool {
        self.firsts.contains(&c)
    }

    /// Whether a word that a time may end with ends with a character.
    pub fn ends_time(&self, c: char) -> bool {
        self.ends.binary_search(&c).is_ok()
    }

    /// The words of one kind.
    pub fn words(&self, word: YearWord) -> &WordList {
        self.lists.get(word as usize).unwrap_or(&self.empty)
    }
}

fn first_characters<'w>(words: impl Iterator<Item = &'w String>) -> Vec<char> {
    let mut found: Vec<char> = words.filter_map(|word| word.chars().next()).collect();
    found.sort_unstable();
    found.dedup();
    found
}
