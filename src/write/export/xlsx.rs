//! A workbook for people: plans, measures, indicators with their figures, and the schedule as a coloured grid.
//!
//! Texts are written as texts, never as formulas or links. Rows go to temporary files as they come, so that memory does
//! not grow with their number; a sheet that is full goes on in a further one.

use super::folder_of_plans::with_unit;
use super::{Export, ExportError};
use crate::document::Place;
use crate::record::{Basis, Comparator, Kpi, Measure, Month, PlanRecord, Role, ScheduleItem, Status, Target, Value};
use crate::write::Named;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// Rows of a sheet, less one for what a sheet that goes on begins with.
const MOST_ROWS: u32 = 1_048_575;
/// Characters (UTF-16) of a cell that Excel takes.
const LONGEST: usize = 32_767;
/// Excel's numbers of paper sizes, and the width of columns, in characters, that can be read on A4.
const A3: u8 = 8;
const A4: u8 = 9;
const WIDEST_A4: f64 = 220.0;
/// Height of a line in points, and the most lines of a row that are seen without opening a cell.
const LINE: f64 = 17.0;
const MOST_LINES: usize = 20;
/// Width, in characters, of a year in the grid.
const YEAR_WIDTH: f64 = 6.0;
/// More years than these are not drawn: a span that long is a misprint or has no end.
const MOST_YEARS: i32 = 30;

pub(super) struct Book {
    workbook: Workbook,
    file: Named,
    looks: Looks,
    plans: Sheet,
    measures: Sheet,
    figures: Sheet,
    schedule: Sheet,
}

/// How cells look.
struct Looks {
    head: Format,
    /// The line over a plan's schedule, and a year in it.
    plan: Format,
    year: Format,
    text: Format,
    number: Format,
    /// A year that an activity covers.
    covered: Format,
    /// The year in which an activity begins that ends nobody knows when.
    begun: Format,
}

/// A kind of sheet, and where in it the next row goes.
struct Sheet {
    name: &'static str,
    columns: &'static [(&'static str, f64)],
    index: usize,
    /// How many sheets of the kind are begun.
    sheets: u32,
    row: u32,
}

/// What a cell shows.
enum Shown<'s> {
    Text(String),
    Number(f64),
    Look(&'s Format, Cow<'s, str>),
    Empty,
}

impl Shown<'_> {
    /// The lines that a text takes in a column of that many characters, roughly.
    fn lines(&self, width: f64) -> usize {
        let Shown::Text(text) = self else { return 1 };
        let lines = text.lines().take(MOST_LINES);
        lines.map(|line| ((UnicodeWidthStr::width(line) as f64 * 1.1 / width).ceil() as usize).max(1)).sum()
    }
}

/// Heads and widths (in characters) of columns.
const PLANS: &[(&str, f64)] = &[
    ("計画", 40.0),
    ("策定主体", 16.0),
    ("段階", 8.0),
    ("版", 10.0),
    ("策定日", 12.0),
    ("改定日", 12.0),
    ("期間(始)", 10.0),
    ("期間(終)", 10.0),
    ("施策数", 8.0),
    ("指標数", 8.0),
    ("注意", 8.0),
    ("エラー", 8.0),
    ("資料", 40.0),
];
const MEASURES: &[(&str, f64)] = &[
    ("策定主体", 16.0),
    ("計画", 30.0),
    ("番号", 8.0),
    ("施策・事業", 36.0),
    ("体系", 30.0),
    ("区分", 14.0),
    ("主担当", 20.0),
    ("関係課", 20.0),
    ("期間(始)", 10.0),
    ("期間(終)", 10.0),
    ("内容", 64.0),
    ("予算", 30.0),
    ("出典", 24.0),
    ("資料", 30.0),
];
const FIGURES: &[(&str, f64)] = &[
    ("策定主体", 16.0),
    ("計画", 30.0),
    ("番号", 8.0),
    ("施策・方針", 30.0),
    ("指標", 36.0),
    ("種類", 10.0),
    ("区分", 8.0),
    ("年度", 8.0),
    ("時点", 10.0),
    ("値(原文)", 20.0),
    ("数値", 12.0),
    ("全体", 12.0),
    ("単位", 10.0),
    ("条件", 8.0),
    ("年度ごとの指標", 24.0),
    ("出典", 24.0),
    ("資料", 30.0),
];
const SCHEDULE: &[(&str, f64)] = &[
    ("番号", 8.0),
    ("施策・事業", 30.0),
    ("項目", 16.0),
    ("取組", 40.0),
    ("始", 10.0),
    ("終", 10.0),
    ("期間の根拠", 12.0),
    ("担当", 16.0),
    ("出典", 24.0),
];

