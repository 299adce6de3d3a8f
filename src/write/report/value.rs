//! A page being written, and the one way by which a value of a record gets on it.

use super::labels;
use super::marks::{Marks, Note};
use crate::diagnostic::Diagnostic;
use crate::document::Place;
use crate::record::Corrected;
use crate::write::markup::escaped;
use serde_json::Value as Json;

/// A page being written.
pub struct Page<'m> {
    pub marks: &'m Marks<'m>,
    out: String,
}

impl<'m> Page<'m> {
    pub fn new(marks: &'m Marks<'m>) -> Self {
        Page { marks, out: String::new() }
    }

    /// Adds HTML of this program's own making.
    pub fn html(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Adds a text of the document.
    pub fn text(&mut self, text: &str) {
        self.out.push_str("<bdi>");
        self.out.push_str(&escaped(text));
        self.out.push_str("</bdi>");
    }

    /// Adds the value at a pointer, to be chosen, with its diagnostics behind it.
    pub fn value(&mut self, pointer: &str, text: &str) {
        let (number, mark) = self.marks.at(pointer);
        let at = mark.at.map(place).unwrap_or_default();
        self.out.push_str(&format!(
            "<span class=\"val\" role=\"button\" tabindex=\"0\" id=\"v{number}\" data-p=\"{}\" data-at=\"{}\">",
            escaped(pointer),
            escaped(&at)
        ));
        self.text(text);
        self.out.push_str("</span>");
        self.notes(&mark.notes);
    }

    /// Adds diagnostics and corrections.
    pub fn notes(&mut self, notes: &[Note]) {
        for note in notes {
            let html = match note {
                Note::Diagnostic(diagnostic) => of_diagnostic(diagnostic),
                Note::Corrected(corrected) => of_correction(corrected),
            };
            self.out.push_str(&html);
        }
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }
}

fn of_diagnostic(diagnostic: &Diagnostic) -> String {
    let (class, sign) = labels::severity(diagnostic.severity);
    let at = diagnostic.at.as_ref().map(|at| format!(" ‹{}›", place(at))).unwrap_or_default();
    format!(
        " <span class=\"note {class}\" role=\"note\"><span aria-hidden=\"true\">{sign}</span> {} <code>{}</code> \
         <bdi>{}</bdi><bdi>{}</bdi></span>",
        labels::both(labels::code(diagnostic.code), ""),
        diagnostic.code.name(),
        escaped(&diagnostic.message),
        escaped(&at)
    )
}

/// That a person corrected it: what was extracted, who says otherwise, when and why.
fn of_correction(corrected: &Corrected) -> String {
    let was = match &corrected.was {
        Json::Null => "—".to_owned(),
        Json::String(text) => text.clone(),
        other => other["raw"].as_str().map_or_else(|| other.to_string(), str::to_owned),
    };
    let what =
        if corrected.removed { labels::both("削除", "removed") } else { labels::both("修正済", "corrected") };
    let why = corrected.why.as_deref().map_or(String::new(), |why| format!(": {why}"));
    format!(
        " <span class=\"note corrected\" role=\"note\"><span aria-hidden=\"true\">✎</span> {what} <code>{}</code> {} \
         <bdi>{}</bdi> (<bdi>{}</bdi>)</span>",
        escaped(&corrected.field),
        labels::both("抽出時", "extracted"),
        escaped(&was),
        escaped(&format!("{}, {}{why}", corrected.who, corrected.when))
    )
}

/// A place in few characters: `p.3`, `Sheet1!B4:F9`, `L12–14`.
pub fn place(place: &Place) -> String {
    match place {
        Place::Page { page, .. } => format!("p.{page}"),
        Place::Sheet { sheet, range } => format!("{sheet}!{range}"),
        Place::Lines { line, end_line } if line == end_line => format!("L{line}"),
        Place::Lines { line, end_line } => format!("L{line}–{end_line}"),
    }
}
