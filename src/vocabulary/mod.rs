//! The words by which plans are understood: data, in TOML, that a user can add to.
//!
//! Each `*.toml` beside this file holds one or more of the tables of [`Words`]. A user's file has the same form; its
//! words are added to the built-in ones. Words are compared in their normalised form without white space.

mod labels;
mod marks;
mod plan;
mod simplified;
mod values;
mod word_list;
mod years;

pub use labels::{Label, LabelIndex, LabelPart, Level, Mark, Meaning, Plain, compact};
pub use marks::MarkIndex;
pub use plan::{PlanIndex, PlanWord};
pub use simplified::is_simplified;
pub use values::{ValueIndex, ValueWord};
pub use word_list::WordList;
pub use years::{Era, YearIndex, YearWord};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const BUILT_IN: &[(&str, &str)] = &[
    ("labels.toml", include_str!("labels.toml")),
    ("marks.toml", include_str!("marks.toml")),
    ("plan.toml", include_str!("plan.toml")),
    ("values.toml", include_str!("values.toml")),
    ("years.toml", include_str!("years.toml")),
];

/// The vocabulary's tables: key to words, all of them optional in a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// What a label cell, a column head or a bracketed label means.
    pub labels: BTreeMap<Label, Vec<String>>,
    /// Labels that stand at the end of a longer one.
    pub label_endings: BTreeMap<Label, Vec<String>>,
    /// The words that labels are put together of.
    pub label_parts: BTreeMap<LabelPart, Vec<String>>,
    /// The words of a plan's hierarchy by rank.
    pub levels: BTreeMap<Level, Vec<String>>,
    /// Headings that title a part of a document and never a policy.
    pub plain: BTreeMap<Plain, Vec<String>>,
    /// Characters and words that stand for something.
    pub marks: BTreeMap<Mark, Vec<String>>,
    /// Names, signs and letters of eras.
    pub eras: BTreeMap<Era, Vec<String>>,
    /// The words of times.
    pub years: BTreeMap<YearWord, Vec<String>>,
    /// The words of values.
    pub values: BTreeMap<ValueWord, Vec<String>>,
    /// The words of covers, running heads and glossaries.
    pub plan: BTreeMap<PlanWord, Vec<String>>,
}

/// The vocabulary in force: built-in words and the user's.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    pub words: Words,
    /// Labels and levels, indexed.
    pub labels: LabelIndex,
    /// The words of marks, indexed.
    marks: MarkIndex,
    /// Eras and the words of times, indexed.
    pub years: YearIndex,
    /// The words of values, indexed.
    pub values: ValueIndex,
    /// The words of covers and glossaries, indexed.
    pub plan: PlanIndex,
    /// Headings that title a part of a document, without white space, sorted.
    plain: Vec<String>,
}

/// A vocabulary file that cannot be used; the message names line and key.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {message}")]
pub struct VocabularyError {
    pub file: String,
    pub message: String,
}

impl Vocabulary {
    /// The words that come with the program.
    pub fn built_in() -> Self {
        Self::with_files(&[]).expect("the built-in vocabulary is read by a test")
    }

    /// The built-in words and those of the given files (name, text).
    ///
    /// # Errors
    /// A file that is no TOML, or has a table or key that the vocabulary does not know.
    pub fn with_files(files: &[(String, String)]) -> Result<Self, VocabularyError> {
        let mut words = Words::default();
        let built_in = BUILT_IN.iter().map(|(name, text)| (*name, *text));
        for (file, text) in built_in.chain(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))) {
            let more: Words = toml::from_str(text)
                .map_err(|error| VocabularyError { file: file.to_owned(), message: error.to_string() })?;
            words.extend(more);
        }
        let marks = MarkIndex::new(&words.marks);
        let suffixes = [Mark::NameSuffix, Mark::FigureSuffix, Mark::LabelSuffix];
        let suffixes = suffixes.into_iter().flat_map(|mark| marks.words(mark));
        Ok(Vocabulary {
            labels: LabelIndex::new(&words, suffixes),
            marks,
            years: YearIndex::new(&words.eras, &words.years),
            values: ValueIndex::new(&words.values),
            plan: PlanIndex::new(&words.plan),
            plain: plain(&words),
            words,
        })
    }
}

impl Vocabulary {
    /// The vocabulary with a document's own words for levels of the hierarchy and for fields.
    pub fn with_own(&self, levels: Vec<(String, Level)>, labels: Vec<(String, Label)>) -> Vocabulary {
        let mut own = self.clone();
        for (word, level) in levels {
            own.labels.add_level(&word, level);
            own.words.levels.entry(level).or_default().push(word);
        }
        for (word, label) in labels {
            own.labels.set_label(&word, label);
            own.words.labels.entry(label).or_default().push(word);
        }
        own
    }

    /// Whether a heading without white space titles a part of a document in words that any plan uses.
    pub fn is_plain(&self, compact: &str) -> bool {
        self.plain.binary_search_by(|word| word.as_str().cmp(compact)).is_ok()
    }

    /// Whether a text is one of a mark's words.
    pub fn is_mark(&self, mark: Mark, text: &str) -> bool {
        self.marks(mark).iter().any(|word| word == text)
    }

    /// Whether a character is one of a mark's words.
    pub fn is_mark_char(&self, mark: Mark, c: char) -> bool {
        self.marks.has_character(mark, c)
    }

    /// Whether a word of a mark begins with a character.
    pub fn begins_mark(&self, mark: Mark, c: char) -> bool {
        self.marks.begins(mark, c)
    }

    /// The words of a mark.
    pub fn marks(&self, mark: Mark) -> &[String] {
        self.marks.words(mark)
    }

    /// What follows a mark at the start of a text.
    pub fn after_mark<'t>(&self, mark: Mark, text: &'t str) -> Option<&'t str> {
        let words = self.marks(mark).iter().filter_map(|word| text.strip_prefix(word.as_str()));
        words.min_by_key(|rest| rest.len())
    }
}

impl Words {
    fn extend(&mut self, more: Words) {
        extend(&mut self.labels, more.labels);
        extend(&mut self.label_endings, more.label_endings);
        extend(&mut self.label_parts, more.label_parts);
        extend(&mut self.levels, more.levels);
        extend(&mut self.plain, more.plain);
        extend(&mut self.marks, more.marks);
        extend(&mut self.eras, more.eras);
        extend(&mut self.years, more.years);
        extend(&mut self.values, more.values);
        extend(&mut self.plan, more.plan);
    }
}

fn plain(words: &Words) -> Vec<String> {
    let mut plain: Vec<String> = words.plain.values().flatten().map(|word| compact(word)).collect();
    plain.sort_unstable();
    plain
}

fn extend<Key: Ord>(table: &mut BTreeMap<Key, Vec<String>>, more: BTreeMap<Key, Vec<String>>) {
    for (key, words) in more {
        table.entry(key).or_default().extend(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_vocabulary_is_read() {
        let vocabulary = Vocabulary::with_files(&[]).unwrap();
        assert!(vocabulary.labels.meanings("所管課").contains(&Meaning::Field(Label::OwnerLead)));
    }
}
