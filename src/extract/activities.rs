//! Activities: one year's inputs and what they are to put out.

use super::events::{Entry, Event, Piece};
use super::numbering::{self, Style};
use super::sections;
use crate::document::{Line, Place};
use crate::normalise::values;
use crate::record::{Activity, Value};
use crate::vocabulary::{Label, Vocabulary};

/// The activities among a card's events.
pub(super) fn of_events(events: &[&Event<'_>], vocabulary: &Vocabulary) -> Vec<Activity> {
    let mut out = Vec::new();
    let mut year = None;
    let mut inputs: Option<&Entry<'_>> = None;
    for event in events {
        let Event::Entry(entry) = event else { continue };
        if entry.name.is(Label::Activities) {
            year = entry.name.when.as_ref().map(|when| when.fiscal_year());
            flush(&mut inputs, None, year, vocabulary, &mut out);
            if !entry.is_empty() {
                whole(entry, year, vocabulary, &mut out);
            }
        } else if entry.name.is(Label::ActivityInput) {
            flush(&mut inputs, None, year, vocabulary, &mut out);
            inputs = Some(entry);
        } else if entry.name.is(Label::ActivityOutput) {
            flush(&mut inputs, Some(entry), year, vocabulary, &mut out);
        }
    }
    flush(&mut inputs, None, year, vocabulary, &mut out);
    out
}

/// A year's text without a column of outputs: each bullet is an activity.
fn whole(entry: &Entry<'_>, fiscal_year: Option<i32>, vocabulary: &Vocabulary, out: &mut Vec<Activity>) {
    for piece in &entry.values {
        let (lines, items) = sections::lines_and_items(&piece.text, vocabulary);
        let texts = if items.is_empty() { vec![lines.join("\n")] } else { items };
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            let text = without_ordinal(&text, vocabulary);
            out.push(Activity { fiscal_year, text, output: None, at: piece.place.clone() });
        }
    }
}

fn flush(
    inputs: &mut Option<&Entry<'_>>,
    outputs: Option<&Entry<'_>>,
    fiscal_year: Option<i32>,
    vocabulary: &Vocabulary,
    out: &mut Vec<Activity>,
) {
    let Some(inputs) = inputs.take() else { return };
    for (i, piece) in inputs.values.iter().enumerate() {
        // in a damaged row the output may stand under the inputs' head, behind its input
        let second = |i: usize| i > 0 && inputs.values[i].row == inputs.values[i - 1].row;
        if second(i) {
            continue;
        }
        let beside = outputs.and_then(|entry| entry.values.iter().find(|output| output.row == piece.row));
        let output = beside.or_else(|| inputs.values.get(i + 1).filter(|_| second(i + 1)));
        let parts = parts(piece, vocabulary);
        let results = output.map(|piece| self::parts(piece, vocabulary)).unwrap_or_default();
        let paired = parts.len() > 1 && results.len() == parts.len();
        for (i, (text, _, place)) in parts.into_iter().enumerate() {
            if text.is_empty() {
                continue;
            }
            let value = if paired {
                results.get(i).map(|(_, raw, _)| value(raw, vocabulary))
            } else {
                output.filter(|_| i == 0).map(|piece| value(&piece.text.raw(), vocabulary))
            };
            out.push(Activity {
                fiscal_year,
                text,
                output: value.filter(|value| !value.raw.trim().is_empty()),
                at: place,
            });
        }
    }
}

fn value(raw: &str, vocabulary: &Vocabulary) -> Value {
    values::parse(raw.trim(), None, vocabulary)
}

/// A cell's parts by their circled ordinals; a cell without several of them is one part.
fn parts(piece: &Piece<'_>, vocabulary: &Vocabulary) -> Vec<(String, String, Place)> {
    let ordinal = |line: &Line| {
        numbering::leading(&line.raw, vocabulary)
            .filter(|n| matches!(n.style, Style::Circled(_) | Style::Parenthesised))
    };
    let numbered = piece.text.lines.iter().filter(|line| ordinal(line).is_some()).count();
    if numbered < 2 {
        let raw = piece.text.raw();
        return vec![(without_ordinal(&piece.text.joined(), vocabulary), raw.into_owned(), piece.place.clone())];
    }
    let mut out: Vec<(String, String, Place)> = Vec::new();
    for line in &piece.text.lines {
        match (ordinal(line), out.last_mut()) {
            (None, Some((text, raw, _))) => {
                *text = crate::normalise::characters::join(text, line.text.trim());
                raw.push('\n');
                raw.push_str(&line.raw);
            }
            (found, _) => {
                let from = found.map_or(0, |numbered| numbered.length);
                out.push((
                    crate::normalise::characters::fold(&line.raw[from..]),
                    line.raw[from..].to_owned(),
                    line.place.clone(),
                ));
            }
        }
    }
    out
}

/// A text without the ordinal before it.
pub(super) fn without_ordinal(text: &str, vocabulary: &Vocabulary) -> String {
    let text = text.trim();
    match numbering::leading(text, vocabulary) {
        Some(numbered) if matches!(numbered.style, Style::Circled(1) | Style::Parenthesised) => {
            text[numbered.length..].to_owned()
        }
        _ => text.to_owned(),
    }
}
