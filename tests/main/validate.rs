//! `keikaku validate`.

use crate::program::{Folder, keikaku, run};

#[test]
fn records_that_fit_and_records_that_do_not() {
    let folder = Folder::with(&[("a.txt", b"# plan"), ("b.txt", b"# plan")]);
    folder.ingested(&[]);
    let validate = |files: &[&str]| run(keikaku().current_dir(folder.path("")).arg("validate").args(files));

    let ran = validate(&["out/records/a.txt.json", "out/records/b.txt.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");

    let mut record = folder.json("out/records/a.txt.json");
    record["plan"]["title"] = 5.into();
    record["plan"]["status"] = "finished".into();
    folder.write("bad.json", record.to_string().as_bytes());
    let ran = validate(&["out/records/b.txt.json", "bad.json"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("bad.json: /plan/title: "), "{}", ran.out);
    assert!(ran.out.contains("bad.json: /plan/status: "), "{}", ran.out);
    assert!(!ran.out.contains("b.txt.json"), "{}", ran.out);

    folder.write("cut.json", b"{ \"plan\": ");
    assert_eq!(validate(&["cut.json"]).code, Some(1));
}

#[test]
fn records_a_line_are_named_by_their_line() {
    let folder = Folder::with(&[("a.txt", b"# plan"), ("b.txt", b"# plan")]);
    folder.ingested(&["--format", "ndjson"]);
    let lines = std::fs::read_to_string(folder.path("out/records.ndjson")).unwrap();
    folder.write("bad.ndjson", lines.replacen("\"1.0\"", "\"0.9\"", 3).replacen("\"0.9\"", "\"1.0\"", 1).as_bytes());
    let validate = |file: &str| run(keikaku().current_dir(folder.path("")).args(["validate", file]));
    assert_eq!(validate("out/records.ndjson").code, Some(0));
    let ran = validate("bad.ndjson");
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("bad.ndjson:2: /schema_version: "), "{}", ran.out);
    assert_eq!(ran.out.lines().count(), 1);
}

#[test]
fn what_a_record_holds_cannot_steer_the_terminal() {
    let folder = Folder::with(&[]);
    folder.write("bad.json", "{\"a\\u001b[2J\u{202e}\": 1}".as_bytes());
    let ran = run(keikaku().current_dir(folder.path("")).args(["validate", "bad.json"]));
    assert_eq!(ran.code, Some(1));
    assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.out);
}
