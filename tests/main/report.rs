//! The review site as files: what is on its pages, what it does with sources that are gone, what it leaves alone.
//! How it behaves in a browser is tested by `tests/browser.py`.

use crate::program::{Folder, Ran, fixtures, keikaku, run};
use serde_json::Value;

/// Fixtures of each kind of source, by their paths.
const KINDS: [&str; 5] = [
    "pdf/plans/kirigaoka-forms.chromium.pdf",
    "spreadsheet/kazehana-forms.xlsx",
    "text/asanagi-jisshi-keikaku.txt",
    "text/shiranegawa-suido.html",
    "text/togegawa-hyoji.csv",
];

/// An output of fixtures of each kind.
fn ingested() -> Folder {
    let fixtures = fixtures();
    let kept = fixtures.iter().filter(|(path, _)| KINDS.contains(&path.as_str()));
    let documents: Vec<(&str, &[u8])> = kept.map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    assert_eq!(documents.len(), KINDS.len());
    let folder = Folder::with(&documents);
    assert_eq!(folder.ingested(&["--quiet"]).code, Some(0));
    folder
}

fn report(folder: &Folder, more: &[&str]) -> Ran {
    run(keikaku().current_dir(folder.path("")).args(["report", "out", "-o", "site"]).args(more))
}

/// The rows of the overview.
fn rows(folder: &Folder) -> Vec<Value> {
    let data = String::from_utf8(folder.bytes("site/data/plans.js")).unwrap();
    let rows = data.strip_prefix("keikaku.plans(").and_then(|rest| rest.rsplit_once(','));
    serde_json::from_str(rows.expect("a call with rows").0).unwrap()
}

/// The path of a plan's pages.
fn pages(folder: &Folder, path: &str) -> String {
    let row = rows(folder).into_iter().find(|row| row["path"] == path).unwrap_or_else(|| panic!("{path} has no row"));
    format!("site/plans/{}", row["folder"].as_str().expect("pages"))
}

fn page(folder: &Folder, path: &str) -> String {
    String::from_utf8(folder.bytes(&format!("{}/1.html", pages(folder, path)))).unwrap()
}

