//! Exported tables read back, and put together to records again.

use keikaku::record::PlanRecord;
use keikaku::write::export::tables::{TABLES, Table, Type};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

type Row = Map<String, Value>;

/// Rows by the names of tables.
pub type Tables = BTreeMap<&'static str, Vec<Row>>;

fn all(read: impl Fn(&'static Table) -> Vec<Vec<Value>>) -> Tables {
    let named = |table: &'static Table, cells: Vec<Value>| {
        assert_eq!(cells.len(), table.columns().count(), "{}", table.name);
        table.columns().map(|column| column.name.to_owned()).zip(cells).collect()
    };
    TABLES.iter().map(|table| (table.name, read(table).into_iter().map(|row| named(table, row)).collect())).collect()
}

pub fn read_sqlite(path: &Path) -> Tables {
    let database = rusqlite::Connection::open(path).unwrap();
    all(|table| read_rows(&database, table))
}

/// The script, without what only PostgreSQL understands, run in SQLite.
pub fn read_sql(script: &[u8]) -> Tables {
    let script = std::str::from_utf8(script).unwrap();
    let foreign = ["SET ", "CREATE SCHEMA", "COMMENT ON"];
    // Lines inside of literals begin with none of these in the records of the tests.
    let is_foreign = |line: &&str| foreign.iter().any(|word| line.starts_with(word));
    let understood: String = script.split_inclusive('\n').filter(|line| !is_foreign(line)).collect();
    let database = rusqlite::Connection::open_in_memory().unwrap();
    database.execute_batch(&understood).unwrap();
    all(|table| read_rows(&database, table))
}

fn read_rows(database: &rusqlite::Connection, table: &Table) -> Vec<Vec<Value>> {
    use rusqlite::types::ValueRef;
    let mut select = database.prepare(&format!("SELECT * FROM {} ORDER BY rowid", table.name)).unwrap();
    let types: Vec<Type> = table.columns().map(|column| column.holds).collect();
    let rows = select.query_map([], |row| {
        let cell = |(i, holds): (usize, &Type)| match (row.get_ref(i).unwrap(), holds) {
            (ValueRef::Null, _) => Value::Null,
            (ValueRef::Integer(number), Type::Boolean) => json!(number == 1),
            (ValueRef::Integer(number), _) => json!(number),
            (ValueRef::Real(number), _) => json!(number),
            (ValueRef::Text(text), _) => json!(std::str::from_utf8(text).unwrap()),
            (ValueRef::Blob(_), _) => panic!("no table holds bytes"),
        };
        Ok(types.iter().enumerate().map(cell).collect())
    });
    rows.unwrap().map(Result::unwrap).collect()
}

pub fn read_csv(folder: &Path) -> Tables {
    all(|table| {
        let bytes = fs::read(folder.join(format!("{}.csv", table.name))).unwrap();
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
        let mut reader = csv::Reader::from_reader(text);
        let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(heads, table.columns().map(|column| column.name).collect::<Vec<_>>());
        let cell = |(field, column): (&str, &keikaku::write::export::tables::Column)| match column.holds {
            Type::Text if field.is_empty() && column.nullable => Value::Null,
            Type::Text => json!(field.strip_prefix('\'').unwrap_or(field)),
            _ if field.is_empty() => Value::Null,
            Type::Integer => json!(field.parse::<i64>().unwrap()),
            Type::Real => json!(field.parse::<f64>().unwrap()),
            Type::Boolean => json!(field.parse::<bool>().unwrap()),
        };
        reader.records().map(|row| row.unwrap().iter().zip(table.columns()).map(cell).collect()).collect()
    })
}

pub fn read_parquet(folder: &Path) -> Tables {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    all(|table| {
        let file = File::open(folder.join(format!("{}.parquet", table.name))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let cell = |field: &Field| match field {
            Field::Null => Value::Null,
            Field::Bool(is) => json!(is),
            Field::Long(number) => json!(number),
            Field::Double(number) => json!(number),
            Field::Str(text) => json!(text),
            other => panic!("no table holds {other:?}"),
        };
        let rows = reader.get_row_iter(None).unwrap();
        rows.map(|row| row.unwrap().get_column_iter().map(|(_, field)| cell(field)).collect()).collect()
    })
}

/// The records that tables were made of.
pub fn rebuilt(tables: &Tables) -> Vec<PlanRecord> {
    let places = tables["places"].iter().map(|row| (row["id"].as_i64().unwrap(), row)).collect();
    let read = Reading { tables, places };
    let plans = tables["plans"].iter();
    plans.map(|plan| serde_json::from_value(read.record(plan)).expect("the rows of a record")).collect()
}

struct Reading<'t> {
    tables: &'t Tables,
    places: BTreeMap<i64, &'t Row>,
}

