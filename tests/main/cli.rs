//! The command line as a whole: help, exit codes, which stream gets what.

use crate::program::{Folder, keikaku, keikaku_with, run};
use std::io::Write;
use std::process::Stdio;

#[test]
fn help_teaches_with_examples() {
    for command in [&["--help"][..], &["ingest", "--help"], &["inspect", "--help"], &["validate", "--help"]] {
        let ran = keikaku_with(command);
        assert_eq!(ran.code, Some(0), "{command:?}");
        assert!(ran.out.contains("Examples:") && ran.out.contains("Exit codes:"), "{command:?}\n{}", ran.out);
    }
    assert!(!keikaku_with(&["--help"]).out.contains("worker"), "the internal command stays hidden");
}

#[test]
fn wrong_use_is_the_run_that_broke() {
    for command in [
        &[][..],
        &["ingest"],
        &["ingest", "no-such-folder", "-o", "out"],
        &["ingest", "src"],
        &["ingest", "-", "-o", "out"],
        &["ingest", "-", "src"],
        &["ingest", "src", "-o", "out", "--jobs", "0"],
        &["ingest", "src", "-o", "out", "--include", "a{b"],
        &["ingest", "src", "-o", "out", "--vocabulary", "no-such.toml"],
        &["inspect", "no-such-file"],
        &["inspect", "src"],
        &["validate", "no-such-file"],
        &["nonsense"],
    ] {
        let folder = Folder::with(&[("../src/plan.txt", b"text")]);
        let ran = run(keikaku().current_dir(folder.path("")).args(command));
        assert_eq!(ran.code, Some(2), "{command:?}");
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{command:?}: {ran:?}");
        assert!(!folder.exists("out/run.json"), "{command:?}");
    }
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = keikaku_with(&["completions", shell]);
        assert_eq!(ran.code, Some(0));
        assert!(ran.out.contains("keikaku"), "{shell}");
    }
}

#[test]
fn the_vocabulary_is_printed_as_it_is_read() {
    let folder = Folder::with(&[]);
    let printed = keikaku_with(&["vocabulary"]);
    assert_eq!(printed.code, Some(0));
    folder.write("all.toml", printed.out.as_bytes());
    let path = folder.path("all.toml");
    let again = keikaku_with(&["vocabulary", "--vocabulary", path.to_str().unwrap()]);
    assert_eq!(again.code, Some(0), "{}", again.err);
}

#[test]
fn a_wrong_vocabulary_file_is_named_with_line_and_key() {
    let folder = Folder::with(&[("plan.txt", b"text")]);
    folder.write("my.toml", b"\n[no_such_table]\nword = [\"\xe8\xaa\x9e\"]\n");
    let ran = folder.ingested(&["--vocabulary", "my.toml"]);
    assert_eq!(ran.code, Some(2));
    for part in ["my.toml", "no_such_table", "line 2"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert!(!folder.exists("out"), "nothing was begun");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child =
        keikaku().args(["schema"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn standard_input_gives_a_record_on_standard_output() {
    let mut child = keikaku()
        .args(["ingest", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let plan = "# 港町計画\n\n本文\n";
    child.stdin.take().unwrap().write_all(plan.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(keikaku::validate::schema::violations_of(&record), []);
    assert_eq!(record["source"]["bytes"], plan.len());
}
