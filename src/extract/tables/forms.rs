//! Form rows: labels with their values beside or below.

use super::super::categories;
use super::super::events::{Entry, Event, Piece};
use super::super::heads::Class;
use super::super::labels::{self, Name};
use super::super::numbering;
use super::super::prose;
use super::{LABEL, Owner, Owning, Walk, is_bare_number, piece, title};
use crate::document::{Cell, Line, Text};
use crate::vocabulary::{Label, Mark, Meaning, compact};
use std::borrow::Cow;
use std::rc::Rc;

impl<'a> Walk<'a, '_> {
    /// A row of labels and values, without column heads.
    pub(super) fn form_row(&mut self, row: u32, cells: &[&'a Cell], classes: &[Class]) {
        let printed: Vec<usize> = (0..cells.len()).filter(|&i| !matches!(classes[i], Class::Blank)).collect();
        for (position, &i) in printed.iter().enumerate() {
            let cell = cells[i];
            if let Class::Name(name) = &classes[i] {
                let next_name = printed[position + 1..].iter().find(|&&j| matches!(classes[j], Class::Name(_)));
                let end = next_name.map_or(self.table.columns, |&j| cells[j].column);
                self.label(cell, name.clone(), end, printed.get(position + 1).map(|&j| cells[j]));
                continue;
            }
            let before = position.checked_sub(1).map(|p| printed[p]);
            // 事業番号 | 1-1 | ○○の推進: a name without a label of its own
            if position == 2 && self.is_name_behind_number(row, &printed, cells, classes) {
                let name = Entry::new(labels::field(Label::Name), Some(piece(cell, row)), cell.place.clone());
                self.out.push(Event::Entry(name));
                continue;
            }
            // 事業1 | ○○の推進 | [新規]: what sorts the measure, behind its name
            if let Some(&first) = printed.first().filter(|_| position > 1)
                && matches!(&classes[first], Class::Name(name) if name.level().is_some() || name.is(Label::Name))
                && self.is_sort(cell)
            {
                let category = labels::field(Label::Category);
                self.out.push(Event::Entry(Entry::new(category, Some(piece(cell, row)), cell.place.clone())));
                continue;
            }
            if before.is_some_and(|p| matches!(classes[p], Class::Name(_)) || self.is_beside(cells[p], cell))
                && self.owners[cell.column as usize].is_some_and(|owner| owner.owning == Owning::Beside)
            {
                self.value(row, cell);
                continue;
            }
            self.stray(row, cell, cells, classes, &printed[position + 1..], printed.len());
        }
    }

    /// Whether the third text of a row names what the label and the number before it count: the form has no label for it.
    fn is_name_behind_number(&self, row: u32, printed: &[usize], cells: &[&'a Cell], classes: &[Class]) -> bool {
        const FORM: u32 = 6; // rows in which a form names its measure
        let vocabulary = self.context.vocabulary;
        let [label, number, name] = printed else { return false };
        let counts = matches!(&classes[*label], Class::Name(name) if name.is(Label::Number));
        let code = numbering::leading(cells[*number].text.raw().trim(), vocabulary);
        let numbered = code.is_some_and(|code| code.length == cells[*number].text.raw().trim().len());
        let named = |row: u32| {
            let mut labels = self.table.row(row).iter().filter_map(|cell| labels::whole(&cell.text, vocabulary));
            labels.any(|name| name.suffixed || name.is(Label::Name))
        };
        counts && numbered && matches!(classes[*name], Class::Text) && !(row..row + FORM).any(named)
    }

    /// Whether a cell holds one of the words that sort measures, in brackets or not.
    fn is_sort(&self, cell: &Cell) -> bool {
        let vocabulary = self.context.vocabulary;
        let text = compact(&cell.text.joined());
        vocabulary.is_mark(Mark::Sort, categories::unbracketed(&text, vocabulary))
    }

    /// A row whose labels and values a dump cut wrongly: in its whole line there are more labels than in its cells.
    pub(super) fn form_line(&mut self, cells: &[&'a Cell]) -> bool {
        const MOST: usize = 6;
        let vocabulary = self.context.vocabulary;
        let printed: Vec<&Cell> = cells.iter().copied().filter(|cell| !cell.text.is_blank()).collect();
        if !(2..=MOST).contains(&printed.len()) || printed.iter().any(|cell| cell.text.lines.len() > 1) {
            return false;
        }
        let labels = printed.iter().filter(|cell| labels::whole(&cell.text, vocabulary).is_some()).count();
        let raw: Vec<&str> = printed.iter().map(|cell| cell.text.lines[0].raw.trim()).collect();
        let first = &printed[0].text.lines[0];
        let line = Line { raw: raw.join(" ").into(), ..first.clone() };
        let Some(entries) = prose::form_line(&line, vocabulary).filter(|entries| entries.len() > labels) else {
            return false;
        };
        self.close_head();
        let place = printed.iter().map(|cell| cell.place.clone()).fold(first.place.clone(), |a, b| a.union(&b));
        for (name, value) in entries {
            let value =
                value.map(|line| Piece { text: Cow::Owned(Text::of(vec![line])), row: 0, place: place.clone() });
            self.out.push(Event::Entry(Entry::new(name, value, place.clone())));
        }
        true
    }

    /// Below the indicators of a form, a remark whose label stands in the form's own column is about the measure.
    pub(super) fn settle_remark(&self, cells: &[&'a Cell], classes: &mut [Class]) {
        let Some(active) = self.head.as_ref().filter(|active| active.head.measure.is_none()) else { return };
        let mut printed = (0..cells.len()).filter(|&i| !matches!(classes[i], Class::Blank));
        let Some(first) = printed.next().filter(|&i| cells[i].column == 0 && active.head.start == 0) else { return };
        let texts: Vec<usize> = printed.collect();
        let of_measure = |event: &Event<'_>| match event {
            Event::Entry(entry) => {
                entry.name.section().is_some() || entry.name.is_any(&[Label::OwnerLead, Label::Name])
            }
            _ => false,
        };
        let formed = || {
            let events = self.out.iter().rev().take_while(|event| !matches!(event, Event::TableStart));
            events.into_iter().any(of_measure)
        };
        if let Class::Name(name) = &mut classes[first]
            && name.is(Label::Note)
            && matches!(texts.as_slice(), [] | [_])
            && formed()
        {
            Rc::make_mut(name).meanings = vec![Meaning::Field(Label::Other)];
        }
    }

    /// A label: opens an entry, whose value stands beside or below.
    pub(super) fn label(&mut self, cell: &'a Cell, name: Rc<Name>, end: u32, next: Option<&'a Cell>) {
        let beside = next.filter(|next| next.column < end).filter(|next| {
            // text that an open column already owns, while the label has text of its own below
            let owned = self.owners[next.column as usize].is_some_and(|owner| owner.owning == Owning::Above);
            !(owned && self.has_text_below(cell) && !self.has_pair_below(cell, next))
        });
        let index = self.out.len();
        self.out.push(Event::Entry(Entry::new(name, None, cell.place.clone())));
        let from = cell.column as usize;
        let until = (end as usize).min(self.owners.len());
        match beside {
            Some(value) => {
                for owner in &mut self.owners[from..until] {
                    *owner = None;
                }
                for owner in &mut self.owners[value.column as usize..until] {
                    *owner = Some(Owner { entry: index, owning: Owning::Beside, label: cell.column });
                }
            }
            None => {
                // a label alone in its row heads all it stands over, but not what labels further right already head
                let crowded = next.is_some_and(|next| next.column < end);
                let span = if crowded { cell.end_column() as usize } else { until };
                let beyond = cell.end_column() as usize;
                for (column, owner) in self.owners.iter_mut().enumerate().take(span).skip(from) {
                    let headed = owner.is_some_and(|owner| owner.owning == Owning::Above && owner.label > cell.column);
                    if column < beyond || !headed {
                        *owner = Some(Owner { entry: index, owning: Owning::Above, label: cell.column });
                    }
                }
            }
        }
    }

    /// Whether an entry in hand has its label in one cell's column and its value in the other's.
    pub(super) fn is_beside(&self, label: &Cell, value: &Cell) -> bool {
        self.owners[value.column as usize].is_some_and(|owner| {
            owner.owning == Owning::Beside
                && owner.label == label.column
                && matches!(&self.out[owner.entry], Event::Entry(entry) if entry.place == label.place)
        })
    }

    pub(super) fn has_text_below(&self, cell: &Cell) -> bool {
        self.grid.at(cell.end_row(), cell.column).is_some_and(|below| {
            !below.text.is_blank() && labels::whole(&below.text, self.context.vocabulary).is_none()
        })
    }

    /// Whether the row below a label and its value holds another short text and a value of its own: a label that the
    /// vocabulary does not know.
    fn has_pair_below(&self, label: &Cell, value: &Cell) -> bool {
        let below = |cell: &Cell, column: u32| {
            self.grid.at(cell.end_row(), column).filter(|below| !below.text.is_blank() && below.column == column)
        };
        let (Some(first), Some(second)) = (below(label, label.column), below(label, value.column)) else {
            return false;
        };
        first.row == second.row && first.text.lines.len() == 1 && first.text.joined().chars().count() <= LABEL
    }

    /// A text that no label of its row claims; `behind` are the printed cells to its right, of `printed` in the row.
    pub(super) fn stray(
        &mut self,
        row: u32,
        cell: &'a Cell,
        cells: &[&'a Cell],
        classes: &[Class],
        behind: &[usize],
        printed: usize,
    ) {
        let vocabulary = self.context.vocabulary;
        if let Some(labelled) = prose::inner_entries(&cell.text, vocabulary) {
            for (name, text) in labelled {
                let place = text.place.clone().unwrap_or_else(|| cell.place.clone());
                let value = Piece { text: Cow::Owned(text), row, place };
                self.out.push(Event::Entry(Entry::new(name, Some(value), cell.place.clone())));
            }
            self.nested(cell);
            return;
        }
        let next = behind.first().map(|&j| &classes[j]);
        if is_bare_number(cell, vocabulary)
            && let Some(Class::Name(name)) = next
            && (name.level().is_some() || name.is(Label::Name))
        {
            let number = Name { meanings: vec![Meaning::Field(Label::Number)], ..Name::default() };
            self.out.push(Event::Entry(Entry::new(number, Some(piece(cell, row)), cell.place.clone())));
            return;
        }
        // a label that the vocabulary does not know, where the rows above have theirs: `取組の視点 | ☑ …`
        if let Some(&j) = behind.first()
            && matches!(classes[j], Class::Text)
            && self.owners[cells[j].column as usize]
                .is_some_and(|owner| owner.owning == Owning::Beside && owner.label == cell.column)
            && cell.text.joined().chars().count() <= LABEL
        {
            let ticks =
                cells[j].text.joined().chars().any(|c| matches!(c, '\u{2611}' | '\u{2610}' | '\u{25a0}' | '\u{25a1}'));
            let meaning = if ticks { Label::Category } else { Label::Other };
            let heading = cell.text.joined().replace('\n', "");
            let name = Name { meanings: vec![Meaning::Field(meaning)], heading, ..Name::default() };
            self.label(cell, name.into(), self.table.columns, Some(cells[j]));
            return;
        }
        if self.owners[cell.column as usize].is_some() {
            self.value(row, cell);
            return;
        }
        if printed == 1 {
            self.out.push(Event::heading(title(Cow::Borrowed(&cell.text), None, cell.place.clone(), vocabulary)));
        } else if !cell.text.is_blank() {
            self.out.push(Event::Text(Cow::Borrowed(&cell.text)));
        }
        self.nested(cell);
    }
}
