//! Writing: makes bytes and puts them in place whole.
//!
//! [`json`] makes the bytes of a record, [`model`] a document model as text for people. [`file()`] and [`Parts`] put
//! bytes in place: a reader of the output sees a file's old state or its new one, never a half.

mod grid;
pub mod model;
pub mod plain;

use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
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
    let mut temporary = temporary_beside(path)?;
    temporary.write_all(bytes)?;
    put_in_place(temporary, path)
}

/// Pieces that are kept in a temporary file in the order they come, to be written in another.
#[derive(Debug)]
pub struct Parts {
    file: File,
    end: u64,
}

/// Where a piece lies among its [`Parts`].
#[derive(Debug, Clone, Copy)]
pub struct Part {
    start: u64,
    length: u64,
}

impl Parts {
    /// An empty collection, in an unnamed file in the folder.
    ///
    /// # Errors
    /// What the file system says.
    pub fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Parts { file: tempfile::tempfile_in(folder)?, end: 0 })
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// What the file system says.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<Part> {
        self.file.write_all(bytes)?;
        let part = Part { start: self.end, length: bytes.len() as u64 };
        self.end += part.length;
        Ok(part)
    }

    /// Writes the given pieces in the given order as one file, whole.
    ///
    /// # Errors
    /// What the file system says; the file is then as it was before.
    pub fn write(&mut self, path: &Path, order: impl IntoIterator<Item = Part>) -> io::Result<()> {
        let mut temporary = temporary_beside(path)?;
        for part in order {
            self.file.seek(SeekFrom::Start(part.start))?;
            io::copy(&mut (&self.file).take(part.length), &mut temporary)?;
        }
        put_in_place(temporary, path)
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

fn put_in_place(temporary: NamedTempFile, path: &Path) -> io::Result<()> {
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
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

    #[test]
    fn parts_are_written_in_the_order_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut parts = Parts::new(folder.path()).unwrap();
        let [b, a] = [parts.push(b"bb\n").unwrap(), parts.push(b"a\n").unwrap()];
        let path = folder.path().join("all.ndjson");
        parts.write(&path, [a, b]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"a\nbb\n");
    }
}
