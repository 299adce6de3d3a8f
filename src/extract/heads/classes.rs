//! What each cell of a row is, seen by itself: a label, a time, a text; and what a row is by their numbers.

use super::super::labels::{self, Name};
use crate::document::Cell;
use crate::normalise::periods::{self, Precision, When};
use crate::record::Month;
use crate::vocabulary::Vocabulary;
use std::rc::Rc;

/// What one cell is, seen by itself.
#[derive(Debug, Clone)]
pub(in super::super) enum Class {
    Blank,
    Name(Rc<Name>),
    Time(When),
    /// A half, quarter or month without its year.
    Part(String),
    Text,
}

/// The classes of a row's cells.
pub(in super::super) fn classes(cells: &[&Cell], vocabulary: &Vocabulary) -> Vec<Class> {
    let timely = cells.iter().filter(|cell| may_be_time(cell, vocabulary)).count();
    let texts: Vec<String> = if timely >= 2 {
        // what can be no time is none, whatever stands beside it
        let text = |cell: &&Cell| Some(cell.text.joined().replace('\n', "")).filter(|_| holds_time(cell, vocabulary));
        cells.iter().map(|cell| text(cell).unwrap_or_default()).collect()
    } else {
        Vec::new()
    };
    let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut times = if timely >= 2 { periods::heads(&borrowed, vocabulary) } else { Vec::new() };
    times.resize(cells.len(), None);
    let parts = if timely >= 2 && times.iter().all(Option::is_none) {
        let any_year = [periods::parse("FY2000", vocabulary)];
        let part = |text: &str| {
            if text.is_empty() { None } else { periods::heads_under(&any_year, &[text], vocabulary).pop()? }
        };
        borrowed.iter().map(|text| part(text)).collect()
    } else {
        vec![None; cells.len()]
    };
    cells
        .iter()
        .zip(times.into_iter().zip(parts))
        .map(|(cell, (time, part))| {
            if cell.text.is_blank() {
                if cell.nested.is_empty() { Class::Blank } else { Class::Text }
            } else if let Some(when) = time {
                Class::Time(when)
            } else if part.as_ref().is_some_and(is_part) {
                Class::Part(cell.text.joined().replace('\n', ""))
            } else {
                labels::whole(&cell.text, vocabulary).map_or(Class::Text, Class::Name)
            }
        })
        .collect()
}

/// Whether a cell is a text whatever stands beside it: a quick look before [`classes`].
pub(in super::super) fn is_surely_text(cell: &Cell, vocabulary: &Vocabulary) -> bool {
    !cell.text.is_blank() && !holds_time(cell, vocabulary) && labels::whole(&cell.text, vocabulary).is_none()
}

/// Whether a time is a part of a year: a half, a quarter, a few months.
pub(super) fn is_part(when: &When) -> bool {
    let months = |month: Month| month.year * 12 + i32::from(month.month);
    when.precision != Precision::Day && months(when.period.end) - months(when.period.start) < 11
}

/// A cheap look before the parser: short, and with a digit or a year's, half's or quarter's word.
fn may_be_time(cell: &Cell, vocabulary: &Vocabulary) -> bool {
    const LONGEST: usize = 60; // bytes: twenty characters
    let bytes: usize = cell.text.lines.iter().map(|line| line.raw.len()).sum();
    bytes <= LONGEST && holds_time(cell, vocabulary)
}

fn holds_time(cell: &Cell, vocabulary: &Vocabulary) -> bool {
    cell.text.lines.iter().any(|line| periods::may_be_head(&line.raw, vocabulary))
}

/// One year among labels in a further row of heads: `R4 | 目標 | 実績`.
pub(super) fn lone_time(cells: &[&Cell], classes: &mut [Class], vocabulary: &Vocabulary) {
    let texts: Vec<usize> = (0..classes.len()).filter(|&i| matches!(classes[i], Class::Text)).collect();
    let times = texts.into_iter().filter_map(|i| Some((i, periods::parse(&cells[i].text.joined(), vocabulary)?)));
    let mut times: Vec<(usize, When)> = times.collect();
    if times.len() == 1
        && classes.iter().any(|class| matches!(class, Class::Name(_)))
        && let Some((only, when)) = times.pop()
    {
        classes[only] = Class::Time(when);
    }
}

/// The nature of a row, from its cells' classes.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Counts {
    pub names: usize,
    pub times: usize,
    pub texts: usize,
    pub blanks: usize,
    /// Texts to the right of the first time.
    pub late_texts: usize,
    /// Texts too long for a column head.
    pub long_texts: usize,
}

pub(in super::super) fn counts(cells: &[&Cell], classes: &[Class]) -> Counts {
    const HEAD_LENGTH: usize = 60; // bytes: twenty characters
    let mut counts = Counts::default();
    for (cell, class) in cells.iter().zip(classes) {
        match class {
            Class::Blank => counts.blanks += 1,
            Class::Name(_) => counts.names += 1,
            Class::Time(_) | Class::Part(_) => counts.times += 1,
            Class::Text => {
                counts.texts += 1;
                counts.late_texts += usize::from(counts.times > 0);
                let length: usize = cell.text.lines.iter().map(|line| line.raw.len()).sum();
                counts.long_texts += usize::from(length > HEAD_LENGTH);
            }
        }
    }
    counts
}
