//! fal's hosts, which are all served on one port.
//!
//! A request names its host either in the first segment of its path (`http://127.0.0.1:4000/queue/fal-ai/flux`) or in its
//! `Host` header (`https://queue.fal.run/fal-ai/flux`). URLs in a reply have the same form as the URL of the request.

use hyper::http::{request::Parts, uri::Authority};

/// One of fal's hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// `fal.run`, which serves direct runs, model streams and realtime connections.
    Run,
    /// `queue.fal.run`, which serves the queue.
    Queue,
    /// `ws.fal.run`, which serves HTTP over a websocket.
    Ws,
    /// `rest.fal.ai`, which serves tokens, signed uploads and the keys of webhooks.
    Rest,
    /// `v3.fal.media`, which serves uploads and files.
    Cdn,
    /// `api.fal.ai`, which serves the platform API below `/v1`.
    Platform,
    /// `fal.ai`, which serves the OpenAPI documents of models.
    Fal,
    /// The control API of this mock server, which is below `/__mock` on every host.
    Control,
}

impl Host {
    /// Every host but the control API.
    pub(crate) const FAL: [Self; 7] = [
        Self::Run,
        Self::Queue,
        Self::Ws,
        Self::Rest,
        Self::Cdn,
        Self::Platform,
        Self::Fal,
    ];

    /// The path segment that selects this host, such as `queue`.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Queue => "queue",
            Self::Ws => "ws",
            Self::Rest => "rest",
            Self::Cdn => "cdn",
            Self::Platform => "platform",
            Self::Fal => "fal",
            Self::Control => "__mock",
        }
    }

    /// The names that fal has for this host, the usual one first.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Run => &["fal.run", "falrun.com"],
            Self::Queue => &["queue.fal.run", "queue.falrun.com"],
            Self::Ws => &["ws.fal.run"],
            Self::Rest => &["rest.fal.ai", "rest.alpha.fal.ai"],
            Self::Cdn => &["v3.fal.media", "v3b.fal.media", "fal.media"],
            Self::Platform => &["api.fal.ai"],
            Self::Fal => &["fal.ai"],
            Self::Control => &[],
        }
    }

    /// Every name of every host, as a certificate must list them.
    #[cfg(feature = "tls")]
    pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
        Self::FAL
            .into_iter()
            .flat_map(|host| host.names().iter().copied())
    }

    fn of_prefix(segment: &str) -> Option<Self> {
        Self::FAL.into_iter().find(|host| host.prefix() == segment)
    }

    fn of_name(name: &str) -> Option<Self> {
        let known = |host: &Self| {
            host.names()
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
        };
        Self::FAL.into_iter().find(known)
    }
}

/// The base URLs of a server, one for each of fal's hosts, without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Urls {
    /// The base URL that replaces `https://fal.run`: direct runs and model streams.
    pub run: String,
    /// The base URL that replaces `https://queue.fal.run`: the queue.
    pub queue: String,
    /// The base URL that replaces `https://rest.fal.ai`: tokens and signed uploads.
    pub rest: String,
    /// The base URL that replaces `https://v3.fal.media`: uploads and files.
    pub cdn: String,
    /// The base URL that replaces `https://api.fal.ai/v1`: the platform API.
    pub platform: String,
    /// The base URL that replaces `https://fal.ai`: OpenAPI documents of models.
    pub fal: String,
    /// The base URL that replaces `wss://fal.run`: realtime connections.
    pub realtime: String,
    /// The base URL that replaces `wss://ws.fal.run`: HTTP over a websocket.
    pub ws: String,
    /// The base URL of the control API.
    pub control: String,
}

impl Urls {
    /// The base URLs of a server whose root is `root`, such as `http://127.0.0.1:4000`.
    pub(crate) fn under(root: &str) -> Self {
        let at = |host: Host| format!("{root}/{}", host.prefix());
        let socket = |host: Host| at(host).replacen("http", "ws", 1);
        Self {
            run: at(Host::Run),
            queue: at(Host::Queue),
            rest: at(Host::Rest),
            cdn: at(Host::Cdn),
            platform: format!("{}/v1", at(Host::Platform)),
            fal: at(Host::Fal),
            realtime: socket(Host::Run),
            ws: socket(Host::Ws),
            control: at(Host::Control),
        }
    }
}

