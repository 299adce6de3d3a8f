//! The values of a record that a reader can choose: where each stands in the source, and what is to be said of it.
//!
//! A value is named by its JSON pointer in the record, and on the pages by its number.

use super::labels;
use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::record::{Baseline, Corrected, Kpi, Measure, Plan, PlanRecord};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// Something to be said of a value.
#[derive(Debug, Clone, Copy)]
pub enum Note<'a> {
    /// A diagnostic and its place in the record's list.
    Diagnostic(&'a Diagnostic, usize),
    Corrected(&'a Corrected),
}

/// A value of a record, or a diagnostic.
#[derive(Debug)]
pub struct Mark<'a> {
    /// JSON pointer into the record.
    pub pointer: String,
    /// Where it stands; none for what the record gives no place of.
    pub at: Option<&'a Place>,
    /// Its text, for who points at its place.
    pub text: Cow<'a, str>,
    /// The measure it belongs to.
    pub measure: Option<usize>,
    /// Whether it stands at the place of another value, which says what it is: a year, a unit, a month.
    pub is_detail: bool,
    pub notes: Vec<Note<'a>>,
}

/// The values of a record, in its order, and behind them its diagnostics that have a place.
#[derive(Debug, Default)]
pub struct Marks<'a> {
    list: Vec<Mark<'a>>,
    by_pointer: BTreeMap<String, usize>,
    /// The values that lie in a part of the source.
    by_part: HashMap<Part<'a>, Vec<usize>>,
    /// What concerns no value, by measure.
    of_measures: HashMap<usize, Vec<Note<'a>>>,
    /// What concerns no measure either.
    of_plan: Vec<Note<'a>>,
}

/// A page, some rows of a sheet, some lines: places that meet have one in common.
type Part<'a> = (&'a str, u32);

/// The parts that a place lies in.
fn parts(place: &Place) -> impl Iterator<Item = Part<'_>> {
    /// Rows or lines of a part.
    const SIZE: u32 = 32;
    const MOST: usize = 4096;
    let (name, parts) = match place {
        Place::Page { page, .. } => ("", *page..=*page),
        Place::Sheet { sheet, range } => (sheet.as_str(), range.row / SIZE..=range.end_row / SIZE),
        Place::Lines { line, end_line } => ("", line / SIZE..=end_line / SIZE),
    };
    // More hold no value of a document, but a place that somebody made up.
    parts.take(MOST).map(move |part| (name, part))
}

impl<'a> Marks<'a> {
    /// The values of a record.
    pub fn of(record: &'a PlanRecord) -> Self {
        let mut marks = Marks::default();
        marks.add_header(&record.plan);
        for (i, policy) in record.policies.iter().enumerate() {
            marks.add(None, format!("/policies/{i}/title"), Some(&policy.at), &policy.title);
            marks.add_kpis(None, &format!("/policies/{i}"), &policy.kpis);
        }
        for (i, measure) in record.measures.iter().enumerate() {
            marks.add_measure(i, measure);
        }
        for (i, entry) in record.glossary.iter().enumerate() {
            marks.add(None, format!("/glossary/{i}/term"), Some(&entry.at), &entry.term);
            marks.add_detail(None, format!("/glossary/{i}/definition"), Some(&entry.at), &entry.definition);
        }
        for (i, mark) in marks.list.iter().enumerate() {
            // A measure's own place is its whole card: what lies in it and in no value is the card's.
            let card = mark.measure.map(|i| &record.measures[i].at);
            let Some(place) = mark.at.filter(|place| card.is_none_or(|card| !std::ptr::eq(*place, card))) else {
                continue;
            };
            parts(place).for_each(|part| marks.by_part.entry(part).or_default().push(i));
        }
        for (i, diagnostic) in record.diagnostics.iter().enumerate() {
            let Diagnostic { field, at, message, .. } = diagnostic;
            let (measure, is_said) =
                marks.place(Note::Diagnostic(diagnostic, i), field.as_deref(), at.as_ref(), record);
            marks.insert(measure, pointer_of_diagnostic(i), at.as_ref(), message.into(), is_said);
        }
        for corrected in &record.corrections {
            marks.place(Note::Corrected(corrected), Some(&corrected.field), None, record);
        }
        marks
    }

    fn add(&mut self, measure: Option<usize>, pointer: String, at: Option<&'a Place>, text: &'a str) {
        self.insert(measure, pointer, at, text.into(), false);
    }

