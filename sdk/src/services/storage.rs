//! Uploading files, bytes, readers and streams to fal's storage, whole or in parts.
//!
//! For the inputs of calls this is not needed: [`Media::path`](crate::Media::path),
//! [`Media::bytes`](crate::Media::bytes) and [`Media::reader`](crate::Media::reader) are
//! uploaded when the call is made.

mod blocks;
mod cdn;
pub(crate) mod content;
mod etags;
mod file_headers;
pub(crate) mod file_name;
mod parts;
mod plan;
mod ramp;
mod reply;
mod saved_parts;
mod signed;
mod upload;

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::{Method, Url};
use tokio::io::AsyncRead;

use content::{Content, Source};
pub use upload::{ResumableUpload, Upload};

pub use crate::services::progress::Progress;
pub use crate::transport::upload_settings::{Repository, UploadSettings};

use crate::transport::error::{BoxError, Error, ErrorKind, Result};
use crate::transport::http::{Http, Operation, Request};

/// fal's storage for files: see [`Client::storage`](crate::Client::storage).
///
/// ```no_run
/// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
/// let film = fal
///     .storage()
///     .upload_file("film.mp4")
///     .on_progress(|progress| println!("{progress}"))
///     .await?;
/// println!("{}", film.url);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Storage {
    http: Http,
}

impl Storage {
    pub(crate) fn new(http: Http) -> Self {
        Self { http }
    }

    /// Uploads bytes in memory. Their media type is recognised from the first bytes
    /// unless it is [given](Upload::content_type).
    pub fn upload(&self, bytes: impl Into<Bytes>) -> Upload {
        Upload::new(
            self.http.clone(),
            Source::Content(Content::Bytes(bytes.into())),
        )
    }

    pub(crate) fn upload_content(&self, content: Content) -> Upload {
        Upload::new(self.http.clone(), Source::Content(content))
    }

    /// Uploads a local file without holding it in memory. A large file is sent in parts,
    /// several at once.
    pub fn upload_file(&self, path: impl Into<PathBuf>) -> Upload {
        Upload::new(self.http.clone(), Source::Path(path.into()))
    }

    /// Uploads everything that a reader returns, whatever its length. If that is longer than
    /// [`UploadSettings::part_size`], it is sent in parts, each of which is held in memory
    /// until it is stored.
    pub fn upload_reader(&self, reader: impl AsyncRead + Send + 'static) -> Upload {
        Upload::new(
            self.http.clone(),
            Source::Stream(content::of_reader(reader)),
        )
    }

    /// Uploads everything that a stream yields, as [`upload_reader`](Self::upload_reader)
    /// does with a reader.
    pub fn upload_stream<S, B, E>(&self, stream: S) -> Upload
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Upload::new(
            self.http.clone(),
            Source::Stream(content::of_stream(stream)),
        )
    }
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage").finish_non_exhaustive()
    }
}

/// A request that carries a file or a part of one. How long it takes depends on the size, so
/// it fails when no more bytes move, and at the latest after six hours.
fn request(method: Method, url: Url) -> Request {
    const LONGEST: Duration = Duration::from_secs(6 * 3_600);
    Request::new(Operation::Upload, method, url).timeout(LONGEST)
}

/// # Errors
/// When the length is above the limit.
pub(crate) fn check_size(length: u64, most: u64, what: &str) -> Result<()> {
    if length <= most {
        return Ok(());
    }
    let message = format!("{what} has {length} bytes, more than the upload limit of {most}");
    Err(Error::new(ErrorKind::TooLarge, message)
        .with_hint("the limit is `UploadSettings::max_size`, set with `ClientBuilder::uploads`"))
}
