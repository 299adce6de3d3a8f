//! What parent and worker say to each other over the worker's standard input and output.
//!
//! Everything is a frame: its length as eight bytes, little-endian, then as many bytes. The parent sends one
//! [`Setup`], then for each document a [`Request`], the document's bytes, and those of a record. Asked for a record of
//! the document (the one sent is that which it follows, none where it follows none), the worker answers with a
//! [`Reply`], the record's bytes, and those of what changed; asked for pages that show the record sent, with a
//! [`super::review::Reviewed`] and the bytes of its files. Such a body is any number of frames and an empty one, so that
//! a worker need not hold a long record's bytes. The end of its input ends the worker.

use super::result::Summary;
use super::review::Review;
use crate::correct::Correction;
use crate::diagnostic::Diagnostic;
use crate::write::Layout;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, BufWriter, Read, Write};

/// What holds for every document of a worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setup {
    /// Cap of the address space in bytes.
    pub memory: u64,
    pub layout: Layout,
    /// The user's vocabulary files: name, text.
    pub vocabulary: Vec<(String, String)>,
}

/// A document to process; its bytes and those of a record follow.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    /// Its path below the ingested folder, with `/`.
    pub path: String,
    pub task: Task,
}

/// What is to become of a document.
#[derive(Debug, Serialize, Deserialize)]
pub enum Task {
    /// A record, with those of the corrections put in that are about it.
    Record { corrections: Vec<Correction> },
    /// Pages that show the record sent beside the document.
    Review(Box<Review>),
}

/// What a document became; the bytes of its record and of what changed follow.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reply {
    pub summary: Summary,
    /// The record's diagnostics that are errors.
    pub errors: Vec<Diagnostic>,
    /// Largest resident memory while it was processed, in bytes, where the system says.
    pub peak_memory: Option<u64>,
    /// Positions of the corrections that are about it.
    pub corrections: Vec<usize>,
}

/// Sends a message and what follows it.
///
/// # Errors
/// What writing gives.
pub fn send(out: &mut impl Write, message: &impl Serialize, bodies: &[&[u8]]) -> io::Result<()> {
    send_frame(out, &serde_json::to_vec(message)?)?;
    for body in bodies {
        send_body(out, |out| out.write_all(body))?;
    }
    out.flush()
}

/// Sends what a function writes as a body that follows the message before; to be flushed.
///
/// # Errors
/// What writing gives, and the function.
pub fn send_body<W: Write>(
    out: &mut W,
    write: impl FnOnce(&mut BufWriter<Frames<'_, W>>) -> io::Result<()>,
) -> io::Result<()> {
    let mut frames = BufWriter::with_capacity(FRAME, Frames(out));
    write(&mut frames)?;
    frames.flush()?;
    drop(frames);
    send_frame(out, &[])
}

/// Bytes of a body that are sent at a time.
const FRAME: usize = 1 << 16;

/// Sends each write as a frame.
#[derive(Debug)]
pub struct Frames<'o, W>(&'o mut W);

impl<W: Write> Write for Frames<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            send_frame(self.0, bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Receives a message; none at the end of the input.
///
/// # Errors
/// What reading gives, and a frame that is not the message expected.
pub fn receive<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    let mut frame = Vec::new();
    if receive_frame(input, &mut frame)?.is_none() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&frame)?))
}

/// Receives a body that follows a message.
///
/// # Errors
/// What reading gives; the end of the input is an error here.
pub fn receive_body(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    while receive_frame(input, &mut body)?.ok_or(io::ErrorKind::UnexpectedEof)? > 0 {}
    Ok(body)
}

fn send_frame(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(bytes)
}

/// Adds a frame's bytes to those before; how many they are, none at the end of the input.
fn receive_frame(input: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<Option<u64>> {
    let mut length = [0; 8];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u64::from_le_bytes(length);
    // Not reserved at once: a length that a broken sender made up must not ask for all memory.
    if (input.take(length).read_to_end(bytes)? as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_arrive_as_sent_and_end_with_the_input() {
        let mut wire = Vec::new();
        send(
            &mut wire,
            &Request { path: "a/計画.txt".into(), task: Task::Record { corrections: Vec::new() } },
            &[b"bytes"],
        )
        .unwrap();
        send(&mut wire, &Request { path: String::new(), task: Task::Record { corrections: Vec::new() } }, &[b""])
            .unwrap();
        let mut input = wire.as_slice();
        assert_eq!(receive::<Request>(&mut input).unwrap().unwrap().path, "a/計画.txt");
        assert_eq!(receive_body(&mut input).unwrap(), b"bytes");
        assert_eq!(receive::<Request>(&mut input).unwrap().unwrap().path, "");
        assert_eq!(receive_body(&mut input).unwrap(), b"");
        assert!(receive::<Request>(&mut input).unwrap().is_none());
    }

    #[test]
    fn a_frame_that_ends_early_is_an_error() {
        let mut wire = Vec::new();
        send(&mut wire, &Request { path: "a".into(), task: Task::Record { corrections: Vec::new() } }, &[]).unwrap();
        wire.pop();
        assert!(receive::<Request>(&mut wire.as_slice()).is_err());
        let endless = u64::MAX.to_le_bytes();
        assert!(receive_body(&mut endless.as_slice()).is_err());
    }
}
