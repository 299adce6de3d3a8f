//! `keikaku check`: shared indicators agree or differ, and what is two things is not held for one.

use crate::program::{Folder, keikaku, run};
use serde_json::Value;

/// A plan of 汐見市 with one measure.
fn plan(title: &str, period: &str, measure: &str, owner: &str, kpis: &[(&str, &str, &str)]) -> Vec<u8> {
    let rows: String = kpis.iter().map(|(name, first, second)| format!("| {name} | {first} | {second} |\n")).collect();
    format!(
        "汐見市{title}\n\n令和5年3月 汐見市\n計画期間 {period}\n\n## 施策1 {measure}\n\n- 担当課: {owner}\n- 概要: 桟橋を直し、船を安全に着けられるようにする。\n\n| 成果指標 | 令和6年度 | 令和7年度 |\n|---|---|---|\n{rows}"
    )
    .into_bytes()
}

const PERIOD: &str = "令和5年度～令和8年度";

fn checked(documents: &[(&str, Vec<u8>)]) -> (Option<i32>, Value, String) {
    let documents: Vec<(&str, &[u8])> = documents.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let folder = Folder::with(&documents);
    folder.ingested(&[]);
    let check = |more: &[&str]| run(keikaku().current_dir(folder.path("")).args(["check", "out"]).args(more));
    let json = check(&["--format", "json"]);
    let text = check(&[]);
    assert_eq!(json.code, text.code);
    (json.code, serde_json::from_str(&json.out).unwrap(), text.out)
}

fn kinds(found: &Value) -> Vec<(String, Value)> {
    let findings = found["authorities"].as_array().unwrap().iter().flat_map(|one| one["findings"].as_array().unwrap());
    findings.map(|one| (one["kind"].as_str().unwrap().to_owned(), one["fiscal_year"].clone())).collect()
}

#[test]
fn shared_indicators_that_agree_are_told_from_those_that_differ() {
    let (code, found, text) = checked(&[
        (
            "a.md",
            plan(
                "港湾計画",
                PERIOD,
                "桟橋の整備",
                "港湾課",
                &[
                    ("直した桟橋の数", "2基", "4基"),
                    ("寄港した船の年間隻数", "100隻", "120隻"),
                    ("灯台ポイントカード交付率", "80%", "100%"),
                    ("窓口の予約率(貸船)", "10%", "20%"),
                ],
            ),
        ),
        (
            "b.md",
            plan(
                "観光計画",
                PERIOD,
                "船旅の案内",
                "観光課",
                &[
                    ("直した桟橋の数", "2基", "5基"),
                    ("寄港した船の隻数(年度末)", "100隻", "120隻"),
                    ("灯台ポイントカード保有率", "90%", "100%"),
                    ("窓口の予約率(遊覧)", "30%", "40%"),
                ],
            ),
        ),
    ]);
    assert_eq!(code, Some(1));
    let authority = &found["authorities"][0];
    assert_eq!(authority["name"], "汐見市");
    let shared: Vec<(&str, &Value)> = authority["shared_kpis"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shared| (shared["first"]["name"].as_str().unwrap(), &shared["agrees"]))
        .collect();
    assert_eq!(
        shared,
        [
            ("直した桟橋の数", &Value::Bool(false)),
            ("寄港した船の年間隻数", &Value::Bool(true)),
            ("灯台ポイントカード交付率", &Value::Bool(false)),
        ]
    );
    let finding = &authority["findings"][0];
    assert_eq!((&finding["kind"], &finding["fiscal_year"]), (&"target-differs".into(), &2025.into()));
    assert_eq!((&finding["first"]["path"], &finding["second"]["path"]), (&"a.md".into(), &"b.md".into()));
    assert_eq!(
        (&finding["first"]["content"]["raw"], &finding["second"]["content"]["raw"]),
        (&"4基".into(), &"5基".into())
    );
    assert!(finding["first"]["at"]["line"].is_u64() && finding["second"]["at"]["line"].is_u64());
    assert_eq!(finding["difference"]["number"], 1);
    assert_eq!(kinds(&found), [("target-differs".into(), 2025.into()), ("target-differs".into(), 2024.into())]);
    assert!(text.contains("target-differs FY2025") && text.contains("直した桟橋の数: 4基"), "{text}");
}

#[test]
fn owners_departments_and_periods() {
    let kpi: &[_] = &[("直した桟橋の数", "2基", "4基")];
    let (code, found, _) = checked(&[
        ("a.md", plan("港湾計画", PERIOD, "桟橋の整備", "危機管理課", kpi)),
        ("b.md", plan("防災計画", "令和10年度～令和12年度", "桟橋の整備", "防災危機管理課", kpi)),
    ]);
    assert_eq!(code, Some(1));
    let found: Vec<String> = kinds(&found).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(found, ["owner-differs", "periods-apart", "department-renamed"]);
}

