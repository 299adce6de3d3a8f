//! `keikaku export`: what is read back is what the records hold, whatever stands in them, and always the same bytes.

use crate::export_tables::{Tables, read_csv, read_parquet, read_sql, read_sqlite, rebuilt};
use crate::program::{Folder, fixtures, keikaku, run};
use keikaku::diagnostic::{Code, Diagnostic};
use keikaku::document::Place;
use keikaku::process;
use keikaku::record::{
    Activity, Baseline, Basis, Budget, Corrected, Funding, GlossaryEntry, HeaderPlaces, Kpi, KpiKind, Measure, Number,
    Owner, Period, Plan, PlanRecord, Policy, Role, SCHEMA_VERSION, ScheduleItem, Section, SectionKind, Source, Span,
    Status, Target, Value, ValueKind,
};
use keikaku::vocabulary::Vocabulary;
use keikaku::write::export::{self, Format};
use std::collections::BTreeSet;
use std::path::Path;

/// What a document may hold to act on a database, a spreadsheet, a page or a terminal.
const HOSTILE: &[&str] = &[
    "'); DROP TABLE plans; --",
    "=cmd|' /C calc'!A0",
    "@SUM(1,2)",
    "＝HYPERLINK(\"http://example.jp\")",
    "-維持",
    "'apostrophe",
    "two\r\nlines\tand \"quotes\", commas",
    "NUL \0 and \u{1b}[31m",
    "<script>alert(1)</script>&amp;]]>",
    "\\x back\\slash \u{202e}rtl 𠮷野家",
    " ",
];

/// A record with something in every field, and a hostile text in every text.
fn hostile(i: usize) -> PlanRecord {
    let text = |j: usize| HOSTILE[(i + j) % HOSTILE.len()].to_owned();
    let at = |line: u32| Place::Lines { line, end_line: line + 1 };
    let boxed = Place::Page { page: 3, bbox: [56.7, 0.1, 123.456, 700.0] };
    let value = |j: usize| Value {
        raw: text(j),
        kind: ValueKind::Number,
        number: Some(Number(0.1)),
        corrected: true,
        unit: Some(text(j + 1)),
        comparator: Some(keikaku::record::Comparator::Approx),
        base: Some(keikaku::record::Base { number: Number(-2_121_796_000.0), unit: text(j + 2) }),
        also: vec![
            Value { raw: text(j + 3), also: vec![Value { raw: text(j + 4), ..Value::default() }], ..Value::default() },
            Value { min: Some(Number(4.0)), max: Some(Number(5.5)), kind: ValueKind::Range, ..Value::default() },
        ],
        ..Value::default()
    };
    let owner = |j: usize| Owner { name: text(j), role: Role::Related, others: true, at: at(4) };
    let kpi = |j: usize| Kpi {
        label: Some(text(j)),
        name: text(j + 1),
        kind: Some(KpiKind::Outcome),
        unit: Some(text(j + 2)),
        baseline: Some(Baseline { fiscal_year: Some(2022), as_of: Some("2022-03".into()), value: value(j), at: at(5) }),
        targets: vec![Target { fiscal_year: Some(2024), indicator: Some(text(j)), value: value(j + 3), at: at(6) }],
        actuals: vec![Target { fiscal_year: None, indicator: None, value: value(j + 4), at: at(7) }],
        notes: vec![text(j), text(j + 1)],
        at: boxed.clone(),
    };
    let measure = Measure {
        id: format!("m-{i}"),
        number: Some(text(1)),
        name: text(2),
        policies: vec![text(0), text(9)],
        categories: vec![text(3)],
        owners: vec![owner(4), owner(5)],
        sections: vec![Section {
            kind: SectionKind::CurrentState,
            heading: text(6),
            text: text(7),
            items: vec![text(8), text(9)],
            at: Place::Sheet { sheet: text(1).into(), range: "B4:F9".parse().unwrap() },
        }],
        activities: vec![
            Activity { fiscal_year: Some(2023), text: text(1), output: Some(value(1)), at: at(8) },
            Activity { fiscal_year: None, text: text(2), output: None, at: at(9) },
        ],
        period: Some(Span { start: "2023-04".parse().unwrap(), end: None }),
        budgets: vec![Budget {
            fiscal_year: Some(2023),
            kind: text(3),
            amount: value(2),
            funding: vec![Funding { source: text(4), amount: value(5) }],
            at: at(10),
        }],
        schedule: vec![ScheduleItem {
            label: Some(text(5)),
            text: text(6),
            start: Some("2023-04".parse().unwrap()),
            end: None,
            basis: Basis::Cell,
            owners: vec![owner(7)],
            at: at(11),
        }],
        kpis: vec![kpi(0), kpi(1)],
        at: at(3),
    };
    let policy = |number: &str, parent: Option<&str>, j: usize| Policy {
        number: Some(number.into()),
        level: Some(text(j)),
        title: text(j),
        parent: parent.map(str::to_owned),
        kpis: vec![kpi(j)],
        at: at(2),
    };
    PlanRecord {
        schema_version: SCHEMA_VERSION.into(),
        plan: Plan {
            title: text(0),
            publisher: Some(text(1)),
            status: Status::Proposal,
            version: Some(text(2)),
            published: Some("2023-10".into()),
            revised: None,
            period: Some(Period { start: "2023-04".parse().unwrap(), end: "2027-03".parse().unwrap() }),
            places: HeaderPlaces { title: Some(boxed.clone()), period: Some(at(1)), ..HeaderPlaces::default() },
        },
        // The first stands under the second.
        policies: vec![policy("1-1", Some("1"), 0), policy("1", None, 1)],
        measures: vec![measure],
        glossary: vec![GlossaryEntry { term: text(0), reading: Some(text(1)), definition: text(2), at: at(90) }],
        corrections: vec![Corrected {
            field: "/measures/0/name".into(),
            was: serde_json::json!({ "raw": text(1), "number": 1.5 }),
            removed: true,
            who: text(2),
            when: "2026-11-21".into(),
            why: Some(text(3)),
        }],
        diagnostics: vec![
            Diagnostic {
                field: Some("/measures/0".into()),
                ..Diagnostic::new(Code::UnparsedValue, text(3), Some(at(1)))
            },
            Diagnostic::new(Code::NoPlanFound, text(4), None),
        ],
        source: Source {
            path: format!("folder/{i:02} 計画.txt"),
            format: "text".into(),
            bytes: 12,
            sha256: "0".repeat(64),
            pages: 1,
            extractor_version: "0".into(),
        },
    }
}

