//! Text with its source form, its normalised form and its place.

use super::Place;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

/// The text of a heading, paragraph or cell: one or more hard lines.
///
/// A reader joins soft wraps (a line that only ran into the margin) into one line and keeps hard ones (`<br>`,
/// `<p>`, `<li>`, a line break typed into a cell, a bullet that begins).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Text {
    pub lines: Vec<Line>,
    /// Where the whole of it stands; none only for an empty text that nothing prints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// One hard line. Long lists say the same in many cells, so characters are shared.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Line {
    /// The source's own characters (structure such as `<b>`, `**`, `<li>` taken off, a check box as ☑ or ☐).
    pub raw: Arc<str>,
    /// The normalised form; empty until `normalise::document` has filled it.
    pub text: Arc<str>,
    /// A list item by structure (`<li>`, Markdown `-`): a bullet whose mark is not among its characters.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub item: bool,
    pub place: Place,
}

impl<'a> From<&'a Text> for Cow<'a, Text> {
    fn from(text: &'a Text) -> Self {
        Cow::Borrowed(text)
    }
}

impl Line {
    /// Adds to the end of the source's own characters by a function.
    pub fn grow(&mut self, add: impl FnOnce(&mut String)) {
        let mut raw = String::from(self.raw.as_ref());
        add(&mut raw);
        self.raw = raw.into();
    }
}

impl Text {
    /// A text of one line.
    pub fn line(raw: impl Into<Arc<str>>, place: Place) -> Self {
        Text { lines: vec![Line { raw: raw.into(), place: place.clone(), ..Line::default() }], place: Some(place) }
    }

    /// A text of the given lines, at the union of their places.
    pub fn of(mut lines: Vec<Line>) -> Self {
        // most texts have one line, and a vector that has grown has room for four
        lines.shrink_to_fit();
        let place = lines.iter().map(|line| line.place.clone()).reduce(|a, b| a.union(&b));
        Text { lines, place }
    }

    /// Whether nothing but white space is printed.
    pub fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.raw.trim().is_empty())
    }

    /// The normalised lines joined with a line feed.
    pub fn joined(&self) -> Cow<'_, str> {
        if let [] | [_] = self.lines.as_slice() {
            return Cow::Borrowed(self.lines.first().map_or("", |line| &line.text));
        }
        let mut out = String::with_capacity(self.lines.iter().map(|line| line.text.len() + 1).sum());
        for line in &self.lines {
            if !out.is_empty() && !line.text.is_empty() {
                out.push('\n');
            }
            out.push_str(&line.text);
        }
        Cow::Owned(out)
    }

    /// The source's own characters, lines joined with a line feed.
    pub fn raw(&self) -> Cow<'_, str> {
        if let [line] = self.lines.as_slice() {
            return Cow::Borrowed(&line.raw);
        }
        Cow::Owned(self.lines.iter().map(|line| line.raw.as_ref()).collect::<Vec<_>>().join("\n"))
    }
}
