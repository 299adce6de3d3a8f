//! A measure from its card's events.

use super::alike::alike;
use super::cards::Card;
use super::events::{Entry, Event, Piece, Row};
use super::kpis::Reader;
use super::legend::Legends;
use super::routes::Routes;
use super::{activities, budgets, categories, labels, owners, schedule, sections};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Place, Text};
use crate::normalise::periods::{self, Bound, Precision, When};
use crate::record::{Measure, Owner, Period, SectionKind, Span};
use crate::vocabulary::{Label, Mark, Vocabulary};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the whole document gives each measure.
pub(super) struct Setting<'s> {
    pub vocabulary: &'s Vocabulary,
    pub faithful: bool,
    pub legends: &'s Legends,
    /// First fiscal year of the plan, where it is known.
    pub begins: Option<i32>,
}

/// Fills a measure from its card and from the rows that name it elsewhere; number and policies are the hierarchy's.
pub(super) fn fill<'a>(
    card: &Card,
    events: &[Event<'a>],
    (routes, routed): (&Routes, &[Event<'a>]),
    setting: &Setting<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Measure {
    let vocabulary = setting.vocabulary;
    let stream = open_entries(&events[card.range.clone()], card, routes, vocabulary);
    let refs: Vec<&Event<'_>> = stream.iter().map(Taken::event).chain(routed).collect();
    let mut measure = Measure {
        id: String::new(),
        number: None,
        name: card.name.clone(),
        policies: Vec::new(),
        categories: categories::of_events(&refs, vocabulary),
        owners: Vec::new(),
        sections: Vec::new(),
        activities: activities::of_events(&refs, vocabulary),
        period: None,
        budgets: budgets::of_events(&refs, vocabulary),
        schedule: Vec::new(),
        kpis: Vec::new(),
        at: place(card, events),
    };
    marks_of_name(&mut measure, card, setting);
    let row_owners = row_owners(&refs, vocabulary);
    let mut found = Vec::new();
    let mut reader = Reader::new(vocabulary, setting.begins, &mut found);
    let mut schedule_diagnostics = Vec::new();
    let mut rows: BTreeSet<Vec<(&str, Cow<'_, str>)>> = BTreeSet::new();
    for (i, event) in refs.iter().enumerate() {
        match event {
            // a damaged dump may print a table twice
            Event::Row(row) if row.fields.is_empty() && i < stream.len() && !rows.insert(signature(row)) => {}
            Event::Entry(entry) => {
                let next =
                    refs[i + 1..].iter().copied().find(|event| !matches!(event, Event::TableStart | Event::TableEnd));
                if reader.entry(entry, next) {
                    continue;
                }
                other_entry(entry, &mut measure, vocabulary);
            }
            Event::Row(row) => {
                let indicator = reader.row(row);
                if !indicator || row.head.is_mixed() {
                    if row.shifted {
                        schedule_diagnostics.push(Diagnostic::new(
                            Code::CellCountMismatch,
                            "a row does not share its columns with the years above it and was aligned in order",
                            Some(row.place.clone()),
                        ));
                    }
                    let before = measure.schedule.len();
                    schedule::of_row(
                        row,
                        &card.name,
                        setting.faithful,
                        &setting.legends.grid,
                        vocabulary,
                        &mut schedule_diagnostics,
                        &mut measure.schedule,
                    );
                    let own = row_owners.iter().find(|(of, _)| Some(*of) == row_of(row));
                    let new = measure.schedule[before..].iter_mut().filter(|item| item.owners.is_empty());
                    new.for_each(|item| item.owners.extend(own.iter().flat_map(|(_, owners)| owners.iter().cloned())));
                }
            }
            _ => {}
        }
    }
    // lists that print every cell of every row say the same in several rows
    let mut said = BTreeSet::new();
    measure.sections.retain(|section| said.insert((section.heading.clone(), section.text.clone())));
    let mut paid = BTreeSet::new();
    measure.budgets.retain(|budget| paid.insert((budget.fiscal_year, budget.kind.clone(), budget.amount.raw.clone())));
    measure.kpis = reader.finish();
    diagnostics.extend(found);
    diagnostics.extend(schedule_diagnostics);
    shrink(&mut measure);
    measure
}

/// Gives back what was kept ready for more: a long list has many measures.
fn shrink(measure: &mut Measure) {
    let Measure { categories, owners, sections, activities, budgets, schedule, kpis, .. } = measure;
    categories.shrink_to_fit();
    owners.shrink_to_fit();
    sections.shrink_to_fit();
    activities.shrink_to_fit();
    budgets.shrink_to_fit();
    schedule.shrink_to_fit();
    kpis.shrink_to_fit();
    for kpi in kpis {
        kpi.targets.shrink_to_fit();
        kpi.actuals.shrink_to_fit();
        kpi.notes.shrink_to_fit();
    }
}

/// The owners of each row of a list where a measure has several rows, with owners of their own.
fn row_owners(events: &[&Event<'_>], vocabulary: &Vocabulary) -> Vec<(u32, Vec<Owner>)> {
    let own = events.iter().filter_map(|event| match event {
        Event::Entry(entry) if entry.listed && entry.name.is(Label::OwnerLead) => {
            let row = entry.values.first()?.row;
            let mut owners = Vec::new();
            owners::of_entry(entry, vocabulary, &mut owners);
            Some((row, owners))
        }
        _ => None,
    });
    let own: Vec<(u32, Vec<Owner>)> = own.collect();
    if own.iter().any(|(row, _)| *row != own[0].0) { own } else { Vec::new() }
}

/// The row of the table that a row of a list is.
fn row_of(row: &Row<'_>) -> Option<u32> {
    let cell = row.values.first().map(|value| value.cell.row);
    cell.or_else(|| row.overlays.first().map(|overlay| overlay.row)).filter(|_| row.listed)
}

/// What a row prints under which heads.
fn signature<'r>(row: &'r Row<'_>) -> Vec<(&'r str, Cow<'r, str>)> {
    let printed = row.values.iter().filter(|value| !value.cell.text.is_blank());
    printed.map(|value| (row.head.columns[value.first].heading.as_str(), value.cell.text.joined())).collect()
}

/// Entries that are about neither indicators nor money.
fn other_entry(entry: &Entry<'_>, measure: &mut Measure, vocabulary: &Vocabulary) {
    let name = &entry.name;
    if name.is_any(&[Label::OwnerLead, Label::OwnerRelated]) {
        owners::of_entry(entry, vocabulary, &mut measure.owners);
    } else if name.is_any(&[
        Label::Budget,
        Label::Funding,
        Label::Category,
        Label::Activities,
        Label::ActivityInput,
        Label::ActivityOutput,
    ]) {
        // read by their own modules
    } else if name.is(Label::Period) {
        measure.period = measure.period.or_else(|| period(&entry.text().joined(), vocabulary));
    } else if name.is(Label::Schedule) {
        let before = measure.schedule.len();
        schedule::of_entry(entry, vocabulary, &mut measure.schedule);
        if measure.schedule.len() == before && measure.period.is_none() && !entry.is_empty() {
            measure.period = period(&entry.text().joined(), vocabulary);
        }
    } else if name.level().is_some() && entry.text().joined().trim_end().ends_with(measure.name.as_str()) {
        // the entry that names the measure
    } else if entry.listed && name.level().is_some() {
        // a list's column of policies
    } else if name.is(Label::Other) && categories::are_choices(&entry.text(), vocabulary) {
        // a choice
    } else if let Some(kind) = name.section() {
        sections::of_entry(entry, kind, vocabulary, &mut measure.sections);
    }
}

/// A span of months that a text states and nothing else; a deadline alone says nothing of when a measure begins.
fn period(text: &str, vocabulary: &Vocabulary) -> Option<Span> {
    let text = text.replace('\n', "");
    if let Some(when) = periods::parse(&text, vocabulary) {
        let spans = matches!(
            when.precision,
            Precision::FiscalYear | Precision::Range | Precision::Half | Precision::Month | Precision::Year
        );
        return span(&when).filter(|_| spans);
    }
    let mentions = periods::find(&text, vocabulary);
    match mentions.as_slice() {
        [one] => span(&one.when),
        [first, last] if first.when.period.start <= last.when.period.end => {
            Some(Span { start: first.when.period.start, end: Some(last.when.period.end) })
        }
        _ => None,
    }
}

fn span(when: &When) -> Option<Span> {
    let Period { start, end } = when.period;
    match when.bound {
        Bound::From => Some(Span { start, end: None }),
        Bound::By if when.precision != Precision::Range => None,
        Bound::By | Bound::In => Some(Span { start, end: Some(end) }),
    }
}

/// Marks around a name that the document explains (★) are categories.
fn marks_of_name(measure: &mut Measure, card: &Card, setting: &Setting<'_>) {
    for meaning in card.marks.iter().filter_map(|mark| setting.legends.names.get(mark)) {
        if !measure.categories.contains(meaning) {
            measure.categories.push(meaning.clone());
        }
    }
}

fn place(card: &Card, events: &[Event<'_>]) -> Place {
    events[card.range.clone()]
        .iter()
        .filter_map(|event| match event {
            Event::Heading(title) => Some(&title.place),
            Event::Entry(entry) => Some(&entry.place),
            Event::Row(row) => Some(&row.place),
            Event::Text(text) => text.place.as_ref(),
            Event::TableStart | Event::TableEnd => None,
        })
        .chain(events[card.range.clone()].iter().flat_map(|event| match event {
            Event::Entry(entry) => entry.values.iter().map(|piece| &piece.place).collect::<Vec<_>>(),
            _ => Vec::new(),
        }))
        .fold(card.place.clone(), |all, place| all.union(place))
}

/// An event of the document, or one that took in the running text behind it.
enum Taken<'e, 'a> {
    Whole(&'e Event<'a>),
    Grown(Box<Event<'a>>),
}

impl<'e, 'a> Taken<'e, 'a> {
    fn event(&self) -> &Event<'a> {
        match self {
            Taken::Whole(event) => event,
            Taken::Grown(event) => event,
        }
    }
}

/// Running text goes on with the labelled entry before it; text under a measure's name without a label is its content.
fn open_entries<'e, 'a>(
    stretch: &'e [Event<'a>],
    card: &Card,
    routes: &Routes,
    vocabulary: &Vocabulary,
) -> Vec<Taken<'e, 'a>> {
    let mut out: Vec<Taken<'e, 'a>> = Vec::with_capacity(stretch.len());
    let mut open: Option<usize> = None;
    let mut tables = 0usize;
    for (i, event) in stretch.iter().enumerate() {
        let own_heading = card.own_heading == Some(card.range.start + i);
        match event {
            Event::TableStart => {
                tables += 1;
                open = None;
            }
            Event::TableEnd => {
                tables = tables.saturating_sub(1);
                open = None;
            }
            Event::Entry(entry) if tables == 0 && !entry.listed => {
                let grown = Event::Entry(Entry { values: entry.values.clone(), ..copy(entry) });
                open = Some(out.len());
                out.push(Taken::Grown(Box::new(grown)));
                continue;
            }
            Event::Row(_) if routes.has(card.range.start + i) => {
                open = None;
                continue;
            }
            Event::Entry(_) | Event::Row(_) => open = None,
            Event::Text(text) if tables == 0 => {
                if open.is_some_and(|at| closed(out[at].event(), text, vocabulary)) {
                    open = None;
                }
                if open.is_none() {
                    // a note below a table explains the table
                    if vocabulary.after_mark(Mark::Note, text.joined().trim()).is_some() {
                        continue;
                    }
                    open = Some(out.len());
                    out.push(Taken::Grown(Box::new(Event::Entry(unlabelled(text)))));
                }
                grow(&mut out, open, text);
                continue;
            }
            Event::Heading(title) if !own_heading && title.level.is_some() && open.is_some() => {
                grow(&mut out, open, &title.text);
                continue;
            }
            Event::Heading(_) if own_heading => open = None,
            _ => {}
        }
        out.push(Taken::Whole(event));
    }
    out
}

/// Whether an entry has its value and running text behind it is none of it: owners are not followed by sentences.
fn closed(event: &Event<'_>, text: &Text, vocabulary: &Vocabulary) -> bool {
    let Event::Entry(entry) = event else { return false };
    let short =
        entry.name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Period, Label::Number, Label::Category]);
    if !short || entry.is_empty() {
        return false;
    }
    let owner = entry.name.is_any(&[Label::OwnerLead, Label::OwnerRelated]);
    !owner || !owners::are_names(&text.joined(), vocabulary)
}

fn grow<'a>(out: &mut [Taken<'_, 'a>], open: Option<usize>, text: &Text) {
    if let Some(Taken::Grown(event)) = open.map(|i| &mut out[i])
        && let Event::Entry(entry) = event.as_mut()
    {
        let place = text.place.clone().unwrap_or_else(|| entry.place.clone());
        entry.values.push(Piece { text: Cow::Owned(text.clone()), row: entry.values.len() as u32, place });
    }
}

fn copy<'a>(entry: &Entry<'a>) -> Entry<'a> {
    Entry {
        name: entry.name.clone(),
        values: Vec::new(),
        place: entry.place.clone(),
        listed: entry.listed,
        measure: entry.measure,
    }
}

