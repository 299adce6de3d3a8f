//! Rows of column heads, which say an era, a year or its kind once and drop it after.

use super::point::{self, Part, Point, Setting, YearKind};
use super::time::{self, Time};
use super::{Bound, When, whole};
use crate::normalise::scan::Cursor;
use crate::record::Month;
use crate::vocabulary::{Vocabulary, YearIndex, YearWord};

/// Columns apart that two bare years of a head row may be.
const WIDEST_STEP: i32 = 5;

/// The longest name of a part of a plan's time, in characters.
const LONGEST_NAME: usize = 8;

/// The times of a row of column heads, which may drop the era or the year (`R5 | 6 | 7 | 8`, `令和5年度 | 6年度`); none for a
/// cell that is no time. Also `基準値(R3)` and the like are none: their caller looks inside.
///
/// Beside a fiscal year a plain `令和4年` means the fiscal year too. A row of bare western years (`2023 | 2024`) is taken
/// for fiscal years where they follow each other.
pub fn heads(cells: &[&str], vocabulary: &Vocabulary) -> Vec<Option<When>> {
    times(cells, &vocabulary.years).iter().map(|time| time.as_ref().map(Time::when)).collect()
}

/// The times of the second row of a two-row head (令和5年度 over 上期 | 下期, or over 4月 … 3月): `parents` holds for each
/// column the time above it. A blank cell has its parent's time.
pub fn heads_under(parents: &[Option<When>], cells: &[&str], vocabulary: &Vocabulary) -> Vec<Option<When>> {
    let words = &vocabulary.years;
    let explicit = times(cells, words);
    let bare_months = are_bare_months(parents, cells, words);
    let mut found: Vec<Option<When>> = Vec::with_capacity(cells.len());
    // Where the last part under the same parent began.
    let mut begun: Option<Month> = None;
    for (i, cell) in cells.iter().enumerate() {
        let parent = parents.get(i).and_then(Option::as_ref);
        if i > 0 && parents.get(i) != parents.get(i - 1) {
            begun = None;
        }
        let when = match (parent, explicit.get(i).and_then(Option::as_ref)) {
            (Some(parent), _) if cell.trim().is_empty() => Some(parent.clone()),
            (Some(parent), None) => under(parent, cell, begun, bare_months, words),
            (_, explicit) => explicit.map(Time::when),
        };
        begun = when.as_ref().map(|when| when.period.start).or(begun);
        found.push(when);
    }
    found
}

/// The part of a parent's time that a cell names, after the one that began last.
fn under(parent: &When, cell: &str, begun: Option<Month>, bare_months: bool, words: &YearIndex) -> Option<When> {
    let mut cursor = Cursor::new(cell, 0);
    let part = match point::read_named_part(&mut cursor, words) {
        Some(part) => part,
        None if bare_months => {
            let month = point::read_number(&mut cursor, words, false)? as u8;
            Part::Months(month, month)
        }
        None => return None,
    };
    cursor.skip_space();
    if !cursor.is_at_end() {
        return None;
    }
    let years = parent.period.start.year..=parent.period.end.year;
    let kind = if parent.period.start.month == 1 { YearKind::Calendar } else { YearKind::Bare };
    let point = years.map(|year| Point { year, era: None, kind, part, end: false, conflict: false }).find(|point| {
        let (start, end) = point.months();
        start >= parent.period.start && end <= parent.period.end && begun.is_none_or(|begun| start > begun)
    })?;
    Some(Time { first: point, last: None, bound: Bound::In }.when())
}

/// Whether the cells under years are bare months: only numbers, each the month after the one before.
fn are_bare_months(parents: &[Option<When>], cells: &[&str], words: &YearIndex) -> bool {
    let numbers = cells.iter().zip(parents).filter(|(cell, parent)| parent.is_some() && !cell.trim().is_empty()).map(
        |(cell, _)| {
            let mut cursor = Cursor::new(cell, 0);
            point::read_number(&mut cursor, words, false).filter(|month| cursor.is_at_end() && (1..=12).contains(month))
        },
    );
    let Some(numbers) = numbers.collect::<Option<Vec<u32>>>() else { return false };
    numbers.len() >= 3 && numbers.windows(2).all(|pair| pair[1] == pair[0] % 12 + 1)
}

