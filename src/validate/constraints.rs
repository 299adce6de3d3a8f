//! What the schema asks of a record beyond the types it is generated from: patterns and ranges of single values.
//!
//! A list of 100,000 rows is a record of millions of values. Their shape is their types', so only what is here can
//! break the schema; the schema itself is asked where something does. A test holds the schema against this module.

use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::record::{
    Activity, Base, Baseline, Budget, Funding, GlossaryEntry, Kpi, Measure, Month, Number, Owner, Period, Plan,
    PlanRecord, Policy, SCHEMA_VERSION, ScheduleItem, Section, Source, Span, Target, Value,
};

/// Whether every value of a record fits.
pub(super) fn hold(record: &PlanRecord) -> bool {
    let PlanRecord { schema_version, plan, policies, measures, glossary, diagnostics, corrections: _, source } = record;
    schema_version == SCHEMA_VERSION
        && plan_fits(plan)
        && policies.iter().all(|Policy { kpis, at, .. }| place(at) && kpis.iter().all(kpi))
        && measures.iter().all(measure)
        && glossary.iter().all(|GlossaryEntry { at, .. }| place(at))
        && diagnostics.iter().all(|Diagnostic { at, .. }| at.as_ref().is_none_or(place))
        && source_fits(source)
}

fn plan_fits(Plan { published, revised, period, places, .. }: &Plan) -> bool {
    [published, revised].into_iter().flatten().all(|text| date(text))
        && places.known().all(|(_, at)| place(at))
        && period.is_none_or(|Period { start, end }| month(start) && month(end))
}

fn source_fits(Source { sha256, .. }: &Source) -> bool {
    let lower = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    matches!(sha256.len(), 0 | 64) && sha256.bytes().all(lower)
}

fn measure(measure: &Measure) -> bool {
    let Measure { owners, sections, activities, period, budgets, schedule, kpis, at, .. } = measure;
    place(at)
        && owners.iter().all(owner)
        && sections.iter().all(|Section { at, .. }| place(at))
        && activities.iter().all(|Activity { output, at, .. }| place(at) && output.iter().all(value))
        && period.is_none_or(|Span { start, end }| month(start) && end.is_none_or(month))
        && budgets.iter().all(budget)
        && schedule.iter().all(step)
        && kpis.iter().all(kpi)
}

fn owner(Owner { at, .. }: &Owner) -> bool {
    place(at)
}

fn budget(Budget { amount, funding, at, .. }: &Budget) -> bool {
    place(at) && value(amount) && funding.iter().all(|Funding { amount, .. }| value(amount))
}

fn step(ScheduleItem { start, end, owners, at, .. }: &ScheduleItem) -> bool {
    place(at) && start.is_none_or(month) && end.is_none_or(month) && owners.iter().all(owner)
}

fn kpi(Kpi { baseline, targets, actuals, at, .. }: &Kpi) -> bool {
    let first = |Baseline { as_of, value: figure, at, .. }: &Baseline| {
        place(at) && value(figure) && as_of.as_ref().is_none_or(|text| date(text))
    };
    let figure = |Target { value: figure, at, .. }: &Target| place(at) && value(figure);
    place(at) && baseline.iter().all(first) && targets.iter().chain(actuals).all(figure)
}

fn value(figure: &Value) -> bool {
    let Value { number, of, from, to, min, max, base, also, .. } = figure;
    let base = base.as_ref().map(|Base { number, .. }| *number);
    [*number, *of, *from, *to, *min, *max, base].into_iter().flatten().all(|Number(n)| n.is_finite())
        && also.iter().all(value)
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn date(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 4 | 7);
    matches!(text.len(), 4 | 7 | 10)
        && text.bytes().enumerate().all(|(at, byte)| if dash(at) { byte == b'-' } else { byte.is_ascii_digit() })
}

fn month(Month { year, month }: Month) -> bool {
    (0..=9999).contains(&year) && (1..=12).contains(&month)
}

