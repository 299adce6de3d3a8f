//! Names that are the same but for how they are printed.

use super::cards::Card;
use crate::vocabulary::compact;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// The most different names that are held against each other character by character.
const MOST_NAMES: usize = 3000;

/// Whether two names are the same but for white space, case and a few characters.
pub(super) fn alike(a: &str, b: &str) -> bool {
    Counts::of(a).may_be_alike(&Counts::of(b)) && same(&folded(a), &folded(b))
}

/// A name as it is compared: without white space, in lower case.
fn folded(name: &str) -> String {
    compact(name).to_lowercase()
}

/// Whether two folded names differ in a few characters at most.
fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if shorter.chars().count() >= 6 && longer.contains(shorter) && shorter.len() * 3 >= longer.len() * 2 {
        return true;
    }
    let (m, n) = (a.chars().count(), b.chars().count());
    m.max(n) >= 6 && longest_common(a, b) * 2 * 100 >= (m + n) * 85
}

/// Names in the order they came, looked through for the first that is alike to another.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Each name once, with where it came first.
    distinct: Vec<(Known, usize)>,
    printed: HashSet<String>,
    length: usize,
    /// What was asked before: the answer, and how many of the distinct names it is about.
    asked: RefCell<HashMap<String, (Option<usize>, usize)>>,
}

/// A name and what is compared of it.
#[derive(Debug)]
pub(super) struct Known {
    folded: String,
    counts: Counts,
}

impl Known {
    pub fn of(name: &str) -> Self {
        Known { folded: folded(name), counts: Counts::of(name) }
    }

    /// As [`alike`], for a name that is held against many.
    pub fn is_alike(&self, other: &Known) -> bool {
        self.counts.may_be_alike(&other.counts) && same(&self.folded, &other.folded)
    }
}

impl Names {
    /// Adds a name behind the others.
    pub fn push(&mut self, name: &str) {
        if !self.printed.contains(name) {
            self.printed.insert(name.to_owned());
            self.distinct.push((Known::of(name), self.length));
        }
        self.length += 1;
    }

    /// The position of the first name that is alike to another.
    pub fn first_alike(&self, name: &str) -> Option<usize> {
        let mut asked = self.asked.borrow_mut();
        let (answer, looked) = asked.get(name).copied().unwrap_or_default();
        if answer.is_some() || looked == self.distinct.len() {
            return answer;
        }
        let own = Known::of(name);
        let found = self.distinct[looked..].iter().find(|(known, _)| known.is_alike(&own)).map(|(_, at)| *at);
        asked.insert(name.to_owned(), (found, self.distinct.len()));
        found
    }
}

impl<'n> FromIterator<&'n str> for Names {
    fn from_iter<I: IntoIterator<Item = &'n str>>(names: I) -> Self {
        let mut all = Names::default();
        names.into_iter().for_each(|name| all.push(name));
        all
    }
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
        let mut groups: HashMap<usize, Vec<usize>> = distinct.iter().map(|a| (*a, vec![*a])).collect();
        // More names than any plan has are held against each other only as they are printed.
        if distinct.len() <= MOST_NAMES {
            let known: Vec<Known> = distinct.iter().map(|&a| Known::of(&cards[a].name)).collect();
            for (i, a) in known.iter().enumerate() {
                for (j, _) in known.iter().enumerate().skip(i + 1).filter(|(_, b)| a.is_alike(b)) {
                    groups.entry(distinct[i]).or_default().push(distinct[j]);
                    groups.entry(distinct[j]).or_default().push(distinct[i]);
                }
            }
        }
        groups.values_mut().for_each(|group| group.sort_unstable());
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

/// How often which characters stand in a name, in so many bins.
#[derive(Debug)]
struct Counts {
    bins: [u16; BINS],
    length: usize,
}

const BINS: usize = 64;

impl Counts {
    fn of(name: &str) -> Self {
        let mut counts = Counts { bins: [0; BINS], length: 0 };
        for c in name.chars().filter(|c| !c.is_whitespace()) {
            let c = if c.is_ascii() { c.to_ascii_lowercase() } else { c };
            // Other letters that have cases share a bin, so that neither case is missed.
            let bin = if is_caseless(c) { u32::from(c) as usize % BINS } else { 0 };
            counts.bins[bin] = counts.bins[bin].saturating_add(1);
            counts.length += 1;
        }
        counts
    }

    /// Whether two names share enough characters to be alike, wherever they stand.
    fn may_be_alike(&self, other: &Counts) -> bool {
        let (m, n) = (self.length, other.length);
        let enough = |common: usize| common >= m.min(n) || common * 2 * 100 >= (m + n) * 85;
        let apart: u32 = self.bins.iter().zip(&other.bins).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        enough((m + n).saturating_sub(apart as usize) / 2)
    }
}

/// Whether a character has no other case: ASCII is folded, kana and ideographs have none.
fn is_caseless(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{3040}'..='\u{9fff}')
}

/// Length of the longest common subsequence of two short names.
///
/// Where one has at most 64 characters, a row of the table is the bits of one word (Hyyrö 2004, "Bit-parallel
/// LCS-length computation revisited"): a zero is a step up.
fn longest_common(a: &str, b: &str) -> usize {
    const LONGEST: usize = 200;
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut places = [('\0', 0u64); 64];
    let (mut length, mut distinct) = (0u32, 0);
    for c in shorter.chars() {
        if length as usize == places.len() {
            return longest_common_of_long(a, b, LONGEST);
        }
        match places[..distinct].iter_mut().find(|(own, _)| *own == c) {
            Some((_, bits)) => *bits |= 1 << length,
            None => {
                places[distinct] = (c, 1 << length);
                distinct += 1;
            }
        }
        length += 1;
    }
    let mut steps = u64::MAX;
    for c in longer.chars().take(LONGEST) {
        let bits = places[..distinct].iter().find(|(own, _)| *own == c).map_or(0, |(_, bits)| *bits);
        steps = steps.wrapping_add(steps & bits) | (steps & !bits);
    }
    let own = u64::MAX.checked_shr(64 - length).unwrap_or(0);
    (!steps & own).count_ones() as usize
}

fn longest_common_of_long(a: &str, b: &str, longest: usize) -> usize {
    let b: Vec<char> = b.chars().take(longest).collect();
    let mut row = vec![0usize; b.len() + 1];
    for x in a.chars().take(longest) {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == *y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_part_is_found_in_bits_as_in_a_table() {
        let long: String = ('ぁ'..='ゖ').cycle().take(70).collect();
        let names =
            ["", "a", "窓口の改善", "窓口の改善事業", "の口窓", "地域の取組を支える事業その1", &long[..192], &long];
        for (a, b) in names.iter().flat_map(|a| names.iter().map(move |b| (a, b))) {
            assert_eq!(longest_common(a, b), longest_common_of_long(a, b, 200), "{a} {b}");
        }
        assert_eq!(longest_common("窓口の改善", "口々の善改"), 3);
    }
}
