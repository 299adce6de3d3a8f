//! The output folder as a run finds it and leaves it: locked, whole, and changed in one step.
//!
//! A run works in `OUT/.keikaku`: there lie the lock and the records that are finished, but not yet in place
//! ([`super::staging`]). Until every one is finished nothing else in the output changes. Then all that is to change is
//! written down as a list of renames (`commit.json`), flushed to the disk, and done. A run that is killed before the
//! list is there leaves the output as it was; one killed after it leaves the rest of the list to the next run, which
//! begins with it. Renaming takes no room on the disk, so a disk that is full cannot stop it halfway.
//!
//! While the renames are done `run.json` lists only what they do not touch: at every moment what it lists is so.

use super::manifest::Manifest;
use super::{RunError, write_error};
use crate::write::{self, Layout};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The folder below the output in which runs work.
pub const WORK: &str = ".keikaku";
/// The manifest's name.
pub const MANIFEST: &str = "run.json";
/// Where records of removed sources are moved to.
pub const REMOVED: &str = "removed";
/// Where reports of changes lie.
pub const CHANGES: &str = "changes";

const LOCK: &str = "lock";
/// Where the sources of the last run lie; see [`Output::remember_sources`].
const SOURCES: &str = "sources.json";
const COMMIT: &str = "commit.json";

/// An output folder that this process alone writes to.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    /// Held until it is dropped, or the process ends, however it ends.
    _lock: File,
}

/// Renames below the output folder, in order: `from` is gone once it is done.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Commit {
    renames: Vec<(String, String)>,
}

impl Commit {
    /// Adds a rename; both paths are below the output folder, with `/`.
    pub fn rename(&mut self, from: impl Into<String>, to: impl Into<String>) {
        self.renames.push((from.into(), to.into()));
    }
}

