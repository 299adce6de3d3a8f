//! Dates and times: serial numbers as calendar dates, and their format codes.

use super::parse::{Section, Token};
use std::fmt::Write;

/// Which day a workbook counts from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) enum DateSystem {
    /// Day 1 is 1 January 1900, and 29 February 1900 exists, as Lotus 1-2-3 had it.
    #[default]
    From1900,
    /// Day 0 is 1 January 1904.
    From1904,
}

/// Days from 1 January 1900 (day 1) to 1 January 1904 (day 0 of the other system).
const DAYS_TO_1904: f64 = 1462.0;
/// 1 January 10000.
const END: f64 = 2_958_466.0;
/// Days from 1 March of the year 0 to day 0 of the 1900 system after its leap day (30 December 1899).
const DAYS_BEFORE: i64 = 693_899;

impl DateSystem {
    /// Whether a number is a date in this system.
    pub fn shows(self, value: f64) -> bool {
        (0.0..END).contains(&self.serial(value)) && value >= 0.0
    }

    fn serial(self, value: f64) -> f64 {
        match self {
            DateSystem::From1900 => value,
            DateSystem::From1904 => value + DAYS_TO_1904,
        }
    }
}

/// A point in time as its parts.
struct Moment {
    year: i64,
    month: usize,
    day: i64,
    /// 0 is Sunday.
    weekday: usize,
    /// Of the day, rounded to what is shown.
    seconds: i64,
    /// Thousandths of a second.
    thousandths: i64,
    /// Seconds since the start of the system, for elapsed hours.
    elapsed: i64,
}

/// Splits a serial number, its time rounded to so many decimal digits of a second.
fn moment(value: f64, dates: DateSystem, digits: u8) -> Moment {
    let unit = 10_f64.powi(i32::from(digits));
    let ticks = (value * 86_400.0 * unit).round() as i64;
    let per_day = 86_400 * unit as i64;
    let (days, rest) = (ticks.div_euclid(per_day), ticks.rem_euclid(per_day));
    let days_1900 = dates.serial(days as f64) as i64;
    let (year, month, day) = civil(days_1900);
    let unit = unit as i64;
    Moment {
        year,
        month,
        day,
        weekday: (days_1900 + 6).rem_euclid(7) as usize,
        seconds: rest / unit,
        thousandths: rest % unit * 1000 / unit,
        elapsed: ticks / unit,
    }
}

/// Year, month and day of a day of the 1900 system.
fn civil(serial: i64) -> (i64, usize, i64) {
    match serial {
        0 => return (1900, 1, 0),
        60 => return (1900, 2, 29),
        _ => {}
    }
    let serial = if serial < 60 { serial + 1 } else { serial };
    // Howard Hinnant's days-to-civil algorithm: years begin in March.
    let days = serial + DAYS_BEFORE;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as usize, day)
}

/// The serial number of an ISO 8601 date or date and time, in a date system.
pub(in super::super) fn serial_of_iso(text: &str, dates: DateSystem) -> Option<f64> {
    let (date, time) = text.trim_end_matches('Z').split_once(['T', ' ']).unwrap_or((text, ""));
    let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let shifted_month = (month + 9) % 12;
    let days = shifted_year * 365 + shifted_year.div_euclid(4) - shifted_year.div_euclid(100)
        + shifted_year.div_euclid(400)
        + (153 * shifted_month + 2) / 5
        + day
        - 1
        - DAYS_BEFORE;
    let days = if days < 61 { days - 1 } else { days };
    let mut seconds = 0.0;
    for (part, unit) in time.splitn(3, ':').zip([3600.0, 60.0, 1.0]) {
        seconds += part.parse::<f64>().unwrap_or(0.0) * unit;
    }
    let origin = if dates == DateSystem::From1904 { DAYS_TO_1904 } else { 0.0 };
    Some(days as f64 - origin + seconds / 86_400.0)
}

/// The Japanese eras, latest first: the day (of the 1900 system) and year each begins, its names.
const ERAS: &[(i64, i64, &str, &str, &str)] = &[
    (43_586, 2019, "R", "令", "令和"),
    (32_516, 1989, "H", "平", "平成"),
    (9_856, 1926, "S", "昭", "昭和"),
    (4_595, 1912, "T", "大", "大正"),
    (i64::MIN, 1868, "M", "明", "明治"),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const WEEKDAYS_JAPANESE: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];

/// Appends a date through a section of kind Date.
pub(super) fn show(section: &Section, value: f64, dates: DateSystem, out: &mut String) {
    let start = out.len();
    let digits = section.tokens.iter().map(|token| if let Token::Subsecond(digits) = token { *digits } else { 0 });
    let at = moment(value, dates, digits.max().unwrap_or(0));
    let halves = section.tokens.iter().any(|token| matches!(token, Token::HalfDay(_)));
    for token in &section.tokens {
        show_token(token, section, &at, halves, dates.serial(value), out);
    }
    super::numerals::convert(section.numerals, 2, out, start);
}

