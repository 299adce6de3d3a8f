//! The corrections of a run: read from files, and told apart by the documents that they are about.

use super::discovery::Source;
use super::manifest::Entry;
use super::{LoadError, load as load_file};
use crate::correct::{self, Correction};
use crate::{process, write};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The folder below the output whose files of corrections every run puts in; no run writes or removes anything there.
pub const FOLDER: &str = "corrections";

/// The file in that folder to which `keikaku correct` adds.
pub const FILE: &str = "corrections.toml";

/// Files of corrections are no larger than this.
const LARGEST: u64 = 64 << 20;

/// Why corrections cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionsError {
    #[error("{}: {error}", path.display())]
    Load { path: PathBuf, error: LoadError },
    #[error("{}: {message}", path.display())]
    Content { path: PathBuf, message: String },
}

/// The corrections in the given files and folders (of a folder its files that end in `.toml`, by name), behind those in
/// the output's own folder. A file that comes up twice counts once.
///
/// # Errors
/// A path that is not there, a file that holds anything else than corrections.
pub fn load(paths: &[PathBuf], output: Option<&Path>) -> Result<Vec<Correction>, CorrectionsError> {
    let own = output.map(|output| output.join(FOLDER)).filter(|folder| folder.is_dir());
    let mut seen = HashSet::new();
    let mut corrections = Vec::new();
    for path in own.iter().chain(paths) {
        for file in files(path).map_err(|error| CorrectionsError::Load { path: path.clone(), error: error.into() })? {
            if seen.insert(fs::canonicalize(&file).unwrap_or_else(|_| file.clone())) {
                corrections.extend(read(&file)?);
            }
        }
    }
    Ok(corrections)
}

fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        let is_hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !is_hidden && file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// The corrections in a file.
///
/// # Errors
/// A file that cannot be read, or holds anything else than corrections.
pub fn read(path: &Path) -> Result<Vec<Correction>, CorrectionsError> {
    let failed = |error| CorrectionsError::Load { path: path.to_owned(), error };
    let content = |message: String| CorrectionsError::Content { path: path.to_owned(), message };
    let text =
        String::from_utf8(load_file(path, LARGEST).map_err(failed)?).map_err(|error| content(error.to_string()))?;
    let corrections = correct::read(text.trim_start_matches('\u{feff}')).map_err(|error| content(error.to_string()))?;
    for (i, correction) in corrections.iter().enumerate() {
        if let Some(problem) = correction.problem() {
            return Err(content(format!("the correction no. {}, of {}: {problem}", i + 1, correction.field)));
        }
    }
    Ok(corrections)
}

/// Adds a correction at the end of a file of corrections, which is made where it is missing: the rest of it stays as it
/// is, to the last comment. Others who add at the same time are waited for.
///
/// # Errors
/// A file that holds anything else than corrections; what the file system says. The file is then as it was.
pub fn add(path: &Path, correction: &Correction) -> Result<(), CorrectionsError> {
    let failed = |error: io::Error| CorrectionsError::Load { path: path.to_owned(), error: error.into() };
    let content = |message: String| CorrectionsError::Content { path: path.to_owned(), message };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(failed)?;
    // Beside it, since the file itself is replaced.
    let lock = File::create(folder.join(format!(".{name}.lock"))).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let mut text = if path.exists() {
        read(path)?;
        fs::read_to_string(path).map_err(failed)?
    } else {
        String::new()
    };
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(&correct::toml(correction).map_err(|error| content(error.to_string()))?);
    // What stands at the end of a file by hand may take what follows for its own.
    let written = correct::read(text.trim_start_matches('\u{feff}')).map_err(|error| content(error.to_string()))?;
    if written.last() != Some(correction) {
        return Err(content("a correction cannot be added at its end".to_owned()));
    }
    write::file(path, text.as_bytes()).map_err(failed)
}

