//! Cards: the stretch of events that describes one measure.
//!
//! A card begins where a form names a measure, where a list's row does, or at a heading over labelled text.

mod headed;

use super::alike::alike;
use super::events::{Entry, Event};
use super::evidence::{evidence, holds_account};
use super::labels::Name;
use super::numbering::{self, Numbered};
use super::outline;
use crate::document::{Line, Place, Text};
use crate::normalise::characters;
use crate::vocabulary::{Label, Level, Mark, Vocabulary, compact};
use std::collections::BTreeSet;
use std::ops::Range;

/// One measure's events.
#[derive(Debug)]
pub(super) struct Card {
    /// Without number.
    pub name: String,
    pub number: Option<Numbered>,
    /// Marks printed around its name (★).
    pub marks: Vec<char>,
    /// Where its name stands.
    pub place: Place,
    /// Its events (indices).
    pub range: Range<usize>,
    /// Headings above it, root first (event indices).
    pub headings: Vec<usize>,
    pub origin: Origin,
    /// The event of a heading that only repeats its name.
    pub own_heading: Option<usize>,
}

/// What a card was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Form,
    List,
    Heading,
}

/// Where a card begins.
struct Start {
    index: usize,
    name: String,
    number: Option<Numbered>,
    marks: Vec<char>,
    place: Place,
    origin: Origin,
    own_heading: Option<usize>,
}

