//! Runs that do not come to their end: the output is of the last good state, and the next run goes on from there.

use crate::program::{Folder, project};
use serde_json::Value;
use std::fs;
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

/// A document of any format, with its path: most are dumps, some PDFs and workbooks. Editions differ in their bytes.
fn document(i: usize, edition: usize) -> (String, Vec<u8>) {
    let fixture = |name: &str| fs::read(project().join("fixtures").join(name)).unwrap();
    let (extension, bytes) = match i % 8 {
        3 => {
            let comment = format!("\n% {i} {edition}\n");
            ("pdf", [fixture("pdf/plans/kohamatsu-quarters.reportlab.pdf"), comment.into_bytes()].concat())
        }
        5 => {
            // A comment at the archive's end, and before it how long it is.
            let comment = format!("{i} {edition}");
            let mut bytes = fixture("spreadsheet/minatogawa-quarters.xlsx");
            bytes.truncate(bytes.len() - 2);
            bytes.extend((comment.len() as u16).to_le_bytes());
            ("xlsx", [bytes, comment.into_bytes()].concat())
        }
        _ => ("txt", plan(i + 100 * edition).into_bytes()),
    };
    (format!("in/{}/{i:03}.{extension}", i % 5), bytes)
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
    if !folder.exists(out) {
        return;
    }
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
    const DOCUMENTS: usize = 40;
    let folder = Folder::with(&[]);
    let write = |i: usize, edition: usize| {
        let (name, bytes) = document(i, edition);
        folder.write(&name, &bytes);
    };
    (0..DOCUMENTS).for_each(|i| write(i, 0));
    let mut kills = 0;
    let mut round = 0;
    // Pseudo-random moments, the same in every run of the test.
    let mut seed = 1_u64;
    while kills < KILLS {
        round += 1;
        // Each round revises a part of the documents over the output of the round before.
        (round % 3..DOCUMENTS).step_by(3).for_each(|i| write(i, round));
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
        assert_eq!(start(&folder, "calm", &[]).wait().unwrap().code(), Some(0));
        assert!(state(&folder, "out") == state(&folder, "calm"), "round {round}: not as of an undisturbed run");
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

/// Runs the program with the largest size of a file that it may write (in blocks of 512 bytes), as if the disk were full.
#[cfg(unix)]
fn ingest_with_full_disk(folder: &Folder, blocks: u32, is_signalled: bool) -> Option<i32> {
    // Where the signal is not ignored it ends the program at once, as kill -9 does.
    let trap = if is_signalled { "" } else { "trap '' XFSZ; " };
    let script = format!("{trap}ulimit -f {blocks}; exec \"$@\" 2>/dev/null");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_keikaku"), "ingest", "in", "-o", "out", "--quiet"]);
    command.current_dir(folder.path("")).status().expect("sh is there").code()
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_last_good_state() {
    let folder = plans(12);
    assert_eq!(folder.ingested(&[]).code, Some(0));
    assert_eq!(start(&folder, "calm", &[]).wait().unwrap().code(), Some(0));
    let before = state(&folder, "out");
    for i in 0..12 {
        folder.write(&format!("in/{}/{i:03}.txt", i % 5), plan(i + 100).as_bytes());
    }
    // From a disk that takes nothing to one that takes the records, but not the manifest.
    for blocks in [0, 1, 2, 4, 8, 12, 16] {
        for is_signalled in [false, true] {
            let code = ingest_with_full_disk(&folder, blocks, is_signalled);
            assert!(code != Some(0), "{blocks}");
            assert!(is_signalled || code == Some(2), "{blocks}: {code:?}");
            assert!(state(&folder, "out") == before, "{blocks}: not as it was");
        }
    }
    assert_eq!(folder.ingested(&[]).code, Some(0));
    assert_eq!(start(&folder, "calm", &[]).wait().unwrap().code(), Some(0));
    assert!(state(&folder, "out") == state(&folder, "calm"), "not as of an undisturbed run");
}

#[cfg(unix)]
#[test]
fn an_output_that_is_read_only_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let folder = plans(3);
    folder.ingested(&[]);
    let before = folder.files("out");
    folder.write("in/0/000.txt", plan(9).as_bytes());
    let set_mode = |name: &str, mode| {
        fs::set_permissions(folder.path(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    let lock = |mode| ["out/.keikaku", "out/records/0", "out"].iter().for_each(|name| set_mode(name, mode));
    lock(0o555);
    let mut command = folder.ingest();
    command.args(["in", "-o", "out"]);
    let is_root = rustix::process::geteuid().is_root();
    if is_root {
        // Nothing is read-only to root, so the program is run by somebody else, from where that one may read it.
        let program = folder.path("keikaku");
        fs::copy(env!("CARGO_BIN_EXE_keikaku"), &program).unwrap();
        set_mode("", 0o755);
        command = std::process::Command::new(&program);
        command.current_dir(folder.path("")).uid(NOBODY).gid(NOBODY).args(["ingest", "in", "-o", "out"]);
    }
    let ran = crate::program::run(&mut command);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("ermission denied"), "{ran:?}");
    assert_eq!(folder.files("out"), before);
    lock(0o755);
    assert_eq!(folder.ingested(&[]).code, Some(0));
    assert_ne!(folder.files("out"), before);
}

/// A source that somebody writes to all the time: its last good record stays, and it is listed as left.
#[test]
fn a_source_that_changes_while_it_is_read_is_left() {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};
    let folder = Folder::with(&[]);
    // Large, so that reading it takes a while, and of no format, so that it is soon done with where it settles:
    // whoever writes does not always come to it while the program reads.
    let large = vec![0; 30 << 20];
    let is_left = (0..50).any(|_| {
        folder.write("in/a.txt", plan(1).as_bytes());
        assert_eq!(folder.ingested(&["--force"]).code, Some(0));
        let before = folder.files("out/records");
        folder.write("in/a.txt", &large);
        let is_over = AtomicBool::new(false);
        let ran = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut file = fs::OpenOptions::new().append(true).open(folder.path("in/a.txt")).unwrap();
                while !is_over.load(Ordering::Relaxed) {
                    file.write_all(&[0]).unwrap();
                    std::thread::sleep(Duration::from_micros(10));
                }
            });
            let ran = folder.ingested(&[]);
            is_over.store(true, Ordering::Relaxed);
            ran
        });
        let manifest = folder.json("out/run.json");
        let Some(left) = manifest.get("left") else { return false };
        assert_eq!((ran.code, left), (Some(1), &serde_json::json!(["a.txt"])), "{ran:?}");
        assert!(ran.err.contains("a.txt: left for the next run: the source changes"), "{ran:?}");
        assert!(folder.files("out/records") == before, "its record is not as it was");
        true
    });
    assert!(is_left);
    check(&folder, "out");
    folder.write("in/a.txt", plan(2).as_bytes());
    assert_eq!(folder.ingested(&[]).code, Some(0), "it has settled");
    assert_eq!(folder.json("out/run.json").get("left"), None);
}

