//! One record as rows of the tables of [`super::tables`].

use super::ExportError;
use super::tables::{Of, TABLES};
use crate::document::Place;
use crate::record::{Kpi, Measure, Month, Number, Owner, PlanRecord, Target, Value};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// A row of things that cells can be made of.
macro_rules! cells {
    ($($cell:expr),+ $(,)?) => { [$(Cell::from($cell)),+] };
}

/// What stands in a column of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'r> {
    Null,
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Text(Cow<'r, str>),
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Cell::Integer(number)
    }
}

impl From<i32> for Cell<'_> {
    fn from(number: i32) -> Self {
        Cell::Integer(number.into())
    }
}

impl From<u32> for Cell<'_> {
    fn from(number: u32) -> Self {
        Cell::Integer(number.into())
    }
}

impl From<Number> for Cell<'_> {
    fn from(number: Number) -> Self {
        Cell::Real(number.0)
    }
}

impl From<bool> for Cell<'_> {
    fn from(is: bool) -> Self {
        Cell::Boolean(is)
    }
}

impl From<Month> for Cell<'_> {
    fn from(month: Month) -> Self {
        Cell::Text(Cow::Owned(month.to_string()))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(Cow::Owned(text))
    }
}

impl<'r> From<&'r String> for Cell<'r> {
    fn from(text: &'r String) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl<'r> From<&'r str> for Cell<'r> {
    fn from(text: &'r str) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl<'r, T: Into<Cell<'r>>> From<Option<T>> for Cell<'r> {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Cell::Null, Into::into)
    }
}

impl<'r> From<&'r Option<String>> for Cell<'r> {
    fn from(text: &'r Option<String>) -> Self {
        text.as_ref().into()
    }
}

/// Where rows go.
pub trait Sink {
    /// Takes a row; its cells are those of the table's columns. A row never refers to a later one but of its own table.
    ///
    /// # Errors
    /// What the format or the file system says.
    fn row(&mut self, table: Of, cells: &[Cell<'_>]) -> Result<(), ExportError>;
}

/// Numbers the rows of an export, each table from 1.
#[derive(Debug, Default)]
pub struct Numbering([i64; TABLES.len()]);

impl Numbering {
    /// Gives a record's rows to a sink.
    ///
    /// # Errors
    /// As of the sink.
    pub fn record(&mut self, record: &PlanRecord, sink: &mut dyn Sink) -> Result<(), ExportError> {
        let PlanRecord { schema_version, plan, source, .. } = record;
        let id = self.next(Of::Plans);
        let cells = cells![
            id,
            &source.path,
            schema_version,
            &plan.title,
            &plan.publisher,
            word(&plan.status),
            &plan.version,
            &plan.published,
            &plan.revised,
            plan.period.map(|period| period.start),
            plan.period.map(|period| period.end),
            &source.format,
            source.bytes as i64,
            &source.sha256,
            source.pages,
            &source.extractor_version,
        ];
        sink.row(Of::Plans, &cells)?;
        Rows { numbering: self, sink, plan: id }.all(record)
    }

    fn next(&mut self, table: Of) -> i64 {
        let last = &mut self.0[table.index()];
        *last += 1;
        *last
    }
}

/// The rows of a plan.
struct Rows<'s> {
    numbering: &'s mut Numbering,
    sink: &'s mut dyn Sink,
    /// The plan's row.
    plan: i64,
}

/// The parts of a record, each with its place in its list, from 1.
fn placed<T>(list: &[T]) -> impl Iterator<Item = (i64, &T)> {
    (1..).zip(list)
}

impl Rows<'_> {
    fn all(&mut self, record: &PlanRecord) -> Result<(), ExportError> {
        for (field, at) in record.plan.places.known() {
            let place = self.place(at)?;
            self.sink.row(Of::HeaderPlaces, &cells![self.plan, field, place])?;
        }
        let policies = self.policies(record)?;
        let titles = only(placed(&record.policies).map(|(i, policy)| (policy.title.as_str(), policies + i)));
        for (position, measure) in placed(&record.measures) {
            self.measure(position, measure, &titles)?;
        }
        for (position, entry) in placed(&record.glossary) {
            let place = self.place(&entry.at)?;
            let id = self.numbering.next(Of::Glossary);
            let cells = cells![id, self.plan, position, &entry.term, &entry.reading, &entry.definition, place];
            self.sink.row(Of::Glossary, &cells)?;
        }
        for (position, corrected) in placed(&record.corrections) {
            let id = self.numbering.next(Of::Corrections);
            let (field, was) = (&corrected.field, corrected.was.to_string());
            let (who, day, why) = (&corrected.who, &corrected.when, &corrected.why);
            let cells = cells![id, self.plan, position, field, was, corrected.removed, who, day, why];
            self.sink.row(Of::Corrections, &cells)?;
        }
        for (position, diagnostic) in placed(&record.diagnostics) {
            let place = diagnostic.at.as_ref().map(|at| self.place(at)).transpose()?;
            let id = self.numbering.next(Of::Diagnostics);
            let (code, severity) = (diagnostic.code.name(), word(&diagnostic.severity));
            let cells = cells![id, self.plan, position, code, severity, &diagnostic.message, &diagnostic.field, place];
            self.sink.row(Of::Diagnostics, &cells)?;
        }
        Ok(())
    }

