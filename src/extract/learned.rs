//! A document's own words, where the vocabulary lacks them: for the ranks of its hierarchy and for its labels.

mod labels;
mod levels;
mod titles;

use crate::document::Document;
use crate::vocabulary::Vocabulary;
use std::borrow::Cow;

/// The vocabulary with the document's own words.
pub(super) fn words<'v>(document: &Document, vocabulary: &'v Vocabulary) -> Cow<'v, Vocabulary> {
    let levels = levels::learn(document, vocabulary);
    let mut labels = labels::learn(document, vocabulary);
    labels.extend(titles::learn(document, vocabulary));
    if levels.is_empty() && labels.is_empty() {
        return Cow::Borrowed(vocabulary);
    }
    Cow::Owned(vocabulary.with_own(levels, labels))
}
