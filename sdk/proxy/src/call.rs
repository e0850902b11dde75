//! What the application's own rules see of a call.

use std::fmt;

use fal_sdk::{EndpointId, Error};
use http::{Extensions, HeaderMap, StatusCode};

/// What a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// A direct run of a model, which costs money.
    Run,
    /// A model's stream, which costs money.
    Stream,
    /// A job for the queue, which costs money.
    Submit,
    /// The status of a job.
    Status,
    /// The stream of a job's status.
    StatusStream,
    /// The result of a job.
    Result,
    /// The cancellation of a job.
    Cancel,
    /// A URL to upload a file to.
    Upload,
}

impl Action {
    /// Returns whether the call can cost money.
    pub fn is_billable(self) -> bool {
        matches!(self, Self::Run | Self::Stream | Self::Submit)
    }
}

/// A call that the proxy would pass on, as the application's own rule sees it: see
/// [`authorize`](crate::ProxyServiceBuilder::authorize).
#[derive(Clone)]
#[non_exhaustive]
pub struct ProxyCall {
    /// What the call asks for.
    pub action: Action,
    /// The endpoint. For calls about a job it is `owner/name` alone, which is all that the
    /// URLs of jobs have; for uploads there is none.
    pub endpoint: Option<EndpointId>,
    /// The id of the request that the call is about; there is none yet for a job that is
    /// submitted.
    pub request_id: Option<String>,
    /// The size of the body in bytes, if it is known beforehand.
    pub body_size: Option<u64>,
    /// All headers of the browser's request, cookies included.
    pub headers: HeaderMap,
    /// What layers in front of the proxy added, such as the user or the peer's address.
    pub extensions: Extensions,
}

/// The headers can hold credentials, so they are not shown.
impl fmt::Debug for ProxyCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyCall")
            .field("action", &self.action)
            .field("endpoint", &self.endpoint)
            .field("request_id", &self.request_id)
            .field("body_size", &self.body_size)
            .finish_non_exhaustive()
    }
}

/// The beginning of the reply to a call, or the reason that there is none: see
/// [`on_reply`](crate::ProxyServiceBuilder::on_reply).
#[derive(Debug)]
#[non_exhaustive]
pub struct ProxyReply<'a> {
    /// The status that the browser gets.
    pub status: StatusCode,
    /// The id of the request, if fal sent one. That of a submitted job is the job's.
    pub request_id: Option<&'a str>,
    /// The billed units, if fal sent them.
    pub billable_units: Option<f64>,
    /// Why there is no reply of fal's. The browser is not told the details.
    pub error: Option<&'a Error>,
}
