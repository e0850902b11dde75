//! What was used and what it cost.

use super::list::{List, listing};
use super::{Moment, Platform};
use crate::{open_enum, wire};

listing! {
    /// Usage in the course of time: [`Platform::usage`].
    UsageListing: "models/usage" => UsagePage
}

listing! {
    /// What single requests cost: [`Platform::billing_events`].
    BillingEventListing: "models/billing-events" => BillingEventPage, billing_events: BillingEvent
}

open_enum! {
    /// The length of the stretches of time that are added up.
    pub enum Timeframe: String {
        Minute = "minute",
        Hour = "hour",
        Day = "day",
        Week = "week",
        Month = "month",
    }
}

/// A page of usage.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct UsagePage {
    /// Usage in the course of time, unless only the summary was asked for.
    pub time_series: Option<Vec<UsageBucket>>,
    /// Usage in all, if asked for.
    pub summary: Option<Vec<UsageRecord>>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

wire! {
    UsagePage {
        time_series: optional,
        summary: optional,
        next_cursor: optional,
    }
}

/// The usage of a stretch of time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct UsageBucket {
    /// When it began (RFC 3339).
    pub bucket: String,
    /// What was used, by endpoint and unit.
    pub results: Vec<UsageRecord>,
}

wire! {
    UsageBucket {
        bucket: required,
        results: required,
    }
}

/// What was used of an endpoint, and what it cost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct UsageRecord {
    /// The endpoint.
    pub endpoint_id: String,
    /// What a unit is.
    pub unit: String,
    /// How many units were used.
    pub quantity: f64,
    /// The price of a unit before discounts.
    pub unit_price: f64,
    /// The discount in percent, if there is one.
    pub percent_discount: Option<f64>,
    /// The cost before discounts.
    pub cost_subtotal: Option<f64>,
    /// The discounts.
    pub cost_discount: Option<f64>,
    /// What was charged.
    pub cost_total: Option<f64>,
    /// The older name of `cost_total`.
    pub cost: Option<f64>,
    /// The currency (ISO 4217).
    pub currency: Option<String>,
    /// By which key or user, if asked for.
    pub auth_method: Option<String>,
    /// The same in its parts, if asked for.
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

/// Who made requests.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthMethod {
    /// In words.
    pub detail: String,
    /// The key, if it was one.
    pub api_key_id: Option<String>,
    /// The user, if it was one.
    pub login_username: Option<String>,
}

wire! {
    AuthMethod {
        detail: required,
        api_key_id: optional,
        login_username: optional,
    }
}

/// A page of billing events.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BillingEventPage {
    /// The events.
    pub billing_events: Vec<BillingEvent>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<String>,
}

wire! {
    BillingEventPage {
        billing_events: required,
        next_cursor: optional,
    }
}

/// What a request cost, in US dollars.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BillingEvent {
    /// The request.
    pub request_id: String,
    /// The endpoint.
    pub endpoint_id: String,
    /// When it was made (RFC 3339).
    pub timestamp: String,
    /// The billed units.
    pub output_units: Option<f64>,
    /// The price of a unit.
    pub unit_price: Option<f64>,
    /// The discount in percent, if there is one.
    pub percent_discount: Option<f64>,
    /// The cost before discounts.
    pub cost_subtotal: Option<f64>,
    /// The discounts.
    pub cost_discount: Option<f64>,
    /// What was charged.
    pub cost_total: Option<f64>,
    /// What was charged, in billionths of a dollar.
    pub cost_estimate_nano_usd: Option<f64>,
    /// By which key or user, if asked for.
    pub auth_method: Option<String>,
    /// The same in its parts, if asked for.
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
    /// What was used and what it cost. It needs a key with the `ADMIN` scope.
    /// Without a range, the platform's own applies.
    pub fn usage(&self) -> List<UsageListing> {
        List::new(&self.http).add("expand", "time_series")
    }

    /// What each request cost. It needs a key with the `ADMIN` scope. The range is
    /// at most 90 days, a page at most 10,000 events.
    pub fn billing_events(&self) -> List<BillingEventListing> {
        List::new(&self.http)
    }
}

impl List<UsageListing> {
    /// With the sum over the whole range for each endpoint.
    pub fn with_summary(self) -> Self {
        self.add("expand", "summary")
    }

    /// With the key or user of each.
    pub fn with_auth_method(self) -> Self {
        self.add("expand", "auth_method")
            .add("expand", "auth_method_structured")
    }

    /// Of this key; called again, of this one too.
    pub fn api_key(self, key_id: impl Into<String>) -> Self {
        self.add("api_key_id", key_id)
    }

    /// Of this user; called again, of this one too.
    pub fn login_username(self, name: impl Into<String>) -> Self {
        self.add("login_username", name)
    }

    /// Of this endpoint; called again, of this one too, up to 50.
    pub fn endpoint(self, id: impl Into<String>) -> Self {
        self.add("endpoint_id", id)
    }
}

impl List<BillingEventListing> {
    /// From this moment on.
    pub fn start(self, start: impl Into<Moment>) -> Self {
        self.set("start", start.into().as_str())
    }

    /// Up to this moment.
    pub fn end(self, end: impl Into<Moment>) -> Self {
        self.set("end", end.into().as_str())
    }

    /// Of this endpoint; called again, of this one too, up to 50.
    pub fn endpoint(self, id: impl Into<String>) -> Self {
        self.add("endpoint_id", id)
    }

    /// Of this request; called again, of this one too.
    pub fn request(self, request_id: impl Into<String>) -> Self {
        self.add("request_id", request_id)
    }

    /// Of this key; called again, of this one too.
    pub fn api_key(self, key_id: impl Into<String>) -> Self {
        self.add("api_key_id", key_id)
    }

    /// Of this user; called again, of this one too.
    pub fn login_username(self, name: impl Into<String>) -> Self {
        self.add("login_username", name)
    }

    /// With the key or user of each.
    pub fn with_auth_method(self) -> Self {
        self.add("expand", "auth_method")
            .add("expand", "auth_method_structured")
    }
}

/// Options of lists that add up stretches of time.
macro_rules! over_time {
    ($kind:ident) => {
        impl List<$kind> {
            /// From this moment on.
            pub fn start(self, start: impl Into<Moment>) -> Self {
                self.set("start", start.into().as_str())
            }

            /// Up to this moment.
            pub fn end(self, end: impl Into<Moment>) -> Self {
                self.set("end", end.into().as_str())
            }

            /// The time zone whose days are added up, such as `Europe/Berlin`.
            /// Default: `UTC`.
            pub fn timezone(self, zone: impl Into<String>) -> Self {
                self.set("timezone", zone)
            }

            /// The length of the stretches that are added up. Default: by the length
            /// of the range.
            pub fn timeframe(self, timeframe: $crate::services::platform::Timeframe) -> Self {
                self.set("timeframe", timeframe.as_str())
            }

            /// Whether the range is widened to whole stretches. Default: it is.
            pub fn bound_to_timeframe(self, bound: bool) -> Self {
                self.set("bound_to_timeframe", bound.to_string())
            }
        }
    };
}

over_time!(UsageListing);

pub(super) use over_time;
