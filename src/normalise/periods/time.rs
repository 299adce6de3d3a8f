//! One printed time with its range, list and bound: what [`super::parse`] and [`super::find`] read.

use super::point::{self, Part, Point, Setting, YearKind};
use super::{Bound, Precision, When, eras};
use crate::normalise::scan::Cursor;
use crate::record::Period;
use crate::vocabulary::{Era, YearIndex, YearWord};

/// A time from its first to its last point; the same one where it is no range.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Time {
    pub first: Point,
    pub last: Option<Point>,
    pub bound: Bound,
}

impl Time {
    pub fn when(&self) -> When {
        let last = self.last.as_ref().unwrap_or(&self.first);
        let period = Period { start: self.first.months().0, end: last.months().1 };
        let precision = match (&self.last, self.first.part) {
            (Some(_), _) => Precision::Range,
            (None, Part::Whole) if self.first.kind == YearKind::Calendar => Precision::Year,
            (None, Part::Whole) => Precision::FiscalYear,
            (None, Part::Half(_)) => Precision::Half,
            (None, Part::Quarter(_)) => Precision::Quarter,
            (None, Part::Months(first, last)) if first == last => Precision::Month,
            (None, Part::Months(..)) => Precision::Range,
            (None, Part::Day(..)) => Precision::Day,
        };
        let date = if self.last.is_none() { self.first.date() } else { None };
        let mut codes = self.first.codes();
        codes.extend(self.last.iter().flat_map(Point::codes));
        codes.sort();
        codes.dedup();
        When { period, precision, date, bound: self.bound, codes }
    }

    /// What a following time that drops its year continues from.
    pub fn context(&self) -> &Point {
        self.last.as_ref().unwrap_or(&self.first)
    }
}

/// Reads a time and leaves the cursor behind it; what bounds it is read but stays outside.
pub(super) fn read(cursor: &mut Cursor, words: &YearIndex, setting: Setting) -> Option<Time> {
    let start = *cursor;
    let mut time = match point::read(cursor, words, setting) {
        Some(first) => {
            let last = read_rest(cursor, words, &first, setting);
            Time { first, last, bound: Bound::In }
        }
        // 2021～2025年度, R5-8: the first end is sure only with the second.
        None => {
            if start.before().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ',' | '/')) {
                return None;
            }
            let mut ahead = start;
            let first = point::read(&mut ahead, words, Setting::Whole).filter(|first| first.part == Part::Whole)?;
            let last =
                read_rest(&mut ahead, words, &first, setting).filter(|last| is_sure(&first, last, &ahead, words))?;
            *cursor = ahead;
            Time { first, last: Some(last), bound: Bound::In }
        }
    };
    if let Some(last) = &mut time.last {
        unify(&mut time.first, last);
    }
    time.bound = read_bound(*cursor, words, &mut time);
    Some(time)
}

/// Whether a range whose first end is a bare number is one of years.
fn is_sure(first: &Point, last: &Point, after: &Cursor, words: &YearIndex) -> bool {
    let joined = after.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ','));
    let ideograph = matches!(after.peek(), Some('\u{4E00}'..='\u{9FFF}' | 'ァ'..='ヺ'));
    let worded = last.kind != YearKind::Bare || !ideograph || after.at_any(words.words(YearWord::AfterBare));
    !joined && worded && last.year > first.year && last.year - first.year <= 30
}

/// 2021年～2025年度 and R5～8年度 are fiscal years at both ends.
fn unify(first: &mut Point, last: &mut Point) {
    if first.part != Part::Whole || last.part != Part::Whole {
        return;
    }
    let kind = match (first.kind, last.kind) {
        (YearKind::Fiscal, _) | (_, YearKind::Fiscal) => YearKind::Fiscal,
        (YearKind::Calendar, _) | (_, YearKind::Calendar) => YearKind::Calendar,
        _ => YearKind::Bare,
    };
    (first.kind, last.kind) = (kind, kind);
}

/// The last point of a range or list whose first has been read.
fn read_rest(cursor: &mut Cursor, words: &YearIndex, first: &Point, setting: Setting) -> Option<Point> {
    let mut ahead = *cursor;
    let to =
        ahead.eat_any(words.words(YearWord::To)).is_some() || ahead.eat_any(words.words(YearWord::FromTo)).is_some();
    if to {
        ahead.skip_space();
        let continued = if setting == Setting::Whole { Setting::Whole } else { Setting::Continued };
        let last = point::read(&mut ahead, words, continued)
            .or_else(|| {
                point::read(&mut ahead, words, Setting::Whole)
                    .filter(|last| last.year > first.year && first.is_year() && is_sure(first, last, &ahead, words))
            })
            .or_else(|| read_dropped(&mut ahead, words, first, setting))?;
        *cursor = ahead;
        return Some(last);
    }
    if !first.is_year() {
        return None;
    }
    let mut last: Option<Point> = None;
    loop {
        let mut ahead = *cursor;
        if ahead.eat_any(words.words(YearWord::And)).is_none() {
            break;
        }
        let previous = last.as_ref().unwrap_or(first);
        let next = match setting {
            Setting::Whole => {
                point::read(&mut ahead, words, setting).or_else(|| read_dropped(&mut ahead, words, previous, setting))
            }
            _ => read_dropped(&mut ahead, words, previous, setting),
        };
        let Some(next) =
            next.filter(|next| next.is_year() && next.year > previous.year && next.year - previous.year <= 15)
        else {
            break;
        };
        *cursor = ahead;
        last = Some(next);
    }
    last
}

