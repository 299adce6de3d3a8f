//! Figures: which are the same, and by how much they differ.

use super::notation::Notation;
use super::{Difference, Direction};
use crate::record::{Comparator, Number, Value, ValueKind};

/// Whether two values say the same; `units` are those that hold where a value states none.
pub(super) fn same(old: &Value, new: &Value, units: (Option<&str>, Option<&str>), notation: &Notation) -> bool {
    let words = |kind| matches!(kind, ValueKind::Milestone | ValueKind::Deferred | ValueKind::Pending);
    if old.kind != new.kind {
        return false;
    }
    if old.kind == ValueKind::None {
        return true;
    }
    if words(old.kind) {
        return notation.same(&old.raw, &new.raw) && same_also(old, new, units, notation);
    }
    let comparator = |value: &Value| value.comparator.unwrap_or(Comparator::Eq);
    let quantity = match (&old.base, &new.base) {
        (Some(a), Some(b)) => equal(Some(a.number), Some(b.number)) && notation.same(&a.unit, &b.unit),
        _ => {
            equal(old.number, new.number)
                && notation.same_or_none(old.unit.as_deref().or(units.0), new.unit.as_deref().or(units.1))
        }
    };
    let others = [(old.of, new.of), (old.from, new.from), (old.to, new.to), (old.min, new.min), (old.max, new.max)];
    quantity
        && others.into_iter().all(|(a, b)| equal(a, b))
        && comparator(old) == comparator(new)
        && same_also(old, new, units, notation)
}

fn same_also(old: &Value, new: &Value, units: (Option<&str>, Option<&str>), notation: &Notation) -> bool {
    old.also.len() == new.also.len() && old.also.iter().zip(&new.also).all(|(a, b)| same(a, b, units, notation))
}

/// By how much a figure changed, where both are figures of one unit.
pub(super) fn difference(
    old: &Value,
    new: &Value,
    units: (Option<&str>, Option<&str>),
    notation: &Notation,
) -> Option<Difference> {
    if old.kind != ValueKind::Number || new.kind != ValueKind::Number {
        return None;
    }
    let (from, to, unit) = match (&old.base, &new.base) {
        (Some(a), Some(b)) if notation.same(&a.unit, &b.unit) => (a.number, b.number, Some(b.unit.as_str())),
        (None, None) => {
            let (a, b) = (old.unit.as_deref().or(units.0), new.unit.as_deref().or(units.1));
            notation.same_or_none(a, b).then_some((old.number?, new.number?, b))?
        }
        _ => return None,
    };
    let number = rounded(to.0 - from.0);
    let direction = if number > 0.0 { Direction::Up } else { Direction::Down };
    (number != 0.0).then(|| Difference { number: Number(number), unit: unit.map(str::to_owned), direction })
}

/// Without the noise of binary fractions: 0.3 less 0.1 is 0.2.
fn rounded(number: f64) -> f64 {
    const DIGITS: f64 = 1e9;
    if number.abs() < 1e6 { (number * DIGITS).round() / DIGITS } else { number }
}

fn equal(a: Option<Number>, b: Option<Number>) -> bool {
    match (a, b) {
        (Some(Number(a)), Some(Number(b))) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
        (a, b) => a.is_none() && b.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::values::parse;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn the_same_figure_in_other_notations() {
        let vocabulary = Vocabulary::built_in();
        let notation = Notation::new(&vocabulary);
        let value = |raw: &str| parse(raw, None, &vocabulary);
        for (a, b, expected) in [
            ("1,000件", "１０００件", true),
            ("1,000千円", "100万円", true),
            ("80%以上", "80％以上", true),
            ("-", "—", true),
            ("調査・検討", "調査･検討", true),
            ("80%以上", "80%", false),
            ("80人", "80件", false),
            ("調査", "検討", false),
            ("調査", "10件", false),
        ] {
            assert_eq!(same(&value(a), &value(b), (None, None), &notation), expected, "{a} {b}");
        }
        assert!(
            same(&value("80"), &value("80人"), (Some("人"), None), &notation),
            "the unit stood in the column's head"
        );
        let difference = |a: &str, b: &str| difference(&value(a), &value(b), (None, None), &notation);
        let found = difference("1,200千円", "100万円").unwrap();
        assert_eq!(
            (found.number, found.unit.as_deref(), found.direction),
            (Number(-200_000.0), Some("円"), Direction::Down)
        );
        assert_eq!(difference("0.1%", "0.3%").unwrap().number, Number(0.2));
        assert_eq!(difference("10人", "10件"), None);
        assert_eq!(difference("調査", "10件"), None);
    }
}