    /// Adds what stands at the place of a value that was added.
    fn add_detail(&mut self, measure: Option<usize>, pointer: String, at: Option<&'a Place>, text: &'a str) {
        self.insert(measure, pointer, at, text.into(), true);
    }

    fn insert(
        &mut self,
        measure: Option<usize>,
        pointer: String,
        at: Option<&'a Place>,
        text: Cow<'a, str>,
        is_detail: bool,
    ) {
        self.by_pointer.insert(pointer.clone(), self.list.len());
        self.list.push(Mark { pointer, at, text, measure, is_detail, notes: Vec::new() });
    }

    fn add_header(&mut self, plan: &'a Plan) {
        let Plan { title, publisher, status, version, published, revised, period, places } = plan;
        self.add(None, "/plan/title".to_owned(), places.title.as_ref(), title);
        self.add(None, "/plan/status".to_owned(), places.status.as_ref(), labels::status(*status).1);
        for (field, text, place) in [
            ("publisher", publisher, &places.publisher),
            ("version", version, &places.version),
            ("published", published, &places.published),
            ("revised", revised, &places.revised),
        ] {
            if let Some(text) = text {
                self.add(None, format!("/plan/{field}"), place.as_ref(), text);
            }
        }
        if let Some(period) = period {
            for (end, month, is_detail) in [("start", period.start, false), ("end", period.end, true)] {
                let text = month.to_string().into();
                self.insert(None, format!("/plan/period/{end}"), places.period.as_ref(), text, is_detail);
            }
        }
    }

    fn add_measure(&mut self, i: usize, measure: &'a Measure) {
        let base = format!("/measures/{i}");
        self.add(Some(i), format!("{base}/name"), Some(&measure.at), &measure.name);
        if let Some(number) = &measure.number {
            self.add_detail(Some(i), format!("{base}/number"), Some(&measure.at), number);
        }
        if let Some(period) = measure.period {
            for (end, month) in [("start", Some(period.start)), ("end", period.end)] {
                let text = month.map_or(Cow::Borrowed("?"), |month| month.to_string().into());
                self.insert(Some(i), format!("{base}/period/{end}"), Some(&measure.at), text, true);
            }
        }
        for (j, category) in measure.categories.iter().enumerate() {
            self.add_detail(Some(i), format!("{base}/categories/{j}"), Some(&measure.at), category);
        }
        for (j, owner) in measure.owners.iter().enumerate() {
            self.add(Some(i), format!("{base}/owners/{j}/name"), Some(&owner.at), &owner.name);
        }
        for (j, section) in measure.sections.iter().enumerate() {
            self.add(Some(i), format!("{base}/sections/{j}/text"), Some(&section.at), &section.text);
        }
        for (j, activity) in measure.activities.iter().enumerate() {
            self.add(Some(i), format!("{base}/activities/{j}/text"), Some(&activity.at), &activity.text);
            if let Some(output) = &activity.output {
                self.add(Some(i), format!("{base}/activities/{j}/output"), Some(&activity.at), &output.raw);
            }
            self.add_detail(Some(i), format!("{base}/activities/{j}/fiscal_year"), Some(&activity.at), &activity.text);
        }
        for (j, budget) in measure.budgets.iter().enumerate() {
            self.add(Some(i), format!("{base}/budgets/{j}/amount"), Some(&budget.at), &budget.amount.raw);
            for field in ["fiscal_year", "kind"] {
                self.add_detail(Some(i), format!("{base}/budgets/{j}/{field}"), Some(&budget.at), &budget.kind);
            }
            for (k, part) in budget.funding.iter().enumerate() {
                let pointer = format!("{base}/budgets/{j}/funding/{k}/amount");
                self.add(Some(i), pointer, Some(&budget.at), &part.amount.raw);
            }
        }
        for (j, item) in measure.schedule.iter().enumerate() {
            self.add(Some(i), format!("{base}/schedule/{j}/text"), Some(&item.at), &item.text);
            for field in ["start", "end"] {
                self.add_detail(Some(i), format!("{base}/schedule/{j}/{field}"), Some(&item.at), &item.text);
            }
        }
        self.add_kpis(Some(i), &base, &measure.kpis);
    }

