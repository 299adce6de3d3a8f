//! What is noted where: the values of a record that have a place on a page.

use crate::document::Place;
use crate::record::PlanRecord;
use crate::write::report::marks::{Mark, Marks, Note as Said};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::fmt::Write as _;

/// How a note is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// Around a measure.
    Frame,
    /// Behind a value.
    Ground,
    /// Behind a value with a diagnostic.
    Doubtful,
    /// Behind a value that a person corrected.
    Corrected,
}

/// A mark on a page, with its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Note {
    /// From 1.
    pub page: u32,
    /// As in places.
    pub bbox: [f32; 4],
    pub shape: Shape,
    /// What it is about, in a word.
    pub subject: &'static str,
    pub text: String,
}

/// A measure in the outline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measure {
    pub title: String,
    /// Where its card begins.
    pub page: u32,
    pub bbox: [f32; 4],
}

/// What the fields and lists of a record are called, Japanese and English.
const WORDS: &[(&str, &str)] = &[
    ("plan", "計画 plan"),
    ("glossary", "用語 term"),
    ("diagnostics", "診断 diagnostic"),
    ("measures", "施策 measure"),
    ("policies", "方針 policy"),
    ("owners", "担当 owner"),
    ("sections", "本文 section"),
    ("activities", "活動 activity"),
    ("output", "活動の成果 output"),
    ("budgets", "予算 budget"),
    ("funding", "財源 funding"),
    ("schedule", "実施時期 schedule"),
    ("kpis", "指標 indicator"),
    ("baseline", "基準値 baseline"),
    ("targets", "目標値 target"),
    ("actuals", "実績値 actual"),
];

/// The notes of a record in its order; values of one place share one.
pub(super) fn of(record: &PlanRecord) -> Vec<Note> {
    let root = serde_json::to_value(record).expect("a record is serialisable");
    let marks = Marks::of(record);
    let mut notes: Vec<Note> = Vec::new();
    let mut known: HashMap<(u32, [u32; 4]), usize> = HashMap::new();
    for mark in marks.all() {
        let is_said = mark.is_detail && mark.notes.is_empty();
        let Some(&Place::Page { page, bbox }) = mark.at.filter(|_| !is_said) else { continue };
        let (subject, text) = (subject(&mark.pointer), text(mark, &root));
        let shape = shape(mark);
        match known.get(&(page, bbox.map(f32::to_bits))) {
            Some(&i) => {
                let note = &mut notes[i];
                note.text = format!("{}\n\n{text}", note.text);
                note.shape = note.shape.max(shape);
            }
            None => {
                known.insert((page, bbox.map(f32::to_bits)), notes.len());
                notes.push(Note { page, bbox, shape, subject, text });
            }
        }
    }
    // Frames lie below what they hold, so that a click meets the value.
    notes.sort_by_key(|note| note.shape != Shape::Frame);
    notes
}

/// The measures of a record that have a place on a page.
pub(super) fn measures(record: &PlanRecord) -> Vec<Measure> {
    let with_place = |measure: &crate::record::Measure| {
        let Place::Page { page, bbox } = measure.at else { return None };
        let number = measure.number.as_ref().map_or(String::new(), |number| format!("{number} "));
        Some(Measure { title: format!("{number}{}", measure.name), page, bbox })
    };
    record.measures.iter().filter_map(with_place).collect()
}

fn subject(pointer: &str) -> &'static str {
    let word = |token: &str| WORDS.iter().find(|(name, _)| *name == token).map(|(_, words)| *words);
    pointer.rsplit('/').find_map(word).unwrap_or("値 value")
}

fn shape(mark: &Mark) -> Shape {
    let is_measure = mark.pointer.starts_with("/measures") && mark.pointer.matches('/').count() == 3;
    let has = |is: fn(&Said) -> bool| mark.notes.iter().any(is);
    if mark.pointer.starts_with("/diagnostics/") {
        Shape::Doubtful
    } else if is_measure && mark.pointer.ends_with("/name") {
        Shape::Frame
    } else if has(|said| matches!(said, Said::Corrected(_))) {
        Shape::Corrected
    } else if has(|said| matches!(said, Said::Diagnostic(..))) {
        Shape::Doubtful
    } else {
        Shape::Ground
    }
}

/// The note: what the value is, what is printed and how it was read, what it belongs to, what is doubtful about it, and
/// its pointer, by which it can be corrected.
fn text(mark: &Mark, root: &Json) -> String {
    let mut lines = Vec::new();
    let field = |pointer: &str, name: &str| root.pointer(&format!("{pointer}/{name}")).filter(|value| !value.is_null());
    // Everything that the value is a part of, from the inside.
    let above: Vec<&str> = mark.pointer.match_indices('/').map(|(at, _)| &mark.pointer[..at]).rev().collect();
    let own = above.first().copied().unwrap_or_default();
    let mut head = subject(&mark.pointer).to_owned();
    if let Some(part) = mark.pointer.strip_prefix("/plan/") {
        write!(head, " {part}").expect("a string takes all that is written to it");
    }
    if let Some(year) = field(own, "fiscal_year") {
        write!(head, " {year}年度").expect("a string takes all that is written to it");
    }
    for name in ["kind", "role", "label", "heading", "indicator", "source"] {
        if let Some(value) = field(own, name).and_then(Json::as_str).filter(|text| !text.is_empty()) {
            write!(head, " [{value}]").expect("a string takes all that is written to it");
        }
    }
    lines.push(format!("{head}: {}", shortened(&mark.text)));
    if let Some(Json::Object(figure)) = root.pointer(&mark.pointer) {
        let read = figure.iter().filter(|(name, _)| !["raw", "also", "base"].contains(&name.as_str()));
        let read: Vec<String> = read.map(|(name, value)| format!("{name} {}", plain(value))).collect();
        lines.push(format!("= {}", read.join(", ")));
    }
    if own.contains("/schedule/") {
        let month = |name| field(own, name).map_or("?".to_owned(), plain);
        lines.push(format!(
            "= {} .. {} ({})",
            month("start"),
            month("end"),
            field(own, "basis").map_or(String::new(), plain)
        ));
    }
    for pointer in above.iter().skip(1) {
        if let Some(name) = field(pointer, "name").or_else(|| field(pointer, "title")) {
            let number = field(pointer, "number").map_or(String::new(), |number| format!("{} ", plain(number)));
            lines.push(format!("{}: {number}{}", subject(pointer), plain(name)));
        }
    }
    for said in &mark.notes {
        lines.push(match said {
            Said::Diagnostic(diagnostic, _) => format!("⚠ {}: {}", diagnostic.code.name(), diagnostic.message),
            Said::Corrected(done) => {
                let was = plain(done.was.get("raw").unwrap_or(&done.was));
                format!("訂正 corrected by {}, {}; was {}", done.who, done.when, shortened(&was))
            }
        });
    }
    lines.push(mark.pointer.clone());
    lines.join("\n")
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The text is printed below the note: its beginning tells which it is.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
