//! Policies: the hierarchy above the measures, from headings, forms, lists and enumerations.

mod numbers;
mod printed;

use super::alike::{Names, alike};
use super::cards::{self, Card, Origin};
use super::events::{Entry, Event};
use super::matrix::Matrix;
use super::numbering::{self, Numbered};
use super::policy_headings;
use crate::document::Place;
use crate::vocabulary::{Level, Meaning, Vocabulary, compact};
use printed::{Printed, enumerated, of_entry, of_heading};
use std::collections::{BTreeMap, HashMap};

/// A policy that is being gathered.
#[derive(Debug)]
struct Draft {
    level: Option<(Option<Level>, String)>,
    numbered: Option<Numbered>,
    title: String,
    parent: Option<usize>,
    at: Place,
    /// The heading it was found at, for its own indicators.
    heading: Option<usize>,
    order: usize,
}

/// The policies of a document and, for each card, which it stands under (root first).
#[derive(Default)]
pub(super) struct Hierarchy {
    drafts: Vec<Draft>,
    /// The drafts' titles.
    titles: Names,
    /// The drafts of each title without white space, in order.
    by_title: HashMap<String, Vec<usize>>,
    pub of_card: Vec<Vec<usize>>,
    /// Cards that only give a policy's indicators, and the policy.
    as_policies: BTreeMap<usize, usize>,
}

