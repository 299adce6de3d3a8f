//! Headlines inside running text: numbered titles, and items that name their owner, which a dump prints directly above
//! and below other lines.
//!
//! One line by itself tells little, so the whole document decides: a style of number is a headline's where its lines
//! mostly stand over text of their own instead of following each other as the entries of a list do.

use super::labels;
use super::numbering::{self, Style};
use super::prose;
use super::sections;
use super::stream::opens_entry;
use crate::document::{Block, Document, Line, Text};
use crate::normalise::characters;
use crate::vocabulary::{Label, Mark, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};

/// The most characters of a headline.
const LONGEST: usize = 45;

/// Which lines of which paragraphs are headlines.
#[derive(Debug, Default)]
pub(super) struct Headlines {
    /// Page, block and line.
    lines: BTreeSet<(usize, usize, usize)>,
    /// Whether items name their owners behind them: `○ 空き家バンク事業(住宅課)`.
    pub items: bool,
}

/// What a line may be the headline of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Numbered(Style),
    /// `○ 空き家バンク事業(住宅課)`
    Item,
    /// `(住宅の耐震化)` over its text
    Enclosed,
}

/// A line or block in reading order.
enum Unit<'d> {
    Line { at: (usize, usize, usize), line: &'d Line },
    Heading(&'d Text),
    Table,
}

impl Headlines {
    /// Finds the headlines of a document.
    pub fn find(document: &Document, skipped: &BTreeSet<(usize, usize)>, vocabulary: &Vocabulary) -> Self {
        let units = units(document, skipped);
        let kinds: Vec<Option<Kind>> = units.iter().map(|unit| kind(unit, vocabulary)).collect();
        let stands: Vec<bool> = (0..units.len()).map(|i| stands(i, &units, &kinds, vocabulary)).collect();
        let mut counts: BTreeMap<Kind, (usize, usize)> = BTreeMap::new();
        for (kind, stands) in kinds.iter().zip(&stands).filter_map(|(kind, stands)| Some(((*kind)?, *stands))) {
            let (over, all) = counts.entry(kind).or_default();
            *over += usize::from(stands);
            *all += 1;
        }
        let owned = units.iter().any(|unit| matches!(unit, Unit::Line { line, .. } if names_owner(line, vocabulary)));
        let accepted = |kind: Kind| {
            let (over, all) = counts.get(&kind).copied().unwrap_or_default();
            match kind {
                // items that only name owners too: `・○○事業(企画課)` one below the other
                Kind::Item => all >= 2 && !owned,
                Kind::Enclosed => over >= 2 && over == all,
                Kind::Numbered(Style::Level(..)) => over * 2 >= all,
                Kind::Numbered(_) => over >= 2 && over * 2 >= all,
            }
        };
        let mut found = Headlines { items: accepted(Kind::Item), ..Headlines::default() };
        for (i, unit) in units.iter().enumerate() {
            if let (Unit::Line { at, .. }, Some(kind)) = (unit, kinds[i])
                && accepted(kind)
                && (stands[i] || kind == Kind::Item || over_headline(i, &units, &kinds, &accepted))
            {
                found.lines.insert(*at);
            }
        }
        found
    }

    /// Whether a line of a paragraph is one.
    pub fn has(&self, page: usize, block: usize, line: usize) -> bool {
        self.lines.contains(&(page, block, line))
    }
}

fn units<'d>(document: &'d Document, skipped: &BTreeSet<(usize, usize)>) -> Vec<Unit<'d>> {
    let mut units = Vec::new();
    for (p, page) in document.pages.iter().enumerate() {
        for (b, block) in page.blocks.iter().enumerate().filter(|(b, _)| !skipped.contains(&(p, *b))) {
            match block {
                Block::Paragraph(paragraph) => {
                    let lines = paragraph.text.lines.iter().enumerate().filter(|(_, line)| !line.raw.trim().is_empty());
                    units.extend(lines.map(|(l, line)| Unit::Line { at: (p, b, l), line }));
                }
                Block::Heading(heading) => units.push(Unit::Heading(&heading.text)),
                Block::Table(_) => units.push(Unit::Table),
                Block::Contents(_) => {}
            }
        }
    }
    units
}

/// What a line or heading is by itself.
fn kind(unit: &Unit<'_>, vocabulary: &Vocabulary) -> Option<Kind> {
    let line = match unit {
        Unit::Line { line, .. } => line,
        Unit::Heading(text) => text.lines.first()?,
        _ => return None,
    };
    let raw = line.raw.trim();
    let text = line.text.trim();
    if text.chars().count() > LONGEST || is_sentence(text, vocabulary) || text.ends_with(['\u{3001}', ',']) {
        return None;
    }
    if named_item(line, vocabulary).is_some() {
        return Some(Kind::Item);
    }
    if line.item {
        return None;
    }
    let Some(numbered) = numbering::leading(raw, vocabulary) else {
        return enclosed(raw, vocabulary).map(|_| Kind::Enclosed);
    };
    let title = raw[numbered.length..].trim();
    let worded = title.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let label = || {
        prose::label_line(line, vocabulary).is_some_and(|(name, _)| opens_entry(&name))
            || labels::parse(raw, vocabulary).is_some_and(|name| opens_entry(&name))
    };
    (worded && (numbered.level.is_some() || !label())).then_some(Kind::Numbered(numbered.style))
}

