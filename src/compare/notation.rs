//! Texts without their notation: two texts that are the same here say the same, written in two ways.

use crate::normalise::{characters, periods};
use crate::vocabulary::Vocabulary;
use std::fmt::Write as _;

/// Reads texts without their notation.
pub(super) struct Notation<'v> {
    vocabulary: &'v Vocabulary,
}

impl<'v> Notation<'v> {
    pub fn new(vocabulary: &'v Vocabulary) -> Self {
        Notation { vocabulary }
    }

    /// What stays of a text over widths, spaces, line breaks, kinds of dashes and commas, and notations of years.
    pub fn key(&self, text: &str) -> String {
        let plain = plain(text);
        let mentions = periods::find(&plain, self.vocabulary);
        if mentions.is_empty() {
            return plain;
        }
        let mut key = String::with_capacity(plain.len());
        let mut end = 0;
        for periods::Mention { range, when } in mentions {
            key.push_str(&plain[end..range.start]);
            let periods::When { period, precision, date, .. } = when;
            let exact = date.as_deref().unwrap_or("");
            write!(key, "<{precision:?} {}..{} {exact}>", period.start, period.end).expect("a string takes all");
            end = range.end;
        }
        key.push_str(&plain[end..]);
        key
    }

    /// Where a text names times.
    pub fn times(&self, text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        periods::find(text, self.vocabulary).into_iter().map(|mention| mention.range)
    }

    /// Whether two texts say the same.
    pub fn same(&self, a: &str, b: &str) -> bool {
        a == b || plain(a) == plain(b) || self.key(a) == self.key(b)
    }

    /// As [`Notation::same`], of texts that may be missing; an empty one is none.
    pub fn same_or_none(&self, a: Option<&str>, b: Option<&str>) -> bool {
        match (a.filter(|text| !text.is_empty()), b.filter(|text| !text.is_empty())) {
            (Some(a), Some(b)) => self.same(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// The key of a list's texts, in any order.
    pub fn keys<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<String> {
        let mut keys: Vec<String> = texts.into_iter().map(|text| self.key(text)).collect();
        keys.sort();
        keys
    }
}

fn plain(text: &str) -> String {
    let folded = characters::fold(text);
    let even = |c| match c {
        '〜' | '~' => '～',
        '‐' | '‑' | '–' | '—' | '―' | '−' | '－' => '-',
        '，' | ',' => '、',
        '．' => '。',
        c => c,
    };
    folded.chars().filter(|c| !c.is_whitespace()).map(even).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_are_the_same_and_words_are_not() {
        let vocabulary = Vocabulary::built_in();
        let notation = Notation::new(&vocabulary);
        for (a, b) in [
            ("ＤＸ 推進", "DX推進"),
            ("令和5年度に着手", "2023年度に着手"),
            ("R5年度末まで", "令和5年度末まで"),
            ("窓口を\n24時間", "窓口を24時間"),
            ("設計，施工", "設計、施工"),
            ("4〜5件", "4～5件"),
            ("ﾃﾞｰﾀ連携", "データ連携"),
        ] {
            assert!(notation.same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("令和5年度に着手", "2024年度に着手"),
            ("令和5年に着手", "令和5年度に着手"),
            ("設計・施工", "設計、施工"),
            ("10件", "100件"),
            ("", "設計"),
        ] {
            assert!(!notation.same(a, b), "{a} {b}");
        }
    }
}
