//! An upload and its options.

use std::future::IntoFuture;
use std::path::PathBuf;
use std::sync::Arc;

use super::content::{Content, Source};
use super::plan::{StartedUpload, UploadPlan, is_dead};
use crate::contract::file::File;
use crate::services::progress::Progress;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::lifecycle::Lifecycle;
use crate::transport::opaque::opaque;
use crate::transport::trace;
use crate::transport::upload_settings::Repository;
use crate::transport::upload_settings::UploadSettings;

/// An upload to fal's storage, which is made when it is awaited: see
/// [`Storage`](super::Storage). It returns the stored [`File`], whose URL needs no key. The
/// file converts into [`Media`](crate::Media) for inputs.
#[must_use = "a file is uploaded when this is awaited"]
pub struct Upload {
    source: Source,
    plan: UploadPlan,
}

impl Upload {
    pub(super) fn new(http: Http, source: Source) -> Self {
        Self {
            source,
            plan: UploadPlan {
                settings: http.settings().uploads.clone(),
                http,
                content_type: None,
                file_name: None,
                length: None,
                on_progress: None,
                saved_parts: None,
            },
        }
    }

    /// Sets the media type, such as `image/png`. By default it is recognised from the
    /// name or the first bytes of the file; otherwise it is `application/octet-stream`.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.plan.content_type = Some(content_type.into());
        self
    }

    /// Sets the name that the file is stored under, at the end of its URL. Only the last
    /// part of a path is used. Default: the name of the local file, otherwise `upload`
    /// with the extension of its media type.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.plan.file_name = Some(name.into());
        self
    }

    /// Sets how many bytes a reader or a stream returns. [`Progress`] then has a total, data
    /// that is too large is refused before it is read, and it is an error if the reader
    /// returns fewer or more bytes. It has no effect on files and bytes, whose length is
    /// known.
    pub fn length(mut self, bytes: u64) -> Self {
        self.plan.length = Some(bytes);
        self
    }

    /// Sets how long the file is kept and who may read it. Default: the client's
    /// [`UploadSettings::lifecycle`], otherwise the account's setting.
    pub fn lifecycle(mut self, lifecycle: impl Into<Lifecycle>) -> Self {
        self.plan.settings.lifecycle = Some(lifecycle.into());
        self
    }

    /// Sets where the file is stored. Default: the client's
    /// [`UploadSettings::repository`].
    pub fn repository(mut self, repository: Repository) -> Self {
        self.plan.settings.repository = Some(repository);
        self
    }

    /// Sets the repositories that are tried, in this order, if the first one fails. If there
    /// are none, the upload fails with the first one. Default: the client's
    /// [`UploadSettings::fallback`].
    pub fn fallback(mut self, repositories: impl IntoIterator<Item = Repository>) -> Self {
        self.plan.settings.fallback = Some(repositories.into_iter().collect());
        self
    }

    /// Replaces all of the client's upload settings for this upload. Call it before the
    /// options that change single settings.
    pub fn settings(mut self, settings: UploadSettings) -> Self {
        self.plan.settings = settings;
        self
    }

    /// Sets a function that is called with the progress of the upload. It runs on the
    /// task of the upload, so it must not block.
    pub fn on_progress(mut self, on_progress: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.plan.on_progress = Some(Arc::new(on_progress));
        self
    }

    /// Returns an upload that can be continued after an error without sending its stored
    /// parts again. It works for files and bytes, but not for readers and streams, which
    /// cannot be read again.
    pub fn resumable(self) -> ResumableUpload {
        ResumableUpload {
            source: self.source,
            plan: self.plan,
            content: None,
            started: None,
        }
    }

    async fn send(self) -> Result<File> {
        match self.source {
            Source::Stream(stream) => self.plan.send_stream(stream).await,
            _ => self.resumable().send().await,
        }
    }
}

impl IntoFuture for Upload {
    type Output = Result<File>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(trace::call("upload", "", self.send()))
    }
}

/// An upload that can be continued after an error: returned by [`Upload::resumable`].
///
/// ```no_run
/// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
/// let mut upload = fal.storage().upload_file("film.mp4").resumable();
/// let file = match upload.send().await {
///     // Parts that are stored are not sent again.
///     Err(error) if error.is_retryable() => upload.send().await?,
///     sent => sent?,
/// };
/// # Ok(())
/// # }
/// ```
pub struct ResumableUpload {
    source: Source,
    plan: UploadPlan,
    content: Option<Content>,
    started: Option<StartedUpload>,
}

impl ResumableUpload {
    /// Keeps a list of the stored parts in a file at this path, so that another process can
    /// continue the upload: give it the same file, options and path. The list is removed
    /// when the upload is complete, and ignored if the file has changed.
    ///
    /// This works for local files that are stored in [`Repository::Cdn`], the default.
    /// Uploads to other repositories start again in another process.
    #[must_use]
    pub fn keep_parts_in(mut self, path: impl Into<PathBuf>) -> Self {
        self.plan.saved_parts = Some(path.into());
        self
    }

    /// Uploads the file, or the parts of it that are not stored yet. When a part fails, no
    /// further part is begun, and those under way are finished before this returns the error.
    ///
    /// # Errors
    /// When the file cannot be read, has changed since the last call, or cannot be stored,
    /// and for a reader or a stream. Call it again to continue the upload.
    pub async fn send(&mut self) -> Result<File> {
        let content = match &self.content {
            Some(content) => content.clone(),
            None => match &self.source {
                Source::Content(content) => content.clone(),
                Source::Path(path) => Content::file(path.clone()).await?,
                Source::Stream(_) => {
                    let message = "an upload from a reader or a stream cannot be sent again";
                    return Err(Error::new(ErrorKind::Usage, message)
                        .with_hint("await the upload itself, or upload a file or bytes"));
                }
            },
        };
        self.content = Some(content.clone());
        let sent = self.plan.send(content, &mut self.started).await;
        if sent.is_ok() || sent.as_ref().is_err_and(is_dead) {
            self.started = None;
            self.content = None;
        }
        sent
    }
}

opaque! { ResumableUpload, Upload }
