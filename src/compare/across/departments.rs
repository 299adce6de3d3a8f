//! Departments that one plan alone names, and which of them seem to be another's under another name.
//!
//! Names that differ by a word that is put in are held for one (危機管理課, 防災危機管理課). Where a word is replaced
//! (推進課, 戦略課) that is not enough: all other plans must name the other one, or another plan must name it for the same
//! measure. Names that differ by a direction or a number are of two.

use super::{Authority, Finding, FindingKind, LoneDepartment, Outline, candidates, sorted};
use crate::compare::likeness::Bag;
use crate::compare::notation::Notation;
use crate::document::Place;
use crate::record::Role;
use crate::vocabulary::{PlanWord, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};

/// So alike that one may be the other with a word more, in thousandths.
const ADDED: u32 = 750;
/// So much of the longer name must stand in both where a word is replaced and all others, or a measure, say it is one.
const ALL_OTHERS: usize = 600;
const SAME_MEASURE: usize = 500;
/// So many characters at the beginning, where only the others' names say so: what a department is about stands there.
const BEGINNING: usize = 2;

/// A department of a plan: where the plan names it first.
#[derive(Clone, Copy)]
struct Department<'o> {
    /// The position of that plan.
    order: usize,
    outline: &'o Outline<'o>,
    key: &'o str,
    name: &'o str,
    at: &'o Place,
}

/// Finds departments that one plan alone names, and among them those that seem renamed.
pub(super) fn compare(outlines: &[Outline], notation: &Notation, vocabulary: &Vocabulary, found: &mut Authority) {
    // Editions of a plan name the same departments: titles are counted, not documents.
    let titles: BTreeSet<&str> = outlines.iter().map(|outline| outline.title.as_str()).collect();
    if titles.len() < 2 {
        return;
    }
    let mut plans: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut first: BTreeMap<&str, Department> = BTreeMap::new();
    for (order, outline) in outlines.iter().enumerate() {
        for (key, &(name, at)) in &outline.departments {
            plans.entry(key).or_default().insert(&outline.title);
            first.entry(key).or_insert(Department { order, outline, key, name, at });
        }
    }
    // In the order of the plans, as they are shown.
    let mut seen = BTreeSet::new();
    let in_order = outlines.iter().flat_map(|outline| outline.departments.keys());
    let lone: Vec<Department> = in_order
        .filter(|key| plans[key.as_str()].len() == 1 && seen.insert(key.as_str()))
        .map(|key| first[key.as_str()])
        .collect();
    let position: BTreeMap<&str, usize> = lone.iter().enumerate().map(|(i, department)| (department.key, i)).collect();

    // By how sure it is.
    let mut pairs: Vec<(usize, [Department; 2])> = Vec::new();
    let bags: Vec<Bag> = lone.iter().map(|department| Bag::of(department.key)).collect();
    for (i, j) in candidates::names(&bags, ADDED) {
        let (a, b) = (lone[i], lone[j]);
        let likeness = bags[i].likeness(&bags[j]);
        if a.outline.title != b.outline.title && likeness >= ADDED && only_added(a.key, b.key) {
            pairs.push((1000 + likeness as usize, [a, b]));
        }
    }
    let swapped = |a: &str, b: &str, least: usize, beginning: usize| {
        let (start, end) = in_both(a, b);
        let share = (start + end) * 1000 / a.chars().count().max(b.chars().count());
        let middles = [a, b].map(|name| middle(name, start, end));
        let is_apart =
            middles.iter().all(|part| vocabulary.plan.words(PlanWord::Apart).iter().any(|word| part.contains(word)));
        (share >= least && start >= beginning && !is_apart && middles.iter().all(|part| !part.is_empty()))
            .then_some(share)
    };
    for [a, b] in of_same_measures(outlines, notation) {
        let both_there = [&a, &b].map(|key| first.get(key.as_str()).copied());
        if let ([Some(a), Some(b)], true) =
            (both_there, position.contains_key(a.as_str()) || position.contains_key(b.as_str()))
            && plans[a.key].is_disjoint(&plans[b.key])
            && let Some(share) = swapped(a.key, b.key, SAME_MEASURE, 0)
        {
            pairs.push((share, if a.order <= b.order { [a, b] } else { [b, a] }));
        }
    }
    // Those that all plans but one name.
    let usual: Vec<Department> = first
        .values()
        .filter(|department| titles.len() > 2 && plans[department.key].len() + 1 == titles.len())
        .copied()
        .collect();
    for &a in &lone {
        for &b in usual.iter().filter(|b| plans[b.key].is_disjoint(&plans[a.key])) {
            if let Some(share) = swapped(a.key, b.key, ALL_OTHERS, BEGINNING) {
                pairs.push((share, [a, b]));
            }
        }
    }
    pairs.sort_by(|(sure, [a, b]), (other, [c, d])| other.cmp(sure).then((a.key, b.key).cmp(&(c.key, d.key))));
    let mut paired: BTreeSet<&str> = BTreeSet::new();
    let mut renamed: Vec<[Department; 2]> = Vec::new();
    for (_, pair) in pairs {
        // A department that alone is named so is one other; that other may have more names.
        let is_new =
            pair.iter().all(|department| !position.contains_key(department.key) || !paired.contains(department.key));
        if is_new {
            paired.extend(pair.map(|department| department.key));
            renamed.push(pair);
        }
    }
    renamed.sort_by_key(|pair| pair.map(|department| position.get(department.key).copied().unwrap_or(usize::MAX)));
    for [a, b] in renamed {
        let side = |department: Department| department.outline.side(None, department.name, None, Some(department.at));
        found.findings.push(Finding {
            kind: FindingKind::DepartmentRenamed,
            fiscal_year: None,
            first: side(a),
            second: side(b),
            difference: None,
        });
    }
    let alone = lone.iter().filter(|department| !paired.contains(department.key));
    found.lone_departments = alone
        .map(|Department { outline, name, at, .. }| LoneDepartment {
            path: outline.record.source.path.clone(),
            name: (*name).to_owned(),
            at: (*at).clone(),
        })
        .collect();
}

