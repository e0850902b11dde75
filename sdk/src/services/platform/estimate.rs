//! Prices before the call.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::Platform;
use super::call::Call;
use crate::transport::error::Result;
use crate::{open_enum, wire};

/// What calls would cost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// How it was found.
    pub estimate_type: EstimateType,
    /// The cost of all of them together.
    pub total_cost: f64,
    /// The currency (ISO 4217).
    pub currency: String,
}

wire! {
    Estimate {
        estimate_type: required,
        total_cost: required,
        currency: required,
    }
}

open_enum! {
    /// How an estimate is found.
    pub enum EstimateType: String {
        /// By what calls of the models have cost so far.
        HistoricalApiPrice = "historical_api_price",
        /// By the price of a unit.
        UnitPrice = "unit_price",
    }
}

impl Platform {
    /// What calls of models would cost, by what such calls have cost so far:
    /// `[("fal-ai/flux/dev", 10)]` for ten calls.
    ///
    /// # Errors
    /// When the catalog does not know one of the models, and when a quantity is 0.
    pub async fn estimate_calls(
        &self,
        calls: impl IntoIterator<Item = (impl Into<String>, u64)>,
    ) -> Result<Estimate> {
        let calls = calls
            .into_iter()
            .map(|(id, calls)| (id.into(), json!({"call_quantity": calls})));
        self.estimate(EstimateType::HistoricalApiPrice, calls.collect())
            .await
    }

    /// What units of models would cost: `[("fal-ai/flux/dev", 2.5)]` for two and a
    /// half units of what [`Price::unit`](super::Price) says.
    ///
    /// # Errors
    /// When the catalog does not know one of the models, and when a quantity is
    /// less than 0.000001.
    pub async fn estimate_units(
        &self,
        units: impl IntoIterator<Item = (impl Into<String>, f64)>,
    ) -> Result<Estimate> {
        let units = units
            .into_iter()
            .map(|(id, units)| (id.into(), json!({"unit_quantity": units})));
        self.estimate(EstimateType::UnitPrice, units.collect())
            .await
    }

    async fn estimate(
        &self,
        kind: EstimateType,
        endpoints: Map<String, Value>,
    ) -> Result<Estimate> {
        let body = json!({"estimate_type": kind.as_str(), "endpoints": endpoints});
        let call = Call::new(&self.http, Method::POST, "models/pricing/estimate");
        call.json(&body).send().await
    }
}
