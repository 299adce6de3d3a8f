//! Column heads: which columns of a table are fields, years and figures.

mod band;
mod choose;
mod classes;
mod columns;
mod kinds;

pub(super) use classes::{Class, classes, counts, is_surely_text};
pub(super) use kinds::Role;

use super::labels::Name;
use super::tables::Context;
use crate::document::{Cell, Grid, Table};
use crate::normalise::periods::When;
use crate::vocabulary::Label;
use band::{begins_band, continues_band, is_under_groups};
use classes::lone_time;
use columns::{columns, corner};
use std::rc::Rc;

/// The heads over a grid or list.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub columns: Vec<Column>,
    /// First grid column of the region.
    pub start: u32,
    /// Where a column names measures (each row or merged group is one): that column's index.
    pub measure: Option<usize>,
}

/// One column of a head.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub start: u32,
    pub end: u32,
    pub kind: ColumnKind,
    /// The heads above each other, as printed.
    pub heading: String,
}

/// What stands in a column.
#[derive(Debug, Clone)]
pub(super) enum ColumnKind {
    Field(Rc<Name>),
    /// A year, half, quarter or month.
    Time(When, Role),
    /// Figures under a word: 基準値(R3), 目標値.
    Figure(Role, Option<When>),
    /// Sums of the columns beside it: nothing of its own.
    Total,
    Other,
}

impl Head {
    /// The first column that holds values rather than names.
    pub fn first_value(&self) -> Option<usize> {
        self.columns.iter().position(Column::is_value)
    }

    /// The value columns that name a time.
    pub fn times(&self) -> impl Iterator<Item = (usize, &When)> {
        self.columns.iter().enumerate().filter_map(|(i, column)| match &column.kind {
            ColumnKind::Time(when, _) => Some((i, when)),
            _ => None,
        })
    }

    /// Whether each row gives one figure, and columns tell of which year it is.
    pub fn is_long(&self) -> bool {
        let has = |label| self.columns.iter().any(|column| column.name().is_some_and(|name| name.is(label)));
        has(Label::Year) && has(Label::Values)
    }

    /// Whether years of a schedule stand beside the figures of indicators.
    pub fn is_mixed(&self) -> bool {
        let plain = self.columns.iter().any(|column| matches!(column.kind, ColumnKind::Time(_, Role::Plain)));
        let targets = self.columns.iter().any(|column| {
            matches!(column.kind, ColumnKind::Figure(Role::Target, _) | ColumnKind::Time(_, Role::Target))
        });
        let kpis = self.columns.iter().any(|column| column.name().is_some_and(Name::is_kpi));
        plain && targets && kpis
    }

    /// The field name of the column that covers a grid column.
    pub fn field_at(&self, column: u32) -> Option<(&Column, Option<&Rc<Name>>)> {
        let found = self.columns.iter().find(|c| c.start <= column && column < c.end)?;
        Some((found, found.shared_name()))
    }
}

impl Column {
    pub fn is_value(&self) -> bool {
        matches!(self.kind, ColumnKind::Time(..) | ColumnKind::Figure(..))
    }

    /// What stands in parentheses at the end of its head: (千円), (R3).
    pub fn remark(&self) -> Option<&str> {
        let open = self.heading.rfind('(')?;
        self.heading[open + 1..].split(')').next()
    }

    /// The heads above its own, as printed.
    pub fn group(&self) -> Option<&str> {
        self.heading.rsplit_once(' ').map(|(group, _)| group)
    }

    pub fn name(&self) -> Option<&Name> {
        self.shared_name().map(AsRef::as_ref)
    }

    /// The name as the events of the column's cells share it.
    pub fn shared_name(&self) -> Option<&Rc<Name>> {
        match &self.kind {
            ColumnKind::Field(name) => Some(name),
            _ => None,
        }
    }
}

/// The column heads that begin in a row (of which `seen` says what its cells are), and how many rows they take.
pub(super) fn head(
    table: &Table,
    grid: &Grid<'_>,
    (row, seen): (u32, &[Class]),
    left: u32,
    context: &Context<'_>,
) -> Option<(Head, u32)> {
    let Context { vocabulary, faithful, .. } = *context;
    const MOST_ROWS: u32 = 4;
    let mut band: Vec<(Vec<&Cell>, Vec<Class>)> = Vec::new();
    for r in row..(row + MOST_ROWS).min(table.rows) {
        let cells: Vec<&Cell> = table.row(r).iter().filter(|cell| cell.column >= left).collect();
        // what times are may hang on the cells left of them
        let known = r == row && cells.len() == seen.len();
        let mut classes = if known { seen.to_vec() } else { classes(&cells, vocabulary) };
        if !band.is_empty() {
            lone_time(&cells, &mut classes, vocabulary);
        }
        let counts = counts(&cells, &classes);
        let fits = if band.is_empty() {
            begins_band(table, grid, &cells, &classes, counts, faithful, vocabulary)
        } else {
            is_under_groups(&band, &cells, &classes, counts) || continues_band(&band, &cells, &classes, counts)
        };
        if !fits {
            break;
        }
        band.push((cells, classes));
    }
    if band.is_empty() {
        return None;
    }
    let head = columns(table, &band, corner(table, row + band.len() as u32, &band), context);
    let values = head.columns.iter().filter(|c| c.is_value()).count();
    let fields = head.columns.iter().filter(|c| c.name().is_some()).count();
    // labels above single values are a form's, not a grid's
    let of_kpis = |name: &Name| {
        name.is_kpi() || name.is_any(&[Label::Unit, Label::Note, Label::Values, Label::Direction, Label::Year])
    };
    let kpis = head.columns.iter().any(|column| column.name().is_some_and(Name::is_kpi));
    let kpi_fields = head.columns.iter().filter(|column| column.name().is_some_and(of_kpis)).count();
    let heads_rows = (head.measure.is_some() || values >= 1) && values + fields >= 2 || kpis && kpi_fields >= 2;
    heads_rows.then_some((head, band.len() as u32))
}
