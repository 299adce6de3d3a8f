//! What earlier runs left: which source had which record.

use super::RecordLayout;
use super::discovery::Source;
use super::manifest::{Entry, Manifest};
use super::records::Records;
use super::result::Summary;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

/// The entries of the last manifest, and their records.
#[derive(Debug, Default)]
pub struct Known {
    /// Sorted by path.
    entries: Vec<Arc<Entry>>,
    /// Entries whose source is not found any more, by its hash; of several the first.
    missing: HashMap<String, Arc<Entry>>,
    /// Entries of documents with measures, sorted by the title of their plan, then by path.
    titled: Vec<Arc<Entry>>,
    /// Paths that were gone already.
    gone: HashSet<String>,
    records: Option<Records>,
    layout: Option<RecordLayout>,
}

impl Known {
    /// What a manifest says, seen from the sources that are there now.
    pub fn new(root: &Path, manifest: Option<&Manifest>, sources: &[Source]) -> Self {
        let Some(manifest) = manifest else { return Known::default() };
        let found: HashSet<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        let entries: Vec<Arc<Entry>> = manifest.entries().into_iter().cloned().collect();
        let mut missing = HashMap::new();
        for entry in entries.iter().filter(|entry| !entry.summary.sha256.is_empty()) {
            if !found.contains(entry.summary.path.as_str()) {
                missing.entry(entry.summary.sha256.clone()).or_insert_with(|| entry.clone());
            }
        }
        let is_titled = |entry: &&Arc<Entry>| !entry.summary.title.is_empty() && entry.summary.counts.measures > 0;
        let mut titled: Vec<Arc<Entry>> = entries.iter().filter(is_titled).cloned().collect();
        titled.sort_by(|a, b| a.summary.title.cmp(&b.summary.title));
        Known {
            entries,
            missing,
            titled,
            gone: manifest.gone.iter().map(|entry| entry.summary.path.clone()).collect(),
            records: Some(Records::of(root, manifest)),
            layout: Some(manifest.layout),
        }
    }

    /// The entry of a path.
    pub fn at(&self, path: &str) -> Option<&Arc<Entry>> {
        let found = self.entries.binary_search_by(|entry| entry.summary.path.as_str().cmp(path));
        found.ok().map(|i| &self.entries[i])
    }

    /// The entry of a source with the same bytes that is not where it was, and whose name ends in the same extension
    /// (by which a format may be told).
    pub fn moved_from(&self, path: &str, sha256: &str) -> Option<&Arc<Entry>> {
        let entry = self.missing.get(sha256)?;
        let extension = |path: &str| Path::new(path).extension().map(|extension| extension.to_ascii_lowercase());
        (extension(&entry.summary.path) == extension(path)).then_some(entry)
    }

    /// The entry of another document of the same plan, by its title and authority; of several the last by path.
    pub fn of_plan(&self, summary: &Summary) -> Option<&Arc<Entry>> {
        let start = self.titled.partition_point(|entry| entry.summary.title < summary.title);
        let same = self.titled[start..].partition_point(|entry| entry.summary.title == summary.title);
        let agrees = |entry: &&Arc<Entry>| match (&entry.summary.publisher, &summary.publisher) {
            (Some(old), Some(new)) => old == new,
            _ => true,
        };
        self.titled[start..start + same].iter().rev().find(agrees)
    }

    /// Whether the source of an entry was gone before this run.
    pub fn was_gone(&self, path: &str) -> bool {
        self.gone.contains(path)
    }

    /// Whether an entry's record lies where it should.
    pub fn has_record(&self, entry: &Entry) -> bool {
        self.records.as_ref().is_some_and(|records| records.has(entry))
    }

    /// Whether a new entry says the same of the same source. Where records lie otherwise now, their bytes are others;
    /// what they hold is told by its summary.
    pub fn is_same(&self, old: &Entry, new: &Entry, layout: RecordLayout) -> bool {
        old.summary == new.summary && (old.record_sha256 == new.record_sha256 || self.layout != Some(layout))
    }

    /// The bytes of an entry's record, if they can be read.
    pub fn record(&self, entry: &Entry) -> Option<Vec<u8>> {
        self.records.as_ref()?.read(entry).ok()
    }
}
