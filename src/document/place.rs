//! Where something stands in its source, so that a person can check it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A place in a source document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Place {
    /// A box on a PDF page.
    Page {
        /// From 1.
        #[schemars(range(min = 1))]
        page: u32,
        /// `[x0, y0, x1, y1]` in points, origin at the top left of the page as shown.
        bbox: [f32; 4],
    },
    /// A range of cells on a sheet.
    Sheet {
        /// The sheet's name.
        sheet: SheetName,
        /// The cells.
        range: SheetRange,
    },
    /// Lines of a text.
    Lines {
        /// The first line, from 1.
        #[schemars(range(min = 1))]
        line: u32,
        /// The last line, inclusive.
        #[schemars(range(min = 1))]
        end_line: u32,
    },
}

impl Default for Place {
    fn default() -> Self {
        Place::Lines { line: 1, end_line: 1 }
    }
}

impl Place {
    /// One line of a text, from 1.
    pub fn line(line: u32) -> Self {
        Place::Lines { line, end_line: line }
    }

    /// The smallest place that holds both. Of places on different pages or sheets the first stays as it is:
    /// a place never spans pages.
    pub fn union(&self, other: &Place) -> Place {
        match (self, other) {
            (Place::Page { page, bbox: a }, Place::Page { page: p, bbox: b }) if page == p => {
                Place::Page { page: *page, bbox: [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])] }
            }
            (Place::Sheet { sheet, range: a }, Place::Sheet { sheet: s, range: b }) if sheet == s => {
                Place::Sheet { sheet: sheet.clone(), range: a.union(b) }
            }
            (Place::Lines { line: a, end_line: b }, Place::Lines { line: c, end_line: d }) => {
                Place::Lines { line: *a.min(c), end_line: *b.max(d) }
            }
            _ => self.clone(),
        }
    }
}

/// A sheet's name, one copy for all places on the sheet.
///
/// A pointer to the string and not to its bytes: a place has one word for it, and there are millions of places.
pub type SheetName = Arc<String>;

/// A rectangle of cells, rows and columns from 0, inclusive; written as `B4:F9`, a single cell as `B4`.
///
/// No format has more than 16,384 columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetRange {
    pub row: u32,
    pub end_row: u32,
    pub column: u16,
    pub end_column: u16,
}

impl SheetRange {
    /// The cells from a first to a last one, both inside; columns that no format has become the last there is.
    pub fn new([row, column]: [u32; 2], [end_row, end_column]: [u32; 2]) -> Self {
        let narrow = |column: u32| u16::try_from(column).unwrap_or(u16::MAX);
        SheetRange { row, end_row, column: narrow(column), end_column: narrow(end_column) }
    }

    fn union(&self, other: &SheetRange) -> SheetRange {
        SheetRange {
            row: self.row.min(other.row),
            column: self.column.min(other.column),
            end_row: self.end_row.max(other.end_row),
            end_column: self.end_column.max(other.end_column),
        }
    }
}

impl fmt::Display for SheetRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_name(self.column), self.row + 1)?;
        if (self.end_row, self.end_column) != (self.row, self.column) {
            write!(f, ":{}{}", column_name(self.end_column), self.end_row + 1)?;
        }
        Ok(())
    }
}

/// A range that is not of the form `B4` or `B4:F9`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no cell range (expected B4 or B4:F9)")]
pub struct RangeError(String);

impl FromStr for SheetRange {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let error = || RangeError(text.to_owned());
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let ((row, column), (end_row, end_column)) =
            (cell_address(first).ok_or_else(error)?, cell_address(last).ok_or_else(error)?);
        Ok(SheetRange { row, column, end_row, end_column })
    }
}

/// `B4` as (3, 1).
fn cell_address(text: &str) -> Option<(u32, u16)> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = text.split_at(digits);
    let mut column: u16 = 0;
    for letter in letters.chars() {
        let value = u32::from(letter).checked_sub(u32::from('A')).filter(|v| *v < 26)? as u16 + 1;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// Column 0 is `A`, 26 is `AA`.
fn column_name(column: u16) -> String {
    let mut name = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        name.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    name.iter().rev().map(|&letter| char::from(letter)).collect()
}

impl Serialize for SheetRange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SheetRange {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for SheetRange {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SheetRange".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[A-Z]+[1-9][0-9]*(:[A-Z]+[1-9][0-9]*)?$",
            "description": "A cell (`B4`) or a range of cells (`B4:F9`)."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_round_trip() {
        for text in ["A1", "B4:F9", "Z10", "AA1:AZ99", "XFD1048576"] {
            assert_eq!(text.parse::<SheetRange>().unwrap().to_string(), text);
        }
        for text in ["", "A", "1", "A0", "a1", "B4:", "B-4"] {
            assert!(text.parse::<SheetRange>().is_err(), "{text}");
        }
    }
}
