//! The rules for the URLs that files may be downloaded from.

use reqwest::Url;
use reqwest::header::{HeaderMap, LOCATION};

use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::http::hosts::is_loopback;
use crate::transport::http::public_addresses::{is_public, literal_address, not_public};

/// Checks a URL before it is requested. The addresses that its host name resolves to are
/// checked later, when the connection is made.
///
/// # Errors
/// When the URL is neither on the public internet nor on an allowed host, or when it is not
/// encrypted although it has to be.
pub(super) fn check(http: &Http, url: &Url) -> Result<()> {
    let settings = http.settings();
    let is_http = matches!(url.scheme(), "https" | "http");
    if is_http && settings.allowed_hosts.allows(url) {
        return Ok(());
    }
    if is_http && literal_address(url).is_some_and(|address| !is_public(address)) {
        return Err(not_public(url.host_str().unwrap_or_default()));
    }
    if is_http && settings.hosts.is_safe(url) {
        return Ok(());
    }
    let message = format!(
        "a URL that starts with `{}:` is not downloaded",
        url.scheme()
    );
    Err(Error::configuration(message)
        .with_hint("use `https`; `http` needs `ClientBuilder::allow_host` or `allow_http(true)`"))
}

/// The URL that a redirect leads to.
///
/// # Errors
/// When the URL is not `https` although the one before was, is on this machine although the
/// one before was not, or must not be requested at all.
pub(super) fn redirected(http: &Http, from: &Url, headers: &HeaderMap) -> Result<Url> {
    let refuse = |why: &str| {
        let message = format!("the download was redirected {why}");
        Err(Error::new(ErrorKind::Redirect, message))
    };
    let location = headers.get(LOCATION).and_then(|to| to.to_str().ok());
    let Some(to) = location.and_then(|to| from.join(to).ok()) else {
        return refuse("to nowhere");
    };
    let downgrade = from.scheme() == "https" && to.scheme() != "https";
    if downgrade || (is_loopback(&to) && !is_loopback(from)) {
        return refuse("to a less safe place");
    }
    check(http, &to)?;
    Ok(to)
}
