//! The records of an output, one after the other, for those who read all of them.

use super::manifest::{Entry, Manifest};
use super::output;
use super::records::Records;
use crate::record::PlanRecord;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The records of the documents in an output. Those of sources that are gone are not among them.
#[derive(Debug)]
pub struct Archive {
    root: PathBuf,
    manifest: Manifest,
    records: Records,
}

/// Why the records of an output cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("{} is no output of an ingest: it has no run.json that this version understands", .0.display())]
    NoOutput(PathBuf),
    #[error("{}: the record of {path} cannot be read ({error}); ingest again", root.display())]
    Record { root: PathBuf, path: String, error: io::Error },
}

impl Archive {
    /// # Errors
    /// A folder that is no output.
    pub fn open(root: &Path) -> Result<Self, ArchiveError> {
        let manifest = output::manifest(root).ok_or_else(|| ArchiveError::NoOutput(root.to_owned()))?;
        Ok(Archive { root: root.to_owned(), records: Records::of(root, &manifest), manifest })
    }

    pub fn len(&self) -> usize {
        self.manifest.documents.len()
    }

    pub fn is_empty(&self) -> bool {
        self.manifest.documents.is_empty()
    }

    /// Number of records of sources that are gone.
    pub fn gone(&self) -> usize {
        self.manifest.gone.len()
    }

    /// Every record, by its path.
    pub fn records(&self) -> impl Iterator<Item = Result<PlanRecord, ArchiveError>> {
        self.manifest.documents.iter().map(|entry| self.read(entry))
    }

    /// The authorities that have several documents with measures, each with the records of these, by name; read when
    /// they are asked for, and of each as much as `needed` leaves.
    pub fn authorities(
        &self,
        needed: fn(PlanRecord) -> PlanRecord,
    ) -> impl Iterator<Item = (&str, Result<Vec<PlanRecord>, ArchiveError>)> {
        let mut documents: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in self.manifest.documents.iter().filter(|entry| entry.summary.counts.measures > 0) {
            if let Some(publisher) = &entry.summary.publisher {
                documents.entry(publisher).or_default().push(entry);
            }
        }
        documents.retain(|_, entries| entries.len() > 1);
        let read = move |entries: Vec<&Entry>| entries.into_iter().map(|entry| self.read(entry).map(needed)).collect();
        documents.into_iter().map(move |(name, entries)| (name, read(entries)))
    }

    fn read(&self, entry: &Entry) -> Result<PlanRecord, ArchiveError> {
        let failed = |error| ArchiveError::Record { root: self.root.clone(), path: entry.summary.path.clone(), error };
        let bytes = self.records.read(entry).map_err(failed)?;
        serde_json::from_slice(&bytes).map_err(|error| failed(error.into()))
    }
}
