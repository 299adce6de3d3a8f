//! Measures matched by name, number and content, and what changed in them.

use super::header::SameTitles;
use super::likeness::{Bag, MOST_PAIRS, most_alike};
use super::notation::Notation;
use super::{Change, ChangeKind, fields, kpis};
use crate::record::{Measure, PlanRecord};
use std::collections::{HashMap, HashSet};

/// What of a measure tells that it is the same measure.
struct Traits {
    name: String,
    name_bag: Bag,
    number: Option<String>,
    policies: Vec<String>,
    /// Its texts, activities and indicators: what it is about. Not its owners, which many measures share.
    content: Bag,
}

impl Traits {
    fn of(measure: &Measure, notation: &Notation) -> Self {
        let name = notation.key(&measure.name);
        let texts = measure.sections.iter().map(|section| section.text.as_str());
        let texts = texts.chain(measure.schedule.iter().map(|item| item.text.as_str()));
        let texts = texts.chain(measure.activities.iter().map(|activity| activity.text.as_str()));
        let texts = texts.chain(measure.kpis.iter().map(|kpi| kpi.name.as_str()));
        let keys: Vec<String> = texts.map(|text| notation.key(text)).collect();
        Traits {
            name_bag: Bag::of(&name),
            name,
            number: measure.number.as_deref().map(|number| notation.key(number)),
            policies: measure.policies.iter().map(|policy| notation.key(policy)).collect(),
            content: Bag::of_all(keys.iter().map(String::as_str)),
        }
    }

    fn has_number_of(&self, other: &Traits) -> bool {
        self.number.is_some() && self.number == other.number
    }

    /// How alike two measures of one name are.
    fn namesake(&self, other: &Traits) -> u32 {
        let number = if self.has_number_of(other) { 4000 } else { 0 };
        let policies = if self.policies == other.policies { 2000 } else { 0 };
        number + policies + self.content.likeness(&other.content)
    }

    /// How alike two measures of different names are; none where they are two measures.
    fn kin(&self, other: &Traits) -> Option<u32> {
        // Less content than this is shared by chance.
        const TELLING: usize = 12;
        let names = self.name_bag.likeness(&other.name_bag);
        let numbered = self.has_number_of(other);
        let telling = self.content.len().min(other.content.len()) >= TELLING;
        let contents = if telling { self.content.likeness(&other.content) } else { 0 };
        let kin = names >= 750
            || names >= 400 && (numbered || contents >= 500)
            || numbered && contents >= 500
            || contents >= 800;
        kin.then_some(names + contents + if numbered { 300 } else { 0 })
    }

    /// Whether this measure went into another edition's `whole`, which as `before` had none of it.
    fn is_in(&self, whole: &Traits, before: &Traits) -> bool {
        const TELLING: usize = 20;
        self.content.len() >= TELLING
            && self.content.within(&whole.content) >= 700
            && self.content.within(&before.content) < 400
    }
}

/// Which measure of the older edition is which of the newer one, by their places in the lists.
pub(super) fn matched(old: &[Measure], new: &[Measure], notation: &Notation) -> Vec<(usize, usize)> {
    let traits = |measures: &[Measure]| measures.iter().map(|m| Traits::of(m, notation)).collect::<Vec<_>>();
    pairs(&traits(old), &traits(new))
}

fn pairs(old: &[Traits], new: &[Traits]) -> Vec<(usize, usize)> {
    let mut by_name: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
    old.iter().enumerate().for_each(|(i, measure)| by_name.entry(&measure.name).or_default().0.push(i));
    new.iter().enumerate().for_each(|(j, measure)| by_name.entry(&measure.name).or_default().1.push(j));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (old_ones, new_ones) in by_name.values() {
        if old_ones.len() * new_ones.len() > MOST_PAIRS {
            // So many of one name are told apart by nothing but their order.
            pairs.extend(old_ones.iter().copied().zip(new_ones.iter().copied()));
        } else {
            pairs.extend(most_alike(old_ones, new_ones, |i, j| Some(old[i].namesake(&new[j]))));
        }
    }
    let (left_old, left_new) = left(old.len(), new.len(), &pairs);
    pairs.extend(most_alike(&left_old, &left_new, |i, j| old[i].kin(&new[j])));
    pairs.sort_by_key(|&(_, j)| j);
    pairs
}

