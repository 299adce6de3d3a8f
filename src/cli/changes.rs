//! `keikaku changes`: what the last run that revised records changed.

use super::diff::{Colour, Format};
use super::{Outcome, Verdict, complain, print, print_coloured, print_json, wants_colour};
use crate::batch::manifest::Fate;
use crate::batch::report::{self, Report};
use crate::compare::Change;
use crate::write::changes;
use crate::write::plain::one_line;
use clap::Args;
use std::path::PathBuf;

/// Show what the last ingest that revised records changed
#[derive(Args)]
#[command(after_help = "\
An ingest over an output that holds records already writes OUT/changes/<n>.json and .md: which documents are new, \
revised, renamed or gone, what changed in each, and which diagnostics are new. This shows the last of them.

Examples:
  keikaku changes output
  keikaku changes output --number 12 --format markdown | mail -s 'plans that changed' planning@example.jp

Exit codes: 0 all well, 2 there is no such report.")]
pub struct Arguments {
    /// The output folder of an ingest
    output: PathBuf,
    /// Show this report, not the last
    #[arg(short, long, value_name = "N")]
    number: Option<u32>,
    /// How the report is shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Colours in text: on a terminal (unless NO_COLOR is set), always, or never
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let root = &arguments.output;
    if !root.join("run.json").exists() {
        return Err(format!("{} is no output of an ingest: it has no run.json", root.display()).into());
    }
    let number = arguments.number.unwrap_or_else(|| report::last(root));
    if number == 0 {
        complain("no run has changed anything yet");
        return Ok(Verdict::Well);
    }
    match arguments.format {
        Format::Json => print_json(&report::read(root, number, "json")?)?,
        Format::Markdown => print(&String::from_utf8(report::read(root, number, "md")?)?)?,
        Format::Text => print_coloured(&text(&parsed(root, number)?, wants_colour(arguments.color)))?,
        Format::Html => print(&changes::html(&all(parsed(root, number)?)))?,
    }
    Ok(Verdict::Well)
}

fn parsed(root: &std::path::Path, number: u32) -> Result<Report, Box<dyn std::error::Error>> {
    Ok(serde_json::from_slice(&report::read(root, number, "json")?)?)
}

/// The changes of all documents, each with its document.
fn all(report: Report) -> Vec<Change> {
    let of = |document: report::DocumentReport| {
        let path = document.path;
        document.revision.changes.into_iter().map(move |change| Change { document: Some(path.clone()), ..change })
    };
    report.documents.into_iter().flat_map(of).collect()
}

fn text(report: &Report, coloured: bool) -> String {
    let mut out = format!("changes {}\n", report.number);
    for document in &report.documents {
        let state = document.state.map_or("", |state| state.name());
        let sign = match document.fate {
            Fate::New => '+',
            Fate::Removed => '-',
            _ => '~',
        };
        let other = document.compared_with.as_ref().map_or(String::new(), |other| format!(" (before: {other})"));
        let head = format!("{sign} {}: {} {state}{other}", document.path, document.fate.name());
        out.push_str(&format!("\n{}\n", one_line(head.trim_end())));
        out.push_str(&changes::text(&document.revision.changes, coloured));
        for diagnostic in &document.revision.diagnostics {
            out.push_str(&format!("  ! {}: {}\n", diagnostic.code.name(), one_line(&diagnostic.message)));
        }
    }
    out
}
