//! What the columns of a head mean together: words of several meanings, and the column that names measures.

use super::super::cards;
use super::super::labels::{self, Name};
use super::band::Band;
use super::{Class, Column, ColumnKind, Head, Role};
use crate::document::{Cell, Table};
use crate::vocabulary::{Label, Level, Meaning, Vocabulary, compact};
use std::rc::Rc;

/// Settles words of several meanings by the whole head, and finds the column that names measures.
pub(super) fn choose(head: &mut Head, vocabulary: &Vocabulary) {
    // 現状 beside an indicator and its targets is a figure, unless 基準値 has a column or 課題 stands beside it
    let has_kpi = head.columns.iter().any(|column| column.name().is_some_and(Name::is_kpi));
    let has_values = head.columns.iter().any(Column::is_value);
    let is_text = head.columns.iter().any(|column| {
        let role = match column.kind {
            ColumnKind::Figure(role, _) | ColumnKind::Time(_, role) => Some(role),
            _ => None,
        };
        role == Some(Role::Baseline) || column.name().is_some_and(|name| name.is(Label::Issues))
    });
    let describes = |name: &Name| {
        name.section().is_some()
            || name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Number, Label::Period, Label::Category])
    };
    for column in &mut head.columns {
        if let ColumnKind::Field(name) = &column.kind
            && has_kpi
            && has_values
            && !is_text
            && name.is(Label::CurrentState)
        {
            column.kind = ColumnKind::Figure(Role::Baseline, name.when.clone());
        }
    }
    aims_left_of_indicators(head, vocabulary);
    // a word that may also title a text (取組, 実施項目) names measures only where other columns describe them
    let described = head
        .columns
        .iter()
        .filter(|column| column.name().is_some_and(|name| describes(name) && name.level().is_none()))
        .count()
        > 0;
    let ranks = head.columns.iter().filter(|column| column.name().is_some_and(|name| name.level().is_some())).count();
    for column in &mut head.columns {
        if let ColumnKind::Field(name) = &mut column.kind
            && !described
            && ranks < 2
            && !name.suffixed
            && name.meanings.iter().any(|m| matches!(m, Meaning::Field(_)))
            && name.level().is_some()
        {
            let name = Rc::make_mut(name);
            name.meanings.retain(|m| matches!(m, Meaning::Field(_)));
            if has_values {
                name.meanings = vec![Meaning::Field(Label::ScheduleItem)];
            }
        }
    }
    let lowest = head
        .columns
        .iter()
        .filter_map(|column| {
            let name = column.name()?;
            let level = name.level()?;
            Some((name.suffixed || name.is(Label::Name), level, column.start))
        })
        .max_by_key(|(suffixed, level, start)| (*suffixed, *level, *start));
    let named = head.columns.iter().find(|column| column.name().is_some_and(|name| name.is(Label::Name)));
    let measure = named.map(|column| column.start).or(lowest.map(|(_, _, start)| start));
    let measure_level = lowest.map(|(_, level, _)| level);
    for column in &mut head.columns {
        let start = column.start;
        let left = measure.is_some_and(|measure| start < measure);
        if left && matches!(column.kind, ColumnKind::Other) {
            // 環境目標, まちづくりの柱: a rank in words of the plan's own
            if let Some(level) = vocabulary.labels.level_ending(&compact(&column.heading)) {
                let meanings = vec![Meaning::Level(level)];
                column.kind = ColumnKind::Field(Rc::new(Name { meanings, ..Name::bare(&column.heading) }));
            }
            continue;
        }
        let ColumnKind::Field(name) = &mut column.kind else { continue };
        let name = Rc::make_mut(name);
        if left && name.level().is_some_and(is_policy_rank) && measure_level.is_none_or(|own| name.level() < Some(own))
        {
            name.meanings.retain(|m| matches!(m, Meaning::Level(_)));
            continue;
        }
        if Some(start) == measure {
            name.meanings.retain(|m| matches!(m, Meaning::Level(_)));
            if name.meanings.is_empty() {
                name.meanings.push(Meaning::Field(Label::Name));
            }
        } else if let Some(level) = name.level()
            && is_policy_rank(level)
            && measure_level.is_some_and(|lowest| level <= lowest)
            && measure.is_some_and(|measure| start < measure)
        {
            // left of the names: what they stand under
            name.meanings.retain(|m| matches!(m, Meaning::Level(_)));
        } else if let Some(level) = name.level()
            && (measure_level.is_some_and(|lowest| level >= lowest)
                || name.meanings.len() > 1 && !is_policy_rank(level))
        {
            // 取組 beside 事業名: a text, not a rank
            name.meanings.retain(|m| !matches!(m, Meaning::Level(_)));
            if name.meanings.is_empty() {
                name.meanings.push(Meaning::Field(Label::Content));
            }
        }
    }
    head.measure = head.columns.iter().position(|column| Some(column.start) == measure);
}

