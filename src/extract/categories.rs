//! Categories: ticked boxes and marks.

use super::events::{Entry, Event};
use crate::document::Text;
use crate::vocabulary::{Label, Mark, Vocabulary};

/// The categories among a card's events.
pub(super) fn of_events(events: &[&Event<'_>], vocabulary: &Vocabulary) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for event in events {
        let Event::Entry(entry) = event else { continue };
        // 対象 | ☑職員 □市民: boxes are choices whatever they are of
        let other = entry.name.is(Label::Other) && are_choices(&entry.text(), vocabulary);
        if entry.name.is(Label::Category) || other {
            for name in of_entry(entry, vocabulary) {
                if !out.contains(&name) {
                    out.push(name);
                }
            }
        }
    }
    out
}

/// Whether a text is a choice of ticked and empty boxes and nothing else.
pub(super) fn are_choices(text: &Text, vocabulary: &Vocabulary) -> bool {
    let boxes = choices(&text.joined(), vocabulary);
    let boxed = |c: char| matches!(c, '\u{2610}'..='\u{2612}' | '\u{25a0}' | '\u{25a1}');
    !boxes.is_empty()
        && boxes.iter().all(|(choice, _)| *choice != Choice::None)
        && text.joined().trim().starts_with(boxed)
}

fn of_entry(entry: &Entry<'_>, vocabulary: &Vocabulary) -> Vec<String> {
    let text: String = entry.values.iter().map(|piece| piece.text.joined()).collect::<Vec<_>>().join("\n");
    let boxes = choices(&text, vocabulary);
    if let [(Choice::Unticked, _)] | [(Choice::None, _), (Choice::Unticked, _)] = boxes.as_slice()
        && text.contains(['\u{25cb}', '\u{25ef}'])
        && let Some(chosen) = circled(&boxes, vocabulary)
    {
        return vec![chosen];
    }
    let ticked: Vec<String> =
        boxes.iter().filter(|(mark, _)| *mark == Choice::Ticked).map(|(_, name)| name.clone()).collect();
    if !boxes.is_empty() {
        // ○ on a choice, where the others have no mark at all
        let circled = boxes.iter().all(|(mark, _)| *mark != Choice::Ticked)
            && boxes.iter().any(|(mark, _)| *mark == Choice::None);
        return if circled {
            boxes.into_iter().filter(|(mark, _)| *mark == Choice::Unticked).map(|(_, name)| name).collect()
        } else {
            ticked
        };
    }
    let separators = vocabulary.marks(Mark::Separator);
    text.lines()
        .flat_map(|line| line.split(|c: char| separators.iter().any(|s| s == c.encode_utf8(&mut [0; 4]) as &str)))
        .map(|name| unbracketed(name.trim(), vocabulary).to_owned())
        .filter(|name| {
            !name.is_empty() && !vocabulary.is_mark(Mark::Nobody, name) && name.chars().any(char::is_alphanumeric)
        })
        .collect()
}

/// A name without brackets around it.
pub(super) fn unbracketed<'t>(name: &'t str, vocabulary: &Vocabulary) -> &'t str {
    let inner = vocabulary.after_mark(Mark::OpenBracket, name).and_then(|inner| {
        vocabulary.marks(Mark::CloseBracket).iter().find_map(|close| inner.strip_suffix(close.as_str()))
    });
    inner.unwrap_or(name)
}

/// The one choice of a line that has a mark: `○新規 ・ 継続`, `新規 ・ ○継続`.
fn circled(boxes: &[(Choice, String)], vocabulary: &Vocabulary) -> Option<String> {
    let parts = |text: &str| -> Vec<String> {
        let parts =
            text.split(|c: char| c.is_whitespace() || vocabulary.is_mark(Mark::Compound, c.encode_utf8(&mut [0; 4])));
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (marked, before) = boxes.split_last()?;
    let own = parts(&marked.1);
    let others = before.iter().map(|(_, text)| parts(text).len()).sum::<usize>() + own.len().saturating_sub(1);
    (others > 0).then(|| own.first().cloned()).flatten()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Ticked,
    Unticked,
    None,
}

/// The choices of a text and their marks; empty where it has no marks.
fn choices(text: &str, vocabulary: &Vocabulary) -> Vec<(Choice, String)> {
    let mut out: Vec<(Choice, String)> = Vec::new();
    let mut any = false;
    for line in text.lines() {
        out.push((Choice::None, String::new()));
        for c in line.chars() {
            let choice = if c.is_alphanumeric() {
                None
            } else if vocabulary.is_mark_char(Mark::Ticked, c) {
                Some(Choice::Ticked)
            } else if vocabulary.is_mark_char(Mark::Unticked, c) {
                Some(Choice::Unticked)
            } else {
                None
            };
            match (choice, out.last_mut()) {
                (Some(choice), _) => {
                    any = true;
                    out.push((choice, String::new()));
                }
                (None, Some((_, name))) => name.push(c),
                (None, None) => {}
            }
        }
    }
    if !any {
        return Vec::new();
    }
    out.into_iter()
        .map(|(choice, name)| {
            (
                choice,
                name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{3001}' | '/' | ',' | '\u{30fb}'))
                    .to_owned(),
            )
        })
        .filter(|(_, name)| !name.is_empty())
        .collect()
}