/// Records of fixtures of every format, and the hostile ones.
fn records() -> Vec<PlanRecord> {
    let vocabulary = Vocabulary::built_in();
    let chosen = |name: &str| !name.starts_with("pdf/") || name.ends_with("kirigaoka-forms.chromium.pdf");
    let fixtures = fixtures().into_iter().filter(|(name, _)| chosen(name));
    let mut records: Vec<PlanRecord> =
        fixtures.map(|(name, bytes)| process::process(&name, &bytes, &vocabulary).record).collect();
    records.extend((0..HOSTILE.len()).map(hostile));
    records
}

fn exported(records: &[PlanRecord], format: Format, to: &Path) {
    let mut export = export::begin(format, export::Target::Path(to)).unwrap();
    records.iter().for_each(|record| assert!(export.record(record).unwrap()));
    export.finish().unwrap();
}

#[test]
fn tables_hold_all_that_records_hold() {
    let records = records();
    let folder = Folder::with(&[]);
    let at = |name: &str| folder.path(name);
    exported(&records, Format::Sqlite, &at("plans.sqlite"));
    let tables: Tables = read_sqlite(&at("plans.sqlite"));
    for (found, expected) in rebuilt(&tables).iter().zip(&records) {
        assert_eq!(found, expected);
    }
    assert_eq!(tables["plans"].len(), records.len());

    exported(&records, Format::Csv, &at("csv"));
    assert!(read_csv(&at("csv")) == tables, "CSV holds something else");
    exported(&records, Format::Parquet, &at("parquet"));
    assert!(read_parquet(&at("parquet")) == tables, "Parquet holds something else");

    exported(&records, Format::Sql, &at("plans.sql"));
    let mut without_nul = tables.clone();
    let texts = without_nul.values_mut().flatten().flat_map(|row| row.values_mut());
    for value in texts {
        if let Some(text) = value.as_str() {
            *value = text.replace('\0', "\u{fffd}").into();
        }
    }
    assert!(read_sql(&folder.bytes("plans.sql")) == without_nul, "SQL holds something else");

    exported(&records, Format::Ndjson, &at("plans.ndjson"));
    let lines = String::from_utf8(folder.bytes("plans.ndjson")).unwrap();
    let found: Vec<PlanRecord> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(found == records, "NDJSON holds something else");
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let records: Vec<PlanRecord> = (0..HOSTILE.len()).map(hostile).collect();
    for format in ALL {
        let folder = Folder::with(&[]);
        exported(&records, format, &folder.path("one/export"));
        exported(&records, format, &folder.path("other/export"));
        assert!(!folder.files("one").is_empty());
        assert!(folder.files("one") == folder.files("other"), "{format:?}");
        // Over what is there: the same again, and nothing left beside it.
        exported(&records, format, &folder.path("other/export"));
        assert!(folder.files("one") == folder.files("other"), "{format:?} again");
    }
}