/// The cards of a document, in order.
pub(super) fn find(events: &[Event<'_>], vocabulary: &Vocabulary) -> Vec<Card> {
    let depths = outline::depths(events);
    let mut starts = listed(events, vocabulary);
    starts.extend(formed(events, vocabulary));
    starts.sort_by_key(|start| start.index);
    absorb_headings(&mut starts, events, &depths);
    let taken: BTreeSet<usize> = starts.iter().map(|start| start.index).collect();
    let mut headed = headed::headed(events, &depths, &taken, vocabulary);
    if headed.is_empty() && starts.is_empty() {
        headed = headed::levelled(events, &depths, vocabulary);
    }
    if owned_lists(&starts, events) {
        // beside lists of measures with their owners, a heading over an account is no measure
        headed.retain(|start| {
            let next = (start.index + 1..events.len()).find(|&i| depths[i].is_some()).unwrap_or(events.len());
            let own = &events[start.index + 1..next];
            evidence(own).owner || !holds_account(own)
        });
    }
    starts.extend(headed);
    starts.sort_by_key(|start| start.index);
    let bounds: Vec<usize> = starts.iter().map(|start| start.index).collect();
    let outline: Vec<usize> = (0..events.len()).filter(|&i| depths[i].is_some()).collect();
    let parents = outline::parents(&depths);
    let mut cards: Vec<Card> = Vec::with_capacity(starts.len());
    for (i, start) in starts.into_iter().enumerate() {
        // several names in one cell share its events
        let next = bounds[i + 1..].iter().copied().find(|next| *next > start.index).unwrap_or(events.len());
        let end = close(&start, next, events, &depths, &outline);
        let own = start.own_heading.or((start.origin == Origin::Heading).then_some(start.index));
        let headings = above(start.index.min(own.unwrap_or(start.index)), &parents);
        cards.push(Card {
            name: start.name,
            number: start.number,
            marks: start.marks,
            place: start.place,
            range: start.index..end,
            headings,
            origin: start.origin,
            own_heading: own,
        });
    }
    cards
}

/// Whether lists give several measures, each with an owner.
fn owned_lists(starts: &[Start], events: &[Event<'_>]) -> bool {
    const FEWEST: usize = 5;
    let owned = |start: &Start, end: usize| evidence(&events[start.index..end]).owner;
    let ends = starts.iter().skip(1).map(|start| start.index).chain([events.len()]);
    let lists = starts.iter().zip(ends).filter(|(start, _)| start.origin == Origin::List);
    let (mut all, mut with) = (0, 0);
    for (start, end) in lists {
        all += 1;
        with += usize::from(owned(start, end));
    }
    with >= FEWEST && with == all
}

/// Ends the card that holds an event before it.
pub(super) fn cut(cards: &mut [Card], at: usize) {
    for card in cards.iter_mut().filter(|card| card.range.contains(&at)) {
        card.range.end = at;
    }
}

/// The headings that stand above an event, root first.
fn above(index: usize, parents: &[Option<usize>]) -> Vec<usize> {
    let mut found: Vec<usize> = std::iter::successors(parents[index], |&heading| parents[heading]).collect();
    found.reverse();
    found
}

/// Where a card ends: at the next one, at the end of a list's table, or at a heading that closes what it stands under.
fn close(start: &Start, next: usize, events: &[Event<'_>], depths: &[Option<usize>], outline: &[usize]) -> usize {
    let own = start.own_heading.or((start.origin == Origin::Heading).then_some(start.index));
    let depth = own.and_then(|heading| depths[heading]).or_else(|| {
        let before = outline.partition_point(|&heading| heading < start.index).checked_sub(1)?;
        depths[outline[before]]
    });
    let item = matches!(&events[start.index], Event::Heading(title) if title.item);
    let mut tables = 0usize;
    for (i, event) in events.iter().enumerate().take(next).skip(start.index + 1) {
        match event {
            Event::TableStart => tables += 1,
            Event::TableEnd if start.origin == Origin::List && tables == 0 => return i,
            Event::TableEnd => tables = tables.saturating_sub(1),
            // an item stands under a label of the policy, and the policy's next label ends it
            Event::Entry(entry) if item && tables == 0 && i > start.index + 1 && entry.name.marked => return i,
            Event::Heading(_) => {
                let closes = match (depths[i], depth) {
                    (Some(here), Some(own)) => here <= own,
                    (Some(_), None) => true,
                    (None, _) => false,
                };
                if closes && own != Some(i) {
                    return i;
                }
            }
            _ => {}
        }
    }
    next
}

/// Rows of lists.
fn listed(events: &[Event<'_>], vocabulary: &Vocabulary) -> Vec<Start> {
    let mut starts = Vec::new();
    for (i, event) in events.iter().enumerate() {
        let Event::Entry(entry) = event else { continue };
        if !entry.measure || entry.is_empty() {
            continue;
        }
        // the row's earlier columns belong to the card
        let row = entry.values[0].row;
        let index = (0..i)
            .rev()
            .take_while(|&j| matches!(&events[j], Event::Entry(e) if e.listed && !e.measure && e.values.iter().all(|v| v.row == row)))
            .last()
            .unwrap_or(i);
        // a column of numbers beside the names
        let same_row = |e: &Entry<'_>| e.listed && !e.measure && e.values.iter().all(|v| v.row == row);
        let beside = events[index..].iter().map_while(|event| match event {
            Event::Entry(e) if e.measure || same_row(e) => Some(e),
            _ => None,
        });
        let column = beside.filter(|e| same_row(e) && e.name.is(Label::Number)).find_map(|e| own_number(e, vocabulary));
        let marks = edge_marks(&entry.text().raw(), vocabulary);
        let cells: Vec<&Text> = entry.values.iter().map(|piece| piece.text.as_ref()).collect();
        let names = names_in(&cells, vocabulary);
        let single = names.len() == 1;
        for (name, number) in names {
            let number = number.or_else(|| column.clone().filter(|_| single));
            if single && repeats(starts.last(), &name, number.as_ref(), index, events) {
                continue;
            }
            let (marks, place) = (marks.clone(), entry.place.clone());
            starts.push(Start { index, name, number, marks, place, origin: Origin::List, own_heading: None });
        }
    }
    starts
}

/// Whether a row only names the measure of the row above it again, as lists do that print every cell of every row.
fn repeats(last: Option<&Start>, name: &str, number: Option<&Numbered>, index: usize, events: &[Event<'_>]) -> bool {
    let Some(last) = last.filter(|last| last.name == name && last.number.as_ref() == number) else { return false };
    let ranks = |from: usize| -> Vec<(String, String)> {
        let row = events[from..].iter().map_while(|event| match event {
            Event::Entry(entry) if entry.listed => Some(entry),
            _ => None,
        });
        row.take_while(|entry| !entry.measure)
            .filter(|entry| entry.name.level().is_some())
            .map(|entry| (entry.name.heading.clone(), compact(&entry.text().joined())))
            .collect()
    };
    let between = &events[last.index..index];
    let (above, below) = (ranks(last.index), ranks(index));
    !between.iter().any(|event| matches!(event, Event::TableEnd | Event::Heading(_)))
        && between.iter().any(|event| matches!(event, Event::Row(_)))
        && (below.is_empty() || above == below)
}

/// The names in the cells of an entry: mostly one; several numbered ones in a summary's cell.
pub(super) fn names_in(cells: &[&Text], vocabulary: &Vocabulary) -> Vec<(String, Option<Numbered>)> {
    let mut own_number = None;
    let mut texts: Vec<&Text> = Vec::new();
    for text in cells {
        let raw = text.raw();
        match numbering::leading(&raw, vocabulary) {
            Some(numbered) if numbered.length >= raw.trim_end().len() => own_number = own_number.or(Some(numbered)),
            _ => texts.push(text),
        }
    }
    let items: Vec<(String, Option<Numbered>)> =
        texts.iter().flat_map(|text| text.lines.iter()).flat_map(|line| numbered_items(line, vocabulary)).collect();
    let numbered = items.iter().filter(|(_, number)| number.is_some()).count();
    if numbered >= 2 && numbered == items.len() {
        return items;
    }
    let raw: String = texts.iter().map(|text| joined_raw(text)).collect();
    let (name, number) = split_number(&raw, vocabulary);
    if name.is_empty() { Vec::new() } else { vec![(name, number.or(own_number))] }
}

fn joined_raw(text: &Text) -> String {
    text.lines.iter().map(|line: &Line| line.raw.trim()).collect()
}

/// A name without its number.
pub(super) fn split_number(raw: &str, vocabulary: &Vocabulary) -> (String, Option<Numbered>) {
    let raw = raw.trim();
    match numbering::leading(raw, vocabulary) {
        Some(numbered) if numbered.length < raw.len() => {
            (clean_name(&raw[numbered.length..], vocabulary), Some(numbered))
        }
        _ => (clean_name(raw, vocabulary), None),
    }
}

/// A title without brackets around it and marks before it.
pub(super) fn clean_name(raw: &str, vocabulary: &Vocabulary) -> String {
    let mut name = characters::name(raw);
    while let Some(first) = name.chars().next() {
        let mark = !first.is_alphanumeric() && vocabulary.is_mark_char(Mark::Bullet, first);
        if !mark || name.len() == first.len_utf8() {
            break;
        }
        name.drain(..first.len_utf8());
        name = name.trim_start().to_owned();
    }
    let trailing = |c: char| c.is_whitespace() || !c.is_alphanumeric() && vocabulary.is_mark_char(Mark::Belongs, c);
    name.truncate(name.trim_end_matches(trailing).len());
    name
}

/// The marks before and behind a name.
fn edge_marks(raw: &str, vocabulary: &Vocabulary) -> Vec<char> {
    let (_, number) = split_number(raw, vocabulary);
    let raw = raw.trim();
    let body = &raw[number.map_or(0, |numbered| numbered.length.min(raw.len()))..];
    let is_mark = |c: &char| !c.is_alphanumeric() && vocabulary.is_mark_char(Mark::Belongs, *c);
    let ahead = raw.chars().take_while(is_mark).chain(body.chars().take_while(is_mark));
    let behind = body
        .chars()
        .rev()
        .skip_while(|c| matches!(c, ')' | ']' | '\u{ff09}' | '\u{3011}') || c.is_whitespace())
        .take_while(is_mark);
    let mut marks: Vec<char> = ahead.chain(behind).collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// `(1) A (2) B` in one line, as the items it lists.
fn numbered_items(line: &Line, vocabulary: &Vocabulary) -> Vec<(String, Option<Numbered>)> {
    let raw = line.raw.trim();
    let Some(first) = numbering::leading(raw, vocabulary) else { return vec![(clean_name(raw, vocabulary), None)] };
    let mut cuts = vec![0];
    for (i, c) in raw.char_indices() {
        if c.is_whitespace()
            && let Some(numbered) = numbering::leading(&raw[i..], vocabulary)
            && numbered.style == first.style
            && numbered.length < raw[i..].len()
        {
            cuts.push(i);
        }
    }
    cuts.dedup();
    cuts.push(raw.len());
    cuts.windows(2)
        .map(|cut| split_number(&raw[cut[0]..cut[1]], vocabulary))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// Names in forms: the lowest rank that the document's forms name.
fn formed(events: &[Event<'_>], vocabulary: &Vocabulary) -> Vec<Start> {
    const NAME: usize = 90;
    let candidates: Vec<(usize, &Entry<'_>)> = events
        .iter()
        .enumerate()
        .filter_map(|(i, event)| match event {
            Event::Entry(entry)
                if !entry.listed
                    && names_measure(&entry.name)
                    && !entry.is_empty()
                    && !is_sentence(&entry.text(), vocabulary) =>
            {
                Some((i, entry))
            }
            _ => None,
        })
        .filter(|(_, entry)| {
            entry.values.iter().map(|piece| piece.text.joined().chars().count()).sum::<usize>() <= NAME
        })
        .collect();
    let rank = |entry: &Entry<'_>| entry.name.level().unwrap_or(Level::Project);
    let suffixed: Vec<_> =
        candidates.iter().filter(|(_, e)| e.name.suffixed || e.name.is(Label::Name)).copied().collect();
    let pool = if suffixed.is_empty() {
        // 事業1, 事業2: several forms may stand in one table
        let counted: BTreeSet<(Level, &str)> =
            candidates.iter().filter_map(|(_, e)| Some((e.name.level()?, e.name.ordinal.as_deref()?))).collect();
        let is_counted = |entry: &Entry<'_>| {
            let own = entry.name.level();
            entry.name.ordinal.is_some() && counted.iter().filter(|(level, _)| Some(*level) == own).count() >= 3
        };
        candidates
            .into_iter()
            .filter(|(i, entry)| {
                (begins_table(*i, events) || is_counted(entry)) && titles_form(entry) && described(*i, events)
            })
            .collect::<Vec<_>>()
    } else {
        suffixed
    };
    let Some(lowest) = pool.iter().map(|(_, entry)| rank(entry)).max() else { return Vec::new() };
    let mut starts = Vec::new();
    for (i, entry) in pool.into_iter().filter(|(_, entry)| rank(entry) == lowest) {
        let (index, number) = form_start(events, i, vocabulary);
        let text = entry.text();
        let raw = joined_raw(&text);
        let (mut name, mut in_name) = split_number(&raw, vocabulary);
        if let [first, second] = text.lines.as_slice()
            && let Some(numbered) = numbering::leading(first.raw.trim(), vocabulary)
            && numbered.length == first.raw.trim().len()
        {
            (name, in_name) = (clean_name(&second.raw, vocabulary), Some(numbered));
        }
        if name.is_empty() {
            continue;
        }
        // a number of its own label may stand behind the name
        // 施策1-1 | ○○: the label's own
        let labelled = numbering::leading(&entry.name.heading, vocabulary).filter(|numbered| numbered.level.is_some());
        let number = in_name.or(number).or(labelled).or_else(|| {
            let next = events[i + 1..].iter().take(4).find_map(|event| match event {
                Event::Entry(e) if e.name.is(Label::Number) => Some(e),
                _ => None,
            });
            next.and_then(|e| own_number(e, vocabulary))
        });
        // or in the label: 取組1 | ○○の推進
        let number = number.or_else(|| {
            numbering::leading(&entry.name.heading, vocabulary)
                .filter(|numbered| numbered.level.is_some() && numbered.length == entry.name.heading.len())
        });
        let place = entry.values.iter().map(|piece| piece.place.clone()).fold(entry.place.clone(), |a, b| a.union(&b));
        let marks = edge_marks(&raw, vocabulary);
        starts.push(Start { index, name, number, marks, place, origin: Origin::Form, own_heading: None });
    }
    starts
}

/// Where the form begins that names its measure at an event, and the number printed before the name: number and ranks
/// belong to it, and with them owners and categories where the table begins so.
fn form_start(events: &[Event<'_>], name: usize, vocabulary: &Vocabulary) -> (usize, Option<Numbered>) {
    const DESCRIBING: [Label; 4] = [Label::Category, Label::OwnerLead, Label::OwnerRelated, Label::Period];
    let (mut index, mut number) = (name, None);
    // a field that may as well end the form above
    let mut parted = false;
    let mut behind = None;
    for i in (0..name).rev() {
        match &events[i] {
            Event::Entry(e) if !e.listed && (e.name.is(Label::Number) || e.name.level().is_some()) => {
                let own = e.name.is(Label::Number).then(|| own_number(e, vocabulary)).flatten();
                if parted {
                    behind = behind.or(own);
                    if e.name.suffixed && !e.name.is(Label::Number) {
                        break;
                    }
                } else {
                    index = i;
                    number = number.or(own);
                }
            }
            Event::Entry(e) if !e.listed && !e.is_empty() && !e.name.is(Label::Name) && e.name.is_any(&DESCRIBING) => {
                parted = true;
            }
            // a block's title
            Event::Entry(e) if e.is_empty() => {}
            Event::TableStart => {
                // what is ticked in the title above the form
                let ticked = events[..i].iter().rev();
                let ticked = ticked.take_while(|event| matches!(event, Event::Entry(e) if e.name.is(Label::Category)));
                return (i - ticked.count(), number.or(behind));
            }
            _ => break,
        }
    }
    (index, number)
}

/// Whether a text is a sentence rather than a name.
pub(super) fn is_sentence(text: &Text, vocabulary: &Vocabulary) -> bool {
    let joined = text.joined();
    vocabulary.marks(Mark::SentenceEnd).iter().any(|end| joined.trim_end().ends_with(end.as_str()))
}

fn own_number(entry: &Entry<'_>, vocabulary: &Vocabulary) -> Option<Numbered> {
    let raw = joined_raw(&entry.text());
    let text = raw.trim();
    let counted = numbering::leading(text, vocabulary).filter(|numbered| numbered.length == text.len());
    counted.or_else(|| numbering::code(text))
}

fn names_measure(name: &Name) -> bool {
    name.level().is_some() || name.is(Label::Name)
}

/// Whether what stands beside a bare level word (取組 | ○○) may title a form: one line, or a number and a line.
fn titles_form(entry: &Entry<'_>) -> bool {
    let bare = |piece: &super::events::Piece<'_>| {
        let text = piece.text.joined();
        text.chars().count() <= 6 && text.chars().any(char::is_numeric)
    };
    let piece = match entry.values.as_slice() {
        [piece] => piece,
        [number, piece] if number.row == piece.row && bare(number) => piece,
        _ => return false,
    };
    let lines = piece.text.lines.as_slice();
    match lines {
        [line] => !line.item,
        // a number above the name
        [number, _] => number.raw.trim().len() <= 8 && number.raw.trim().chars().any(|c| c.is_numeric()),
        _ => false,
    }
}

/// Whether an event is among the first of a table.
fn begins_table(index: usize, events: &[Event<'_>]) -> bool {
    const FIRST: usize = 4;
    (0..index).rev().take(FIRST).any(|i| matches!(events[i], Event::TableStart))
}

/// Whether a table's other labels describe what this entry names.
fn described(index: usize, events: &[Event<'_>]) -> bool {
    let from = (0..index).rev().find(|&i| matches!(events[i], Event::TableStart)).unwrap_or(0);
    let until = (index..events.len()).find(|&i| matches!(events[i], Event::TableEnd)).unwrap_or(events.len());
    let evidence = evidence(&events[from..until]);
    evidence.owner || evidence.sections.len() >= 2 || evidence.figures
}

/// A heading that only repeats the name of the form under it belongs to the form's card.
fn absorb_headings(starts: &mut [Start], events: &[Event<'_>], depths: &[Option<usize>]) {
    for start in starts.iter_mut().filter(|start| start.origin == Origin::Form) {
        let Some(heading) = (0..start.index).rev().find(|&i| depths[i].is_some()) else { continue };
        let between = &events[heading + 1..start.index];
        if between
            .iter()
            .any(|event| matches!(event, Event::Entry(entry) if !entry.is_empty()) || matches!(event, Event::Row(_)))
        {
            continue;
        }
        if let Event::Heading(title) = &events[heading]
            && alike(&title.name, &start.name)
        {
            start.index = heading;
            start.own_heading = Some(heading);
            if start.number.is_none() {
                start.number = title.numbered.clone();
            }
        }
    }
}