/// The address to which a request was sent, from which URLs of the same form are made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    secure: bool,
    authority: String,
    /// Whether the authority is one of fal's host names, so that paths have no prefix.
    named: bool,
}

impl Origin {
    /// An origin whose URLs have prefixes.
    pub(crate) fn prefixed(secure: bool, authority: impl Into<String>) -> Self {
        Self {
            secure,
            authority: authority.into(),
            named: false,
        }
    }

    /// The base URL of `host` in the form of this origin.
    pub(crate) fn base(&self, host: Host) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        match host.names().first() {
            Some(name) if self.named => format!("{scheme}://{name}{}", self.port_suffix()),
            _ => format!("{scheme}://{}/{}", self.authority, host.prefix()),
        }
    }

    fn port_suffix(&self) -> &str {
        let colon = self.authority.rfind(':');
        colon.map_or("", |at| &self.authority[at..])
    }
}

/// A request's host and its path on that host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) origin: Origin,
    pub(crate) host: Option<Host>,
    pub(crate) path: String,
}

/// Finds the host that `parts` is addressed to; `local` replaces a missing `Host` header.
pub(crate) fn target(parts: &Parts, secure: bool, local: &str) -> Target {
    let authority = authority(parts).unwrap_or_else(|| local.to_owned());
    let path = parts.uri.path();
    if let Some(rest) = strip_segment(path, Host::Control.prefix()) {
        return Target {
            origin: Origin::prefixed(secure, authority),
            host: Some(Host::Control),
            path: rest.to_owned(),
        };
    }
    let name = authority
        .rsplit_once(':')
        .map_or(authority.as_str(), |(name, _)| name);
    if let Some(host) = Host::of_name(name) {
        return Target {
            origin: Origin {
                secure,
                authority,
                named: true,
            },
            host: Some(host),
            path: path.to_owned(),
        };
    }
    let first = path
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    let host = Host::of_prefix(first);
    let path = host
        .and_then(|host| strip_segment(path, host.prefix()))
        .unwrap_or(path);
    Target {
        path: path.to_owned(),
        origin: Origin::prefixed(secure, authority),
        host,
    }
}

/// The host and the port that a request was sent to. HTTP/2 has them in the URI, HTTP/1.1 in a header.
fn authority(parts: &Parts) -> Option<String> {
    let of_uri = parts.uri.authority().map(Authority::as_str);
    let of_header = || parts.headers.get(hyper::header::HOST)?.to_str().ok();
    of_uri.or_else(of_header).map(str::to_owned)
}

fn strip_segment<'p>(path: &'p str, segment: &str) -> Option<&'p str> {
    let rest = path.strip_prefix('/')?.strip_prefix(segment)?;
    match rest {
        "" => Some("/"),
        _ if rest.starts_with('/') => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(uri: &str, host: &str) -> Target {
        let request = hyper::Request::builder()
            .uri(uri)
            .header("host", host)
            .body(())
            .unwrap();
        target(&request.into_parts().0, false, "local:1")
    }

    #[test]
    fn prefix_names_the_host() {
        let found = of("/queue/fal-ai/flux", "127.0.0.1:4000");
        assert_eq!(found.host, Some(Host::Queue));
        assert_eq!(found.path, "/fal-ai/flux");
        assert_eq!(found.origin.base(Host::Run), "http://127.0.0.1:4000/run");
    }

    #[test]
    fn name_wins_over_prefix() {
        let found = of("/run/x", "queue.fal.run:8443");
        assert_eq!(found.host, Some(Host::Queue));
        assert_eq!(found.path, "/run/x");
        assert_eq!(found.origin.base(Host::Cdn), "http://v3.fal.media:8443");
    }

    #[test]
    fn a_longer_segment_is_not_a_prefix() {
        assert_eq!(of("/queues/x", "127.0.0.1").host, None);
        assert_eq!(of("/__mock/requests", "fal.run").host, Some(Host::Control));
    }
}
