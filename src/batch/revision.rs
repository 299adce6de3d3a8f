//! A record seen as the next edition of another: ids carried over, and what changed.

use crate::compare::{self, Change};
use crate::correct;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::record::PlanRecord;
use crate::vocabulary::Vocabulary;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is otherwise in the newer of two records.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    pub changes: Vec<Change>,
    /// Diagnostics of the newer record that the older one has not.
    pub diagnostics: Vec<Diagnostic>,
}

/// Gives the newer record, which is as extracted, the ids of the older one.
pub fn carry(old: &PlanRecord, new: &mut PlanRecord, vocabulary: &Vocabulary) {
    if !is_unread(old) && !is_unread(new) {
        compare::carry(&correct::extracted(old), new, vocabulary);
    }
}

/// What changed from the older record to the newer one.
///
/// Of a source that could not be read then or now nothing is said to have changed: that would be its whole content.
pub fn revision(old: &PlanRecord, new: &PlanRecord, vocabulary: &Vocabulary) -> Revision {
    let diagnostics = new_diagnostics(&old.diagnostics, &new.diagnostics);
    if is_unread(old) || is_unread(new) {
        return Revision { changes: Vec::new(), diagnostics };
    }
    Revision { changes: compare::compare(old, new, vocabulary), diagnostics }
}

/// Whether nothing of a record's source could be read.
pub fn is_unread(record: &PlanRecord) -> bool {
    record.measures.is_empty() && record.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The diagnostics that are not among the old ones, wherever they stand.
fn new_diagnostics(old: &[Diagnostic], new: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut known: HashMap<(Code, &str), usize> = HashMap::new();
    for diagnostic in old {
        *known.entry((diagnostic.code, &diagnostic.message)).or_default() += 1;
    }
    let mut found = Vec::new();
    for diagnostic in new {
        match known.get_mut(&(diagnostic.code, diagnostic.message.as_str())) {
            Some(left @ 1..) => *left -= 1,
            _ => found.push(diagnostic.clone()),
        }
    }
    found
}
