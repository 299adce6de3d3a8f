//! Values: what a cell that should hold a figure says.

mod quantity;
mod unit;

use super::characters;
use super::numbers::{self, Decimal};
use super::periods::{self, Mention};
use super::scan::Cursor;
use crate::record::{Comparator, Number, Value, ValueKind};
use crate::vocabulary::{ValueIndex, ValueWord, Vocabulary};
use quantity::{Quantity, Reading};
use std::ops::Range;

/// Units that are said one after the other as one figure (1時間30分): how many of the second make one of the first, and
/// whether the sum is said in the first.
const MIXED_UNITS: [(&str, &str, u64, bool); 5] = [
    ("時間", "分", 60, false),
    ("分", "秒", 60, false),
    ("割", "分", 10, true),
    ("年", "か月", 12, false),
    ("年", "ヶ月", 12, false),
];

/// A whole written without any unit must be this high for `3/47` to be a ratio: below it may be a date.
const LOWEST_BARE_WHOLE: f64 = 32.0;

/// The value that a cell's text states. `unit` is the unit that a 単位 column or a head gives where the cell has none.
///
/// A cell states a figure when it is words, a figure and its unit, perhaps with 以上, 等 and the like and a parenthesis
/// behind; a sentence that mentions a figure is a milestone. What a text may mean in two ways is a milestone too, and
/// [`is_doubtful`] tells. `raw` is the text as given.
pub fn parse(raw: &str, unit: Option<&str>, vocabulary: &Vocabulary) -> Value {
    let kind_only = |kind| Value { raw: raw.to_owned(), kind, ..Value::default() };
    match read(raw, unit, vocabulary, 0) {
        Outcome::Figure(value) => Value { raw: raw.to_owned(), ..*value },
        Outcome::Word(kind) => kind_only(kind),
        Outcome::Doubtful => kind_only(ValueKind::Milestone),
    }
}

/// Whether a value is a milestone only because its figures can be understood in more than one way, or not at all.
pub fn is_doubtful(value: &Value, vocabulary: &Vocabulary) -> bool {
    value.kind == ValueKind::Milestone
        && (matches!(read(&value.raw, None, vocabulary, 0), Outcome::Doubtful) || is_misread(&value.raw, vocabulary))
}

/// Whether a text is a figure but for letters that stand for digits: `2O分`, `1l,200人`.
fn is_misread(raw: &str, vocabulary: &Vocabulary) -> bool {
    let text = characters::fold(raw);
    let text = text.trim();
    let part = |c: char| c.is_ascii_digit() || matches!(c, 'O' | 'o' | 'l' | 'I' | ',' | '.');
    let (figure, rest) = text.split_at(text.find(|c| !part(c)).unwrap_or(text.len()));
    let unit = rest.is_empty() || vocabulary.values.words(ValueWord::Unit).contains(rest);
    let letters = figure.contains(|c: char| c.is_ascii_alphabetic());
    unit && letters && figure.starts_with(|c: char| c.is_ascii_digit())
}

/// A figure in a running text.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Where it stands, with its sign, unit and comparator (bytes).
    pub range: Range<usize>,
    /// Its `raw` is the text of the range.
    pub value: Value,
}

/// The figures of a running text in order, without those of dates, ordinals and names; also those in parentheses.
///
/// Only a figure with a unit counts, or one that is written as an amount (5,000).
pub fn figures_in(text: &str, vocabulary: &Vocabulary) -> Vec<Figure> {
    if !has_numerals(text) {
        return Vec::new();
    }
    let times = periods::find(text, vocabulary);
    let quantities = mix(quantity::read_all(text, &times, vocabulary, Reading::Prose));
    let mut found: Vec<Figure> = Vec::new();
    let mut rest = quantities.as_slice();
    while let [first, after @ ..] = rest {
        rest = after;
        if let [second, after @ ..] = after {
            let numbered = first.unit.is_none() && gap(first, second, text).starts_with(unit::is_dash);
            let value = pair(first, second, text, vocabulary).filter(|value| value.unit.is_some());
            if let Some(value) = value.filter(|_| !numbered || first.range.start > 0) {
                let range = first.range.start..second.range.end;
                found.push(Figure { value: Value { raw: text[range.clone()].to_owned(), ..value }, range });
                rest = after;
                continue;
            }
            if numbered {
                // The number of a heading: 1-2窓口の改善
                rest = after;
                continue;
            }
        }
        if first.unit.is_some() || first.is_amount {
            found.push(Figure { range: first.range.clone(), value: first.value(&text[first.range.clone()]) });
        }
    }
    found
}

