//! The end of a run: what it made, put in place in one step.

use super::discovery::{record_path, slashed};
use super::known::Known;
use super::manifest::{Entry, Fate, Manifest, Tally, seconds};
use super::output::{Commit, MANIFEST, Output, REMOVED, WORK};
use super::records::LINES;
use super::report::{self, DocumentReport};
use super::revision::Revision;
use super::run::Outcome;
use super::staging::{Staged, Staging};
use super::{Options, RunError, write_error};
use crate::write::{self, Layout};
use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

/// All that the end of a run looks at.
pub(super) struct Ending<'a> {
    pub options: &'a Options,
    pub output: &'a Output,
    pub old: Option<&'a Manifest>,
    pub known: &'a Known,
    pub staging: &'a Staging,
}

/// What a run found and made, sorted out.
#[derive(Default)]
struct Sorted {
    documents: Vec<Arc<Entry>>,
    /// Finished records, sorted by path.
    staged: Vec<Staged>,
    /// Sources whose records stay, though they are gone.
    gone: Vec<Arc<Entry>>,
    /// Sources that went in this run, and those whose records are moved out now.
    removed: Vec<Arc<Entry>>,
    pruned: Vec<Arc<Entry>>,
    left: Vec<String>,
}

impl Ending<'_> {
    /// Puts records and manifest in place; gives the manifest, and how the documents fared.
    ///
    /// # Errors
    /// What the file system says; before anything is put in place all is as it was.
    pub fn finish(
        &self,
        outcomes: Vec<Outcome>,
        skipped: usize,
        started: Instant,
    ) -> Result<(Manifest, Tally, Option<u32>), RunError> {
        let mut tally = Tally::default();
        let sorted = self.sort(outcomes, &mut tally);
        let Sorted { documents, staged, gone, removed, pruned, left } = sorted;
        let mut manifest = Manifest::new(self.options.layout, documents, gone, skipped);
        manifest.left = left;
        tally.failed = manifest.documents.iter().filter(|entry| entry.summary.state.is_trouble()).count();

        let mut commit = Commit::default();
        let touched: HashSet<&str> = staged
            .iter()
            .flat_map(|staged| [Some(&staged.entry.summary.path), staged.from.as_ref()])
            .flatten()
            .chain(pruned.iter().map(|entry| &entry.summary.path))
            .map(String::as_str)
            .collect();
        self.step_back(&touched, &mut commit)?;
        let old_seconds = self.old.map_or(0.0, |old| old.seconds);
        manifest.seconds = old_seconds;
        if touched.is_empty() && self.old == Some(&manifest) {
            // Nothing to put in place: the output stays as it is, to the last byte.
            return self.clear().map(|()| (manifest, tally, None));
        }
        self.place_records(&manifest, &staged, &pruned, &mut commit)?;
        let report = self.report(&manifest, &staged, &removed, &tally, &mut commit)?;
        manifest.seconds = seconds(started.elapsed());
        let written = self.output.prepare_json(MANIFEST, &manifest, Layout::Pretty)?;
        commit.rename(written, MANIFEST);
        self.output.commit(&commit)?;
        Ok((manifest, tally, report))
    }

    fn sort(&self, outcomes: Vec<Outcome>, tally: &mut Tally) -> Sorted {
        let mut sorted = Sorted::default();
        let mut moved = HashSet::new();
        for outcome in outcomes {
            match outcome {
                Outcome::Kept(entry) => {
                    tally.count(Fate::Unchanged);
                    sorted.documents.push(entry);
                }
                Outcome::Staged(staged) => {
                    tally.count(staged.fate);
                    moved.extend(staged.from.clone());
                    sorted.documents.push(staged.entry.clone());
                    sorted.staged.push(*staged);
                }
                Outcome::Left(path) => {
                    tally.left += 1;
                    sorted.documents.extend(self.carried(&path));
                    sorted.left.push(path);
                }
            }
        }
        sorted.documents.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
        sorted.staged.sort_by(|a, b| a.entry.summary.path.cmp(&b.entry.summary.path));
        sorted.left.sort();
        for entry in self.old.map(Manifest::entries).unwrap_or_default() {
            let path = &entry.summary.path;
            let is_there = sorted.documents.binary_search_by(|document| document.summary.path.cmp(path)).is_ok()
                || sorted.left.binary_search(path).is_ok();
            if is_there || moved.contains(path) {
                continue;
            }
            if !self.known.was_gone(path) {
                tally.count(Fate::Removed);
                sorted.removed.push(entry.clone());
            }
            match self.carried(path) {
                Some(entry) if self.options.prune => sorted.pruned.push(entry),
                Some(entry) => sorted.gone.push(entry),
                None => {}
            }
        }
        sorted
    }

    /// An entry of the last manifest whose record is listed on. Not where records lay otherwise than they do now.
    fn carried(&self, path: &str) -> Option<Arc<Entry>> {
        let same = self.old.is_some_and(|old| old.layout == self.options.layout);
        self.known.at(path).filter(|_| same).cloned()
    }

    /// Has the manifest list only what this run does not touch, until all of it is in place.
    fn step_back(&self, touched: &HashSet<&str>, commit: &mut Commit) -> Result<(), RunError> {
        let Some(old) = self.old else { return Ok(()) };
        let listed = |entry: &&Arc<Entry>| touched.contains(entry.summary.path.as_str());
        if !old.entries().iter().any(listed) {
            return Ok(());
        }
        let rest = |entries: &[Arc<Entry>]| entries.iter().filter(|entry| !listed(entry)).cloned().collect();
        let partial = Manifest::new(old.layout, rest(&old.documents), rest(&old.gone), old.skipped);
        let written = self.output.prepare_json("partial.json", &partial, Layout::Pretty)?;
        commit.rename(written, MANIFEST);
        Ok(())
    }

    fn place_records(
        &self,
        manifest: &Manifest,
        staged: &[Staged],
        pruned: &[Arc<Entry>],
        commit: &mut Commit,
    ) -> Result<(), RunError> {
        let removed = |entry: &Entry| format!("{REMOVED}/{}", slashed(&record_path(&entry.summary.path)));
        if !self.options.layout.has_files() {
            for entry in pruned {
                let written = self.output.prepare(&removed(entry), &self.record(entry, staged)?)?;
                commit.rename(written, removed(entry));
            }
            self.write_lines(manifest, staged)?;
            commit.rename(Output::work_name(LINES), LINES);
            return Ok(());
        }
        for entry in pruned {
            if let Some(record) = &entry.record {
                commit.rename(record, removed(entry));
            }
        }
        let mut discarded: Vec<&String> = staged.iter().filter_map(|staged| staged.from.as_ref()).collect();
        discarded.sort();
        discarded.dedup();
        for (i, path) in discarded.into_iter().enumerate() {
            if let Some(record) = self.carried(path).and_then(|entry| entry.record.clone()) {
                commit.rename(record, format!("{WORK}/discarded/{i}"));
            }
        }
        for staged in staged {
            if let Some(record) = &staged.entry.record {
                commit.rename(Staging::record_name(&staged.key), record);
            }
        }
        Ok(())
    }

    /// Writes the report of what changed, where there was something before that could change; gives its number.
    fn report(
        &self,
        manifest: &Manifest,
        staged: &[Staged],
        removed: &[Arc<Entry>],
        tally: &Tally,
        commit: &mut Commit,
    ) -> Result<Option<u32>, RunError> {
        let changed = |staged: &&Staged| staged.fate != Fate::Unchanged;
        if self.old.is_none() || removed.is_empty() && !staged.iter().any(|staged| changed(&staged)) {
            return Ok(None);
        }
        let failed = |error| write_error(self.output.root(), error);
        let mut writer = report::Writer::new(self.output, tally)?;
        let mut entries: Vec<&Arc<Entry>> = manifest.documents.iter().chain(removed).collect();
        entries.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
        for entry in entries {
            let path = &entry.summary.path;
            let document = match at(staged, path).filter(changed) {
                Some(staged) => self.document_report(staged)?,
                None if removed.iter().any(|removed| removed.summary.path == *path) => DocumentReport {
                    path: path.clone(),
                    fate: Fate::Removed,
                    state: None,
                    old_state: Some(entry.summary.state),
                    compared_with: None,
                    revision: Revision::default(),
                },
                None => continue,
            };
            writer.document(&document).map_err(failed)?;
        }
        let number = writer.number();
        for (from, to) in writer.finish().map_err(failed)? {
            commit.rename(from, to);
        }
        Ok(Some(number))
    }

    fn document_report(&self, staged: &Staged) -> Result<DocumentReport, RunError> {
        let bytes = self.staging.changes(staged)?;
        let revision = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let path = staged.entry.summary.path.clone();
        let before = self.known.at(staged.from.as_ref().unwrap_or(&path));
        Ok(DocumentReport {
            fate: staged.fate,
            state: Some(staged.entry.summary.state),
            old_state: before.map(|entry| entry.summary.state),
            compared_with: staged.from.clone().or_else(|| staged.compared_with.clone()),
            revision,
            path,
        })
    }

    /// Writes all records as one file, one after the other.
    fn write_lines(&self, manifest: &Manifest, staged: &[Staged]) -> Result<(), RunError> {
        let path = self.output.root().join(WORK).join(LINES);
        let failed = |error| write_error(&path, error);
        let mut file = write::Whole::new(&path).map_err(failed)?;
        for entry in manifest.entries() {
            file.write_all(&self.record(entry, staged)?).map_err(failed)?;
        }
        file.finish().map_err(failed)
    }

    fn record(&self, entry: &Entry, staged: &[Staged]) -> Result<Vec<u8>, RunError> {
        match at(staged, &entry.summary.path) {
            Some(staged) => self.staging.record(&staged.key),
            None => {
                let missing = || write_error(&self.output.root().join(LINES), io::ErrorKind::NotFound.into());
                self.known.record(entry).ok_or_else(missing)
            }
        }
    }

    fn clear(&self) -> Result<(), RunError> {
        self.output.clear().map_err(|error| write_error(self.output.root(), error))
    }
}

/// The finished record of a path, if there is one.
fn at<'s>(staged: &'s [Staged], path: &str) -> Option<&'s Staged> {
    let found = staged.binary_search_by(|staged| staged.entry.summary.path.as_str().cmp(path));
    found.ok().map(|i| &staged[i])
}
