//! The lines of a cover: what is printed before the contents or the first chapter.

use crate::document::{Block, Line, Page, Place, Table, Text};
use crate::normalise::{characters::narrow, numbers};
use crate::vocabulary::{Meaning, PlanWord, Vocabulary, compact};

/// A cover has no more blocks, lines and rows of a table.
const BLOCKS: usize = 40;
const LINES: usize = 60;
const ROWS: u32 = 15;
/// A row with so many cells heads a table: the title rows are over.
const HEAD_CELLS: usize = 4;
/// A line of so many bytes is running text.
const LONG: usize = 300;
/// After so many lines of running text the body has begun.
const PROSE: usize = 3;

/// A line of a cover.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CoverLine {
    /// The label whose value the line is (`策定日`), without white space.
    pub label: Option<String>,
    /// Whether the reader took it for a heading.
    pub heading: bool,
    /// Lines of one block have one number.
    pub block: usize,
    pub raw: String,
    pub place: Place,
}

/// The lines of a page up to the contents, the first chapter or a table's head.
pub(super) fn lines(page: &Page, vocabulary: &Vocabulary) -> Vec<CoverLine> {
    let mut cover = Cover { lines: Vec::new(), prose: 0, heading: false, block: 0, vocabulary };
    for (number, block) in page.blocks.iter().take(BLOCKS).enumerate() {
        cover.block = number;
        cover.heading = matches!(block, Block::Heading(_));
        let goes_on = match block {
            Block::Heading(heading) => cover.text(&heading.text),
            Block::Paragraph(paragraph) => cover.text(&paragraph.text),
            Block::Table(table) => cover.table(table),
            Block::Contents(_) => false,
        };
        if !goes_on || cover.lines.len() >= LINES {
            break;
        }
    }
    cover.lines
}

struct Cover<'v> {
    lines: Vec<CoverLine>,
    prose: usize,
    /// Whether a heading is being taken in.
    heading: bool,
    block: usize,
    vocabulary: &'v Vocabulary,
}

impl Cover<'_> {
    /// Takes lines in; whether the cover goes on after them.
    fn text(&mut self, text: &Text) -> bool {
        text.lines.iter().take(LINES).all(|line| self.line(line))
    }

    fn line(&mut self, line: &Line) -> bool {
        if line.raw.len() > LONG || line.raw.contains('。') {
            self.prose += 1;
            return self.prose < PROSE;
        }
        if is_trail(&line.raw) {
            return true;
        }
        if is_body(&line.raw, self.vocabulary) {
            return false;
        }
        if let Some((label, value)) = line.raw.split_once([':', '：']) {
            let label = compact(label);
            if is_label(&label, self.vocabulary) && !value.trim().is_empty() {
                self.push(Some(label), value, &line.place);
                return true;
            }
        }
        self.push(None, &line.raw, &line.place);
        true
    }

    fn push(&mut self, label: Option<String>, raw: &str, place: &Place) {
        if !raw.trim().is_empty() {
            self.lines.push(CoverLine {
                label,
                heading: self.heading,
                block: self.block,
                raw: raw.to_owned(),
                place: place.clone(),
            });
        }
    }

    fn table(&mut self, table: &Table) -> bool {
        (0..table.rows.min(ROWS)).all(|row| self.row(table, row))
    }

    fn row(&mut self, table: &Table, row: u32) -> bool {
        let printed = |text: &Text| text.lines.iter().any(|line| line.raw.contains(char::is_alphanumeric));
        let cells: Vec<_> = table.row(row).iter().filter(|cell| printed(&cell.text)).take(HEAD_CELLS).collect();
        let labels: Vec<String> = cells.iter().map(|cell| label_of(&cell.text)).collect();
        let names_field = |label: &String| {
            !is_label(label, self.vocabulary)
                && self.vocabulary.labels.meanings(label).iter().any(|meaning| matches!(meaning, Meaning::Field(_)))
        };
        if cells.len() >= HEAD_CELLS || cells.len() > 1 && labels.iter().any(names_field) {
            return false;
        }
        let mut cells = cells.into_iter().zip(labels).peekable();
        while let Some((cell, label)) = cells.next() {
            let value = if is_label(&label, self.vocabulary) { cells.next() } else { None };
            match value {
                Some((value, _)) => {
                    for line in &value.text.lines {
                        self.push(Some(label.clone()), &line.raw, &line.place);
                    }
                }
                None if !self.text(&cell.text) => return false,
                None => {}
            }
        }
        true
    }
}

