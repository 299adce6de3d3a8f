//! Eras: which calendar year an era's year is, and whether the era had begun and had not ended.

use crate::diagnostic::Code;
use crate::vocabulary::Era;

/// A day as (year, month, day).
pub(super) type Day = (i32, u8, u8);

/// First and last day of an era; the last era has no end yet. Source: the edicts and cabinet orders that set them.
fn span(era: Era) -> (Day, Day) {
    match era {
        // The edict of 1868-10-23 counted the whole year as the first.
        Era::Meiji => ((1868, 1, 1), (1912, 7, 30)),
        Era::Taisho => ((1912, 7, 30), (1926, 12, 25)),
        Era::Showa => ((1926, 12, 25), (1989, 1, 7)),
        Era::Heisei => ((1989, 1, 8), (2019, 4, 30)),
        Era::Reiwa => ((2019, 5, 1), (9999, 12, 31)),
    }
}

/// The calendar year of an era's year (from 1), also beyond the era's end.
pub(super) fn calendar_year(era: Era, year: u32) -> Option<i32> {
    let year = i32::try_from(year).ok().filter(|year| (1..=199).contains(year))?;
    Some(span(era).0.0 + year - 1)
}

/// The era's year of a calendar year.
pub(super) fn era_year(era: Era, calendar_year: i32) -> i32 {
    calendar_year - span(era).0.0 + 1
}

/// What is odd about days said in an era's years: nothing where any of them lies in the era.
pub(super) fn oddity(era: Era, first: Day, last: Day) -> Option<Code> {
    let (start, end) = span(era);
    if first > end {
        Some(Code::EraYearAfterEnd)
    } else if last < start {
        Some(Code::EraYearBeforeStart)
    } else {
        None
    }
}

/// The highest year of an era that its letter alone, without 年, can stand for: plans look some decades ahead.
pub(super) fn latest_bare(era: Era) -> u32 {
    match era {
        Era::Reiwa => 40,
        Era::Heisei => 45,
        Era::Meiji | Era::Taisho | Era::Showa => 0,
    }
}

/// The lowest such year: `H2` is a heading or hydrogen far more often than 1990.
pub(super) fn earliest_bare(era: Era) -> u32 {
    if era == Era::Reiwa { 1 } else { 10 }
}
