//! Tables as events: forms (label cell, value cell), lists (a head row, then a row or merged group each) and year grids.

mod belongs;
mod forms;
mod grids;
mod lists;
mod starts;
pub(super) mod titles;

pub(super) use belongs::is_bare_number;

use super::events::{Aligned, Entry, Event, Piece, Row, Title};
use super::heads::{self, Class, Head};
use super::labels::{self, Name};
use super::numbering;
use crate::diagnostic::Diagnostic;
use crate::document::{Cell, Grid, Place, Table, Text};
use crate::normalise::periods::When;
use crate::normalise::{characters, periods};
use crate::vocabulary::{Label, Meaning, Vocabulary};
use belongs::is_grid_label;
use starts::schedule_title;
use std::borrow::Cow;
use std::rc::Rc;

/// Characters of the longest text taken for a label that the vocabulary does not know.
const LABEL: usize = 16;

/// What a walk over tables needs to know.
#[derive(Clone)]
pub(super) struct Context<'v> {
    pub vocabulary: &'v Vocabulary,
    /// Whether cells stand in the columns they were printed in.
    pub faithful: bool,
    /// The year that quarters and months without one are of: what the text above states.
    pub year: Option<When>,
    /// The money that plain years are of, where the text above says so: 事業費(千円).
    pub money: Option<String>,
    /// The unit of money that the text right above states: (単位:千円).
    pub unit: Option<String>,
}

/// The kind of money that a title names, with its unit: `概算事業費(千円)`.
pub(super) fn money_titled(raw: &str, vocabulary: &Vocabulary) -> Option<String> {
    let raw = &raw[numbering::leading(raw, vocabulary).map_or(0, |numbered| numbered.length)..];
    let name = labels::parse(raw, vocabulary).filter(|name| name.is(Label::Budget))?;
    let kind = name.heading.split('(').next().unwrap_or_default();
    let unit = name.remark.as_deref().and_then(|unit| unit.rsplit([':', '\u{ff1a}']).next()).map(str::trim);
    Some(unit.map_or_else(|| kind.to_owned(), |unit| format!("{kind}({unit})")))
}

/// The events of a table.
pub(super) fn events<'a>(
    table: &'a Table,
    context: &Context<'_>,
    out: &mut Vec<Event<'a>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    out.push(Event::TableStart);
    let mut walk = Walk {
        table,
        grid: table.grid(),
        context,
        owners: vec![None; table.columns as usize + 1],
        head: None,
        out,
        diagnostics,
    };
    let mut row = 0;
    while row < table.rows {
        row += walk.row(row);
    }
    walk.close_head();
    out.push(Event::TableEnd);
}

/// The events of a table that is known to be a list under a head.
pub(super) fn listed<'a>(
    table: &'a Table,
    (head, rows): (Head, u32),
    context: &Context<'_>,
    out: &mut Vec<Event<'a>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    out.push(Event::TableStart);
    let styles = vec![None; head.columns.len()];
    let head = Some(Active { head: Rc::new(head), rows: Vec::new(), styles });
    let owners = vec![None; table.columns as usize + 1];
    let mut walk = Walk { table, grid: table.grid(), context, owners, head, out, diagnostics };
    for row in rows..table.rows {
        let cells: Vec<&'a Cell> = table.row(row).iter().collect();
        if !walk.repeats_head(&cells) {
            walk.list_row(row, &cells);
        }
    }
    walk.close_head();
    out.push(Event::TableEnd);
}

struct Walk<'a, 'c> {
    table: &'a Table,
    grid: Grid<'a>,
    context: &'c Context<'c>,
    /// For each column, which event (index) owns text below, and whether as a label above its values.
    owners: Vec<Option<Owner>>,
    head: Option<Active>,
    out: &'c mut Vec<Event<'a>>,
    diagnostics: &'c mut Vec<Diagnostic>,
}

/// An open entry that owns a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Owner {
    /// Its event.
    entry: usize,
    owning: Owning,
    /// The column of its label.
    label: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owning {
    /// The label stands above its values.
    Above,
    /// The value began in the row of its label and goes on below.
    Beside,
}

