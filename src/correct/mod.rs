//! Corrections: what people said of a record, put in after extraction and before validation. Pure functions on records.
//!
//! ```text
//! extracted record + corrections -> corrected record
//! ```
//!
//! A correction names its plan, its measure and, in [`Correction::field`], the value: a JSON pointer whose elements of
//! lists are named by what is printed ([`keys`]) and not by their position, so that it holds when the plan is revised.
//! It says what was extracted (`was`) and what is right (`is`). Where the source does not say any more what it said, the
//! correction is not put in, and the record says so (`stale-correction`).
//!
//! - [`apply()`] puts corrections in; what it did stands in the record's `corrections`.
//! - [`extracted`] is a record as it was before.
//! - [`make()`] makes a correction of what a person says of a value.

mod apply;
mod fit;
mod keys;
mod make;
mod pointer;
mod undo;

pub use apply::apply;
pub use make::{Author, MakeError, make};
pub use undo::extracted;

use crate::record::Plan;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};

/// What a person said of a value, as it stands in a file of corrections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The path of the source, as in its record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The title of the plan: tells the plan where there is no document of that path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The authority, beside the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The id of the measure; without it `field` is of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// The name of the measure: tells it where no measure has that id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which value, of the measure or of the record: a JSON pointer with [`keys`] for positions.
    pub field: String,
    /// What was extracted; none where nothing was. Of a figure its `raw` is enough, of what is taken out its name.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "json")]
    pub was: Option<Json>,
    /// What is right; none where nothing is. Of a figure the text is enough.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "json")]
    pub is: Option<Json>,
    /// Who says so.
    pub who: String,
    /// The day, ISO 8601. Of two corrections of one value the later holds; of one day, the one that is written later.
    #[serde(deserialize_with = "day")]
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A file of corrections: `[[correction]]` tables.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    correction: Vec<Correction>,
}

/// The corrections that a file holds, in its order.
///
/// # Errors
/// A text that is no TOML or has other tables and keys than corrections; the message names line and key.
pub fn read(text: &str) -> Result<Vec<Correction>, toml::de::Error> {
    toml::from_str::<File>(text).map(|file| file.correction)
}

/// A correction as TOML, to be added at the end of a file.
///
/// # Errors
/// A number that TOML does not hold (a whole number beyond 64 bits).
pub fn toml(correction: &Correction) -> Result<String, toml::ser::Error> {
    toml::to_string(&File { correction: vec![correction.clone()] })
}

impl Correction {
    /// Why it can be of no use, whatever the record.
    pub fn problem(&self) -> Option<&'static str> {
        let is_date = |text: &str| {
            let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
            let parts: Vec<&str> = text.split('-').collect();
            matches!(parts.as_slice(), [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
        };
        if self.document.is_none() && self.title.as_deref().is_none_or(str::is_empty) {
            Some("it names neither `document` nor `title`: which plan is it about?")
        } else if pointer::tokens(&self.field).is_none_or(|tokens| tokens.is_empty()) {
            Some("`field` is no JSON pointer: it begins with `/`, as in /kpis/NAME/targets/2025/value")
        } else if !is_date(&self.when) {
            Some("`when` is no day: write it as 2024-05-31")
        } else {
            None
        }
    }

    /// Whether its title and authority are a plan's.
    pub fn is_of_plan(&self, title: &str, publisher: Option<&str>) -> bool {
        let agrees = |own: &str| publisher.is_none_or(|publisher| publisher == own);
        self.title.as_deref().is_some_and(|own| !own.is_empty() && own == title)
            && self.publisher.as_deref().is_none_or(agrees)
    }

    /// Whether it is about the record of the document at `path`.
    fn is_about(&self, path: &str, plan: &Plan) -> bool {
        self.document.as_deref() == Some(path) || self.is_of_plan(&plan.title, plan.publisher.as_deref())
    }
}

/// A value of a file; dates that TOML has a type for, as text.
fn json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Option::<Json>::deserialize(deserializer).map(|value| value.map(dates_as_text))
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match dates_as_text(Json::deserialize(deserializer)?) {
        Json::String(day) => Ok(day),
        _ => Err(serde::de::Error::custom("`when` is a day: 2024-05-31")),
    }
}

/// The same with text for each date: the TOML reader shows one as a map with a single key of its own.
fn dates_as_text(value: Json) -> Json {
    const DATE: &str = "$__toml_private_datetime";
    match value {
        Json::Object(mut map) if map.len() == 1 && map.contains_key(DATE) => map.remove(DATE).unwrap_or_default(),
        Json::Object(map) => {
            Json::Object(map.into_iter().map(|(key, value)| (key, dates_as_text(value))).collect::<Map<_, _>>())
        }
        Json::Array(list) => Json::Array(list.into_iter().map(dates_as_text).collect()),
        other => other,
    }
}
