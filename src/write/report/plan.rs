//! The pages of one plan: header, policies, cards of measures, and beside them the source.

use super::labels::{both, status};
use super::marks::Marks;
use super::overview::{Entry, EntryKind, Row};
use super::picture::Png;
use super::source::{self, Source, Spot};
use super::value::Page;
use super::{File, fact, head, language_switch, measure};
use crate::compare::Change;
use crate::diagnostic::Severity;
use crate::record::{GlossaryEntry, Plan as Header, PlanRecord, Policy};
use crate::write::changes::html_tables;
use crate::write::markup::escaped;
use std::ops::Range;

/// Measures on one page; more make it slow.
const MEASURES_A_PAGE: usize = 100;

/// A record to be shown.
#[derive(Debug)]
pub struct Plan<'a> {
    pub record: &'a PlanRecord,
    /// The file that the record is in, for the command that corrects it.
    pub record_path: &'a str,
    /// Whether other records are in the same file.
    pub is_shared: bool,
    pub source: Source<'a>,
    /// What the last run that changed something changed in it.
    pub changes: &'a [Change],
}

/// The pages of a plan, what the overview says of it, and what is found in it by a search.
pub fn plan(plan: &Plan) -> (Vec<File>, Row, Vec<Entry>) {
    let marks = Marks::of(plan.record);
    let count = plan.record.measures.len();
    let parts: Vec<Range<usize>> =
        (0..count.div_ceil(MEASURES_A_PAGE).max(1)).map(|i| part(i * MEASURES_A_PAGE, count)).collect();
    let mut files: Vec<File> = parts
        .iter()
        .enumerate()
        .map(|(i, range)| (page_name(i), page(plan, &marks, &parts, i, range).into_bytes()))
        .collect();
    if let Source::Pages(pictures) = plan.source {
        for (number, picture) in pictures {
            if let Png::Drawn(png) = &picture.png {
                files.push((format!("p{number}.png"), png.clone()));
            }
        }
    }
    (files, row(plan), entries(plan.record, &marks))
}

fn part(first: usize, count: usize) -> Range<usize> {
    first..(first + MEASURES_A_PAGE).min(count)
}

fn page_name(part: usize) -> String {
    format!("{}.html", part + 1)
}

fn row(plan: &Plan) -> Row {
    let record = plan.record;
    let severity = |severity| record.diagnostics.iter().filter(|d| d.severity == severity).count();
    let kpis = record.policies.iter().map(|p| p.kpis.len()).chain(record.measures.iter().map(|m| m.kpis.len()));
    Row {
        path: record.source.path.clone(),
        title: record.plan.title.clone(),
        publisher: record.plan.publisher.clone().unwrap_or_default(),
        status: status(record.plan.status).0.to_owned(),
        start: record.plan.period.map(|period| period.start.to_string()).unwrap_or_default(),
        end: record.plan.period.map(|period| period.end.to_string()).unwrap_or_default(),
        measures: record.measures.len(),
        kpis: kpis.sum(),
        warnings: severity(Severity::Warning),
        errors: severity(Severity::Error),
        ..Row::default()
    }
}

/// What a search over all plans finds in this one.
fn entries(record: &PlanRecord, marks: &Marks) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |kind, pointer: String, part: usize, text: String| {
        entries.push(Entry { kind, text, page: part + 1, value: marks.at(&pointer).0 });
    };
    for (i, policy) in record.policies.iter().enumerate() {
        for (j, kpi) in policy.kpis.iter().enumerate() {
            add(EntryKind::Kpi, format!("/policies/{i}/kpis/{j}/name"), 0, kpi.name.clone());
        }
    }
    for (i, measure) in record.measures.iter().enumerate() {
        let part = i / MEASURES_A_PAGE;
        let number = measure.number.as_ref().map_or(String::new(), |number| format!("{number} "));
        add(EntryKind::Measure, format!("/measures/{i}/name"), part, format!("{number}{}", measure.name));
        for (j, owner) in measure.owners.iter().enumerate() {
            add(EntryKind::Owner, format!("/measures/{i}/owners/{j}/name"), part, owner.name.clone());
        }
        for (j, kpi) in measure.kpis.iter().enumerate() {
            add(EntryKind::Kpi, format!("/measures/{i}/kpis/{j}/name"), part, kpi.name.clone());
        }
    }
    entries
}

