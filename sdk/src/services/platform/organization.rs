//! The organization that the account belongs to: its teams, their usage, and its cost.
//! Every call in this module needs a key of the organization with the `ADMIN` scope.

use super::Platform;
use super::list::ListRequest;
use super::listing::{filters, listing, time_series};
use super::usage::AuthMethod;
use crate::{object, open_enum};

listing! {
    /// The list of an organization's teams: see [`Platform::teams`].
    TeamListing: "organization/teams",
    TeamPage {
        /// The teams.
        teams: Team
    }
}

time_series! {
    /// The list of the usage of an organization's teams over time: see
    /// [`Platform::organization_usage`].
    OrganizationUsageListing: "organization/usage",
    /// A page of the usage of an organization's teams.
    OrganizationUsagePage,
    /// The usage of an organization's teams in one time bucket, such as an hour.
    OrganizationUsageBucket of OrganizationUsageRecord
}

filters! { OrganizationUsageListing: with_auth_method, api_key, endpoint, team }

listing! {
    /// The list of the cost of single requests of an organization's teams: see
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

object! {
    /// A team of an organization: see [`Platform::teams`].
    #[derive(Eq)]
    pub struct Team {
        /// The name of the team in URLs and endpoint ids.
        pub username: required String;
        /// The name under which the team is shown.
        pub name: required String;
        /// Whether this is the root team, which stands for the organization itself.
        pub is_org_root: required bool;
        /// When the team was created, in RFC 3339.
        pub created_at: required String;
    }
}

open_enum! {
    /// A product of fal that is billed.
    pub enum Product: String {
        ModelApis = "model_apis",
        Serverless = "serverless",
        Compute = "compute",
    }
}

object! {
    /// The usage of an endpoint by a team, and its cost.
    pub struct OrganizationUsageRecord {
        /// The username of the team.
        pub username: required String;
        /// The product that was used.
        pub product: required Product;
        /// The id of the endpoint.
        pub endpoint_id: required String;
        /// The unit that is billed, such as `image` or `second`.
        pub unit: required String;
        /// The number of units that were used.
        pub quantity: required f64;
        /// The price of one unit before discounts, in `currency`.
        pub unit_price: required f64;
        /// The amount that was charged, in `currency`.
        pub cost: required f64;
        /// The currency (ISO 4217), such as `USD`.
        pub currency: required String;
        /// The key or user that made the requests, if it was requested with
        /// [`ListRequest::with_auth_method`].
        pub auth_method: optional String;
        /// The same as `auth_method`, split into its parts.
        pub auth_method_structured: optional AuthMethod;
    }
}

object! {
    /// The cost of one request of a team, in US dollars.
    pub struct OrganizationBillingEvent {
        /// The username of the team.
        pub username: required String;
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

filters! {
    OrganizationUsageListing {
        /// Lists only the usage of a product. Called more than once, it lists the usage of all
        /// the given products.
        product(product: Product) => add "product";
    }
}

filters! {
    OrganizationBillingEventListing {
        /// Lists only the cost of the request with this id. Called more than once, it lists the
        /// cost of all the given requests.
        request(request_id) => add "request_id";
    }
}

impl Platform {
    /// Lists the teams of the organization.
    pub fn teams(&self) -> ListRequest<TeamListing> {
        ListRequest::new(&self.http)
    }

    /// Lists the usage of the organization's teams, and its cost. The default time range is
    /// the last 24 hours.
    pub fn organization_usage(&self) -> ListRequest<OrganizationUsageListing> {
        ListRequest::new(&self.http)
    }

    /// Lists the cost of single requests of the organization's teams.
    pub fn organization_billing_events(&self) -> ListRequest<OrganizationBillingEventListing> {
        ListRequest::new(&self.http)
    }
}
