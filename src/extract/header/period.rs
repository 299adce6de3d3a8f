//! The plan's own period, where its body states it.

use super::title;
use crate::diagnostic::Code;
use crate::document::{Block, Document, Line, Place, Table, Text};
use crate::normalise::periods::{self, Bound, Mention, Precision};
use crate::record::{Month, Period};
use crate::vocabulary::{Label, Meaning, PlanWord, Vocabulary, compact};

/// So much of a document is looked through.
const SAMPLE: usize = 600_000;
/// A section on the period states it in so many lines.
const SECTION: usize = 12;
/// A heading is no longer, in characters.
const HEADING: usize = 30;
/// So much of a line is looked at, and of what stands before a word in it, in bytes.
const LINE: usize = 10_000;
const NAME: usize = 150;
/// A plan lasts no longer, in months.
const LONGEST: i32 = 12 * 40;
/// So many tables must agree before their years are taken for the plan's.
const TABLES: usize = 3;
/// No row of heads has more cells.
const HEADS: usize = 60;
/// A table's years stand in one of so many first rows, of so many first tables.
const HEAD_ROWS: u32 = 4;
const HEADED_TABLES: usize = 300;

/// A stated period, what is odd about it, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stated {
    pub period: Period,
    pub codes: Vec<Code>,
    pub place: Option<Place>,
}

/// The period that the body states: in a section on it, else in a sentence that names it.
pub(super) fn stated(document: &Document, title: &str, vocabulary: &Vocabulary) -> Option<Stated> {
    let mut search = Search { title, vocabulary, section: 0, sentence: None };
    let mut left = SAMPLE;
    for block in document.blocks() {
        let found = match block {
            Block::Heading(heading) => search.text(&heading.text, true),
            Block::Paragraph(paragraph) => search.text(&paragraph.text, false),
            Block::Table(table) if search.section > 0 => search.table(table),
            Block::Table(table) => {
                search.sentence = search.sentence.take().or_else(|| search.numbered_row(table));
                None
            }
            Block::Contents(_) => None,
        };
        if found.is_some() {
            return found;
        }
        let size = match block {
            Block::Heading(heading) => size(&heading.text),
            Block::Paragraph(paragraph) | Block::Contents(paragraph) => size(&paragraph.text),
            Block::Table(table) => table.cells.len() * 8,
        };
        left = left.saturating_sub(size);
        if left == 0 {
            break;
        }
    }
    search.sentence
}

fn size(text: &Text) -> usize {
    text.lines.iter().map(|line| line.text.len()).sum()
}

struct Search<'s> {
    title: &'s str,
    vocabulary: &'s Vocabulary,
    /// How many lines of a section on the period are still to come.
    section: usize,
    /// The first sentence that states the period outside such a section.
    sentence: Option<Stated>,
}