#[test]
fn what_says_the_same_is_no_finding() {
    let kpi: &[_] = &[("直した桟橋の数", "2基", "4基")];
    let same = |title: &str, owner: &str| plan(title, PERIOD, "桟橋の整備", owner, kpi);
    // Another width of a figure is no other figure; another authority's plan is nobody's business.
    let other =
        String::from_utf8(same("港湾計画", "北港湾課")).unwrap().replace("汐見市", "山里市").replace("4基", "9基");
    let (code, found, _) = checked(&[
        ("a.md", same("港湾計画", "港湾課")),
        ("b.md", String::from_utf8(same("観光計画", "港湾課")).unwrap().replace("4基", "４基").into_bytes()),
        ("other.md", other.into_bytes()),
    ]);
    assert_eq!((code, kinds(&found)), (Some(0), vec![]));
    assert_eq!(found["authorities"].as_array().unwrap().len(), 1);

    // Two editions of one plan are diff's.
    let (code, found, _) = checked(&[
        ("draft.md", same("港湾計画", "港湾課")),
        ("final.md", String::from_utf8(same("港湾計画", "港湾課")).unwrap().replace("4基", "9基").into_bytes()),
    ]);
    assert_eq!((code, &found["authorities"][0]["editions"]), (Some(0), &1.into()));

    // What two editions say against another plan is said once.
    let (code, found, _) = checked(&[
        ("a.md", plan("観光計画", PERIOD, "船旅の案内", "港湾課", &[("直した桟橋の数", "2基", "9基")])),
        ("draft.md", same("港湾計画", "港湾課")),
        ("final.md", same("港湾計画", "港湾課")),
    ]);
    assert_eq!((code, kinds(&found)), (Some(1), vec![("target-differs".into(), 2025.into())]));
    assert_eq!(found["authorities"][0]["shared_kpis"].as_array().unwrap().len(), 1);

    // Departments of two places are not one renamed.
    let (code, found, _) = checked(&[
        ("a.md", plan("港湾計画", PERIOD, "桟橋の整備", "北部地域振興推進課", kpi)),
        ("b.md", plan("観光計画", PERIOD, "船旅の案内", "南部地域振興推進課", kpi)),
    ]);
    assert_eq!((code, kinds(&found)), (Some(0), vec![]));
    assert_eq!(found["authorities"][0]["lone_departments"].as_array().unwrap().len(), 2);
}

/// A word that is replaced makes it another department, unless all other plans or the same measure say otherwise.
#[test]
fn departments_with_a_word_replaced() {
    let own = |title: &str, measure: &str, owner: &str| plan(title, PERIOD, measure, owner, &[]);
    let renamed = |documents: &[(&str, Vec<u8>)]| -> (Vec<(String, String)>, usize) {
        let (_, found, text) = checked(documents);
        let authority = &found["authorities"][0];
        let name = |side: &Value| {
            let line = side["at"]["line"].as_u64().expect("its place");
            let (name, path) = (side["name"].as_str().unwrap(), side["path"].as_str().unwrap());
            assert!(text.contains(&format!("{name}  ‹{path}, L{line}›")), "{text}");
            name.to_owned()
        };
        let findings = authority["findings"].as_array().unwrap().iter();
        let findings = findings.filter(|finding| finding["kind"] == "department-renamed");
        let lone = authority["lone_departments"].as_array().unwrap();
        for department in lone {
            assert!(text.contains(&format!("{} ‹L8›", department["name"].as_str().unwrap())), "{text}");
        }
        (findings.map(|finding| (name(&finding["first"]), name(&finding["second"]))).collect(), lone.len())
    };
    let pair = |a: &str, b: &str| (vec![(a.to_owned(), b.to_owned())], 0);
    // All other plans name it otherwise.
    let three = |lone: &str, usual: &str| {
        renamed(&[
            ("a.md", own("港湾計画", "桟橋の整備", lone)),
            ("b.md", own("観光計画", "船旅の案内", usual)),
            ("c.md", own("防災計画", "避難の訓練", usual)),
        ])
    };
    assert_eq!(three("デジタル戦略課", "デジタル推進課"), pair("デジタル戦略課", "デジタル推進課"));
    // Of two plans neither is the usual one.
    let two = |measure: &str, a: &str, b: &str| {
        renamed(&[("a.md", own("港湾計画", "桟橋の整備", a)), ("b.md", own("観光計画", measure, b))])
    };
    assert_eq!(two("船旅の案内", "デジタル戦略課", "デジタル推進課"), (vec![], 2));
    // The same measure is led by it.
    assert_eq!(two("桟橋の整備", "デジタル戦略課", "デジタル推進課"), pair("デジタル戦略課", "デジタル推進課"));
    assert_eq!(two("桟橋の整備", "市民活動課", "市民協働課"), pair("市民活動課", "市民協働課"));
    // Another subject, another place, one of several: others.
    for (lone, usual) in
        [("障害福祉課", "高齢福祉課"), ("北部土木事務所", "南部土木事務所"), ("第1施設課", "第2施設課")]
    {
        assert_eq!(three(lone, usual), (vec![], 1), "{lone}");
    }
}
