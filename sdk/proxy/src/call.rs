//! The description of a call for the application's own functions.

use std::fmt;

use fal_sdk::{EndpointId, Error};
use http::{Extensions, HeaderMap, StatusCode};

/// The action that a call through the proxy requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Calling a model directly, which costs money.
    Run,
    /// Opening a model's stream, which costs money.
    Stream,
    /// Submitting a job to the queue, which costs money.
    Submit,
    /// Requesting a job's status.
    Status,
    /// Opening the stream of a job's status.
    StatusStream,
    /// Fetching a job's result.
    Result,
    /// Cancelling a job.
    Cancel,
    /// Requesting a URL to which a file is uploaded.
    Upload,
}

impl Action {
    /// Returns whether the call can cost money.
    pub fn is_billable(self) -> bool {
        matches!(self, Self::Run | Self::Stream | Self::Submit)
    }
}

/// A call that the proxy is about to pass on, for the application's own rule: see
/// [`authorize`](crate::ProxyServiceBuilder::authorize).
#[derive(Clone)]
#[non_exhaustive]
pub struct ProxyCall {
    /// The action that the call requests.
    pub action: Action,
    /// The endpoint that is called. For calls about a job, it is only `owner/name`, since the
    /// URLs of jobs do not have the rest of the id. `None` for uploads.
    pub endpoint: Option<EndpointId>,
    /// The request id of the job that the call is about. `None` for other calls, including
    /// the submit of a job, which has no request id yet.
    pub request_id: Option<String>,
    /// The size of the body in bytes, if the request announces it.
    pub body_size: Option<u64>,
    /// All headers of the browser's request, including cookies.
    pub headers: HeaderMap,
    /// The extensions that layers in front of the proxy added to the request, such as the user
    /// or the address of the peer.
    pub extensions: Extensions,
}

/// Does not show the headers, since they can contain credentials.
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

/// The status, request id and billed units of the reply to a call, or the error if there is no
/// reply: see [`on_reply`](crate::ProxyServiceBuilder::on_reply).
#[derive(Debug)]
#[non_exhaustive]
pub struct ProxyReply<'a> {
    /// The HTTP status that the browser gets.
    pub status: StatusCode,
    /// The request id that fal sent, if there is one. After a submit, it is the id of the job.
    pub request_id: Option<&'a str>,
    /// The number of billed units, if fal sent it.
    pub billable_units: Option<f64>,
    /// The error, if fal did not reply. The browser does not get its details.
    pub error: Option<&'a Error>,
}