const ALL: [Format; 6] = [Format::Sqlite, Format::Sql, Format::Csv, Format::Parquet, Format::Ndjson, Format::Xlsx];

#[test]
fn a_database_answers_the_common_questions() {
    let folder = Folder::with(&[]);
    exported(&[hostile(7)], Format::Sqlite, &folder.path("plans.sqlite"));
    let database = rusqlite::Connection::open(folder.path("plans.sqlite")).unwrap();
    let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_eq!(count("SELECT count(*) FROM targets_by_year WHERE fiscal_year = 2024"), 4);
    assert_eq!(count("SELECT count(*) FROM measures_by_department WHERE role = 'related'"), 2);
    assert_eq!(count("SELECT count(*) FROM budgets_by_year WHERE amount = -2121796000"), 1);
    assert!(count("SELECT count(*) FROM search WHERE search MATCH '野家'") == 0, "two characters are no trigram");
    assert!(count("SELECT count(*) FROM texts WHERE text LIKE '%野家%'") > 0);
    assert!(count("SELECT count(*) FROM search WHERE search MATCH '𠮷野家'") > 0);
}

#[test]
fn a_folder_of_someone_else_is_left_alone() {
    let folder = Folder::with(&[]);
    folder.write("export/letter.txt", b"mine");
    assert!(export::begin(Format::Csv, export::Target::Path(&folder.path("export"))).is_err());
    assert_eq!(folder.files("export"), [("letter.txt".to_owned(), b"mine".to_vec())]);
}

#[test]
fn an_export_that_breaks_leaves_what_was_there() {
    let folder = Folder::with(&[]);
    for format in ALL {
        exported(&[hostile(0)], format, &folder.path("export"));
        let before = folder.files("");
        let mut export = export::begin(format, export::Target::Path(&folder.path("export"))).unwrap();
        export.record(&hostile(1)).unwrap();
        drop(export);
        assert!(folder.files("") == before, "{format:?}");
        let _ = std::fs::remove_file(folder.path("export"));
        let _ = std::fs::remove_dir_all(folder.path("export"));
    }
}

const PLAN: &str =
    "# 港町計画\n\n## 施策1 桟橋の整備\n\n- 担当課: 港湾課\n- 概要: 桟橋を直し、船を安全に着けられるようにする。\n";

#[test]
fn the_command_exports_an_output() {
    for layout in ["json", "ndjson"] {
        let folder =
            Folder::with(&[("b.md", PLAN.as_bytes()), ("a.md", PLAN.as_bytes()), ("gone.md", PLAN.as_bytes())]);
        folder.ingested(&["--format", layout]);
        std::fs::remove_file(folder.path("in/gone.md")).unwrap();
        folder.ingested(&["--format", layout]);
        let export = |more: &[&str]| run(keikaku().current_dir(folder.path("")).args(["export", "out"]).args(more));
        let ran = export(&["--to", "sqlite", "-o", "plans.sqlite"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
        assert!(ran.err.contains("2 records") && ran.err.contains("1 of sources that are gone"), "{}", ran.err);
        let paths: Vec<_> =
            read_sqlite(&folder.path("plans.sqlite"))["plans"].iter().map(|row| row["path"].clone()).collect();
        assert_eq!(paths, ["a.md", "b.md"]);

        let ran = export(&["--to", "ndjson", "-o", "-", "--quiet"]);
        assert_eq!((ran.code, ran.err.as_str(), ran.out.lines().count()), (Some(0), "", 2));
        assert_eq!(export(&["--to", "xlsx", "-o", "-"]).code, Some(2), "a workbook is no stream");
        assert_eq!(export(&["--to", "csv", "-o", "plans.sqlite"]).code, Some(2), "a file is no folder");
        assert_eq!(export(&["--to", "sql", "-o", "out"]).code, Some(2), "a folder is no file");
    }
    let folder = Folder::with(&[]);
    let ran = run(keikaku().current_dir(folder.path("")).args(["export", "in", "--to", "csv", "-o", "csv"]));
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("run.json"), "{}", ran.err);
}

#[test]
fn a_workbook_holds_texts_and_no_formulas() {
    use calamine::{Data, Reader};
    let folder = Folder::with(&[]);
    let records: Vec<PlanRecord> = (0..HOSTILE.len()).map(hostile).collect();
    exported(&records, Format::Xlsx, &folder.path("plans.xlsx"));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.path("plans.xlsx")).unwrap();
    for sheet in book.sheet_names() {
        assert!(book.worksheet_formula(&sheet).unwrap().is_empty(), "{sheet}");
        for cell in book.worksheet_range(&sheet).unwrap().used_cells() {
            assert!(matches!(cell.2, Data::String(_) | Data::Float(_) | Data::Int(_)), "{sheet} {cell:?}");
        }
    }
    let measures = book.worksheet_range("施策").unwrap();
    let names: Vec<String> = measures.rows().skip(1).map(|row| row[3].to_string()).collect();
    for (name, record) in names.iter().zip(&records) {
        // What acts nowhere comes back as it is; white space at the ends of a cell is nobody's.
        let expected = &record.measures[0].name;
        if !expected.contains(['\0', '\r']) && expected.trim() == expected {
            assert_eq!(name, expected);
        }
    }
    assert_eq!(names.len(), records.len());
}

