//! Exports: records in the forms that other tools take.
//!
//! [`tables`] describes the tables that records become, [`rows`] fills them; [`sqlite`], [`sql`], [`csv`] and
//! [`parquet`] print these same tables. [`ndjson`] prints records as they are, [`xlsx`] a workbook for people,
//! [`stratml`] and [`kausal`] what those have a place for.
//!
//! Records come one after the other and are forgotten: memory does not grow with their number. Nothing is at the
//! target before [`Export::finish`], which puts all of it in place. The same records give the same bytes.

mod csv;
mod folder_of_plans;
mod kausal;
mod ndjson;
mod package;
mod parquet;
mod rows;
mod sql;
mod sqlite;
mod stratml;
pub mod tables;
mod xlsx;

use crate::record::PlanRecord;
use folder_of_plans::Documents;
use rows::{Numbering, Sink};
use std::io;
use std::path::Path;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Sqlite,
    Sql,
    Csv,
    Parquet,
    Ndjson,
    Xlsx,
    Stratml,
    Kausal,
}

/// Where an export goes.
pub enum Target<'t> {
    /// A file, or for the formats that are several files, a folder.
    Path(&'t Path),
    /// Standard output or the like; only [`Format::Ndjson`] and [`Format::Sql`] can be written bit by bit.
    Stream(Box<dyn io::Write + Send>),
}

impl Format {
    /// Whether an export is a folder of files.
    pub fn is_folder(self) -> bool {
        matches!(self, Format::Csv | Format::Parquet | Format::Stratml | Format::Kausal)
    }

    /// Whether an export can be written bit by bit to where nothing can be put in place.
    pub fn is_stream(self) -> bool {
        matches!(self, Format::Ndjson | Format::Sql)
    }
}

/// Why an export cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("Parquet: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    #[error("workbook: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error("this format is written to a file or folder, not to a stream")]
    NoStream,
}

/// An export that is being made.
pub trait Export {
    /// Takes a record; gives whether the format has a place for it.
    ///
    /// # Errors
    /// What the format or the file system says.
    fn record(&mut self, record: &PlanRecord) -> Result<bool, ExportError>;

    /// Puts all of it in place.
    ///
    /// # Errors
    /// What the format or the file system says; the target is then as it was.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// Begins an export.
///
/// # Errors
/// A target that cannot be written, or that is none for the format.
pub fn begin(format: Format, target: Target) -> Result<Box<dyn Export>, ExportError> {
    let path = match (target, format) {
        (Target::Stream(out), Format::Ndjson) => return Ok(Box::new(ndjson::Lines::new(out))),
        (Target::Stream(out), Format::Sql) => return Ok(Box::new(Tabular::new(sql::Script::new(out)?))),
        (Target::Stream(_), _) => return Err(ExportError::NoStream),
        (Target::Path(path), _) => path,
    };
    Ok(match format {
        Format::Sqlite => Box::new(Tabular::new(sqlite::Database::new(path)?)),
        Format::Sql => Box::new(Tabular::new(sql::Script::new(super::Whole::new(path)?)?)),
        Format::Csv => Box::new(Tabular::new(csv::Files::new(path)?)),
        Format::Parquet => Box::new(Tabular::new(parquet::Files::new(path)?)),
        Format::Ndjson => Box::new(ndjson::Lines::new(super::Whole::new(path)?)),
        Format::Xlsx => Box::new(xlsx::Book::new(path)?),
        Format::Stratml => Box::new(Documents::new(path, "xml", stratml::of_plan)?),
        Format::Kausal => Box::new(Documents::new(path, "json", kausal::of_plan)?),
    })
}

/// A file, or a stream that needs no putting in place.
trait Ending: io::Write {
    fn end(self) -> io::Result<()>;
}

impl Ending for super::Whole {
    fn end(self) -> io::Result<()> {
        self.finish()
    }
}

impl Ending for Box<dyn io::Write + Send> {
    fn end(mut self) -> io::Result<()> {
        self.flush()
    }
}

/// A form of the tables.
trait Tables: Sink {
    fn finish(self) -> Result<(), ExportError>;
}

/// Records as rows of the tables.
struct Tabular<T> {
    tables: T,
    numbering: Numbering,
}

impl<T: Tables> Tabular<T> {
    fn new(tables: T) -> Self {
        Tabular { tables, numbering: Numbering::default() }
    }
}

impl<T: Tables> Export for Tabular<T> {
    fn record(&mut self, record: &PlanRecord) -> Result<bool, ExportError> {
        self.numbering.record(record, &mut self.tables)?;
        Ok(true)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        self.tables.finish()
    }
}
