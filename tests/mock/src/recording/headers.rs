//! Selects the headers that are recorded: those that are part of fal's protocol and have no secrets.

use std::collections::BTreeMap;

use hyper::HeaderMap;

use super::redact::{Redactor, is_secret};
use crate::protocol::bucket;

const OF_REQUESTS: [&str; 5] = [
    "accept",
    "content-range",
    "content-type",
    "if-range",
    "range",
];

#[cfg(feature = "record")]
const OF_REPLIES: [&str; 9] = [
    "accept-ranges",
    "allow",
    "content-disposition",
    "content-range",
    "content-type",
    "etag",
    "last-modified",
    "location",
    "retry-after",
];

/// The recorded headers of a request.
pub(super) fn of_request(headers: &HeaderMap, redactor: &Redactor) -> BTreeMap<String, String> {
    kept(headers, &OF_REQUESTS, redactor)
}

/// The recorded headers of a reply.
#[cfg(feature = "record")]
pub(super) fn of_reply(headers: &HeaderMap, redactor: &Redactor) -> BTreeMap<String, String> {
    kept(headers, &OF_REPLIES, redactor)
}

fn kept(headers: &HeaderMap, known: &[&str], redactor: &Redactor) -> BTreeMap<String, String> {
    let is_kept = |name: &str| {
        known.contains(&name) || (is_of_fal(name) && !is_secret(name) && !has_secret(name))
    };
    headers
        .iter()
        .filter(|(name, _)| is_kept(name.as_str()))
        .filter_map(|(name, value)| {
            Some((
                name.as_str().to_owned(),
                redactor.text(value.to_str().ok()?),
            ))
        })
        .collect()
}

/// Whether the value of one of fal's headers is a secret: a token, or the signature for a bucket.
fn has_secret(name: &str) -> bool {
    name.contains("token") || name == bucket::HEADER
}

fn is_of_fal(name: &str) -> bool {
    ["x-fal-", "x-app-fal-", "x-ratelimit-"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// The media type of a body.
#[cfg(feature = "record")]
pub(super) fn content_type(headers: &HeaderMap) -> &str {
    let value = headers.get(hyper::header::CONTENT_TYPE);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
