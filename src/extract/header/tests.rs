//! Headers of invented plans.

use super::*;
use crate::diagnostic::Code;
use crate::extract::sample::document;
use proptest::prelude::*;

/// A document's beginning and what its header is: title, publisher, status, version, published, revised, period.
struct Case {
    source: &'static str,
    title: &'static str,
    rest: &'static str,
}

/// The header after the title in one line; `-` for null.
fn line(plan: &Plan) -> String {
    let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let period = plan.period.map_or_else(|| "-".to_owned(), |period| format!("{}..{}", period.start, period.end));
    format!(
        "{} {:?} {} {} {} {period}",
        or(&plan.publisher),
        plan.status,
        or(&plan.version),
        or(&plan.published),
        or(&plan.revised)
    )
}

fn read(source: &str) -> (Plan, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let plan = header(&document(source), &Vocabulary::built_in(), &mut diagnostics);
    (plan, diagnostics)
}

#[test]
fn covers() {
    let wrong = CASES.iter().filter_map(|case| {
        let (plan, _) = read(case.source);
        let right = (plan.title.as_str(), line(&plan).as_str()) == (case.title, case.rest);
        (!right)
            .then(|| format!("{}\n= {} {}\n, not {} {}\n", case.source, plan.title, line(&plan), case.title, case.rest))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const CASES: &[Case] = &[
    Case {
        source: "みどり市ＤＸ推進計画\nアクションプラン\n（素案）\n\n令和５年１０月\n\nMIDORI みどり市\n\n目次",
        title: "みどり市DX推進計画アクションプラン",
        rest: "みどり市 Draft - 2023-10 - -",
    },
    Case {
        source: "第２期 青葉市\nまち・ひと・しごと創生総合戦略\n\n【令和６年度～令和１０年度】\n\n令和６年３月策定・令和７年３月改訂\n\n青　葉　市",
        title: "第2期青葉市まち・ひと・しごと創生総合戦略",
        rest: "青葉市 Final - 2024-03 2025-03 2024-04..2029-03",
    },
    Case {
        source: "令和6年3月\n\n白浜町\n\n第３次白浜町総合計画\n後期基本計画（案）\n\n白浜町企画課",
        title: "第3次白浜町総合計画後期基本計画",
        rest: "白浜町 Proposal - 2024-03 - -",
    },
    Case {
        source: "# 若草町行財政改革大綱 実施計画\n\n改訂版\n\n平成30年4月（令和2年5月一部改定）\n\n## 1 計画期間\n\n平成30年度から令和4年度までの5か年とする。",
        title: "若草町行財政改革大綱実施計画",
        rest: "若草町 Unknown 改訂版 2018-04 2020-05 2018-04..2023-03",
    },
    Case {
        source: "ひばり村\n\n地域公共交通計画【素案】\n\nVer.1.2\n\n令和　年　月",
        title: "ひばり村地域公共交通計画",
        rest: "ひばり村 Draft Ver.1.2 - - -",
    },
    Case {
        source: "桜台区デジタル戦略\n\nSAKURADAI CITY DIGITAL STRATEGY\n\n2024-2028\n\n令和６(2024)年４月 桜台区",
        title: "桜台区デジタル戦略",
        rest: "桜台区 Unknown - 2024-04 - 2024-04..2029-03",
    },
    Case {
        source: "長野県\n\nゼロカーボン戦略\n\n～２０５０年に向けて～\n\n令和３年６月 策定\n\n長野県環境部",
        title: "長野県ゼロカーボン戦略",
        rest: "長野県 Final - 2021-06 - -",
    },
    Case {
        source: "北の里広域行政事務組合\n第４次広域計画\n（令和４年度～令和８年度）\n\n令和４年２月\n\n北の里広域行政事務組合",
        title: "北の里広域行政事務組合第4次広域計画",
        rest: "北の里広域行政事務組合 Unknown - 2022-02 - 2022-04..2027-03",
    },
    Case {
        source: "資料２\n\n（仮称）緑川市こども計画（案）\n【パブリックコメント版】\n\n令和６年12月\n\n緑川市こども未来部",
        title: "(仮称)緑川市こども計画",
        rest: "緑川市 Proposal - 2024-12 - -",
    },
    Case {
        source: "|みどりの町公共施設等総合管理計画|\n\n|策定日|平成29年3月15日|\n|改訂日|令和4年3月|\n|策定主体|みどりの町総務課|",
        title: "みどりの町公共施設等総合管理計画",
        rest: "- Final - 2017-03-15 2022-03 -",
    },
    Case {
        source: "|星野市情報化推進計画 |||令和5年4月1日現在|\n|施策一覧（令和５年度～令和７年度）||||\n|No.|施策名|担当課|目標値|\n|1|窓口改革|市民課|10件|",
        title: "星野市情報化推進計画",
        rest: "星野市 Unknown - - - 2023-04..2026-03",
    },
    Case {
        source: "|計画の名称|夕凪町過疎地域持続的発展計画|\n|計画期間|令和３年度～令和７年度|\n|作成者|青海県夕凪町|",
        title: "夕凪町過疎地域持続的発展計画",
        rest: "夕凪町 Unknown - - - 2021-04..2026-03",
    },
    Case {
        source: "水無瀬市下水道事業経営戦略（案）\n\n団体名：水無瀬市\n\n策 定 日 ： 平成 29 年 3 月\n\n計 画 期 間 ： 平成 29 年度 ～ 平成 38 年度\n\n１．事業概要",
        title: "水無瀬市下水道事業経営戦略",
        rest: "水無瀬市 Proposal - 2017-03 - 2017-04..2027-03",
    },
    Case {
        source: "令和6年度 海老名原市実施計画\n\n（令和６年度版）\n\n令和6年4月1日 発行",
        title: "令和6年度海老名原市実施計画",
        rest: "海老名原市 Unknown 令和6年度版 2024-04-01 - -",
    },
    Case {
        source: "行政版スマート化実行計画\n\n【第2.1版】\n\n2022年(令和4年) 9月\n\n目次\n\n本市は取り組みます。古川市は推進します。古川市の職員は、古川市の業務を見直し、東都県や国と連携します。国は、国の方針を、国の計画に、国として定めました。\n\n計画期間\n\n2022年(令和4年)9月～2026年(令和8年)3月",
        title: "行政版スマート化実行計画",
        rest: "古川市 Unknown 第2.1版 2022-09 - 2022-09..2026-03",
    },
    Case {
        source: "議案第37号\n\n山の辺地に係る総合整備計画について\n\n上記の議案を提出する。\n\n令和４年３月４日提出\n\n川南市長 平野 太郎\n\n総合整備計画書（第５次変更）（案）",
        title: "総合整備計画書(第5次変更)",
        rest: "川南市 Proposal - - - -",
    },
    Case {
        source: "桜市DX戦略方針 (令和4年度)\n\n第1.0版 2022/5/12 桜市 DX戦略室\n\nアジェンダ\n\n- 理念",
        title: "桜市DX戦略方針(令和4年度)",
        rest: "桜市 Unknown 第1.0版 2022-05-12 - -",
    },
    Case {
        source: "^ 花園市障がい者プラン（素案）\n\n図\n---\n^ 花園市障がい者プラン（素案）\n\n# 第1章 計画の概要\n\n本計画の期間は、花園市総合計画（令和3年度～令和12年度）との整合を図り、令和6年度から令和8年度までの3年間とします。\n---\n^ 花園市障がい者プラン（素案）\n\n本文",
        title: "花園市障がい者プラン",
        rest: "花園市 Draft - - - 2024-04..2027-03",
    },
    Case {
        source: "四日市市\n中心部まちづくり構想\n\n令和元年８月　確定版",
        title: "四日市市中心部まちづくり構想",
        rest: "四日市市 Final - 2019-08 - -",
    },
    Case {
        source: "東村山市第6次行財政改革大綱\n\n計画の期間\n\n上位計画である東村山市第5次総合計画の計画期間は令和3年度から令和12年度です。\n本大綱の期間は、令和4年度を初年度とし、令和8年度を目標年度とする5年間です。",
        title: "東村山市第6次行財政改革大綱",
        rest: "東村山市 Unknown - - - 2022-04..2027-03",
    },
    Case {
        source: "# 清流市\n# 環境基本計画\n\n2023年3月\n清流市",
        title: "清流市環境基本計画",
        rest: "清流市 Unknown - 2023-03 - -",
    },
    Case {
        source: "総務省\n\n自治体AI活用ガイドプラン 第3版\n\n令和5年2月\n\n総務省 情報流通行政局",
        title: "総務省自治体AI活用ガイドプラン",
        rest: "総務省 Unknown 第3版 2023-02 - -",
    },
    Case {
        source: "令和４年度６月補正予算に計上した事業\n\n|番号|主管課|事業名|事業費|\n|1|福祉課|健診事業|100|",
        title: "令和4年度6月補正予算に計上した事業",
        rest: "- Unknown - - - -",
    },
    Case {
        source: "富士見原市国土強靱化地域計画【概要版】\n\n令和二年三月\n令和七年三月 改定\n\n富士見原市",
        title: "富士見原市国土強靱化地域計画【概要版】",
        rest: "富士見原市 Unknown - 2020-03 2025-03 -",
    },
    Case {
        source: "やまなみ市地域福祉計画\n別冊「個別事業編」\n\n発行：やまなみ市福祉部　令和７年３月",
        title: "やまなみ市地域福祉計画別冊「個別事業編」",
        rest: "やまなみ市 Unknown - 2025-03 - -",
    },
    Case {
        source: "湖東町アクションプラン2030\n\n～みんなで支える、湖東のまち～\n\n計画期間：2021年度～2030年度\n\n発行日 2021年4月",
        title: "湖東町アクションプラン2030",
        rest: "湖東町 Unknown - 2021-04 - 2021-04..2031-03",
    },
    Case {
        source: "市政情報\n計画・方針\n\nホーム > 市政情報 > 計画・方針 > 公共施設\n\n# 花園市庁舎整備計画 第2期アクションプラン\n\n令和5年3月策定　花園市総務部資産課",
        title: "花園市庁舎整備計画第2期アクションプラン",
        rest: "花園市 Final - 2023-03 - -",
    },
    Case {
        source: "南星市\n公共施設等総合管理計画\n個別施設計画\n\n2024.3\n南星市",
        title: "南星市公共施設等総合管理計画個別施設計画",
        rest: "南星市 Unknown - 2024-03 - -",
    },
    Case {
        source: "宵町\nICT\n推進計画\n（改訂第２版）\n令和２年１月 初版\n令和４年２月 改訂",
        title: "宵町ICT推進計画",
        rest: "宵町 Unknown 改訂第2版 2020-01 2022-02 -",
    },
    Case {
        source: "しらかば市\n第２次しらかば市スポーツ推進計画（案）\nに関するパブリックコメント\n\n意見募集期間：令和６年１２月１日～令和７年１月６日",
        title: "第2次しらかば市スポーツ推進計画",
        rest: "しらかば市 Proposal - - - -",
    },
    Case {
        source: "さくら町地域防災計画\n震災対策編\n\n平成25年３月策定\n平成30年３月修正\n令和４年３月修正\n\nさくら町防災会議",
        title: "さくら町地域防災計画震災対策編",
        rest: "さくら町 Final - 2013-03 2022-03 -",
    },
    Case {
        source: "令和6年度〜令和8年度\n第9期\n霧島野市高齢者福祉計画・介護保険事業計画\n\n「ともに生きるまち」\n\n令和6年3月\n霧島野市",
        title: "第9期霧島野市高齢者福祉計画・介護保険事業計画",
        rest: "霧島野市 Unknown - 2024-03 - 2024-04..2027-03",
    },
    Case {
        source: "港区基本計画\n令和３年度～令和８年度\n【令和５年度改定版】\n港　区",
        title: "港区基本計画",
        rest: "港区 Unknown 令和5年度改定版 - - 2021-04..2027-03",
    },
    Case { source: "", title: "", rest: "- Unknown - - - -" },
];

#[test]
fn odd_years_are_reported() {
    let (plan, diagnostics) = read("星野市総合計画\n\n計画期間：平成28年度～平成37年度");
    assert_eq!(line(&plan), "星野市 Unknown - - - 2016-04..2026-03");
    assert_eq!(diagnostics.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::EraYearAfterEnd]);
}

#[test]
fn the_body_states_the_period() {
    for (body, expected) in [
        ("# 計画期間\n\n令和5年度～令和9年度", "2023-04..2028-03"),
        ("# 3 計画の期間\n\n令和3年度から令和7年度までの5年間とします。", "2021-04..2026-03"),
        ("# 第2節 計画の期間と見直し\n\n期間は5年間（令和3～7年度）です。", "2021-04..2026-03"),
        ("# 2 計画の期間\n\nこの計画の期間は、令和6年度から令和10年度までの5年間とします。", "2024-04..2029-03"),
        ("# 2 計画の期間\n\n令和7年度を初年度とし、令和11年度までの5年間を計画期間とします。", "2025-04..2030-03"),
        ("本計画の計画期間は、令和6年度からの4年間とする。", "2024-04..2028-03"),
        ("計画期間中(令和5年度～令和8年度)に実施する施策です。", "2023-04..2027-03"),
        ("# 計画期間\n\n|総合計画|令和3～12年度|\n|本計画|令和4～8年度|", "2022-04..2027-03"),
        ("総合計画の計画期間は令和3年度から令和12年度です。", "-"),
        ("「みどり市環境計画」の計画期間（令和3年度～令和12年度）に合わせます。", "-"),
        ("# 事業実施期間\n\n令和5年度～令和6年度", "-"),
        ("# みどり市防災計画の期間\n\n令和5年度～令和6年度", "2023-04..2025-03"),
        ("# みどり市総合計画の期間\n\n令和5年度～令和6年度", "-"),
        ("# 1 現状\n\n令和元年度から令和4年度まで減少しました。", "-"),
        (
            "|令和4年度|令和5年度|令和6年度|\n|a|b|c|\n\n本文\n\n|項目|R4|R5|R6|\n|a|b|c|d|\n\n本文\n\n|令和4年度|5年度|6年度|\n|a|b|c|",
            "2022-04..2025-03",
        ),
        (
            "|令和4年度|令和5年度|令和6年度|\n|a|b|c|\n\n本文\n\n|項目|R3|R4|R5|\n|a|b|c|d|\n\n本文\n\n|令和4年度|5年度|6年度|\n|a|b|c|",
            "-",
        ),
    ] {
        let (plan, _) = read(&format!("みどり市防災計画\n\n目次\n\n{body}"));
        assert_eq!(line(&plan), format!("みどり市 Unknown - - - {expected}"), "{body}");
    }
}

#[test]
fn authorities() {
    let vocabulary = Vocabulary::built_in();
    for (title, name) in [
        ("みどり市DX計画", Some("みどり市")),
        ("高知県南国市総合計画", Some("南国市")),
        ("岩手県紫波郡紫波町環境計画", Some("紫波町")),
        ("大和郡山市総合計画", Some("大和郡山市")),
        ("十日町市総合計画", Some("十日町市")),
        ("津市総合計画", Some("津市")),
        ("南アルプス市総合計画", Some("南アルプス市")),
        ("長野県総合計画", Some("長野県")),
        ("青海県総合計画", Some("青海県")),
        ("京都府環境計画", Some("京都府")),
        ("京都市環境計画", Some("京都市")),
        ("みどり市外三町環境組合ごみ処理計画", Some("みどり市外三町環境組合")),
        ("東日広域連合広域計画", Some("東日広域連合")),
        ("デジタル庁重点計画", Some("デジタル庁")),
        ("都市計画マスタープラン", None),
        ("地区防災計画", None),
        ("市町村合併計画", None),
        ("住みよい町づくり計画", None),
        ("中心市街地活性化計画", None),
        ("農村振興計画", None),
        ("本市の計画", None),
        ("市場整備計画", None),
        ("DX推進計画", None),
    ] {
        assert_eq!(authority::leading(title, &vocabulary), name, "{title}");
    }
    for (text, name) in [
        ("KODAI小台市", Some(("小台市", false))),
        ("桜市DX戦略室", Some(("桜市", false))),
        ("川南市長平野太郎", Some(("川南市", false))),
        ("桜市", Some(("桜市", true))),
        ("青葉市市民生活部", Some(("青葉市", false))),
        ("四日市市市民課", Some(("四日市市", false))),
        ("桜市DX推進計画", None),
        ("桜市の概要", None),
    ] {
        assert_eq!(authority::whole(text, &vocabulary), name, "{text}");
    }
}

proptest! {
    /// Whatever stands on a cover, the header is read without a panic and holds no line feed.
    #[test]
    fn any_text_has_a_header(parts in proptest::collection::vec((0..PARTS.len(), 0..SEPARATORS.len()), 0..30)) {
        let source: String = parts.iter().flat_map(|(part, separator)| [PARTS[*part], SEPARATORS[*separator]]).collect();
        let (plan, _) = read(&source);
        prop_assert!(!plan.title.contains('\n'));
        prop_assert!(plan.period.is_none_or(|period| period.start <= period.end));
    }
}

const PARTS: &[&str] = &[
    "みどり市",
    "県",
    "市",
    "第",
    "2",
    "期",
    "DX",
    "計画",
    "アクションプラン",
    "（",
    "）",
    "【",
    "】",
    "案",
    "素案",
    "令和",
    "6年",
    "年度",
    "3月",
    "～",
    "策定",
    "改訂",
    "版",
    "：",
    "計画期間",
    "団体名",
    "本計画の",
    "期間は、",
    "5年間",
    "。",
    "郡",
    "町",
    "「",
    "」",
    "1.0",
    "Ver",
    "用語集",
    "🏯",
    "が",
    "\u{301}",
];

const SEPARATORS: &[&str] = &["", "", "", " ", "　", "\n", "\n\n", "\n\n# "];
