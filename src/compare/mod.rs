//! Comparison: what changed between two editions of a plan. Pure functions over records.
//!
//! ```text
//! records -> matched measures -> changes
//! ```
//!
//! - [`notation`] tells what is another text from what is the same text written otherwise: widths, spaces, line breaks,
//!   eras. Everything here looks at texts through it.
//! - [`likeness`] tells how alike two texts are, and pairs what is most alike.
//! - [`measures`] matches measures by name, number and content, never by position, and sees merges and splits.
//! - [`header`], [`fields`], [`kpis`] and [`values`] compare what is matched; [`words`] finds the words that changed.
//! - [`across`] holds several plans of one authority against each other.
//! - [`identity`] carries ids of measures over from one edition to the next.
//!
//! Comparing the other way round gives the mirror image: added for removed, old for new. Nothing depends on the order
//! of measures, and a record compared with itself gives nothing.

pub mod across;
mod fields;
mod header;
mod identity;
mod kpis;
mod likeness;
mod measures;
mod notation;
mod values;
mod words;

pub use identity::carry;

use crate::document::Place;
use crate::record::{self, PlanRecord};
use crate::vocabulary::Vocabulary;
use notation::Notation;
use serde::{Deserialize, Serialize};

/// Something that is otherwise in the newer of two editions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub kind: ChangeKind,
    /// The document, where several were compared: its path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The id of the measure it is about: the newer edition's, of a removed measure the older's.
    pub measure: Option<String>,
    /// The name of that measure, or the title of the policy.
    pub name: Option<String>,
    /// The name of the indicator.
    pub kpi: Option<String>,
    /// The fiscal year that the change is about.
    pub fiscal_year: Option<i32>,
    /// What of it changed, where the kind leaves that open.
    pub field: Option<String>,
    /// What was; null where nothing was.
    pub old: Option<Content>,
    /// What is; null where nothing is.
    pub new: Option<Content>,
    /// Where in the older source; null where nothing was, and for the plan's header.
    pub old_at: Option<Place>,
    /// Where in the newer source.
    pub new_at: Option<Place>,
    /// Of two figures that can be subtracted, by how much it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
    /// Of two texts, the words that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Rewording>,
}

/// What was or is at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    Text(String),
    Value(Box<record::Value>),
}

/// By how much a figure changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// New less old; of money without the unit's scale (千円 to 円).
    pub number: record::Number,
    pub unit: Option<String>,
    pub direction: Direction,
}

/// Where a figure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Up,
    Down,
}

/// Words that were replaced; one of the two is empty where words were put in or taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewording {
    pub old: String,
    pub new: String,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {
        /// The closed list of kinds of changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ChangeKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl ChangeKind {
            /// Every kind with what it means, in the order of the list.
            pub const ALL: &[(ChangeKind, &str)] = &[$((ChangeKind::$name, concat!($($doc),+)),)+];
        }
    };
}

kinds! {
    /// A document is there that was not.
    DocumentAdded;
    /// A document is gone.
    DocumentRemoved;
    /// The plan's title.
    PlanTitle;
    /// The authority.
    PlanPublisher;
    /// Draft, proposal, final.
    PlanStatus;
    /// The version, as printed.
    PlanVersion;
    /// The date of publication.
    PlanPublished;
    /// The date of revision.
    PlanRevised;
    /// The plan's period.
    PlanPeriod;
    /// A policy is new.
    PolicyAdded;
    /// A policy is gone.
    PolicyRemoved;
    /// A policy has another title.
    PolicyRenamed;
    /// A policy has another number.
    PolicyRenumbered;
    /// A policy stands under another.
    PolicyMoved;
    /// A measure is new.
    MeasureAdded;
    /// A measure is gone.
    MeasureRemoved;
    /// A measure has another name.
    MeasureRenamed;
    /// A measure has another number.
    MeasureRenumbered;
    /// A measure stands under other policies.
    MeasureMoved;
    /// A measure went into another.
    MeasureMerged;
    /// A measure came out of another.
    MeasureSplit;
    /// A measure's own period.
    MeasurePeriodChanged;
    /// A category or mark is new.
    CategoryAdded;
    /// A category or mark is gone.
    CategoryRemoved;
    /// An owner is new.
    OwnerAdded;
    /// An owner is gone.
    OwnerRemoved;
    /// An owner has another role, or others beside it.
    OwnerChanged;
    /// A text is new.
    SectionAdded;
    /// A text is gone.
    SectionRemoved;
    /// A text has other words.
    SectionChanged;
    /// An activity is new.
    ActivityAdded;
    /// An activity is gone.
    ActivityRemoved;
    /// An activity has another text or output.
    ActivityChanged;
    /// A schedule item is new.
    ScheduleAdded;
    /// A schedule item is gone.
    ScheduleRemoved;
    /// A schedule item has another span, text or owners.
    ScheduleChanged;
    /// An amount of money is new.
    BudgetAdded;
    /// An amount of money is gone.
    BudgetRemoved;
    /// An amount of money is another.
    BudgetChanged;
    /// An indicator is new.
    KpiAdded;
    /// An indicator is gone.
    KpiRemoved;
    /// An indicator has another name.
    KpiRenamed;
    /// An indicator has another unit or type.
    KpiChanged;
    /// A baseline is new.
    BaselineAdded;
    /// A baseline is gone.
    BaselineRemoved;
    /// A baseline has another figure or year.
    BaselineChanged;
    /// A target is new.
    TargetAdded;
    /// A target is gone.
    TargetRemoved;
    /// A target has another figure.
    TargetChanged;
    /// A target has another year.
    TargetMoved;
    /// An actual figure is new.
    ActualAdded;
    /// An actual figure is gone.
    ActualRemoved;
    /// An actual figure is another.
    ActualChanged;
    /// A term of the glossary is new.
    TermAdded;
    /// A term of the glossary is gone.
    TermRemoved;
    /// A term of the glossary means something else.
    TermChanged;
}

