//! A reply of a server, and the meaning of its headers.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{
    AsHeaderName, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION,
    RETRY_AFTER,
};
use serde_json::Value;

use super::operation::Operation;
use crate::contract::wire::DecodeError;
use crate::transport::error::{ApiBody, Error, ErrorKind, Result, is_transient};
use crate::transport::redact::Secrets;

/// The headers that every reply is searched for.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-fal-request-id");
const BILLABLE_UNITS: HeaderName = HeaderName::from_static("x-fal-billable-units");

/// A reply whose body has been read.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The secrets of the request, which the server may repeat and which must not be
    /// shown.
    pub(crate) secrets: Secrets,
}

impl Reply {
    pub(crate) fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The id under which fal served the request. A reply without one comes from
    /// something in front of fal's servers.
    pub(crate) fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The billed units, if the reply has them.
    pub(crate) fn billable_units(&self) -> Option<f64> {
        billable_units(&self.headers)
    }

    /// Whether trying again may help, by the rule for routes that only read.
    pub(crate) fn is_transient(&self) -> bool {
        is_transient(self.status.as_u16())
    }

    /// The type of an error, which fal and models send and proxies do not.
    pub(crate) fn error_type(&self) -> Option<&str> {
        self.header("x-fal-error-type")
    }

    /// `X-Fal-Needs-Retry`: whether the platform says that a retry may help.
    pub(crate) fn needs_retry(&self) -> Option<bool> {
        match self
            .header("x-fal-needs-retry")?
            .to_ascii_lowercase()
            .as_str()
        {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        }
    }

    /// How long to wait, from `Retry-After`, which is in seconds or a date. A date counts
    /// from the `Date` of the reply, since clocks differ. Without the header, from the
    /// `x-ratelimit-reset` of a reply with status 429, in seconds.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let Some(value) = self.headers.get(RETRY_AFTER) else {
            let seconds = self.header("x-ratelimit-reset")?.trim().parse().ok()?;
            return (self.status.as_u16() == 429).then(|| Duration::from_secs(seconds));
        };
        let value = value.to_str().ok()?.trim();
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let until = httpdate::parse_http_date(value).ok()?;
        let date = self.header(DATE).map(str::trim);
        let now = date
            .and_then(|date| httpdate::parse_http_date(date).ok())
            .unwrap_or_else(SystemTime::now);
        Some(until.duration_since(now).unwrap_or_default())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is not JSON, although the status is that of a success.
    pub(crate) fn json(&self, operation: Operation) -> Result<Value> {
        serde_json::from_slice(&self.body).map_err(|source| {
            let kind = self.header(CONTENT_TYPE).unwrap_or("none");
            let message = format!(
                "the reply to {} is not JSON: {source} (content type: {kind})",
                operation.name()
            );
            Error::new(ErrorKind::Decode, message)
                .with_reply(self)
                .with_decode(DecodeError::new(format!("not JSON: {source}")))
                .with_body(self.body.clone())
        })
    }

    /// The reply as an error, with the server's message.
    pub(crate) fn error(&self, operation: Operation) -> Error {
        if self.status.is_redirection() {
            return self.redirect(operation);
        }
        let coding = encoding(&self.headers);
        let parsed = match coding {
            Some(_) => ApiBody::default(),
            None => ApiBody::parse(&self.body),
        };
        let message = match (parsed.message.is_empty(), &coding) {
            (false, _) => parsed.message,
            (true, Some(coding)) => format!(
                "{} was answered with a body that is compressed ({coding})",
                operation.name()
            ),
            (true, None) => format!("{} was answered with an empty body", operation.name()),
        };
        let error_type = parsed
            .error_type
            .or_else(|| self.error_type().map(str::to_owned));
        let kind = match (self.status.as_u16(), operation.is_about_a_job()) {
            (410, true) => ErrorKind::Expired,
            _ => ErrorKind::Api,
        };
        let error = Error::new(kind, message)
            .with_reply(self)
            .with_reply_request_id(parsed.request_id.map(Arc::from))
            .with_error_type(error_type)
            .with_field_errors(parsed.field_errors)
            .with_body_encoding(coding)
            .with_body(self.body.clone());
        match status_hint(self.status.as_u16(), operation) {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }

    fn redirect(&self, operation: Operation) -> Error {
        let location = self.header(LOCATION);
        let target = location.and_then(|location| reqwest::Url::parse(location).ok());
        let to = match target.as_ref().and_then(reqwest::Url::host_str) {
            Some(host) => format!(" to the host {host}"),
            None => String::new(),
        };
        let message = format!("{} was redirected{to}", operation.name());
        Error::new(ErrorKind::Redirect, message)
            .with_reply(self)
            .with_hint(
                "redirects are not followed, so that neither the key nor the input reaches another host",
            )
    }
}

/// What the caller can do about an error status, where the server's message does not say so.
fn status_hint(status: u16, operation: Operation) -> Option<&'static str> {
    use Operation::{Cancel, Result, Run, Status, StatusStream, Stream, Submit};
    match (status, operation) {
        (401, _) => Some("check the key: yours are listed at https://fal.ai/dashboard/keys"),
        (404, Run | Submit | Stream) => {
            Some("check the endpoint id: https://fal.ai/models lists all models")
        }
        (404, Status | StatusStream | Result | Cancel) => Some(
            "check that the request id belongs to this endpoint and this account, and that \
             the request is not so old that it has expired",
        ),
        _ => None,
    }
}

/// The content coding of the body, such as `gzip`. No coding is ever requested, since a
/// small body could unpack to any size.
pub(crate) fn encoding(headers: &HeaderMap) -> Option<String> {
    let coding = headers.get(CONTENT_ENCODING)?;
    let coding = String::from_utf8_lossy(coding.as_bytes());
    let coding = coding.trim();
    let is_plain = coding.is_empty() || coding.eq_ignore_ascii_case("identity");
    (!is_plain).then(|| coding.to_ascii_lowercase())
}

pub(crate) fn header(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    header(headers, &REQUEST_ID).filter(|id| !id.is_empty() && id.len() <= 128)
}

/// The billed units in the headers of a reply; `None` also if they are not a valid amount.
pub(crate) fn billable_units(headers: &HeaderMap) -> Option<f64> {
    let units: f64 = header(headers, &BILLABLE_UNITS)?.trim().parse().ok()?;
    (units.is_finite() && units >= 0.0).then_some(units)
}

impl Error {
    /// Adds what is known from the reply's status and headers.
    pub(crate) fn with_reply(self, reply: &Reply) -> Self {
        let error = self
            .with_secrets(&reply.secrets)
            .with_status(reply.status.as_u16())
            .with_reply_request_id(reply.request_id().map(Arc::from))
            .with_retry_after(reply.retry_after())
            .with_needs_retry(reply.needs_retry())
            .with_billable_units(reply.billable_units());
        match reply.header("x-fal-request-timeout-type") {
            Some(_) => error.with_timed_out(),
            None => error,
        }
    }
}
