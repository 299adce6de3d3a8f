//! Records as they are, one a line.

use super::{Ending, Export, ExportError};
use crate::record::PlanRecord;
use crate::write::{Layout, json};

pub(super) struct Lines<W>(W);

impl<W: Ending> Lines<W> {
    pub fn new(out: W) -> Self {
        Lines(out)
    }
}

impl<W: Ending> Export for Lines<W> {
    fn record(&mut self, record: &PlanRecord) -> Result<bool, ExportError> {
        self.0.write_all(&json(record, Layout::Line))?;
        Ok(true)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.end()?)
    }
}