fn show_token(token: &Token, section: &Section, at: &Moment, halves: bool, serial: f64, out: &mut String) {
    let mut padded = |value: i64, width: u8| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{value:0width$}", width = usize::from(width));
    };
    let (hours, minutes) = (at.seconds / 3600, at.seconds / 60 % 60);
    match token {
        Token::Date('y', 1..=2) => padded(at.year % 100, 2),
        Token::Date('y', _) => padded(at.year, 4),
        Token::Date('m', count @ 1..=2) => padded(at.month as i64, *count),
        Token::Date('d', count @ 1..=2) => padded(at.day, *count),
        Token::Date('h', count) => {
            let shown = if halves { (hours + 11) % 12 + 1 } else { hours };
            padded(shown, (*count).min(2));
        }
        Token::Date('n', count) => padded(minutes, (*count).min(2)),
        Token::Date('s', count) => padded(at.seconds % 60, (*count).min(2)),
        Token::Elapsed('h', count) => padded(at.elapsed / 3600, *count),
        Token::Elapsed('m', count) => padded(at.elapsed / 60, *count),
        Token::Elapsed(_, count) => padded(at.elapsed, *count),
        Token::Subsecond(digits) => {
            let unit = 10_i64.pow(3 - u32::from((*digits).min(3)));
            out.push('.');
            let _ = write!(out, "{:0width$}", at.thousandths / unit, width = usize::from(*digits));
        }
        Token::Date('b', count) => padded(if *count == 2 { (at.year + 543) % 100 } else { at.year + 543 }, *count),
        Token::Date(letter @ ('g' | 'e' | 'r'), count) => era(*letter, *count, section, at, serial, out),
        Token::Date('m', 3) if section.japanese => padded(at.month as i64, 1),
        Token::Date('m', count) => out.push_str(match count {
            3 => &MONTHS[at.month - 1][..3],
            5 => &MONTHS[at.month - 1][..1],
            _ => MONTHS[at.month - 1],
        }),
        Token::Date('a', count) => weekday_japanese(*count == 4, at, out),
        Token::Date('d', count) if section.japanese => weekday_japanese(*count > 3, at, out),
        Token::Date('d', 3) => out.push_str(&WEEKDAYS[at.weekday][..3]),
        Token::Date('d', _) => out.push_str(WEEKDAYS[at.weekday]),
        Token::HalfDay(letters) => out.push_str(match (letters, hours < 12) {
            (2, true) if section.japanese => "午前",
            (2, false) if section.japanese => "午後",
            (0, true) => "午前",
            (0, false) => "午後",
            (1, true) => "A",
            (1, false) => "P",
            (_, true) => "AM",
            (_, false) => "PM",
        }),
        Token::Literal(text) => out.push_str(text),
        Token::Fixed(digit) => out.push(*digit),
        Token::Slash => out.push('/'),
        Token::Comma => out.push(','),
        Token::Point => out.push('.'),
        Token::Percent => out.push('%'),
        _ => {}
    }
}

fn weekday_japanese(long: bool, at: &Moment, out: &mut String) {
    out.push_str(WEEKDAYS_JAPANESE[at.weekday]);
    if long {
        out.push_str("曜日");
    }
}

/// `g`, `gg`, `ggg` (R, 令, 令和), `e`, `ee` (the year of the era), `r`, `rr` (`ee`, `gggee`).
fn era(letter: char, count: u8, section: &Section, at: &Moment, serial: f64, out: &mut String) {
    let (_, begins, short, middle, long) =
        ERAS.iter().find(|era| serial.floor() as i64 >= era.0).unwrap_or(&ERAS[ERAS.len() - 1]);
    let year = at.year - begins + 1;
    match (letter, count) {
        ('g', 1) => out.push_str(short),
        ('g', 2) => out.push_str(middle),
        ('g', _) => out.push_str(long),
        ('e', 1) if year == 1 && section.first_year_word => out.push('元'),
        ('e', 1) => {
            let _ = write!(out, "{year}");
        }
        ('r', 2) => {
            let _ = write!(out, "{long}{year:02}");
        }
        _ => {
            let _ = write!(out, "{year:02}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_calendar_days() {
        for (serial, date) in [
            (1, (1900, 1, 1)),
            (59, (1900, 2, 28)),
            (60, (1900, 2, 29)),
            (61, (1900, 3, 1)),
            (43_586, (2019, 5, 1)),
            (45_382, (2024, 3, 31)),
            (2_958_465, (9999, 12, 31)),
        ] {
            assert_eq!(civil(serial), date);
        }
    }

    #[test]
    fn iso_dates_are_serials_and_back() {
        for serial in [1, 59, 61, 4595, 9856, 32_516, 43_586, 45_382] {
            let (year, month, day) = civil(serial);
            let iso = format!("{year:04}-{month:02}-{day:02}T12:00:00");
            assert_eq!(serial_of_iso(&iso, DateSystem::From1900), Some(serial as f64 + 0.5), "{iso}");
        }
        assert_eq!(serial_of_iso("1904-01-01", DateSystem::From1904), Some(0.0));
        assert_eq!(serial_of_iso("2024-13-01", DateSystem::From1900), None);
    }
}