fn is_sentence(text: &str, vocabulary: &Vocabulary) -> bool {
    vocabulary.marks(Mark::SentenceEnd).iter().any(|end| text.contains(end.as_str()))
}

/// Whether a line stands over text of its own, and does not go on another.
fn stands(i: usize, units: &[Unit<'_>], kinds: &[Option<Kind>], vocabulary: &Vocabulary) -> bool {
    let Some(kind) = kinds[i] else { return false };
    let sibling = |j: usize| kinds[j] == Some(kind);
    let open =
        |unit: &Unit<'_>| matches!(unit, Unit::Line { line, .. } if line.text.trim_end().ends_with(['\u{3001}', ',']));
    if i > 0 && (sibling(i - 1) || open(&units[i - 1])) {
        return false;
    }
    match units.get(i + 1) {
        Some(Unit::Line { line, .. }) if kind == Kind::Enclosed => {
            sections::bullet(line, vocabulary).is_some() || is_sentence(&line.text, vocabulary)
        }
        Some(Unit::Line { line, .. }) => {
            let style = |line: &Line| numbering::leading(line.raw.trim(), vocabulary).map(|n| n.style);
            let alike = matches!(kind, Kind::Numbered(own) if style(line) == Some(own));
            !sibling(i + 1) && !alike
        }
        Some(Unit::Table) => kind != Kind::Enclosed,
        Some(Unit::Heading(_)) => matches!(units[i], Unit::Heading(_)) && !sibling(i + 1),
        None => false,
    }
}

/// Whether the next line is a headline of another style: a policy right above its first measure.
fn over_headline(i: usize, units: &[Unit<'_>], kinds: &[Option<Kind>], accepted: &impl Fn(Kind) -> bool) -> bool {
    let next = kinds.get(i + 1).copied().flatten();
    next.is_some_and(|next| Some(next) != kinds[i] && accepted(next)) && matches!(units[i], Unit::Line { .. })
}

/// What a line that is one pair of round or pointed brackets and nothing else encloses; no label, and no remark.
pub(super) fn enclosed<'t>(raw: &'t str, vocabulary: &Vocabulary) -> Option<&'t str> {
    const PAIRS: [(char, char); 6] = [
        ('(', ')'),
        ('\u{ff08}', '\u{ff09}'),
        ('\u{3008}', '\u{3009}'),
        ('\u{ff1c}', '\u{ff1e}'),
        ('<', '>'),
        ('\u{300a}', '\u{300b}'),
    ];
    let raw = raw.trim();
    let (open, close) = PAIRS.iter().find(|(open, _)| raw.starts_with(*open))?;
    let inner = raw.strip_prefix(*open)?.strip_suffix(*close)?.trim();
    let titled = inner.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !inner.contains([*open, *close, ':', '\u{ff1a}'])
        && labels::parse(inner, vocabulary).is_none();
    titled.then_some(inner)
}

/// Whether a line says who is in charge.
fn names_owner(line: &Line, vocabulary: &Vocabulary) -> bool {
    prose::label_line(line, vocabulary).is_some_and(|(name, _)| name.is_any(&[Label::OwnerLead, Label::OwnerRelated]))
}

/// An item that names its owner behind it, `○ 空き家バンク事業(住宅課)`: its name and its owners, as byte ranges.
pub(super) fn named_item(
    line: &Line,
    vocabulary: &Vocabulary,
) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    const NAME: usize = 40;
    let raw = line.raw.as_ref();
    let end = raw.trim_end().len();
    let inner = raw[..end].strip_suffix(prose::CLOSING)?;
    let open = inner.rfind(prose::OPENING)?;
    let owners = open + inner[open..].chars().next()?.len_utf8()..inner.len();
    let start = raw.len() - raw.trim_start().len();
    let first = raw[start..].chars().next()?;
    let numbered = numbering::leading(&raw[start..], vocabulary);
    let marked = !first.is_alphanumeric() && vocabulary.is_mark_char(Mark::Bullet, first);
    if !marked && !line.item && numbered.is_none() {
        return None;
    }
    let from = if marked { start + first.len_utf8() } else { start };
    let from = from + (raw[from..].len() - raw[from..].trim_start().len());
    let name = from..raw[..open].trim_end().len().max(from);
    let fits = !raw[name.clone()].is_empty()
        && raw[name.clone()].chars().count() <= NAME
        && !is_sentence(&raw[name.clone()], vocabulary)
        && (labelled(&raw[owners.clone()], vocabulary)
            || super::owners::are_names(&characters::fold(&raw[owners.clone()]), vocabulary));
    fits.then_some((name, owners))
}

/// `担当課:…`: a label that says whose names follow.
fn labelled(inside: &str, vocabulary: &Vocabulary) -> bool {
    let label = inside.split_once([':', '\u{ff1a}']).and_then(|(label, _)| labels::parse(label, vocabulary));
    label.is_some_and(|name| name.is_any(&[Label::OwnerLead, Label::OwnerRelated]))
}
