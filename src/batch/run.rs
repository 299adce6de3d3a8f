//! The threads of a run: some see to a document each, in a worker process; others put the records in place.
//!
//! Writing has threads of its own because a record is flushed to the disk before it counts: that is all waiting, and
//! disks flush many files in the time of one.

use super::discovery::Source;
use super::manifest::Entry;
use super::pool::Slot;
use super::result::{self, Processed};
use super::{Event, Options, RecordLayout, RunError, load, write_error};
use crate::diagnostic::{Code, Diagnostic};
use crate::write::{self, Part, Parts};
use crate::{process, record};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

/// Threads that write, and records that may wait for them.
const WRITERS: usize = 8;

/// Those who watch a run.
type Watch<'a> = &'a (dyn Fn(Event) + Sync);

/// A document whose record is to be put in place.
struct Done<'a> {
    source: &'a Source,
    processed: Processed,
    started: Instant,
}

/// Processes every source and puts its record in place; the entries come in no certain order.
///
/// # Errors
/// A worker that cannot be started, a record that cannot be written; what is then in hand is left.
pub(super) fn run(sources: &[Source], options: &Options, watch: Watch) -> Result<Vec<Entry>, RunError> {
    let out = Out::new(options)?;
    let next = AtomicUsize::new(0);
    let broken = AtomicBool::new(false);
    let (sender, receiver) = mpsc::sync_channel::<Done>(WRITERS);
    let receiver = Mutex::new(receiver);
    let entries = thread::scope(|scope| {
        let count = |most: usize| most.clamp(1, sources.len().max(1));
        let readers: Vec<_> = (0..count(options.jobs))
            .map(|_| {
                let sender = sender.clone();
                scope.spawn(|| note(&broken, process_all(sources, &next, &broken, sender, options, watch)))
            })
            .collect();
        drop(sender);
        let writers: Vec<_> =
            (0..count(WRITERS)).map(|_| scope.spawn(|| write_all(&receiver, &broken, &out, watch))).collect();
        let mut entries = Vec::with_capacity(sources.len());
        for reader in readers {
            reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        for writer in writers {
            entries.extend(writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok::<_, RunError>(entries)
    })?;
    out.finish()?;
    Ok(entries)
}

/// Tells the other threads of an error.
fn note<T>(broken: &AtomicBool, result: Result<T, RunError>) -> Result<T, RunError> {
    broken.fetch_or(result.is_err(), Ordering::Relaxed);
    result
}

/// Takes one source after the other until there are none, or the run is broken.
fn process_all<'a>(
    sources: &'a [Source],
    next: &AtomicUsize,
    broken: &AtomicBool,
    sender: SyncSender<Done<'a>>,
    options: &Options,
    watch: Watch,
) -> Result<(), RunError> {
    let layout = options.layout.of_record();
    let mut slot = Slot::new(options.limits, layout, options.vocabulary.clone());
    while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
        if broken.load(Ordering::Relaxed) {
            break;
        }
        let started = Instant::now();
        watch(Event::Started { path: &source.name });
        let loaded = match &source.problem {
            None => load(&source.path, options.limits.bytes).map_err(|error| error.diagnostic()),
            Some(problem) => Err(Diagnostic::new(Code::UnreadableSource, problem, None)),
        };
        let processed = match loaded {
            Ok(bytes) => slot.process(&source.name, &bytes)?,
            Err(diagnostic) => {
                let bytes = std::fs::metadata(&source.path).map_or(0, |metadata| metadata.len());
                let unread = record::Source { bytes, ..process::unread_source(&source.name) };
                result::failed(unread, diagnostic, layout)
            }
        };
        if sender.send(Done { source, processed, started }).is_err() {
            break;
        }
    }
    Ok(())
}

/// Puts in place what comes until nothing more does. Of a broken run it takes and drops the rest, so that nobody waits.
fn write_all(
    receiver: &Mutex<Receiver<Done>>,
    broken: &AtomicBool,
    out: &Out,
    watch: Watch,
) -> Result<Vec<Entry>, RunError> {
    let mut entries = Ok(Vec::new());
    loop {
        // Taken before the record is written, so that the others can take the next.
        let received = lock(receiver).recv();
        let Ok(Done { source, processed, started }) = received else { return entries };
        if broken.load(Ordering::Relaxed) {
            continue;
        }
        match (note(broken, out.write(source, &processed.record)), &mut entries) {
            (Ok(record), Ok(entries)) => {
                let entry = Entry::new(record, processed.summary, started.elapsed());
                watch(Event::Finished { entry: &entry, diagnostics: &processed.errors });
                entries.push(entry);
            }
            (Err(error), Ok(_)) => entries = Err(error),
            (_, Err(_)) => {}
        }
    }
}

/// Where the records of a run go.
enum Out {
    /// A file each, below the folder.
    Files(PathBuf),
    /// One file, sorted by path at the end.
    Lines { path: PathBuf, parts: Mutex<(Parts, Vec<(String, Part)>)> },
}

impl Out {
    fn new(options: &Options) -> Result<Self, RunError> {
        match options.layout {
            RecordLayout::Files => Ok(Out::Files(options.output.join("records"))),
            RecordLayout::Ndjson => {
                let parts = Parts::new(&options.output).map_err(|error| write_error(&options.output, error))?;
                Ok(Out::Lines { path: options.output.join("records.ndjson"), parts: Mutex::new((parts, Vec::new())) })
            }
        }
    }

    /// Writes a record; gives its path below the output folder where it has a file of its own.
    fn write(&self, source: &Source, record: &[u8]) -> Result<Option<String>, RunError> {
        match self {
            Out::Files(folder) => {
                let path = folder.join(source.record_path());
                write::file(&path, record).map_err(|error| write_error(&path, error))?;
                Ok(Some(source.record_name()))
            }
            Out::Lines { path, parts } => {
                let (parts, names) = &mut *lock(parts);
                let part = parts.push(record).map_err(|error| write_error(path, error))?;
                names.push((source.name.clone(), part));
                Ok(None)
            }
        }
    }

    /// Puts in place what is written only when all is there.
    fn finish(self) -> Result<(), RunError> {
        let Out::Lines { path, parts } = self else { return Ok(()) };
        let (mut parts, mut names) = parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        names.sort_by(|(a, _), (b, _)| a.cmp(b));
        let order = names.into_iter().map(|(_, part)| part);
        parts.write(&path, order).map_err(|error| write_error(&path, error))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
