//! Rules that a schema cannot say: what in a record does not agree with the rest of it.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Place;
use crate::record::{Kpi, Month, Period, PlanRecord, Span};
use std::collections::{BTreeMap, BTreeSet};

/// What in a record does not agree, rule by rule, each in document order.
pub fn record(record: &PlanRecord) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    spans(record, &mut found);
    targets(record, &mut found);
    policy_numbers(record, &mut found);
    duplicate_numbers(record, &mut found);
    gaps(record, &mut found);
    found
}

fn report(found: &mut Vec<Diagnostic>, code: Code, field: String, at: Option<&Place>, message: String) {
    found.push(Diagnostic { field: Some(field), ..Diagnostic::new(code, message, at.cloned()) });
}

/// Spans that end before they start.
fn spans(record: &PlanRecord, found: &mut Vec<Diagnostic>) {
    let mut check = |start: Option<Month>, end: Option<Month>, field: String, at: Option<&Place>| {
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            report(found, Code::EndBeforeStart, field, at, format!("starts in {start} and ends in {end}"));
        }
    };
    if let Some(Period { start, end }) = record.plan.period {
        check(Some(start), Some(end), "/plan/period".to_owned(), None);
    }
    for (i, measure) in record.measures.iter().enumerate() {
        if let Some(Span { start, end }) = measure.period {
            check(Some(start), end, format!("/measures/{i}/period"), Some(&measure.at));
        }
        for (j, item) in measure.schedule.iter().enumerate() {
            check(item.start, item.end, format!("/measures/{i}/schedule/{j}"), Some(&item.at));
        }
    }
}

/// Targets of a fiscal year outside the plan's period.
fn targets(record: &PlanRecord, found: &mut Vec<Diagnostic>) {
    let Some(Period { start, end }) = record.plan.period.filter(|period| period.start <= period.end) else { return };
    let years = start.fiscal_year()..=end.fiscal_year();
    let mut check = |kpis: &[Kpi], owner: String| {
        for (j, kpi) in kpis.iter().enumerate() {
            for (k, target) in kpi.targets.iter().enumerate() {
                let Some(year) = target.fiscal_year.filter(|year| !years.contains(year)) else { continue };
                let message = format!(
                    "the target `{}` is for fiscal year {year}, the plan is for {} to {}",
                    target.value.raw,
                    years.start(),
                    years.end()
                );
                let field = format!("{owner}/kpis/{j}/targets/{k}/fiscal_year");
                report(found, Code::TargetOutsidePeriod, field, Some(&target.at), message);
            }
        }
    };
    for (i, policy) in record.policies.iter().enumerate() {
        check(&policy.kpis, format!("/policies/{i}"));
    }
    for (i, measure) in record.measures.iter().enumerate() {
        check(&measure.kpis, format!("/measures/{i}"));
    }
}

/// Policies under a policy, and measures joined to one, that is not there.
fn policy_numbers(record: &PlanRecord, found: &mut Vec<Diagnostic>) {
    let known: BTreeSet<&str> = record.policies.iter().filter_map(|policy| policy.number.as_deref()).collect();
    for (i, policy) in record.policies.iter().enumerate() {
        if let Some(parent) = policy.parent.as_deref().filter(|parent| !known.contains(parent)) {
            let message =
                format!("the policy `{}` stands under `{parent}`, which no policy has as its number", policy.title);
            report(found, Code::UnknownPolicyNumber, format!("/policies/{i}/parent"), Some(&policy.at), message);
        }
    }
    let joined: Vec<_> = record
        .measures
        .iter()
        .enumerate()
        .filter_map(|(i, measure)| Some((i, measure, measure.number.as_deref()?)))
        .filter(|(.., number)| number.contains('-'))
        .collect();
    let unknown: Vec<_> =
        joined.iter().filter(|(.., number)| !prefixes(number).any(|prefix| known.contains(prefix))).collect();
    // Where most measures stand under no policy's number, their numbers are not joined to any: `A-1` may be a code.
    if unknown.len() * 2 > joined.len() {
        return;
    }
    for (i, measure, number) in unknown {
        let message = format!("the measure {number} stands under a number that no policy has");
        report(found, Code::UnknownPolicyNumber, format!("/measures/{i}/number"), Some(&measure.at), message);
    }
}

