//! Numbers: digits of every width, kanji numerals, thousands separators, scales.

use super::scan::Cursor;

/// Whether a character is a digit or a kanji numeral.
pub fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || kanji_digit(c).is_some() || is_scale(c)
}

/// The value of a kanji digit, 〇 to 九.
pub fn kanji_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壱' => 1,
        '二' | '弐' => 2,
        '三' | '参' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn kanji_unit(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    })
}

/// The power of ten of a myriad, 万 to 兆.
pub fn myriad(c: char) -> Option<u32> {
    Some(match c {
        '万' => 4,
        '億' => 8,
        '兆' => 12,
        _ => return None,
    })
}

/// A number of kanji numerals only: by places (二〇二五), by units (二千二十五, 百二十), below 10^16. None for anything else.
pub fn kanji(text: &str) -> Option<u64> {
    let positional = text.chars().all(|c| kanji_digit(c).is_some());
    if text.is_empty() {
        return None;
    }
    if positional {
        return text.chars().try_fold(0u64, |value, c| value.checked_mul(10)?.checked_add(kanji_digit(c)?.into()));
    }
    let (mut total, mut group, mut digit) = (0u64, 0u64, None::<u64>);
    let (mut last_myriad, mut last_unit) = (u64::MAX, u64::MAX);
    for c in text.chars() {
        if let Some(value) = kanji_digit(c).filter(|&value| value > 0) {
            if digit.replace(value.into()).is_some() {
                return None;
            }
        } else if let Some(unit) = kanji_unit(c) {
            if unit >= last_unit {
                return None;
            }
            last_unit = unit;
            group += digit.take().unwrap_or(1) * unit;
        } else {
            let scale = 10u64.pow(myriad(c)?);
            group += digit.take().unwrap_or(0);
            if scale >= last_myriad || group == 0 {
                return None;
            }
            last_myriad = scale;
            last_unit = u64::MAX;
            total += group * scale;
            group = 0;
        }
    }
    Some(total + group + digit.unwrap_or(0))
}

/// Digits that a figure may have: what a double holds exactly.
const MOST_DIGITS: usize = 15;

/// A decimal number as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    pub negative: bool,
    /// Its digits without the point.
    pub digits: u64,
    /// The power of ten that its last digit stands for.
    pub exponent: i32,
}

impl Decimal {
    /// The nearest double.
    pub fn value(self) -> f64 {
        self.scaled(0)
    }

    /// The nearest double of the number times a power of ten.
    pub fn scaled(self, power: i32) -> f64 {
        let exponent = self.exponent + power;
        let magnitude = if exponent == 0 {
            self.digits as f64
        } else {
            // The standard library's parser rounds correctly, which a product does not.
            format!("{}e{exponent}", self.digits).parse().unwrap_or(f64::NAN)
        };
        if self.negative && self.digits != 0 { -magnitude } else { magnitude }
    }

    /// The sum of a number's parts (1億 and 2,000万), where it is exact.
    fn plus(self, other: Decimal) -> Option<Decimal> {
        let exponent = self.exponent.min(other.exponent);
        let at = |part: Decimal| {
            let power = u32::try_from(part.exponent - exponent).ok()?;
            part.digits.checked_mul(10u64.checked_pow(power)?)
        };
        let digits = at(self)?.checked_add(at(other)?)?;
        (digits.to_string().len() <= MOST_DIGITS + 3).then_some(Decimal { digits, exponent, ..self })
    }

    /// The number times a power of ten.
    pub fn times(self, power: u32) -> Decimal {
        Decimal { exponent: self.exponent + power as i32, ..self }
    }
}

/// A figure as printed: a number and the scale word that stands between it and its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub number: Decimal,
    /// The power of ten of a scale word that is not yet part of the number (千 of 10千円), and its length in bytes.
    pub power: u32,
    pub scale_bytes: usize,
    /// Whether it is written as an amount: with thousands separators or in parts.
    pub is_amount: bool,
}

