//! Extraction: finds the plan in a document model. Knows nothing of formats.
//!
//! ```text
//! document -> events -> cards -> measures
//! ```
//!
//! - [`turned`] turns tables whose heads stand down the left.
//! - [`stream`] reads the document as one stream of events: headings, labelled entries, grid rows, running text.
//!   Forms, lists and year grids become events in [`mod@tables`] (with [`heads`] for column heads), label lines in [`prose`].
//! - [`cards`] cuts the stream into cards, one a measure: where a form names one, a list's row begins one, or a heading
//!   stands over labelled text. [`outline`] tells how deep headings lie; [`summaries`] which tables only name cards.
//! - [`policies`] finds the hierarchy above the cards.
//! - [`measure`] fills a measure from its card; its fields are [`owners`], [`sections`], [`activities`], [`schedule`],
//!   [`kpis`], [`budgets`] and [`categories`].
//!
//! What labels mean is the vocabulary's; no module here knows a Japanese word.

mod activities;
mod aims;
mod alike;
mod budgets;
mod cards;
mod categories;
mod contents;
mod events;
mod evidence;
mod glossary;
mod header;
mod headlines;
mod heads;
mod identity;
mod kpi_text;
mod kpis;
mod labels;
mod learned;
mod legend;
mod matrix;
mod measure;
mod numbering;
mod outline;
mod owners;
mod policies;
mod policy_headings;
mod policy_kpis;
mod prose;
mod roles;
mod routes;
#[cfg(test)]
mod sample;
mod schedule;
mod sections;
mod stream;
mod summaries;
mod suspects;
mod tables;
mod turned;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::record::{Basis, GlossaryEntry, Measure, Plan, Policy, SectionKind};
use crate::vocabulary::Vocabulary;
use cards::{Card, Origin};
use events::Event;
use matrix::Matrix;
use roles::Role;
use routes::Routes;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a document says of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extraction {
    pub plan: Plan,
    pub policies: Vec<Policy>,
    pub measures: Vec<Measure>,
    pub glossary: Vec<GlossaryEntry>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the plan in a normalised document.
pub fn plan(document: &Document, vocabulary: &Vocabulary) -> Extraction {
    let mut diagnostics = Vec::new();
    let plan = header::header(document, vocabulary, &mut diagnostics);
    let _remembering = labels::remember();
    let words = learned::words(document, vocabulary);
    // with words of the document's own, texts are other labels
    let _anew = matches!(words, Cow::Owned(_)).then(labels::remember);
    let vocabulary = &*words;
    let document = &*turned::upright(document, vocabulary);
    let (glossary, skipped) = glossary::find(document, vocabulary);
    suspects::characters(document, vocabulary, &mut diagnostics);
    let read = |summaries: &BTreeMap<_, _>, diagnostics: &mut Vec<Diagnostic>| {
        let events = stream::events(document, &skipped, summaries, vocabulary, diagnostics);
        let mut events = stream::skip_templates(events, vocabulary, diagnostics);
        stream::promote_headings(&mut events, vocabulary);
        aims::settle(&mut events, vocabulary);
        let cards = cards::find(&events, vocabulary);
        let roles = roles::of_cards(&cards, &events);
        let bodies: Vec<bool> = roles.iter().map(|role| matches!(role, Role::Body | Role::Again(_))).collect();
        (events, cards, roles, bodies)
    };
    // what the measures are tells which tables only list them; these are then read as lists
    let mut noted = Vec::new();
    let first = read(&BTreeMap::new(), &mut noted);
    let summaries = summaries::find(document, &skipped, &first.1, &first.3, vocabulary);
    let (mut events, mut cards, mut roles, bodies) = if summaries.is_empty() {
        first
    } else {
        drop(first);
        noted.clear();
        read(&summaries, &mut noted)
    };
    diagnostics.append(&mut noted);
    let depths = outline::depths(&events);
    let tails = policy_kpis::tails(&cards, &events, &depths);
    for (_, tail) in &tails {
        cards::cut(&mut cards, tail.start);
    }
    let matrices = matrix::of_document(document, vocabulary);
    let mut hierarchy = policies::gather(&events, &depths, &cards, &bodies, &matrices, &plan.title, vocabulary);
    for (i, card) in cards.iter().enumerate() {
        let lists_policy =
            roles[i] == Role::Body && card.origin == Origin::List && roles::gives_only_figures(card, &events);
        if lists_policy && hierarchy.claim(i, &card.name) {
            roles[i] = Role::Listed;
        }
    }
    let legends = legend::of_document(document, vocabulary);
    let begins = plan.period.map(|period| period.start.fiscal_year());
    let setting = measure::Setting { vocabulary, faithful: document.faithful, legends: &legends, begins };

    let numbers = numbers(&roles, &cards, &hierarchy);
    let is_policy = |heading: &str, numbered: &numbering::Numbered| hierarchy.is_numbered(heading, numbered);
    let of_body = |i: &usize| (*i, &cards[*i], numbers.get(i).map(String::as_str));
    let bodies = (0..cards.len()).filter(|&i| roles[i] == Role::Body);
    let bodies: Vec<_> = bodies.map(|i| of_body(&i)).collect();
    let named = routes::Named::of(bodies.into_iter(), &is_policy, vocabulary);
    let mut routes = Routes::find(&events, &cards, &named);
    let source =
        policy_kpis::Source { events: &events, depths: &depths, cards: &cards, tails: &tails, routes: &routes };
    let owners = policy_kpis::owners(&hierarchy, source, vocabulary);
    routes.give((0..events.len()).filter(|&i| owners[i].is_some()));
    let source =
        policy_kpis::Source { events: &events, depths: &depths, cards: &cards, tails: &tails, routes: &routes };
    let kpis = policy_kpis::of_policies(&owners, source, begins, vocabulary, &mut noted);

    let mut measures: Vec<(usize, Measure)> = Vec::new();
    for (i, card) in cards.iter().enumerate() {
        match roles[i] {
            Role::Body => {
                let routed: Vec<_> = routes.rows_of(i, &events).collect();
                let mut found = measure::fill(card, &events, (&routes, &routed), &setting, &mut diagnostics);
                if card.origin == Origin::Form && says_nothing(&found) {
                    diagnostics.push(Diagnostic::new(
                        Code::UnparsedValue,
                        format!("`{}` looks like a measure's name, but nothing is said of it", found.name),
                        Some(card.place.clone()),
                    ));
                    continue;
                }
                found.policies = hierarchy.titles(i);
                found.number = numbers.get(&i).cloned();
                mark_categories(&mut found, card, &matrices, &hierarchy, &legends);
                measures.push((i, found));
            }
            Role::Again(body) => {
                let found = measure::fill(card, &events, (&routes, &[]), &setting, &mut diagnostics);
                if let Ok(at) = measures.binary_search_by_key(&body, |(of, _)| *of) {
                    let (_, own) = &mut measures[at];
                    measure::complete(own, found);
                }
            }
            Role::Listed => {}
            Role::Missing => diagnostics.push(Diagnostic::new(
                Code::MeasureListedWithoutBody,
                format!("`{}` is listed, but no part of the document describes it", card.name),
                Some(card.place.clone()),
            )),
        }
        // the events of a long list take as much memory as its measures
        let next = cards.get(i + 1).map_or(events.len(), |next| next.range.start);
        let stretch = card.range.start..card.range.end.min(next).max(card.range.start);
        for (at, event) in stretch.clone().zip(&mut events[stretch]) {
            if !routes.has(at) {
                *event = Event::TableEnd;
            }
        }
    }
    diagnostics.append(&mut noted);
    let policies = hierarchy.finish(kpis);
    let mut measures: Vec<Measure> = measures.into_iter().map(|(_, measure)| measure).collect();
    identity::assign(&mut measures);
    Extraction { plan, policies, measures, glossary, diagnostics }
}

/// Whether a measure found by a label has nothing else that measures have: the label may mean something else.
fn says_nothing(measure: &Measure) -> bool {
    let Measure { owners, sections, activities, budgets, schedule, kpis, .. } = measure;
    owners.is_empty()
        && activities.is_empty()
        && budgets.is_empty()
        && kpis.is_empty()
        && measure.period.is_none()
        && schedule.iter().all(|item| item.basis == Basis::None)
        && sections.iter().all(|section| section.kind == SectionKind::Other)
        && !(sections.is_empty() && schedule.is_empty())
}

/// Columns of a matrix that head no policy but whose marks a legend explains are categories.
fn mark_categories(
    measure: &mut Measure,
    card: &Card,
    matrices: &[Matrix],
    hierarchy: &policies::Hierarchy,
    legends: &legend::Legends,
) {
    for matrix in matrices {
        let Some(row) = matrix.row_of(&card.name, card.number.as_ref()) else { continue };
        for (head, mark) in matrix.columns.iter().zip(&row.marks) {
            let Some(meaning) = mark.and_then(|mark| legends.names.get(&mark)) else { continue };
            if !hierarchy.has_title(head) && !measure.categories.contains(meaning) {
                measure.categories.push(meaning.clone());
            }
        }
    }
}

/// Numbers of measures (by card) as the record states them: joined to the policy's where measures are numbered afresh
/// under each.
fn numbers(roles: &[Role], cards: &[Card], hierarchy: &policies::Hierarchy) -> BTreeMap<usize, String> {
    let bodies = || (0..cards.len()).filter(|&i| roles[i] == Role::Body);
    let own = |i: usize| cards[i].number.as_ref();
    let mut first: BTreeMap<(&str, numbering::Style), Vec<String>> = BTreeMap::new();
    let afresh = bodies().any(|i| {
        own(i).is_some_and(|number| {
            let titles = hierarchy.titles(i);
            let seen = first.entry((number.number.as_str(), number.style)).or_insert_with(|| titles.clone());
            *seen != titles
        })
    });
    // one number printed twice in a list that counts through is no new count
    let counted: Vec<(usize, u32)> = bodies().filter_map(|i| Some((i, own(i)?.count()?))).collect();
    let changes = counted.windows(2).filter(|pair| hierarchy.titles(pair[0].0) != hierarchy.titles(pair[1].0));
    let (changes, restarts) =
        changes.fold((0, 0), |(all, restarts), pair| (all + 1, restarts + usize::from(pair[1].1 <= pair[0].1)));
    let afresh = afresh && restarts * 2 >= changes;
    let joined = |i: usize, number: &numbering::Numbered| match hierarchy.number_above(i) {
        Some(above) if afresh && number.depth() == 1 => format!("{above}-{}", number.bare()),
        _ => number.printed(&number.number),
    };
    bodies().filter_map(|i| Some((i, joined(i, own(i)?)))).collect()
}
