//! A fault with the conditions under which it happens.

use serde::{Deserialize, Serialize};

use super::Fault;
use crate::{
    protocol::{app_id, route::Route},
    setters::setters,
};

/// The properties of a request that decide which faults it gets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe<'r> {
    pub(crate) route: Route,
    /// The application in the path; empty if there is none.
    pub(crate) app: &'r str,
    pub(crate) request_id: &'r str,
}

/// A fault, with the requests that get it and the number of times that it happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "give it to `MockServer::inject`"]
pub struct Injection {
    pub(crate) fault: Fault,
    /// The routes whose requests get the fault. If empty, all routes except the control API and `Connection`.
    #[serde(default)]
    routes: Vec<Route>,
    #[serde(default)]
    endpoint: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
    #[serde(default)]
    pub(crate) after: u64,
    /// The number of times that the fault happens; `None` means always.
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
    /// Creates an injection for the next request, whatever its route.
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

setters!(Injection {
    /// Limits the fault to calls of this endpoint, including requests about jobs of its application.
    endpoint(id: &str) => endpoint = Some(id.to_owned());
    /// Limits the fault to requests about this job: status, result and cancellation.
    request_id(id: &str) => request_id = Some(id.to_owned());
    /// Lets this number of matching requests pass before the fault happens.
    after(requests: u64) => after = requests;
    /// Sets how often the fault happens. Default: once.
    times(times: u64) => times = Some(times);
    /// Makes the fault happen every time.
    always() => times = None;
    /// Sets the probability with which the fault happens, from 0 to 1. The random numbers come from the server's seed.
    chance(probability: f64) => chance = probability;
    /// Makes the server handle the request before the fault happens: the job is created, and only its reply is lost or changed. By
    /// default, a request is not handled if a fault replaces its reply.
    handled() => handled = true;
});

impl Injection {
    /// Limits the fault to requests of a route, or adds a route.
    pub fn on(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// Whether the request that `probe` describes can get the fault.
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
