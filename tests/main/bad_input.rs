//! Bad input: each costs itself a diagnostic, and the run goes on to its end in bounded time.

use crate::program::{Folder, Ran, run};
use std::fs;
use std::time::{Duration, Instant};

const PLAN: &[u8] = "# 港町計画\n\n本文\n".as_bytes();

/// Ingests, with documents that may ask for faults; none of it may take long.
fn ingest(folder: &Folder, more: &[&str]) -> Ran {
    let started = Instant::now();
    let mut command = folder.ingest();
    let ran = run(command.env("KEIKAKU_FAULTS", "1").args(["in", "-o", "out", "--jobs", "1"]).args(more));
    assert!(started.elapsed() < Duration::from_secs(120), "it took {:?}", started.elapsed());
    ran
}

#[test]
fn documents_that_hold_nothing_to_read() {
    for (name, content, code) in [
        ("empty.txt", &b""[..], "empty-source"),
        ("junk.txt", &[0, 1, 2, 0xff, 0xfe, 0, 3, 0, 0x80, 0, 0, 7], "unsupported-format"),
        ("large.txt", &[b'a'; 5000], "limit-exceeded"),
        ("prose.txt", "春はあけぼの。\n".as_bytes(), "no-plan-found"),
        ("space.txt", b" \n\t\n \n", "empty-source"),
    ] {
        let folder = Folder::with(&[(name, content), ("z.txt", PLAN)]);
        let ran = ingest(&folder, &["--max-bytes", "4096"]);
        let failed = code != "no-plan-found";
        assert_eq!(ran.code, Some(i32::from(failed)), "{name}: {ran:?}");
        assert_eq!(folder.entry(name)["state"], if failed { "failed" } else { "no-plan" }, "{name}");
        assert_eq!(folder.codes(name), [code], "{name}");
        assert_eq!(folder.entry(name)["bytes"], content.len(), "{name}");
        assert_eq!(folder.entry("z.txt")["state"], "no-plan", "the run went on");
    }
}

