//! `keikaku ingest`: reads documents and writes their records.

use super::progress::Progress;
use super::{Outcome, Verdict, complain, load_vocabulary, print, print_json, summary};
use crate::batch::discovery::Filter;
use crate::batch::result::Processed;
use crate::batch::{self, Limits, Options, RecordLayout, corrections};
use crate::diagnostic::Diagnostic;
use crate::write::plain::one_line;
use clap::{Args, ValueEnum};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Read documents and write a record for each
#[derive(Args)]
#[command(after_help = "\
For each source at PATH below a folder that is named, the record is written to OUT/records/PATH.json; a file that is \
named itself is at its file name. OUT/run.json lists all sources with their state: ok, partial (a part could not be \
read), failed, no-plan. In folders, hidden files and files that are no documents by their name (pictures, programs, \
JSON …) are left alone; links are followed.

Only what changed is read: a source with the same bytes, read by the same program with the same words and options, keeps its record (--force reads all). A source that was renamed keeps its record under its new name. The record of a source that is gone stays, and is listed in run.json as such, until --prune moves it to OUT/removed.

Records are put in place at the end of the run, all in one step. A run that is killed, or whose disk is full, leaves OUT as it was, and the next goes on from what it finished. Interrupted (Ctrl-C), a run finishes the documents in hand and puts in place what it has.

Each document is processed in a worker process with a clock and a cap on its memory: a document that breaks it is \
tried once more alone, then reported as failed, and the run goes on.

Examples:
  keikaku ingest plans -o output
  keikaku ingest plans -o output --include '*.pdf' --exclude 'old/' --jobs 4
  keikaku ingest plans -o output --vocabulary my-words.toml
  keikaku ingest plans -o output --format ndjson
  keikaku ingest plans -o output --prune --quiet --log keikaku.log   every night
  pdftotext -layout plan.pdf - | keikaku ingest - > record.json

Exit codes: 0 all well, 1 some documents failed or have errors, 2 the run itself broke, 130 interrupted.")]
pub struct Arguments {
    /// Files and folders to read, or - for one document on standard input, its record to standard output
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for records and run.json; it is never read as input
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Of files in folders, take only those that match (repeatable; as in .gitignore: *.pdf, 2024/**)
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// Of files in folders, leave out those that match (repeatable)
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Documents to process at a time [default: the number of processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Add the words of this file to the vocabulary (repeatable; see `keikaku vocabulary`)
    #[arg(long, value_name = "FILE")]
    vocabulary: Vec<PathBuf>,
    /// Put in the corrections of this file, or of the .toml files in this folder, besides those in OUT/corrections
    /// (repeatable; see `keikaku correct`)
    #[arg(long, value_name = "PATH")]
    corrections: Vec<PathBuf>,
    /// Refuse sources larger than this
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().bytes)]
    max_bytes: u64,
    /// Give up a document that takes longer
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().time.as_secs(),
          value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Give up a document that needs more memory (address space of a worker; not on Windows)
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().memory >> 20,
          value_parser = clap::value_parser!(u64).range(512..1 << 40))]
    memory_limit: u64,
    /// Read all documents again, also those that did not change
    #[arg(long)]
    force: bool,
    /// Move the records of sources that are gone to OUT/removed
    #[arg(long)]
    prune: bool,
    /// Add a line of JSON for each document to this file: state, duration, peak memory, diagnostics
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// How records are written: a file each, or all in OUT/records.ndjson, one a line
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Print only what failed
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Json,
    Ndjson,
}

/// The name that the record of a document on standard input carries.
const STDIN: &str = "-";

pub fn run(arguments: &Arguments) -> Outcome {
    let options = Options {
        output: arguments.output.clone().unwrap_or_default(),
        layout: match arguments.format {
            Format::Json => RecordLayout::Files,
            Format::Ndjson => RecordLayout::Ndjson,
        },
        jobs: arguments.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
        filter: Filter { include: arguments.include.clone(), exclude: arguments.exclude.clone() },
        limits: Limits {
            bytes: arguments.max_bytes,
            time: Duration::from_secs(arguments.timeout),
            memory: arguments.memory_limit << 20,
        },
        vocabulary: load_vocabulary(&arguments.vocabulary)?,
        corrections: corrections::load(&arguments.corrections, arguments.output.as_deref())?,
        force: arguments.force,
        prune: arguments.prune,
        log: arguments.log.clone(),
    };
    match (&arguments.output, arguments.paths.iter().any(|path| path == Path::new(STDIN))) {
        (None, true) if arguments.paths.len() == 1 => ingest_stdin(&options),
        (_, true) => Err("`-` stands alone: its record goes to standard output, without --output".into()),
        (None, false) => Err("--output OUT is missing: the folder for the records".into()),
        (Some(_), false) => ingest_paths(arguments, &options),
    }
}

fn ingest_paths(arguments: &Arguments, options: &Options) -> Outcome {
    let stop = stopped_by_signals()?;
    let progress = Progress::new(arguments.quiet);
    let run = batch::ingest(&arguments.paths, options, &stop, &|event| progress.show(&event));
    progress.clear();
    let run = run?;
    if !arguments.quiet {
        print(&summary::table(&run))?;
    }
    if let [first, rest @ ..] = run.unmatched.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        complain(&format!("there are corrections of {}{more}, of which there is no record", one_line(first)));
    }
    if run.interrupted {
        complain(&format!(
            "interrupted: {} documents are left; the same command goes on with them",
            run.manifest.left.len()
        ));
        return Ok(Verdict::Interrupted);
    }
    let trouble = run.tally.failed + run.tally.left > 0;
    Ok(if trouble { Verdict::Trouble } else { Verdict::Well })
}

/// What is set when somebody interrupts the program (Ctrl-C, SIGTERM); at the second time the program ends at once.
fn stopped_by_signals() -> Result<Arc<AtomicBool>, ctrlc::Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            super::abort();
        }
        complain("interrupted: finishing the documents in hand (once more to end at once)");
    })?;
    Ok(stop)
}

fn ingest_stdin(options: &Options) -> Outcome {
    let Processed { summary, record, errors, .. } = batch::ingest_one(STDIN, io::stdin().lock(), options)?;
    for error in &errors {
        complain(&trouble_line(&summary.path, error));
    }
    print_json(&record)?;
    Ok(if summary.state.is_trouble() { Verdict::Trouble } else { Verdict::Well })
}

/// An error of a document, as one line.
pub(super) fn trouble_line(path: &str, error: &Diagnostic) -> String {
    one_line(&format!("{path}: {}: {}", error.code.name(), error.message))
}
