//! The threads of a run: some see to a document each, in a worker process; others keep the records they give.
//!
//! Writing has threads of its own because a record is flushed to the disk before it counts: that is all waiting, and
//! disks flush many files in the time of one.
//!
//! The largest sources come first, so that none is begun when all others are done. One over which its worker died or
//! stalled is tried once more when nothing else runs, and then reported.

use super::corrections::Corrections;
use super::discovery::Source;
use super::known::Known;
use super::log::Log;
use super::manifest::{Entry, Fate, seconds};
use super::pool::{Death, Slot};
use super::result::{self, Processed};
use super::staging::{self, Staged, Staging};
use super::{Event, Left, LoadError, Options, RunError, load_settled};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::record::PlanRecord;
use crate::{process, record};
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

/// Threads that write, and records that may wait for them.
const WRITERS: usize = 8;

/// What the threads of a run share.
pub(super) struct Work<'a> {
    pub options: &'a Options,
    /// Hash of program, vocabulary and options: see [`super::fingerprint`].
    pub made_by: &'a str,
    pub corrections: &'a Corrections,
    pub known: &'a Known,
    pub staging: &'a Staging,
    pub log: Option<&'a Log>,
    /// Set from outside when the run is to end early.
    pub stop: &'a AtomicBool,
    pub watch: &'a (dyn Fn(Event) + Sync),
}

/// What became of a source.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Nothing changed: its record is as it lies there.
    Kept(Arc<Entry>),
    /// A finished record, to be put in place.
    Staged(Box<Staged>),
    /// Not come to.
    Left(String),
}

/// A source that was seen to.
enum Seen {
    /// Its record is to be kept.
    Made(Made),
    /// Nothing is to be written.
    Settled(Outcome),
    /// Its worker died over it.
    Fallen(Box<Fallen>),
}

/// A record that is to be kept.
struct Made {
    staged: Box<Staged>,
    record: Vec<u8>,
    changes: Vec<u8>,
    peak_memory: Option<u64>,
}

impl Made {
    /// The same with the document that it was compared with.
    fn compared(mut self, with: Option<&Entry>) -> Self {
        self.staged.compared_with = with.map(|entry| entry.summary.path.clone());
        self
    }
}

/// Sees to every source; the outcomes come in no certain order.
///
/// # Errors
/// A worker that cannot be started, a record that cannot be kept; what is then in hand is left.
pub(super) fn run(sources: &[Source], work: &Work) -> Result<Vec<Outcome>, RunError> {
    let mut order: Vec<(u64, &Source)> = sources.iter().map(|source| (size(source), source)).collect();
    order.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.name.cmp(&y.name)));
    let next = AtomicUsize::new(0);
    let broken = AtomicBool::new(false);
    let again = Mutex::new(Vec::new());
    let (sender, receiver) = mpsc::sync_channel::<Made>(WRITERS);
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        let count = |most: usize| most.clamp(1, sources.len().max(1));
        let readers: Vec<_> = (0..count(work.options.jobs))
            .map(|_| {
                let (order, next, broken, again, sender) = (&order, &next, &broken, &again, sender.clone());
                scope.spawn(move || note(broken, see_to_all(order, next, broken, again, &sender, work)))
            })
            .collect();
        let writers: Vec<_> = (0..count(WRITERS)).map(|_| scope.spawn(|| keep_all(&receiver, &broken, work))).collect();
        let mut outcomes = Vec::with_capacity(sources.len());
        let mut result = Ok(());
        let mut gather = |result: &mut Result<(), RunError>, found| match found {
            Ok(found) => outcomes.extend::<Vec<Outcome>>(found),
            Err(error) if result.is_ok() => *result = Err(error),
            Err(_) => {}
        };
        for reader in readers {
            gather(&mut result, joined(reader));
        }
        if result.is_ok() {
            gather(&mut result, note(&broken, see_to_again(lock(&again).drain(..), &broken, &sender, work)));
        }
        drop(sender);
        for writer in writers {
            gather(&mut result, joined(writer));
        }
        result.map(|()| outcomes)
    })
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn size(source: &Source) -> u64 {
    fs::metadata(&source.path).map_or(0, |metadata| metadata.len())
}

