//! The replies to calls that are not passed on.

use std::borrow::Cow;
use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;

use crate::headers;
use crate::reply_body::ReplyBody;

/// The reply to a call that the proxy does not pass on: a status, a reason for programs, and a
/// message for people.
///
/// The proxy's own reasons:
///
/// | Status | Reason | When |
/// |---|---|---|
/// | 400 | `missing_target` | there is no header `x-fal-target-url` |
/// | 400 | `invalid_target` | the header appears twice, or is not a URL in its normal form, or has credentials, a fragment or another scheme than `https` |
/// | 400 | `foreign_host` | the URL is not on one of fal's hosts |
/// | 400 | `route_not_allowed` | the URL is on one of fal's hosts, but is not one that is passed on |
/// | 400 | `method_not_allowed` | the method is not that of the route |
/// | 400 | `query_not_allowed` | the query has a parameter that is not passed on |
/// | 400 | `endpoint_not_allowed` | the endpoint is not on the list |
/// | 400 | `invalid_body` | the body broke off |
/// | 408 | `body_timeout` | the body did not arrive in time |
/// | 413 | `body_too_large` | the body is larger than the limit |
/// | 500 | `no_credentials` | the proxy has no key, or its provider of keys failed |
/// | 500 | `outcome_unknown` | no reply arrived, and the call may have been accepted and charged |
/// | 500 | `redirected` | fal answered with a redirect, which is not followed |
/// | 502 | `unreachable` | fal could not be reached, or its reply broke off; nothing was charged |
/// | 504 | `timeout` | fal did not reply in time to a call that only reads |
///
/// The application's own rule, [`authorize`](crate::ProxyServiceBuilder::authorize), can return
/// refusals with any other reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    reason: Cow<'static, str>,
    message: Cow<'static, str>,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// Creates a refusal with an error status, a reason such as `quota_exceeded`, and a
    /// message. A status that is not an error becomes 403.
    pub fn new(
        status: StatusCode,
        reason: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let is_error = status.is_client_error() || status.is_server_error();
        Self {
            status: if is_error {
                status
            } else {
                StatusCode::FORBIDDEN
            },
            reason: reason.into(),
            message: message.into(),
            retry_after: None,
        }
    }

    /// Creates a refusal for callers who are not authenticated, with the status 401 and the
    /// reason `unauthorized`.
    pub fn unauthorized(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// Creates a refusal for callers who may not make this call, with the status 403 and the
    /// reason `forbidden`.
    pub fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// Creates a refusal for callers who call too often, with the status 429, the reason
    /// `too_many_requests` and the time after which they may try again (`Retry-After`, rounded
    /// up to whole seconds).
    pub fn too_many_requests(message: impl Into<Cow<'static, str>>, retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message)
        }
    }

    /// Returns the HTTP status of the reply.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the reason for programs, such as `endpoint_not_allowed`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the message for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn bad_request(reason: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason, message)
    }

    pub(crate) fn into_response(self) -> Response<ReplyBody> {
        // fal's clients read `message` or `detail`.
        let body = json!({
            "reason": self.reason,
            "message": self.message,
            "detail": self.message,
        });
        let mut response = Response::new(ReplyBody::of_bytes(body.to_string().into()));
        *response.status_mut() = self.status;
        let to = response.headers_mut();
        headers::set_own(to);
        to.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            to.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
