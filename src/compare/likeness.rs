//! How alike texts are, and who belongs to whom.

/// So many pairs are looked at, not more: what is left of two lists that are longer stays alone.
pub(super) const MOST_PAIRS: usize = 100_000;
/// So many pairs of characters of a text are looked at.
const LONGEST: usize = 2_000;

/// A text as its pairs of neighbouring characters, sorted: texts with the same words have the same pairs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bag(Vec<(char, char)>);

impl Bag {
    /// The pairs of a text; a text of one character is a pair with itself.
    pub fn of(text: &str) -> Self {
        let mut pairs: Vec<_> = text.chars().zip(text.chars().skip(1)).take(LONGEST).collect();
        if pairs.is_empty() {
            pairs.extend(text.chars().next().map(|c| (c, c)));
        }
        pairs.sort_unstable();
        Bag(pairs)
    }

    /// The pairs of several texts together.
    pub fn of_all<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut pairs: Vec<_> = texts.into_iter().flat_map(|text| Bag::of(text).0).take(LONGEST).collect();
        pairs.sort_unstable();
        Bag(pairs)
    }

    /// The pairs, sorted.
    pub fn pairs(&self) -> &[(char, char)] {
        &self.0
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How alike two texts are in thousandths (Dice): 1000 for the same pairs, 0 for none in common or none at all.
    pub fn likeness(&self, other: &Bag) -> u32 {
        thousandths(2 * self.common(other), self.len() + other.len())
    }

    /// How much of this text is in the other, in thousandths.
    pub fn within(&self, other: &Bag) -> u32 {
        thousandths(self.common(other), self.len())
    }

    fn common(&self, other: &Bag) -> usize {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = 0;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => drop(a.next()),
                std::cmp::Ordering::Greater => drop(b.next()),
                std::cmp::Ordering::Equal => {
                    common += 1;
                    a.next();
                    b.next();
                }
            }
        }
        common
    }
}

fn thousandths(part: usize, whole: usize) -> u32 {
    (part * 1000).checked_div(whole).unwrap_or(0) as u32
}

/// Pairs of old and new, the most alike first, each in one pair at most. None of `likeness` are no pair.
///
/// Of pairs that are equally alike the earlier in both lists comes first, so that the other way round gives the same.
pub(super) fn most_alike(
    old: &[usize],
    new: &[usize],
    likeness: impl Fn(usize, usize) -> Option<u32>,
) -> Vec<(usize, usize)> {
    if old.len() * new.len() > MOST_PAIRS {
        return Vec::new();
    }
    let mut candidates: Vec<(u32, usize, usize)> = Vec::new();
    for &i in old {
        candidates.extend(new.iter().filter_map(|&j| Some((likeness(i, j)?, i, j))));
    }
    candidates.sort_by_key(|&(alike, i, j)| (std::cmp::Reverse(alike), i + j, i.abs_diff(j)));
    let (mut taken_old, mut taken_new) = (std::collections::HashSet::new(), std::collections::HashSet::new());
    let mut pairs = Vec::new();
    for (_, i, j) in candidates {
        if !taken_old.contains(&i) && !taken_new.contains(&j) {
            taken_old.insert(i);
            taken_new.insert(j);
            pairs.push((i, j));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_of_texts() {
        let alike = |a: &str, b: &str| Bag::of(a).likeness(&Bag::of(b));
        assert_eq!(alike("窓口の予約", "窓口の予約"), 1000);
        assert_eq!(alike("窓口の予約", "図書購入"), 0);
        assert_eq!(alike("", ""), 0);
        assert_eq!(alike("予", "予"), 1000);
        assert_eq!(alike("窓口の予約", "窓口の予約管理"), 800);
        assert_eq!(Bag::of("窓口の予約").within(&Bag::of("新しい窓口の予約管理")), 1000);
    }

    #[test]
    fn the_most_alike_are_paired_first() {
        let table = [[Some(5), Some(9)], [Some(5), Some(9)], [None, Some(1)]];
        assert_eq!(most_alike(&[0, 1, 2], &[0, 1], |i, j| table[i][j]), [(0, 1), (1, 0)]);
        assert_eq!(most_alike(&[2], &[0], |i, j| table[i][j]), []);
    }
}
