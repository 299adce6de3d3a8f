//! Months, the record's measure of time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A month of a calendar year, written `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// The first month of a fiscal year (April to March).
    pub fn fiscal_start(fiscal_year: i32) -> Self {
        Month { year: fiscal_year, month: 4 }
    }

    /// The last month of a fiscal year.
    pub fn fiscal_end(fiscal_year: i32) -> Self {
        Month { year: fiscal_year + 1, month: 3 }
    }

    /// The fiscal year it lies in.
    pub fn fiscal_year(self) -> i32 {
        if self.month >= 4 { self.year } else { self.year - 1 }
    }

    /// The month that many months later (earlier where negative).
    pub fn plus(self, months: i32) -> Self {
        let total = self.year * 12 + i32::from(self.month) - 1 + months;
        Month { year: total.div_euclid(12), month: total.rem_euclid(12) as u8 + 1 }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A text that is no month of the form `YYYY-MM`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no month (expected YYYY-MM)")]
pub struct MonthError(String);

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let error = || MonthError(text.to_owned());
        let (year, month) = text.split_once('-').filter(|(y, m)| y.len() == 4 && m.len() == 2).ok_or_else(error)?;
        let month = month.parse().ok().filter(|m| (1..=12).contains(m)).ok_or_else(error)?;
        Ok(Month { year: year.parse().map_err(|_| error())?, month })
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Month {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Month".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "description": "A month, `YYYY-MM`." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_count_over_years() {
        let march: Month = "2024-03".parse().unwrap();
        assert_eq!(march.fiscal_year(), 2023);
        assert_eq!(march.plus(1).to_string(), "2024-04");
        assert_eq!(march.plus(-3).to_string(), "2023-12");
        assert!("2024-13".parse::<Month>().is_err());
    }
}
