//! One printed time: a year in any notation, with the part of it that is meant.

use super::eras;
use crate::diagnostic::Code;
use crate::normalise::numbers;
use crate::normalise::scan::Cursor;
use crate::record::Month;
use crate::vocabulary::{Era, WordList, YearIndex, YearWord};

/// A time as printed, before what stands behind it bounds it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Point {
    /// The number of the calendar year or of the fiscal year.
    pub year: i32,
    pub era: Option<Era>,
    pub kind: YearKind,
    pub part: Part,
    /// 末: only the last day of it is meant.
    pub end: bool,
    /// The year is printed in two notations that disagree.
    pub conflict: bool,
}

/// Whether 年度 or 年 stands behind a year's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearKind {
    Fiscal,
    Calendar,
    Bare,
}

/// Which part of the year is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// 1 or 2, of a fiscal year.
    Half(u8),
    /// 1 to 4, of a fiscal year.
    Quarter(u8),
    /// First and last month; the last may lie in the next calendar year.
    Months(u8, u8),
    /// Month and day.
    Day(u8, u8),
}

/// How much of its surroundings a time may take for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// The text is a time and nothing else.
    Whole,
    /// Running text, where letters and numbers mean many things.
    Running,
    /// Running text behind the sign of a range.
    Continued,
}

impl Point {
    /// First and last month covered.
    pub fn months(&self) -> (Month, Month) {
        let april = Month::fiscal_start(self.year);
        match self.part {
            Part::Whole if self.kind == YearKind::Calendar => {
                (Month { year: self.year, month: 1 }, Month { year: self.year, month: 12 })
            }
            Part::Whole => (april, april.plus(11)),
            Part::Half(half) => (april.plus(6 * (i32::from(half) - 1)), april.plus(6 * i32::from(half) - 1)),
            Part::Quarter(quarter) => {
                (april.plus(3 * (i32::from(quarter) - 1)), april.plus(3 * i32::from(quarter) - 1))
            }
            Part::Months(first, last) => {
                let start = self.month(first);
                (start, start.plus((i32::from(last) - i32::from(first)).rem_euclid(12)))
            }
            Part::Day(month, _) => (self.month(month), self.month(month)),
        }
    }

    /// A month of the year: of 令和5年度, March is the one of the next calendar year.
    fn month(&self, month: u8) -> Month {
        let next = self.kind == YearKind::Fiscal && month < 4;
        Month { year: self.year + i32::from(next), month }
    }

    /// The date at the precision printed, where a date is meant.
    pub fn date(&self) -> Option<String> {
        let (start, end) = self.months();
        match self.part {
            Part::Whole if self.end => Some(end.to_string()),
            Part::Whole if self.kind == YearKind::Calendar => Some(format!("{:04}", self.year)),
            Part::Months(first, last) if first == last => Some(start.to_string()),
            Part::Day(_, day) => Some(format!("{start}-{day:02}")),
            _ => None,
        }
    }

    /// What is odd about it.
    pub fn codes(&self) -> Vec<Code> {
        let (start, end) = self.months();
        let (first, last) = match self.part {
            Part::Day(_, day) => (day, day),
            _ => (1, 31),
        };
        let odd =
            self.era.and_then(|era| eras::oddity(era, (start.year, start.month, first), (end.year, end.month, last)));
        odd.into_iter().chain(self.conflict.then_some(Code::EraConflict)).collect()
    }

    /// Whether only a year is said.
    pub fn is_year(&self) -> bool {
        self.part == Part::Whole && !self.end
    }
}

/// Reads a time that names its year.
pub(super) fn read(cursor: &mut Cursor, words: &YearIndex, setting: Setting) -> Option<Point> {
    let mut ahead = *cursor;
    let mut point = read_year(&mut ahead, words, setting)?;
    read_part(&mut ahead, words, &mut point, setting);
    read_end(&mut ahead, words, &mut point);
    if point.kind == YearKind::Bare
        && point.part == Part::Whole
        && !is_bare_year(&ahead, *cursor, words, &point, setting)
    {
        return None;
    }
    *cursor = ahead;
    Some(point)
}

