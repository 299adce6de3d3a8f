//! The same bytes out for the same bytes in: however many jobs, in whatever order, as often as one likes.

use crate::program::{Folder, Ran, fixtures, run};
use proptest::prelude::*;
use serde_json::Value;

/// The files of an output, the manifest without its durations.
fn output(folder: &Folder, below: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = folder.files(below);
    for (name, bytes) in &mut files {
        if name == "run.json" {
            let mut manifest: Value = serde_json::from_slice(bytes).unwrap();
            assert!(manifest["seconds"].take().is_number());
            for entry in manifest["documents"].as_array_mut().unwrap() {
                assert!(entry["seconds"].take().is_number());
            }
            *bytes = serde_json::to_vec_pretty(&manifest).unwrap();
        }
    }
    files
}

fn ingest(folder: &Folder, out: &str, jobs: &str, more: &[&str]) -> Ran {
    let mut command = folder.ingest();
    command.env("KEIKAKU_FAULTS", "1").args(["in", "-o", out, "--jobs", jobs]).args(more);
    run(&mut command)
}

#[test]
fn jobs_do_not_matter() {
    let fixtures = fixtures();
    let mut documents: Vec<(&str, &[u8])> =
        fixtures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    // Among them some that break their worker, and so change who processes the next.
    documents.extend([
        ("a.txt", &b"fault: abort\n"[..]),
        ("b.txt", b"fault: panic\n"),
        ("text/b.txt", b"fault: overflow\n"),
        ("text/k.txt", b"fault: abort\n"),
        ("z.txt", b""),
    ]);
    let folder = Folder::with(&documents);
    for format in ["json", "ndjson"] {
        let out = |jobs: &str| format!("{format}-{jobs}");
        for jobs in ["1", "2", "7"] {
            assert_eq!(ingest(&folder, &out(jobs), jobs, &["--format", format]).code, Some(1));
        }
        let one = output(&folder, &out("1"));
        assert!(one.len() > 1);
        assert_eq!(one, output(&folder, &out("2")));
        assert_eq!(one, output(&folder, &out("7")));
        // Once more over what lies there.
        ingest(&folder, &out("1"), "2", &["--format", format]);
        assert_eq!(one, output(&folder, &out("1")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever documents are, they give whole records that fit the schema, the same with one job and with many.
    #[test]
    fn any_documents_give_the_same_records(contents in prop::collection::vec(content(), 1..8), jobs in 2usize..6) {
        let names: Vec<String> = (0..contents.len()).map(|i| format!("{}/{i}.txt", i % 3)).collect();
        let documents: Vec<(&str, &[u8])> =
            names.iter().zip(&contents).map(|(name, content)| (name.as_str(), content.as_bytes())).collect();
        let folder = Folder::with(&documents);
        ingest(&folder, "out", "1", &[]);
        ingest(&folder, "many", &jobs.to_string(), &[]);
        prop_assert_eq!(output(&folder, "out"), output(&folder, "many"));
        for name in &names {
            folder.codes(name);
        }
    }
}

/// Text of the pieces that plans are made of, in no sensible order.
fn content() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "# ",
        "## ",
        "第1章",
        "施策",
        "1-1 ",
        "(1)",
        "【担当課】",
        "港湾課",
        "、",
        "令和5年度",
        "R6",
        "〜",
        "2030",
        "\t",
        "\n",
        "\n\n",
        "|",
        "|---|",
        "<table>",
        "<tr>",
        "<td colspan=3>",
        "</table>",
        "→",
        "■",
        "50%",
        "5件以上",
        "・",
        "①",
        "目標値",
        "KPI",
        "\u{c}",
        "\r\n",
        "    ",
        "……12",
        "𠮷",
        "ﾃﾞｰﾀ",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}
