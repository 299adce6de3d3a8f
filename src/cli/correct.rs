//! `keikaku correct`: writes down what is right where a record is wrong.

use super::{Outcome, Verdict, load, load_vocabulary, print};
use crate::batch::corrections;
use crate::batch::output::MANIFEST;
use crate::correct::{Author, make};
use crate::record::PlanRecord;
use crate::validate::schema;
use crate::vocabulary::Vocabulary;
use clap::Args;
use serde_json::Value;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Write down what is right where a record is wrong, for every ingest to come
#[derive(Args)]
#[command(after_help = "\
POINTER is a JSON pointer into the record, positions from 0, as review pages show it. VALUE is JSON or plain text; of a \
figure, what should have been read (130件). `null` says that nothing stands there: it takes an element out of its list. \
A pointer that ends in /- adds an element to a list.

The correction is added to OUT/corrections/corrections.toml, where OUT is the output that RECORD lies in, or to the file \
that --into names. It calls indicators by their names and targets by their years, so that it holds when the plan is \
revised. The next ingest puts it in: the record then says what is right, `corrections` in it what was extracted. When \
the source says something else than what was corrected, the correction is not put in, and the record has the diagnostic \
stale-correction. To take a correction back, delete it from the file.

Examples:
  keikaku correct output/records/plan.pdf.json /measures/3/kpis/0/targets/1/value 130件 --why 'misprint, see p. 12'
  keikaku correct output/records/plan.pdf.json /measures/3/owners/0/name 港湾課
  keikaku correct output/records/plan.pdf.json /measures/3/schedule/2/end 2027-03
  keikaku correct output/records/plan.pdf.json /measures/3/kpis/1 null
  keikaku correct output/records/plan.pdf.json /measures/3/kpis/0/targets/- '{\"fiscal_year\": 2027, \"value\": \"150件\"}'
  keikaku correct output/records.ndjson --document plan.pdf /plan/published 2024-03

Exit codes: 0 written, 2 it cannot be.")]
pub struct Arguments {
    /// The record (.json), or a file with a record a line (.ndjson)
    record: PathBuf,
    /// What is wrong
    pointer: String,
    /// What is right
    #[arg(allow_hyphen_values = true)]
    value: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// Who says so [default: the name of the user who is logged in]
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// The day, as 2024-05-31 [default: today]
    #[arg(long, value_name = "DAY")]
    when: Option<jiff::civil::Date>,
    /// Add it to this file of corrections
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
    /// In a file with several records, the one of this source
    #[arg(long, value_name = "PATH")]
    document: Option<String>,
    /// Add the words of this file to the vocabulary, as for the ingest (repeatable)
    #[arg(long, value_name = "FILE")]
    vocabulary: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let record = record(arguments)?;
    let vocabulary = Vocabulary::with_files(&load_vocabulary(&arguments.vocabulary)?)?;
    let user = || ["USER", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|n| !n.is_empty()));
    let author = Author {
        who: arguments.who.clone().or_else(user).ok_or("--who NAME is missing: who says so?")?,
        when: arguments.when.unwrap_or_else(|| jiff::Zoned::now().date()).to_string(),
        why: arguments.why.clone(),
    };
    let (correction, corrected) = make(&record, &arguments.pointer, &arguments.value, &author, &vocabulary)?;
    if let Some(violation) = schema::violations(&corrected).first() {
        let field = violation.field.clone().unwrap_or_default();
        return Err(format!("{} does not fit into {field}: {}", arguments.value, violation.message).into());
    }
    let file = match &arguments.into {
        Some(file) => file.clone(),
        None => output_of(&arguments.record)?.join(corrections::FOLDER).join(corrections::FILE),
    };
    corrections::add(&file, &correction)?;
    let said = |value: &Option<Value>| match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let of = correction.name.as_ref().map_or(String::new(), |name| format!(" of {name}"));
    print(&format!(
        "{}{of}: was {}, is {}\nadded to {}; the next ingest puts it in\n",
        correction.field,
        said(&correction.was),
        said(&correction.is),
        file.display()
    ))?;
    Ok(Verdict::Well)
}

/// The record that is meant.
fn record(arguments: &Arguments) -> Result<PlanRecord, Box<dyn Error>> {
    let path = arguments.record.display();
    let bytes = load(&arguments.record)?;
    let is_meant = |record: &PlanRecord| arguments.document.as_ref().is_none_or(|name| record.source.path == *name);
    let mut found = Vec::new();
    for record in serde_json::Deserializer::from_slice(&bytes).into_iter::<PlanRecord>() {
        let record = record.map_err(|error| format!("{path} holds no record: {error}"))?;
        if is_meant(&record) {
            found.push(record);
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(record), true) => Ok(record),
        (Some(_), false) => Err(format!("{path} holds several records: say which with --document PATH").into()),
        (None, _) => Err(match &arguments.document {
            Some(document) => format!("{path} holds no record of {document}").into(),
            None => format!("{path} holds no record").into(),
        }),
    }
}

/// The output folder that a record lies in.
fn output_of(record: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let whole = std::path::absolute(record)?;
    // Shown as the user wrote it, where that is enough.
    let written = record.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    let found = written.chain(whole.ancestors().skip(1)).find(|folder| folder.join(MANIFEST).is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        let record = record.display();
        format!("{record} lies in no output of an ingest: name the file of corrections with --into FILE").into()
    })
}