/// The head in force and the events of its body rows.
struct Active {
    head: Rc<Head>,
    rows: Vec<usize>,
    /// Number styles seen in each column, for rows that lost their leading blanks.
    styles: Vec<Option<numbering::Style>>,
}

impl<'a> Walk<'a, '_> {
    /// Takes a row; returns how many rows it took.
    fn row(&mut self, row: u32) -> u32 {
        let cells: Vec<&'a Cell> = self.table.row(row).iter().collect();
        if let [inner] =
            cells.iter().filter(|cell| !cell.text.is_blank() || !cell.nested.is_empty()).collect::<Vec<_>>()[..]
            && inner.text.is_blank()
        {
            self.close_head();
            self.nested(inner);
            return inner.row_span;
        }
        let left = self.head.as_ref().map_or(0, |active| active.head.start);
        let body_of_list = self.head.as_ref().is_some_and(|active| active.head.measure.is_some());
        if body_of_list && !self.repeats_head(&cells) {
            self.list_row(row, &cells);
            return 1;
        }
        if let Some(entry) = self.dated_row(row, &cells) {
            self.close_head();
            self.out.push(Event::Entry(entry));
            return 1;
        }
        if !self.context.faithful && self.form_line(&cells) {
            return 1;
        }
        let seen = heads::classes(&cells, self.context.vocabulary);
        let mut classes = seen.clone();
        self.settle_remark(&cells, &mut classes);
        if let Some((head, rows)) = self.new_head(row, &cells, &classes, &seen) {
            // what stands left of the heads goes on as a form
            let beside = cells.iter().take_while(|cell| cell.column < head.start).count();
            self.form_row(row, &cells[..beside], &classes[..beside]);
            self.close_head();
            let styles = vec![None; head.columns.len()];
            for owner in &mut self.owners[head.start as usize..] {
                *owner = None;
            }
            if let Some(title) = schedule_title(&head) {
                self.out.push(Event::Entry(Entry::new(title, None, self.row_place(row))));
            }
            self.head = Some(Active { head: Rc::new(head), rows: Vec::new(), styles });
            return rows;
        }
        if self.head.is_some() {
            let mut split = cells.iter().position(|cell| cell.column >= left).unwrap_or(cells.len());
            let beside: Vec<usize> = (0..split).filter(|&i| !matches!(classes[i], Class::Blank)).collect();
            // ① before a row of figures is the row's label
            if let [only] = beside.as_slice()
                && is_bare_number(cells[*only], self.context.vocabulary)
                && !matches!(classes.get(only + 1), Some(Class::Name(_)))
            {
                split = 0;
            }
            // under a head without a word over the labels (a blank corner) so is 事業費
            if let [only] = beside.as_slice()
                && matches!(&classes[*only], Class::Name(name) if is_grid_label(name) && !name.is_kpi())
                && !cells[split..].is_empty()
            {
                split = 0;
            }
            // a label left of the grid whose value stands in the grid's columns: the form goes on
            let form = beside.last().is_some_and(|&i| {
                matches!(&classes[i], Class::Name(name) if !is_grid_label(name))
                    && !self.has_text_below(cells[i])
                    && matches!(classes[split..].iter().find(|class| !matches!(class, Class::Blank)), Some(Class::Text))
            });
            if !form && self.belongs_to_grid(&cells[split..], &classes[split..]) {
                self.form_row(row, &cells[..split], &classes[..split]);
                self.grid_row(row, &cells[split..], &classes[split..]);
                return 1;
            }
            self.close_head();
        }
        self.form_row(row, &cells, &classes);
        1
    }

    /// `2021年度 35施設 | 2022年度 45施設 | …`: cells that carry their years with them.
    fn dated_row(&self, row: u32, cells: &[&'a Cell]) -> Option<Entry<'a>> {
        let printed: Vec<&'a Cell> = cells.iter().copied().filter(|cell| !cell.text.is_blank()).collect();
        let begins = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || !c.is_ascii() && c.is_alphabetic();
        let dated = |cell: &&Cell| {
            let text = cell.text.joined();
            let text = text.trim();
            text.starts_with(begins)
                && periods::find(text, self.context.vocabulary)
                    .first()
                    .is_some_and(|mention| mention.range.start == 0 && !text[mention.range.end..].trim().is_empty())
        };
        if printed.len() < 2 || printed.len() > 16 || !printed.iter().all(dated) {
            return None;
        }
        let name =
            Name { meanings: vec![Meaning::Field(Label::Target), Meaning::Field(Label::Schedule)], ..Name::default() };
        let values = printed.iter().map(|cell| piece(cell, row)).collect();
        Some(Entry { values, ..Entry::new(name, None, self.row_place(row)) })
    }

    fn close_head(&mut self) {
        let Some(active) = self.head.take() else { return };
        let siblings = active.rows.len() as u32;
        for index in active.rows {
            if let Event::Row(row) = &mut self.out[index] {
                row.siblings = siblings;
            }
        }
    }

    fn row_place(&self, row: u32) -> Place {
        let places = self.table.row(row).iter().map(|cell| &cell.place);
        places.cloned().reduce(|a, b| a.union(&b)).unwrap_or_else(|| self.table.place.clone())
    }

    /// A value of the entry that owns its column.
    fn value(&mut self, row: u32, cell: &'a Cell) {
        if let Some(owner) = self.owners[cell.column as usize]
            && let Event::Entry(entry) = &mut self.out[owner.entry]
        {
            entry.values.push(piece(cell, row));
        }
        self.nested(cell);
    }

    fn nested(&mut self, cell: &'a Cell) {
        for inner in &cell.nested {
            events(inner, self.context, self.out, self.diagnostics);
        }
    }

    fn push_row(
        &mut self,
        row: u32,
        head: Rc<Head>,
        mut fields: Vec<(Option<Rc<Name>>, &'a Cell)>,
        mut values: Vec<Aligned<'a>>,
        shifted: bool,
    ) {
        // a shape in a merged cell is the first row's; one over several cells is each row's
        let begins = |column: f32| self.grid.at(row, column as u32).is_none_or(|cell| cell.row == row);
        let over = self.table.overlays_over(row);
        let overlays: Vec<_> = over.filter(|overlay| overlay.row == row || begins(overlay.start)).collect();
        // a filled cell among cells without is a bar, stripes of whole rows are none
        let label = self.table.row(row).iter().find(|cell| !values.iter().any(|value| std::ptr::eq(value.cell, *cell)));
        let fill = label.and_then(|cell| cell.fill);
        let empty = values
            .iter()
            .all(|value| value.cell.text.is_blank() && value.cell.fill.is_none_or(|own| Some(own) == fill));
        if fields.is_empty() && empty && overlays.is_empty() {
            return;
        }
        let listed = head.measure.is_some();
        let place = self.row_place(row);
        for cell in fields.iter().map(|(_, cell)| *cell).chain(values.iter().map(|value| value.cell)) {
            for inner in &cell.nested {
                events(inner, self.context, self.out, self.diagnostics);
            }
        }
        let index = self.out.len();
        fields.shrink_to_fit();
        values.shrink_to_fit();
        let row = Row { head, fields, values, overlays, place, fill, shifted, listed, siblings: 1 };
        self.out.push(Event::Row(Box::new(row)));
        if let Some(active) = &mut self.head {
            active.rows.push(index);
        }
    }
}

fn piece<'a>(cell: &'a Cell, row: u32) -> Piece<'a> {
    Piece { text: Cow::Borrowed(&cell.text), row, place: cell.place.clone() }
}

/// A heading-like event of a text.
pub(super) fn title<'a>(
    text: impl Into<Cow<'a, Text>>,
    level: Option<u8>,
    place: Place,
    vocabulary: &Vocabulary,
) -> Title<'a> {
    let text = text.into();
    let raw: String = text.lines.iter().map(|line| line.raw.trim()).collect::<Vec<_>>().join("");
    let numbered = numbering::leading(&raw, vocabulary);
    let name = characters::name(&raw[numbered.as_ref().map_or(0, |numbered| numbered.length)..]);
    Title { text, level, item: false, numbered, name, place }
}
