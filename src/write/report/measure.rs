//! The card of a measure, and the block of an indicator, which policies have too.

use super::labels::{both, kpi_kind, section};
use super::value::Page;
use super::{chart, gantt, marks};
use crate::record::{Budget, Kpi, Measure, Period, Role, Span, Value};
use crate::write::markup::escaped;
use crate::write::unit_elsewhere;

/// Writes the card of the measure of that index. `period` is the plan's own.
pub fn card(page: &mut Page, index: usize, measure: &Measure, period: Option<Period>) {
    let base = format!("/measures/{index}");
    let (number, _) = page.marks.at(&format!("{base}/name"));
    page.html(&format!("<article class=\"card\" id=\"{}\" data-go=\"{number}\"><header>", escaped(&measure.id)));
    if !measure.policies.is_empty() {
        page.html("<p class=\"path\">");
        for policy in &measure.policies {
            page.text(policy);
        }
        page.html("</p>");
    }
    page.html("<h2>");
    if let Some(number) = &measure.number {
        page.html("<span class=\"number\">");
        page.bare(&format!("{base}/number"), number);
        page.html("</span> ");
    }
    page.value(&format!("{base}/name"), &measure.name);
    if measure.number.is_some() {
        page.notes(&page.marks.at(&format!("{base}/number")).1.notes);
    }
    page.html("</h2>");
    owners(page, &base, measure);
    page.html("</header>");
    let notes = page.marks.of_measure(index);
    if !notes.is_empty() {
        page.html("<p>");
        page.notes(notes);
        page.html("</p>");
    }
    if !measure.kpis.is_empty() {
        heading(page, "指標", "Indicators");
        kpis(page, &base, &measure.kpis);
    }
    if !measure.schedule.is_empty() {
        heading(page, "スケジュール", "Schedule");
        gantt::table(page, &format!("{base}/schedule"), &measure.schedule, period);
    }
    if !measure.activities.is_empty() {
        activities(page, &base, measure);
    }
    if !measure.budgets.is_empty() {
        budgets(page, &base, &measure.budgets);
    }
    for (i, text) in measure.sections.iter().enumerate() {
        page.html("<section class=\"text\"><h3>");
        if text.heading.is_empty() {
            page.html(&section(text.kind));
        } else {
            page.text(&text.heading);
            // Not where the heading is that word.
            if !section(text.kind).contains(&format!(">{}<", escaped(&text.heading))) {
                page.html(&format!(" <small>{}</small>", section(text.kind)));
            }
        }
        page.html("</h3><div class=\"prose\">");
        page.value(&format!("{base}/sections/{i}/text"), &text.text);
        page.html("</div></section>");
    }
    page.html("</article>\n");
}

fn heading(page: &mut Page, ja: &str, en: &str) {
    page.html(&format!("<h3>{}</h3>", both(ja, en)));
}

fn owners(page: &mut Page, base: &str, measure: &Measure) {
    page.html("<p class=\"facts\">");
    for (i, owner) in measure.owners.iter().enumerate() {
        let (class, role) = match owner.role {
            Role::Lead => ("lead", both("所管", "lead")),
            Role::Related => ("related", both("関係", "related")),
        };
        page.html(&format!("<span class=\"chip {class}\"><small>{role}</small> "));
        page.value(&format!("{base}/owners/{i}/name"), &owner.name);
        if owner.others {
            page.html(&format!(" <small>{}</small>", both("ほか", "and others")));
        }
        page.html("</span> ");
    }
    if let Some(Span { start, end }) = measure.period {
        page.html(&format!("<span class=\"chip\"><small>{}</small> ", both("期間", "period")));
        page.value(&format!("{base}/period/start"), &start.to_string());
        page.html(" – ");
        page.value(&format!("{base}/period/end"), &end.map_or("?".to_owned(), |end| end.to_string()));
        page.html("</span> ");
    }
    for (i, category) in measure.categories.iter().enumerate() {
        page.html("<span class=\"chip category\">");
        page.value(&format!("{base}/categories/{i}"), category);
        page.html("</span> ");
    }
    page.html("</p>");
}

fn activities(page: &mut Page, base: &str, measure: &Measure) {
    heading(page, "年度別の活動", "Activities by year");
    let heads = [("年度", "Year"), ("内容", "Activity"), ("成果", "Output")];
    table_head(page, "figures", &heads);
    for (i, activity) in measure.activities.iter().enumerate() {
        page.html("<tr><th scope=\"row\">");
        page.value(&format!("{base}/activities/{i}/fiscal_year"), &year(activity.fiscal_year));
        page.html("</th><td>");
        page.value(&format!("{base}/activities/{i}/text"), &activity.text);
        page.html("</td><td>");
        if let Some(output) = &activity.output {
            amount(page, &format!("{base}/activities/{i}/output"), output);
        }
        page.html("</td></tr>");
    }
    page.html("</tbody></table>");
}

