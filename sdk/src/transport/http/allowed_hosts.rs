//! The hosts that files may be downloaded from even if they are not on the public internet.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use reqwest::Url;

use crate::transport::error::{Error, Result};

/// The hosts that a client may download from wherever they are, and the hosts in the URLs
/// of its downloads. Clones share both.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllowedHosts(Arc<RwLock<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    allowed: BTreeSet<AllowedHost>,
    /// The host names in the URLs of downloads. Only these must be public: connections also
    /// resolve other names, such as that of a network proxy, which may be private.
    requested: BTreeSet<String>,
}

/// A host, at one port or at any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AllowedHost {
    host: String,
    port: Option<u16>,
}

impl AllowedHost {
    /// Reads `files.internal`, `10.0.0.5:9000` or `[::1]:8080`.
    ///
    /// # Errors
    /// When the text is not a host with an optional port.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let refuse = || {
            Error::configuration(format!(
                "{text:?} is not a host such as `files.example.com` or `10.0.0.5:9000`"
            ))
        };
        let is_bare = !text.contains(['/', '@', '?', '#', '\\']) && text.trim() == text;
        // The scheme does not matter: its default port is used only if the text names it.
        let url = Url::parse(&format!("ws://{text}")).map_err(|_| refuse())?;
        let names_port = text
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        match Self::of(&url) {
            Some(host) if is_bare => Ok(Self {
                port: host.port.filter(|_| names_port),
                ..host
            }),
            _ => Err(refuse()),
        }
    }

    /// The host and the port of a URL.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        Some(Self {
            host: url.host_str().filter(|host| !host.is_empty())?.to_owned(),
            port: url.port_or_known_default(),
        })
    }
}

impl AllowedHosts {
    /// The hosts that all clients of this program allow, for downloads that are started
    /// from a file and not from a client.
    pub(crate) fn of_process() -> Self {
        static ALL: OnceLock<AllowedHosts> = OnceLock::new();
        ALL.get_or_init(Self::default).clone()
    }

    pub(crate) fn add(&self, hosts: impl IntoIterator<Item = AllowedHost>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.allowed.extend(hosts);
    }

    /// Takes note of the host of a download that is about to connect.
    pub(super) fn note_request(&self, url: &Url) {
        let name = url.host_str().unwrap_or_default();
        let is_known = |inner: &Inner| inner.requested.contains(name);
        if !is_known(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            known.requested.insert(name.to_owned());
        }
    }

    /// Whether files may be downloaded from this URL even if its host is not public.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        let Some(wanted) = AllowedHost::of(url) else {
            return false;
        };
        self.any(|known| {
            known.host == wanted.host && known.port.is_none_or(|port| Some(port) == wanted.port)
        })
    }

    /// Whether the name may be resolved to public addresses only: it is in the URL of a
    /// download, and its host is not allowed at any port.
    pub(super) fn must_be_public(&self, name: &str) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.requested.contains(name) && !known.allowed.iter().any(|host| host.host == name)
    }

    fn any(&self, is_wanted: impl Fn(&AllowedHost) -> bool) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.allowed.iter().any(is_wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_with_and_without_a_port() {
        let hosts = AllowedHosts::default();
        hosts.add(
            ["files.internal", "10.0.0.5:9000", "[::1]:80"]
                .map(|text| AllowedHost::parse(text).unwrap()),
        );
        let allows = |url: &str| hosts.allows(&Url::parse(url).unwrap());
        assert!(allows("http://files.internal/a") && allows("https://FILES.internal:8443/a"));
        assert!(allows("https://10.0.0.5:9000/a") && !allows("https://10.0.0.5/a"));
        assert!(allows("http://[::1]/a") && !allows("https://[::1]/a"));
        assert!(!allows("https://files.internal.example.com/a"));
        assert!(!allows("https://example.com/files.internal"));
        // Names that no download asked for, such as that of a proxy, are left alone.
        assert!(!hosts.must_be_public("localhost"));
        for url in ["https://localhost/a", "https://files.internal/a"] {
            hosts.note_request(&Url::parse(url).unwrap());
        }
        assert!(hosts.must_be_public("localhost"));
        assert!(!hosts.must_be_public("files.internal"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            " a",
            "https://a",
            "a/b",
            "u@a",
            "a?b",
            "a:99999",
            "a b",
            "::1",
        ] {
            assert!(AllowedHost::parse(text).is_err(), "{text:?}");
        }
    }
}
