//! What exports with one file a plan share: names of files, dates, and texts for what the standard has no field for.

use super::{Export, ExportError};
use crate::record::{Budget, Kpi, Measure, Month, PlanRecord, ScheduleItem, Value, ValueKind};
use crate::write::{Folder, unit_elsewhere};
use std::io;
use std::path::{Component, Path};

/// The bytes of a plan's file; none where the format has no place for the plan.
pub(super) type Document = fn(&PlanRecord) -> io::Result<Option<Vec<u8>>>;

/// One file a plan.
pub(super) struct Documents {
    folder: Folder,
    extension: &'static str,
    document: Document,
}

impl Documents {
    /// # Errors
    /// What the file system says.
    pub fn new(root: &Path, extension: &'static str, document: Document) -> io::Result<Self> {
        Ok(Documents { folder: Folder::new(root)?, extension, document })
    }
}

impl Export for Documents {
    fn record(&mut self, record: &PlanRecord) -> Result<bool, ExportError> {
        let Some(bytes) = (self.document)(record)? else { return Ok(false) };
        self.folder.write(&file_name(record, self.extension), &bytes)?;
        Ok(true)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.folder.finish()?)
    }
}

/// The file of a plan below the folder, with `/`. Whatever the record says, it does not lead out of the folder.
fn file_name(record: &PlanRecord, extension: &str) -> String {
    let below = Path::new(&record.source.path).components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().replace(['\\', ':', '\0'], "_")),
        _ => None,
    });
    let name = below.collect::<Vec<_>>().join("/");
    format!("{}.{extension}", if name.is_empty() { "plan" } else { &name })
}

/// The first day of a month, ISO 8601.
pub(super) fn day(month: Month) -> String {
    format!("{month}-01")
}

/// The last day of a month, ISO 8601.
pub(super) fn last_day(month: Month) -> String {
    let is_leap = month.year % 4 == 0 && (month.year % 100 != 0 || month.year % 400 == 0);
    let days = match month.month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    format!("{month}-{days}")
}

/// First and last day of a fiscal year.
pub(super) fn fiscal_days(year: i32) -> (String, String) {
    (day(Month::fiscal_start(year)), last_day(Month::fiscal_end(year)))
}

/// The number of a value, where it is one in the unit of its indicator.
pub(super) fn in_unit(value: &Value, kpi: &Kpi) -> Option<f64> {
    let is_in_unit = value.unit.is_none() || value.unit == kpi.unit;
    value.number.filter(|_| value.kind == ValueKind::Number && is_in_unit).map(|number| number.0)
}

/// A value as printed, with its unit where that stands elsewhere (in the column's head).
pub(super) fn with_unit(value: &Value) -> String {
    format!("{}{}", value.raw, unit_elsewhere(value).unwrap_or_default())
}

/// The texts of a measure, each under its heading.
pub(super) fn section_text(measure: &Measure) -> String {
    let sections = measure.sections.iter().map(|section| format!("【{}】\n{}", section.heading, section.text));
    sections.collect::<Vec<_>>().join("\n")
}

/// `2023-04..2024-03 label: text (who)`; what is not known is left out.
pub(super) fn schedule_line(item: &ScheduleItem) -> String {
    let month = |month: Option<Month>| month.map_or(String::new(), |month| month.to_string());
    let span = match (item.start, item.end) {
        (None, None) => String::new(),
        (start, end) => format!("{}..{} ", month(start), month(end)),
    };
    let label = item.label.as_deref().map_or(String::new(), |label| format!("{label}: "));
    let owners: Vec<&str> = item.owners.iter().map(|owner| owner.name.as_str()).collect();
    let owners = if owners.is_empty() { String::new() } else { format!(" ({})", owners.join("、")) };
    format!("{span}{label}{}{owners}", item.text)
}

/// `2023年度 予算額 1,000千円 (国 500千円)`
pub(super) fn budget_line(budget: &Budget) -> String {
    let year = budget.fiscal_year.map_or(String::new(), |year| format!("{year}年度 "));
    let parts: Vec<String> =
        budget.funding.iter().map(|part| format!("{} {}", part.source, with_unit(&part.amount))).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("、")) };
    format!("{year}{} {}{parts}", budget.kind, with_unit(&budget.amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_day() {
        for (month, expected) in [
            ("2024-02", "2024-02-29"),
            ("2023-02", "2023-02-28"),
            ("2100-02", "2100-02-28"),
            ("2023-04", "2023-04-30"),
            ("2023-12", "2023-12-31"),
        ] {
            assert_eq!(last_day(month.parse().unwrap()), expected);
        }
        assert_eq!(fiscal_days(2023), ("2023-04-01".to_owned(), "2024-03-31".to_owned()));
    }
}
