//! Indicators and their figures from the rows of grids and lists.

use super::super::budgets;
use super::super::events::{Aligned, Row};
use super::super::heads::{Column, ColumnKind, Role};
use super::super::kpi_text;
use super::super::labels::{self, Name};
use super::super::numbering;
use super::super::tables::is_bare_number;
use super::{Draft, Figure, Reader, is_figure, kind_of, role_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Cell, Place, Text};
use crate::normalise::periods::{self, When};
use crate::normalise::{characters, values};
use crate::record::{Kpi, ValueKind};
use crate::vocabulary::{Label, Mark, Vocabulary};
use std::ops::Range;
use std::rc::Rc;

impl Reader<'_> {
    /// Takes a grid row; false where it is a schedule's (or money's).
    pub fn row(&mut self, row: &Row<'_>) -> bool {
        let groups = groups(row);
        if groups.len() < 2 {
            return self.group_row(row);
        }
        let mut taken = false;
        for (i, columns) in groups.iter().enumerate() {
            let range = row.head.columns[columns.start].start..row.head.columns[columns.end - 1].end;
            let fields = row.fields.iter().filter(|(_, cell)| range.contains(&cell.column)).cloned().collect();
            let values = row.values.iter().filter(|value| columns.contains(&value.first)).copied().collect();
            let part = Row { fields, values, ..row.clone() };
            let named = part.fields.iter().any(|(name, _)| name.as_deref().is_some_and(Name::is_kpi));
            taken |= (named || i == 0) && self.group_row(&part);
        }
        taken
    }

    /// A row with the figures of one indicator.
    fn group_row(&mut self, row: &Row<'_>) -> bool {
        if budgets::is_money(row) {
            return true;
        }
        // 種別 | 指標名: the word for a kind of indicator is no name where a name stands beside it
        let kpis = || row.fields.iter().filter(|(name, _)| name.as_deref().is_some_and(Name::is_kpi));
        let kind = |cell: &Cell| labels::whole(&cell.text, self.vocabulary).is_some_and(|own| own.is_kpi());
        let named = kpis().find(|(_, cell)| !kind(cell) && is_name(cell)).or_else(|| kpis().next());
        let told = role_cell(row, self.vocabulary);
        let long = row.head.is_long();
        let labelled = told.as_deref().or_else(|| {
            let names = row.fields.iter().filter_map(|(name, _)| name.as_deref());
            names.filter(|name| !(long && name.is(Label::Values))).find(|name| name.is_figure() && !name.is_kpi())
        });
        if self.is_carried(row) {
            return false;
        }
        let kpi_head = row.head.columns.iter().any(|column| column.name().is_some_and(Name::is_kpi));
        let figure_head = row.head.columns.iter().any(|column| matches!(column.kind, ColumnKind::Figure(..)))
            || row.head.times().any(|(i, _)| {
                matches!(row.head.columns[i].kind, ColumnKind::Time(_, Role::Target | Role::Actual | Role::Baseline))
            });
        if let Some((Some(_), cell)) = named.filter(|(_, cell)| is_name(cell)) {
            // under a merged name, or with the name printed in each of its rows
            let repeats = || {
                let last = self.open.last().map(|&i| self.kpis[i].kpi.name.as_str());
                (long || told.is_some()) && last == Some(kpi_text::named(&cell.text, self.vocabulary).name.as_str())
            };
            let again = !self.open.is_empty() && (self.named_by.as_ref() == Some(&printed(cell)) || repeats());
            if !again {
                self.listed(cell, row);
            }
        } else if let Some(again) = self.again_named(row) {
            // a blank cell below an indicator's name: the same one, of another group
            self.open.clear();
            let name = again.name;
            let at = row.fields.first().map_or_else(|| row.place.clone(), |(_, cell)| cell.place.clone());
            let notes = row.fields.iter().map(|(_, cell)| cell.text.joined().replace('\n', "")).collect();
            self.push(Kpi { notes, ..kpi_text::bare(name, at) }, None);
        } else if kpi_head && row.listed {
            // a further row of the indicator above
        } else if labelled.is_none() && !self.continues(row, figure_head) {
            if !figure_head || row.fields.is_empty() || self.is_stage(row) {
                return false;
            }
            // figures under 基準値 and 目標値 whose row is named by a cell without a known head
            let Some((_, cell)) = row
                .fields
                .iter()
                .find(|(name, _)| !name.as_ref().is_some_and(|n| n.is_any(&[Label::Unit, Label::Note])))
            else {
                return false;
            };
            self.listed(cell, row);
        }
        if self.open.is_empty() {
            return labelled.is_some() || kpi_head;
        }
        self.row_figures(row, labelled);
        true
    }

    /// The year of a figure that a column under the same group of heads states: 基準値 over 年度 | 値.
    fn year_beside(&self, row: &Row<'_>, column: &Column) -> Option<When> {
        let group = column.group()?;
        row.fields.iter().find_map(|(name, cell)| {
            let (beside, _) = row.head.field_at(cell.column)?;
            let year = name.as_ref().is_some_and(|name| name.is(Label::Year)) && beside.group() == Some(group);
            year.then(|| periods::parse(&cell.text.joined(), self.vocabulary)).flatten()
        })
    }

    /// Whether a row gives no figure, and carries a text on over years with arrows: what is done, not what is aimed at.
    fn is_carried(&self, row: &Row<'_>) -> bool {
        let texts = || row.values.iter().map(|value| value.cell.text.joined()).filter(|text| !text.trim().is_empty());
        let plain = |value: &Aligned<'_>| {
            matches!(row.head.columns[value.first].kind, ColumnKind::Time(_, Role::Plain)) || value.cell.text.is_blank()
        };
        texts().any(|text| self.vocabulary.is_mark(Mark::Carry, text.trim()))
            && row.values.iter().all(plain)
            && !texts().any(|text| is_figure(&values::parse(text.trim(), None, self.vocabulary)))
    }

    /// Whether a row under plain years and a column for the state before them gives what is done, not figures.
    fn is_stage(&self, row: &Row<'_>) -> bool {
        let plain = row.head.columns.iter().filter(|column| column.is_value()).all(|column| {
            matches!(column.kind, ColumnKind::Time(_, Role::Plain) | ColumnKind::Figure(Role::Baseline, _))
        });
        plain
            && row.values.iter().filter(|value| !value.cell.text.is_blank()).all(|value| {
                matches!(row.head.columns[value.first].kind, ColumnKind::Time(..))
                    && !is_figure(&values::parse(value.cell.text.raw().trim(), None, self.vocabulary))
            })
    }

    /// The indicator whose name a row of the same head goes on with: its own cell is blank, another says of whom the
    /// figures are (20歳代).
    fn again_named(&self, row: &Row<'_>) -> Option<Kpi> {
        let (head, name) = self.named_under.as_ref()?;
        let grouped = row.fields.iter().any(|(name, cell)| {
            let says = name.as_ref().is_none_or(|name| name.section().is_some() || name.is(Label::Category));
            says && !cell.text.is_blank()
        });
        let blank = row.fields.iter().all(|(name, _)| !name.as_deref().is_some_and(Name::is_kpi));
        let same = Rc::ptr_eq(head, &row.head) && grouped && blank && !row.listed;
        same.then(|| self.kpis.get(*name).map(|draft| draft.kpi.clone())).flatten()
    }

    /// Whether a row without a name gives figures of the indicators in hand.
    fn continues(&self, row: &Row<'_>, figure_head: bool) -> bool {
        if self.open.is_empty() {
            return false;
        }
        let lacks = |draft: &Draft| !draft.has_figures || figure_head && draft.kpi.targets.is_empty();
        let waiting = self.open.iter().any(|&i| lacks(&self.kpis[i]));
        let ordinal = self.row_ordinal(row);
        let plain_label = row.fields.iter().any(|(name, cell)| {
            let own = name.as_ref().is_some_and(|name| name.is_figure() || name.is(Label::Schedule) || name.is_kpi());
            !own && !is_bare_number(cell, self.vocabulary)
        });
        ordinal.is_some() && self.open.iter().any(|&i| self.kpis[i].ordinal.is_some())
            || waiting && (!plain_label || figure_head)
    }

    /// ① at the start of a row's label or first value.
    fn row_ordinal(&self, row: &Row<'_>) -> Option<String> {
        let cells = row.fields.iter().map(|(_, cell)| *cell).chain(row.values.iter().map(|value| value.cell));
        let cell = cells.into_iter().find(|cell| !cell.text.is_blank())?;
        let raw = &cell.text.lines.first()?.raw;
        let numbered = numbering::leading(raw, self.vocabulary)?;
        matches!(numbered.style, numbering::Style::Circled(1)).then_some(numbered.number)
    }

    /// An indicator that a row names.
    fn listed(&mut self, cell: &Cell, row: &Row<'_>) {
        self.open.clear();
        let head = row.fields.iter().find(|(_, c)| std::ptr::eq(*c, cell)).and_then(|(name, _)| name.as_deref());
        let mut kind = head.and_then(kind_of).or_else(|| {
            // a cell of its own beside the name: 成果指標
            let cells = row.fields.iter().filter(|(name, _)| name.is_none()).map(|(_, cell)| cell);
            cells.filter_map(|cell| labels::whole(&cell.text, self.vocabulary)).find_map(|name| kind_of(&name))
        });
        let (mut label, group_kind) = self.group.take().unwrap_or_default();
        kind = kind.or(group_kind);
        let mut kpi = kpi_text::named(&cell.text, self.vocabulary);
        let raw = cell.text.raw();
        if let Some(numbered) = numbering::leading(&raw, self.vocabulary)
            .filter(|n| matches!(n.style, numbering::Style::Circled(1) | numbering::Style::Parenthesised))
        {
            let text = without_number(&cell.text, numbered.length);
            label = label.or(Some(raw.trim()[..numbered.length.min(raw.trim().len())].trim().to_owned()));
            kpi = kpi_text::named(&text, self.vocabulary);
        }
        if kpi.name.is_empty() {
            return;
        }
        for (name, cell) in &row.fields {
            let Some(name) = name else { continue };
            if name.is(Label::Note) {
                kpi.notes.extend(
                    cell.text.joined().lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()),
                );
            }
        }
        self.push(Kpi { label, kind, at: cell.place.clone(), ..kpi }, None);
        self.named_by = Some(printed(cell));
        self.named_under = Some((row.head.clone(), self.kpis.len() - 1));
    }

    fn row_figures(&mut self, row: &Row<'_>, labelled: Option<&Name>) {
        let ordinal = self.row_ordinal(row);
        let by_ordinal = ordinal
            .as_ref()
            .and_then(|ordinal| self.open.iter().copied().find(|&i| self.kpis[i].ordinal.as_ref() == Some(ordinal)));
        let index = by_ordinal
            .or_else(|| self.open.iter().copied().find(|&i| !self.kpis[i].has_figures))
            .or(self.open.last().copied());
        let Some(index) = index else { return };
        for (name, cell) in &row.fields {
            if name.as_ref().is_some_and(|name| name.is(Label::Unit)) {
                let unit = characters::name(&cell.text.joined()).trim_matches(['(', ')']).to_owned();
                if !unit.is_empty() && !self.vocabulary.is_mark(Mark::Nobody, &unit) {
                    self.kpis[index].unit = Some(unit);
                    self.kpis[index].unit_given = true;
                }
            }
        }
        let year = row.fields.iter().find_map(|(name, cell)| {
            let year = name.as_ref().is_some_and(|name| name.is(Label::Year));
            let grouped = row.head.field_at(cell.column).is_some_and(|(column, _)| column.group().is_some());
            (year && !grouped).then(|| periods::parse(&cell.text.joined(), self.vocabulary)).flatten()
        });
        if row.head.is_long() {
            let figure = row.fields.iter().find(|(name, _)| name.as_ref().is_some_and(|name| name.is(Label::Values)));
            if let Some((name, cell)) = figure {
                let role = labelled.map_or(Role::Target, role_of);
                let raw = cell.text.raw().replace('\n', "");
                let unit = name.as_ref().and_then(|name| name.remark.clone());
                let (when, unit, place) = (year.as_ref(), unit.as_deref(), &cell.place);
                self.figure(index, Figure { role, when, raw: &raw, unit, place, column: 0 });
            }
            return;
        }
        let first_value = row.head.first_value().unwrap_or(0);
        let mixed = row.head.is_mixed();
        for value in row.values.iter().filter(|value| !value.cell.text.is_blank()) {
            let column = &row.head.columns[value.first];
            let (when, role) = match &column.kind {
                ColumnKind::Time(_, Role::Plain) if mixed => continue,
                ColumnKind::Time(_, Role::Budget) | ColumnKind::Figure(Role::Budget, _) => continue,
                ColumnKind::Figure(Role::Unknown, _) => {
                    let message = format!("`{}` does not say what its figures are: they are left out", column.heading);
                    self.diagnostics.push(Diagnostic::new(
                        Code::UnparsedValue,
                        message,
                        Some(value.cell.place.clone()),
                    ));
                    continue;
                }
                ColumnKind::Time(when, role) => (Some(when), *role),
                ColumnKind::Figure(role, when) => (when.as_ref(), *role),
                _ => continue,
            };
            let gone = when.zip(self.begins).is_some_and(|(when, begins)| when.fiscal_year() < begins);
            let role = match (role, labelled) {
                (Role::Plain, Some(name)) => role_of(name),
                // a figure of a year before the plan begins is no target
                (Role::Plain, None) if gone => Role::Baseline,
                (role, _) => role,
            };
            let mut raw = value.cell.text.raw().replace('\n', "");
            if by_ordinal.is_some()
                && let Some(numbered) = numbering::leading(&raw, self.vocabulary)
                && matches!(numbered.style, numbering::Style::Circled(1))
                && Some(&numbered.number) == ordinal.as_ref()
            {
                raw = raw[numbered.length..].to_owned();
            }
            if raw.trim().is_empty() {
                continue;
            }
            let remark = labelled.and_then(|name| name.remark.as_deref()).or_else(|| column.remark());
            let unit = remark.filter(|unit| is_unit(unit, self.vocabulary)).map(str::to_owned);
            let (stated, figure) =
                if when.is_none() { kpi_text::dated(&raw, None, self.vocabulary) } else { (None, raw) };
            let when = when.cloned().or(stated).or_else(|| self.year_beside(row, column)).or_else(|| year.clone());
            let (unit, place, column) = (unit.as_deref(), &value.cell.place, value.first - first_value);
            self.figure(index, Figure { role, when: when.as_ref(), raw: &figure, unit, place, column });
        }
        self.kpis[index].has_figures = true;
        if row.shifted {
            self.diagnostics.push(Diagnostic::new(
                Code::CellCountMismatch,
                format!(
                    "the row of `{}` does not share its columns with the years above it and was aligned in order",
                    self.kpis[index].kpi.name
                ),
                Some(row.place.clone()),
            ));
        }
    }
}

