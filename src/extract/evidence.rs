//! Evidence: what speaks for a stretch of events being one measure's.

use super::budgets;
use super::events::{Entry, Event};
use crate::record::SectionKind;
use crate::vocabulary::Label;
use std::collections::BTreeSet;

/// What speaks for a stretch of events being one measure's.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub owner: bool,
    /// Indicators or a schedule.
    pub figures: bool,
    pub money_or_period: bool,
    pub sections: BTreeSet<SectionKind>,
    /// Running text without a label.
    pub text: bool,
}

impl Evidence {
    /// Enough by itself.
    pub fn strong(&self) -> bool {
        self.owner || !self.sections.is_empty() && (self.figures || self.money_or_period)
    }

    /// Enough where its siblings have as much.
    pub fn weak(&self) -> bool {
        self.sections.len() >= 2 || self.text && self.figures
    }
}

pub(super) fn evidence(events: &[Event<'_>]) -> Evidence {
    let mut found = Evidence::default();
    let mut ledger = 0;
    for (i, event) in events.iter().enumerate() {
        match event {
            Event::TableStart if is_ledger(&events[i + 1..]) => ledger += 1,
            Event::TableStart if ledger > 0 => ledger += 1,
            Event::TableEnd if ledger > 0 => ledger -= 1,
            Event::Entry(_) if ledger > 0 => {}
            Event::Entry(entry) => {
                let name = &entry.name;
                found.owner |= name.is_any(&[Label::OwnerLead, Label::OwnerRelated]) && !entry.is_empty();
                found.figures |= name.is_kpi() || name.is(Label::Schedule);
                found.money_or_period |= name.is_any(&[Label::Budget, Label::Period, Label::Activities]);
                if let Some(kind) = name.section().filter(|kind| *kind != SectionKind::Other) {
                    found.sections.insert(kind);
                }
            }
            Event::Row(row) if budgets::is_account(row) => {}
            Event::Row(_) => found.figures = true,
            Event::Text(_) => found.text = true,
            _ => {}
        }
    }
    found
}

/// Whether a stretch holds an account: money in many rows that are no measure's own.
pub(super) fn holds_account(events: &[Event<'_>]) -> bool {
    events.iter().any(|event| match event {
        Event::Entry(entry) if !entry.listed && entry.name.is(Label::Budget) => {
            let rows: BTreeSet<u32> = entry.values.iter().map(|piece| piece.row).collect();
            rows.len() >= LEDGER_ROWS
        }
        Event::Row(row) => budgets::is_account(row),
        _ => false,
    })
}

/// Whether a table's labels head columns of several rows: it lists many things, none of which its labels describe.
fn is_ledger(table: &[Event<'_>]) -> bool {
    let rows = |entry: &Entry<'_>| -> BTreeSet<u32> {
        entry.values.iter().filter(|piece| !piece.text.is_blank()).map(|piece| piece.row).collect()
    };
    let columns: Vec<BTreeSet<u32>> = table
        .iter()
        .take_while(|event| !matches!(event, Event::TableStart | Event::TableEnd))
        .filter_map(|event| match event {
            Event::Entry(entry) if !entry.listed => Some(rows(entry)),
            _ => None,
        })
        .filter(|rows| rows.len() >= LEDGER_ROWS)
        .collect();
    // a column beside one whose head is no known label: 氏名 | 所属
    let inner = table.iter().take_while(|event| !matches!(event, Event::TableStart | Event::TableEnd));
    let strays = inner.filter(|event| matches!(event, Event::Text(_))).count();
    if strays >= LEDGER_ROWS && !columns.is_empty() {
        return true;
    }
    columns
        .iter()
        .enumerate()
        .any(|(i, rows)| columns[i + 1..].iter().any(|other| rows.intersection(other).count() >= LEDGER_ROWS))
}

/// Rows that at least two columns of a list share, where a form has a value or two under a label.
const LEDGER_ROWS: usize = 3;
