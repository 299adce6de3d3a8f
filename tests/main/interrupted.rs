//! Runs that do not come to their end: the output is of the last good state, and the next run goes on from there.

use crate::program::Folder;
use serde_json::Value;
use std::process::{Child, Stdio};
use std::time::Duration;

/// A small plan; each of a number has a record of its own.
fn plan(i: usize) -> String {
    format!("# 港町計画\n\n施策名\t桟橋{i}の整備\n担当課\t港湾課\n")
}

fn plans(count: usize) -> Folder {
    let documents: Vec<(String, String)> = (0..count).map(|i| (format!("{}/{i:03}.txt", i % 5), plan(i))).collect();
    Folder::with(&documents.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect::<Vec<_>>())
}

fn start(folder: &Folder, out: &str, more: &[&str]) -> Child {
    let mut command = folder.ingest();
    command.env("KEIKAKU_FAULTS", "1").args(["in", "-o", out, "--quiet"]).args(more);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// The records and the manifest, this without what depends on the clock.
fn state(folder: &Folder, out: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = folder.files(out);
    files.retain(|(name, _)| !name.starts_with(".keikaku/"));
    for (name, bytes) in &mut files {
        if name == "run.json" {
            let mut manifest: Value = serde_json::from_slice(bytes).unwrap();
            manifest["seconds"].take();
            manifest["documents"].as_array_mut().unwrap().iter_mut().for_each(|entry| drop(entry["seconds"].take()));
            *bytes = serde_json::to_vec(&manifest).unwrap();
        }
    }
    files
}

/// Sees that what lies there is whole, and that the manifest says what lies there.
fn check(folder: &Folder, out: &str) {
    let files = folder.files(out);
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("records/")) {
        let record: Value = serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(keikaku::validate::schema::violations_of(&record), [], "{name}");
    }
    let Some((_, manifest)) = files.iter().find(|(name, _)| name == "run.json") else { return };
    let manifest: Value = serde_json::from_slice(manifest).expect("the manifest is whole");
    for entry in manifest["documents"].as_array().unwrap() {
        let record = folder.json(&format!("{out}/{}", entry["record"].as_str().unwrap()));
        assert_eq!(record["source"]["sha256"], entry["sha256"]);
    }
}

/// Whatever is killed at whatever moment: what lies there is whole, and the next run brings it to the same end.
#[test]
fn killed_at_any_moment() {
    const KILLS: u64 = 200;
    let folder = plans(40);
    let mut kills = 0;
    let mut round = 0;
    // Pseudo-random moments, the same in every run of the test.
    let mut seed = 1_u64;
    while kills < KILLS {
        round += 1;
        // Each round revises a part of the documents over the output of the round before.
        for i in (round % 3..40).step_by(3) {
            folder.write(&format!("in/{}/{i:03}.txt", i % 5), plan(i + 100 * round).as_bytes());
        }
        for _ in 0..10 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut child = start(&folder, "out", &["--jobs", "2"]);
            std::thread::sleep(Duration::from_micros((seed >> 33) % 60_000));
            let ended = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            child.wait().unwrap();
            kills += u64::from(!ended);
            check(&folder, "out");
            if ended {
                break;
            }
        }
        assert_eq!(start(&folder, "out", &["--jobs", "1"]).wait().unwrap().code(), Some(0));
        check(&folder, "out");
        assert_eq!(start(&folder, &format!("fresh-{round}"), &[]).wait().unwrap().code(), Some(0));
        assert_eq!(state(&folder, "out"), state(&folder, &format!("fresh-{round}")), "round {round}");
    }
}

#[test]
fn two_runs_on_one_output() {
    let folder = Folder::with(&[("a.txt", b"fault: stall\n")]);
    let mut first = start(&folder, "out", &["--timeout", "2"]);
    while !folder.exists("out/.keikaku/journal.ndjson") {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = folder.ingested(&[]);
    assert_eq!(second.code, Some(2));
    assert!(second.err.contains("another keikaku is writing to out"), "{}", second.err);
    assert_eq!(first.wait().unwrap().code(), Some(1), "the first goes on");
    assert_eq!(folder.ingested(&[]).code, Some(0), "the lock is free again");
}
