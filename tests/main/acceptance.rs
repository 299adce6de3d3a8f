//! The program on the shared corpus, measured by the contract's own scripts.
//!
//! The corpus lies beside the project (`../shared`); where it does not, there is nothing to measure and the test says
//! so. The scripts need Python 3.9 or later, `ground.py` also poppler's `pdftotext` and openpyxl.

use crate::program::{keikaku, project, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What a folder of the corpus must reach.
struct Floors {
    folder: &'static str,
    /// Mean F1 over all groups of fields.
    mean: f64,
    /// F1 of each document.
    document: f64,
    /// F1 of each group of fields.
    group: f64,
    /// F1 of single groups, where they must reach more.
    groups: &'static [(&'static str, f64)],
    /// Share of fields that stand where the record says; none where `ground.py` cannot read the format.
    ground: Option<f64>,
    /// Documents that the independent reader behind `ground.py` gets no text from.
    unreadable: &'static [&'static str],
}

const FLOORS: &[Floors] = &[
    Floors {
        folder: "text",
        mean: 0.99,
        document: 0.98,
        group: 0.97,
        groups: &[],
        ground: Some(0.995),
        unreadable: &[],
    },
    Floors {
        folder: "pdf",
        mean: 0.995,
        document: 0.99,
        group: 0.98,
        groups: &[("schedule", 0.99), ("targets", 0.99)],
        ground: Some(0.99),
        // pdftotext needs ToUnicode.
        unreadable: &["ube-extract-notounicode.pdf"],
    },
    // openpyxl shows neither what a number format makes of a number nor what is drawn over the cells: see SHOWN.
    Floors {
        folder: "xlsx",
        mean: 0.97,
        document: 0.97,
        group: 0.95,
        groups: &[],
        ground: Some(0.86),
        unreadable: &[],
    },
    Floors { folder: "xls", mean: 0.99, document: 0.99, group: 0.97, groups: &[], ground: None, unreadable: &[] },
    Floors { folder: "ods", mean: 0.99, document: 0.99, group: 0.97, groups: &[], ground: None, unreadable: &[] },
    Floors {
        folder: "csv",
        mean: 0.99,
        document: 0.99,
        group: 0.97,
        groups: &[],
        ground: Some(0.995),
        unreadable: &[],
    },
];

/// Share of fields of workbooks that stand where the record says, as LibreOffice shows the cells.
const SHOWN: f64 = 0.995;

/// The shared folder beside the project.
fn shared() -> Option<PathBuf> {
    let shared = project().parent()?.join("shared");
    (shared.join("corpus").is_dir() && shared.join("contract/score.py").is_file()).then_some(shared)
}

/// Ingests a folder of the corpus and gives the folder that holds the output.
fn ingested(corpus: &Path) -> TempDir {
    let out = TempDir::new().unwrap();
    let ran = run(keikaku().arg("ingest").arg(corpus).arg("-o").arg(out.path()));
    println!("{}", ran.out);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    out
}

#[test]
fn the_corpus_reaches_its_floors() {
    let Some(shared) = shared() else {
        println!("skipped: there is no ../shared/corpus to measure on");
        return;
    };
    let mut below = Vec::new();
    for floors in FLOORS {
        let folder = floors.folder;
        let corpus = shared.join("corpus").join(folder);
        let out = ingested(&corpus);
        let records = out.path().join("records");
        let mut check = |what: &str, reached: f64, floor: f64| {
            println!("{folder} {what}: {reached:.4} (floor {floor})");
            if reached < floor {
                below.push(format!("{folder} {what}: {reached:.4} is below {floor}"));
            }
        };
        let scored = run(Command::new("python3")
            .arg(shared.join("contract/score.py"))
            .args([&records, &shared.join("corpus/gold").join(folder)])
            .arg("--json"));
        assert_eq!(scored.code, Some(0), "score.py: {}", scored.err);
        let score: Value = serde_json::from_str(&scored.out).unwrap();
        check("mean F1", score["mean_f1"].as_f64().unwrap(), floors.mean);
        for (document, f1) in score["documents"].as_object().unwrap() {
            check(document, f1.as_f64().unwrap(), floors.document);
        }
        for (group, figures) in score["groups"].as_object().unwrap() {
            let own = floors.groups.iter().find(|(name, _)| name == group).map_or(floors.group, |(_, floor)| *floor);
            check(group, figures["f1"].as_f64().unwrap(), own);
        }
        for document in floors.unreadable {
            std::fs::remove_file(records.join(format!("{document}.json"))).unwrap();
        }
        if let Some(floor) = floors.ground {
            let grounded = run(Command::new("python3")
                .arg(shared.join("contract/ground.py"))
                .args([&records, &corpus])
                .args(["--min", &floor.to_string()]));
            println!("{folder}, where the record says:\n{}", grounded.out);
            if grounded.code != Some(0) {
                let said = if grounded.out.is_empty() { &grounded.err } else { &grounded.out };
                below.push(format!("{folder}: grounded below {floor}\n{said}"));
            }
        }
        if folder == "xlsx" {
            below.extend(shown(&records, &corpus));
        }
    }
    assert!(below.is_empty(), "\n{}", below.join("\n"));
}

/// What workbooks show, read by LibreOffice; what is below the floor, if anything is.
fn shown(records: &Path, corpus: &Path) -> Option<String> {
    if Command::new("soffice").arg("--version").output().is_err() {
        println!("xlsx as shown: skipped, LibreOffice (soffice) is not installed");
        return None;
    }
    let shown = run(Command::new("python3")
        .arg(project().join("tests/shown.py"))
        .args([records, corpus])
        .args(["--min", &SHOWN.to_string()]));
    println!("xlsx, as shown:\n{}", shown.out);
    (shown.code != Some(0)).then(|| format!("xlsx, as shown: below {SHOWN}\n{}{}", shown.out, shown.err))
}

/// Files of the corpus that hold no plan give no measures, odd ones are read or refused, and none breaks a worker.
#[test]
fn real_files_break_nothing() {
    let Some(real) = shared().map(|shared| shared.join("corpus/real")).filter(|real| real.is_dir()) else {
        println!("skipped: there is no ../shared/corpus/real");
        return;
    };
    let out = TempDir::new().unwrap();
    let ran = run(keikaku().arg("ingest").arg(&real).arg("-o").arg(out.path()));
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.err);
    let manifest: Value = serde_json::from_slice(&std::fs::read(out.path().join("run.json")).unwrap()).unwrap();
    for entry in manifest["documents"].as_array().unwrap() {
        let path = entry["path"].as_str().unwrap();
        let record = std::fs::read(out.path().join(entry["record"].as_str().unwrap())).unwrap();
        let record: Value = serde_json::from_slice(&record).unwrap();
        for diagnostic in record["diagnostics"].as_array().unwrap() {
            assert_ne!(diagnostic["code"], "worker-crashed", "{path}: {}", diagnostic["message"]);
            assert_ne!(diagnostic["code"], "schema-violation", "{path}: {}", diagnostic["message"]);
        }
        if path.starts_with("negatives/") {
            assert_eq!(entry["counts"]["measures"], 0, "{path} holds no plan");
        }
    }
}
