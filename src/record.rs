//! The plan record: what one ingested document becomes. Wire names live here only.
//!
//! The types are the contract, version 1.0; `schemas/plan-record.schema.json` is generated from them.

mod month;

pub use month::{Month, MonthError};

use crate::diagnostic::Diagnostic;
use crate::document::Place;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the contract that records state.
pub const SCHEMA_VERSION: &str = "1.0";

/// One source document as a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanRecord {
    /// The version of this contract: `1.0`.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub schema_version: String,
    /// The header.
    pub plan: Plan,
    /// The hierarchy above the measures, in document order.
    pub policies: Vec<Policy>,
    /// The measures (施策, 事業, アクションプラン, 取組), in document order.
    pub measures: Vec<Measure>,
    /// The plan's own glossary (用語集), else empty.
    pub glossary: Vec<GlossaryEntry>,
    /// What a person should know about this record.
    pub diagnostics: Vec<Diagnostic>,
    /// What of it people corrected; left out where they did not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Corrected>,
    /// The document it was read from.
    pub source: Source,
}

/// Something that a person corrected: the record says what the person said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Corrected {
    /// JSON pointer of it in this record; of what was taken out of a list, where it stood in the record as extracted.
    pub field: String,
    /// What was extracted from the source; null where nothing was.
    pub was: serde_json::Value,
    /// Whether it was taken out of its list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// Who corrected it.
    pub who: String,
    /// The day, ISO 8601.
    pub when: String,
    /// Why.
    pub why: Option<String>,
}

/// The document a record was read from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Path below the ingested folder, with `/`.
    pub path: String,
    /// `text`, `html`, `csv`, `pdf`, `xlsx`, `xls`, `ods` …
    pub format: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, in lower-case hexadecimal; empty where they could not be read.
    #[schemars(regex(pattern = r"^([0-9a-f]{64})?$"))]
    pub sha256: String,
    /// Number of pages or sheets; 1 for a text without form feeds.
    pub pages: u32,
    /// Version of the program that read it.
    pub extractor_version: String,
}

/// The header of a plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Without status and version; empty where the document names none.
    pub title: String,
    /// The authority.
    pub publisher: Option<String>,
    /// How far it has come.
    pub status: Status,
    /// As printed: `第1.0版`.
    pub version: Option<String>,
    /// ISO 8601 at the precision printed: `2023-10`, `2021-05-12`.
    #[schemars(regex(pattern = r"^[0-9]{4}(-[0-9]{2}){0,2}$"))]
    pub published: Option<String>,
    /// Date of the revision, if the document states one beside its first date; ISO 8601 at the precision printed.
    #[schemars(regex(pattern = r"^[0-9]{4}(-[0-9]{2}){0,2}$"))]
    pub revised: Option<String>,
    /// The plan's own period.
    pub period: Option<Period>,
    /// Where these stand; left out where none has a place of its own.
    #[serde(default, skip_serializing_if = "HeaderPlaces::is_empty")]
    pub places: HeaderPlaces,
}

/// Where the fields of a header stand in the source. What no one place states (an authority that the texts name again
/// and again, a period that only tables' years show) is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HeaderPlaces {
    /// Of the lines that make up the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Place>,
    /// Of the authority's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Place>,
    /// Of the word that says how far the plan has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Place>,
    /// Of the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Place>,
    /// Of the date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Place>,
    /// Of the revision's date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revised: Option<Place>,
    /// Of the statement of the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Place>,
}

impl HeaderPlaces {
    /// Those that are known, by the names of their fields.
    pub fn known(&self) -> impl Iterator<Item = (&'static str, &Place)> {
        let all = [
            ("title", &self.title),
            ("publisher", &self.publisher),
            ("status", &self.status),
            ("version", &self.version),
            ("published", &self.published),
            ("revised", &self.revised),
            ("period", &self.period),
        ];
        all.into_iter().filter_map(|(field, place)| Some((field, place.as_ref()?)))
    }

    fn is_empty(&self) -> bool {
        self.known().next().is_none()
    }
}

/// How far a plan has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// 素案
    Draft,
    /// 案
    Proposal,
    /// 策定, 確定版, 成案: only where the document says so.
    Final,
    /// The document does not say.
    #[default]
    Unknown,
}

