//! Configuring a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use crate::transport::error::{Error, Result};
use crate::transport::http::allowed_hosts::{AllowedHost, AllowedHosts};
use crate::transport::http::credentials::Credentials;
use crate::transport::http::hosts::{Host, Hosts};
use crate::transport::http::limits::{Limits, Timeouts};
use crate::transport::http::proxy::Proxy;
use crate::transport::http::retry::RetryPolicy;
use crate::transport::http::{Customize, Http, PollInterval, Pool, Settings, StatusMode};
use crate::transport::upload_settings::UploadSettings;

/// Configures a [`Client`].
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
    allowed_hosts: Vec<String>,
    allow_http: bool,
    backup_hosts: bool,
    skip_validation: bool,
    timeouts: Timeouts,
    limits: Limits,
    retry: RetryPolicy,
    status_mode: StatusMode,
    poll_interval: PollInterval,
    user_agent: Option<String>,
    uploads: UploadSettings,
    proxy: Option<Proxy>,
    customize: Option<Customize>,
}

impl ClientBuilder {
    /// Sets the key, from <https://fal.ai/dashboard/keys>.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::key(key).map_err(Arc::new));
        self
    }

    /// Sets credentials other than a single key: a pair, a provider, a token, none.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(Ok(credentials));
        self
    }

    /// Sets the address of one of the services, for a proxy or another deployment. The key
    /// is sent there. If the address has a path, all URLs of the service are below it.
    pub fn host(mut self, host: Host, url: impl Into<String>) -> Self {
        self.hosts.push((host, url.into()));
        self
    }

    /// Points every service at one server that has them below `/run`, `/queue`,
    /// `/rest`, `/cdn` and `/platform/v1`, as `fal-mock` does.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        let base = url.as_ref();
        self.hosts
            .extend(Host::ALL.map(|host| (host, host.below(base))));
        self
    }

    /// Allows unencrypted addresses, although the key can be read in transit. By
    /// default `http` is allowed only for this machine.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Allows downloads from a host that is not on the public internet, such as
    /// `files.internal` or, at one port only, `10.0.0.5:9000`. It may use plain `http`.
    ///
    /// By default files are downloaded from public addresses only, over `https`, because
    /// their URLs come in outputs: they must not lead this program to a service on its own
    /// machine or network. The hosts that are given with [`host`](Self::host) and
    /// [`base_url`](Self::base_url) are allowed without this. What one client allows is
    /// also allowed for downloads without a client
    /// ([`File::download`](crate::File::download)) in the same program.
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.allowed_hosts.push(host.into());
        self
    }

    /// Falls back to fal's backup hosts (`falrun.com`, `queue.falrun.com`) when the
    /// main ones cannot be reached. The key is then sent to them. Off by default.
    pub fn backup_hosts(mut self, use_them: bool) -> Self {
        self.backup_hosts = use_them;
        self
    }

    /// Sets whether inputs are checked against the rules of their schema before they are
    /// sent. On by default; schemas can be older than the models on the server.
    pub fn validate(mut self, validate: bool) -> Self {
        self.skip_validation = !validate;
        self
    }

    /// Sets how long calls may take.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets how long connecting may take. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = timeout;
        self
    }

    /// Sets how much is read, and how much runs concurrently.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how failed calls are retried, where that cannot be charged twice.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how the client learns that a job has finished: over a status stream (the
    /// default) or only by polling.
    pub fn status_mode(mut self, mode: StatusMode) -> Self {
        self.status_mode = mode;
        self
    }

    /// Sets how often jobs are polled, where polling is used.
    pub fn poll_interval(mut self, interval: PollInterval) -> Self {
        self.poll_interval = interval;
        self
    }

    /// Sets the `User-Agent`. Default: `fal-sdk/<version> (rust)`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sets how files are uploaded, including those in inputs.
    pub fn uploads(mut self, uploads: UploadSettings) -> Self {
        self.uploads = uploads;
        self
    }

    /// Sends the calls that need the key to a proxy, which adds it; this client
    /// then needs none. Uploads to signed URLs and downloads, which need no key,
    /// bypass it. The usual rules of such proxies allow runs, the queue and uploads
    /// of up to 90 MiB.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Changes the HTTP library's own settings: proxies, certificates, DNS. The
    /// function is called for each of the client's connection pools.
    /// Settings that keep money and secrets safe are applied after it: redirects,
    /// referer, compression and the library's own retries stay off. A DNS resolver that
    /// you set replaces the one that keeps [downloads](Self::allow_host) to public
    /// addresses.
    pub fn http_client<F>(mut self, change: F) -> Self
    where
        F: Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    {
        self.customize = Some(Arc::new(change));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// When there is no key (for anonymous calls, set [`Credentials::anonymous`]),
    /// and when one of the settings is malformed.
    pub fn build(self) -> Result<Client> {
        let hosts = Hosts::new(&self.hosts, self.allow_http)?;
        let proxy = self
            .proxy
            .as_ref()
            .map(|proxy| proxy.check(self.allow_http))
            .transpose()?;
        let credentials = match self.credentials {
            _ if proxy.is_some() => Credentials::anonymous(),
            Some(Ok(credentials)) => credentials,
            Some(Err(error)) => return Err(error.clone_without_source()),
            None => Credentials::from_env()?,
        };
        let allowed = self.allowed_hosts.iter();
        let allowed: Result<Vec<_>> = allowed.map(|host| AllowedHost::parse(host)).collect();
        let mut allowed = allowed?;
        allowed.extend(
            self.hosts
                .iter()
                .filter_map(|(host, _)| hosts.location(*host)),
        );
        let settings = Settings {
            retry: self.retry,
            timeouts: self.timeouts,
            limits: self.limits,
            status_mode: self.status_mode,
            poll_interval: self.poll_interval,
            validate: !self.skip_validation,
            backup_hosts: self.backup_hosts && proxy.is_none(),
            uploads: self.uploads,
            proxy,
            ..Settings::new(hosts, credentials)
        };
        settings.allowed_hosts.add(allowed.iter().cloned());
        AllowedHosts::of_process().add(allowed);
        let mut pool = Pool::new(&settings);
        pool.user_agent = self.user_agent;
        pool.customize = self.customize;
        Ok(Client {
            http: Http::new(settings, pool)?,
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