fn times(cells: &[&str], words: &YearIndex) -> Vec<Option<Time>> {
    let mut times: Vec<Option<Time>> = cells.iter().map(|cell| whole(cell, words)).collect();
    add_bare_years(&mut times, cells);
    add_named_spans(&mut times, cells, words);
    // Rightwards from what is said before, then leftwards to what is said only later.
    let mut previous: Option<Point> = None;
    for (time, cell) in times.iter_mut().zip(cells) {
        if time.is_none()
            && let Some(previous) = &previous
        {
            *time = dropped(cell, previous, words);
        }
        if let Some(time) = time {
            previous = Some(time.context().clone());
        }
    }
    let mut next: Option<Point> = None;
    for (time, cell) in times.iter_mut().zip(cells).rev() {
        if time.is_none()
            && let Some(next) = &next
        {
            *time = before(cell, next, words);
        }
        if let Some(time) = time {
            next = Some(time.first.clone());
        }
    }
    let fiscal = times.iter().flatten().any(|time| time.first.is_year() && time.first.kind != YearKind::Calendar);
    if fiscal {
        for point in times.iter_mut().flatten().flat_map(|time| std::iter::once(&mut time.first).chain(&mut time.last))
        {
            if point.part == Part::Whole {
                point.kind = YearKind::Fiscal;
            }
        }
    }
    times
}

/// `2023 | 2024 | 2025`: sure only in a row where they rise, or beside other times.
fn add_bare_years(times: &mut [Option<Time>], cells: &[&str]) {
    let years: Vec<Option<i32>> = cells
        .iter()
        .map(|cell| {
            let mut cursor = Cursor::new(cell.trim(), 0);
            let (year, digits) = cursor.eat_digits(4)?;
            (cursor.is_at_end() && digits == 4 && (1950..=2100).contains(&year)).then_some(year as i32)
        })
        .collect();
    let bare: Vec<i32> = years.iter().flatten().copied().collect();
    let rising = bare.windows(2).all(|pair| (1..=WIDEST_STEP).contains(&(pair[1] - pair[0])));
    if rising && (bare.len() > 1 || times.iter().any(Option::is_some)) {
        for (time, year) in times.iter_mut().zip(years) {
            if let (None, Some(year)) = (&time, year) {
                let first =
                    Point { year, era: None, kind: YearKind::Bare, part: Part::Whole, end: false, conflict: false };
                *time = Some(Time { first, last: None, bound: Bound::In });
            }
        }
    }
}

/// `前期(R7～R10) | 中期(R11～R13)`: parts of a plan's time by name, with their years behind; several, one after the other.
fn add_named_spans(times: &mut [Option<Time>], cells: &[&str], words: &YearIndex) {
    let span = |cell: &&str| {
        let inner = cell.trim().strip_suffix([')', '\u{ff09}'])?;
        let (name, years) = inner.split_once(['(', '\u{ff08}'])?;
        let named = (1..=LONGEST_NAME).contains(&name.trim().chars().count()) && !name.contains(char::is_numeric);
        whole(years, words).filter(|time| named && time.last.is_some())
    };
    let spans: Vec<Option<Time>> = cells.iter().map(span).collect();
    let periods: Vec<_> = spans.iter().flatten().map(|time| time.when().period).collect();
    if periods.len() > 1 && periods.windows(2).all(|pair| pair[0].end < pair[1].start) {
        for (time, span) in times.iter_mut().zip(spans) {
            *time = time.take().or(span);
        }
    }
}

/// A head that drops what the head before it says.
fn dropped(cell: &str, previous: &Point, words: &YearIndex) -> Option<Time> {
    let mut cursor = Cursor::new(cell, 0);
    let mut point = time::read_dropped(&mut cursor, words, previous, Setting::Whole)?;
    cursor.skip_space();
    let step = point.year - previous.year;
    let bare = point.kind == YearKind::Bare && point.part == Part::Whole;
    if !cursor.is_at_end() || bare && !(1..=WIDEST_STEP).contains(&step) {
        return None;
    }
    if bare {
        point.kind = previous.kind;
    }
    Some(Time { first: point, last: None, bound: Bound::In })
}

/// A head before the first that names its era (`4年度 | 令和5年度`).
fn before(cell: &str, next: &Point, words: &YearIndex) -> Option<Time> {
    let mut cursor = Cursor::new(cell, 0);
    let number = point::read_number(&mut cursor, words, true)?;
    let kind = match (cursor.eat_any(words.words(YearWord::FiscalYear)), cursor.eat_any(words.words(YearWord::Year))) {
        (Some(_), _) => YearKind::Fiscal,
        (None, Some(_)) => YearKind::Calendar,
        (None, None) => return None,
    };
    cursor.skip_space();
    let (year, era) = time::dropped_year(number, &Point { year: next.year - WIDEST_STEP, ..next.clone() })?;
    (cursor.is_at_end() && year < next.year && era == next.era).then(|| {
        let first = Point { year, era, kind, part: Part::Whole, end: false, conflict: false };
        Time { first, last: None, bound: Bound::In }
    })
}