/// A cell's text as a label: without white space, colon and brackets.
fn label_of(text: &Text) -> String {
    const LONGEST: usize = 60;
    if text.lines.iter().map(|line| line.raw.len()).sum::<usize>() > 3 * LONGEST {
        return String::new();
    }
    let label = compact(&text.joined());
    label.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// Whether a label on a cover names a part of the header.
fn is_label(label: &str, vocabulary: &Vocabulary) -> bool {
    [
        PlanWord::TitleLabel,
        PlanWord::PublisherLabel,
        PlanWord::PeriodLabel,
        PlanWord::Final,
        PlanWord::Published,
        PlanWord::Revised,
    ]
    .into_iter()
    .any(|key| {
        let words = vocabulary.plan.words(key);
        let ending = vocabulary.plan.words(PlanWord::DateEnding).at_end_of(label).unwrap_or_default();
        words.contains(label) || words.contains(&label[..label.len() - ending.len()])
    })
}

/// Whether a line begins the contents or the body.
pub(super) fn is_body(raw: &str, vocabulary: &Vocabulary) -> bool {
    let text = compact(raw);
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let is = |key: PlanWord| vocabulary.plan.words(key).contains(bare);
    is(PlanWord::Contents) || is(PlanWord::Opening) || chapter(&text, vocabulary).is_some() || is_numbered(raw)
}

/// Whether a line says where in a site a page stands: `ホーム > 市政 > 計画`.
fn is_trail(raw: &str) -> bool {
    raw.matches(['>', '＞', '»', '›']).count() > 1 && !raw.contains(['<', '＜'])
}

/// The length of a chapter's number at the start of a compact text: `第1章`.
pub(super) fn chapter(text: &str, vocabulary: &Vocabulary) -> Option<usize> {
    let (_, end) = counted(text, vocabulary)?;
    vocabulary.plan.words(PlanWord::Chapter).at_start_of(&text[end..]).map(|word| end + word.len())
}

/// Where the number at the start of a text (`第2期`, `第十次`) begins and ends.
pub(super) fn counted(text: &str, vocabulary: &Vocabulary) -> Option<(usize, usize)> {
    let ordinal = vocabulary.plan.words(PlanWord::Ordinal).at_start_of(text)?;
    let rest = &text[ordinal.len()..];
    let is_digit = |c: char| narrow(c).is_ascii_digit() || numbers::kanji(c.encode_utf8(&mut [0; 4])).is_some();
    let length = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
    (length > 0).then_some((ordinal.len(), ordinal.len() + length))
}

/// Whether a line begins with a chapter's bare number: `1 `, `２．`, `(1)`, `Ⅰ`, `①`.
fn is_numbered(raw: &str) -> bool {
    let raw = raw.trim_start();
    let mut chars = raw.chars().map(narrow).skip_while(|c| *c == '(').peekable();
    if raw.starts_with(|c| matches!(c, '\u{2160}'..='\u{217F}' | '\u{2460}'..='\u{24FF}' | '\u{2776}'..='\u{2793}')) {
        return true;
    }
    let digits = std::iter::from_fn(|| chars.next_if(char::is_ascii_digit)).count();
    let next = chars.next();
    (1..=2).contains(&digits)
        && next.is_some_and(|c| c.is_whitespace() || matches!(c, '.' | ')' | '、'))
        && chars.next().is_some_and(|c| !c.is_ascii_digit())
}
