//! Aims written as sentences: under 目標 stands what a measure is for, or its indicators with their deadlines. Which, a
//! document's other aims tell.

use super::events::{Entry, Event};
use super::kpi_text;
use crate::normalise::periods::{self, Bound};
use crate::vocabulary::{Label, Meaning, Vocabulary, compact};
use std::rc::Rc;

/// Makes the aims of a document indicators where at least half of those that are sentences state a deadline.
pub(super) fn settle(events: &mut [Event<'_>], vocabulary: &Vocabulary) {
    let aims = |event: &Event<'_>| matches!(event, Event::Entry(entry) if is_aim(entry, vocabulary));
    let dated = |event: &Event<'_>| matches!(event, Event::Entry(entry) if states_deadline(entry, vocabulary));
    let (all, with_deadline) = events
        .iter()
        .filter(|event| aims(event))
        .fold((0, 0), |(all, with_deadline), event| (all + 1, with_deadline + usize::from(dated(event))));
    if with_deadline == 0 || with_deadline * 2 < all {
        return;
    }
    for event in events.iter_mut() {
        if let Event::Entry(entry) = event
            && is_aim(entry, vocabulary)
        {
            Rc::make_mut(&mut entry.name).meanings = vec![Meaning::Field(Label::Kpi)];
        }
    }
}

/// Sentences under a word for an aim that is or ends as one for a target: 目標, 達成目標.
fn is_aim(entry: &Entry<'_>, vocabulary: &Vocabulary) -> bool {
    let targets = vocabulary.words.labels.get(&Label::Target).map_or(&[][..], Vec::as_slice);
    let word = compact(&entry.name.heading);
    entry.name.is(Label::Vision)
        && targets.iter().any(|target| word.ends_with(target.as_str()))
        && !entry.is_empty()
        && kpi_text::is_prose(&entry.text(), vocabulary)
}

fn states_deadline(entry: &Entry<'_>, vocabulary: &Vocabulary) -> bool {
    periods::find(&entry.text().joined(), vocabulary).iter().any(|mention| mention.when.bound == Bound::By)
}
