//! Budgets: a measure's money by fiscal year, and where it comes from.

use super::events::{Entry, Event, Row};
use super::heads::{ColumnKind, Role};
use super::labels::{self, Name};
use crate::normalise::{characters, values};
use crate::record::{Budget, Funding, Value, ValueKind};
use crate::vocabulary::{Label, Vocabulary};

/// The budgets among a card's events.
pub(super) fn of_events(events: &[&Event<'_>], vocabulary: &Vocabulary) -> Vec<Budget> {
    let mut out: Vec<Budget> = Vec::new();
    for event in events {
        match event {
            Event::Entry(entry) if entry.name.is(Label::Budget) => of_entry(entry, vocabulary, &mut out),
            Event::Entry(entry) if entry.name.is(Label::Funding) => {
                let value = amount(&entry.text().raw(), &entry.name, vocabulary);
                if let (Some(value), Some(last)) = (value, out.last_mut()) {
                    last.funding.push(Funding { source: entry.name.heading.clone(), amount: value });
                }
            }
            Event::Row(row) => of_row(row, vocabulary, &mut out),
            _ => {}
        }
    }
    out
}

/// Whether a row holds money rather than figures of an indicator or a schedule.
pub(super) fn is_money(row: &Row<'_>) -> bool {
    let printed = || row.values.iter().filter(|value| !value.cell.text.is_blank());
    money_label(row).is_some() || printed().next().is_some() && printed().all(|value| is_budget(row, value.first))
}

/// Whether a row is one of an account's many: money by its columns' heads, under a label that no budget has.
pub(super) fn is_account(row: &Row<'_>) -> bool {
    const ROWS: u32 = 3;
    row.siblings >= ROWS && !row.listed && money_label(row).is_none() && is_money(row)
}

fn is_budget(row: &Row<'_>, column: usize) -> bool {
    matches!(row.head.columns[column].kind, ColumnKind::Time(_, Role::Budget) | ColumnKind::Figure(Role::Budget, _))
}

fn money_label<'r>(row: &'r Row<'_>) -> Option<&'r Name> {
    row.fields
        .iter()
        .filter_map(|(name, _)| name.as_deref())
        .find(|name| name.is_any(&[Label::Budget, Label::Funding]) && !name.is_kpi())
}

fn amount(raw: &str, name: &Name, vocabulary: &Vocabulary) -> Option<Value> {
    let value = values::parse(raw.trim(), name.remark.as_deref(), vocabulary);
    (value.kind == ValueKind::Number).then_some(value)
}

fn of_entry(entry: &Entry<'_>, vocabulary: &Vocabulary, out: &mut Vec<Budget>) {
    for piece in &entry.values {
        if let Some(amount) = amount(&piece.text.raw(), &entry.name, vocabulary) {
            let fiscal_year = entry.name.when.as_ref().map(|when| when.fiscal_year());
            let kind = kind(&entry.name);
            out.push(Budget { fiscal_year, kind, amount, funding: Vec::new(), at: piece.place.clone() });
        }
    }
}

fn kind(name: &Name) -> String {
    name.heading.split(['(', '\u{ff08}']).next().unwrap_or_default().trim().to_owned()
}

/// The unit that a cell beside the label gives: 事業費 | 千円.
fn unit_cell(row: &Row<'_>, vocabulary: &Vocabulary) -> Option<String> {
    let texts = row.fields.iter().map(|(_, cell)| characters::name(&cell.text.joined()));
    let units = texts.map(|text| text.trim_matches(['(', ')']).to_owned());
    units.into_iter().find(|unit| {
        let probe = values::parse(&format!("1{unit}"), None, vocabulary);
        probe.kind == ValueKind::Number && probe.unit.as_ref() == Some(unit) && probe.base.is_some()
    })
}

/// 事業費 of the heads `事業費(千円) R6` above each other.
fn kind_of_head(heading: &str, vocabulary: &Vocabulary) -> String {
    let names = heading.split(' ').filter_map(|part| labels::parse(part, vocabulary));
    names.filter(|name| name.is(Label::Budget)).map(|name| kind(&name)).next().unwrap_or_else(|| heading.to_owned())
}

fn of_row(row: &Row<'_>, vocabulary: &Vocabulary, out: &mut Vec<Budget>) {
    let label = money_label(row);
    let told = label.and_then(|_| unit_cell(row, vocabulary));
    for value in row.values.iter().filter(|value| !value.cell.text.is_blank()) {
        if label.is_none() && !is_budget(row, value.first) {
            continue;
        }
        let column = &row.head.columns[value.first];
        let (when, role) = match &column.kind {
            ColumnKind::Time(when, role) => (Some(when), *role),
            ColumnKind::Figure(role, when) => (when.as_ref(), *role),
            _ => continue,
        };
        let fiscal_year = when.map(|when| when.fiscal_year());
        let raw = value.cell.text.raw();
        let (kind, unit) = match label {
            Some(name) => (kind(name), name.remark.as_deref().or(told.as_deref())),
            None if role == Role::Budget => (kind_of_head(&column.heading, vocabulary), None),
            None => continue,
        };
        let unit = unit.or_else(|| column.remark()).or_else(|| corner_unit(row));
        let amount = values::parse(raw.trim(), unit, vocabulary);
        if amount.kind != ValueKind::Number {
            continue;
        }
        if label.is_some_and(|name| name.is(Label::Funding) && !name.is(Label::Budget)) {
            if let Some(budget) = out.iter_mut().rev().find(|budget| budget.fiscal_year == fiscal_year) {
                // the money's unit holds for where it comes from
                let amount = match (&amount.unit, &budget.amount.unit) {
                    (None, Some(unit)) => values::parse(raw.trim(), Some(unit), vocabulary),
                    _ => amount,
                };
                budget.funding.push(Funding { source: kind, amount });
            }
            continue;
        }
        out.push(Budget { fiscal_year, kind, amount, funding: Vec::new(), at: value.cell.place.clone() });
    }
}

/// The unit that the head over the row labels gives for the whole grid: `(thousand yen)`.
fn corner_unit<'r>(row: &'r Row<'_>) -> Option<&'r str> {
    let labels = &row.head.columns[..row.head.first_value()?];
    labels.iter().find_map(|column| column.remark())
}
