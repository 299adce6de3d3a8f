//! Pairs of editions: a plan, and for each kind of change the texts to replace in it.

/// The older edition; every newer one is made of it by replacing text.
pub const PLAN: &str = "\
# 汐見市デジタル計画（素案）

令和5年3月 汐見市
第1.0版
計画期間 令和5年度～令和7年度

## 政策目標1 暮らしを変える

### 基本施策1 窓口を便利にする

#### 施策1-1 窓口の予約

- 区分: 重点
- 担当課: 市民課
- 関係課: 情報課
- 事業期間: 令和5年度～令和7年度
- 概要: 窓口を24時間いつでも予約できるようにし、待ち時間を短くする。
- 課題: 窓口が混み合う時期に待ち時間が長くなっている。

| 令和5年度の取組 | 具体的な取組内容(インプット) | アウトプット |
|---|---|---|
| | 説明会を開く | 3回 |
| | 手引きを作る | 500部 |

| スケジュール | 令和5年度 | 令和6年度 | 令和7年度 |
|---|---|---|---|
| 予約の仕組み | 設計 | 構築 | 運用 |
| 職員の研修 | 計画の策定 | 研修の実施 | 研修の実施 |

| 成果指標 | 基準値(令和4年度) | 令和5年度 | 令和6年度 | 令和7年度 |
|---|---|---|---|---|
| 予約の件数 | 120件 | 500件 | 1,000件 | 2,000件 |

#### 施策1-2 図書館の電子化

- 担当課: 図書館
- 概要: 電子書籍を増やし、家からも読めるようにする。司書の研修も行う。

| 年度 | 令和5年度 | 令和6年度 |
|---|---|---|
| 予算額(千円) | 1,200 | 1,500 |

| 成果指標 | 基準値(令和4年度) | 令和5年度 目標値 | 令和5年度 実績値 | 令和6年度 目標値 |
|---|---|---|---|---|
| 貸出の冊数 | 0冊 | 100冊 | 90冊 | 200冊 |

### 基本施策2 地域を支える

#### 施策2-1 見守りの充実

- 担当課: 福祉課
- 概要: 高齢者の見守りを地域の団体とともに行い、孤立を防ぐ。

#### 施策2-2 交流の場づくり

- 担当課: 福祉課
- 概要: 世代を越えて集まる場を町内に設ける。

## 用語集

| 用語 | 説明 |
|---|---|
| DX | デジタルの技術で仕事を変えること |
| クラウド | 手もとに機械を置かずに使うこと |
";

/// A newer edition, and the kinds of changes that it has.
pub struct Pair {
    /// Texts of the plan, and what replaces each.
    pub edits: &'static [(&'static str, &'static str)],
    /// From the plan to the newer edition.
    pub there: &'static [&'static str],
    /// From the newer edition to the plan.
    pub back: &'static [&'static str],
}

const fn same(edits: &'static [(&'static str, &'static str)], kinds: &'static [&'static str]) -> Pair {
    Pair { edits, there: kinds, back: kinds }
}

const fn pair(
    edits: &'static [(&'static str, &'static str)],
    there: &'static [&'static str],
    back: &'static [&'static str],
) -> Pair {
    Pair { edits, there, back }
}

