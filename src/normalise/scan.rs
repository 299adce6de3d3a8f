//! A cursor over a text that reads full-width characters as half-width, so that parsers give places in the text as it is.

use super::characters::narrow;
use crate::vocabulary::WordList;

/// A place in a text from which to read on. Copy it to look ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    /// Byte offset of what is read next.
    pub at: usize,
}

impl<'t> Cursor<'t> {
    /// A cursor at a byte offset, which must be a character boundary.
    pub fn new(text: &'t str, at: usize) -> Self {
        Cursor { text, at }
    }

    /// The whole text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// What is still to be read.
    pub fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// What has been read since an earlier place.
    pub fn since(&self, at: usize) -> &'t str {
        &self.text[at..self.at]
    }

    pub fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// The next character, narrowed.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next().map(narrow)
    }

    /// The character before, narrowed.
    pub fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back().map(narrow)
    }

    /// Reads one character.
    pub fn next(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(narrow(c))
    }

    /// Reads a character if it is the one.
    pub fn eat_char(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.next();
        }
        found
    }

    /// Reads white space.
    pub fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// Reads a word, and white space before it; nothing if it is not there.
    pub fn eat(&mut self, word: &str) -> bool {
        let mut ahead = *self;
        ahead.skip_space();
        let found = word.chars().all(|c| ahead.next() == Some(narrow(c)));
        if found {
            *self = ahead;
        }
        found
    }

    /// Reads the longest of some words that is there, and white space before it.
    pub fn eat_any<'w>(&mut self, words: &'w WordList) -> Option<&'w str> {
        let mut ahead = *self;
        ahead.skip_space();
        let first = ahead.rest().chars().next()?;
        let narrowed = narrow(first);
        let candidates = words.beginning_with(first).iter();
        let other = if narrowed == first { &[][..] } else { words.beginning_with(narrowed) };
        let word = candidates.chain(other).filter(|word| ahead.starts_with(word)).max_by_key(|word| word.len())?;
        let found = self.eat(word);
        debug_assert!(found);
        Some(word)
    }

    /// Whether a word comes next, without white space before it.
    pub fn starts_with(&self, word: &str) -> bool {
        let mut ahead = *self;
        word.chars().all(|c| ahead.next() == Some(narrow(c)))
    }

    /// Whether one of some words comes next.
    pub fn at_any(&self, words: &WordList) -> bool {
        let mut ahead = *self;
        ahead.eat_any(words).is_some()
    }

    /// Reads a run of at most `most` decimal digits and gives their value; nothing if there are none or more.
    pub fn eat_digits(&mut self, most: usize) -> Option<(u32, usize)> {
        let mut ahead = *self;
        let (mut value, mut count) = (0u32, 0);
        while let Some(digit) = ahead.peek().and_then(|c| c.to_digit(10)) {
            count += 1;
            if count > most {
                return None;
            }
            value = value.checked_mul(10)?.checked_add(digit)?;
            ahead.next();
        }
        if count == 0 {
            return None;
        }
        *self = ahead;
        Some((value, count))
    }
}
