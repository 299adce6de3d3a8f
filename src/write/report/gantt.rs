//! The schedule of a measure as a chart over fiscal years: a table, so that it can be read without the bars.

use super::labels::{basis, both};
use super::value::Page;
use crate::record::{Month, Period, ScheduleItem};
use crate::write::markup::escaped;

/// Fiscal years that a chart has columns for; a span beyond them is only written.
const MOST_YEARS: i32 = 30;

/// Height of a row's drawing, in the units of its view box.
const HEIGHT: i32 = 20;

/// Writes the schedule whose items' pointers begin with `base`. `period` is the plan's own.
pub fn table(page: &mut Page, base: &str, items: &[ScheduleItem], period: Option<Period>) {
    let years = years(items, period);
    page.html("<div class=\"scroll\"><table class=\"gantt\"><thead><tr><th scope=\"col\">");
    page.html(&both("取組", "Activity"));
    page.html("</th><th scope=\"col\" class=\"span\">");
    page.html(&both("期間", "Span"));
    page.html("</th>");
    for year in years.clone() {
        page.html(&format!("<th scope=\"col\" class=\"year\">{year}</th>"));
    }
    page.html("</tr></thead><tbody>");
    for (i, item) in items.iter().enumerate() {
        let pointer = format!("{base}/{i}");
        page.html("<tr><th scope=\"row\">");
        if let Some(label) = &item.label {
            page.html(&format!("<bdi class=\"label\">{}</bdi> ", escaped(label)));
        }
        page.value(&format!("{pointer}/text"), &item.text);
        for owner in &item.owners {
            page.html(&format!(" <bdi class=\"chip\">{}</bdi>", escaped(&owner.name)));
        }
        page.html("</th><td class=\"span\">");
        let month = |month: Option<Month>| month.map_or_else(|| "?".to_owned(), |month| month.to_string());
        if item.start.is_some() || item.end.is_some() {
            page.value(&format!("{pointer}/start"), &month(item.start));
            page.html(" – ");
            page.value(&format!("{pointer}/end"), &month(item.end));
            page.html(" ");
        }
        page.html(&format!("<small>{}</small></td>", basis(item.basis)));
        if !years.is_empty() {
            let number = page.marks.at(&format!("{pointer}/text")).0;
            let drawing = row(item, years.start, years.end - years.start);
            page.html(&format!("<td class=\"bars\" colspan=\"{}\" data-go=\"{number}\">{drawing}</td>", years.len()));
        }
        page.html("</tr>");
    }
    page.html("</tbody></table></div>");
}

/// The fiscal years that items run over: first, and the one after the last; empty where there are none to draw.
fn years(items: &[ScheduleItem], period: Option<Period>) -> std::ops::Range<i32> {
    let ends = items.iter().flat_map(|item| [item.start, item.end]).flatten().map(Month::fiscal_year);
    let of_plan = period.into_iter().flat_map(|period| [period.start, period.end]).map(Month::fiscal_year);
    let (Some(first), Some(last)) = (ends.clone().min(), ends.max()) else { return 0..0 };
    let (low, high) = (of_plan.clone().min().unwrap_or(first), of_plan.max().unwrap_or(last));
    let wide = first.min(low)..last.max(high).saturating_add(1);
    let own = first..last.saturating_add(1);
    let fits = |years: &std::ops::Range<i32>| years.end.saturating_sub(years.start) <= MOST_YEARS;
    [wide, own].into_iter().find(fits).unwrap_or(0..0)
}

/// The bar of an item over so many fiscal years from the first; one whose other end the source does not say is open.
fn row(item: &ScheduleItem, first: i32, years: i32) -> String {
    let from = |month: Month| (month.year - first) * 12 + i32::from(month.month) - 4;
    let width = years * 12;
    let mut out = format!(
        "<svg viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
    );
    for year in 1..years {
        out.push_str(&format!("<line class=\"grid\" x1=\"{0}\" x2=\"{0}\" y1=\"0\" y2=\"{HEIGHT}\"/>", year * 12));
    }
    let (x0, x1, class) = match (item.start, item.end) {
        (Some(start), Some(end)) => (from(start), from(end) + 1, "bar"),
        (Some(start), None) => (from(start), from(start) + 12, "bar open"),
        (None, Some(end)) => (from(end) + 1 - 12, from(end) + 1, "bar open"),
        (None, None) => (0, 0, ""),
    };
    let (x0, x1) = (x0.clamp(0, width), x1.clamp(0, width));
    if x1 > x0 {
        out.push_str(&format!("<rect class=\"{class}\" x=\"{x0}\" y=\"4\" width=\"{}\" height=\"12\"/>", x1 - x0));
    }
    out.push_str("</svg>");
    out
}
