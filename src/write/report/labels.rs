//! Words of the pages, in Japanese and English; a reader switches between them.

use crate::diagnostic::{Code, Severity};
use crate::record::{Basis, KpiKind, SectionKind, Status};
use crate::write::markup::escaped;

/// A label in both languages; the style sheet shows one of them.
pub fn both(ja: &str, en: &str) -> String {
    format!("<span lang=\"ja\">{ja}</span><span lang=\"en\">{en}</span>")
}

/// The attributes of an element that can hold no other elements (an option, a placeholder): a script puts the text of
/// the chosen language in place.
pub fn attributes(ja: &str, en: &str) -> String {
    format!("data-ja=\"{}\" data-en=\"{}\"", escaped(ja), escaped(en))
}

/// How far a plan has come: the name in records, then in Japanese.
pub const STATUSES: &[(Status, &str, &str)] = &[
    (Status::Draft, "draft", "素案"),
    (Status::Proposal, "proposal", "案"),
    (Status::Final, "final", "確定"),
    (Status::Unknown, "unknown", "不明"),
];

/// The names of a status: in records, in Japanese.
pub fn status(status: Status) -> (&'static str, &'static str) {
    let found = STATUSES.iter().find(|(known, ..)| *known == status);
    found.map_or(("unknown", "不明"), |(_, en, ja)| (en, ja))
}

/// What a section is about.
pub fn section(kind: SectionKind) -> String {
    let (ja, en) = match kind {
        SectionKind::Vision => ("目指す姿", "Vision"),
        SectionKind::CurrentState => ("現状", "Current state"),
        SectionKind::Issues => ("課題", "Issues"),
        SectionKind::StateAndIssues => ("現状と課題", "State and issues"),
        SectionKind::Overview => ("概要", "Overview"),
        SectionKind::Content => ("内容", "Content"),
        SectionKind::Effects => ("効果", "Effects"),
        SectionKind::RelatedPlans => ("関連計画", "Related plans"),
        SectionKind::Other => ("その他", "Other"),
    };
    both(ja, en)
}

/// How a span is known.
pub fn basis(basis: Basis) -> String {
    let (ja, en) = match basis {
        Basis::Merged => ("結合セル", "merged cells"),
        Basis::Arrow => ("矢印・帯", "arrow or bar"),
        Basis::Text => ("記載", "written"),
        Basis::Cell => ("列の位置", "column"),
        Basis::None => ("期間不明", "span unknown"),
    };
    both(ja, en)
}

/// What an indicator measures.
pub fn kpi_kind(kind: KpiKind) -> String {
    match kind {
        KpiKind::Activity => both("活動指標", "output"),
        KpiKind::Outcome => both("成果指標", "outcome"),
    }
}

/// How bad something is: the class in the style sheet, and a sign that is told from the others without colour.
pub fn severity(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Info => ("info", "ⓘ"),
        Severity::Warning => ("warning", "⚠"),
        Severity::Error => ("error", "✖"),
    }
}

/// What a diagnostic is about, in Japanese; its message says the same in English.
pub fn code(code: Code) -> &'static str {
    match code {
        Code::NoPlanFound => "施策が見つからない",
        Code::MeasureListedWithoutBody => "一覧にあるが本文にない施策",
        Code::CellCountMismatch => "行のセル数が年度の列と合わない",
        Code::TemplateSkipped => "記入例のため除外",
        Code::SuspectCharacter => "疑わしい文字",
        Code::ScheduleSpanUnknown => "実施期間が読み取れない",
        Code::PageWithoutText => "文字のないページ",
        Code::RecognisedText => "機械認識の文字(未確認)",
        Code::UnreadableText => "読み取れない文字",
        Code::UnparsedValue => "解釈できない値",
        Code::EraYearAfterEnd => "終わった元号の年",
        Code::EraYearBeforeStart => "始まる前の元号の日付",
        Code::EraConflict => "西暦と元号の不一致",
        Code::IndicatorsUnassigned => "施策にも方針にも結び付かない指標",
        Code::TargetOutsidePeriod => "計画期間外の目標年度",
        Code::UnknownPolicyNumber => "対応する方針のない番号",
        Code::DuplicateMeasureNumber => "施策番号の重複",
        Code::MeasureNumberGap => "施策番号の欠番",
        Code::EndBeforeStart => "終わりが始まりより前",
        Code::SchemaViolation => "スキーマ違反",
        Code::EmptySource => "空の文書",
        Code::UnsupportedFormat => "対応していない形式",
        Code::UnreadableSource => "読み込めない文書",
        Code::DamagedSource => "壊れた文書",
        Code::EncryptedSource => "パスワードが必要",
        Code::EncodingDoubtful => "文字コードが不確か",
        Code::LimitExceeded => "上限を超過",
        Code::WorkerCrashed => "処理が異常終了",
        Code::StaleCorrection => "訂正が原文と合わない",
        Code::HiddenContentSkipped => "非表示の部分を除外",
        Code::CellError => "エラー値のセル",
    }
}
