//! From the paths a user names to the documents to read.
//!
//! A file that is named is a document, whatever its name. Folders are walked, links followed; in them hidden files,
//! the output of a run, and files that by their name are no documents ([`NOT_DOCUMENTS`]) are left alone. What cannot
//! be looked at (a broken link, a folder without permission, a link to a folder above itself) becomes a source with a
//! problem, so that it is reported like any other document.

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Extensions of files in folders that are no documents: pictures, sound, fonts, programs, their settings and
/// sources, data that programs write for each other, and what editors and systems leave behind.
///
/// Everything else is read, and is a failure where its format is unknown: a `.docx` among the plans is a plan that
/// could not be read. Sorted.
pub const NOT_DOCUMENTS: &[&str] = &[
    "avi", "avif", "bak", "bat", "bin", "bmp", "class", "css", "db", "dll", "eot", "exe", "gif", "heic", "ico", "ini",
    "jpeg", "jpg", "js", "json", "jsonl", "lnk", "lock", "log", "map", "mov", "mp3", "mp4", "ndjson", "otf", "part",
    "png", "ps1", "py", "pyc", "rb", "rs", "sh", "so", "sqlite", "svg", "swp", "tif", "tiff", "tmp", "toml", "ttc",
    "ttf", "url", "wav", "webp", "woff", "woff2", "yaml", "yml",
];

/// Which files of folders are taken: glob patterns with the meaning of `.gitignore` lines, letter case ignored.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Where there are any, only files that match one.
    pub include: Vec<String>,
    /// Files and folders that are left out, also where they match an include.
    pub exclude: Vec<String>,
}

/// A document to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it lies.
    pub path: PathBuf,
    /// Its path below the folder that was named, with `/`; the file's name where the file was named itself.
    pub name: String,
    /// Why it cannot be read, where that is known already.
    pub problem: Option<String>,
}

impl Source {
    /// The path of its record below the records folder.
    pub fn record_path(&self) -> PathBuf {
        record_path(&self.name)
    }

    /// The path of its record below the output folder, with `/`.
    pub fn record_name(&self) -> String {
        format!("records/{}", slashed(&self.record_path()))
    }
}

/// The path of the record of a source of that name, below the folder of records.
///
/// A file name that would be longer than file systems allow (255 bytes) is cut, and told apart by a hash.
pub fn record_path(name: &str) -> PathBuf {
    const LONGEST: usize = 255;
    let (folder, name) = name.rsplit_once('/').unwrap_or(("", name));
    let mut record = format!("{name}.json");
    if record.len() > LONGEST {
        let hash: String = Sha256::digest(name).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let cut = name.floor_char_boundary(LONGEST - "~.json".len() - hash.len());
        record = format!("{}~{hash}.json", &name[..cut]);
    }
    Path::new(folder).join(record)
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Sorted by name, no two of the same.
    pub sources: Vec<Source>,
    /// Number of files that by their name are no documents.
    pub skipped: usize,
}

/// Why the paths that were named cannot be taken as they are.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DiscoveryError {
    #[error("{}: no such file or folder", .0.display())]
    Missing(PathBuf),
    #[error("`{glob}` is no glob pattern: {message}")]
    Glob { glob: String, message: String },
    #[error(
        "{} and {} would both have the record {record}; ingest them into different output folders",
        first.display(),
        second.display()
    )]
    Collision { first: PathBuf, second: PathBuf, record: String },
}

/// Finds the documents at the given paths.
///
/// # Errors
/// A path that does not exist, a glob that cannot be read, two sources whose records would have the same path.
pub fn discover(paths: &[PathBuf], output: &Path, filter: &Filter) -> Result<Found, DiscoveryError> {
    let mut found = Vec::new();
    let mut skipped = 0;
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, output, filter, &mut found, &mut skipped)?,
            // A broken link was named: it is there, but cannot be read.
            Err(error) if fs::symlink_metadata(path).is_ok() => {
                found.push(Source {
                    path: path.clone(),
                    name: file_name(path),
                    problem: Some(error.kind().to_string()),
                });
            }
            Err(_) => return Err(DiscoveryError::Missing(path.clone())),
            Ok(_) => found.push(Source { path: path.clone(), name: file_name(path), problem: None }),
        }
    }
    // One name, one source: the same file named twice is read once.
    let mut sources = BTreeMap::<String, Source>::new();
    for source in found {
        match sources.get(&source.name) {
            Some(other) if !same_file(&other.path, &source.path) => return Err(collision(other, &source)),
            Some(_) => {}
            None => {
                sources.insert(source.name.clone(), source);
            }
        }
    }
    let sources: Vec<Source> = sources.into_values().collect();
    check_record_paths(&sources)?;
    Ok(Found { sources, skipped })
}