/// The corrections of a run, by the documents that they are about.
#[derive(Debug, Default)]
pub struct Corrections {
    all: Vec<Correction>,
    /// A hash of each.
    hashes: Vec<String>,
    /// Those of each document that is there.
    by_path: HashMap<String, Vec<usize>>,
    /// Those that name a document that is not there, or none: about every document of their title.
    by_title: Vec<usize>,
}

impl Corrections {
    /// Tells corrections apart by the documents of a run.
    pub fn new<'s>(all: &[Correction], documents: impl IntoIterator<Item = &'s Source>) -> Self {
        if all.is_empty() {
            return Corrections::default();
        }
        let there: HashSet<&str> = documents.into_iter().map(|source| source.name.as_str()).collect();
        let mut corrections = Corrections { all: all.to_vec(), ..Corrections::default() };
        for (i, correction) in all.iter().enumerate() {
            let text = serde_json::to_vec(correction).expect("plain data is serialisable");
            corrections.hashes.push(process::sha256(&text)[..16].to_owned());
            match &correction.document {
                Some(document) if there.contains(document.as_str()) => {
                    corrections.by_path.entry(document.clone()).or_default().push(i);
                }
                _ => corrections.by_title.push(i),
            }
        }
        corrections
    }

    /// Positions of those that a document may be asked about, in their order.
    fn candidates(&self, path: &str) -> Vec<usize> {
        let mut found = self.by_path.get(path).cloned().unwrap_or_default();
        found.extend(&self.by_title);
        found.sort_unstable();
        found
    }

    /// Those that a document at a path may be asked about.
    pub fn of(&self, path: &str) -> Vec<Correction> {
        self.candidates(path).into_iter().map(|i| self.all[i].clone()).collect()
    }

    /// What tells [`Corrections::of`] a path from other corrections.
    pub fn fingerprint(&self, path: &str) -> String {
        self.candidates(path).into_iter().map(|i| self.hashes[i].as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The hashes that an entry notes: of all that name its path, and of those that are about its record, whose
    /// positions in [`Corrections::of`] are `about`.
    pub fn noted(&self, path: &str, about: &[usize]) -> Vec<String> {
        let candidates = self.candidates(path);
        let about = about.iter().filter_map(|&position| candidates.get(position));
        let noted: BTreeSet<usize> = self.by_path.get(path).into_iter().flatten().chain(about).copied().collect();
        let hashes: BTreeSet<&String> = noted.into_iter().map(|i| &self.hashes[i]).collect();
        hashes.into_iter().cloned().collect()
    }

    /// Positions in [`Corrections::of`] a path of those that are about the record of an entry, if it lay there.
    pub fn about(&self, path: &str, entry: &Entry) -> Vec<usize> {
        let summary = &entry.summary;
        let is_about = |&i: &usize| {
            self.all[i].document.as_deref() == Some(path)
                || entry.corrections.contains(&self.hashes[i])
                || self.all[i].is_of_plan(&summary.title, summary.publisher.as_deref())
        };
        let candidates = self.candidates(path);
        (0..candidates.len()).filter(|&position| is_about(&candidates[position])).collect()
    }

    /// What an entry would note if its source, at a path, were read now.
    pub fn expected(&self, path: &str, entry: &Entry) -> Vec<String> {
        self.noted(path, &self.about(path, entry))
    }

    /// The documents (or else titles) that corrections name, and that none of these entries is of.
    pub fn unmatched<'e>(&self, entries: impl IntoIterator<Item = &'e Entry>) -> Vec<String> {
        let noted: HashSet<&str> =
            entries.into_iter().flat_map(|entry| &entry.corrections).map(String::as_str).collect();
        let left = self.by_title.iter().filter(|&&i| !noted.contains(self.hashes[i].as_str()));
        let names: BTreeSet<&str> =
            left.filter_map(|&i| self.all[i].document.as_deref().or(self.all[i].title.as_deref())).collect();
        names.into_iter().map(str::to_owned).collect()
    }
}
