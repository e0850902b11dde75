//! The account's serverless apps: their queues, revisions, events and runners.

use std::future::IntoFuture;

use reqwest::Method;
use serde_json::{Map, Value};

use super::Platform;
use super::app_events::AppEventCategory;
use super::list::ListRequest;
use super::listing::{filters, listing};
use crate::transport::box_future::BoxFuture;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::Result;
use crate::transport::opaque::opaque;
use crate::{object, open_enum};

/// The path of apps below `/v1`.
const APPS: &str = "serverless/apps";

listing! {
    /// The list of the account's apps: see [`Platform::apps`].
    AppListing: "serverless/apps",
    AppPage {
        /// The apps.
        apps: App
    }
}

listing! {
    /// The list of an app's revisions: see [`Platform::app_revisions`].
    AppRevisionListing: "serverless/apps",
    AppRevisionPage {
        /// The revisions.
        revisions: AppRevision
    }
}

listing! {
    /// The list of the events of an app: see [`Platform::app_events`].
    AppEventListing: "serverless/apps",
    AppEventPage {
        /// The events.
        events: AppEvent
    }
}

filters! { AppEventListing: start, end }

listing! {
    /// The list of how many runners an app had over time: see
    /// [`Platform::runner_history`].
    RunnerHistoryListing: "serverless/apps",
    RunnerHistoryPage {
        /// The number of runners in each time bucket.
        history: RunnerCounts
    }
}

filters! { RunnerHistoryListing: start, end, timeframe }

object! {
    /// A serverless app of the account: see [`Platform::apps`].
    pub struct App {
        /// The id of the app's main endpoint, such as `owner/name`.
        pub endpoint_id: required String;
        /// The name of the app.
        pub name: required String;
        /// The account that owns the app.
        pub owner: required String;
        /// The environment that the app is deployed to.
        pub environment: optional String;
        /// The type of machine that runs the app.
        pub machine_type: optional String;
        /// Who may call the app.
        pub auth_mode: optional AppAuthMode;
        /// How many seconds a runner stays ready after its last request.
        pub keep_alive: optional f64;
        /// The smallest number of runners that the app has.
        pub min_concurrency: optional f64;
        /// The largest number of runners that the app has.
        pub max_concurrency: optional f64;
        /// How many seconds a request may take.
        pub request_timeout: optional f64;
        /// How many seconds a runner may take to start.
        pub startup_timeout: optional f64;
        /// The regions that the app may run in.
        pub valid_regions: optional Vec<String>;
        /// When the app was last changed, in RFC 3339.
        pub updated_at: optional String;
        /// The paths of the app's endpoints, if they were requested with
        /// [`ListRequest::with_app_endpoints`].
        pub endpoints: optional Vec<String>;
    }
}

open_enum! {
    /// Who may call an app.
    pub enum AppAuthMode: String {
        Private = "private",
        Public = "public",
        Shared = "shared",
    }
}

object! {
    /// A revision of an app of the account: see [`Platform::app_revisions`].
    pub struct AppRevision {
        /// The id of the revision.
        pub revision_id: required String;
        /// When the revision was created, in RFC 3339.
        pub created_at: required String;
        /// Whether requests go to this revision.
        pub is_current: required bool;
        /// The status of the revision's deployment.
        pub status: required DeploymentStatus;
        /// The message with which the revision was deployed.
        pub message: optional String;
        /// Notes that the deploying program added.
        pub annotations: optional Map<String, Value>;
        /// Who deployed the revision.
        pub deployed_by: optional String;
    }
}

open_enum! {
    /// The status of a deployment.
    pub enum DeploymentStatus: String {
        Deployed = "deployed",
        Deploying = "deploying",
        Failed = "failed",
    }
}

object! {
    /// An event in the life of an app of the account: see [`Platform::app_events`].
    pub struct AppEvent {
        /// The id of the event.
        pub event_id: required String;
        /// The kind of the event.
        pub category: required AppEventCategory;
        /// When the event happened, in RFC 3339.
        pub created_at: required String;
        /// The details of the event, which depend on its category.
        pub payload: required Map<String, Value>;
    }
}

object! {
    /// The number of runners that an app had in one time bucket: see
    /// [`Platform::runner_history`].
    pub struct RunnerCounts {
        /// When the time bucket begins, in RFC 3339.
        pub timestamp: required String;
        /// The number of runners that served requests.
        pub running: required f64;
        /// The number of runners that waited for requests.
        pub idle: required f64;
        /// The number of runners that were starting.
        pub pending: required f64;
        /// The number of runners that finished their requests and accepted no more.
        pub draining: required f64;
    }
}

open_enum! {
    /// How the numbers of runners within a time bucket are aggregated into one.
    pub enum Aggregation: String {
        /// The largest number in the time bucket.
        Maximum = "max",
        /// The average over the time bucket.
        Average = "avg",
    }
}