    fn add_kpis(&mut self, measure: Option<usize>, base: &str, kpis: &'a [Kpi]) {
        for (j, kpi) in kpis.iter().enumerate() {
            let base = format!("{base}/kpis/{j}");
            self.add(measure, format!("{base}/name"), Some(&kpi.at), &kpi.name);
            if let Some(unit) = &kpi.unit {
                self.add_detail(measure, format!("{base}/unit"), Some(&kpi.at), unit);
            }
            if let Some(baseline) = &kpi.baseline {
                let (base, raw) = (format!("{base}/baseline"), &baseline.value.raw);
                self.add(measure, format!("{base}/value"), Some(&baseline.at), raw);
                for (field, is_known) in [("fiscal_year", has_year(baseline)), ("as_of", baseline.as_of.is_some())] {
                    if is_known {
                        self.add_detail(measure, format!("{base}/{field}"), Some(&baseline.at), raw);
                    }
                }
            }
            for (list, targets) in [("targets", &kpi.targets), ("actuals", &kpi.actuals)] {
                for (k, target) in targets.iter().enumerate() {
                    let (base, raw) = (format!("{base}/{list}/{k}"), &target.value.raw);
                    self.add(measure, format!("{base}/value"), Some(&target.at), raw);
                    self.add_detail(measure, format!("{base}/fiscal_year"), Some(&target.at), raw);
                }
            }
        }
    }

    /// Puts a note at the value it concerns: the one that its pointer names, else the one whose place is most
    /// nearly its own, else at the measure whose card it lies in. Gives that measure, and whether there is a value.
    fn place(
        &mut self,
        note: Note<'a>,
        field: Option<&str>,
        at: Option<&Place>,
        record: &PlanRecord,
    ) -> (Option<usize>, bool) {
        let measure = field.and_then(measure_of).filter(|measure| *measure < record.measures.len());
        let near = || if measure.is_none() { self.nearest(at?) } else { None };
        if let Some(mark) = field.and_then(|field| self.named(field)).or_else(near) {
            self.list[mark].notes.push(note);
            return (self.list[mark].measure, true);
        }
        let inside = |measure: &Measure| at.is_some_and(|at| overlap(&measure.at, at) > 0.0);
        let measure = measure.or_else(|| record.measures.iter().position(inside));
        match measure {
            Some(measure) => self.of_measures.entry(measure).or_default().push(note),
            None => self.of_plan.push(note),
        }
        (measure, false)
    }

    /// The value that a pointer names: itself, the first of its parts, or what it is a part of, the innermost first.
    fn named(&self, field: &str) -> Option<usize> {
        let first_of = |whole: &str| {
            let inside = format!("{whole}/");
            let parts = self.by_pointer.range(inside.clone()..).take_while(|(pointer, _)| pointer.starts_with(&inside));
            self.by_pointer.get(whole).copied().or_else(|| parts.map(|(_, &mark)| mark).min())
        };
        // A list is a part of the record, but its first element is none of what is said of the list.
        let wholes = field.match_indices('/').map(|(end, _)| &field[..end]).rev();
        let wholes = wholes.filter(|whole| whole.matches('/').count() > 1 || *whole == "/plan");
        std::iter::once(field).chain(wholes).find_map(first_of)
    }

    /// The smallest value that a place lies in; else the one with which it shares most, if that is a fair part of both.
    fn nearest(&self, at: &Place) -> Option<usize> {
        const FAIR: f64 = 0.25;
        let mut best: Option<(f64, usize)> = None;
        for &i in parts(at).filter_map(|part| self.by_part.get(&part)).flatten() {
            let mark = &self.list[i];
            let Some(place) = mark.at.filter(|_| !mark.is_detail) else { continue };
            let shared = overlap(place, at);
            let all = extent(place) + extent(at) - shared;
            let lies_in = shared > 0.0 && shared >= extent(at) * 0.99;
            // All that it lies in come before all that it only meets; the smallest of them shares most.
            let closeness = if all > 0.0 { shared / all } else { 0.0 } + f64::from(u8::from(lies_in));
            if closeness >= FAIR && best.is_none_or(|(most, _)| closeness > most) {
                best = Some((closeness, i));
            }
        }
        best.map(|(_, i)| i)
    }

    /// Every value.
    pub fn all(&self) -> &[Mark<'a>] {
        &self.list
    }

    /// The number and the value at a pointer.
    ///
    /// # Panics
    /// For a pointer to no value that [`Marks::of`] lists: pages and marks are made by the same walk over a record.
    pub fn at(&self, pointer: &str) -> (usize, &Mark<'a>) {
        let number = self.by_pointer[pointer];
        (number, &self.list[number])
    }

    /// What is to be said of a measure, and of none of its values.
    pub fn of_measure(&self, measure: usize) -> &[Note<'a>] {
        self.of_measures.get(&measure).map_or(&[], Vec::as_slice)
    }

