//! Writing: makes bytes and puts them in place whole.
//!
//! [`json`] makes the bytes of a record, [`model`] a document model as text for people. [`file()`] and [`Whole`] put
//! bytes in place: a reader of the output sees a file's old state or its new one, never a half.

pub mod changes;
mod grid;
pub mod model;
pub mod plain;

use serde::Serialize;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How a record is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Indented, for one record a file.
    #[default]
    Pretty,
    /// One line, for many records in one file.
    Line,
}

/// The bytes of a record (or of any part of one), ending in a line feed.
///
/// # Panics
/// Never for the types of this crate: their maps have string keys and their `Serialize` does not fail.
pub fn json(value: &impl Serialize, layout: Layout) -> Vec<u8> {
    let bytes = match layout {
        Layout::Pretty => serde_json::to_vec_pretty(value),
        Layout::Line => serde_json::to_vec(value),
    };
    let mut bytes = bytes.expect("plain data is serialisable");
    bytes.push(b'\n');
    bytes
}

/// Writes a file whole: a temporary file beside it, flushed to the disk, then renamed over it. Folders are made.
///
/// # Errors
/// What the file system says; the file is then as it was before.
pub fn file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut whole = Whole::new(path)?;
    whole.write_all(bytes)?;
    whole.finish()
}

/// A file that is written bit by bit and put in place whole, as by [`file()`].
#[derive(Debug)]
pub struct Whole {
    path: PathBuf,
    temporary: BufWriter<NamedTempFile>,
}

impl Whole {
    /// Begins a file; nothing is at its path before it is finished.
    ///
    /// # Errors
    /// What the file system says.
    pub fn new(path: &Path) -> io::Result<Self> {
        Ok(Whole { path: path.to_owned(), temporary: BufWriter::new(temporary_beside(path)?) })
    }

    /// Flushes it to the disk and puts it in place.
    ///
    /// # Errors
    /// What the file system says; the file is then as it was before.
    pub fn finish(self) -> io::Result<()> {
        let temporary = self.temporary.into_inner().map_err(io::IntoInnerError::into_error)?;
        temporary.as_file().sync_all()?;
        temporary.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".keikaku-");
    // Without this only the user who ran the program could read what it wrote; the umask still applies.
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.json");
        file(&path, b"first, and longer").unwrap();
        file(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::create_dir(&path).unwrap();
        assert!(file(&path, b"bytes").is_err());
        assert!(path.is_dir());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
    }
}