/// What a cell was read as.
enum Outcome {
    Figure(Box<Value>),
    Word(ValueKind),
    /// Figures that can be understood in more than one way.
    Doubtful,
}

/// Bytes that may stand before a figure for it to be the value of the cell and not a sentence's.
const LONGEST_LEAD: usize = 300;

/// How deep parentheses are read.
const DEEPEST: usize = 2;

fn read(raw: &str, unit: Option<&str>, vocabulary: &Vocabulary, depth: usize) -> Outcome {
    let words = &vocabulary.values;
    let folded = characters::fold(raw);
    let text = unwrapped(&folded, words);
    if let Some(kind) = word(text, words) {
        return Outcome::Word(kind);
    }
    let (times, mut quantities) = if has_numerals(text) {
        let times = periods::find(text, vocabulary);
        let quantities = quantity::read_all(text, &times, vocabulary, Reading::Cell);
        (times, quantities)
    } else {
        (Vec::new(), Vec::new())
    };
    if let Some(unit) = unit.and_then(|unit| unit_given(unit, vocabulary)) {
        // A unit that one figure has is every figure's (4～5件); the column's only where none is printed.
        if quantities.iter().all(|quantity| quantity.unit.is_none()) {
            quantities.iter_mut().for_each(|quantity| quantity.take_unit(&unit));
        }
    }
    if quantities.is_empty() {
        return Outcome::Word(if is_promise(text, words) { ValueKind::Deferred } else { ValueKind::Milestone });
    }
    let quantities = mix(quantities);
    let mut also_from = quantities.len();
    let first = first_meant(&quantities, text, words);
    let value = match &quantities[first..] {
        [one] => alone(one, text, &times, words),
        [a, b] => pair(a, b, text, vocabulary)
            .filter(|_| leads(a, text, &times, words) && ends(b, text, words))
            .or_else(|| {
                also_from = first + 1;
                followed(a, b, text, words).filter(|_| leads(a, text, &times, words) && ends(b, text, words))
            }),
        _ => None,
    };
    let Some(mut value) = value else {
        let list = quantities.last().is_some_and(|last| ends(last, text, words));
        return if list { Outcome::Doubtful } else { Outcome::Word(ValueKind::Milestone) };
    };
    for second in &quantities[also_from..] {
        let from = quantities[also_from - 1].end;
        let from = from + text[from..].find(|c: char| !c.is_whitespace() && !matches!(c, '、' | ',')).unwrap_or(0);
        value.also.push(second.value(source_of(raw, text, &(from..second.range.end))));
    }
    if depth < DEEPEST {
        let behind = quantities[first..].iter().flat_map(|quantity| &quantity.parentheses);
        for inside in behind {
            let raw_inside = source_of(raw, text, inside);
            if let Outcome::Figure(also) = read(raw_inside, None, vocabulary, depth + 1) {
                value.also.push(Value { raw: raw_inside.to_owned(), ..*also });
            }
        }
    }
    Outcome::Figure(Box::new(value))
}

/// Whether there is anything in a text that a figure could begin with.
fn has_numerals(text: &str) -> bool {
    text.chars().map(characters::narrow).any(numbers::is_numeral)
}

