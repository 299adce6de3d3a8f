//! Plans as JSON in the terms of Kausal Watch (<https://github.com/kausaltech/kausal-watch>), one file a plan: its
//! models `Plan`, `Organization`, `CategoryType`, `Category`, `ActionSchedule`, `Action`, `ActionResponsibleParty`,
//! `ActionTask`, `Indicator`, `IndicatorValue`, `IndicatorGoal`, with the names of their fields.
//!
//! Objects refer to each other by `identifier`, which is unique among those of a kind in a file; who loads the file gives
//! them keys. Under `source` stands what leads back to the record. `docs/exports.md` lists what does not fit.

use super::folder_of_plans::{
    self, budget_line, day, fiscal_days, in_unit, last_day, schedule_line, section_text, with_unit,
};
use super::{Export, ExportError};
use crate::document::Place;
use crate::record::{Kpi, Measure, Month, PlanRecord, Role, Target};
use crate::write::{Folder, Layout, json};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) struct Documents(Folder);

impl Documents {
    /// # Errors
    /// What the file system says.
    pub fn new(root: &Path) -> Result<Self, ExportError> {
        Ok(Documents(Folder::new(root)?))
    }
}

impl Export for Documents {
    fn record(&mut self, record: &PlanRecord) -> Result<bool, ExportError> {
        if record.measures.is_empty() {
            return Ok(false);
        }
        self.0.write(&folder_of_plans::file_name(record, "json"), &json(&document(record), Layout::Pretty))?;
        Ok(true)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.finish()?)
    }
}

/// The category types of a plan.
const POLICY: &str = "policy";
const MARK: &str = "mark";

fn document(record: &PlanRecord) -> Value {
    let plan = &record.plan;
    let departments = organizations(record);
    let marks: BTreeSet<&str> =
        record.measures.iter().flat_map(|measure| &measure.categories).map(String::as_str).collect();
    let actions: Vec<Value> = (0..)
        .zip(&record.measures)
        .map(|(order, measure)| action(record, measure, order, &departments, &marks))
        .collect();
    let mut organizations: Vec<Value> = departments
        .iter()
        .map(|(name, identifier)| json!({ "identifier": identifier, "name": name, "parent": plan.publisher.as_ref().map(|_| "org-0") }))
        .collect();
    if let Some(publisher) = &plan.publisher {
        organizations.insert(0, json!({ "identifier": "org-0", "name": publisher, "parent": null }));
    }
    json!({
        "plan": {
            "identifier": "plan",
            "name": plan.title,
            "version_name": plan.version.as_deref().unwrap_or_default(),
            "primary_language": "ja",
            "organization": plan.publisher.as_ref().map(|_| "org-0"),
        },
        "organizations": organizations,
        "category_types": [
            { "identifier": POLICY, "name": "体系", "categories": policies(record) },
            {
                "identifier": MARK,
                "name": "区分",
                "categories": marks.iter().enumerate().map(|(i, name)| {
                    json!({ "identifier": format!("{MARK}-{}", i + 1), "name": name, "parent": null })
                }).collect::<Vec<_>>(),
            },
        ],
        "action_schedules": years(record).into_iter().map(|year| {
            let (begins, ends) = fiscal_days(year);
            json!({ "identifier": schedule(year), "name": format!("{year}年度"), "begins_at": begins, "ends_at": ends })
        }).collect::<Vec<_>>(),
        "actions": actions,
        "indicators": indicators(record),
        "source": {
            "path": record.source.path,
            "sha256": record.source.sha256,
            "status": plan.status,
            "published": plan.published,
            "period": plan.period,
        },
    })
}

/// Departments by name, each with its identifier.
fn organizations(record: &PlanRecord) -> BTreeMap<&str, String> {
    let owners = record.measures.iter().flat_map(|measure| &measure.owners);
    let names: BTreeSet<&str> = owners.map(|owner| owner.name.as_str()).collect();
    names.into_iter().zip(1..).map(|(name, i): (_, usize)| (name, format!("org-{i}"))).collect()
}

fn policies(record: &PlanRecord) -> Vec<Value> {
    let number_of = |i: usize| record.policies[i].number.as_deref();
    let parent = |i: usize| {
        let parent = record.policies[i].parent.as_deref()?;
        let mut numbered = (0..record.policies.len()).filter(|&j| number_of(j) == Some(parent));
        numbered.next().filter(|_| numbered.next().is_none()).map(policy_identifier)
    };
    let category = |(i, policy): (usize, &crate::record::Policy)| {
        json!({
            "identifier": policy_identifier(i),
            "external_identifier": policy.number,
            "name": policy.title,
            "parent": parent(i),
            "order": i,
        })
    };
    record.policies.iter().enumerate().map(category).collect()
}

fn policy_identifier(i: usize) -> String {
    format!("{POLICY}-{}", i + 1)
}

/// The fiscal years that schedules of the plan touch.
fn years(record: &PlanRecord) -> BTreeSet<i32> {
    record.measures.iter().flat_map(measure_years).collect()
}

/// The fiscal years that a measure's schedule touches, as far as they are known; a span without end counts its first.
fn measure_years(measure: &Measure) -> BTreeSet<i32> {
    /// A longer span is a misprint or has no end.
    const LONGEST: i32 = 50;
    let span = |item: &crate::record::ScheduleItem| {
        let start = item.start.map(Month::fiscal_year)?;
        let end = item.end.map_or(start, Month::fiscal_year);
        Some(start..=end.min(start + LONGEST))
    };
    measure.schedule.iter().filter_map(span).flatten().collect()
}

fn schedule(year: i32) -> String {
    format!("fy{year}")
}

