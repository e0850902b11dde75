//! A reply, and what its headers say.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use serde_json::Value;

use super::operation::Operation;
use crate::contract::wire::DecodeError;
use crate::transport::error::{ApiBody, Error, ErrorKind, Result};

/// A reply whose body has been read.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The id under which fal served the request. A reply without one comes from
    /// something in front of fal's servers.
    pub(crate) fn request_id(&self) -> Option<Arc<str>> {
        request_id(&self.headers)
    }

    /// Whether asking again may help: the rule for routes that only read.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self.status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
    }

    /// The type of an error, which is there when fal itself or a model reports
    /// one.
    pub(crate) fn error_type(&self) -> Option<&str> {
        self.header("x-fal-error-type")
    }

    /// `X-Fal-Needs-Retry`: whether the platform thinks that a retry may help.
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

    /// `Retry-After`, in seconds or as a date; else `x-ratelimit-reset`, in seconds,
    /// of a reply that says there were too many requests.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let Some(value) = self.headers.get(RETRY_AFTER) else {
            let seconds = self.header("x-ratelimit-reset")?.trim().parse().ok()?;
            return (self.status.as_u16() == 429).then(|| Duration::from_secs(seconds));
        };
        let value = value.to_str().ok()?.trim();
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let date = httpdate::parse_http_date(value).ok()?;
        Some(date.duration_since(SystemTime::now()).unwrap_or_default())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none: a success that is not the expected JSON is no success.
    pub(crate) fn json(&self, operation: Operation) -> Result<Value> {
        serde_json::from_slice(&self.body).map_err(|source| {
            let kind = self
                .headers
                .get(CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok())
                .unwrap_or("none");
            let message = format!("the reply to {} is not JSON: {source}", operation.name());
            Error::new(
                ErrorKind::Decode,
                format!("{message} (content type: {kind})"),
            )
            .with_decode(DecodeError::new(format!("not JSON: {source}")))
            .with_reply(self)
            .with_body(self.body.clone())
        })
    }

    /// The reply as an error, in the server's words.
    pub(crate) fn error(&self, operation: Operation) -> Error {
        if self.status.is_redirection() {
            return self.redirect(operation);
        }
        let parsed = ApiBody::parse(&self.body);
        let message = match parsed.message.is_empty() {
            false => parsed.message,
            true => format!("{} was answered with an empty body", operation.name()),
        };
        let error_type = parsed
            .error_type
            .or_else(|| self.error_type().map(str::to_owned));
        let error = Error::new(ErrorKind::Api, message)
            .with_reply(self)
            .with_request_id(parsed.request_id.map(Arc::from))
            .with_error_type(error_type)
            .with_field_errors(parsed.field_errors)
            .with_body(self.body.clone());
        match cure(self.status.as_u16(), operation) {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }

    fn redirect(&self, operation: Operation) -> Error {
        let target = self
            .headers
            .get(LOCATION)
            .and_then(|location| location.to_str().ok())
            .and_then(|location| reqwest::Url::parse(location).ok());
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

/// What to do about a refusal whose words do not say it.
fn cure(status: u16, operation: Operation) -> Option<&'static str> {
    use Operation::{Cancel, Result, Run, Status, StatusStream, Stream, Submit};
    match (status, operation) {
        (401, _) => Some("check the key: yours are listed at https://fal.ai/dashboard/keys"),
        (404, Run | Submit | Stream) => {
            Some("check the endpoint id: https://fal.ai/models lists all models")
        }
        (404, Status | StatusStream | Result | Cancel) => {
            Some("check that the request id belongs to this endpoint and this account")
        }
        _ => None,
    }
}

pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<Arc<str>> {
    header(headers, "x-fal-request-id")
        .filter(|id| !id.is_empty() && id.len() <= 128)
        .map(Arc::from)
}

impl Error {
    /// Adds what the reply's status and headers say.
    pub(crate) fn with_reply(self, reply: &Reply) -> Self {
        let error = self
            .with_status(reply.status.as_u16())
            .with_request_id(reply.request_id())
            .with_retry_after(reply.retry_after())
            .with_needs_retry(reply.needs_retry());
        match reply.header("x-fal-request-timeout-type") {
            Some(_) => error.with_timed_out(),
            None => error,
        }
    }
}