impl Book {
    /// # Errors
    /// What the file system says.
    pub fn new(path: &Path) -> Result<Self, ExportError> {
        let file = Named::new(path)?;
        let mut workbook = Workbook::new();
        // Otherwise the file would tell when it was made.
        let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let looks = Looks::new();
        let mut sheet = |name, columns| Sheet::begin(&mut workbook, &looks, name, columns);
        let (plans, measures) = (sheet("計画", PLANS)?, sheet("施策", MEASURES)?);
        let (figures, schedule) = (sheet("指標", FIGURES)?, sheet("工程", SCHEDULE)?);
        Ok(Book { workbook, file, looks, plans, measures, figures, schedule })
    }
}

impl Looks {
    fn new() -> Self {
        // A thin line under each row.
        let ruled = || {
            let format = Format::new().set_align(FormatAlign::Top).set_border_bottom(FormatBorder::Thin);
            format.set_border_bottom_color(Color::RGB(0xD5DCE3))
        };
        let cell = || ruled().set_text_wrap();
        let plan = || Format::new().set_bold().set_background_color(Color::RGB(0xF0F4F8));
        let filled = |colour| ruled().set_background_color(colour).set_align(FormatAlign::Center);
        Looks {
            head: cell().set_bold().set_background_color(Color::RGB(0xD9E2EC)),
            plan: plan(),
            year: plan().set_align(FormatAlign::Center),
            text: cell(),
            number: ruled(),
            covered: filled(Color::RGB(0x2F6F9F)).set_font_color(Color::White),
            begun: filled(Color::RGB(0xBCD9EE)),
        }
    }
}

impl Sheet {
    fn begin(
        workbook: &mut Workbook,
        looks: &Looks,
        name: &'static str,
        columns: &'static [(&'static str, f64)],
    ) -> Result<Self, XlsxError> {
        let mut sheet = Sheet { name, columns, index: 0, sheets: 0, row: 0 };
        sheet.begin_next(workbook, looks)?;
        Ok(sheet)
    }

    /// Begins a sheet of the kind, with its heads.
    fn begin_next(&mut self, workbook: &mut Workbook, looks: &Looks) -> Result<(), XlsxError> {
        self.index = workbook.worksheets().len();
        self.sheets += 1;
        let name = if self.sheets == 1 { self.name.to_owned() } else { format!("{} ({})", self.name, self.sheets) };
        let worksheet = workbook.add_worksheet_with_constant_memory()?;
        worksheet.set_name(name)?.set_freeze_panes(1, 0)?;
        // Printed with all columns on a page, the heads on each.
        let width: f64 = self.columns.iter().map(|(_, width)| width).sum();
        worksheet
            .set_paper_size(if width > WIDEST_A4 { A3 } else { A4 })
            .set_landscape()
            .set_print_fit_to_pages(1, 0)
            .set_repeat_rows(0, 0)?;
        for (column, (head, width)) in (0..).zip(self.columns) {
            worksheet.set_column_width(column, *width)?;
            worksheet.write_string_with_format(0, column, *head, &looks.head)?;
        }
        self.row = 1;
        Ok(())
    }

    fn write(&mut self, workbook: &mut Workbook, looks: &Looks, cells: &[Shown<'_>]) -> Result<(), XlsxError> {
        if self.row > MOST_ROWS {
            self.begin_next(workbook, looks)?;
        }
        let worksheet: &mut Worksheet = workbook.worksheet_from_index(self.index)?;
        // Not every program fits rows to wrapped texts when it opens a workbook.
        let lines = cells.iter().zip(self.columns).map(|(cell, (_, width))| cell.lines(*width)).max().unwrap_or(1);
        if lines > 1 {
            worksheet.set_row_height(self.row, LINE * lines.min(MOST_LINES) as f64)?;
        }
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Shown::Text(text) => {
                    worksheet.write_string_with_format(self.row, column, clipped(text), &looks.text)?
                }
                Shown::Number(number) => {
                    worksheet.write_number_with_format(self.row, column, *number, &looks.number)?
                }
                Shown::Look(look, text) => worksheet.write_string_with_format(self.row, column, clipped(text), look)?,
                Shown::Empty => worksheet.write_blank(self.row, column, &looks.text)?,
            };
        }
        self.row += 1;
        Ok(())
    }
}

