//! Evidence: what speaks for a stretch of events being one measure's.

use super::events::Event;
use crate::record::SectionKind;
use crate::vocabulary::Label;
use std::collections::BTreeSet;

/// What speaks for a stretch of events being one measure's.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub owner: bool,
    /// Indicators or a schedule.
    pub figures: bool,
    pub money_or_period: bool,
    pub sections: BTreeSet<SectionKind>,
    /// Running text without a label.
    pub text: bool,
}

impl Evidence {
    /// Enough by itself.
    pub fn strong(&self) -> bool {
        self.owner || !self.sections.is_empty() && (self.figures || self.money_or_period)
    }

    /// Enough where its siblings have as much.
    pub fn weak(&self) -> bool {
        self.sections.len() >= 2 || self.text && self.figures
    }
}

pub(super) fn evidence(events: &[Event<'_>]) -> Evidence {
    let mut found = Evidence::default();
    for event in events {
        match event {
            Event::Entry(entry) => {
                let name = &entry.name;
                found.owner |= name.is_any(&[Label::OwnerLead, Label::OwnerRelated]) && !entry.is_empty();
                found.figures |= name.is_kpi() || name.is(Label::Schedule);
                found.money_or_period |= name.is_any(&[Label::Budget, Label::Period, Label::Activities]);
                if let Some(kind) = name.section().filter(|kind| *kind != SectionKind::Other) {
                    found.sections.insert(kind);
                }
            }
            Event::Row(_) => found.figures = true,
            Event::Text(_) => found.text = true,
            _ => {}
        }
    }
    found
}
