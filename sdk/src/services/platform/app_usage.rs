//! The usage of the account's serverless apps, the requests to them, and their metrics.

use super::Platform;
use super::call::ApiCall;
use super::list::ListRequest;
use super::listing::{filters, time_series};
use super::requests::RequestListing;
use crate::object;
use crate::transport::error::Result;

time_series! {
    /// The list of the usage of the account's apps over time: see [`Platform::app_usage`].
    AppUsageListing: "serverless/usage",
    /// A page of the usage of apps.
    AppUsagePage,
    /// The usage of apps in one time bucket, such as an hour.
    AppUsageBucket of AppUsageRecord
}

object! {
    /// The usage of one type of machine by an app, and its cost.
    pub struct AppUsageRecord {
        /// The name of the app, without its owner.
        pub app: optional String;
        /// The environment that the app is deployed to.
        pub environment: optional String;
        /// The type of machine.
        pub machine_type: required String;
        /// The unit that is billed, which is always `second`.
        pub unit: required String;
        /// The number of units that were used.
        pub quantity: required f64;
        /// The price of one unit before discounts, in `currency`.
        pub unit_price: required f64;
        /// The discount in percent, if there is one.
        pub percent_discount: optional f64;
        /// The cost before discounts, in `currency`.
        pub cost_subtotal: required f64;
        /// The sum of the discounts, in `currency`.
        pub cost_discount: required f64;
        /// The amount that was charged, in `currency`.
        pub cost_total: required f64;
        /// The currency (ISO 4217), such as `USD`.
        pub currency: required String;
        /// Whether the usage was billed at the surge price, which holds in times of high demand.
        pub is_surge: required bool;
    }
}

filters! {
    AppUsageListing {
        /// Lists only the usage of an app, given its name. Called more than once, it lists the
        /// usage of all the given apps.
        app(name) => add "app";
        /// Lists only the usage of apps whose name contains this text.
        search(text) => set "search";
    }
}

impl Platform {
    /// Lists how long the account's apps used each type of machine, and what that cost.
    pub fn app_usage(&self) -> ListRequest<AppUsageListing> {
        ListRequest::new(&self.http)
    }

    /// Lists the requests that were made to one of the account's own endpoints, as
    /// [`requests`](Self::requests) does for models.
    pub fn app_requests(&self, endpoint_id: impl Into<String>) -> ListRequest<RequestListing> {
        let list = ListRequest::at(&self.http, "serverless/requests/by-endpoint", &[]);
        list.add("endpoint_id", endpoint_id)
    }

    /// Returns metrics of the account's apps, in the text format of Prometheus.
    ///
    /// # Errors
    /// When the platform refuses the request, or the reply is not text.
    pub async fn app_metrics(&self) -> Result<String> {
        let call = ApiCall::get(&self.http, "serverless/metrics");
        call.text().await
    }
}