fn page(plan: &Plan, marks: &Marks, parts: &[Range<usize>], number: usize, range: &Range<usize>) -> String {
    let record = plan.record;
    let title = match record.plan.title.as_str() {
        "" => escaped(&record.source.path),
        title => escaped(title),
    };
    let mut page = Page::new(marks);
    page.html(&head(&title, "../../"));
    let document = match plan.is_shared {
        true => format!(" data-document=\"{}\"", escaped(&record.source.path)),
        false => String::new(),
    };
    page.html(&format!("</head><body class=\"plan\" data-record=\"{}\"{document}>\n", escaped(plan.record_path)));
    page.html(&format!(
        "<header class=\"top\"><a href=\"../../index.html\">← {}</a> <b><bdi>{title}</bdi></b> {}</header>\n",
        both("計画一覧", "All plans"),
        language_switch()
    ));
    page.html("<main><div class=\"cards\">");
    if number == 0 {
        header(&mut page, plan);
    }
    let navigation = navigation(parts, number);
    page.html(&navigation);
    contents(&mut page, record, range);
    for i in range.clone() {
        measure::card(&mut page, i, &record.measures[i], record.plan.period);
    }
    page.html(&navigation);
    page.html("</div>\n<aside class=\"source\" tabindex=\"-1\" aria-label=\"原本 / Source\">");
    page.html(&format!("<h2>{} <bdi>{}</bdi></h2>", both("原本", "Source"), escaped(&record.source.path)));
    page.html(&source::html(&plan.source, &spots(marks, record, number, range)));
    page.html("</aside></main>\n");
    page.html(&chosen());
    page.html("</body></html>\n");
    page.finish()
}

/// The values on a page that have a place.
fn spots<'a>(marks: &'a Marks<'a>, record: &PlanRecord, number: usize, range: &Range<usize>) -> Vec<Spot<'a>> {
    let here = |measure: Option<usize>| measure.map_or(number == 0, |measure| range.contains(&measure));
    let spot = |(number, mark): (usize, &'a super::marks::Mark<'a>)| {
        let at = mark.at?;
        let is_card = mark.measure.is_some_and(|i| std::ptr::eq(at, &record.measures[i].at));
        here(mark.measure).then_some(Spot { number, mark, at, is_card })
    };
    marks.all().iter().enumerate().filter_map(spot).collect()
}

fn header(page: &mut Page, plan: &Plan) {
    let record = plan.record;
    page.html("<section class=\"card plan-card\"><h1>");
    page.value("/plan/title", &record.plan.title);
    page.html("</h1><dl class=\"facts\">");
    let Header { publisher, version, published, revised, .. } = &record.plan;
    let (en, ja) = status(record.plan.status);
    fact(page, "策定主体", "Publisher", |page| match publisher {
        Some(name) => page.value("/plan/publisher", name),
        None => page.html("—"),
    });
    fact(page, "状態", "Status", |page| page.label("/plan/status", &both(ja, en)));
    fact(page, "計画期間", "Period", |page| match record.plan.period {
        Some(period) => {
            page.value("/plan/period/start", &period.start.to_string());
            page.html(" – ");
            page.value("/plan/period/end", &period.end.to_string());
        }
        None => page.html("—"),
    });
    for (ja, en, field, value) in [
        ("版", "Version", "version", version),
        ("公表", "Published", "published", published),
        ("改訂", "Revised", "revised", revised),
    ] {
        if let Some(value) = value {
            fact(page, ja, en, |page| page.value(&format!("/plan/{field}"), value));
        }
    }
    fact(page, "施策", "Measures", |page| page.html(&record.measures.len().to_string()));
    page.html("</dl>");
    page.notes(page.marks.of_plan());
    page.html("</section>");
    if !plan.changes.is_empty() {
        page.html(&format!(
            "<details class=\"card changes\"><summary>{} ({})</summary>{}</details>",
            both("前回からの変更", "What changed last"),
            plan.changes.len(),
            html_tables(plan.changes)
        ));
    }
    if !record.policies.is_empty() {
        policies(page, &record.policies);
    }
    if !record.glossary.is_empty() {
        glossary(page, &record.glossary);
    }
}

