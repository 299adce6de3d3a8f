//! Which plans, and which names, are worth comparing: those that may have something in common.
//!
//! Of thousands of plans few pairs have, so the pairs are not tried one by one: plans meet in an index of what they hold.
//! Names meet by their rarest pairs of characters; no two that are alike enough are missed by that.

use super::Outline;
use crate::compare::likeness::Bag;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many pairs of plans are compared, not more.
const MOST: usize = 200_000;

/// What more names than these have in common says nothing of any two of them.
const COMMON: usize = 200;

/// How alike the names of two indicators must be to be one, in thousandths.
pub(super) const ALIKE: u32 = 600;

/// The pairs of plans, in their order, and how many are left out.
pub(super) fn pairs(outlines: &[Outline]) -> (Vec<(usize, usize)>, usize) {
    let mut named: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (i, outline) in outlines.iter().enumerate() {
        let kpis = outline.kpis.iter().flat_map(|held| [held.name.key.as_str(), held.name.bare.as_str()]);
        for name in kpis.chain(outline.measures.keys().map(String::as_str)) {
            named.entry(name).or_default().insert(i);
        }
    }
    let of_kpis = outlines.iter().enumerate();
    let bags: Vec<(usize, &Bag)> =
        of_kpis.flat_map(|(i, outline)| outline.kpis.iter().map(move |held| (i, &held.name.bag))).collect();
    let alike = by_rare_pairs(&bags, ALIKE);
    let mut pairs = BTreeSet::new();
    let mut left = 0;
    for plans in named.into_values().chain(alike.into_values().filter(|plans| plans.len() <= COMMON)) {
        let plans: Vec<usize> = plans.into_iter().collect();
        for (n, &i) in plans.iter().enumerate() {
            let others = &plans[n + 1..];
            let room = MOST.saturating_sub(pairs.len());
            left += others.len().saturating_sub(room);
            pairs.extend(others.iter().take(room).map(|&j| (i, j)));
        }
    }
    (pairs.into_iter().collect(), left)
}

/// The pairs of names that may be at least so alike, each once.
pub(super) fn names(bags: &[Bag], alike: u32) -> BTreeSet<(usize, usize)> {
    let numbered: Vec<(usize, &Bag)> = bags.iter().enumerate().collect();
    let mut pairs = BTreeSet::new();
    for names in by_rare_pairs(&numbered, alike).into_values().filter(|names| names.len() <= COMMON) {
        let names: Vec<usize> = names.into_iter().collect();
        for (n, &i) in names.iter().enumerate() {
            pairs.extend(names[n + 1..].iter().map(|&j| (i, j)));
        }
    }
    pairs
}

/// The owners of names by the rarest pairs of characters: of each name as many as two names that are so alike must have
/// one of in common.
fn by_rare_pairs(bags: &[(usize, &Bag)], alike: u32) -> BTreeMap<(char, char), BTreeSet<usize>> {
    let mut frequency: HashMap<(char, char), usize> = HashMap::new();
    for pair in bags.iter().flat_map(|(_, bag)| bag.pairs()) {
        *frequency.entry(*pair).or_default() += 1;
    }
    let mut owners: BTreeMap<(char, char), BTreeSet<usize>> = BTreeMap::new();
    for &(owner, bag) in bags {
        let mut rare: Vec<(char, char)> = bag.pairs().to_vec();
        rare.sort_by_key(|pair| (frequency[pair], *pair));
        // Two names of which one has n pairs have at least n·t/(2−t) in common if they are alike by t (Dice): so many of
        // the most frequent, less one, may be left out.
        let (n, t) = (rare.len(), alike as usize);
        let common = (n * t).div_ceil(2000 - t).max(1);
        rare.truncate(n + 1 - common.min(n));
        for pair in rare {
            owners.entry(pair).or_default().insert(owner);
        }
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is alike meets, whatever else there is.
    #[test]
    fn no_names_that_are_alike_are_missed() {
        let words = ["窓口", "予約", "利用率", "件数", "満足度", "職員", "研修", "割合", "電子申請", "防災"];
        let texts: Vec<String> =
            (0..300).map(|i| [words[i % 10], words[(i / 3) % 10], words[(i / 7) % 10]].concat()).collect();
        let bags: Vec<Bag> = texts.iter().map(|text| Bag::of(text)).collect();
        let found = names(&bags, ALIKE);
        let alike = |i: usize, j: usize| bags[i].likeness(&bags[j]) >= ALIKE;
        let all = (0..300).flat_map(|i| (i + 1..300).map(move |j| (i, j)));
        let missed: Vec<(usize, usize)> = all.filter(|&(i, j)| alike(i, j) && !found.contains(&(i, j))).collect();
        assert_eq!(missed, []);
        assert!(found.len() < 300 * 299 / 2, "not everything meets: {}", found.len());
    }
}
