//! The indicators of policies: what stands under a policy's heading and is no measure's, a table behind the last measure
//! of each policy, and tables that name the policy of each row.

use super::cards::{self, Card, Origin};
use super::events::{Entry, Event, Row, Title};
use super::heads::{ColumnKind, Head, Role};
use super::kpis::Reader;
use super::numbering;
use super::policies::Hierarchy;
use super::routes::Routes;
use crate::diagnostic::{Code, Diagnostic};
use crate::record::Kpi;
use crate::vocabulary::{Label, Vocabulary};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// Where policies' indicators are looked for.
#[derive(Clone, Copy)]
pub(super) struct Source<'s, 'a> {
    pub events: &'s [Event<'a>],
    pub depths: &'s [Option<usize>],
    pub cards: &'s [Card],
    /// Stretches that are a heading's although they stand under a lower one.
    pub tails: &'s [(usize, Range<usize>)],
    /// Rows that are measures'.
    pub routes: &'s Routes,
}

/// The indicators of each policy, by its index in the hierarchy; `owners` are the policies of events.
pub(super) fn of_policies(
    owners: &[Option<usize>],
    source: Source<'_, '_>,
    begins: Option<i32>,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<usize, Vec<Kpi>> {
    let events = source.events;
    let mut own: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    unassigned(owners, source, diagnostics);
    for (i, policy) in owners.iter().enumerate() {
        if let Some(policy) = policy {
            own.entry(*policy).or_default().push(i);
        }
    }
    own.into_iter()
        .map(|(policy, indices)| {
            let mut reader = Reader::new(vocabulary, begins, diagnostics);
            for (position, &i) in indices.iter().enumerate() {
                match &events[i] {
                    Event::Entry(entry) if !entry.measure => {
                        let next = indices[position + 1..]
                            .iter()
                            .map(|&i| &events[i])
                            .find(|event| !matches!(event, Event::TableStart | Event::TableEnd));
                        reader.entry(entry, next);
                    }
                    Event::Row(row) => {
                        reader.row(row);
                    }
                    _ => {}
                }
            }
            let kpis = reader.finish().into_iter();
            (policy, kpis.filter(|kpi| kpi.baseline.is_some() || !kpi.targets.is_empty()).collect())
        })
        .collect()
}

/// Reports the tables of indicators with targets that are no measure's and no policy's.
fn unassigned(owners: &[Option<usize>], source: Source<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    let Source { events, cards, routes, .. } = source;
    let mut covered = vec![false; events.len()];
    for card in cards {
        covered[card.range.clone()].fill(true);
    }
    let mut last: Option<&Rc<Head>> = None;
    for (i, event) in events.iter().enumerate() {
        let Event::Row(row) = event else { continue };
        let lost = !covered[i] && owners[i].is_none() && !routes.has(i);
        if lost && gives_targets(row) && !last.replace(&row.head).is_some_and(|head| Rc::ptr_eq(head, &row.head)) {
            diagnostics.push(Diagnostic::new(
                Code::IndicatorsUnassigned,
                "a table of indicators names neither a measure nor a policy",
                Some(row.place.clone()),
            ));
        }
    }
}

/// Whether a row's heads are those of indicators and their targets.
fn gives_targets(row: &Row<'_>) -> bool {
    let indicators = row.head.columns.iter().any(|column| column.name().is_some_and(|name| name.is_kpi()));
    indicators
        && row.head.columns.iter().any(|column| {
            matches!(column.kind, ColumnKind::Figure(Role::Target, _) | ColumnKind::Time(_, Role::Target))
        })
}

/// For each event the policy whose own it is: no measure's and no lower policy's.
pub(super) fn owners(hierarchy: &Hierarchy, source: Source<'_, '_>, vocabulary: &Vocabulary) -> Vec<Option<usize>> {
    let Source { events, depths, cards, tails, routes } = source;
    let headed: BTreeMap<usize, usize> = hierarchy.headings().collect();
    let mut covered = vec![false; events.len()];
    for (card, range) in cards.iter().enumerate().map(|(i, card)| (i, card.range.clone())) {
        if hierarchy.as_policy(card).is_none() {
            covered[range].fill(true);
        }
    }
    let mut out = vec![None; events.len()];
    let mut stack: Vec<Open> = Vec::new();
    let mut named = None;
    // rows that name a policy inside a measure's stretch
    let mut inside: Vec<(usize, usize)> = Vec::new();
    let above: BTreeMap<usize, usize> = cards.iter().enumerate().map(|(i, card)| (card.range.start, i)).collect();
    let is_above = |i: usize, policy: usize| {
        above.range(..=i).next_back().is_some_and(|(_, card)| hierarchy.of_card[*card].contains(&policy))
    };
    for (i, event) in events.iter().enumerate() {
        match event {
            Event::Heading(title) => {
                if let Some(depth) = depths[i] {
                    stack.retain(|open| !open.ends_at(title, depth));
                    stack.extend(headed.get(&i).map(|&policy| Open { policy, depth, level: title.level }));
                }
            }
            Event::TableStart | Event::TableEnd => {
                named = None;
                // a table behind the last measure that names other policies than its own is theirs
                if inside.iter().any(|(row, policy)| !is_above(*row, *policy)) {
                    inside.iter().for_each(|(row, policy)| out[*row] = Some(*policy));
                }
                inside.clear();
            }
            Event::Entry(entry) if entry.listed && entry.name.level().is_some() => {
                named = of_entry(entry, hierarchy, vocabulary);
            }
            Event::Row(row) => named = of_row(row, hierarchy, vocabulary).or(named),
            _ => {}
        }
        if let (true, Some(policy), Event::Row(row)) = (covered[i], named, event)
            && gives_targets(row)
            && !above.contains_key(&i)
        {
            inside.push((i, policy));
        }
        if !covered[i] {
            out[i] = named.or_else(|| stack.last().map(|open| open.policy));
        }
    }
    for (i, card) in cards.iter().enumerate() {
        if let Some(policy) = hierarchy.as_policy(i) {
            out[card.range.clone()].fill(Some(policy));
        }
    }
    for (policy, range) in behind_children(hierarchy, &out, events, cards) {
        out[range].fill(Some(policy));
    }
    for (heading, range) in tails {
        if let Some(policy) = headed.get(heading) {
            out[range.clone()].fill(Some(*policy));
        }
    }
    for (i, policy) in out.iter_mut().enumerate() {
        *policy = policy.filter(|_| !routes.has(i));
    }
    out
}

/// A policy whose heading the text stands under.
struct Open {
    policy: usize,
    depth: usize,
    /// The reader's level of its heading.
    level: Option<u8>,
}

impl Open {
    /// Whether a heading ends it: a sibling or a higher one, by the outline, or where that cannot tell, by the reader.
    fn ends_at(&self, title: &Title<'_>, depth: usize) -> bool {
        depth <= self.depth || title.numbered.is_none() && title.level <= self.level
    }
}

/// Indicators behind the measures of a policy's last child, where no other child has any: they are the policy's own.
fn behind_children(
    hierarchy: &Hierarchy,
    own: &[Option<usize>],
    events: &[Event<'_>],
    cards: &[Card],
) -> Vec<(usize, Range<usize>)> {
    let mut rows: BTreeMap<usize, Range<usize>> = BTreeMap::new();
    for (i, policy) in own.iter().enumerate() {
        if let (Some(policy), Event::Row(_)) = (policy, &events[i]) {
            let range = rows.entry(*policy).or_insert(i..i + 1);
            range.end = i + 1;
        }
    }
    let last_card = |policy: usize| {
        let under = cards.iter().zip(&hierarchy.of_card).filter(|(_, of)| of.contains(&policy));
        under.map(|(card, _)| card.range.end).max()
    };
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for policy in hierarchy.policies() {
        if let Some(parent) = hierarchy.parent(policy) {
            groups.entry(parent).or_default().push(policy);
        }
    }
    let behind =
        |policy: &usize| rows.get(policy).is_some_and(|range| last_card(*policy).is_some_and(|end| range.start >= end));
    let whole = |group: &Vec<usize>| {
        group.iter().enumerate().all(|(at, policy)| {
            behind(policy) == (at + 1 == group.len()) && (at + 1 == group.len() || !rows.contains_key(policy))
        })
    };
    // the same in every group, and told from indicators of single children by a group of several
    let groups: Vec<(usize, Vec<usize>)> =
        groups.into_iter().filter(|(_, group)| group.iter().any(|p| rows.contains_key(p))).collect();
    if !groups.iter().any(|(_, group)| group.len() >= 2) || !groups.iter().all(|(_, group)| whole(group)) {
        return Vec::new();
    }
    groups
        .into_iter()
        .filter_map(|(parent, group)| {
            let last = group.last()?;
            let range = rows.get(last)?;
            Some((parent, last_card(*last)?.min(range.start)..range.end))
        })
        .collect()
}

/// The policy that a list's column names.
fn of_entry(entry: &Entry<'_>, hierarchy: &Hierarchy, vocabulary: &Vocabulary) -> Option<usize> {
    policy_named(&entry.text().raw(), &entry.name.heading, hierarchy, vocabulary)
}

fn of_row(row: &Row<'_>, hierarchy: &Hierarchy, vocabulary: &Vocabulary) -> Option<usize> {
    let ranked = row.fields.iter().find_map(|(name, cell)| {
        let name = name.as_ref().filter(|name| name.level().is_some() && !name.is_kpi())?;
        policy_named(&cell.text.raw(), &name.heading, hierarchy, vocabulary)
    });
    // 区分 | 指標: Ⅰ alone, or a policy's title
    ranked.or_else(|| {
        row.fields.iter().filter(|(name, _)| !name.as_ref().is_some_and(|name| name.is_kpi())).find_map(|(_, cell)| {
            let raw = cell.text.raw().replace('\n', "");
            match numbering::leading(raw.trim(), vocabulary) {
                Some(numbered) if numbered.length >= raw.trim().len() && numbered.style == numbering::Style::Roman => {
                    hierarchy.styled(&numbered)
                }
                Some(numbered) if numbered.level.is_some() && numbered.length >= raw.trim().len() => {
                    policy_named(&raw, "", hierarchy, vocabulary)
                }
                _ => None,
            }
        })
    })
}

/// `窓口の改善`, `1 窓口の改善`, `基本目標1` or, under a column that is headed so, `1`.
fn policy_named(raw: &str, heading: &str, hierarchy: &Hierarchy, vocabulary: &Vocabulary) -> Option<usize> {
    let raw = raw.replace('\n', "");
    let raw = raw.trim();
    match numbering::leading(raw, vocabulary) {
        Some(numbered) if numbered.length >= raw.len() => {
            let word = numbered.level.as_ref().map_or(heading, |(_, word)| word.as_str());
            hierarchy.numbered(word, numbered.bare())
        }
        _ => hierarchy.titled(&cards::split_number(raw, vocabulary).0),
    }
}

/// Indicators printed behind the last measure of every group and in no other measure are the groups': the heading over
/// each group, and where they stand.
pub(super) fn tails(cards: &[Card], events: &[Event<'_>], depths: &[Option<usize>]) -> Vec<(usize, Range<usize>)> {
    let tails: Vec<Option<usize>> = cards.iter().map(|card| tail(card, events)).collect();
    if tails.iter().all(Option::is_none) {
        return Vec::new();
    }
    let deepest = cards.iter().flat_map(|card| card.headings.iter().filter_map(|&i| depths[i])).max().unwrap_or(0);
    for depth in (0..=deepest).rev() {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, card) in cards.iter().enumerate().filter(|(_, card)| card.origin == Origin::Heading) {
            if let Some(&heading) = card.headings.iter().find(|&&h| depths[h] == Some(depth)) {
                groups.entry(heading).or_default().push(i);
            }
        }
        let behind_last = |group: &Vec<usize>| {
            group.iter().enumerate().all(|(at, &card)| tails[card].is_some() == (at + 1 == group.len()))
        };
        let shared = groups.values().any(|group| group.len() >= 2);
        if groups.len() >= 2 && shared && groups.values().all(behind_last) {
            return groups
                .into_iter()
                .filter_map(|(heading, group)| {
                    let last = *group.last()?;
                    Some((heading, tails[last]?..cards[last].range.end))
                })
                .collect();
        }
    }
    Vec::new()
}

/// Where a card's indicators begin that stand under a title of their own behind everything else it says.
fn tail(card: &Card, events: &[Event<'_>]) -> Option<usize> {
    let mut found = None;
    for i in card.range.clone().skip(1) {
        match &events[i] {
            Event::Entry(entry) if entry.name.is_kpi() && entry.is_empty() && entry.name.marked => {
                found = found.or(Some(i));
            }
            Event::Entry(entry) if !entry.name.is_kpi() && !entry.name.is_any(&[Label::Unit, Label::Note]) => {
                found = None
            }
            Event::Heading(title) if title.level.is_some() => found = None,
            _ => {}
        }
    }
    found.filter(|&at| events[at..card.range.end].iter().any(|event| matches!(event, Event::Row(_))))
}
