//! What changed within a measure, but for its indicators.

use super::likeness::Bag;
use super::notation::Notation;
use super::{Change, ChangeKind, kind_of, paired, values, words};
use crate::document::Place;
use crate::record::{Budget, Measure, Month, Owner, Period, Role, ScheduleItem, Section, Span};

/// Compares the fields of a measure that are lists.
pub(super) fn compare(old: &Measure, new: &Measure, notation: &Notation) -> Vec<Change> {
    let mut changes = categories(old, new, notation);
    changes.extend(owners(&old.owners, &new.owners, notation));
    changes.extend(sections(&old.sections, &new.sections, notation));
    changes.extend(activities(old, new, notation));
    changes.extend(schedule(&old.schedule, &new.schedule, notation));
    changes.extend(budgets(&old.budgets, &new.budgets, notation));
    changes
}

/// A period as text: `2023-04..2027-03`.
pub(super) fn period(period: Period) -> String {
    format!("{}..{}", period.start, period.end)
}

/// A span that may be open as text: `2023-04..`.
pub(super) fn span(span: Span) -> String {
    months(Some(span.start), span.end).unwrap_or_default()
}

/// First and last month as text; none where neither is known.
fn months(start: Option<Month>, end: Option<Month>) -> Option<String> {
    let month = |month: Option<Month>| month.map_or(String::new(), |month| month.to_string());
    (start.is_some() || end.is_some()).then(|| format!("{}..{}", month(start), month(end)))
}

fn places<'p, T>(
    pair: (Option<&'p T>, Option<&'p T>),
    at: impl Fn(&'p T) -> &'p Place,
) -> (Option<&'p Place>, Option<&'p Place>) {
    (pair.0.map(&at), pair.1.map(&at))
}

fn categories(old: &Measure, new: &Measure, notation: &Notation) -> Vec<Change> {
    let pairs = paired(&old.categories, &new.categories, |category| notation.key(category), |_, _| None);
    let alone = pairs.into_iter().filter(|pair| pair.0.is_none() || pair.1.is_none());
    let change = |pair: (Option<&String>, Option<&String>)| {
        // A category has no place of its own: it is the measure's.
        let kind = if pair.0.is_some() { ChangeKind::CategoryRemoved } else { ChangeKind::CategoryAdded };
        let change = Change::new(kind).texts(pair.0.cloned(), pair.1.cloned());
        change.at(Some(&old.at), Some(&new.at))
    };
    alone.map(change).collect()
}

fn owners(old: &[Owner], new: &[Owner], notation: &Notation) -> Vec<Change> {
    let role = |owner: &Owner| match owner.role {
        Role::Lead => "lead",
        Role::Related => "related",
    };
    let words =
        |owner: &Owner| format!("{} ({}{})", owner.name, role(owner), if owner.others { ", others" } else { "" });
    let same_name = |a: &Owner, b: &Owner| notation.same(&a.name, &b.name).then_some(1);
    let mut changes = Vec::new();
    for pair in paired(old, new, |owner| (notation.key(&owner.name), role(owner)), same_name) {
        let (before, after) = places(pair, |owner| &owner.at);
        let kind = kind_of(pair, ChangeKind::OwnerAdded, ChangeKind::OwnerRemoved, ChangeKind::OwnerChanged);
        match pair {
            (Some(a), Some(b)) if a.role == b.role && a.others == b.others => {}
            (Some(a), Some(b)) => {
                let field = if a.role == b.role { "others" } else { "role" };
                let change = Change::new(kind).field(field).texts(Some(words(a)), Some(words(b)));
                changes.push(change.at(before, after));
            }
            (a, b) => {
                let name = |owner: &Owner| owner.name.clone();
                let field = a.or(b).map_or("lead", role);
                changes.push(Change::new(kind).field(field).texts(a.map(name), b.map(name)).at(before, after));
            }
        }
    }
    changes
}

fn sections(old: &[Section], new: &[Section], notation: &Notation) -> Vec<Change> {
    let text = |section: &Section| {
        if section.text.is_empty() { section.items.join("\n") } else { section.text.clone() }
    };
    // Of one kind, or of one heading, whatever the text; the most alike texts first.
    let alike = |a: &Section, b: &Section| {
        let texts = Bag::of(&notation.key(&text(a))).likeness(&Bag::of(&notation.key(&text(b))));
        let headed = notation.same(&a.heading, &b.heading);
        (headed || a.kind == b.kind && texts >= 300).then_some(texts + if headed { 1000 } else { 0 })
    };
    let mut changes = Vec::new();
    for pair in paired(old, new, |s| (s.kind, notation.key(&s.heading), notation.key(&text(s))), alike) {
        let (before, after) = places(pair, |section| &section.at);
        let heading = pair.1.or(pair.0).map_or("", |section| section.heading.as_str());
        if let (Some(a), Some(b)) = pair
            && notation.same(&text(a), &text(b))
        {
            continue;
        }
        let kind = kind_of(pair, ChangeKind::SectionAdded, ChangeKind::SectionRemoved, ChangeKind::SectionChanged);
        let mut change = Change::new(kind).field(heading).texts(pair.0.map(text), pair.1.map(text)).at(before, after);
        if let (Some(a), Some(b)) = pair {
            change.words = words::changed(&text(a), &text(b), notation);
        }
        changes.push(change);
    }
    changes
}

