//! Every fixture's model, record and diagnostics, as they were when a person last looked at them.
//!
//! A new case is a new file below `fixtures/`; what stands in `fixtures/corrections` is put in. `INSTA_UPDATE=always cargo test golden` writes what is new or changed;
//! the difference is then read in version control.

use crate::program::{fixtures, project};
use keikaku::batch::corrections;
use keikaku::process;
use keikaku::vocabulary::Vocabulary;
use keikaku::write::{Layout, json, model};
use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The aspects of a fixture that are held.
const ASPECTS: [&str; 3] = ["model", "record", "diagnostics"];

fn name(path: &str, aspect: &str) -> String {
    format!("{}.{aspect}", path.replace('/', "__"))
}

#[test]
fn fixtures_give_what_they_gave() {
    if !project().join("tests/golden").is_dir() && std::env::var_os("INSTA_UPDATE").is_none() {
        println!("skipped: no golden files are kept yet");
        return;
    }
    let vocabulary = Vocabulary::built_in();
    let corrections = corrections::load(&[project().join("fixtures/corrections")], None).unwrap();
    let mut changed = Vec::new();
    for (path, bytes) in fixtures() {
        let process::Outcome { mut record, document } = process::extracted(&path, &bytes, &vocabulary);
        process::finish(&mut record, &corrections, &vocabulary);
        let mut diagnostics = String::new();
        for diagnostic in std::mem::take(&mut record.diagnostics) {
            let at = diagnostic.at.as_ref().map_or("-".to_owned(), model::place);
            let field = diagnostic.field.unwrap_or_default();
            diagnostics.push_str(&format!("{} {at} {field} {}\n", diagnostic.code.name(), diagnostic.message));
        }
        // A new version of the program is no change of a fixture.
        record.source.extractor_version.clear();
        let record = String::from_utf8(json(&record, Layout::Pretty)).unwrap();
        for (aspect, content) in ASPECTS.into_iter().zip([model::text(&document), record, diagnostics]) {
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(project().join("tests/golden"));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            let name = name(&path, aspect);
            let assertion = || settings.bind(|| insta::assert_snapshot!(name.as_str(), content));
            if catch_unwind(AssertUnwindSafe(assertion)).is_err() {
                changed.push(name);
            }
        }
    }
    assert_eq!(changed, [""; 0], "these have changed");
}

#[test]
fn no_golden_file_is_left_of_a_fixture_that_is_gone() {
    let expected: BTreeSet<String> =
        fixtures().iter().flat_map(|(path, _)| ASPECTS.map(|aspect| format!("{}.snap", name(path, aspect)))).collect();
    for entry in fs::read_dir(project().join("tests/golden")).into_iter().flatten() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".snap") || expected.contains(&name), "tests/golden/{name} belongs to no fixture");
    }
}