fn glossary(page: &mut Page, glossary: &[GlossaryEntry]) {
    page.html(&format!(
        "<details class=\"card glossary\"><summary>{} ({})</summary><dl>",
        both("用語集", "Glossary"),
        glossary.len()
    ));
    for (i, entry) in glossary.iter().enumerate() {
        page.html("<dt>");
        page.value(&format!("/glossary/{i}/term"), &entry.term);
        if let Some(reading) = &entry.reading {
            page.html(&format!(" <small><bdi>{}</bdi></small>", escaped(reading)));
        }
        page.html("</dt><dd>");
        page.value(&format!("/glossary/{i}/definition"), &entry.definition);
        page.html("</dd>");
    }
    page.html("</dl></details>");
}

fn policies(page: &mut Page, policies: &[Policy]) {
    let kpis: usize = policies.iter().map(|policy| policy.kpis.len()).sum();
    let open = if kpis > 0 && policies.len() <= 20 { " open" } else { "" };
    page.html(&format!(
        "<details class=\"card policies\"{open}><summary>{} ({})</summary>",
        both("方針・施策の体系", "Policies"),
        policies.len()
    ));
    for (i, policy) in policies.iter().enumerate() {
        let class = if policy.parent.is_some() { "policy child" } else { "policy" };
        page.html(&format!("<section class=\"{class}\"><h4>"));
        for part in [&policy.level, &policy.number].into_iter().flatten() {
            page.html(&format!("<bdi class=\"label\">{}</bdi> ", escaped(part)));
        }
        page.value(&format!("/policies/{i}/title"), &policy.title);
        page.html("</h4>");
        measure::kpis(page, &format!("/policies/{i}"), &policy.kpis);
        page.html("</section>");
    }
    page.html("</details>");
}

/// The links to the other pages of a plan with many measures.
fn navigation(parts: &[Range<usize>], current: usize) -> String {
    if parts.len() < 2 {
        return String::new();
    }
    let mut out = String::from("<nav class=\"parts\" aria-label=\"施策 / Measures\">");
    for (i, range) in parts.iter().enumerate() {
        let mark = if i == current { " aria-current=\"page\"" } else { "" };
        out.push_str(&format!("<a href=\"{}\"{mark}>{}–{}</a> ", page_name(i), range.start + 1, range.end));
    }
    out.push_str("</nav>");
    out
}

/// The measures on this page, to jump to.
fn contents(page: &mut Page, record: &PlanRecord, range: &Range<usize>) {
    if range.len() < 3 {
        return;
    }
    page.html(&format!(
        "<details class=\"card contents\"><summary>{} ({})</summary><ol>",
        both("目次", "Contents"),
        range.len()
    ));
    for measure in &record.measures[range.clone()] {
        page.html(&format!("<li><a href=\"#{}\">", escaped(&measure.id)));
        page.text(&format!("{} {}", measure.number.as_deref().unwrap_or(""), measure.name));
        page.html("</a></li>");
    }
    page.html("</ol></details>");
}

/// What is shown of the chosen value: what and where it is, and the command that corrects it.
fn chosen() -> String {
    format!(
        "<section class=\"chosen\" id=\"chosen\" hidden aria-live=\"polite\" aria-label=\"選択中の値 / Chosen value\">\
         <p><b id=\"chosen-text\"></b> <code id=\"chosen-pointer\"></code> <span id=\"chosen-place\"></span> \
         <button type=\"button\" id=\"chosen-close\" aria-label=\"閉じる / Close\">×</button></p>\
         <p id=\"chosen-correction\"><label>{} <input id=\"chosen-value\" autocomplete=\"off\" spellcheck=\"false\"></label> \
         <code id=\"chosen-command\"></code> <button type=\"button\" id=\"chosen-copy\">{}</button></p></section>\n",
        both("正しい値", "Right value"),
        both("コマンドをコピー", "Copy the command")
    )
}
