//! The numbers and the order of the record's policies.

use super::super::numbering::{Numbered, Style};
use super::{Draft, Hierarchy};
use crate::record::{Kpi, Policy};
use std::collections::BTreeMap;

impl Hierarchy {
    /// Whether policies that a document puts one under the other, and elsewhere the other way round, lead back to it.
    fn stands_below_itself(&self, policy: usize) -> bool {
        let above = std::iter::successors(self.drafts[policy].parent, |at| self.drafts[*at].parent);
        above.take(self.drafts.len()).any(|at| at == policy)
    }

    /// A policy's number, joined to its parent's where it is numbered afresh under it.
    pub(super) fn number(&self, policy: usize) -> Option<String> {
        let draft = &self.drafts[policy];
        let numbered = draft.numbered.as_ref()?;
        let parent = draft.parent.filter(|_| !self.stands_below_itself(policy));
        let Some(parent) = parent.and_then(|parent| self.number(parent)) else {
            return Some(numbered.bare().to_owned());
        };
        let bare = numbered.bare();
        if bare.starts_with(&format!("{parent}-")) {
            return Some(bare.to_owned());
        }
        let afresh =
            numbered.style == Style::Parenthesised || numbered.depth() == 1 && self.is_numbered_afresh(draft, numbered);
        Some(if afresh { format!("{parent}-{bare}") } else { bare.to_owned() })
    }

    /// A policy's number as its own is printed.
    fn printed_number(&self, policy: usize) -> Option<String> {
        let number = self.number(policy)?;
        Some(self.drafts[policy].numbered.as_ref().map_or(number.clone(), |numbered| numbered.printed(&number)))
    }

    /// Whether the policies of one level and style begin with the same numbers again under another parent.
    fn is_numbered_afresh(&self, draft: &Draft, numbered: &Numbered) -> bool {
        let word = |draft: &Draft| draft.level.as_ref().map(|(_, word)| word.clone());
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let peers = self.drafts.iter().filter(|other| word(other) == word(draft));
        peers.filter_map(|other| Some((other.parent?, other.numbered.as_ref()?))).any(|(parent, number)| {
            number.style == numbered.style && *seen.entry(number.bare()).or_insert(parent) != parent
        })
    }

    /// The policies of the record, in document order, with their indicators.
    pub fn finish(&self, mut kpis: BTreeMap<usize, Vec<Kpi>>) -> Vec<Policy> {
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        order.sort_by_key(|&i| (self.root_order(i), self.drafts[i].order));
        // siblings at one depth share their level's word
        let words: BTreeMap<(usize, usize), &String> = self
            .drafts
            .iter()
            .filter_map(|draft| {
                Some((
                    (self.depth(draft), draft.numbered.as_ref().map_or(0, Numbered::depth)),
                    &draft.level.as_ref()?.1,
                ))
            })
            .collect();
        order
            .into_iter()
            .map(|i| {
                let draft = &self.drafts[i];
                let own = draft.level.as_ref().map(|(_, word)| word.clone());
                let shared = draft
                    .numbered
                    .as_ref()
                    .and_then(|numbered| words.get(&(self.depth(draft), numbered.depth())).map(|word| (*word).clone()));
                let kpis = kpis.remove(&i).unwrap_or_default();
                Policy {
                    number: self.printed_number(i),
                    level: own.or(shared),
                    title: draft.title.clone(),
                    parent: draft.parent.and_then(|parent| self.printed_number(parent)),
                    kpis,
                    at: draft.at.clone(),
                }
            })
            .collect()
    }

    fn depth(&self, draft: &Draft) -> usize {
        let mut depth = 0;
        let mut parent = draft.parent;
        while let Some(i) = parent {
            depth += 1;
            if depth > self.drafts.len() {
                break;
            }
            parent = self.drafts[i].parent;
        }
        depth
    }

    /// Where a policy's root comes in the document; a numbered root by its number among its siblings.
    fn root_order(&self, policy: usize) -> usize {
        let mut at = policy;
        for _ in 0..self.drafts.len() {
            match self.drafts[at].parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        self.drafts[at].order
    }
}