impl Search<'_> {
    fn text(&mut self, text: &Text, heading: bool) -> Option<Stated> {
        let in_section = self.section > 0;
        if heading {
            self.section = 0;
        }
        for line in &text.lines {
            // the period alone below the section's title looks like a title itself
            if heading && in_section && self.begins_with_span(&line.text) {
                return best(&line.text, self.vocabulary).map(|found| at(found, line));
            }
            if self.is_label(&line.text) || heading && self.is_numbered_label(&line.text) {
                self.section = SECTION;
                continue;
            }
            if line.text.is_empty() {
                continue;
            }
            let in_section = self.section > 0 && !heading;
            self.section -= usize::from(in_section);
            let found = self.line(&line.text, in_section).map(|found| at(found, line));
            match found {
                Some(found) if in_section => return Some(found),
                found => self.sentence = self.sentence.take().or(found),
            }
        }
        None
    }

    /// Whether a line begins with a span of years, and says little more.
    fn begins_with_span(&self, text: &str) -> bool {
        let mentions = periods::find(text, self.vocabulary);
        let Some(first) = mentions.first() else { return false };
        let end = mentions.iter().map(|mention| mention.range.end).max().unwrap_or(0);
        text[..first.range.start].trim().is_empty() && text[end..].chars().count() <= HEADING / 2
    }

    /// A row of a table in a section on the period that is labelled with it or with the plan.
    fn table(&mut self, table: &Table) -> Option<Stated> {
        (0..table.rows.min(SECTION as u32)).find_map(|row| {
            let cells = table.row(row);
            let (label, value) = (cells.first()?, cells.get(1)?);
            let label = compact(&label.text.joined());
            let own = self.is_label(&label) || self.owner(&label) == Owner::Own;
            let mut lines = value.text.lines.iter().filter(|_| own);
            lines.find_map(|line| best(&line.text, self.vocabulary).map(|mention| at(mention, line)))
        })
    }

    /// A row of a numbered list in a table: `2 | 期間 | 令和8年度から令和12年度まで`.
    fn numbered_row(&self, table: &Table) -> Option<Stated> {
        (0..table.rows.min(SECTION as u32)).find_map(|row| {
            let cells = table.row(row);
            let [number, label, value] = [cells.first()?, cells.get(1)?, cells.get(2)?];
            let label = format!("{} {}", number.text.joined(), label.text.joined());
            let counts = number.text.joined().chars().all(|c| !c.is_alphabetic()) && self.is_numbered_label(&label);
            let mut lines = value.text.lines.iter().filter(|_| counts);
            lines.find_map(|line| best(&line.text, self.vocabulary).map(|mention| at(mention, line)))
        })
    }

    /// Whether a text is a heading or label of the plan's own period.
    fn is_label(&self, text: &str) -> bool {
        let words = |key: PlanWord| self.vocabulary.plan.words(key);
        if text.len() > 4 * HEADING || !words(PlanWord::Period).iter().any(|word| text.contains(word)) {
            return false;
        }
        let bare = compact(text);
        let bare = &bare[super::cover::chapter(&bare, self.vocabulary).unwrap_or(0)..];
        let bare = bare.trim_matches(|c: char| !c.is_alphabetic() || c.is_numeric());
        let before =
            |key: PlanWord| words(key).at_end_of(bare).map(|word| self.owner(&bare[..bare.len() - word.len()]));
        words(PlanWord::PeriodLabel).contains(bare)
            || before(PlanWord::PeriodLabel) == Some(Owner::Own)
            || before(PlanWord::Period) == Some(Owner::Own)
    }

    /// Whether a heading is a number and the bare word for a period: a section of the plan, where measures' labels have
    /// no number.
    fn is_numbered_label(&self, text: &str) -> bool {
        let bare = compact(text);
        let word = bare.trim_start_matches(|c: char| !c.is_alphabetic() || c.is_numeric());
        word.len() < bare.len() && self.vocabulary.plan.words(PlanWord::Period).contains(word)
    }

    /// Whose period it is, by what stands before the words for it.
    fn owner(&self, before: &str) -> Owner {
        let words = |key: PlanWord| self.vocabulary.plan.words(key);
        let bare = before.trim_matches(|c: char| !c.is_alphanumeric());
        let of = words(PlanWord::Of).at_end_of(bare).unwrap_or_default();
        let name = bare[..bare.len() - of.len()].trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_own = || words(PlanWord::Own).at_end_of(name).is_some() || self.title.ends_with(name);
        match () {
            () if bare.is_empty() => Owner::Nobody,
            () if words(PlanWord::OwnPrefix).contains(bare) || is_own() => Owner::Own,
            () if !of.is_empty() || title::ends_with_kind(before, self.vocabulary) => Owner::Other,
            // `…の5年間を計画期間とする`
            () => Owner::Nobody,
        }
    }

    /// The period that a line states: in a sentence that names it as this plan's, and within a section on it also in
    /// one that names nobody's.
    fn line(&self, text: &str, in_section: bool) -> Option<(Period, Vec<Code>)> {
        let names_period = self.vocabulary.plan.words(PlanWord::Period).iter().any(|word| text.contains(word));
        if !names_period && !in_section {
            return None;
        }
        first(text, LINE).split_inclusive('。').find_map(|sentence| match self.named(sentence) {
            Named::Own(end) => best(&sentence[end..], self.vocabulary)
                .or_else(|| best(sentence, self.vocabulary).filter(|_| in_section)),
            Named::Nobody if in_section => best(sentence, self.vocabulary),
            Named::Nobody | Named::Other => None,
        })
    }

    /// Whose period a sentence names, and where the first naming of the plan's own ends.
    fn named(&self, sentence: &str) -> Named {
        let words = |key: PlanWord| self.vocabulary.plan.words(key);
        let mut named = Named::Nobody;
        for word in words(PlanWord::Period).iter() {
            for (start, _) in sentence.match_indices(word) {
                let end = start + word.len();
                // Only words that hold a kind of plan: a measure has a 対象期間 too.
                let names_kind = |label: &&str| words(PlanWord::Kind).iter().any(|kind| label.contains(kind));
                let label = words(PlanWord::PeriodLabel).at_end_of(&sentence[..end]).filter(names_kind);
                let Some(label) = label else { continue };
                let before = |end: usize| {
                    // The words before, back to the last that parts them.
                    let name = last(&sentence[..end], NAME).rsplit(['、', ' ', ',']).next().unwrap_or_default();
                    let topic =
                        words(PlanWord::Topic).iter().filter_map(|word| name.rfind(word).map(|at| at + word.len()));
                    self.owner(&name[topic.max().unwrap_or(0)..])
                };
                if before(end - label.len()) != Owner::Other || before(start) == Owner::Own {
                    return Named::Own(end);
                }
                named = Named::Other;
            }
        }
        named
    }
}

