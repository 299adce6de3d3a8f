//! Plans of one authority held against each other: what two of them say differently of the same thing.
//!
//! A false finding is worse than none. So two indicators are held for one only where their names, without what stands
//! in parentheses, are the same or nearly so, or alike and with a figure in common; and only figures of the same fiscal
//! year are compared. Editions of one plan are not compared here: [`super::compare`] does that.

mod candidates;
mod departments;

use super::likeness::{Bag, MOST_PAIRS, most_alike};
use super::notation::Notation;
use super::{Content, Difference, values};
use crate::document::Place;
use crate::record::{Baseline, Kpi, PlanRecord, Role, Value, ValueKind};
use crate::vocabulary::{PlanWord, Vocabulary};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What plans of one authority say together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Authority {
    pub name: String,
    pub plans: Vec<PlanNote>,
    /// Pairs of plans that are editions of one plan, and were not compared.
    pub editions: usize,
    /// Indicators that two plans have.
    pub shared_kpis: Vec<SharedKpi>,
    /// Measures that two plans have.
    pub shared_measures: usize,
    pub findings: Vec<Finding>,
    /// Departments that one plan alone names.
    pub lone_departments: Vec<LoneDepartment>,
    /// Comparisons that are too large to look for names that are alike; same names were looked for.
    pub too_many: usize,
    /// At most so many pairs of plans were left out, because there are too many: those that meet in several names count
    /// several times.
    pub pairs_left: usize,
}

/// A plan that was compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanNote {
    /// Path of the source below the ingested folder.
    pub path: String,
    pub title: String,
    /// `2023-04..2027-03`; null where the plan states none.
    pub period: Option<String>,
}

/// An indicator that two plans have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SharedKpi {
    pub first: Side,
    pub second: Side,
    /// Whether the names are the same; else they are alike.
    pub same_name: bool,
    /// Fiscal years for which both state a figure as a target.
    pub years: Vec<i32>,
    /// Whether all those figures agree, and the baselines where they are of one year; null where nothing can be compared.
    pub agrees: Option<bool>,
}

/// What one plan says, and where.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Path of the source below the ingested folder.
    pub path: String,
    /// The measure or the policy that it belongs to; null for what is the plan's own.
    pub of: Option<String>,
    /// The name of the indicator, measure or department; the title of the plan.
    pub name: String,
    /// What is said; null where the name is what differs.
    pub content: Option<Content>,
    /// Null for the plan's header.
    pub at: Option<Place>,
}

/// What two plans say differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    pub kind: FindingKind,
    /// The fiscal year of the figures.
    pub fiscal_year: Option<i32>,
    pub first: Side,
    pub second: Side,
    /// Of two figures that can be subtracted, second less first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
}

/// What kind of thing two plans say differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// The same indicator has two targets for one fiscal year.
    TargetDiffers,
    /// The same indicator has two baselines of one fiscal year.
    BaselineDiffers,
    /// The same measure has other departments in the lead.
    OwnerDiffers,
    /// A department that only one plan names is named like one that the other plans name: with a word more, or with
    /// another where all others, or the same measure of another, name that one.
    DepartmentRenamed,
    /// Two plans share indicators or measures, but there is time between their periods.
    PeriodsApart,
}

impl FindingKind {
    /// The kebab-case name that findings carry.
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => unreachable!("a unit variant is a string"),
        }
    }
}

/// A department that one plan alone names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoneDepartment {
    pub path: String,
    pub name: String,
    /// Where it stands there first.
    pub at: Place,
}

/// An indicator and what it belongs to.
struct Held<'r> {
    kpi: &'r Kpi,
    of: &'r str,
    name: Name,
}

/// A name, ready to be compared.
struct Name {
    key: String,
    /// Without what stands in parentheses.
    bare: String,
    bag: Bag,
    /// What stands in parentheses.
    aside: Bag,
}

