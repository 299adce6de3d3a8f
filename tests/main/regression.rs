//! Defects that were found once, each with the document that showed it.

use crate::program::Folder;

/// The words a worker prints when it panics must not count against its memory: with `RUST_BACKTRACE` set, the lookup
/// of frames in a build with debug information took more than the cap, and a panic was reported as `limit-exceeded`.
#[cfg(debug_assertions)]
#[test]
fn a_panic_is_a_panic_also_with_backtraces() {
    let folder = Folder::with(&[("a.txt", b"fault: panic\n")]);
    let mut command = folder.ingest();
    command.env("KEIKAKU_FAULTS", "1").env("RUST_BACKTRACE", "full").args(["in", "-o", "out", "--memory-limit", "512"]);
    crate::program::run(&mut command);
    assert_eq!(folder.codes("a.txt"), ["worker-crashed"]);
}