/// Tells the other threads of an error.
fn note<T>(broken: &AtomicBool, result: Result<T, RunError>) -> Result<T, RunError> {
    broken.fetch_or(result.is_err(), Ordering::Relaxed);
    result
}

/// Takes one source after the other until there are none, or the run is broken. Gives what became of those that need
/// no writing; of others the writers tell.
fn see_to_all<'a>(
    sources: &[(u64, &'a Source)],
    next: &AtomicUsize,
    broken: &AtomicBool,
    again: &Mutex<Vec<&'a Source>>,
    sender: &SyncSender<Made>,
    work: &Work,
) -> Result<Vec<Outcome>, RunError> {
    let mut slot = work.slot();
    let mut outcomes = Vec::new();
    while let Some((_, source)) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
        if broken.load(Ordering::Relaxed) {
            break;
        }
        match work.see_to(source, &mut slot)? {
            Seen::Settled(outcome) => outcomes.push(outcome),
            Seen::Made(made) => {
                if sender.send(made).is_err() {
                    break;
                }
            }
            Seen::Fallen(_) => lock(again).push(source),
        }
    }
    Ok(outcomes)
}

/// Tries the sources that broke their worker once more, one alone.
fn see_to_again<'a>(
    sources: impl Iterator<Item = &'a Source>,
    broken: &AtomicBool,
    sender: &SyncSender<Made>,
    work: &Work,
) -> Result<Vec<Outcome>, RunError> {
    let mut outcomes = Vec::new();
    let mut sources: Vec<&Source> = sources.collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    for source in sources {
        if broken.load(Ordering::Relaxed) {
            break;
        }
        let mut slot = work.slot();
        let made = match work.see_to(source, &mut slot)? {
            Seen::Settled(outcome) => {
                outcomes.push(outcome);
                continue;
            }
            Seen::Made(made) => made,
            Seen::Fallen(fallen) => work.made(
                source,
                fallen.previous(work),
                slot.report(&source.name, &fallen.bytes, &fallen.death),
                fallen.started,
            ),
        };
        if sender.send(made).is_err() {
            break;
        }
    }
    Ok(outcomes)
}

/// What a worker made of a document, and of what other document of the same plan it is the next edition.
type Attempt<'k> = Result<(Processed, Option<&'k Arc<Entry>>), Death>;

/// A document over which its worker died.
struct Fallen {
    bytes: Vec<u8>,
    death: Death,
    started: Instant,
    previous: Option<String>,
}

impl Fallen {
    fn previous<'a>(&self, work: &'a Work) -> Option<&'a Arc<Entry>> {
        self.previous.as_deref().and_then(|path| work.known.at(path))
    }
}

