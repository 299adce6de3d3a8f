//! Only what changed is read; what is renamed, removed, or changes under our eyes.

use crate::program::{Folder, Ran, run};
use serde_json::Value;
use std::fs;

const PLAN: &[u8] = "# 港町計画\n\n施策名\t桟橋の整備\n担当課\t港湾課\n".as_bytes();
const OTHER: &[u8] = "# 山里計画\n\n施策名\t林道の整備\n担当課\t林務課\n".as_bytes();

/// The lines that a run adds to its log.
fn logged(folder: &Folder, more: &[&str]) -> (Ran, Vec<Value>) {
    let log = folder.path("log");
    let _ = fs::remove_file(&log);
    let ran = run(folder.ingest().args(["in", "-o", "out", "--log", "log"]).args(more));
    let text = fs::read_to_string(&log).unwrap_or_default();
    (ran, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The fate of each document that a run logs, sorted by path.
fn fates(folder: &Folder, more: &[&str]) -> Vec<(String, String)> {
    let (_, lines) = logged(folder, more);
    let field = |line: &Value, name: &str| line[name].as_str().map(str::to_owned);
    let mut fates: Vec<_> =
        lines.iter().filter_map(|line| Some((field(line, "path")?, field(line, "fate")?))).collect();
    fates.sort();
    fates
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, fate)| ((*path).to_owned(), (*fate).to_owned())).collect()
}

#[test]
fn what_did_not_change_is_not_read_again() {
    for format in ["json", "ndjson"] {
        let folder = Folder::with(&[("a.txt", PLAN), ("b.txt", OTHER), ("empty.txt", b"")]);
        let more = ["--format", format];
        assert_eq!(
            fates(&folder, &more),
            pairs(&[("a.txt", "new"), ("b.txt", "new"), ("empty.txt", "new")]),
            "{format}"
        );
        let before = folder.files("out");
        let (ran, lines) = logged(&folder, &more);
        assert_eq!(ran.code, Some(1), "a document that failed is still a failure");
        assert!(ran.err.contains("empty.txt: empty-source"), "{}", ran.err);
        assert!(ran.out.contains("3 unchanged"), "{}", ran.out);
        assert_eq!(lines.last().unwrap()["run"]["unchanged"], 3);
        assert_eq!(folder.files("out"), before, "not a byte is written");

        folder.write("in/b.txt", PLAN);
        folder.write("in/c.txt", OTHER);
        assert_eq!(
            fates(&folder, &more),
            pairs(&[("a.txt", "unchanged"), ("b.txt", "revised"), ("c.txt", "new"), ("empty.txt", "unchanged")]),
            "{format}"
        );
        // The same as if all were read for the first time.
        let fresh = Folder::with(&[("a.txt", PLAN), ("b.txt", PLAN), ("c.txt", OTHER), ("empty.txt", b"")]);
        fresh.ingested(&more);
        let records = |folder: &Folder| {
            let mut files = folder.files("out");
            files.retain(|(name, _)| name.starts_with("records"));
            files
        };
        assert_eq!(records(&folder), records(&fresh), "{format}");
    }
}

#[test]
fn time_stamps_do_not_matter() {
    let folder = Folder::with(&[("a.txt", PLAN)]);
    fates(&folder, &[]);
    let stamp = fs::metadata(folder.path("in/a.txt")).unwrap().modified().unwrap();
    let changed = String::from_utf8(PLAN.to_vec()).unwrap().replace("港湾課", "河川課");
    assert_eq!(changed.len(), PLAN.len());
    folder.write("in/a.txt", changed.as_bytes());
    fs::File::options().write(true).open(folder.path("in/a.txt")).unwrap().set_modified(stamp).unwrap();
    assert_eq!(fates(&folder, &[]), pairs(&[("a.txt", "revised")]), "other bytes with the same time stamp");
    folder.write("in/a.txt", changed.as_bytes());
    assert_eq!(fates(&folder, &[]), pairs(&[("a.txt", "unchanged")]), "the same bytes written again");
}

