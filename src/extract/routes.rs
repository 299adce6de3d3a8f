//! Routes: rows of tables that stand apart from the measures (a roadmap, a list of indicators) and name the measure that
//! each row is about, by its name or by its number under a head that says so.

use super::alike::Known;
use super::cards::{self, Card};
use super::events::{Event, Row};
use super::labels::Name;
use super::numbering::Numbered;
use crate::vocabulary::{Label, Level, Mark, Vocabulary, compact};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// Which rows (by their events) belong to which measures.
#[derive(Debug, Default)]
pub(super) struct Routes {
    measures: BTreeMap<usize, Route>,
    /// Rows that are policies'.
    policies: BTreeSet<usize>,
}

#[derive(Debug)]
struct Route {
    cards: Vec<usize>,
    /// Which of the row's fields names them; none where an entry before the row does.
    field: Option<usize>,
}

impl Routes {
    /// Finds the rows that name measures. A table in which a measure's card begins is read as the card's own.
    pub fn find(events: &[Event<'_>], cards: &[Card], named: &Named<'_>) -> Self {
        let mut found = Routes::default();
        let starts: Vec<usize> = cards.iter().map(|card| card.range.start).collect();
        let mut list = Numbers::new();
        let mut apart = Vec::new();
        for table in tables(events) {
            let first = starts.partition_point(|start| *start < table.start);
            let end = starts.partition_point(|start| *start < table.end);
            if first == end {
                apart.push((table, list.clone()));
            } else {
                list = named.numbers_of(first..end);
            }
        }
        let pointed = apart.iter().map(|(table, list)| pointers(events, table.clone(), list));
        let pointed: Vec<Option<Vec<Option<u32>>>> = pointed.collect();
        let points = !is_count(pointed.iter().flatten());
        for ((table, list), pointed) in apart.into_iter().zip(pointed) {
            let list = if points && pointed.is_some() { list } else { Numbers::new() };
            found.measures.append(&mut of_table(events, table, named, &list));
        }
        found
    }

    /// Whether a row is not its place's: it names whose it is.
    pub fn has(&self, event: usize) -> bool {
        self.measures.contains_key(&event) || self.policies.contains(&event)
    }

    /// Takes out rows that are policies'.
    pub fn give(&mut self, rows: impl Iterator<Item = usize>) {
        self.policies.extend(rows);
    }

    /// The rows that belong to a card, without the field that names it.
    pub fn rows_of<'e, 'a>(&'e self, card: usize, events: &'e [Event<'a>]) -> impl Iterator<Item = Event<'a>> + 'e {
        self.measures.iter().filter(move |(_, route)| route.cards.contains(&card)).filter_map(|(event, route)| {
            let Event::Row(row) = &events[*event] else { return None };
            let fields = row.fields.iter().enumerate().filter(|(i, _)| Some(*i) != route.field);
            let fields = fields.map(|(_, field)| field.clone()).collect();
            // without another label the row is called as its measure is
            Some(Event::Row(Box::new(Row { fields, listed: true, ..Row::clone(row) })))
        })
    }
}

/// The outermost tables.
fn tables(events: &[Event<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = Vec::new();
    for (i, event) in events.iter().enumerate() {
        match event {
            Event::TableStart => open.push(i),
            Event::TableEnd => {
                if let (Some(start), true) = (open.pop(), open.is_empty()) {
                    found.push(start..i);
                }
            }
            _ => {}
        }
    }
    found
}

/// The measures of a list by their numbers.
type Numbers = BTreeMap<u32, usize>;

/// The number printed in each row of a table of indicators, under a head for numbers; none where it gives no indicators,
/// or numbers that the list above does not have.
fn pointers(events: &[Event<'_>], table: Range<usize>, list: &Numbers) -> Option<Vec<Option<u32>>> {
    let mut found = Vec::new();
    for event in &events[table] {
        let Event::Row(row) = event else { continue };
        let heads =
            |test: &dyn Fn(&Name) -> bool| row.head.columns.iter().any(|column| column.name().is_some_and(test));
        if !heads(&Name::is_kpi) || !heads(&|name| name.is(Label::Number)) {
            return None;
        }
        let printed = (0..row.fields.len()).find(|&field| is_number(row, field));
        let number = printed.map(|field| plain_number(row, field));
        if number.is_some_and(|number| number.is_none_or(|number| !list.contains_key(&number))) {
            return None;
        }
        found.push(number.flatten());
    }
    found.first().is_some_and(Option::is_some).then_some(found)
}

/// Whether numbers only count the rows they stand in, each one more than the last or the first again: then they name
/// nothing else.
fn is_count<'n>(tables: impl Iterator<Item = &'n Vec<Option<u32>>>) -> bool {
    let mut last = 0;
    tables.flatten().all(|number| {
        let next = number.is_some_and(|number| number == last + 1 || number == 1 && last != 1);
        last = number.unwrap_or(last);
        next
    })
}

/// Whether a field is under a head for numbers.
fn is_number(row: &Row<'_>, field: usize) -> bool {
    let (name, cell) = &row.fields[field];
    name.as_deref().is_some_and(|name| name.is(Label::Number)) && !cell.text.is_blank()
}

fn plain_number(row: &Row<'_>, field: usize) -> Option<u32> {
    row.fields[field].1.text.joined().trim().parse().ok()
}

fn of_table(events: &[Event<'_>], table: Range<usize>, named: &Named<'_>, list: &Numbers) -> BTreeMap<usize, Route> {
    let in_field = |row: &Row<'_>, field: usize| {
        let pointed = is_number(row, field).then(|| plain_number(row, field)).flatten();
        match pointed.and_then(|number| list.get(&number)) {
            Some(card) => vec![*card],
            None => named.in_field(row, field),
        }
    };
    let rows = || {
        events[table.clone()].iter().enumerate().filter_map(|(i, event)| match event {
            Event::Row(row) => Some((table.start + i, row)),
            _ => None,
        })
    };
    // the columns whose cells mostly name measures
    let mut columns: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    let mut seen = None;
    for (_, row) in rows() {
        for (field, (_, cell)) in row.fields.iter().enumerate().filter(|(i, _)| may_name(row, *i)) {
            if seen.replace(&cell.place) != Some(&cell.place) {
                let counts = columns.entry(cell.column).or_default();
                counts.0 += usize::from(!in_field(row, field).is_empty());
                counts.1 += 1;
            }
        }
    }
    let naming = columns.into_iter().filter(|(_, (found, all))| *found > 0 && found * 2 >= *all);
    let naming = naming.max_by_key(|(column, (found, _))| (*found, u32::MAX - column)).map(|(column, _)| column);
    let mut out = BTreeMap::new();
    // what the last naming cell or entry said, and down to which row it says it
    let mut last: (Vec<usize>, u32) = (Vec::new(), 0);
    for (i, event) in events[table.clone()].iter().enumerate() {
        match event {
            Event::Entry(entry) if entry.measure => {
                last = (named.find(&entry.text().raw(), &compact(&entry.name.heading)), u32::MAX);
            }
            Event::Row(row) => {
                let field = row.fields.iter().position(|(_, cell)| Some(cell.column) == naming);
                let field = field.filter(|field| may_name(row, *field));
                let at = row.values.iter().map(|value| value.cell.row).max().unwrap_or(u32::MAX);
                if let Some(field) = field {
                    let cell = row.fields[field].1;
                    // printed once at the left of the rows that it is about
                    let leads = cell.column <= row.head.start;
                    last = (in_field(row, field), if leads { u32::MAX } else { cell.end_row() });
                }
                if !last.0.is_empty() && (field.is_some() || at < last.1) {
                    out.insert(table.start + i, Route { cards: last.0.clone(), field });
                }
            }
            _ => {}
        }
    }
    out
}

/// Whether a field of a row may name measures: not the indicator's name, nor its unit or note.
fn may_name(row: &Row<'_>, field: usize) -> bool {
    let (name, cell) = &row.fields[field];
    let other = |name: &Name| {
        name.is_kpi() || name.is_figure() || name.is_any(&[Label::Unit, Label::Note, Label::Year, Label::Direction])
    };
    !cell.text.is_blank() && !name.as_deref().is_some_and(other)
}

type IsPolicy<'c> = &'c dyn Fn(&str, &Numbered) -> bool;

/// The measures that rows may name.
pub(super) struct Named<'c> {
    cards: BTreeMap<usize, &'c Card>,
    /// Their names; none where they are too many to be held against others character by character.
    known: Vec<(usize, Known)>,
    exact: HashMap<String, Vec<usize>>,
    /// By the number of the record, or else the one printed at the measure; none where two have it.
    numbers: HashMap<String, Option<usize>>,
    /// Whether a number under a head is a policy's.
    is_policy: IsPolicy<'c>,
    vocabulary: &'c Vocabulary,
}

impl<'c> Named<'c> {
    /// `bodies` are the cards (by index) that are measures, with their numbers in the record.
    pub fn of(
        bodies: impl Iterator<Item = (usize, &'c Card, Option<&'c str>)>,
        is_policy: IsPolicy<'c>,
        vocabulary: &'c Vocabulary,
    ) -> Self {
        let mut cards = BTreeMap::new();
        let mut exact: HashMap<String, Vec<usize>> = HashMap::new();
        let (mut numbers, mut printed) = (HashMap::new(), HashMap::new());
        let add = |numbers: &mut HashMap<String, Option<usize>>, number: &str, card: usize| {
            numbers.entry(bare(number)).and_modify(|seen| *seen = None).or_insert(Some(card));
        };
        for (i, card, number) in bodies {
            cards.insert(i, card);
            exact.entry(compact(&card.name)).or_default().push(i);
            if let Some(number) = number {
                add(&mut numbers, number, i);
            }
            if let Some(number) = &card.number {
                add(&mut printed, &number.number, i);
            }
        }
        for (number, card) in printed {
            numbers.entry(number).or_insert(card);
        }
        const MOST: usize = 500;
        let named = cards.iter().filter(|_| cards.len() <= MOST);
        let known = named.map(|(i, card)| (*i, Known::of(&card.name))).collect();
        Named { cards, known, exact, numbers, is_policy, vocabulary }
    }

    /// The measures among some cards by their numbers; empty where two have the same.
    fn numbers_of(&self, cards: Range<usize>) -> Numbers {
        let mut found = Numbers::new();
        for (i, card) in self.cards.range(cards) {
            let number = card.number.as_ref().and_then(|number| number.bare().parse().ok());
            if number.is_some_and(|number| found.insert(number, *i).is_some()) {
                return Numbers::new();
            }
        }
        found
    }

    /// The measures that a field of a row names.
    fn in_field(&self, row: &Row<'_>, field: usize) -> Vec<usize> {
        let cell = row.fields[field].1;
        let heading = row.head.field_at(cell.column).map(|(column, _)| compact(&column.heading));
        self.find(&cell.text.raw(), &heading.unwrap_or_default())
    }

    /// The measures that a text under a head names: one by its name, or some by their numbers.
    fn find(&self, raw: &str, heading: &str) -> Vec<usize> {
        if let Some(card) = self.one(&raw.replace('\n', ""), heading) {
            return vec![card];
        }
        let mut parts = vec![raw];
        for separator in self.vocabulary.marks(Mark::Separator) {
            parts = parts.iter().flat_map(|part| part.split(separator.as_str())).collect();
        }
        let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
        parts.map(|part| self.one(part, heading)).collect::<Option<Vec<usize>>>().unwrap_or_default()
    }

    /// Whether a head says that the numbers below it are of measures: 関連する取組, 施策番号.
    fn heads_numbers(&self, heading: &str) -> bool {
        let labels = &self.vocabulary.labels;
        let level = labels.level_ending(heading).or_else(|| labels.leading_level(heading).map(|(level, _)| level));
        level.is_some_and(|level| level >= Level::Policy)
    }

    fn one(&self, raw: &str, heading: &str) -> Option<usize> {
        const SHORTEST: usize = 3;
        let number = super::numbering::leading(raw, self.vocabulary);
        if let Some(number) = number.as_ref().filter(|number| raw[number.length..].trim().is_empty()) {
            let told = number.level.is_some() || number.number.contains(|c: char| !c.is_ascii_digit());
            let card = self.numbers.get(&bare(&number.number)).copied().flatten();
            return card.filter(|_| (told || self.heads_numbers(heading)) && !(self.is_policy)(heading, number));
        }
        let (name, _) = cards::split_number(raw, self.vocabulary);
        if name.chars().count() < SHORTEST {
            return None;
        }
        let found: Vec<usize> = match self.exact.get(&compact(&name)) {
            Some(found) => found.clone(),
            None if self.known.is_empty() => Vec::new(),
            None => {
                let name = Known::of(&name);
                self.known.iter().filter(|(_, known)| known.is_alike(&name)).map(|(i, _)| *i).collect()
            }
        };
        let agrees = |i: &&usize| match (&number, &self.cards[*i].number) {
            (Some(a), Some(b)) => a.style != b.style || bare(&a.number) == bare(&b.number),
            _ => true,
        };
        let mut agreeing = found.iter().filter(agrees);
        agreeing.next().copied().filter(|_| agreeing.next().is_none())
    }
}

/// A number without parentheses and leading zeros, for holding against others.
fn bare(number: &str) -> String {
    let parts = number.split('-').map(|part| part.trim_matches(['(', ')']).trim_start_matches('0'));
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}