impl Output {
    /// Makes the folder where it is missing, locks it, and finishes what a killed run began to put in place.
    ///
    /// # Errors
    /// Another run that holds the lock; what the file system says.
    pub fn open(root: &Path) -> Result<Self, RunError> {
        let work = root.join(WORK);
        fs::create_dir_all(&work).map_err(|error| write_error(&work, error))?;
        let path = work.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| write_error(&path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RunError::Locked(root.to_owned())),
            Err(TryLockError::Error(error)) => return Err(write_error(&path, error)),
        }
        let output = Output { root: root.to_owned(), _lock: lock };
        let pending = work.join(COMMIT);
        // A list that cannot be read was never flushed, so nothing of it was done.
        if let Some(commit) = fs::read(&pending).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            output.carry_out(&commit).map_err(|error| write_error(root, error))?;
            output.clear().map_err(|error| write_error(&work, error))?;
        }
        Ok(output)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path below the output folder of a file that a run works with.
    pub fn work_name(name: &str) -> String {
        format!("{WORK}/{name}")
    }

    /// The manifest of the last run, if there is one that this version understands.
    pub fn manifest(&self) -> Option<Manifest> {
        manifest(&self.root)
    }

    /// Writes a file for a later rename into place, flushed to the disk.
    ///
    /// # Errors
    /// What the file system says.
    pub fn prepare(&self, name: &str, bytes: &[u8]) -> Result<String, RunError> {
        let name = Output::work_name(name);
        let path = self.root.join(&name);
        write::file(&path, bytes).map_err(|error| write_error(&path, error))?;
        Ok(name)
    }

    /// As [`Output::prepare`] of a value as JSON, however large: it is written as it is made.
    ///
    /// # Errors
    /// What the file system says.
    pub fn prepare_json(&self, name: &str, value: &impl Serialize, layout: Layout) -> Result<String, RunError> {
        let name = Output::work_name(name);
        let path = self.root.join(&name);
        write::json_file(&path, value, layout).map_err(|error| write_error(&path, error))?;
        Ok(name)
    }

    /// Does all the renames, or, where this process is killed, lets the next one do the rest.
    ///
    /// # Errors
    /// What the file system says; before the first rename everything is as it was.
    pub fn commit(&self, commit: &Commit) -> Result<(), RunError> {
        for (_, to) in &commit.renames {
            let folder = self.root.join(to).parent().map(Path::to_owned).unwrap_or_default();
            fs::create_dir_all(&folder).map_err(|error| write_error(&folder, error))?;
        }
        self.prepare_json(COMMIT, commit, Layout::Line)?;
        self.sync_folder(&self.root.join(WORK)).map_err(|error| write_error(&self.root, error))?;
        self.carry_out(commit).map_err(|error| write_error(&self.root, error))?;
        self.clear().map_err(|error| write_error(&self.root, error))
    }

    fn carry_out(&self, commit: &Commit) -> io::Result<()> {
        let mut touched = BTreeSet::new();
        for (from, to) in &commit.renames {
            let (from, to) = (self.root.join(from), self.root.join(to));
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
                touched.insert(folder.to_owned());
            }
            match fs::rename(&from, &to) {
                Ok(()) => {}
                // Done before the run that began it was killed.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", to.display()))),
            }
            if let Some(folder) = from.parent() {
                touched.insert(folder.to_owned());
            }
        }
        for folder in touched {
            self.sync_folder(&folder)?;
        }
        for (from, _) in &commit.renames {
            self.remove_empty_folders(from);
        }
        Ok(())
    }

    /// Removes the folders of records that a file left, as far as they are empty.
    fn remove_empty_folders(&self, left: &str) {
        let mut folder = Path::new(left).parent();
        while let Some(below) = folder.filter(|below| below.starts_with("records")) {
            if fs::remove_dir(self.root.join(below)).is_err() {
                break;
            }
            folder = below.parent();
        }
    }

    /// Removes all that runs work with but the lock and where the sources lie, the list of renames first.
    pub fn clear(&self) -> io::Result<()> {
        let work = self.root.join(WORK);
        match fs::remove_file(work.join(COMMIT)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        for entry in fs::read_dir(&work)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else if entry.file_name() != LOCK && entry.file_name() != SOURCES {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Keeps where the sources of this run lie, for who looks at them later on this machine. Records and the manifest
    /// hold no such paths: they may go elsewhere.
    ///
    /// # Errors
    /// What the file system says.
    pub fn remember_sources(&self, paths: &[PathBuf]) -> Result<(), RunError> {
        let paths: Vec<PathBuf> = paths.iter().filter_map(|path| std::path::absolute(path).ok()).collect();
        if remembered_sources(&self.root) == paths {
            return Ok(());
        }
        let path = self.root.join(WORK).join(SOURCES);
        // A path that is no Unicode is not kept: the sources are then named when they are wanted.
        let Ok(bytes) = serde_json::to_vec(&paths) else { return Ok(()) };
        write::file(&path, &bytes).map_err(|error| write_error(&path, error))
    }

    /// Flushes the names in a folder to the disk, where the system can.
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if !cfg!(unix) {
            return Ok(());
        }
        match File::open(folder) {
            Ok(folder) => folder.sync_all(),
            // Removed since: an empty folder of records.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Where the sources of the last run lay, as it was told: files and folders; empty where that is not known.
pub fn remembered_sources(root: &Path) -> Vec<PathBuf> {
    let kept = fs::read(root.join(WORK).join(SOURCES)).ok();
    kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// The manifest in an output folder, if there is one that this version understands.
pub fn manifest(root: &Path) -> Option<Manifest> {
    serde_json::from_slice(&fs::read(root.join(MANIFEST)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_renames_is_finished_by_who_comes_next() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let output = Output::open(root).unwrap();
        let mut commit = Commit::default();
        for name in ["a", "b", "c"] {
            let from = output.prepare(name, name.as_bytes()).unwrap();
            commit.rename(from, format!("records/x/{name}.json"));
        }
        // Killed after the first rename.
        output.prepare_json(COMMIT, &commit, Layout::Line).unwrap();
        fs::create_dir_all(root.join("records/x")).unwrap();
        fs::rename(root.join(".keikaku/a"), root.join("records/x/a.json")).unwrap();
        drop(output);
        drop(Output::open(root).unwrap());
        for name in ["a", "b", "c"] {
            assert_eq!(fs::read(root.join(format!("records/x/{name}.json"))).unwrap(), name.as_bytes());
        }
        assert_eq!(fs::read_dir(root.join(WORK)).unwrap().count(), 1, "only the lock stays");
    }

    #[test]
    fn one_run_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = Output::open(folder.path()).unwrap();
        assert!(matches!(Output::open(folder.path()), Err(RunError::Locked(_))));
        drop(first);
        assert!(Output::open(folder.path()).is_ok());
    }

    #[test]
    fn folders_that_records_left_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let output = Output::open(root).unwrap();
        write::file(&root.join("records/a/b/c.json"), b"c").unwrap();
        write::file(&root.join("records/a/d.json"), b"d").unwrap();
        let mut commit = Commit::default();
        commit.rename("records/a/b/c.json", "removed/a/b/c.json");
        output.commit(&commit).unwrap();
        assert!(!root.join("records/a/b").exists() && root.join("records/a/d.json").exists());
        assert_eq!(fs::read(root.join("removed/a/b/c.json")).unwrap(), b"c");
    }
}
