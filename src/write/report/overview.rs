//! The overview of all plans, and the data that it sorts, filters and searches.
//!
//! The data are scripts that call one function, because a page that was opened from a folder may load scripts that
//! lie beside it but read no other files.

use super::labels::{STATUSES, attributes, both};
use super::{ASSETS, File, head, language_switch};
use crate::write::markup::script_data;
use serde::{Deserialize, Serialize};

/// Bytes of a file of search data, roughly.
const SHARD: usize = 1 << 20;

/// What the overview says of a plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Path of the source.
    pub path: String,
    pub title: String,
    /// Empty where none is known, as all texts here.
    pub publisher: String,
    /// As in records.
    pub status: String,
    /// First and last month of the plan's period.
    pub start: String,
    pub end: String,
    pub measures: usize,
    pub kpis: usize,
    pub warnings: usize,
    pub errors: usize,
    /// How the document fared: `ok`, `partial`, `failed`, `no-plan`; or `gone`, where its source is no longer there.
    pub state: String,
    /// What became of it in the last run that changed something: `new`, `revised` …
    pub fate: String,
    /// The number of changes in it then.
    pub changes: usize,
    /// The folder of its pages below the site's; none where they could not be made.
    pub folder: Option<String>,
}

/// What a search finds in a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub kind: EntryKind,
    pub text: String,
    /// The page of the plan that it is on, from 1.
    pub page: usize,
    /// The number of the value on that page.
    pub value: usize,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    Measure,
    Owner,
    Kpi,
}

/// The files at the site's root: the overview of plans, each with what a search finds in it. `run` is the number of
/// the run whose changes they state.
pub fn overview(plans: &[(Row, Vec<Entry>)], run: Option<u32>) -> Vec<File> {
    let shards = shards(plans);
    let rows: Vec<&Row> = plans.iter().map(|(row, _)| row).collect();
    let mut files: Vec<File> =
        ASSETS.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    files.push(("index.html".to_owned(), page(plans.len(), run).into_bytes()));
    let data = format!("keikaku.plans({},{});\n", script_data(&rows), shards.len());
    files.push(("data/plans.js".to_owned(), data.into_bytes()));
    files.extend(shards.into_iter().enumerate().map(|(i, text)| (format!("data/search-{i}.js"), text.into_bytes())));
    files
}

/// The search data in files of a size that a browser reads at once.
fn shards(plans: &[(Row, Vec<Entry>)]) -> Vec<String> {
    let mut shards: Vec<String> = Vec::new();
    for (i, (_, entries)) in plans.iter().enumerate().filter(|(_, (_, entries))| !entries.is_empty()) {
        let entries: Vec<_> =
            entries.iter().map(|entry| (entry.kind as u8, &entry.text, entry.page, entry.value)).collect();
        let call = format!("keikaku.entries({});\n", script_data(&(i, entries)));
        match shards.last_mut().filter(|shard| shard.len() < SHARD) {
            Some(shard) => shard.push_str(&call),
            None => shards.push(call),
        }
    }
    shards
}

/// The columns of the table: the field of a [`Row`] that it is sorted by, and its head.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("title", "計画", "Plan"),
    ("publisher", "策定主体", "Publisher"),
    ("status", "状態", "Status"),
    ("start", "計画期間", "Period"),
    ("measures", "施策", "Measures"),
    ("kpis", "指標", "KPIs"),
    ("warnings", "警告", "Warnings"),
    ("changes", "前回の変更", "Last changes"),
];

fn page(plans: usize, run: Option<u32>) -> String {
    let mut out = head("計画一覧 / Plans", "");
    out.push_str("<script src=\"data/plans.js\" defer></script>\n</head><body class=\"overview\">\n");
    out.push_str(&format!(
        "<header class=\"top\"><h1>{}</h1> <span>{plans}</span> {}</header>\n<main>",
        both("計画一覧", "Plans"),
        language_switch()
    ));
    out.push_str("<form class=\"filters\" role=\"search\">");
    out.push_str(&format!(
        "<input type=\"search\" id=\"query\" autocomplete=\"off\" {} aria-label=\"検索 / Search\">",
        attributes("計画・施策・担当課・指標を検索", "Search plans, measures, owners, indicators")
    ));
    out.push_str("<select id=\"status\" aria-label=\"状態 / Status\">");
    out.push_str(&format!("<option value=\"\" {}></option>", attributes("すべての状態", "Any status")));
    for (_, name, ja) in STATUSES {
        out.push_str(&format!("<option value=\"{name}\" {}></option>", attributes(ja, name)));
    }
    out.push_str("</select>");
    for (id, ja, en) in [
        ("only-warnings", "警告・エラーあり", "With warnings or errors"),
        ("only-changed", "前回変更あり", "Changed last"),
    ] {
        out.push_str(&format!("<label><input type=\"checkbox\" id=\"{id}\"> {}</label>", both(ja, en)));
    }
    if let Some(run) = run {
        out.push_str(&format!("<small>{} {run}</small>", both("変更報告", "changes of report")));
    }
    out.push_str("</form><div class=\"scroll\"><table class=\"plans\" id=\"plans\"><thead><tr>");
    for (field, ja, en) in COLUMNS {
        out.push_str(&format!(
            "<th scope=\"col\"><button type=\"button\" data-sort=\"{field}\">{}</button></th>",
            both(ja, en)
        ));
    }
    out.push_str("</tr></thead><tbody></tbody></table></div>");
    out.push_str(&format!(
        "<p id=\"more\" hidden><button type=\"button\">{}</button></p>\
         <section id=\"hits\" hidden aria-live=\"polite\"><h2>{} <span id=\"hit-count\"></span></h2><ol></ol></section>\
         <noscript><p>この一覧にはJavaScriptが必要です。 / This list needs JavaScript.</p></noscript>\
         </main></body></html>\n",
        both("さらに表示", "Show more"),
        both("検索結果", "Found")
    ));
    out
}