struct Outline<'r> {
    record: &'r PlanRecord,
    title: String,
    kpis: Vec<Held<'r>>,
    measures: BTreeMap<String, usize>,
    /// Departments by their keys: the name, and where it stands first.
    departments: BTreeMap<String, (&'r str, &'r Place)>,
}

/// Holds plans of one authority against each other, each pair once, in the order given.
pub fn across(authority: &str, records: &[PlanRecord], vocabulary: &Vocabulary) -> Authority {
    let notation = Notation::new(vocabulary);
    let outlines: Vec<Outline> = records.iter().map(|record| Outline::of(record, &notation, vocabulary)).collect();
    let mut found = Authority {
        name: authority.to_owned(),
        plans: records.iter().map(note).collect(),
        editions: 0,
        shared_kpis: Vec::new(),
        shared_measures: 0,
        findings: Vec::new(),
        lone_departments: Vec::new(),
        too_many: 0,
        pairs_left: 0,
    };
    found.editions = editions(&outlines);
    let mut measures_of_both = BTreeSet::new();
    let (pairs, left) = candidates::pairs(&outlines);
    found.pairs_left = left;
    for (i, j) in pairs {
        let (first, second) = (&outlines[i], &outlines[j]);
        if first.is_edition_of(second) {
            continue;
        }
        let shared = kpis(first, second, &notation, &mut found);
        let measures = measures(first, second, &notation, &mut found);
        if shared + measures.len() > 0 {
            found.findings.extend(periods_apart(first.record, second.record));
        }
        let plans = sorted([first.title.as_str(), second.title.as_str()]);
        measures_of_both.extend(measures.into_iter().map(|name| (plans, name)));
    }
    found.shared_measures = measures_of_both.len();
    departments::compare(&outlines, &notation, vocabulary, &mut found);
    say_once(&mut found, &outlines, &notation, vocabulary);
    found
}

/// How many pairs of documents are editions of one plan.
fn editions(outlines: &[Outline]) -> usize {
    let mut titled: BTreeMap<&str, Vec<&Outline>> = BTreeMap::new();
    for outline in outlines {
        titled.entry(&outline.title).or_default().push(outline);
    }
    let pairs = |group: &Vec<&Outline>| {
        let others =
            |(i, first): (usize, &&Outline)| group[i + 1..].iter().filter(|other| first.is_edition_of(other)).count();
        group.iter().enumerate().map(others).sum::<usize>()
    };
    titled.values().map(pairs).sum()
}

/// A record without what is not compared: an authority may have very many.
pub fn needed(mut record: PlanRecord) -> PlanRecord {
    record.glossary.clear();
    record.diagnostics.clear();
    record.corrections.clear();
    for measure in &mut record.measures {
        measure.policies.clear();
        measure.categories.clear();
        measure.sections.clear();
        measure.activities.clear();
        measure.budgets.clear();
        measure.schedule.clear();
    }
    record
}

fn sorted<T: Ord>(mut two: [T; 2]) -> [T; 2] {
    two.sort();
    two
}

/// Leaves out what another pair of editions of the same two plans says already.
fn say_once(found: &mut Authority, outlines: &[Outline], notation: &Notation, vocabulary: &Vocabulary) {
    let titles: BTreeMap<&str, &str> =
        outlines.iter().map(|outline| (outline.record.source.path.as_str(), outline.title.as_str())).collect();
    let who = |side: &Side| (titles[side.path.as_str()].to_owned(), Name::of(&side.name, notation, vocabulary).bare);
    let said = |side: &Side| match &side.content {
        None => String::new(),
        Some(Content::Text(text)) => notation.key(text),
        Some(Content::Value(value)) => notation.key(&value.raw),
    };
    let mut seen = BTreeSet::new();
    found.findings.retain(|finding| {
        let sides = [&finding.first, &finding.second].map(|side| (who(side), said(side)));
        seen.insert((finding.kind, finding.fiscal_year, sorted(sides)))
    });
    let mut seen = BTreeSet::new();
    found.shared_kpis.retain(|shared| {
        let sides = [&shared.first, &shared.second].map(who);
        seen.insert((shared.agrees, sorted(sides)))
    });
}

