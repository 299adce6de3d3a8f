//! The report of a run that revised records: `OUT/changes/<n>.json`, and the same as Markdown.
//!
//! It is written document by document, so that its size is no matter.

use super::manifest::{Fate, Tally};
use super::output::{CHANGES, Output};
use super::result::State;
use super::revision::Revision;
use super::{RunError, load, write_error};
use crate::write;
use crate::write::changes::{markdown, markdown_escaped};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// What a run changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Counted up from 1.
    pub number: u32,
    pub tally: Tally,
    /// Those that are new, revised, renamed or removed; sorted by path.
    pub documents: Vec<DocumentReport>,
}

/// A document that is otherwise than before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentReport {
    pub path: String,
    pub fate: Fate,
    /// Null where the document is gone.
    pub state: Option<State>,
    /// Null where the document is new.
    pub old_state: Option<State>,
    /// The path of the edition before it, where that is another document.
    pub compared_with: Option<String>,
    /// What changed, and the diagnostics that are new.
    #[serde(flatten)]
    pub revision: Revision,
}

/// A report that is being written.
pub(super) struct Writer {
    json: write::Whole,
    markdown: write::Whole,
    number: u32,
    is_first: bool,
}

/// The names of a report's two files in the folder of runs; they are put in place at [`name`].
const JSON: &str = "changes.json";
const MARKDOWN: &str = "changes.md";

/// The path of a report below the output folder.
pub fn name(number: u32, extension: &str) -> String {
    format!("{CHANGES}/{number}.{extension}")
}

/// The number of the last report in an output; 0 where there is none.
pub fn last(root: &Path) -> u32 {
    let names = fs::read_dir(root.join(CHANGES)).into_iter().flatten().flatten();
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.strip_suffix(".json")?.parse().ok();
    names.filter_map(number).max().unwrap_or(0)
}

/// The bytes of a report.
///
/// # Errors
/// What reading gives.
pub fn read(root: &Path, number: u32, extension: &str) -> Result<Vec<u8>, RunError> {
    let path = root.join(name(number, extension));
    load(&path, 1 << 32).map_err(|error| write_error(&path, io::Error::other(error)))
}

impl Writer {
    pub fn new(output: &Output, tally: &Tally) -> Result<Self, RunError> {
        let number = last(output.root()) + 1;
        let begin = |name: &str| {
            let path = output.root().join(Output::work_name(name));
            write::Whole::new(&path).map_err(|error| write_error(&path, error))
        };
        let mut writer = Writer { json: begin(JSON)?, markdown: begin(MARKDOWN)?, number, is_first: true };
        writer.head(tally).map_err(|error| write_error(output.root(), error))?;
        Ok(writer)
    }

    /// The number that the report will have.
    pub fn number(&self) -> u32 {
        self.number
    }

    fn head(&mut self, tally: &Tally) -> io::Result<()> {
        let counts = serde_json::to_string(tally)?;
        writeln!(self.json, "{{\"number\":{},\"tally\":{counts},\"documents\":[", self.number)?;
        let Tally { new, revised, renamed, removed, unchanged, failed, .. } = tally;
        writeln!(
            self.markdown,
            "# Changes {}\n\n{new} new, {revised} revised, {renamed} renamed, {removed} removed, {unchanged} unchanged; \
             {failed} with errors\n",
            self.number
        )
    }

    pub fn document(&mut self, document: &DocumentReport) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            self.json.write_all(b",\n")?;
        }
        serde_json::to_writer(&mut self.json, document)?;
        let DocumentReport { path, fate, state, old_state, compared_with, revision } = document;
        writeln!(self.markdown, "## {}\n", markdown_escaped(path))?;
        let mut facts = vec![fate.name().to_owned()];
        if let Some(other) = compared_with {
            let verb = if *fate == Fate::Renamed { "before" } else { "compared with" };
            facts.push(format!("{verb} {}", markdown_escaped(other)));
        }
        match (old_state, state) {
            (Some(old), Some(new)) if old != new => facts.push(format!("{}, was {}", new.name(), old.name())),
            (_, Some(new)) => facts.push(new.name().to_owned()),
            (_, None) => {}
        }
        writeln!(self.markdown, "{}\n", facts.join("; "))?;
        self.markdown.write_all(markdown(&revision.changes, 2).as_bytes())?;
        if !revision.diagnostics.is_empty() {
            writeln!(self.markdown, "New diagnostics:\n")?;
            for diagnostic in &revision.diagnostics {
                let message = markdown_escaped(&diagnostic.message);
                writeln!(self.markdown, "- {}: {message}", diagnostic.code.name())?;
            }
            writeln!(self.markdown)?;
        }
        Ok(())
    }

    /// Ends the report; gives the renames that put it in place.
    pub fn finish(mut self) -> io::Result<[(String, String); 2]> {
        self.json.write_all(b"\n]}\n")?;
        self.json.finish()?;
        self.markdown.finish()?;
        let number = self.number;
        Ok([(JSON, "json"), (MARKDOWN, "md")].map(|(from, to)| (Output::work_name(from), name(number, to))))
    }
}
