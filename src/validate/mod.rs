//! Validation: a record against the JSON Schema and against itself. Reports, never repairs.

mod constraints;
mod rules;
pub mod schema;

pub use rules::record;
