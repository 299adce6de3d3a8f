//! Which headings are policies: those numbered by a level's word, and runs of siblings that all stand over cards.

use super::alike::alike;
use super::cards::{Card, Origin};
use super::events::{Event, Title};
use super::labels;
use super::numbering::Style;
use super::outline::{self, Key};
use crate::vocabulary::{Label, Plain, Vocabulary, compact};
use std::collections::{BTreeMap, BTreeSet};

/// The headings above cards that are policies: numbered by a level's word, or one of a run of siblings that all stand over
/// cards. Chapters that happen to hold the cards are none.
pub(super) fn find(
    events: &[Event<'_>],
    depths: &[Option<usize>],
    cards: &[Card],
    bodies: &[bool],
    title: &str,
    vocabulary: &Vocabulary,
) -> BTreeSet<usize> {
    let described = cards.iter().zip(bodies).filter(|(_, body)| **body).map(|(card, _)| card);
    let holding: BTreeSet<usize> = described.flat_map(|card| card.headings.iter().copied()).collect();
    let plain: BTreeSet<String> =
        vocabulary.words.plain.get(&Plain::Headings).into_iter().flatten().map(|word| compact(word)).collect();
    let own: BTreeSet<usize> = cards.iter().filter_map(|card| card.own_heading).collect();
    let headings: Vec<(usize, &Title<'_>)> = events
        .iter()
        .enumerate()
        .filter(|(i, _)| depths[*i].is_some())
        .filter_map(|(i, event)| match event {
            Event::Heading(title) => Some((i, title.as_ref())),
            _ => None,
        })
        .collect();
    let parents = outline::parents(depths);
    let mut repeated: BTreeMap<String, usize> = BTreeMap::new();
    for (_, title) in headings.iter().filter(|(_, title)| title.numbered.is_none()) {
        *repeated.entry(compact(&title.name)).or_default() += 1;
    }
    // siblings: same style under the same parent
    let mut runs: BTreeMap<(Option<usize>, usize), Vec<usize>> = BTreeMap::new();
    let mut keys: Vec<Key> = Vec::new();
    for (i, heading) in &headings {
        let key = Key::of(heading);
        let id = keys.iter().position(|seen| *seen == key).unwrap_or_else(|| {
            keys.push(key);
            keys.len() - 1
        });
        let parent = parents[*i];
        runs.entry((parent, id)).or_default().push(*i);
    }
    // styles that head policies elsewhere in the document
    let proven: BTreeSet<usize> = runs
        .iter()
        .filter(|(_, run)| run.len() >= 2 && run.iter().all(|i| holding.contains(i)))
        .map(|((_, id), _)| *id)
        .collect();
    let measures: BTreeSet<Style> = cards
        .iter()
        .filter(|card| card.origin == Origin::Heading)
        .filter_map(|card| Some(card.number.as_ref()?.style))
        .collect();
    let mut under: BTreeMap<usize, Vec<&Card>> = BTreeMap::new();
    for card in cards {
        card.headings.iter().for_each(|heading| under.entry(*heading).or_default().push(card));
    }
    let mut found = BTreeSet::new();
    for ((_, id), run) in &runs {
        let over = run.iter().filter(|i| holding.contains(i)).count();
        for &i in run.iter().filter(|i| holding.contains(i) && !own.contains(i)) {
            let Event::Heading(heading) = &events[i] else { continue };
            let levelled = heading.numbered.as_ref().is_some_and(|numbered| numbered.level.is_some());
            let compacted = compact(&heading.name);
            let names_plan = alike(&heading.name, title) || compacted.is_empty();
            let label = labels::parse(&heading.name, vocabulary).is_some_and(|name| {
                !name.by_ending && (name.is_kpi() || name.is_any(&[Label::Schedule, Label::Budget]))
            });
            let generic =
                plain.contains(&compacted) || label || names_plan || repeated.get(&compacted).is_some_and(|n| *n > 1);
            // a group of the measures' own numbers (⑩ over ⑩-1) is none
            let groups_measures = heading.numbered.as_ref().is_some_and(|numbered| measures.contains(&numbered.style));
            let division = matches!(Key::of(heading), Key::Numbered(Style::Part | Style::Chapter));
            let consistent = if division { run.len() >= 2 && over == run.len() } else { over * 5 >= run.len() * 4 };
            let single = heading.numbered.as_ref().is_none_or(|numbered| numbered.depth() == 1);
            let below = || under.get(&i).map_or(&[][..], Vec::as_slice);
            let alone = run.len() == 1
                && single
                && !proven.contains(id)
                && !deeper_numbers(heading, i, events, depths, below());
            if levelled && over * 2 >= run.len() || !levelled && !generic && !groups_measures && consistent && !alone {
                found.insert(i);
            }
        }
    }
    found
}

/// Whether the numbers below a heading, of headings and of the cards under it, go on with its own (1 over 1-1).
fn deeper_numbers(
    heading: &Title<'_>,
    index: usize,
    events: &[Event<'_>],
    depths: &[Option<usize>],
    below: &[&Card],
) -> bool {
    let Some(own) = &heading.numbered else { return false };
    let prefix = format!("{}-", own.bare());
    let by_card = below.iter().any(|card| card.number.as_ref().is_some_and(|n| n.number.starts_with(&prefix)));
    by_card
        || below.iter().flat_map(|card| card.headings.iter()).filter(|&&i| i > index && depths[i].is_some()).any(|&i| {
            match &events[i] {
                Event::Heading(title) => title.numbered.as_ref().is_some_and(|n| n.number.starts_with(&prefix)),
                _ => false,
            }
        })
}
