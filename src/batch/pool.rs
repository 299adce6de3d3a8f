//! Worker processes as their parent sees them: started when first needed, fed documents one at a time under a clock,
//! replaced when they die.

use super::Limits;
use super::protocol::{self, Reply, Request, Setup, Task};
use super::result::{self, Processed};
use crate::correct::Correction;
use crate::diagnostic::{Code, Diagnostic};
use crate::process;
use crate::write::Layout;
use std::io::{self, BufReader, BufWriter, Read};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};

/// The subcommand of this program that [`super::worker::serve`]s.
pub const SUBCOMMAND: &str = "worker";

/// The flag of that name in the Windows API.
#[cfg(windows)]
const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;

/// No worker can be started, so no document can be processed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StartError(#[from] io::Error);

/// A place for one worker at a time.
#[derive(Debug)]
pub struct Slot {
    limits: Limits,
    setup: Setup,
    worker: Option<Worker>,
}

/// A running worker.
#[derive(Debug)]
struct Worker {
    child: Child,
    input: BufWriter<ChildStdin>,
    output: BufReader<ChildStdout>,
    errors: JoinHandle<String>,
    /// Whether it has answered before.
    used: bool,
}

/// How a worker ended before it answered.
#[derive(Debug)]
pub enum Death {
    TimeOut,
    Died { status: ExitStatus, errors: String },
}

impl Slot {
    /// A slot; its worker is started with its first document.
    pub fn new(limits: Limits, layout: Layout, vocabulary: Vec<(String, String)>) -> Self {
        Slot { limits, setup: Setup { memory: limits.memory, layout, vocabulary }, worker: None }
    }

    /// What a document becomes. One over which its worker dies or stalls is tried once more with a fresh one, and then
    /// has a record that says so.
    ///
    /// # Errors
    /// A worker that cannot be started.
    pub fn process(&mut self, path: &str, bytes: &[u8], corrections: &[Correction]) -> Result<Processed, StartError> {
        if let Ok(processed) = self.attempt(path, bytes, &[], corrections)? {
            return Ok(processed);
        }
        Ok(self.attempt(path, bytes, &[], corrections)?.unwrap_or_else(|death| self.report(path, bytes, &death)))
    }

    /// What a document becomes, unless its worker dies or stalls over it; the next document then has a fresh one.
    /// `previous` are the bytes of the record that it follows, none where it follows none; `corrections` may be about it.
    ///
    /// # Errors
    /// A worker that cannot be started.
    pub fn attempt(
        &mut self,
        path: &str,
        bytes: &[u8],
        previous: &[u8],
        corrections: &[Correction],
    ) -> Result<Result<Processed, Death>, StartError> {
        let task = Task::Record { corrections: corrections.to_vec() };
        self.ask(&Request { path: path.to_owned(), task }, [bytes, previous], |output| {
            let Reply { summary, errors, peak_memory, corrections } =
                protocol::receive(output)?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let record = protocol::receive_body(output)?;
            let changes = protocol::receive_body(output)?;
            Ok(Processed { summary, errors, peak_memory, record, changes, corrections })
        })
    }

