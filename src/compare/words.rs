//! The words that differ between two texts.

use super::Rewording;
use super::notation::Notation;

/// Two texts with more words than this, multiplied, are not compared word by word.
const LARGEST: usize = 1_000_000;

/// The words that were replaced, in order. Words that are the same in another notation are the same.
pub(super) fn changed(old: &str, new: &str, notation: &Notation) -> Vec<Rewording> {
    // The longest common sequence is not always one; so that the mirror image is the same one, it is sought in one order.
    if old > new {
        let swap = |Rewording { old, new }| Rewording { old: new, new: old };
        return changed(new, old, notation).into_iter().map(swap).collect();
    }
    let (old, new) = (words(old, notation), words(new, notation));
    let keys = |words: &[&str]| words.iter().map(|word| notation.key(word)).collect::<Vec<_>>();
    let (a, b) = (keys(&old), keys(&new));
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (a_end, b_end) = (a.len() - tail, b.len() - tail);
    let mut changed = Vec::new();
    let mut push = |i: std::ops::Range<usize>, j: std::ops::Range<usize>| {
        if !(i.is_empty() && j.is_empty()) {
            changed.push(Rewording { old: old[i].concat(), new: new[j].concat() });
        }
    };
    let (mut i, mut j) = (head, head);
    for (x, y) in common(&a[head..a_end], &b[head..b_end]) {
        push(i..head + x, j..head + y);
        (i, j) = (head + x + 1, head + y + 1);
    }
    push(i..a_end, j..b_end);
    changed.retain(|Rewording { old, new }| !notation.same(old, new));
    changed
}

/// A text in words: times (令和5年度), and runs of one kind of character, as near as one comes to words without a
/// dictionary.
fn words<'t>(text: &'t str, notation: &Notation) -> Vec<&'t str> {
    let mut words = Vec::new();
    let mut end = 0;
    for time in notation.times(text) {
        words.extend(runs(&text[end..time.start]));
        words.push(&text[time.clone()]);
        end = time.end;
    }
    words.extend(runs(&text[end..]));
    words
}

/// Runs of one kind of character.
fn runs(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        '0'..='9' | '.' | ',' => 0,
        'a'..='z' | 'A'..='Z' => 1,
        'ァ'..='ヿ' => 2,
        'ぁ'..='ゟ' => 3,
        '\u{3400}'..='\u{9fff}' => 4,
        c if c.is_whitespace() => 5,
        _ => 6,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        // Marks stand alone; white space goes with what is before it.
        if !c.is_whitespace() && before.is_some_and(|before| before != kind(c) || before == 6) {
            words.push(&text[start..at]);
            start = at;
        }
        before = Some(kind(c));
    }
    words.push(&text[start..]);
    words.retain(|word| !word.trim().is_empty());
    words
}

/// The places of a longest common sequence.
fn common(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    if a.len() * b.len() > LARGEST {
        return Vec::new();
    }
    let width = b.len() + 1;
    let mut longest = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut places = Vec::new();
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn only_what_changed_is_named() {
        let vocabulary = Vocabulary::built_in();
        let notation = Notation::new(&vocabulary);
        for (old, new, expected) in [
            ("窓口を開設する。", "窓口を開設する。", &[][..]),
            ("令和5年度に、\n窓口を開設する。", "2023年度に、窓口を 開設する。", &[]),
            ("市民課が窓口を開設する。", "港湾課が窓口を拡充する。", &[("市民課", "港湾課"), ("開設", "拡充")]),
            ("窓口を開設する。", "窓口を開設する。説明会も開く。", &[("", "説明会も開く。")]),
            ("", "設計", &[("", "設計")]),
            ("10件を20件に", "10件を30件に", &[("20", "30")]),
        ] {
            let found = changed(old, new, &notation);
            let found: Vec<(&str, &str)> = found.iter().map(|word| (word.old.as_str(), word.new.as_str())).collect();
            assert_eq!(found, expected, "{old} {new}");
            let mirrored = changed(new, old, &notation);
            let mirrored: Vec<(&str, &str)> =
                mirrored.iter().map(|word| (word.new.as_str(), word.old.as_str())).collect();
            assert_eq!(mirrored, expected, "{new} {old}");
        }
    }
}
