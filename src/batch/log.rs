//! The log of a run: JSON lines, appended to a file.

use super::manifest::{Entry, Fate, Tally, seconds};
use super::{RunError, write_error};
use crate::write::{self, Layout};
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A log that is open.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: Mutex<File>,
}

/// A document in the log.
#[derive(Serialize)]
struct DocumentLine<'a> {
    path: &'a str,
    fate: &'a str,
    state: &'a str,
    seconds: f64,
    /// Largest resident memory of the worker while it had the document, in bytes; null where the system does not say.
    peak_memory: Option<u64>,
    pages: u32,
    measures: usize,
    infos: usize,
    warnings: usize,
    errors: usize,
}

/// The last line of a run.
#[derive(Serialize)]
struct RunLine<'a> {
    run: &'a Tally,
    seconds: f64,
    interrupted: bool,
}

/// A source that a run did not come to.
#[derive(Serialize)]
struct LeftLine<'a> {
    path: &'a str,
    left: &'a str,
}

impl Log {
    /// Opens a log to add to it.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(|error| write_error(path, error))?;
        Ok(Log { path: path.to_owned(), file: Mutex::new(file) })
    }

    /// Notes a document that was seen to.
    ///
    /// # Errors
    /// What the file system says.
    pub fn document(&self, entry: &Entry, fate: Fate, peak_memory: Option<u64>) -> Result<(), RunError> {
        let summary = &entry.summary;
        self.line(&DocumentLine {
            path: &summary.path,
            fate: fate.name(),
            state: summary.state.name(),
            seconds: entry.seconds,
            peak_memory,
            pages: summary.pages,
            measures: summary.counts.measures,
            infos: summary.counts.infos,
            warnings: summary.counts.warnings,
            errors: summary.counts.errors,
        })
    }

    /// Notes a document that was not seen to, and why.
    ///
    /// # Errors
    /// What the file system says.
    pub fn left(&self, path: &str, why: &str) -> Result<(), RunError> {
        self.line(&LeftLine { path, left: why })
    }

    /// Notes the end of a run.
    ///
    /// # Errors
    /// What the file system says.
    pub fn end(&self, tally: &Tally, took: Duration, interrupted: bool) -> Result<(), RunError> {
        self.line(&RunLine { run: tally, seconds: seconds(took), interrupted })
    }

    fn line(&self, line: &impl Serialize) -> Result<(), RunError> {
        let line = write::json(line, Layout::Line);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&line).map_err(|error| write_error(&self.path, error))
    }
}
