//! Plans as JSON in the terms of Kausal Watch (<https://github.com/kausaltech/kausal-watch>), one file a plan: its
//! models `Plan`, `Organization`, `CategoryType`, `CategoryLevel`, `Category`, `ActionSchedule`, `Action`,
//! `ActionResponsibleParty`, `ActionTask`, `ActionIndicator`, `Unit`, `Indicator`, `IndicatorValue`, `IndicatorGoal`,
//! with the names, lengths and constraints of their fields.
//!
//! Objects refer to each other by `identifier`, which is unique among those of a kind in a file; who loads the file gives
//! them keys. Fields that are rich text there are HTML, in which a document's text is text. Under `source` stands what
//! leads back to the record. `docs/exports.md` lists what does not fit.

mod indicators;

use super::folder_of_plans::{budget_line, day, fiscal_days, last_day, schedule_line, section_text, with_unit};
use crate::document::Place;
use crate::record::{Measure, Month, Owner, PlanRecord, Policy, Role, ScheduleItem};
use crate::write::markup::escaped;
use crate::write::{Layout, json};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// Characters that the models' fields take.
mod longest {
    pub const PLAN_NAME: usize = 100;
    pub const ORGANIZATION_NAME: usize = 255;
    pub const CATEGORY_NAME: usize = 200;
    pub const ACTION_NAME: usize = 1000;
    pub const TASK_NAME: usize = 250;
    pub const INDICATOR_NAME: usize = 200;
    pub const UNIT_NAME: usize = 40;
}

/// The category types of a plan.
const POLICY: &str = "policy";
const MARK: &str = "mark";

/// The authority among the organizations.
const PUBLISHER: &str = "org-0";

/// The file of a plan; none where it has no measures.
pub(super) fn of_plan(record: &PlanRecord) -> io::Result<Option<Vec<u8>>> {
    Ok((!record.measures.is_empty()).then(|| json(&document(record), Layout::Pretty)))
}

fn document(record: &PlanRecord) -> Value {
    let plan = &record.plan;
    let departments = departments(record);
    let marks: BTreeSet<&str> =
        record.measures.iter().flat_map(|measure| &measure.categories).map(String::as_str).collect();
    let actions: Vec<Value> = (0..)
        .zip(&record.measures)
        .map(|(order, measure)| action(record, measure, order, &departments, &marks))
        .collect();
    json!({
        "plan": {
            "identifier": plan_identifier(record),
            "name": cut(&plan.title, longest::PLAN_NAME),
            "version_name": plan.version.as_deref().unwrap_or_default(),
            "primary_language": "ja",
            "organization": publisher(record),
            "primary_action_classification": POLICY,
        },
        "organizations": organizations(record, &departments),
        "category_types": [
            {
                "identifier": POLICY,
                "name": "体系",
                "usable_for_actions": true,
                "usable_for_indicators": true,
                "select_widget": "multiple",
                "levels": levels(&record.policies),
                "categories": policies(record),
            },
            {
                "identifier": MARK,
                "name": "区分",
                "usable_for_actions": true,
                "usable_for_indicators": false,
                "select_widget": "multiple",
                "levels": [],
                "categories": marks.iter().enumerate().map(|(order, name)| {
                    let name = cut(name, longest::CATEGORY_NAME);
                    json!({ "identifier": mark_identifier(order), "name": name, "parent": null, "order": order })
                }).collect::<Vec<_>>(),
            },
        ],
        "action_schedules": years(record).into_iter().map(|year| {
            let (begins, ends) = fiscal_days(year);
            json!({ "identifier": schedule(year), "name": format!("{year}年度"), "begins_at": begins, "ends_at": ends })
        }).collect::<Vec<_>>(),
        "actions": actions,
        "units": indicators::units(record),
        "indicators": indicators::indicators(record),
        "source": {
            "path": record.source.path,
            "sha256": record.source.sha256,
            "status": plan.status,
            "published": plan.published,
            "period": plan.period,
        },
    })
}

/// Unique among the plans of one installation, and the same when the plan comes again.
fn plan_identifier(record: &PlanRecord) -> String {
    let mut sha = Sha256::new();
    sha.update(record.plan.publisher.as_deref().unwrap_or_default());
    sha.update([0]);
    sha.update(&record.source.path);
    let hexadecimal: String = sha.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("plan-{hexadecimal}")
}

fn publisher(record: &PlanRecord) -> Option<&'static str> {
    record.plan.publisher.as_ref().map(|_| PUBLISHER)
}

/// Departments by name, each with its identifier.
fn departments(record: &PlanRecord) -> BTreeMap<&str, String> {
    let owners = record.measures.iter().flat_map(|measure| &measure.owners);
    let names: BTreeSet<&str> = owners.map(|owner| owner.name.as_str()).collect();
    names.into_iter().zip(1..).map(|(name, i): (_, usize)| (name, format!("org-{i}"))).collect()
}

fn organizations(record: &PlanRecord, departments: &BTreeMap<&str, String>) -> Vec<Value> {
    let of = |identifier: &str, name: &str, parent: Option<&str>| json!({ "identifier": identifier, "name": cut(name, longest::ORGANIZATION_NAME), "parent": parent });
    let root = record.plan.publisher.iter().map(|name| of(PUBLISHER, name, None));
    root.chain(departments.iter().map(|(name, identifier)| of(identifier, name, publisher(record)))).collect()
}