/// First to last month, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First month.
    pub start: Month,
    /// Last month, inclusive.
    pub end: Month,
}

/// First to last month, inclusive, of what may be open at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First month.
    pub start: Month,
    /// Last month; null where the source states only the start (令和6年度～).
    pub end: Option<Month>,
}

/// A policy above the measures (基本方針, 戦略, 施策 …).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Folded to ASCII, joined to the parent's where it is numbered afresh under it.
    pub number: Option<String>,
    /// The printed word; null where only a number is printed.
    pub level: Option<String>,
    /// Without level and number.
    pub title: String,
    /// Number of the policy above.
    pub parent: Option<String>,
    /// Its own figures (数値目標).
    pub kpis: Vec<Kpi>,
    /// Where its title stands.
    pub at: Place,
}

/// A measure (施策, 事業, 取組 …).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Unique in the record; the same when the same plan is ingested again or revised.
    pub id: String,
    /// As printed, folded to ASCII; joined to the policy's where it is numbered afresh under each policy.
    pub number: Option<String>,
    /// Without the number.
    pub name: String,
    /// Titles of every policy it stands under, root first.
    pub policies: Vec<String>,
    /// Checked boxes and marks.
    pub categories: Vec<String>,
    /// Who carries it.
    pub owners: Vec<Owner>,
    /// Its texts, in document order.
    pub sections: Vec<Section>,
    /// One year's inputs and outputs.
    pub activities: Vec<Activity>,
    /// The measure's own period (事業期間).
    pub period: Option<Span>,
    /// What it costs, by fiscal year.
    pub budgets: Vec<Budget>,
    /// What is to be done when, in document order.
    pub schedule: Vec<ScheduleItem>,
    /// Its key performance indicators, in document order.
    pub kpis: Vec<Kpi>,
    /// Where the measure's card begins and ends.
    pub at: Place,
}

/// A department or body that carries a measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// As printed, without `ほか` or `等`.
    pub name: String,
    /// What it does for the measure.
    pub role: Role,
    /// Whether `ほか` or `等` stands behind the name.
    pub others: bool,
    /// Where the name stands.
    pub at: Place,
}

/// What an owner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 所管課, 主管課, 担当課, 実施主体 …
    Lead,
    /// 関係課, 協力課, 連携先 …
    Related,
}

/// A text of a measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// What it is about.
    pub kind: SectionKind,
    /// As printed, ordinal kept, block brackets off.
    pub heading: String,
    /// The whole text, lines joined with a line feed.
    pub text: String,
    /// The bullets without their marks.
    pub items: Vec<String>,
    /// Where its text stands.
    pub at: Place,
}

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// ありたい姿, アウトカム, 目的
    Vision,
    /// 現状
    CurrentState,
    /// 課題
    Issues,
    /// One text for both: 現状・課題
    StateAndIssues,
    /// 概要
    Overview,
    /// 施策の内容, 取組内容, 実施内容
    Content,
    /// 効果
    Effects,
    /// 関連計画
    RelatedPlans,
    /// Anything else.
    Other,
}

/// One year's input and what it is to put out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// The fiscal year it belongs to (2023 is April 2023 to March 2024).
    pub fiscal_year: Option<i32>,
    /// Without its ordinal.
    pub text: String,
    /// What the year is to put out.
    pub output: Option<Value>,
    /// Where its text stands.
    pub at: Place,
}

/// An amount of money for one fiscal year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The fiscal year it belongs to (2023 is April 2023 to March 2024).
    pub fiscal_year: Option<i32>,
    /// As printed: 事業費, 予算額, 決算額.
    pub kind: String,
    /// How much.
    pub amount: Value,
    /// 財源内訳
    pub funding: Vec<Funding>,
    /// Where the amount stands.
    pub at: Place,
}

/// A part of a budget by where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Funding {
    /// 国, 県, 地方債, その他, 一般財源, as printed.
    pub source: String,
    /// How much.
    pub amount: Value,
}

/// Something to be done in a span of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleItem {
    /// A bare ordinal (取組内容①) or the sub-item the row belongs to.
    pub label: Option<String>,
    /// What is done: the cell's text, or the row's label where the cell holds only a bar, an arrow or marks.
    pub text: String,
    /// First month; null where the source does not say.
    pub start: Option<Month>,
    /// Last month; null where the source does not say.
    pub end: Option<Month>,
    /// How the span is known.
    pub basis: Basis,
    /// Who does it, where the row or a colour legend names them.
    pub owners: Vec<Owner>,
    /// Where the text or the mark stands.
    pub at: Place,
}