impl Export for Book {
    fn record(&mut self, record: &PlanRecord) -> Result<bool, ExportError> {
        self.plan(record)?;
        let of_policies = record.policies.iter().map(|policy| (policy.number.as_deref(), &policy.title, &policy.kpis));
        let of_measures =
            record.measures.iter().map(|measure| (measure.number.as_deref(), &measure.name, &measure.kpis));
        for (number, name, kpis) in of_policies.chain(of_measures) {
            for kpi in kpis {
                self.kpi(record, number, name, kpi)?;
            }
        }
        for measure in &record.measures {
            let cells = measure_cells(record, measure);
            self.measures.write(&mut self.workbook, &self.looks, &cells)?;
        }
        self.schedule(record)?;
        Ok(true)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        for sheet in [&self.plans, &self.measures, &self.figures] {
            // Of a kind that took several sheets only the last is known to be this long; the others are full.
            let worksheet = self.workbook.worksheet_from_index(sheet.index)?;
            worksheet.autofilter(0, 0, sheet.row.saturating_sub(1).max(1), sheet.columns.len() as u16 - 1)?;
        }
        self.workbook.save(self.file.temporary())?;
        Ok(self.file.finish()?)
    }
}

impl Book {
    fn plan(&mut self, record: &PlanRecord) -> Result<(), XlsxError> {
        use crate::diagnostic::Severity;
        let plan = &record.plan;
        let status = match plan.status {
            Status::Draft => "素案",
            Status::Proposal => "案",
            Status::Final => "策定",
            Status::Unknown => "",
        };
        let of = |severity| record.diagnostics.iter().filter(|found| found.severity == severity).count();
        let kpis = record.policies.iter().map(|policy| policy.kpis.len()).sum::<usize>()
            + record.measures.iter().map(|measure| measure.kpis.len()).sum::<usize>();
        let cells = [
            text(&plan.title),
            text_or_empty(&plan.publisher),
            text(status),
            text_or_empty(&plan.version),
            text_or_empty(&plan.published),
            text_or_empty(&plan.revised),
            month(plan.period.map(|period| period.start)),
            month(plan.period.map(|period| period.end)),
            Shown::Number(record.measures.len() as f64),
            Shown::Number(kpis as f64),
            Shown::Number(of(Severity::Warning) as f64),
            Shown::Number(of(Severity::Error) as f64),
            text(&record.source.path),
        ];
        self.plans.write(&mut self.workbook, &self.looks, &cells)
    }

