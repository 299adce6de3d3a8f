//! Diagnostics: what went wrong or is unsure, from a closed list of codes.

use crate::document::Place;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something a person should know about a record, a value or a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// What kind of thing it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence in English that quotes the source where that helps.
    pub message: String,
    /// Where in the source; null where it concerns the whole of it.
    pub at: Option<Place>,
    /// JSON pointer of the record field it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Diagnostic {
    /// A diagnostic of the code's own severity.
    pub fn new(code: Code, message: impl Into<String>, at: Option<Place>) -> Self {
        Diagnostic { code, severity: code.severity(), message: message.into(), at, field: None }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Info,
    /// A value is missing or doubtful.
    Warning,
    /// The document, or a part of it, could not be read.
    Error,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $severity:ident;)+) => {
        /// The closed list of diagnostic codes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &[Code] = &[$(Code::$name,)+];

            /// The severity that a diagnostic of this code has.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    /// No measure was found: the source holds no plan, or none that is understood.
    NoPlanFound Warning;
    /// A contents or summary table lists a measure that the body does not describe.
    MeasureListedWithoutBody Warning;
    /// A row has fewer or more values than its year columns, or is shifted against its header.
    CellCountMismatch Warning;
    /// A model form on a how-to-read page was left out.
    TemplateSkipped Info;
    /// A character of a foreign script stands inside a Japanese word.
    SuspectCharacter Warning;
    /// A schedule item whose span the source does not say.
    ScheduleSpanUnknown Warning;
    /// A page has no text (a scanned image).
    PageWithoutText Warning;
    /// A page is a picture, and its text is what a machine recognised in it: nobody checked it.
    RecognisedText Warning;
    /// Text decodes to garbage (a font without a usable encoding) and was left out.
    UnreadableText Warning;
    /// A value is printed that no rule understands.
    UnparsedValue Warning;
    /// A year of an era that had ended (平成32年度), taken as the year it would have been.
    EraYearAfterEnd Info;
    /// A date before its era began (令和元年4月), taken as the calendar year it means.
    EraYearBeforeStart Info;
    /// A year printed in two notations that disagree (2021(令和4)年度).
    EraConflict Warning;
    /// A table of indicators that names neither a measure nor a policy: its figures are in no record.
    IndicatorsUnassigned Warning;
    /// A target's year lies outside the plan's period.
    TargetOutsidePeriod Warning;
    /// A measure stands under a policy number that no policy has.
    UnknownPolicyNumber Warning;
    /// Two measures have the same number.
    DuplicateMeasureNumber Warning;
    /// Numbers that should follow each other leave a gap.
    MeasureNumberGap Info;
    /// A span ends before it starts.
    EndBeforeStart Warning;
    /// A record does not fit the schema (a defect of the program).
    SchemaViolation Error;
    /// The source is empty.
    EmptySource Error;
    /// The source is in no format that is read.
    UnsupportedFormat Error;
    /// The source could not be read from disk.
    UnreadableSource Error;
    /// The source is damaged; what could be read was read.
    DamagedSource Warning;
    /// The source is encrypted and needs a password.
    EncryptedSource Error;
    /// The source's encoding was a guess, or bytes in it belong to no character.
    EncodingDoubtful Warning;
    /// A limit of size, memory, time or depth was reached.
    LimitExceeded Error;
    /// The worker that read the document died.
    WorkerCrashed Error;
    /// A correction was not put in: the source says something else than what was corrected.
    StaleCorrection Warning;
    /// Hidden rows, columns or sheets were left out.
    HiddenContentSkipped Info;
    /// A cell holds an error value (#REF!).
    CellError Warning;
}

impl Code {
    /// The kebab-case name that records carry.
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => unreachable!("a unit variant is a string"),
        }
    }
}