/// 末, 末日 and the like behind a time.
pub(super) fn read_end(cursor: &mut Cursor, words: &YearIndex, point: &mut Point) {
    if cursor.eat_any(words.words(YearWord::Part)).is_none() && cursor.eat_any(words.words(YearWord::End)).is_some() {
        point.end = true;
    }
}

/// Whether what stands around a year without 年度 or 年 lets it be one.
fn is_bare_year(after: &Cursor, start: Cursor, words: &YearIndex, point: &Point, setting: Setting) -> bool {
    let text = after.since(start.at);
    let by_letter = text.starts_with(|c: char| super::super::characters::narrow(c).is_ascii_alphabetic());
    let western = point.era.is_none() && !by_letter;
    if let Some(era) = point.era.filter(|_| by_letter) {
        let year = eras::era_year(era, point.year) as u32;
        // Written with its other notation (R3(2021)) there is no doubt.
        let alone = !text.contains(['(', '（']);
        if alone && !(eras::earliest_bare(era)..=eras::latest_bare(era)).contains(&year) {
            return false;
        }
    }
    if setting == Setting::Whole {
        return true;
    }
    if western && !text.contains(['(', '（']) {
        return false;
    }
    // 令和1 0年: the rest of a number that is set apart
    let mut rest = *after;
    rest.skip_space();
    if rest.at > after.at && rest.eat_digits(4).is_some() && rest.at_any(words.words(YearWord::Year)) {
        return false;
    }
    match after.peek() {
        None => true,
        Some(c) if c.is_ascii_alphanumeric() || matches!(c, 'ァ'..='ヺ' | 'ー' | '_') => false,
        Some('-' | '.' | ',') => {
            let mut next = *after;
            next.next();
            !next.peek().is_some_and(|c| c.is_ascii_alphanumeric())
        }
        Some('ぁ'..='ゖ') => true,
        Some(c) if c.is_alphanumeric() && !('\u{2460}'..='\u{24FF}').contains(&c) => {
            after.at_any(words.words(YearWord::AfterBare))
        }
        Some(_) => true,
    }
}

/// A year: in an era or western, with 年度, 年 or neither, perhaps with the other notation in parentheses.
fn read_year(cursor: &mut Cursor, words: &YearIndex, setting: Setting) -> Option<Point> {
    // Behind the sign of a range a letter or number is free although the sign joins it.
    let before = cursor.before().filter(|c| setting == Setting::Running || c.is_ascii_alphanumeric());
    let mut point =
        read_era_year(cursor, words, before, setting).or_else(|| read_western_year(cursor, words, setting, before))?;
    let inner = read_other_notation(cursor, words, &point);
    if point.kind == YearKind::Bare {
        point.kind = read_kind(cursor, words)?;
    }
    let other = inner.or_else(|| read_other_notation(cursor, words, &point));
    if let Some((year, kind)) = other {
        point.conflict = year != point.year;
        if point.kind == YearKind::Bare {
            point.kind = kind;
        }
    }
    Some(point)
}

fn year_of(year: i32, era: Option<Era>) -> Point {
    Point { year, era, kind: YearKind::Bare, part: Part::Whole, end: false, conflict: false }
}

/// 年度, 年 or nothing; none where 年 begins another word (年代).
fn read_kind(cursor: &mut Cursor, words: &YearIndex) -> Option<YearKind> {
    if cursor.eat_any(words.words(YearWord::FiscalYear)).is_some() {
        Some(YearKind::Fiscal)
    } else if cursor.eat_any(words.words(YearWord::Year)).is_some() {
        (!cursor.at_any(words.words(YearWord::Decade))).then_some(YearKind::Calendar)
    } else {
        Some(YearKind::Bare)
    }
}

