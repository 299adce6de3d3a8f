//! What a document became: the bytes of its record, and a summary for the manifest.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::process;
use crate::record::{PlanRecord, Source};
use crate::validate::schema;
use crate::write::{self, Layout};
use serde::{Deserialize, Serialize};

/// A processed document.
#[derive(Debug, Clone)]
pub struct Processed {
    pub summary: Summary,
    /// The bytes of the record, ending in a line feed.
    pub record: Vec<u8>,
    /// The record's diagnostics that are errors.
    pub errors: Vec<Diagnostic>,
    /// Largest resident memory of the worker while it had the document, in bytes, where the system says.
    pub peak_memory: Option<u64>,
    /// What changed, as the bytes of a [`super::revision::Revision`]; empty where there was no edition before.
    pub changes: Vec<u8>,
    /// Positions of the corrections that are about it, among those that came with it.
    pub corrections: Vec<usize>,
}

/// A record in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Path below the ingested folder, with `/`.
    pub path: String,
    /// The source's format, as in its record.
    pub format: String,
    /// Size of the source in bytes.
    pub bytes: u64,
    /// SHA-256 of the source; empty where it could not be read.
    pub sha256: String,
    /// Number of pages or sheets.
    pub pages: u32,
    /// The plan's title; empty where none was found.
    pub title: String,
    /// The authority.
    pub publisher: Option<String>,
    pub state: State,
    pub counts: Counts,
}

/// How a document fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Read, with measures and no errors.
    Ok,
    /// Measures were found, but a part of the document could not be read.
    Partial,
    /// Nothing could be read.
    Failed,
    /// Read, but it holds no measure.
    NoPlan,
}

impl State {
    /// The name that manifests carry.
    pub fn name(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Partial => "partial",
            State::Failed => "failed",
            State::NoPlan => "no-plan",
        }
    }

    /// Whether the document failed or has errors.
    pub fn is_trouble(self) -> bool {
        matches!(self, State::Partial | State::Failed)
    }
}

/// Numbers of what a record holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub measures: usize,
    /// Of measures and of policies.
    pub kpis: usize,
    /// Targets of those KPIs.
    pub targets: usize,
    pub schedule: usize,
    /// Diagnostics by severity.
    pub infos: usize,
    pub warnings: usize,
    pub errors: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.measures += other.measures;
        self.kpis += other.kpis;
        self.targets += other.targets;
        self.schedule += other.schedule;
        self.infos += other.infos;
        self.warnings += other.warnings;
        self.errors += other.errors;
    }
}

/// Validates a record against the schema, counts it and makes its bytes.
pub fn of_record(mut record: PlanRecord, layout: Layout) -> Processed {
    let (summary, errors) = check(&mut record);
    let record = write::json(&record, layout);
    Processed { summary, record, errors, peak_memory: None, changes: Vec::new(), corrections: Vec::new() }
}

/// Validates a record against the schema and counts it; its diagnostics that are errors.
///
/// A violation, which is a defect of the program, is added to the record's diagnostics.
pub fn check(record: &mut PlanRecord) -> (Summary, Vec<Diagnostic>) {
    let violations = schema::violations(record);
    record.diagnostics.extend(violations);
    let summary = Summary {
        path: record.source.path.clone(),
        format: record.source.format.clone(),
        bytes: record.source.bytes,
        sha256: record.source.sha256.clone(),
        pages: record.source.pages,
        title: record.plan.title.clone(),
        publisher: record.plan.publisher.clone(),
        state: state(record),
        counts: count(record),
    };
    let errors = record.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    (summary, errors)
}

/// What a source became of which nothing could be read.
pub fn failed(source: Source, diagnostic: Diagnostic, layout: Layout) -> Processed {
    of_record(process::failure(source, diagnostic), layout)
}

fn state(record: &PlanRecord) -> State {
    let errors = record.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let no_plan = record.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::NoPlanFound);
    match (errors, record.measures.is_empty()) {
        (false, false) => State::Ok,
        (true, false) => State::Partial,
        (false, true) if no_plan => State::NoPlan,
        _ => State::Failed,
    }
}

fn count(record: &PlanRecord) -> Counts {
    let kpis = || record.policies.iter().flat_map(|p| &p.kpis).chain(record.measures.iter().flat_map(|m| &m.kpis));
    let severity = |severity| record.diagnostics.iter().filter(|d| d.severity == severity).count();
    Counts {
        measures: record.measures.len(),
        kpis: kpis().count(),
        targets: kpis().map(|kpi| kpi.targets.len()).sum(),
        schedule: record.measures.iter().map(|measure| measure.schedule.len()).sum(),
        infos: severity(Severity::Info),
        warnings: severity(Severity::Warning),
        errors: severity(Severity::Error),
    }
}
