//! The words of marks, indexed for the questions that are asked of nearly every character of a document.

use super::Mark;
use std::collections::BTreeMap;

/// The words of marks, by the number of their mark.
#[derive(Debug, Clone, Default)]
pub struct MarkIndex {
    words: Vec<Vec<String>>,
    /// Words of one character, sorted.
    characters: Vec<Vec<char>>,
    /// First characters of the words, sorted.
    starts: Vec<Vec<char>>,
}

impl MarkIndex {
    pub(super) fn new(marks: &BTreeMap<Mark, Vec<String>>) -> Self {
        let mut index = MarkIndex::default();
        for (mark, words) in marks {
            let number = *mark as usize;
            if index.words.len() <= number {
                index.words.resize_with(number + 1, Vec::new);
                index.characters.resize_with(number + 1, Vec::new);
                index.starts.resize_with(number + 1, Vec::new);
            }
            index.words[number].clone_from(words);
            let characters = &mut index.characters[number];
            *characters = words.iter().filter_map(|word| only_character(word)).collect();
            characters.sort_unstable();
            index.starts[number] = words.iter().filter_map(|word| word.chars().next()).collect();
            index.starts[number].sort_unstable();
        }
        index
    }

    /// The words of a mark, in the vocabulary's order.
    pub fn words(&self, mark: Mark) -> &[String] {
        self.words.get(mark as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether one of a mark's words begins with a character.
    pub fn begins(&self, mark: Mark, c: char) -> bool {
        self.starts.get(mark as usize).is_some_and(|starts| starts.binary_search(&c).is_ok())
    }

    /// Whether a character is one of a mark's words.
    pub fn has_character(&self, mark: Mark, c: char) -> bool {
        self.characters.get(mark as usize).is_some_and(|characters| characters.binary_search(&c).is_ok())
    }
}

fn only_character(word: &str) -> Option<char> {
    let mut characters = word.chars();
    characters.next().filter(|_| characters.next().is_none())
}
