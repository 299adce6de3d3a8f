//! The batch around [`crate::process`]: finds documents, reads them from the disk, has them processed in worker
//! processes, and puts records and the manifest in place. The only part that knows of files and processes.
//!
//! - [`discovery`] turns the paths that a user names into [`discovery::Source`]s.
//! - [`output`] is the folder that a run writes: locked, and changed in one step at the end of the run.
//! - [`corrections`] reads what people said of records, and tells what of it is about which document.
//! - [`known`] is what earlier runs left there; [`manifest`] is `run.json`, [`records`] the records it lists.
//! - [`worker`] is what a worker process does; [`pool`] starts workers, feeds them, and buries them.
//! - [`result`] is what a document became: its summary and the bytes of its record; [`revision`] is what changed in
//!   it, [`report`] all that a run changed, [`editions`] what changed between any two.
//! - [`mod@run`] has every document that changed processed, side by side; [`staging`] keeps what is finished, and so
//!   what a killed run finished is not made again; [`log`] notes each.
//! - [`archive`] reads the records of an output again, for exports and the like.
//! - [`finish`] puts records, reports and the manifest in place.
//! - [`review`] makes the review site of what lies in an output.
//!
//! A document can cost itself, never the run: whatever happens to it, from an unreadable file to a worker that
//! dies, becomes a record that says so. Only the output folder failing ends a run early, and then it is as it was.

pub mod archive;
pub mod corrections;
pub mod discovery;
pub mod editions;
mod finish;
mod known;
pub mod limits;
mod log;
pub mod manifest;
pub mod output;
pub mod pool;
mod protocol;
mod records;
pub mod report;
pub mod result;
pub mod review;
pub mod revision;
mod run;
mod staging;
pub mod worker;

use crate::correct::Correction;
use crate::diagnostic::{Code, Diagnostic};
use crate::process;
use crate::vocabulary::Vocabulary;
use crate::write::Layout;
use corrections::Corrections;
use discovery::Found;
use known::Known;
use log::Log;
use manifest::{Entry, Manifest, Tally};
use output::Output;
use pool::Slot;
use result::Processed;
use serde::{Deserialize, Serialize};
use staging::Staging;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How a run is done.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder for records and manifest; made where it is missing, never read as input.
    pub output: PathBuf,
    pub layout: RecordLayout,
    /// Number of documents processed at a time, at least 1.
    pub jobs: usize,
    pub filter: discovery::Filter,
    pub limits: Limits,
    pub vocabulary: Vec<(String, String)>,
    /// What people said of records, in the order in which it holds.
    pub corrections: Vec<Correction>,
    /// Read every document, also those that did not change.
    pub force: bool,
    /// Move the records of removed sources out of the records.
    pub prune: bool,
    /// A file to add a line for each document to.
    pub log: Option<PathBuf>,
}

/// Where records go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordLayout {
    /// One file a record, `OUT/records/<path>.json`.
    #[default]
    Files,
    /// All records in `OUT/records.ndjson`, one a line, sorted by path.
    Ndjson,
}

impl RecordLayout {
    fn of_record(self) -> Layout {
        match self {
            RecordLayout::Files => Layout::Pretty,
            RecordLayout::Ndjson => Layout::Line,
        }
    }

    fn has_files(self) -> bool {
        self == RecordLayout::Files
    }
}

/// What one document may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Size of a source in bytes; a larger one is not read.
    pub bytes: u64,
    /// Wall clock of processing a document.
    pub time: Duration,
    /// Address space of a worker in bytes (on Unix; see [`limits`]).
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 100 << 20, time: Duration::from_secs(120), memory: 2 << 30 }
    }
}

/// What happens during a run, for those who watch it. Events of different documents come from different threads.
#[derive(Debug)]
pub enum Event<'a> {
    /// The documents were found.
    Found { documents: usize },
    /// A document is being processed.
    Started { path: &'a str },
    /// A document is done, its record kept; `was_read` where it was not known already. The diagnostics are its errors.
    Finished { entry: &'a Entry, was_read: bool, diagnostics: &'a [Diagnostic] },
    /// A document is left for the next run.
    Left { path: &'a str, why: Left },
}

/// Why a document is left for the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Left {
    #[error("the run was interrupted")]
    Interrupted,
    /// It has a record of an earlier state, which stays.
    #[error("the source changes while it is read")]
    Changing,
}

