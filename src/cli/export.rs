//! `keikaku export`: the records of an output in the forms that other tools take.

use super::{Outcome, Verdict, complain};
use crate::batch::archive::Archive;
use crate::write::export::{self, Format, Target};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, BufWriter, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Give the records of an output to other tools: databases, spreadsheets, Parquet, StratML …
#[derive(Args)]
#[command(after_long_help = "\
All documents of OUT/run.json are exported in the order of their paths; records of sources that are gone are not. An \
export is put in place when it is whole, and the same records give the same bytes.

sqlite, sql, csv and parquet hold the same tables; docs/exports.md describes every column. A row's `id` is its number in \
this export: what stays the same over ingests is `plans.path` and `measures.key`. Every value has a place (`place_id`).

Search in SQLite is by trigrams, for words of three characters and more; shorter words are found by LIKE:
  SELECT kind, row_id, text FROM search WHERE search MATCH '避難所';
  SELECT kind, row_id, text FROM search WHERE text LIKE '%防災%';
Views answer common questions:
  SELECT * FROM targets_by_year WHERE fiscal_year = 2027;
  SELECT * FROM measures_by_department WHERE department = '危機管理課' AND role = 'lead';

In CSV a text that a spreadsheet would run as a formula has an apostrophe before it.

Examples:
  keikaku export output --to xlsx -o plans.xlsx
  keikaku export output --to sqlite -o plans.sqlite
  keikaku export output --to parquet -o plans-parquet
  duckdb -c \"SELECT name, count(*) FROM 'plans-parquet/owners.parquet' GROUP BY name\"
  keikaku export output --to ndjson -o - | jq -r '.measures[].name'
  keikaku export output --to sql -o - | psql -v ON_ERROR_STOP=1 plans

Exit codes: 0 exported, 2 it broke, and what was at the target is still there.")]
pub struct Arguments {
    /// The output folder of an ingest
    output: PathBuf,
    /// The form of the export
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: To,
    /// Where it goes; `-` is standard output (ndjson, sql)
    #[arg(short = 'o', long = "output", value_name = "FILE|FOLDER")]
    target: PathBuf,
    /// Print nothing but complaints
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum To {
    /// A database with keys, indexes, views and full-text search (file)
    Sqlite,
    /// The tables as a script for PostgreSQL (file)
    Sql,
    /// One CSV file a table, for Excel (folder)
    Csv,
    /// One Parquet file a table, for DuckDB, pandas, Polars (folder)
    Parquet,
    /// The records as they are, one a line (file)
    Ndjson,
    /// A workbook for people: measures, KPIs, schedule (file)
    Xlsx,
    /// StratML Part 2 (ISO 17469-2), one XML file a plan (folder)
    Stratml,
    /// Plan, actions, parties and indicators of Kausal Watch, one JSON file a plan (folder)
    Kausal,
}

impl From<To> for Format {
    fn from(to: To) -> Self {
        match to {
            To::Sqlite => Format::Sqlite,
            To::Sql => Format::Sql,
            To::Csv => Format::Csv,
            To::Parquet => Format::Parquet,
            To::Ndjson => Format::Ndjson,
            To::Xlsx => Format::Xlsx,
            To::Stratml => Format::Stratml,
            To::Kausal => Format::Kausal,
        }
    }
}

pub fn run(arguments: &Arguments) -> Outcome {
    let started = Instant::now();
    let format = Format::from(arguments.to);
    let target = arguments.target.as_path();
    let is_stream = target == Path::new("-");
    if is_stream && !format.is_stream() {
        return Err("only ndjson and sql can go to standard output: name a file or folder".into());
    }
    if !is_stream && format.is_folder() && target.is_file() {
        return Err(format!("{} is a file: this format is a folder of files", target.display()).into());
    }
    if !is_stream && !format.is_folder() && target.is_dir() {
        return Err(format!("{} is a folder: this format is one file", target.display()).into());
    }
    let archive = Archive::open(&arguments.output)?;
    let bar = progress(archive.len(), arguments.quiet);
    let failed = |error: export::ExportError| -> Box<dyn std::error::Error> {
        match error {
            // Kept as it is: whether somebody still reads is decided by its kind.
            export::ExportError::Io(error) if is_stream => error.into(),
            error => format!("{}: {error}", target.display()).into(),
        }
    };
    let to = if is_stream { Target::Stream(Box::new(BufWriter::new(io::stdout()))) } else { Target::Path(target) };
    let mut export = export::begin(format, to).map_err(failed)?;
    let mut taken = 0;
    for record in archive.records() {
        taken += usize::from(export.record(&record?).map_err(failed)?);
        bar.inc(1);
    }
    export.finish().map_err(failed)?;
    bar.finish_and_clear();
    if !arguments.quiet {
        let left = archive.len() - taken;
        let empty = if left > 0 { format!("; {left} without a measure left out") } else { String::new() };
        let gone = match archive.gone() {
            0 => String::new(),
            gone => format!("; {gone} of sources that are gone left out"),
        };
        complain(&format!("{taken} records exported in {:.1} s{empty}{gone}", started.elapsed().as_secs_f64()));
    }
    Ok(Verdict::Well)
}

/// A bar on a terminal, else nothing.
fn progress(records: usize, quiet: bool) -> ProgressBar {
    if quiet || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{pos}/{len} {bar:24} {percent:>3}%  {per_sec}  {eta} left");
    ProgressBar::new(records as u64).with_style(style.expect("a constant template").progress_chars("━╸ "))
}
