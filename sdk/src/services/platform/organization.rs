//! The organization that the account belongs to: its teams, their usage, and what it cost.
//! Every call in this module needs a key of the organization with the `ADMIN` scope.

use super::Platform;
use super::list::ListRequest;
use super::listing::{filters, listing, time_series};
use super::usage::AuthMethod;
use crate::{open_enum, wire};

listing! {
    /// The list of an organization's teams: see [`Platform::teams`].
    TeamListing: "organization/teams",
    TeamPage {
        /// The teams.
        teams: Team
    }
}

time_series! {
    /// The list of what teams used over time: see [`Platform::organization_usage`].
    OrganizationUsageListing: "organization/usage",
    /// A page of the usage of teams.
    OrganizationUsagePage,
    /// The usage of teams in one stretch of time.
    OrganizationUsageBucket of OrganizationUsageRecord
}

filters! { OrganizationUsageListing: with_auth_method, api_key, endpoint, team }

listing! {
    /// The list of what single requests of teams cost: see
    /// [`Platform::organization_billing_events`].
    OrganizationBillingEventListing: "organization/billing-events",
    OrganizationBillingEventPage {
        /// The cost of each request.
        billing_events: OrganizationBillingEvent
    }
}

filters! {
    OrganizationBillingEventListing: start, end, endpoint, api_key, with_auth_method, team
}

/// A team of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Team {
    /// The name of the team in addresses.
    pub username: String,
    /// The name of the team for people.
    pub name: String,
    /// Whether the team is that of the organization itself.
    pub is_org_root: bool,
    /// When the team was created, in RFC 3339.
    pub created_at: String,
}

wire! {
    Team {
        username: required,
        name: required,
        is_org_root: required,
        created_at: required,
    }
}

open_enum! {
    /// A product of fal's that is billed.
    pub enum Product: String {
        ModelApis = "model_apis",
        Serverless = "serverless",
        Compute = "compute",
    }
}

/// What a team used of an endpoint, and what it cost.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OrganizationUsageRecord {
    /// The name of the team.
    pub username: String,
    /// The product that was used.
    pub product: Product,
    /// The id of the endpoint.
    pub endpoint_id: String,
    /// The unit that is billed, such as `image` or `second`.
    pub unit: String,
    /// How many units were used.
    pub quantity: f64,
    /// The price of a unit before discounts.
    pub unit_price: f64,
    /// The amount that was charged.
    pub cost: f64,
    /// The currency (ISO 4217).
    pub currency: String,
    /// The key or user that made the requests, if it was requested with
    /// `with_auth_method`.
    pub auth_method: Option<String>,
    /// The same as `auth_method`, split into its parts.
    pub auth_method_structured: Option<AuthMethod>,
}

wire! {
    OrganizationUsageRecord {
        username: required,
        product: required,
        endpoint_id: required,
        unit: required,
        quantity: required,
        unit_price: required,
        cost: required,
        currency: required,
        auth_method: optional,
        auth_method_structured: optional,
    }
}

/// What a request of a team cost, in US dollars.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OrganizationBillingEvent {
    /// The name of the team.
    pub username: String,
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
    OrganizationBillingEvent {
        username: required,
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

impl ListRequest<OrganizationUsageListing> {
    /// Lists only the usage of a product. Called more than once, it lists that of any of the
    /// products.
    pub fn product(self, product: Product) -> Self {
        self.add("product", product.as_str())
    }
}

impl ListRequest<OrganizationBillingEventListing> {
    /// Lists only the request with this id. Called more than once, it lists any of the
    /// requests.
    pub fn request(self, request_id: impl Into<String>) -> Self {
        self.add("request_id", request_id)
    }
}

impl Platform {
    /// Lists the teams of the organization.
    pub fn teams(&self) -> ListRequest<TeamListing> {
        ListRequest::new(&self.http)
    }

    /// Lists what the teams of the organization used, and what it cost. The platform chooses
    /// the range of time if none is given.
    pub fn organization_usage(&self) -> ListRequest<OrganizationUsageListing> {
        ListRequest::new(&self.http)
    }

    /// Lists what single requests of the organization's teams cost.
    pub fn organization_billing_events(&self) -> ListRequest<OrganizationBillingEventListing> {
        ListRequest::new(&self.http)
    }
}
