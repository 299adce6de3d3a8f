//! The command line: arguments in, words for people out. One file a subcommand, and no logic of plans.
//!
//! Results go to standard output, progress and complaints to standard error. Text from documents goes to neither
//! before [`crate::write::plain`] has made it safe to show.

mod annotate;
mod changes;
mod check;
mod completions;
mod correct;
mod diff;
mod export;
mod ingest;
mod inspect;
mod progress;
mod report;
mod schema;
mod summary;
mod validate;
mod vocabulary;
mod worker;

use crate::batch;
use crate::write::plain;
use clap::{Parser, Subcommand};
use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// Reads the plans that Japanese authorities publish and writes what is in them as records.
#[derive(Parser)]
#[command(name = "keikaku", version, about, long_about = LONG, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const LONG: &str = "\
Reads the plans that Japanese authorities publish (PDF, workbooks, text) and writes what is in them as JSON records: \
measures, owners, schedules, KPI targets, each with the place in the source where it stands.

Everything happens on this machine: no network, no model, the same records for the same documents.";

const EXAMPLES: &str = "\
Examples:
  keikaku ingest plans -o output           read every document below plans/
  keikaku ingest plan.pdf kpi.xlsx -o out  read these two
  keikaku ingest - < plan.txt | jq .plan   read one, record on standard output
  keikaku diff draft.pdf final.pdf         see what changed in a plan
  keikaku annotate PDF RECORD -o OUT.pdf   see every value marked in a copy of the PDF
  keikaku changes output                   see what the last ingest changed
  keikaku correct RECORD POINTER VALUE     say what is right, for every ingest to come
  keikaku inspect plan.pdf --page 3        see what the reader saw on page 3
  keikaku report output -o site            see every value beside its source, in a browser
  keikaku check output                     see where plans of one authority disagree
  keikaku export output --to xlsx -o plans.xlsx   make a workbook of all records
  keikaku validate output/records/*.json   hold records against the schema

Exit codes: 0 all well, 1 some documents failed or have errors, 2 the run itself broke.";

#[derive(Subcommand)]
enum Command {
    Ingest(ingest::Arguments),
    Diff(diff::Arguments),
    Changes(changes::Arguments),
    Correct(correct::Arguments),
    Check(check::Arguments),
    Export(export::Arguments),
    Annotate(annotate::Arguments),
    Inspect(inspect::Arguments),
    Report(report::Arguments),
    Validate(validate::Arguments),
    /// Print the JSON Schema of records
    Schema,
    Vocabulary(vocabulary::Arguments),
    Completions(completions::Arguments),
    /// Process documents for another keikaku, over standard input and output
    #[command(name = batch::pool::SUBCOMMAND, hide = true)]
    Worker,
}

/// How a command that ran to its end found things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Well,
    /// Some documents failed or have errors.
    Trouble,
    /// Ended early by a signal.
    Interrupted,
}

/// The exit code of a program that SIGINT ended, as shells give it.
const INTERRUPTED: u8 = 130;

/// Ends the program at once.
fn abort() -> ! {
    std::process::exit(INTERRUPTED.into())
}

/// What a subcommand gives: its verdict, or why the run broke.
type Outcome = Result<Verdict, Box<dyn Error>>;

/// Runs the program. Here alone it is decided with what code it exits.
pub fn run() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Ingest(arguments) => ingest::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Changes(arguments) => changes::run(&arguments),
        Command::Correct(arguments) => correct::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Annotate(arguments) => annotate::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Schema => schema::run(),
        Command::Vocabulary(arguments) => vocabulary::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Worker => worker::run(),
    };
    match outcome {
        Ok(Verdict::Well) => ExitCode::SUCCESS,
        Ok(Verdict::Trouble) => ExitCode::from(1),
        Ok(Verdict::Interrupted) => ExitCode::from(INTERRUPTED),
        // Whoever reads our output has seen enough of it.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("keikaku: {error}"));
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints text for people to standard output.
fn print(text: &str) -> io::Result<()> {
    io::stdout().lock().write_all(plain::plain(text).as_bytes())
}

/// Prints text that [`crate::write::changes`] made safe, with the colours it put in.
fn print_coloured(text: &str) -> io::Result<()> {
    io::stdout().lock().write_all(text.as_bytes())
}

/// Whether standard output is to have colours.
fn wants_colour(colour: diff::Colour) -> bool {
    match colour {
        diff::Colour::Always => true,
        diff::Colour::Never => false,
        diff::Colour::Auto => {
            io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
        }
    }
}

/// Prints JSON to standard output: as it is, or on a terminal with escapes for what acts on one.
fn print_json(json: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match std::str::from_utf8(json) {
        Ok(text) if out.is_terminal() => out.write_all(plain::escaped_json(text).as_bytes()),
        _ => out.write_all(json),
    }
}

/// Prints a line to standard error. That nobody listens there is no reason to stop.
fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", plain::plain(text));
}

/// Reads a file that was named as an argument.
fn load(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    const LIMIT: u64 = 1 << 30;
    batch::load(path, LIMIT).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Reads the vocabulary files that were named: name and text of each.
fn load_vocabulary(paths: &[std::path::PathBuf]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let file = |path: &std::path::PathBuf| {
        let text = String::from_utf8(load(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((path.display().to_string(), text.trim_start_matches('\u{feff}').to_owned()))
    };
    paths.iter().map(file).collect()
}