fn read_era_year(cursor: &mut Cursor, words: &YearIndex, before: Option<char>, setting: Setting) -> Option<Point> {
    if cursor.peek().is_none_or(|c| c.is_ascii_digit()) {
        return None;
    }
    for (name, era) in words.eras() {
        let letter = name.is_ascii();
        let inside_word = letter && before.is_some_and(|c| c.is_ascii_alphanumeric() || "-_.&".contains(c));
        let mut ahead = *cursor;
        if inside_word || !ahead.starts_with(name) || !ahead.eat(name) {
            continue;
        }
        // A letter and a number apart are no year in running text.
        if letter && setting != Setting::Whole && ahead.peek().is_some_and(char::is_whitespace) {
            continue;
        }
        let Some(number) = read_number(&mut ahead, words, !letter) else { continue };
        let year = eras::calendar_year(*era, number)?;
        *cursor = ahead;
        return Some(year_of(year, Some(*era)));
    }
    None
}

/// 元, digits or kanji numerals: the number of an era's year, of a month or of a day.
pub(super) fn read_number(cursor: &mut Cursor, words: &YearIndex, kanji: bool) -> Option<u32> {
    let mut ahead = *cursor;
    ahead.skip_space();
    let number = if let Some((number, _)) = ahead.eat_digits(3) {
        number
    } else if ahead.eat_any(words.words(YearWord::First)).is_some() {
        1
    } else if kanji {
        numbers::read_kanji(&mut ahead).and_then(|number| u32::try_from(number).ok())?
    } else {
        return None;
    };
    if number == 0 || ahead.peek().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    *cursor = ahead;
    Some(number)
}

fn read_western_year(cursor: &mut Cursor, words: &YearIndex, setting: Setting, before: Option<char>) -> Option<Point> {
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '-')) {
        return None;
    }
    let mut ahead = *cursor;
    let mut point;
    if ahead.eat_any(words.words(YearWord::BeforeFiscalYear)).is_some() {
        let (year, count) = ahead.eat_digits(4)?;
        point = year_of(western(year, count)?, None);
        point.kind = YearKind::Fiscal;
        // FY2023年度
        ahead.eat_any(words.words(YearWord::FiscalYear));
    } else if ahead.eat_any(words.words(YearWord::Apostrophe)).is_some() {
        let (year, _) = ahead.eat_digits(2).filter(|(_, count)| *count == 2)?;
        point = year_of(western(year, 2)?, None);
        if setting != Setting::Whole && !ahead.at_any(words.words(YearWord::Year)) {
            return None;
        }
    } else if let Some((year, 4)) = ahead.eat_digits(4) {
        point = year_of(western(year, 4)?, None);
    } else {
        let start = ahead.at;
        let year = numbers::read_kanji(&mut ahead).filter(|_| ahead.since(start).chars().count() >= 4)?;
        let year = u32::try_from(year).ok()?;
        if !ahead.at_any(words.words(YearWord::Year)) {
            return None;
        }
        point = year_of(western(year, 4)?, None);
    }
    *cursor = ahead;
    Some(point)
}

/// A western year of four digits, or of two in this century.
fn western(year: u32, digits: usize) -> Option<i32> {
    let year = match digits {
        2 => 2000 + year,
        4 => year,
        _ => return None,
    };
    (1868..=2150).contains(&year).then_some(year as i32)
}

/// `(令和3)` or `/令和3年度` behind a western year, `(2021)` behind an era's, with or without 年度; also the other era of
/// a year in which eras met (平成31(令和元)年度).
fn read_other_notation(cursor: &mut Cursor, words: &YearIndex, point: &Point) -> Option<(i32, YearKind)> {
    let mut ahead = *cursor;
    ahead.skip_space();
    let close = match ahead.next()? {
        '(' => Some(')'),
        '[' => Some(']'),
        '〔' => Some('〕'),
        '【' => Some('】'),
        '<' => Some('>'),
        '/' => None,
        _ => return None,
    };
    ahead.skip_space();
    let western = read_western_year(&mut ahead, words, Setting::Whole, None);
    let other = western.or_else(|| read_era_year(&mut ahead, words, None, Setting::Whole))?;
    let kind = if other.kind == YearKind::Fiscal { YearKind::Fiscal } else { read_kind(&mut ahead, words)? };
    ahead.skip_space();
    if close.is_some_and(|close| !ahead.eat_char(close)) {
        return None;
    }
    // Two notations of one kind, or two that are not set apart by brackets, are two years unless they agree.
    let same_kind = point.era.is_some() == other.era.is_some();
    if other.year != point.year && (same_kind || close.is_none()) {
        return None;
    }
    *cursor = ahead;
    Some((other.year, kind))
}

