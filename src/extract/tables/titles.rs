//! Tables of one row that title the form behind them: `基本目標1 | 安全なまち`, `柱1 育てる | ☑重点`.

use super::super::categories;
use super::super::events::{Entry, Event};
use super::super::labels;
use super::super::numbering;
use super::{LABEL, piece, title};
use crate::document::{Block, Cell, Table, Text};
use crate::normalise::characters;
use crate::vocabulary::{Label, Level, Vocabulary};
use std::borrow::Cow;

/// The level of such a title: its number tells how deep it lies.
const LOWEST: u8 = 6;

/// The events of a table that titles what the form behind it is about; none of another table.
pub(in crate::extract) fn events<'a>(
    table: &'a Table,
    behind: &[Block],
    vocabulary: &Vocabulary,
) -> Option<Vec<Event<'a>>> {
    const CELLS: usize = 3;
    let printed: Vec<&'a Cell> = table.cells.iter().filter(|cell| !cell.text.is_blank()).collect();
    if table.rows != 1 || !(1..=CELLS).contains(&printed.len()) {
        return None;
    }
    let (rank, heading, rest) = match printed.as_slice() {
        [label, text] if labels::whole(&text.text, vocabulary).is_none() && labelled(label, vocabulary).is_some() => {
            (labelled(label, vocabulary)?, joined(&[label, text]), [].as_slice())
        }
        [first, rest @ ..] => (numbered(first, vocabulary)?, joined(&[first]), rest),
        [] => return None,
    };
    let choices = rest.iter().all(|cell| categories::are_choices(&cell.text, vocabulary));
    if !choices || !stands_over_form(rank, behind, vocabulary) {
        return None;
    }
    let place = heading.place.clone().unwrap_or_default();
    let heading = Event::heading(title(Cow::Owned(heading), Some(LOWEST), place, vocabulary));
    let ticked = rest
        .iter()
        .map(|cell| Event::Entry(Entry::new(labels::field(Label::Category), Some(piece(cell, 0)), cell.place.clone())));
    Some(std::iter::once(heading).chain(ticked).collect())
}

/// The rank that a cell's label and number name: 基本目標1.
fn labelled(cell: &Cell, vocabulary: &Vocabulary) -> Option<Level> {
    let name = labels::whole(&cell.text, vocabulary)?;
    name.level().filter(|level| *level < Level::Initiative && name.ordinal.is_some() && !name.suffixed)
}

/// The rank of a cell that holds a policy's rank, number and name: 柱1 育てる.
fn numbered(cell: &Cell, vocabulary: &Vocabulary) -> Option<Level> {
    let raw = cell.text.raw();
    let number = numbering::leading(raw.trim(), vocabulary)?;
    let named = number.length < raw.trim().len() && raw.chars().count() <= 3 * LABEL;
    number.level.map(|(level, _)| level).filter(|level| named && *level < Level::Initiative)
}

/// Whether the next table begins with what the form of a measure begins with.
fn stands_over_form(rank: Level, behind: &[Block], vocabulary: &Vocabulary) -> bool {
    let next = behind.iter().take_while(|block| !matches!(block, Block::Heading(_))).find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    next.is_some_and(|next| {
        let mut names = next.row(0).iter().filter_map(|cell| labels::whole(&cell.text, vocabulary));
        next.rows >= 2
            && names.any(|name| {
                name.is_any(&[Label::Number, Label::Name])
                    || name.ordinal.is_none() && name.level().is_some_and(|own| own > rank)
            })
    })
}

fn joined(cells: &[&Cell]) -> Text {
    let lines: Vec<&str> = cells.iter().flat_map(|cell| &cell.text.lines).map(|line| line.raw.trim()).collect();
    let place = cells.iter().map(|cell| cell.place.clone()).reduce(|a, b| a.union(&b)).unwrap_or_default();
    let mut joined = Text::line(lines.join("\u{3000}"), place);
    joined.lines[0].text = characters::fold(&joined.lines[0].raw).into();
    joined
}
