//! Writing: makes bytes and puts them in place whole.
//!
//! [`json`] makes the bytes of a record, [`model`] a document model as text for people, [`export`] what other tools
//! take. [`file()`], [`Whole`], [`Named`] and [`Folder`] put bytes in place: a reader of the output sees a file's old
//! state or its new one, never a half.

pub mod annotate;
pub mod changes;
pub mod export;
pub mod findings;
mod grid;
pub mod markup;
pub mod model;
pub mod plain;
pub mod report;

use serde::Serialize;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};

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
    let mut bytes = Vec::new();
    json_to(&mut bytes, value, layout).expect("plain data is serialisable");
    bytes
}

/// The unit of a value whose own characters do not show it.
pub fn unit_elsewhere(value: &crate::record::Value) -> Option<&str> {
    let printed = value.raw.replace('\u{ff05}', "%");
    value.unit.as_deref().filter(|unit| !printed.contains(unit))
}

/// Writes the bytes that [`json`] makes, without holding them; in many small writes.
///
/// # Errors
/// What writing gives.
pub fn json_to(out: &mut impl Write, value: &impl Serialize, layout: Layout) -> io::Result<()> {
    match layout {
        Layout::Pretty => serde_json::to_writer_pretty(&mut *out, value)?,
        Layout::Line => serde_json::to_writer(&mut *out, value)?,
    }
    out.write_all(b"\n")
}

/// Writes a value as by [`json`] to a file as by [`file()`], without having all its bytes in memory.
///
/// # Errors
/// What the file system says; the file is then as it was before.
pub fn json_file(path: &Path, value: &impl Serialize, layout: Layout) -> io::Result<()> {
    let mut whole = Whole::new(path)?;
    json_to(&mut whole, value, layout)?;
    whole.finish()
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

/// A folder that is written file by file and put in place whole, where nothing lies or another that was made so.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    temporary: tempfile::TempDir,
}

impl Folder {
    /// The file by which a folder that was made so is known.
    const MARK: &str = ".keikaku-folder";

    /// Begins a folder; what lies at its path stays until it is finished.
    ///
    /// # Errors
    /// A folder there that holds anything else; what the file system says.
    pub fn new(path: &Path) -> io::Result<Self> {
        if fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) && !path.join(Self::MARK).is_file() {
            let message = "is not empty, and nothing that this command made; name another folder";
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        let path = std::path::absolute(path)?;
        let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        fs::create_dir_all(parent)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".keikaku-");
        #[cfg(unix)]
        let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let temporary = builder.tempdir_in(parent)?;
        Ok(Folder { path, temporary })
    }

    /// Writes a file; its name is below the folder, with `/`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::write(self.path_of(name)?, bytes)
    }

    /// Begins a file that is written bit by bit; its name is below the folder, with `/`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn create(&self, name: &str) -> io::Result<BufWriter<fs::File>> {
        Ok(BufWriter::new(fs::File::create(self.path_of(name)?)?))
    }

    /// Takes a file from elsewhere into the folder, by a link where the file system lets it, else as a copy.
    ///
    /// # Errors
    /// What the file system says.
    pub fn adopt(&self, name: &str, from: &Path) -> io::Result<()> {
        let to = self.path_of(name)?;
        fs::hard_link(from, &to).or_else(|_| fs::copy(from, &to).map(drop))
    }

    fn path_of(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.temporary.path().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(path)
    }

    /// Flushes the folder to the disk and puts it in place.
    ///
    /// # Errors
    /// What the file system says; what lay there then lies there still.
    pub fn finish(self) -> io::Result<()> {
        self.write(Self::MARK, b"")?;
        flush(self.temporary.path())?;
        let old = self.temporary.path().with_extension("old");
        let is_there = self.path.exists();
        if is_there {
            fs::rename(&self.path, &old)?;
        }
        let made = self.temporary.keep();
        if let Err(error) = fs::rename(&made, &self.path) {
            if is_there {
                fs::rename(&old, &self.path)?;
            }
            // What could not be put in place is of no use to anybody.
            let _ = fs::remove_dir_all(&made);
            return Err(error);
        }
        if is_there { fs::remove_dir_all(&old) } else { Ok(()) }
    }
}

/// Flushes a folder and all below it to the disk.
fn flush(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            flush(&entry.path())?;
        } else {
            fs::OpenOptions::new().append(true).open(entry.path())?.sync_all()?;
        }
    }
    // Elsewhere a folder is no file that can be flushed.
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A file that a library writes by its path, put in place whole, as by [`file()`].
#[derive(Debug)]
pub struct Named {
    path: PathBuf,
    temporary: TempPath,
}

impl Named {
    /// Begins a file; nothing is at its path before it is finished.
    ///
    /// # Errors
    /// What the file system says.
    pub fn new(path: &Path) -> io::Result<Self> {
        Ok(Named { path: path.to_owned(), temporary: temporary_beside(path)?.into_temp_path() })
    }

    /// Where it is to be written: an empty file beside its path.
    pub fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// Flushes it to the disk and puts it in place; nobody may have it open.
    ///
    /// # Errors
    /// What the file system says; the file is then as it was before.
    pub fn finish(self) -> io::Result<()> {
        fs::OpenOptions::new().write(true).open(&self.temporary)?.sync_all()?;
        self.temporary.persist(&self.path).map_err(|error| error.error)
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