fn budgets(page: &mut Page, base: &str, budgets: &[Budget]) {
    heading(page, "事業費", "Budget");
    table_head(page, "figures", &[("年度", "Year"), ("種別", "Kind"), ("金額", "Amount"), ("財源", "Funding")]);
    for (i, budget) in budgets.iter().enumerate() {
        page.html("<tr><th scope=\"row\">");
        page.value(&format!("{base}/budgets/{i}/fiscal_year"), &year(budget.fiscal_year));
        page.html("</th><td>");
        page.value(&format!("{base}/budgets/{i}/kind"), &budget.kind);
        page.html("</td><td class=\"figure\">");
        amount(page, &format!("{base}/budgets/{i}/amount"), &budget.amount);
        page.html("</td><td>");
        for (j, part) in budget.funding.iter().enumerate() {
            page.html("<span class=\"chip\">");
            page.text(&part.source);
            page.html(" ");
            amount(page, &format!("{base}/budgets/{i}/funding/{j}/amount"), &part.amount);
            page.html("</span> ");
        }
        page.html("</td></tr>");
    }
    page.html("</tbody></table>");
}

/// Writes indicators, those of the measure or policy that `base` points to.
pub fn kpis(page: &mut Page, base: &str, kpis: &[Kpi]) {
    for (i, kpi) in kpis.iter().enumerate() {
        let base = format!("{base}/kpis/{i}");
        page.html("<section class=\"kpi\"><h4>");
        if let Some(label) = &kpi.label {
            page.html(&format!("<bdi class=\"label\">{}</bdi> ", escaped(label)));
        }
        page.value(&format!("{base}/name"), &kpi.name);
        if let Some(kind) = kpi.kind {
            page.html(&format!(" <small>{}</small>", kpi_kind(kind)));
        }
        if let Some(unit) = &kpi.unit {
            page.html(&format!(" <small>{} ", both("単位", "unit")));
            page.value(&format!("{base}/unit"), unit);
            page.html("</small>");
        }
        page.html("</h4>");
        figures(page, &base, kpi);
        for note in &kpi.notes {
            page.html(&format!("<p class=\"remark\"><bdi>{}</bdi></p>", escaped(note)));
        }
        page.html("</section>");
    }
}

/// The signs of the three kinds of figures, as [`chart`] draws them.
const SERIES: [(&str, &str, &str); 3] = [("◆", "基準", "Baseline"), ("○", "目標", "Target"), ("■", "実績", "Actual")];

/// The figures of an indicator: its chart, and under it all of them as a table.
fn figures(page: &mut Page, base: &str, kpi: &Kpi) {
    if kpi.baseline.is_none() && kpi.targets.is_empty() && kpi.actuals.is_empty() {
        return;
    }
    page.html("<div class=\"side-by-side\">");
    if let Some(chart) = chart::svg(kpi) {
        page.html(&chart);
    }
    let mut heads = vec![("", ""), ("年度", "Year"), ("値", "Value")];
    if kpi.targets.iter().chain(&kpi.actuals).any(|figure| figure.indicator.is_some()) {
        heads.push(("年度ごとの指標", "Indicator"));
    }
    table_head(page, "figures", &heads);
    let [baseline, target, actual] = SERIES.map(|(sign, ja, en)| format!("{sign} {}", both(ja, en)));
    if let Some(figure) = &kpi.baseline {
        page.html(&format!("<tr><th scope=\"row\">{baseline}</th><td>"));
        if marks::has_year(figure) {
            page.value(&format!("{base}/baseline/fiscal_year"), &year(figure.fiscal_year));
        }
        if let Some(date) = &figure.as_of {
            page.html(" ");
            page.value(&format!("{base}/baseline/as_of"), date);
        }
        page.html(&format!("</td><td class=\"{}\">", class_of(&figure.value)));
        amount(page, &format!("{base}/baseline/value"), &figure.value);
        page.html("</td></tr>");
    }
    for (list, label, targets) in [("targets", target, &kpi.targets), ("actuals", actual, &kpi.actuals)] {
        for (i, figure) in targets.iter().enumerate() {
            page.html(&format!("<tr><th scope=\"row\">{label}</th><td>"));
            page.value(&format!("{base}/{list}/{i}/fiscal_year"), &year(figure.fiscal_year));
            page.html(&format!("</td><td class=\"{}\">", class_of(&figure.value)));
            amount(page, &format!("{base}/{list}/{i}/value"), &figure.value);
            page.html("</td>");
            if let Some(indicator) = &figure.indicator {
                page.html(&format!("<td><bdi>{}</bdi></td>", escaped(indicator)));
            }
            page.html("</tr>");
        }
    }
    page.html("</tbody></table></div>");
}

fn table_head(page: &mut Page, class: &str, heads: &[(&str, &str)]) {
    page.html(&format!("<table class=\"{class}\"><thead><tr>"));
    for (ja, en) in heads {
        page.html(&format!("<th scope=\"col\">{}</th>", both(ja, en)));
    }
    page.html("</tr></thead><tbody>");
}

fn year(fiscal_year: Option<i32>) -> String {
    fiscal_year.map_or_else(|| "—".to_owned(), |year| year.to_string())
}

/// Figures stand one under the other, words begin on the left.
fn class_of(value: &Value) -> &'static str {
    let has_figure = [value.number, value.from, value.min, value.max].iter().any(Option::is_some);
    if has_figure { "figure" } else { "words" }
}

/// Writes a value as printed, and its unit where that is printed elsewhere.
fn amount(page: &mut Page, pointer: &str, value: &Value) {
    page.value(pointer, &value.raw);
    if let Some(unit) = unit_elsewhere(value) {
        page.html(&format!(" <small><bdi>{}</bdi></small>", escaped(unit)));
    }
}