object! {
    /// The queue of an app.
    #[derive(Eq)]
    pub struct AppQueue {
        /// The number of requests that wait in the queue.
        pub queue_size: required i64;
    }
}

filters! {
    AppListing {
        /// Lists only apps that are deployed to an environment, given its name.
        environment(name) => set "environment";
        /// Lists only apps whose name contains this text.
        search(text) => set "search";
        /// Includes the paths of each app's endpoints.
        with_app_endpoints() => add "expand" = "endpoints";
    }
}

filters! {
    AppEventListing {
        /// Lists only events of a category. Called more than once, it lists the events of all
        /// the given categories.
        category(category: AppEventCategory) => add "category";
    }
}

filters! {
    RunnerHistoryListing {
        /// Sets how the numbers of runners within a time bucket are aggregated into one. Default:
        /// [`Aggregation::Maximum`].
        aggregation(aggregation: Aggregation) => set "aggregation";
    }
}

/// A request that removes waiting requests from the queue of an app: returned by
/// [`Platform::flush_queue`].
#[must_use = "nothing is removed until this is awaited"]
pub struct FlushQueue {
    platform: Platform,
    endpoint: Result<EndpointId>,
    limit: Option<u32>,
    caller: Option<String>,
}

impl FlushQueue {
    /// Removes at most this many requests. By default all are removed.
    pub fn limit(mut self, requests: u32) -> Self {
        self.limit = Some(requests);
        self
    }

    /// Removes only the requests of this user, given the user's id.
    pub fn caller_user_id(mut self, id: impl Into<String>) -> Self {
        self.caller = Some(id.into());
        self
    }
}

impl IntoFuture for FlushQueue {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let endpoint = self.endpoint?;
            let mut call = self
                .platform
                .call(Method::DELETE, APPS, &queue_of(&endpoint))?;
            if let Some(limit) = self.limit {
                call = call.query("limit", &limit.to_string());
            }
            if let Some(caller) = &self.caller {
                call = call.query("caller_user_id", caller);
            }
            call.send_discarding_output().await
        })
    }
}

/// The segments that follow the path of apps in the path of an app's queue.
fn queue_of(app: &EndpointId) -> [&str; 3] {
    [app.owner(), app.alias(), "queue"]
}

impl Platform {
    /// Lists the apps of the account.
    pub fn apps(&self) -> ListRequest<AppListing> {
        ListRequest::new(&self.http)
    }

    /// Returns how many requests wait for an app of the account, given the id of one of its
    /// endpoints.
    ///
    /// # Errors
    /// When the text is not an endpoint id, or the app does not belong to the account.
    pub async fn queue_size(&self, endpoint_id: impl AsRef<str>) -> Result<i64> {
        let id = EndpointId::parse(endpoint_id.as_ref())?;
        let call = self.call(Method::GET, APPS, &queue_of(&id))?;
        let queue: AppQueue = call.send().await?;
        Ok(queue.queue_size)
    }

    /// Removes the requests that wait in the queue of an app of the account, given the id of
    /// one of its endpoints. Without further options, all of them are removed.
    ///
    /// # Errors
    /// Awaiting it fails when the text is not an endpoint id, or the app does not belong to
    /// the account.
    pub fn flush_queue(&self, endpoint_id: impl AsRef<str>) -> FlushQueue {
        FlushQueue {
            platform: self.clone(),
            endpoint: EndpointId::parse(endpoint_id.as_ref()),
            limit: None,
            caller: None,
        }
    }

    /// Lists the revisions of an app of the account, given the id of one of its endpoints.
    ///
    /// # Errors
    /// When the text is not an endpoint id.
    pub fn app_revisions(
        &self,
        endpoint_id: impl AsRef<str>,
    ) -> Result<ListRequest<AppRevisionListing>> {
        self.of_app(endpoint_id.as_ref(), &["revisions"])
    }

    /// Lists the events of an app of the account, such as deployments and failures of
    /// runners, given the id of one of its endpoints.
    ///
    /// # Errors
    /// When the text is not an endpoint id.
    pub fn app_events(&self, endpoint_id: impl AsRef<str>) -> Result<ListRequest<AppEventListing>> {
        self.of_app(endpoint_id.as_ref(), &["events"])
    }

    /// Lists how many runners an app of the account had over time, given the id of one of its
    /// endpoints.
    ///
    /// # Errors
    /// When the text is not an endpoint id.
    pub fn runner_history(
        &self,
        endpoint_id: impl AsRef<str>,
    ) -> Result<ListRequest<RunnerHistoryListing>> {
        self.of_app(endpoint_id.as_ref(), &["runners", "history"])
    }

    fn of_app<K: super::Listing>(
        &self,
        endpoint_id: &str,
        rest: &[&str],
    ) -> Result<ListRequest<K>> {
        let id = EndpointId::parse(endpoint_id)?;
        let segments = [&[id.owner(), id.alias()], rest].concat();
        Ok(ListRequest::below(&self.http, &segments))
    }
}

opaque! { FlushQueue }
