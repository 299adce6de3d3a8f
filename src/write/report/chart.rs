//! The figures of an indicator as a chart over fiscal years: baseline, targets and actuals, each with its text.
//!
//! The three are told apart by their shapes and lines (diamond; ring, dashed; square, solid), not by colour.

use crate::record::{Comparator, Kpi, Target, Value, ValueKind};
use crate::write::markup::escaped;

/// Sizes in CSS pixels: texts are 12 high, about 7 a digit.
const HEIGHT: f64 = 150.0;
const MARGIN: f64 = 10.0;
const NARROWEST_COLUMN: f64 = 48.0;
const DIGIT: f64 = 7.2;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 112.0;

/// Columns beyond which a chart cannot be read.
const MOST_COLUMNS: usize = 30;

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Series {
    Baseline,
    Target,
    Actual,
}

/// Where on the axis a figure stands. Figures without a year stand before the first year (a baseline) or after the
/// last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Before,
    Year(i32),
    After,
}

struct Point {
    series: Series,
    column: Column,
    low: f64,
    high: f64,
    label: String,
}

/// The chart of an indicator; none where it has no figure. Figures of another unit than most are left to the table.
pub fn svg(kpi: &Kpi) -> Option<String> {
    let unit = common_unit(kpi);
    let mut points = Vec::new();
    let mut add = |series, column, value: &Value| {
        if value.unit.as_deref() == unit
            && let Some((low, high)) = figures(value)
        {
            points.push(Point { series, column, low, high, label: label(value, low, high) });
        }
    };
    if let Some(baseline) = &kpi.baseline {
        add(Series::Baseline, baseline.fiscal_year.map_or(Column::Before, Column::Year), &baseline.value);
    }
    for (series, targets) in [(Series::Target, &kpi.targets), (Series::Actual, &kpi.actuals)] {
        for target in targets {
            add(series, target.fiscal_year.map_or(Column::After, Column::Year), &target.value);
        }
    }
    let mut columns: Vec<Column> = points.iter().map(|point| point.column).collect();
    columns.sort();
    columns.dedup();
    (!columns.is_empty() && columns.len() <= MOST_COLUMNS).then(|| draw(kpi, &points, &columns))
}

/// The values of an indicator: its baseline's, its targets', its actuals'.
fn values(kpi: &Kpi) -> impl Iterator<Item = &Value> {
    let figures = kpi.targets.iter().chain(&kpi.actuals).map(|figure: &Target| &figure.value);
    kpi.baseline.iter().map(|baseline| &baseline.value).chain(figures)
}

/// The unit that most figures have; of several the first.
fn common_unit(kpi: &Kpi) -> Option<&str> {
    let units: Vec<Option<&str>> =
        values(kpi).filter(|value| figures(value).is_some()).map(|value| value.unit.as_deref()).collect();
    let count = |unit: &Option<&str>| units.iter().filter(|other| *other == unit).count();
    // The last of equals wins `max_by_key`; the first is wanted.
    units.iter().rev().max_by_key(|unit| count(unit)).copied().flatten()
}

/// Lowest and highest figure of a value.
fn figures(value: &Value) -> Option<(f64, f64)> {
    let (low, high) = match value.kind {
        ValueKind::Number | ValueKind::Ratio => (value.number?, value.number?),
        ValueKind::Change => (value.to?, value.to?),
        ValueKind::Range => (value.min?, value.max?),
        ValueKind::Milestone | ValueKind::Deferred | ValueKind::Pending | ValueKind::None => return None,
    };
    (low.0.is_finite() && high.0.is_finite()).then_some((low.0, high.0))
}

fn label(value: &Value, low: f64, high: f64) -> String {
    let sign = match value.comparator {
        Some(Comparator::Ge) => "≥",
        Some(Comparator::Le) => "≤",
        Some(Comparator::Gt) => ">",
        Some(Comparator::Lt) => "<",
        Some(Comparator::Approx) => "≈",
        Some(Comparator::Eq) | None => "",
    };
    let whole = value.of.map_or(String::new(), |of| format!("/{}", number(of.0)));
    let figure = if low == high { number(low) } else { format!("{}–{}", number(low), number(high)) };
    format!("{sign}{figure}{whole}")
}

