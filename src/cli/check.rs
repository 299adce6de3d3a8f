//! `keikaku check`: what plans of one authority say differently of the same thing.

use super::{Outcome, Verdict, load_vocabulary, print, print_json};
use crate::batch::archive::Archive;
use crate::compare::across::{self, Authority};
use crate::vocabulary::Vocabulary;
use crate::write::{self, Layout, findings};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::PathBuf;

/// Hold the plans of each authority against each other: KPIs, owners, departments, periods
#[derive(Args)]
#[command(after_long_help = "\
Plans of one authority are compared two by two; both places are shown. Editions of one plan (of one title and period) \
are left to `keikaku diff`.

Kinds of findings:
  target-differs      the same indicator has two targets for one fiscal year
  baseline-differs    the same indicator has two baselines of one fiscal year
  owner-differs       the same measure has other departments in the lead
  department-renamed  a department that one plan alone names is named nearly like one of the others: with a word more, \
or with another word where all others, or the same measure in another plan, name that one
  periods-apart       plans that share indicators or measures have time between their periods

Indicators are held for the same where their names are nearly so, or alike and with a figure in common; `≈` marks those \
whose names are not the same. Departments that one plan alone names are listed, but are no finding.

Examples:
  keikaku check output
  keikaku check output --format json | jq '.authorities[].findings[] | select(.kind == \"target-differs\")'

Exit codes: 0 no finding, 1 findings, 2 it broke.")]
pub struct Arguments {
    /// The output folder of an ingest
    output: PathBuf,
    /// How findings are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Add the words of this file to the vocabulary (repeatable)
    #[arg(long, value_name = "FILE")]
    vocabulary: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Findings<'f> {
    authorities: &'f [Authority],
}

pub fn run(arguments: &Arguments) -> Outcome {
    let vocabulary = Vocabulary::with_files(&load_vocabulary(&arguments.vocabulary)?)?;
    let archive = Archive::open(&arguments.output)?;
    let mut authorities = Vec::new();
    for (name, records) in archive.authorities(across::needed) {
        authorities.push(across::across(name, &records?, &vocabulary));
    }
    match arguments.format {
        Format::Text => print(&findings::text(&authorities))?,
        Format::Json => print_json(&write::json(&Findings { authorities: &authorities }, Layout::Pretty))?,
    }
    let is_well = authorities.iter().all(|authority| authority.findings.is_empty());
    Ok(if is_well { Verdict::Well } else { Verdict::Trouble })
}
