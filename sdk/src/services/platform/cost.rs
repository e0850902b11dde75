//! The cost of calls that were made, from their billed units.

use std::fmt;

use super::pricing::Price;
use crate::object;
use crate::transport::error::Error;

object! {
    /// An estimate of what a call cost: its billed units times the price of a unit in the
    /// catalog. It does not know discounts and prices that have changed in the meantime;
    /// [`Platform::usage`](super::Platform::usage) has the amounts that were charged.
    ///
    /// ```
    /// # use fal_sdk::platform::Price;
    /// # use fal_sdk::Decode;
    /// # let price = Price::decode(&serde_json::json!({
    /// #     "endpoint_id": "fal-ai/flux/dev",
    /// #     "unit_price": 0.025,
    /// #     "unit": "megapixel",
    /// #     "currency": "USD",
    /// # })).unwrap();
    /// // `price` is what `fal.platform().price("fal-ai/flux/dev")` returned:
    /// // 0.025 USD per megapixel.
    /// let cost = price.cost(2.0);
    /// assert_eq!(cost.amount, 0.05);
    /// assert_eq!(cost.to_string(), "about 0.05 USD (2 × 0.025 USD per megapixel)");
    /// ```
    pub struct Cost {
        /// The number of billed units times the price of a unit, in `currency`.
        pub amount: required f64;
        /// The currency (ISO 4217), such as `USD`.
        pub currency: required String;
        /// The number of billed units.
        pub billable_units: required f64;
        /// The unit that is billed: `image`, `video`, `second`, or a unit of computing time.
        pub unit: required String;
        /// The price of a unit in the catalog, in `currency`.
        pub unit_price: required f64;
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            amount,
            currency,
            billable_units,
            unit,
            unit_price,
        } = self;
        // Products of binary fractions have long tails: 0.1 times 3 is 0.30000000000000004.
        let amount = (amount * 1e9).round() / 1e9;
        write!(
            f,
            "about {amount} {currency} ({billable_units} × {unit_price} {currency} per {unit})"
        )
    }
}

impl Price {
    /// Returns what a number of billed units costs at this price. It is an estimate: see
    /// [`Cost`].
    pub fn cost(&self, billable_units: f64) -> Cost {
        Cost {
            amount: billable_units * self.unit_price,
            currency: self.currency.clone(),
            billable_units,
            unit: self.unit.clone(),
            unit_price: self.unit_price,
        }
    }
}

impl Error {
    /// Returns what the failed call cost at this price, as an estimate; `None` if the reply
    /// did not say how many units were billed.
    pub fn cost(&self, price: &Price) -> Option<Cost> {
        Some(price.cost(self.billable_units()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_shown_without_the_tails_of_binary_fractions() {
        let price = Price {
            endpoint_id: "acme/sample".to_owned(),
            unit_price: 0.1,
            unit: "image".to_owned(),
            currency: "USD".to_owned(),
        };
        assert_eq!(
            price.cost(3.0).to_string(),
            "about 0.3 USD (3 × 0.1 USD per image)"
        );
        assert_eq!(price.cost(0.0).amount, 0.0);
    }
}
