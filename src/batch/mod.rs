//! The batch around [`crate::process`]: finds documents, reads them from the disk, has them processed in worker
//! processes, and puts records and the manifest in place. The only part that knows of files and processes.
//!
//! - [`discovery`] turns the paths that a user names into [`discovery::Source`]s.
//! - [`worker`] is what a worker process does; [`pool`] starts workers, feeds them, and buries them.
//! - [`result`] is what a document became: its summary and the bytes of its record.
//! - [`mod@run`] does it all side by side.
//! - [`manifest`] is `run.json`.
//!
//! A document can cost itself, never the run: whatever happens to it, from an unreadable file to a worker that
//! dies, becomes a record that says so. Only the output folder failing ends a run early.

pub mod discovery;
pub mod limits;
pub mod manifest;
pub mod pool;
mod protocol;
pub mod result;
mod run;
pub mod worker;

use crate::diagnostic::{Code, Diagnostic};
use crate::process;
use crate::vocabulary::Vocabulary;
use crate::write::{self, Layout};
use discovery::Found;
use manifest::{Entry, Manifest};
use pool::Slot;
use result::Processed;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
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
}

/// Where records go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
    /// A document is done, its record in place.
    Finished { entry: &'a Entry, diagnostics: &'a [Diagnostic] },
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
    #[error("no worker process can be started: {0}")]
    Worker(#[from] pool::StartError),
    #[error("standard input: {0}")]
    Input(io::Error),
}

/// Reads the documents at the given paths and writes their records and the manifest.
///
/// # Errors
/// Paths or globs that cannot be used, a vocabulary that cannot be read, an output that cannot be written, a worker
/// that cannot be started. Records put in place before an error stay there.
pub fn ingest(paths: &[PathBuf], options: &Options, watch: &(dyn Fn(Event) + Sync)) -> Result<Manifest, RunError> {
    let started = Instant::now();
    Vocabulary::with_files(&options.vocabulary)?;
    let Found { sources, skipped } = discovery::discover(paths, &options.output, &options.filter)?;
    watch(Event::Found { documents: sources.len() });

    let entries = run::run(&sources, options, watch)?;
    let manifest = Manifest::new(entries, skipped, started.elapsed());
    let path = options.output.join("run.json");
    write::file(&path, &write::json(&manifest, Layout::Pretty)).map_err(|error| write_error(&path, error))?;
    Ok(manifest)
}

/// Processes one document that is no file (standard input) and gives what became of it.
///
/// # Errors
/// As of [`ingest`], and what reading the input gives.
pub fn ingest_one(name: &str, input: impl Read, options: &Options) -> Result<Processed, RunError> {
    Vocabulary::with_files(&options.vocabulary)?;
    let mut slot = Slot::new(options.limits, options.layout.of_record(), options.vocabulary.clone());
    match read_limited(input, options.limits.bytes) {
        Ok(bytes) => Ok(slot.process(name, &bytes)?),
        Err(LoadError::TooLarge { .. }) => {
            let diagnostic = LoadError::TooLarge { limit: options.limits.bytes }.diagnostic();
            Ok(result::failed(process::unread_source(name), diagnostic, options.layout.of_record()))
        }
        Err(LoadError::Io(error)) => Err(RunError::Input(error)),
    }
}

/// The bytes of a file that is not a document to ingest but an argument: a record, a vocabulary, a file to inspect.
///
/// # Errors
/// A file that cannot be read, or is larger than the limit.
pub fn load(path: &Path, limit: u64) -> Result<Vec<u8>, LoadError> {
    let file = File::open(path)?;
    if file.metadata()?.len() > limit {
        return Err(LoadError::TooLarge { limit });
    }
    read_limited(file, limit)
}

/// Why the bytes of a source are not there.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("larger than the limit of {limit} bytes")]
    TooLarge { limit: u64 },
}

impl LoadError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            LoadError::TooLarge { limit } => {
                Diagnostic::new(Code::LimitExceeded, format!("the source is larger than {limit} bytes"), None)
            }
            LoadError::Io(error) => {
                // The system's words, without its error number, which differs between systems.
                Diagnostic::new(Code::UnreadableSource, format!("the source cannot be read: {}", error.kind()), None)
            }
        }
    }
}

fn read_limited(input: impl Read, limit: u64) -> Result<Vec<u8>, LoadError> {
    let mut bytes = Vec::new();
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(LoadError::TooLarge { limit }) } else { Ok(bytes) }
}

fn write_error(path: &Path, error: io::Error) -> RunError {
    RunError::Write { path: path.to_owned(), error }
}
