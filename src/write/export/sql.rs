//! The tables as a script for PostgreSQL: schema, comments, rows, indexes, views, in one transaction.

use super::rows::{Cell, Sink};
use super::tables::{Of, TABLES, Table, Type, VIEWS};
use super::{Ending, ExportError, Tables};
use std::borrow::Cow;
use std::fmt::Write as _;

/// So many rows go into one INSERT.
const BATCH: usize = 500;

pub(super) struct Script<W> {
    out: W,
    /// The table of the INSERT that is open, and its rows so far.
    open: Option<(usize, usize)>,
}

const HEAD: &str = "\
-- Plans as tables, for PostgreSQL 12 or later: psql -v ON_ERROR_STOP=1 -f THIS_FILE
-- Everything goes into the schema keikaku; one that is there already stops the script before anything is changed.
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
BEGIN;
CREATE SCHEMA keikaku;
SET LOCAL search_path = keikaku;
";

impl<W: Ending> Script<W> {
    /// # Errors
    /// What the stream says.
    pub fn new(mut out: W) -> Result<Self, ExportError> {
        let mut head = HEAD.to_owned();
        for table in TABLES {
            head.push_str(&create(table));
        }
        out.write_all(head.as_bytes())?;
        Ok(Script { out, open: None })
    }

    fn close(&mut self) -> Result<(), ExportError> {
        if self.open.take().is_some() {
            self.out.write_all(b";\n")?;
        }
        Ok(())
    }
}

impl<W: Ending> Sink for Script<W> {
    fn row(&mut self, table: Of, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let index = table.index();
        let mut row = String::new();
        match self.open {
            Some((open, rows)) if open == index && rows < BATCH => {
                row.push_str(",\n");
                self.open = Some((open, rows + 1));
            }
            _ => {
                self.close()?;
                writeln!(row, "INSERT INTO {} VALUES", TABLES[index].name).expect("a string takes all");
                self.open = Some((index, 1));
            }
        }
        for (i, cell) in cells.iter().enumerate() {
            row.push_str(if i == 0 { "(" } else { ", " });
            literal(&mut row, cell);
        }
        row.push(')');
        Ok(self.out.write_all(row.as_bytes())?)
    }
}

impl<W: Ending> Tables for Script<W> {
    fn finish(mut self) -> Result<(), ExportError> {
        self.close()?;
        // What is deferred is checked first: a table with checks to come can have no index.
        let mut tail = "SET CONSTRAINTS ALL IMMEDIATE;\n".to_owned();
        for table in TABLES {
            for column in table.indexes() {
                let (table, column) = (table.name, column.name);
                writeln!(tail, "CREATE INDEX {table}_{column} ON {table} ({column});").expect("a string takes all");
            }
        }
        for view in VIEWS {
            let (name, select, doc) = (view.name, view.select, quoted(view.doc));
            write!(tail, "CREATE VIEW {name} AS\n{select};\nCOMMENT ON VIEW {name} IS {doc};\n")
                .expect("a string takes all");
        }
        tail.push_str("COMMIT;\n");
        self.out.write_all(tail.as_bytes())?;
        Ok(self.out.end()?)
    }
}

fn create(table: &Table) -> String {
    let mut lines = Vec::new();
    for column in table.columns() {
        let holds = match column.holds {
            Type::Integer => "bigint",
            Type::Real => "double precision",
            Type::Boolean => "boolean",
            Type::Text => "text",
        };
        let null = if column.nullable { "" } else { " NOT NULL" };
        // A row may come before the row of the same table that it refers to.
        let deferred = |other: &str| if other == table.name { " DEFERRABLE INITIALLY DEFERRED" } else { "" };
        let references =
            column.references.map_or(String::new(), |other| format!(" REFERENCES {other}{}", deferred(other)));
        lines.push(format!("    {} {holds}{null}{references}", column.name));
    }
    lines.push(format!("    PRIMARY KEY ({})", table.key.join(", ")));
    let name = table.name;
    let mut sql = format!("CREATE TABLE {name} (\n{}\n);\n", lines.join(",\n"));
    writeln!(sql, "COMMENT ON TABLE {name} IS {};", quoted(table.doc.trim())).expect("a string takes all");
    for column in table.columns() {
        writeln!(sql, "COMMENT ON COLUMN {name}.{} IS {};", column.name, quoted(column.doc))
            .expect("a string takes all");
    }
    sql
}

fn literal(out: &mut String, cell: &Cell<'_>) {
    match cell {
        Cell::Null => out.push_str("NULL"),
        Cell::Integer(number) => write!(out, "{number}").expect("a string takes all"),
        // Quoted, so that it is read as a double from the first and not as a decimal.
        Cell::Real(number) => write!(out, "'{number:?}'").expect("a string takes all"),
        Cell::Boolean(is) => out.push_str(if *is { "TRUE" } else { "FALSE" }),
        Cell::Text(text) => out.push_str(&quoted(text)),
    }
}

/// A text as a literal. A quote is doubled; a backslash is none of its own, as `standard_conforming_strings` says.
/// PostgreSQL has no U+0000 in a text: U+FFFD stands for it.
fn quoted(text: &str) -> String {
    let text = if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) };
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_literal() {
        assert_eq!(quoted("'); DROP TABLE plans; --"), "'''); DROP TABLE plans; --'");
        assert_eq!(quoted("a\\'b\0c\nd"), "'a\\''b\u{fffd}c\nd'");
    }
}
