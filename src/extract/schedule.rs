//! Schedule: what is to be done in which span of time, from cells, marks, merged cells, bars and arrows.

use super::activities::without_ordinal;
use super::events::{Aligned, Entry, Row};
use super::heads::{self, ColumnKind};
use super::labels::Name;
use super::owners;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Cell, Colour, Overlay, OverlayShape, Place};
use crate::normalise::periods::{self, When};
use crate::normalise::values;
use crate::record::{Basis, Month, Owner, Period, Role, ScheduleItem, Value, ValueKind};
use crate::vocabulary::{Label, Mark, Vocabulary};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a document's legends say.
#[derive(Debug, Default)]
pub(super) struct Legend {
    /// A mark in a year cell and what it says.
    pub marks: BTreeMap<String, String>,
    /// A colour of bars and whose they are.
    pub colours: BTreeMap<Colour, String>,
}

/// The schedule items of one row of a year grid.
pub(super) fn of_row(
    row: &Row<'_>,
    measure: &str,
    faithful: bool,
    legend: &Legend,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
    out: &mut Vec<ScheduleItem>,
) {
    if only_figures(row, vocabulary) {
        let message = "figures stand under years, and nothing says of what";
        diagnostics.push(Diagnostic::new(Code::UnparsedValue, message, Some(row.place.clone())));
        return;
    }
    let mut names = row_names(row, vocabulary);
    if row.listed && names.text.is_none() {
        // the row of a list is its measure's
        names.text = Some(measure.to_owned());
    }
    let (label, names) = (names.label, names.text);
    let mut items = Items { row, label, names, faithful, legend, vocabulary, before: out, found: Vec::new() };
    let taken = items.overlays();
    items.cells(&taken);
    let mut found = items.found;
    found.retain(|item| {
        let noise = is_noise(&item.text);
        if noise {
            let message = format!("`{}` is no text that can be read", item.text);
            diagnostics.push(Diagnostic::new(Code::UnparsedValue, message, Some(item.at.clone())));
        }
        !noise
    });
    if found.is_empty() {
        let label = row.fields.last().map(|(_, cell)| *cell);
        let step = |(name, _): &(Option<Rc<Name>>, &Cell)| name.as_ref().is_some_and(|n| n.is(Label::ScheduleItem));
        let named = !row.listed || row.fields.iter().any(step);
        if let (Some(text), Some(cell)) = (row_text(row, vocabulary), label)
            && named
        {
            found.push(item(None, text, None, Basis::None, cell.place.clone()));
        }
    }
    for item in &found {
        if item.basis == Basis::None {
            let message = format!("the source does not say when `{}` takes place", item.text);
            diagnostics.push(Diagnostic::new(Code::ScheduleSpanUnknown, message, Some(item.at.clone())));
        }
    }
    found.sort_by_key(|item| item.start);
    out.extend(found);
}

fn item(
    label: Option<String>,
    text: String,
    period: Option<(Month, Option<Month>)>,
    basis: Basis,
    at: Place,
) -> ScheduleItem {
    let (start, end) = period.map_or((None, None), |(start, end)| (Some(start), end));
    ScheduleItem { label, text, start, end, basis, owners: Vec::new(), at }
}

/// The trace of a drawing that a conversion took for characters: `****`, `0000000`.
fn is_noise(text: &str) -> bool {
    const RUN: usize = 5;
    let mut chars = text.chars().filter(|c| !c.is_whitespace());
    let first = chars.next();
    text.chars().count() >= RUN && chars.all(|c| Some(c) == first) || !text.chars().any(char::is_alphanumeric)
}

struct RowNames {
    label: Option<String>,
    text: Option<String>,
}

/// What a row is called: its label where its cells have texts of their own, and its text where they have none.
fn row_names(row: &Row<'_>, vocabulary: &Vocabulary) -> RowNames {
    let label = row
        .fields
        .iter()
        .rev()
        .find(|(name, _)| !name.as_deref().is_some_and(is_aside))
        .map(|(_, cell)| one_line(cell));
    RowNames { label, text: row_text(row, vocabulary) }
}

/// A row's label as the text of an activity.
fn row_text(row: &Row<'_>, vocabulary: &Vocabulary) -> Option<String> {
    let (_, cell) = row.fields.iter().rev().find(|(name, _)| !name.as_deref().is_some_and(is_aside))?;
    let text = one_line(cell);
    let stripped = without_ordinal(&text, vocabulary);
    Some(if stripped.is_empty() { text } else { stripped })
}

