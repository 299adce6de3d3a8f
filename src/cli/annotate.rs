//! `keikaku annotate`: a copy of a PDF with the values of its record marked in it.

use super::{Outcome, Verdict, load, print};
use crate::batch::{self, limits, worker};
use crate::process;
use crate::record::PlanRecord;
use crate::write::{self, annotate};
use clap::Args;
use std::path::PathBuf;
use std::thread;

/// Write a copy of a PDF with every value of its record marked where it stands
#[derive(Args)]
#[command(after_help = "\
For people who review in a PDF viewer. Each value has a highlight with a note: what it is, how it was read, what it \
belongs to, its diagnostics and its pointer, with which `keikaku correct` corrects it. Each measure has a frame, and an \
entry in the outline. Values with a diagnostic are red, those that a person corrected green, all others yellow.

The copy is the source to the last byte, and the notes behind it: the text, signatures and form fields of the source stay. \
A file whose cross-reference data is damaged is written anew instead, and that is said. Encrypted files stay encrypted; \
those that need a password are refused.

Examples:
  keikaku annotate plans/plan.pdf output/records/plan.pdf.json -o review.pdf

Exit codes: 0 written, 2 it cannot be.")]
pub struct Arguments {
    /// The PDF that the record was read from
    source: PathBuf,
    /// Its record (.json)
    record: PathBuf,
    /// The copy
    #[arg(short, long, value_name = "OUT.pdf")]
    output: PathBuf,
    /// Also where the PDF is not, byte for byte, the one that the record was read from
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let source = arguments.source.display().to_string();
    let bytes = load(&arguments.source)?;
    let record: PlanRecord = serde_json::from_slice(&load(&arguments.record)?)
        .map_err(|error| format!("{} holds no record: {error}", arguments.record.display()))?;
    if record.source.format != "pdf" {
        return Err(format!(
            "{} is the record of a {} file, not of a PDF",
            arguments.record.display(),
            record.source.format
        )
        .into());
    }
    if record.source.sha256 != process::sha256(&bytes) && !arguments.force {
        let record = arguments.record.display();
        return Err(format!(
            "{source} is not the file that {record} was read from (its SHA-256 is another): ingest it again, or say --force"
        )
        .into());
    }
    if let (Ok(a), Ok(b)) = (arguments.source.canonicalize(), arguments.output.canonicalize())
        && a == b
    {
        return Err("the copy would take the place of the source: name another file with --output".into());
    }
    limits::cap_memory(batch::Limits::default().memory)?;
    // A panic over a damaged file is told in our own words.
    std::panic::set_hook(Box::new(|_| {}));
    let annotated = thread::Builder::new()
        .stack_size(worker::STACK)
        .spawn(move || annotate::annotate(&bytes, &record))?
        .join()
        .map_err(|_| format!("{source}: the file is damaged in a way that cannot be dealt with"))?
        .map_err(|error| format!("{source}: {error}"))?;
    write::file(&arguments.output, &annotated.bytes)
        .map_err(|error| format!("{}: {error}", arguments.output.display()))?;
    let how = match annotated.rewritten {
        Some(why) => format!("; written anew, since {why}"),
        None => String::new(),
    };
    print(&format!("{}: {} notes{how}\n", arguments.output.display(), annotated.notes))?;
    Ok(Verdict::Well)
}
