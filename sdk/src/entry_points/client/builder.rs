//! The builder that configures a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use crate::transport::chaining_setters::setters;
use crate::transport::error::{Error, Result};
use crate::transport::http::allowed_hosts::{AllowedHost, AllowedHosts};
use crate::transport::http::credentials::Credentials;
use crate::transport::http::hosts::{Host, Hosts};
use crate::transport::http::limits::{Limits, Timeouts};
use crate::transport::http::proxy::Proxy;
use crate::transport::http::retry::RetryPolicy;
use crate::transport::http::{Customize, Http, PollInterval, Pool, Settings, StatusMode};
use crate::transport::upload_settings::UploadSettings;

/// A builder that configures a [`Client`]: returned by [`Client::builder`].
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
    /// Sets the key, which you create at <https://fal.ai/dashboard/keys>. Default: the key
    /// from the environment, as [`Credentials::from_env`] reads it.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::key(key).map_err(Arc::new));
        self
    }

    /// Sets credentials other than a key in one text: a key in two parts, a function that
    /// returns the key, a login's token, or none.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(Ok(credentials));
        self
    }

    /// Sets the address of one of fal's services, for a gateway or another deployment. The
    /// key is sent there. If the address has a path, all URLs of the service are below it.
    pub fn host(mut self, host: Host, url: impl Into<String>) -> Self {
        self.hosts.push((host, url.into()));
        self
    }

    /// Sets the address of one server for all of fal's services, such as a `fal-mock`. It
    /// has to serve them below `/run`, `/queue`, `/rest`, `/cdn` and `/platform/v1`. The key
    /// is sent there.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        let base = url.as_ref();
        self.hosts
            .extend(Host::ALL.map(|host| (host, host.below(base))));
        self
    }

    /// Allows downloads from a host that is not on the public internet, such as
    /// `files.internal` or, at one port only, `10.0.0.5:9000`. The host may use plain `http`.
    ///
    /// By default files are downloaded from public addresses only, over `https`, because
    /// their URLs come from outputs: they must not make this program read from a service on
    /// its own machine or network. The hosts that are set with [`host`](Self::host) and
    /// [`base_url`](Self::base_url) are allowed without this. A host that one client allows
    /// is also allowed for downloads without a client
    /// ([`File::download`](crate::File::download)) in the same program.
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.allowed_hosts.push(host.into());
        self
    }

    /// Sets whether inputs are checked against the rules of their schema before they are
    /// sent. Default: `true`. Switch it off where the schemas of this crate are older than
    /// the models on the server.
    pub fn validate(mut self, validate: bool) -> Self {
        self.skip_validation = !validate;
        self
    }

    /// Sets how long making a connection may take ([`Timeouts::connect`]). Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = timeout;
        self
    }

    /// Sets the `User-Agent` header. Default: `fal-sdk/<version> (rust)`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    setters! {
        /// Sets whether unencrypted addresses (`http`) are allowed, over which the key can be
        /// read in transit. By default they are allowed only for this machine.
        allow_http: plain bool;
        /// Sets whether fal's backup hosts (`falrun.com`, `queue.falrun.com`) are used when the
        /// main ones cannot be reached. The key is then sent to them. Default: `false`.
        backup_hosts: plain bool;
        /// Sets how long the parts of calls may take. [`Timeouts`] has the defaults.
        timeouts: plain Timeouts;
        /// Sets how large replies may be, and how many requests run concurrently. [`Limits`] has
        /// the defaults.
        limits: plain Limits;
        /// Sets how often and after what delays failed calls are retried, where a retry cannot
        /// be charged twice. [`RetryPolicy`] has the defaults.
        retry: plain RetryPolicy;
        /// Sets how the client learns that a job has finished: over a status stream (the
        /// default) or only by polling.
        status_mode: plain StatusMode;
        /// Sets how often the status of a job is requested while it is polled. [`PollInterval`]
        /// has the defaults.
        poll_interval: plain PollInterval;
        /// Sets how files are uploaded, including those in inputs. [`UploadSettings`] has the
        /// defaults.
        uploads: plain UploadSettings;
        /// Sets a proxy to which all requests that need the key are sent. The proxy adds its own
        /// key, so this client needs none, and one that is set is not used. Uploads to signed
        /// URLs and downloads, which need no key, bypass the proxy. The usual rules of such
        /// proxies allow runs, the queue and uploads of up to 90 MiB.
        proxy: option Proxy;
    }

    /// Sets a function that changes the settings of the HTTP library, such as network
    /// proxies, certificates and DNS. It is called for each of the client's connection
    /// pools.
    ///
    /// The settings that protect money and secrets are applied after the function: redirects,
    /// the referer, compression and the library's own retries stay off. A DNS resolver that
    /// the function sets replaces the one that keeps [downloads](Self::allow_host) to public
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
    /// When a setting is malformed, and when no key is set here or in the environment. For
    /// calls without a key, set [`Credentials::anonymous`].
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
            // The addresses are left out: they are unchecked and can contain a password.
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
