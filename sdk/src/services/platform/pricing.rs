//! The prices of models.

use super::Platform;
use super::list::ListRequest;
use super::listing::listing;
use crate::object;
use crate::transport::error::{Error, ErrorKind, Result};

object! {
    /// The price of a model in the catalog: see [`Platform::price`].
    pub struct Price {
        /// The id of the endpoint.
        pub endpoint_id: required String;
        /// The price of one unit, in `currency`.
        pub unit_price: required f64;
        /// The unit that is billed: `image`, `video`, `second`, or a unit of computing time.
        pub unit: required String;
        /// The currency (ISO 4217), such as `USD`.
        pub currency: required String;
    }
}

listing! {
    /// The list of prices.
    PriceListing: "models/pricing",
    PricePage {
        /// The prices.
        prices: Price
    }
}

impl Platform {
    /// Returns the price of a model, given the id of its endpoint.
    ///
    /// # Errors
    /// When the catalog has no price for the model (status 404).
    pub async fn price(&self, endpoint_id: impl Into<String>) -> Result<Price> {
        let id = endpoint_id.into();
        let prices = self.prices([id.clone()]).await?;
        let mut prices = prices.into_iter();
        prices.find(|price| price.endpoint_id == id).ok_or_else(|| {
            let message = format!("the catalog has no price for {id:?}");
            Error::new(ErrorKind::Api, message).with_status(404)
        })
    }

    /// Returns the prices of any number of models, given the ids of their endpoints. 50 of
    /// them take one request.
    ///
    /// # Errors
    /// When the catalog does not know one of the models.
    pub async fn prices(
        &self,
        endpoint_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<Price>> {
        const MOST: usize = 50;
        let ids: Vec<String> = endpoint_ids.into_iter().map(Into::into).collect();
        let mut prices = Vec::with_capacity(ids.len());
        for ids in ids.chunks(MOST) {
            let list = ListRequest::<PriceListing>::new(&self.http).add_all("endpoint_id", ids);
            prices.extend(list.all().await?);
        }
        Ok(prices)
    }
}