fn note(record: &PlanRecord) -> PlanNote {
    let period = record.plan.period.map(|period| format!("{}..{}", period.start, period.end));
    PlanNote { path: record.source.path.clone(), title: record.plan.title.clone(), period }
}

impl<'r> Outline<'r> {
    fn of(record: &'r PlanRecord, notation: &Notation, vocabulary: &Vocabulary) -> Self {
        let of_policies = record.policies.iter().map(|policy| (policy.title.as_str(), &policy.kpis));
        let of_measures = record.measures.iter().map(|measure| (measure.name.as_str(), &measure.kpis));
        let kpis = of_policies.chain(of_measures);
        let held = |(of, kpis): (&'r str, &'r Vec<Kpi>)| {
            kpis.iter().map(move |kpi| Held { kpi, of, name: Name::of(&kpi.name, notation, vocabulary) })
        };
        let mut names = BTreeMap::new();
        for (i, measure) in record.measures.iter().enumerate() {
            // Of measures of one name none is told from the others.
            names.entry(notation.key(&measure.name)).and_modify(|found| *found = None).or_insert(Some(i));
        }
        let mut departments = BTreeMap::new();
        let (endings, collective) =
            (vocabulary.plan.words(PlanWord::Department), vocabulary.plan.words(PlanWord::Collective));
        for owner in record.measures.iter().flat_map(|measure| &measure.owners) {
            let key = notation.key(&owner.name);
            if endings.at_end_of(&key).is_some() && !collective.iter().any(|word| key.contains(word)) {
                departments.entry(key).or_insert((owner.name.as_str(), &owner.at));
            }
        }
        Outline {
            record,
            title: notation.key(&record.plan.title),
            kpis: kpis.flat_map(held).collect(),
            measures: names.into_iter().filter_map(|(name, i)| Some((name, i?))).collect(),
            departments,
        }
    }

    /// Whether two documents are editions of one plan: of one title, and as far as is known of one period.
    fn is_edition_of(&self, other: &Outline) -> bool {
        let periods = (self.record.plan.period, other.record.plan.period);
        self.title == other.title && !matches!(periods, (Some(a), Some(b)) if a != b)
    }

    fn side(&self, of: Option<&str>, name: &str, content: Option<Content>, at: Option<&Place>) -> Side {
        Side {
            path: self.record.source.path.clone(),
            of: of.map(str::to_owned),
            name: name.to_owned(),
            content,
            at: at.cloned(),
        }
    }
}

impl Name {
    fn of(name: &str, notation: &Notation, vocabulary: &Vocabulary) -> Self {
        let key = notation.key(name);
        // A label before the name (指標: …) is none of it; any other word there is (男性: …).
        let unlabelled = key.split_once(':').filter(|(label, _)| !vocabulary.labels.meanings(label).is_empty());
        let key = unlabelled.map_or(key.as_str(), |(_, name)| name).to_owned();
        let (mut bare, mut aside, mut depth) = (String::new(), String::new(), 0_usize);
        for c in key.chars() {
            match c {
                '(' | '（' | '［' | '[' => depth += 1,
                ')' | '）' | '］' | ']' => depth = depth.saturating_sub(1),
                c if depth > 0 => aside.push(c),
                c => bare.push(c),
            }
        }
        Name { bag: Bag::of(&bare), aside: Bag::of(&aside), bare, key }
    }

    /// How alike two names are, in thousandths. What stands in parentheses is a note where only one has it, but where
    /// both have it it tells two indicators apart.
    fn likeness(&self, other: &Name) -> u32 {
        if self.aside.len() > 0 && other.aside.len() > 0 && self.aside.likeness(&other.aside) < 500 {
            return 0;
        }
        if self.bare == other.bare { 1000 } else { self.bag.likeness(&other.bag) }
    }
}

