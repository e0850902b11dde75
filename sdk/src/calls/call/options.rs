//! The options of a call, as headers and query parameters.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::tags;
use crate::transport::error::{Error, Result};
use crate::transport::http::retry::RetryPolicy;
use crate::transport::lifecycle::Lifecycle;
use crate::transport::named_enum::named_enum;
use crate::transport::upload_policy::UploadPolicy;

named_enum! {
    /// The priority of a job in the queue. There is no priority higher than normal.
    #[derive(Default)]
    pub enum Priority: Display {
        /// The job runs in the order of arrival.
        #[default]
        Normal = "normal",
        /// The job runs after all jobs of normal priority.
        Low = "low",
    }
}

/// The options that were set on a call. The first invalid one is an error when the call is
/// made.
#[derive(Default)]
pub(crate) struct Options {
    pub(super) headers: Headers,
    pub(super) query: Vec<(&'static str, String)>,
    /// Values that are added to the input, with their JSON pointers.
    pub(crate) extras: Vec<(String, Value)>,
    pub(crate) validate: Option<bool>,
    /// Whether the input is checked against the model's document.
    #[cfg(feature = "jsonschema")]
    pub(crate) by_document: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(super) error: Option<Error>,
    tags: Vec<(String, String)>,
}

/// The headers of a call. Headers that options set replace custom ones of the same name.
#[derive(Default)]
pub(super) struct Headers {
    custom: HeaderMap,
    own: HeaderMap,
}

impl Headers {
    pub(super) fn into_map(self) -> HeaderMap {
        let mut headers = self.custom;
        for (name, value) in self.own {
            if let Some(name) = name {
                headers.insert(name, value);
            }
        }
        headers
    }
}

/// Headers that callers cannot set: they belong to the connection or to the client.
const RESERVED: [&str; 10] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "proxy-authorization",
    "te",
    "transfer-encoding",
];

impl Options {
    fn fail(&mut self, result: Result<()>) {
        if let Err(error) = result {
            self.error.get_or_insert(error);
        }
    }

    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        let result = custom_header(name, value).map(|(name, value)| {
            self.headers.custom.insert(name, value);
        });
        self.fail(result);
    }

    /// Sets a header for an option.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        let result = HeaderValue::from_str(value)
            .map(|value| {
                self.headers
                    .own
                    .insert(HeaderName::from_static(name), value);
            })
            .map_err(|_| unfit(name));
        self.fail(result);
    }

    fn set_query(&mut self, name: &'static str, value: String) {
        self.query.retain(|(known, _)| *known != name);
        self.query.push((name, value));
    }

    /// Sends the limit under its older and its newer name: servers may read either.
    pub(crate) fn set_start_timeout(&mut self, timeout: Duration) {
        if timeout <= Duration::from_secs(1) {
            return self.fail(Err(Error::configuration(
                "the start timeout must be more than 1 s",
            )));
        }
        let seconds = timeout.as_secs_f64().to_string();
        self.set("x-fal-request-timeout", &seconds);
        self.set("x-fal-request-start-timeout", &seconds);
    }

    pub(crate) fn set_tag(&mut self, key: &str, value: &str) {
        match tags::add(&mut self.tags, key, value) {
            Ok(()) => self.set("x-fal-tags", &tags::header(&self.tags)),
            Err(error) => self.fail(Err(error)),
        }
    }

    pub(crate) fn set_lifecycle(&mut self, lifecycle: &Lifecycle) {
        if let Some(payload) = lifecycle.to_json() {
            self.set("x-fal-object-lifecycle-preference", &payload.to_string());
        }
    }

    pub(crate) fn set_upload_policy(&mut self, policy: &UploadPolicy) {
        let name = "x-app-fal-upload-policy";
        let result = policy.header().and_then(|text| {
            let mut value = HeaderValue::try_from(text).map_err(|_| unfit(name))?;
            // Its signature allows writing to the bucket.
            value.set_sensitive(true);
            self.headers
                .own
                .insert(HeaderName::from_static(name), value);
            Ok(())
        });
        self.fail(result);
    }

    pub(crate) fn set_max_queue_length(&mut self, length: u32) {
        self.set_query("fal_max_queue_length", length.to_string());
    }

    pub(crate) fn set_webhook(&mut self, url: &str) {
        match reqwest::Url::parse(url) {
            Ok(parsed) if matches!(parsed.scheme(), "https" | "http") && parsed.has_host() => {
                self.set_query("fal_webhook", url.to_owned());
            }
            _ => self.fail(Err(Error::configuration(
                "the webhook must be an absolute URL, such as `https://example.com/fal`",
            ))),
        }
    }
}

/// Checks a header that the caller sets. Errors do not show its value, which can be secret.
fn custom_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let header = HeaderName::try_from(name)
        .map_err(|_| Error::configuration(format!("{name:?} is not a valid header name")))?;
    if RESERVED.contains(&header.as_str()) {
        return Err(Error::configuration(format!(
            "the header `{header}` is set by the client itself"
        )));
    }
    let value = HeaderValue::from_str(value).map_err(|_| unfit(header.as_str()))?;
    Ok((header, value))
}

fn unfit(name: &str) -> Error {
    Error::configuration(format!(
        "the value for the header `{name}` has characters that a header cannot have"
    ))
}
