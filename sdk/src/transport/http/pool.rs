//! How a set of connections is set up in the HTTP library.

use std::sync::Arc;
use std::time::Duration;

use super::allowed_hosts::AllowedHosts;
use super::public_addresses::PublicResolver;
use super::settings::Settings;
use crate::transport::error::{Error, Result};

/// A change of the HTTP library's own settings.
pub(crate) type Customize =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// How a set of connections differs from the others of its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Any,
    /// Connections to public addresses and to allowed hosts only.
    PublicOnly,
    /// Connections that use HTTP/1.1, unless the program has set another version.
    Http1,
    /// Connections that use HTTP/1.1, whatever the program has set.
    #[cfg(feature = "realtime")]
    Http1Only,
}

/// What all sets of connections of a client have in common.
pub(crate) struct Pool {
    /// The `User-Agent`, in place of the library's own.
    pub(crate) user_agent: Option<String>,
    pub(crate) customize: Option<Customize>,
    connect_timeout: Duration,
    keep_alive: Duration,
    is_on_loopback: bool,
    has_proxy: bool,
    allowed_hosts: AllowedHosts,
}

/// Which certificates connections trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Those of the system, or those that the program has set.
    Configured,
    /// None, for connections that are not encrypted: reading the certificates of the
    /// system takes far longer than the rest of setting up connections.
    Nothing,
}

impl Pool {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            user_agent: None,
            customize: None,
            connect_timeout: settings.timeouts.connect,
            keep_alive: settings.timeouts.keep_alive,
            is_on_loopback: settings.hosts.are_loopback(),
            has_proxy: settings.proxy.is_some(),
            allowed_hosts: settings.allowed_hosts.clone(),
        }
    }

    /// Which certificates the connections for a request trust. If all servers are on this
    /// machine, no proxy is between, so only the request itself decides.
    pub(super) fn trust(&self, is_encrypted: bool) -> Trust {
        let is_plain = self.is_on_loopback && !self.has_proxy && self.customize.is_none();
        match is_plain && !is_encrypted {
            true => Trust::Nothing,
            false => Trust::Configured,
        }
    }

    /// # Errors
    /// When the HTTP library cannot be set up with these settings.
    pub(super) fn build(&self, protocol: Protocol, trust: Trust) -> Result<reqwest::Client> {
        choose_cryptography();
        if !HAS_TLS && !self.is_on_loopback {
            return Err(Error::configuration(
                "this build of fal-sdk has no TLS, so it can call servers on this machine only",
            )
            .with_hint(
                "enable one of its features `rustls` (the default), `rustls-ring` and `native-tls`",
            ));
        }
        let user_agent = self.user_agent.as_deref().unwrap_or(concat!(
            "fal-sdk/",
            env!("CARGO_PKG_VERSION"),
            " (rust)"
        ));
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            // Below the 75 s after which servers commonly close, and the 60 s after
            // which networks forget: a connection that is gone when a submit is sent
            // over it leaves the outcome unknown.
            .pool_idle_timeout(Duration::from_secs(30))
            // A proxy or a balancer can hold a TCP connection open, and acknowledge
            // what is sent, long after the server behind it is gone.
            .http2_keep_alive_interval(self.keep_alive)
            .http2_keep_alive_timeout(self.keep_alive.saturating_mul(2))
            .http2_keep_alive_while_idle(true)
            .tcp_keepalive(Duration::from_secs(15))
            .tcp_keepalive_interval(Duration::from_secs(5))
            .tcp_keepalive_retries(3)
            .tcp_nodelay(true);
        if self.is_on_loopback {
            // A proxy from the environment variables cannot reach this machine.
            builder = builder.no_proxy();
        }
        if trust == Trust::Nothing {
            builder = without_certificates(builder);
        }
        if protocol == Protocol::PublicOnly {
            let allowed = self.allowed_hosts.clone();
            builder = builder.dns_resolver(Arc::new(PublicResolver { allowed }));
        }
        if protocol == Protocol::Http1 {
            builder = builder.http1_only();
        }
        if let Some(customize) = &self.customize {
            builder = customize(builder);
        }
        #[cfg(feature = "realtime")]
        if protocol == Protocol::Http1Only {
            builder = builder.http1_only();
        }
        builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .build()
            .map_err(|source| {
                Error::configuration("the HTTP client cannot be set up")
                    .with_source(source.without_url())
            })
    }
}

/// Whether one of the features that bring a TLS library is enabled.
const HAS_TLS: bool = cfg!(any(
    feature = "rustls",
    feature = "rustls-ring",
    feature = "native-tls"
));

#[cfg(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))]
fn without_certificates(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.tls_certs_only([])
}

#[cfg(not(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
fn without_certificates(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
}

/// Makes ring the cryptography provider of rustls, unless the program has installed another.
#[cfg(feature = "rustls-ring")]
fn choose_cryptography() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // It fails only if another thread has installed a provider in the meantime.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

#[cfg(not(feature = "rustls-ring"))]
fn choose_cryptography() {}
