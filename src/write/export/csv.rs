//! The tables as CSV (RFC 4180), one file a table, UTF-8 with a byte order mark, which Excel wants.
//!
//! Spreadsheet programs run a text that begins like a formula. Such a text is written with an apostrophe before it, and
//! so is one that begins with an apostrophe itself: who reads the files takes one apostrophe off the front of a text.

use super::package::{self, file_name};
use super::rows::{Cell, Sink};
use super::tables::{Of, TABLES};
use super::{ExportError, Tables};
use crate::write::Folder;
use ::csv::{Terminator, Writer, WriterBuilder};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

const EXTENSION: &str = "csv";

pub(super) struct Files {
    folder: Folder,
    tables: Vec<Writer<BufWriter<File>>>,
}

impl Files {
    /// # Errors
    /// What the file system says.
    pub fn new(root: &Path) -> Result<Self, ExportError> {
        let folder = Folder::new(root)?;
        let mut tables = Vec::new();
        for table in TABLES {
            let mut file = folder.create(&file_name(table, EXTENSION))?;
            file.write_all("\u{feff}".as_bytes())?;
            let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file);
            writer.write_record(table.columns().map(|column| column.name)).map_err(std::io::Error::from)?;
            tables.push(writer);
        }
        Ok(Files { folder, tables })
    }
}

impl Sink for Files {
    fn row(&mut self, table: Of, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let fields = cells.iter().map(|cell| match cell {
            Cell::Null => Cow::Borrowed(""),
            Cell::Integer(number) => Cow::Owned(number.to_string()),
            Cell::Real(number) => Cow::Owned(number.to_string()),
            Cell::Boolean(is) => Cow::Borrowed(if *is { "true" } else { "false" }),
            Cell::Text(text) => guarded(text),
        });
        let writer = &mut self.tables[table.index()];
        for field in fields {
            writer.write_field(field.as_bytes()).map_err(std::io::Error::from)?;
        }
        Ok(writer.write_record(None::<&[u8]>).map_err(std::io::Error::from)?)
    }
}

impl Tables for Files {
    fn finish(self) -> Result<(), ExportError> {
        for mut writer in self.tables {
            writer.flush()?;
        }
        package::write(&self.folder, EXTENSION)?;
        Ok(self.folder.finish()?)
    }
}

/// A text that no spreadsheet program takes for a formula: those begin with `=`, `+`, `-` or `@` (in Japanese versions
/// also with the full-width ones), or, after white space is taken off, one of these. A plain figure may begin with a sign.
fn guarded(text: &str) -> Cow<'_, str> {
    let is_figure = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || ".,%".contains(c));
    let seen = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    let acts = match seen.strip_prefix(['+', '-']) {
        Some(rest) => !is_figure(rest),
        None => seen.starts_with(['=', '@', '＝', '＋', '－', '＠']),
    };
    if acts || text.starts_with('\'') { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_figures_are_not() {
        for text in
            ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-維持", "＝1", " =1", "\t=1", "\r\n=1", "'a", "\u{a0}=1"]
        {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["-5%", "+3", "-", "1,000", "a=b", "", "△5%", "施策"] {
            assert_eq!(guarded(text), text);
        }
    }
}