    /// The policies and their indicators; the number of the row before the first.
    fn policies(&mut self, record: &PlanRecord) -> Result<i64, ExportError> {
        let before = self.numbering.0[Of::Policies.index()];
        let numbered = placed(&record.policies).filter_map(|(i, policy)| Some((policy.number.as_deref()?, before + i)));
        let numbers = only(numbered);
        for (position, policy) in placed(&record.policies) {
            let place = self.place(&policy.at)?;
            let id = self.numbering.next(Of::Policies);
            let parent = policy.parent.as_deref().and_then(|number| numbers.get(number)).copied().flatten();
            let cells = cells![
                id,
                self.plan,
                position,
                &policy.number,
                &policy.level,
                &policy.title,
                &policy.parent,
                parent,
                place,
            ];
            self.sink.row(Of::Policies, &cells)?;
        }
        for (position, policy) in placed(&record.policies) {
            self.kpis(&policy.kpis, None, Some(before + position))?;
        }
        Ok(before)
    }

    fn measure(
        &mut self,
        position: i64,
        measure: &Measure,
        titles: &HashMap<&str, Option<i64>>,
    ) -> Result<(), ExportError> {
        let place = self.place(&measure.at)?;
        let id = self.numbering.next(Of::Measures);
        let cells = cells![
            id,
            self.plan,
            position,
            &measure.id,
            &measure.number,
            &measure.name,
            measure.period.map(|period| period.start),
            measure.period.and_then(|period| period.end),
            place,
        ];
        self.sink.row(Of::Measures, &cells)?;
        for (position, title) in placed(&measure.policies) {
            let policy = titles.get(title.as_str()).copied().flatten();
            self.sink.row(Of::MeasurePolicies, &cells![id, position, title, policy])?;
        }
        for (position, name) in placed(&measure.categories) {
            self.sink.row(Of::Categories, &cells![id, position, name])?;
        }
        self.owners(Of::Owners, id, &measure.owners)?;
        for (position, section) in placed(&measure.sections) {
            let place = self.place(&section.at)?;
            let section_id = self.numbering.next(Of::Sections);
            let kind = word(&section.kind);
            self.sink
                .row(Of::Sections, &cells![section_id, id, position, kind, &section.heading, &section.text, place])?;
            for (position, item) in placed(&section.items) {
                self.sink.row(Of::SectionItems, &cells![section_id, position, item])?;
            }
        }
        for (position, activity) in placed(&measure.activities) {
            let place = self.place(&activity.at)?;
            let row = self.numbering.next(Of::Activities);
            let mut cells = cells![row, id, position, activity.fiscal_year, &activity.text, place].to_vec();
            match &activity.output {
                Some(value) => cells.extend(value_cells(value)),
                None => cells.resize(TABLES[Of::Activities.index()].columns().count(), Cell::Null),
            }
            self.sink.row(Of::Activities, &cells)?;
            self.further(&activity.output, Beside::Activity(row))?;
        }
        self.budgets(id, measure)?;
        self.schedule(id, measure)?;
        self.kpis(&measure.kpis, Some(id), None)
    }

    fn owners(&mut self, table: Of, of: i64, owners: &[Owner]) -> Result<(), ExportError> {
        for (position, owner) in placed(owners) {
            let place = self.place(&owner.at)?;
            let id = self.numbering.next(table);
            self.sink.row(table, &cells![id, of, position, &owner.name, word(&owner.role), owner.others, place])?;
        }
        Ok(())
    }

    fn budgets(&mut self, measure_id: i64, measure: &Measure) -> Result<(), ExportError> {
        for (position, budget) in placed(&measure.budgets) {
            let place = self.place(&budget.at)?;
            let id = self.numbering.next(Of::Budgets);
            let mut cells = cells![id, measure_id, position, budget.fiscal_year, &budget.kind, place].to_vec();
            cells.extend(value_cells(&budget.amount));
            self.sink.row(Of::Budgets, &cells)?;
            self.further([&budget.amount], Beside::Budget(id))?;
            for (position, part) in placed(&budget.funding) {
                let row = self.numbering.next(Of::Funding);
                let mut cells = cells![row, id, position, &part.source].to_vec();
                cells.extend(value_cells(&part.amount));
                self.sink.row(Of::Funding, &cells)?;
                self.further([&part.amount], Beside::Funding(row))?;
            }
        }
        Ok(())
    }

    fn schedule(&mut self, measure_id: i64, measure: &Measure) -> Result<(), ExportError> {
        for (position, item) in placed(&measure.schedule) {
            let place = self.place(&item.at)?;
            let id = self.numbering.next(Of::Schedule);
            let cells = cells![
                id,
                measure_id,
                position,
                &item.label,
                &item.text,
                item.start,
                item.end,
                word(&item.basis),
                place,
            ];
            self.sink.row(Of::Schedule, &cells)?;
            self.owners(Of::ScheduleOwners, id, &item.owners)?;
        }
        Ok(())
    }

