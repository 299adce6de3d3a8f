//! Indicators of a plan with their units, values and goals.

use super::{cut, fits, html, longest, place, policy_identifier, publisher};
use crate::record::{Comparator, Kpi, KpiKind, PlanRecord, Value as Figure};
use crate::write::export::folder_of_plans::{fiscal_days, in_unit, with_unit};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the indicators belong to: the identifier of an action or of a category, and their level in the plan.
struct Holder<'r> {
    identifier: String,
    category: bool,
    kpis: &'r [Kpi],
}

/// The identifier of the n-th indicator of an action or category, from 1.
pub fn identifier(of: &str, n: usize) -> String {
    format!("{of}-kpi-{n}")
}

/// The units that the indicators refer to by name.
pub fn units(record: &PlanRecord) -> Vec<Value> {
    let all = holders(record);
    let names: BTreeSet<String> =
        all.iter().flat_map(|holder| holder.kpis).filter_map(|kpi| kpi.unit.as_deref()).map(unit).collect();
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

fn unit(name: &str) -> String {
    cut(name, longest::UNIT_NAME)
}

/// The indicators, those of policies first.
pub fn indicators(record: &PlanRecord) -> Vec<Value> {
    let mut indicators = Vec::new();
    for holder in holders(record) {
        for (n, kpi) in (1..).zip(holder.kpis) {
            indicators.push(indicator(&identifier(&holder.identifier, n), kpi, &holder, publisher(record)));
        }
    }
    indicators
}

fn holders(record: &PlanRecord) -> Vec<Holder<'_>> {
    let of_policies = record.policies.iter().enumerate().map(|(i, policy)| Holder {
        identifier: policy_identifier(i),
        category: true,
        kpis: &policy.kpis,
    });
    let of_measures = record.measures.iter().map(|measure| Holder {
        identifier: measure.id.clone(),
        category: false,
        kpis: &measure.kpis,
    });
    of_policies.chain(of_measures).collect()
}

fn indicator(identifier: &str, kpi: &Kpi, holder: &Holder, organization: Option<&str>) -> Value {
    let level = match (holder.category, kpi.kind) {
        (true, _) => "strategic",
        (false, Some(KpiKind::Outcome)) => "tactical",
        (false, Some(KpiKind::Activity) | None) => "operational",
    };
    let baseline = kpi.baseline.as_ref().map(|baseline| (baseline.fiscal_year, &baseline.value));
    let reference = dated(baseline, kpi);
    let values = dated(baseline.into_iter().chain(kpi.actuals.iter().map(|f| (f.fiscal_year, &f.value))), kpi);
    let goals = dated(kpi.targets.iter().map(|target| (target.fiscal_year, &target.value)), kpi);
    let lines = lines(kpi);
    let name = if fits(&kpi.name, longest::INDICATOR_NAME) { None } else { Some(kpi.name.as_str()) };
    let description: Vec<&str> = name.into_iter().chain(lines.iter().map(|(_, line)| line.as_str())).collect();
    json!({
        "identifier": identifier,
        "organization": organization,
        "name": cut(&kpi.name, longest::INDICATOR_NAME),
        "unit": kpi.unit.as_deref().map(unit),
        "time_resolution": "year",
        "level": level,
        "categories": if holder.category { vec![holder.identifier.as_str()] } else { Vec::new() },
        "description": html(&description.join("\n")),
        "goal_description": lines.iter().filter(|(is_goal, _)| *is_goal).map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n"),
        "reference_value": reference.first(),
        "values": values,
        "goals": goals,
        "source": place(&kpi.at),
    })
}

/// The figures that are one number in the indicator's unit, on the last day of their fiscal years; of a day the first.
fn dated<'f>(figures: impl IntoIterator<Item = (Option<i32>, &'f Figure)>, kpi: &Kpi) -> Vec<Value> {
    let mut by_day: BTreeMap<String, f64> = BTreeMap::new();
    for (year, figure) in figures {
        if let (Some(year), Some(number)) = (year, in_unit(figure, kpi)) {
            by_day.entry(fiscal_days(year).1).or_insert(number);
        }
    }
    by_day.into_iter().map(|(date, value)| json!({ "date": date, "value": value })).collect()
}

/// Every figure as printed, since bounds, ratios and words are no numbers, then the notes; and for each line whether it
/// is a target that no goal states.
fn lines(kpi: &Kpi) -> Vec<(bool, String)> {
    let line = |kind: &str, year: Option<i32>, value: &Figure, indicator: Option<&str>| {
        let year = year.map_or(String::new(), |year| format!(" {year}年度"));
        let indicator = indicator.map_or(String::new(), |name| format!(" ({name})"));
        format!("{kind}{year}: {}{indicator}", with_unit(value))
    };
    let baseline = kpi.baseline.iter().map(|f| (false, line("基準値", f.fiscal_year, &f.value, None)));
    let targets = kpi.targets.iter().map(|f| {
        let is_bound = f.value.comparator.is_some_and(|comparator| comparator != Comparator::Eq);
        let is_stated = !is_bound && f.fiscal_year.is_some() && in_unit(&f.value, kpi).is_some();
        (!is_stated, line("目標", f.fiscal_year, &f.value, f.indicator.as_deref()))
    });
    let actuals = kpi.actuals.iter().map(|f| (false, line("実績", f.fiscal_year, &f.value, f.indicator.as_deref())));
    let notes = kpi.notes.iter().map(|note| (false, note.clone()));
    baseline.chain(targets).chain(actuals).chain(notes).collect()
}
