//! A document's own labels: short texts that the vocabulary does not know, and that stand again and again where the
//! forms of the document have their labels. What stands beside them tells what they mean.

use crate::document::{Block, Cell, Document, Table, Text};
use crate::extract::tables::is_bare_number;
use crate::extract::{labels, numbering};
use crate::normalise::characters::fold;
use crate::vocabulary::{Label, Mark, Vocabulary, compact};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of the longest label that is learned.
const LONGEST: usize = 16;

/// How many labels of a column make a table a form.
const FORM: usize = 2;

/// How often a text must stand in a label's place.
const OFTEN: usize = 3;

/// What stands beside a text that may be a label.
#[derive(Default)]
struct Beside {
    times: usize,
    organisations: usize,
    ticked: usize,
    values: BTreeSet<String>,
    /// A form that holds it has a label for those who lead, too.
    led: bool,
    /// A form that holds it has a label for the measure's name.
    named: bool,
}

/// The labels of the document's forms that the vocabulary lacks, with their meanings.
pub(super) fn learn(document: &Document, vocabulary: &Vocabulary) -> Vec<(String, Label)> {
    let mut found: BTreeMap<String, Beside> = BTreeMap::new();
    for block in document.blocks() {
        if let Block::Table(table) = block {
            of_table(table, vocabulary, &mut found);
            numbered(table, vocabulary, &mut found);
        }
    }
    let ends_as_name = |word: &str| vocabulary.marks(Mark::NameSuffix).iter().any(|end| word.ends_with(end.as_str()));
    let meaning = |word: &str, beside: &Beside| {
        if ends_as_name(word) && !beside.named && beside.values.len() == beside.times {
            Label::Name
        } else if beside.organisations * 3 >= beside.times * 2 {
            if beside.led { Label::OwnerRelated } else { Label::OwnerLead }
        } else if beside.ticked * 2 > beside.times {
            Label::Category
        } else {
            Label::Other
        }
    };
    let often = found.into_iter().filter(|(_, beside)| beside.times >= OFTEN);
    let learned = often.map(|(word, beside)| {
        let label = meaning(&word, &beside);
        (word, label)
    });
    learned.collect()
}

/// Texts in label places: first in a row or behind its number, their value beside them, in a column where known labels
/// stand.
fn of_table(table: &Table, vocabulary: &Vocabulary, found: &mut BTreeMap<String, Beside>) {
    let mut candidates: Vec<(&Cell, &Cell)> = Vec::new();
    let mut known: BTreeMap<u32, usize> = BTreeMap::new();
    let (mut led, mut named) = (false, false);
    for row in 0..table.rows {
        let printed: Vec<&Cell> = table.row(row).iter().filter(|cell| !cell.text.is_blank()).collect();
        let printed = match printed.as_slice() {
            [number, rest @ ..] if rest.len() == 2 && is_bare_number(number, vocabulary) => rest,
            all => all,
        };
        let Some(first) = printed.first() else { continue };
        let is_label = |cell: &Cell| labels::whole(&cell.text, vocabulary).is_some();
        let value = match printed {
            [_, value] => Some(*value),
            [_, value, label, ..] if is_label(label) => Some(*value),
            _ => None,
        };
        match labels::whole(&first.text, vocabulary) {
            // below the years of a grid stand its rows, not labels
            Some(name) if name.is_kpi() || name.is_figure() || name.is_any(&[Label::Schedule, Label::ScheduleItem]) => {
                break;
            }
            Some(name) => {
                led |= name.is(Label::OwnerLead);
                named |= name.is(Label::Name) || name.suffixed && name.level().is_some();
                if value.is_none_or(|value| !is_label(value)) {
                    *known.entry(first.column).or_default() += 1;
                }
            }
            None => {
                let value = value.filter(|value| value.column == first.end_column());
                candidates.extend(value.map(|value| (*first, value)));
            }
        }
    }
    for (cell, value) in candidates {
        let beside_known = known.get(&cell.column).is_some_and(|&labels| labels >= FORM);
        let word = compact(&cell.text.joined());
        if !beside_known || !may_be_label(&word, vocabulary) || labels::whole(&value.text, vocabulary).is_some() {
            continue;
        }
        let beside = found.entry(word).or_default();
        beside.times += 1;
        beside.organisations += usize::from(names_organisation(&value.text, vocabulary));
        beside.ticked += usize::from(is_ticked(&value.text, vocabulary));
        beside.values.insert(compact(&value.text.joined()));
        beside.led |= led;
        beside.named |= named;
    }
}

/// Titles with a number among others that are known: `1 めざす成果` beside `2 現状・課題`, `3 実施内容`.
fn numbered(table: &Table, vocabulary: &Vocabulary, found: &mut BTreeMap<String, Beside>) {
    let mut known = 0;
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    for cell in table.cells.iter().filter(|cell| cell.text.lines.len() == 1) {
        let raw = cell.text.lines[0].raw.trim();
        let Some(number) = numbering::leading(raw, vocabulary).filter(|number| number.level.is_none()) else {
            continue;
        };
        if labels::parse(raw, vocabulary).is_some() {
            known += 1;
        } else {
            let word = compact(&fold(&raw[number.length..]));
            let word = word.split('(').next().unwrap_or_default();
            unknown.extend(may_be_label(word, vocabulary).then(|| word.to_owned()));
        }
    }
    if known >= FORM {
        for word in unknown {
            found.entry(word).or_default().times += 1;
        }
    }
}

/// Short, and neither a sentence, an item nor a number.
pub(super) fn may_be_label(joined: &str, vocabulary: &Vocabulary) -> bool {
    let length = joined.chars().count();
    let Some(first) = joined.chars().next() else { return false };
    (2..=LONGEST).contains(&length)
        && joined.chars().all(|c| c.is_alphabetic() || matches!(c, '\u{30fb}' | '/' | '(' | ')'))
        && !vocabulary.is_mark_char(Mark::Bullet, first)
        && !vocabulary.marks(Mark::SentenceEnd).iter().any(|end| joined.contains(end.as_str()))
        && numbering::leading(joined, vocabulary).is_none()
}

fn names_organisation(text: &Text, vocabulary: &Vocabulary) -> bool {
    const LONGEST: usize = 60; // characters of several names
    let joined = text.joined();
    if joined.chars().count() > LONGEST {
        return false;
    }
    let first = vocabulary.marks(Mark::Separator).iter().filter_map(|mark| joined.find(mark.as_str())).min();
    let name = compact(&joined[..first.unwrap_or(joined.len())]);
    let stem = vocabulary.marks(Mark::Others).iter().find_map(|others| name.strip_suffix(others.as_str()));
    let name = stem.unwrap_or(&name);
    vocabulary.marks(Mark::Organisation).iter().any(|end| name.ends_with(end.as_str()) && name.len() > end.len())
}

fn is_ticked(text: &Text, vocabulary: &Vocabulary) -> bool {
    let marks = [Mark::Ticked, Mark::Unticked];
    text.joined().chars().any(|c| marks.iter().any(|mark| vocabulary.is_mark_char(*mark, c)))
}
