//! Indicators: names, baselines, targets and actuals from grids, lists, forms and prose.

mod flat;
mod rows;
mod settle;

use super::events::{Entry, Event};
use super::heads::{Head, Role};
use super::kpi_text;
use super::labels::Name;
use super::numbering;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Place;
use crate::normalise::periods::When;
use crate::normalise::{characters, values};
use crate::record::{Baseline, Kpi, KpiKind, Target, Value, ValueKind};
use crate::vocabulary::{Label, Mark, Vocabulary};
use settle::{settle, stated_twice};
use std::rc::Rc;

/// Reads a card's events for indicators, in order.
pub(super) struct Reader<'c> {
    pub vocabulary: &'c Vocabulary,
    /// First fiscal year of the plan, where it is known.
    pub begins: Option<i32>,
    pub diagnostics: &'c mut Vec<Diagnostic>,
    kpis: Vec<Draft>,
    /// A group's label (5-1 目標指標 I) that waits for its indicator.
    group: Option<(Option<String>, Option<KpiKind>)>,
    /// Which drafts the next rows of figures belong to, by ordinal where they have one.
    open: Vec<usize>,
    /// The cell that named the last listed indicator (its place and text), for rows under a merged name.
    named_by: Option<(Place, String)>,
    /// The head under which the last row named an indicator, and the indicator.
    named_under: Option<(Rc<Head>, usize)>,
}

/// An indicator that is being read.
#[derive(Debug)]
struct Draft {
    kpi: Kpi,
    /// ① of a form with several indicators and a row of figures for each.
    ordinal: Option<String>,
    /// Each year's own indicator.
    indicators: Vec<String>,
    unit: Option<String>,
    /// A 単位 column or entry gave the unit.
    unit_given: bool,
    has_figures: bool,
}

/// One printed figure, with what its column and row say of it.
struct Figure<'f> {
    role: Role,
    when: Option<&'f When>,
    raw: &'f str,
    unit: Option<&'f str>,
    place: &'f Place,
    /// Which of the row's value columns it stands in, from 0.
    column: usize,
}

impl<'c> Reader<'c> {
    pub fn new(vocabulary: &'c Vocabulary, begins: Option<i32>, diagnostics: &'c mut Vec<Diagnostic>) -> Self {
        Reader {
            vocabulary,
            begins,
            diagnostics,
            kpis: Vec::new(),
            group: None,
            open: Vec::new(),
            named_by: None,
            named_under: None,
        }
    }

    /// Takes an entry; false where it is not about indicators.
    pub fn entry(&mut self, entry: &Entry<'_>, next: Option<&Event<'_>>) -> bool {
        let name = &entry.name;
        if name.is_kpi() {
            self.named(entry);
        } else if name.is(Label::Schedule) && !entry.is_empty() && next.is_some_and(gives_years)
            || name.is_any(&[Label::Target, Label::Vision]) && self.names_indicator(entry, next)
        {
            // a schedule of targets whose indicator stands beside its title
            self.named(entry);
        } else if name.is(Label::Unit) {
            if let Some(&last) = self.open.last() {
                let text = entry.text();
                let unit = text.joined();
                self.kpis[last].unit = Some(unit.trim().to_owned()).filter(|unit| !unit.is_empty());
                self.kpis[last].unit_given = true;
            }
        } else if name.is_figure() && !self.open.is_empty() {
            self.figures(entry);
        } else if name.is(Label::Target) && self.aims(entry) {
            // 目標 | 貸与率 95%(令和10年度末)
        } else if name.is(Label::Note) && !self.open.is_empty() {
            let last = self.open[self.open.len() - 1];
            self.kpis[last].kpi.notes.extend(entry.text().joined().lines().map(|line| line.trim().to_owned()));
        } else {
            return false;
        }
        true
    }

    /// Whether a text names the indicator of the figures that follow it by year: `年度別目標 | 交付率` over them.
    fn names_indicator(&self, entry: &Entry<'_>, next: Option<&Event<'_>>) -> bool {
        if entry.is_empty() || !next.is_some_and(|next| gives_figures(next, self.vocabulary)) {
            return false;
        }
        let text = entry.text();
        !kpi_text::is_prose(&text, self.vocabulary)
            && values::parse(text.joined().trim(), None, self.vocabulary).kind == ValueKind::Milestone
    }

    /// Takes the lines of an entry that each name an indicator with its target; false where one does not.
    fn aims(&mut self, entry: &Entry<'_>) -> bool {
        let text = entry.text();
        let lines = text.lines.iter().filter(|line| !line.raw.trim().is_empty());
        let found: Option<Vec<Kpi>> = lines.map(|line| kpi_text::aimed(line, self.vocabulary)).collect();
        let found = found.unwrap_or_default();
        let any = !found.is_empty();
        for kpi in found {
            self.push(kpi, None);
        }
        self.open.clear();
        any
    }

