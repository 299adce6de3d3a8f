//! Two editions to compare, each a record, an output folder, or a source that is read on the spot.

use super::manifest::{Entry, Manifest};
use super::output;
use super::records::Records;
use super::revision::is_unread;
use super::{LoadError, Options, RunError, ingest_one, load};
use crate::compare::{self, Change, ChangeKind, Content};
use crate::record::PlanRecord;
use crate::vocabulary::Vocabulary;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An edition that is open.
#[derive(Debug)]
enum Edition {
    One(Box<PlanRecord>),
    Many { manifest: Box<Manifest>, records: Box<Records> },
}

/// Why two editions cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum EditionError {
    #[error("{}: {error}", path.display())]
    Load { path: PathBuf, error: LoadError },
    #[error("{} is a folder without a run.json that this version understands", .0.display())]
    NoOutput(PathBuf),
    #[error("{}: nothing could be read: {message}", path.display())]
    Unread { path: PathBuf, message: String },
    #[error("{}: {error}", path.display())]
    Record { path: PathBuf, error: io::Error },
    #[error("{} holds several documents, and none of them is clearly the other edition", .0.display())]
    Unclear(PathBuf),
    #[error(transparent)]
    Run(#[from] RunError),
}

/// What changed from one edition to the other. Of outputs with several documents each change names its document.
///
/// # Errors
/// An edition that cannot be read, or that does not tell what of it is to be compared.
pub fn compare(old: &Path, new: &Path, options: &Options) -> Result<Vec<Change>, EditionError> {
    let vocabulary = Vocabulary::with_files(&options.vocabulary).map_err(RunError::from)?;
    let one = |old: &PlanRecord, mut new: PlanRecord| {
        compare::carry(old, &mut new, &vocabulary);
        compare::compare(old, &new, &vocabulary)
    };
    match (open(old, options)?, open(new, options)?) {
        (Edition::One(a), Edition::One(b)) => Ok(one(&a, *b)),
        (Edition::One(a), many) => {
            let b = many.edition_of(&a).ok_or_else(|| EditionError::Unclear(new.to_owned()))?;
            Ok(one(&a, read(&many, b, new)?))
        }
        (many, Edition::One(b)) => {
            let a = many.edition_of(&b).ok_or_else(|| EditionError::Unclear(old.to_owned()))?;
            Ok(one(&read(&many, a, old)?, *b))
        }
        (olds, news) => {
            let mut changes = Vec::new();
            for (a, b) in pairs(olds.documents(), news.documents()) {
                let path = b.or(a).map_or("", |entry| entry.summary.path.as_str());
                let own = match (a, b) {
                    (Some(a), Some(b)) if a.record_sha256 == b.record_sha256 => Vec::new(),
                    (Some(a), Some(b)) => one(&read(&olds, a, old)?, read(&news, b, new)?),
                    (a, b) => {
                        let kind = if a.is_some() { ChangeKind::DocumentRemoved } else { ChangeKind::DocumentAdded };
                        let title = |entry: &Entry| Content::Text(entry.summary.title.clone());
                        vec![Change { old: a.map(title), new: b.map(title), ..Change::new(kind) }]
                    }
                };
                changes.extend(own.into_iter().map(|change| Change { document: Some(path.to_owned()), ..change }));
            }
            Ok(changes)
        }
    }
}

fn open(path: &Path, options: &Options) -> Result<Edition, EditionError> {
    if path.is_dir() {
        let manifest = output::manifest(path).ok_or_else(|| EditionError::NoOutput(path.to_owned()))?;
        return Ok(Edition::Many { records: Box::new(Records::of(path, &manifest)), manifest: Box::new(manifest) });
    }
    let failed = |error| EditionError::Load { path: path.to_owned(), error };
    let bytes = load(path, options.limits.bytes).map_err(failed)?;
    let record = match serde_json::from_slice::<PlanRecord>(&bytes) {
        Ok(record) => record,
        Err(_) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let file = File::open(path).map_err(|error| failed(error.into()))?;
            let processed = ingest_one(&name, file, options)?;
            serde_json::from_slice(&processed.record)
                .map_err(|error| EditionError::Record { path: path.to_owned(), error: error.into() })?
        }
    };
    if is_unread(&record) {
        let message = record.diagnostics.first().map_or(String::new(), |diagnostic| diagnostic.message.clone());
        return Err(EditionError::Unread { path: path.to_owned(), message });
    }
    Ok(Edition::One(Box::new(record)))
}

impl Edition {
    fn documents(&self) -> &[Arc<Entry>] {
        match self {
            Edition::One(_) => &[],
            Edition::Many { manifest, .. } => &manifest.documents,
        }
    }

    /// The document that is an edition of a record: at its path, else of its title, else the only one.
    fn edition_of(&self, record: &PlanRecord) -> Option<&Entry> {
        let documents = self.documents();
        let only = |found: Vec<&'_ Arc<Entry>>| {
            <[&Arc<Entry>; 1]>::try_from(found).ok().map(|[entry]| entry.summary.path.clone())
        };
        let path = only(documents.iter().filter(|entry| entry.summary.path == record.source.path).collect())
            .or_else(|| {
                let titled =
                    |entry: &&Arc<Entry>| !entry.summary.title.is_empty() && entry.summary.title == record.plan.title;
                only(documents.iter().filter(titled).collect())
            })
            .or_else(|| only(documents.iter().collect()))?;
        documents.iter().find(|entry| entry.summary.path == path).map(AsRef::as_ref)
    }
}

fn read(edition: &Edition, entry: &Entry, root: &Path) -> Result<PlanRecord, EditionError> {
    let failed = |error: io::Error| EditionError::Record { path: root.join(&entry.summary.path), error };
    let Edition::Many { records, .. } = edition else { unreachable!("only an output has entries") };
    let bytes = records.read(entry).map_err(failed)?;
    serde_json::from_slice(&bytes).map_err(|error| failed(error.into()))
}

/// The documents of two outputs that belong together: at one path, else with the same bytes, else of one title.
fn pairs<'e>(old: &'e [Arc<Entry>], new: &'e [Arc<Entry>]) -> Vec<(Option<&'e Entry>, Option<&'e Entry>)> {
    let mut partners: Vec<Option<usize>> = vec![None; new.len()];
    let mut left: Vec<usize> = (0..old.len()).collect();
    let keys: [fn(&Entry) -> &str; 3] =
        [|entry| &entry.summary.path, |entry| &entry.summary.sha256, |entry| &entry.summary.title];
    for key in keys {
        // Of several that share a key none is told from the others.
        let mut by_key: HashMap<&str, Option<usize>> = HashMap::new();
        for &i in left.iter().filter(|&&i| !key(&old[i]).is_empty()) {
            by_key.entry(key(&old[i])).and_modify(|found| *found = None).or_insert(Some(i));
        }
        for (entry, partner) in new.iter().zip(&mut partners).filter(|(_, partner)| partner.is_none()) {
            *partner = by_key.get_mut(key(entry)).and_then(Option::take);
        }
        let taken: HashSet<usize> = partners.iter().flatten().copied().collect();
        left.retain(|i| !taken.contains(i));
    }
    let in_new = new.iter().zip(&partners).map(|(entry, partner)| (partner.map(|i| &*old[i]), Some(&**entry)));
    in_new.chain(left.iter().map(|&i| (Some(&*old[i]), None))).collect()
}
