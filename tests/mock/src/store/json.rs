//! How the records of requests, jobs, files and deliveries are written as JSON.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hyper::{HeaderMap, Method, header::HeaderValue};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::protocol::host::Host;

/// Writes bytes as the member `text` if they are text, else as `base64`.
pub(super) fn content<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    let mut member = serializer.serialize_map(Some(1))?;
    match std::str::from_utf8(bytes) {
        Ok(text) => member.serialize_entry("text", text)?,
        Err(_) => member.serialize_entry("base64", &BASE64_STANDARD.encode(bytes))?,
    }
    member.end()
}

/// Writes the last value of each name.
pub(super) fn headers<S: Serializer>(
    headers: &HeaderMap,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let last: BTreeMap<_, _> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), text(value)))
        .collect();
    last.serialize(serializer)
}

pub(super) fn pairs<S: Serializer>(
    pairs: &[(String, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

pub(super) fn host<S: Serializer>(host: &Option<Host>, serializer: S) -> Result<S::Ok, S::Error> {
    host.map(Host::prefix).serialize(serializer)
}

pub(super) fn method<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}
