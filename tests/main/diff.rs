//! `keikaku diff`: a pair for each kind of change, pairs that differ in notation alone, mirror images, and places.

mod pairs;

use crate::program::{Folder, keikaku, run};
use keikaku::compare::{self, Change, ChangeKind, Content};
use keikaku::process;
use keikaku::record::PlanRecord;
use keikaku::vocabulary::Vocabulary;
use pairs::{PAIRS, PLAN, Pair};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::built_in);

fn record(text: &str) -> PlanRecord {
    process::process("plan.md", text.as_bytes(), &VOCABULARY).record
}

/// The plan with texts replaced, each of which is there.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(PLAN.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

fn kinds(changes: &[Change]) -> Vec<String> {
    let kinds: BTreeSet<ChangeKind> = changes.iter().map(|change| change.kind).collect();
    kinds.into_iter().map(ChangeKind::name).collect()
}

/// The other way round, as far as it can be told: whose id and name a change carries depends on which is newer.
fn mirrored(change: &Change) -> Value {
    let mut value = serde_json::to_value(change).unwrap();
    let fields = value.as_object_mut().unwrap();
    for (a, b) in [("old", "new"), ("old_at", "new_at")] {
        let (old, new) = (fields[a].take(), fields[b].take());
        fields.insert(a.to_owned(), new);
        fields.insert(b.to_owned(), old);
    }
    let kind = fields["kind"].as_str().unwrap().to_owned();
    let swapped = [("-added", "-removed"), ("-removed", "-added"), ("-merged", "-split"), ("-split", "-merged")];
    let kind = swapped.iter().find_map(|(from, to)| Some(format!("{}{to}", kind.strip_suffix(from)?))).unwrap_or(kind);
    fields.insert("kind".to_owned(), kind.into());
    if let Some(difference) = fields.get_mut("difference") {
        let number = difference["number"].as_f64().unwrap();
        difference["number"] = serde_json::to_value(keikaku::record::Number(-number)).unwrap();
        difference["direction"] = if number > 0.0 { "down" } else { "up" }.into();
        difference.as_object_mut().unwrap().remove("unit");
    }
    for word in fields.get_mut("words").and_then(Value::as_array_mut).into_iter().flatten() {
        let (old, new) = (word["old"].take(), word["new"].take());
        (word["old"], word["new"]) = (new, old);
    }
    value
}

/// What of a change has a mirror image.
fn settled(mut value: Value) -> String {
    let fields = value.as_object_mut().unwrap();
    for field in ["measure", "name", "kpi", "field", "fiscal_year"] {
        fields.remove(field);
    }
    if let Some(difference) = fields.get_mut("difference").and_then(Value::as_object_mut) {
        difference.remove("unit");
    }
    value.to_string()
}

fn see_mirror(old: &PlanRecord, new: &PlanRecord) {
    let sorted = |mut texts: Vec<String>| {
        texts.sort();
        texts
    };
    let there = compare::compare(old, new, &VOCABULARY).iter().map(|change| settled(mirrored(change))).collect();
    let back = compare::compare(new, old, &VOCABULARY);
    let back = back.iter().map(|change| settled(serde_json::to_value(change).unwrap())).collect();
    assert_eq!(sorted(there), sorted(back));
}

/// Kinds of changes of whole documents, which a pair of outputs shows.
const OF_DOCUMENTS: [&str; 2] = ["document-added", "document-removed"];

