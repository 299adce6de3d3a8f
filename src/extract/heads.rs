//! Column heads: which columns of a table are fields, years and figures.

mod choose;
mod kinds;

pub(super) use kinds::Role;

use super::labels::{self, Name};
use super::tables::Context;
use crate::document::{Cell, Grid, Table};
use crate::normalise::periods::{self, Precision, When};
use crate::normalise::{numbers, values};
use crate::record::{Month, ValueKind};
use crate::vocabulary::{Label, Mark, Vocabulary};
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

/// What one cell is, seen by itself.
#[derive(Debug, Clone)]
pub(super) enum Class {
    Blank,
    Name(Name),
    Time(When),
    /// A half, quarter or month without its year.
    Part(String),
    Text,
}

/// The classes of a row's cells.
pub(super) fn classes(cells: &[&Cell], vocabulary: &Vocabulary) -> Vec<Class> {
    let timely = cells.iter().filter(|cell| may_be_time(cell)).count();
    let texts: Vec<String> =
        if timely >= 2 { cells.iter().map(|cell| cell.text.joined().replace('\n', "")).collect() } else { Vec::new() };
    let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut times = if timely >= 2 { periods::heads(&borrowed, vocabulary) } else { Vec::new() };
    times.resize(cells.len(), None);
    let parts = if timely >= 2 && times.iter().all(Option::is_none) {
        let any_year = [periods::parse("FY2000", vocabulary)];
        borrowed.iter().flat_map(|text| periods::heads_under(&any_year, &[text], vocabulary)).collect()
    } else {
        vec![None; cells.len()]
    };
    cells
        .iter()
        .zip(times.into_iter().zip(parts))
        .map(|(cell, (time, part))| {
            if cell.text.is_blank() {
                Class::Blank
            } else if let Some(when) = time {
                Class::Time(when)
            } else if part.as_ref().is_some_and(is_part) {
                Class::Part(cell.text.joined().replace('\n', ""))
            } else {
                labels::whole(&cell.text, vocabulary).map_or(Class::Text, Class::Name)
            }
        })
        .collect()
}

/// Whether a time is a part of a year: a half, a quarter, a few months.
fn is_part(when: &When) -> bool {
    let months = |month: Month| month.year * 12 + i32::from(month.month);
    when.precision != Precision::Day && months(when.period.end) - months(when.period.start) < 11
}

/// A cheap look before the parser: short, and with a digit or a year's, half's or quarter's word.
fn may_be_time(cell: &Cell) -> bool {
    let mut bytes = 0;
    let mut digit = false;
    for line in &cell.text.lines {
        bytes += line.raw.len();
        digit |= line.raw.chars().any(|c| {
            numbers::is_numeral(c)
                || !matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}') && c.is_numeric()
                || matches!(c, '\u{5143}' | '\u{4e0a}' | '\u{4e0b}' | '\u{524d}' | '\u{5f8c}')
        });
    }
    digit && bytes <= 60
}

/// One year among labels in a further row of heads: `R4 | 目標 | 実績`.
fn lone_time(cells: &[&Cell], classes: &mut [Class], vocabulary: &Vocabulary) {
    let texts: Vec<usize> = (0..classes.len()).filter(|&i| matches!(classes[i], Class::Text)).collect();
    if let [only] = texts.as_slice()
        && classes.iter().any(|class| matches!(class, Class::Name(_)))
        && let Some(when) = periods::parse(&cells[*only].text.joined(), vocabulary)
    {
        classes[*only] = Class::Time(when);
    }
}

/// The nature of a row, from its cells' classes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub names: usize,
    pub times: usize,
    pub texts: usize,
    pub blanks: usize,
    /// Texts to the right of the first time.
    pub late_texts: usize,
    /// Texts too long for a column head.
    pub long_texts: usize,
}

pub(super) fn counts(cells: &[&Cell], classes: &[Class]) -> Counts {
    const HEAD_LENGTH: usize = 60; // bytes: twenty characters
    let mut counts = Counts::default();
    for (cell, class) in cells.iter().zip(classes) {
        match class {
            Class::Blank => counts.blanks += 1,
            Class::Name(_) => counts.names += 1,
            Class::Time(_) | Class::Part(_) => counts.times += 1,
            Class::Text => {
                counts.texts += 1;
                counts.late_texts += usize::from(counts.times > 0);
                let length: usize = cell.text.lines.iter().map(|line| line.raw.len()).sum();
                counts.long_texts += usize::from(length > HEAD_LENGTH);
            }
        }
    }
    counts
}