    /// A cell or line that names indicators.
    fn named(&mut self, entry: &Entry<'_>) {
        let label = label_of(&entry.name, self.vocabulary);
        let kind = kind_of(&entry.name);
        if entry.is_empty() {
            if label.is_some() || kind.is_some() {
                self.group = Some((label, kind));
                self.open.clear();
            }
            return;
        }
        let (group_label, group_kind) = self.group.take().unwrap_or_default();
        let label = label.or(group_label);
        let kind = kind.or(group_kind);
        self.open.clear();
        let text = entry.text();
        let stated = kpi_text::changes(&text, self.begins, self.vocabulary);
        if !stated.is_empty() {
            for kpi in stated {
                self.push(Kpi { label: label.clone(), kind, ..kpi }, None);
            }
            return;
        }
        if let Some(rows) = flat::rows(&text, self.vocabulary) {
            self.flat(rows, &entry.place, (label, kind));
            return;
        }
        if kpi_text::is_prose(&text, self.vocabulary) {
            for kpi in kpi_text::sentences(&text, self.vocabulary) {
                self.push(Kpi { label: label.clone(), kind, ..kpi }, None);
            }
            self.open.clear();
            return;
        }
        if entry.values.len() > 1
            && entry.values.iter().all(|piece| piece.row == entry.values[0].row)
            && entry.values.iter().all(|p| p.text.lines.len() < 4)
        {
            // each year has an indicator of its own
            let names: Vec<String> = entry.values.iter().map(|piece| characters::name(&piece.text.joined())).collect();
            let first = kpi_text::named(&entry.values[0].text, self.vocabulary);
            self.push(Kpi { label, kind, at: entry.values[0].place.clone(), ..first }, None);
            if let Some(draft) = self.kpis.last_mut() {
                draft.indicators = names;
            }
            return;
        }
        for (ordinal, part) in kpi_text::by_ordinal(&text, self.vocabulary) {
            let kpi = kpi_text::named(&part, self.vocabulary);
            if kpi.name.is_empty() {
                // only a note: it belongs to the indicator before
                if let Some(last) = self.kpis.last_mut() {
                    last.kpi.notes.extend(kpi.notes);
                }
                continue;
            }
            let label = ordinal.clone().or_else(|| label.clone());
            self.push(Kpi { label, kind, ..kpi }, ordinal);
        }
    }

    /// The rows of a flattened table, or that it cannot be read.
    fn flat(
        &mut self,
        rows: Result<Vec<flat::Row>, flat::Unsettled>,
        place: &Place,
        (label, kind): (Option<String>, Option<KpiKind>),
    ) {
        let Ok(rows) = rows else {
            let message = "the lines of a table of indicators do not tell which figure is whose";
            self.diagnostics.push(Diagnostic::new(Code::UnparsedValue, message, Some(place.clone())));
            return;
        };
        for row in rows {
            self.push(Kpi { label: label.clone(), kind, ..kpi_text::named(&row.name, self.vocabulary) }, None);
            let last = self.kpis.len() - 1;
            for flat::Figure { head, raw, place } in &row.figures {
                let (role, when, unit) = (role_of(head), head.when.as_ref(), head.remark.as_deref());
                self.figure(last, Figure { role, when, raw, unit, place, column: 0 });
            }
        }
        self.open.clear();
    }

    fn push(&mut self, kpi: Kpi, ordinal: Option<String>) {
        self.open.push(self.kpis.len());
        let has_figures = !kpi.targets.is_empty();
        let unit = kpi_text::unit_in_name(&kpi.name, self.vocabulary);
        self.kpis.push(Draft { kpi, ordinal, indicators: Vec::new(), unit, unit_given: false, has_figures });
    }

    /// 基準値 | 54億円, 目標値(R8) | 60件 as label and value.
    fn figures(&mut self, entry: &Entry<'_>) {
        let Some(&last) = self.open.last() else { return };
        for piece in &entry.values {
            for line in piece.text.lines.iter().filter(|line| !line.raw.trim().is_empty()) {
                let role = role_of(&entry.name);
                let (when, raw) = kpi_text::dated(&line.raw, entry.name.when.as_ref(), self.vocabulary);
                let place =
                    if entry.values.len() == 1 && piece.text.lines.len() == 1 { &piece.place } else { &line.place };
                let unit = entry.name.remark.as_deref();
                self.figure(last, Figure { role, when: when.as_ref(), raw: &raw, unit, place, column: 0 });
            }
        }
    }