    /// What concerns no measure.
    pub fn of_plan(&self) -> &[Note<'a>] {
        &self.of_plan
    }
}

/// Whether a baseline is shown with its year: one that has neither year nor date says so there.
pub fn has_year(baseline: &Baseline) -> bool {
    baseline.fiscal_year.is_some() || baseline.as_of.is_none()
}

/// The pointer of a diagnostic.
pub fn pointer_of_diagnostic(i: usize) -> String {
    format!("/diagnostics/{i}")
}

/// The index of the measure that a pointer leads into.
fn measure_of(field: &str) -> Option<usize> {
    field.strip_prefix("/measures/")?.split('/').next()?.parse().ok()
}

/// How much of its page, sheet or text a place covers, to compare places: square points, cells, lines.
pub fn extent(place: &Place) -> f64 {
    overlap(place, place)
}

/// How much two places have in common, measured as by [`extent`].
fn overlap(a: &Place, b: &Place) -> f64 {
    let cells = |start: u32, end: u32, other_start: u32, other_end: u32| {
        (f64::from(end.min(other_end)) - f64::from(start.max(other_start)) + 1.0).max(0.0)
    };
    match (a, b) {
        (Place::Page { page, bbox: a }, Place::Page { page: p, bbox: b }) if page == p => {
            let side = |low: usize, high: usize| f64::from(a[high].min(b[high]) - a[low].max(b[low])).max(0.0);
            side(0, 2) * side(1, 3)
        }
        (Place::Sheet { sheet, range: a }, Place::Sheet { sheet: s, range: b }) if sheet == s => {
            let [a0, a1, b0, b1] = [a.column, a.end_column, b.column, b.end_column].map(u32::from);
            cells(a.row, a.end_row, b.row, b.end_row) * cells(a0, a1, b0, b1)
        }
        (Place::Lines { line: a, end_line: b }, Place::Lines { line: c, end_line: d }) => cells(*a, *b, *c, *d),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::record::{Owner, Role, SCHEMA_VERSION, Source};

    fn lines(line: u32, end_line: u32) -> Place {
        Place::Lines { line, end_line }
    }

    /// A record of one measure on lines 10 to 30, with an owner on line 12, and a diagnostic.
    fn record(at: Place, field: Option<&str>) -> PlanRecord {
        let mut diagnostic = Diagnostic::new(Code::UnparsedValue, "?", Some(at));
        diagnostic.field = field.map(str::to_owned);
        let mut record = PlanRecord {
            schema_version: SCHEMA_VERSION.to_owned(),
            plan: Plan::default(),
            policies: Vec::new(),
            measures: Vec::new(),
            glossary: Vec::new(),
            diagnostics: vec![diagnostic],
            corrections: Vec::new(),
            source: Source::default(),
        };
        let owner = Owner { name: "総務課".into(), role: Role::Lead, others: false, at: lines(12, 12) };
        record.measures.push(Measure {
            id: "m".into(),
            number: None,
            name: "窓口".into(),
            policies: Vec::new(),
            categories: Vec::new(),
            owners: vec![owner],
            sections: Vec::new(),
            activities: Vec::new(),
            period: None,
            budgets: Vec::new(),
            schedule: Vec::new(),
            kpis: Vec::new(),
            at: lines(10, 30),
        });
        record
    }

    #[test]
    fn diagnostics_stand_at_what_they_concern() {
        for (at, field, expected) in [
            (lines(12, 12), None, (1, 0, 0)),
            (lines(20, 20), None, (0, 1, 0)),
            (lines(10, 30), None, (0, 1, 0)),
            (lines(40, 40), None, (0, 0, 1)),
            (lines(40, 40), Some("/measures/0/owners/0/name/0"), (1, 0, 0)),
            // At the name, which is among neither.
            (lines(12, 12), Some("/measures/0/number"), (0, 0, 0)),
            (lines(12, 12), Some("/measures/0"), (0, 0, 0)),
            (lines(40, 40), Some("/measures/0/owners/0"), (1, 0, 0)),
            (lines(40, 40), Some("/measures/0/owners/0/name"), (1, 0, 0)),
        ] {
            let record = record(at.clone(), field);
            let marks = Marks::of(&record);
            let owner = marks.at("/measures/0/owners/0/name").1.notes.len();
            assert_eq!((owner, marks.of_measure(0).len(), marks.of_plan().len()), expected, "{at:?} {field:?}");
        }
    }
}