    fn kpi(&mut self, record: &PlanRecord, number: Option<&str>, of: &str, kpi: &Kpi) -> Result<(), XlsxError> {
        let kind = kpi.kind.map(|kind| match kind {
            crate::record::KpiKind::Activity => "活動指標",
            crate::record::KpiKind::Outcome => "成果指標",
        });
        for (group, year, as_of, value, indicator, at) in figures(kpi) {
            // Of several figures in one cell all are in its raw text; the columns show the first.
            let cells = [
                text_or_empty(&record.plan.publisher),
                text(&record.plan.title),
                text(number.unwrap_or_default()),
                text(of),
                text(&kpi.name),
                text(kind.unwrap_or_default()),
                text(group),
                year.map_or(Shown::Empty, |year| Shown::Number(year.into())),
                text(as_of.unwrap_or_default()),
                text(&value.raw),
                value.number.map_or(Shown::Empty, |number| Shown::Number(number.0)),
                value.of.map_or(Shown::Empty, |number| Shown::Number(number.0)),
                text(value.unit.as_deref().or(kpi.unit.as_deref()).unwrap_or_default()),
                text(comparator(value)),
                text(indicator.unwrap_or_default()),
                text(place(at)),
                text(&record.source.path),
            ];
            self.figures.write(&mut self.workbook, &self.looks, &cells)?;
        }
        Ok(())
    }

    /// A line with the plan and its years, then a line an item with its years coloured.
    fn schedule(&mut self, record: &PlanRecord) -> Result<(), XlsxError> {
        let items =
            || record.measures.iter().flat_map(|measure| measure.schedule.iter().map(move |item| (measure, item)));
        if items().next().is_none() {
            return Ok(());
        }
        let years = || items().flat_map(|(_, item)| [item.start, item.end]).flatten().map(Month::fiscal_year);
        let first = years().min().unwrap_or(0);
        let count = years().max().map_or(0, |last| (last - first + 1).min(MOST_YEARS));
        let Book { workbook, looks, schedule, .. } = self;
        // A blank line before, so that the plan's own heads are seen.
        schedule.row += 1;
        let title = if record.plan.title.is_empty() { &record.source.path } else { &record.plan.title };
        let mut heads = vec![Shown::Look(&looks.plan, title.into())];
        heads.extend((heads.len()..SCHEDULE.len()).map(|_| Shown::Look(&looks.plan, "".into())));
        heads.extend((first..first + count).map(|year| Shown::Look(&looks.year, year.to_string().into())));
        let worksheet = workbook.worksheet_from_index(schedule.index)?;
        for column in 0..count {
            worksheet.set_column_width(SCHEDULE.len() as u16 + column as u16, YEAR_WIDTH)?;
        }
        schedule.write(workbook, looks, &heads)?;
        for (measure, item) in items() {
            let mut cells = vec![
                text(measure.number.as_deref().unwrap_or_default()),
                text(&measure.name),
                text_or_empty(&item.label),
                text(&item.text),
                month(item.start),
                month(item.end),
                text(basis(item.basis)),
                text(item.owners.iter().map(|owner| owner.name.as_str()).collect::<Vec<_>>().join("、")),
                text(place(&item.at)),
            ];
            cells.extend((first..first + count).map(|year| year_cell(item, year, looks)));
            schedule.write(workbook, looks, &cells)?;
        }
        Ok(())
    }
}

/// A figure of an indicator: its group, fiscal year, date, value, own indicator, and place.
type Figure<'k> = (&'static str, Option<i32>, Option<&'k str>, &'k Value, Option<&'k str>, &'k Place);

fn figures(kpi: &Kpi) -> impl Iterator<Item = Figure<'_>> {
    let baseline = kpi.baseline.iter().map(|baseline| {
        ("基準値", baseline.fiscal_year, baseline.as_of.as_deref(), &baseline.value, None, &baseline.at)
    });
    let targets = kpi.targets.iter().map(|target| ("目標", target));
    let actuals = kpi.actuals.iter().map(|actual| ("実績", actual));
    baseline.chain(targets.chain(actuals).map(|(group, figure)| figure_of(group, figure)))
}

fn figure_of<'k>(group: &'static str, figure: &'k Target) -> Figure<'k> {
    (group, figure.fiscal_year, None, &figure.value, figure.indicator.as_deref(), &figure.at)
}