fn is_aside(name: &Name) -> bool {
    name.is_kpi() || name.is_any(&[Label::Unit, Label::Note, Label::Direction, Label::OwnerLead, Label::OwnerRelated])
}

fn one_line(cell: &Cell) -> String {
    let lines: Vec<&str> = cell.text.lines.iter().map(|line| line.text.trim()).collect();
    lines.iter().fold(String::new(), |text, line| crate::normalise::characters::join(&text, line))
}

struct Items<'r, 'a> {
    row: &'r Row<'a>,
    label: Option<String>,
    names: Option<String>,
    faithful: bool,
    legend: &'r Legend,
    vocabulary: &'r Vocabulary,
    /// The items of the rows above.
    before: &'r [ScheduleItem],
    found: Vec<ScheduleItem>,
}

impl Items<'_, '_> {
    /// Bars and arrows; returns the cells whose text they took.
    fn overlays(&mut self) -> Vec<bool> {
        let mut taken = vec![false; self.row.values.len()];
        let overlays: Vec<&Overlay> = self.row.overlays.clone();
        for overlay in overlays {
            match overlay.shape {
                OverlayShape::Lost => self.push_lost(overlay, None),
                OverlayShape::Stated => {
                    let stated = overlay.text.as_ref().map(|text| text.joined()).unwrap_or_default();
                    let mention = periods::find(&stated, self.vocabulary).into_iter().next();
                    self.push_lost(overlay, mention.map(|mention| mention.when.period));
                }
                _ => {
                    let Some((first, last)) = self.columns_under(overlay) else { continue };
                    let own = overlay
                        .text
                        .as_ref()
                        .map(|text| text.joined().trim().to_owned())
                        .filter(|text| !text.is_empty());
                    // a bar over a cell with text is that text's
                    let under =
                        self.row.values.iter().position(|value| {
                            value.first <= last && value.last >= first && !value.cell.text.is_blank()
                        });
                    let beneath = under.filter(|&i| own.is_none() && !taken[i]);
                    if let Some(i) = beneath {
                        taken[i] = true;
                    }
                    let place =
                        beneath.map_or(overlay.place.clone(), |i| overlay.place.union(&self.row.values[i].cell.place));
                    let text = own.or_else(|| beneath.map(|i| self.row.values[i].cell.text.joined().into_owned()));
                    let period = self.span(first, last);
                    let owners = self.owners_of(overlay.colour, &overlay.place);
                    let (label, text) = match text {
                        Some(text) => (self.label.clone(), text),
                        None => (None, self.names.clone().unwrap_or_default()),
                    };
                    if text.is_empty() {
                        continue;
                    }
                    let place = if label.is_some() { place } else { self.row.place.clone() };
                    let text = self.strip(&text);
                    let item = ScheduleItem { owners, ..item(label, text, Some(period), Basis::Arrow, place) };
                    if overlay.row_span < 2 || !self.is_of_row_above(&item) {
                        self.found.push(item);
                    }
                }
            }
        }
        taken
    }

    /// Whether a shape over several rows gave the same item in a row above already.
    fn is_of_row_above(&self, item: &ScheduleItem) -> bool {
        let key = |item: &ScheduleItem| (item.start, item.end, item.basis);
        self.before.iter().any(|other| other.text == item.text && other.label == item.label && key(other) == key(item))
    }

    fn push_lost(&mut self, overlay: &Overlay, period: Option<Period>) {
        let Some(text) = self.names.clone() else { return };
        let place = self.row.fields.last().map_or_else(|| overlay.place.clone(), |(_, cell)| cell.place.clone());
        let (span, basis) = match period {
            Some(period) => (Some((period.start, Some(period.end))), Basis::Text),
            None => (None, Basis::None),
        };
        let place = if period.is_some() { place.union(&overlay.place) } else { place };
        if !self.found.iter().any(|item| item.text == text && item.start == span.map(|(start, _)| start)) {
            self.found.push(item(None, text, span, basis, place));
        }
    }

