//! Corrections: written by `keikaku correct`, put in by every ingest, and left out when the source says something else.

use crate::program::{Folder, Ran, keikaku, project, run};
use keikaku::correct::{self, Author, Correction, MakeError};
use keikaku::process;
use keikaku::record::PlanRecord;
use keikaku::vocabulary::Vocabulary;
use serde_json::{Value, json};
use std::fs;

const PLAN: &str = "\
# 湯の沢市観光計画

湯の沢市
計画期間 令和6年度～令和8年度

### 施策1-1 温泉街の案内

- 担当課: 観光課

| スケジュール | 令和6年度 | 令和7年度 | 令和8年度 |
|---|---|---|---|
| 案内板 | 設計 | 設置 | 設置 |

| 成果指標 | 基準値(令和5年度) | 令和6年度 | 令和7年度 | 令和8年度 |
|---|---|---|---|---|
| 宿泊者数 | 100人 | 120人 | 140人 | 160人 |
| 案内所の利用 | 10件 | 20件 | 30件 | 40件 |

### 施策1-2 祭りの継承

- 担当課: 文化課

| 成果指標 | 基準値(令和5年度) | 令和6年度 | 令和7年度 | 令和8年度 |
|---|---|---|---|---|
| 参加者数 | 5人 | 6人 | 7人 | 8人 |
";
const OTHER: &str = "# 山里計画\n\n施策名\t林道の整備\n担当課\t林務課\n";
const RECORD: &str = "out/records/plan.md.json";
const FILE: &str = "out/corrections/corrections.toml";

fn author() -> Author {
    Author { who: "検査係".to_owned(), when: "2024-05-31".to_owned(), why: None }
}

fn record(text: &str) -> PlanRecord {
    process::process("plan.md", text.as_bytes(), &Vocabulary::built_in()).record
}

fn make(record: &PlanRecord, pointer: &str, value: &str) -> Result<Correction, MakeError> {
    correct::make(record, pointer, value, &author(), &Vocabulary::built_in()).map(|(correction, _)| correction)
}

/// A record with corrections put in.
fn corrected(text: &str, corrections: &[Correction]) -> PlanRecord {
    let vocabulary = Vocabulary::built_in();
    let mut record = process::extracted("plan.md", text.as_bytes(), &vocabulary).record;
    process::finish(&mut record, corrections, &vocabulary);
    record
}

fn at(record: &PlanRecord, pointer: &str) -> Value {
    serde_json::to_value(record).unwrap().pointer(pointer).cloned().unwrap_or_default()
}

fn codes(record: &PlanRecord) -> Vec<(String, Option<String>)> {
    record.diagnostics.iter().map(|found| (found.code.name(), found.field.clone())).collect()
}

fn correct_in(folder: &Folder, arguments: &[&str]) -> Ran {
    let mut command = keikaku();
    command.current_dir(folder.path("")).arg("correct").args(["--who", "検査係", "--when", "2024-05-31"]);
    run(command.args(arguments))
}