/// Every kind of change is in one of them, but for those of whole documents.
pub const PAIRS: &[Pair] = &[
    same(&[("デジタル計画", "デジタル推進計画")], &["plan-title"]),
    same(
        &[("令和5年3月 汐見市", "令和5年3月 潮来野市"), ("# 汐見市デジタル", "# 潮来野市デジタル")],
        &["plan-title", "plan-publisher"],
    ),
    same(&[("（素案）", "（案）")], &["plan-status"]),
    same(&[("第1.0版", "第1.1版")], &["plan-version"]),
    same(&[("令和5年3月 汐見市", "令和5年6月 汐見市")], &["plan-published"]),
    same(&[("令和5年3月 汐見市", "令和5年3月 汐見市\n令和6年4月改訂")], &["plan-revised"]),
    same(&[("計画期間 令和5年度～令和7年度", "計画期間 令和5年度～令和8年度")], &["plan-period"]),
    pair(
        &[("### 基本施策2 地域を支える\n\n", "")],
        &["policy-removed", "measure-moved"],
        &["policy-added", "measure-moved"],
    ),
    same(&[("基本施策2 地域を支える", "基本施策2 地域を支え合う")], &["policy-renamed"]),
    same(&[("基本施策2 地域を支える", "基本施策3 地域を支える")], &["policy-renumbered"]),
    pair(
        &[("### 基本施策2", "## 政策目標2 共に生きる\n\n### 基本施策2")],
        &["policy-added", "policy-moved"],
        &["policy-removed", "policy-moved"],
    ),
    pair(
        &[(
            "#### 施策2-1 見守りの充実\n\n- 担当課: 福祉課\n- 概要: 高齢者の見守りを地域の団体とともに行い、孤立を防ぐ。\n\n",
            "",
        )],
        &["measure-removed"],
        &["measure-added"],
    ),
    same(&[("施策1-1 窓口の予約", "施策1-1 窓口の予約と案内")], &["measure-renamed"]),
    same(&[("施策1-2 図書館", "施策1-3 図書館")], &["measure-renumbered"]),
    same(
        &[
            ("### 基本施策2 地域を支える\n\n", ""),
            ("#### 施策1-2 図書館の電子化", "### 基本施策2 地域を支える\n\n#### 施策1-2 図書館の電子化"),
        ],
        &["measure-moved"],
    ),
    pair(
        &[
            (
                "#### 施策2-1 見守りの充実\n\n- 担当課: 福祉課\n- 概要: 高齢者の見守りを地域の団体とともに行い、孤立を防ぐ。\n\n",
                "",
            ),
            (
                "司書の研修も行う。\n",
                "司書の研修も行う。\n- 内容: 高齢者の見守りを地域の団体とともに行い、孤立を防ぐ。\n",
            ),
        ],
        &["measure-merged", "section-added"],
        &["measure-split", "section-removed"],
    ),
    same(&[("事業期間: 令和5年度～令和7年度", "事業期間: 令和5年度～令和6年度")], &["measure-period-changed"]),
    pair(&[("- 区分: 重点\n", "")], &["category-removed"], &["category-added"]),
    pair(&[("担当課: 図書館", "担当課: 図書館、学校教育課")], &["owner-added"], &["owner-removed"]),
    same(&[("担当課: 市民課", "担当課: 市民課ほか")], &["owner-changed"]),
    pair(&[("- 課題: 窓口が混み合う時期に待ち時間が長くなっている。\n", "")], &["section-removed"], &["section-added"]),
    same(&[("待ち時間を短くする", "待ち時間をなくす")], &["section-changed"]),
    pair(&[("| | 手引きを作る | 500部 |\n", "")], &["activity-removed"], &["activity-added"]),
    same(&[("500部", "700部")], &["activity-changed"]),
    pair(
        &[("| 設計 | 構築 | 運用 |", "| 設計 | 構築 | 運用 |\n| 案内板 | 更新 | | |")],
        &["schedule-added"],
        &["schedule-removed"],
    ),
    same(&[("| 設計 | 構築 | 運用 |", "| 設計 | 構築と試行 | 運用 |")], &["schedule-changed"]),
    pair(
        &[("| 計画の策定 | 研修の実施 | 研修の実施 |", "| | 計画の策定 | 研修の実施 |")],
        &["schedule-removed", "schedule-changed"],
        &["schedule-added", "schedule-changed"],
    ),
    same(&[("| 1,200 | 1,500 |", "| 1,200 | 1,800 |")], &["budget-changed"]),
    pair(&[("| 1,200 | 1,500 |", "| 1,200 | |")], &["budget-removed"], &["budget-added"]),
    pair(
        &[("| 500件 | 1,000件 | 2,000件 |", "| 500件 | 1,000件 | 2,000件 |\n| 案内の満足度 | 50% | 55% | 60% | 65% |")],
        &["kpi-added"],
        &["kpi-removed"],
    ),
    same(&[("予約の件数", "予約の総件数")], &["kpi-renamed"]),
    same(
        &[("0冊 | 100冊 | 90冊 | 200冊", "0人 | 100人 | 90人 | 200人")],
        &["kpi-changed", "baseline-changed", "target-changed", "actual-changed"],
    ),
    pair(&[("| 120件 |", "| |")], &["baseline-removed"], &["baseline-added"]),
    same(&[("| 120件 |", "| 130件 |")], &["baseline-changed"]),
    pair(&[("| 2,000件 |", "| |")], &["target-removed"], &["target-added"]),
    same(&[("| 1,000件 |", "| 1,200件 |")], &["target-changed"]),
    same(
        &[("| 令和7年度 |\n|---|---|---|---|---|\n| 予約", "| 令和8年度 |\n|---|---|---|---|---|\n| 予約")],
        &["target-moved"],
    ),
    pair(&[("| 90冊 |", "| |")], &["actual-removed"], &["actual-added"]),
    same(&[("| 90冊 |", "| 95冊 |")], &["actual-changed"]),
    pair(&[("| DX | デジタルの技術で仕事を変えること |\n", "")], &["term-removed"], &["term-added"]),
    same(&[("仕事を変えること", "暮らしを変えること")], &["term-changed"]),
];
