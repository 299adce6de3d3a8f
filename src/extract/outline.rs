//! The outline: how deep each heading lies, told by the style of its number first and by the reader's level second.

use super::events::{Event, Title};
use super::numbering::Style;

/// What makes headings siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Numbered(Style),
    /// Without a number, by the reader's level.
    Bare(u8),
}

impl Key {
    pub fn of(title: &Title<'_>) -> Key {
        match &title.numbered {
            Some(numbered) => Key::Numbered(numbered.style),
            None => Key::Bare(title.level.unwrap_or(u8::MAX)),
        }
    }

    /// Whether a heading of this style surely stands above one of the other.
    fn above(self, other: Key) -> bool {
        let (Key::Numbered(a), Key::Numbered(b)) = (self, other) else {
            return matches!((self, other), (Key::Bare(a), Key::Bare(b)) if a < b);
        };
        let division = |style| matches!(style, Style::Part | Style::Chapter | Style::Division);
        match (a, b) {
            (a, b) if division(a) && division(b) => a < b,
            (a, _) if division(a) => true,
            (Style::Level(a, _), Style::Level(b, _)) => a < b,
            (Style::Level(level, _), Style::Plain(depth)) => level <= crate::vocabulary::Level::Strategy && depth > 1,
            (Style::Plain(a), Style::Plain(b)) => a < b,
            (Style::Circled(a), Style::Circled(b)) => a < b,
            (Style::Level(..) | Style::Plain(_), Style::Parenthesised | Style::Circled(_) | Style::Kana) => true,
            _ => false,
        }
    }
}

/// For each event the depth of the heading it is (0 is the top); none for what is no heading of the document (titles
/// inside tables are none).
pub(super) fn depths(events: &[Event<'_>]) -> Vec<Option<usize>> {
    let mut stack: Vec<(Key, u8)> = Vec::new();
    events
        .iter()
        .map(|event| {
            let Event::Heading(title) = event else { return None };
            let level = title.level?;
            let key = Key::of(title);
            match stack.iter().position(|(seen, _)| *seen == key) {
                Some(found) => stack.truncate(found),
                None => {
                    let bare = matches!(key, Key::Bare(_));
                    while stack.last().is_some_and(|(top, below)| key.above(*top) || bare && *below >= level) {
                        stack.pop();
                    }
                }
            }
            stack.push((key, level));
            Some(stack.len() - 1)
        })
        .collect()
}

/// For each event the heading it stands under: of a heading the one above it, of anything else the last one before it.
pub(super) fn parents(depths: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut out = Vec::with_capacity(depths.len());
    for (i, depth) in depths.iter().enumerate() {
        if depth.is_some() {
            while open.last().is_some_and(|last| depths[*last] >= *depth) {
                open.pop();
            }
        }
        out.push(open.last().copied());
        open.extend(depth.map(|_| i));
    }
    out
}
