//! Ideographs of simplified Chinese that no Japanese standard has.

use std::sync::LazyLock;

const TABLE: &str = include_str!("simplified.txt");

/// The first ideograph of the table's block, and how many the block has (CJK Unified Ideographs).
const FIRST: u32 = 0x4E00;
const COUNT: usize = 0x5200;

/// One bit an ideograph.
static BITS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; COUNT / 64];
    for index in characters().filter_map(index) {
        bits[index / 64] |= 1 << (index % 64);
    }
    bits
});

/// Whether an ideograph belongs to simplified Chinese alone (a selection: see the head of `simplified.txt`).
pub fn is_simplified(c: char) -> bool {
    index(c).is_some_and(|index| BITS[index / 64] >> (index % 64) & 1 == 1)
}

fn characters() -> impl Iterator<Item = char> {
    TABLE.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars)
}

fn index(c: char) -> Option<usize> {
    u32::from(c).checked_sub(FIRST).map(|index| index as usize).filter(|index| *index < COUNT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        let table: Vec<char> = characters().collect();
        assert!(table.is_sorted_by(|a, b| a < b));
        assert!(table.iter().all(|&c| is_simplified(c)));
    }

    #[test]
    fn japanese_ideographs_are_none() {
        for c in "計画学国会広実験売桜髙﨑邉渡辺斎弁区体云个".chars() {
            assert!(!is_simplified(c), "{c}");
        }
        for c in "计这们书车务".chars() {
            assert!(is_simplified(c), "{c}");
        }
    }
}
