//! What a call that failed was billed.

use super::Error;

impl Error {
    /// Returns the billed units, if the reply with the error says
    /// (`X-Fal-Billable-Units`): a job that failed can have cost something.
    /// [`cost`](Self::cost) multiplies them by a price.
    pub fn billable_units(&self) -> Option<f64> {
        self.0.billable_units
    }

    /// Sets the billed units, if they are given.
    pub(crate) fn with_billable_units(mut self, units: Option<f64>) -> Self {
        self.0.billable_units = units.or(self.0.billable_units);
        self
    }
}