/// The parts of a number above it: `1-1-3` gives `1-1` and `1`.
fn prefixes(number: &str) -> impl Iterator<Item = &str> {
    number.rmatch_indices('-').map(|(at, _)| &number[..at])
}

/// Measures with the number of one before.
fn duplicate_numbers(record: &PlanRecord, found: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (i, measure) in record.measures.iter().enumerate() {
        let Some(number) = measure.number.as_deref() else { continue };
        match first.get(number) {
            Some(other) => {
                let message = format!("`{}` has the number {number} of `{other}`", measure.name);
                let field = format!("/measures/{i}/number");
                report(found, Code::DuplicateMeasureNumber, field, Some(&measure.at), message);
            }
            None => {
                first.insert(number, &measure.name);
            }
        }
    }
}

/// Numbers of one run (`1-1`, `1-2`, `1-4`) between which one is missing.
fn gaps(record: &PlanRecord, found: &mut Vec<Diagnostic>) {
    // By what stands before the last figure: that figure, and the first measure that has it.
    let mut runs: BTreeMap<&str, BTreeMap<u32, usize>> = BTreeMap::new();
    for (i, measure) in record.measures.iter().enumerate() {
        if let Some((before, last)) = measure.number.as_deref().and_then(last_figure) {
            runs.entry(before).or_default().entry(last).or_insert(i);
        }
    }
    let mut missing = Vec::new();
    for run in runs.values() {
        let (Some((&first, _)), Some((&last, _))) = (run.first_key_value(), run.last_key_value()) else { continue };
        // Codes (101, 205, 310) are no run: more is missing than is there.
        if (u64::from(last) - u64::from(first) + 1) > 2 * run.len() as u64 {
            continue;
        }
        for ((&before, _), (&after, &i)) in run.iter().zip(run.iter().skip(1)) {
            if after > before + 1 {
                missing.push((i, before, after));
            }
        }
    }
    missing.sort_unstable();
    for (i, before, after) in missing {
        let measure = &record.measures[i];
        let number = measure.number.as_deref().unwrap_or_default();
        let message = match after - before {
            2 => format!("before the measure {number} the number {} is missing", before + 1),
            _ => format!("before the measure {number} the numbers {} to {} are missing", before + 1, after - 1),
        };
        report(found, Code::MeasureNumberGap, format!("/measures/{i}/number"), Some(&measure.at), message);
    }
}

