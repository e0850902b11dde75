//! Uploading files: bytes, files, readers and streams, whole or in parts.
//!
//! Inputs need none of this: [`Media::path`](crate::Media::path) and
//! [`Media::bytes`](crate::Media::bytes) are uploaded when the call is made.

mod blocks;
mod cdn;
pub(crate) mod content;
mod etags;
mod facts;
mod file_name;
mod parts;
mod plan;
mod reply;
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
pub use crate::transport::upload_settings::{Repository, Uploads};

use crate::transport::error::{BoxError, Error, ErrorKind, Result};
use crate::transport::http::{Http, Operation, Request};

/// fal's storage: see [`Client::storage`](crate::Client::storage).
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

    /// Uploads bytes in memory. Their type is read from the first of them unless
    /// it is [given](Upload::content_type).
    pub fn upload(&self, bytes: impl Into<Bytes>) -> Upload {
        Upload::new(
            self.http.clone(),
            Source::Content(Content::Bytes(bytes.into())),
        )
    }

    pub(crate) fn upload_content(&self, content: Content) -> Upload {
        Upload::new(self.http.clone(), Source::Content(content))
    }

    /// Uploads a local file; above a size in parts, several at once, without
    /// holding it in memory.
    pub fn upload_file(&self, path: impl Into<PathBuf>) -> Upload {
        Upload::new(self.http.clone(), Source::Path(path.into()))
    }

    /// Uploads what a reader gives, of any length. More than one part is sent in
    /// parts, which are held in memory until they got through.
    pub fn upload_reader(&self, reader: impl AsyncRead + Send + 'static) -> Upload {
        Upload::new(self.http.clone(), Source::Flow(content::of_reader(reader)))
    }

    /// Uploads what a stream gives, as [`upload_reader`](Self::upload_reader) does.
    pub fn upload_stream<S, B, E>(&self, stream: S) -> Upload
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Upload::new(self.http.clone(), Source::Flow(content::of_stream(stream)))
    }
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage").finish_non_exhaustive()
    }
}

/// A request of an upload. How long it may take depends on its length: it ends
/// when nothing moves any more, at the latest after this time.
fn request(method: Method, url: Url) -> Request {
    const LONGEST: Duration = Duration::from_secs(6 * 3_600);
    Request::new(Operation::Upload, method, url).timeout(LONGEST)
}

/// # Errors
/// When there is more than may be uploaded.
pub(crate) fn check_size(length: u64, most: u64, what: &str) -> Result<()> {
    if length <= most {
        return Ok(());
    }
    let message = format!("{what} has {length} bytes, more than the upload limit of {most}");
    Err(Error::new(ErrorKind::TooLarge, message)
        .with_hint("the limit is `Uploads::max_size`, set with `ClientBuilder::uploads`"))
}