/// A folded text without a note behind it, marks around it and parentheses around the whole of it.
fn unwrapped<'t>(folded: &'t str, words: &ValueIndex) -> &'t str {
    let notes = words.words(ValueWord::Note);
    let noted = folded.chars().any(|c| !notes.beginning_with(c).is_empty());
    let note = noted.then(|| notes.iter().filter_map(|mark| folded.find(mark)).min().filter(|at| *at > 0)).flatten();
    let mut text = note.map_or(folded, |at| folded[..at].trim_end_matches(['(', ' ']));
    loop {
        text = text.trim_matches(|c: char| matches!(c, '。' | '・') || c.is_whitespace());
        let mut cursor = Cursor::new(text, 0);
        match unit::eat_parenthesis(&mut cursor) {
            Some(inside) if cursor.is_at_end() && !inside.is_empty() => text = &text[inside],
            _ => return text,
        }
    }
}

/// The kind of a text that says in so many words that there is no figure.
fn word(text: &str, words: &ValueIndex) -> Option<ValueKind> {
    let none = words.words(ValueWord::None);
    let is_none = |text: &str| {
        none.contains(text) || !text.is_empty() && text.chars().all(|c| none.contains(c.encode_utf8(&mut [0; 4])))
    };
    // 集計中(9月公表)
    let before = text.split_once('(').map_or("", |(before, _)| before.trim_end());
    let text = if text.ends_with(')') && !before.is_empty() { before } else { text };
    if text.is_empty() || is_none(text) {
        Some(ValueKind::None)
    } else if words.words(ValueWord::Pending).contains(text) {
        Some(ValueKind::Pending)
    } else if words.words(ValueWord::Deferred).contains(text) {
        Some(ValueKind::Deferred)
    } else {
        None
    }
}

/// Whether a text without figures promises a target for later.
fn is_promise(text: &str, words: &ValueIndex) -> bool {
    let Some(end) = words.words(ValueWord::DeferredEnd).at_end_of(text) else { return false };
    let rest = &text[..text.len() - end.len()];
    words.words(ValueWord::DeferredStart).at_start_of(text).is_some()
        || words.words(ValueWord::DeferredWhat).at_end_of(rest).is_some()
}

/// The unit of a column or head, out of `(千円)` or `単位:人`; none where what is given is no unit.
fn unit_given(unit: &str, vocabulary: &Vocabulary) -> Option<String> {
    let words = &vocabulary.values;
    let folded = characters::name(unit);
    let text = unwrapped(&folded, words);
    let label = words.words(ValueWord::UnitLabel).at_start_of(text).map_or(0, str::len);
    let unit = unwrapped(&text[label..], words);
    let is_unit = !unit.is_empty() && !unit.starts_with(|c: char| c.is_ascii_digit());
    (is_unit && periods::parse(unit, vocabulary).is_none()).then(|| unit.to_owned())
}

/// Puts figures that are said as one (1時間30分, 3割5分) together.
fn mix(quantities: Vec<Quantity>) -> Vec<Quantity> {
    let mut mixed: Vec<Quantity> = Vec::with_capacity(quantities.len());
    for quantity in quantities {
        match mixed.last().and_then(|before| sum(before, &quantity)) {
            Some(sum) => {
                mixed.pop();
                mixed.push(sum);
            }
            None => mixed.push(quantity),
        }
    }
    mixed
}

/// Two figures as one, where the second says the rest of the first.
fn sum(a: &Quantity, b: &Quantity) -> Option<Quantity> {
    let (big, small) = (a.unit.as_deref()?, b.unit.as_deref()?);
    let (.., factor, in_big) = MIXED_UNITS.iter().find(|mixed| (mixed.0, mixed.1) == (big, small))?;
    let whole = a.number.exponent == 0 && b.number.exponent == 0 && b.number.digits < *factor;
    let plain = a.end == b.range.start && matches!(a.comparator, None | Some(Comparator::Approx));
    (whole && plain).then(|| Quantity {
        range: a.range.start..b.range.end,
        comparator: b.comparator.or(a.comparator),
        number: Decimal {
            negative: a.number.negative,
            digits: a.number.digits.saturating_mul(*factor).saturating_add(b.number.digits),
            exponent: -i32::from(*in_big),
        },
        unit: Some(if *in_big { big } else { small }.to_owned()),
        ..b.clone()
    })
}