/// A number as what stands before its last figure, and that figure: `1-(2)` gives `1-(` and 2.
fn last_figure(number: &str) -> Option<(&str, u32)> {
    let trimmed = number.trim_end_matches(|c: char| !c.is_ascii_digit());
    let before = trimmed.trim_end_matches(|c: char| c.is_ascii_digit());
    Some((before, trimmed[before.len()..].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process;
    use serde_json::json;

    /// A record of policies (number, parent) and measures (number, first and last month of a schedule item, fiscal
    /// year of a target), for a plan from 2023 to 2026.
    fn plan(policies: &[(&str, Option<&str>)], measures: &[(&str, &str, &str, i32)]) -> PlanRecord {
        let at = json!({ "line": 1, "end_line": 1 });
        let diagnostic = Diagnostic::new(Code::NoPlanFound, "", None);
        let mut record = process::failure(process::unread_source("plan.txt"), diagnostic);
        record.plan.period = serde_json::from_value(json!({ "start": "2023-04", "end": "2027-03" })).unwrap();
        record.policies = policies
            .iter()
            .map(|(number, parent)| {
                json!({ "number": number, "level": null, "title": "方針", "parent": parent, "kpis": [], "at": at })
            })
            .map(|value| serde_json::from_value(value).unwrap())
            .collect();
        record.measures = measures
            .iter()
            .map(|(number, start, end, year)| {
                let value = json!({ "raw": "5件", "kind": "number", "number": 5 });
                let target = json!({ "fiscal_year": year, "indicator": null, "value": value, "at": at });
                json!({
                    "id": number, "number": number, "name": "事業", "policies": [], "categories": [], "owners": [],
                    "sections": [], "activities": [], "period": null, "budgets": [],
                    "schedule": [{ "label": null, "text": "実施", "start": start, "end": end,
                                   "basis": "text", "owners": [], "at": at }],
                    "kpis": [{ "label": null, "name": "件数", "type": null, "unit": "件", "baseline": null,
                               "targets": [target], "actuals": [], "notes": [], "at": at }],
                    "at": at
                })
            })
            .map(|value| serde_json::from_value(value).unwrap())
            .collect();
        record
    }

    fn numbered(policies: &[(&str, Option<&str>)], numbers: &[&str]) -> Vec<String> {
        let measures: Vec<_> = numbers.iter().map(|number| (*number, "2023-04", "2024-03", 2024)).collect();
        found(&plan(policies, &measures))
    }

    fn found(plan: &PlanRecord) -> Vec<String> {
        let value = serde_json::to_value(plan).unwrap();
        record(plan)
            .into_iter()
            .map(|diagnostic| {
                let field = diagnostic.field.unwrap();
                assert!(value.pointer(&field).is_some(), "{field} points at nothing");
                format!("{} {field}", diagnostic.code.name())
            })
            .collect()
    }

    #[test]
    fn a_plan_that_agrees_gives_nothing() {
        assert_eq!(numbered(&[("1", None), ("1-1", Some("1"))], &["1-1-1", "1-1-2", "1-1-3"]), [""; 0]);
        assert_eq!(found(&plan(&[], &[("1", "2023-04", "2023-04", 2023), ("2", "2026-04", "2027-03", 2026)])), [""; 0]);
    }

    #[test]
    fn spans_and_years() {
        let record = plan(&[], &[("1", "2024-03", "2023-04", 2022), ("2", "2024-03", "2024-03", 2027)]);
        let expected = [
            "end-before-start /measures/0/schedule/0",
            "target-outside-period /measures/0/kpis/0/targets/0/fiscal_year",
            "target-outside-period /measures/1/kpis/0/targets/0/fiscal_year",
        ];
        assert_eq!(found(&record), expected);
    }

    #[test]
    fn a_period_that_ends_before_it_starts_bounds_no_target() {
        let mut record = plan(&[], &[("1", "2023-04", "2024-03", 1999)]);
        let period = serde_json::from_value(json!({ "start": "2027-04", "end": "2023-03" })).unwrap();
        record.plan.period = Some(period);
        record.measures[0].period = Some(Span { start: period.start, end: Some(period.end) });
        assert_eq!(found(&record), ["end-before-start /plan/period", "end-before-start /measures/0/period"]);
    }

    #[test]
    fn numbers_of_policies() {
        let policies = [("1", None), ("2", None)];
        for (numbers, expected) in [
            (&["1-1", "1-2", "2-1"][..], &[][..]),
            (&["1-1", "1-2", "2-1", "3-1"], &["unknown-policy-number /measures/3/number"]),
            // A group's number between policy and measure.
            (&["1-10-1", "1-10-2"], &[]),
            // Codes, joined to nothing.
            (&["A-1", "A-2", "B-1", "1-1"], &[]),
            (&["7", "8"], &[]),
        ] {
            assert_eq!(numbered(&policies, numbers), expected, "{numbers:?}");
        }
        assert_eq!(numbered(&[("1", None), ("4-1", Some("4"))], &[]), ["unknown-policy-number /policies/1/parent"]);
    }

    #[test]
    fn duplicates_and_gaps() {
        for (numbers, expected) in [
            (&["1", "2", "2", "3"][..], &["duplicate-measure-number /measures/2/number"][..]),
            (&["1", "2", "4"], &["measure-number-gap /measures/2/number"]),
            (&["01", "02", "03", "06"], &["measure-number-gap /measures/3/number"]),
            (&["1-(1)", "1-(3)", "2-(1)"], &["measure-number-gap /measures/1/number"]),
            // In any order; what a run starts with is left open.
            (&["3", "2", "4"], &[]),
            (&["5", "6", "7"], &[]),
            // Codes.
            (&["101", "205", "310"], &[]),
            (&["", "A", "-"], &[]),
            (&["4294967295", "4294967296", "1"], &[]),
        ] {
            assert_eq!(numbered(&[], numbers), expected, "{numbers:?}");
        }
    }
}
