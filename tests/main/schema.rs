//! The shipped JSON Schema: generated from the types, every field described, and not lenient.

use crate::program::{fixtures, keikaku_with, project};
use keikaku::process;
use keikaku::validate::schema::{schema, violations_of};
use keikaku::vocabulary::Vocabulary;
use serde_json::{Value, json};
use std::fs;

#[test]
fn the_committed_schema_is_the_generated_one() {
    let committed = fs::read_to_string(project().join("schemas/plan-record.schema.json")).unwrap();
    let printed = keikaku_with(&["schema"]).out;
    assert!(committed == printed, "run `cargo run -- schema > schemas/plan-record.schema.json`");
    assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), schema());
}

#[test]
fn the_schema_is_a_schema() {
    let schema = schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::meta::validate(&schema).unwrap();
}

#[test]
fn every_field_is_described() {
    let mut bare = Vec::new();
    undescribed(&schema(), "", &mut bare);
    assert_eq!(bare, [""; 0]);
}

fn undescribed(schema: &Value, pointer: &str, bare: &mut Vec<String>) {
    for (key, value) in schema.as_object().into_iter().flatten() {
        let pointer = format!("{pointer}/{key}");
        if key == "properties" || key == "$defs" {
            for (name, field) in value.as_object().into_iter().flatten() {
                if field["description"].as_str().is_none_or(|text| text.len() < 4) {
                    bare.push(format!("{pointer}/{name}"));
                }
                undescribed(field, &format!("{pointer}/{name}"), bare);
            }
        } else {
            undescribed(value, &pointer, bare);
        }
    }
    for (i, item) in schema.as_array().into_iter().flatten().enumerate() {
        undescribed(item, &format!("{pointer}/{i}"), bare);
    }
}

#[test]
fn records_of_fixtures_fit_and_spoilt_ones_do_not() {
    let vocabulary = Vocabulary::built_in();
    for (name, bytes) in fixtures() {
        let record = serde_json::to_value(process::process(&name, &bytes, &vocabulary).record).unwrap();
        assert_eq!(violations_of(&record), [], "{name}");
    }
    let failure = keikaku::diagnostic::Diagnostic::new(keikaku::diagnostic::Code::EmptySource, "empty", None);
    let good = serde_json::to_value(process::failure(process::source("plan.txt", b""), failure)).unwrap();
    assert_eq!(violations_of(&good), []);
    for (pointer, spoilt) in [
        ("/schema_version", json!("2.0")),
        ("/plan/status", json!("finished")),
        ("/plan/published", json!("令和5年3月")),
        ("/plan/period", json!({ "start": "2023-04" })),
        ("/plan/period", json!({ "start": "2023-13", "end": "2024-03" })),
        ("/plan/publisher", json!(5)),
        ("/measures", json!(null)),
        ("/measures", json!([{}])),
        ("/source/sha256", json!("abc")),
        ("/source/bytes", json!(-1)),
        ("/diagnostics/0/code", json!("no-such-code")),
        ("/diagnostics/0/at", json!({ "line": 0, "end_line": 1 })),
        ("/diagnostics/0/at", json!({ "line": 1, "end_line": 1, "page": 1 })),
        ("/diagnostics/0/at", json!({ "sheet": "A", "range": "b2" })),
        ("/diagnostics/0/at", json!({ "page": 1, "bbox": [0, 0, 1] })),
    ] {
        let mut record = good.clone();
        *record.pointer_mut(pointer).unwrap() = spoilt.clone();
        let found = violations_of(&record);
        assert!(found.iter().any(|violation| violation.pointer.starts_with(pointer)), "{pointer} {spoilt}: {found:?}");
    }
}