/// Sees that no record's path is another's, or a folder of another's.
fn check_record_paths(sources: &[Source]) -> Result<(), DiscoveryError> {
    // File systems of Windows and macOS take two names that differ only in case for one.
    let key = |path: &Path| {
        if cfg!(any(windows, target_os = "macos")) { slashed(path).to_lowercase() } else { slashed(path) }
    };
    let mut owners = BTreeMap::new();
    for source in sources {
        if let Some(other) = owners.insert(key(&source.record_path()), source) {
            return Err(collision(other, source));
        }
    }
    for source in sources {
        for folder in source.record_path().ancestors().skip(1) {
            if let Some(other) = owners.get(&key(folder)) {
                return Err(collision(other, source));
            }
        }
    }
    Ok(())
}

fn collision(first: &Source, second: &Source) -> DiscoveryError {
    DiscoveryError::Collision { first: first.path.clone(), second: second.path.clone(), record: second.record_name() }
}

/// Adds the documents of a folder.
fn walk(
    root: &Path,
    output: &Path,
    filter: &Filter,
    found: &mut Vec<Source>,
    skipped: &mut usize,
) -> Result<(), DiscoveryError> {
    let outputs = output_paths(root, output);
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .overrides(overrides(root, filter)?)
        .sort_by_file_name(Ord::cmp)
        .filter_entry(move |entry| !is_output(entry, &outputs))
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if is_file && is_document(entry.path()) {
                    let name = name_below(root, entry.path());
                    found.push(Source { path: entry.into_path(), name, problem: None });
                } else if is_file {
                    *skipped += 1;
                }
            }
            Err(error) => {
                let path = path_of(&error).unwrap_or(root).to_owned();
                let name = name_below(root, &path);
                found.push(Source { path, name, problem: Some(problem_of(&error)) });
            }
        }
    }
    Ok(())
}

/// Whether a file or folder is one of those that a run writes.
fn is_output(entry: &DirEntry, outputs: &[PathBuf]) -> bool {
    // Where a path leads is dear to find out: what is no link has its name from there too.
    let may_be = entry.path_is_symlink()
        || entry.depth() == 0
        || outputs.iter().any(|output| output.file_name() == Some(entry.file_name()));
    may_be && entry.path().canonicalize().is_ok_and(|path| outputs.contains(&path))
}

/// Whether a file of a folder may be a document, by its name.
fn is_document(path: &Path) -> bool {
    // `~$plan.xlsx` is what Office leaves beside a workbook that is open.
    let is_lock_file = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
    let is_known = path.extension().is_some_and(|extension| {
        let extension = extension.to_string_lossy().to_lowercase();
        NOT_DOCUMENTS.binary_search(&extension.as_str()).is_ok()
    });
    !is_lock_file && !is_known
}

/// What a run writes, as canonical paths: the output folder, or where the root lies in it, the files in it.
fn output_paths(root: &Path, output: &Path) -> Vec<PathBuf> {
    let (Ok(root), Ok(output)) = (root.canonicalize(), output.canonicalize()) else { return Vec::new() };
    if root.starts_with(&output) {
        ["records", "records.ndjson", "run.json", "removed", "changes"].map(|name| output.join(name)).into()
    } else {
        vec![output]
    }
}

fn overrides(root: &Path, filter: &Filter) -> Result<Override, DiscoveryError> {
    let error = |glob: &str, error: ignore::Error| {
        let message = error.to_string();
        DiscoveryError::Glob { glob: glob.to_owned(), message }
    };
    let mut builder = OverrideBuilder::new(root);
    builder.case_insensitive(true).map_err(|e| error("", e))?;
    for glob in &filter.include {
        builder.add(glob).map_err(|e| error(glob, e))?;
    }
    for glob in &filter.exclude {
        builder.add(&format!("!{glob}")).map_err(|e| error(glob, e))?;
    }
    builder.build().map_err(|e| error("", e))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

fn problem_of(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Loop { .. } => "a link to a folder that it lies in".to_owned(),
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => problem_of(err),
        other => other.io_error().map_or_else(|| other.to_string(), |io| io.kind().to_string()),
    }
}

fn name_below(root: &Path, path: &Path) -> String {
    match path.strip_prefix(root) {
        Ok(below) if !below.as_os_str().is_empty() => slashed(below),
        _ => file_name(path),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

pub(super) fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
