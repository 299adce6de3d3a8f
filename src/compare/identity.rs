//! Ids of measures over editions: a measure that was renamed or renumbered keeps its id.

use super::measures;
use super::notation::Notation;
use crate::record::PlanRecord;
use crate::vocabulary::Vocabulary;
use std::collections::HashSet;

/// Gives each measure of the newer edition the id of the measure it was in the older one; ids stay unique.
pub fn carry(old: &PlanRecord, new: &mut PlanRecord, vocabulary: &Vocabulary) {
    let matched = measures::matched(&old.measures, &new.measures, &Notation::new(vocabulary));
    let mut taken = HashSet::new();
    let mut carried = HashSet::new();
    for &(i, j) in &matched {
        let id = &old.measures[i].id;
        if taken.insert(id.clone()) {
            new.measures[j].id.clone_from(id);
            carried.insert(j);
        }
    }
    let others = new.measures.iter_mut().enumerate().filter(|(j, _)| !carried.contains(j));
    for (_, measure) in others {
        let mut id = measure.id.clone();
        let mut order = 1;
        while !taken.insert(id.clone()) {
            order += 1;
            id = format!("{}-{order}", measure.id);
        }
        measure.id = id;
    }
}
