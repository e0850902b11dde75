//! Usage, and what it cost.

use super::Platform;
use super::list::ListRequest;
use super::listing::{filters, listing, time_series};
use crate::wire;

time_series! {
    /// The list of what was used over time: see [`Platform::usage`].
    UsageListing: "models/usage",
    /// A page of usage.
    UsagePage,
    /// The usage of one stretch of time.
    UsageBucket of UsageRecord
}

filters! { UsageListing: with_auth_method, api_key, login_username, endpoint }

listing! {
    /// The list of what single requests cost: see [`Platform::billing_events`].
    BillingEventListing: "models/billing-events",
    BillingEventPage {
        /// The cost of each request.
        billing_events: BillingEvent
    }
}

filters! {
    BillingEventListing: start, end, endpoint, api_key, login_username, with_auth_method
}

/// The usage of an endpoint, and what it cost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct UsageRecord {
    /// The id of the endpoint.
    pub endpoint_id: String,
    /// The unit that is billed, such as `image` or `second`.
    pub unit: String,
    /// How many units were used.
    pub quantity: f64,
    /// The price of a unit before discounts.
    pub unit_price: f64,
    /// The discount in percent, if there is one.
    pub percent_discount: Option<f64>,
    /// The cost before discounts.
    pub cost_subtotal: Option<f64>,
    /// The amount of the discounts.
    pub cost_discount: Option<f64>,
    /// The amount that was charged.
    pub cost_total: Option<f64>,
    /// The older name of `cost_total`.
    pub cost: Option<f64>,
    /// The currency (ISO 4217).
    pub currency: Option<String>,
    /// The key or user that made the requests, if it was requested with
    /// `with_auth_method`.
    pub auth_method: Option<String>,
    /// The same as `auth_method`, split into its parts.
    pub auth_method_structured: Option<AuthMethod>,
}

wire! {
    UsageRecord {
        endpoint_id: required,
        unit: required,
        quantity: required,
        unit_price: required,
        percent_discount: optional,
        cost_subtotal: optional,
        cost_discount: optional,
        cost_total: optional,
        cost: optional,
        currency: optional,
        auth_method: optional,
        auth_method_structured: optional,
    }
}

/// The key or the user that made requests.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthMethod {
    /// A description of the key or user.
    pub detail: String,
    /// The id of the key, if a key was used.
    pub api_key_id: Option<String>,
    /// The name of the user, if somebody was logged in.
    pub login_username: Option<String>,
}

wire! {
    AuthMethod {
        detail: required,
        api_key_id: optional,
        login_username: optional,
    }
}

/// What a request cost, in US dollars.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BillingEvent {
    /// The id of the request.
    pub request_id: String,
    /// The id of the endpoint.
    pub endpoint_id: String,
    /// When the request was made, in RFC 3339.
    pub timestamp: String,
    /// The number of billed units.
    pub output_units: Option<f64>,
    /// The price of a unit.
    pub unit_price: Option<f64>,
    /// The discount in percent, if there is one.
    pub percent_discount: Option<f64>,
    /// The cost before discounts.
    pub cost_subtotal: Option<f64>,
    /// The amount of the discounts.
    pub cost_discount: Option<f64>,
    /// The amount that was charged.
    pub cost_total: Option<f64>,
    /// The amount that was charged, in billionths of a US dollar.
    pub cost_estimate_nano_usd: Option<f64>,
    /// The key or user that made the requests, if it was requested with
    /// `with_auth_method`.
    pub auth_method: Option<String>,
    /// The same as `auth_method`, split into its parts.
    pub auth_method_structured: Option<AuthMethod>,
}

wire! {
    BillingEvent {
        request_id: required,
        endpoint_id: required,
        timestamp: required,
        output_units: optional,
        unit_price: optional,
        percent_discount: optional,
        cost_subtotal: optional,
        cost_discount: optional,
        cost_total: optional,
        cost_estimate_nano_usd: optional,
        auth_method: optional,
        auth_method_structured: optional,
    }
}

impl Platform {
    /// Lists what was used and what it cost. It needs a key with the `ADMIN` scope.
    /// The platform chooses the range of time if none is given.
    pub fn usage(&self) -> ListRequest<UsageListing> {
        ListRequest::new(&self.http).add("expand", "time_series")
    }

    /// Lists what each request cost. It needs a key with the `ADMIN` scope. The range
    /// is at most 90 days, and a page holds at most 10,000 events.
    pub fn billing_events(&self) -> ListRequest<BillingEventListing> {
        ListRequest::new(&self.http)
    }
}

impl ListRequest<BillingEventListing> {
    /// Lists only the cost of this request. Called more than once, it lists the cost
    /// of any of the requests.
    pub fn request(self, request_id: impl Into<String>) -> Self {
        self.add("request_id", request_id)
    }
}
