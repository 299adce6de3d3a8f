//! What changed in indicators: their names, baselines, targets and actual figures.

use super::likeness::Bag;
use super::notation::Notation;
use super::{Change, ChangeKind, kind_of, paired, values};
use crate::record::{Baseline, Kpi, KpiKind, Target};

/// Compares indicators: matched by name, what is left by likeness of names and figures.
pub(super) fn compare(old: &[Kpi], new: &[Kpi], notation: &Notation) -> Vec<Change> {
    let alike = |a: &Kpi, b: &Kpi| {
        let names = Bag::of(&notation.key(&a.name)).likeness(&Bag::of(&notation.key(&b.name)));
        let figures = same_figures(a, b, notation);
        (names >= 500 || figures && names >= 200).then_some(names + if figures { 500 } else { 0 })
    };
    let mut changes = Vec::new();
    for pair in paired(old, new, |kpi| notation.key(&kpi.name), alike) {
        let name = pair.1.or(pair.0).map(|kpi| kpi.name.clone());
        let mut own = of_pair(pair, notation);
        own.iter_mut().for_each(|change| change.kpi.clone_from(&name));
        changes.extend(own);
    }
    changes
}

/// Whether two indicators have the same figures, and any at all.
fn same_figures(old: &Kpi, new: &Kpi, notation: &Notation) -> bool {
    let units = (old.unit.as_deref(), new.unit.as_deref());
    !old.targets.is_empty()
        && old.targets.len() == new.targets.len()
        && old
            .targets
            .iter()
            .zip(&new.targets)
            .all(|(a, b)| a.fiscal_year == b.fiscal_year && values::same(&a.value, &b.value, units, notation))
}

fn of_pair(pair: (Option<&Kpi>, Option<&Kpi>), notation: &Notation) -> Vec<Change> {
    let (before, after) = (pair.0.map(|kpi| &kpi.at), pair.1.map(|kpi| &kpi.at));
    let at = |kind| Change::new(kind).at(before, after);
    let (Some(old), Some(new)) = pair else {
        let kind = kind_of(pair, ChangeKind::KpiAdded, ChangeKind::KpiRemoved, ChangeKind::KpiRenamed);
        let name = |kpi: &Kpi| kpi.name.clone();
        return vec![at(kind).texts(pair.0.map(name), pair.1.map(name))];
    };
    let mut changes = Vec::new();
    if !notation.same(&old.name, &new.name) {
        changes.push(at(ChangeKind::KpiRenamed).texts(Some(old.name.clone()), Some(new.name.clone())));
    }
    // A unit that is stated for one edition's figures one by one is no other unit.
    if let (Some(a), Some(b)) = (&old.unit, &new.unit)
        && !notation.same(a, b)
    {
        changes.push(at(ChangeKind::KpiChanged).field("unit").texts(Some(a.clone()), Some(b.clone())));
    }
    if old.kind != new.kind {
        let kind = |kpi: &Kpi| {
            kpi.kind.map(|kind| match kind {
                KpiKind::Activity => "activity".to_owned(),
                KpiKind::Outcome => "outcome".to_owned(),
            })
        };
        changes.push(at(ChangeKind::KpiChanged).field("type").texts(kind(old), kind(new)));
    }
    let units = (old.unit.as_deref(), new.unit.as_deref());
    changes.extend(baseline(old.baseline.as_ref(), new.baseline.as_ref(), units, notation));
    changes.extend(figures(&old.targets, &new.targets, &TARGETS, units, notation));
    changes.extend(figures(&old.actuals, &new.actuals, &ACTUALS, units, notation));
    changes
}

type Units<'u> = (Option<&'u str>, Option<&'u str>);

fn baseline(old: Option<&Baseline>, new: Option<&Baseline>, units: Units, notation: &Notation) -> Vec<Change> {
    let pair = (old, new);
    let kind = kind_of(pair, ChangeKind::BaselineAdded, ChangeKind::BaselineRemoved, ChangeKind::BaselineChanged);
    let year = new.or(old).and_then(|baseline| baseline.fiscal_year);
    let at = || Change::new(kind).of_year(year).at(old.map(|baseline| &baseline.at), new.map(|baseline| &baseline.at));
    let values =
        |change: Change| change.values(old.map(|baseline| &baseline.value), new.map(|baseline| &baseline.value));
    let (Some(a), Some(b)) = pair else {
        return if old.is_none() && new.is_none() { Vec::new() } else { vec![values(at())] };
    };
    let mut changes = Vec::new();
    if !values::same(&a.value, &b.value, units, notation) {
        let mut change = values(at());
        change.difference = values::difference(&a.value, &b.value, units, notation);
        changes.push(change);
    }
    let text = |year: Option<i32>| year.map(|year| year.to_string());
    if a.fiscal_year != b.fiscal_year {
        changes.push(at().field("fiscal_year").texts(text(a.fiscal_year), text(b.fiscal_year)));
    } else if a.as_of != b.as_of {
        changes.push(at().field("as_of").texts(a.as_of.clone(), b.as_of.clone()));
    }
    changes
}

/// The kinds of changes of a list of figures.
struct Kinds {
    added: ChangeKind,
    removed: ChangeKind,
    changed: ChangeKind,
    /// Where the same figure for another year is a change of its own.
    moved: Option<ChangeKind>,
}

const TARGETS: Kinds = Kinds {
    added: ChangeKind::TargetAdded,
    removed: ChangeKind::TargetRemoved,
    changed: ChangeKind::TargetChanged,
    moved: Some(ChangeKind::TargetMoved),
};
const ACTUALS: Kinds = Kinds {
    added: ChangeKind::ActualAdded,
    removed: ChangeKind::ActualRemoved,
    changed: ChangeKind::ActualChanged,
    moved: None,
};

fn figures(old: &[Target], new: &[Target], kinds: &Kinds, units: Units, notation: &Notation) -> Vec<Change> {
    let key = |target: &Target| (target.fiscal_year, target.indicator.as_deref().map(|text| notation.key(text)));
    let same = |a: &Target, b: &Target| values::same(&a.value, &b.value, units, notation);
    let moved = |a: &Target, b: &Target| (kinds.moved.is_some() && same(a, b)).then_some(1);
    let mut changes = Vec::new();
    for pair in paired(old, new, key, moved) {
        let (before, after) = pair;
        let kind = kind_of(pair, kinds.added, kinds.removed, kinds.changed);
        let year = after.or(before).and_then(|target| target.fiscal_year);
        let at = |kind| {
            let change = Change::new(kind).of_year(year);
            change.at(before.map(|target| &target.at), after.map(|target| &target.at))
        };
        let values =
            |change: Change| change.values(before.map(|target| &target.value), after.map(|target| &target.value));
        match (pair, kinds.moved) {
            ((Some(a), Some(b)), Some(moved)) if a.fiscal_year != b.fiscal_year => {
                let text = |target: &Target| target.fiscal_year.map(|year| year.to_string());
                changes.push(at(moved).field("fiscal_year").texts(text(a), text(b)));
            }
            ((Some(a), Some(b)), _) if same(a, b) => {}
            ((Some(a), Some(b)), _) => {
                let mut change = values(at(kind));
                change.difference = values::difference(&a.value, &b.value, units, notation);
                changes.push(change);
            }
            _ => changes.push(values(at(kind))),
        }
    }
    changes
}