    /// The value columns that a shape covers: its ends lie where the eye sees them, give or take a quarter of a column.
    fn columns_under(&self, overlay: &Overlay) -> Option<(usize, usize)> {
        const SLACK: f32 = 0.3;
        let times: Vec<(usize, f32, f32)> = self
            .row
            .head
            .times()
            .map(|(i, _)| (i, self.row.head.columns[i].start as f32, self.row.head.columns[i].end as f32))
            .collect();
        let (first_edge, last_edge) = (times.first()?.1, times.last()?.2);
        let start = overlay.start.max(first_edge);
        let end = overlay.end.min(last_edge);
        if end <= start {
            return None;
        }
        let width = |(_, from, to): &(usize, f32, f32)| to - from;
        let covered: Vec<usize> = times
            .iter()
            .filter(|column| {
                let overlap = end.min(column.2) - start.max(column.1);
                overlap > SLACK * width(column)
                    || overlap > 0.0 && end - start < width(column) && overlap >= (end - start) / 2.0
            })
            .map(|column| column.0)
            .collect();
        Some((*covered.first()?, *covered.last()?))
    }

    fn when(&self, column: usize) -> Option<&When> {
        match &self.row.head.columns[column].kind {
            ColumnKind::Time(when, heads::Role::Plain) => Some(when),
            ColumnKind::Time(when, role) if *role != heads::Role::Budget && !self.row.head.is_mixed() => Some(when),
            _ => None,
        }
    }

    fn span(&self, first: usize, last: usize) -> (Month, Option<Month>) {
        let start = (first..=last).find_map(|i| self.when(i)).map(|when| when.period.start);
        let end = (first..=last).rev().find_map(|i| self.when(i)).map(|when| when.period.end);
        (start.unwrap_or(Month { year: 0, month: 1 }), end)
    }

    /// The stage of work that a legend says a colour stands for.
    fn stage_of(&self, colour: Colour) -> Option<&str> {
        nearest(colour, &self.legend.colours).filter(|name| self.is_stage(name))
    }

    fn is_stage(&self, name: &str) -> bool {
        self.vocabulary.marks(Mark::Stage).iter().any(|end| name.ends_with(end.as_str()))
    }

    fn owners_of(&self, colour: Option<Colour>, place: &Place) -> Vec<Owner> {
        let name = colour.and_then(|colour| nearest(colour, &self.legend.colours)).filter(|name| !self.is_stage(name));
        name.map(|name| owners::of_text(name, Role::Lead, place, self.vocabulary)).unwrap_or_default()
    }

    fn strip(&self, text: &str) -> String {
        let (lines, _) = super::sections::lines_and_items(
            &crate::document::Text::of(
                text.lines()
                    .map(|line| crate::document::Line { raw: line.into(), text: line.into(), ..Default::default() })
                    .collect(),
            ),
            self.vocabulary,
        );
        lines.join("\n")
    }

