//! The account's usage of models, and its cost.

use super::Platform;
use super::list::ListRequest;
use super::listing::{filters, listing, time_series};
use crate::object;

time_series! {
    /// The list of the account's usage of models over time: see [`Platform::usage`].
    UsageListing: "models/usage",
    /// A page of the account's usage of models.
    UsagePage,
    /// The account's usage of models in one time bucket, such as an hour.
    UsageBucket of UsageRecord
}

filters! { UsageListing: with_auth_method, api_key, login_username, endpoint }

listing! {
    /// The list of the cost of single requests: see [`Platform::billing_events`].
    BillingEventListing: "models/billing-events",
    BillingEventPage {
        /// The cost of each request.
        billing_events: BillingEvent
    }
}

filters! {
    BillingEventListing: start, end, endpoint, api_key, login_username, with_auth_method
}

object! {
    /// The usage of an endpoint, and its cost: see [`Platform::usage`].
    pub struct UsageRecord {
        /// The id of the endpoint.
        pub endpoint_id: required String;
        /// The unit that is billed, such as `image` or `second`.
        pub unit: required String;
        /// The number of units that were used.
        pub quantity: required f64;
        /// The price of one unit before discounts, in `currency`.
        pub unit_price: required f64;
        /// The discount in percent, if there is one.
        pub percent_discount: optional f64;
        /// The cost before discounts, in `currency`.
        pub cost_subtotal: optional f64;
        /// The sum of the discounts, in `currency`.
        pub cost_discount: optional f64;
        /// The amount that was charged, in `currency`.
        pub cost_total: optional f64;
        /// The amount that was charged; the older name of `cost_total`.
        pub cost: optional f64;
        /// The currency (ISO 4217), such as `USD`.
        pub currency: optional String;
        /// The key or user that made the requests, if it was requested with
        /// [`ListRequest::with_auth_method`].
        pub auth_method: optional String;
        /// The same as `auth_method`, split into its parts.
        pub auth_method_structured: optional AuthMethod;
    }
}

object! {
    /// The key or the user that made requests.
    #[derive(Eq)]
    pub struct AuthMethod {
        /// A description of the key or user.
        pub detail: required String;
        /// The id of the key, if a key was used.
        pub api_key_id: optional String;
        /// The name of the user, if a user was logged in.
        pub login_username: optional String;
    }
}

object! {
    /// The cost of one request, in US dollars: see [`Platform::billing_events`].
    pub struct BillingEvent {
        /// The id of the request.
        pub request_id: required String;
        /// The id of the endpoint.
        pub endpoint_id: required String;
        /// When the request was made, in RFC 3339.
        pub timestamp: required String;
        /// The number of billed units.
        pub output_units: optional f64;
        /// The price of one unit, in US dollars.
        pub unit_price: optional f64;
        /// The discount in percent, if there is one.
        pub percent_discount: optional f64;
        /// The cost before discounts, in US dollars.
        pub cost_subtotal: optional f64;
        /// The sum of the discounts, in US dollars.
        pub cost_discount: optional f64;
        /// The amount that was charged, in US dollars.
        pub cost_total: optional f64;
        /// The amount that was charged, in billionths of a US dollar.
        pub cost_estimate_nano_usd: optional f64;
        /// The key or user that made the request, if it was requested with
        /// [`ListRequest::with_auth_method`].
        pub auth_method: optional String;
        /// The same as `auth_method`, split into its parts.
        pub auth_method_structured: optional AuthMethod;
    }
}

impl Platform {
    /// Lists the account's usage of models over time, and its cost. It needs a key with the
    /// `ADMIN` scope. The default time range is the last 24 hours.
    pub fn usage(&self) -> ListRequest<UsageListing> {
        ListRequest::new(&self.http).add("expand", "time_series")
    }

    /// Lists the cost of single requests. It needs a key with the `ADMIN` scope. The default
    /// time range is the last 24 hours, the longest is 90 days. A page has at most 10,000
    /// events.
    pub fn billing_events(&self) -> ListRequest<BillingEventListing> {
        ListRequest::new(&self.http)
    }
}

filters! {
    BillingEventListing {
        /// Lists only the cost of the request with this id. Called more than once, it lists the
        /// cost of all the given requests.
        request(request_id) => add "request_id";
    }
}