/// The column heads that begin in a row, and how many rows they take.
pub(super) fn head(table: &Table, grid: &Grid<'_>, row: u32, left: u32, context: &Context<'_>) -> Option<(Head, u32)> {
    let Context { vocabulary, faithful, .. } = *context;
    const MOST_ROWS: u32 = 4;
    let mut band: Vec<(Vec<&Cell>, Vec<Class>)> = Vec::new();
    for r in row..(row + MOST_ROWS).min(table.rows) {
        let cells: Vec<&Cell> = table.row(r).iter().filter(|cell| cell.column >= left).collect();
        let mut classes = classes(&cells, vocabulary);
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

fn begins_band(
    table: &Table,
    grid: &Grid<'_>,
    cells: &[&Cell],
    classes: &[Class],
    counts: Counts,
    faithful: bool,
    vocabulary: &Vocabulary,
) -> bool {
    if counts.times >= 2 && counts.late_texts == 0 {
        return counts.long_texts == 0;
    }
    let figures = classes.iter().filter(|class| matches!(class, Class::Name(name) if name.is_figure())).count();
    if counts.names + counts.times < 2 || counts.long_texts > 0 {
        return false;
    }
    // a few unknown words among known heads
    if counts.texts > 0 && (counts.names + counts.times < 3 || counts.texts > (counts.names + counts.times) / 2) {
        return false;
    }
    // labels below labels, beside values: the rows of a form; heads below a wider one are its parts
    if counts.texts > 0
        && cells.iter().zip(classes).any(|(cell, class)| {
            matches!(class, Class::Name(_))
                && grid.at(cell.end_row(), cell.column).is_some_and(|below| {
                    // a wider label is a group over the heads below it
                    (below.column, below.column_span) == (cell.column, cell.column_span)
                        && labels::whole(&below.text, vocabulary).is_some()
                })
        })
    {
        return false;
    }
    let Some(last) = cells.iter().zip(classes).rfind(|(_, class)| !matches!(class, Class::Blank)) else { return false };
    let row = last.0.end_row() - 1;
    if row + 1 >= table.rows {
        return false;
    }
    // a head has values under its labels; a form row without values has other labels, or nothing
    let mut under = 0;
    let mut named = 0;
    for (cell, class) in cells.iter().zip(classes) {
        if !matches!(class, Class::Name(_) | Class::Time(_) | Class::Part(_)) {
            continue;
        }
        named += 1;
        let below = grid.at(cell.end_row(), cell.column).filter(|below| !below.text.is_blank());
        under += usize::from(below.is_some_and(|below| below.column_span <= cell.column_span.max(1)));
    }
    let alternating = cells.len() >= 4 && named >= 2 && named * 2 == cells.len() && counts.blanks == named;
    if faithful && alternating && figures == 0 { under * 2 > named } else { under >= 1 }
}

/// Whether a row's cells all stand under wider heads while other heads go on beside them: the parts of groups, also
/// where a word among them is unknown.
fn is_under_groups(band: &[(Vec<&Cell>, Vec<Class>)], cells: &[&Cell], classes: &[Class], counts: Counts) -> bool {
    let heads = || {
        let printed = |(_, class): &(&&Cell, &Class)| !matches!(class, Class::Blank);
        band.iter().flat_map(move |(cells, classes)| cells.iter().zip(classes).filter(printed)).map(|(cell, _)| *cell)
    };
    let mut printed = cells.iter().zip(classes).filter(|(_, class)| !matches!(class, Class::Blank));
    let under = |cell: &Cell| {
        heads().any(|head| head.column_span > 1 && head.column <= cell.column && cell.end_column() <= head.end_column())
    };
    let Some(row) = cells.first().map(|cell| cell.row) else { return false };
    counts.names + counts.times > counts.texts
        && counts.long_texts == 0
        && heads().any(|head| head.end_row() > row && head.column_span == 1)
        && printed.all(|(cell, _)| under(cell))
}

/// Whether a row goes on with the heads above it: heads only, under or beside them.
fn continues_band(band: &[(Vec<&Cell>, Vec<Class>)], cells: &[&Cell], classes: &[Class], counts: Counts) -> bool {
    if counts.texts > 0 || counts.names + counts.times == 0 {
        return false;
    }
    let (above, above_classes) = &band[band.len() - 1];
    let start = |cells: &[&Cell], classes: &[Class]| {
        cells.iter().zip(classes).find(|(_, class)| !matches!(class, Class::Blank)).map(|(cell, _)| cell.column)
    };
    // labels left of years already headed begin the body
    let first_time =
        above.iter().zip(above_classes).find(|(_, class)| matches!(class, Class::Time(_))).map(|(cell, _)| cell.column);
    let beyond = |from: u32| {
        cells.iter().zip(classes).any(|(cell, class)| !matches!(class, Class::Blank) && cell.column >= from)
    };
    if first_time.is_some_and(|from| !beyond(from)) {
        return false;
    }
    let first_above = start(above, above_classes);
    let first = start(cells, classes);
    // a row of labels that begins where the one above begins heads columns of its own, unless that one is a group
    let spanned = above.iter().any(|cell| cell.row_span > 1);
    let groups =
        above.iter().zip(above_classes).any(|(cell, class)| !matches!(class, Class::Blank) && cell.column_span > 1)
            || above_classes.windows(2).any(|pair| !matches!(pair[0], Class::Blank) && matches!(pair[1], Class::Blank));
    let finer = classes.iter().any(|class| match class {
        Class::Time(when) => is_part(when),
        Class::Part(_) => true,
        _ => false,
    });
    let figures = classes.iter().filter(|class| !matches!(class, Class::Blank)).all(|class| {
        matches!(class, Class::Time(_) | Class::Part(_)) || matches!(class, Class::Name(name) if name.is_figure())
    });
    // years under the words for figures, blank under the others: `baseline | target` over `R4 | R10`
    let under_figures =
        cells.iter().zip(classes).filter(|(_, class)| !matches!(class, Class::Blank)).all(|(cell, class)| {
            let mut over = above.iter().zip(above_classes).filter(|(over, _)| over.column == cell.column);
            matches!(class, Class::Time(_))
                && over.any(|(_, class)| matches!(class, Class::Name(name) if name.is_figure()))
        });
    under_figures || (first > first_above && (spanned || groups)) || finer || (groups && (figures || counts.names >= 2))
}

/// The column of the rows' names where the heads leave it blank: `| | R6 | R7 |` over `| survey | ● | |`.
fn corner(table: &Table, body: u32, band: &Band<'_>) -> Option<u32> {
    const LONGEST: usize = 120; // bytes: forty characters
    const ROWS: u32 = 3;
    let (cells, classes) = band.first()?;
    let first = classes.iter().position(|class| !matches!(class, Class::Blank))?;
    if !matches!(classes[first], Class::Time(_) | Class::Part(_)) {
        return None;
    }
    let named = |column: u32| {
        (body..(body + ROWS).min(table.rows)).any(|row| {
            let mut cells = table.row(row).iter();
            cells.any(|cell| {
                let length: usize = cell.text.lines.iter().map(|line| line.raw.len()).sum();
                cell.column == column && (1..=LONGEST).contains(&length) && !cell.text.is_blank()
            })
        })
    };
    cells[..first].iter().rev().map(|cell| cell.column).find(|column| named(*column))
}

/// The columns of a band of head rows.
fn columns(table: &Table, band: &Band<'_>, corner: Option<u32>, context: &Context<'_>) -> Head {
    let vocabulary = context.vocabulary;
    let printed = |class: &Class| !matches!(class, Class::Blank);
    let mut starts: Vec<u32> = band
        .iter()
        .flat_map(|(cells, classes)| cells.iter().zip(classes).filter(|(_, c)| printed(c)).map(|(cell, _)| cell.column))
        .chain(corner)
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let mut paths: Vec<(Vec<&Class>, String)> = Vec::with_capacity(starts.len());
    for &start in &starts {
        let mut path: Vec<&Class> = Vec::new();
        let mut heading: Vec<String> = Vec::new();
        for depth in 0..band.len() {
            if let Some((cell, class)) = over(band, depth, start) {
                path.push(class);
                heading.push(cell.text.joined().replace('\n', ""));
            }
        }
        paths.push((path, heading.join(" ")));
    }
    let parts = dated_parts(band, &paths, context);
    let mut columns: Vec<Column> = Vec::with_capacity(starts.len());
    for (i, ((path, heading), part)) in paths.into_iter().zip(parts).enumerate() {
        let kind = if is_total(&path, &heading, vocabulary) { ColumnKind::Total } else { kinds::kind(&path, part) };
        // figures behind the last head have no year
        let beyond = if matches!(kind, ColumnKind::Time(..) | ColumnKind::Figure(..)) {
            printed_width(band)
        } else {
            table.columns
        };
        let end = starts.get(i + 1).copied().unwrap_or(beyond.max(starts[i] + 1));
        // a merged head that a converter printed over each of its columns: 基本方針 | 基本方針
        if let (Some(Column { end: last, kind: ColumnKind::Field(above), heading: same, .. }), ColumnKind::Field(name)) =
            (columns.last_mut(), &kind)
            && *same == heading
            && above.meanings == name.meanings
        {
            *last = end;
            continue;
        }
        columns.push(Column { start: starts[i], end, kind, heading });
    }
    let below = band.iter().flat_map(|(cells, _)| cells.iter()).map(|cell| cell.row + 1).max().unwrap_or(0);
    for column in columns.iter_mut().filter(|column| !column.is_value()) {
        if tells_roles(table, below, column, vocabulary) {
            column.kind = ColumnKind::Other;
        }
    }
    let dated = columns.iter().any(|column| matches!(column.kind, ColumnKind::Time(..)));
    for column in columns.iter_mut().filter(|_| dated) {
        // 現状 before years is a figure where figures stand below it
        if let ColumnKind::Field(name) = &column.kind
            && name.is(Label::CurrentState)
            && holds_figures(table, below, column, vocabulary)
        {
            column.kind = ColumnKind::Figure(Role::Baseline, name.when.clone());
        }
    }
    let start = starts.first().copied().unwrap_or(0);
    let mut head = Head { columns, start, measure: None };
    choose::choose(&mut head, vocabulary);
    if head.measure.is_some() {
        choose::remarks_beside_groups(band, &mut head);
        choose::steps_before_years(table, below, &mut head, vocabulary);
    }
    if let Some(money) = &context.money {
        for column in &mut head.columns {
            if let ColumnKind::Time(when, Role::Plain) = &column.kind
                && holds_figures(table, below, column, vocabulary)
            {
                column.kind = ColumnKind::Time(when.clone(), Role::Budget);
                column.heading = format!("{money} {}", column.heading);
            }
        }
    }
    head
}

/// Whether the cells below a head are figures.
fn holds_figures(table: &Table, below: u32, column: &Column, vocabulary: &Vocabulary) -> bool {
    const LOOKED_AT: usize = 12;
    let within = |cell: &&Cell| cell.column >= column.start && cell.column < column.end && !cell.text.is_blank();
    let from = table.cells.partition_point(|cell| cell.row < below);
    let mut cells = table.cells[from..].iter().filter(within).take(LOOKED_AT).peekable();
    let figure = |cell: &Cell| {
        !matches!(
            values::parse(cell.text.raw().trim(), None, vocabulary).kind,
            ValueKind::Milestone | ValueKind::Deferred
        )
    };
    cells.peek().is_some() && cells.all(figure)
}

/// Whether the cells below a head say what the figures of their rows are: 基準, 目標, 実績.
fn tells_roles(table: &Table, below: u32, column: &Column, vocabulary: &Vocabulary) -> bool {
    const LOOKED_AT: usize = 12;
    let within = |cell: &&Cell| cell.column >= column.start && cell.column < column.end && !cell.text.is_blank();
    let from = table.cells.partition_point(|cell| cell.row < below);
    let cells: Vec<&Cell> = table.cells[from..].iter().filter(within).take(LOOKED_AT).collect();
    let labels: Vec<Name> = cells.iter().map_while(|cell| labels::whole(&cell.text, vocabulary)).collect();
    let role = |name: &Name| name.is_any(&[Label::Baseline, Label::Target, Label::Actual]) && !name.is_kpi();
    cells.len() >= 2
        && labels.len() == cells.len()
        && labels.iter().all(|name| role(name) || name.is(Label::Schedule))
        && labels.iter().any(role)
}

/// How far the head rows' cells go, blank ones included.
fn printed_width(band: &Band<'_>) -> u32 {
    band.iter().flat_map(|(cells, _)| cells.iter()).map(|cell| cell.end_column()).max().unwrap_or(0)
}

type Band<'a> = [(Vec<&'a Cell>, Vec<Class>)];