/// Gathers the policies above the cards; `bodies` tells cards that describe a measure from lines of summaries. `title` is the plan's own, which is no policy.
pub(super) fn gather(
    events: &[Event<'_>],
    depths: &[Option<usize>],
    cards: &[Card],
    bodies: &[bool],
    matrices: &[Matrix],
    title: &str,
    vocabulary: &Vocabulary,
) -> Hierarchy {
    let mut hierarchy = Hierarchy::default();
    let over = policy_headings::find(events, depths, cards, bodies, title, vocabulary);
    let columns = listed_policies(events);
    for card in cards {
        let mut chain: Vec<Printed> = Vec::new();
        for &heading in card.headings.iter().filter(|heading| over.contains(heading)) {
            if let Event::Heading(title) = &events[heading] {
                chain.extend(of_heading(title, heading, vocabulary));
            }
        }
        let stated = match card.origin {
            Origin::List => columns.get(&card.range.start).map(Vec::as_slice).unwrap_or_default().to_vec(),
            _ => formed_policies(events, card),
        };
        for (index, entry) in stated.into_iter().filter_map(|i| Some((i, as_entry(&events[i])?))) {
            if let Some(printed) = of_entry(entry, index, vocabulary)
                && !chain.iter().any(|above| alike(&above.title, &printed.title))
            {
                chain.push(printed);
            }
        }
        let mut parent = None;
        let mut own = Vec::new();
        for printed in chain {
            let index = hierarchy.add(printed, parent);
            own.push(index);
            parent = Some(index);
        }
        hierarchy.of_card.push(own);
    }
    hierarchy.enumerations(events, vocabulary);
    hierarchy.matrices(cards, matrices, vocabulary);
    hierarchy
}

fn as_entry<'e, 'a>(event: &'e Event<'a>) -> Option<&'e Entry<'a>> {
    match event {
        Event::Entry(entry) => Some(entry),
        _ => None,
    }
}

/// The entries of a form that name ranks above its measure.
fn formed_policies(events: &[Event<'_>], card: &Card) -> Vec<usize> {
    let entries = || {
        events[card.range.clone()]
            .iter()
            .enumerate()
            .filter_map(|(i, event)| Some((card.range.start + i, as_entry(event)?)))
    };
    let ranked = |name: &super::labels::Name| name.meanings.iter().all(|m| matches!(m, Meaning::Level(_)));
    let named = entries().filter(|(_, e)| !e.listed && e.name.level().is_some() && ranked(&e.name) && !e.is_empty());
    let own = named
        .clone()
        .filter(|(_, e)| alike(&e.text().joined(), &card.name) || e.text().joined().ends_with(&card.name))
        .map(|(_, e)| e.name.level())
        .max()
        .flatten();
    let mut found: Vec<(usize, Level)> = named
        .filter_map(|(i, e)| Some((i, e.name.level()?)))
        .filter(|(_, level)| own.is_none_or(|own| *level < own))
        .filter(|(_, level)| *level <= Level::Initiative)
        .collect();
    let short = |i: &usize| {
        as_entry(&events[*i]).is_some_and(|e| {
            e.text().joined().chars().count() <= 60 && e.values.iter().all(|p| p.text.lines.len() <= 3)
        })
    };
    found.retain(|(i, _)| short(i));
    found.sort_by_key(|(i, level)| (*level, *i));
    found.into_iter().map(|(i, _)| i).collect()
}

/// For each list row (by the event its card begins with) the policy cells in force, left to right.
fn listed_policies(events: &[Event<'_>]) -> BTreeMap<usize, Vec<usize>> {
    let mut out = BTreeMap::new();
    let mut current: Vec<(String, usize)> = Vec::new();
    let mut row_start: Option<(usize, u32)> = None;
    for (i, event) in events.iter().enumerate() {
        match event {
            Event::TableStart => {
                current.clear();
                row_start = None;
            }
            Event::Entry(entry) if entry.listed => {
                let row = entry.values.first().map_or(0, |piece| piece.row);
                if row_start.is_none_or(|(_, r)| r != row) {
                    row_start = Some((i, row));
                }
                if entry.measure {
                    let start = row_start.map_or(i, |(start, _)| start);
                    out.insert(start, current.iter().map(|(_, index)| *index).collect());
                    out.insert(i, current.iter().map(|(_, index)| *index).collect());
                } else if entry.name.level().is_some() {
                    if let Some(position) = current.iter().position(|(heading, _)| *heading == entry.name.heading) {
                        current.truncate(position);
                    }
                    current.push((entry.name.heading.clone(), i));
                }
            }
            _ => {}
        }
    }
    out
}

impl Hierarchy {
    fn add(&mut self, printed: Printed, parent: Option<usize>) -> usize {
        let titled = self.by_title.entry(compact(&printed.title)).or_default();
        let same = titled.iter().copied().find(|&i| {
            let draft = &self.drafts[i];
            let number = match (&draft.numbered, &printed.numbered) {
                (Some(a), Some(b)) => a.bare() == b.bare(),
                _ => true,
            };
            let relatives = draft.parent == parent || draft.parent.is_none() || parent.is_none();
            relatives && (number || draft.parent == parent)
        });
        if let Some(i) = same {
            let draft = &mut self.drafts[i];
            draft.level = draft.level.take().or(printed.level);
            draft.numbered = draft.numbered.take().or(printed.numbered);
            draft.parent = draft.parent.or(parent.filter(|parent| *parent != i));
            draft.heading = draft.heading.or(printed.heading);
            return i;
        }
        titled.push(self.drafts.len());
        self.titles.push(&printed.title);
        self.drafts.push(Draft {
            level: printed.level,
            numbered: printed.numbered,
            title: printed.title,
            parent,
            at: printed.at,
            heading: printed.heading,
            order: printed.order,
        });
        self.drafts.len() - 1
    }

    /// Policies that the text enumerates by a level's word (基本方針4 …): siblings of those found, or, where none was found,
    /// all of them.
    fn enumerations(&mut self, events: &[Event<'_>], vocabulary: &Vocabulary) {
        let mut found: Vec<Printed> = Vec::new();
        for (i, event) in events.iter().enumerate() {
            match event {
                Event::Heading(title)
                    if title.numbered.as_ref().is_some_and(|numbered| numbered.level.is_some())
                        && !title.name.is_empty() =>
                {
                    found.extend(of_heading(title, i, vocabulary));
                }
                Event::Entry(entry)
                    if !entry.listed && entry.name.level().is_some() && entry.name.ordinal.is_some() =>
                {
                    // 基本方針1 | ○○ as label and value
                    let numbered =
                        numbering::leading(&entry.name.heading, vocabulary).filter(|numbered| numbered.level.is_some());
                    if let (Some(numbered), Some(printed)) = (numbered, of_entry(entry, i, vocabulary)) {
                        let level = numbered.level.clone().map(|(level, word)| (Some(level), word));
                        found.push(Printed { level, numbered: Some(numbered), ..printed });
                    }
                }
                Event::Text(text) => {
                    let next = match events.get(i + 1) {
                        Some(Event::Text(next)) => Some(next.as_ref()),
                        _ => None,
                    };
                    for line in &text.lines {
                        found.extend(enumerated(line, next, i, vocabulary));
                    }
                }
                _ => {}
            }
        }
        let none = self.drafts.is_empty();
        let ranks: BTreeMap<String, usize> = found.iter().fold(BTreeMap::new(), |mut counts, printed| {
            if let Some((_, word)) = &printed.level {
                *counts.entry(word.clone()).or_default() += 1;
            }
            counts
        });
        for printed in found {
            let Some((level, word)) = printed.level.clone() else { continue };
            let same_title = self.titles.first_alike(&printed.title);
            if let Some(i) = same_title {
                let draft = &mut self.drafts[i];
                if draft.level.is_none() {
                    draft.level = Some((level, word));
                }
                if draft.numbered.is_none() {
                    draft.numbered = printed.numbered;
                }
                continue;
            }
            let siblings: Vec<&Draft> =
                self.drafts.iter().filter(|draft| draft.level.as_ref().is_some_and(|(_, own)| *own == word)).collect();
            let number = printed.numbered.as_ref().map(|numbered| numbered.number.clone());
            let taken = siblings.iter().any(|draft| draft.numbered.as_ref().map(|n| n.bare().to_owned()) == number);
            let top = siblings.iter().all(|draft| draft.parent.is_none());
            let enough = ranks.get(&word).is_some_and(|count| *count >= 2);
            let policy_rank = level.is_some_and(|level| level <= Level::Strategy);
            if !taken && (none && enough && policy_rank || !siblings.is_empty() && top) {
                self.add(printed, None);
            }
        }
    }

    /// Columns of a matrix that head policies give their measures their policies.
    fn matrices(&mut self, cards: &[Card], matrices: &[Matrix], vocabulary: &Vocabulary) {
        for matrix in matrices {
            let columns: Vec<Option<usize>> = matrix
                .columns
                .iter()
                .map(|head| {
                    let (title, _) = cards::split_number(head, vocabulary);
                    self.titles.first_alike(&title).into_iter().chain(self.titles.first_alike(head)).min()
                })
                .collect();
            if columns.iter().all(Option::is_none) {
                continue;
            }
            for (card, own) in cards.iter().zip(&mut self.of_card) {
                let Some(row) = matrix.row_of(&card.name, card.number.as_ref()) else { continue };
                for (policy, mark) in columns.iter().zip(&row.marks) {
                    if let (Some(policy), Some(_)) = (policy, mark)
                        && !own.contains(policy)
                    {
                        own.push(*policy);
                    }
                }
            }
        }
    }

    /// The headings that policies were found at, and the policies.
    pub fn headings(&self) -> impl Iterator<Item = (usize, usize)> {
        self.drafts.iter().enumerate().filter_map(|(i, draft)| Some((draft.heading?, i)))
    }

    /// The policy whose indicators a card gives, where it is no measure.
    pub fn as_policy(&self, card: usize) -> Option<usize> {
        self.as_policies.get(&card).copied()
    }

    /// Takes a card of a list for the policy of its name, where the document has one; whether it does.
    pub fn claim(&mut self, card: usize, name: &str) -> bool {
        let own = &self.of_card[card];
        let found = self.drafts.iter().position(|draft| draft.heading.is_some() && alike(&draft.title, name));
        let found = found.filter(|policy| !own.contains(policy));
        if let Some(policy) = found {
            self.as_policies.insert(card, policy);
        }
        found.is_some()
    }

    /// All policies, in the order they were found.
    pub fn policies(&self) -> std::ops::Range<usize> {
        0..self.drafts.len()
    }

    /// The policy above another.
    pub fn parent(&self, policy: usize) -> Option<usize> {
        self.drafts[policy].parent
    }

    /// The policy of a title.
    pub fn titled(&self, title: &str) -> Option<usize> {
        (!title.is_empty()).then(|| self.titles.first_alike(title)).flatten()
    }

    /// The policy that a level's word and a number name.
    pub fn numbered(&self, word: &str, number: &str) -> Option<usize> {
        let word = compact(word);
        let fits = |draft: &Draft| draft.level.as_ref().is_some_and(|(_, own)| *own == word);
        (0..self.drafts.len()).find(|&i| fits(&self.drafts[i]) && self.number(i).as_deref() == Some(number))
    }

    /// Whether a number is a policy's by the word before it (施策1-1) or over it (関連する施策).
    pub fn is_numbered(&self, heading: &str, numbered: &Numbered) -> bool {
        let word = numbered.level.as_ref().map_or(heading, |(_, word)| word.as_str());
        let fits = |draft: &Draft| {
            draft
                .level
                .as_ref()
                .is_some_and(|(_, own)| !own.is_empty() && (word.starts_with(own) || word.ends_with(own)))
        };
        (0..self.drafts.len()).any(|i| fits(&self.drafts[i]) && self.number(i).as_deref() == Some(numbered.bare()))
    }

    /// The policy of the highest rank that a number alone names in the style of its own: Ⅱ.
    pub fn styled(&self, numbered: &Numbered) -> Option<usize> {
        let fits = |draft: &Draft| {
            draft.parent.is_none()
                && draft
                    .numbered
                    .as_ref()
                    .is_some_and(|own| own.style == numbered.style && own.number == numbered.number)
        };
        self.drafts.iter().position(fits)
    }

    /// Whether a text is a policy's title.
    pub fn has_title(&self, title: &str) -> bool {
        self.titles.first_alike(title).is_some()
    }

    /// The titles of a card's policies, root first.
    pub fn titles(&self, card: usize) -> Vec<String> {
        self.of_card[card].iter().map(|&policy| self.drafts[policy].title.clone()).collect()
    }

    /// The final number of the deepest numbered policy of a card.
    pub fn number_above(&self, card: usize) -> Option<String> {
        self.of_card[card].last().and_then(|&policy| self.number(policy))
    }
}
