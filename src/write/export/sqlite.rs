//! The tables as an SQLite database, with keys, indexes, views, and a search over all texts.
//!
//! Search is full-text (FTS5) by trigrams, since Japanese has no spaces between words: `search MATCH` finds what has at
//! least three characters. Shorter words are found by `LIKE '%…%'` in `texts`, an ordinary table: on the index itself SQLite
//! before 3.41 takes the bytes of two characters for enough, and finds nothing.

use super::rows::{Cell, Sink};
use super::tables::{Of, TABLES, Table, Type, VIEWS};
use super::{ExportError, Tables};
use crate::write::Named;
use rusqlite::types::{Null, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql, params_from_iter};
use std::path::Path;

pub(super) struct Database {
    connection: Connection,
    file: Named,
    inserts: Vec<String>,
}

/// No journal: the file is in nobody's way before it is put in place, and thrown away where that fails.
const SETTINGS: &str = "
PRAGMA page_size = 4096;
PRAGMA encoding = 'UTF-8';
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16384;
PRAGMA foreign_keys = OFF;
BEGIN;
";

/// What is searched: where each text stands, and the text.
const SEARCH: &str = "
CREATE TABLE texts ( -- Every text that can be searched, as a row of the table of its kind.
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    kind TEXT NOT NULL, -- plan, policy, measure, owner, section, activity, schedule, kpi, term.
    row_id INTEGER NOT NULL, -- The row's id.
    plan_id INTEGER NOT NULL REFERENCES plans (id)
);
INSERT INTO texts (text, kind, row_id, plan_id)
    SELECT title, 'plan', id, id FROM plans WHERE title <> '' ORDER BY id;
INSERT INTO texts (text, kind, row_id, plan_id) SELECT title, 'policy', id, plan_id FROM policies ORDER BY id;
INSERT INTO texts (text, kind, row_id, plan_id) SELECT name, 'measure', id, plan_id FROM measures ORDER BY id;
INSERT INTO texts (text, kind, row_id, plan_id)
    SELECT o.name, 'owner', o.id, m.plan_id FROM owners o JOIN measures m ON m.id = o.measure_id ORDER BY o.id;
INSERT INTO texts (text, kind, row_id, plan_id)
    SELECT s.text, 'section', s.id, m.plan_id FROM sections s JOIN measures m ON m.id = s.measure_id ORDER BY s.id;
INSERT INTO texts (text, kind, row_id, plan_id)
    SELECT a.text, 'activity', a.id, m.plan_id FROM activities a JOIN measures m ON m.id = a.measure_id ORDER BY a.id;
INSERT INTO texts (text, kind, row_id, plan_id)
    SELECT s.text, 'schedule', s.id, m.plan_id FROM schedule s JOIN measures m ON m.id = s.measure_id ORDER BY s.id;
INSERT INTO texts (text, kind, row_id, plan_id) SELECT name, 'kpi', id, plan_id FROM kpis ORDER BY id;
INSERT INTO texts (text, kind, row_id, plan_id)
    SELECT term || char(10) || definition, 'term', id, plan_id FROM glossary ORDER BY id;
CREATE VIRTUAL TABLE search USING fts5 (
    text, kind UNINDEXED, row_id UNINDEXED, plan_id UNINDEXED,
    content = 'texts', content_rowid = 'id', tokenize = 'trigram'
);
INSERT INTO search (search) VALUES ('rebuild');
";

impl Database {
    /// # Errors
    /// What SQLite or the file system says.
    pub fn new(path: &Path) -> Result<Self, ExportError> {
        let file = Named::new(path)?;
        let connection = Connection::open(file.temporary())?;
        connection.set_prepared_statement_cache_capacity(TABLES.len());
        connection.execute_batch(SETTINGS)?;
        for table in TABLES {
            connection.execute_batch(&create(table))?;
        }
        let inserts = TABLES.iter().map(|table| {
            let marks = vec!["?"; table.columns().count()].join(", ");
            format!("INSERT INTO {} VALUES ({marks})", table.name)
        });
        Ok(Database { inserts: inserts.collect(), connection, file })
    }
}

impl Sink for Database {
    fn row(&mut self, table: Of, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let mut insert: rusqlite::CachedStatement = self.connection.prepare_cached(&self.inserts[table.index()])?;
        let insert: &mut Statement = &mut insert;
        insert.execute(params_from_iter(cells))?;
        Ok(())
    }
}

impl Tables for Database {
    fn finish(self) -> Result<(), ExportError> {
        for table in TABLES {
            for column in table.indexes() {
                let (table, column) = (table.name, column.name);
                self.connection.execute_batch(&format!("CREATE INDEX {table}_{column} ON {table} ({column});"))?;
            }
        }
        self.connection.execute_batch(SEARCH)?;
        for view in VIEWS {
            let (name, select, doc) = (view.name, view.select, view.doc);
            self.connection.execute_batch(&format!("CREATE VIEW {name} AS\n-- {doc}\n{select};"))?;
        }
        self.connection.execute_batch("COMMIT;")?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(self.file.finish()?)
    }
}

/// The statement that makes a table. SQLite keeps its text, and with it what tables and columns mean (`.schema`).
fn create(table: &Table) -> String {
    let columns = table.columns().map(|column| {
        let holds = match column.holds {
            Type::Integer => "INTEGER",
            Type::Real => "REAL",
            Type::Boolean => "INTEGER",
            Type::Text => "TEXT",
        };
        let null = if column.nullable { "" } else { " NOT NULL" };
        let references = column.references.map_or(String::new(), |other| format!(" REFERENCES {other} (id)"));
        format!("    {} {holds}{null}{references}, -- {}\n", column.name, column.doc)
    });
    let (name, doc, key) = (table.name, table.doc.trim(), table.key.join(", "));
    format!("CREATE TABLE {name} ( -- {doc}\n{}    PRIMARY KEY ({key})\n);", columns.collect::<String>())
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Cell::Null => Null.to_sql(),
            Cell::Integer(number) => Ok((*number).into()),
            Cell::Real(number) => Ok((*number).into()),
            Cell::Boolean(is) => Ok(i64::from(*is).into()),
            Cell::Text(text) => Ok(ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))),
        }
    }
}
