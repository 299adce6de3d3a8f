//! A page being written, and the one way by which a value of a record gets on it.

use super::labels;
use super::marks::{self, Marks, Note};
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
        self.bare(pointer, text);
        self.notes(&self.marks.at(pointer).1.notes);
    }

    /// Adds the value at a pointer; what is to be said of it comes elsewhere.
    pub fn bare(&mut self, pointer: &str, text: &str) {
        self.choosable(pointer, &format!("<bdi>{}</bdi>", escaped(text)));
    }

    /// Adds the value at a pointer with a label of this program's own making for its text.
    pub fn label(&mut self, pointer: &str, html: &str) {
        self.choosable(pointer, html);
        self.notes(&self.marks.at(pointer).1.notes);
    }

    fn choosable(&mut self, pointer: &str, html: &str) {
        let (number, mark) = self.marks.at(pointer);
        let at = mark.at.map(place).unwrap_or_default();
        let detail = if mark.is_detail { " detail" } else { "" };
        self.out.push_str(&format!(
            "<span class=\"val{detail}\" role=\"button\" tabindex=\"0\" id=\"v{number}\" data-p=\"{}\" data-at=\"{}\">",
            escaped(pointer),
            escaped(&at)
        ));
        self.out.push_str(html);
        self.out.push_str("</span>");
    }

    /// Adds diagnostics and corrections.
    pub fn notes(&mut self, notes: &[Note]) {
        for note in notes {
            let html = match note {
                Note::Diagnostic(diagnostic, i) => self.of_diagnostic(diagnostic, *i),
                Note::Corrected(corrected) => of_correction(corrected),
            };
            self.out.push_str(&html);
        }
    }

    /// A diagnostic, to be chosen where it has a place.
    fn of_diagnostic(&self, diagnostic: &Diagnostic, i: usize) -> String {
        let (class, sign) = labels::severity(diagnostic.severity);
        let pointer = marks::pointer_of_diagnostic(i);
        let number = self.marks.at(&pointer).0;
        let (role, at) = match &diagnostic.at {
            Some(at) => {
                let at = escaped(&place(at));
                let role = format!(
                    "val\" role=\"button\" tabindex=\"0\" id=\"v{number}\" data-p=\"{pointer}\" data-at=\"{at}"
                );
                (role, format!(" <bdi class=\"at\">‹{at}›</bdi>"))
            }
            None => ("\" role=\"note".to_owned(), String::new()),
        };
        format!(
            " <span class=\"note {class} {role}\"><span aria-hidden=\"true\">{sign}</span> {} <code>{}</code> \
             <bdi>{}</bdi>{at}</span>",
            labels::both(labels::code(diagnostic.code), ""),
            diagnostic.code.name(),
            escaped(&diagnostic.message),
        )
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }
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