impl Reading<'_> {
    /// The rows of a table whose column refers to a row.
    fn of<'s>(&'s self, table: &str, column: &'s str, row: &'s Row) -> impl Iterator<Item = &'s Row> {
        self.tables[table].iter().filter(move |other| other[column] == row["id"])
    }

    fn list(&self, table: &str, column: &str, row: &Row, make: impl Fn(&Row) -> Value) -> Value {
        self.of(table, column, row).map(make).collect::<Vec<_>>().into()
    }

    fn record(&self, plan: &Row) -> Value {
        let period = match (&plan["start_month"], &plan["end_month"]) {
            (Value::Null, _) => Value::Null,
            (start, end) => json!({ "start": start, "end": end }),
        };
        let mut header = pick(plan, &["title", "publisher", "status", "version", "published", "revised"]);
        header["period"] = period;
        let places = self.of("header_places", "plan_id", plan);
        let places =
            places.map(|row| (row["field"].as_str().unwrap().to_owned(), self.placed(json!({}), row)["at"].clone()));
        header["places"] = places.collect::<Row>().into();
        let source = pick(plan, &["path", "format", "bytes", "sha256", "pages", "extractor_version"]);
        json!({
            "schema_version": plan["schema_version"],
            "plan": header,
            "policies": self.list("policies", "plan_id", plan, |row| {
                let mut policy = pick(row, &["number", "level", "title"]);
                policy["parent"] = row["parent_number"].clone();
                policy["kpis"] = self.list("kpis", "policy_id", row, |row| self.kpi(row));
                self.placed(policy, row)
            }),
            "measures": self.list("measures", "plan_id", plan, |row| self.measure(row)),
            "glossary": self.list("glossary", "plan_id", plan, |row| {
                self.placed(pick(row, &["term", "reading", "definition"]), row)
            }),
            "diagnostics": self.list("diagnostics", "plan_id", plan, |row| {
                self.placed(pick(row, &["code", "severity", "message", "field"]), row)
            }),
            "corrections": self.list("corrections", "plan_id", plan, |row| {
                let mut corrected = pick(row, &["field", "removed", "who", "why"]);
                corrected["was"] = serde_json::from_str(row["was"].as_str().unwrap()).unwrap();
                corrected["when"] = row["day"].clone();
                corrected
            }),
            "source": source,
        })
    }

    fn measure(&self, row: &Row) -> Value {
        let list = |table: &str, make: &dyn Fn(&Row) -> Value| self.list(table, "measure_id", row, make);
        let mut measure = pick(row, &["number", "name"]);
        measure["id"] = row["key"].clone();
        measure["policies"] = list("measure_policies", &|row| row["title"].clone());
        measure["categories"] = list("categories", &|row| row["name"].clone());
        measure["owners"] = list("owners", &|row| self.placed(pick(row, &["name", "role", "others"]), row));
        measure["sections"] = list("sections", &|row| {
            let mut section = pick(row, &["kind", "heading", "text"]);
            section["items"] = self.list("section_items", "section_id", row, |row| row["text"].clone());
            self.placed(section, row)
        });
        measure["activities"] = list("activities", &|row| {
            let mut activity = pick(row, &["fiscal_year", "text"]);
            let has_output = !row["value_raw"].is_null();
            activity["output"] = if has_output { self.value(row, "activity_id") } else { Value::Null };
            self.placed(activity, row)
        });
        measure["period"] = match &row["start_month"] {
            Value::Null => Value::Null,
            start => json!({ "start": start, "end": row["end_month"] }),
        };
        measure["budgets"] = list("budgets", &|row| {
            let mut budget = pick(row, &["fiscal_year", "kind"]);
            budget["amount"] = self.value(row, "budget_id");
            budget["funding"] = self.list(
                "funding",
                "budget_id",
                row,
                |row| json!({ "source": row["source"], "amount": self.value(row, "funding_id") }),
            );
            self.placed(budget, row)
        });
        measure["schedule"] = list("schedule", &|row| {
            let mut item = pick(row, &["label", "text", "basis"]);
            item["start"] = row["start_month"].clone();
            item["end"] = row["end_month"].clone();
            item["owners"] = self.list("schedule_owners", "schedule_id", row, |row| {
                self.placed(pick(row, &["name", "role", "others"]), row)
            });
            self.placed(item, row)
        });
        measure["kpis"] = list("kpis", &|row| self.kpi(row));
        self.placed(measure, row)
    }

    fn kpi(&self, row: &Row) -> Value {
        let of_kind =
            |kind: &'static str| self.of("targets", "kpi_id", row).filter(move |figure| figure["kind"] == kind);
        let figure = |figure: &Row, fields: &[&str]| {
            let mut made = pick(figure, fields);
            made["value"] = self.value(figure, "target_id");
            self.placed(made, figure)
        };
        let figures = |kind| of_kind(kind).map(|row| figure(row, &["fiscal_year", "indicator"])).collect::<Vec<_>>();
        let mut kpi = pick(row, &["label", "name", "type", "unit"]);
        kpi["baseline"] = of_kind("baseline").next().map_or(Value::Null, |row| figure(row, &["fiscal_year", "as_of"]));
        kpi["targets"] = figures("target").into();
        kpi["actuals"] = figures("actual").into();
        kpi["notes"] = self.list("kpi_notes", "kpi_id", row, |row| row["text"].clone());
        self.placed(kpi, row)
    }

    fn value(&self, row: &Row, refers: &str) -> Value {
        let names = ["raw", "kind", "number", "from", "to", "min", "max", "unit", "comparator", "corrected"];
        let mut value: Row =
            names.iter().map(|name| ((*name).to_owned(), row[&format!("value_{name}")].clone())).collect();
        value.insert("of".to_owned(), row["value_whole"].clone());
        value.retain(|_, field| !field.is_null());
        if !row["value_base_number"].is_null() {
            let base = json!({ "number": row["value_base_number"], "unit": row["value_base_unit"] });
            value.insert("base".to_owned(), base);
        }
        value.insert("also".to_owned(), self.list("further_figures", refers, row, |row| self.value(row, "part_of")));
        value.into()
    }

    fn placed(&self, mut made: Value, row: &Row) -> Value {
        made["at"] = row["place_id"].as_i64().map_or(Value::Null, |id| {
            let place = self.places[&id];
            if !place["page"].is_null() {
                json!({ "page": place["page"], "bbox": [place["x0"], place["y0"], place["x1"], place["y1"]] })
            } else if !place["sheet"].is_null() {
                json!({ "sheet": place["sheet"], "range": place["cells"] })
            } else {
                json!({ "line": place["line"], "end_line": place["end_line"] })
            }
        });
        made
    }
}

fn pick(row: &Row, names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), row[*name].clone())).collect::<Row>().into()
}