fn left(old: usize, new: usize, pairs: &[(usize, usize)]) -> (Vec<usize>, Vec<usize>) {
    let (in_old, in_new): (HashSet<usize>, HashSet<usize>) = pairs.iter().copied().unzip();
    ((0..old).filter(|i| !in_old.contains(i)).collect(), (0..new).filter(|j| !in_new.contains(j)).collect())
}

/// What changed in measures that are matched, and which are not.
pub(super) fn compare(
    old: &PlanRecord,
    new: &PlanRecord,
    matched: &[(usize, usize)],
    same_titles: &SameTitles,
    notation: &Notation,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for &(i, j) in matched {
        let (before, after) = (&old.measures[i], &new.measures[j]);
        let mut own = itself(before, after, same_titles, notation);
        own.extend(fields::compare(before, after, notation));
        own.extend(kpis::compare(&before.kpis, &after.kpis, notation));
        for change in &mut own {
            about(change, after);
        }
        changes.extend(own);
    }
    let (left_old, left_new) = left(old.measures.len(), new.measures.len(), matched);
    if left_old.is_empty() && left_new.is_empty() {
        return changes;
    }
    let traits = |record: &PlanRecord| record.measures.iter().map(|m| Traits::of(m, notation)).collect::<Vec<_>>();
    let (olds, news) = (traits(old), traits(new));
    for i in left_old {
        let into = matched.iter().find(|&&(k, j)| olds[i].is_in(&news[j], &olds[k]));
        let mut change = Change::new(into.map_or(ChangeKind::MeasureRemoved, |_| ChangeKind::MeasureMerged));
        let whole = into.map(|&(_, j)| &new.measures[j]);
        change = change.texts(Some(old.measures[i].name.clone()), whole.map(|whole| whole.name.clone()));
        change = change.at(Some(&old.measures[i].at), whole.map(|whole| &whole.at));
        about(&mut change, whole.unwrap_or(&old.measures[i]));
        changes.push(change);
    }
    for j in left_new {
        let from = matched.iter().find(|&&(i, k)| news[j].is_in(&olds[i], &news[k]));
        let mut change = Change::new(from.map_or(ChangeKind::MeasureAdded, |_| ChangeKind::MeasureSplit));
        let whole = from.map(|&(i, _)| &old.measures[i]);
        change = change.texts(whole.map(|whole| whole.name.clone()), Some(new.measures[j].name.clone()));
        change = change.at(whole.map(|whole| &whole.at), Some(&new.measures[j].at));
        about(&mut change, &new.measures[j]);
        changes.push(change);
    }
    changes
}

fn about(change: &mut Change, measure: &Measure) {
    change.measure = Some(measure.id.clone());
    change.name = Some(measure.name.clone());
}

/// Name, number, policies and period of a measure.
fn itself(old: &Measure, new: &Measure, same_titles: &SameTitles, notation: &Notation) -> Vec<Change> {
    let at = |kind| Change::new(kind).at(Some(&old.at), Some(&new.at));
    let mut changes = Vec::new();
    if !notation.same(&old.name, &new.name) {
        changes.push(at(ChangeKind::MeasureRenamed).texts(Some(old.name.clone()), Some(new.name.clone())));
    }
    if !notation.same_or_none(old.number.as_deref(), new.number.as_deref()) {
        changes.push(at(ChangeKind::MeasureRenumbered).texts(old.number.clone(), new.number.clone()));
    }
    if !same_titles.of_measure(&old.policies, &new.policies, notation) {
        let path = |policies: &[String]| (!policies.is_empty()).then(|| policies.join(" › "));
        changes.push(at(ChangeKind::MeasureMoved).texts(path(&old.policies), path(&new.policies)));
    }
    if old.period != new.period {
        let period = |measure: &Measure| measure.period.map(fields::span);
        changes.push(at(ChangeKind::MeasurePeriodChanged).texts(period(old), period(new)));
    }
    changes
}
