//! Plans as StratML Part 2 (ISO 17469-2, Performance Plans and Reports), one XML document a plan.
//!
//! A goal is the policies that measures stand under, an objective a measure, a performance indicator a KPI. The element
//! structure is that of `PerformancePlanOrReport20160216.xsd` (schema version 2.2.6). What has no place in it stands as
//! text in `OtherInformation`; `docs/exports.md` lists it.

use super::folder_of_plans::{
    budget_line, day, fiscal_days, in_unit, last_day, schedule_line, section_text, with_unit,
};
use super::rows::word;
use crate::record::{Comparator, Kpi, KpiKind, Measure, PlanRecord, Policy, Role, Value, ValueKind};
use crate::write::model::place;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::collections::HashSet;
use std::io;

const NAMESPACE: &str = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport";

/// The document of a plan; none where it has nothing that could be a goal: the standard has no plan without one.
pub(super) fn of_plan(record: &PlanRecord) -> io::Result<Option<Vec<u8>>> {
    let goals = goals(record);
    if goals.is_empty() { Ok(None) } else { document(record, &goals).map(Some) }
}

/// Policies, root first, and what stands under them.
struct Goal<'r> {
    titles: Vec<&'r str>,
    number: Option<&'r str>,
    /// Policies with figures of their own that are this goal.
    policies: Vec<&'r Policy>,
    measures: Vec<&'r Measure>,
}

/// The goals of a plan in the order of what stands under them.
fn goals(record: &PlanRecord) -> Vec<Goal<'_>> {
    let mut goals: Vec<Goal> = Vec::new();
    let number_of = |title: &str| {
        let mut titled = record.policies.iter().filter(|policy| policy.title == title);
        let first = titled.next();
        first.filter(|_| titled.next().is_none()).and_then(|policy| policy.number.as_deref())
    };
    for measure in &record.measures {
        let titles: Vec<&str> = measure.policies.iter().map(String::as_str).collect();
        match goals.iter_mut().find(|goal| goal.titles == titles) {
            Some(goal) => goal.measures.push(measure),
            None => {
                let number = titles.last().and_then(|title| number_of(title));
                goals.push(Goal { titles, number, policies: Vec::new(), measures: vec![measure] });
            }
        }
    }
    for policy in record.policies.iter().filter(|policy| !policy.kpis.is_empty()) {
        let is_its = |goal: &&mut Goal| goal.titles.last() == Some(&policy.title.as_str());
        match goals.iter_mut().find(is_its) {
            Some(goal) => goal.policies.push(policy),
            None => goals.push(Goal {
                titles: vec![&policy.title],
                number: policy.number.as_deref(),
                policies: vec![policy],
                measures: Vec::new(),
            }),
        }
    }
    goals
}