/// Which figure is the first that is meant: those before it only say of whom or what (65歳以上の参加者30人).
fn first_meant(quantities: &[Quantity], text: &str, words: &ValueIndex) -> usize {
    let mut first = 0;
    for i in 0..quantities.len().saturating_sub(1) {
        let (a, b) = (&quantities[i], &quantities[i + 1]);
        let gap = gap(a, b, text);
        let joins = [ValueWord::To, ValueWord::Of, ValueWord::Becomes, ValueWord::OfWhole];
        let joined = joins.iter().any(|word| words.words(*word).at_start_of(gap).is_some());
        let qualifies = a.is_in(words.words(ValueWord::Qualifier)) && a.unit != b.unit && !joined
            || words.words(ValueWord::Qualifies).at_start_of(gap).is_some();
        if qualifies {
            first = i + 1;
        }
    }
    first
}

/// What stands between two figures.
fn gap<'t>(a: &Quantity, b: &Quantity, text: &'t str) -> &'t str {
    text.get(a.end..b.range.start).unwrap_or_default().trim()
}

/// Whether what stands before the first figure lets it be the value: words, but no clause and no name of a thing.
fn leads(first: &Quantity, text: &str, times: &[Mention], words: &ValueIndex) -> bool {
    if first.range.start > LONGEST_LEAD {
        return false;
    }
    let mut lead = String::new();
    let mut cursor = Cursor::new(text, 0);
    let mut times = times.iter().peekable();
    while cursor.at < first.range.start {
        if let Some(time) = times.next_if(|time| time.range.start <= cursor.at) {
            cursor.at = time.range.end.max(cursor.at);
            lead.push(' ');
        } else if unit::eat_parenthesis(&mut cursor).is_some() {
            lead.push(' ');
        } else if let Some(c) = cursor.next() {
            lead.push(c);
        }
    }
    let free = lead.ends_with([' ', ':', '=', '】', '」', ']']);
    let lead = lead.trim_matches(|c: char| c.is_whitespace() || matches!(c, '、' | ':' | '・' | '=' | '■' | '○' | '●'));
    // A dash that is no sign may still be meant as one; ー is a letter of most words that end with it.
    let dashed = lead == "ー" || lead.ends_with(|c| unit::is_dash(c) && c != 'ー');
    if lead.contains(['、', '。', ';']) || dashed {
        return false;
    }
    let given = first.unit.is_some();
    given || free || lead.is_empty() || words.words(ValueWord::Counted).at_end_of(lead).is_some()
}

/// Whether nothing that means anything stands behind the last figure.
fn ends(last: &Quantity, text: &str, words: &ValueIndex) -> bool {
    let rest = text[last.end..].trim();
    if rest.is_empty() {
        return true;
    }
    last.complete && rest.chars().all(|c| matches!(c, '。' | '、' | '・' | ')' | ']' | '」' | '】'))
        || words.words(ValueWord::BecomesEnd).contains(rest)
}

/// The value of a cell with one figure.
fn alone(one: &Quantity, text: &str, times: &[Mention], words: &ValueIndex) -> Option<Value> {
    let to = words.words(ValueWord::To);
    let mut value = one.value(text);
    let (lead, rest) = (text[..one.range.start].trim(), text[one.end..].trim());
    if to.contains(rest) && leads(one, text, times, words) {
        value.comparator = Some(Comparator::Ge);
        return Some(value);
    }
    if to.contains(lead) && one.complete && rest.is_empty() {
        value.comparator = Some(Comparator::Le);
        return Some(value);
    }
    // に短縮 stands behind the second of two figures only.
    (leads(one, text, times, words) && one.complete && ends(one, text, words)).then_some(value)
}

/// A figure and a second one that adds to it (10件、累計50件).
fn followed(a: &Quantity, b: &Quantity, text: &str, words: &ValueIndex) -> Option<Value> {
    let second = gap(a, b, text).strip_prefix(['、', ',']).unwrap_or(gap(a, b, text)).trim().trim_end_matches(':');
    (a.complete && words.words(ValueWord::Counted).contains(second)).then(|| a.value(text))
}

