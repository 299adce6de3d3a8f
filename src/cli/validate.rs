//! `keikaku validate`: holds records against the schema and the rules.

use super::{Outcome, Verdict, complain, load, print};
use crate::record::PlanRecord;
use crate::validate::{self, schema};
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;

/// Hold records against the schema and against themselves
#[derive(Args)]
#[command(after_help = "\
Prints a line for each place that does not fit: the file, the JSON pointer, what is wrong. Files that end in .ndjson \
hold a record a line. Warnings of the rules (a target outside the plan's period …) are printed, but are no errors.

Examples:
  keikaku validate output/records/*.json
  keikaku validate output/records.ndjson

Exit codes: 0 every record fits, 1 some do not, 2 a file cannot be read.")]
pub struct Arguments {
    /// Records (.json), or files with a record a line (.ndjson)
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print nothing of records that fit
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let mut bad = 0;
    let mut records = 0;
    for path in &arguments.files {
        let bytes = load(path)?;
        let name = path.display().to_string();
        if path.extension().is_some_and(|extension| extension == "ndjson") {
            for (i, line) in bytes.split(|&byte| byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
                records += 1;
                bad += usize::from(!check(&format!("{name}:{}", i + 1), line, arguments.quiet)?);
            }
        } else {
            records += 1;
            bad += usize::from(!check(&name, &bytes, arguments.quiet)?);
        }
    }
    if !arguments.quiet {
        complain(&format!("{records} records, {bad} that do not fit"));
    }
    Ok(if bad == 0 { Verdict::Well } else { Verdict::Trouble })
}

/// Whether a record fits; prints where it does not.
fn check(name: &str, bytes: &[u8], quiet: bool) -> std::io::Result<bool> {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => {
            print(&format!("{name}: no JSON: {error}\n"))?;
            return Ok(false);
        }
    };
    let violations = schema::violations_of(&value);
    for violation in &violations {
        let pointer = if violation.pointer.is_empty() { "/" } else { &violation.pointer };
        print(&format!("{name}: {pointer}: {}\n", violation.message))?;
    }
    if violations.is_empty()
        && !quiet
        && let Ok(record) = serde_json::from_value::<PlanRecord>(value)
    {
        for diagnostic in validate::record(&record) {
            let field = diagnostic.field.unwrap_or_default();
            print(&format!("{name}: {field}: warning: {}: {}\n", diagnostic.code.name(), diagnostic.message))?;
        }
    }
    Ok(violations.is_empty())
}