/// Whom a text gives a period to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Nobody,
    Own,
    Other,
}

/// Whose period a sentence names.
enum Named {
    Nobody,
    Other,
    /// The plan's own; where the words for it end.
    Own(usize),
}

fn at((period, codes): (Period, Vec<Code>), line: &Line) -> Stated {
    Stated { period, codes, place: Some(line.place.clone()) }
}

/// So many first bytes of a text, or fewer.
fn first(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// So many last bytes of a text, or fewer.
fn last(text: &str, bytes: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(bytes))..]
}

/// The span that a sentence states of the plan: the one whose length it counts, else the first that is not another
/// plan's in brackets.
fn best(sentence: &str, vocabulary: &Vocabulary) -> Option<(Period, Vec<Code>)> {
    let mentions = periods::find(sentence, vocabulary);
    let mut best: Option<(i32, Period, Vec<Code>)> = None;
    for (i, mention) in mentions.iter().enumerate() {
        let Some((period, end)) = span(sentence, mention, mentions.get(i + 1), vocabulary) else { continue };
        let months = (period.end.year - period.start.year) * 12 + i32::from(period.end.month)
            - i32::from(period.start.month)
            + 1;
        if !(2..=LONGEST).contains(&months) {
            continue;
        }
        let mut score = 0;
        if let Some(years) = duration(&sentence[end..], vocabulary) {
            score += if years * 12 == months { 2 } else { -1 };
        }
        if belongs_to_other(&sentence[..mention.range.start], vocabulary) {
            score -= 3;
        }
        if score > -2 && best.as_ref().is_none_or(|(high, ..)| score > *high) {
            best = Some((score, period, mention.when.codes.clone()));
        }
    }
    best.map(|(_, period, codes)| (period, codes))
}