/// The value that two figures state together: a range, a ratio, a change.
fn pair(a: &Quantity, b: &Quantity, text: &str, vocabulary: &Vocabulary) -> Option<Value> {
    let words = &vocabulary.values;
    let between: String = gap(a, b, text).chars().map(characters::narrow).collect();
    let between = between.as_str();
    let is = |word: ValueWord| words.words(word).contains(between);
    let (first, second) = in_one_unit(a, b)?;
    let unit = b.unit.clone().or_else(|| a.unit.clone());
    let value = Value { raw: text.to_owned(), unit, comparator: b.comparator, ..Value::default() };
    let becomes_end = words.words(ValueWord::BecomesEnd).at_start_of(text[b.end..].trim_start()).is_some();
    let becomes = words.words(ValueWord::Becomes).at_start_of(between).is_some_and(|sign| {
        let rest = between[sign.len()..].trim();
        let time = || periods::parse(rest.trim_end_matches(':'), vocabulary).is_some();
        rest.is_empty() || words.words(ValueWord::Counted).contains(rest) || time()
    });
    if becomes || is(ValueWord::BecomesAlso) && becomes_end {
        return Some(Value { kind: ValueKind::Change, from: Some(first), to: Some(second), ..value });
    }
    if is(ValueWord::OfWhole) {
        return Some(Value { kind: ValueKind::Ratio, number: Some(second), of: Some(first), ..value });
    }
    if is(ValueWord::Of) {
        let sure = value.unit.is_some() || second.0 >= LOWEST_BARE_WHOLE && first <= second;
        return sure.then_some(Value {
            kind: ValueKind::Ratio,
            number: Some(first),
            of: Some(second),
            comparator: value.comparator.or(a.comparator),
            ..value
        });
    }
    let bounded = matches!(a.comparator, Some(Comparator::Ge | Comparator::Gt))
        && matches!(b.comparator, Some(Comparator::Le | Comparator::Lt))
        && (between.is_empty() || between == "、" || is(ValueWord::To));
    // 4-5 before what no vocabulary counts is more likely the number of a heading.
    let counted = |unit: &str| words.words(ValueWord::Unit).at_start_of(numbers::without_scale(unit)).is_some();
    let counts = a.unit.is_some() || value.unit.as_deref().is_some_and(counted);
    let to = is(ValueWord::To) && (counts || !between.starts_with(unit::is_dash));
    if (bounded || to) && first <= second {
        let comparator = if bounded { None } else { value.comparator.or(a.comparator) };
        return Some(Value { kind: ValueKind::Range, min: Some(first), max: Some(second), comparator, ..value });
    }
    None
}

/// The numbers of two figures in the unit of the second, or of the first where the second has none; none where they are
/// of different things.
fn in_one_unit(a: &Quantity, b: &Quantity) -> Option<(Number, Number)> {
    let Some(unit) = &b.unit else { return Some((a.number(), b.number())) };
    let same = match &a.unit {
        None => true,
        Some(other) => numbers::without_scale(other) == numbers::without_scale(unit),
    };
    let from_scale = a.power > 0 || a.unit.is_some();
    let power = if from_scale { a.power as i32 - b.power as i32 } else { 0 };
    same.then(|| (Number(a.number.scaled(power)), b.number()))
}

/// The source's own characters of a part of the folded text; the folded ones where they cannot be told.
fn source_of<'r>(raw: &'r str, text: &'r str, range: &Range<usize>) -> &'r str {
    let part = &text[range.clone()];
    if let Some(at) = raw.find(part) {
        return &raw[at..at + part.len()];
    }
    // Widths differ. Folding keeps parentheses and their order.
    let inside_of = |text: &'r str, nth: usize| {
        let (at, _) = text.char_indices().filter(|(_, c)| characters::narrow(*c) == '(').nth(nth)?;
        unit::eat_parenthesis(&mut Cursor::new(text, at)).map(|inside| &text[inside])
    };
    let opened = text[..range.start].chars().filter(|c| *c == '(').count();
    let inside = opened.checked_sub(1).and_then(|nth| inside_of(raw, nth));
    inside.filter(|inside| characters::fold(inside) == part.trim()).unwrap_or(part)
}