#[test]
fn a_correction_survives_the_ingests_to_come() {
    for more in [&[] as &[&str], &["--format", "ndjson"]] {
        let folder = Folder::with(&[("plan.md", PLAN.as_bytes()), ("b.txt", OTHER.as_bytes())]);
        folder.ingested(more);
        let name = if more.is_empty() { RECORD } else { "out/records.ndjson" };
        let document: &[&str] = if more.is_empty() { &[] } else { &["--document", "plan.md"] };
        let before = folder.bytes(name);
        let pointer = "/measures/0/kpis/0/targets/1/value";
        let ran = correct_in(&folder, &[&[name, pointer, "1４5人", "--why", "正誤表"], document].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.out.contains("was 140人, is 1４5人") && ran.out.contains(FILE), "{}", ran.out);
        assert_eq!(folder.bytes(name), before, "the record waits for the ingest");

        assert_eq!(run(folder.ingest().args(["in", "-o", "out", "--log", "log"]).args(more)).code, Some(0));
        let log = fs::read_to_string(folder.path("log")).unwrap();
        let line = |path: &str| log.lines().find(|line| line.contains(path)).unwrap().to_owned();
        assert!(line("plan.md").contains("\"revised\""), "{log}");
        assert!(line("b.txt").contains("\"peak_memory\":null"), "it is not read again: {log}");
        let text = String::from_utf8(folder.bytes(name)).unwrap();
        let records = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        let record = records.map(Result::unwrap).find(|record| record["source"]["path"] == "plan.md").unwrap();
        assert_eq!(keikaku::validate::schema::violations_of(&record), []);
        let value = json!({ "raw": "1４5人", "kind": "number", "number": 145, "unit": "人", "corrected": true });
        assert_eq!(record.pointer(pointer), Some(&value));
        assert_eq!(
            record["corrections"],
            json!([{ "field": pointer, "was": { "raw": "140人", "kind": "number", "number": 140, "unit": "人" },
                     "who": "検査係", "when": "2024-05-31", "why": "正誤表" }])
        );
        assert!(String::from_utf8(folder.bytes("out/changes/1.md")).unwrap().contains("140人 → 1４5人"));

        let all = folder.files("out");
        folder.ingested(more);
        assert_eq!(folder.files("out"), all, "nothing changes");
        folder.ingested(&[more, &["--force", "--prune"]].concat());
        assert_eq!(folder.bytes(name), text.as_bytes());
        // The same from nothing, the corrections lying elsewhere.
        fs::rename(folder.path("out/corrections"), folder.path("said")).unwrap();
        fs::remove_dir_all(folder.path("out")).unwrap();
        folder.ingested(&[more, &["--corrections", "said"]].concat());
        assert_eq!(folder.bytes(name), text.as_bytes());
        // Without them the record is what it was.
        folder.ingested(more);
        assert_eq!(folder.bytes(name), before);
    }
}

#[test]
fn a_revised_source_keeps_what_still_holds() {
    let plan = record(PLAN);
    let corrections: Vec<Correction> = [
        ("/measures/1/kpis/0/targets/2/value", "9人"),
        ("/measures/0/kpis/1/targets/0/value", "25件"),
        ("/measures/0/schedule/0/text", "基本設計"),
        ("/plan/published", "2024-03"),
    ]
    .map(|(pointer, value)| make(&plan, pointer, value).unwrap())
    .into();
    // A measure, an indicator and a year before those that are corrected, a value changed, and a measure renumbered.
    let revised = PLAN
        .replace("### 施策1-1", "### 施策1-0 花火大会\n\n- 担当課: 観光課\n\n### 施策1-1")
        .replace("| 宿泊者数", "| 満足度 | 50% | 60% | 70% | 80% |\n| 宿泊者数")
        .replace("20件", "22件");
    let record = corrected(&revised, &corrections);
    assert_eq!(at(&record, "/measures/2/kpis/0/targets/2/value/raw"), "9人");
    assert_eq!(at(&record, "/measures/1/schedule/0/text"), "基本設計");
    assert_eq!(at(&record, "/plan/published"), "2024-03");
    assert_eq!(at(&record, "/measures/1/kpis/2/targets/0/value/raw"), "22件", "the source goes before");
    let stale: Vec<_> = codes(&record).into_iter().filter(|(code, _)| code == "stale-correction").collect();
    assert_eq!(
        stale,
        [("stale-correction".to_owned(), Some("/measures/1/kpis/2/targets/0/value".to_owned()))],
        "{:?}",
        record.diagnostics
    );
    assert!(record.diagnostics.iter().any(|found| found.message.contains("“22件” now, not “20件”")));

    for (change, why) in [
        (PLAN.replace("| 案内所の利用", "| 案内所の利用件数"), "no /measures/"),
        (PLAN.replace("### 施策1-1 温泉街の案内", "### 施策1-1 駅前の案内"), "no /measures/"),
        (PLAN.replace("20件", ""), "/targets/2024 now"),
        (PLAN.replace("20件", "25件"), "not needed any more"),
    ] {
        let record = corrected(&change, &corrections[1..2]);
        let found = record.diagnostics.iter().find(|found| found.code.name() == "stale-correction");
        assert!(found.is_some_and(|found| found.message.contains(why)), "{why}: {:?}", record.diagnostics);
        assert_eq!(record.corrections, []);
    }
}