#[test]
fn every_kind_of_source_is_shown_with_the_boxes_of_its_values() {
    let folder = ingested();
    let ran = report(&folder, &[]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(rows(&folder).len(), KINDS.len());
    for path in KINDS {
        let page = page(&folder, path);
        let record = folder.json(&format!("out/records/{path}.json"));
        for (i, measure) in record["measures"].as_array().unwrap().iter().enumerate() {
            assert!(page.contains(&format!("data-p=\"/measures/{i}/name\"")), "{path}");
            assert!(page.contains(&format!("id=\"{}\"", measure["id"].as_str().unwrap())), "{path}");
        }
        assert!(!page.contains("class=\"absent\""), "{path}");
    }
    let pdf = page(&folder, KINDS[0]);
    assert!(pdf.contains("<img src=\"p2.png\" loading=\"lazy\"") && pdf.contains("<rect class=\"box\""));
    assert!(folder.bytes(&format!("{}/p2.png", pages(&folder, KINDS[0]))).starts_with(b"\x89PNG"));
    assert!(pdf.contains("<svg class=\"chart\"") && pdf.contains("<rect class=\"bar\""));
    let sheet = page(&folder, KINDS[1]);
    assert!(sheet.contains("data-a=\"E12:F12\"") || sheet.contains("data-a=\"E12\""), "cells at their addresses");
    assert!(page(&folder, KINDS[2]).contains("<span class=\"n\">80</span>"));
}

#[test]
fn a_box_has_the_place_of_its_value() {
    let folder = ingested();
    report(&folder, &[]);
    let page = page(&folder, KINDS[0]);
    let record = folder.json(&format!("out/records/{}.json", KINDS[0]));
    let target = &record["measures"][0]["kpis"][0]["targets"][0];
    let [x0, y0]: [f64; 2] = std::array::from_fn(|i| target["at"]["bbox"][i].as_f64().unwrap());
    let value = page.split("<span class=\"val\"").find(|part| part.contains("/measures/0/kpis/0/targets/0/value\""));
    let number = value.unwrap().split("id=\"v").nth(1).unwrap().split('"').next().unwrap();
    let shown = page.split("<rect").find(|part| {
        part.split_once("data-v=\"").is_some_and(|(_, rest)| {
            rest.split('"').next().is_some_and(|list| list.split(' ').any(|one| one == number))
        })
    });
    let shown = shown.expect("a box");
    let coordinate = |name: &str| -> f64 {
        shown.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    assert!((coordinate("x") - x0).abs() < 0.01 && (coordinate("y") - y0).abs() < 0.01, "{shown}");
}

#[test]
fn texts_of_documents_are_texts() {
    let folder = ingested();
    report(&folder, &[]);
    for (name, bytes) in folder.files("site") {
        let text = String::from_utf8_lossy(&bytes);
        if name.ends_with(".html") {
            for markup in ["<script>window", "<img src=x", "<svg onload", "<b onclick", "\u{202e}", "\u{2028}"] {
                assert!(!text.contains(markup), "{name}: {markup}");
            }
        } else if name.starts_with("data/") {
            assert!(!text.contains(['<', '\u{202e}', '\u{2028}']), "{name}");
        }
    }
    let page = page(&folder, "text/togegawa-hyoji.csv");
    assert!(page.contains("&lt;script&gt;window.ran=1&lt;/script&gt;の点検"));
}

#[test]
fn the_same_output_gives_the_same_site() {
    let folder = ingested();
    report(&folder, &["--jobs", "1"]);
    let first = folder.files("site");
    // Over the one that lies there.
    assert_eq!(report(&folder, &["--jobs", "3"]).code, Some(0));
    let second = folder.files("site");
    assert_eq!(
        first.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        second.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    assert!(first == second);
}

#[test]
fn a_source_that_is_gone_or_another_is_said_so() {
    let folder = ingested();
    folder.write(&format!("in/{}", KINDS[2]), "別の文書\n".as_bytes());
    std::fs::remove_file(folder.path(&format!("in/{}", KINDS[0]))).unwrap();
    let ran = report(&folder, &[]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.contains("the source was not found") && ran.err.contains("no longer the one"), "{}", ran.err);
    for path in [KINDS[0], KINDS[2]] {
        let page = page(&folder, path);
        assert!(page.contains("class=\"absent\"") && page.contains("data-p=\"/measures/0/name\""), "{path}");
    }
    // Elsewhere, when told so.
    std::fs::rename(folder.path("in"), folder.path("moved")).unwrap();
    assert_eq!(report(&folder, &[]).err.matches("was not found").count(), KINDS.len());
    assert_eq!(report(&folder, &["--sources", "moved"]).err.matches("was not found").count(), 1);
}

#[test]
fn nothing_but_a_site_is_replaced() {
    let folder = ingested();
    folder.write("site/mine.txt", b"mine");
    let ran = report(&folder, &[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("not empty"), "{}", ran.err);
    assert_eq!(folder.files("site"), [("mine.txt".to_owned(), b"mine".to_vec())]);
    let ran = run(keikaku().current_dir(folder.path("")).args(["report", "in", "-o", "other"]));
    assert_eq!(ran.code, Some(2));
    assert!(!folder.exists("other"));
}

#[test]
fn a_plan_of_many_measures_has_several_pages() {
    let mut list = String::from("梢町取組一覧\n番号,事業名,担当課,指標名,単位,R6,R7\n");
    for i in 1..=250 {
        list.push_str(&format!("{i},取組その{i},総務課,指標{i},件,{i},{}\n", i + 1));
    }
    let folder = Folder::with(&[("list.csv", list.as_bytes())]);
    folder.ingested(&["--quiet"]);
    report(&folder, &[]);
    let record = folder.json("out/records/list.csv.json");
    assert_eq!(record["measures"].as_array().unwrap().len(), 250);
    let pages = pages(&folder, "list.csv");
    let text = |number: usize| String::from_utf8(folder.bytes(&format!("{pages}/{number}.html"))).unwrap();
    let cards: usize = (1..=3).map(|number| text(number).matches("<article class=\"card\"").count()).sum();
    assert_eq!(cards, 250);
    assert!(!folder.exists(&format!("{pages}/4.html")));
    // A page shows what of the source is on it.
    assert!(text(3).contains("取組その250") && !text(3).contains("取組その50,"));
}

#[test]
fn a_corrected_value_is_shown_with_what_was_extracted() {
    let folder = ingested();
    let record = format!("out/records/{}.json", KINDS[2]);
    let was = folder.json(&record)["measures"][0]["name"].as_str().unwrap().to_owned();
    let mut correct = keikaku();
    correct.current_dir(folder.path("")).args(["correct", &record, "/measures/0/name", "見守りの網"]);
    assert_eq!(run(correct.args(["--who", "検査係", "--when", "2024-05-31"])).code, Some(0));
    assert_eq!(folder.ingested(&["--quiet"]).code, Some(0));
    assert_eq!(report(&folder, &[]).code, Some(0));
    let page = page(&folder, KINDS[2]);
    let shown = page.split("data-p=\"/measures/0/name\"").nth(1).unwrap().split("</h2>").next().unwrap();
    for text in ["見守りの網", "✎", &was, "検査係, 2024-05-31"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    // The run that put it in changed the plan.
    let row = rows(&folder).into_iter().find(|row| row["path"] == KINDS[2]).unwrap();
    assert_eq!((&row["fate"], &row["changes"]), (&Value::from("revised"), &Value::from(1)));
    assert!(page.contains("class=\"card changes\""));
}

#[test]
fn header_glossary_and_diagnostics_have_their_boxes() {
    let text = "# 北泉市減災計画【第2.1版】\n\n令和6年3月 北泉市\n\n計画期間 令和6年度～令和8年度\n\n\
        事業名\t桟橋の補強\n担当課\t港湾課\nスケジュール\t現地の調査\n目標値\tデバйд10件\n\n## 用語集\n\n\
        用語\t説明\n減災\t被害を減らすこと。\n";
    let folder = Folder::with(&[("plan.txt", text.as_bytes())]);
    folder.ingested(&["--quiet"]);
    report(&folder, &[]);
    let (page, record) = (page(&folder, "plan.txt"), folder.json("out/records/plan.txt.json"));
    assert_eq!(record["glossary"].as_array().unwrap().len(), 1, "{record}");
    assert!(!record["diagnostics"].as_array().unwrap().is_empty(), "{record}");
    // Each is a value to be chosen, and a line of the source shows its number.
    for pointer in [
        "/plan/title",
        "/plan/version",
        "/plan/published",
        "/plan/publisher",
        "/plan/period/start",
        "/glossary/0/term",
        "/glossary/0/definition",
        "/diagnostics/0",
    ] {
        let before = page.split(&format!("data-p=\"{pointer}\"")).next().filter(|before| before.len() < page.len());
        let number = before.unwrap_or_else(|| panic!("{pointer}")).rsplit("id=\"v").next().unwrap();
        let number = number.split('"').next().unwrap();
        let is_its = |list: &str| list.split('"').next().unwrap().split(' ').any(|one| one == number);
        let lines = page.split("class=\"lines\"").nth(1).unwrap();
        assert!(lines.split("data-v=\"").skip(1).any(is_its), "{pointer}");
    }
}

#[test]
fn a_plan_whose_source_is_gone_is_listed_as_such() {
    let folder = ingested();
    std::fs::remove_file(folder.path(&format!("in/{}", KINDS[3]))).unwrap();
    assert_eq!(folder.ingested(&["--quiet"]).code, Some(0));
    let ran = report(&folder, &[]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let states: Vec<(String, bool)> =
        rows(&folder).iter().map(|row| (row["path"].as_str().unwrap().to_owned(), row["state"] == "gone")).collect();
    let mut expected: Vec<(String, bool)> = KINDS.iter().map(|path| ((*path).to_owned(), *path == KINDS[3])).collect();
    expected.sort();
    assert_eq!(states, expected);
    assert!(page(&folder, KINDS[3]).contains("data-p=\"/measures/0/name\""));
}

#[test]
fn pictures_are_drawn_again_only_of_other_sources() {
    let folder = ingested();
    report(&folder, &[]);
    let picture = format!("{}/p2.png", pages(&folder, KINDS[0]));
    let drawn = folder.bytes(&picture);
    // Marked, so that it is known again.
    let marked = [drawn.as_slice(), b"kept"].concat();
    folder.write(&picture, &marked);
    report(&folder, &[]);
    assert_eq!(folder.bytes(&picture), marked);
    // One that is not there is drawn, and so are those of another source.
    std::fs::remove_file(folder.path(&picture)).unwrap();
    report(&folder, &[]);
    assert_eq!(folder.bytes(&picture), drawn);
    folder.write(&picture, &marked);
    let source = format!("in/{}", KINDS[0]);
    folder.write(&source, &[folder.bytes(&source).as_slice(), b"\n% another\n"].concat());
    folder.ingested(&["--quiet"]);
    report(&folder, &[]);
    assert_eq!(folder.bytes(&picture), drawn);
}

/// Drawing a page may take a worker with it: that costs the plan its pictures, and nothing else.
#[cfg(debug_assertions)]
#[test]
fn a_worker_that_dies_while_it_draws_costs_one_plan_its_pictures() {
    let folder = ingested();
    for (how, why) in [("abort", "ended with"), ("panic", "ended with"), ("allocate", "MiB of memory")] {
        let source = format!("in/{}", KINDS[0]);
        folder.write(&source, &[folder.bytes(&source).as_slice(), format!("\n% fault: {how}\n").as_bytes()].concat());
        assert_eq!(folder.ingested(&["--quiet"]).code, Some(0));
        let ran = run(keikaku()
            .current_dir(folder.path(""))
            .env("KEIKAKU_FAULTS", "1")
            .args(["report", "out", "-o", "site"]));
        assert_eq!(ran.code, Some(0), "{how}: {}", ran.err);
        assert!(ran.err.contains(KINDS[0]) && ran.err.contains(why), "{how}: {}", ran.err);
        assert_eq!(rows(&folder).len(), KINDS.len());
        let shown = page(&folder, KINDS[0]);
        assert!(shown.contains("class=\"absent\"") && shown.contains("data-p=\"/measures/0/name\""), "{how}");
        assert!(!page(&folder, KINDS[1]).contains("class=\"absent\""), "{how}");
    }
}
