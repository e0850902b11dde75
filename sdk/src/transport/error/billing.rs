//! The units that were billed for a failed call.

use super::Error;

impl Error {
    /// Returns the units that were billed for the failed call, if the reply says so
    /// (`X-Fal-Billable-Units`). [`cost`](Self::cost) multiplies them by a price.
    pub fn billable_units(&self) -> Option<f64> {
        self.0.billable_units
    }

    /// Sets the billed units, if they are given.
    pub(crate) fn with_billable_units(mut self, units: Option<f64>) -> Self {
        self.0.billable_units = units.or(self.0.billable_units);
        self
    }
}