fn unlabelled<'a>(text: &Text) -> Entry<'a> {
    Entry::new(labels::field(Label::Content), None, text.place.clone().unwrap_or_default())
}

/// Takes from another description of the same measure (a further list) what this one lacks.
pub(super) fn complete(measure: &mut Measure, other: Measure) {
    if measure.owners.is_empty() {
        measure.owners = other.owners;
    }
    for category in other.categories {
        if !measure.categories.contains(&category) {
            measure.categories.push(category);
        }
    }
    let kinds: Vec<SectionKind> = measure.sections.iter().map(|section| section.kind).collect();
    measure.sections.extend(other.sections.into_iter().filter(|section| !kinds.contains(&section.kind)));
    for kpi in other.kpis {
        match measure.kpis.iter_mut().find(|own| alike(&own.name, &kpi.name)) {
            Some(own) => {
                if own.baseline.is_none() {
                    own.baseline = kpi.baseline;
                }
                if own.targets.is_empty() {
                    own.targets = kpi.targets;
                }
            }
            None => measure.kpis.push(kpi),
        }
    }
    if measure.schedule.is_empty() {
        measure.schedule = other.schedule;
    }
    if measure.activities.is_empty() {
        measure.activities = other.activities;
    }
    if measure.budgets.is_empty() {
        measure.budgets = other.budgets;
    }
    measure.period = measure.period.or(other.period);
}
