//! Tables as events: forms (label cell, value cell), lists (a head row, then a row or merged group each) and year grids.

pub(super) mod forms;
mod grids;
mod lists;

use super::events::{Aligned, Entry, Event, Piece, Row, Title};
use super::heads::{self, Class, Column, ColumnKind, Head};
use super::labels::{self, Name};
use super::numbering;
use crate::diagnostic::Diagnostic;
use crate::document::{Cell, Grid, Place, Table, Text};
use crate::normalise::periods::When;
use crate::normalise::{characters, periods, values};
use crate::vocabulary::{Label, Level, Mark, Meaning, Vocabulary, compact};
use std::borrow::Cow;
use std::rc::Rc;

/// Characters of the longest text taken for a label that the vocabulary does not know.
const LABEL: usize = 16;

/// How many cells of a column tell what it holds.
const SAMPLE: usize = 50;

/// What a walk over tables needs to know.
pub(super) struct Context<'v> {
    pub vocabulary: &'v Vocabulary,
    /// Whether cells stand in the columns they were printed in.
    pub faithful: bool,
    /// The year that quarters and months without one are of: what the text above states.
    pub year: Option<When>,
    /// The money that plain years are of, where the text above says so: 事業費(千円).
    pub money: Option<String>,
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
        let mut classes = heads::classes(&cells, self.context.vocabulary);
        self.settle_remark(&cells, &mut classes);
        if let Some((head, rows)) = self.new_head(row, &cells, &classes) {
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

    fn new_head(&self, row: u32, cells: &[&'a Cell], classes: &[Class]) -> Option<(Head, u32)> {
        // long text left of the heads belongs to the form beside them
        let first = classes.iter().position(|class| matches!(class, Class::Name(_) | Class::Time(_)))?;
        const LABEL: usize = 90; // bytes: thirty characters
        let beside =
            cells[..first].iter().any(|cell| cell.text.lines.iter().map(|l| l.raw.len()).sum::<usize>() > LABEL);
        let mut left = if beside { cells[first].column } else { 0 };
        // a form label beside a year grid: the heads begin with the label next to the years
        let times = classes.iter().filter(|c| is_value_head(c)).count();
        if times >= 2 && !beside {
            let first_time = classes.iter().position(is_value_head)?;
            let run = (0..first_time).rev().take_while(|&i| !matches!(classes[i], Class::Blank)).last();
            if let Some(start) = run
                && cells[..start].iter().any(|cell| !cell.text.is_blank())
                && first_time - start == 1
                && matches!(&classes[start], Class::Name(name) if is_grid_label(name) || name.is(Label::Schedule))
                && !self.context.faithful
            {
                left = cells[start].column;
            }
        }
        let head = |left| {
            let (head, rows) = heads::head(self.table, &self.grid, row, left, self.context)?;
            let told = self.with_sorts_told(head, row + rows);
            let told = self.with_names_told(told, row + rows);
            Some((self.with_rows_told(told, row + rows), rows))
        };
        let found = head(left)?;
        // a label beside the heads and the rows below them titles them all
        let title = cells.iter().find(|cell| cell.column >= left && !cell.text.is_blank())?;
        if title.column != found.0.start || title.end_row() <= row + found.1 {
            return Some(found);
        }
        let named = |head: &Head| head.columns.first().is_some_and(|column| column.name().is_some());
        let Some((mut beside, rows)) = head(title.end_column()).filter(|(head, _)| named(head)) else {
            return Some(found);
        };
        let scheduled =
            labels::whole(&title.text, self.context.vocabulary).is_some_and(|name| name.is(Label::Schedule));
        let timed = beside.columns[1..].iter().all(Column::is_value);
        if let ColumnKind::Field(name) = &mut beside.columns[0].kind
            && scheduled
            && timed
        {
            Rc::make_mut(name).meanings = vec![Meaning::Field(Label::ScheduleItem)];
        }
        Some((beside, rows))
    }

    /// A list's columns of words like 新規 and 継続 sort its measures, whatever heads them.
    fn with_sorts_told(&self, mut head: Head, body: u32) -> Head {
        let Some(measure) = head.measure else { return head };
        let vocabulary = self.context.vocabulary;
        for i in (0..head.columns.len()).filter(|&i| i != measure) {
            let column = &head.columns[i];
            let vague = match &column.kind {
                ColumnKind::Other => true,
                ColumnKind::Field(name) => name.section().is_some(),
                _ => false,
            };
            let mut cells = (body..self.table.rows)
                .filter_map(|row| self.grid.at(row, column.start))
                .filter(|cell| !cell.text.is_blank())
                .take(SAMPLE)
                .peekable();
            let sorts = vague
                && cells.peek().is_some()
                && cells.all(|cell| vocabulary.is_mark(Mark::Sort, &compact(&cell.text.joined())));
            if sorts {
                let name = Name { heading: column.heading.clone(), ..labels::field(Label::Category) };
                head.columns[i].kind = ColumnKind::Field(name.into());
            }
        }
        head
    }

    /// A head whose measures stand in the column of their contents: where the column of names groups several rows
    /// (事業名 over 事業内容) and the contents are names.
    fn with_names_told(&self, mut head: Head, body: u32) -> Head {
        const NAME: usize = 40;
        let Some(measure) = head.measure else { return head };
        let field = |i: usize, label: Label| head.columns[i].name().is_some_and(|name| name.is(label));
        let Some(content) = (measure + 1..head.columns.len()).find(|&i| field(i, Label::Content)) else { return head };
        let owner = (0..head.columns.len()).find(|&i| field(i, Label::OwnerLead));
        let Some(owner) = owner else { return head };
        let printed = |row: u32, i: usize| {
            self.grid.at(row, head.columns[i].start).filter(|cell| cell.row == row && !cell.text.is_blank())
        };
        let (mut all, mut names, mut under) = (0, 0, 0);
        for row in body..self.table.rows {
            let Some(cell) = printed(row, content) else { continue };
            let sentence = super::cards::is_sentence(&cell.text, self.context.vocabulary);
            let short = cell.text.lines.first().is_some_and(|line| line.text.chars().count() <= NAME);
            all += 1;
            names += usize::from(short && !sentence);
            if printed(row, measure).is_none() {
                if printed(row, owner).is_none() {
                    return head;
                }
                under += 1;
            }
        }
        if under == 0 || names * 3 < all * 2 {
            return head;
        }
        if let ColumnKind::Field(name) = &mut head.columns[measure].kind {
            Rc::make_mut(name).meanings = vec![Meaning::Level(Level::Policy)];
        }
        if let ColumnKind::Field(name) = &mut head.columns[content].kind {
            Rc::make_mut(name).meanings = vec![Meaning::Field(Label::Name)];
        }
        head.measure = Some(content);
        head
    }

    /// A head whose rows a word like 項目 names: steps of a schedule, where no row below gives a figure.
    fn with_rows_told(&self, mut head: Head, body: u32) -> Head {
        let plain = head.columns.iter().all(|column| !matches!(column.kind, ColumnKind::Figure(..)));
        let times: Vec<u32> = head.times().map(|(i, _)| head.columns[i].start).collect();
        let vocabulary = self.context.vocabulary;
        let vague = |name: &Name| {
            name.is_kpi() && name.meanings.len() == 1 && vocabulary.is_mark(Mark::Vague, &compact(&name.heading))
        };
        if !plain || times.is_empty() || !head.columns.iter().any(|column| column.name().is_some_and(vague)) {
            return head;
        }
        let figure = |row: u32, column: u32| {
            self.grid
                .at(row, column)
                .filter(|cell| !cell.text.is_blank())
                .map(|cell| values::parse(&cell.text.raw().replace('\n', ""), None, vocabulary).number.is_some())
        };
        let printed: Vec<bool> = (body..self.table.rows.min(body + 20))
            .take_while(|&row| row == body || !self.begins_with_label(row))
            .flat_map(|row| times.iter().filter_map(move |&column| figure(row, column)))
            .collect();
        if printed.is_empty() || printed.contains(&true) {
            return head;
        }
        for column in &mut head.columns {
            if let ColumnKind::Field(name) = &mut column.kind
                && vague(name)
            {
                Rc::make_mut(name).meanings = vec![Meaning::Field(Label::ScheduleItem)];
            }
        }
        head
    }

    /// Whether a row begins with a label.
    fn begins_with_label(&self, row: u32) -> bool {
        let first = self.table.row(row).iter().find(|cell| !cell.text.is_blank());
        first.is_some_and(|cell| labels::whole(&cell.text, self.context.vocabulary).is_some())
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

    fn repeats_head(&self, cells: &[&'a Cell]) -> bool {
        let Some(active) = &self.head else { return false };
        let mut all = cells.iter().filter(|cell| !cell.text.is_blank());
        if let (Some(only), None) = (all.next(), all.next())
            && let Some(name) = labels::whole(&only.text, self.context.vocabulary)
            && (name.section().is_some() || name.is_kpi() || name.is(Label::Schedule))
            && active.head.columns.len() > 1
        {
            // a label alone in its row: the list was a form's head
            return true;
        }
        let first = active.head.columns.first();
        let printed = cells.iter().find(|cell| !cell.text.is_blank());
        if let (Some(column), Some(cell)) = (first, printed)
            && column.heading == cell.text.joined().replace('\n', "")
        {
            return true;
        }
        // another head: several labels and nothing else, from the first column on
        if cells.first().is_some_and(|cell| cell.column > active.head.start) {
            return false;
        }
        let classes =
            if cells.iter().all(|cell| cell.text.lines.len() <= 3 && cell.text.lines.iter().all(|l| l.raw.len() <= 60))
            {
                heads::classes(cells, self.context.vocabulary)
            } else {
                return false;
            };
        let counts = heads::counts(cells, &classes);
        counts.names + counts.times >= 3 && counts.texts == 0
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

    /// Whether a row goes on with the grid: it does not begin with a label of another kind.
    fn belongs_to_grid(&self, cells: &[&'a Cell], classes: &[Class]) -> bool {
        let Some(active) = &self.head else { return false };
        let Some(first) = classes.iter().position(|class| !matches!(class, Class::Blank)) else { return true };
        let Class::Name(name) = &classes[first] else {
            // `1 | 事業名 | …`: a number before a label begins a form
            let next = classes[first + 1..].iter().find(|class| !matches!(class, Class::Blank));
            if self.holds_labels(cells, classes) {
                return false;
            }
            let number = is_bare_number(cells[first], self.context.vocabulary);
            return !(number && matches!(next, Some(Class::Name(name)) if !is_grid_label(name)));
        };
        let texts = classes.iter().filter(|class| matches!(class, Class::Text)).count();
        // 年度 | 令和6年度 | 令和7年度 over a form's own labels: a text for each year
        let years = active.head.columns.first().filter(|column| column.name().is_some_and(|name| name.is(Label::Year)));
        if years.is_some_and(|years| years.start == cells[first].column) {
            let dated = |cell: &&Cell| active.head.times().any(|(i, _)| active.head.columns[i].start == cell.column);
            let printed = cells[first + 1..].iter().filter(|cell| !cell.text.is_blank());
            let figures = name.is_kpi() || name.is_any(&[Label::Budget, Label::Funding]);
            return figures || printed.clone().count() >= 2 && printed.clone().all(dated);
        }
        if is_grid_label(name) && !self.holds_labels(cells, classes) {
            return true;
        }
        // under a column of such labels (取組内容 | 令和5年度 …) the same word names a row
        let field = active.head.field_at(cells[first].column).and_then(|(_, name)| name);
        let same = field.is_some_and(|head| head.meanings.iter().any(|meaning| name.meanings.contains(meaning)));
        // of the source text: the normalised heading has lost the space behind the number
        let numbered = numbering::leading(&cells[first].text.raw(), self.context.vocabulary).is_some();
        let spare = name.ordinal.is_some() && !numbered && name.section().is_some() && active.head.times().count() > 0;
        // アウトプット | 利用者数 | 14人 under 分類 | 指標 | 基準値: what kind of indicator the row is of
        let sorts = field.is_some_and(|name| !name.is_kpi());
        let indicator = active.head.columns.iter().find(|column| column.name().is_some_and(Name::is_kpi));
        let named = indicator.is_some_and(|column| {
            cells.iter().zip(classes).any(|(cell, class)| cell.column == column.start && matches!(class, Class::Text))
        });
        if sorts && named {
            return true;
        }
        (same || spare && texts > 0) && !name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Name])
    }

    /// Whether a cell of a row is a part of a form that brings its own numbered label.
    fn holds_labels(&self, cells: &[&'a Cell], classes: &[Class]) -> bool {
        cells.iter().zip(classes).any(|(cell, class)| {
            let first = cell.text.lines.first().and_then(|line| line.raw.trim_start().chars().next());
            let numbered = first.is_some_and(|c| c.is_ascii_digit() || numbering::circled(c).is_some());
            matches!(class, Class::Text)
                && numbered
                && super::prose::inner_entries(&cell.text, self.context.vocabulary).is_some()
        })
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
        let overlays = &self.table.overlays;
        let from = overlays.partition_point(|overlay| overlay.row < row);
        let overlays: Vec<_> = overlays[from..].iter().take_while(|overlay| overlay.row == row).collect();
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

/// Labels that head a row of a grid.
fn is_row_label(name: &Name) -> bool {
    is_grid_label(name)
        || name.ordinal.is_some() && name.section().is_some()
        || name.is_any(&[Label::Content, Label::Year])
}

fn is_grid_label(name: &Name) -> bool {
    name.is_kpi()
        || name.is_figure()
        || name.is_any(&[
            Label::Unit,
            Label::ScheduleItem,
            Label::Budget,
            Label::Funding,
            Label::FundingGroup,
            Label::Note,
        ])
        || name.is(Label::Activities)
}

/// Fields of a list row that belong to its figures or schedule, not to its measure.
fn is_row_field(name: &Name) -> bool {
    name.is_kpi()
        || name.is_any(&[
            Label::Unit,
            Label::Note,
            Label::ScheduleItem,
            Label::Direction,
            Label::Year,
            Label::Values,
            Label::Schedule,
        ])
}

fn is_value_head(class: &Class) -> bool {
    matches!(class, Class::Time(_)) || matches!(class, Class::Name(name) if name.is_figure())
}

/// How many of a row's first printed cells are labels, where all that follow are texts.
fn names_only(printed: &[usize], classes: &[Class]) -> Option<usize> {
    let names = printed.iter().take_while(|&&i| matches!(classes[i], Class::Name(_))).count();
    let texts = printed[names..].iter().all(|&i| matches!(classes[i], Class::Text | Class::Time(_) | Class::Name(_)));
    (names > 0 && texts).then_some(names)
}

/// A schedule's title that stands as the head of the label column: 取組の工程.
fn schedule_title(head: &Head) -> Option<Name> {
    let title = head.columns.iter().find_map(|column| column.name().filter(|name| name.is(Label::Schedule)))?;
    (head.measure.is_none() && head.times().count() > 0).then(|| title.clone())
}

/// A cell that holds a number and nothing else: 3, 01, ①, (2).
pub(super) fn is_bare_number(cell: &Cell, vocabulary: &Vocabulary) -> bool {
    let [line] = cell.text.lines.as_slice() else { return false };
    let raw = line.raw.trim();
    if raw.is_empty() || raw.len() > 16 {
        return false;
    }
    numbering::leading(raw, vocabulary).is_some_and(|numbered| numbered.length == raw.len())
}