/// The part of the year that is meant: a half, a quarter, months, a day; the whole year where none is named.
fn read_part(cursor: &mut Cursor, words: &YearIndex, point: &mut Point, setting: Setting) {
    if point.kind == YearKind::Bare
        && let Some((part, after)) = read_dotted(*cursor, words, point, setting)
    {
        point.part = part;
        *cursor = after;
        return;
    }
    let mut ahead = *cursor;
    ahead.eat_any(words.words(YearWord::Within));
    let Some(part) = read_named_part(&mut ahead, words) else { return };
    if !matches!(part, Part::Day(month, day) if u32::from(day) > days(point.year, month)) {
        point.part = part;
        *cursor = ahead;
    }
}

/// A half, a quarter, months or a day, without a year.
pub(super) fn read_named_part(cursor: &mut Cursor, words: &YearIndex) -> Option<Part> {
    let mut ahead = *cursor;
    ahead.skip_space();
    let part = read_half(&mut ahead, words)
        .or_else(|| read_quarter(&mut ahead, words))
        .or_else(|| read_months(&mut ahead, words))?;
    *cursor = ahead;
    Some(part)
}

fn read_half(cursor: &mut Cursor, words: &YearIndex) -> Option<Part> {
    if cursor.eat_any(words.words(YearWord::FirstHalf)).is_some() {
        return Some(Part::Half(1));
    }
    if cursor.eat_any(words.words(YearWord::SecondHalf)).is_some() {
        return Some(Part::Half(2));
    }
    let mut alone = |word, half| {
        let mut ahead = *cursor;
        ahead.eat_any(words.words(word))?;
        let free = match ahead.peek() {
            Some('\u{4E00}'..='\u{9FFF}') => {
                [YearWord::End, YearWord::By, YearWord::From].iter().any(|word| ahead.at_any(words.words(*word)))
            }
            _ => true,
        };
        free.then(|| {
            *cursor = ahead;
            Part::Half(half)
        })
    };
    alone(YearWord::FirstHalfAlone, 1).or_else(|| alone(YearWord::SecondHalfAlone, 2))
}

/// 第1四半期, 1四半期, 第1Q, 1Q, Q1.
fn read_quarter(cursor: &mut Cursor, words: &YearIndex) -> Option<Part> {
    let quarter = words.words(YearWord::Quarter);
    let mut ahead = *cursor;
    let number = if ahead.eat_any(quarter).is_some() {
        let number = ahead.eat_digits(1).map(|(number, _)| number)?;
        (!ahead.peek().is_some_and(|c| c.is_ascii_alphanumeric())).then_some(number)?
    } else {
        ahead.eat_any(words.words(YearWord::Ordinal));
        let number = read_quarter_number(&mut ahead)?;
        ahead.eat_any(quarter)?;
        number
    };
    let part = u8::try_from(number).ok().filter(|number| (1..=4).contains(number)).map(Part::Quarter)?;
    *cursor = ahead;
    Some(part)
}

/// One digit, in kanji and Roman too: 第四四半期 is the fourth, not the 44th.
fn read_quarter_number(cursor: &mut Cursor) -> Option<u32> {
    cursor.skip_space();
    match cursor.next()? {
        c @ 'Ⅰ'..='Ⅳ' => Some(u32::from(c) - u32::from('Ⅰ') + 1),
        c => c.to_digit(10).or_else(|| numbers::kanji_digit(c)),
    }
}