/// The ranks of the policies that have one printed word, the root's first.
fn levels(policies: &[Policy]) -> Vec<Value> {
    let mut words: Vec<BTreeSet<&str>> = Vec::new();
    for (i, policy) in policies.iter().enumerate() {
        let rank = std::iter::successors(parent(policies, i), |&above| parent(policies, above)).count();
        if words.len() <= rank {
            words.resize(rank + 1, BTreeSet::new());
        }
        words[rank].insert(policy.level.as_deref().unwrap_or_default());
    }
    // The order is the rank: those below one without a name have no place.
    let one = words.iter().map_while(|word| word.first().filter(|name| word.len() == 1 && !name.is_empty()));
    let named = one.enumerate();
    named.map(|(order, name)| json!({ "order": order, "name": name })).collect()
}

/// The index of the policy above: the one that alone has the number; none where policies stand under each other.
fn parent(policies: &[Policy], i: usize) -> Option<usize> {
    let above = |i: usize| {
        let number = policies[i].parent.as_deref()?;
        let mut numbered = (0..policies.len()).filter(|&j| policies[j].number.as_deref() == Some(number));
        numbered.next().filter(|_| numbered.next().is_none())
    };
    let is_circle = std::iter::successors(above(i), |&j| above(j)).take(policies.len()).any(|j| j == i);
    above(i).filter(|_| !is_circle)
}

fn policies(record: &PlanRecord) -> Vec<Value> {
    let category = |(order, policy): (usize, &Policy)| {
        json!({
            "identifier": policy_identifier(order),
            "external_identifier": policy.number,
            "name": cut(&policy.title, longest::CATEGORY_NAME),
            "help_text": if fits(&policy.title, longest::CATEGORY_NAME) { "" } else { &policy.title },
            "parent": parent(&record.policies, order).map(policy_identifier),
            "order": order,
        })
    };
    record.policies.iter().enumerate().map(category).collect()
}

fn policy_identifier(i: usize) -> String {
    format!("{POLICY}-{}", i + 1)
}

fn mark_identifier(i: usize) -> String {
    format!("{MARK}-{}", i + 1)
}

/// The fiscal years that schedules of the plan touch.
fn years(record: &PlanRecord) -> BTreeSet<i32> {
    record.measures.iter().flat_map(measure_years).collect()
}

/// The fiscal years that a measure's schedule touches, as far as they are known; a span without end counts its first.
fn measure_years(measure: &Measure) -> BTreeSet<i32> {
    /// A longer span is a misprint or has no end.
    const LONGEST: i32 = 50;
    let span = |item: &ScheduleItem| {
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
    let mut categories: Vec<String> = Vec::new();
    for title in &measure.policies {
        let mut titled = (0..record.policies.len()).filter(|&i| record.policies[i].title == *title);
        // Of policies of one title none is told from the others.
        categories.extend(titled.next().filter(|_| titled.next().is_none()).map(policy_identifier));
    }
    categories.extend(
        marks
            .iter()
            .enumerate()
            .filter(|(_, mark)| measure.categories.iter().any(|name| name == *mark))
            .map(|(i, _)| mark_identifier(i)),
    );
    let number = measure.number.as_ref().map_or(String::new(), |number| format!("{number} "));
    let related: Vec<Value> = (1..=measure.kpis.len())
        .map(|i| json!({ "indicator": indicators::identifier(&measure.id, i), "indicates_action_progress": false }))
        .collect();
    let lead = measure.owners.iter().find(|owner| owner.role == Role::Lead);
    json!({
        "identifier": measure.id,
        "order": order,
        "name": cut(&measure.name, longest::ACTION_NAME),
        "official_name": format!("{number}{}", measure.name),
        "description": html(&description(measure)),
        "start_date": measure.period.map(|period| day(period.start)),
        "end_date": measure.period.and_then(|period| period.end).map(last_day),
        "schedule": measure_years(measure).into_iter().map(schedule).collect::<Vec<_>>(),
        "primary_org": lead.map(|owner| &departments[owner.name.as_str()]),
        "responsible_parties": parties(&measure.owners, departments),
        "categories": categories,
        "tasks": measure.schedule.iter().filter_map(task).collect::<Vec<_>>(),
        "related_indicators": related,
        "source": place(&measure.at),
    })
}

/// An action has an organization once: one that leads and is named again, leads.
fn parties(owners: &[Owner], departments: &BTreeMap<&str, String>) -> Vec<Value> {
    let mut known = BTreeSet::new();
    let (lead, related): (Vec<&Owner>, Vec<&Owner>) = owners.iter().partition(|owner| owner.role == Role::Lead);
    let once = lead.into_iter().chain(related).filter(|owner| known.insert(owner.name.as_str()));
    once.enumerate()
        .map(|(order, owner)| {
            let role = match owner.role {
                Role::Lead => "primary",
                Role::Related => "collaborator",
            };
            json!({
                "organization": departments[owner.name.as_str()],
                "role": role,
                "specifier": if owner.others { "ほか" } else { "" },
                "order": order,
            })
        })
        .collect()
}

/// A task has a date it is due at: none is made of an item whose end is not known.
fn task(item: &ScheduleItem) -> Option<Value> {
    Some(json!({
        "name": cut(&item.text, longest::TASK_NAME),
        "state": "not_started",
        "due_at": last_day(item.end?),
        "comment": html(&schedule_line(item)),
    }))
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

/// A text as rich text: a paragraph a line.
fn html(text: &str) -> String {
    text.lines().filter(|line| !line.is_empty()).map(|line| format!("<p>{}</p>", escaped(line))).collect()
}

fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most
}

/// The text, or of a longer one its beginning.
fn cut(text: &str, most: usize) -> String {
    if fits(text, most) {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

fn place(at: &Place) -> Value {
    serde_json::to_value(at).expect("plain data is serialisable")
}