    /// Texts, marks and filled cells.
    fn cells(&mut self, taken: &[bool]) {
        let values: Vec<(usize, usize, &Cell, String)> = self
            .row
            .values
            .iter()
            .zip(taken)
            .filter(|(value, taken)| !**taken && self.when(value.first).is_some())
            .map(|(value, _)| (value.first, value.last, value.cell, value.cell.text.joined().trim().to_owned()))
            .collect();
        let values = self.join_letters(values);
        let columns: usize = self.row.head.times().filter(|(i, _)| self.when(*i).is_some()).count();
        let filled_columns: usize =
            values.iter().filter(|(.., text)| !text.is_empty()).map(|(first, last, ..)| last - first + 1).sum();
        let marks: Vec<bool> = values.iter().map(|(.., text)| self.is_mark(text)).collect();
        let complete = filled_columns >= columns;
        let bars = self.bars(&values);
        let mut i = 0;
        while i < values.len() {
            let (first, last, cell, text) = &values[i];
            if let Some((end, colour)) = bars.get(&i) {
                let last = values[*end].1;
                let inside = (i..=*end).find(|&j| !values[j].3.is_empty() && !marks[j]);
                let owners = self.owners_of(Some(*colour), &cell.place);
                let (label, text) = match (inside, self.stage_of(*colour)) {
                    (Some(j), _) => (self.label.clone(), values[j].3.clone()),
                    (None, Some(stage)) => (self.names.clone(), stage.to_owned()),
                    (None, None) => (None, self.names.clone().unwrap_or_default()),
                };
                if !text.is_empty() {
                    let place =
                        if inside.is_some() { cell.place.union(&values[*end].2.place) } else { self.row.place.clone() };
                    let text = self.strip(&text);
                    let span = self.span(*first, last);
                    self.found.push(ScheduleItem { owners, ..item(label, text, Some(span), Basis::Arrow, place) });
                }
                i = end + 1;
                continue;
            }
            if text.is_empty() {
                i += 1;
                continue;
            }
            if marks[i] {
                // an unbroken run of marks is one item named after its row
                let meaning = self.legend.marks.get(text.as_str()).cloned();
                let mut end = i;
                while end + 1 < values.len() {
                    let next = &values[end + 1];
                    let same = if meaning.is_some() {
                        next.3 == *text
                    } else {
                        marks[end + 1] && !self.legend.marks.contains_key(&next.3)
                    };
                    if !same || next.0 != values[end].1 + 1 {
                        break;
                    }
                    end += 1;
                }
                let span = self.span(*first, values[end].1);
                let (label, name) = match meaning {
                    Some(meaning) => (self.label.clone(), Some(meaning)),
                    None => (None, self.names.clone()),
                };
                if let Some(name) = name {
                    self.found.push(item(label, name, Some(span), Basis::Text, self.row.place.clone()));
                }
                i = end + 1;
                continue;
            }
            // → in the cells behind a text carries it on
            let body = self.without_carry(text);
            let mut end = i;
            while end + 1 < values.len() && self.is_carry(&values[end + 1].3) && values[end + 1].0 == values[end].1 + 1
            {
                end += 1;
            }
            let carried = end > i;
            let span = self.span(*first, values[end].1);
            let (period, basis) = if carried {
                (span, Basis::Text)
            } else if last > first {
                (span, Basis::Merged)
            } else {
                ((span.0, span.1.filter(|_| complete)), Basis::Cell)
            };
            let place = cell.place.union(&values[end].2.place);
            let text = self.strip(&body);
            if !text.is_empty() {
                self.found.push(item(self.label.clone(), text, Some(period), basis, place));
            }
            i = end + 1;
        }
    }

    /// A word whose characters were set over neighbouring cells (整 | 備) is one text.
    fn join_letters<'v>(&self, values: Vec<(usize, usize, &'v Cell, String)>) -> Vec<(usize, usize, &'v Cell, String)> {
        let letter = |text: &str| {
            let mut chars = text.chars();
            matches!((chars.next(), chars.next()), (Some(c), None) if c.is_alphabetic() && !c.is_ascii())
        };
        if self.faithful {
            return values;
        }
        let mut out: Vec<(usize, usize, &Cell, String)> = Vec::with_capacity(values.len());
        let mut joining = false;
        for value in values {
            match out.last_mut() {
                Some(last)
                    if letter(&value.3)
                        && (joining || letter(&last.3))
                        && last.0 + last.3.chars().count() == value.0 =>
                {
                    last.3.push_str(&value.3);
                    joining = true;
                }
                _ => {
                    joining = false;
                    out.push(value);
                }
            }
        }
        out
    }

    /// Runs of filled cells (first index to last index, colour), where not the whole row is filled.
    fn bars(&self, values: &[(usize, usize, &Cell, String)]) -> BTreeMap<usize, (usize, Colour)> {
        let mut runs = BTreeMap::new();
        let filled = values.iter().filter(|(_, _, cell, _)| cell.fill.is_some()).count();
        if filled == 0 || filled == values.len() && values.iter().all(|(.., text)| !text.is_empty()) && values.len() > 1
        {
            return runs;
        }
        let row_fill = self.row.fields.last().and_then(|(_, cell)| cell.fill).or(self.row.fill);
        let mut i = 0;
        while i < values.len() {
            let Some(colour) = values[i].2.fill.filter(|fill| Some(*fill) != row_fill) else {
                i += 1;
                continue;
            };
            let mut end = i;
            while end + 1 < values.len()
                && values[end + 1].2.fill == Some(colour)
                && values[end + 1].0 == values[end].1 + 1
                && (values[end + 1].3.is_empty() || self.is_mark(&values[end + 1].3))
            {
                end += 1;
            }
            runs.insert(i, (end, colour));
            i = end + 1;
        }
        runs
    }

    fn is_mark(&self, text: &str) -> bool {
        !text.is_empty()
            && (self.vocabulary.is_mark(Mark::Run, text)
                || self.vocabulary.is_mark(Mark::Carry, text)
                || self.legend.marks.contains_key(text)
                || text
                    .chars()
                    .all(|c| self.vocabulary.is_mark_char(Mark::Run, c) || self.is_carry(c.encode_utf8(&mut [0; 4]))))
    }

    fn is_carry(&self, text: &str) -> bool {
        !text.is_empty()
            && (self.vocabulary.is_mark(Mark::Carry, text)
                || text.chars().all(|c| {
                    // a dash alone says that nothing takes place
                    let line = matches!(c, '\u{2500}' | '\u{2501}') || c == '-' && text.len() > 1;
                    self.vocabulary.is_mark_char(Mark::Carry, c) || line
                }))
    }

    /// A text without the arrow at its end.
    fn without_carry(&self, text: &str) -> String {
        let stem = text.trim_end_matches(|c: char| c.is_whitespace() || self.is_carry(c.encode_utf8(&mut [0; 4])));
        if stem.is_empty() { text.to_owned() } else { stem.to_owned() }
    }
}