/// The head of one row of a band over a column: the cell that covers it, or the group that the blanks behind it belong to.
fn over<'b, 'a>(band: &'b Band<'a>, depth: usize, start: u32) -> Option<(&'a Cell, &'b Class)> {
    let printed = |class: &Class| !matches!(class, Class::Blank);
    let (cells, classes) = &band[depth];
    let own = cells
        .iter()
        .zip(classes)
        .find(|(cell, class)| printed(class) && cell.column <= start && start < cell.end_column());
    if let Some((cell, class)) = own {
        return Some((cell, class));
    }
    let (cell, class) = cells.iter().zip(classes).rfind(|(cell, class)| printed(class) && cell.column < start)?;
    let begins = |column: u32| {
        band[depth + 1..].iter().any(|(below, classes)| {
            below.iter().zip(classes).any(|(cell, class)| printed(class) && cell.column == column)
        })
    };
    (begins(start) && begins(cell.column)).then_some((cell, class))
}

/// The times of the columns whose lowest head is a half, quarter or month: under the year above it, or, where the years'
/// columns are lost, in the order of the years that the rows above name.
fn dated_parts(band: &Band<'_>, paths: &[(Vec<&Class>, String)], context: &Context<'_>) -> Vec<Option<When>> {
    let vocabulary = context.vocabulary;
    let leaf = |path: &[&Class]| match path.last() {
        Some(Class::Part(text)) => Some(text.clone()),
        _ => None,
    };
    let found: Vec<usize> = (0..paths.len()).filter(|&i| leaf(&paths[i].0).is_some()).collect();
    let mut out = vec![None; paths.len()];
    if found.is_empty() {
        return out;
    }
    let above = |path: &[&Class]| {
        path.iter().rev().find_map(|class| match class {
            Class::Time(when) => Some(when.clone()),
            _ => None,
        })
    };
    let mut parents: Vec<Option<When>> = found.iter().map(|&i| above(&paths[i].0)).collect();
    if parents.iter().any(Option::is_none) {
        let mut years: Vec<When> = Vec::new();
        for (cells, _) in &band[..band.len() - 1] {
            for cell in cells {
                let text = cell.text.joined();
                for mention in periods::find(&text, vocabulary) {
                    if years.iter().all(|year| year.fiscal_year() != mention.when.fiscal_year()) {
                        years.push(mention.when);
                    }
                }
            }
        }
        if years.is_empty() {
            years.extend(context.year.clone());
        }
        if years.is_empty() || !found.len().is_multiple_of(years.len()) {
            return out;
        }
        let each = found.len() / years.len();
        let fiscal = |year: When| periods::parse(&format!("FY{}", year.fiscal_year()), vocabulary);
        parents = years.into_iter().flat_map(|year| std::iter::repeat_n(fiscal(year), each)).collect();
    }
    let texts: Vec<String> = found.iter().filter_map(|&i| leaf(&paths[i].0)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for (i, when) in found.into_iter().zip(periods::heads_under(&parents, &texts, vocabulary)) {
        out[i] = when;
    }
    out
}

/// Whether the lowest of several heads is a word for a sum.
fn is_total(path: &[&Class], heading: &str, vocabulary: &Vocabulary) -> bool {
    let lowest = heading.rsplit(' ').next().unwrap_or_default();
    path.len() > 1 && vocabulary.is_mark(Mark::Total, lowest)
}
