//! `run.json`: what a run did, one entry a source.

use super::result::{Counts, Summary};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a run did. Apart from `seconds` it is the same for the same sources, however many jobs read them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program.
    pub extractor_version: String,
    /// The sum of the documents' counts.
    pub totals: Counts,
    /// Files of folders that by their name are no documents, and were left alone.
    pub skipped: usize,
    /// How long the run took.
    pub seconds: f64,
    /// Sorted by path.
    pub documents: Vec<Entry>,
}

/// One source of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    #[serde(flatten)]
    pub summary: Summary,
    /// The record's path below the output folder; none where all records stand in one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// How long it took, from reading the source to its record in place.
    pub seconds: f64,
}

impl Entry {
    pub(super) fn new(record: Option<String>, summary: Summary, took: Duration) -> Self {
        Entry { summary, record, seconds: seconds(took) }
    }
}

impl Manifest {
    pub(super) fn new(mut documents: Vec<Entry>, skipped: usize, took: Duration) -> Self {
        documents.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
        let mut totals = Counts::default();
        documents.iter().for_each(|entry| totals += entry.summary.counts);
        let extractor_version = env!("CARGO_PKG_VERSION").to_owned();
        Manifest { extractor_version, totals, skipped, seconds: seconds(took), documents }
    }
}

/// To the millisecond: more is noise.
fn seconds(took: Duration) -> f64 {
    took.as_millis() as f64 / 1000.0
}