/// Reads a figure in digits (1,234.5, 3,200万, 1億2,000万); its sign is the caller's to find.
pub(super) fn read_figure(cursor: &mut Cursor) -> Option<Figure> {
    let mut ahead = *cursor;
    let (number, is_amount) = read_decimal(&mut ahead)?;
    let scale_at = ahead.at;
    let mut power = read_scale(&mut ahead);
    let mut figure = Figure { number, power, scale_bytes: ahead.at - scale_at, is_amount };
    *cursor = ahead;
    // More digits behind a scale continue the number: what has been read so far becomes part of it.
    while power > 0 {
        let Some((more, _)) = read_decimal(&mut ahead) else { break };
        let next = read_scale(&mut ahead);
        if next >= power {
            break;
        }
        let Some(sum) = figure.number.times(figure.power).plus(more.times(next)) else { break };
        figure = Figure { number: sum, power: 0, scale_bytes: 0, is_amount: true };
        *cursor = ahead;
        power = next;
    }
    Some(figure)
}

/// Digits with thousands separators and a decimal point.
fn read_decimal(cursor: &mut Cursor) -> Option<(Decimal, bool)> {
    let mut ahead = *cursor;
    let (mut digits, mut count) = (0u64, 0);
    let mut push = |ahead: &mut Cursor| {
        let mut length = 0;
        while let Some(digit) = ahead.peek().and_then(|c| c.to_digit(10)) {
            digits = digits.saturating_mul(10).saturating_add(digit.into());
            (length, count) = (length + 1, count + 1);
            ahead.next();
        }
        length
    };
    let leading = push(&mut ahead);
    if leading == 0 {
        return None;
    }
    let mut is_amount = false;
    while leading <= 3 && is_group(&ahead) {
        ahead.next();
        push(&mut ahead);
        is_amount = true;
    }
    let mut fraction = 0;
    if ahead.peek() == Some('.') {
        let mut point = ahead;
        point.next();
        fraction = push(&mut point);
        if fraction > 0 {
            ahead = point;
            // 1.2.3 is a version or a date.
            let mut next = ahead;
            if next.eat_char('.') && next.peek().is_some_and(|c| c.is_ascii_digit()) {
                return None;
            }
        }
    }
    if count > MOST_DIGITS {
        return None;
    }
    *cursor = ahead;
    Some((Decimal { negative: false, digits, exponent: -fraction }, is_amount))
}

/// Whether a comma and exactly three digits follow.
fn is_group(cursor: &Cursor) -> bool {
    let mut ahead = *cursor;
    ahead.eat_char(',')
        && (0..3).all(|_| ahead.next().is_some_and(|c| c.is_ascii_digit()))
        && !ahead.peek().is_some_and(|c| c.is_ascii_digit())
}

/// 千, 百万, 億: the power of ten, 0 where no scale word follows.
fn read_scale(cursor: &mut Cursor) -> u32 {
    let mut power = 0;
    if let Some(unit) = cursor.peek().and_then(kanji_unit) {
        cursor.next();
        power += unit.ilog10();
    }
    if let Some(more) = cursor.peek().and_then(myriad) {
        cursor.next();
        power += more;
    }
    power
}

/// Whether a character is a scale word.
pub(super) fn is_scale(c: char) -> bool {
    kanji_unit(c).is_some() || myriad(c).is_some()
}

/// The power of ten of the scale word that a unit begins with (千円, 百万円).
pub(super) fn scale_of(unit: &str) -> u32 {
    read_scale(&mut Cursor::new(unit, 0))
}

/// Reads a run of kanji numerals as a number; nothing where the run is too long to be one.
pub(super) fn read_kanji(cursor: &mut Cursor) -> Option<u64> {
    let mut ahead = *cursor;
    let mut length = 0;
    while ahead.peek().is_some_and(|c| kanji_digit(c).is_some() || is_scale(c)) {
        ahead.next();
        length += 1;
        if length > MOST_DIGITS {
            return None;
        }
    }
    let number = kanji(ahead.since(cursor.at))?;
    *cursor = ahead;
    Some(number)
}

/// Reads a figure in kanji numerals (二十五, 百二十).
pub(super) fn read_kanji_figure(cursor: &mut Cursor) -> Option<Figure> {
    let mut ahead = *cursor;
    let digits = read_kanji(&mut ahead).filter(|digits| digits.to_string().len() <= MOST_DIGITS)?;
    *cursor = ahead;
    Some(Figure {
        number: Decimal { negative: false, digits, exponent: 0 },
        power: 0,
        scale_bytes: 0,
        is_amount: false,
    })
}

/// A unit without the scale word it begins with.
pub(super) fn without_scale(unit: &str) -> &str {
    unit.trim_start_matches(is_scale)
}