#[test]
fn each_kind_of_change_is_seen_and_nothing_else() {
    let old = record(PLAN);
    assert_eq!(old.measures.len(), 4);
    let mut wrong = Vec::new();
    for Pair { edits, there, back } in PAIRS {
        let new = record(&edited(edits));
        for (from, to, expected) in [(&old, &new, there), (&new, &old, back)] {
            let found = kinds(&compare::compare(from, to, &VOCABULARY));
            if found != **expected {
                wrong.push(format!("{edits:?}: {found:?}"));
            }
        }
        see_mirror(&old, &new);
        assert_eq!(compare::compare(&new, &new, &VOCABULARY), []);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_kind_of_change_has_a_pair() {
    let shown: BTreeSet<&str> =
        PAIRS.iter().flat_map(|pair| pair.there.iter().chain(pair.back)).chain(&OF_DOCUMENTS).copied().collect();
    let all: BTreeSet<String> = ChangeKind::ALL.iter().map(|(kind, _)| kind.name()).collect();
    assert_eq!(all.iter().map(String::as_str).collect::<BTreeSet<_>>(), shown);
}

#[test]
fn where_a_measure_stands_is_no_matter() {
    let old = record(PLAN);
    let mut new = old.clone();
    new.measures.reverse();
    assert_eq!(compare::compare(&old, &new, &VOCABULARY), []);
}

#[test]
fn money_is_compared_in_base_units() {
    let old = record(PLAN);
    let of = |unit: &str, amount: &str| {
        record(&edited(&[("予算額(千円)", &format!("予算額({unit})")), ("1,200 | 1,500", amount)]))
    };
    let changes = compare::compare(&old, &of("万円", "120 | 180"), &VOCABULARY);
    assert_eq!(kinds(&changes), ["budget-changed"]);
    let difference = changes[0].difference.as_ref().unwrap();
    assert_eq!((difference.number.0, difference.unit.as_deref()), (300_000.0, Some("円")));
    assert_eq!(compare::compare(&old, &of("万円", "120 | 150"), &VOCABULARY), [], "the same money in another unit");
}

#[test]
fn any_number_of_namesakes_is_matched() {
    let mut old = record(PLAN);
    let one = old.measures[1].clone();
    old.measures = vec![one; 500];
    assert_eq!(compare::compare(&old, &old, &VOCABULARY), []);
    let mut new = old.clone();
    new.measures.pop();
    assert_eq!(kinds(&compare::compare(&old, &new, &VOCABULARY)), ["measure-removed"]);
    see_mirror(&old, &new);
}

#[test]
fn measures_that_merge_or_split() {
    let old = record(PLAN);
    let mut new = old.clone();
    let gone = new.measures.remove(1);
    new.measures[0].sections.extend(gone.sections);
    new.measures[0].kpis.extend(gone.kpis);
    see_mirror(&old, &new);
    let changes = compare::compare(&old, &new, &VOCABULARY);
    let merged =
        changes.iter().find(|change| change.kind == ChangeKind::MeasureMerged).expect("it went into the other");
    assert_eq!(merged.old, Some(Content::Text("図書館の電子化".into())));
    assert_eq!(merged.new, Some(Content::Text("窓口の予約".into())));
    assert!(!changes.iter().any(|change| change.kind == ChangeKind::MeasureRemoved));
}

#[test]
fn a_change_says_what_and_where_in_both() {
    let old = record(PLAN);
    let new = record(&edited(&[("# 汐見市", "\n\n# 汐見市"), ("| 1,000件 |", "| 1,200件 |")]));
    let changes = compare::compare(&old, &new, &VOCABULARY);
    let json = serde_json::to_value(&changes).unwrap();
    assert_eq!(changes.len(), 1, "{json}");
    let line = |text: &str, at: &Value| text.lines().nth(at["line"].as_u64().unwrap() as usize - 1).unwrap().to_owned();
    let change = &json[0];
    assert_eq!((&change["name"], &change["kpi"]), (&"窓口の予約".into(), &"予約の件数".into()));
    assert_eq!(change["fiscal_year"], 2024);
    assert_eq!((&change["old"]["number"], &change["new"]["number"]), (&1000.into(), &1200.into()));
    assert_eq!(change["difference"], serde_json::json!({ "number": 200, "unit": "件", "direction": "up" }));
    assert!(line(PLAN, &change["old_at"]).contains("1,000件"));
    let moved = edited(&[("# 汐見市", "\n\n# 汐見市"), ("| 1,000件 |", "| 1,200件 |")]);
    assert!(line(&moved, &change["new_at"]).contains("1,200件"));
}

#[test]
fn ids_stay_over_names_and_numbers() {
    let old = record(PLAN);
    let edits = [
        ("### 施策1-1 窓口の予約", "### 施策1-4 窓口のオンライン予約"),
        ("### 施策2-1 見守りの充実", "### 施策2-1 窓口の予約"),
    ];
    let mut new = record(&edited(&edits));
    let own = new.measures.iter().map(|measure| measure.id.clone()).collect::<Vec<_>>();
    compare::carry(&old, &mut new, &VOCABULARY);
    let id = |record: &PlanRecord, name: &str| record.measures.iter().find(|m| m.name == name).unwrap().id.clone();
    assert_ne!(own[0], old.measures[0].id);
    assert_eq!(id(&new, "図書館の電子化"), id(&old, "図書館の電子化"));
    let ids: BTreeSet<&String> = new.measures.iter().map(|measure| &measure.id).collect();
    assert_eq!(ids.len(), 4, "ids stay unique");
}

/// What may be written otherwise without saying anything else.
fn rendered(choices: &[u8]) -> String {
    let mut choices = choices.iter().copied().cycle();
    let mut choose = |of: u8| choices.next().unwrap_or(0) % of;
    let wide = |text: &str| -> String {
        let widen = |c: char| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c };
        text.chars().map(widen).collect()
    };
    let mut out = String::new();
    for line in PLAN.lines() {
        let is_rule = line.starts_with("|---");
        let mut text = line.to_owned();
        // An era's year or the calendar's; all of a line, so that none leans on the other notation.
        if choose(2) == 1 {
            for (era, year) in
                [("令和4年", "2022年"), ("令和5年", "2023年"), ("令和6年", "2024年"), ("令和7年", "2025年")]
            {
                text = text.replace(era, year);
            }
        }
        if choose(3) == 0 && !line.starts_with('#') && !is_rule {
            text = wide(&text);
        }
        if line.starts_with('|') && !is_rule && choose(2) == 1 {
            text = text.replace(" | ", "  |   ");
        }
        out.push_str(&text);
        for _ in 0..choose(3) {
            // Blank lines between blocks; within a table or a list they would end it.
            if line.is_empty() {
                out.push('\n');
            }
        }
        out.push_str(if choose(2) == 0 { "\n" } else { "  \n" });
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn another_rendering_is_no_change(choices in prop::collection::vec(any::<u8>(), 64..128)) {
        static OLD: LazyLock<PlanRecord> = LazyLock::new(|| record(PLAN));
        let text = rendered(&choices);
        let changes = compare::compare(&OLD, &record(&text), &VOCABULARY);
        prop_assert!(changes.is_empty(), "{}\n{}", serde_json::to_string_pretty(&changes).unwrap(), text);
    }
}

#[test]
fn other_syntax_and_encodings_are_no_change() {
    let old = record(PLAN);
    let in_html = |text: &str| {
        let mut out = String::new();
        let mut is_open = false;
        for line in text.lines().filter(|line| !line.starts_with("|---")) {
            match line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) {
                Some(cells) => {
                    out.push_str(if is_open { "" } else { "<table>\n" });
                    let cells = cells.split('|').map(|cell| format!("<td>{}</td>", cell.trim())).collect::<String>();
                    out.push_str(&format!("<tr>{cells}</tr>\n"));
                    is_open = true;
                }
                None => {
                    out.push_str(if is_open { "</table>\n" } else { "" });
                    out.push_str(&format!("{line}\n"));
                    is_open = false;
                }
            }
        }
        out
    };
    for text in [in_html(PLAN), PLAN.replace('\n', "\r\n"), format!("\u{feff}{PLAN}")] {
        let changes = compare::compare(&old, &record(&text), &VOCABULARY);
        assert_eq!(serde_json::to_value(changes).unwrap(), serde_json::json!([]));
    }
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(PLAN);
    let new = process::process("plan.md", &bytes, &VOCABULARY).record;
    assert_eq!(compare::compare(&old, &new, &VOCABULARY), []);
}

/// The formats of one plan are one plan.
#[test]
fn a_workbook_and_its_pdf_have_the_same_measures() {
    let fixture = |name: &str| {
        let bytes = std::fs::read(crate::program::project().join("fixtures/spreadsheet").join(name)).unwrap();
        process::process(name, &bytes, &VOCABULARY).record
    };
    let workbook = fixture("akanegahara-indicators.xlsx");
    for name in ["akanegahara-indicators.xls", "akanegahara-indicators.ods", "akanegahara-indicators.csv"] {
        let mut other = fixture(name);
        let found = kinds(&compare::compare(&workbook, &other, &VOCABULARY));
        let measures = found.iter().filter(|kind| kind.starts_with("measure-") || kind.starts_with("target-"));
        assert_eq!(measures.collect::<Vec<_>>(), [""; 0], "{name}");
        compare::carry(&workbook, &mut other, &VOCABULARY);
        let ids = |record: &PlanRecord| record.measures.iter().map(|measure| measure.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&workbook), ids(&other), "{name}");
    }
}