/// What a run did.
#[derive(Debug)]
pub struct Run {
    pub manifest: Manifest,
    pub tally: Tally,
    /// The number of the report of changes, where there are any.
    pub report: Option<u32>,
    /// Documents and titles that corrections name, and of which there is no record.
    pub unmatched: Vec<String>,
    /// Whether it was ended early from outside.
    pub interrupted: bool,
    /// How long it took.
    pub took: Duration,
}

/// Why a run cannot be done at all, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Discovery(#[from] discovery::DiscoveryError),
    #[error(transparent)]
    Vocabulary(#[from] crate::vocabulary::VocabularyError),
    #[error("{}: {error}", path.display())]
    Write { path: PathBuf, error: io::Error },
    #[error("another keikaku is writing to {}; wait for its end, or use another output folder", .0.display())]
    Locked(PathBuf),
    #[error("no worker process can be started: {0}")]
    Worker(#[from] pool::StartError),
    #[error("standard input: {0}")]
    Input(io::Error),
}

/// Reads the documents at the given paths that changed since the last run, and brings records and manifest up to date.
///
/// `stop` may be set at any time from outside: then the documents in hand are finished, and what is finished is put in
/// place.
///
/// # Errors
/// Paths or globs that cannot be used, a vocabulary that cannot be read, an output that another run holds or that
/// cannot be written, a worker that cannot be started. The output is then as it was, and the next run goes on from
/// what this one finished.
pub fn ingest(
    paths: &[PathBuf],
    options: &Options,
    stop: &AtomicBool,
    watch: &(dyn Fn(Event) + Sync),
) -> Result<Run, RunError> {
    let started = Instant::now();
    Vocabulary::with_files(&options.vocabulary)?;
    let Found { sources, skipped } = discovery::discover(paths, &options.output, &options.filter)?;
    let log = options.log.as_deref().map(Log::open).transpose()?;
    let output = Output::open(&options.output)?;
    let old = output.manifest();
    let known = Known::new(output.root(), old.as_ref(), &sources);
    let staging = Staging::open(&output, options.force)?;
    let made_by = fingerprint(options);
    watch(Event::Found { documents: sources.len() });

    let corrections = Corrections::new(&options.corrections, &sources);
    let work = run::Work {
        options,
        made_by: &made_by,
        corrections: &corrections,
        known: &known,
        staging: &staging,
        log: log.as_ref(),
        stop,
        watch,
    };
    let outcomes = run::run(&sources, &work)?;
    let ending = finish::Ending { options, output: &output, old: old.as_ref(), known: &known, staging: &staging };
    let (manifest, tally, report) = ending.finish(outcomes, skipped, started)?;
    output.remember_sources(paths)?;
    let interrupted = stop.load(Ordering::Relaxed);
    let took = started.elapsed();
    log.as_ref().map_or(Ok(()), |log| log.end(&tally, took, interrupted))?;
    let unmatched =
        if interrupted { Vec::new() } else { corrections.unmatched(manifest.entries().into_iter().map(AsRef::as_ref)) };
    Ok(Run { manifest, tally, report, unmatched, interrupted, took })
}

/// A hash of what makes a record of a source's bytes: this build of the program, the vocabulary, the options.
fn fingerprint(options: &Options) -> String {
    let Limits { bytes, time, memory } = options.limits;
    let vocabulary: Vec<&str> = options.vocabulary.iter().map(|(_, text)| text.as_str()).collect();
    let parts = (env!("KEIKAKU_BUILD"), options.layout, bytes, time, memory, vocabulary);
    let text = serde_json::to_vec(&parts).expect("plain data is serialisable");
    process::sha256(&text)[..16].to_owned()
}

/// Processes one document that is no file (standard input) and gives what became of it.
///
/// # Errors
/// As of [`ingest`], and what reading the input gives.
pub fn ingest_one(name: &str, input: impl Read, options: &Options) -> Result<Processed, RunError> {
    Vocabulary::with_files(&options.vocabulary)?;
    let mut slot = Slot::new(options.limits, options.layout.of_record(), options.vocabulary.clone());
    match read_limited(input, 0, options.limits.bytes) {
        Ok(bytes) => Ok(slot.process(name, &bytes, &options.corrections)?),
        Err(LoadError::Io(error)) => Err(RunError::Input(error)),
        Err(error) => Ok(result::failed(process::unread_source(name), error.diagnostic(), options.layout.of_record())),
    }
}

/// The bytes of a file that is not a document to ingest but an argument: a record, a vocabulary, a file to inspect.
///
/// # Errors
/// A file that cannot be read, or is larger than the limit.
pub fn load(path: &Path, limit: u64) -> Result<Vec<u8>, LoadError> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    read_file(&file, length, limit)
}