fn place(place: &Place) -> bool {
    match place {
        Place::Page { page, bbox } => *page >= 1 && bbox.iter().all(|edge| edge.is_finite()),
        // A range of cells is written in the form that it is read in.
        Place::Sheet { .. } => true,
        Place::Lines { line, end_line } => *line >= 1 && *end_line >= 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::{schema, violations, violations_of};
    use super::{date, hold};
    use crate::diagnostic::{Code, Diagnostic};
    use crate::document::Place;
    use crate::record::{Month, Period, Plan, PlanRecord, SCHEMA_VERSION, Source};
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// Every place of the schema that asks something of a single value, with what it asks.
    fn asked(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
        const KEYWORDS: [&str; 12] = [
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "uniqueItems",
            "contains",
            "minProperties",
            "maxProperties",
        ];
        match schema {
            Value::Object(fields) => {
                for (key, inner) in fields {
                    if KEYWORDS.contains(&key.as_str()) && !inner.is_object() {
                        found.insert(format!("{at} {key} {inner}"));
                    }
                    asked(inner, &format!("{at}/{key}"), found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| asked(item, at, found)),
            _ => {}
        }
    }

    #[test]
    fn the_schema_asks_nothing_else() {
        let mut found = BTreeSet::new();
        asked(&schema(), "", &mut found);
        let date = r#"pattern "^[0-9]{4}(-[0-9]{2}){0,2}$""#;
        let expected = [
            format!("/$defs/Baseline/properties/as_of {date}"),
            r#"/$defs/Month pattern "^[0-9]{4}-(0[1-9]|1[0-2])$""#.to_owned(),
            "/$defs/Place/anyOf/properties/end_line minimum 1".to_owned(),
            "/$defs/Place/anyOf/properties/line minimum 1".to_owned(),
            "/$defs/Place/anyOf/properties/page minimum 1".to_owned(),
            format!("/$defs/Plan/properties/published {date}"),
            format!("/$defs/Plan/properties/revised {date}"),
            r#"/$defs/SheetRange pattern "^[A-Z]+[1-9][0-9]*(:[A-Z]+[1-9][0-9]*)?$""#.to_owned(),
            "/$defs/Source/properties/bytes minimum 0".to_owned(),
            "/$defs/Source/properties/pages minimum 0".to_owned(),
            r#"/$defs/Source/properties/sha256 pattern "^([0-9a-f]{64})?$""#.to_owned(),
        ];
        assert_eq!(found, BTreeSet::from(expected));
    }

    /// Every field that is a place, a month or a number, as `Type/field`.
    fn checked(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(fields) => {
                for (key, inner) in fields {
                    let named = inner.as_str().and_then(|path| path.strip_prefix("#/$defs/"));
                    if key == "$ref" && named.is_some_and(|name| ["Place", "Month", "Number"].contains(&name)) {
                        found.insert(at.to_owned());
                    }
                    let shape = ["$defs", "properties", "anyOf", "items"].contains(&key.as_str());
                    let below = if shape { at.to_owned() } else { format!("{at}/{key}") };
                    checked(inner, &below, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| checked(item, at, found)),
            _ => {}
        }
    }

    #[test]
    fn no_field_is_forgotten() {
        let mut found = BTreeSet::new();
        checked(&schema(), "", &mut found);
        let places = [
            "Activity",
            "Baseline",
            "Budget",
            "Diagnostic",
            "GlossaryEntry",
            "Kpi",
            "Measure",
            "Owner",
            "Policy",
            "ScheduleItem",
            "Section",
            "Target",
        ];
        let headers = ["period", "published", "publisher", "revised", "status", "title", "version"];
        let numbers = ["from", "max", "min", "number", "of", "to"];
        let spans = ["Period", "ScheduleItem", "Span"];
        let expected = places.map(|name| format!("/{name}/at")).into_iter();
        let expected = expected.chain(headers.map(|field| format!("/HeaderPlaces/{field}")));
        let expected = expected.chain(numbers.map(|field| format!("/Value/{field}")));
        let expected =
            expected.chain(spans.into_iter().flat_map(|name| ["start", "end"].map(|end| format!("/{name}/{end}"))));
        assert_eq!(found, expected.chain(["/Base/number".to_owned()]).collect());
    }

    fn record() -> PlanRecord {
        let at = Some(Place::line(1));
        PlanRecord {
            schema_version: SCHEMA_VERSION.to_owned(),
            plan: Plan::default(),
            policies: Vec::new(),
            measures: Vec::new(),
            glossary: Vec::new(),
            diagnostics: vec![Diagnostic::new(Code::EmptySource, "empty", at)],
            corrections: Vec::new(),
            source: Source::default(),
        }
    }

    #[test]
    fn what_breaks_the_schema_does_not_hold() {
        assert!(hold(&record()) && violations(&record()).is_empty());
        type Spoil = fn(&mut PlanRecord);
        let spoilt: [(&str, Spoil); 9] = [
            ("/schema_version", |record| record.schema_version.push('1')),
            ("/plan/published", |record| record.plan.published = Some("2023-4".to_owned())),
            ("/plan/revised", |record| record.plan.revised = Some("2023-04-0x".to_owned())),
            ("/plan/period", |record| {
                let (start, end) = (Month::fiscal_start(2024), Month { year: 2025, month: 13 });
                record.plan.period = Some(Period { start, end });
            }),
            ("/plan/places/title", |record| record.plan.places.title = Some(Place::line(0))),
            ("/diagnostics/0/at", |record| record.diagnostics[0].at = Some(Place::line(0))),
            ("/diagnostics/0/at", |record| {
                record.diagnostics[0].at = Some(Place::Page { page: 1, bbox: [0.0, f32::NAN, 1.0, 1.0] });
            }),
            ("/source/sha256", |record| "AB".repeat(32).clone_into(&mut record.source.sha256)),
            ("/source/sha256", |record| "ab".clone_into(&mut record.source.sha256)),
        ];
        for (pointer, spoil) in spoilt {
            let mut record = record();
            spoil(&mut record);
            assert!(!hold(&record), "{pointer}");
            let found = violations_of(&serde_json::to_value(&record).unwrap());
            assert!(found.iter().any(|violation| violation.pointer == pointer), "{pointer}: {found:?}");
        }
    }

    #[test]
    fn dates_are_as_precise_as_printed() {
        assert!(["2023", "2023-10", "2023-10-01"].into_iter().all(date));
        assert!(["", "2023-", "23-10", "2023/10", "2023-10-1", "2023-10-011"].into_iter().all(|text| !date(text)));
    }
}
