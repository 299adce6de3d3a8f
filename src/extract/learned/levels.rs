//! A document's own words for the levels of its hierarchy: `重点課題1 …`, `重点課題2 …`, where the vocabulary lacks the word.

use crate::document::{Block, Document, Line};
use crate::extract::numbering;
use crate::vocabulary::{Level, Mark, ValueWord, Vocabulary};
use std::collections::BTreeSet;

/// The most characters of a word for a level, and of a line that it begins.
const WORD: usize = 8;
const LINE: usize = 45;

/// A word that lines of the document count by.
struct Counted {
    word: String,
    numbers: BTreeSet<String>,
    level: Level,
}

/// The words that two or more titles of the document begin with, each with a number of its own.
pub(super) fn learn(document: &Document, vocabulary: &Vocabulary) -> Vec<(String, Level)> {
    let mut found: Vec<Counted> = Vec::new();
    let mut above: Option<Level> = None;
    for line in lines(document) {
        if line.raw.len() > 4 * LINE || line.text.chars().count() > LINE {
            continue;
        }
        let raw = line.raw.trim().trim_start_matches(|c: char| !c.is_alphanumeric());
        if let Some(numbered) = numbering::leading(raw, vocabulary) {
            if let Some((level, _)) = numbered.level {
                above = Some(level);
            }
            continue;
        }
        let Some((word, number)) = counted(raw, vocabulary) else { continue };
        match found.iter_mut().find(|known| known.word == word) {
            Some(known) => {
                known.numbers.insert(number);
            }
            None => {
                let level = above.map_or(Level::Strategy, below);
                found.push(Counted { word, numbers: BTreeSet::from([number]), level });
            }
        }
    }
    found.into_iter().filter(|known| known.numbers.len() >= 2).map(|known| (known.word, known.level)).collect()
}

fn lines(document: &Document) -> impl Iterator<Item = &Line> {
    document.blocks().flat_map(|block| match block {
        Block::Heading(heading) => heading.text.lines.as_slice(),
        Block::Paragraph(paragraph) => paragraph.text.lines.as_slice(),
        Block::Table(_) | Block::Contents(_) => &[],
    })
}

fn below(level: Level) -> Level {
    match level {
        Level::Goal => Level::Strategy,
        Level::Strategy => Level::Policy,
        Level::Policy => Level::Initiative,
        Level::Initiative | Level::Project => Level::Project,
    }
}

/// A word, its number and a title behind them: `重点課題1 仕事と生活の調和`. Words that the vocabulary knows otherwise
/// (図1, 指標1, ステップ1) are none.
fn counted(raw: &str, vocabulary: &Vocabulary) -> Option<(String, String)> {
    let is_number = |c: char| c.is_numeric() || numbering::circled(c).is_some();
    let end = raw.find(is_number)?;
    let word = raw[..end].trim_end();
    let worded = |c: char| c.is_alphabetic() && !c.is_ascii() && !matches!(c, '\u{ff21}'..='\u{ff5a}');
    let ideographs = word.chars().filter(|c| *c >= '\u{30a1}').count();
    if !(2..=WORD).contains(&word.chars().count()) || !word.chars().all(worded) || ideographs < 2 {
        return None;
    }
    let known = !vocabulary.labels.meanings(word).is_empty()
        || vocabulary.labels.ending(word).is_some()
        || vocabulary.values.words(ValueWord::BeforeOrdinal).at_end_of(word).is_some()
        || vocabulary.years.eras().iter().any(|(name, _)| word.ends_with(name.as_str()));
    let rest = &raw[end..];
    let digits = rest.find(|c: char| !is_number(c) && !matches!(c, '-' | '\u{ff0d}')).unwrap_or(rest.len());
    let (number, title) = rest.split_at(digits);
    let parted = title.starts_with(|c: char| c.is_whitespace() || matches!(c, ':' | '\u{ff1a}'));
    let title = title.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '\u{ff1a}'));
    let titled = title.starts_with(char::is_alphabetic) && title.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let sentence = vocabulary.marks(Mark::SentenceEnd).iter().any(|end| title.contains(end.as_str()));
    let fits = !known && parted && titled && !sentence && number.chars().count() <= 3;
    fits.then(|| (word.to_owned(), crate::normalise::characters::fold(number)))
}
