//! The labels already read in the document in hand: tables print the same few texts over and over, and every text is
//! looked at from several sides.

use super::Name;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// At most so many texts are kept; a document has fewer that may be labels.
const MOST: usize = 20_000;
/// Longer texts are hardly ever printed twice.
const LONGEST: usize = 200;

type Seen = HashMap<Box<str>, Option<Rc<Name>>, foldhash::fast::RandomState>;

thread_local! {
    static SEEN: RefCell<Option<Seen>> = const { RefCell::new(None) };
}

/// While it lives, texts are remembered.
pub(in crate::extract) struct Remembering(());

/// Begins to remember what texts are as labels. The vocabulary must stay the same while the result lives.
pub(in crate::extract) fn remember() -> Remembering {
    SEEN.set(Some(Seen::default()));
    Remembering(())
}

impl Drop for Remembering {
    fn drop(&mut self) {
        SEEN.set(None);
    }
}

/// What a text is as a label: as seen before, else as it is read now.
pub(super) fn or_read(raw: &str, read: impl FnOnce() -> Option<Name>) -> Option<Rc<Name>> {
    let before = SEEN.with_borrow(|seen| seen.as_ref().and_then(|seen| seen.get(raw).cloned()));
    if let Some(before) = before {
        return before;
    }
    let found = read().map(Rc::new);
    SEEN.with_borrow_mut(|seen| {
        if let Some(seen) = seen.as_mut().filter(|seen| seen.len() < MOST && raw.len() <= LONGEST) {
            seen.insert(raw.into(), found.clone());
        }
    });
    found
}
