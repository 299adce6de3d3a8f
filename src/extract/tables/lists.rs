//! List rows: an entry for each field column, the value columns as a row.

use super::super::cards;
use super::super::events::{Aligned, Entry, Event, Piece};
use super::super::heads::{Column, ColumnKind, Head};
use super::super::labels::{self, Name};
use super::super::numbering;
use super::belongs::{is_bare_number, is_row_field};
use super::{Walk, piece};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Cell, Line, Text};
use crate::normalise::characters;
use crate::vocabulary::{Label, Level, Mark, Meaning, compact};
use std::borrow::Cow;
use std::rc::Rc;

impl<'a> Walk<'a, '_> {
    /// A body row of a list: each field column gives an entry, the value columns a row.
    pub(super) fn list_row(&mut self, row: u32, cells: &[&'a Cell]) {
        let Some(active) = &self.head else { return };
        let head = active.head.clone();
        let mut printed = cells.iter().filter(|cell| !cell.text.is_blank());
        if let (Some(only), None) = (printed.next(), printed.next())
            && let Some(name) = self.group_row(only, &head)
        {
            let group = Entry { listed: true, ..Entry::new(name, Some(piece(only, row)), only.place.clone()) };
            self.out.push(Event::Entry(group));
            return;
        }
        if self.is_total(cells, &head) {
            return;
        }
        let shift = if self.context.faithful { 0 } else { self.lost_blanks(cells) };
        self.note_styles(cells, shift);
        let mut fields: Vec<(Option<Rc<Name>>, &'a Cell)> = Vec::new();
        let mut values = Vec::new();
        let at = |column: u32| -> Option<&'a Cell> { self.grid.at(row, column.checked_sub(shift)?) };
        let name = head.measure.and_then(|i| at(head.columns[i].start));
        let named = name.is_some_and(|cell| cell.row == row && !cell.text.is_blank());
        for (i, column) in head.columns.iter().enumerate() {
            let mut pieces: Vec<&'a Cell> = Vec::new();
            let mut c = column.start;
            while c < column.end {
                match at(c) {
                    Some(cell) => {
                        // a cell that began left of this column was its neighbour's
                        if cell.column + shift >= column.start || pieces.is_empty() && i == 0 {
                            pieces.push(cell);
                        }
                        c = (cell.end_column() + shift).max(c + 1);
                    }
                    None => c += 1,
                }
            }
            if let Some(entry) = self.marked(&head, i, &pieces, row) {
                self.out.push(Event::Entry(entry));
                continue;
            }
            match &column.kind {
                ColumnKind::Time(..) | ColumnKind::Figure(..) => {
                    for cell in pieces.into_iter().filter(|cell| cell.row == row) {
                        let last =
                            head.columns.iter().rposition(|c| c.is_value() && c.start < cell.end_column() + shift);
                        values.push(Aligned { first: i, last: last.unwrap_or(i).max(i), cell });
                    }
                }
                ColumnKind::Field(name) => {
                    let own_name = named && head.measure != Some(i) && describes(name);
                    let mut own: Vec<&'a Cell> = pieces.iter().copied().filter(|cell| cell.row == row).collect();
                    if head.measure == Some(i) {
                        // a number, the name, and behind it what part of the measure the row is about
                        let printed: Vec<&'a Cell> = own.iter().copied().filter(|cell| !cell.text.is_blank()).collect();
                        let at_start = printed.first().is_some_and(|cell| cell.column + shift <= column.start);
                        let number = printed.first().is_some_and(|cell| is_bare_number(cell, self.context.vocabulary));
                        let name = if at_start { 1 + usize::from(number) } else { 0 };
                        let name = if printed.len() == 1 && pieces.len() == 1 { 1 } else { name };
                        fields.extend(printed.iter().skip(name).map(|cell| (None, *cell)));
                        own = printed.into_iter().take(name).collect();
                    }
                    // a column of times without years beside it is the measure's own: 実施時期
                    let own_time = name.is(Label::Schedule) && head.times().next().is_none();
                    if is_row_field(name) && !own_time {
                        fields.extend(
                            pieces.iter().filter(|cell| !cell.text.is_blank()).map(|cell| (Some(name.clone()), *cell)),
                        );
                    } else if !own.iter().all(|cell| cell.text.is_blank()) || own_name && shared(&pieces, row) {
                        if own.iter().all(|cell| cell.text.is_blank()) {
                            own = pieces.clone();
                        }
                        let mut pieces: Vec<Piece<'a>> =
                            own.iter().filter(|cell| !cell.text.is_blank()).map(|cell| piece(cell, row)).collect();
                        pieces.dedup_by(|a, b| a.text.joined() == b.text.joined());
                        pieces.shrink_to_fit();
                        let described = match pieces.as_slice() {
                            [only] if head.measure == Some(i) => self.name_and_text(only),
                            _ => None,
                        };
                        let content = described.map(|(name, text)| {
                            pieces = vec![name];
                            text
                        });
                        let place = own.iter().map(|cell| cell.place.clone()).reduce(|a, b| a.union(&b));
                        self.out.push(Event::Entry(Entry {
                            name: name.clone(),
                            values: pieces,
                            place: place.unwrap_or_else(|| self.table.place.clone()),
                            listed: true,
                            measure: head.measure == Some(i),
                        }));
                        if let Some(text) = content {
                            let (name, place) = (labels::field(Label::Content), text.place.clone());
                            let entry = Entry { listed: true, ..Entry::new(name, Some(text), place) };
                            self.out.push(Event::Entry(entry));
                        }
                    }
                }
                ColumnKind::Total => {}
                ColumnKind::Other => {
                    fields
                        .extend(pieces.iter().filter(|c| c.row == row && !c.text.is_blank()).map(|cell| (None, *cell)));
                }
            }
        }
        let width = head.columns.last().filter(|column| column.is_value()).map_or(u32::MAX, |column| column.end);
        for cell in cells.iter().filter(|cell| cell.column + shift >= width && !cell.text.is_blank()) {
            self.diagnostics.push(Diagnostic::new(
                Code::CellCountMismatch,
                format!("`{}` stands behind the last year of its head", cell.text.joined()),
                Some(cell.place.clone()),
            ));
        }
        self.push_row(row, head, fields, values, shift != 0);
    }

    /// What a mark says of a row's measure in a column that a word heads: under 新規 its category, under a department its
    /// owner, the lead one where no other of the row has a stronger mark (◎ beside ○).
    fn marked(&self, head: &Head, i: usize, pieces: &[&'a Cell], row: u32) -> Option<Entry<'a>> {
        let vocabulary = self.context.vocabulary;
        let [cell] = pieces else { return None };
        let strength = self.strength(cell).filter(|_| cell.row == row)?;
        let column = &head.columns[i];
        let word = column.heading.rsplit(' ').next().unwrap_or_default();
        let of_department = |column: &Column| {
            let word = column.heading.rsplit(' ').next().unwrap_or_default();
            let named =
                vocabulary.marks(Mark::Department).iter().any(|end| word.ends_with(end.as_str()) && word != end);
            match &column.kind {
                ColumnKind::Field(name) => {
                    column.group().is_some() && name.is_any(&[Label::OwnerLead, Label::OwnerRelated])
                }
                ColumnKind::Other => named,
                _ => false,
            }
        };
        let label = match &column.kind {
            _ if of_department(column) => {
                let stronger = head.columns.iter().filter(|other| of_department(other)).any(|other| {
                    let own = self.grid.at(row, other.start).and_then(|cell| self.strength(cell));
                    own.is_some_and(|own| own < strength)
                });
                let related = column.name().is_some_and(|name| !name.is(Label::OwnerLead));
                if stronger || related { Label::OwnerRelated } else { Label::OwnerLead }
            }
            ColumnKind::Field(name) if name.is(Label::Category) && column.group().is_some() => Label::Category,
            ColumnKind::Other | ColumnKind::Field(_) if vocabulary.is_mark(Mark::Sort, &compact(word)) => {
                Label::Category
            }
            _ => return None,
        };
        let mut text = Text::line(word, cell.place.clone());
        text.lines[0].text = characters::fold(word).into();
        let value = Piece { text: Cow::Owned(text), row, place: cell.place.clone() };
        let name = labels::field(label);
        Some(Entry { listed: true, ..Entry::new(name, Some(value), cell.place.clone()) })
    }

    /// How strong the mark is that a cell consists of, 0 the strongest.
    fn strength(&self, cell: &Cell) -> Option<usize> {
        let [line] = cell.text.lines.as_slice() else { return None };
        let mark = line.raw.trim();
        self.context.vocabulary.marks(Mark::Degree).iter().position(|degree| degree == mark)
    }

    /// Whether a row sums up the measures above it: where their names stand it says so, or before.
    fn is_total(&self, cells: &[&'a Cell], head: &Head) -> bool {
        let Some(measure) = head.measure.map(|i| &head.columns[i]) else { return false };
        cells.iter().find(|cell| !cell.text.is_blank()).is_some_and(|first| {
            let word: String = first.text.joined().split_whitespace().collect();
            first.column < measure.end && self.context.vocabulary.is_mark(Mark::Total, &word)
        })
    }

    /// A cell that prints a name in its first line and what it is below: both.
    fn name_and_text(&self, piece: &Piece<'a>) -> Option<(Piece<'a>, Piece<'a>)> {
        const NAME: usize = 40;
        let lines: Vec<Line> = piece.text.lines.iter().filter(|line| !line.raw.trim().is_empty()).cloned().collect();
        let (first, rest) = lines.split_first().filter(|(_, rest)| !rest.is_empty())?;
        let text = |lines: &[Line]| Text::of(lines.to_vec());
        let sentence = |text: &Text| cards::is_sentence(text, self.context.vocabulary);
        let (name, below) = (text(std::slice::from_ref(first)), text(rest));
        let short = first.text.chars().count() <= NAME && !first.item && !sentence(&name);
        let of = |text: Text| Piece {
            place: text.place.clone().unwrap_or_else(|| piece.place.clone()),
            text: Cow::Owned(text),
            row: piece.row,
        };
        (short && sentence(&below) && !rest[0].item).then(|| (of(name), of(below)))
    }

    /// What a row of one cell inside a list names: the policy of the rows below it.
    pub(super) fn group_row(&self, cell: &Cell, head: &Head) -> Option<Name> {
        let raw = &cell.text.lines.first()?.raw;
        let numbered = numbering::leading(raw, self.context.vocabulary);
        let level = numbered.as_ref().and_then(|numbered| numbered.level.clone());
        let wide = cell.column_span as usize * 2 > head.columns.len();
        let first = cell.column <= head.start;
        let measure = head.measure.map(|i| head.columns[i].start);
        let titles = level.is_some() || first && wide || first && numbered.is_some() && measure != Some(cell.column);
        let (level, heading) = level.unwrap_or((Level::Goal, String::new()));
        titles.then(|| Name { meanings: vec![Meaning::Level(level)], heading, ..Name::default() })
    }

    /// Blank cells that a dump lost at the start of a row: told by the number that the first cell begins with.
    pub(super) fn lost_blanks(&self, cells: &[&'a Cell]) -> u32 {
        let Some(active) = &self.head else { return 0 };
        let Some(first) = cells.iter().find(|cell| !cell.text.is_blank()) else { return 0 };
        let Some(style) = self.style(first) else { return 0 };
        let here = active.head.columns.iter().position(|c| c.start <= first.column && first.column < c.end);
        let Some(here) = here.filter(|&i| active.styles[i].is_some_and(|seen| seen != style)) else { return 0 };
        let there = active.styles.iter().enumerate().skip(here + 1).find(|(_, seen)| **seen == Some(style));
        there.map_or(0, |(i, _)| active.head.columns[i].start - first.column)
    }

    pub(super) fn style(&self, cell: &Cell) -> Option<numbering::Style> {
        let line = cell.text.lines.iter().find(|line| !line.raw.trim().is_empty())?;
        numbering::leading(&line.raw, self.context.vocabulary).map(|numbered| numbered.style)
    }

    pub(super) fn note_styles(&mut self, cells: &[&'a Cell], shift: u32) {
        let styles: Vec<(u32, Option<numbering::Style>)> = cells
            .iter()
            .filter(|cell| !cell.text.is_blank())
            .map(|cell| (cell.column + shift, self.style(cell)))
            .collect();
        let Some(active) = &mut self.head else { return };
        for (column, style) in styles {
            if let Some(i) = active.head.columns.iter().position(|c| c.start <= column && column < c.end)
                && active.styles[i].is_none()
            {
                active.styles[i] = style;
            }
        }
    }
}

/// Whether a cell that began in a row above spans this one too: what it says holds for each measure beside it.
fn shared(pieces: &[&Cell], row: u32) -> bool {
    !pieces.is_empty() && pieces.iter().all(|cell| cell.row < row && cell.end_row() > row && !cell.text.is_blank())
}

/// Fields that describe the measure of their row, rather than group rows.
fn describes(name: &Name) -> bool {
    name.level().is_none()
        && (name.section().is_some()
            || name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Category, Label::Period]))
}
