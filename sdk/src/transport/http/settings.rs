//! What a client is set to; plain data.

use super::allowed_hosts::AllowedHosts;
use super::credentials::Credentials;
use super::hosts::Hosts;
use super::limits::{Limits, Timeouts};
use super::proxy::ProxyRoute;
use super::retry::RetryPolicy;
use crate::transport::upload_settings::Uploads;

/// How a client learns that a job is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StatusMode {
    /// Over a status stream while one is to be had, else by polling.
    #[default]
    Stream,
    /// By polling alone.
    Poll,
}

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) hosts: Hosts,
    /// Where files are downloaded from besides the public internet.
    pub(crate) allowed_hosts: AllowedHosts,
    pub(crate) credentials: Credentials,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeouts: Timeouts,
    pub(crate) limits: Limits,
    pub(crate) status_mode: StatusMode,
    pub(crate) poll: Pace,
    /// Whether inputs are checked before they are sent.
    pub(crate) validate: bool,
    pub(crate) backup_hosts: bool,
    pub(crate) uploads: Uploads,
    /// A server of the user's own, through which calls go.
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
            poll: Pace::default(),
            validate: true,
            backup_hosts: false,
            uploads: Uploads::default(),
            proxy: None,
        }
    }
}

/// How often a job's status is polled.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Pace {
    /// The wait before the second look. Default: 250 ms.
    pub first: std::time::Duration,
    /// The longest wait between two looks. Default: 3 s.
    pub longest: std::time::Duration,
    /// By how much each wait is longer than the one before. Default: 1.25.
    pub growth: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: std::time::Duration::from_millis(250),
            longest: std::time::Duration::from_secs(3),
            growth: 1.25,
        }
    }
}
