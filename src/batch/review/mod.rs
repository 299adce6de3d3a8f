//! The review site of an output: pages for each record, its source beside it, made in worker processes.
//!
//! - [`sources`] finds the sources of records again; [`fonts`] a font for PDF files that embed none.
//! - [`pictures`] keeps the pictures of the site before whose sources are the same.
//! - [`pages`] is what a worker does: it reads record and source, which nobody vouches for, and draws.
//!
//! A source that cannot be found, that is another by now, or that breaks its worker costs the pages their picture of
//! it, never the site. The site is put in place whole: see [`write::Folder`].

mod fonts;
pub mod pages;
pub mod pictures;
mod sources;

use super::manifest::{Entry, Fate, Manifest};
use super::pool::Slot;
use super::protocol::{self, Request, Task};
use super::records::{LINES, Records};
use super::report::{self, DocumentReport, Report};
use super::result::Summary;
use super::{Limits, RunError, output, write_error};
use crate::compare::Change;
use crate::process;
use crate::write;
use crate::write::report::{Absence, Entry as Found, Row, overview};
use pictures::{Pages, Pictures};
use serde::{Deserialize, Serialize};
use sources::Sources;
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The folder of plans' pages in a site.
const PLANS: &str = "plans";

/// The state, in the overview, of a plan whose record is there and its source is not.
const GONE: &str = "gone";

/// How a site is made.
#[derive(Debug, Clone)]
pub struct Options {
    /// The output folder of an ingest.
    pub output: PathBuf,
    /// Where the site is put.
    pub site: PathBuf,
    /// Files and folders where the sources lie; where there are none, where the last ingest found them.
    pub sources: Vec<PathBuf>,
    /// Number of records processed at a time, at least 1.
    pub jobs: usize,
    /// What the pages of one record may cost.
    pub limits: Limits,
}

/// What a worker needs to know beside the bytes of a record and of its source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Review {
    /// The file that the record is in, below the folder of the output folder.
    pub record: String,
    /// Whether other records are in the same file.
    pub is_shared: bool,
    /// Why no source was sent.
    pub absence: Option<Absence>,
    /// What the last run that changed something changed in it.
    pub changes: Vec<Change>,
    /// Pages of a PDF that need not be drawn.
    pub kept: Pages,
}

/// What a worker made: the bytes of the files follow in frames of their own.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reviewed {
    pub row: Row,
    pub found: Vec<Found>,
    /// Names of the files.
    pub files: Vec<String>,
    /// Pages of a PDF that have a picture, drawn now or kept.
    pub pictured: Pages,
}

/// What a worker made, with the bytes of its files.
type Drawn = (Reviewed, Vec<Vec<u8>>);

/// Why there is no site.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    #[error("{} is a folder without a run.json that this version understands", .0.display())]
    NoOutput(PathBuf),
    #[error("{}: {error}", path.display())]
    Record { path: PathBuf, error: io::Error },
    #[error(transparent)]
    Run(#[from] RunError),
}

/// What was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    pub plans: usize,
    /// Paths of sources that could not be shown, and why; sorted.
    pub absent: Vec<(String, Absence)>,
}

/// Makes the site of an output. `watch` is told of each record that is done.
///
/// # Errors
/// An output that is none, records that cannot be read, a site that cannot be put in place: it is then as it was.
pub fn site(options: &Options, watch: &(dyn Fn(&str) + Sync)) -> Result<Site, SiteError> {
    let root = &options.output;
    let manifest = output::manifest(root).ok_or_else(|| SiteError::NoOutput(root.clone()))?;
    let failed = |error| write_error(&options.site, error);
    let folder = write::Folder::new(&options.site).map_err(failed)?;
    let pictures = Pictures::of(&options.site);
    let (number, changed) = last_changes(root)?;
    let work = Work {
        options,
        records: Records::of(root, &manifest),
        sources: Sources::new(match options.sources.as_slice() {
            [] => output::remembered_sources(root),
            named => named.to_vec(),
        }),
        changed,
        pictures: &pictures,
        folder: &folder,
        watch,
    };
    let mut made = run(&manifest, &work)?;
    made.sort_by(|a, b| a.row.path.cmp(&b.row.path));
    let mut site = Site { plans: made.len(), absent: Vec::new() };
    let mut plans = Vec::with_capacity(made.len());
    for Made { row, found, absence } in made {
        site.absent.extend(absence.map(|absence| (row.path.clone(), absence)));
        plans.push((row, found));
    }
    for (name, bytes) in overview(&plans, number) {
        folder.write(&name, &bytes).map_err(failed)?;
    }
    pictures.finish(&folder).map_err(failed)?;
    folder.finish().map_err(failed)?;
    Ok(site)
}

/// What the last run that changed something changed, by the path of the document.
fn last_changes(root: &Path) -> Result<(Option<u32>, HashMap<String, DocumentReport>), RunError> {
    let number = report::last(root);
    if number == 0 {
        return Ok((None, HashMap::new()));
    }
    let bytes = report::read(root, number, "json")?;
    let path = root.join(report::name(number, "json"));
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| write_error(&path, error.into()))?;
    Ok((Some(number), report.documents.into_iter().map(|document| (document.path.clone(), document)).collect()))
}

