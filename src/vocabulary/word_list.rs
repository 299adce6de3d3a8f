//! A set of words, looked up by how a text begins.

use std::collections::BTreeMap;

/// Words without duplicates; empty words are left out.
#[derive(Debug, Clone, Default)]
pub struct WordList {
    /// Sorted by first character, longest first among those that share it.
    words: Vec<String>,
    /// The same words, sorted by last character, longest first among those that share it.
    by_end: Vec<String>,
    /// One bit for each first character, by the character's last six bits: most texts begin with none of them.
    firsts: u64,
    /// The same of last characters.
    lasts: u64,
}

impl WordList {
    /// A list of the given words.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w String>) -> Self {
        let mut words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).cloned().collect();
        words.sort_by(|a, b| first(a).cmp(&first(b)).then_with(|| b.len().cmp(&a.len())).then_with(|| a.cmp(b)));
        words.dedup();
        let mut by_end = words.clone();
        by_end.sort_by(|a, b| last(a).cmp(&last(b)).then_with(|| b.len().cmp(&a.len())).then_with(|| a.cmp(b)));
        let bits = |characters: &mut dyn Iterator<Item = char>| characters.fold(0, |bits, c| bits | bit(c));
        let firsts = bits(&mut words.iter().filter_map(|word| first(word)));
        let lasts = bits(&mut words.iter().filter_map(|word| last(word)));
        WordList { words, by_end, firsts, lasts }
    }

    /// The words that begin with a character, longest first.
    pub fn beginning_with(&self, c: char) -> &[String] {
        if self.firsts & bit(c) == 0 {
            return &[];
        }
        let start = self.words.partition_point(|word| first(word) < Some(c));
        let len = self.words[start..].partition_point(|word| first(word) == Some(c));
        &self.words[start..start + len]
    }

    /// The longest word that a text begins with.
    pub fn at_start_of(&self, text: &str) -> Option<&str> {
        let words = self.beginning_with(text.chars().next()?);
        words.iter().map(String::as_str).find(|word| text.starts_with(word))
    }

    /// The longest word that a text ends with.
    pub fn at_end_of(&self, text: &str) -> Option<&str> {
        let end = text.chars().next_back().filter(|c| self.lasts & bit(*c) != 0)?;
        let start = self.by_end.partition_point(|word| last(word) < Some(end));
        let words = self.by_end[start..].iter().take_while(|word| last(word) == Some(end));
        words.map(String::as_str).find(|word| text.ends_with(word))
    }

    /// Whether a text is one of the words.
    pub fn contains(&self, text: &str) -> bool {
        text.chars().next().is_some_and(|c| self.beginning_with(c).iter().any(|word| word == text))
    }

    /// Every word.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

/// A table's lists in a vector, at the number of their key.
pub(super) fn lists<Key: Copy>(table: &BTreeMap<Key, Vec<String>>, number: impl Fn(Key) -> usize) -> Vec<WordList> {
    let mut lists = Vec::new();
    for (key, words) in table {
        let number = number(*key);
        if lists.len() <= number {
            lists.resize_with(number + 1, WordList::default);
        }
        lists[number] = WordList::new(words);
    }
    lists
}

fn bit(c: char) -> u64 {
    1 << (u32::from(c) % u64::BITS)
}

fn first(word: &str) -> Option<char> {
    word.chars().next()
}

fn last(word: &str) -> Option<char> {
    word.chars().next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_wins() {
        let list =
            WordList::new(&["件".to_owned(), "か所".to_owned(), "か".to_owned(), "か月".to_owned(), "か".to_owned()]);
        assert_eq!(list.iter().count(), 4);
        assert_eq!(list.at_start_of("か所以上"), Some("か所"));
        assert_eq!(list.at_start_of("かばん"), Some("か"));
        assert_eq!(list.at_start_of("人"), None);
        assert_eq!(list.at_end_of("3か月"), Some("か月"));
        assert!(list.contains("件") && !list.contains("件数") && !list.contains(""));
    }
}
