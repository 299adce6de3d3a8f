//! Labels, levels and marks: what a label cell, a column head or a heading's first word names.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A field that a printed label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    Number,
    Name,
    OwnerLead,
    OwnerRelated,
    Category,
    Vision,
    CurrentState,
    Issues,
    StateAndIssues,
    Overview,
    Content,
    Effects,
    RelatedPlans,
    Other,
    Activities,
    ActivityInput,
    ActivityOutput,
    /// Titles a schedule.
    Schedule,
    /// Heads the column whose cells name a schedule's rows.
    ScheduleItem,
    Kpi,
    KpiActivity,
    KpiOutcome,
    /// Heads the row of an indicator's figures without saying which are targets.
    Values,
    Unit,
    Baseline,
    Target,
    Actual,
    Direction,
    Note,
    Year,
    Period,
    Budget,
    Funding,
    FundingGroup,
    Page,
    /// Titles a page that explains a model form.
    Template,
}

/// The ranks of a plan's hierarchy, highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Goal,
    Strategy,
    Policy,
    Initiative,
    Project,
}

/// What a mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Bullet,
    Carry,
    Run,
    Ticked,
    Unticked,
    Belongs,
    Note,
    Others,
    Nobody,
    RolePrefix,
    RelatedPrefix,
    Organisation,
    Bureau,
    Team,
    Stage,
    Total,
    Department,
    Legend,
    LegendLink,
    OpenBracket,
    CloseBracket,
    DivisionPrefix,
    Part,
    Chapter,
    Division,
    SentenceEnd,
    Separator,
    Compound,
    NameSuffix,
    LabelSuffix,
    FigureSuffix,
    Vague,
    Sort,
}

/// Headings that are not policies, by why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plain {
    Headings,
}

/// One meaning of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    Field(Label),
    Level(Level),
}

/// The labels and levels, indexed for look-up by their compact form (no white space).
#[derive(Debug, Clone, Default)]
pub struct LabelIndex {
    meanings: HashMap<String, Vec<Meaning>>,
    /// Longest first, so that the most specific ending wins.
    endings: Vec<(String, Label)>,
    /// Longest first.
    levels: Vec<(String, Level)>,
    /// First characters of the level words, sorted.
    level_starts: Vec<char>,
    /// Characters of the longest label.
    longest: usize,
    /// The last two characters of every word that a label may end with, the last one first, sorted.
    ends: Vec<(char, Option<char>)>,
}

impl LabelIndex {
    /// The index of labels, of the words that end longer ones, and of levels; `suffixes` may stand behind any of them.
    pub(super) fn new<'w>(
        labels: &BTreeMap<Label, Vec<String>>,
        endings: &BTreeMap<Label, Vec<String>>,
        levels: &BTreeMap<Level, Vec<String>>,
        suffixes: impl IntoIterator<Item = &'w String>,
    ) -> Self {
        let mut index = LabelIndex::default();
        for (label, words) in labels {
            for word in words {
                index.add(word, Meaning::Field(*label));
            }
        }
        for (level, words) in levels {
            for word in words {
                index.add(word, Meaning::Level(*level));
                index.levels.push((compact(word), *level));
            }
        }
        index.endings =
            endings.iter().flat_map(|(label, words)| words.iter().map(|word| (compact(word), *label))).collect();
        index.endings.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        index.levels.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        index.level_starts = index.levels.iter().filter_map(|(word, _)| word.chars().next()).collect();
        index.level_starts.sort_unstable();
        index.level_starts.dedup();
        let endings = index.endings.iter().map(|(word, _)| word);
        let mut ends: Vec<_> = index.meanings.keys().chain(endings).filter_map(|word| end(word)).collect();
        ends.extend(suffixes.into_iter().filter_map(|suffix| end(suffix)));
        ends.sort_unstable();
        ends.dedup();
        index.ends = ends;
        index
    }

    /// Adds a level's word to the index.
    pub(super) fn add_level(&mut self, word: &str, level: Level) {
        self.add(word, Meaning::Level(level));
        self.levels.push((compact(word), level));
        self.levels.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        self.level_starts.extend(compact(word).chars().next());
        self.level_starts.sort_unstable();
        self.ends.extend(end(&compact(word)));
        self.ends.sort_unstable();
    }

    fn add(&mut self, word: &str, meaning: Meaning) {
        let word = compact(word);
        self.longest = self.longest.max(word.chars().count());
        let meanings = self.meanings.entry(word).or_default();
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }

    /// The meanings of a compact label; empty where it is none.
    pub fn meanings(&self, compact: &str) -> &[Meaning] {
        self.meanings.get(compact).map_or(&[], Vec::as_slice)
    }

    /// Whether a word that a label may end with has these two last characters; `before` is none where it is not known.
    pub fn may_end_with(&self, before: Option<char>, last: char) -> bool {
        let start = self.ends.partition_point(|(own, _)| *own < last);
        let same = self.ends[start..].iter().take_while(|(own, _)| *own == last);
        let mut befores = same.map(|(_, own)| *own);
        befores.any(|own| own.is_none() || before.is_none() || own == before)
    }

    /// The field that a longer label's ending names.
    pub fn ending(&self, compact: &str) -> Option<Label> {
        self.endings.iter().find(|(ending, _)| compact.ends_with(ending.as_str())).map(|(_, label)| *label)
    }

    /// Whether a level word begins with a character.
    pub fn begins_level(&self, c: char) -> bool {
        self.level_starts.binary_search(&c).is_ok()
    }

    /// The level word that a text begins with, and its length in bytes.
    pub fn leading_level(&self, text: &str) -> Option<(Level, usize)> {
        text.chars().next().filter(|c| self.begins_level(*c))?;
        self.levels.iter().find(|(word, _)| text.starts_with(word.as_str())).map(|(word, level)| (*level, word.len()))
    }

    /// The level whose word ends a longer one: 環境目標.
    pub fn level_ending(&self, text: &str) -> Option<Level> {
        self.levels.iter().find(|(word, _)| text.ends_with(word.as_str())).map(|(_, level)| *level)
    }

    /// Number of characters of the longest label.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

/// The last character of a word and the one before it.
fn end(word: &str) -> Option<(char, Option<char>)> {
    let mut characters = word.chars().rev();
    Some((characters.next()?, characters.next()))
}

/// A label without white space, the form in which labels are compared.
pub fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    compact.extend(text.chars().filter(|c| !c.is_whitespace()));
    compact
}