/// The legend's entry for a colour, allowing for rounding.
fn nearest(colour: Colour, legend: &BTreeMap<Colour, String>) -> Option<&str> {
    const NEAR: u32 = 24;
    let distance = |other: &Colour| -> u32 {
        colour.0.iter().zip(other.0).map(|(a, b)| u32::from(a.abs_diff(b))).max().unwrap_or(u32::MAX)
    };
    let found = legend.iter().map(|(other, name)| (distance(other), name)).min()?;
    (found.0 <= NEAR).then_some(found.1.as_str())
}

/// The schedule items that an entry writes out: `令和5年度:検討`, or a cell with its year for each year.
pub(super) fn of_entry(entry: &Entry<'_>, vocabulary: &Vocabulary, out: &mut Vec<ScheduleItem>) {
    let dated: Vec<(When, String, Place)> = entry
        .values
        .iter()
        .flat_map(|piece| piece.text.lines.iter().map(move |line| (line, piece)))
        .filter_map(|(line, piece)| {
            let text = line.text.trim();
            let mention = periods::find(text, vocabulary).into_iter().next().filter(|mention| {
                let before = &text[..mention.range.start];
                before.chars().all(|c| !c.is_alphanumeric())
            })?;
            let close: &[char] = &[':', '\u{ff1a}', ')', ']', '\u{3011}', ' ', '\u{3000}', '\u{3001}', '\u{2026}'];
            let rest = text[mention.range.end..].trim_start_matches(close).trim();
            let place = if entry.values.len() > 1 { piece.place.clone() } else { line.place.clone() };
            rest.chars().any(char::is_alphanumeric).then(|| (mention.when, rest.to_owned(), place))
        })
        .collect();
    let lines: usize =
        entry.values.iter().flat_map(|piece| &piece.text.lines).filter(|line| !line.text.trim().is_empty()).count();
    if dated.is_empty() || dated.len() * 2 < lines {
        return;
    }
    let basis = if entry.values.len() > 1 { Basis::Cell } else { Basis::Text };
    for (when, text, place) in dated {
        let end = Some(when.period.end).filter(|_| when.bound != periods::Bound::From);
        out.push(item(None, text, Some((when.period.start, end)), basis, place));
    }
}

/// Whether a row prints two or more figures under its years and nothing else: amounts, not steps.
fn only_figures(row: &Row<'_>, vocabulary: &Vocabulary) -> bool {
    let kind = |value: &Aligned<'_>| values::parse(value.cell.text.raw().replace('\n', "").trim(), None, vocabulary);
    let printed = || row.values.iter().filter(|value| !value.cell.text.is_blank());
    let figures = |kinds: &[Value], units: bool| {
        kinds.len() >= 2 && kinds.iter().all(|value| value.kind == ValueKind::Number && (units || value.unit.is_none()))
    };
    let all: Vec<Value> = printed().map(kind).filter(|value| value.kind != ValueKind::None).collect();
    // under years beside a present value figures are targets, with units as well
    let baseline =
        row.head.columns.iter().any(|column| matches!(column.kind, ColumnKind::Figure(heads::Role::Baseline, _)));
    let is_time = |value: &&Aligned<'_>| matches!(row.head.columns[value.first].kind, ColumnKind::Time(..));
    let dated = || -> Vec<Value> { printed().filter(is_time).map(kind).collect() };
    figures(&all, false) || baseline && row.overlays.is_empty() && figures(&dated(), true)
}
