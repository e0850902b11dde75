//! Downloads: to a path, into memory, or into a writer.
//!
//! The URL of a file needs no key, and none is ever sent there. `data:` URIs, which
//! models return in `sync_mode`, are decoded instead of being fetched.

pub(crate) mod data_uri;
mod fetch;
mod file_like;
mod part_file;
mod sink;
mod source;
mod validator;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use bytes::Bytes;
use tokio::io::AsyncWrite;

use crate::services::progress::{OnProgress, Progress};
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::trace;

use fetch::DownloadPlan;
use sink::{Memory, Writer};

/// A download, which is started by [`to_path`](Self::to_path), [`bytes`](Self::bytes) or
/// [`write_to`](Self::write_to). See [`Client::download`](crate::Client::download) and
/// [`File::download`](crate::File::download).
///
/// A download that breaks off continues where it stopped (`Range`) if the server can do
/// that and the file has not changed, and starts again otherwise.
///
/// URLs come in outputs, so a download reads only from addresses on the public internet,
/// and only over `https`: not from this machine, a private network or a cloud's metadata
/// service. That holds for redirects and for the addresses that a host name resolves to.
/// The hosts that a client was given ([`ClientBuilder::host`](crate::ClientBuilder::host),
/// [`base_url`](crate::ClientBuilder::base_url)) are exempt, and so are those that
/// [`ClientBuilder::allow_host`](crate::ClientBuilder::allow_host) names.
#[must_use = "a download is made by `to_path`, `bytes` or `write_to`"]
pub struct Download {
    url: String,
    http: Result<Http>,
    max_size: Option<u64>,
    timeout: Option<Duration>,
    wait_until_available: Duration,
    on_progress: Option<OnProgress>,
}

impl Download {
    pub(crate) fn new(http: Result<Http>, url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            http,
            max_size: None,
            timeout: None,
            wait_until_available: Duration::ZERO,
            on_progress: None,
        }
    }

    /// Creates a download without a client, with default settings. Where the settings of a
    /// client matter (certificates, a network proxy), use
    /// [`Client::download`](crate::Client::download).
    pub fn from_url(url: impl Into<String>) -> Self {
        Self::new(shared(), url)
    }

    /// Sets the size of the largest file that is accepted, in bytes. Default: the client's
    /// [`Limits::download`](crate::Limits); for [`bytes`](Self::bytes),
    /// [`Limits::output`](crate::Limits).
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.max_size = Some(bytes);
        self
    }

    /// Sets how long the whole download may take. By default it may take as long as
    /// bytes keep arriving.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long the download is tried again while the server answers that the file does
    /// not exist (404) or may not be read (403), which is what some buckets answer for a
    /// file that is not there yet. It is meant for files that a model stores in a bucket of
    /// your own ([`UploadPolicy`](crate::UploadPolicy)). By default the first such answer is
    /// an error.
    pub fn wait_until_available(mut self, timeout: Duration) -> Self {
        self.wait_until_available = timeout;
        self
    }

    /// Sets a function that is called with the progress of the download. It must not
    /// block.
    pub fn on_progress(mut self, on_progress: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(on_progress));
        self
    }

    /// Downloads to a path and returns the size in bytes. The file appears at the path when
    /// it is complete, and replaces a regular file that was there. If the path is a symbolic
    /// link, the file that it points to is replaced. The folder has to exist.
    ///
    /// # Errors
    /// When the file cannot be fetched, is larger than the limit, or cannot be written,
    /// and when something other than a regular file is at the path: a directory, a device, a
    /// named pipe. A failed download leaves no partial file behind.
    pub fn to_path(self, path: impl Into<PathBuf>) -> BoxFuture<Result<u64>> {
        let path = path.into();
        Box::pin(async move {
            let plan = self.plan(|limits| limits.download)?;
            let mut file = part_file::PartFile::create(path).await?;
            let size = trace::call("download", "", plan.run(&mut file)).await?;
            file.keep().await?;
            Ok(size)
        })
    }

    /// Downloads into memory and returns the bytes of the file.
    ///
    /// # Errors
    /// When the file cannot be fetched or is larger than the limit.
    pub fn bytes(self) -> BoxFuture<Result<Bytes>> {
        Box::pin(async move {
            let plan = self.plan(|limits| limits.output as u64)?;
            let mut memory = Memory::default();
            trace::call("download", "", plan.run(&mut memory)).await?;
            Ok(memory.into_bytes())
        })
    }

    /// Downloads into a writer and returns the size in bytes. The writer is flushed, but
    /// not shut down. After an error, it may have received a part of the file.
    ///
    /// # Errors
    /// When the file cannot be fetched, is larger than the limit, or the writer
    /// fails.
    pub async fn write_to(self, writer: &mut (impl AsyncWrite + Send + Unpin)) -> Result<u64> {
        let plan = self.plan(|limits| limits.download)?;
        let mut writer = Writer::new(writer);
        trace::call("download", "", plan.run(&mut writer)).await
    }

    fn plan(
        self,
        limit: impl Fn(&crate::transport::http::limits::Limits) -> u64,
    ) -> Result<DownloadPlan> {
        let http = self.http?;
        Ok(DownloadPlan {
            limit: self
                .max_size
                .unwrap_or_else(|| limit(&http.settings().limits)),
            http,
            url: self.url,
            timeout: self.timeout,
            wait_until_available: self.wait_until_available,
            on_progress: self.on_progress,
        })
    }
}

/// Does not show the URL, since a signed URL gives access to its file.
impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("max_size", &self.max_size)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The connections of downloads that are started from a file and not from a client. They
/// have no key.
fn shared() -> Result<Http> {
    static SHARED: OnceLock<Http> = OnceLock::new();
    if let Some(http) = SHARED.get() {
        return Ok(http.clone());
    }
    let made = Http::anonymous()?;
    Ok(SHARED.get_or_init(|| made).clone())
}

/// The error for a file that is larger than the limit of its download.
fn too_large(limit: u64) -> Error {
    let message = format!("the file is larger than {limit} bytes");
    Error::new(ErrorKind::TooLarge, message)
        .with_hint("the limit is set with `Download::max_size` or `ClientBuilder::limits`")
}
