//! Cards of headings: those over labelled text, and where nothing else tells measures those that a level's word numbers.

use super::super::events::{Event, Title};
use super::super::evidence::evidence;
use super::super::labels::Name;
use super::super::outline::Key;
use super::{Origin, Start, clean_name, edge_marks};
use crate::vocabulary::{Level, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};

/// Headings over labelled text.
pub(super) fn headed(
    events: &[Event<'_>],
    depths: &[Option<usize>],
    taken: &BTreeSet<usize>,
    vocabulary: &Vocabulary,
) -> Vec<Start> {
    let headings: Vec<usize> = (0..events.len()).filter(|&i| depths[i].is_some()).collect();
    let mut found: Vec<(usize, bool)> = Vec::new();
    let mut bare: Vec<usize> = Vec::new();
    for (position, &i) in headings.iter().enumerate().rev() {
        let Event::Heading(title) = &events[i] else { continue };
        let direct_end = headings.get(position + 1).copied().unwrap_or(events.len());
        let end = headings[position + 1..].iter().copied().find(|&j| depths[j] <= depths[i]).unwrap_or(events.len());
        // found from the end on: the last one found is the next heading
        let direct = evidence(&events[i + 1..direct_end]);
        // what a numbered heading with labels of its own holds without a number is a part of it
        let numbered = |i: usize| matches!(&events[i], Event::Heading(title) if title.numbered.is_some());
        if numbered(i) && direct.strong() && taken.range(i..end).next().is_none() {
            while found.last().is_some_and(|(j, _)| *j < end && !numbered(*j)) {
                found.pop();
            }
        }
        let holds_start = taken.range(i..end).next().is_some() || found.last().is_some_and(|(j, _)| *j < end);
        if holds_start || title.name.is_empty() {
            continue;
        }
        // an outline entry below a measure without labels of its own is part of its text
        let whole = evidence(&events[i + 1..end]);
        if direct.strong() || whole.strong() && direct_end < end && !direct.weak() {
            found.push((i, true));
        } else if whole.weak() {
            found.push((i, false));
        } else if direct_end == end && events[i + 1..end].iter().any(indicates) {
            bare.push(i);
        }
    }
    found.reverse();
    let key = |i: usize| match &events[i] {
        Event::Heading(title) => Some(Key::of(title)),
        _ => None,
    };
    let owners = |i: usize| {
        let below = &headings[headings.partition_point(|&j| j <= i)..];
        let end = below.iter().copied().find(|&j| depths[j] <= depths[i]).unwrap_or(events.len());
        evidence(&events[i + 1..end]).owner
    };
    // of each kind of headings, how many there are, and how many of them were found
    let mut kinds: BTreeMap<Option<Key>, (usize, usize)> = BTreeMap::new();
    headings.iter().for_each(|&i| kinds.entry(key(i)).or_default().0 += 1);
    found.iter().for_each(|(i, _)| kinds.entry(key(*i)).or_default().1 += 1);
    // where headings of one kind name the owners of what they title, others without owners title chapters
    const MAIN: usize = 4;
    let mut owned: BTreeMap<Option<Key>, usize> = BTreeMap::new();
    found.iter().filter(|(i, _)| owners(*i)).for_each(|(i, _)| *owned.entry(key(*i)).or_default() += 1);
    let main = owned.iter().max_by_key(|(_, count)| **count).filter(|(_, count)| **count >= MAIN);
    let beside = |i: usize| {
        main.is_some_and(|(main, count)| {
            let own = owned.get(&key(i)).copied().unwrap_or_default();
            key(i) != *main && own * MAIN <= *count
        })
    };
    let mut kept: Vec<usize> = found
        .iter()
        .filter(|(i, strong)| {
            if beside(*i) {
                return false;
            }
            let (all, alike) = kinds[&key(*i)];
            let numbered = matches!(key(*i), Some(Key::Numbered(_)));
            if *strong && owners(*i) && numbered {
                return true;
            }
            alike >= 2 && alike * 3 >= all
        })
        .map(|(i, _)| *i)
        .collect();
    // figures alone under a heading that counts on from a measure, or that one counts on from
    let number = |i: usize| match &events[i] {
        Event::Heading(title) => title.numbered.as_ref().map(|numbered| (numbered.style, numbered.count())),
        _ => None,
    };
    let next_to = |i: usize, other: usize| match (number(i), number(other)) {
        (Some((a, Some(x))), Some((b, Some(y)))) => a == b && depths[i] == depths[other] && x.abs_diff(y) == 1,
        _ => false,
    };
    for i in bare {
        let at = kept.partition_point(|other| *other < i);
        let beside = kept[..at].last().into_iter().chain(kept.get(at));
        if beside.into_iter().any(|other| next_to(i, *other)) {
            kept.insert(at, i);
        }
    }
    kept.into_iter()
        .filter_map(|i| {
            let Event::Heading(title) = &events[i] else { return None };
            Some(heading_start(i, title, vocabulary))
        })
        .collect()
}

/// Whether an event gives an indicator.
fn indicates(event: &Event<'_>) -> bool {
    match event {
        Event::Entry(entry) => entry.name.is_kpi() && !entry.is_empty(),
        Event::Row(row) => row.head.columns.iter().any(|column| column.name().is_some_and(Name::is_kpi)),
        _ => false,
    }
}

fn heading_start(i: usize, title: &Title<'_>, vocabulary: &Vocabulary) -> Start {
    Start {
        index: i,
        name: clean_name(&title.name, vocabulary),
        number: title.numbered.clone(),
        marks: edge_marks(&title.text.raw(), vocabulary),
        place: title.place.clone(),
        origin: Origin::Heading,
        own_heading: None,
    }
}

/// Where nothing else tells measures: headings that a word of the lower ranks numbers (取組1 …).
pub(super) fn levelled(events: &[Event<'_>], depths: &[Option<usize>], vocabulary: &Vocabulary) -> Vec<Start> {
    let level = |title: &Title<'_>| {
        title.numbered.as_ref().and_then(|numbered| numbered.level.as_ref()).map(|(level, _)| *level)
    };
    let headings: Vec<(usize, &Title<'_>, Level)> = events
        .iter()
        .enumerate()
        .filter_map(|(i, event)| match event {
            Event::Heading(title) if depths[i].is_some() && !title.name.is_empty() => {
                Some((i, title.as_ref(), level(title)?))
            }
            _ => None,
        })
        .collect();
    let Some(lowest) = headings.iter().map(|(_, _, level)| *level).max().filter(|level| *level >= Level::Policy) else {
        return Vec::new();
    };
    headings
        .into_iter()
        .filter(|(_, _, level)| *level == lowest)
        .map(|(i, title, _)| heading_start(i, title, vocabulary))
        .collect()
}
