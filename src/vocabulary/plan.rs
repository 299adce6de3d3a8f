//! The words of a plan's own pages: cover, running heads, glossary.

use super::{WordList, compact};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a word on a cover, in a title or at a glossary stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanWord {
    /// A status before the proposal.
    Draft,
    /// A plan that awaits its decision.
    Proposal,
    /// Beside a date or alone on a cover: the plan has been decided.
    Final,
    /// Beside a date: the day of the first edition, whatever its status.
    Published,
    /// Beside a date: the day of a revision.
    Revised,
    /// What a label of a date may end with.
    DateEnding,
    /// A date still to be filled in, without its placeholders.
    BlankDate,
    /// Characters that hold a place to be filled in.
    Placeholder,
    /// A whole version.
    Version,
    /// Stands before a version's number.
    VersionPrefix,
    /// Stands behind a version's number.
    VersionEnding,
    /// The last word of a plan's title.
    Kind,
    /// A kind that titles a plan only with a name before it.
    Generic,
    /// Continues a title on the next line of a cover.
    Subtitle,
    /// What of a document this volume is; kept in the title, looked through for its kind.
    Edition,
    /// Begins a line that says where a paper belongs, with a number or nothing behind it.
    Attachment,
    /// Heads a table of contents.
    Contents,
    /// Begins the body.
    Opening,
    /// Behind 第 and a number: a part of the body.
    Chapter,
    /// Before a number: which in a row.
    Ordinal,
    /// Behind a number: an edition of a plan in a row of plans.
    EditionCount,
    /// A label before a title.
    TitleLabel,
    /// A label before an authority.
    PublisherLabel,
    /// A label before the plan's period.
    PeriodLabel,
    /// What every phrase for a plan's period holds.
    Period,
    /// How a plan calls itself.
    Own,
    /// Before the word for a period: it is the plan's own.
    OwnPrefix,
    /// Joins a plan's name to what is its.
    Of,
    /// Ends what a sentence is about.
    Topic,
    /// Behind a number of years: a duration.
    Duration,
    /// Behind a year: the first of a period.
    FirstYear,
    /// Behind a year: the last of a period.
    LastYear,
    /// The prefectures.
    Prefecture,
    /// The last character of a prefecture whose name is not listed.
    PrefectureEnding,
    /// The last character of a district that may stand before a town's name.
    District,
    /// Ministries and agencies.
    Ministry,
    /// The last character of a municipality.
    Municipality,
    /// The last character of a municipality that lies in a district.
    InDistrict,
    /// Municipalities whose names end like a phrase or hold such a last character inside.
    MunicipalityName,
    /// Endings that look like a municipality and are none.
    NotMunicipality,
    /// Behind such a last character: a compound that names no municipality.
    NotBefore,
    /// The last word of a body that several authorities share.
    SharedBody,
    /// How an authority calls itself in its texts; ends with the last character of its name.
    SelfName,
    /// The last word of a department.
    Department,
    /// In the name of an owner: it stands for departments that are not named.
    Collective,
    /// Tells two names apart that are otherwise the same: they are of two places, or of two of several.
    Apart,
    /// Behind an authority: its head or its seat.
    Head,
    /// Titles a glossary.
    GlossaryHeading,
    /// Heads the column of terms.
    TermHead,
    /// Heads the column of readings.
    ReadingHead,
    /// Heads the column of definitions; also as the end of a longer head.
    DefinitionHead,
    /// Ends the title of a group of terms by their first sound.
    SoundGroup,
    /// Words of other languages written with ideographs that Japanese does not use.
    ForeignWord,
}

/// The words of covers and glossaries, indexed.
#[derive(Debug, Clone, Default)]
pub struct PlanIndex {
    words: BTreeMap<PlanWord, WordList>,
    empty: WordList,
}

impl PlanIndex {
    pub(super) fn new(words: &BTreeMap<PlanWord, Vec<String>>) -> Self {
        let list = |words: &Vec<String>| WordList::new(&words.iter().map(|word| compact(word)).collect::<Vec<_>>());
        PlanIndex { words: words.iter().map(|(key, words)| (*key, list(words))).collect(), empty: WordList::default() }
    }

    /// The words of one kind.
    pub fn words(&self, word: PlanWord) -> &WordList {
        self.words.get(&word).unwrap_or(&self.empty)
    }
}