/// The bytes of a source, all of one state.
fn load_settled(path: &Path, limit: u64) -> Result<Vec<u8>, LoadError> {
    // Of the file that is open: one that is put in its place meanwhile is another source, for the next run.
    let file = File::open(path)?;
    let state = || file.metadata().map(|file| (file.len(), file.modified().ok()));
    let mut is_read = false;
    settled(state, |(length, _)| {
        // Only to read it again, for a pipe cannot.
        if std::mem::replace(&mut is_read, true) {
            (&file).rewind()?;
        }
        read_file(&file, *length, limit)
    })
}

fn read_file(file: &File, length: u64, limit: u64) -> Result<Vec<u8>, LoadError> {
    if length > limit {
        return Err(LoadError::TooLarge { limit });
    }
    read_limited(file, length, limit)
}

/// What is read of something whose state is the same before and after; it is tried a few times.
fn settled<T, S: PartialEq>(
    mut state: impl FnMut() -> io::Result<S>,
    mut read: impl FnMut(&S) -> Result<T, LoadError>,
) -> Result<T, LoadError> {
    const ATTEMPTS: usize = 3;
    for _ in 0..ATTEMPTS {
        let before = state()?;
        let bytes = read(&before)?;
        if state()? == before {
            return Ok(bytes);
        }
    }
    Err(LoadError::Changing)
}

/// Why the bytes of a source are not there.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("larger than the limit of {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("the source changes while it is read")]
    Changing,
}

impl LoadError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            LoadError::TooLarge { limit } => {
                Diagnostic::new(Code::LimitExceeded, format!("the source is larger than {limit} bytes"), None)
            }
            LoadError::Changing => Diagnostic::new(Code::UnreadableSource, self.to_string(), None),
            LoadError::Io(error) => {
                // The system's words, without its error number, which differs between systems.
                Diagnostic::new(Code::UnreadableSource, format!("the source cannot be read: {}", error.kind()), None)
            }
        }
    }
}

/// All of an input of about that length, if it is not longer than the limit.
fn read_limited(input: impl Read, length: u64, limit: u64) -> Result<Vec<u8>, LoadError> {
    // One more, so that its end is seen without more room.
    let mut bytes = Vec::with_capacity(length.saturating_add(1) as usize);
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(LoadError::TooLarge { limit }) } else { Ok(bytes) }
}

fn write_error(path: &Path, error: io::Error) -> RunError {
    RunError::Write { path: path.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_is_written_to_is_read_again_until_it_settles() {
        let reads = std::cell::Cell::new(0);
        // Written to during the first so many reads.
        let read_of = |writes: usize| {
            reads.set(0);
            let state = || Ok(reads.get().min(writes));
            settled(state, |_| {
                reads.set(reads.get() + 1);
                Ok(reads.get())
            })
        };
        assert!(matches!(read_of(0), Ok(1)));
        assert!(matches!(read_of(2), Ok(3)));
        assert!(matches!(read_of(3), Err(LoadError::Changing)));
    }
}
