//! Indicators: names, baselines, targets and actuals from grids, lists, forms and prose.

use super::budgets;
use super::events::{Entry, Event, Row};
use super::heads::{ColumnKind, Head, Role};
use super::kpi_text;
use super::labels::{self, Name};
use super::numbering;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Cell, Place, Text};
use crate::normalise::periods::{self, When};
use crate::normalise::{characters, values};
use crate::record::{Baseline, Kpi, KpiKind, Target, Value, ValueKind};
use crate::vocabulary::{Label, Mark, Vocabulary};
use std::collections::BTreeMap;
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
    /// The cell that named the last listed indicator, for rows under a merged name.
    named_by: Option<Place>,
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
        } else if name.is(Label::Schedule) && !entry.is_empty() && next.is_some_and(gives_years) {
            // a schedule of targets whose indicator stands beside its title
            self.named(entry);
        } else if name.is(Label::Unit) {
            if let Some(&last) = self.open.last() {
                let unit = entry.text().joined();
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
            Role::Plain | Role::Target | Role::Budget => {
                let indicator = (draft.indicators.len() > 1).then(|| draft.indicators.get(column).cloned()).flatten();
                draft.kpi.targets.push(Target { fiscal_year, indicator, value, at: place.clone() });
            }
        }
    }

    /// Takes a grid row; false where it is a schedule's (or money's).
    pub fn row(&mut self, row: &Row<'_>) -> bool {
        if budgets::is_money(row) {
            return true;
        }
        let named = row.fields.iter().find(|(name, _)| name.as_deref().is_some_and(Name::is_kpi));
        let told = role_cell(row, self.vocabulary);
        let long = row.head.is_long();
        let labelled = told.as_ref().or_else(|| {
            let names = row.fields.iter().filter_map(|(name, _)| name.as_deref());
            names.filter(|name| !(long && name.is(Label::Values))).find(|name| name.is_figure() && !name.is_kpi())
        });
        let kpi_head = row.head.columns.iter().any(|column| column.name().is_some_and(Name::is_kpi));
        let figure_head = row.head.columns.iter().any(|column| matches!(column.kind, ColumnKind::Figure(..)))
            || row.head.times().any(|(i, _)| {
                matches!(row.head.columns[i].kind, ColumnKind::Time(_, Role::Target | Role::Actual | Role::Baseline))
            });
        if let Some((Some(_), cell)) = named.filter(|(_, cell)| is_name(cell)) {
            // under a merged name, or with the name printed in each of its rows
            let repeats = || {
                let last = self.open.last().map(|&i| self.kpis[i].kpi.name.as_str());
                (long || told.is_some()) && last == Some(kpi_text::named(&cell.text, self.vocabulary).name.as_str())
            };
            let again = !self.open.is_empty() && (self.named_by.as_ref() == Some(&cell.place) || repeats());
            if !again {
                self.listed(cell, row);
            }
        } else if let Some(again) = self.again_named(row) {
            // a blank cell below an indicator's name: the same one, of another group
            self.open.clear();
            let name = again.name;
            let at = row.fields.first().map_or_else(|| row.place.clone(), |(_, cell)| cell.place.clone());
            let notes = row.fields.iter().map(|(_, cell)| cell.text.joined().replace('\n', "")).collect();
            self.push(Kpi { notes, ..kpi_text::bare(name, at) }, None);
        } else if kpi_head && row.listed {
            // a further row of the indicator above
        } else if labelled.is_none() && !self.continues(row, figure_head) {
            if !figure_head || row.fields.is_empty() || self.is_stage(row) {
                return false;
            }
            // figures under 基準値 and 目標値 whose row is named by a cell without a known head
            let Some((_, cell)) = row
                .fields
                .iter()
                .find(|(name, _)| !name.as_ref().is_some_and(|n| n.is_any(&[Label::Unit, Label::Note])))
            else {
                return false;
            };
            self.listed(cell, row);
        }
        if self.open.is_empty() {
            return labelled.is_some() || kpi_head;
        }
        self.row_figures(row, labelled);
        true
    }

    /// Whether a row under plain years and a column for the state before them gives what is done, not figures.
    fn is_stage(&self, row: &Row<'_>) -> bool {
        let plain = row.head.columns.iter().filter(|column| column.is_value()).all(|column| {
            matches!(column.kind, ColumnKind::Time(_, Role::Plain) | ColumnKind::Figure(Role::Baseline, _))
        });
        plain
            && row.values.iter().filter(|value| !value.cell.text.is_blank()).all(|value| {
                matches!(row.head.columns[value.first].kind, ColumnKind::Time(..))
                    && !is_figure(&values::parse(value.cell.text.raw().trim(), None, self.vocabulary))
            })
    }

    /// The indicator whose name a row of the same head goes on with: its own cell is blank, another says of whom the
    /// figures are (20歳代).
    fn again_named(&self, row: &Row<'_>) -> Option<Kpi> {
        let (head, name) = self.named_under.as_ref()?;
        let grouped = row.fields.iter().any(|(name, cell)| {
            let says = name.as_ref().is_none_or(|name| name.section().is_some() || name.is(Label::Category));
            says && !cell.text.is_blank()
        });
        let blank = row.fields.iter().all(|(name, _)| !name.as_deref().is_some_and(Name::is_kpi));
        let same = Rc::ptr_eq(head, &row.head) && grouped && blank && !row.listed;
        same.then(|| self.kpis.get(*name).map(|draft| draft.kpi.clone())).flatten()
    }

    /// Whether a row without a name gives figures of the indicators in hand.
    fn continues(&self, row: &Row<'_>, figure_head: bool) -> bool {
        if self.open.is_empty() {
            return false;
        }
        let lacks = |draft: &Draft| !draft.has_figures || figure_head && draft.kpi.targets.is_empty();
        let waiting = self.open.iter().any(|&i| lacks(&self.kpis[i]));
        let ordinal = self.row_ordinal(row);
        let plain_label = row.fields.iter().any(|(name, cell)| {
            let own = name.as_ref().is_some_and(|name| name.is_figure() || name.is(Label::Schedule) || name.is_kpi());
            !own && !super::tables::is_bare_number(cell, self.vocabulary)
        });
        ordinal.is_some() && self.open.iter().any(|&i| self.kpis[i].ordinal.is_some())
            || waiting && (!plain_label || figure_head)
    }

    /// ① at the start of a row's label or first value.
    fn row_ordinal(&self, row: &Row<'_>) -> Option<String> {
        let cells = row.fields.iter().map(|(_, cell)| *cell).chain(row.values.iter().map(|value| value.cell));
        let cell = cells.into_iter().find(|cell| !cell.text.is_blank())?;
        let raw = &cell.text.lines.first()?.raw;
        let numbered = numbering::leading(raw, self.vocabulary)?;
        matches!(numbered.style, numbering::Style::Circled(1)).then_some(numbered.number)
    }

    /// An indicator that a row names.
    fn listed(&mut self, cell: &Cell, row: &Row<'_>) {
        self.open.clear();
        let head = row.fields.iter().find(|(_, c)| std::ptr::eq(*c, cell)).and_then(|(name, _)| name.as_deref());
        let mut kind = head.and_then(kind_of).or_else(|| {
            // a cell of its own beside the name: 成果指標
            let cells = row.fields.iter().filter(|(name, _)| name.is_none()).map(|(_, cell)| cell);
            cells.filter_map(|cell| labels::whole(&cell.text, self.vocabulary)).find_map(|name| kind_of(&name))
        });
        let (mut label, group_kind) = self.group.take().unwrap_or_default();
        kind = kind.or(group_kind);
        let mut kpi = kpi_text::named(&cell.text, self.vocabulary);
        let raw = cell.text.raw();
        if let Some(numbered) = numbering::leading(&raw, self.vocabulary)
            .filter(|n| matches!(n.style, numbering::Style::Circled(1) | numbering::Style::Parenthesised))
        {
            let text = without_number(&cell.text, numbered.length);
            label = label.or(Some(raw.trim()[..numbered.length.min(raw.trim().len())].trim().to_owned()));
            kpi = kpi_text::named(&text, self.vocabulary);
        }
        if kpi.name.is_empty() {
            return;
        }
        for (name, cell) in &row.fields {
            let Some(name) = name else { continue };
            if name.is(Label::Note) {
                kpi.notes.extend(
                    cell.text.joined().lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()),
                );
            }
        }
        self.push(Kpi { label, kind, at: cell.place.clone(), ..kpi }, None);
        self.named_by = Some(cell.place.clone());
        self.named_under = Some((row.head.clone(), self.kpis.len() - 1));
    }

    fn row_figures(&mut self, row: &Row<'_>, labelled: Option<&Name>) {
        let ordinal = self.row_ordinal(row);
        let by_ordinal = ordinal
            .as_ref()
            .and_then(|ordinal| self.open.iter().copied().find(|&i| self.kpis[i].ordinal.as_ref() == Some(ordinal)));
        let index = by_ordinal
            .or_else(|| self.open.iter().copied().find(|&i| !self.kpis[i].has_figures))
            .or(self.open.last().copied());
        let Some(index) = index else { return };
        for (name, cell) in &row.fields {
            if name.as_ref().is_some_and(|name| name.is(Label::Unit)) {
                let unit = characters::name(&cell.text.joined()).trim_matches(['(', ')']).to_owned();
                if !unit.is_empty() && !self.vocabulary.is_mark(Mark::Nobody, &unit) {
                    self.kpis[index].unit = Some(unit);
                    self.kpis[index].unit_given = true;
                }
            }
        }
        let year = row.fields.iter().find_map(|(name, cell)| {
            let year = name.as_ref().is_some_and(|name| name.is(Label::Year));
            year.then(|| periods::parse(&cell.text.joined(), self.vocabulary)).flatten()
        });
        if row.head.is_long() {
            let figure = row.fields.iter().find(|(name, _)| name.as_ref().is_some_and(|name| name.is(Label::Values)));
            if let Some((name, cell)) = figure {
                let role = labelled.map_or(Role::Target, role_of);
                let raw = cell.text.raw().replace('\n', "");
                let unit = name.as_ref().and_then(|name| name.remark.clone());
                let (when, unit, place) = (year.as_ref(), unit.as_deref(), &cell.place);
                self.figure(index, Figure { role, when, raw: &raw, unit, place, column: 0 });
            }
            return;
        }
        let first_value = row.head.first_value().unwrap_or(0);
        let mixed = row.head.is_mixed();
        for value in row.values.iter().filter(|value| !value.cell.text.is_blank()) {
            let column = &row.head.columns[value.first];
            let (when, role) = match &column.kind {
                ColumnKind::Time(_, Role::Plain) if mixed => continue,
                ColumnKind::Time(_, Role::Budget) | ColumnKind::Figure(Role::Budget, _) => continue,
                ColumnKind::Time(when, role) => (Some(when), *role),
                ColumnKind::Figure(role, when) => (when.as_ref(), *role),
                _ => continue,
            };
            let gone = when.zip(self.begins).is_some_and(|(when, begins)| when.fiscal_year() < begins);
            let role = match (role, labelled) {
                (Role::Plain, Some(name)) => role_of(name),
                // a figure of a year before the plan begins is no target
                (Role::Plain, None) if gone => Role::Baseline,
                (role, _) => role,
            };
            let mut raw = value.cell.text.raw().replace('\n', "");
            if by_ordinal.is_some()
                && let Some(numbered) = numbering::leading(&raw, self.vocabulary)
                && matches!(numbered.style, numbering::Style::Circled(1))
                && Some(&numbered.number) == ordinal.as_ref()
            {
                raw = raw[numbered.length..].to_owned();
            }
            if raw.trim().is_empty() {
                continue;
            }
            let remark = labelled.and_then(|name| name.remark.as_deref()).or_else(|| column.remark());
            let unit = remark.filter(|unit| is_unit(unit, self.vocabulary)).map(str::to_owned);
            let (stated, figure) =
                if when.is_none() { kpi_text::dated(&raw, None, self.vocabulary) } else { (None, raw) };
            let when = when.cloned().or(stated).or_else(|| year.clone());
            let (unit, place, column) = (unit.as_deref(), &value.cell.place, value.first - first_value);
            self.figure(index, Figure { role, when: when.as_ref(), raw: &figure, unit, place, column });
        }
        self.kpis[index].has_figures = true;
        if row.shifted {
            self.diagnostics.push(Diagnostic::new(
                Code::CellCountMismatch,
                format!(
                    "the row of `{}` does not share its columns with the years above it and was aligned in order",
                    self.kpis[index].kpi.name
                ),
                Some(row.place.clone()),
            ));
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

/// A target whose year has another figure already: rows that were taken for one, or a figure and its parts.
fn stated_twice(kpi: &Kpi) -> Option<&Target> {
    let mut first: BTreeMap<i32, &Target> = BTreeMap::new();
    kpi.targets.iter().filter(|target| target.indicator.is_none() && is_figure(&target.value)).find(|target| {
        let other = target.fiscal_year.map(|year| *first.entry(year).or_insert(target));
        other.is_some_and(|other| other.value != target.value)
    })
}

/// What a row's figures are, where a cell of its own says so: 目標, 実績.
fn role_cell(row: &Row<'_>, vocabulary: &Vocabulary) -> Option<Name> {
    let cells = row.fields.iter().filter(|(name, _)| name.is_none()).map(|(_, cell)| cell);
    let names = cells.filter_map(|cell| labels::whole(&cell.text, vocabulary));
    names.into_iter().find(|name| !name.is_kpi() && (name.is_figure() || name.is(Label::Schedule)))
}

/// Whether an event gives values by year: a grid's row, or cells that carry their years.
fn gives_years(event: &Event<'_>) -> bool {
    match event {
        Event::Row(_) => true,
        Event::Entry(entry) => entry.name.is(Label::Target) && entry.name.is(Label::Schedule),
        _ => false,
    }
}

/// What only the whole indicator tells: its unit, a baseline in its name or notes.
fn settle(draft: Draft, vocabulary: &Vocabulary) -> Kpi {
    let mut kpi = draft.kpi;
    let stated = kpi
        .notes
        .iter()
        .find_map(|note| kpi_text::stated(note, vocabulary))
        .or_else(|| kpi_text::stated_in_parentheses(&kpi.name, vocabulary));
    match (&mut kpi.baseline, stated) {
        (None, Some(stated)) => {
            kpi.baseline = Some(Baseline {
                fiscal_year: stated.fiscal_year,
                as_of: stated.as_of,
                value: stated.value,
                at: kpi.at.clone(),
            });
        }
        (Some(baseline), Some(stated)) if baseline.fiscal_year.is_none() && baseline.as_of.is_none() => {
            baseline.fiscal_year = stated.fiscal_year;
            baseline.as_of = stated.as_of;
        }
        _ => {}
    }
    if let Some(baseline) = &mut kpi.baseline
        && baseline.fiscal_year.is_none()
        && baseline.as_of.is_none()
    {
        baseline.fiscal_year = kpi.notes.iter().find_map(|note| kpi_text::baseline_year(note, vocabulary));
    }
    let figures =
        kpi.targets.iter().chain(&kpi.actuals).map(|target| &target.value).chain(kpi.baseline.iter().map(|b| &b.value));
    let mut units: Vec<Option<&String>> =
        figures.filter(|value| is_figure(value)).map(|value| value.unit.as_ref()).collect();
    units.dedup();
    kpi.unit = match units.as_slice() {
        [Some(unit)] => Some((*unit).clone()),
        [] if draft.unit_given => draft.unit,
        _ => None,
    };
    kpi
}

fn is_figure(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Number | ValueKind::Ratio | ValueKind::Change | ValueKind::Range)
}

/// A remark that is a unit rather than a year or a word.
fn is_unit(remark: &str, vocabulary: &Vocabulary) -> bool {
    let probe = values::parse(&format!("1{remark}"), None, vocabulary);
    probe.kind == ValueKind::Number && remark.chars().count() <= 6
}

/// Whether a cell under an indicator's head names one (rather than repeating a label).
fn is_name(cell: &Cell) -> bool {
    cell.text.joined().chars().any(char::is_alphanumeric)
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

fn without_number(text: &Text, length: usize) -> Text {
    let mut text = text.clone();
    if let Some(line) = text.lines.first_mut() {
        line.raw = line.raw.get(length..).unwrap_or_default().into();
        line.text = characters::fold(&line.raw).into();
    }
    text
}
