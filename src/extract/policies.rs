//! Policies: the hierarchy above the measures, from headings, forms, lists and enumerations.

use super::alike::{Names, alike};
use super::cards::{self, Card, Origin};
use super::events::{Entry, Event, Title};
use super::matrix::Matrix;
use super::numbering::{self, Numbered, Style};
use super::policy_headings;
use crate::document::{Place, Text};
use crate::record::{Kpi, Policy};
use crate::vocabulary::{Level, Mark, Meaning, Vocabulary, compact};
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

/// A policy as one place prints it.
struct Printed {
    level: Option<(Option<Level>, String)>,
    numbered: Option<Numbered>,
    title: String,
    at: Place,
    heading: Option<usize>,
    order: usize,
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

fn of_heading(title: &Title<'_>, index: usize, vocabulary: &Vocabulary) -> Option<Printed> {
    let name = policy_title(&title.name, vocabulary);
    let level =
        title.numbered.as_ref().and_then(|numbered| numbered.level.clone()).map(|(level, word)| (Some(level), word));
    (!name.is_empty()).then(|| Printed {
        level,
        numbered: title.numbered.clone(),
        title: name,
        at: title.place.clone(),
        heading: Some(index),
        order: index,
    })
}

fn of_entry(entry: &Entry<'_>, order: usize, vocabulary: &Vocabulary) -> Option<Printed> {
    let text = entry.text();
    if cards::is_sentence(&text, vocabulary) && text.lines.len() == 1 {
        return None;
    }
    let lines: Vec<&crate::document::Line> = text.lines.iter().filter(|line| !line.raw.trim().is_empty()).collect();
    // a description below a title begins with a mark
    let first = lines.first()?;
    let bullets = |line: &crate::document::Line| super::sections::bullet(line, vocabulary).is_some();
    let mut raw = String::new();
    for line in std::iter::once(*first).chain(lines[1..].iter().copied().take_while(|line| !bullets(line))) {
        let number = numbering::leading(&raw, vocabulary).is_some_and(|numbered| numbered.length >= raw.len());
        raw.push_str(if number { " " } else { "" });
        raw.push_str(line.raw.trim());
    }
    let raw = before_mark(&raw, vocabulary);
    let (title, numbered) = cards::split_number(raw, vocabulary);
    let title = policy_title(&title, vocabulary);
    if title.is_empty() || title.chars().count() > 80 {
        return None;
    }
    let word = level_word(&entry.name.heading, vocabulary);
    let own = numbered.as_ref().and_then(|numbered| numbered.level.clone()).map(|(_, word)| word);
    let level = entry
        .name
        .level()
        .map(|level| (Some(level), own.filter(|own| word.is_empty() || own.len() > word.len()).unwrap_or(word)));
    Some(Printed {
        level,
        numbered,
        title,
        at: entry.values.first().map_or_else(|| entry.place.clone(), |piece| piece.place.clone()),
        heading: None,
        order,
    })
}

/// `基本方針` of `基本方針名`.
fn level_word(heading: &str, vocabulary: &Vocabulary) -> String {
    let word = compact(heading);
    let stem = vocabulary
        .marks(Mark::NameSuffix)
        .iter()
        .filter_map(|suffix| word.strip_suffix(suffix.as_str()))
        .min_by_key(|stem| stem.len());
    stem.unwrap_or(&word).to_owned()
}

/// What stands before a description's mark: `1 市民サービスの充実 ◆ 市民が…`.
fn before_mark<'t>(raw: &'t str, vocabulary: &Vocabulary) -> &'t str {
    let mut before = ' ';
    for (i, c) in raw.char_indices() {
        let spaced = before.is_whitespace() && i > 0;
        if spaced && !c.is_alphanumeric() && !matches!(c, '-' | '\u{30fb}') && vocabulary.is_mark_char(Mark::Bullet, c)
        {
            return raw[..i].trim_end();
        }
        before = c;
    }
    raw
}