#[test]
fn a_plan_is_known_by_its_title_when_its_document_is_gone() {
    let folder = Folder::with(&[("plan.md", PLAN.as_bytes()), ("b.txt", OTHER.as_bytes())]);
    folder.ingested(&[]);
    correct_in(&folder, &[RECORD, "/measures/0/owners/0/name", "商工課"]);
    folder.ingested(&[]);
    let log = |folder: &Folder| {
        let _ = fs::remove_file(folder.path("log"));
        let ran = run(folder.ingest().args(["in", "-o", "out", "--log", "log"]));
        (ran, fs::read_to_string(folder.path("log")).unwrap())
    };
    fs::rename(folder.path("in/plan.md"), folder.path("in/renamed.md")).unwrap();
    let (ran, lines) = log(&folder);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(lines.matches("\"peak_memory\":null").count(), 2, "neither is read again: {lines}");
    let owner = |name: &str| folder.json(name)["measures"][0]["owners"][0]["name"].clone();
    assert_eq!(owner("out/records/renamed.md.json"), "商工課");
    // The next edition comes as another document.
    fs::remove_file(folder.path("in/renamed.md")).unwrap();
    folder.write("in/second.md", PLAN.replace("160人", "165人").as_bytes());
    log(&folder);
    assert_eq!(owner("out/records/second.md.json"), "商工課");
    // A document of the same title beside the one that is named is another matter.
    folder.write("in/plan.md", PLAN.as_bytes());
    log(&folder);
    assert_eq!(owner(RECORD), "商工課");
    assert_eq!(owner("out/records/second.md.json"), "観光課");

    fs::write(
        folder.path("more.toml"),
        "[[correction]]\ndocument = \"a.pdf\"\nfield = \"/plan/title\"\nis = \"x\"\nwho = \"y\"\nwhen = 2024-05-31\n",
    )
    .unwrap();
    let ran = folder.ingested(&["--corrections", "more.toml", "--quiet"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (Some(0), "there are corrections of a.pdf, of which there is no record\n")
    );
}

#[test]
fn every_value_can_be_corrected_and_taken_back() {
    let vocabulary = Vocabulary::built_in();
    let mut tried = 0;
    for name in ["text/kitaizumi-bosai.txt", "text/tamayura-gyokaku.txt"] {
        let bytes = fs::read(project().join("fixtures").join(name)).unwrap();
        let mut record = process::process(name, &bytes, &vocabulary).record;
        record.diagnostics.clear();
        let whole = serde_json::to_value(&record).unwrap();
        let mut pointers = Vec::new();
        leaves(&whole, "", &mut pointers);
        for (i, pointer) in pointers.iter().enumerate() {
            if i % 2 == 1 && pointers.len() > 400 {
                continue;
            }
            // Texts, numbers, figures, and elements of lists that are taken out: each in its turn.
            let value = match whole.pointer(pointer).unwrap() {
                Value::Object(figure) if figure.contains_key("raw") && i % 2 == 0 => "1,234千円",
                Value::Number(_) => "1999",
                Value::String(text) if text.parse::<keikaku::record::Month>().is_ok() => "1999-01",
                Value::String(_) if !pointer.ends_with("/role") && !pointer.ends_with("/kind") => "別の文言",
                Value::Object(_) if pointer.rsplit('/').next().unwrap().parse::<usize>().is_ok() => "null",
                _ => continue,
            };
            let made = correct::make(&record, pointer, value, &author(), &vocabulary);
            let (correction, corrected) = match made {
                Ok(made) => made,
                Err(MakeError::NotCorrectable(_) | MakeError::Misfit { .. }) => continue,
                Err(error) => panic!("{name} {pointer} {value}: {error}"),
            };
            tried += 1;
            assert_eq!(corrected.corrections.len(), 1, "{name} {pointer}");
            assert_ne!(at(&corrected, pointer), *whole.pointer(pointer).unwrap(), "{name} {pointer}");
            assert_eq!(correct::extracted(&corrected), record, "{name} {pointer}");
            let read = correct::read(&correct::toml(&correction).unwrap()).unwrap();
            assert_eq!(read, [correction], "{name} {pointer}");
        }
    }
    assert!(tried > 200, "{tried}");
}

fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    if pointer.contains("/at") {
        return;
    }
    found.push(pointer.to_owned());
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| leaves(inner, &format!("{pointer}/{key}"), found)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, inner)| leaves(inner, &format!("{pointer}/{i}"), found));
        }
        _ => {}
    }
}