struct Work<'a> {
    options: &'a Options,
    records: Records,
    sources: Sources,
    changed: HashMap<String, DocumentReport>,
    pictures: &'a Pictures,
    folder: &'a write::Folder,
    watch: &'a (dyn Fn(&str) + Sync),
}

/// A record whose pages are in the folder.
struct Made {
    row: Row,
    found: Vec<Found>,
    absence: Option<Absence>,
}

fn run(manifest: &Manifest, work: &Work) -> Result<Vec<Made>, SiteError> {
    let entries = manifest.entries();
    let gone: HashSet<&str> = manifest.gone.iter().map(|entry| entry.summary.path.as_str()).collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..work.options.jobs.clamp(1, entries.len().max(1)))
            .map(|_| {
                scope.spawn(|| {
                    let mut slot = Slot::new(work.options.limits, write::Layout::default(), Vec::new());
                    let mut made = Vec::new();
                    while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let path = entry.summary.path.as_str();
                        made.push(work.make(entry, gone.contains(path), &mut slot)?);
                        (work.watch)(path);
                    }
                    Ok(made)
                })
            })
            .collect();
        let mut made = Vec::with_capacity(entries.len());
        for thread in threads {
            let part: Result<Vec<Made>, SiteError> =
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            made.extend(part?);
        }
        Ok(made)
    })
}

impl Work<'_> {
    /// Makes the pages of a record, with its source, or where that breaks the worker without it.
    fn make(&self, entry: &Entry, is_gone: bool, slot: &mut Slot) -> Result<Made, SiteError> {
        let Summary { path, sha256, .. } = &entry.summary;
        let failed = |error| SiteError::Record { path: self.options.output.join(path), error };
        let record = self.records.read(entry).map_err(failed)?;
        let (source, absence) = match self.sources.load(path, sha256, self.options.limits.bytes) {
            Ok(bytes) => (bytes, None),
            Err(absence) => (Vec::new(), Some(absence)),
        };
        let folder = format!("{PLANS}/{}", &process::sha256(path.as_bytes())[..16]);
        let report = self.changed.get(path);
        let mut review = Review {
            record: self.named(entry.record.as_deref().unwrap_or(LINES)),
            is_shared: entry.record.is_none(),
            absence,
            changes: report.map_or_else(Vec::new, |report| report.revision.changes.clone()),
            kept: self.pictures.known(sha256),
        };
        let mut done = self.ask(slot, path, &review, [&source, &record])?;
        if let (Err(why), None) = (&done, &review.absence) {
            review.absence = Some(Absence::Failed(why.clone()));
            done = self.ask(slot, path, &review, [&[], &record])?;
        }
        let (mut row, found) = match done {
            Ok((reviewed, files)) => {
                for (name, bytes) in reviewed.files.iter().zip(files) {
                    let name = format!("{folder}/{name}");
                    self.folder.write(&name, &bytes).map_err(|error| write_error(&self.options.site, error))?;
                }
                let kept = self.pictures.keep(self.folder, &folder, sha256, reviewed.pictured, &review.kept);
                kept.map_err(|error| write_error(&self.options.site, error))?;
                (Row { folder: folder.strip_prefix("plans/").map(str::to_owned), ..reviewed.row }, reviewed.found)
            }
            // Its record is there, but breaks whoever shows it: it is listed all the same.
            Err(_) => (Row { path: path.clone(), title: entry.summary.title.clone(), ..Row::default() }, Vec::new()),
        };
        row.state = if is_gone { GONE } else { entry.summary.state.name() }.to_owned();
        if let Some(report) = report.filter(|report| report.fate != Fate::Removed) {
            row.fate = report.fate.name().to_owned();
            row.changes = report.revision.changes.len();
        }
        // Of a source that is gone nobody expects that it is found.
        let absence = review.absence.filter(|absence| !is_gone || *absence != Absence::Missing);
        Ok(Made { row, found, absence })
    }

    /// A file of the output as a command in the folder above names it.
    fn named(&self, file: &str) -> String {
        let output = std::path::absolute(&self.options.output).unwrap_or_default();
        let name = output.file_name().map_or(String::new(), |name| format!("{}/", name.to_string_lossy()));
        format!("{name}{file}")
    }

    /// What a worker makes, or in words why it died.
    fn ask(
        &self,
        slot: &mut Slot,
        path: &str,
        review: &Review,
        bodies: [&[u8]; 2],
    ) -> Result<Result<Drawn, String>, RunError> {
        let request = Request { path: path.to_owned(), task: Task::Review(Box::new(review.clone())) };
        let answered = slot.ask(&request, bodies, |output| {
            let reviewed: Reviewed = protocol::receive(output)?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let files = reviewed.files.iter().map(|_| protocol::receive_body(output)).collect::<io::Result<_>>()?;
            Ok((reviewed, files))
        })?;
        Ok(answered.map_err(|death| slot.post_mortem(&death).message))
    }
}
