//! Which rows go on with the grid above them, and which labels head rows of a grid.

use super::super::heads::Class;
use super::super::labels::Name;
use super::super::{numbering, prose};
use super::Walk;
use crate::document::Cell;
use crate::vocabulary::{Label, Vocabulary};

impl<'a> Walk<'a, '_> {
    /// Whether a row goes on with the grid: it does not begin with a label of another kind.
    pub(super) fn belongs_to_grid(&self, cells: &[&'a Cell], classes: &[Class]) -> bool {
        let Some(active) = &self.head else { return false };
        let Some(first) = classes.iter().position(|class| !matches!(class, Class::Blank)) else { return true };
        let Class::Name(name) = &classes[first] else {
            // `1 | 事業名 | …`: a number before a label begins a form
            let next = classes[first + 1..].iter().find(|class| !matches!(class, Class::Blank));
            if self.holds_labels(cells, classes) {
                return false;
            }
            let number = is_bare_number(cells[first], self.context.vocabulary);
            return !(number && matches!(next, Some(Class::Name(name)) if !is_grid_label(name)));
        };
        let texts = classes.iter().filter(|class| matches!(class, Class::Text)).count();
        // 年度 | 令和6年度 | 令和7年度 over a form's own labels: a text for each year
        let years = active.head.columns.first().filter(|column| column.name().is_some_and(|name| name.is(Label::Year)));
        if years.is_some_and(|years| years.start == cells[first].column) {
            let dated = |cell: &&Cell| active.head.times().any(|(i, _)| active.head.columns[i].start == cell.column);
            let printed = cells[first + 1..].iter().filter(|cell| !cell.text.is_blank());
            let figures = name.is_kpi() || name.is_any(&[Label::Budget, Label::Funding]);
            return figures || printed.clone().count() >= 2 && printed.clone().all(dated);
        }
        if is_grid_label(name) && !self.holds_labels(cells, classes) {
            return true;
        }
        // under a column of such labels (取組内容 | 令和5年度 …) the same word names a row
        let field = active.head.field_at(cells[first].column).and_then(|(_, name)| name);
        let same = field.is_some_and(|head| head.meanings.iter().any(|meaning| name.meanings.contains(meaning)));
        // of the source text: the normalised heading has lost the space behind the number
        let numbered = numbering::leading(&cells[first].text.raw(), self.context.vocabulary).is_some();
        let spare = name.ordinal.is_some() && !numbered && name.section().is_some() && active.head.times().count() > 0;
        // アウトプット | 利用者数 | 14人 under 分類 | 指標 | 基準値: what kind of indicator the row is of
        let begins =
            name.level().is_some() || name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Name, Label::Number]);
        let sorts = field.is_some_and(|name| !name.is_kpi()) && !begins;
        let indicator = active.head.columns.iter().find(|column| column.name().is_some_and(Name::is_kpi));
        let named = indicator.is_some_and(|column| {
            cells.iter().zip(classes).any(|(cell, class)| cell.column == column.start && matches!(class, Class::Text))
        });
        if sorts && named {
            return true;
        }
        (same || spare && texts > 0) && !name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Name])
    }

    /// Whether a cell of a row is a part of a form that brings its own numbered label.
    fn holds_labels(&self, cells: &[&'a Cell], classes: &[Class]) -> bool {
        cells.iter().zip(classes).any(|(cell, class)| {
            let first = cell.text.lines.first().and_then(|line| line.raw.trim_start().chars().next());
            let numbered = first.is_some_and(|c| c.is_ascii_digit() || numbering::circled(c).is_some());
            matches!(class, Class::Text)
                && numbered
                && prose::inner_entries(&cell.text, self.context.vocabulary).is_some()
        })
    }
}

/// Labels that head a row of a grid.
pub(super) fn is_row_label(name: &Name) -> bool {
    is_grid_label(name)
        || name.ordinal.is_some() && name.section().is_some()
        || name.is_any(&[Label::Content, Label::Year])
}

pub(super) fn is_grid_label(name: &Name) -> bool {
    name.is_kpi()
        || name.is_figure()
        || name.is_any(&[
            Label::Unit,
            Label::ScheduleItem,
            Label::Budget,
            Label::Funding,
            Label::FundingGroup,
            Label::Note,
        ])
        || name.is(Label::Activities)
}

/// Fields of a list row that belong to its figures or schedule, not to its measure.
pub(super) fn is_row_field(name: &Name) -> bool {
    name.is_kpi()
        || name.is_any(&[
            Label::Unit,
            Label::Note,
            Label::ScheduleItem,
            Label::Direction,
            Label::Year,
            Label::Values,
            Label::Schedule,
        ])
}

pub(super) fn is_value_head(class: &Class) -> bool {
    matches!(class, Class::Time(_)) || matches!(class, Class::Name(name) if name.is_figure())
}

/// How many of a row's first printed cells are labels, where all that follow are texts.
pub(super) fn names_only(printed: &[usize], classes: &[Class]) -> Option<usize> {
    let names = printed.iter().take_while(|&&i| matches!(classes[i], Class::Name(_))).count();
    let texts = printed[names..].iter().all(|&i| matches!(classes[i], Class::Text | Class::Time(_) | Class::Name(_)));
    (names > 0 && texts).then_some(names)
}

/// A cell that holds a number and nothing else: 3, 01, ①, (2).
pub(in super::super) fn is_bare_number(cell: &Cell, vocabulary: &Vocabulary) -> bool {
    let [line] = cell.text.lines.as_slice() else { return false };
    let raw = line.raw.trim();
    if raw.is_empty() || raw.len() > 16 {
        return false;
    }
    numbering::leading(raw, vocabulary).is_some_and(|numbered| numbered.length == raw.len())
}
