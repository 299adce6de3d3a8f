//! The values of a record that a reader can choose: where each stands in the source, and what diagnostics concern it.
//!
//! A value is named by its JSON pointer in the record, and on the pages by its number.

use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::record::{Kpi, Measure, PlanRecord};
use std::collections::HashMap;

/// A value of a record.
#[derive(Debug)]
pub struct Mark<'a> {
    /// JSON pointer into the record.
    pub pointer: String,
    /// Where it stands; none for what the record gives no place of.
    pub at: Option<&'a Place>,
    /// Its text, for who points at its place.
    pub text: &'a str,
    /// The measure it belongs to.
    pub measure: Option<usize>,
    /// The diagnostics that concern it.
    pub notes: Vec<&'a Diagnostic>,
}

/// The values of a record, in its order.
#[derive(Debug, Default)]
pub struct Marks<'a> {
    list: Vec<Mark<'a>>,
    by_pointer: HashMap<String, usize>,
    /// Diagnostics that concern no value, by measure.
    of_measures: HashMap<usize, Vec<&'a Diagnostic>>,
    /// Diagnostics that concern no measure either.
    of_plan: Vec<&'a Diagnostic>,
}

impl<'a> Marks<'a> {
    /// The values of a record.
    pub fn of(record: &'a PlanRecord) -> Self {
        let mut marks = Marks::default();
        marks.add(None, "/plan/title".to_owned(), None, &record.plan.title);
        for (i, policy) in record.policies.iter().enumerate() {
            marks.add(None, format!("/policies/{i}/title"), Some(&policy.at), &policy.title);
            marks.add_kpis(None, &format!("/policies/{i}"), &policy.kpis);
        }
        for (i, measure) in record.measures.iter().enumerate() {
            marks.add_measure(i, measure);
        }
        for diagnostic in &record.diagnostics {
            marks.place(diagnostic, record);
        }
        marks
    }

    fn add(&mut self, measure: Option<usize>, pointer: String, at: Option<&'a Place>, text: &'a str) {
        self.by_pointer.insert(pointer.clone(), self.list.len());
        self.list.push(Mark { pointer, at, text, measure, notes: Vec::new() });
    }

    fn add_measure(&mut self, i: usize, measure: &'a Measure) {
        let base = format!("/measures/{i}");
        self.add(Some(i), format!("{base}/name"), Some(&measure.at), &measure.name);
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
        }
        for (j, budget) in measure.budgets.iter().enumerate() {
            self.add(Some(i), format!("{base}/budgets/{j}/amount"), Some(&budget.at), &budget.amount.raw);
            for (k, part) in budget.funding.iter().enumerate() {
                let pointer = format!("{base}/budgets/{j}/funding/{k}/amount");
                self.add(Some(i), pointer, Some(&budget.at), &part.amount.raw);
            }
        }
        for (j, item) in measure.schedule.iter().enumerate() {
            for field in ["text", "start", "end"] {
                self.add(Some(i), format!("{base}/schedule/{j}/{field}"), Some(&item.at), &item.text);
            }
        }
        self.add_kpis(Some(i), &base, &measure.kpis);
    }

    fn add_kpis(&mut self, measure: Option<usize>, base: &str, kpis: &'a [Kpi]) {
        for (j, kpi) in kpis.iter().enumerate() {
            let base = format!("{base}/kpis/{j}");
            self.add(measure, format!("{base}/name"), Some(&kpi.at), &kpi.name);
            if let Some(baseline) = &kpi.baseline {
                self.add(measure, format!("{base}/baseline/value"), Some(&baseline.at), &baseline.value.raw);
            }
            for (list, targets) in [("targets", &kpi.targets), ("actuals", &kpi.actuals)] {
                for (k, target) in targets.iter().enumerate() {
                    self.add(measure, format!("{base}/{list}/{k}/value"), Some(&target.at), &target.value.raw);
                }
            }
        }
    }

    /// Puts a diagnostic at the value it concerns: the one that its pointer names, else the smallest whose place it
    /// lies in, else at the measure whose card it lies in.
    fn place(&mut self, diagnostic: &'a Diagnostic, record: &PlanRecord) {
        let named = diagnostic.field.as_deref().and_then(|field| self.named(field));
        let found = named.or_else(|| self.smallest_around(diagnostic.at.as_ref()?, record));
        if let Some(mark) = found {
            self.list[mark].notes.push(diagnostic);
            return;
        }
        let inside = |measure: &Measure| diagnostic.at.as_ref().is_some_and(|at| meets(&measure.at, at));
        match record.measures.iter().position(inside) {
            Some(measure) => self.of_measures.entry(measure).or_default().push(diagnostic),
            None => self.of_plan.push(diagnostic),
        }
    }

    /// The value that a pointer names: itself, or the value that it is a part of, or the first of its parts.
    fn named(&self, field: &str) -> Option<usize> {
        let mut pointer = field;
        loop {
            if let Some(&mark) = self.by_pointer.get(pointer) {
                return Some(mark);
            }
            match pointer.rfind('/') {
                Some(0) | None => break,
                Some(cut) => pointer = &pointer[..cut],
            }
        }
        let folder = format!("{field}/");
        (field.matches('/').count() > 1).then(|| self.list.iter().position(|mark| mark.pointer.starts_with(&folder)))?
    }

    fn smallest_around(&self, at: &Place, record: &PlanRecord) -> Option<usize> {
        // A measure's own place is its whole card: what lies in it and in no value is the card's.
        let is_card = |mark: &Mark, place| mark.measure.is_some_and(|i| std::ptr::eq(place, &record.measures[i].at));
        let around = |(i, mark): (usize, &Mark)| {
            let place = mark.at.filter(|place| meets(place, at) && !is_card(mark, *place))?;
            Some((i, extent(place)))
        };
        let found = self.list.iter().enumerate().filter_map(around);
        found.min_by(|(i, a), (j, b)| a.total_cmp(b).then(i.cmp(j))).map(|(i, _)| i)
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

    /// Diagnostics of a measure that concern no single value.
    pub fn of_measure(&self, measure: usize) -> &[&'a Diagnostic] {
        self.of_measures.get(&measure).map_or(&[], Vec::as_slice)
    }

    /// Diagnostics that concern no measure.
    pub fn of_plan(&self) -> &[&'a Diagnostic] {
        &self.of_plan
    }
}

/// Whether two places lie over each other.
fn meets(a: &Place, b: &Place) -> bool {
    match (a, b) {
        (Place::Page { page, bbox: a }, Place::Page { page: p, bbox: b }) => {
            page == p && a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
        }
        (Place::Sheet { sheet, range: a }, Place::Sheet { sheet: s, range: b }) => {
            sheet == s
                && a.row <= b.end_row
                && b.row <= a.end_row
                && a.column <= b.end_column
                && b.column <= a.end_column
        }
        (Place::Lines { line: a, end_line: b }, Place::Lines { line: c, end_line: d }) => a <= d && c <= b,
        _ => false,
    }
}

/// How much of its page, sheet or text a place covers, to compare places that meet.
pub fn extent(place: &Place) -> f64 {
    match place {
        Place::Page { bbox: [x0, y0, x1, y1], .. } => f64::from(x1 - x0) * f64::from(y1 - y0),
        Place::Sheet { range, .. } => {
            f64::from(range.end_row.saturating_sub(range.row) + 1)
                * f64::from(range.end_column.saturating_sub(range.column) + 1)
        }
        Place::Lines { line, end_line } => f64::from(end_line.saturating_sub(*line) + 1),
    }
}