    /// What the worker answers to a request, unless it dies or stalls over it.
    ///
    /// # Errors
    /// A worker that cannot be started.
    pub fn ask<T>(
        &mut self,
        request: &Request,
        bodies: [&[u8]; 2],
        answer: impl FnOnce(&mut BufReader<ChildStdout>) -> io::Result<T>,
    ) -> Result<Result<T, Death>, StartError> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => start()?,
        };
        let setup = (!worker.used).then_some(&self.setup);
        let Worker { child, input, output, .. } = &mut worker;
        let (done, over) = mpsc::channel::<()>();
        let limit = self.limits.time;
        let (reply, timed_out) = thread::scope(|scope| {
            let watchdog = scope.spawn(move || {
                let late = over.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
                // Killing fails only if the worker is dead already.
                late.then(|| drop(child.kill())).is_some()
            });
            let reply = say(input, setup, request, bodies).and_then(|()| answer(output));
            drop(done);
            (reply, watchdog.join().unwrap_or(false))
        });
        match reply {
            Ok(reply) => {
                worker.used = true;
                // A worker killed just as it answered is not kept.
                if timed_out {
                    worker.bury()?;
                } else {
                    self.worker = Some(worker);
                }
                Ok(Ok(reply))
            }
            Err(_) if timed_out => worker.bury().map(|_| Err(Death::TimeOut)),
            Err(_) => {
                let (status, errors) = worker.bury()?;
                Ok(Err(Death::Died { status, errors }))
            }
        }
    }

    /// The record of a document over which its worker died.
    pub fn report(&self, path: &str, bytes: &[u8], death: &Death) -> Processed {
        result::failed(process::source(path, bytes), self.post_mortem(death), self.setup.layout)
    }

    /// Why a worker died.
    pub fn post_mortem(&self, death: &Death) -> Diagnostic {
        let (code, message) = match death {
            Death::TimeOut => {
                let seconds = self.limits.time.as_secs_f64();
                (Code::LimitExceeded, format!("processing the document took longer than {seconds} seconds"))
            }
            // What the standard library prints before it aborts.
            Death::Died { errors, .. } if errors.contains("memory allocation of") => {
                let limit = self.limits.memory >> 20;
                (Code::LimitExceeded, format!("processing the document needs more than {limit} MiB of memory"))
            }
            Death::Died { errors, .. } if errors.contains("has overflowed its stack") => {
                (Code::WorkerCrashed, "processing the document overflowed the stack".to_owned())
            }
            Death::Died { status, .. } => {
                (Code::WorkerCrashed, format!("the worker that processed the document ended with {}", reason(*status)))
            }
        };
        Diagnostic::new(code, message, None)
    }
}

impl Drop for Slot {
    /// Ends the worker; the end of its input is enough for it.
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            // Nothing is owed any more: how it ends is of no matter.
            drop(worker.bury());
        }
    }
}

impl Worker {
    /// Waits for the end of a worker that dies or has no more input; how it ended, and the last it said.
    fn bury(self) -> Result<(ExitStatus, String), StartError> {
        let Worker { mut child, input, output, errors, .. } = self;
        // Taken apart, so that a rest in the buffer is not written to a worker that is dead.
        drop(input.into_parts());
        drop(output);
        let status = child.wait()?;
        Ok((status, errors.join().unwrap_or_default()))
    }
}

fn start() -> Result<Worker, StartError> {
    let mut command = Command::new(std::env::current_exe()?);
    // In a group of its own: who interrupts the run at a terminal does not interrupt the documents in hand.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(&mut command, CREATE_NEW_PROCESS_GROUP);
    let mut child = command
        .arg(SUBCOMMAND)
        // Looking a panic's frames up would cost a worker more memory than most documents.
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (Some(input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        unreachable!("all three are piped")
    };
    let errors = thread::Builder::new().spawn(move || last_words(errors))?;
    Ok(Worker { child, input: BufWriter::new(input), output: BufReader::new(output), errors, used: false })
}

fn say(
    input: &mut BufWriter<ChildStdin>,
    setup: Option<&Setup>,
    request: &Request,
    bodies: [&[u8]; 2],
) -> io::Result<()> {
    if let Some(setup) = setup {
        protocol::send(input, setup, &[])?;
    }
    protocol::send(input, request, &bodies)
}

/// Reads what a worker prints until it ends, and keeps the last of it.
fn last_words(mut errors: ChildStderr) -> String {
    const KEPT: usize = 8 << 10;
    let mut kept = Vec::new();
    let mut buffer = [0; 4 << 10];
    while let Ok(read @ 1..) = errors.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..read]);
        if kept.len() > 2 * KEPT {
            kept.drain(..kept.len() - KEPT);
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn reason(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("signal {signal}");
    }
    status.code().map_or_else(|| "no exit code".to_owned(), |code| format!("exit code {code}"))
}