/// The texts of an element, in the order of the document, which is seen to be well formed.
fn texts_of(document: &[u8], element: &str) -> Vec<String> {
    let text = std::str::from_utf8(document).unwrap();
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) if start.name().as_ref() == element => {
                let raw = reader.read_text(start.name()).unwrap();
                found.push(quick_xml::escape::unescape(&raw).unwrap().into_owned());
            }
            quick_xml::events::Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn stratml_holds_goals_objectives_and_figures() {
    let folder = Folder::with(&[]);
    let records: Vec<PlanRecord> = (0..HOSTILE.len()).map(hostile).collect();
    exported(&records, Format::Stratml, &folder.path("stratml"));
    for record in &records {
        let document = folder.bytes(&format!("stratml/{}.xml", record.source.path));
        let ids = texts_of(&document, "Identifier");
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        assert!(ids.contains(&record.measures[0].id));
        // Of two indicators of the measure and one of each policy: a baseline, a target, an actual figure.
        assert_eq!(texts_of(&document, "TargetResult").len(), 4);
        assert_eq!(texts_of(&document, "ActualResult").len(), 8);
        let dimension = &texts_of(&document, "MeasurementDimension")[0];
        let expected = record.policies[0].kpis[0].name.replace("\r\n", "\n").replace(['\0', '\u{1b}'], "\u{fffd}");
        assert_eq!(dimension, &expected);
    }
}

#[test]
fn kausal_objects_refer_to_what_is_there() {
    let folder = Folder::with(&[]);
    let records: Vec<PlanRecord> = records().into_iter().filter(|record| !record.measures.is_empty()).collect();
    exported(&records, Format::Kausal, &folder.path("kausal"));
    for record in &records {
        let found = folder.json(&format!("kausal/{}.json", record.source.path));
        let identifiers = |list: &serde_json::Value| -> Vec<String> {
            list.as_array().unwrap().iter().map(|one| one["identifier"].as_str().unwrap().to_owned()).collect()
        };
        let types = found["category_types"].as_array().unwrap();
        let categories: Vec<String> = types.iter().flat_map(|one| identifiers(&one["categories"])).collect();
        let (organizations, indicators) = (identifiers(&found["organizations"]), identifiers(&found["indicators"]));
        let schedules = identifiers(&found["action_schedules"]);
        let actions = found["actions"].as_array().unwrap();
        assert_eq!(actions.len(), record.measures.len());
        for (action, measure) in actions.iter().zip(&record.measures) {
            assert_eq!(action["name"], measure.name);
            let of = |list: &str, field: &str| -> Vec<String> {
                let items = action[list].as_array().unwrap();
                items
                    .iter()
                    .map(|one| if field.is_empty() { one } else { &one[field] }.as_str().unwrap().to_owned())
                    .collect()
            };
            assert!(of("responsible_parties", "organization").iter().all(|name| organizations.contains(name)));
            assert!(of("related_indicators", "indicator").iter().all(|name| indicators.contains(name)));
            assert!(of("categories", "").iter().all(|name| categories.contains(name)));
            assert!(of("schedule", "").iter().all(|name| schedules.contains(name)));
            let parties = of("responsible_parties", "organization");
            let names: BTreeSet<&str> = measure.owners.iter().map(|owner| owner.name.as_str()).collect();
            assert_eq!(parties.iter().collect::<BTreeSet<_>>().len(), parties.len(), "an organization once an action");
            assert_eq!(parties.len(), names.len());
        }
        let unit_names: Vec<&str> =
            found["units"].as_array().unwrap().iter().map(|unit| unit["name"].as_str().unwrap()).collect();
        for indicator in found["indicators"].as_array().unwrap() {
            assert!(indicator["unit"].as_str().is_none_or(|unit| unit_names.contains(&unit)));
            let dates: Vec<&str> =
                indicator["goals"].as_array().unwrap().iter().map(|goal| goal["date"].as_str().unwrap()).collect();
            assert_eq!(dates.iter().collect::<BTreeSet<_>>().len(), dates.len(), "a goal a date");
        }
    }
}