/// The departments that lead measures of one name in two plans, where these name each one that the other does not.
fn of_same_measures(outlines: &[Outline], notation: &Notation) -> BTreeSet<[String; 2]> {
    let mut leads: BTreeMap<&str, Vec<BTreeSet<String>>> = BTreeMap::new();
    for outline in outlines {
        for (name, &i) in &outline.measures {
            let owners = outline.record.measures[i].owners.iter().filter(|owner| owner.role == Role::Lead);
            leads.entry(name).or_default().push(owners.map(|owner| notation.key(&owner.name)).collect());
        }
    }
    let mut pairs = BTreeSet::new();
    for plans in leads.values() {
        // Each with the one before: a name that many plans have says no more than one that two have.
        for pair in plans.windows(2) {
            let own = [pair[0].difference(&pair[1]), pair[1].difference(&pair[0])];
            if let [[a], [b]] = own.map(Iterator::collect::<Vec<_>>).each_ref().map(Vec::as_slice) {
                pairs.insert(sorted([(*a).clone(), (*b).clone()]));
            }
        }
    }
    pairs
}

/// Whether one of two names is the other with characters put in. Where one is replaced (北部, 南部) they are two.
fn only_added(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut rest = long.chars();
    short.chars().all(|c| rest.any(|other| other == c))
}

/// How many characters at their beginning, and how many of the others at their end, two names have in common.
fn in_both(a: &str, b: &str) -> (usize, usize) {
    let start = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let room = a.chars().count().min(b.chars().count()) - start;
    let end = a.chars().rev().zip(b.chars().rev()).take(room).take_while(|(a, b)| a == b).count();
    (start, end)
}

/// What stands in a name between so many characters at its beginning and at its end.
fn middle(name: &str, start: usize, end: usize) -> String {
    let count = name.chars().count();
    name.chars().skip(start).take(count - start - end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_names_have_in_common() {
        assert_eq!(in_both("デジタル推進課", "デジタル戦略課"), (4, 1));
        assert_eq!(in_both("課", "課課"), (1, 0));
        assert_eq!(middle("デジタル推進課", 4, 1), "推進");
        assert!(only_added("危機管理課", "防災危機管理課") && !only_added("北部課", "南部課"));
    }
}
