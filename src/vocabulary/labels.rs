//! Labels, levels and marks: what a label cell, a column head or a heading's first word names.

use super::{WordList, Words};
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

impl Label {
    /// Whether words before or behind its label leave its meaning as it is.
    fn may_be_composed(self) -> bool {
        !matches!(
            self,
            Label::Number
                | Label::Name
                | Label::OwnerLead
                | Label::OwnerRelated
                | Label::Category
                | Label::Unit
                | Label::Year
                | Label::Period
                | Label::Budget
                | Label::Funding
                | Label::FundingGroup
                | Label::Page
                | Label::Template
        )
    }
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
    Person,
    Sort,
    Degree,
}

/// Headings that are not policies, by why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plain {
    Headings,
}

/// A part of a label that is put together of several words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelPart {
    /// Before the end of an owner's label: 推進 in 推進担当課.
    OwnerBefore,
    /// The same, and the owner is a related one: 連携 in 連携担当課.
    RelatedBefore,
    /// What an owner is: 課 in 推進担当課.
    OwnerEnd,
    /// Before the label of a text, an indicator, a figure or a schedule, whose meaning it leaves as it is: 主な課題.
    Before,
    /// Behind such a label: 目標値の推移.
    Behind,
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
    /// First characters of the level words with the words' numbers, sorted.
    level_starts: Vec<(char, usize)>,
    /// Characters of the longest label.
    longest: usize,
    /// The last two characters of every word that a label may end with, the last one first, sorted.
    ends: Vec<(char, Option<char>)>,
    parts: BTreeMap<LabelPart, WordList>,
}

