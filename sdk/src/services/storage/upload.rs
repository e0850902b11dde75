//! An upload and its options.

use std::future::IntoFuture;
use std::sync::Arc;

use super::content::{Content, Source};
use super::plan::{Begun, Plan};
use crate::contract::file::File;
use crate::services::progress::Progress;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::lifecycle::Lifecycle;
use crate::transport::opaque::opaque;
use crate::transport::trace;
use crate::transport::upload_settings::Repository;
use crate::transport::upload_settings::Uploads;

/// An upload, made when it is awaited: see [`Storage`](super::Storage). It
/// returns the [`File`], whose URL needs no key and which is [`Media`] for
/// inputs.
///
/// [`Media`]: crate::Media
#[must_use = "a file is uploaded when this is awaited"]
pub struct Upload {
    source: Source,
    plan: Plan,
}

impl Upload {
    pub(super) fn new(http: Http, source: Source) -> Self {
        Self {
            source,
            plan: Plan {
                settings: http.settings().uploads.clone(),
                http,
                content_type: None,
                file_name: None,
                on_progress: None,
            },
        }
    }

    /// The media type, such as `image/png`. Default: what the file's name or its
    /// first bytes tell, else `application/octet-stream`.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.plan.content_type = Some(content_type.into());
        self
    }

    /// The name that the file is stored under, at the end of its URL. Only the
    /// last part of a path counts. Default: that of the local file, else `upload`
    /// with the extension of its type.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.plan.file_name = Some(name.into());
        self
    }

    /// How long the file is kept and who may read it. Default: the client's
    /// setting, else the account's.
    pub fn lifecycle(mut self, lifecycle: impl Into<Lifecycle>) -> Self {
        self.plan.settings.lifecycle = Some(lifecycle.into());
        self
    }

    /// Where the file is stored. Default: the client's setting.
    pub fn repository(mut self, repository: Repository) -> Self {
        self.plan.settings.repository = Some(repository);
        self
    }

    /// Where the file is stored when that fails, in order; nowhere else if empty.
    pub fn fallback(mut self, repositories: impl IntoIterator<Item = Repository>) -> Self {
        self.plan.settings.fallback = Some(repositories.into_iter().collect());
        self
    }

    /// All other settings of the upload, in place of the client's; it goes before
    /// the options that change one of them.
    pub fn settings(mut self, settings: Uploads) -> Self {
        self.plan.settings = settings;
        self
    }

    /// A function that is told how far the upload is, with every block. It is
    /// called from where the upload runs and must not block.
    pub fn on_progress(mut self, tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.plan.on_progress = Some(Arc::new(tell));
        self
    }

    /// An upload that can be taken up again after an error, without the parts that
    /// got through. For files and bytes; what a reader has given is gone.
    pub fn resumable(self) -> ResumableUpload {
        ResumableUpload {
            source: self.source,
            plan: self.plan,
            content: None,
            begun: None,
        }
    }

    async fn send(self) -> Result<File> {
        match self.source {
            Source::Flow(flow) => self.plan.send_flow(flow).await,
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

/// An upload that goes on where it failed: made by [`Upload::resumable`].
///
/// ```no_run
/// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
/// let mut upload = fal.storage().upload_file("film.mp4").resumable();
/// let file = match upload.send().await {
///     // What got through is not sent again.
///     Err(error) if error.is_retryable() => upload.send().await?,
///     sent => sent?,
/// };
/// # Ok(())
/// # }
/// ```
pub struct ResumableUpload {
    source: Source,
    plan: Plan,
    content: Option<Content>,
    begun: Option<Begun>,
}

impl ResumableUpload {
    /// Uploads the file, or what of it is not there yet.
    ///
    /// # Errors
    /// When the file cannot be read, was changed since the last time, or cannot be
    /// stored. Called again, the upload goes on.
    pub async fn send(&mut self) -> Result<File> {
        let content = match &self.content {
            Some(content) => content.clone(),
            None => match &self.source {
                Source::Content(content) => content.clone(),
                Source::Path(path) => Content::file(path.clone()).await?,
                Source::Flow(_) => {
                    let message = "what comes from a reader or a stream cannot be sent again";
                    return Err(Error::new(ErrorKind::Usage, message)
                        .with_hint("await the upload itself, or upload a file or bytes"));
                }
            },
        };
        self.content = Some(content.clone());
        let sent = self.plan.send(content, &mut self.begun).await;
        if sent.is_ok() || sent.as_ref().is_err_and(is_dead) {
            self.begun = None;
            self.content = None;
        }
        sent
    }
}

/// Whether what was begun is of no more use: the file has changed, or the server
/// no longer knows the upload.
fn is_dead(error: &Error) -> bool {
    error.kind() == ErrorKind::Io || matches!(error.status(), Some(403 | 404 | 410))
}

opaque! { ResumableUpload, Upload }
