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

/// The head after the largest number was its successor, which there is none of.
#[test]
fn a_head_with_the_largest_number_counts_on_to_nothing() {
    let text = "\
指標の一覧

項目            4294967295年度      5年度      6年度      7年度
利用者の数            120          130        140        150
施設の数               3            4          5          6
会員の数             200          210        220        230
";
    crate::text_damage::check(text.as_bytes());
}