/// A policy's title without brackets and without the ordinal of a page that goes on (市民サービスの向上②).
fn policy_title(name: &str, vocabulary: &Vocabulary) -> String {
    let mut title = cards::clean_name(name, vocabulary);
    if let Some(last) = title.chars().next_back()
        && numbering::circled(last).is_some()
        && title.chars().count() > 2
    {
        title.truncate(title.len() - last.len_utf8());
    }
    let (open, close) = (title.chars().next(), title.chars().next_back());
    if let (Some(open), Some(close)) = (open, close)
        && super::labels::is_bracket(open, vocabulary, Mark::OpenBracket)
        && super::labels::is_bracket(close, vocabulary, Mark::CloseBracket)
        && title.len() > open.len_utf8() + close.len_utf8()
        && title.chars().filter(|c| *c == open).count() == 1
    {
        title = title[open.len_utf8()..title.len() - close.len_utf8()].to_owned();
    }
    title.trim().to_owned()
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

    /// Whether policies that a document puts one under the other, and elsewhere the other way round, lead back to it.
    fn stands_below_itself(&self, policy: usize) -> bool {
        let above = std::iter::successors(self.drafts[policy].parent, |at| self.drafts[*at].parent);
        above.take(self.drafts.len()).any(|at| at == policy)
    }

    /// A policy's number, joined to its parent's where it is numbered afresh under it.
    fn number(&self, policy: usize) -> Option<String> {
        let draft = &self.drafts[policy];
        let numbered = draft.numbered.as_ref()?;
        let parent = draft.parent.filter(|_| !self.stands_below_itself(policy));
        let Some(parent) = parent.and_then(|parent| self.number(parent)) else {
            return Some(numbered.bare().to_owned());
        };
        let bare = numbered.bare();
        if bare.starts_with(&format!("{parent}-")) {
            return Some(bare.to_owned());
        }
        let afresh =
            numbered.style == Style::Parenthesised || numbered.depth() == 1 && self.is_numbered_afresh(draft, numbered);
        Some(if afresh { format!("{parent}-{bare}") } else { bare.to_owned() })
    }

    /// Whether the policies of one level and style begin with the same numbers again under another parent.
    fn is_numbered_afresh(&self, draft: &Draft, numbered: &Numbered) -> bool {
        let word = |draft: &Draft| draft.level.as_ref().map(|(_, word)| word.clone());
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let peers = self.drafts.iter().filter(|other| word(other) == word(draft));
        peers.filter_map(|other| Some((other.parent?, other.numbered.as_ref()?))).any(|(parent, number)| {
            number.style == numbered.style && *seen.entry(number.bare()).or_insert(parent) != parent
        })
    }

    /// The policies of the record, in document order, with their indicators.
    pub fn finish(&self, mut kpis: BTreeMap<usize, Vec<Kpi>>) -> Vec<Policy> {
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        order.sort_by_key(|&i| (self.root_order(i), self.drafts[i].order));
        // siblings at one depth share their level's word
        let words: BTreeMap<(usize, usize), &String> = self
            .drafts
            .iter()
            .filter_map(|draft| {
                Some((
                    (self.depth(draft), draft.numbered.as_ref().map_or(0, Numbered::depth)),
                    &draft.level.as_ref()?.1,
                ))
            })
            .collect();
        order
            .into_iter()
            .map(|i| {
                let draft = &self.drafts[i];
                let own = draft.level.as_ref().map(|(_, word)| word.clone());
                let shared = draft
                    .numbered
                    .as_ref()
                    .and_then(|numbered| words.get(&(self.depth(draft), numbered.depth())).map(|word| (*word).clone()));
                let kpis = kpis.remove(&i).unwrap_or_default();
                Policy {
                    number: self.number(i),
                    level: own.or(shared),
                    title: draft.title.clone(),
                    parent: draft.parent.and_then(|parent| self.number(parent)),
                    kpis,
                    at: draft.at.clone(),
                }
            })
            .collect()
    }

    fn depth(&self, draft: &Draft) -> usize {
        let mut depth = 0;
        let mut parent = draft.parent;
        while let Some(i) = parent {
            depth += 1;
            if depth > self.drafts.len() {
                break;
            }
            parent = self.drafts[i].parent;
        }
        depth
    }

    /// Where a policy's root comes in the document; a numbered root by its number among its siblings.
    fn root_order(&self, policy: usize) -> usize {
        let mut at = policy;
        for _ in 0..self.drafts.len() {
            match self.drafts[at].parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        self.drafts[at].order
    }
}

/// `基本方針1 …` as a line of its own, or in a cell with its title in the next one.
fn enumerated(
    line: &crate::document::Line,
    next: Option<&Text>,
    order: usize,
    vocabulary: &Vocabulary,
) -> Option<Printed> {
    const TITLE: usize = 50;
    let raw = line.raw.trim();
    let raw =
        raw.trim_start_matches(|c: char| !c.is_alphanumeric() && vocabulary.is_mark_char(Mark::Bullet, c)).trim_start();
    let numbered = numbering::leading(raw, vocabulary).filter(|numbered| numbered.level.is_some())?;
    let rest = &raw[numbered.length..];
    let (title, at) = if rest.trim().is_empty() {
        let next = next.filter(|next| next.lines.len() <= 2)?;
        let raw: String = next.lines.iter().map(|line| line.raw.trim()).collect();
        (policy_title(&raw, vocabulary), next.place.clone()?.union(&line.place))
    } else {
        (policy_title(before_mark(rest, vocabulary), vocabulary), line.place.clone())
    };
    let sentence = vocabulary.marks(Mark::SentenceEnd).iter().any(|end| title.contains(end.as_str()));
    let level = numbered.level.clone().map(|(level, word)| (Some(level), word));
    let quoted =
        rest.trim_start().starts_with(['\u{300c}', '\u{300e}']) && !rest.trim_end().ends_with(['\u{300d}', '\u{300f}']);
    let fits = !title.is_empty()
        && title.chars().count() <= TITLE
        && !sentence
        && !quoted
        && numbering::leading(&title, vocabulary).is_none();
    fits.then_some(Printed { level, numbered: Some(numbered), title, at, heading: None, order })
}
