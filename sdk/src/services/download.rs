//! Fetching files: to a path, into memory, or into a writer.
//!
//! A file's URL needs no key, and none is ever sent there. `data:` URIs, which
//! models return in `sync_mode`, are decoded in place of being fetched.

mod data_uri;
mod fetch;
mod file_like;
mod part_file;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use bytes::Bytes;
use bytes::BytesMut;
use tokio::io::AsyncWrite;

use crate::services::progress::OnProgress;
use crate::services::progress::Progress;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::trace;

use fetch::{Plan, Sink};

/// A download, made by one of its three ends:
/// [`to_path`](Self::to_path), [`bytes`](Self::bytes) and
/// [`write_to`](Self::write_to). See [`Client::download`](crate::Client::download) and
/// [`File::download`](crate::File::download).
///
/// A download that breaks off goes on where it was (`Range`), if the server can do
/// that and the file is still the same.
#[must_use = "a download is made by `to_path`, `bytes` or `write_to`"]
pub struct Download {
    url: String,
    http: Result<Http>,
    max_size: Option<u64>,
    timeout: Option<Duration>,
    on_progress: Option<OnProgress>,
}

impl Download {
    pub(crate) fn new(http: Result<Http>, url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            http,
            max_size: None,
            timeout: None,
            on_progress: None,
        }
    }

    /// A download that needs no client; one with settings of its own (certificates,
    /// a network proxy) has [`Client::download`](crate::Client::download).
    pub fn from_url(url: impl Into<String>) -> Self {
        Self::new(shared(), url)
    }

    /// The largest file that is taken, in bytes. Default: the client's
    /// [`Limits::download`](crate::Limits), in memory
    /// [`Limits::output`](crate::Limits).
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.max_size = Some(bytes);
        self
    }

    /// How long the whole download may take. Default: as long as bytes keep
    /// coming.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// A function that is told how far the download is. It must not block.
    pub fn on_progress(mut self, tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(tell));
        self
    }

    /// Downloads into a file and returns its size in bytes. The file appears under
    /// its name when it is whole and takes the place of one that was there; its
    /// folder has to exist.
    ///
    /// # Errors
    /// When the file cannot be fetched, is larger than the limit, or cannot be
    /// written. Nothing is left behind.
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

    /// Downloads into memory.
    ///
    /// # Errors
    /// When the file cannot be fetched or is larger than the limit.
    pub fn bytes(self) -> BoxFuture<Result<Bytes>> {
        Box::pin(async move {
            let plan = self.plan(|limits| limits.output as u64)?;
            let mut memory = Memory::default();
            trace::call("download", "", plan.run(&mut memory)).await?;
            Ok(memory.0.freeze())
        })
    }

    /// Downloads into a writer and returns the size in bytes. The writer is
    /// flushed and not shut down; after an error it has got a part.
    ///
    /// # Errors
    /// When the file cannot be fetched, is larger than the limit, or the writer
    /// fails.
    pub async fn write_to(self, writer: &mut (impl AsyncWrite + Send + Unpin)) -> Result<u64> {
        let plan = self.plan(|limits| limits.download)?;
        let mut writer = fetch::Writer::new(writer);
        trace::call("download", "", plan.run(&mut writer)).await
    }

    fn plan(self, limit: impl Fn(&crate::transport::http::limits::Limits) -> u64) -> Result<Plan> {
        let http = self.http?;
        Ok(Plan {
            limit: self
                .max_size
                .unwrap_or_else(|| limit(&http.settings().limits)),
            http,
            url: self.url,
            timeout: self.timeout,
            on_progress: self.on_progress,
        })
    }
}

/// Shows no URL: one that is signed opens what it leads to.
impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("max_size", &self.max_size)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Memory(BytesMut);

impl Sink for Memory {
    async fn put(&mut self, bytes: Bytes) -> Result<()> {
        self.0.extend_from_slice(&bytes);
        Ok(())
    }

    async fn restart(&mut self) -> Result<()> {
        self.0.clear();
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

/// The connections of downloads that are asked of a file and not of a client. They
/// know no key.
fn shared() -> Result<Http> {
    static SHARED: OnceLock<Http> = OnceLock::new();
    if let Some(http) = SHARED.get() {
        return Ok(http.clone());
    }
    let made = Http::anonymous()?;
    Ok(SHARED.get_or_init(|| made).clone())
}

/// # Errors
/// When a download is over before its limit is.
fn too_large(limit: u64) -> Error {
    let message = format!("the file is larger than {limit} bytes");
    Error::new(ErrorKind::TooLarge, message)
        .with_hint("the limit is set with `Download::max_size` or `ClientBuilder::limits`")
}
