//! The table of contents: which lines of the body it lists as titles of parts.

use super::numbering;
use crate::document::{Block, Document, Line};
use crate::vocabulary::{Vocabulary, compact};
use std::collections::BTreeSet;

/// Characters of the longest title.
const LONGEST: usize = 40;

/// The titles without numbers that the contents list: 資料 ○○名簿, 用語集. A number tells by itself how deep a title lies.
#[derive(Debug, Default)]
pub(super) struct Contents {
    titles: BTreeSet<String>,
}

impl Contents {
    /// Reads a document's contents.
    pub fn of(document: &Document, vocabulary: &Vocabulary) -> Self {
        let lines = document.blocks().filter_map(|block| match block {
            Block::Contents(paragraph) => Some(&paragraph.text.lines),
            _ => None,
        });
        let titles = lines.flatten().filter(|line| numbering::leading(line.raw.trim(), vocabulary).is_none());
        let titles = titles.map(|line| title(&line.text)).filter(|title| !title.is_empty());
        Contents { titles: titles.collect() }
    }

    /// Whether a line of the body is such a title.
    pub fn lists(&self, line: &Line) -> bool {
        let text = line.text.trim();
        !self.titles.is_empty() && text.chars().count() <= LONGEST && self.titles.contains(&compact(text))
    }
}

/// An entry without the leader and the page number behind it.
fn title(entry: &str) -> String {
    let leader =
        |c: char| c.is_numeric() || c.is_whitespace() || !c.is_alphanumeric() && !matches!(c, ')' | '\u{300d}');
    compact(entry.trim_end_matches(leader))
}