    fn kpis(&mut self, kpis: &[Kpi], measure: Option<i64>, policy: Option<i64>) -> Result<(), ExportError> {
        for (position, kpi) in placed(kpis) {
            let place = self.place(&kpi.at)?;
            let id = self.numbering.next(Of::Kpis);
            let kind = kpi.kind.map(|kind| word(&kind));
            let cells = cells![id, self.plan, measure, policy, position, &kpi.label, &kpi.name, kind, &kpi.unit, place];
            self.sink.row(Of::Kpis, &cells)?;
            for (position, note) in placed(&kpi.notes) {
                self.sink.row(Of::KpiNotes, &cells![id, position, note])?;
            }
            if let Some(baseline) = &kpi.baseline {
                let place = self.place(&baseline.at)?;
                let row = self.numbering.next(Of::Targets);
                let mut cells =
                    cells![row, id, "baseline", 1_i64, baseline.fiscal_year, &baseline.as_of, Cell::Null, place]
                        .to_vec();
                cells.extend(value_cells(&baseline.value));
                self.sink.row(Of::Targets, &cells)?;
                self.further([&baseline.value], Beside::Target(row))?;
            }
            self.figures(id, "target", &kpi.targets)?;
            self.figures(id, "actual", &kpi.actuals)?;
        }
        Ok(())
    }

    fn figures(&mut self, kpi: i64, kind: &str, figures: &[Target]) -> Result<(), ExportError> {
        for (position, figure) in placed(figures) {
            let place = self.place(&figure.at)?;
            let id = self.numbering.next(Of::Targets);
            let mut cells =
                cells![id, kpi, kind, position, figure.fiscal_year, Cell::Null, &figure.indicator, place].to_vec();
            cells.extend(value_cells(&figure.value));
            self.sink.row(Of::Targets, &cells)?;
            self.further([&figure.value], Beside::Target(id))?;
        }
        Ok(())
    }

    /// The further figures of values that stand in one row.
    fn further<'v>(&mut self, values: impl IntoIterator<Item = &'v Value>, beside: Beside) -> Result<(), ExportError> {
        for value in values {
            for (position, figure) in placed(&value.also) {
                let id = self.numbering.next(Of::FurtherFigures);
                let mut cells = cells![id].to_vec();
                cells.extend(beside.columns().map(Cell::from));
                cells.push(position.into());
                cells.extend(value_cells(figure));
                self.sink.row(Of::FurtherFigures, &cells)?;
                self.further([figure], Beside::Figure(id))?;
            }
        }
        Ok(())
    }

    fn place(&mut self, at: &Place) -> Result<i64, ExportError> {
        let id = self.numbering.next(Of::Places);
        let mut cells = cells![id, self.plan].to_vec();
        cells.resize(TABLES[Of::Places.index()].columns().count(), Cell::Null);
        match at {
            Place::Page { page, bbox } => {
                cells[2] = (*page).into();
                for (cell, edge) in cells[3..7].iter_mut().zip(bbox) {
                    *cell = Cell::Real(as_printed(*edge));
                }
            }
            Place::Sheet { sheet, range } => {
                cells[7] = sheet.as_ref().into();
                cells[8] = range.to_string().into();
            }
            Place::Lines { line, end_line } => {
                cells[9] = (*line).into();
                cells[10] = (*end_line).into();
            }
        }
        self.sink.row(Of::Places, &cells)?;
        Ok(id)
    }
}

/// The row that a further figure stands beside.
#[derive(Clone, Copy)]
enum Beside {
    Activity(i64),
    Budget(i64),
    Funding(i64),
    Target(i64),
    Figure(i64),
}

impl Beside {
    /// In the order of the table's columns.
    fn columns(self) -> [Option<i64>; 5] {
        let mut columns = [None; 5];
        let (i, row) = match self {
            Beside::Activity(row) => (0, row),
            Beside::Budget(row) => (1, row),
            Beside::Funding(row) => (2, row),
            Beside::Target(row) => (3, row),
            Beside::Figure(row) => (4, row),
        };
        columns[i] = Some(row);
        columns
    }
}

fn value_cells(value: &Value) -> [Cell<'_>; 13] {
    cells![
        &value.raw,
        word(&value.kind),
        value.number,
        value.of,
        value.from,
        value.to,
        value.min,
        value.max,
        &value.unit,
        value.comparator.map(|comparator| word(&comparator)),
        value.base.as_ref().map(|base| base.number),
        value.base.as_ref().map(|base| base.unit.as_str()),
        value.corrected,
    ]
}

/// Of what is named once its row, of what is named more often none.
fn only<'n>(named: impl Iterator<Item = (&'n str, i64)>) -> HashMap<&'n str, Option<i64>> {
    let mut rows = HashMap::new();
    for (name, row) in named {
        rows.entry(name).and_modify(|found| *found = None).or_insert(Some(row));
    }
    rows
}

/// The name that a variant has in records.
pub(super) fn word(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        _ => unreachable!("a unit variant is a string"),
    }
}

/// The number whose shortest decimal is that of `number`, so that it reads as it does in the record.
fn as_printed(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}
