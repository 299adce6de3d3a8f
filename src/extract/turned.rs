//! Tables whose heads stand down the left (years below each other, or labels with one measure a column), turned so that
//! they stand across the top, as all that follows expects them. A part of a table is turned inside a cell of its own.

use super::cards;
use super::heads::{self, Class};
use super::labels::{self, Name};
use super::tables::is_bare_number;
use crate::document::{Block, Cell, Document, Grid, Nested, Table, Text};
use crate::normalise::periods::{self, Precision};
use crate::vocabulary::{Label, Mark, Vocabulary, compact};
use std::borrow::Cow;
use std::ops::Range;

/// Rows of the largest table that is looked at: forms are short, long tables are lists.
const MOST_ROWS: u32 = 200;

/// How far from the left heads may stand.
const MOST_LABELS: u32 = 3;

/// Characters of the longest text that heads a column.
const HEAD: usize = 40;

/// The document with its tables upright.
pub(super) fn upright<'d>(document: &'d Document, vocabulary: &Vocabulary) -> Cow<'d, Document> {
    let mut found = Vec::new();
    for (p, page) in document.pages.iter().enumerate() {
        for (b, block) in page.blocks.iter().enumerate() {
            if let Block::Table(table) = block
                && let Some(table) = turned(table, vocabulary)
            {
                found.push((p, b, table));
            }
        }
    }
    if found.is_empty() {
        return Cow::Borrowed(document);
    }
    let mut document = document.clone();
    for (p, b, table) in found {
        document.pages[p].blocks[b] = Block::Table(table);
    }
    Cow::Owned(document)
}

/// A part of a table, and how it is headed.
struct Part {
    rows: Range<u32>,
    columns: Range<u32>,
    /// The corner names the years, which then stand across, over texts of rows that no label names.
    steps: bool,
}

fn turned(table: &Table, vocabulary: &Vocabulary) -> Option<Table> {
    if table.rows < 2 || table.columns < 2 || table.rows > MOST_ROWS {
        return None;
    }
    let inner: Vec<(usize, Nested)> = table
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.nested.is_empty())
        .filter_map(|(i, cell)| {
            let all: Vec<Option<Table>> = cell.nested.iter().map(|inner| turned(inner, vocabulary)).collect();
            let any = all.iter().any(Option::is_some);
            let tables = all.into_iter().zip(&cell.nested).map(|(turned, own)| turned.unwrap_or_else(|| own.clone()));
            any.then(|| (i, tables.collect::<Vec<Table>>().into()))
        })
        .collect();
    let parts = Look { table, grid: table.grid(), vocabulary }.parts();
    if parts.is_empty() && inner.is_empty() {
        return None;
    }
    let mut whole = table.clone();
    for (i, nested) in inner {
        whole.cells[i].nested = nested;
    }
    for part in parts.iter().rev() {
        let upright = part.upright(&whole);
        if part.rows == (0..table.rows) && part.columns == (0..table.columns) {
            return Some(upright);
        }
        let (rows, columns) = (&part.rows, &part.columns);
        let inside = |row: u32, column: u32| rows.contains(&row) && columns.contains(&column);
        whole.cells.retain(|cell| !inside(cell.row, cell.column));
        whole.overlays.retain(|overlay| !inside(overlay.row, overlay.start.midpoint(overlay.end) as u32));
        let at = whole.cells.partition_point(|cell| (cell.row, cell.column) < (rows.start, columns.start));
        let cell = Cell {
            row: rows.start,
            column: columns.start,
            row_span: rows.end - rows.start,
            column_span: columns.end - columns.start,
            text: Text { lines: Vec::new(), place: Some(upright.place.clone()) },
            fill: None,
            place: upright.place.clone(),
            nested: vec![upright].into(),
        };
        whole.cells.insert(at, cell);
    }
    Some(whole)
}