/// 目標 | 指標 | 目標値: left of the indicators stands what they are for, not their figures.
fn aims_left_of_indicators(head: &mut Head, vocabulary: &Vocabulary) {
    let indicator = head.columns.iter().position(|column| column.name().is_some_and(Name::is_kpi));
    let Some((aims, rest)) = indicator.map(|at| head.columns.split_at_mut(at)) else { return };
    if !rest.iter().any(Column::is_value) {
        return;
    }
    for column in aims.iter_mut().filter(|column| matches!(column.kind, ColumnKind::Figure(Role::Target, None))) {
        if let Some(name) = labels::parse(&column.heading, vocabulary).filter(|name| name.is(Label::Vision)) {
            let meanings = vec![Meaning::Field(Label::Vision)];
            column.kind = ColumnKind::Field(Rc::new(Name { meanings, ..Name::clone(&name) }));
        }
    }
}

fn is_policy_rank(level: Level) -> bool {
    level < Level::Initiative
}

/// A list's column of remarks beside a group of indicators' columns, not in it, is about the measure.
pub(super) fn remarks_beside_groups(band: &Band<'_>, head: &mut Head) {
    let Some((cells, classes)) = band.first() else { return };
    let group = |column: u32| {
        cells.iter().zip(classes).any(|(cell, class)| {
            matches!(class, Class::Name(name) if name.is_kpi())
                && cell.column_span > 1
                && (cell.column..cell.end_column()).contains(&column)
        })
    };
    if !head.columns.iter().any(|column| column.name().is_some_and(Name::is_kpi) && group(column.start)) {
        return;
    }
    for column in head.columns.iter_mut().filter(|column| !group(column.start)) {
        if let ColumnKind::Field(name) = &mut column.kind
            && name.is(Label::Note)
        {
            Rc::make_mut(name).meanings = vec![Meaning::Field(Label::Other)];
        }
    }
}

/// A list's column of texts before its years whose cells part the measures' rows: steps of their schedules, each
/// with its own row of years.
pub(super) fn steps_before_years(table: &Table, below: u32, head: &mut Head, vocabulary: &Vocabulary) {
    let Some(measure) = head.measure else { return };
    let Some(years) = head.columns.iter().position(|c| matches!(c.kind, ColumnKind::Time(_, Role::Plain))) else {
        return;
    };
    // who does it may stand between
    let owner = |c: &Column| c.name().is_some_and(|name| name.is_any(&[Label::OwnerLead, Label::OwnerRelated]));
    let steps = head.columns[..years].iter().rposition(|c| !owner(c));
    let Some(steps) = steps.filter(|&i| i > measure) else { return };
    let column = &head.columns[steps];
    if !column.name().is_some_and(|name| name.is(Label::Content)) {
        return;
    }
    let own = |cell: &Cell, column: &Column| (column.start..column.end).contains(&cell.column) && !cell.text.is_blank();
    let (mut parts, mut timed) = (0, 0);
    for row in below..table.rows {
        let cells = table.row(row);
        let Some(step) = cells.iter().find(|cell| own(cell, column)) else { continue };
        if cards::is_sentence(&step.text, vocabulary) {
            return;
        }
        // what describes the measure stands in its first row only
        let begins = head.columns.iter().enumerate().any(|(i, other)| {
            let describes = i < steps || other.name().is_some_and(|name| name.is(Label::OwnerLead));
            i != steps && describes && cells.iter().any(|cell| own(cell, other))
        });
        if !begins {
            let printed = |c: &Column| matches!(c.kind, ColumnKind::Time(..)) && cells.iter().any(|cell| own(cell, c));
            let drawn = table.overlays_over(row).next().is_some();
            parts += 1;
            timed += usize::from(drawn || head.columns.iter().any(printed));
        }
    }
    if timed * 2 > parts
        && let ColumnKind::Field(name) = &mut head.columns[steps].kind
    {
        Rc::make_mut(name).meanings = vec![Meaning::Field(Label::ScheduleItem)];
    }
}