fn year_cell<'l>(item: &ScheduleItem, year: i32, looks: &'l Looks) -> Shown<'l> {
    match (item.start.map(Month::fiscal_year), item.end.map(Month::fiscal_year)) {
        (Some(start), Some(end)) if (start..=end).contains(&year) => Shown::Look(&looks.covered, "■".into()),
        // Only the start is known.
        (Some(start), None) if start == year => Shown::Look(&looks.begun, "▷".into()),
        _ => Shown::Empty,
    }
}

fn measure_cells(record: &PlanRecord, measure: &Measure) -> [Shown<'static>; MEASURES.len()] {
    let owners = |role| {
        let of_role = measure.owners.iter().filter(|owner| owner.role == role);
        let named = of_role.map(|owner| format!("{}{}", owner.name, if owner.others { "ほか" } else { "" }));
        text(named.collect::<Vec<_>>().join("、"))
    };
    let sections = measure.sections.iter().map(|section| format!("【{}】\n{}", section.heading, section.text));
    let budgets = measure.budgets.iter().map(|budget| {
        let year = budget.fiscal_year.map_or(String::new(), |year| format!("{year}年度 "));
        format!("{year}{} {}", budget.kind, with_unit(&budget.amount))
    });
    [
        text_or_empty(&record.plan.publisher),
        text(&record.plan.title),
        text(measure.number.as_deref().unwrap_or_default()),
        text(&measure.name),
        text(measure.policies.join(" > ")),
        text(measure.categories.join("、")),
        owners(Role::Lead),
        owners(Role::Related),
        month(measure.period.map(|period| period.start)),
        month(measure.period.and_then(|period| period.end)),
        text(sections.collect::<Vec<_>>().join("\n")),
        text(budgets.collect::<Vec<_>>().join("\n")),
        text(place(&measure.at)),
        text(&record.source.path),
    ]
}

fn comparator(value: &Value) -> &'static str {
    match value.comparator {
        None | Some(Comparator::Eq) => "",
        Some(Comparator::Ge) => "以上",
        Some(Comparator::Le) => "以下",
        Some(Comparator::Gt) => "超",
        Some(Comparator::Lt) => "未満",
        Some(Comparator::Approx) => "約",
    }
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Merged => "結合セル",
        Basis::Arrow => "矢印・帯",
        Basis::Text => "記載",
        Basis::Cell => "列の位置",
        Basis::None => "不明",
    }
}

fn place(at: &Place) -> String {
    match at {
        Place::Page { page, .. } => format!("{page}ページ"),
        Place::Sheet { sheet, range } => format!("{sheet} {range}"),
        Place::Lines { line, end_line } if line == end_line => format!("{line}行目"),
        Place::Lines { line, end_line } => format!("{line}～{end_line}行目"),
    }
}

fn text(text: impl Into<String>) -> Shown<'static> {
    let text = text.into();
    if text.is_empty() { Shown::Empty } else { Shown::Text(text) }
}

fn text_or_empty(shown: &Option<String>) -> Shown<'static> {
    text(shown.as_deref().unwrap_or_default())
}

fn month(month: Option<Month>) -> Shown<'static> {
    month.map_or(Shown::Empty, |month| text(month.to_string()))
}

/// A text as far as a cell takes it; what is cut says so.
fn clipped(text: &str) -> String {
    const CUT: &str = "…(以下略)";
    // The writer counts characters, Excel counts UTF-16 units, of which there are at least as many.
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut room = LONGEST - CUT.encode_utf16().count();
    let fits = |c: &char| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    };
    text.chars().take_while(fits).chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_say_that_they_are_cut() {
        assert_eq!(clipped("施策"), "施策");
        let cut = clipped(&"𠮷".repeat(20_000));
        assert!(cut.ends_with("…(以下略)"));
        assert!(cut.encode_utf16().count() <= LONGEST);
    }
}
