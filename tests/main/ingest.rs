//! `keikaku ingest`: which documents are found, where records go, what is printed, how the program exits.

use crate::program::{Folder, run};
use serde_json::Value;
use std::fs;

const PLAN: &[u8] = "# 港町計画\n\n本文\n".as_bytes();

fn paths(folder: &Folder) -> Vec<String> {
    let manifest = folder.json("out/run.json");
    let documents = manifest["documents"].as_array().unwrap();
    documents.iter().map(|entry| entry["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn records_lie_where_their_sources_lie() {
    let folder = Folder::with(&[("a.txt", PLAN), ("b/c/計画 案.txt", PLAN)]);
    assert_eq!(folder.ingested(&[]).code, Some(0));
    assert_eq!(paths(&folder), ["a.txt", "b/c/計画 案.txt"]);
    let names: Vec<String> = folder.files("out").into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [".keikaku/lock", ".keikaku/sources.json", "records/a.txt.json", "records/b/c/計画 案.txt.json", "run.json"]
    );
    let entry = folder.entry("b/c/計画 案.txt");
    assert_eq!(entry["record"], "records/b/c/計画 案.txt.json");
    let record = folder.json("out/records/b/c/計画 案.txt.json");
    for field in ["path", "format", "bytes", "sha256"] {
        assert_eq!(record["source"][field], entry[field], "{field}");
    }
    assert_eq!(entry["bytes"], PLAN.len());
    assert!(entry["seconds"].is_number());
}

#[test]
fn the_manifest_counts_what_records_hold() {
    let folder = Folder::with(&[("a.txt", PLAN), ("empty.txt", b"")]);
    assert_eq!(folder.ingested(&[]).code, Some(1));
    assert_eq!(folder.entry("a.txt")["state"], "no-plan");
    let failed = folder.entry("empty.txt");
    assert_eq!(failed["state"], "failed");
    assert_eq!(failed["counts"]["errors"], 1);
    assert_eq!(folder.codes("empty.txt"), ["empty-source"]);
    let manifest = folder.json("out/run.json");
    assert_eq!(manifest["totals"]["errors"], 1);
    assert_eq!(manifest["totals"]["warnings"], folder.entry("a.txt")["counts"]["warnings"]);
}

#[test]
fn folders_are_walked_without_what_is_no_document() {
    let folder = Folder::with(&[
        ("plan.txt", PLAN),
        ("sub/plan.html", b"<html><body><p>text</p></body></html>"),
        (".hidden.txt", PLAN),
        (".git/config.txt", PLAN),
        ("~$plan.xlsx", PLAN),
        ("photo.JPG", PLAN),
        ("make.py", PLAN),
        (".gitignore", b"plan.txt\n"),
    ]);
    assert_eq!(folder.ingested(&[]).code, Some(0));
    assert_eq!(paths(&folder), ["plan.txt", "sub/plan.html"]);
    assert_eq!(folder.json("out/run.json")["skipped"], 3);
}

#[test]
fn a_document_of_no_known_format_is_a_failure() {
    let junk = b"\xff\xd8\xff\xe0 picture";
    let folder = Folder::with(&[("plan.docx", junk), ("photo.jpg", junk)]);
    let ran = folder.ingested(&[]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(paths(&folder), ["plan.docx"]);
    assert_eq!(folder.codes("plan.docx"), ["unsupported-format"]);
    assert!(ran.err.contains("plan.docx: unsupported-format: "), "{}", ran.err);
    // Named itself it is a document, whatever its name.
    assert_eq!(run(folder.ingest().args(["in/photo.jpg", "-o", "named"])).code, Some(1));
    assert_eq!(folder.json("named/run.json")["documents"][0]["state"], "failed");
}

#[test]
fn globs_take_and_leave_out() {
    let folder =
        Folder::with(&[("a.txt", PLAN), ("b.TXT", PLAN), ("c.md", PLAN), ("old/a.txt", PLAN), ("new/a.md", PLAN)]);
    for (arguments, expected) in [
        (&["--include", "*.txt"][..], &["a.txt", "b.TXT", "old/a.txt"][..]),
        (&["--exclude", "old/"], &["a.txt", "b.TXT", "c.md", "new/a.md"]),
        (&["--include", "*.txt", "--exclude", "old"], &["a.txt", "b.TXT"]),
        (&["--include", "*.txt", "--include", "new/**"], &["a.txt", "b.TXT", "new/a.md", "old/a.txt"]),
        (&["--exclude", "/*.txt"], &["c.md", "new/a.md", "old/a.txt"]),
    ] {
        assert_eq!(folder.ingested(arguments).code, Some(0), "{arguments:?}");
        assert_eq!(paths(&folder), expected, "{arguments:?}");
    }
    // What is named is taken.
    assert_eq!(run(folder.ingest().args(["in/a.txt", "-o", "out", "--exclude", "*.txt"])).code, Some(0));
    assert_eq!(paths(&folder), ["a.txt"]);
}

#[test]
fn several_roots_share_an_output_unless_their_records_would_collide() {
    let folder = Folder::with(&[("x/a.txt", PLAN), ("y/b.txt", PLAN), ("z/a.txt", b"other"), ("c.txt", PLAN)]);
    assert_eq!(run(folder.ingest().args(["in/x", "in/y", "in/c.txt", "-o", "out"])).code, Some(0));
    assert_eq!(paths(&folder), ["a.txt", "b.txt", "c.txt"]);
    // The same file twice is one document.
    assert_eq!(run(folder.ingest().args(["in/x", "in/x/a.txt", "in/x/", "-o", "out"])).code, Some(0));
    assert_eq!(paths(&folder), ["a.txt"]);

    let ran = run(folder.ingest().args(["in/x", "in/z", "-o", "collided"]));
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("in/x/a.txt") && ran.err.contains("in/z/a.txt"), "{}", ran.err);
    assert!(!folder.exists("collided"), "nothing was begun");
}

#[test]
fn a_record_cannot_be_the_folder_of_another() {
    let folder = Folder::with(&[("a", PLAN), ("a.json/b.txt", PLAN)]);
    let ran = folder.ingested(&[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("a.json"), "{}", ran.err);
}

#[test]
fn the_output_is_never_read_as_input() {
    let folder = Folder::with(&[("a.txt", PLAN)]);
    for _ in 0..2 {
        assert_eq!(run(folder.ingest().args(["in", "-o", "in/out"])).code, Some(0));
        assert_eq!(folder.json("in/out/run.json")["documents"].as_array().unwrap().len(), 1);
    }
    folder.write("in/out/records/stray.txt", PLAN);
    folder.write("in/records/mine.txt", PLAN);
    assert_eq!(run(folder.ingest().args(["in", "-o", "in/out"])).code, Some(0));
    assert_eq!(folder.json("in/out/run.json")["documents"].as_array().unwrap().len(), 2);
}

#[test]
fn all_records_in_one_file() {
    let folder = Folder::with(&[("b.txt", PLAN), ("a/z.txt", PLAN), ("a.txt", b"")]);
    assert_eq!(folder.ingested(&["--format", "ndjson"]).code, Some(1));
    let text = fs::read_to_string(folder.path("out/records.ndjson")).unwrap();
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let paths: Vec<&str> = records.iter().map(|record| record["source"]["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["a.txt", "a/z.txt", "b.txt"]);
    assert!(!folder.exists("out/records"));
    // The same records as in files of their own.
    assert_eq!(folder.ingested(&[]).code, Some(1));
    assert_eq!(folder.json("out/records/a/z.txt.json"), records[1]);
    let names: Vec<String> = folder.files("out").into_iter().map(|(name, _)| name).collect();
    let records = ["records/a.txt.json", "records/a/z.txt.json", "records/b.txt.json"];
    let kept = [&[".keikaku/lock", ".keikaku/sources.json", "records.ndjson"][..], &records, &["run.json"]].concat();
    assert_eq!(names, kept, "no temporary file stays");
}

#[test]
fn results_and_progress_go_to_their_own_streams() {
    let folder = Folder::with(&[("計画.txt", PLAN), ("empty.txt", b"")]);
    let ran = folder.ingested(&[]);
    assert!(ran.out.contains("document") && ran.out.contains("2 documents"), "{}", ran.out);
    assert!(ran.out.contains("計画.txt") && ran.out.contains("1 no-plan, 1 failed"), "{}", ran.out);
    assert!(ran.err.contains("/2] 計画.txt: no-plan"), "{}", ran.err);
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "no terminal, no colours");
    let quiet = folder.ingested(&["--quiet"]);
    assert_eq!(quiet.out, "");
    assert_eq!(quiet.err.lines().count(), 1);
    assert!(quiet.err.starts_with("empty.txt: empty-source: "), "{}", quiet.err);
}

#[cfg(unix)]
#[test]
fn names_cannot_steer_the_terminal() {
    let folder = Folder::with(&[("a\u{1b}[2J\u{202e}b\n.txt", b"")]);
    let ran = folder.ingested(&[]);
    assert_eq!(ran.code, Some(1));
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }
    assert!(ran.err.lines().all(|line| line.contains('a')), "a name stays on its line: {:?}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_name_as_long_as_the_file_system_allows_has_a_record() {
    let long = format!("{}.txt", "計".repeat(83));
    let folder = Folder::with(&[(&long, PLAN)]);
    assert_eq!(long.len(), 253);
    assert_eq!(folder.ingested(&[]).code, Some(0));
    let record = folder.entry(&long)["record"].as_str().unwrap().to_owned();
    assert_eq!(folder.json(&format!("out/{record}"))["source"]["path"], long);
}

#[cfg(unix)]
#[test]
fn records_are_readable_for_whom_the_umask_allows() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with(&[("a.txt", PLAN)]);
    folder.ingested(&[]);
    fs::write(folder.path("plain"), "").unwrap();
    let mode = |below: &str| fs::metadata(folder.path(below)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("out/records/a.txt.json"), mode("plain"));
    assert_eq!(mode("out/run.json"), mode("plain"));
}

#[test]
fn an_output_that_cannot_be_written_breaks_the_run() {
    let folder = Folder::with(&[("a.txt", PLAN), ("b.txt", PLAN)]);
    folder.write("out/records", b"a file where the folder should be");
    let ran = folder.ingested(&[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("records"), "{}", ran.err);
    assert!(!folder.exists("out/run.json"));
}