#[test]
fn other_words_or_options_are_reason_to_read_again() {
    let folder = Folder::with(&[("a.txt", "# 計画\n\n施策名\t桟橋\n担ひ手\t港湾課\n".as_bytes())]);
    folder.write("my.toml", "[labels]\nowner_lead = [\"担ひ手\"]\n".as_bytes());
    fates(&folder, &[]);
    let (ran, lines) = logged(&folder, &["--vocabulary", "my.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(lines[0]["fate"], "revised", "other words, another record");
    assert_eq!(folder.json("out/records/a.txt.json")["measures"][0]["owners"][0]["name"], "港湾課");
    let peak = |lines: &[Value]| lines[0]["peak_memory"].is_null();
    let (_, lines) = logged(&folder, &["--vocabulary", "my.toml", "--timeout", "60"]);
    assert_eq!(lines[0]["fate"], "unchanged", "read again, but the record is the same");
    assert_eq!(peak(&lines), !cfg!(target_os = "linux"), "it was read");
    let (_, lines) = logged(&folder, &["--vocabulary", "my.toml", "--timeout", "60"]);
    assert!(peak(&lines), "it was not read");
    let (_, lines) = logged(&folder, &["--vocabulary", "my.toml", "--timeout", "60", "--force"]);
    assert_eq!(peak(&lines), !cfg!(target_os = "linux"), "--force reads all");
}

#[test]
fn a_record_that_is_missing_or_cut_is_made_again() {
    let folder = Folder::with(&[("a.txt", PLAN), ("b.txt", OTHER)]);
    fates(&folder, &[]);
    let whole = folder.files("out/records");
    fs::remove_file(folder.path("out/records/a.txt.json")).unwrap();
    folder.write("out/records/b.txt.json", b"{");
    fates(&folder, &[]);
    assert_eq!(folder.files("out/records"), whole);
    // A manifest that is no manifest is none.
    folder.write("out/run.json", b"{\"documents\": 3}");
    assert_eq!(fates(&folder, &[]), pairs(&[("a.txt", "new"), ("b.txt", "new")]));
    assert_eq!(folder.files("out/records"), whole);
}

#[test]
fn a_renamed_source_keeps_its_record() {
    for format in ["json", "ndjson"] {
        let folder = Folder::with(&[("old/a.txt", PLAN), ("b.txt", OTHER)]);
        let more = ["--format", format];
        fates(&folder, &more);
        fs::rename(folder.path("in/old"), folder.path("in/new")).unwrap();
        let (_, lines) = logged(&folder, &more);
        let renamed = lines.iter().find(|line| line["path"] == "new/a.txt").unwrap();
        assert_eq!((&renamed["fate"], &renamed["peak_memory"]), (&"renamed".into(), &Value::Null), "it was not read");
        assert_eq!(lines.last().unwrap()["run"]["removed"], 0);
        let fresh = Folder::with(&[("new/a.txt", PLAN), ("b.txt", OTHER)]);
        fresh.ingested(&more);
        let records = |folder: &Folder| {
            let mut files = folder.files("out");
            files.retain(|(name, _)| name.starts_with("records"));
            files
        };
        assert_eq!(records(&folder), records(&fresh), "as if it had always lain there ({format})");
        assert!(!folder.exists("out/records/old"), "no empty folder stays");
    }
}

#[test]
fn a_removed_source_is_reported_and_pruned_when_asked() {
    for format in ["json", "ndjson"] {
        let folder = Folder::with(&[("a.txt", PLAN), ("sub/b.txt", OTHER)]);
        let more = ["--format", format];
        fates(&folder, &more);
        let record = folder.files("out").into_iter().find(|(name, _)| name.ends_with("b.txt.json"));
        fs::remove_file(folder.path("in/sub/b.txt")).unwrap();
        let (ran, lines) = logged(&folder, &more);
        assert!(ran.out.contains("1 removed") && ran.out.contains("--prune"), "{}", ran.out);
        assert_eq!(lines.last().unwrap()["run"]["removed"], 1);
        let manifest = folder.json("out/run.json");
        assert_eq!(manifest["documents"].as_array().unwrap().len(), 1);
        assert_eq!(manifest["gone"][0]["path"], "sub/b.txt");
        // Reported once; the record stays until it is pruned.
        let (_, lines) = logged(&folder, &more);
        assert_eq!(lines.last().unwrap()["run"]["removed"], 0);
        assert_eq!(folder.exists("out/records/sub/b.txt.json"), format == "json");

        let (_, _) = logged(&folder, &[&more[..], &["--prune"]].concat());
        assert_eq!(folder.json("out/run.json").get("gone"), None);
        assert!(!folder.exists("out/records/sub"));
        let pruned = fs::read(folder.path("out/removed/sub/b.txt.json")).unwrap();
        match record {
            Some((_, bytes)) => assert_eq!(pruned, bytes),
            None => assert_eq!(folder.json("out/removed/sub/b.txt.json")["source"]["path"], "sub/b.txt"),
        }
        if format == "ndjson" {
            assert_eq!(fs::read_to_string(folder.path("out/records.ndjson")).unwrap().lines().count(), 1);
        }
        folder.write("in/sub/b.txt", OTHER);
        assert_eq!(fates(&folder, &more), pairs(&[("a.txt", "unchanged"), ("sub/b.txt", "new")]));
    }
}

#[test]
fn a_source_that_comes_back_has_its_record_still() {
    let folder = Folder::with(&[("a.txt", PLAN), ("b.txt", OTHER)]);
    fates(&folder, &[]);
    fs::remove_file(folder.path("in/b.txt")).unwrap();
    fates(&folder, &[]);
    folder.write("in/b.txt", OTHER);
    assert_eq!(fates(&folder, &[]), pairs(&[("a.txt", "unchanged"), ("b.txt", "unchanged")]));
}

#[cfg(debug_assertions)]
#[test]
fn a_document_that_stalls_is_tried_once_more_alone() {
    let folder = Folder::with(&[("a.txt", b"fault: stall\n"), ("b.txt", OTHER), ("c.txt", PLAN)]);
    let mut command = folder.ingest();
    command.env("KEIKAKU_FAULTS", "1").args(["in", "-o", "out", "--timeout", "1", "--jobs", "2", "--log", "log"]);
    assert_eq!(run(&mut command).code, Some(1));
    let text = fs::read_to_string(folder.path("log")).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let stalled = &lines[lines.len() - 2];
    assert_eq!((&stalled["path"], &stalled["state"]), (&"a.txt".into(), &"failed".into()), "after all others");
    assert_eq!(folder.codes("a.txt"), ["limit-exceeded"]);
}