fn action(
    record: &PlanRecord,
    measure: &Measure,
    order: usize,
    departments: &BTreeMap<&str, String>,
    marks: &BTreeSet<&str>,
) -> Value {
    let parties: Vec<Value> = measure
        .owners
        .iter()
        .map(|owner| {
            let role = match owner.role {
                Role::Lead => "primary",
                Role::Related => "collaborator",
            };
            json!({ "organization": departments[owner.name.as_str()], "role": role })
        })
        .collect();
    let mut categories: Vec<String> = Vec::new();
    for title in &measure.policies {
        let mut titled = (0..record.policies.len()).filter(|&i| record.policies[i].title == *title);
        // Of policies of one title none is told from the others.
        categories.extend(titled.next().filter(|_| titled.next().is_none()).map(policy_identifier));
    }
    let place_of = |name: &String| marks.iter().position(|mark| mark == name);
    categories.extend(measure.categories.iter().filter_map(place_of).map(|i| format!("{MARK}-{}", i + 1)));
    let number = measure.number.as_ref().map_or(String::new(), |number| format!("{number} "));
    let official_name = format!("{number}{}", measure.name);
    // A task has a date it is due at.
    let tasks: Vec<Value> = measure
        .schedule
        .iter()
        .filter_map(|item| {
            Some(json!({ "name": item.text, "due_at": last_day(item.end?), "comment": schedule_line(item) }))
        })
        .collect();
    json!({
        "identifier": measure.id,
        "order": order,
        "name": measure.name,
        "official_name": official_name,
        "description": description(measure),
        "start_date": measure.period.map(|period| day(period.start)),
        "end_date": measure.period.and_then(|period| period.end).map(last_day),
        "schedule": measure_years(measure).into_iter().map(schedule).collect::<Vec<_>>(),
        "responsible_parties": parties,
        "categories": categories,
        "tasks": tasks,
        "related_indicators": (1..=measure.kpis.len()).map(|i| json!({ "indicator": indicator_identifier(&measure.id, i) })).collect::<Vec<_>>(),
        "source": place(&measure.at),
    })
}

/// The texts of a measure, and what an action has no field for.
fn description(measure: &Measure) -> String {
    let mut parts = vec![section_text(measure)];
    parts.extend(measure.schedule.iter().filter(|item| item.end.is_none()).map(schedule_line));
    parts.extend(measure.activities.iter().map(|activity| {
        let year = activity.fiscal_year.map_or(String::new(), |year| format!("{year}年度 "));
        let output = activity.output.as_ref().map_or(String::new(), |output| format!(" → {}", with_unit(output)));
        format!("{year}{}{output}", activity.text)
    }));
    parts.extend(measure.budgets.iter().map(budget_line));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn indicator_identifier(of: &str, i: usize) -> String {
    format!("{of}-kpi-{i}")
}

fn indicators(record: &PlanRecord) -> Vec<Value> {
    let of_measures = record.measures.iter().map(|measure| (measure.id.clone(), &measure.kpis));
    let of_policies = (0..).zip(&record.policies).map(|(i, policy)| (policy_identifier(i), &policy.kpis));
    let all = of_policies.chain(of_measures);
    all.flat_map(|(of, kpis)| {
        (1..).zip(kpis).map(|(i, kpi)| indicator(&indicator_identifier(&of, i), kpi)).collect::<Vec<_>>()
    })
    .collect()
}

fn indicator(identifier: &str, kpi: &Kpi) -> Value {
    let baseline = kpi.baseline.as_ref().map(|baseline| Target {
        fiscal_year: baseline.fiscal_year,
        indicator: None,
        value: baseline.value.clone(),
        at: baseline.at.clone(),
    });
    let values = dated(baseline.iter().chain(&kpi.actuals), kpi);
    let goals = dated(&kpi.targets, kpi);
    json!({
        "identifier": identifier,
        "name": kpi.name,
        "unit": kpi.unit,
        "time_resolution": "year",
        "description": figures(kpi, baseline.as_ref()),
        "values": values,
        "goals": goals,
        "source": place(&kpi.at),
    })
}

/// The figures that are one number in the indicator's unit, on the last day of their fiscal years; of a day the first.
fn dated<'f>(figures: impl IntoIterator<Item = &'f Target>, kpi: &Kpi) -> Vec<Value> {
    let mut by_day: BTreeMap<String, f64> = BTreeMap::new();
    for figure in figures {
        if let (Some(year), Some(number)) = (figure.fiscal_year, in_unit(&figure.value, kpi)) {
            by_day.entry(fiscal_days(year).1).or_insert(number);
        }
    }
    by_day.into_iter().map(|(date, value)| json!({ "date": date, "value": value })).collect()
}

/// Every figure as printed: bounds, ratios and words are no numbers.
fn figures(kpi: &Kpi, baseline: Option<&Target>) -> String {
    let line = |kind: &str, figure: &Target| {
        let year = figure.fiscal_year.map_or(String::new(), |year| format!(" {year}年度"));
        let indicator = figure.indicator.as_deref().map_or(String::new(), |name| format!(" ({name})"));
        format!("{kind}{year}: {}{indicator}", with_unit(&figure.value))
    };
    let mut lines: Vec<String> = baseline.map(|figure| line("基準値", figure)).into_iter().collect();
    lines.extend(kpi.targets.iter().map(|figure| line("目標", figure)));
    lines.extend(kpi.actuals.iter().map(|figure| line("実績", figure)));
    lines.extend(kpi.notes.iter().cloned());
    lines.join("\n")
}

fn place(at: &Place) -> Value {
    serde_json::to_value(at).expect("plain data is serialisable")
}