/// How the span of a schedule item is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Merged cells.
    Merged,
    /// A drawn arrow or bar over the year columns.
    Arrow,
    /// Written, or marked cell by cell.
    Text,
    /// The column the text stands in.
    Cell,
    /// Not known.
    None,
}

/// A key performance indicator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    /// 目標指標①, 5-1 …
    pub label: Option<String>,
    /// Without a trailing note; a sentence where the indicator is written as prose.
    pub name: String,
    /// What it measures; null where the source does not say.
    #[serde(rename = "type")]
    pub kind: Option<KpiKind>,
    /// The unit that all its figures share.
    pub unit: Option<String>,
    /// The figure it starts from.
    pub baseline: Option<Baseline>,
    /// The figures it is to reach, in document order.
    pub targets: Vec<Target>,
    /// 実績値
    pub actuals: Vec<Target>,
    /// Notes, ※ kept.
    pub notes: Vec<String>,
    /// Where it stands.
    pub at: Place,
}

/// What an indicator measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KpiKind {
    /// 活動指標, アウトプット
    Activity,
    /// 成果指標, アウトカム, KGI
    Outcome,
}

/// The figure an indicator starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The fiscal year of the figure (2023 is April 2023 to March 2024).
    pub fiscal_year: Option<i32>,
    /// ISO 8601 date at the precision printed.
    #[schemars(regex(pattern = r"^[0-9]{4}(-[0-9]{2}){0,2}$"))]
    pub as_of: Option<String>,
    /// The figure.
    pub value: Value,
    /// Where the figure stands.
    pub at: Place,
}

/// The figure an indicator is to reach, or reached, in a fiscal year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The fiscal year of the figure (2023 is April 2023 to March 2024); null where the source states none.
    pub fiscal_year: Option<i32>,
    /// Only where each year has an indicator of its own.
    pub indicator: Option<String>,
    /// The figure, or the word that stands for one.
    pub value: Value,
    /// Where the figure stands.
    pub at: Place,
}

/// A term of the plan's glossary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlossaryEntry {
    /// The term.
    pub term: String,
    /// How it is read, where that is printed.
    pub reading: Option<String>,
    /// What it means.
    pub definition: String,
    /// Where term and definition stand.
    pub at: Place,
}

/// A figure or a word that stands for one. Absent fields are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The source's own characters.
    pub raw: String,
    /// What it is.
    pub kind: ValueKind,
    /// The figure; of a ratio, its part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Number>,
    /// The whole of a ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Number>,
    /// Of a change, the figure before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Number>,
    /// Of a change, the figure after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Number>,
    /// Of a range, its lower end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// Of a range, its upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// As printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How the figure bounds what is meant; `eq` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparator: Option<Comparator>,
    /// The same figure without the unit's scale (千円 to 円).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
    /// Further figures of the same cell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Value>,
    /// Whether a person corrected it: what was extracted stands in the record's `corrections`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
}

/// What a value is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    /// `10時間/月以下`
    Number,
    /// `150手続／800手続`
    Ratio,
    /// `120分→70分`
    Change,
    /// `4～5件`
    Range,
    /// `調査・検討`
    #[default]
    Milestone,
    /// A target that is promised later.
    Deferred,
    /// A figure not known yet.
    Pending,
    /// `-`
    None,
}

/// How a figure bounds what is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Comparator {
    Eq,
    /// 以上
    Ge,
    /// 以下, 以内
    Le,
    /// 超
    Gt,
    /// 未満
    Lt,
    /// 約, 程度
    Approx,
}

/// A figure in the unit that its scale multiplies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// The figure times the scale.
    pub number: Number,
    /// The unit without the scale.
    pub unit: String,
}

/// A finite number; whole numbers are written without a fraction.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: below it every whole f64 is an exact integer
        if self.0.fract() == 0.0 && self.0.abs() < EXACT {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_fraction() {
        assert_eq!(serde_json::to_string(&[Number(10.0), Number(0.5)]).unwrap(), "[10,0.5]");
    }
}
