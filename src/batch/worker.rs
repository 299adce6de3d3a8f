//! What a worker process does: documents in, records out, until its input ends.
//!
//! Two threads: one reads requests, one processes them on a stack that deep nesting does not exhaust. So the end of
//! the input is seen while a document is in hand, and a worker whose parent was killed ends with it.

use super::limits;
use super::protocol::{self, Reply, Request, Setup, Task};
use super::result::{self, Summary};
use super::{review, revision};
use crate::correct::Correction;
use crate::diagnostic::{Code, Diagnostic};
use crate::process;
use crate::record::PlanRecord;
use crate::vocabulary::Vocabulary;
use crate::write::{self, Layout};
use std::any::Any;
use std::io::{self, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;

/// The exit code of a worker that panicked over a page: Rust's own.
const PANICKED: i32 = 101;

/// Stack of the thread that processes documents.
pub const STACK: usize = 128 << 20;

/// Serves a parent over the given streams until the input ends; the caller then ends the process, and with it a
/// document that is still in hand: its parent is gone. Ends the process itself after a document panicked, so that no
/// later document sees what the panic left behind.
///
/// # Errors
/// A stream that breaks, a parent that speaks otherwise than [`protocol`], a limit that cannot be set.
pub fn serve(mut input: impl Read, mut output: impl Write + Send + 'static) -> io::Result<()> {
    let Some(setup) = protocol::receive::<Setup>(&mut input)? else { return Ok(()) };
    // The stack is address space that is hardly ever used.
    limits::cap_memory(setup.memory.saturating_add(STACK as u64))?;
    let vocabulary = Vocabulary::with_files(&setup.vocabulary).map_err(io::Error::other)?;
    let (requests, inbox) = mpsc::sync_channel::<(Request, Vec<u8>, Vec<u8>)>(0);
    thread::Builder::new().stack_size(STACK).spawn(move || {
        for (request, bytes, previous) in inbox {
            limits::forget_peak_memory();
            let (sent, panicked) = match request.task {
                Task::Record { corrections } => {
                    let (done, panicked) = processed(&request.path, &bytes, &previous, &corrections, &vocabulary);
                    (answer(&mut output, done, setup.layout), panicked)
                }
                Task::Review(review) => {
                    let made = panic::catch_unwind(AssertUnwindSafe(|| {
                        #[cfg(debug_assertions)]
                        faults::act_on_end(&bytes);
                        review::pages::make(&request.path, &review, &bytes, &previous)
                    }));
                    // Told by its end: who waits for an answer would wait until its clock runs out.
                    let Ok((reviewed, files)) = made else { std::process::exit(PANICKED) };
                    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
                    (protocol::send(&mut output, &reviewed, &files), false)
                }
            };
            if panicked || sent.is_err() {
                std::process::exit(i32::from(sent.is_err()));
            }
        }
    })?;
    while let Some(request) = protocol::receive::<Request>(&mut input)? {
        let bytes = protocol::receive_body(&mut input)?;
        let previous = protocol::receive_body(&mut input)?;
        if requests.send((request, bytes, previous)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Sends what a document became; the record's bytes as they are made, because those of a long list are many.
fn answer(output: &mut impl Write, done: Done, layout: Layout) -> io::Result<()> {
    let Done { record, summary, errors, changes, corrections } = done;
    let reply = Reply { summary, errors, peak_memory: limits::peak_memory(), corrections };
    protocol::send(output, &reply, &[])?;
    protocol::send_body(output, |out| write::json_to(out, &record, layout))?;
    protocol::send_body(output, |out| out.write_all(&changes))?;
    output.flush()
}

/// A processed document.
struct Done {
    record: PlanRecord,
    summary: Summary,
    /// The record's diagnostics that are errors.
    errors: Vec<Diagnostic>,
    /// What changed, as the bytes of a [`revision::Revision`]; empty where there was no edition before.
    changes: Vec<u8>,
    /// Positions of the corrections that are about it.
    corrections: Vec<usize>,
}

impl Done {
    fn of(mut record: PlanRecord, changes: Vec<u8>, corrections: Vec<usize>) -> Self {
        let (summary, errors) = result::check(&mut record);
        Done { record, summary, errors, changes, corrections }
    }
}

/// A document processed, and whether that panicked.
fn processed(
    path: &str,
    bytes: &[u8],
    previous: &[u8],
    corrections: &[Correction],
    vocabulary: &Vocabulary,
) -> (Done, bool) {
    let run = || {
        #[cfg(debug_assertions)]
        faults::act(bytes);
        let mut record = process::extracted(path, bytes, vocabulary).record;
        // A record before that cannot be read is none.
        let previous = serde_json::from_slice::<PlanRecord>(previous).ok();
        // Corrections name measures by the ids that these keep.
        if let Some(previous) = &previous {
            revision::carry(previous, &mut record, vocabulary);
        }
        let corrections = process::finish(&mut record, corrections, vocabulary);
        let revision = previous.map(|previous| revision::revision(&previous, &record, vocabulary));
        let changes = revision.map_or(Vec::new(), |revision| write::json(&revision, Layout::Line));
        Done::of(record, changes, corrections)
    };
    match panic::catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => (done, false),
        Err(panic) => {
            let message = format!("processing the document panicked: {}", panic_message(&*panic));
            let diagnostic = Diagnostic::new(Code::WorkerCrashed, message, None);
            (Done::of(process::failure(process::source(path, bytes), diagnostic), Vec::new(), Vec::new()), true)
        }
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// Documents that break their worker, for the tests of what happens then. Not in release builds.
#[cfg(debug_assertions)]
mod faults {
    use std::time::Duration;

    /// With `KEIKAKU_FAULTS` set, does what a document's first line says: `fault: panic`, `abort`, `overflow`,
    /// `stall`, `slow`
    /// (which then goes on), or `allocate`.
    pub fn act(bytes: &[u8]) {
        if std::env::var_os("KEIKAKU_FAULTS").is_none() {
            return;
        }
        let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
        fail(line.strip_prefix(b"fault: "));
    }

    /// The same of what a document's last line says, as a comment of a PDF, while its pages are shown: `% fault: abort`.
    pub fn act_on_end(bytes: &[u8]) {
        if std::env::var_os("KEIKAKU_FAULTS").is_some() {
            let line = bytes.trim_ascii_end().rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
            fail(line.strip_prefix(b"% fault: "));
        }
    }

    fn fail(how: Option<&[u8]>) {
        match how {
            Some(b"panic") => panic!("as asked"),
            Some(b"abort") => std::process::abort(),
            Some(b"overflow") => drop(std::hint::black_box(overflow(0))),
            Some(b"stall") => std::thread::sleep(Duration::from_secs(3600)),
            Some(b"slow") => std::thread::sleep(Duration::from_secs(2)),
            Some(b"allocate") => drop(std::hint::black_box(vec![1u8; 1 << 40])),
            _ => {}
        }
    }

    #[expect(unconditional_recursion, reason = "its purpose")]
    fn overflow(depth: u64) -> u64 {
        std::hint::black_box(overflow(depth + 1)) + depth
    }
}