    fn figure(&mut self, index: usize, figure: Figure<'_>) {
        let Figure { role, when, raw, unit, place, column } = figure;
        let draft = &mut self.kpis[index];
        let unit = draft.unit.as_deref().or(unit);
        let value = values::parse(raw.trim(), unit, self.vocabulary);
        let fiscal_year = when.map(When::fiscal_year);
        draft.has_figures = true;
        if values::is_doubtful(&value, self.vocabulary) {
            let message = format!("`{}` looks like a figure that no rule understands", value.raw);
            self.diagnostics.push(Diagnostic::new(Code::UnparsedValue, message, Some(place.clone())));
        }
        for code in when.iter().flat_map(|when| &when.codes) {
            let name = &self.kpis[index].kpi.name;
            let message = format!("the year of a figure of `{name}`, taken as {}", fiscal_year.unwrap_or_default());
            self.diagnostics.push(Diagnostic::new(*code, message, Some(place.clone())));
        }
        let draft = &mut self.kpis[index];
        match role {
            Role::Baseline => match &draft.kpi.baseline {
                None => {
                    draft.kpi.baseline = Some(Baseline { fiscal_year, as_of: None, value, at: place.clone() });
                }
                Some(first) if first.fiscal_year != fiscal_year => {
                    draft.kpi.actuals.push(Target { fiscal_year, indicator: None, value, at: place.clone() });
                }
                Some(_) => {}
            },
            Role::Actual => {
                let before = fiscal_year.zip(self.begins).is_some_and(|(year, begins)| year < begins);
                if before && draft.kpi.baseline.is_none() {
                    draft.kpi.baseline = Some(Baseline { fiscal_year, as_of: None, value, at: place.clone() });
                } else {
                    draft.kpi.actuals.push(Target { fiscal_year, indicator: None, value, at: place.clone() });
                }
            }
            Role::Unknown => {}
            Role::Plain | Role::Target | Role::Budget => {
                let indicator = (draft.indicators.len() > 1).then(|| draft.indicators.get(column).cloned()).flatten();
                draft.kpi.targets.push(Target { fiscal_year, indicator, value, at: place.clone() });
            }
        }
    }

    /// The indicators read, without empty forms.
    pub fn finish(self) -> Vec<Kpi> {
        let vocabulary = self.vocabulary;
        for kpi in self.kpis.iter().map(|draft| &draft.kpi) {
            if let Some(again) = stated_twice(kpi) {
                let message = format!("`{}` has a second, other target for the same year", kpi.name);
                self.diagnostics.push(Diagnostic::new(Code::UnparsedValue, message, Some(again.at.clone())));
            }
        }
        self.kpis.into_iter().map(|draft| settle(draft, vocabulary)).filter(|kpi| !kpi.name.is_empty()).collect()
    }
}

/// Whether an event gives values by year: a grid's row, or cells that carry their years.
fn gives_years(event: &Event<'_>) -> bool {
    match event {
        Event::Row(_) => true,
        Event::Entry(entry) => entry.name.is(Label::Target) && entry.name.is(Label::Schedule),
        _ => false,
    }
}

/// Whether an event gives figures by year, beside what is promised or done in other years.
fn gives_figures(event: &Event<'_>, vocabulary: &Vocabulary) -> bool {
    let texts: Vec<String> = match event {
        Event::Row(row) if row.fields.is_empty() => {
            row.values.iter().map(|value| value.cell.text.joined().into_owned()).collect()
        }
        Event::Entry(entry) if gives_years(event) => {
            entry.values.iter().map(|piece| piece.text.joined().into_owned()).collect()
        }
        _ => return false,
    };
    let carried = texts.iter().any(|text| vocabulary.is_mark(Mark::Carry, text.trim()));
    !carried && texts.iter().any(|text| is_figure(&values::parse(text.trim(), None, vocabulary)))
}

fn is_figure(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Number | ValueKind::Ratio | ValueKind::Change | ValueKind::Range)
}

fn kind_of(name: &Name) -> Option<KpiKind> {
    if name.is(Label::KpiActivity) {
        Some(KpiKind::Activity)
    } else if name.is(Label::KpiOutcome) {
        Some(KpiKind::Outcome)
    } else {
        None
    }
}

fn role_of(name: &Name) -> Role {
    if name.is(Label::Baseline) {
        Role::Baseline
    } else if name.is(Label::Actual) {
        Role::Actual
    } else {
        Role::Target
    }
}

/// `5-1` of `5-1 目標指標 I`, or the whole of `目標指標①`.
fn label_of(name: &Name, vocabulary: &Vocabulary) -> Option<String> {
    name.ordinal.as_ref()?;
    match numbering::leading(&name.heading, vocabulary) {
        Some(numbered) if numbered.length < name.heading.len() => Some(numbered.number),
        _ => Some(name.heading.clone()),
    }
}
