//! The records that lie in an output, read by their entries in its manifest.

use super::RecordLayout;
use super::manifest::{Entry, Manifest};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The name of the file that holds all records, one a line.
pub const LINES: &str = "records.ndjson";

/// The records of an output.
#[derive(Debug)]
pub struct Records {
    root: PathBuf,
    lines: Option<Lines>,
}

/// Where in [`LINES`] the record of each path begins.
#[derive(Debug)]
struct Lines {
    starts: HashMap<String, u64>,
    /// Whether the file is as long as its entries say.
    is_whole: bool,
}

impl Records {
    /// The records that a manifest lists.
    pub fn of(root: &Path, manifest: &Manifest) -> Self {
        let lines = (manifest.layout == RecordLayout::Ndjson).then(|| {
            let mut end = 0;
            let mut starts = HashMap::new();
            for entry in manifest.entries() {
                starts.insert(entry.summary.path.clone(), end);
                end += entry.record_bytes;
            }
            let is_whole = fs::metadata(root.join(LINES)).is_ok_and(|file| file.len() == end);
            Lines { starts, is_whole }
        });
        Records { root: root.to_owned(), lines }
    }

    /// Whether the record of an entry lies where it should, as long as it should be.
    pub fn has(&self, entry: &Entry) -> bool {
        match (&self.lines, &entry.record) {
            (Some(lines), _) => lines.is_whole && lines.starts.contains_key(&entry.summary.path),
            (None, Some(record)) => {
                fs::metadata(self.root.join(record)).is_ok_and(|file| file.len() == entry.record_bytes)
            }
            (None, None) => false,
        }
    }

    /// The bytes of an entry's record.
    ///
    /// # Errors
    /// What the file system says.
    pub fn read(&self, entry: &Entry) -> io::Result<Vec<u8>> {
        match (&self.lines, &entry.record) {
            (Some(lines), _) => {
                let start = lines.starts.get(&entry.summary.path).ok_or(io::ErrorKind::NotFound)?;
                let mut file = File::open(self.root.join(LINES))?;
                file.seek(SeekFrom::Start(*start))?;
                let mut bytes = Vec::new();
                file.take(entry.record_bytes).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            (None, Some(record)) => fs::read(self.root.join(record)),
            (None, None) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
