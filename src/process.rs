//! The sum of the stages: bytes to record, pure and total.

use crate::correct::{self, Correction};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::Document;
use crate::read::Reading;
use crate::record::{Plan, PlanRecord, SCHEMA_VERSION, Source};
use crate::vocabulary::Vocabulary;
use crate::{extract, normalise, read, validate};
use sha2::{Digest, Sha256};

/// What one source became.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub record: PlanRecord,
    /// The document model that the record was found in.
    pub document: Document,
}

/// Reads a source, finds the plan in it and validates the record. `path` is the source's path below the ingested
/// folder, with `/`.
pub fn process(path: &str, bytes: &[u8], vocabulary: &Vocabulary) -> Outcome {
    let mut outcome = extracted(path, bytes, vocabulary);
    finish(&mut outcome.record, &[], vocabulary);
    outcome
}

/// Puts corrections into a record as extracted, and validates it. Gives the positions of the corrections that are about
/// it, as [`correct::apply`] does. A record of which nothing could be read is not corrected.
pub fn finish(record: &mut PlanRecord, corrections: &[Correction], vocabulary: &Vocabulary) -> Vec<usize> {
    let is_unread = record.measures.is_empty() && record.diagnostics.iter().any(|d| d.severity == Severity::Error);
    let about = if is_unread { Vec::new() } else { correct::apply(record, corrections, vocabulary) };
    record.diagnostics.extend(validate::record(record));
    about
}

/// Reads a source and finds the plan in it; the record is not validated yet. `path` is as for [`process`].
pub fn extracted(path: &str, bytes: &[u8], vocabulary: &Vocabulary) -> Outcome {
    let Reading { format, document, mut diagnostics } = document(path, bytes);
    let extraction = extract::plan(&document, vocabulary);
    diagnostics.extend(extraction.diagnostics);
    let unread = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if extraction.measures.is_empty() && !unread {
        diagnostics.push(Diagnostic::new(Code::NoPlanFound, "no measure was found in this document", None));
    }
    let record = PlanRecord {
        schema_version: SCHEMA_VERSION.to_owned(),
        plan: extraction.plan,
        policies: extraction.policies,
        measures: extraction.measures,
        glossary: extraction.glossary,
        diagnostics,
        corrections: Vec::new(),
        source: Source {
            format: format.map_or("unknown", read::Format::name).to_owned(),
            pages: document.pages.len() as u32,
            ..source(path, bytes)
        },
    };
    Outcome { record, document }
}

/// Reads a source into its normalised document model. `path` is as for [`process`].
pub fn document(path: &str, bytes: &[u8]) -> Reading {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut reading = read::read(bytes, name);
    normalise::document(&mut reading.document);
    reading
}

/// The record of a source of which nothing could be read: no measures, and the diagnostic that says why.
pub fn failure(source: Source, diagnostic: Diagnostic) -> PlanRecord {
    PlanRecord {
        schema_version: SCHEMA_VERSION.to_owned(),
        plan: Plan::default(),
        policies: Vec::new(),
        measures: Vec::new(),
        glossary: Vec::new(),
        diagnostics: vec![diagnostic],
        corrections: Vec::new(),
        source,
    }
}

/// A source as far as its bytes alone say what it is: of unknown format, without pages.
pub fn source(path: &str, bytes: &[u8]) -> Source {
    Source { bytes: bytes.len() as u64, sha256: sha256(bytes), ..unread_source(path) }
}

/// The SHA-256 of bytes, in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A source whose bytes were not read: no size, no hash.
pub fn unread_source(path: &str) -> Source {
    Source {
        path: path.to_owned(),
        format: "unknown".to_owned(),
        extractor_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Source::default()
    }
}