impl Work<'_> {
    fn slot(&self) -> Slot {
        let Options { limits, layout, vocabulary, .. } = self.options;
        Slot::new(*limits, layout.of_record(), vocabulary.clone())
    }

    /// What becomes of a source.
    fn see_to(&self, source: &Source, slot: &mut Slot) -> Result<Seen, RunError> {
        let name = &source.name;
        if self.stop.load(Ordering::Relaxed) {
            return self.left(name, Left::Interrupted);
        }
        let started = Instant::now();
        let known = self.known.at(name);
        let loaded = match &source.problem {
            None => load_settled(&source.path, self.options.limits.bytes),
            Some(problem) => {
                return Ok(Seen::Made(self.unread(source, Diagnostic::new(Code::UnreadableSource, problem, None))));
            }
        };
        let bytes = match loaded {
            Ok(bytes) => bytes,
            // Its last good record stays.
            Err(LoadError::Changing) if known.is_some() => return self.left(name, Left::Changing),
            Err(error) => return Ok(Seen::Made(self.unread(source, error.diagnostic()))),
        };
        let sha256 = process::sha256(&bytes);
        if let Some(kept) = known.filter(|entry| self.is_made_of(name, entry, &sha256)) {
            return self.settled(Outcome::Kept(kept.clone()));
        }
        let moved = known.is_none().then(|| self.known.moved_from(name, &sha256)).flatten();
        if let Some(made) = moved.and_then(|entry| self.moved(source, entry, &sha256)) {
            return Ok(Seen::Made(made));
        }
        let previous = known.or(moved);
        if let Some(staged) = self.staging.finished(name, &self.key(name, &sha256, previous)) {
            return self.settled(Outcome::Staged(Box::new(staged.clone())));
        }
        (self.watch)(Event::Started { path: name });
        match self.attempt(slot, name, &bytes, previous)? {
            Ok((processed, compared)) => {
                let made = self.made(source, previous, processed, started);
                Ok(Seen::Made(made.compared(compared.filter(|_| previous.is_none()).map(AsRef::as_ref))))
            }
            // Whoever interrupted the run may have ended its workers.
            Err(_) if self.stop.load(Ordering::Relaxed) => self.left(name, Left::Interrupted),
            Err(death) => {
                let previous = previous.map(|entry| entry.summary.path.clone());
                Ok(Seen::Fallen(Box::new(Fallen { bytes, death, started, previous })))
            }
        }
    }

    /// What a worker makes of a document, as the next edition of `previous`, or where it has none, of another document
    /// of the same plan; that one is given too.
    fn attempt<'k>(
        &'k self,
        slot: &mut Slot,
        name: &str,
        bytes: &[u8],
        previous: Option<&'k Arc<Entry>>,
    ) -> Result<Attempt<'k>, RunError> {
        let record = |entry: &Arc<Entry>| self.known.record(entry).unwrap_or_default();
        let corrections = self.corrections.of(name);
        let first = match slot.attempt(name, bytes, &previous.map(record).unwrap_or_default(), &corrections)? {
            Ok(processed) => processed,
            Err(death) => return Ok(Err(death)),
        };
        let other = if previous.is_none() { self.known.of_plan(&first.summary) } else { None };
        let Some(other) = other else { return Ok(Ok((first, previous))) };
        // Only now is it known what plan it is of; that it is processed twice is rare.
        Ok(slot.attempt(name, bytes, &record(other), &corrections)?.map(|processed| (processed, Some(other))))
    }

    /// Whether an entry's record is what the bytes of that hash would give again, as a source of that name.
    fn is_made_of(&self, name: &str, entry: &Entry, sha256: &str) -> bool {
        !self.options.force
            && entry.summary.sha256 == sha256
            && entry.made_by == self.made_by
            && entry.corrections == self.corrections.expected(name, entry)
            && self.known.has_record(entry)
    }

    fn key(&self, path: &str, sha256: &str, previous: Option<&Arc<Entry>>) -> String {
        let made_by = format!("{} {}", self.made_by, self.corrections.fingerprint(path));
        staging::key(path, sha256, &made_by, previous.map_or("", |entry| entry.record_sha256.as_str()))
    }

    fn left(&self, path: &str, why: Left) -> Result<Seen, RunError> {
        self.log.map_or(Ok(()), |log| log.left(path, &why.to_string()))?;
        (self.watch)(Event::Left { path, why });
        Ok(Seen::Settled(Outcome::Left(path.to_owned())))
    }

    /// Tells of a document whose record is there already.
    fn settled(&self, outcome: Outcome) -> Result<Seen, RunError> {
        match &outcome {
            Outcome::Kept(entry) => self.tell(entry, Fate::Unchanged, &self.errors(entry), None, false)?,
            Outcome::Staged(staged) => self.tell(&staged.entry, staged.fate, &staged.errors, None, false)?,
            Outcome::Left(_) => {}
        }
        Ok(Seen::Settled(outcome))
    }

    /// A source of which nothing can be read.
    fn unread(&self, source: &Source, diagnostic: Diagnostic) -> Made {
        let unread = record::Source { bytes: size(source), ..process::unread_source(&source.name) };
        let processed = result::failed(unread, diagnostic, self.options.layout.of_record());
        self.made(source, self.known.at(&source.name), processed, Instant::now())
    }

    /// The record of a source that lay elsewhere, if it is what the source would give here: the same but for its path.
    fn moved(&self, source: &Source, entry: &Arc<Entry>, sha256: &str) -> Option<Made> {
        if !self.is_made_of(&source.name, entry, sha256) {
            return None;
        }
        let started = Instant::now();
        let mut record: PlanRecord = serde_json::from_slice(&self.known.record(entry)?).ok()?;
        record.source.path.clone_from(&source.name);
        let corrections = self.corrections.about(&source.name, entry);
        let processed = Processed { corrections, ..result::of_record(record, self.options.layout.of_record()) };
        Some(self.made(source, Some(entry), processed, started))
    }

    /// A record that was made, with its entry.
    fn made(&self, source: &Source, previous: Option<&Arc<Entry>>, processed: Processed, started: Instant) -> Made {
        let Processed { summary, record, errors, peak_memory, changes, corrections } = processed;
        let entry = Arc::new(Entry {
            record: self.options.layout.has_files().then(|| source.record_name()),
            record_bytes: record.len() as u64,
            record_sha256: process::sha256(&record),
            made_by: self.made_by.to_owned(),
            corrections: self.corrections.noted(&source.name, &corrections),
            seconds: seconds(started.elapsed()),
            summary,
        });
        let from = previous.map(|entry| entry.summary.path.as_str()).filter(|path| *path != source.name);
        let fate = match previous {
            None => Fate::New,
            Some(_) if from.is_some() => Fate::Renamed,
            Some(old) if self.known.is_same(old, &entry, self.options.layout) => Fate::Unchanged,
            Some(_) => Fate::Revised,
        };
        let key = self.key(&source.name, &entry.summary.sha256, previous);
        let from = from.map(str::to_owned);
        let has_changes = !changes.is_empty();
        let staged = Box::new(Staged { key, entry, fate, from, compared_with: None, errors, has_changes });
        Made { staged, record, changes, peak_memory }
    }

    /// The errors in the record of a document that is not read again.
    fn errors(&self, entry: &Entry) -> Vec<Diagnostic> {
        if !entry.summary.state.is_trouble() {
            return Vec::new();
        }
        let record = self.known.record(entry).and_then(|bytes| serde_json::from_slice::<PlanRecord>(&bytes).ok());
        let diagnostics = record.into_iter().flat_map(|record| record.diagnostics);
        diagnostics.filter(|diagnostic| diagnostic.severity == Severity::Error).collect()
    }

    /// Keeps a record, and tells of its document.
    fn keep(&self, made: Made) -> Result<Outcome, RunError> {
        let Made { staged, record, changes, peak_memory } = made;
        self.staging.keep(&staged, &record, staged.has_changes.then_some(changes.as_slice()))?;
        self.tell(&staged.entry, staged.fate, &staged.errors, peak_memory, true)?;
        Ok(Outcome::Staged(staged))
    }

    fn tell(
        &self,
        entry: &Entry,
        fate: Fate,
        errors: &[Diagnostic],
        peak_memory: Option<u64>,
        was_read: bool,
    ) -> Result<(), RunError> {
        self.log.map_or(Ok(()), |log| log.document(entry, fate, peak_memory))?;
        (self.watch)(Event::Finished { entry, was_read, diagnostics: errors });
        Ok(())
    }
}

/// Keeps what comes until nothing more does. Of a broken run it takes and drops the rest, so that nobody waits.
fn keep_all(receiver: &Mutex<Receiver<Made>>, broken: &AtomicBool, work: &Work) -> Result<Vec<Outcome>, RunError> {
    let mut outcomes = Ok(Vec::new());
    loop {
        // Taken before the record is written, so that the others can take the next.
        let received = lock(receiver).recv();
        let Ok(made) = received else { return outcomes };
        if broken.load(Ordering::Relaxed) {
            continue;
        }
        match (note(broken, work.keep(made)), &mut outcomes) {
            (Ok(outcome), Ok(outcomes)) => outcomes.push(outcome),
            (Err(error), Ok(_)) => outcomes = Err(error),
            (_, Err(_)) => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
