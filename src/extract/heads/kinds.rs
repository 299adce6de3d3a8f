//! What a column holds, from the heads above each other over it.

use super::super::labels::Name;
use super::{Class, ColumnKind};
use crate::normalise::periods::When;
use crate::vocabulary::Label;

/// Which figures a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Role {
    Plain,
    Baseline,
    Target,
    Actual,
    Budget,
    /// Under a head that the vocabulary does not know: nothing says whose they are.
    Unknown,
}

/// What the heads above each other over one column mean together.
pub(super) fn kind(path: &[&Class], part: Option<When>) -> ColumnKind {
    let mut role = Role::Plain;
    let mut time: Option<&When> = None;
    let mut field: Option<&Name> = None;
    let mut figure: Option<(&Name, Role)> = None;
    for class in path {
        match class {
            Class::Time(when) => time = Some(when),
            // what the heads above say of the figures goes before the word behind the year
            Class::Name(name) if name.dated => {
                time = name.when.as_ref();
                // an estimate of a year past is no target: the year tells
                let stated = figure_role(name).filter(|stated| *stated != Role::Target);
                role = if role == Role::Plain { stated.unwrap_or(role) } else { role };
            }
            Class::Name(name) => {
                if name.is(Label::Budget) {
                    // money only where a year stands below it
                    role = Role::Budget;
                }
                if let Some(found) = figure_role(name) {
                    figure = Some((name, found));
                    role = found;
                } else {
                    // 現状 over R6: the year's figure, where a text has no year
                    if role == Role::Plain && name.is(Label::CurrentState) {
                        role = Role::Baseline;
                    }
                    field = Some(name);
                }
            }
            Class::Blank | Class::Text | Class::Part(_) => {}
        }
    }
    // 基準値 over 年度 | 値: in which year each row's figure was taken
    if let (Some(_), Some(Class::Name(year))) = (figure, path.last())
        && year.is(Label::Year)
        && figure_role(year).is_none()
    {
        return ColumnKind::Field(year.clone());
    }
    match (part.as_ref().or(time), figure, field) {
        (Some(when), _, _) => ColumnKind::Time(when.clone(), role),
        // 目標 alone may be a section of a list: the whole head decides
        (None, Some((name, role)), _) => ColumnKind::Figure(role, name.when.clone()),
        (None, None, Some(name)) => ColumnKind::Field(name.clone().into()),
        (None, None, None) => ColumnKind::Other,
    }
}

fn figure_role(name: &Name) -> Option<Role> {
    if name.is(Label::Baseline) {
        Some(Role::Baseline)
    } else if name.is(Label::Target) {
        Some(Role::Target)
    } else if name.is(Label::Actual) {
        Some(Role::Actual)
    } else if name.is(Label::Budget) && name.when.is_some() {
        Some(Role::Budget)
    } else {
        None
    }
}
