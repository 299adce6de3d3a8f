//! `keikaku diff`: what changed between two editions of a plan.

use super::{Outcome, Verdict, load_vocabulary, print, print_coloured, print_json, wants_colour};
use crate::batch::{self, Limits, Options, editions};
use crate::compare::{Change, ChangeKind};
use crate::write::{self, Layout, changes};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::PathBuf;

/// Show what changed between two editions of a plan
#[derive(Args)]
#[command(after_long_help = after_help())]
pub struct Arguments {
    /// The older edition: a record (.json), the output folder of an ingest, or a document
    old: PathBuf,
    /// The newer edition
    new: PathBuf,
    /// How changes are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Colours in text: on a terminal (unless NO_COLOR is set), always, or never
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    /// Add the words of this file to the vocabulary (repeatable)
    #[arg(long, value_name = "FILE")]
    vocabulary: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Markdown,
    Html,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

/// Changes as JSON.
#[derive(Serialize)]
struct Changes<'c> {
    changes: &'c [Change],
}

fn after_help() -> String {
    let kinds: Vec<String> =
        ChangeKind::ALL.iter().map(|(kind, means)| format!("  {:24}{}", kind.name(), means.trim())).collect();
    format!(
        "\
Measures are matched by number, name and content, not by where they stand. Another width, notation of a year, line \
break or syntax of a table is no change. Two output folders are compared document by document.

Kinds of changes:
{}

Examples:
  keikaku diff draft.pdf final.pdf
  keikaku diff old-output/records/plan.pdf.json plan.xlsx --format markdown
  keikaku diff yesterday today --format json | jq '.changes[] | select(.kind == \"target-changed\")'

Exit codes: 0 no change, 1 changes, 2 the comparison broke.",
        kinds.join("\n")
    )
}

pub fn run(arguments: &Arguments) -> Outcome {
    let options = Options {
        output: PathBuf::new(),
        layout: batch::RecordLayout::Files,
        jobs: 1,
        filter: batch::discovery::Filter::default(),
        limits: Limits::default(),
        vocabulary: load_vocabulary(&arguments.vocabulary)?,
        corrections: Vec::new(),
        force: false,
        prune: false,
        log: None,
    };
    let changes = editions::compare(&arguments.old, &arguments.new, &options)?;
    show(&changes, arguments.format, arguments.color)?;
    Ok(if changes.is_empty() { Verdict::Well } else { Verdict::Trouble })
}

/// Prints changes.
pub(super) fn show(found: &[Change], format: Format, colour: Colour) -> std::io::Result<()> {
    match format {
        Format::Text => print_coloured(&changes::text(found, wants_colour(colour))),
        Format::Json => print_json(&write::json(&Changes { changes: found }, Layout::Pretty)),
        Format::Markdown => print(&changes::markdown(found, 1)),
        Format::Html => print(&changes::html(found)),
    }
}
