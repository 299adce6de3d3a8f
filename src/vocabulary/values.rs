//! The words of values: units, comparators, and the words that stand where a figure should.

use super::{WordList, word_list::lists};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a word does in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueWord {
    /// What is counted or measured, behind the figure.
    Unit,
    /// Behind `/`, beside the units.
    Per,
    /// Units of a rank, which is a value also behind 第.
    Rank,
    /// Behind 第 or as a unit: the figure tells which, not how many.
    Ordinal,
    /// Before a figure that tells which, not how many.
    BeforeOrdinal,
    /// A unit that qualifies what is counted when another figure follows (65歳以上の参加者30人).
    Qualifier,
    /// Makes a qualifier of the figure before it (1校当たり2台).
    Qualifies,
    /// Comparators behind a figure.
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    About,
    /// Comparators before a figure.
    BeforeAtLeast,
    BeforeAtMost,
    BeforeMoreThan,
    BeforeLessThan,
    BeforeAbout,
    /// Before a figure without a unit, and saying how it is counted.
    Counted,
    /// Behind a figure, and changing nothing about it.
    Tail,
    /// What is done with what is counted, in one word behind the unit.
    Deed,
    /// Ends a word that is therefore no unit.
    NoUnit,
    /// Begins what is no part of a unit.
    UnitStop,
    /// A sign before a figure.
    Minus,
    Plus,
    /// Between the figures of a range, a ratio, a change.
    To,
    Of,
    /// Between a whole and its part, the whole first.
    OfWhole,
    Becomes,
    /// Between the figures of a change too, where the second one is followed by `BecomesEnd`.
    BecomesAlso,
    BecomesEnd,
    /// Begins a note that is no part of the value.
    Note,
    /// Before the unit in a column's head.
    UnitLabel,
    /// A unit also in parentheses behind an indicator's name; most words there tell whose figure it is (市, 児童).
    UnitInName,
    /// Kanji that are numerals elsewhere, but no figures in these words.
    NoFigure,
    /// Stands for no value.
    None,
    /// A figure not known yet.
    Pending,
    /// A target promised later, in full.
    Deferred,
    /// A target promised later: how the text begins, and ends.
    DeferredStart,
    DeferredEnd,
    /// What is promised, before `DeferredEnd`.
    DeferredWhat,
}

/// The tables of values, indexed.
#[derive(Debug, Clone, Default)]
pub struct ValueIndex {
    /// By the number of the kind of word.
    lists: Vec<WordList>,
    empty: WordList,
}

impl ValueIndex {
    pub(super) fn new(words: &BTreeMap<ValueWord, Vec<String>>) -> Self {
        ValueIndex { lists: lists(words, |word| word as usize), empty: WordList::default() }
    }

    /// The words of one kind.
    pub fn words(&self, word: ValueWord) -> &WordList {
        self.lists.get(word as usize).unwrap_or(&self.empty)
    }
}
