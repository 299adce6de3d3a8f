//! One figure with its sign, unit and comparator, wherever it stands in a text.

use super::unit::{self, Behind};
use crate::normalise::characters;
use crate::normalise::numbers::{self, Decimal, Figure};
use crate::normalise::periods::{self, Mention};
use crate::normalise::scan::Cursor;
use crate::record::{Base, Comparator, Number, Value, ValueKind};
use crate::vocabulary::{ValueIndex, ValueWord, Vocabulary, WordList};
use std::ops::Range;

/// A figure as printed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quantity {
    /// From its sign or 約 to the end of its unit and comparator (bytes).
    pub range: Range<usize>,
    /// To the end of the words behind it that change nothing (等, を維持, a parenthesis).
    pub end: usize,
    /// Whether no word goes on from there.
    pub complete: bool,
    pub number: Decimal,
    /// The power of ten of the scale word that the unit begins with (千円).
    pub power: u32,
    /// As printed, with its scale word; none where no unit is printed.
    pub unit: Option<String>,
    pub comparator: Option<Comparator>,
    /// Whether it is written as an amount: with thousands separators or in parts (1億2,000万).
    pub is_amount: bool,
    /// Insides of the parentheses behind it.
    pub parentheses: Vec<Range<usize>>,
}

impl Quantity {
    /// Whether its unit begins with one of some words.
    pub fn is_in(&self, words: &WordList) -> bool {
        self.unit.as_deref().is_some_and(|unit| words.at_start_of(unit).is_some())
    }

    /// Its number; where no unit takes the scale word (250万), the scale is part of it.
    pub fn number(&self) -> Number {
        Number(if self.unit.is_some() { self.number.value() } else { self.number.scaled(self.power as i32) })
    }

    /// The same figure in the unit without its scale.
    pub fn base(&self) -> Option<Base> {
        let unit = self.unit.as_deref().filter(|_| self.power > 0)?;
        let unit = numbers::without_scale(unit).to_owned();
        (!unit.is_empty()).then(|| Base { number: Number(self.number.scaled(self.power as i32)), unit })
    }

    /// Takes the unit that a column or head gives, where none is printed.
    pub fn take_unit(&mut self, unit: &str) {
        if self.unit.is_none() && !unit.is_empty() {
            self.number = self.number.times(std::mem::take(&mut self.power));
            self.power = numbers::scale_of(unit);
            self.unit = Some(unit.to_owned());
        }
    }

    /// The value it states alone.
    pub fn value(&self, raw: &str) -> Value {
        Value {
            raw: raw.to_owned(),
            kind: ValueKind::Number,
            number: Some(self.number()),
            unit: self.unit.clone(),
            comparator: self.comparator,
            base: self.base(),
            ..Value::default()
        }
    }
}

/// Which figures are read, and how far behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A cell: parentheses are passed over, and words behind a figure belong to it.
    Cell,
    /// Running text: figures in parentheses count, and a figure ends with its unit and comparator.
    Prose,
}

/// Every figure of a text that is not part of a date, an ordinal or a name.
pub(super) fn read_all(text: &str, times: &[Mention], vocabulary: &Vocabulary, reading: Reading) -> Vec<Quantity> {
    let words = &vocabulary.values;
    let mut found = Vec::new();
    let mut cursor = Cursor::new(text, 0);
    let mut times = times.iter().peekable();
    while let Some(c) = cursor.peek() {
        while times.next_if(|time| time.range.end <= cursor.at).is_some() {}
        if let Some(time) = times.peek().filter(|time| time.range.contains(&cursor.at)) {
            cursor.at = time.range.end;
        } else if reading == Reading::Cell && c == '(' {
            if unit::eat_parenthesis(&mut cursor).is_none() {
                cursor.next();
            }
        } else if let Some(end) = c.is_ascii_digit().then(|| periods::part_at(text, cursor.at, vocabulary)).flatten() {
            // 9月1日, 4～6月, 1Q
            cursor.at = end;
        } else if let Some((figure, after)) = figure_at(cursor, c, words, reading) {
            let floor = found.last().map_or(0, |last: &Quantity| last.end);
            match read(cursor, figure, after, words, reading, floor) {
                Some(quantity) => {
                    cursor.at = quantity.end;
                    found.push(quantity);
                }
                None => {
                    cursor = after;
                    while cursor.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':')) {
                        cursor.next();
                    }
                }
            }
        } else if c.is_ascii_digit() {
            while cursor.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | ',')) {
                cursor.next();
            }
        } else {
            cursor.next();
        }
    }
    found
}

