//! The JSON Schema of records, generated from [`crate::record`], and records held against it.

use super::constraints;
use crate::diagnostic::{Code, Diagnostic};
use crate::record::PlanRecord;
use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use std::sync::LazyLock;

static VALIDATOR: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::draft202012::new(&schema()).expect("a test compiles the generated schema"));

/// The schema (JSON Schema 2020-12) of a plan record.
pub fn schema() -> Value {
    // Of what is written, not of what could be read: a field that is always there, be it null, is required.
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<PlanRecord>().to_value()
}

/// A place in a JSON value that does not fit the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer (RFC 6901); empty for the whole.
    pub pointer: String,
    pub message: String,
}

/// Where a JSON value does not fit the schema, in document order.
pub fn violations_of(value: &Value) -> Vec<Violation> {
    if VALIDATOR.is_valid(value) {
        return Vec::new();
    }
    VALIDATOR
        .iter_errors(value)
        .map(|error| Violation {
            pointer: error.instance_path().to_string(),
            // Without the value itself, which may be the whole record.
            message: error.masked_with("the value").to_string(),
        })
        .collect()
}

/// Where a record does not fit the schema, as diagnostics.
pub fn violations(record: &PlanRecord) -> Vec<Diagnostic> {
    if constraints::hold(record) {
        return Vec::new();
    }
    let value = serde_json::to_value(record).expect("a record is serialisable");
    let diagnostic = |Violation { pointer, message }| Diagnostic {
        field: Some(pointer),
        ..Diagnostic::new(Code::SchemaViolation, message, None)
    };
    violations_of(&value).into_iter().map(diagnostic).collect()
}
