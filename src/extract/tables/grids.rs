//! Grid rows: labels, then values under their years.

use super::super::events::{Aligned, Entry, Event};
use super::super::heads::{Class, ColumnKind, Head};
use super::super::labels::{self, Name};
use super::super::numbering;
use super::belongs::{is_bare_number, is_row_label, names_only};
use super::{Walk, piece};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Cell;
use crate::normalise::values;
use crate::record::ValueKind;
use crate::vocabulary::Label;
use std::borrow::Cow;
use std::rc::Rc;

impl<'a> Walk<'a, '_> {
    /// A body row of a year grid: labels, then values under their years.
    pub(super) fn grid_row(&mut self, row: u32, cells: &[&'a Cell], classes: &[Class]) {
        let Some(active) = &self.head else { return };
        let head = active.head.clone();
        let Some(first_value) = head.first_value() else {
            self.field_row(row, cells, &head);
            return;
        };
        // heads without a column for the rows' labels, which every row has: its cells begin with labels
        let last = head.columns.last().map_or(0, |column| column.start + 1);
        let unheaded = self.table.columns.saturating_sub(last);
        let lacks =
            !self.context.faithful && first_value == 0 && head.start == 0 && unheaded > 0 && cells.len() as u32 > last;
        let start = if lacks { unheaded } else { head.columns[first_value].start };
        let printed: Vec<usize> = (0..cells.len()).filter(|&i| !matches!(classes[i], Class::Blank)).collect();
        // a row that names an indicator or owner goes as label and value: 指標名 | ○○率
        if let Some(names_end) = names_only(&printed, classes)
            && let Class::Name(last) = &classes[printed[names_end - 1]]
            && !last.is_figure()
            && (last.is_kpi() || last.is_any(&[Label::Unit, Label::Note]))
            && head.columns.iter().all(|column| !column.name().is_some_and(Name::is_kpi))
        {
            self.indicator_row(row, cells, classes, &printed, names_end);
            return;
        }
        let mut fields: Vec<(Option<Rc<Name>>, &'a Cell)> = Vec::new();
        // labels that cover this row from above
        let mut covered = 0;
        while covered < start {
            match self.grid.at(row, covered) {
                Some(cell) if cell.row < row && !cell.text.is_blank() && cell.column >= head.start => {
                    fields.push((head.field_at(covered).and_then(|(_, name)| name.cloned()), cell));
                    covered = cell.end_column();
                }
                _ => covered += 1,
            }
        }
        // with more cells than years the first is the label
        let years = head.columns.iter().filter(|column| column.is_value()).count();
        let sole = printed.len() <= years && self.is_sole_row(row, start);
        let mut after_labels = None;
        for &i in &printed {
            let cell = cells[i];
            let figure = |name: &Name| name.is_figure() && !name.is_kpi();
            let again = fields.iter().any(|(name, _)| name.as_deref().is_some_and(figure));
            let label = match &classes[i] {
                // 目標値 | 基準値 | 10%: the second word is a value
                Class::Name(name) if figure(name) && again && cell.column >= start => None,
                Class::Name(name) if is_row_label(name) || cell.column < start => Some(Some(name.clone())),
                // ①○○ where the head is one column short: its first cell stands over two labels
                Class::Text
                    if cell.column == start
                        && !self.context.faithful
                        && unheaded > 0
                        && first_value > 0
                        && begins_with_ordinal(cell) =>
                {
                    Some(None)
                }
                _ if cell.column >= start => None,
                _ if self.is_early_value(cell, &head, sole) => None,
                _ => Some(head.field_at(cell.column).and_then(|(_, name)| name.cloned())),
            };
            let Some(name) = label else { break };
            let head_name: Option<Rc<Name>> = head.field_at(cell.column).and_then(|(_, name)| name.cloned());
            let name = match (&classes[i], name) {
                // 成果指標 beside the name of the indicator, which has a column of its own: its kind
                (Class::Name(own), _) if own.is_kpi() && names_beside(&head, cells, classes, cell) => None,
                (Class::Name(own), _) if is_row_label(own) => Some(own.clone()),
                (_, name) => name.or(head_name),
            };
            fields.push((name, cell));
            after_labels = Some(cell.end_column());
        }
        let first_printed_value =
            printed.iter().map(|&i| cells[i]).find(|cell| after_labels.is_none_or(|end| cell.column >= end));
        // in order: the first cell behind the labels belongs to the first year, blanks counted
        let offset = if self.context.faithful {
            0
        } else if lacks {
            i64::from(unheaded)
        } else if let Some(end) = after_labels.filter(|end| *end > start) {
            i64::from(end) - i64::from(start)
        } else {
            first_printed_value
                .filter(|cell| cell.column < start)
                .map_or(0, |cell| i64::from(cell.column) - i64::from(start))
        };
        let mut values = Vec::new();
        let mut lost = Vec::new();
        let from = after_labels.unwrap_or(0);
        for cell in
            cells.iter().filter(|cell| cell.column >= from && i64::from(cell.column) - offset >= i64::from(start))
        {
            let column = (i64::from(cell.column) - offset) as u32;
            let end = (i64::from(cell.end_column()) - offset) as u32;
            let first = head.columns.iter().position(|c| c.start <= column && column < c.end);
            match first {
                Some(i) if head.columns[i].is_value() => {
                    let last = head.columns.iter().rposition(|c| c.is_value() && c.start < end).unwrap_or(i).max(i);
                    values.push(Aligned { first: i, last, cell });
                }
                Some(i) if matches!(head.columns[i].kind, ColumnKind::Total) => {}
                Some(i) if !cell.text.is_blank() => fields.push((head.columns[i].shared_name().cloned(), cell)),
                None if !cell.text.is_blank() => lost.push(*cell),
                _ => {}
            }
        }
        for cell in lost {
            self.diagnostics.push(Diagnostic::new(
                Code::CellCountMismatch,
                format!("`{}` stands behind the last year of its head", cell.text.joined()),
                Some(cell.place.clone()),
            ));
        }
        self.push_row(row, head, fields, values, offset != 0);
    }

    /// A body row under heads that hold no figures: an entry a column.
    pub(super) fn field_row(&mut self, row: u32, cells: &[&'a Cell], head: &Rc<Head>) {
        let kpi_rows = head.columns.iter().any(|column| column.name().is_some_and(Name::is_kpi));
        if kpi_rows {
            let fields = cells
                .iter()
                .filter(|cell| !cell.text.is_blank())
                .map(|cell| (head.field_at(cell.column).and_then(|(_, name)| name.cloned()), *cell))
                .collect();
            self.push_row(row, head.clone(), fields, Vec::new(), false);
            return;
        }
        for cell in cells.iter().filter(|cell| !cell.text.is_blank()) {
            match head.field_at(cell.column).and_then(|(_, name)| name.cloned()) {
                Some(name) => {
                    self.out.push(Event::Entry(Entry::new(name, Some(piece(cell, row)), cell.place.clone())));
                }
                None => self.out.push(Event::Text(Cow::Borrowed(&cell.text))),
            }
        }
    }

    /// `目標指標① | 指標名 | ○○率`, or an indicator for each year.
    pub(super) fn indicator_row(
        &mut self,
        row: u32,
        cells: &[&'a Cell],
        classes: &[Class],
        printed: &[usize],
        names: usize,
    ) {
        let labels: Vec<&Rc<Name>> = printed[..names]
            .iter()
            .filter_map(|&i| match &classes[i] {
                Class::Name(name) => Some(name),
                _ => None,
            })
            .collect();
        let Some(last) = labels.last() else { return };
        let mut name = (*last).clone();
        // the group's label carries the ordinal
        if let Some(group) = labels.iter().find(|name| name.ordinal.is_some()) {
            let (heading, ordinal) = (group.heading.clone(), group.ordinal.clone());
            name = Rc::new(Name { heading, ordinal, marked: true, ..Name::clone(&name) });
        }
        let texts: Vec<&'a Cell> = printed[names..].iter().map(|&i| cells[i]).collect();
        let place = cells[printed[0]].place.clone();
        let values = texts.iter().map(|cell| piece(cell, row)).collect();
        self.out.push(Event::Entry(Entry { values, ..Entry::new(name, None, place) }));
    }

    /// Whether a cell before the first year is a value that lost its place rather than the row's label.
    pub(super) fn is_early_value(&self, cell: &Cell, head: &Head, sole: bool) -> bool {
        if self.context.faithful {
            return false;
        }
        let over = head.field_at(cell.column).and_then(|(_, name)| name);
        let names_rows = over.is_some_and(|name| name.is_any(&[Label::ScheduleItem, Label::Content]) || name.is_kpi());
        if names_rows {
            return false;
        }
        let figure = values::parse(&cell.text.raw(), None, self.context.vocabulary);
        let figure = figure.number.is_some() || matches!(figure.kind, ValueKind::None | ValueKind::Pending);
        let title = over.is_none_or(|name| name.is_any(&[Label::Schedule, Label::Values]) || name.is_figure());
        title
            && (figure && (over.is_some() || sole)
                || sole && over.is_some_and(|name| name.is(Label::Schedule) || name.is(Label::Values)))
    }

    /// Whether no other body row of the grid follows or precedes this one.
    pub(super) fn is_sole_row(&self, row: u32, start: u32) -> bool {
        let Some(active) = &self.head else { return false };
        if !active.rows.is_empty() {
            return false;
        }
        let next = self.table.row(row + 1);
        let mut printed = next.iter().filter(|cell| !cell.text.is_blank());
        match printed.next() {
            None => true,
            Some(first) => {
                let label = labels::whole(&first.text, self.context.vocabulary);
                let number = is_bare_number(first, self.context.vocabulary);
                label.is_some() || number || first.column >= start
            }
        }
    }
}

/// Whether a text of a row stands under a head for indicators' names, and a cell does not.
fn names_beside(head: &Head, cells: &[&Cell], classes: &[Class], cell: &Cell) -> bool {
    let names =
        |column: u32| head.columns.iter().any(|own| own.start == column && own.name().is_some_and(Name::is_kpi));
    let text = |(other, class): (&&Cell, &Class)| matches!(class, Class::Text) && names(other.column);
    !names(cell.column) && cells.iter().zip(classes).any(text)
}

fn begins_with_ordinal(cell: &Cell) -> bool {
    let first = cell.text.lines.first().and_then(|line| line.raw.trim_start().chars().next());
    first.is_some_and(|c| numbering::circled(c).is_some())
}
