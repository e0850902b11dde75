//! The addresses of fal's services, and which URLs belong to them.

use reqwest::Url;

use super::allowed_hosts::AllowedHost;
use super::public_addresses::literal_address;
use crate::transport::error::{Error, Result};

/// One of fal's services.
///
/// Source of the addresses: <https://fal.ai/docs/documentation/model-apis>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// Direct calls and model streams: `https://fal.run`.
    Run,
    /// The queue: `https://queue.fal.run`.
    Queue,
    /// Tokens and uploads: `https://rest.fal.ai`.
    Rest,
    /// The file store: `https://v3.fal.media`.
    Cdn,
    /// The platform API (models, prices, usage): `https://api.fal.ai/v1`.
    Platform,
    /// Realtime connections: `wss://fal.run`.
    Realtime,
    /// Direct calls over a websocket: `wss://ws.fal.run`.
    Socket,
}

impl Host {
    pub(crate) const ALL: [Self; 7] = [
        Self::Run,
        Self::Queue,
        Self::Rest,
        Self::Cdn,
        Self::Platform,
        Self::Realtime,
        Self::Socket,
    ];

    /// The address of the service at fal, and its path on a server that serves all services.
    fn address_and_path(self) -> (&'static str, &'static str) {
        match self {
            Self::Run => ("https://fal.run", "run"),
            Self::Queue => ("https://queue.fal.run", "queue"),
            Self::Rest => ("https://rest.fal.ai", "rest"),
            Self::Cdn => ("https://v3.fal.media", "cdn"),
            Self::Platform => ("https://api.fal.ai/v1", "platform/v1"),
            Self::Realtime => ("wss://fal.run", "run"),
            Self::Socket => ("wss://ws.fal.run", "ws"),
        }
    }

    fn is_websocket(self) -> bool {
        matches!(self, Self::Realtime | Self::Socket)
    }

    /// The address of the service on a server that serves all of them below one address, as
    /// `fal-mock` does.
    pub(crate) fn below(self, base: &str) -> String {
        let (_, path) = self.address_and_path();
        let url = format!("{}/{path}", base.trim_end_matches('/'));
        match self.is_websocket() {
            true => url.replacen("http", "ws", 1),
            false => url,
        }
    }
}

/// The address of a service: an origin and a path with which all its URLs start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base(Url);

impl Base {
    fn parse(host: Host, text: &str, allow_http: bool) -> Result<Self> {
        let refuse = |why: &str| {
            Err(Error::configuration(format!(
                "the address of the {host:?} host {why}"
            )))
        };
        let Ok(mut url) = Url::parse(text) else {
            return refuse("is not an absolute URL such as `https://fal.run`");
        };
        let (secure, plain) = match host.is_websocket() {
            true => ("wss", "ws"),
            false => ("https", "http"),
        };
        if url.scheme() != secure && url.scheme() != plain {
            return refuse(&format!("must start with `{secure}://`"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("contains a user name or password; give the key to the client instead");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("has a query or fragment");
        }
        if !is_safe(&url, allow_http) {
            return refuse(
                "is not encrypted, so the key could be read in transit; use https, or allow it \
                 with `ClientBuilder::allow_http(true)`",
            );
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The URL of `path` at this service. Its segments must be checked or encoded already.
    pub(crate) fn join(&self, path: &str) -> Url {
        let prefix = self.0.path().trim_end_matches('/');
        let path = format!("{prefix}/{path}");
        let mut url = self.0.clone();
        url.set_path(&path);
        url
    }

    /// Whether `url` belongs to this service: scheme, host, port and path prefix are
    /// exactly those of the address. `wss` counts as `https`, and `ws` as `http`, since a
    /// websocket begins with an HTTP request.
    pub(crate) fn owns(&self, url: &Url) -> bool {
        self.path_below(url).is_some()
    }

    /// The path of a URL of this service, without a leading slash; `None` if the URL
    /// does not [belong](Self::owns) to it.
    pub(crate) fn path_below<'u>(&self, url: &'u Url) -> Option<&'u str> {
        let prefix = self.0.path().trim_end_matches('/');
        let below = url.path().strip_prefix(prefix)?.strip_prefix('/')?;
        let is_same_origin = http_scheme(url.scheme()) == http_scheme(self.0.scheme())
            && url.host() == self.0.host()
            && url.port_or_known_default() == self.0.port_or_known_default();
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        (is_same_origin && !has_credentials).then_some(below)
    }
}

fn http_scheme(scheme: &str) -> &str {
    match scheme {
        "wss" => "https",
        "ws" => "http",
        other => other,
    }
}

/// Whether the URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match literal_address(url) {
        Some(address) => address.is_loopback(),
        None => url.host_str() == Some("localhost"),
    }
}

/// Whether the URL is on one of the hosts of fal's file store.
/// Source: <https://fal.ai/docs/documentation/model-apis/fal-cdn>.
fn is_file_store(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && (host == "fal.media" || host.ends_with(".fal.media"))
}

/// Whether requests to the URL are encrypted, stay on this machine, or are allowed to be
/// unencrypted.
pub(crate) fn is_safe(url: &Url, allow_http: bool) -> bool {
    match url.scheme() {
        "https" | "wss" => true,
        "http" | "ws" => allow_http || is_loopback(url),
        _ => false,
    }
}

/// The addresses of all services.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    bases: [Base; 7],
    allow_http: bool,
}

impl Hosts {
    /// fal's own addresses, except for the hosts in `overrides`. The last override of a
    /// host counts.
    pub(crate) fn new(overrides: &[(Host, String)], allow_http: bool) -> Result<Self> {
        let base = |host: Host| {
            let given = overrides.iter().rev().find(|(of, _)| *of == host);
            let text = given.map_or(host.address_and_path().0, |(_, text)| text);
            Base::parse(host, text, allow_http)
        };
        let [run, queue, rest, cdn, platform, realtime, socket] = Host::ALL.map(base);
        Ok(Self {
            bases: [run?, queue?, rest?, cdn?, platform?, realtime?, socket?],
            allow_http,
        })
    }

    /// The host and the port of a service.
    pub(crate) fn location(&self, host: Host) -> Option<AllowedHost> {
        AllowedHost::of(&self.base(host).0)
    }

    pub(crate) fn base(&self, host: Host) -> &Base {
        &self.bases[host as usize]
    }

    /// Whether `url` belongs to any of the services, so that the key may go there.
    pub(crate) fn own(&self, url: &Url) -> bool {
        self.bases.iter().any(|base| base.owns(url))
    }

    /// Whether requests to a URL outside the services are encrypted, stay on this machine, or
    /// are allowed to be unencrypted.
    pub(crate) fn is_safe(&self, url: &Url) -> bool {
        is_safe(url, self.allow_http)
    }

    /// Whether a token that was derived from the key may go to `url`: to the
    /// client's own addresses, and, unless the file store is elsewhere, to all
    /// hosts of fal's file store.
    pub(crate) fn takes_tokens(&self, url: &Url) -> bool {
        self.own(url) || (is_file_store(url) && is_file_store(&self.base(Host::Cdn).0))
    }

    /// Whether all services are on this machine.
    pub(crate) fn are_loopback(&self) -> bool {
        self.bases.iter().all(|base| is_loopback(&base.0))
    }
}