fn activities(old: &Measure, new: &Measure, notation: &Notation) -> Vec<Change> {
    let alike = |a: &crate::record::Activity, b: &crate::record::Activity| {
        let texts = Bag::of(&notation.key(&a.text)).likeness(&Bag::of(&notation.key(&b.text)));
        (a.fiscal_year == b.fiscal_year && texts >= 300).then_some(texts)
    };
    let key = |activity: &crate::record::Activity| (activity.fiscal_year, notation.key(&activity.text));
    let mut changes = Vec::new();
    for pair in paired(&old.activities, &new.activities, key, alike) {
        let (before, after) = places(pair, |activity| &activity.at);
        let kind = kind_of(pair, ChangeKind::ActivityAdded, ChangeKind::ActivityRemoved, ChangeKind::ActivityChanged);
        let year = pair.1.or(pair.0).and_then(|activity| activity.fiscal_year);
        let at = || Change::new(kind).of_year(year).at(before, after);
        let text = |activity: &crate::record::Activity| activity.text.clone();
        let (Some(a), Some(b)) = pair else {
            changes.push(at().texts(pair.0.map(text), pair.1.map(text)));
            continue;
        };
        if !notation.same(&a.text, &b.text) {
            let mut change = at().field("text").texts(Some(text(a)), Some(text(b)));
            change.words = words::changed(&a.text, &b.text, notation);
            changes.push(change);
        }
        let same = match (&a.output, &b.output) {
            (Some(x), Some(y)) => values::same(x, y, (None, None), notation),
            (x, y) => x.is_none() && y.is_none(),
        };
        if !same {
            let mut change = at().field("output").values(a.output.as_ref(), b.output.as_ref());
            if let (Some(x), Some(y)) = (&a.output, &b.output) {
                change.difference = values::difference(x, y, (None, None), notation);
            }
            changes.push(change);
        }
    }
    changes
}

fn schedule(old: &[ScheduleItem], new: &[ScheduleItem], notation: &Notation) -> Vec<Change> {
    let label = |item: &ScheduleItem| item.label.as_deref().map(|label| notation.key(label));
    let key = |item: &ScheduleItem| (label(item), notation.key(&item.text), months(item.start, item.end));
    let span_of = |item: &ScheduleItem| months(item.start, item.end);
    let alike = |a: &ScheduleItem, b: &ScheduleItem| {
        let texts = Bag::of(&notation.key(&a.text)).likeness(&Bag::of(&notation.key(&b.text)));
        let labels = u32::from(label(a) == label(b));
        let spans = u32::from(span_of(a) == span_of(b));
        (texts >= 600 || texts >= 300 && labels + spans == 2).then_some(texts * 4 + labels * 400 + spans * 200)
    };
    let mut changes = Vec::new();
    for pair in paired(old, new, key, alike) {
        let (before, after) = places(pair, |item| &item.at);
        let kind = kind_of(pair, ChangeKind::ScheduleAdded, ChangeKind::ScheduleRemoved, ChangeKind::ScheduleChanged);
        let at = || Change::new(kind).at(before, after);
        let words_of = |item: &ScheduleItem| match months(item.start, item.end) {
            Some(span) => format!("{} ({span})", item.text),
            None => item.text.clone(),
        };
        let (Some(a), Some(b)) = pair else {
            changes.push(at().texts(pair.0.map(words_of), pair.1.map(words_of)));
            continue;
        };
        if !notation.same(&a.text, &b.text) {
            let mut change = at().field("text").texts(Some(a.text.clone()), Some(b.text.clone()));
            change.words = words::changed(&a.text, &b.text, notation);
            changes.push(change);
        }
        if span_of(a) != span_of(b) {
            changes.push(at().field(&format!("span: {}", b.text)).texts(span_of(a), span_of(b)));
        }
        let names = |item: &ScheduleItem| item.owners.iter().map(|o| o.name.clone()).collect::<Vec<_>>().join("、");
        let keys = |item: &ScheduleItem| notation.keys(item.owners.iter().map(|owner| owner.name.as_str()));
        if keys(a) != keys(b) {
            changes.push(at().field(&format!("owners: {}", b.text)).texts(Some(names(a)), Some(names(b))));
        }
    }
    changes
}

fn budgets(old: &[Budget], new: &[Budget], notation: &Notation) -> Vec<Change> {
    let mut changes = Vec::new();
    for pair in paired(old, new, |budget| (budget.fiscal_year, notation.key(&budget.kind)), |_, _| None) {
        let (before, after) = places(pair, |budget| &budget.at);
        let kind = kind_of(pair, ChangeKind::BudgetAdded, ChangeKind::BudgetRemoved, ChangeKind::BudgetChanged);
        let of = pair.1.or(pair.0);
        let at = |field: &str| {
            Change::new(kind).field(field).of_year(of.and_then(|budget| budget.fiscal_year)).at(before, after)
        };
        let field = of.map_or("", |budget| budget.kind.as_str());
        let (Some(a), Some(b)) = pair else {
            changes.push(at(field).values(pair.0.map(|budget| &budget.amount), pair.1.map(|budget| &budget.amount)));
            continue;
        };
        if !values::same(&a.amount, &b.amount, (None, None), notation) {
            let mut change = at(field).values(Some(&a.amount), Some(&b.amount));
            change.difference = values::difference(&a.amount, &b.amount, (None, None), notation);
            changes.push(change);
        }
        for (x, y) in paired(&a.funding, &b.funding, |funding| notation.key(&funding.source), |_, _| None) {
            let same =
                matches!((x, y), (Some(x), Some(y)) if values::same(&x.amount, &y.amount, (None, None), notation));
            if same {
                continue;
            }
            let source = y.or(x).map_or("", |funding| funding.source.as_str());
            let mut change = at(&format!("{field}: {source}"));
            change = change.values(x.map(|funding| &funding.amount), y.map(|funding| &funding.amount));
            if let (Some(x), Some(y)) = (x, y) {
                change.difference = values::difference(&x.amount, &y.amount, (None, None), notation);
            }
            changes.push(change);
        }
    }
    changes
}
