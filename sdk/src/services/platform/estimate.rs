//! Estimates of what calls will cost.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::Platform;
use super::call::ApiCall;
use crate::transport::error::Result;
use crate::{object, open_enum};

object! {
    /// An estimate of what calls will cost, made before them: see
    /// [`Platform::estimate_calls`]. For calls that were made, see [`Cost`](super::Cost).
    pub struct Estimate {
        /// How the estimate was made.
        pub estimate_type: required EstimateType;
        /// The cost of all calls together, in `currency`.
        pub total_cost: required f64;
        /// The currency (ISO 4217), such as `USD`.
        pub currency: required String;
    }
}

open_enum! {
    /// How an estimate is made.
    pub enum EstimateType: String {
        /// From the cost of earlier calls of the models. It can be far off.
        HistoricalApiPrice = "historical_api_price",
        /// From the price of a unit.
        UnitPrice = "unit_price",
    }
}

impl Platform {
    /// Estimates the cost of a number of calls of each model, from the cost of earlier calls:
    /// `[("fal-ai/flux/dev", 10)]` stands for ten calls.
    ///
    /// The estimate does not know the inputs, so it can be far off: a video of ten seconds
    /// costs more than the usual one of five.
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

    /// Estimates the cost of a number of units of each model, from the price of a unit:
    /// `[("fal-ai/flux/dev", 2.5)]` stands for two and a half units, which
    /// [`Price::unit`](super::Price) names.
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
        let call = ApiCall::new(&self.http, Method::POST, "models/pricing/estimate");
        call.json(&body).send().await
    }
}
