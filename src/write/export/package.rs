//! What a folder of tables says of itself: a Frictionless Data Package
//! (<https://specs.frictionlessdata.io/data-package/>) with the tables, their columns, types and keys.

use super::tables::{TABLES, Table, Type};
use crate::write::{Folder, Layout, json};
use serde_json::{Value, json};
use std::io;

/// The package's name in a folder.
const PACKAGE: &str = "datapackage.json";

/// The name of a table's file.
pub(super) fn file_name(table: &Table, extension: &str) -> String {
    format!("{}.{extension}", table.name)
}

/// Writes the package of a folder with one file a table, each with this extension.
///
/// # Errors
/// What the file system says.
pub(super) fn write(folder: &Folder, extension: &str) -> io::Result<()> {
    let resources: Vec<Value> = TABLES
        .iter()
        .map(|table| {
            json!({
                "name": table.name,
                "path": file_name(table, extension),
                "description": table.doc.trim(),
                "schema": schema(table),
            })
        })
        .collect();
    folder.write(PACKAGE, &json(&json!({ "name": "plans", "resources": resources }), Layout::Pretty))
}

/// A table in words of a Frictionless Table Schema.
fn schema(table: &Table) -> Value {
    let fields: Vec<Value> = table
        .columns()
        .map(|column| {
            let holds = match column.holds {
                Type::Integer => "integer",
                Type::Real => "number",
                Type::Boolean => "boolean",
                Type::Text => "string",
            };
            // An empty text is a text, but in CSV it is written as what is missing.
            let required = !column.nullable && column.holds != Type::Text;
            json!({
                "name": column.name,
                "type": holds,
                "description": column.doc,
                "constraints": { "required": required },
            })
        })
        .collect();
    let keys: Vec<Value> = table
        .columns()
        .filter_map(|column| {
            let other = column.references?;
            // The empty name is the table itself.
            let resource = if other == table.name { "" } else { other };
            Some(json!({ "fields": column.name, "reference": { "resource": resource, "fields": "id" } }))
        })
        .collect();
    json!({ "fields": fields, "primaryKey": table.key, "foreignKeys": keys })
}
