//! The table at the end of a run.

use crate::batch::Run;
use crate::batch::manifest::{Entry, Tally};
use crate::batch::result::{Counts, State};
use crate::write::plain::one_line;
use std::fmt::Write as _;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// More documents than these are not listed one by one, but for those with trouble (also at most so many).
const LISTED: usize = 60;
/// Columns of the terminal for a document's path.
const WIDEST: usize = 50;

const HEADS: [&str; 7] = ["measures", "KPIs", "targets", "schedule", "warnings", "errors", "state"];

/// The table of a run: a line a document, then the totals and how the documents fared.
pub fn table(run: &Run) -> String {
    let manifest = &run.manifest;
    let all = &manifest.documents;
    let entries = all.iter().map(AsRef::as_ref);
    let shown: Vec<&Entry> = if all.len() <= LISTED {
        entries.collect()
    } else {
        entries.filter(|entry| entry.summary.state.is_trouble()).take(LISTED).collect()
    };
    let mut rows: Vec<(String, [String; 7])> = Vec::new();
    for entry in &shown {
        let summary = &entry.summary;
        rows.push((shortened(&one_line(&summary.path)), columns(&summary.counts, summary.state.name())));
    }
    rows.push((total(all.len()), columns(&manifest.totals, "")));

    let name_width = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0).max("document".len());
    let mut out = String::new();
    line(&mut out, "document", name_width, &HEADS.map(str::to_owned));
    for (i, (name, columns)) in rows.iter().enumerate() {
        if i + 1 == rows.len() {
            let width = name_width + HEADS.iter().map(|head| head.len() + 2).sum::<usize>();
            writeln!(out, "{}", "─".repeat(width)).expect("a string takes all that is written to it");
        }
        line(&mut out, name, name_width, columns);
    }
    out.push_str(&closing(run, shown.len()));
    out
}

fn total(documents: usize) -> String {
    if documents == 1 { "1 document".to_owned() } else { format!("{documents} documents") }
}

fn columns(counts: &Counts, state: &str) -> [String; 7] {
    let Counts { measures, kpis, targets, schedule, warnings, errors, .. } = counts;
    let [a, b, c, d, e, f] = [measures, kpis, targets, schedule, warnings, errors].map(ToString::to_string);
    [a, b, c, d, e, f, state.to_owned()]
}

fn line(out: &mut String, name: &str, name_width: usize, columns: &[String; 7]) {
    let mut text = format!("{name}{}", " ".repeat(name_width.saturating_sub(name.width())));
    for (column, head) in columns.iter().zip(HEADS) {
        let width = head.len();
        if head == "state" { write!(text, "  {column}") } else { write!(text, "  {column:>width$}") }
            .expect("a string takes all that is written to it");
    }
    out.push_str(text.trim_end());
    out.push('\n');
}

fn closing(run: &Run, shown: usize) -> String {
    let Run { manifest, tally, took, .. } = run;
    let of = |state| manifest.documents.iter().filter(|entry| entry.summary.state == state).count();
    let states = [State::Ok, State::Partial, State::NoPlan, State::Failed].map(|state| (of(state), state.name()));
    let mut parts = vec![format!("{} in {:.1} s", counted(&states), took.as_secs_f64())];
    let Tally { unchanged, renamed, new, revised, removed, left, .. } = *tally;
    let fates = [
        (unchanged, "unchanged"),
        (new, "new"),
        (revised, "revised"),
        (renamed, "renamed"),
        (removed, "removed"),
        (left, "left"),
    ];
    parts.push(counted(&fates));
    if manifest.skipped > 0 {
        parts.push(format!("{} other files left alone", manifest.skipped));
    }
    if !manifest.gone.is_empty() {
        parts.push(format!("{} records of sources that are gone (--prune moves them out)", manifest.gone.len()));
    }
    if let Some(number) = run.report {
        parts.push(format!("what changed is in changes/{number}.md"));
    }
    if shown < manifest.documents.len() {
        parts.push("all documents are listed in run.json".to_owned());
    }
    parts.retain(|part| !part.is_empty());
    format!("{}\n", parts.join("; ")).trim_start_matches(" in ").to_owned()
}

/// `3 ok, 1 failed`: the numbers that are not 0.
fn counted(numbers: &[(usize, &str)]) -> String {
    let shown = numbers.iter().filter(|(number, _)| *number > 0);
    shown.map(|(number, name)| format!("{number} {name}")).collect::<Vec<_>>().join(", ")
}

/// A path that is too wide for its column, its middle left out: beginning and end tell paths apart.
fn shortened(path: &str) -> String {
    if path.width() <= WIDEST {
        return path.to_owned();
    }
    let head = taken(path.chars(), WIDEST / 3);
    let tail: String = taken(path.chars().rev(), WIDEST - WIDEST / 3 - 1).chars().rev().collect();
    format!("{head}…{tail}")
}

/// As many characters as fit a width.
fn taken(chars: impl Iterator<Item = char>, width: usize) -> String {
    let mut left = width;
    chars
        .take_while(|c| {
            let own = c.width().unwrap_or(0);
            let fits = own <= left;
            left = left.saturating_sub(own);
            fits
        })
        .collect()
}