/// Whether a value is a figure, and no word for one.
fn is_figure(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Number | ValueKind::Ratio | ValueKind::Change | ValueKind::Range)
}

type Units<'u> = (Option<&'u str>, Option<&'u str>);

/// The figures that two indicators state as targets for the same fiscal years, each year once.
fn common_targets<'r>(
    first: &'r Kpi,
    second: &'r Kpi,
) -> Vec<(i32, &'r crate::record::Target, &'r crate::record::Target)> {
    let by_year = |kpi: &'r Kpi| {
        let mut years = BTreeMap::new();
        for target in kpi.targets.iter().filter(|target| is_figure(&target.value)) {
            if let Some(year) = target.fiscal_year {
                // Two figures of one year are of two things.
                years.entry(year).and_modify(|found| *found = None).or_insert(Some(target));
            }
        }
        years
    };
    let others = by_year(second);
    let both = |(year, target): (i32, Option<_>)| Some((year, target?, (*others.get(&year)?)?));
    by_year(first).into_iter().filter_map(both).collect()
}

/// How sure it is that two indicators are one; none where they are two.
fn same_kpi(first: &Held, second: &Held, notation: &Notation) -> Option<u32> {
    const NEARLY_SAME: u32 = 800;
    let likeness = first.name.likeness(&second.name);
    if likeness < candidates::ALIKE {
        return None;
    }
    let units: Units = (first.kpi.unit.as_deref(), second.kpi.unit.as_deref());
    let other_units = matches!(units, (Some(a), Some(b)) if !notation.same(a, b));
    let in_common = || {
        let common = common_targets(first.kpi, second.kpi);
        common.iter().any(|(_, a, b)| values::same(&a.value, &b.value, units, notation))
    };
    let is_one = likeness == 1000 || !other_units && (likeness >= NEARLY_SAME || in_common());
    is_one.then_some(likeness + u32::from(first.name.key == second.name.key))
}

/// Compares the indicators that two plans share; gives how many these are.
fn kpis(first: &Outline, second: &Outline, notation: &Notation, found: &mut Authority) -> usize {
    let pairs = kpi_pairs(first, second, notation, found);
    for &(i, j) in &pairs {
        let (a, b) = (&first.kpis[i], &second.kpis[j]);
        let units: Units = (a.kpi.unit.as_deref(), b.kpi.unit.as_deref());
        let mut compared = 0;
        let mut differing = 0;
        let mut hold = |kind, year: Option<i32>, (x, x_at): (&Value, &Place), (y, y_at): (&Value, &Place)| {
            compared += 1;
            if values::same(x, y, units, notation) {
                return;
            }
            differing += 1;
            let content = |value: &Value| Some(Content::Value(Box::new(value.clone())));
            found.findings.push(Finding {
                kind,
                fiscal_year: year,
                first: first.side(Some(a.of), &a.kpi.name, content(x), Some(x_at)),
                second: second.side(Some(b.of), &b.kpi.name, content(y), Some(y_at)),
                difference: values::difference(x, y, units, notation),
            });
        };
        let common = common_targets(a.kpi, b.kpi);
        for (year, x, y) in &common {
            hold(FindingKind::TargetDiffers, Some(*year), (&x.value, &x.at), (&y.value, &y.at));
        }
        if let Some((x, y)) = common_baseline(a.kpi, b.kpi) {
            hold(FindingKind::BaselineDiffers, x.fiscal_year, (&x.value, &x.at), (&y.value, &y.at));
        }
        found.shared_kpis.push(SharedKpi {
            first: first.side(Some(a.of), &a.kpi.name, None, Some(&a.kpi.at)),
            second: second.side(Some(b.of), &b.kpi.name, None, Some(&b.kpi.at)),
            same_name: a.name.key == b.name.key,
            years: common.iter().map(|(year, ..)| *year).collect(),
            agrees: (compared > 0).then_some(differing == 0),
        });
    }
    pairs.len()
}

