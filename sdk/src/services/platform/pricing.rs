//! Prices.

use super::Platform;
use super::list::{List, listing};
use crate::transport::error::Result;
use crate::wire;

/// What a model costs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Price {
    /// The model.
    pub endpoint_id: String,
    /// The price of a unit.
    pub unit_price: f64,
    /// What a unit is: `image`, `video`, `second`, or one of computing time.
    pub unit: String,
    /// The currency (ISO 4217).
    pub currency: String,
}

wire! {
    Price {
        endpoint_id: required,
        unit_price: required,
        unit: required,
        currency: required,
    }
}

listing! {
    /// Prices.
    PriceListing: "models/pricing" => PricePage, prices: Price
}

/// A page of prices.
pub struct PricePage {
    prices: Vec<Price>,
    next_cursor: Option<String>,
}

wire! {
    PricePage {
        prices: required,
        next_cursor: optional,
    }
}

impl Platform {
    /// The price of a model.
    ///
    /// # Errors
    /// When the catalog has no price for it, with the status 404.
    pub async fn price(&self, endpoint_id: impl Into<String>) -> Result<Price> {
        let id = endpoint_id.into();
        let prices = self.prices([id.clone()]).await?;
        let mut prices = prices.into_iter();
        prices.find(|price| price.endpoint_id == id).ok_or_else(|| {
            let message = format!("the catalog has no price for {id:?}");
            crate::transport::error::Error::new(crate::transport::error::ErrorKind::Api, message)
                .with_status(404)
        })
    }

    /// The prices of models, of any number.
    ///
    /// # Errors
    /// When the catalog does not know one of them.
    pub async fn prices(
        &self,
        endpoint_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<Price>> {
        const MOST: usize = 50;
        let ids: Vec<String> = endpoint_ids.into_iter().map(Into::into).collect();
        let mut prices = Vec::with_capacity(ids.len());
        for ids in ids.chunks(MOST) {
            let list = List::<PriceListing>::new(&self.http).add_all("endpoint_id", ids);
            prices.extend(list.all().await?);
        }
        Ok(prices)
    }
}