/// The figure that begins at the cursor, and where it ends.
fn figure_at<'t>(cursor: Cursor<'t>, c: char, words: &ValueIndex, reading: Reading) -> Option<(Figure, Cursor<'t>)> {
    let mut after = cursor;
    if c.is_ascii_digit() {
        return numbers::read_figure(&mut after).map(|figure| (figure, after));
    }
    // Kanji numerals are parts of words more often than figures.
    let figure = numbers::read_kanji_figure(&mut after)?;
    let length = after.since(cursor.at).chars().count();
    let before = cursor.since(0).trim_end();
    let free = match reading {
        Reading::Prose => length >= 2,
        Reading::Cell => {
            length >= 2
                || before.is_empty()
                || [ValueWord::Counted, ValueWord::BeforeAbout]
                    .iter()
                    .any(|word| words.words(*word).at_end_of(before).is_some())
        }
    };
    let word = words.words(ValueWord::NoFigure).at_start_of(cursor.rest()).is_some();
    let counts = words.words(ValueWord::Unit).at_start_of(after.rest()).is_some();
    (free && counts && !word).then_some((figure, after))
}

/// The figure with all that belongs to it; none where its digits tell which and not how many.
///
/// What is before `floor` belongs to the figure before it.
fn read(
    cursor: Cursor,
    figure: Figure,
    after: Cursor,
    words: &ValueIndex,
    reading: Reading,
    floor: usize,
) -> Option<Quantity> {
    let mut clock = after;
    if clock.eat_char(':') && clock.peek().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    if unit::is_ordinal(after, words) {
        return None;
    }
    let before = read_before(&cursor, &after, words, floor)?;
    let (unit_end, behind) = unit::read(after, words, reading);
    let mut before_digits = cursor.since(0).chars().rev().skip_while(|c| *c == '-');
    let in_name = before_digits.next().is_some_and(|c| characters::narrow(c).is_ascii_alphabetic() || c == '_');
    let known = unit_end.is_some_and(|end| words.words(ValueWord::Unit).contains(&cursor.text()[after.at..end]));
    if in_name && !known {
        return None;
    }
    if unit_end.is_none() && after.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let scale_at = after.at - figure.scale_bytes;
    let mut unit = unit_end.map(|end| cursor.text()[scale_at..end].trim_start().to_owned());
    let Behind { comparator, per, parentheses, core_end, end, complete } = behind;
    if let (Some(unit), Some(per)) = (&mut unit, per) {
        unit.push_str(&cursor.text()[per]);
    }
    let mut parentheses = parentheses;
    if unit.is_none()
        && let Some(inside) = parentheses.first()
    {
        let inside = cursor.text()[inside.clone()].trim();
        if words.words(ValueWord::Unit).contains(numbers::without_scale(inside)) {
            unit = Some(format!("{}{inside}", &cursor.text()[scale_at..after.at]));
            parentheses.remove(0);
        }
    }
    let power = unit.as_deref().map_or(figure.power, numbers::scale_of);
    Some(Quantity {
        range: before.start..core_end,
        end,
        complete,
        number: Decimal { negative: before.negative, ..figure.number },
        power,
        unit,
        comparator: match (comparator, before.comparator) {
            (None | Some(Comparator::Approx), Some(before)) => Some(before),
            (behind, _) => behind,
        },
        is_amount: figure.is_amount,
        parentheses,
    })
}

/// What stands before a figure and belongs to it.
struct Before {
    start: usize,
    negative: bool,
    comparator: Option<Comparator>,
}

/// The sign and comparator before a figure; none where what stands there makes it an ordinal.
fn read_before(cursor: &Cursor, after: &Cursor, words: &ValueIndex, floor: usize) -> Option<Before> {
    let mut text = cursor.since(floor);
    let mut before = Before { start: cursor.at, negative: false, comparator: None };
    let ordinal = words.words(ValueWord::BeforeOrdinal).at_end_of(text.trim_end()).is_some();
    if ordinal && words.words(ValueWord::Rank).at_start_of(after.rest()).is_none() {
        return None;
    }
    for (word, negative) in [(ValueWord::Minus, true), (ValueWord::Plus, false)] {
        let Some(sign) = words.words(word).at_end_of(text.trim_end()) else { continue };
        let rest = &text[..text.trim_end().len() - sign.len()];
        // A dash is a sign only where it can be nothing else: between words or figures it joins.
        let joins = cursor.text()[..floor + rest.len()]
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | ')'))
            || text.ends_with(' ');
        if !sign.starts_with(unit::is_dash) || !joins {
            before.negative = negative;
            before.start = floor + rest.len();
            text = rest;
            break;
        }
    }
    const COMPARATORS: [(ValueWord, Comparator); 5] = [
        (ValueWord::BeforeAbout, Comparator::Approx),
        (ValueWord::BeforeAtLeast, Comparator::Ge),
        (ValueWord::BeforeAtMost, Comparator::Le),
        (ValueWord::BeforeMoreThan, Comparator::Gt),
        (ValueWord::BeforeLessThan, Comparator::Lt),
    ];
    let trimmed = text.trim_end();
    let found = COMPARATORS
        .iter()
        .filter_map(|(word, comparator)| words.words(*word).at_end_of(trimmed).map(|word| (word.len(), *comparator)));
    if let Some((len, comparator)) = found.max_by_key(|(len, _)| *len) {
        before.comparator = Some(comparator);
        before.start = floor + trimmed.len() - len;
    }
    Some(before)
}