fn document(record: &PlanRecord, goals: &[Goal]) -> io::Result<Vec<u8>> {
    let plan = &record.plan;
    let mut xml = Xml { writer: Writer::new_with_indent(Vec::new(), b' ', 2), taken: HashSet::new() };
    xml.writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.open("PerformancePlanOrReport", &[("xmlns", NAMESPACE), ("Type", "Performance_Plan")])?;
    let name = if plan.title.is_empty() { &record.source.path } else { &plan.title };
    xml.leaf("Name", name)?;
    let version = plan.version.iter().map(|version| format!("Version: {version}"));
    let revised = plan.revised.iter().map(|date| format!("Revised: {date}"));
    let published = plan.published.iter().map(|date| format!("Published: {date}"));
    let read = format!("Read from {} (SHA-256 {})", record.source.path, record.source.sha256);
    let status = std::iter::once(format!("Status: {}", word(&plan.status)));
    let other: Vec<String> = status.chain(version).chain(published).chain(revised).chain([read]).collect();
    xml.leaf("OtherInformation", &other.join("\n"))?;
    xml.open("StrategicPlanCore", &[])?;
    if let Some(publisher) = &plan.publisher {
        xml.open("Organization", &[])?;
        xml.leaf("Name", publisher)?;
        xml.close("Organization")?;
    }
    for (i, goal) in goals.iter().enumerate() {
        xml.goal(i + 1, goal, name)?;
    }
    xml.close("StrategicPlanCore")?;
    let whole_date = plan.published.as_deref().filter(|date| date.len() == "2023-10-01".len());
    if plan.period.is_some() || whole_date.is_some() {
        xml.open("AdministrativeInformation", &[])?;
        if let Some(period) = plan.period {
            xml.leaf("StartDate", &day(period.start))?;
            xml.leaf("EndDate", &last_day(period.end))?;
        }
        if let Some(date) = whole_date {
            xml.leaf("PublicationDate", date)?;
        }
        xml.close("AdministrativeInformation")?;
    }
    xml.close("PerformancePlanOrReport")?;
    let mut bytes = xml.writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// A document that is being written, and the identifiers it has so far.
struct Xml {
    writer: Writer<Vec<u8>>,
    taken: HashSet<String>,
}

impl Xml {
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(start))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    fn leaf(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.open(name, &[])?;
        self.writer.write_event(Event::Text(BytesText::new(&allowed(text))))?;
        self.close(name)
    }

    fn leaf_unless_empty(&mut self, name: &str, text: &str) -> io::Result<()> {
        if text.is_empty() { Ok(()) } else { self.leaf(name, text) }
    }

    /// An identifier: the wanted one, or another where that is none (`xsd:ID`) or is taken.
    fn identifier(&mut self, wanted: &str) -> io::Result<()> {
        let name: String =
            wanted.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let name = if begins { name } else { format!("id-{name}") };
        let mut unique = name.clone();
        let mut order = 1;
        while !self.taken.insert(unique.clone()) {
            order += 1;
            unique = format!("{name}.{order}");
        }
        self.leaf("Identifier", &unique)
    }

    fn goal(&mut self, order: usize, goal: &Goal, plan: &str) -> io::Result<()> {
        self.open("Goal", &[])?;
        self.leaf("Name", goal.titles.last().unwrap_or(&plan))?;
        self.leaf("Description", "")?;
        self.identifier(&format!("goal-{order}"))?;
        self.leaf_unless_empty("SequenceIndicator", goal.number.unwrap_or_default())?;
        if goal.titles.len() > 1 {
            self.leaf("OtherInformation", &goal.titles.join(" > "))?;
        }
        for policy in &goal.policies {
            // Only an objective has indicators.
            self.open("Objective", &[])?;
            self.leaf("Name", &policy.title)?;
            self.identifier(&format!("policy-{}", policy.number.as_deref().unwrap_or_default()))?;
            self.leaf_unless_empty("SequenceIndicator", policy.number.as_deref().unwrap_or_default())?;
            self.leaf("OtherInformation", &format!("Place: {}", place(&policy.at)))?;
            policy.kpis.iter().try_for_each(|kpi| self.indicator(kpi))?;
            self.close("Objective")?;
        }
        goal.measures.iter().try_for_each(|measure| self.objective(measure))?;
        self.close("Goal")
    }

    fn objective(&mut self, measure: &Measure) -> io::Result<()> {
        self.open("Objective", &[])?;
        self.leaf("Name", &measure.name)?;
        self.leaf_unless_empty("Description", &section_text(measure))?;
        self.identifier(&measure.id)?;
        self.leaf_unless_empty("SequenceIndicator", measure.number.as_deref().unwrap_or_default())?;
        for owner in &measure.owners {
            self.open("Stakeholder", &[("StakeholderTypeType", "Organization")])?;
            self.leaf("Name", &owner.name)?;
            self.open("Role", &[])?;
            self.leaf(
                "Name",
                match owner.role {
                    Role::Lead => "Lead",
                    Role::Related => "Related",
                },
            )?;
            self.leaf("RoleType", "Performer")?;
            self.close("Role")?;
            self.close("Stakeholder")?;
        }
        let period = measure.period.map(|period| {
            let end = period.end.map_or(String::new(), |end| end.to_string());
            format!("Period: {}..{end}", period.start)
        });
        let categories =
            (!measure.categories.is_empty()).then(|| format!("Categories: {}", measure.categories.join("、")));
        let mut other: Vec<String> = period.into_iter().chain(categories).collect();
        other.extend(measure.schedule.iter().map(|item| format!("Schedule: {}", schedule_line(item))));
        other.extend(measure.activities.iter().map(|activity| {
            let year = activity.fiscal_year.map_or(String::new(), |year| format!("FY{year} "));
            let output = activity.output.as_ref().map_or(String::new(), |output| format!(" → {}", output.raw));
            format!("Activity: {year}{}{output}", activity.text)
        }));
        other.extend(measure.budgets.iter().map(|budget| format!("Budget: {}", budget_line(budget))));
        other.push(format!("Place: {}", place(&measure.at)));
        self.leaf("OtherInformation", &other.join("\n"))?;
        measure.kpis.iter().try_for_each(|kpi| self.indicator(kpi))?;
        self.close("Objective")
    }

    fn indicator(&mut self, kpi: &Kpi) -> io::Result<()> {
        let has_figures = kpi.targets.iter().any(|target| target.value.number.is_some());
        let mut attributes = Vec::new();
        match kpi.kind {
            Some(KpiKind::Outcome) => attributes.push(("ValueChainStage", "Outcome")),
            Some(KpiKind::Activity) => attributes.push(("ValueChainStage", "Output")),
            None => {}
        }
        attributes.push(("PerformanceIndicatorType", if has_figures { "Quantitative" } else { "Qualitative" }));
        self.open("PerformanceIndicator", &attributes)?;
        self.leaf_unless_empty("SequenceIndicator", kpi.label.as_deref().unwrap_or_default())?;
        self.leaf("MeasurementDimension", &kpi.name)?;
        self.leaf("UnitOfMeasurement", kpi.unit.as_deref().unwrap_or_default())?;
        if let Some(baseline) = &kpi.baseline {
            let note = baseline.as_of.as_deref().map_or("Baseline".to_owned(), |date| format!("Baseline as of {date}"));
            self.instance("ActualResult", baseline.fiscal_year, &baseline.value, kpi, &note)?;
        }
        for target in &kpi.targets {
            self.instance(
                "TargetResult",
                target.fiscal_year,
                &target.value,
                kpi,
                target.indicator.as_deref().unwrap_or_default(),
            )?;
        }
        for actual in &kpi.actuals {
            self.instance(
                "ActualResult",
                actual.fiscal_year,
                &actual.value,
                kpi,
                actual.indicator.as_deref().unwrap_or_default(),
            )?;
        }
        let mut other = kpi.notes.clone();
        other.push(format!("Place: {}", place(&kpi.at)));
        self.leaf("OtherInformation", &other.join("\n"))?;
        self.close("PerformanceIndicator")
    }

    fn instance(&mut self, result: &str, year: Option<i32>, value: &Value, kpi: &Kpi, note: &str) -> io::Result<()> {
        self.open("MeasurementInstance", &[])?;
        self.open(result, &[])?;
        if let Some(year) = year {
            let (start, end) = fiscal_days(year);
            self.leaf("StartDate", &start)?;
            self.leaf("EndDate", &end)?;
        }
        if let Some(number) = in_unit(value, kpi) {
            self.leaf("NumberOfUnits", &number.to_string())?;
        }
        // A bound is no number, and neither is a ratio or a word.
        let descriptor = match value.comparator.filter(|comparator| *comparator != Comparator::Eq) {
            Some(comparator) => Some(("comparator", word(&comparator))),
            None if value.kind == ValueKind::Number => None,
            None => Some(("kind", word(&value.kind))),
        };
        if let Some((name, said)) = descriptor {
            self.open("Descriptor", &[])?;
            self.leaf("DescriptorName", name)?;
            self.leaf("DescriptorValue", &said)?;
            self.close("Descriptor")?;
        }
        let note = if note.is_empty() { String::new() } else { format!("{note}: ") };
        self.leaf("Description", &format!("{note}{}", with_unit(value)))?;
        self.close(result)?;
        self.close("MeasurementInstance")
    }
}

/// The text with U+FFFD for every character that XML 1.0 has no place for.
fn allowed(text: &str) -> String {
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.replace("\r\n", "\n").chars().map(|c| if is_allowed(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}
