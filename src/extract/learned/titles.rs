//! A document's own titles of texts: bracketed words that stand on lines of their own again and again, with items or
//! sentences under them. The vocabulary has them for something else or not at all: `【取組の方向】`.

use super::labels::may_be_label;
use crate::document::{Block, Document, Line, Text};
use crate::extract::{labels, numbering};
use crate::vocabulary::{Label, Mark, Meaning, Vocabulary, compact};
use std::collections::BTreeMap;

/// How often a word must title a text.
const OFTEN: usize = 3;

/// The words and what they title.
pub(super) fn learn(document: &Document, vocabulary: &Vocabulary) -> Vec<(String, Label)> {
    let lines: Vec<&Line> = lines(document).filter(|line| !line.text.trim().is_empty()).collect();
    let mut found: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for pair in lines.windows(2) {
        if let Some(word) = bracketed(pair[0], vocabulary) {
            let (times, texts) = found.entry(word).or_default();
            *times += 1;
            *texts += usize::from(is_text(pair[1], vocabulary));
        }
    }
    let often = found.into_iter().filter(|(_, (times, texts))| *times >= OFTEN && texts * 3 >= times * 2);
    often
        .map(|(word, _)| {
            // a rank's word over items says what is done there
            let known = !vocabulary.labels.meanings(&word).is_empty();
            (word, if known { Label::Content } else { Label::Other })
        })
        .collect()
}

fn lines(document: &Document) -> impl Iterator<Item = &Line> {
    document.blocks().flat_map(|block| match block {
        Block::Heading(heading) => heading.text.lines.as_slice(),
        Block::Paragraph(paragraph) => paragraph.text.lines.as_slice(),
        Block::Table(_) | Block::Contents(_) => &[],
    })
}

/// The word that is all of a line, in brackets, where the vocabulary has no field for it.
fn bracketed(line: &Line, vocabulary: &Vocabulary) -> Option<String> {
    let text = line.text.trim();
    let (first, last) = (text.chars().next()?, text.chars().next_back()?);
    let inner = &text.get(first.len_utf8()..text.len() - last.len_utf8())?;
    if !vocabulary.is_mark_char(Mark::OpenBracket, first) || !vocabulary.is_mark_char(Mark::CloseBracket, last) {
        return None;
    }
    let word = compact(inner);
    let field = labels::parse(inner, vocabulary)
        .is_some_and(|name| name.meanings.iter().any(|meaning| matches!(meaning, Meaning::Field(_))));
    let sort = vocabulary.is_mark(Mark::Sort, &word);
    (!field && !sort && may_be_label(&word, vocabulary)).then_some(word)
}

/// Whether a line is an item or a sentence, and no number with a name.
fn is_text(line: &Line, vocabulary: &Vocabulary) -> bool {
    let sentence = vocabulary.marks(Mark::SentenceEnd).iter().any(|end| line.text.contains(end.as_str()));
    let first = line.text.trim().chars().next();
    let bullet = first.is_some_and(|c| !c.is_alphanumeric() && vocabulary.is_mark_char(Mark::Bullet, c));
    (sentence || bullet || line.item) && numbering::leading(&Text::of(vec![line.clone()]).raw(), vocabulary).is_none()
}