#[cfg(debug_assertions)]
#[test]
fn workers_that_die_cost_one_document() {
    for (fault, code, words) in [
        ("panic", "worker-crashed", "panicked: as asked"),
        ("abort", "worker-crashed", "ended with"),
        ("overflow", "worker-crashed", "overflowed the stack"),
        ("stall", "limit-exceeded", "longer than 2 seconds"),
        #[cfg(unix)]
        ("allocate", "limit-exceeded", "more than 600 MiB"),
    ] {
        let content = format!("fault: {fault}\n");
        let folder = Folder::with(&[("a.txt", PLAN), ("m.txt", content.as_bytes()), ("z.txt", PLAN)]);
        let ran = ingest(&folder, &["--timeout", "2", "--memory-limit", "600"]);
        assert_eq!(ran.code, Some(1), "{fault}");
        assert_eq!(folder.codes("m.txt"), [code], "{fault}");
        let record = folder.json("out/records/m.txt.json");
        let message = record["diagnostics"][0]["message"].as_str().unwrap();
        assert!(message.contains(words), "{fault}: {message}");
        assert_eq!(record["measures"], serde_json::json!([]));
        assert_eq!(folder.entry("m.txt")["state"], "failed");
        assert_eq!(folder.entry("m.txt")["sha256"].as_str().unwrap().len(), 64);
        for other in ["a.txt", "z.txt"] {
            assert_eq!(folder.entry(other)["state"], "no-plan", "{fault}: {other}");
        }
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_document_on_standard_input_that_breaks_its_worker_has_a_record() {
    let folder = Folder::with(&[("a.txt", b"fault: abort\n")]);
    let input = fs::File::open(folder.path("in/a.txt")).unwrap();
    let ran = run(folder.ingest().env("KEIKAKU_FAULTS", "1").arg("-").stdin(input));
    assert_eq!(ran.code, Some(1));
    let record: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(record["diagnostics"][0]["code"], "worker-crashed");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_back() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(&[("plan.txt", PLAN), ("sub/plan.txt", PLAN)]);
    symlink("nowhere.txt", folder.path("in/broken.txt")).unwrap();
    symlink("..", folder.path("in/sub/up")).unwrap();
    symlink("plan.txt", folder.path("in/linked.txt")).unwrap();
    let ran = ingest(&folder, &[]);
    assert_eq!(ran.code, Some(1));
    for name in ["broken.txt", "sub/up"] {
        assert_eq!(folder.entry(name)["state"], "failed", "{name}");
        assert_eq!(folder.codes(name), ["unreadable-source"], "{name}");
        assert!(ran.err.contains(&format!("{name}: unreadable-source: ")), "{}", ran.err);
    }
    for name in ["plan.txt", "sub/plan.txt", "linked.txt"] {
        assert_eq!(folder.entry(name)["state"], "no-plan", "{name}");
    }
    // A broken link that is named itself.
    assert_eq!(run(folder.ingest().args(["in/broken.txt", "-o", "named"])).code, Some(1));
    // A folder that is a loop itself is the run that broke: it cannot be looked at.
    symlink("loop", folder.path("loop")).unwrap();
    assert_eq!(run(folder.ingest().args(["loop", "-o", "looped"])).code, Some(1));
}

#[cfg(unix)]
#[test]
fn a_document_without_permission() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::with(&[("locked.txt", PLAN), ("locked/plan.txt", PLAN), ("z.txt", PLAN)]);
    for name in ["locked.txt", "locked"] {
        fs::set_permissions(folder.path("in").join(name), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let locked = ["locked.txt", "locked"];
    let is_root = fs::read(folder.path("in/locked.txt")).is_ok();
    if is_root {
        // Nothing is forbidden to root; but this file, which is nobody's memory at address 0, cannot be read.
        fs::remove_file(folder.path("in/locked.txt")).unwrap();
        symlink("/proc/self/mem", folder.path("in/locked.txt")).unwrap();
    }
    let ran = ingest(&folder, &[]);
    fs::set_permissions(folder.path("in/locked"), fs::Permissions::from_mode(0o700)).unwrap();
    for name in &locked[..if is_root { 1 } else { 2 }] {
        assert_eq!(ran.code, Some(1), "{name}: {ran:?}");
        assert_eq!(folder.codes(name), ["unreadable-source"], "{name}");
    }
    assert_eq!(folder.entry("z.txt")["state"], "no-plan", "the run went on");
}

/// 50 MB in one line, a table of 100,000 rows, 10,000 nested elements: read to their end, or refused with a reason.
#[test]
fn documents_of_unreasonable_shape() {
    let line = "施策の目標を令和5年度までに達成する。".repeat(50_000_000 / 54);
    let mut rows = String::from("事業名\t担当課\t令和5年度\t令和6年度\n");
    for i in 0..100_000 {
        rows.push_str(&format!("事業{i}\t港湾課\t{i}件\t{}件\n", i + 1));
    }
    let nested = format!("<html><body>{}本文{}</body></html>", "<div>".repeat(10_000), "</div>".repeat(10_000));
    let tables = format!("<html><body>{}本文", "<table><tr><td>".repeat(10_000));
    for (name, content) in [("line.txt", line), ("rows.txt", rows), ("nested.html", nested), ("tables.html", tables)] {
        let folder = Folder::with(&[(name, content.as_bytes())]);
        let started = Instant::now();
        ingest(&folder, &["--timeout", "50"]);
        let entry = folder.entry(name);
        println!("{name}: {} in {:?}", entry["state"], started.elapsed());
        let codes = folder.codes(name);
        assert!(!codes.contains(&"worker-crashed".to_owned()), "{name}: {codes:?}");
        assert_eq!(entry["state"] == "failed", codes.contains(&"limit-exceeded".to_owned()), "{name}: {codes:?}");
    }
}
