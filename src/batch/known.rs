//! What earlier runs left: which source had which record.

use super::RecordLayout;
use super::discovery::Source;
use super::manifest::{Entry, Manifest};
use super::records::Records;
use super::result::Summary;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// The entries of the last manifest, and their records.
#[derive(Debug, Default)]
pub struct Known {
    entries: HashMap<String, Entry>,
    /// Paths of entries whose source is not found any more, by its hash; of several the first.
    missing: HashMap<String, String>,
    /// Paths of documents with measures, by the title of their plan.
    titled: HashMap<String, Vec<String>>,
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
        let mut missing = HashMap::new();
        for entry in manifest.entries() {
            let path = &entry.summary.path;
            if !found.contains(path.as_str()) && !entry.summary.sha256.is_empty() {
                missing.entry(entry.summary.sha256.clone()).or_insert_with(|| path.clone());
            }
        }
        let mut titled: HashMap<String, Vec<String>> = HashMap::new();
        for entry in manifest.entries() {
            let summary = &entry.summary;
            if !summary.title.is_empty() && summary.counts.measures > 0 {
                titled.entry(summary.title.clone()).or_default().push(summary.path.clone());
            }
        }
        Known {
            titled,
            entries: manifest.entries().into_iter().map(|entry| (entry.summary.path.clone(), entry.clone())).collect(),
            missing,
            gone: manifest.gone.iter().map(|entry| entry.summary.path.clone()).collect(),
            records: Some(Records::of(root, manifest)),
            layout: Some(manifest.layout),
        }
    }

    /// The entry of a path.
    pub fn at(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// The entry of a source with the same bytes that is not where it was, and whose name ends in the same extension
    /// (by which a format may be told).
    pub fn moved_from(&self, path: &str, sha256: &str) -> Option<&Entry> {
        let entry = self.entries.get(self.missing.get(sha256)?)?;
        let extension = |path: &str| Path::new(path).extension().map(|extension| extension.to_ascii_lowercase());
        (extension(&entry.summary.path) == extension(path)).then_some(entry)
    }

    /// The entry of another document of the same plan, by its title and authority; of several the last by path.
    pub fn of_plan(&self, summary: &Summary) -> Option<&Entry> {
        let paths = self.titled.get(&summary.title)?;
        let agrees = |entry: &&Entry| match (&entry.summary.publisher, &summary.publisher) {
            (Some(old), Some(new)) => old == new,
            _ => true,
        };
        paths.iter().rev().filter_map(|path| self.entries.get(path)).find(agrees)
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
