//! Indicators of policies: those that stand under a policy's heading and belong to none of its measures.

use super::cards::Card;
use super::events::{Event, Title};
use super::kpis::Reader;
use crate::diagnostic::Diagnostic;
use crate::record::Kpi;
use crate::vocabulary::Vocabulary;
use std::ops::Range;

/// The indicators of each policy, by the events that are the policies' headings: before, between and after its
/// measures, also under headings of their own that name no policy.
pub(super) fn of_policies(
    headings: &[Option<usize>],
    events: &[Event<'_>],
    depths: &[Option<usize>],
    cards: &[Card],
    begins: Option<i32>,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<Kpi>> {
    let mut found: Vec<Vec<Kpi>> = vec![Vec::new(); headings.len()];
    for (policy, stretch) in stretches(headings, events, depths, cards) {
        let mut reader = Reader::new(vocabulary, begins, diagnostics);
        let stretch = &events[stretch];
        for (i, event) in stretch.iter().enumerate() {
            match event {
                Event::Entry(entry) => {
                    let mut next = stretch[i + 1..].iter();
                    reader.entry(entry, next.find(|event| !matches!(event, Event::TableStart | Event::TableEnd)));
                }
                Event::Row(row) => {
                    reader.row(row);
                }
                _ => {}
            }
        }
        let stated = reader.finish().into_iter().filter(|kpi| kpi.baseline.is_some() || !kpi.targets.is_empty());
        found[policy].extend(stated);
    }
    found
}

/// The stretches of events outside of cards, each with the innermost policy over it.
fn stretches(
    headings: &[Option<usize>],
    events: &[Event<'_>],
    depths: &[Option<usize>],
    cards: &[Card],
) -> Vec<(usize, Range<usize>)> {
    let mut out: Vec<(usize, Range<usize>)> = Vec::new();
    let mut above: Vec<Open> = Vec::new();
    let mut cards = cards.iter().peekable();
    let mut at = 0;
    while at < events.len() {
        while cards.next_if(|card| card.range.end <= at).is_some() {}
        if let (Event::Heading(title), Some(depth)) = (&events[at], depths[at]) {
            above.retain(|open| !open.ends_at(title, depth));
            let policy = headings.iter().position(|heading| *heading == Some(at));
            if let Some(policy) = policy {
                above.push(Open { policy, depth, level: title.level });
            }
        }
        match cards.peek() {
            Some(card) if card.range.contains(&at) => at = card.range.end,
            _ => {
                if let Some(open) = above.last() {
                    match out.last_mut() {
                        Some((policy, stretch)) if *policy == open.policy && stretch.end == at => stretch.end += 1,
                        _ => out.push((open.policy, at..at + 1)),
                    }
                }
                at += 1;
            }
        }
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
