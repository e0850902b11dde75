//! The prices of endpoints.

use std::collections::HashMap;

/// The price of an endpoint.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Price {
    /// The price of a unit, in US dollars.
    pub(crate) unit_price: f64,
    /// The name of the unit, such as `seconds`.
    pub(crate) unit: String,
}

/// Prices by endpoint; an endpoint without one has the default.
pub(crate) type Prices = HashMap<String, Price>;

impl Default for Price {
    fn default() -> Self {
        Self {
            unit_price: 0.05,
            unit: "units".to_owned(),
        }
    }
}
