//! `run.json`: what lies in the output, one entry a source.

use super::RecordLayout;
use super::result::{Counts, Summary};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// What lies in the output after a run. Apart from `seconds` it is the same for the same sources, however many jobs
/// read them, in however many runs. Whatever it lists is so: see [`super::output`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program.
    pub extractor_version: String,
    /// How the records lie.
    pub layout: RecordLayout,
    /// The sum of the documents' counts.
    pub totals: Counts,
    /// Files of folders that by their name are no documents, and were left alone.
    pub skipped: usize,
    /// How long the run took.
    pub seconds: f64,
    /// Sorted by path. Shared with what earlier runs left, of which most stays: an archive has many.
    pub documents: Vec<Arc<Entry>>,
    /// Sources that are no longer there, but their records are; sorted by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Arc<Entry>>,
    /// Paths of sources that the run did not come to; where they have a record of an earlier state, it is listed
    /// among the documents. Sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

/// One source and its record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    #[serde(flatten)]
    pub summary: Summary,
    /// The record's path below the output folder; none where all records stand in one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Size of the record in bytes.
    pub record_bytes: u64,
    /// SHA-256 of the record.
    pub record_sha256: String,
    /// Hash of the program, vocabulary and options that made the record.
    pub made_by: String,
    /// Hashes of the corrections that are about it, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<String>,
    /// How long it took to process the source.
    pub seconds: f64,
}

impl Manifest {
    /// A manifest of the given entries, in any order; how long the run took and what it left come later.
    pub(super) fn new(
        layout: RecordLayout,
        mut documents: Vec<Arc<Entry>>,
        mut gone: Vec<Arc<Entry>>,
        skipped: usize,
    ) -> Self {
        documents.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
        gone.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
        let mut totals = Counts::default();
        documents.iter().for_each(|entry| totals += entry.summary.counts);
        let extractor_version = env!("CARGO_PKG_VERSION").to_owned();
        Manifest { extractor_version, layout, totals, skipped, seconds: 0.0, documents, gone, left: Vec::new() }
    }

    /// Every entry that has a record, of documents and of what is gone, by path.
    pub fn entries(&self) -> Vec<&Arc<Entry>> {
        let mut entries: Vec<&Arc<Entry>> = self.documents.iter().chain(&self.gone).collect();
        entries.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
        entries
    }
}

/// What a source is, seen from the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The same bytes and the same record.
    Unchanged,
    /// The same bytes at another path.
    Renamed,
    /// Not there before.
    New,
    /// Other bytes, or the same bytes read otherwise.
    Revised,
    /// No longer there.
    Removed,
}

impl Fate {
    /// The name that logs and reports carry.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Unchanged => "unchanged",
            Fate::Renamed => "renamed",
            Fate::New => "new",
            Fate::Revised => "revised",
            Fate::Removed => "removed",
        }
    }
}

/// How many sources had which fate in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub unchanged: usize,
    pub renamed: usize,
    pub new: usize,
    pub revised: usize,
    pub removed: usize,
    /// Of all documents, those that failed or have errors.
    pub failed: usize,
    /// Not come to.
    pub left: usize,
}

impl Tally {
    pub(super) fn count(&mut self, fate: Fate) {
        *match fate {
            Fate::Unchanged => &mut self.unchanged,
            Fate::Renamed => &mut self.renamed,
            Fate::New => &mut self.new,
            Fate::Revised => &mut self.revised,
            Fate::Removed => &mut self.removed,
        } += 1;
    }
}

/// To the millisecond: more is noise.
pub(super) fn seconds(took: Duration) -> f64 {
    took.as_millis() as f64 / 1000.0
}
