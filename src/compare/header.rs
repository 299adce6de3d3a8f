//! What stands around the measures: the plan's header, its policies, its glossary.

use super::likeness::Bag;
use super::notation::Notation;
use super::{Change, ChangeKind, fields, kind_of, kpis, paired};
use crate::record::{GlossaryEntry, Plan, Policy, Status};
use std::collections::{HashMap, HashSet};

/// What changed in the header.
pub(super) fn compare(old: &Plan, new: &Plan, notation: &Notation) -> Vec<Change> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let status = |status: Status| match status {
        Status::Draft => Some("draft".to_owned()),
        Status::Proposal => Some("proposal".to_owned()),
        Status::Final => Some("final".to_owned()),
        Status::Unknown => None,
    };
    let fields = [
        (ChangeKind::PlanTitle, text(&old.title), text(&new.title)),
        (ChangeKind::PlanPublisher, old.publisher.clone(), new.publisher.clone()),
        (ChangeKind::PlanStatus, status(old.status), status(new.status)),
        (ChangeKind::PlanVersion, old.version.clone(), new.version.clone()),
        (ChangeKind::PlanPublished, old.published.clone(), new.published.clone()),
        (ChangeKind::PlanRevised, old.revised.clone(), new.revised.clone()),
        (ChangeKind::PlanPeriod, old.period.map(fields::period), new.period.map(fields::period)),
    ];
    let differ = |(_, old, new): &(ChangeKind, Option<String>, Option<String>)| {
        !notation.same_or_none(old.as_deref(), new.as_deref())
    };
    fields.into_iter().filter(differ).map(|(kind, old, new)| Change::new(kind).texts(old, new)).collect()
}

/// What changed in the policies, and which titles are of one policy.
pub(super) struct Policies {
    pub changes: Vec<Change>,
    pub same_titles: SameTitles,
}

/// Titles, without notation, that one policy had in the older and has in the newer edition.
#[derive(Default)]
pub(super) struct SameTitles {
    pairs: HashSet<(String, String)>,
    /// Those that no other policy of its edition has.
    own: HashSet<(String, String)>,
}

impl SameTitles {
    /// Whether a measure stands under the same policies. That the policy it stands under went elsewhere, and it with
    /// it, is that policy's change.
    pub fn of_measure(&self, old: &[String], new: &[String], notation: &Notation) -> bool {
        let keys = |(old, new): (&String, &String)| (notation.key(old), notation.key(new));
        let is_own = |nearest: Option<(&String, &String)>| nearest.is_some_and(|pair| self.own.contains(&keys(pair)));
        let is_same = |pair| {
            let keys = keys(pair);
            keys.0 == keys.1 || self.pairs.contains(&keys)
        };
        is_own(old.last().zip(new.last())) || old.len() == new.len() && old.iter().zip(new).all(is_same)
    }
}

/// Compares policies: matched by title, what is left by likeness of titles and number.
pub(super) fn policies(old: &[Policy], new: &[Policy], notation: &Notation) -> Policies {
    let alike = |old: &Policy, new: &Policy| {
        let titles = Bag::of(&notation.key(&old.title)).likeness(&Bag::of(&notation.key(&new.title)));
        let numbered = old.number.is_some() && old.number == new.number && old.parent == new.parent;
        (titles >= 600 || numbered && titles >= 300).then_some(titles)
    };
    let (lone_old, lone_new) = (lone_titles(old, notation), lone_titles(new, notation));
    let mut changes = Vec::new();
    let mut same_titles = SameTitles::default();
    for pair in paired(old, new, |policy| notation.key(&policy.title), alike) {
        let (before, after) = pair;
        let title = after.or(before).map(|policy| policy.title.clone());
        let at = |kind| {
            let mut change = Change::new(kind).at(before.map(|policy| &policy.at), after.map(|policy| &policy.at));
            change.name.clone_from(&title);
            change
        };
        let titles = || (before.map(|policy| policy.title.clone()), after.map(|policy| policy.title.clone()));
        let (Some(old), Some(new)) = pair else {
            let (old, new) = titles();
            let kind = kind_of(pair, ChangeKind::PolicyAdded, ChangeKind::PolicyRemoved, ChangeKind::PolicyRenamed);
            changes.push(at(kind).texts(old, new));
            continue;
        };
        let titles_of = (notation.key(&old.title), notation.key(&new.title));
        if lone_old.contains(&titles_of.0) && lone_new.contains(&titles_of.1) {
            same_titles.own.insert(titles_of.clone());
        }
        same_titles.pairs.insert(titles_of);
        if !notation.same(&old.title, &new.title) {
            let (old, new) = titles();
            changes.push(at(ChangeKind::PolicyRenamed).texts(old, new));
        }
        if !notation.same_or_none(old.number.as_deref(), new.number.as_deref()) {
            changes.push(at(ChangeKind::PolicyRenumbered).texts(old.number.clone(), new.number.clone()));
        }
        if !notation.same_or_none(old.parent.as_deref(), new.parent.as_deref()) {
            changes.push(at(ChangeKind::PolicyMoved).texts(old.parent.clone(), new.parent.clone()));
        }
        for mut change in kpis::compare(&old.kpis, &new.kpis, notation) {
            change.name.clone_from(&title);
            changes.push(change);
        }
    }
    Policies { changes, same_titles }
}

/// The titles that one policy alone has.
fn lone_titles(policies: &[Policy], notation: &Notation) -> HashSet<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    policies.iter().for_each(|policy| *counts.entry(notation.key(&policy.title)).or_default() += 1);
    counts.into_iter().filter(|(_, count)| *count == 1).map(|(title, _)| title).collect()
}

/// What changed in the glossary.
pub(super) fn glossary(old: &[GlossaryEntry], new: &[GlossaryEntry], notation: &Notation) -> Vec<Change> {
    let mut changes = Vec::new();
    for pair in paired(old, new, |entry| notation.key(&entry.term), |_, _| None) {
        let (old, new) = pair;
        if let (Some(old), Some(new)) = pair
            && notation.same(&old.definition, &new.definition)
            && notation.same_or_none(old.reading.as_deref(), new.reading.as_deref())
        {
            continue;
        }
        let kind = kind_of(pair, ChangeKind::TermAdded, ChangeKind::TermRemoved, ChangeKind::TermChanged);
        let text = |entry: &GlossaryEntry| match &entry.reading {
            Some(reading) => format!("{} ({reading}): {}", entry.term, entry.definition),
            None => format!("{}: {}", entry.term, entry.definition),
        };
        let change = Change::new(kind).texts(old.map(text), new.map(text));
        changes.push(change.at(old.map(|entry| &entry.at), new.map(|entry| &entry.at)));
    }
    changes
}
