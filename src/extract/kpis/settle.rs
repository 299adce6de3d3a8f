//! What only the whole indicator tells: its unit, a baseline in its name or notes, a figure given twice.

use super::super::kpi_text;
use super::{Draft, is_figure};
use crate::record::{Baseline, Kpi, Target};
use crate::vocabulary::Vocabulary;
use std::collections::BTreeMap;

/// What only the whole indicator tells: its unit, a baseline in its name or notes.
pub(super) fn settle(draft: Draft, vocabulary: &Vocabulary) -> Kpi {
    let mut kpi = draft.kpi;
    let stated = kpi
        .notes
        .iter()
        .find_map(|note| kpi_text::stated(note, vocabulary))
        .or_else(|| kpi_text::stated_in_parentheses(&kpi.name, vocabulary));
    match (&mut kpi.baseline, stated) {
        (None, Some(stated)) => {
            kpi.baseline = Some(Baseline {
                fiscal_year: stated.fiscal_year,
                as_of: stated.as_of,
                value: stated.value,
                at: kpi.at.clone(),
            });
        }
        (Some(baseline), Some(stated)) if baseline.fiscal_year.is_none() && baseline.as_of.is_none() => {
            baseline.fiscal_year = stated.fiscal_year;
            baseline.as_of = stated.as_of;
        }
        _ => {}
    }
    if let Some(baseline) = &mut kpi.baseline
        && baseline.fiscal_year.is_none()
        && baseline.as_of.is_none()
    {
        baseline.fiscal_year = kpi.notes.iter().find_map(|note| kpi_text::baseline_year(note, vocabulary));
    }
    let figures =
        kpi.targets.iter().chain(&kpi.actuals).map(|target| &target.value).chain(kpi.baseline.iter().map(|b| &b.value));
    let mut units: Vec<Option<&String>> =
        figures.filter(|value| is_figure(value)).map(|value| value.unit.as_ref()).collect();
    units.dedup();
    kpi.unit = match units.as_slice() {
        [Some(unit)] => Some((*unit).clone()),
        [] if draft.unit_given => draft.unit,
        _ => None,
    };
    kpi
}

/// A target whose year has another figure already: rows that were taken for one, or a figure and its parts.
pub(super) fn stated_twice(kpi: &Kpi) -> Option<&Target> {
    let mut first: BTreeMap<i32, &Target> = BTreeMap::new();
    kpi.targets.iter().filter(|target| target.indicator.is_none() && is_figure(&target.value)).find(|target| {
        let other = target.fiscal_year.map(|year| *first.entry(year).or_insert(target));
        other.is_some_and(|other| other.value != target.value)
    })
}
