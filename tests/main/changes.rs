//! The report of a run that revised records, and ids over runs.

use crate::program::{Folder, keikaku, run};
use serde_json::Value;
use std::fs;

fn plan(name: &str, target: &str) -> String {
    format!(
        "# 港町計画\n\n## 施策1 {name}\n\n- 担当課: 港湾課\n- 概要: 桟橋を直し、船を安全に着けられるようにする。\n\n| 指標 | 令和5年度 | 令和6年度 |\n|---|---|---|\n| 直した桟橋 | 1基 | {target} |\n"
    )
}

fn changes(folder: &Folder, more: &[&str]) -> crate::program::Ran {
    run(keikaku().current_dir(folder.path("")).args(["changes", "out"]).args(more))
}

#[test]
fn the_morning_report() {
    let text = |name: &str, target: &str| plan(name, target).into_bytes();
    for format in ["json", "ndjson"] {
        let more = ["--format", format];
        let folder = Folder::with(&[
            ("a.md", &text("桟橋の整備", "2基")),
            ("b.md", &text("灯台の整備", "3基")),
            ("c.md", &text("護岸の整備", "4基")),
            ("same.md", &text("航路の整備", "5基")),
        ]);
        folder.ingested(&more);
        assert!(!folder.exists("out/changes"), "the first run has nothing to compare with");
        assert_eq!(changes(&folder, &[]).code, Some(0));
        folder.ingested(&more);
        assert!(!folder.exists("out/changes"), "nothing changed");

        folder.write("in/a.md", &text("桟橋の整備", "6基"));
        fs::remove_file(folder.path("in/b.md")).unwrap();
        fs::rename(folder.path("in/c.md"), folder.path("in/d.md")).unwrap();
        folder.write("in/new.md", "# 山里計画\n\n施策名\t林道の整備\n担当課\t林務課\n".as_bytes());
        let ran = folder.ingested(&more);
        assert!(ran.out.contains("changes/1.md"), "{}", ran.out);
        let report = folder.json("out/changes/1.json");
        let documents = report["documents"].as_array().unwrap();
        let fates: Vec<(&str, &str)> =
            documents.iter().map(|d| (d["path"].as_str().unwrap(), d["fate"].as_str().unwrap())).collect();
        assert_eq!(fates, [("a.md", "revised"), ("b.md", "removed"), ("d.md", "renamed"), ("new.md", "new")]);
        assert_eq!(documents[2]["compared_with"], "c.md");
        let change = &documents[0]["changes"][0];
        assert_eq!((&change["kind"], &change["new"]["number"]), (&"target-changed".into(), &6.into()));
        assert_eq!(documents[0]["changes"].as_array().unwrap().len(), 1);
        let markdown = fs::read_to_string(folder.path("out/changes/1.md")).unwrap();
        for part in
            ["# Changes 1", "1 new, 1 revised, 1 renamed, 1 removed, 1 unchanged", "## a\\.md", "**target-changed**"]
        {
            assert!(markdown.contains(part), "{part}\n{markdown}");
        }

        folder.write("in/a.md", b"");
        folder.ingested(&more);
        let report = folder.json("out/changes/2.json");
        let document = &report["documents"][0];
        assert_eq!((&document["state"], &document["old_state"]), (&"failed".into(), &"ok".into()));
        assert_eq!(document["changes"], serde_json::json!([]), "what cannot be read has not lost its measures");
        assert_eq!(document["diagnostics"][0]["code"], "empty-source");

        let shown = changes(&folder, &["--number", "1"]).out;
        assert!(shown.contains("~ a.md: revised ok") && shown.contains("target-changed"), "{shown}");
        assert!(changes(&folder, &[]).out.contains("! empty-source"));
        let json: Value = serde_json::from_str(&changes(&folder, &["--format", "json"]).out).unwrap();
        assert_eq!(json, report);
        assert!(changes(&folder, &["--number", "1", "--format", "html"]).out.contains("<ins>6基</ins>"));
        assert_eq!(changes(&folder, &["--number", "9"]).code, Some(2));
    }
}

#[test]
fn ids_stay_over_revisions_and_formats() {
    let ids = |folder: &Folder, name: &str| -> Vec<String> {
        let record = folder.json(&format!("out/records/{name}.json"));
        record["measures"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect()
    };
    let folder = Folder::with(&[("v1.md", plan("桟橋の整備", "2基").as_bytes())]);
    folder.ingested(&[]);
    let first = ids(&folder, "v1.md");
    assert_eq!(first.len(), 1);
    // Renamed in the same document, then that again by another document of the plan in another syntax.
    folder.write("in/v1.md", plan("桟橋と岸壁の改修", "2基").as_bytes());
    folder.ingested(&[]);
    assert_eq!(ids(&folder, "v1.md"), first);
    let tabs = plan("桟橋と岸壁の改修と拡張", "2基")
        .replace("|---|---|---|\n", "")
        .replace(" | ", "\t")
        .replace("| ", "")
        .replace(" |", "");
    folder.write("in/v2.txt", tabs.as_bytes());
    folder.ingested(&[]);
    assert_eq!(ids(&folder, "v2.txt"), first);
    assert_eq!(folder.json("out/changes/2.json")["documents"][0]["compared_with"], "v1.md");
    // All again, in a run that forgets nothing.
    folder.ingested(&["--force"]);
    assert_eq!((ids(&folder, "v1.md"), ids(&folder, "v2.txt")), (first.clone(), first));
}
