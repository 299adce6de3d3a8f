//! Names that are the same but for how they are printed.

use super::cards::Card;
use crate::vocabulary::compact;
use std::collections::HashMap;

/// The most different names that are held against each other character by character.
const MOST_NAMES: usize = 3000;

/// Whether two names are the same but for white space, case and a few characters.
pub(super) fn alike(a: &str, b: &str) -> bool {
    if !may_be_alike(a, b) {
        return false;
    }
    let (a, b) = (compact(a).to_lowercase(), compact(b).to_lowercase());
    if a == b {
        return true;
    }
    let (shorter, longer) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if shorter.chars().count() >= 6 && longer.contains(shorter.as_str()) && shorter.len() * 3 >= longer.len() * 2 {
        return true;
    }
    let (m, n) = (a.chars().count(), b.chars().count());
    m.max(n) >= 6 && longest_common(&a, &b) * 2 * 100 >= (m + n) * 85
}

/// Which of many names are alike.
#[derive(Debug)]
pub(super) struct Alike {
    /// For each name the number of the first that is printed the same.
    kinds: Vec<usize>,
    /// For each of these numbers the ones that are alike, itself among them, in order.
    groups: HashMap<usize, Vec<usize>>,
}

impl Alike {
    pub fn of(cards: &[Card]) -> Self {
        let mut first: HashMap<&str, usize> = HashMap::new();
        let kinds: Vec<usize> =
            cards.iter().enumerate().map(|(i, card)| *first.entry(card.name.as_str()).or_insert(i)).collect();
        let mut distinct: Vec<usize> = first.into_values().collect();
        distinct.sort_unstable();
        // More names than any plan has are held against each other only as they are printed.
        let like = |a: usize, b: usize| a == b || alike(&cards[a].name, &cards[b].name);
        let group = |a: usize| match distinct.len() {
            ..=MOST_NAMES => distinct.iter().copied().filter(|b| like(a, *b)).collect(),
            _ => vec![a],
        };
        let groups = distinct.iter().map(|a| (*a, group(*a))).collect();
        Alike { kinds, groups }
    }

    /// The kind of a name: the same for all that are printed the same.
    pub fn kind(&self, name: usize) -> usize {
        self.kinds[name]
    }

    /// The kinds that are alike to a name, its own among them.
    pub fn to(&self, name: usize) -> &[usize] {
        &self.groups[&self.kinds[name]]
    }
}

/// A quick look before [`alike`]: whether the two share enough characters, wherever they stand.
fn may_be_alike(a: &str, b: &str) -> bool {
    const BINS: usize = 64;
    let mut balance = [0i16; BINS];
    let mut count = |text: &str, step: i16| {
        let mut length = 0usize;
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            let c = if c.is_ascii() { c.to_ascii_lowercase() } else { c };
            // Other letters that have cases share a bin, so that neither case is missed.
            let bin = if is_caseless(c) { u32::from(c) as usize % BINS } else { 0 };
            balance[bin] = balance[bin].saturating_add(step);
            length += 1;
        }
        length
    };
    let (m, n) = (count(a, 1), count(b, -1));
    let apart: usize = balance.iter().map(|bin| usize::from(bin.unsigned_abs())).sum();
    let common = (m + n).saturating_sub(apart) / 2;
    common >= m.min(n) || common * 2 * 100 >= (m + n) * 85
}

/// Whether a character has no other case: ASCII is folded, kana and ideographs have none.
fn is_caseless(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{3040}'..='\u{9fff}')
}

/// Length of the longest common subsequence of two short names.
fn longest_common(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(200).collect();
    let mut row = vec![0usize; b.len() + 1];
    for x in a.chars().take(200) {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == *y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[b.len()]
}
