//! A bound on what one page may paint.

/// Paint operations left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget(pub u32);

/// What painting is stopped with.
pub(super) struct BudgetSpent;

impl Budget {
    /// Counts operations. The interpreter cannot be asked to stop, so a page out of budget is left by unwinding;
    /// `resume_unwind` does not run the panic hook.
    pub(super) fn spend(&mut self, operations: usize) {
        match self.0.checked_sub(u32::try_from(operations).unwrap_or(u32::MAX)) {
            Some(rest) => self.0 = rest,
            None => {
                self.0 = 0;
                std::panic::resume_unwind(Box::new(BudgetSpent))
            }
        }
    }
}