/// A figure with commas between thousands.
fn number(figure: f64) -> String {
    let text = format!("{}", figure.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::from(if figure < 0.0 { "−" } else { "" });
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if fraction.is_empty() { out } else { format!("{out}.{fraction}") }
}

fn draw(kpi: &Kpi, points: &[Point], columns: &[Column]) -> String {
    let low = points.iter().map(|point| point.low).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|point| point.high).fold(f64::NEG_INFINITY, f64::max);
    // Halves, so that the difference of the largest figures is finite.
    let range = high / 2.0 - low / 2.0;
    let y = |figure: f64| match range > 0.0 {
        true => BOTTOM - (figure / 2.0 - low / 2.0) / range * (BOTTOM - TOP),
        false => f64::midpoint(TOP, BOTTOM),
    };
    let longest = points.iter().map(|point| point.label.chars().count()).max().unwrap_or(0);
    let step = NARROWEST_COLUMN.max(longest as f64 * DIGIT);
    let width = 2.0 * MARGIN + step * columns.len() as f64;
    let x = |column: Column| {
        let i = columns.iter().position(|other| *other == column).unwrap_or(0);
        MARGIN + step * (i as f64 + 0.5)
    };
    let mut out = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" height=\"{HEIGHT}\" role=\"img\" \
         aria-label=\"{}\">",
        escaped(&kpi.name)
    );
    out.push_str(&format!("<line class=\"axis\" x1=\"{MARGIN}\" x2=\"{}\" y1=\"122\" y2=\"122\"/>", width - MARGIN));
    for &column in columns {
        let text = match column {
            Column::Year(year) => year.to_string(),
            Column::Before | Column::After => "—".to_owned(),
        };
        out.push_str(&format!("<text class=\"tick\" x=\"{:.1}\" y=\"140\">{text}</text>", x(column)));
    }
    for series in [Series::Target, Series::Actual] {
        let line: Vec<String> = points
            .iter()
            .filter(|point| point.series == series)
            .map(|point| format!("{:.1},{:.1}", x(point.column), y(f64::midpoint(point.low, point.high))))
            .collect();
        if line.len() > 1 {
            let class = if series == Series::Target { "target" } else { "actual" };
            out.push_str(&format!("<polyline class=\"{class}\" points=\"{}\"/>", line.join(" ")));
        }
    }
    for point in points {
        let (at, middle) = (x(point.column), y(f64::midpoint(point.low, point.high)));
        if point.low < point.high {
            let (top, bottom) = (y(point.high), y(point.low));
            out.push_str(&format!(
                "<line class=\"range\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{top:.1}\" y2=\"{bottom:.1}\"/>"
            ));
        }
        out.push_str(&match point.series {
            Series::Baseline => {
                format!("<path class=\"baseline\" d=\"M{at:.1} {:.1}l6 6l-6 6l-6 -6z\"/>", middle - 6.0)
            }
            Series::Target => format!("<circle class=\"target\" cx=\"{at:.1}\" cy=\"{middle:.1}\" r=\"5\"/>"),
            Series::Actual => {
                let (left, top) = (at - 4.5, middle - 4.5);
                format!("<rect class=\"actual\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"9\" height=\"9\"/>")
            }
        });
        // An actual beside its year's target has its text below.
        let shared = points.iter().any(|other| other.column == point.column && other.series == Series::Target);
        let below = point.series == Series::Actual && shared;
        let text_y = if below { middle + 18.0 } else { middle - 10.0 };
        out.push_str(&format!(
            "<text class=\"figure\" x=\"{at:.1}\" y=\"{text_y:.1}\">{}</text>",
            escaped(&point.label)
        ));
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_commas() {
        for (figure, text) in
            [(0.0, "0"), (999.0, "999"), (1000.0, "1,000"), (-1234567.5, "−1,234,567.5"), (0.25, "0.25")]
        {
            assert_eq!(number(figure), text);
        }
    }
}