impl LabelIndex {
    /// The index of labels, of the words that end longer ones or are parts of them, and of levels; `suffixes` may stand
    /// behind any of them.
    pub(super) fn new<'w>(words: &'w Words, suffixes: impl IntoIterator<Item = &'w String>) -> Self {
        let Words { labels, label_endings: endings, label_parts, levels, .. } = words;
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
        index.sort_levels();
        let endings = index.endings.iter().map(|(word, _)| word);
        let mut ends: Vec<_> = index.meanings.keys().chain(endings).filter_map(|word| end(word)).collect();
        let parts =
            [LabelPart::OwnerEnd, LabelPart::Behind].into_iter().filter_map(|part| label_parts.get(&part)).flatten();
        ends.extend(suffixes.into_iter().chain(parts).filter_map(|suffix| end(suffix)));
        ends.sort_unstable();
        ends.dedup();
        index.ends = ends;
        index.parts = label_parts.iter().map(|(part, words)| (*part, WordList::new(words))).collect();
        index
    }

    /// Adds a level's word to the index.
    pub(super) fn add_level(&mut self, word: &str, level: Level) {
        self.add(word, Meaning::Level(level));
        self.levels.push((compact(word), level));
        self.sort_levels();
        self.ends.extend(end(&compact(word)));
        self.ends.sort_unstable();
    }

    /// Makes a word a field's label and nothing else.
    pub(super) fn set_label(&mut self, word: &str, label: Label) {
        self.meanings.remove(&compact(word));
        self.add(word, Meaning::Field(label));
        self.ends.extend(end(&compact(word)));
        self.ends.sort_unstable();
    }

    fn sort_levels(&mut self) {
        self.levels.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        let starts = self.levels.iter().enumerate().filter_map(|(i, (word, _))| Some((word.chars().next()?, i)));
        self.level_starts = starts.collect();
        self.level_starts.sort_unstable();
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

    /// What a compact label put together of known parts means; empty where it is none.
    pub fn composed(&self, compact: &str) -> Vec<Meaning> {
        if let Some(owner) = self.composed_owner(compact) {
            return vec![Meaning::Field(owner)];
        }
        let part = |part: LabelPart| self.parts.get(&part);
        let plain = |label: &Meaning| matches!(label, Meaning::Field(label) if label.may_be_composed());
        let known = |word: &str| -> Vec<Meaning> { self.meanings(word).iter().filter(|m| plain(m)).copied().collect() };
        let end = part(LabelPart::Behind).and_then(|words| words.at_end_of(compact)).map_or(0, str::len);
        let mut start = 0;
        loop {
            for stem in [&compact[start..compact.len().max(start + end) - end], &compact[start..]] {
                let found = known(stem);
                if !found.is_empty() && stem.len() < compact.len() {
                    return found;
                }
            }
            let rest = &compact[start..];
            let level = self.leading_level(rest).map(|(_, length)| &rest[..length]);
            // 措置番号: what numbers a rank
            let numbers =
                level.is_some_and(|level| self.meanings(&rest[level.len()..]).contains(&Meaning::Field(Label::Number)));
            if numbers {
                return vec![Meaning::Field(Label::Number)];
            }
            let before = part(LabelPart::Before).and_then(|words| words.at_start_of(rest)).or(level);
            let before = before.map(|word| {
                rest.strip_prefix(word)
                    .filter(|tail| tail.starts_with(OF))
                    .map_or(word, |_| &rest[..word.len() + OF.len_utf8()])
            });
            match before {
                Some(before) if start + before.len() < compact.len() => start += before.len(),
                _ => return Vec::new(),
            }
        }
    }

    /// `推進担当課`, `連携所属`: words for who does it, then what that is.
    fn composed_owner(&self, compact: &str) -> Option<Label> {
        let part = |part: LabelPart| self.parts.get(&part);
        let end = part(LabelPart::OwnerEnd)?.at_end_of(compact)?;
        let mut rest = &compact[..compact.len() - end.len()];
        let mut owner = None;
        while !rest.is_empty() {
            let related = part(LabelPart::RelatedBefore).and_then(|words| words.at_end_of(rest));
            let lead = part(LabelPart::OwnerBefore).and_then(|words| words.at_end_of(rest));
            rest = &rest[..rest.len() - related.or(lead)?.len()];
            let is_related = related.is_some() || owner == Some(Label::OwnerRelated);
            owner = Some(if is_related { Label::OwnerRelated } else { Label::OwnerLead });
        }
        owner
    }

    /// The field that a longer label's ending names.
    pub fn ending(&self, compact: &str) -> Option<Label> {
        self.endings.iter().find(|(ending, _)| compact.ends_with(ending.as_str())).map(|(_, label)| *label)
    }

    /// Whether a level word begins with a character.
    pub fn begins_level(&self, c: char) -> bool {
        self.level_starts.binary_search_by_key(&c, |(start, _)| *start).is_ok()
    }

    /// The level word that a text begins with, and its length in bytes.
    pub fn leading_level(&self, text: &str) -> Option<(Level, usize)> {
        let first = text.chars().next()?;
        let from = self.level_starts.partition_point(|(start, _)| *start < first);
        let same = self.level_starts[from..].iter().take_while(|(start, _)| *start == first);
        let mut words = same.map(|(_, number)| &self.levels[*number]);
        words.find(|(word, _)| text.starts_with(word.as_str())).map(|(word, level)| (*level, word.len()))
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

/// Joins a rank's word and what is said of it: 措置の内容.
const OF: char = 'の';

/// The last character of a word and the one before it.
fn end(word: &str) -> Option<(char, Option<char>)> {
    let mut characters = word.chars().rev();
    Some((characters.next()?, characters.next()))
}

/// A label without white space, the form in which labels are compared.
pub fn compact(text: &str) -> String {
    if !may_hold_space(text) {
        return text.to_owned();
    }
    let mut compact = String::with_capacity(text.len());
    compact.extend(text.chars().filter(|c| !c.is_whitespace()));
    compact
}

/// A quick look at bytes: whether one of them begins a character of white space (U+0020 and below, U+0085, U+00A0,
/// U+1680, U+2000 to U+205F, U+3000).
fn may_hold_space(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().any(|byte| matches!(byte, 0..=b' ' | 0xc2 | 0xe1 | 0xe2))
        || bytes.windows(3).any(|character| character == [0xe3, 0x80, 0x80])
}

#[cfg(test)]
mod tests {
    use super::super::Vocabulary;
    use super::*;

    #[test]
    fn labels_are_put_together_of_parts() {
        let vocabulary = Vocabulary::built_in();
        let table = [
            ("責任課", Some(Label::OwnerLead)),
            ("主たる推進部署", Some(Label::OwnerLead)),
            ("連携担当課", Some(Label::OwnerRelated)),
            ("協力所属", Some(Label::OwnerRelated)),
            ("主な問題点", Some(Label::Issues)),
            ("措置番号", Some(Label::Number)),
            ("措置の内容", Some(Label::Content)),
            ("今後の取組内容", Some(Label::Content)),
            ("目標値の推移", Some(Label::Target)),
            ("企画課", None),
            ("施策推進課長", None),
            ("推進", None),
            ("の推移", None),
        ];
        for (word, label) in table {
            let found = vocabulary.labels.composed(word);
            assert_eq!(found.first().copied(), label.map(Meaning::Field), "{word}");
        }
    }
}