#[test]
fn sources_records_and_outputs_are_compared() {
    let folder = Folder::with(&[("plan.md", PLAN.as_bytes())]);
    folder.ingested(&[]);
    folder.write("new.md", edited(&[("| 1,000件 |", "| 1,200件 |")]).as_bytes());
    folder.write("in/more.md", "# 別の計画\n\n施策名\t桟橋の整備\n担当課\t港湾課\n".as_bytes());
    folder.write("in/plan.md", edited(&[("| 1,000件 |", "| 1,200件 |")]).as_bytes());
    assert_eq!(run(folder.ingest().args(["in", "-o", "later"])).code, Some(0));
    let diff = |arguments: &[&str]| run(keikaku().current_dir(folder.path("")).arg("diff").args(arguments));
    let record = "out/records/plan.md.json";
    for (old, new, code) in [
        ("in/plan.md", "new.md", 0),
        (record, "new.md", 1),
        (record, record, 0),
        ("out", "new.md", 1),
        ("new.md", "later", 0),
        ("out", "out", 0),
        ("out", "later", 1),
        ("out", "nowhere", 2),
        ("in", "out", 2),
    ] {
        let ran = diff(&[old, new]);
        assert_eq!(ran.code, Some(code), "{old} {new}: {ran:?}");
        assert!(!ran.out.contains('\u{1b}'), "no terminal, no colours");
    }
    let kinds = |old: &str, new: &str| -> Vec<String> {
        let changes: Value = serde_json::from_str(&diff(&[old, new, "--format", "json"]).out).unwrap();
        changes["changes"].as_array().unwrap().iter().map(|c| c["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds("out", "later"), [OF_DOCUMENTS[0], "target-changed"]);
    assert_eq!(kinds("later", "out"), ["target-changed", OF_DOCUMENTS[1]]);
    assert!(diff(&["out", "later", "--color", "always"]).out.contains("\u{1b}[33m~ target-changed\u{1b}[0m"));
    assert!(diff(&["out", "later", "--format", "markdown"]).out.contains("- **target-changed**"));
    assert!(diff(&["out", "later", "--format", "html"]).out.contains("<ins>1,200件</ins>"));
}

#[test]
fn texts_of_documents_are_never_markup() {
    let evil = "<img src=x onerror=alert(1)>[x](javascript:y)\u{1b}]0;t\u{7}\u{202e}";
    let (old, mut new) = (record(PLAN), record(PLAN));
    new.measures[2].name = format!("見守りの充実 {evil}");
    new.measures[0].owners[0].name = evil.to_owned();
    new.measures[0].sections[0].text = format!("{evil}\n{evil}");
    new.plan.title = evil.to_owned();
    let changes = compare::compare(&old, &new, &VOCABULARY);
    assert!(changes.len() >= 4);
    use keikaku::write::changes::{html, markdown, text};
    for (name, shown) in
        [("html", html(&changes)), ("markdown", markdown(&changes, 1)), ("text", text(&changes, false))]
    {
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{name}");
        if name != "text" {
            assert!(!shown.contains("<img"), "{name}: {shown}");
            assert!(name == "html" || !shown.contains("](java"), "{name}: {shown}");
        }
    }
}
