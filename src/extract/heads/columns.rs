//! The columns that a band of head rows makes.

use super::super::labels::{self, Name};
use super::super::tables::Context;
use super::band::Band;
use super::{Class, Column, ColumnKind, Head, Role, choose, kinds};
use crate::document::{Cell, Table};
use crate::normalise::periods::{self, When};
use crate::normalise::values;
use crate::record::ValueKind;
use crate::vocabulary::{Label, Mark, Vocabulary};
use std::rc::Rc;

/// The column of the rows' names where the heads leave it blank: `| | R6 | R7 |` over `| survey | ● | |`.
pub(super) fn corner(table: &Table, body: u32, band: &Band<'_>) -> Option<u32> {
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
pub(super) fn columns(table: &Table, band: &Band<'_>, corner: Option<u32>, context: &Context<'_>) -> Head {
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
    // 計画 | 実績 | 判定 under each year: an unknown word beside words for figures heads none
    let timed = |path: &[&Class]| path.iter().any(|class| matches!(class, Class::Time(_)));
    let told =
        paths.iter().any(|(path, _)| timed(path) && matches!(path.last(), Some(Class::Name(name)) if name.is_figure()));
    let untold = |path: &[&Class]| told && timed(path) && matches!(path.last(), Some(Class::Text));
    // years under a schedule's head beside years under an indicators' head: 年次計画 | 数値目標
    let under = |path: &[&Class], test: &dyn Fn(&Name) -> bool| matches!(path, [above @ .., Class::Time(_)] if above.iter().any(|c| matches!(c, Class::Name(name) if test(name))));
    let scheduled = paths.iter().any(|(path, _)| under(path, &|name| name.is(Label::Schedule)));
    let mut columns: Vec<Column> = Vec::with_capacity(starts.len());
    for (i, ((path, heading), part)) in paths.into_iter().zip(parts).enumerate() {
        let kind = match kinds::kind(&path, part) {
            _ if is_total(&path, &heading, vocabulary) || untold(&path) => ColumnKind::Total,
            ColumnKind::Time(when, Role::Plain) if scheduled && under(&path, &Name::is_kpi) => {
                ColumnKind::Time(when, Role::Target)
            }
            kind => kind,
        };
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
    unknown_figures(table, below, &mut columns, context);
    let start = starts.first().copied().unwrap_or(0);
    let mut head = Head { columns, start, measure: None };
    choose::choose(&mut head, vocabulary);
    if head.measure.is_some() {
        choose::remarks_beside_groups(band, &mut head);
        choose::steps_before_years(table, below, &mut head, vocabulary);
    }
    if let Some(unit) = &context.unit {
        head.columns.iter_mut().for_each(|column| state_unit(column, unit));
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

/// Gives the head of a column of money the unit that the table's caption states.
fn state_unit(column: &mut Column, unit: &str) {
    if column.remark().is_some() {
        return;
    }
    let money = match &mut column.kind {
        ColumnKind::Field(name) if name.is_any(&[Label::Budget, Label::Funding]) => {
            let name = Rc::make_mut(name);
            name.remark.get_or_insert_with(|| unit.to_owned());
            true
        }
        ColumnKind::Time(_, Role::Budget) | ColumnKind::Figure(Role::Budget, _) => true,
        _ => false,
    };
    if money {
        column.heading = format!("{} ({unit})", column.heading);
    }
}

/// A head that the vocabulary does not know, between what names the rows and their years, heads figures: of the year in
/// its parentheses (出発点(R3)), or of nobody knows what, which keeps them from the years beside them.
fn unknown_figures(table: &Table, below: u32, columns: &mut [Column], context: &Context<'_>) {
    let vocabulary = context.vocabulary;
    let Some(first) = columns.iter().position(Column::is_value) else { return };
    let Some(unknown) = first.checked_sub(1).filter(|&at| matches!(columns[at].kind, ColumnKind::Other)) else {
        return;
    };
    let (ColumnKind::Time(year, _), Some(before)) = (&columns[first].kind, unknown.checked_sub(1)) else { return };
    let names = columns[before].name().is_some_and(|name| name.is_kpi() || name.is_any(&[Label::Values, Label::Unit]));
    let column = &columns[unknown];
    if column.heading.is_empty() || !names && !holds_figures(table, below, column, vocabulary) {
        return;
    }
    let inside = column.heading.strip_suffix(')').and_then(|heading| heading.rsplit_once('('));
    let dated = inside.and_then(|(_, inside)| periods::parse(inside, vocabulary));
    let role = match &dated {
        Some(when) if when.period.end < year.period.start => Role::Baseline,
        _ => Role::Unknown,
    };
    columns[unknown].kind = ColumnKind::Figure(role, dated);
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
    let labels: Vec<Rc<Name>> = cells.iter().map_while(|cell| labels::whole(&cell.text, vocabulary)).collect();
    let role = |name: &Name| name.is_any(&[Label::Baseline, Label::Target, Label::Actual]) && !name.is_kpi();
    cells.len() >= 2
        && labels.len() == cells.len()
        && labels.iter().all(|name| role(name) || name.is(Label::Schedule))
        && labels.iter().any(|name| role(name))
}

/// How far the head rows' cells go, blank ones included.
fn printed_width(band: &Band<'_>) -> u32 {
    band.iter().flat_map(|(cells, _)| cells.iter()).map(|cell| cell.end_column()).max().unwrap_or(0)
}

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