#[test]
fn corrections_of_a_corrected_record_hold_beside_each_other() {
    let mut corrections = Vec::new();
    let mut plan = corrected(PLAN, &[]);
    // Each pointer is into the record that the corrections before it gave.
    for (pointer, value) in [
        ("/measures/0/kpis/0", "null"),
        ("/measures/0/kpis/0/name", "案内所の利用件数"),
        ("/measures/0/kpis/0/targets/1/value", "35件"),
        ("/measures/0/kpis/0/targets/-", r#"{"fiscal_year": 2027, "value": "50件"}"#),
        ("/measures/0/kpis/0/targets/1/value", "36件"),
        ("/measures/0/kpis/0/targets/3", r#"{"fiscal_year": 2027, "value": 55}"#),
        ("/measures/0/owners/-", r#"{"name": "商工課", "role": "related", "others": false}"#),
        ("/measures/0/categories/-", "重点"),
        ("/measures/0/kpis/0/targets/0/value/comparator", "ge"),
    ] {
        corrections.push(make(&plan, pointer, value).unwrap_or_else(|error| panic!("{pointer}: {error}")));
        plan = corrected(PLAN, &corrections);
        assert!(!codes(&plan).iter().any(|(code, _)| code == "stale-correction"), "{pointer}: {:?}", plan.diagnostics);
    }
    let kpi = at(&plan, "/measures/0/kpis/0");
    assert_eq!(kpi["name"], "案内所の利用件数");
    let raws: Vec<&str> =
        kpi["targets"].as_array().unwrap().iter().map(|target| target["value"]["raw"].as_str().unwrap()).collect();
    assert_eq!(raws, ["20件", "36件", "40件", "55"]);
    assert_eq!(kpi["targets"][3]["value"]["unit"], "件", "the indicator's unit");
    assert_eq!(kpi["targets"][3]["at"], kpi["at"]);
    assert_eq!(at(&plan, "/measures/0/kpis/1"), Value::Null, "taken out");
    assert_eq!(at(&plan, "/measures/0/categories"), json!(["重点"]));
    assert_eq!(correct::extracted(&plan).measures, record(PLAN).measures);
    // Days go before the order in which they are written.
    let days = corrections.iter().enumerate();
    let mut dated: Vec<_> = days
        .map(|(i, correction)| Correction { when: format!("2024-05-{:02}", i + 1), ..correction.clone() })
        .collect();
    dated.reverse();
    assert_eq!(corrected(PLAN, &dated).measures, plan.measures);

    let overlap = make(&plan, "/measures/0/kpis/0/targets/1/value/number", "3").unwrap_err();
    assert!(matches!(overlap, MakeError::Overlap { .. }), "{overlap}");
    let back = make(&plan, "/measures/0/kpis/0/name", "案内所の利用").unwrap();
    let plan = corrected(PLAN, &[corrections, vec![back]].concat());
    assert_eq!(at(&plan, "/measures/0/kpis/0/name"), "案内所の利用", "taken back");
}

#[test]
fn what_cannot_be_corrected_is_told() {
    let plan = record(PLAN);
    for (pointer, value, expected) in [
        ("measures/0", "x", "begins with `/`"),
        ("", "x", "not corrected"),
        ("/measures", "[]", "not corrected"),
        ("/measures/0/id", "m-1", "not corrected"),
        ("/measures/0/at", "null", "not corrected"),
        ("/source/path", "x", "not corrected"),
        ("/measures/7/name", "x", "the record has no /measures/7; the list has 0 to 1"),
        ("/measures/0/nama", "x", "its fields are activities, at"),
        ("/measures/0/name/0", "x", "/measures/0/name is “温泉街の案内”"),
        ("/measures/0/name", "温泉街の案内", "is “温泉街の案内” already"),
        ("/measures/0/name", "null", "invalid type: null, expected a string"),
        ("/measures/0/owners/0/role", "boss", "expected `lead` or `related`"),
        ("/measures/0/schedule/0/start", "令和6年", "no month"),
        ("/measures/0/owners/-", "{\"name\": \"商工課\"}", "missing field `role`"),
        ("/measures/0/kpis/0/targets/0", "{\"fiscal_yaer\": 2024}", "unknown field `fiscal_yaer`"),
    ] {
        let error = make(&plan, pointer, value).expect_err(pointer).to_string();
        assert!(error.contains(expected), "{pointer} {value}: {error}");
    }
}

#[test]
fn files_of_corrections_are_checked_and_kept_as_they_are() {
    let folder = Folder::with(&[("plan.md", PLAN.as_bytes())]);
    folder.ingested(&[]);
    let good = "# 検査の記録\n[[correction]]\ndocument = \"plan.md\" # 原本\nfield = \"/plan/version\"\nis = \"第2版\"\n\
                who = \"x\"\nwhen = 2024-05-31";
    folder.write(FILE, good.as_bytes());
    assert_eq!(correct_in(&folder, &[RECORD, "/measures/0/name", "-5%の節約"]).code, Some(0));
    let written = String::from_utf8(folder.bytes(FILE)).unwrap();
    assert!(written.starts_with(good), "{written}");
    assert_eq!(folder.ingested(&[]).code, Some(0));
    assert_eq!(folder.json(RECORD)["plan"]["version"], "第2版");
    assert_eq!(folder.json(RECORD)["measures"][0]["name"], "-5%の節約");
    let whole = folder.files("out");

    for (spoilt, expected) in [
        (good.replace("who", "whom"), "line 6"),
        (good.replace("document", "# document"), "which plan is it about?"),
        (good.replace("2024-05-31", "\"yesterday\""), "`when` is no day"),
        (good.replace("/plan", "plan"), "it begins with `/`"),
        (good.replace("[[correction]]", "[correction]"), "line 2"),
    ] {
        folder.write("bad.toml", spoilt.as_bytes());
        let ran = folder.ingested(&["--corrections", "bad.toml"]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains("bad.toml") && ran.err.contains(expected), "{expected}: {}", ran.err);
        let ran = correct_in(&folder, &[RECORD, "/measures/1/name", "x", "--into", "bad.toml"]);
        assert_eq!((ran.code, folder.bytes("bad.toml")), (Some(2), spoilt.into_bytes()));
        assert_eq!(folder.files("out"), whole, "the output is as it was");
    }
    let ran = folder.ingested(&["--corrections", "missing.toml"]);
    assert!(ran.code == Some(2) && ran.err.contains("missing.toml"), "{}", ran.err);
    folder.write("alone.json", &folder.bytes(RECORD));
    let ran = correct_in(&folder, &["alone.json", "/measures/1/name", "x"]);
    assert!(ran.code == Some(2) && ran.err.contains("--into FILE"), "{}", ran.err);
    assert!(correct_in(&folder, &[RECORD, "/plan/published", "令和6年3月"]).err.contains("/plan/published"));
    assert!(correct_in(&folder, &["in/plan.md", "/plan/title", "x"]).err.contains("holds no record"));
}

#[test]
fn editions_are_compared_as_corrected() {
    let folder = Folder::with(&[("plan.md", PLAN.as_bytes())]);
    folder.ingested(&[]);
    let diff = |old: &str, new: &str| run(keikaku().current_dir(folder.path("")).args(["diff", old, new]));
    correct_in(&folder, &[RECORD, "/measures/0/kpis/0/targets/0/value", "125人"]);
    folder.write("before.json", &folder.bytes(RECORD));
    folder.ingested(&[]);
    let ran = diff("before.json", RECORD);
    assert!(ran.code == Some(1) && ran.out.contains("125人"), "{}", ran.out);
    folder.write("new.md", PLAN.replace("120人", "125人").as_bytes());
    let ran = diff(RECORD, "new.md");
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "the next edition is as corrected");
}
