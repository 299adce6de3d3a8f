//! Records that are finished, but not yet in place.
//!
//! Each is a file in `OUT/.keikaku/staged`, and then a line in `journal.ndjson` beside them: what the line says is on
//! the disk. So a run that was killed is gone on with: what has a line, and would be made from the same bytes in the
//! same way, is not made again.

use super::manifest::{Entry, Fate};
use super::output::{Output, WORK};
use super::{RunError, write_error};
use crate::diagnostic::Diagnostic;
use crate::write::{self, Layout};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

const STAGED: &str = "staged";
const JOURNAL: &str = "journal.ndjson";

/// A finished record, as the journal states it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Staged {
    /// Hash of all that the record was made from: see [`key`].
    pub key: String,
    pub entry: Arc<Entry>,
    pub fate: Fate,
    /// The path of the entry that it takes the place of, where that is another.
    pub from: Option<String>,
    /// The path of the entry that it is compared with, where that is another document of the same plan.
    pub compared_with: Option<String>,
    /// The record's diagnostics that are errors.
    pub errors: Vec<Diagnostic>,
    /// Whether there is a file of changes beside the record.
    pub has_changes: bool,
}

/// The finished records of a run.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    journal: Mutex<File>,
    /// What runs before this one finished, by path of the source.
    finished: HashMap<String, Staged>,
}

impl Staging {
    /// Opens the staged records of an output; `fresh` forgets those that are there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(output: &Output, fresh: bool) -> Result<Self, RunError> {
        let work = output.root().join(WORK);
        let path = work.join(JOURNAL);
        let failed = |error| write_error(&path, error);
        if fresh {
            output.clear().map_err(failed)?;
        }
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            other => other.map_err(failed)?,
        };
        let folder = work.join(STAGED);
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut journal = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
        if bytes.last().is_some_and(|&byte| byte != b'\n') {
            // The line in which a run was killed is no line; the next begins behind it.
            journal.write_all(b"\n").map_err(failed)?;
        }
        let lines = bytes.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice::<Staged>(line).ok());
        let whole = lines.filter(|staged| is_whole(&folder, staged));
        let finished = whole.map(|staged| (staged.entry.summary.path.clone(), staged)).collect();
        Ok(Staging { folder, journal: Mutex::new(journal), finished })
    }

    /// What an earlier run made from the same.
    pub fn finished(&self, path: &str, key: &str) -> Option<&Staged> {
        self.finished.get(path).filter(|staged| staged.key == key)
    }

    /// Keeps a record, and what changed in it: on the disk first, then in the journal.
    ///
    /// # Errors
    /// What the file system says.
    pub fn keep(&self, staged: &Staged, record: &[u8], changes: Option<&[u8]>) -> Result<(), RunError> {
        let path = record_path(&self.folder, &staged.key);
        write_flushed(&path, record).map_err(|error| write_error(&path, error))?;
        if let Some(changes) = changes {
            let path = changes_path(&self.folder, &staged.key);
            write_flushed(&path, changes).map_err(|error| write_error(&path, error))?;
        }
        let line = write::json(staged, Layout::Line);
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.write_all(&line).map_err(|error| write_error(&self.folder, error))
    }

    /// The bytes of a staged record.
    ///
    /// # Errors
    /// What the file system says.
    pub fn record(&self, key: &str) -> Result<Vec<u8>, RunError> {
        let path = record_path(&self.folder, key);
        fs::read(&path).map_err(|error| write_error(&path, error))
    }

    /// What changed in a staged record.
    ///
    /// # Errors
    /// What the file system says.
    pub fn changes(&self, staged: &Staged) -> Result<Option<Vec<u8>>, RunError> {
        let path = changes_path(&self.folder, &staged.key);
        staged.has_changes.then(|| fs::read(&path).map_err(|error| write_error(&path, error))).transpose()
    }

    /// The path of a staged record below the output folder, with `/`.
    pub fn record_name(key: &str) -> String {
        Output::work_name(&format!("{STAGED}/{key}.json"))
    }
}

/// What tells a record from all others: its path, and all that it is made from. Two documents with the same bytes have
/// records that differ in the path.
pub fn key(path: &str, sha256: &str, made_by: &str, previous: &str) -> String {
    let mut sha = Sha256::new();
    for part in [path, sha256, made_by, previous] {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part);
    }
    sha.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn record_path(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{key}.json"))
}

fn changes_path(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{key}.changes.json"))
}

fn is_whole(folder: &Path, staged: &Staged) -> bool {
    let record = fs::metadata(record_path(folder, &staged.key));
    record.is_ok_and(|found| found.len() == staged.entry.record_bytes)
        && (!staged.has_changes || changes_path(folder, &staged.key).is_file())
}

fn write_flushed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
