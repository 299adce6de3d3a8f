//! Changes for people: as text for a terminal, as Markdown, as HTML.
//!
//! Texts of documents are data in all three: what would act on a terminal is made visible, what is markup is escaped.

mod html;
mod markdown;
mod text;

pub use html::{html, html_tables};
pub use markdown::{markdown, markdown_escaped};
pub use text::text;

use super::model;
use super::plain::one_line;
use super::unit_elsewhere;
use crate::compare::{Change, Content, Difference, Direction};

/// A group of changes with what they are about: a document, a measure, or the plan itself.
pub struct Group<'c> {
    pub document: Option<&'c str>,
    pub about: Option<&'c str>,
    pub changes: &'c [Change],
}

/// Changes in groups of neighbours that are about the same.
pub fn groups(changes: &[Change]) -> Vec<Group<'_>> {
    changes
        .chunk_by(|a, b| a.document == b.document && a.measure == b.measure && a.name == b.name)
        .map(|changes| Group { document: changes[0].document.as_deref(), about: changes[0].name.as_deref(), changes })
        .collect()
}

/// A change in parts that are shown one after the other; none of them is escaped yet.
struct Parts {
    /// `+` for what is new, `-` for what is gone, `~` for what changed.
    sign: char,
    kind: String,
    /// Of what: indicator, year, field.
    subject: String,
    old: Option<String>,
    new: Option<String>,
    /// By how much, or with what words.
    detail: String,
    place: String,
}

impl Parts {
    fn of(change: &Change) -> Self {
        let sign = match (&change.old, &change.new) {
            (None, Some(_)) => '+',
            (Some(_), None) => '-',
            _ => '~',
        };
        let year = change.fiscal_year.map(|year| format!("FY{year}"));
        // Of an indicator that is new or gone the name is what changed.
        let is_name = |kpi: &String| [&change.old, &change.new].into_iter().flatten().any(|c| is_text(c, kpi));
        let kpi = change.kpi.clone().filter(|kpi| !is_name(kpi));
        let subject = [kpi, year, change.field.clone()].into_iter().flatten().filter(|part| !part.is_empty());
        let places = [&change.old_at, &change.new_at].map(|at| at.as_ref().map(model::place));
        let place = match places {
            [Some(old), Some(new)] => format!("{old} → {new}"),
            [old, new] => old.or(new).unwrap_or_default(),
        };
        let worded = !change.words.is_empty();
        Parts {
            sign,
            kind: change.kind.name(),
            subject: one_line(&subject.collect::<Vec<_>>().join(" › ")),
            // Of texts of which single words changed the words are enough.
            old: change.old.as_ref().filter(|_| !worded).map(shown),
            new: change.new.as_ref().filter(|_| !worded).map(shown),
            detail: detail(change),
            place: one_line(&place),
        }
    }
}

fn is_text(content: &Content, other: &str) -> bool {
    matches!(content, Content::Text(text) if text == other)
}

/// A value as printed, with its unit where that stood elsewhere.
fn shown(content: &Content) -> String {
    match content {
        Content::Text(text) => shortened(text),
        Content::Value(value) => shortened(&format!("{}{}", value.raw, unit_elsewhere(value).unwrap_or(""))),
    }
}

/// A text on one line, its end left out where it is long.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 120;
    let text = one_line(text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn detail(change: &Change) -> String {
    if let Some(Difference { number, unit, direction }) = &change.difference {
        let sign = if *direction == Direction::Up { "+" } else { "" };
        let number = serde_json::to_string(number).unwrap_or_default();
        return one_line(&format!("{sign}{number}{}", unit.as_deref().unwrap_or("")));
    }
    let word = |text: &str| if text.is_empty() { "∅".to_owned() } else { format!("「{}」", shortened(text)) };
    let words: Vec<String> =
        change.words.iter().map(|words| format!("{} → {}", word(&words.old), word(&words.new))).collect();
    words.join(", ")
}
