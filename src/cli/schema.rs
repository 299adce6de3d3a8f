//! `keikaku schema`: prints the JSON Schema of records.

use super::{Outcome, Verdict, print_json};
use crate::validate::schema;
use crate::write::{self, Layout};

pub fn run() -> Outcome {
    print_json(&write::json(&schema::schema(), Layout::Pretty))?;
    Ok(Verdict::Well)
}