/// Which indicators of two plans are one: by name, what is left by likeness.
fn kpi_pairs(first: &Outline, second: &Outline, notation: &Notation, found: &mut Authority) -> Vec<(usize, usize)> {
    let mut named: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (j, held) in second.kpis.iter().enumerate() {
        named.entry(&held.name.key).and_modify(|found| *found = None).or_insert(Some(j));
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut left: Vec<usize> = Vec::new();
    for (i, held) in first.kpis.iter().enumerate() {
        match named.get_mut(held.name.key.as_str()).and_then(Option::take) {
            Some(j) => pairs.push((i, j)),
            None => left.push(i),
        }
    }
    let taken: BTreeSet<usize> = pairs.iter().map(|&(_, j)| j).collect();
    let others: Vec<usize> = (0..second.kpis.len()).filter(|j| !taken.contains(j)).collect();
    found.too_many += usize::from(left.len() * others.len() > MOST_PAIRS);
    pairs.extend(most_alike(&left, &others, |i, j| same_kpi(&first.kpis[i], &second.kpis[j], notation)));
    pairs.sort_unstable();
    pairs
}

/// The baselines of two indicators, where both are figures of one stated time.
fn common_baseline<'r>(first: &'r Kpi, second: &'r Kpi) -> Option<(&'r Baseline, &'r Baseline)> {
    let (a, b) = (first.baseline.as_ref()?, second.baseline.as_ref()?);
    let one_time = a.fiscal_year.is_some() && a.fiscal_year == b.fiscal_year && a.as_of == b.as_of;
    (one_time && is_figure(&a.value) && is_figure(&b.value)).then_some((a, b))
}

/// Compares the measures that two plans share; gives their names.
fn measures<'o>(first: &'o Outline, second: &Outline, notation: &Notation, found: &mut Authority) -> Vec<&'o str> {
    let mut shared = Vec::new();
    for (name, &i) in &first.measures {
        let Some(&j) = second.measures.get(name) else { continue };
        shared.push(name.as_str());
        let (a, b) = (&first.record.measures[i], &second.record.measures[j]);
        let leads = |owners: &'_ [crate::record::Owner]| -> (Vec<String>, BTreeSet<String>) {
            let leads = owners.iter().filter(|owner| owner.role == Role::Lead).map(|owner| owner.name.clone());
            let names: Vec<String> = leads.collect();
            let keys = names.iter().map(|name| notation.key(name)).collect();
            (names, keys)
        };
        let ((a_names, a_keys), (b_names, b_keys)) = (leads(&a.owners), leads(&b.owners));
        if a_keys.is_empty() || b_keys.is_empty() || a_keys == b_keys {
            continue;
        }
        let content = |names: &[String]| Some(Content::Text(names.join("、")));
        let at = |measure: &'_ crate::record::Measure| measure.owners.first().map(|owner| owner.at.clone());
        found.findings.push(Finding {
            kind: FindingKind::OwnerDiffers,
            fiscal_year: None,
            first: first.side(None, &a.name, content(&a_names), at(a).as_ref()),
            second: second.side(None, &b.name, content(&b_names), at(b).as_ref()),
            difference: None,
        });
    }
    shared
}

/// Two plans with time between their periods.
fn periods_apart(first: &PlanRecord, second: &PlanRecord) -> Option<Finding> {
    let (a, b) = (first.plan.period?, second.plan.period?);
    if a.end.plus(1) >= b.start && b.end.plus(1) >= a.start {
        return None;
    }
    let side = |record: &PlanRecord| Side {
        path: record.source.path.clone(),
        of: None,
        name: record.plan.title.clone(),
        content: note(record).period.map(Content::Text),
        at: None,
    };
    let kind = FindingKind::PeriodsApart;
    Some(Finding { kind, fiscal_year: None, first: side(first), second: side(second), difference: None })
}
