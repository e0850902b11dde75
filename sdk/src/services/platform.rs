//! The platform API: models, prices, usage, requests, keys, files, billing, apps, assets,
//! workflows, machines, organizations.
//!
//! [`Platform::request`] calls the operations that have no method of their own.
//!
//! Some calls need a key with the `ADMIN` scope, which their documentation says; the
//! catalog of models needs no key. Every call can also fail because the platform cannot be
//! reached or refuses it: see [`Error`](crate::Error).
//!
//! Source: <https://fal.ai/docs/api-reference/platform-apis/openapi/v1.json>.

mod account;
mod analytics;
mod app_events;
mod app_files;
mod app_usage;
mod apps;
mod asset_ref;
mod asset_tags;
mod assets;
mod call;
mod characters;
mod collections;
mod compute;
mod cost;
mod estimate;
mod files;
mod form;
mod keys;
mod list;
mod listing;
mod models;
mod organization;
mod paging;
mod parameters;
mod pricing;
mod request;
mod requests;
mod time;
mod usage;
mod workflows;

pub use account::{Billing, Credits, Meta};
pub use analytics::{Analytics, AnalyticsBucket, AnalyticsListing, AnalyticsPage, Metric};
pub use app_events::AppEventCategory;
pub use app_files::AppFile;
pub use app_usage::{AppUsageBucket, AppUsageListing, AppUsagePage, AppUsageRecord};
pub use apps::{
    Aggregation, App, AppAuthMode, AppEvent, AppEventListing, AppEventPage, AppListing, AppPage,
    AppQueue, AppRevision, AppRevisionListing, AppRevisionPage, DeploymentStatus, FlushQueue,
    RunnerCounts, RunnerHistoryListing, RunnerHistoryPage,
};
pub use asset_ref::AssetRef;
pub use asset_tags::{AssetTag, AssetTagListing, AssetTagPage};
pub use assets::{Asset, AssetListing, AssetPage, AssetSection, AssetType};
pub use characters::{Character, CharacterFields, CharacterListing, CharacterPage};
pub use collections::{
    Collection, CollectionFields, CollectionListing, CollectionPage, CollectionType,
};
pub use compute::{
    ComputeInstance, ComputeInstanceListing, ComputeInstancePage, InstanceRegion, InstanceSector,
    InstanceStatus, InstanceType,
};
pub use cost::Cost;
pub use estimate::{Estimate, EstimateType};
pub use files::{SignedUrl, StorageSettings};
pub use keys::{Key, KeyListing, KeyPage, NewKey};
pub use list::{ItemListing, Items, ListRequest, Listing, Next, Pages};
pub use models::{
    EnterpriseStatus, LicenseType, Model, ModelGroup, ModelKind, ModelListing, ModelMetadata,
    ModelPage, ModelStatus,
};
pub use organization::{
    OrganizationBillingEvent, OrganizationBillingEventListing, OrganizationBillingEventPage,
    OrganizationUsageBucket, OrganizationUsageListing, OrganizationUsagePage,
    OrganizationUsageRecord, Product, Team, TeamListing, TeamPage,
};
pub use pricing::Price;
pub use request::{PlatformRequest, RawItems, RawPages};
pub use requests::{
    DeletedFile, RequestItem, RequestListing, RequestPage, RequestStatus, SearchListing,
    SearchPage, SortBy,
};
pub use reqwest::Method;
pub use time::{Timeframe, Timestamp};
pub use usage::{
    AuthMethod, BillingEvent, BillingEventListing, BillingEventPage, UsageBucket, UsageListing,
    UsagePage, UsageRecord,
};
pub use workflows::{Workflow, WorkflowListing, WorkflowPage, WorkflowSummary};

use crate::transport::http::Http;
use crate::transport::opaque::opaque;

/// fal's platform API: models, prices, usage, requests, keys and more. Returned by
/// [`Client::platform`](crate::Client::platform).
#[derive(Clone)]
pub struct Platform {
    http: Http,
}

impl Platform {
    pub(crate) fn new(http: Http) -> Self {
        Self { http }
    }
}

opaque! { Platform }