impl ChangeKind {
    /// The kebab-case name that changes carry.
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => unreachable!("a unit variant is a string"),
        }
    }
}

impl Change {
    /// A change of a kind, about nothing yet.
    pub fn new(kind: ChangeKind) -> Self {
        Change {
            kind,
            document: None,
            measure: None,
            name: None,
            kpi: None,
            fiscal_year: None,
            field: None,
            old: None,
            new: None,
            old_at: None,
            new_at: None,
            difference: None,
            words: Vec::new(),
        }
    }

    fn texts(mut self, old: Option<String>, new: Option<String>) -> Self {
        self.old = old.map(Content::Text);
        self.new = new.map(Content::Text);
        self
    }

    fn values(mut self, old: Option<&record::Value>, new: Option<&record::Value>) -> Self {
        self.old = old.map(|value| Content::Value(Box::new(value.clone())));
        self.new = new.map(|value| Content::Value(Box::new(value.clone())));
        self
    }

    fn at(mut self, old: Option<&Place>, new: Option<&Place>) -> Self {
        self.old_at = old.cloned();
        self.new_at = new.cloned();
        self
    }

    fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    fn of_year(mut self, year: Option<i32>) -> Self {
        self.fiscal_year = year;
        self
    }
}

/// What changed from one edition of a plan to the next.
pub fn compare(old: &PlanRecord, new: &PlanRecord, vocabulary: &Vocabulary) -> Vec<Change> {
    let notation = Notation::new(vocabulary);
    let mut changes = header::compare(&old.plan, &new.plan, &notation);
    let policies = header::policies(&old.policies, &new.policies, &notation);
    changes.extend(policies.changes);
    let matched = measures::matched(&old.measures, &new.measures, &notation);
    changes.extend(measures::compare(old, new, &matched, &policies.same_titles, &notation));
    changes.extend(header::glossary(&old.glossary, &new.glossary, &notation));
    changes
}

/// The items of two lists that belong together, each pair with at least one side: by equal keys, the first with the
/// first, then what is left by `likeness`. What has no partner stands alone.
fn paired<'t, T, K: std::hash::Hash + Eq>(
    old: &'t [T],
    new: &'t [T],
    key: impl Fn(&T) -> K,
    likeness: impl Fn(&T, &T) -> Option<u32>,
) -> Vec<(Option<&'t T>, Option<&'t T>)> {
    let mut partners: Vec<Option<usize>> = vec![None; new.len()];
    let mut by_key: std::collections::HashMap<K, std::collections::VecDeque<usize>> = Default::default();
    for (i, item) in old.iter().enumerate() {
        by_key.entry(key(item)).or_default().push_back(i);
    }
    for (j, item) in new.iter().enumerate() {
        partners[j] = by_key.get_mut(&key(item)).and_then(std::collections::VecDeque::pop_front);
    }
    let taken: std::collections::HashSet<usize> = partners.iter().flatten().copied().collect();
    let left_old: Vec<usize> = (0..old.len()).filter(|i| !taken.contains(i)).collect();
    let left_new: Vec<usize> = (0..new.len()).filter(|&j| partners[j].is_none()).collect();
    for (i, j) in likeness::most_alike(&left_old, &left_new, |i, j| likeness(&old[i], &new[j])) {
        partners[j] = Some(i);
    }
    let taken: std::collections::HashSet<usize> = partners.iter().flatten().copied().collect();
    let in_new = new.iter().zip(&partners).map(|(item, partner)| (partner.map(|i| &old[i]), Some(item)));
    let only_old = old.iter().enumerate().filter(|(i, _)| !taken.contains(i)).map(|(_, item)| (Some(item), None));
    in_new.chain(only_old).collect()
}

/// One of three kinds, by which sides are there.
fn kind_of<T>(pair: (Option<T>, Option<T>), added: ChangeKind, removed: ChangeKind, changed: ChangeKind) -> ChangeKind {
    match pair {
        (None, Some(_)) => added,
        (Some(_), None) => removed,
        _ => changed,
    }
}
