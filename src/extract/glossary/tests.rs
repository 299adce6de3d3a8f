//! Glossaries of invented plans in every layout that is read.

use super::*;
use crate::document::Place;
use crate::extract::sample::document;

fn entries(source: &str) -> Vec<(String, Option<String>, String)> {
    let (entries, _) = find(&document(source), &Vocabulary::built_in());
    entries.into_iter().map(|entry| (entry.term, entry.reading, entry.definition)).collect()
}

#[track_caller]
fn check(source: &str, expected: &[(&str, Option<&str>, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(t, r, d)| ((*t).to_owned(), r.map(str::to_owned), (*d).to_owned())).collect();
    assert_eq!(entries(source), expected, "{source}");
}

#[test]
fn tables_with_heads() {
    check(
        "# 資料 用語解説

        |用語|解説|
        |IoT（アイオーティー）|モノが網につながる仕組み。|
        |Ｃｉｔｙ （シティ）９.０|まちの姿。|
        |公衆Wi-Fi(ワイファイ)|誰もが使える無線。|
        |BPR(業務改革)|業務の流れを見直すこと。|
        |見守り|高齢者等を見守る活動。|",
        &[
            ("IoT", Some("アイオーティー"), "モノが網につながる仕組み。"),
            ("City9.0", Some("シティ"), "まちの姿。"),
            ("公衆Wi-Fi", Some("ワイファイ"), "誰もが使える無線。"),
            ("BPR(業務改革)", None, "業務の流れを見直すこと。"),
            ("見守り", None, "高齢者等を見守る活動。"),
        ],
    );
    check(
        "|No.|用 語|読み方|用語の説明|初出頁|
        |1|関係人口|かんけいじんこう|地域と関わる人々。|12|
        |2|AI|エーアイ|人工知能。|3|",
        &[("関係人口", Some("かんけいじんこう"), "地域と関わる人々。"), ("AI", Some("エーアイ"), "人工知能。")],
    );
}

#[test]
fn pairs_side_by_side() {
    check(
        "|語句|説明|語句|説明|
        |協働|ともに働くこと。|民泊|住宅に泊めること。|
        |共創|ともに創ること。|||",
        &[("協働", None, "ともに働くこと。"), ("共創", None, "ともに創ること。"), ("民泊", None, "住宅に泊めること。")],
    );
}

#[test]
fn tables_without_heads_under_the_heading() {
    check(
        "# 9 用語集

        |あ行||
        |アプリ|端末で動くソフトウェア。|
        |インフラ|社会の基盤となる|
        ||施設の総称。|

        # か行

        |クラウド|網の向こうの計算機を使う|

        ||形態。|

        # 10 策定経過

        |4月|会議を開催した。|",
        &[
            ("アプリ", None, "端末で動くソフトウェア。"),
            ("インフラ", None, "社会の基盤となる施設の総称。"),
            ("クラウド", None, "網の向こうの計算機を使う形態。"),
        ],
    );
    check(
        "# 用語集

        |カーシェア|かーしぇあ|一台の車を何人かで使う仕組み。|
        |脱炭素|だつたんそ|炭素の排出を実質なくすこと。|",
        &[
            ("カーシェア", Some("かーしぇあ"), "一台の車を何人かで使う仕組み。"),
            ("脱炭素", Some("だつたんそ"), "炭素の排出を実質なくすこと。"),
        ],
    );
}

#[test]
fn prose() {
    check(
        "# 用語の解説

        本計画で用いる主な用語を解説します。

        ・ＡＩ（エーアイ）：人が考えるように計算する技術。
        ・関係人口：地域と多様に関わる人々。例：二地域居住者。
        移住はしていない。

        ・RPA：定型の作業を自動で行うこと。

        # 資料編

        担当：企画課",
        &[
            ("AI", Some("エーアイ"), "人が考えるように計算する技術。"),
            ("関係人口", None, "地域と多様に関わる人々。例:二地域居住者。移住はしていない。"),
            ("RPA", None, "定型の作業を自動で行うこと。"),
        ],
    );
    check(
        "# 用語集

        ## 【あ行】

        【アセット（あせっと）】
        資産のこと。

        【インセンティブ】やる気を引き出す刺激。",
        &[("アセット", Some("あせっと"), "資産のこと。"), ("インセンティブ", None, "やる気を引き出す刺激。")],
    );
    check(
        "用語説明

        ※１ ＤＸ　デジタル技術で暮らしと仕事を変えること。
        ※２ オープンデータ　誰もが使えるように公開された情報。",
        &[
            ("DX", None, "デジタル技術で暮らしと仕事を変えること。"),
            ("オープンデータ", None, "誰もが使えるように公開された情報。"),
        ],
    );
    check(
        "# 用語解説

        サテライトオフィス

        本拠から離れたところに設けられた小さな事務所のこと。

        自助

        自分の身を自分で守るために、日ごろから備えること。",
        &[
            ("サテライトオフィス", None, "本拠から離れたところに設けられた小さな事務所のこと。"),
            ("自助", None, "自分の身を自分で守るために、日ごろから備えること。"),
        ],
    );
    check(
        "# 用語解説

        ## サテライトオフィス

        本拠から離れた事務所。
        町内に３か所ある。

        ## 自助(じじょ)

        自分で守ること。",
        &[
            ("サテライトオフィス", None, "本拠から離れた事務所。町内に3か所ある。"),
            ("自助", Some("じじょ"), "自分で守ること。"),
        ],
    );
}

#[test]
fn what_is_no_glossary() {
    for source in [
        "# 1 施策\n\n|施策名|内容|\n|窓口改革|待たせない窓口にする。|",
        "# 1 用語集の作成\n\n|担当課|広報課|\n|概要|用語集を作る。|",
        "※1 DX：変革のこと。\n\nAI：人工知能。",
        "# 用語集\n\n# 2 施策\n\nAI：人工知能を使う。",
        "|事業名|担当課|概要|目標|\n|用語集|広報課|説明|1件|",
    ] {
        assert_eq!(entries(source), [], "{source}");
    }
}

#[test]
fn its_blocks_are_its_headings_and_what_stands_under_them() {
    let document = document(
        "# 1 施策\n\n本文\n\n# 2 用語集\n\n説明です。\n\n|AI|人工知能。|\n\n## か行\n\n|KPI|指標。|\n\n# 3 資料\n\n本文",
    );
    let (entries, blocks) = find(&document, &Vocabulary::built_in());
    assert_eq!(blocks.into_iter().collect::<Vec<_>>(), [(0, 2), (0, 3), (0, 4), (0, 5), (0, 6)]);
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].at, Place::Lines { line: 5, end_line: 6 });
}

#[test]
fn headings() {
    let vocabulary = Vocabulary::built_in();
    for heading in [
        "用語集",
        "9 用語集(ア～エ)",
        "第6章 用語解説",
        "参考 用語の説明",
        "■用語解説",
        "【用語集】",
        "資料4 語句の説明",
    ] {
        assert!(is_heading(heading, &vocabulary), "{heading}");
    }
    for heading in ["用語集の作成", "やさしい用語集づくりの推進", "用語", "解説", "情報化に関する市民向けの用語解説"]
    {
        assert!(!is_heading(heading, &vocabulary), "{heading}");
    }
}