/// Kausal Watch shows rich text as it is, and its database refuses names that are too long.
#[test]
fn kausal_texts_are_no_markup_and_names_fit() {
    let folder = Folder::with(&[]);
    let mut record = hostile(8);
    let long = "長い名称".repeat(300);
    let measure = &mut record.measures[0];
    measure.name.clone_from(&long);
    measure.sections[0].text = "<b onclick=x>&\n二行目".to_owned();
    measure.schedule[0].text.clone_from(&long);
    measure.schedule[0].end = Some("2024-03".parse().unwrap());
    measure.kpis[0].name.clone_from(&long);
    let owner = measure.owners[0].clone();
    measure.owners.push(Owner { role: Role::Lead, ..owner });
    exported(&[record.clone()], Format::Kausal, &folder.path("kausal"));
    let found = folder.json(&format!("kausal/{}.json", record.source.path));
    let action = &found["actions"][0];
    let description = action["description"].as_str().unwrap();
    assert!(description.contains("<p>&lt;b onclick=x&gt;&amp;</p><p>二行目</p>"), "{description}");
    assert_eq!(action["official_name"].as_str().unwrap().chars().filter(|c| *c == '長').count(), 300, "all of it");
    let parties = action["responsible_parties"].as_array().unwrap();
    assert_eq!((parties.len(), parties[0]["role"].as_str()), (2, Some("primary")));
    let length = |value: &serde_json::Value| value.as_str().unwrap().chars().count();
    assert_eq!(length(&action["name"]), 1000);
    assert_eq!(length(&action["tasks"][0]["name"]), 250);
    assert!(action["tasks"][0]["comment"].as_str().unwrap().contains(&long));
    let indicator = found["indicators"].as_array().unwrap().iter().find(|one| one["identifier"] == "m-8-kpi-1");
    let indicator = indicator.unwrap_or_else(|| panic!("{}", found["indicators"]));
    assert_eq!(length(&indicator["name"]), 200);
    assert!(indicator["description"].as_str().unwrap().contains(&long));
}

#[test]
fn files_of_plans_stay_in_their_folder() {
    let folder = Folder::with(&[]);
    let mut record = hostile(0);
    for (path, file) in [("../../up.txt", "up.txt.xml"), ("/etc/plan.txt", "etc/plan.txt.xml"), ("..", "plan.xml")] {
        path.clone_into(&mut record.source.path);
        exported(&[record.clone()], Format::Stratml, &folder.path("deep/er/stratml"));
        let files: Vec<String> = folder.files("deep/er/stratml").into_iter().map(|(name, _)| name).collect();
        assert!(files.contains(&file.to_owned()), "{path}: {files:?}");
        assert_eq!(folder.files("deep").len(), files.len(), "{path}");
    }
}

#[test]
fn the_documentation_describes_every_column() {
    let mut expected = String::new();
    for table in keikaku::write::export::tables::TABLES {
        expected += &format!("\n### `{}`\n\n{}\n\n| column | type | |\n|---|---|---|\n", table.name, table.doc.trim());
        for column in table.columns() {
            let holds = format!("{:?}", column.holds).to_lowercase();
            let null = if column.nullable { ", null" } else { "" };
            let other = column.references.map_or(String::new(), |other| format!(", `{other}.id`"));
            expected += &format!("| `{}` | {holds}{null}{other} | {} |\n", column.name, column.doc);
        }
    }
    let path = crate::program::project().join("docs/exports.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(" compares them -->\n").unwrap();
    let (tables, after) = rest.split_once("<!-- /tables -->").unwrap();
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        let text = format!("{before} compares them -->\n{expected}\n<!-- /tables -->{after}");
        std::fs::write(path, text).unwrap();
    } else {
        assert_eq!(tables, format!("{expected}\n"), "INSTA_UPDATE=always writes it");
    }
}
