//! The settings of a client, as plain data.

use std::time::Duration;

use super::allowed_hosts::AllowedHosts;
use super::credentials::Credentials;
use super::hosts::Hosts;
use super::limits::{Limits, Timeouts};
use super::proxy::ProxyRoute;
use super::retry::RetryPolicy;
use crate::transport::chaining_setters::chaining_setters;
use crate::transport::upload_settings::UploadSettings;

/// How a client learns that a job has finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StatusMode {
    /// Over a status stream, and by polling while the server offers none.
    #[default]
    Stream,
    /// By polling only.
    Poll,
}

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) hosts: Hosts,
    /// The hosts that files may be downloaded from outside the public internet.
    pub(crate) allowed_hosts: AllowedHosts,
    pub(crate) credentials: Credentials,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeouts: Timeouts,
    pub(crate) limits: Limits,
    pub(crate) status_mode: StatusMode,
    pub(crate) poll_interval: PollInterval,
    /// Whether inputs are checked before they are sent.
    pub(crate) validate: bool,
    pub(crate) backup_hosts: bool,
    pub(crate) uploads: UploadSettings,
    /// The user's server that calls are sent through.
    pub(crate) proxy: Option<ProxyRoute>,
}

impl Settings {
    /// The defaults, for these hosts and credentials.
    pub(crate) fn new(hosts: Hosts, credentials: Credentials) -> Self {
        Self {
            hosts,
            allowed_hosts: AllowedHosts::default(),
            credentials,
            retry: RetryPolicy::default(),
            timeouts: Timeouts::default(),
            limits: Limits::default(),
            status_mode: StatusMode::default(),
            poll_interval: PollInterval::default(),
            validate: true,
            backup_hosts: false,
            uploads: UploadSettings::default(),
            proxy: None,
        }
    }
}

/// How often a job's status is requested while it is polled.
///
/// A job that is far back in the queue, or that waits for one of the
/// [`status_streams`](crate::Limits), is polled less often: up to 30 s pass between two
/// requests.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PollInterval {
    /// The wait between the first and the second status request. Default: 250 ms.
    pub first: Duration,
    /// The wait between two status requests at which the growth stops. Default: 3 s.
    pub longest: Duration,
    /// The factor by which each wait is longer than the one before, at least 1. Default:
    /// 1.25.
    pub growth: f64,
    /// How long a status stream may report no update before the status is also requested
    /// separately. The time doubles with each such request, up to 60 s. Default: 10 s.
    pub beside_stream: Duration,
}

impl Default for PollInterval {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            longest: Duration::from_secs(3),
            growth: 1.25,
            beside_stream: Duration::from_secs(10),
        }
    }
}

chaining_setters! {
    PollInterval {
        first: plain Duration,
        longest: plain Duration,
        growth: plain f64,
        beside_stream: plain Duration,
    }
}