/// The span that begins with a mention, and where its text ends: a range, a first and a last year, or a first year and
/// a number of years.
fn span(sentence: &str, mention: &Mention, next: Option<&Mention>, vocabulary: &Vocabulary) -> Option<(Period, usize)> {
    let words = |key: PlanWord| vocabulary.plan.words(key);
    let when = &mention.when;
    let behind = |mention: &Mention| &sentence[mention.range.end..];
    if when.precision == Precision::Range {
        return Some((when.period, mention.range.end));
    }
    let ends =
        |last: &&Mention| last.when.bound == Bound::By || words(PlanWord::LastYear).at_start_of(behind(last)).is_some();
    if words(PlanWord::FirstYear).at_start_of(behind(mention)).is_some()
        && let Some(last) = next.filter(ends)
    {
        return Some((Period { start: when.period.start, end: last.when.period.end }, last.range.end));
    }
    if when.bound == Bound::From
        && next.is_none_or(|next| next.range.start > mention.range.end + 24)
        && let Some(years) = duration(behind(mention), vocabulary)
    {
        let end = when.period.start.plus(12 * years - 1);
        return Some((Period { start: when.period.start, end }, mention.range.end));
    }
    None
}

/// The number of years that a text counts within its first words: `までの5年間`.
fn duration(text: &str, vocabulary: &Vocabulary) -> Option<i32> {
    const WITHIN: usize = 30;
    let start = text.char_indices().find(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).filter(|at| *at <= WITHIN)?;
    let digits = text[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - start);
    let years: i32 = text[start..start + digits].parse().ok()?;
    vocabulary.plan.words(PlanWord::Duration).at_start_of(&text[start + digits..])?;
    (1..=40).contains(&years).then_some(years)
}

/// Whether what stands before a span gives it to another plan: `総合計画(`, `「…戦略」(`.
fn belongs_to_other(before: &str, vocabulary: &Vocabulary) -> bool {
    let Some((name, _)) = before.rsplit_once('(').filter(|(_, inner)| !inner.contains(')')) else { return false };
    let words = |key: PlanWord| vocabulary.plan.words(key);
    (name.ends_with(['」', '』']) || title::ends_with_kind(name, vocabulary))
        && words(PlanWord::Own).at_end_of(name).is_none()
}

/// The years over which the document's tables stretch, where they all agree and none mixes years gone by in.
pub(super) fn of_columns(document: &Document, vocabulary: &Vocabulary) -> Option<Period> {
    let tables = document.blocks().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let mut found: Option<(Period, usize)> = None;
    for table in tables.take(HEADED_TABLES) {
        let Some(period) = (0..HEAD_ROWS.min(table.rows)).find_map(|row| years(table, row, vocabulary)) else {
            continue;
        };
        match &mut found {
            Some((same, count)) if *same == period => *count += 1,
            Some(_) => return None,
            None => found = Some((period, 1)),
        }
    }
    found.filter(|(_, count)| *count >= TABLES).map(|(period, _)| period)
}

/// The unbroken fiscal years (at least three) that a row of heads names.
fn years(table: &Table, row: u32, vocabulary: &Vocabulary) -> Option<Period> {
    const SHORT: usize = 60;
    let cells = table.row(row);
    if cells.len() > HEADS {
        return None;
    }
    let dated = |cell: &crate::document::Cell| {
        size(&cell.text) <= SHORT && cell.text.lines.iter().any(|line| line.text.contains(|c: char| c.is_ascii_digit()))
    };
    if cells.iter().filter(|cell| dated(cell)).count() < 3 {
        return None;
    }
    let texts: Vec<String> = cells
        .iter()
        .map(|cell| if size(&cell.text) <= SHORT { cell.text.joined().into_owned() } else { String::new() })
        .collect();
    let past = |text: &String| {
        let meanings = vocabulary.labels.meanings(&compact(text));
        meanings.iter().any(|meaning| matches!(meaning, Meaning::Field(Label::Actual)))
    };
    if texts.iter().any(past) {
        return None;
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let heads = periods::heads(&texts, vocabulary);
    let years: Vec<i32> = heads
        .iter()
        .flatten()
        .filter(|when| when.precision == Precision::FiscalYear)
        .map(|when| when.fiscal_year())
        .collect();
    let unbroken = years.windows(2).all(|pair| pair[1] == pair[0] + 1);
    (years.len() >= 3 && unbroken)
        .then(|| Period { start: Month::fiscal_start(years[0]), end: Month::fiscal_end(years[years.len() - 1]) })
}
