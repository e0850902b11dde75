//! Calls through a server of the user's own, which adds the key.
//!
//! Each request that would carry the key is sent to the proxy instead, with its real URL in
//! `x-fal-target-url`. Source: fal's `@fal-ai/server-proxy`.

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::hosts::is_safe;
use crate::transport::error::{Error, Result};
use crate::transport::opaque::opaque;

pub(super) const TARGET: HeaderName = HeaderName::from_static("x-fal-target-url");

/// A server of your own that passes calls on to fal and adds the key, so that this program
/// needs no key: see [`ClientBuilder::proxy`](crate::ClientBuilder::proxy).
#[derive(Clone)]
pub struct Proxy {
    url: String,
    headers: Vec<(String, String)>,
}

impl Proxy {
    /// Creates a proxy from its URL, such as `https://example.com/api/fal/proxy`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            headers: Vec::new(),
        }
    }

    /// Adds a header that the proxy requires, such as one that authenticates this
    /// program to it. It is sent only to the proxy.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// # Errors
    /// When the address is not a URL or a header is malformed; the headers' values
    /// are not shown.
    pub(crate) fn check(&self, allow_http: bool) -> Result<ProxyRoute> {
        let url = Url::parse(&self.url)
            .map_err(|_| Error::configuration("the proxy's address is not an absolute URL"))?;
        if !is_safe(&url, allow_http) {
            return Err(
                Error::configuration("the proxy's address must start with `https://`")
                    .with_hint("allow others with `ClientBuilder::allow_http(true)`"),
            );
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let known = HeaderName::try_from(name.as_str()).map_err(|_| {
                Error::configuration(format!("{name:?} is not a valid header name for the proxy"))
            })?;
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                Error::configuration(format!(
                    "the value for the proxy's header `{name}` contains characters that a header \
                     cannot contain"
                ))
            })?;
            value.set_sensitive(true);
            headers.insert(known, value);
        }
        Ok(ProxyRoute { url, headers })
    }
}

/// The checked address and headers of a proxy.
#[derive(Clone)]
pub(crate) struct ProxyRoute {
    url: Url,
    headers: HeaderMap,
}

impl ProxyRoute {
    /// Where a request for `target` is sent, and with which headers.
    ///
    /// # Errors
    /// Never, since a URL is ASCII.
    pub(super) fn route(&self, target: &Url, headers: &mut HeaderMap) -> Result<Url> {
        let value = HeaderValue::from_str(target.as_str())
            .map_err(|_| Error::configuration("the URL cannot be sent in a header"))?;
        headers.insert(TARGET, value);
        headers.extend(self.headers.clone());
        Ok(self.url.clone())
    }
}

opaque! { Proxy, ProxyRoute }
