//! Setting up a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use crate::error::{Error, Result};
use crate::http::credentials::Credentials;
use crate::http::hosts::{Host, Hosts};
use crate::http::limits::{Limits, Timeouts};
use crate::http::proxy::Proxy;
use crate::http::retry::RetryPolicy;
use crate::http::{Http, Pace, Protocol, Settings, StatusMode};
use crate::storage::Uploads;

/// Sets up a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use fal_sdk::{Client, Limits, Timeouts};
///
/// # fn main() -> fal_sdk::Result<()> {
/// let fal = Client::builder()
///     .key("an-id:a-secret")
///     .connect_timeout(Duration::from_secs(3))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use = "`build` makes the client"]
pub struct ClientBuilder {
    credentials: Option<Result<Credentials, Arc<Error>>>,
    hosts: Vec<(Host, String)>,
    allow_http: bool,
    backup_hosts: bool,
    skip_validation: bool,
    timeouts: Timeouts,
    limits: Limits,
    retry: RetryPolicy,
    status_mode: StatusMode,
    poll: Pace,
    user_agent: Option<String>,
    uploads: Uploads,
    proxy: Option<Proxy>,
    transport: Option<Transport>,
}

type Transport = Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

impl ClientBuilder {
    /// The key, from <https://fal.ai/dashboard/keys>.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::key(key).map_err(Arc::new));
        self
    }

    /// Other credentials than one key: a pair, a provider, none.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(Ok(credentials));
        self
    }

    /// Where one of the services is, for a proxy or another deployment. The key
    /// is sent there. A path is kept: all URLs of the service are below it.
    pub fn host(mut self, host: Host, url: impl Into<String>) -> Self {
        self.hosts.push((host, url.into()));
        self
    }

    /// Points every service at one server that carries them below `/run`,
    /// `/queue`, `/rest`, `/cdn` and `/platform/v1`, as `fal-mock` does.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        let base = url.as_ref();
        self.hosts
            .extend(Host::ALL.map(|host| (host, host.below(base))));
        self
    }

    /// Allows addresses that are not encrypted. The key can be read on its way to
    /// them. Without it, `http` is allowed to this machine only.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Falls back to fal's backup hosts (`falrun.com`, `queue.falrun.com`) when
    /// no connection to the main ones can be made. The key is sent there then.
    /// Off by default.
    pub fn backup_hosts(mut self, use_them: bool) -> Self {
        self.backup_hosts = use_them;
        self
    }

    /// Whether inputs are checked against the rules of their schema before they
    /// are sent. On by default; schemas can lag behind servers.
    pub fn validate(mut self, validate: bool) -> Self {
        self.skip_validation = !validate;
        self
    }

    /// How long calls may take.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How long making a connection may take. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = timeout;
        self
    }

    /// How much is read, and how much happens at once.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How failed calls are repeated, where that cannot pay twice.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How the client learns that a job is done: over a status stream (the
    /// default) or by polling alone.
    pub fn status_mode(mut self, mode: StatusMode) -> Self {
        self.status_mode = mode;
        self
    }

    /// How often jobs are polled, where they are.
    pub fn poll(mut self, pace: Pace) -> Self {
        self.poll = pace;
        self
    }

    /// The `User-Agent`. Default: `fal-sdk/<version> (rust)`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// How files are uploaded: those of inputs too.
    pub fn uploads(mut self, uploads: Uploads) -> Self {
        self.uploads = uploads;
        self
    }

    /// Sends the calls that need the key to a proxy, which adds it; this client
    /// then has none. Uploads by signed URLs and downloads, which need no key, go
    /// past it. The usual rules of such proxies let runs, the queue and uploads of
    /// up to 90 MiB through.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Changes the HTTP library's own settings: proxies, certificates, DNS. The
    /// function is called for each of the client's sets of connections.
    /// What keeps money and secrets safe is set after it: redirects, referer,
    /// compression and the library's own retries stay off.
    pub fn http_client<F>(mut self, change: F) -> Self
    where
        F: Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    {
        self.transport = Some(Arc::new(change));
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// When there is no key (anonymous calls are asked for with
    /// [`Credentials::anonymous`]), and when one of the settings is malformed.
    pub fn build(self) -> Result<Client> {
        let hosts = Hosts::new(&self.hosts, self.allow_http)?;
        let proxy = self
            .proxy
            .as_ref()
            .map(|proxy| proxy.check(self.allow_http))
            .transpose()?;
        let credentials = match self.credentials.clone() {
            _ if proxy.is_some() => Credentials::anonymous(),
            Some(Ok(credentials)) => credentials,
            Some(Err(error)) => return Err(error.outline()),
            None => Credentials::from_env()?,
        };
        let settings = Settings {
            hosts,
            credentials,
            retry: self.retry.clone(),
            timeouts: self.timeouts.clone(),
            limits: self.limits.clone(),
            status_mode: self.status_mode,
            poll: self.poll.clone(),
            validate: !self.skip_validation,
            backup_hosts: self.backup_hosts && proxy.is_none(),
            uploads: self.uploads.clone(),
            proxy,
        };
        let on_loopback = settings.hosts.are_loopback();
        let http = Http::new(settings, move |protocol| {
            self.transport(protocol, on_loopback)
        })?;
        Ok(Client { http })
    }

    fn transport(&self, protocol: Protocol, on_loopback: bool) -> Result<reqwest::Client> {
        let user_agent = self.user_agent.as_deref().unwrap_or(concat!(
            "fal-sdk/",
            env!("CARGO_PKG_VERSION"),
            " (rust)"
        ));
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(self.timeouts.connect)
            // Below the 75 s after which servers commonly close: a connection
            // that closes under a submit leaves its outcome unknown.
            .pool_idle_timeout(Duration::from_secs(45))
            .tcp_nodelay(true);
        if on_loopback {
            // A proxy of the environment has no way to this machine.
            builder = builder.no_proxy();
        }
        if let Some(change) = &self.transport {
            builder = change(builder);
        }
        builder = match protocol {
            Protocol::Any => builder,
            #[cfg(feature = "realtime")]
            Protocol::Http1 => builder.http1_only(),
        };
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

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            // Not their addresses: those are unchecked and can hold a password.
            .field(
                "hosts",
                &self.hosts.iter().map(|(host, _)| host).collect::<Vec<_>>(),
            )
            .field("timeouts", &self.timeouts)
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