/// A time that drops its year or its era, after another (8年度, 9月, 下期, 8).
pub(super) fn read_dropped(
    cursor: &mut Cursor,
    words: &YearIndex,
    previous: &Point,
    setting: Setting,
) -> Option<Point> {
    let mut ahead = *cursor;
    let mut point = if let Some(year) = read_dropped_year(&mut ahead, words, previous, setting) {
        let mut point = year;
        if let Some(part) = point::read_named_part(&mut ahead, words) {
            point.part = part;
        }
        point
    } else if let (Part::Day(month, first), Some(day)) = (previous.part, point::read_day(&mut ahead, words)) {
        Point { part: Part::Day(month, day), end: false, ..previous.clone() }.clone_if(day > first)?
    } else if previous.part != Part::Whole {
        let part = point::read_named_part(&mut ahead, words)?;
        following(previous, part)?
    } else {
        return None;
    };
    point.end = false;
    point::read_end(&mut ahead, words, &mut point);
    *cursor = ahead;
    Some(point)
}

impl Point {
    fn clone_if(self, condition: bool) -> Option<Point> {
        condition.then_some(self)
    }
}

/// The first time of a part (a half, a quarter, a month) that begins after another time has begun.
pub(super) fn following(previous: &Point, part: Part) -> Option<Point> {
    let (start, _) = previous.months();
    (0..2).map(|more| Point { year: previous.year + more, part, end: false, conflict: false, ..previous.clone() }).find(
        |point| {
            let (next, _) = point.months();
            next > start
        },
    )
}

fn read_dropped_year(cursor: &mut Cursor, words: &YearIndex, previous: &Point, setting: Setting) -> Option<Point> {
    let mut ahead = *cursor;
    let number = point::read_number(&mut ahead, words, previous.kind != YearKind::Bare)?;
    let mut kind = YearKind::Bare;
    if ahead.eat_any(words.words(YearWord::FiscalYear)).is_some() {
        kind = YearKind::Fiscal;
    } else if ahead.eat_any(words.words(YearWord::Year)).is_some() {
        if ahead.at_any(words.words(YearWord::NoYear)) || ahead.at_any(words.words(YearWord::Decade)) {
            return None;
        }
        kind = YearKind::Calendar;
    } else if !previous.is_year() {
        return None;
    }
    let (year, era) = dropped_year(number, previous)?;
    let point = Point { year, era, kind, part: Part::Whole, end: false, conflict: false };
    if kind == YearKind::Bare {
        let free = match setting {
            Setting::Whole => !ahead.at_any(words.words(YearWord::Month)),
            _ => is_sure(previous, &point, &ahead, words) && !ahead.peek().is_some_and(|c| ('ぁ'..='ゖ').contains(&c)),
        };
        if !free {
            return None;
        }
    }
    *cursor = ahead;
    Some(point)
}

/// The year that a number without its era or century is, after another year: the first one that comes later.
pub(super) fn dropped_year(number: u32, previous: &Point) -> Option<(i32, Option<Era>)> {
    let Some(era) = previous.era else {
        let year = match number {
            0..100 => previous.year - previous.year.rem_euclid(100) + number as i32,
            1868..=2150 => number as i32,
            _ => return None,
        };
        return (year >= previous.year && year - previous.year <= 30).then_some((year, None));
    };
    let later = match era {
        Era::Meiji => Some(Era::Taisho),
        Era::Taisho => Some(Era::Showa),
        Era::Showa => Some(Era::Heisei),
        Era::Heisei => Some(Era::Reiwa),
        Era::Reiwa => None,
    };
    [Some(era), later].into_iter().flatten().find_map(|era| {
        let year = eras::calendar_year(era, number)?;
        (year >= previous.year && year - previous.year <= 30).then_some((year, Some(era)))
    })
}

/// What stands behind a time and bounds it; a length (から5年間) makes a range of it.
fn read_bound(mut cursor: Cursor, words: &YearIndex, time: &mut Time) -> Bound {
    let by = words.words(YearWord::By);
    if time.context().end {
        let state = [YearWord::AsOf, YearWord::Actual].iter().any(|word| cursor.at_any(words.words(*word)));
        return if state { Bound::In } else { Bound::By };
    }
    if point::eat_bound(&mut cursor, by, words) {
        return Bound::By;
    }
    let from = words.words(YearWord::From);
    let mut ahead = cursor;
    if point::eat_bound(&mut ahead, from, words) {
        if let Some(years) = read_length(ahead, words).filter(|_| time.last.is_none() && time.first.is_year()) {
            let last = Point { year: time.first.year + years - 1, conflict: false, ..time.first.clone() };
            time.last = (years > 1).then_some(last);
            return Bound::In;
        }
        return Bound::From;
    }
    Bound::In
}

/// の5年間, 5か年: how many years.
fn read_length(mut cursor: Cursor, words: &YearIndex) -> Option<i32> {
    cursor.eat_any(words.words(YearWord::Within));
    let years = point::read_number(&mut cursor, words, true).filter(|years| (1..=50).contains(years))?;
    cursor.eat_any(words.words(YearWord::Lasting))?;
    i32::try_from(years).ok()
}

/// Reads what may stand behind a time that is the whole text: its bound and its length, in parentheses or not.
pub(super) fn skip_trailing(cursor: &mut Cursor, words: &YearIndex) {
    for list in [YearWord::By, YearWord::From, YearWord::AsOf] {
        point::eat_bound(cursor, words.words(list), words);
    }
    let mut ahead = *cursor;
    ahead.skip_space();
    let open = ahead.eat_char('(');
    ahead.eat_any(words.words(YearWord::Within));
    if point::read_number(&mut ahead, words, true).is_some()
        && ahead.eat_any(words.words(YearWord::Lasting)).is_some()
        && (!open || ahead.eat_char(')'))
    {
        *cursor = ahead;
    }
    cursor.skip_space();
}
