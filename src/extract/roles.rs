//! Roles: which cards are measures, which describe one again, and which lists only name them.

use super::alike::Alike;
use super::cards::{Card, Origin};
use super::events::Event;
use crate::vocabulary::Label;
use std::collections::{HashMap, HashSet};

/// What a list that only names measures gives of each.
const NAMES: &[Label] = &[Label::Name, Label::Number, Label::Page];

/// What a summary gives at most.
const OWNERS: &[Label] =
    &[Label::Name, Label::Number, Label::Page, Label::OwnerLead, Label::OwnerRelated, Label::Category, Label::Period];

/// What a card is to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A measure.
    Body,
    /// A further description of the measure of an earlier card.
    Again(usize),
    /// A line of a contents or summary table whose measure the body describes.
    Listed,
    /// Such a line whose measure no part describes.
    Missing,
}

/// Tells measures from the lists that only name them.
pub(super) fn of_cards(cards: &[Card], events: &[Event<'_>]) -> Vec<Role> {
    let bare: Vec<bool> =
        cards.iter().map(|card| card.origin == Origin::List && gives_only(NAMES, card, events)).collect();
    let described = bare.iter().any(|bare| !bare);
    let mut roles = vec![Role::Body; cards.len()];
    // bodies first: forms and headings, then lists, in order
    let mut bodies: Vec<usize> = Vec::new();
    let order = (0..cards.len())
        .filter(|&i| cards[i].origin != Origin::List)
        .chain((0..cards.len()).filter(|&i| cards[i].origin == Origin::List));
    let alike = Alike::of(cards);
    let numbers = |a: usize, b: usize| match (&cards[a].number, &cards[b].number) {
        (Some(x), Some(y)) => {
            x.bare().trim_start_matches('0') == y.bare().trim_start_matches('0') || x.style != y.style
        }
        _ => true,
    };
    // the bodies so far by the kind of their names, each with how many came before
    let mut named: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
    let same = |named: &HashMap<usize, Vec<(usize, usize)>>, i: usize, fits: &dyn Fn(usize) -> bool| {
        let bodies = alike.to(i).iter().filter_map(|kind| named.get(kind)).flatten();
        bodies.filter(|(_, body)| numbers(*body, i) && fits(*body)).min().map(|(_, body)| *body)
    };
    for i in order {
        if cards[i].origin == Origin::List {
            if bare[i] && described {
                continue;
            }
            if let Some(body) = same(&named, i, &|body| overlap(cards, body, i)) {
                roles[i] = Role::Again(body);
                continue;
            }
        }
        named.entry(alike.kind(i)).or_default().push((bodies.len(), i));
        bodies.push(i);
    }
    // a list that mostly repeats what forms and headings describe is a summary, also where it names owners
    let described_by = |i: usize| same(&named, i, &|body| cards[body].origin != Origin::List).is_some();
    for table in tables(cards, events) {
        let thin = table.iter().all(|&i| gives_only(OWNERS, &cards[i], events));
        let repeated = table.iter().filter(|&&i| described_by(i)).count();
        if thin && repeated * 2 >= table.len() {
            for &i in &table {
                roles[i] = if described_by(i) { Role::Listed } else { Role::Missing };
            }
        }
    }
    let parts: HashSet<_> = bodies.iter().filter_map(|&body| cards[body].number.as_ref()?.whole()).collect();
    let is_described = |i: usize| {
        // a line that groups numbered measures (⑩ over ⑩-1) lists none of its own
        let groups = || cards[i].number.as_ref().is_some_and(|own| parts.contains(&(own.style, own.number.as_str())));
        alike.to(i).iter().any(|kind| named.contains_key(kind)) || groups()
    };
    for table in tables(cards, events) {
        let lines: Vec<usize> = table.into_iter().filter(|&i| bare[i] && described).collect();
        // a table of which nothing is described lists something else: chapters, or glossary and index
        let of_measures = lines.iter().any(|&i| is_described(i));
        for i in lines {
            roles[i] = if of_measures && !is_described(i) { Role::Missing } else { Role::Listed };
        }
    }
    roles
}

/// The cards of lists, by their tables.
fn tables(cards: &[Card], events: &[Event<'_>]) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    let mut last: Option<usize> = None;
    for (i, card) in cards.iter().enumerate().filter(|(_, card)| card.origin == Origin::List) {
        let joined = last.is_some_and(|end| {
            !events[end.min(card.range.start)..card.range.start].iter().any(|e| matches!(e, Event::TableStart))
        });
        match out.last_mut() {
            Some(table) if joined => table.push(i),
            _ => out.push(vec![i]),
        }
        last = Some(card.range.start);
    }
    out
}

/// Whether two cards of one name may be one measure: not two rows of one list under different policies.
fn overlap(cards: &[Card], body: usize, again: usize) -> bool {
    let (a, b) = (&cards[body], &cards[again]);
    let number = |card: &Card| card.number.as_ref().map(|number| number.number.clone());
    a.origin != Origin::List
        || a.number.is_some() && number(a) == number(b)
        || a.range.end < b.range.start && a.headings == b.headings
}

/// Whether a list's row gives figures of indicators and nothing that describes a measure.
pub(super) fn gives_only_figures(card: &Card, events: &[Event<'_>]) -> bool {
    let mut figures = false;
    let bare = events[card.range.clone()].iter().all(|event| match event {
        Event::Entry(entry) => {
            entry.measure
                || entry.name.level().is_some()
                || entry.name.is_kpi()
                || entry.name.is_any(&[Label::Number, Label::Page])
        }
        Event::Row(row) => {
            figures |= row.head.columns.iter().any(|column| column.name().is_some_and(|name| name.is_kpi()));
            true
        }
        _ => true,
    });
    bare && figures
}

/// Whether a list's row gives nothing but ranks and what these labels name.
fn gives_only(labels: &[Label], card: &Card, events: &[Event<'_>]) -> bool {
    events[card.range.clone()].iter().all(|event| match event {
        Event::Entry(entry) => entry.measure || entry.name.level().is_some() || entry.name.is_any(labels),
        Event::Row(row) => row.values.iter().all(|value| value.cell.text.is_blank()) && row.overlays.is_empty(),
        _ => true,
    })
}
