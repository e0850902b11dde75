//! Faults aimed at requests.

use serde::{Deserialize, Serialize};

use super::Fault;
use crate::protocol::{app_id, route::Route};

/// What a fault can be aimed by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe<'r> {
    pub(crate) route: Route,
    /// The app of the path, empty when it has none.
    pub(crate) app: &'r str,
    pub(crate) request_id: &'r str,
}

/// A fault, aimed: which requests meet it, and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "give it to `MockServer::inject`"]
pub struct Injection {
    pub(crate) fault: Fault,
    /// Any of these; every route but the control API and `Connection` when empty.
    #[serde(default)]
    routes: Vec<Route>,
    #[serde(default)]
    endpoint: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
    #[serde(default)]
    pub(crate) after: u64,
    /// `None` for ever.
    #[serde(default = "once")]
    pub(crate) times: Option<u64>,
    #[serde(default = "always")]
    pub(crate) chance: f64,
    #[serde(default)]
    pub(crate) handled: bool,
}

fn once() -> Option<u64> {
    Some(1)
}

fn always() -> f64 {
    1.0
}

impl From<Fault> for Injection {
    /// Aims at the next request, whatever its route.
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            routes: Vec::new(),
            endpoint: None,
            request_id: None,
            after: 0,
            times: once(),
            chance: always(),
            handled: false,
        }
    }
}

impl Injection {
    /// Aims at a route, or at one more.
    pub fn on(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// Only calls of this endpoint, and per-request calls of its app.
    pub fn endpoint(mut self, id: &str) -> Self {
        self.endpoint = Some(id.to_owned());
        self
    }

    /// Only per-request calls of this job.
    pub fn request_id(mut self, id: &str) -> Self {
        self.request_id = Some(id.to_owned());
        self
    }

    /// Lets this many matching requests pass first.
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }

    /// Happens this often; once unless set.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Happens for ever.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Happens with this probability, from the server's seed.
    pub fn chance(mut self, probability: f64) -> Self {
        self.chance = probability;
        self
    }

    /// The route does its work first: the job is created, and only its reply is spoilt. Without this, faults that replace the
    /// reply leave nothing done.
    pub fn handled(mut self) -> Self {
        self.handled = true;
        self
    }

    /// Whether the request that `probe` describes is one of those that meet the fault.
    pub(crate) fn is_aimed_at(&self, probe: Probe<'_>) -> bool {
        let route = if self.routes.is_empty() {
            !matches!(probe.route, Route::Connection | Route::Control)
        } else {
            self.routes.contains(&probe.route)
        };
        let ours = |id: &String| {
            let app = app_id::parse(id).map_or(id.as_str(), |id| id.app);
            id == probe.app || app == probe.app
        };
        route
            && self.endpoint.as_ref().is_none_or(ours)
            && self
                .request_id
                .as_ref()
                .is_none_or(|id| id == probe.request_id)
    }
}