impl Part {
    fn upright(&self, table: &Table) -> Table {
        let mut upright = table.transposed(self.rows.clone(), self.columns.clone());
        if self.steps
            && let Some(corner) = upright.cells.first_mut()
        {
            corner.text.lines.clear();
        }
        upright
    }
}

/// A table while its parts are looked for.
struct Look<'t, 'v> {
    table: &'t Table,
    grid: Grid<'t>,
    vocabulary: &'v Vocabulary,
}

impl<'t> Look<'t, '_> {
    /// The parts with heads down the left, top to bottom.
    fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for column in 0..MOST_LABELS.min(self.table.columns - 1) {
            let down: Vec<&Cell> = (0..self.table.rows)
                .filter_map(|row| self.grid.at(row, column).filter(|c| begins(c, row, column)))
                .collect();
            if down.len() < 2 {
                continue;
            }
            let classes = heads::classes(&down, self.vocabulary);
            let mut i = 0;
            while i < down.len() {
                let part = self.measures(&down, &classes, i).or_else(|| self.years(&down, &classes, i));
                match part.filter(|part| parts.iter().all(|other| !overlap(part, other))) {
                    Some(part) => {
                        i += down[i..].iter().take_while(|cell| cell.row < part.rows.end).count().max(1);
                        parts.push(part);
                    }
                    None => i += 1,
                }
            }
        }
        parts.sort_by_key(|part| (part.rows.start, part.columns.start));
        parts
    }

    /// Years below each other from the label at `i` on, under a row that heads what stands beside them.
    fn years(&self, down: &[&'t Cell], classes: &[Class], i: usize) -> Option<Part> {
        let column = down[i].column;
        let times: Vec<usize> = (i + 1..down.len()).take_while(|&j| self.may_stand_among_years(&classes[j])).collect();
        let (&first, &last) = (times.first()?, times.last()?);
        let mut before: Option<(i32, Option<u32>)> = None;
        let mut count = 0;
        for &j in &times {
            let Class::Time(when) = &classes[j] else { continue };
            if matches!(when.precision, Precision::Day | Precision::Month) {
                return None;
            }
            // the same years again under another word beside them
            let group = column.checked_sub(1).and_then(|left| self.grid.at(down[j].row, left)).map(|cell| cell.row);
            let year = (when.fiscal_year(), group);
            if before.is_some_and(|before| year.1 == before.1 && year.0 <= before.0) {
                return None;
            }
            before = Some(year);
            count += 1;
        }
        if count < 2 || down[first].row != down[i].end_row() {
            return None;
        }
        let years_corner = match &classes[i] {
            Class::Blank => false,
            Class::Name(name) if name.is(Label::Year) => true,
            Class::Name(name) if name.is_kpi() || name.is(Label::Category) => false,
            _ => return None,
        };
        let part = self.part(down[i].row..down[last].end_row(), column..column + 1)?;
        let across: Vec<&Cell> = self.across(down[i].row, column + 1).collect();
        let body = |head: &Cell| {
            let cells = (down[first].row..part.rows.end).filter_map(|row| self.grid.at(row, head.column));
            cells.filter(|cell| !cell.text.is_blank()).collect::<Vec<&Cell>>()
        };
        let figures = |head: &Cell| body(head).iter().all(|cell| self.is_figure(cell));
        let heads = across.iter().all(|cell| match labels::whole(&cell.text, self.vocabulary) {
            Some(name) => self.heads_values(&name) || name.is_kpi() && figures(cell),
            None => cell.text.joined().chars().count() <= HEAD && !cards::is_sentence(&cell.text, self.vocabulary),
        });
        let sure = years_corner || across.len() >= 2 && across.iter().all(|cell| figures(cell));
        let timed = heads::classes(&across, self.vocabulary).iter().any(|class| matches!(class, Class::Time(_)));
        let unknown = |cell: &&Cell| labels::whole(&cell.text, self.vocabulary).is_none();
        let steps = years_corner && across.iter().all(unknown) && !across.iter().all(|cell| figures(cell));
        (heads && sure && !timed && !across.is_empty()).then_some(Part { steps, ..part })
    }

    /// Labels below each other from the one at `i` on, which names measures or indicators, each in a column of its own.
    fn measures(&self, down: &[&'t Cell], classes: &[Class], i: usize) -> Option<Part> {
        let name = |j: usize| match &classes[j] {
            Class::Name(name) => Some(name),
            _ => None,
        };
        let own = name(i)?;
        let of_kpis = own.is_kpi() && own.level().is_none();
        if !(of_kpis || own.is(Label::Name) || own.level().is_some()) || !self.names_each(down[i]) {
            return None;
        }
        let fits = |j: usize| match &classes[j] {
            Class::Time(_) | Class::Part(_) => true,
            Class::Name(name) if of_kpis => {
                name.is_figure() || name.is_any(&[Label::Unit, Label::Direction, Label::Note]) || name.is_kpi()
            }
            Class::Name(_) => true,
            Class::Text => !of_kpis && down[j].text.joined().chars().count() <= HEAD / 2,
            Class::Blank => false,
        };
        let end = (i..down.len()).take_while(|&j| j == i || fits(j) && down[j].row == down[j - 1].end_row()).last()?;
        let above = |j: usize| {
            name(j).is_some_and(|name| {
                name.level().is_some() || name.is_any(&[Label::Number, Label::Name, Label::Category])
            }) && down[j].end_row() == down[j + 1].row
        };
        let start = if of_kpis { i } else { (0..i).rev().take_while(|&j| above(j)).last().unwrap_or(i) };
        let below = &classes[i + 1..=end];
        let dated = below.iter().filter(|class| matches!(class, Class::Time(_))).count();
        let figures = below.iter().filter(|class| matches!(class, Class::Name(name) if name.is_figure())).count();
        let describes = |name: &Name| {
            name.section().is_some() || name.is_kpi() || name.is_any(&[Label::OwnerLead, Label::Period, Label::Budget])
        };
        let described = below.iter().any(|class| matches!(class, Class::Name(name) if describes(name)));
        let known =
            below.iter().filter(|class| matches!(class, Class::Name(_) | Class::Time(_) | Class::Part(_))).count();
        let sure = if of_kpis { dated + figures >= 2 } else { described || dated >= 2 };
        if !sure || known * 4 < below.len() * 3 {
            return None;
        }
        let labels = down[i].column..down[i].end_column();
        let part = self.part(down[start].row..down[end].end_row(), labels.clone())?;
        // most rows say something for each column, or one thing for all
        let rows = part.rows.clone();
        let filled = rows.clone().filter(|&row| {
            let mut cells = self.across(row, labels.end);
            let first = cells.next();
            cells.next().is_some() || first.is_some_and(|cell| cell.end_column() >= part.columns.end)
        });
        (filled.count() * 2 >= rows.len()).then_some(part)
    }

    /// The part of some rows with their labels and what stands left of them, if nothing reaches over its edges and no label
    /// stands among the values.
    fn part(&self, rows: Range<u32>, labels: Range<u32>) -> Option<Part> {
        let printed = |cell: &&Cell| !cell.text.is_blank();
        let within = |cell: &Cell| rows.start <= cell.row && cell.end_row() <= rows.end;
        let from = self.table.cells.partition_point(|cell| cell.row < rows.start);
        let cells: Vec<&Cell> =
            self.table.cells[from..].iter().take_while(|cell| cell.row < rows.end).filter(printed).collect();
        let end = cells.iter().map(|cell| cell.end_column()).max()?;
        let reaches_in = |row: u32| {
            (labels.end..end)
                .filter_map(|column| self.grid.at(row, column))
                .any(|cell| cell.row < rows.start && !cell.text.is_blank())
        };
        let left: Vec<&Cell> = (rows.clone())
            .flat_map(|row| (0..labels.start).filter_map(move |column| self.grid.at(row, column)))
            .filter(printed)
            .collect();
        let titled = left.iter().all(|cell| cell.row <= rows.start && rows.end <= cell.end_row());
        let grouped = left.iter().all(|cell| within(cell) && cell.end_column() <= labels.start);
        let (mut known, mut values) = (0, 0);
        for cell in cells.iter().filter(|cell| cell.column >= labels.end && cell.row > rows.start) {
            values += 1;
            let label =
                labels::whole(&cell.text, self.vocabulary).filter(|name| !name.by_ending && !self.heads_values(name));
            known += usize::from(label.is_some() || periods::parse(&cell.text.joined(), self.vocabulary).is_some());
        }
        let whole = cells.iter().all(|cell| within(cell));
        if !whole || !(titled || grouped) || reaches_in(rows.start) || known * 10 > values || end <= labels.end {
            return None;
        }
        let start = if titled { labels.start } else { 0 };
        // where cells may have been lost, only what lacks none is sure
        let full = || rows.clone().all(|row| (labels.start..end).all(|column| self.grid.at(row, column).is_some()));
        if self.table.ragged && !full() {
            return None;
        }
        let alone = rows == (0..self.table.rows) && start == 0;
        let columns = start..if alone { self.table.columns } else { end };
        Some(Part { rows, columns, steps: false })
    }

    /// Whether the cells beside a label name something each: at least two, all different, none a label or a number.
    fn names_each(&self, label: &Cell) -> bool {
        let cells: Vec<&Cell> = self.across(label.row, label.end_column()).collect();
        let texts: Vec<String> = cells.iter().map(|cell| compact(&cell.text.joined())).collect();
        let names = |(i, cell): (usize, &&Cell)| {
            let letters = texts[i].chars().filter(|c| c.is_alphabetic()).count();
            letters >= 2
                && !texts[..i].contains(&texts[i])
                && !self.vocabulary.is_mark(Mark::Sort, &texts[i])
                && !is_bare_number(cell, self.vocabulary)
                && cell.row_span == label.row_span
                && labels::whole(&cell.text, self.vocabulary).is_none_or(|name| name.by_ending)
                && periods::parse(&cell.text.joined(), self.vocabulary).is_none()
        };
        cells.len() >= 2 && cells.iter().enumerate().all(names)
    }

    /// The printed cells of a row from a column on.
    fn across(&self, row: u32, from: u32) -> impl Iterator<Item = &'t Cell> {
        self.table.row(row).iter().filter(move |cell| cell.column >= from && !cell.text.is_blank())
    }

    fn is_figure(&self, cell: &Cell) -> bool {
        let raw = cell.text.raw().replace('\n', "");
        crate::normalise::values::parse(&raw, None, self.vocabulary).number.is_some()
            || raw.chars().all(|c| !c.is_alphabetic())
    }

    /// Whether a label may head values of years: 目標値, 事業費, 実施内容.
    fn heads_values(&self, name: &Name) -> bool {
        let fields =
            [Label::Budget, Label::Funding, Label::Schedule, Label::ScheduleItem, Label::Activities, Label::Content];
        name.is_figure() || name.is_any(&fields) || name.is_kpi() && name.ordinal.is_some()
    }

    /// Whether a label in a column of years leaves it one: a year, or a word for a figure.
    fn may_stand_among_years(&self, class: &Class) -> bool {
        match class {
            Class::Time(_) => true,
            Class::Name(name) => name.is_figure() || name.is(Label::Unit),
            _ => false,
        }
    }
}

fn begins(cell: &Cell, row: u32, column: u32) -> bool {
    cell.row == row && cell.column == column
}

fn overlap(a: &Part, b: &Part) -> bool {
    let meet = |a: &Range<u32>, b: &Range<u32>| a.start < b.end && b.start < a.end;
    meet(&a.rows, &b.rows) && meet(&a.columns, &b.columns)
}