#[cfg(all(unix, debug_assertions))]
#[test]
fn an_interrupted_run_puts_in_place_what_it_has() {
    use std::io::Read;
    let folder = plans(3);
    // Found to be the largest, it is begun first, and is in hand when the signal comes.
    let slow = format!("fault: slow\n{}{}", plan(50), "\n".repeat(9000));
    folder.write("in/slow.txt", slow.as_bytes());
    let mut child = start(&folder, "out", &["--jobs", "1"]);
    while !folder.exists("out/.keikaku/journal.ndjson") {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("interrupted: 3 documents are left"), "{said}");
    assert_eq!(said.lines().count(), 2, "not a line for each: {said}");
    check(&folder, "out");
    let manifest = folder.json("out/run.json");
    assert_eq!(manifest["documents"][0]["path"], "slow.txt", "what was in hand is finished");
    assert_eq!(manifest["left"].as_array().unwrap().len(), 3);
    assert_eq!(folder.ingested(&[]).code, Some(0));
    assert_eq!(start(&folder, "fresh", &[]).wait().unwrap().code(), Some(0));
    let strip = |mut files: Vec<(String, Vec<u8>)>| {
        files.retain(|(name, _)| name.starts_with("records/"));
        files
    };
    assert_eq!(strip(state(&folder, "out")), strip(state(&folder, "fresh")));
}

/// In whatever order folders are named, and however many jobs read them.
#[test]
fn order_and_jobs_do_not_matter() {
    let folder = plans(20);
    let mut states = Vec::new();
    for (i, (order, jobs)) in
        [(["0", "1", "2", "3", "4"], "1"), (["4", "2", "0", "1", "3"], "2"), (["3", "4", "1", "0", "2"], "5")]
            .iter()
            .enumerate()
    {
        let out = format!("out-{i}");
        for revised in [false, true] {
            // The same revisions for each output.
            for i in 0..20 {
                let text = plan(if revised && i % 4 == 0 { i + 100 } else { i });
                folder.write(&format!("in/{}/{i:03}.txt", i % 5), text.as_bytes());
            }
            let mut command = folder.ingest();
            command.args(order.iter().map(|name| format!("in/{name}"))).args(["-o", &out, "--jobs", jobs, "--quiet"]);
            assert_eq!(crate::program::run(&mut command).code, Some(0));
        }
        states.push(state(&folder, &out));
    }
    assert!(states[0].iter().any(|(name, _)| name == "changes/1.json"));
    assert_eq!(states[0], states[1]);
    assert_eq!(states[0], states[2]);
}