/// 4月, 4月1日, 4～6月, 4月～6月; a range to a day is the caller's to read.
fn read_months(cursor: &mut Cursor, words: &YearIndex) -> Option<Part> {
    let mut ahead = *cursor;
    let first = read_number(&mut ahead, words, true).and_then(month)?;
    let printed = ahead.eat_any(words.words(YearWord::Month)).is_some();
    if ahead.at_any(words.words(YearWord::Duration)) {
        return None;
    }
    if printed && let Some(day) = read_day(&mut ahead, words) {
        *cursor = ahead;
        return Some(Part::Day(first, day));
    }
    let mut range = ahead;
    let last = range.eat_any(words.words(YearWord::To)).and_then(|_| {
        let last = read_number(&mut range, words, true).and_then(month)?;
        range.eat_any(words.words(YearWord::Month))?;
        let mut day = range;
        read_day(&mut day, words).is_none().then_some(last)
    });
    if last.is_some() {
        ahead = range;
    } else if !printed {
        return None;
    }
    *cursor = ahead;
    Some(Part::Months(first, last.unwrap_or(first)))
}

fn month(number: u32) -> Option<u8> {
    u8::try_from(number).ok().filter(|month| (1..=12).contains(month))
}

/// 31日.
pub(super) fn read_day(cursor: &mut Cursor, words: &YearIndex) -> Option<u8> {
    let mut ahead = *cursor;
    let day = read_number(&mut ahead, words, true)
        .and_then(|day| u8::try_from(day).ok())
        .filter(|day| (1..=31).contains(day))?;
    ahead.eat_any(words.words(YearWord::Day))?;
    if ahead.at_any(words.words(YearWord::Duration)) {
        return None;
    }
    *cursor = ahead;
    Some(day)
}

/// `.3.31`, `.3`, `/3/31`, `-03-31` behind a year without 年.
fn read_dotted<'t>(
    mut cursor: Cursor<'t>,
    words: &YearIndex,
    point: &Point,
    setting: Setting,
) -> Option<(Part, Cursor<'t>)> {
    let separator = cursor.next().filter(|c| matches!(c, '.' | '/' | '-'))?;
    cursor.skip_space();
    let (number, digits) = cursor.eat_digits(2)?;
    let month = month(number)?;
    let mut day_cursor = cursor;
    let day = day_cursor.eat_char(separator).then(|| {
        day_cursor.skip_space();
        day_cursor.eat_digits(2)
    });
    if let Some(Some((day, _))) = day {
        let fits = (1..=days(point.year, month)).contains(&day)
            && !day_cursor.peek().is_some_and(|c| c.is_ascii_alphanumeric());
        return fits.then_some((Part::Day(month, day as u8), day_cursor));
    }
    if cursor.peek().is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let printed_month = cursor.eat_any(words.words(YearWord::Month)).is_some();
    if printed_month {
        let day = read_day(&mut cursor, words);
        return Some((day.map_or(Part::Months(month, month), |day| Part::Day(month, day)), cursor));
    }
    let recent = point.era == Some(Era::Reiwa) || point.era.is_none() && setting == Setting::Whole;
    let sure = match separator {
        '.' => recent || point.era.is_some() && setting == Setting::Whole,
        // R5/6 are two years, R5-6 a range.
        '/' => point.era.is_none(),
        _ => point.era.is_none() && digits == 2,
    };
    sure.then_some((Part::Months(month, month), cursor))
}

fn days(year: i32, month: u8) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Reads one of some words that bound a time; nothing where it only begins another word.
pub(super) fn eat_bound(cursor: &mut Cursor, list: &WordList, words: &YearIndex) -> bool {
    let mut ahead = *cursor;
    let free = !ahead.at_any(words.words(YearWord::NoBound)) && ahead.eat_any(list).is_some();
    if free {
        *cursor = ahead;
    }
    free
}