/// The columns of each indicator where a list's row gives several, each under its own heads; empty where it gives one.
fn groups(row: &Row<'_>) -> Vec<Range<usize>> {
    let columns = &row.head.columns;
    let names = |i: &usize| columns[*i].name().is_some_and(Name::is_kpi);
    let starts: Vec<usize> = (0..columns.len()).filter(names).collect();
    if !row.listed || starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts[1..].iter().copied().chain([columns.len()]);
    let mut groups: Vec<Range<usize>> = starts.iter().zip(ends).map(|(start, end)| *start..end).collect();
    let figures = |group: &Range<usize>| columns[group.clone()].iter().any(Column::is_value);
    if !groups.iter().all(figures) {
        return Vec::new();
    }
    groups[0].start = 0;
    groups
}

/// By what a cell is known again.
fn printed(cell: &Cell) -> (Place, String) {
    (cell.place.clone(), cell.text.raw().into_owned())
}

/// What a row's figures are, where a cell of its own says so: 目標, 実績.
fn role_cell(row: &Row<'_>, vocabulary: &Vocabulary) -> Option<Rc<Name>> {
    let cells = row.fields.iter().filter(|(name, _)| name.is_none()).map(|(_, cell)| cell);
    let names = cells.filter_map(|cell| labels::whole(&cell.text, vocabulary));
    names.into_iter().find(|name| !name.is_kpi() && (name.is_figure() || name.is(Label::Schedule)))
}

/// A remark that is a unit rather than a year or a word.
fn is_unit(remark: &str, vocabulary: &Vocabulary) -> bool {
    let probe = values::parse(&format!("1{remark}"), None, vocabulary);
    probe.kind == ValueKind::Number && remark.chars().count() <= 6
}

/// Whether a cell under an indicator's head names one (rather than repeating a label).
fn is_name(cell: &Cell) -> bool {
    cell.text.joined().chars().any(char::is_alphanumeric)
}

fn without_number(text: &Text, length: usize) -> Text {
    let mut text = text.clone();
    if let Some(line) = text.lines.first_mut() {
        line.raw = line.raw.get(length..).unwrap_or_default().into();
        line.text = characters::fold(&line.raw).into();
    }
    text
}
