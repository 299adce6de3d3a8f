//! `keikaku worker`: what `ingest` starts to process documents in.

use super::{Outcome, Verdict};
use crate::batch::worker;
use std::io::{self, BufReader, BufWriter};

pub fn run() -> Outcome {
    worker::serve(BufReader::new(io::stdin().lock()), BufWriter::new(io::stdout()))?;
    Ok(Verdict::Well)
}
