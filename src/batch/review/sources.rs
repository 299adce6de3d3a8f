//! The sources of records, found again.

use super::Absence;
use crate::batch::load;
use crate::process;
use std::path::PathBuf;

/// Where sources lie.
#[derive(Debug)]
pub struct Sources {
    paths: Vec<PathBuf>,
}

impl Sources {
    /// `paths` are folders and files as an ingest was told.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Sources { paths }
    }

    /// The bytes of the source at that path below an ingested folder, as they were when its record was made.
    ///
    /// # Errors
    /// No file at that path, or only others.
    pub fn load(&self, name: &str, sha256: &str, limit: u64) -> Result<Vec<u8>, Absence> {
        let mut absence = Absence::Missing;
        for path in self.paths.iter().filter_map(|path| located(path, name)) {
            match load(&path, limit) {
                Ok(bytes) if process::sha256(&bytes) == sha256 => return Ok(bytes),
                Ok(_) => absence = Absence::Changed,
                Err(_) => {}
            }
        }
        Err(absence)
    }
}

/// Where a source would lie: in a folder below it, a file that was named itself at its own path.
fn located(path: &std::path::Path, name: &str) -> Option<PathBuf> {
    if path.is_dir() {
        // A record may have come from elsewhere: nothing outside of the folder is read.
        let is_below = !name.split(['/', '\\']).any(|part| part == "..") && !std::path::Path::new(name).has_root();
        return is_below.then(|| path.join(name));
    }
    (path.file_name()?.to_string_lossy() == name).then(|| path.to_owned())
}
