//! Where a head begins in a table, what the rows below tell of its columns, and where it is printed again.

use super::super::cards;
use super::super::heads::{self, Class, Column, ColumnKind, Head};
use super::super::labels::{self, Name};
use super::belongs::{is_grid_label, is_value_head};
use super::{Context, Walk, money_titled};
use crate::document::Cell;
use crate::normalise::values;
use crate::vocabulary::{Label, Level, Mark, Meaning, compact};
use std::rc::Rc;

/// How many cells of a column tell what it holds.
const SAMPLE: usize = 50;

impl<'a> Walk<'a, '_> {
    /// The heads that begin in a row, and how many rows they take. `classes` is what its cells are in this table, `seen`
    /// what they are by themselves.
    pub(super) fn new_head(
        &self,
        row: u32,
        cells: &[&'a Cell],
        classes: &[Class],
        seen: &[Class],
    ) -> Option<(Head, u32)> {
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
        let titled = self.money_above(row).map(|money| Context { money: Some(money), ..self.context.clone() });
        let context = titled.as_ref().unwrap_or(self.context);
        let head = |left| {
            let (head, rows) = heads::head(self.table, &self.grid, (row, seen), left, context)?;
            let told = self.with_sorts_told(head, row + rows);
            let told = self.with_names_told(told, row + rows);
            Some((self.with_rows_told(told, row + rows), rows))
        };
        let found = head(left)?;
        if found.0.measure.is_some() && self.heads_form(&found.0, row + found.1) {
            return None;
        }
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

    /// The money that a title alone in the row above says the years below it are of.
    fn money_above(&self, row: u32) -> Option<String> {
        let mut above = self.table.row(row.checked_sub(1)?).iter().filter(|cell| !cell.text.is_blank());
        match (above.next(), above.next()) {
            (Some(title), None) => money_titled(title.text.raw().trim(), self.context.vocabulary),
            _ => None,
        }
    }

    /// Whether the heads of a list stand over one row only, and below it a form goes on with labels of its own:
    /// `番号 | 取組名 | 担当課`, the values, then `現状 | … | 課題 | …`.
    fn heads_form(&self, head: &Head, body: u32) -> bool {
        let vocabulary = self.context.vocabulary;
        let printed = |row: u32| self.table.row(row).iter().filter(|cell| !cell.text.is_blank());
        let labelled = |row: u32| {
            let mut cells = printed(row);
            let (first, second) = (cells.next(), cells.next());
            let name = first.filter(|cell| cell.column == head.start);
            let name = name.and_then(|cell| labels::whole(&cell.text, vocabulary));
            let opens = |name: &Name| {
                name.level().is_some()
                    || name.section().is_some()
                    || name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Schedule, Label::Category])
            };
            let own = |name: &Name| {
                let over = head.field_at(head.start).and_then(|(_, own)| own);
                over.is_some_and(|own| own.meanings.iter().any(|meaning| name.meanings.contains(meaning)))
            };
            name.is_some_and(|name| opens(&name) && !own(&name))
                && second.is_some_and(|cell| labels::whole(&cell.text, vocabulary).is_none())
        };
        body + 1 < self.table.rows
            && !labelled(body)
            && (body + 1..self.table.rows)
                .all(|row| labelled(row) || printed(row).next().is_none_or(|first| first.column > head.start))
            && labelled(body + 1)
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
            let sentence = cards::is_sentence(&cell.text, self.context.vocabulary);
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

    pub(super) fn repeats_head(&self, cells: &[&'a Cell]) -> bool {
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
        let vocabulary = self.context.vocabulary;
        if cells.iter().any(|cell| heads::is_surely_text(cell, vocabulary)) {
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
}

/// A schedule's title that stands as the head of the label column: 取組の工程.
pub(super) fn schedule_title(head: &Head) -> Option<Name> {
    let title = head.columns.iter().find_map(|column| column.name().filter(|name| name.is(Label::Schedule)))?;
    (head.measure.is_none() && head.times().count() > 0).then(|| title.clone())
}
