//! Which repository an upload goes to, and whether it is sent as a whole or in parts.

use std::path::PathBuf;

use serde_json::json;

use super::content::{ByteStream, Content, Counted, Parts};
use super::file_headers::FileHeaders;
use super::parts::{self, Session, StartedStream};
use super::saved_parts::SavedParts;
use crate::contract::file::File;
use crate::services::progress::{Meter, OnProgress};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Host, Http};
use crate::transport::lifecycle::Lifecycle;
use crate::transport::upload_settings::UploadSettings;
use crate::transport::upload_settings::{Repository, order};

/// The settings of an upload, without its content.
pub(super) struct UploadPlan {
    pub(super) http: Http,
    pub(super) settings: UploadSettings,
    pub(super) content_type: Option<String>,
    pub(super) file_name: Option<String>,
    /// How many bytes a reader or a stream returns, if the caller has set it.
    pub(super) length: Option<u64>,
    pub(super) on_progress: Option<OnProgress>,
    /// The path of the list of stored parts for other processes.
    pub(super) saved_parts: Option<PathBuf>,
}

/// An upload in parts that was started, and its repository.
pub(super) type StartedUpload = (Repository, Session);

impl UploadPlan {
    fn headers(&self, known_type: &str, known_name: Option<&str>) -> Result<FileHeaders> {
        FileHeaders::new(
            self.content_type.as_deref().unwrap_or(known_type),
            self.file_name.as_deref().or(known_name),
            self.settings.lifecycle.as_ref(),
        )
    }

    fn order(&self) -> Vec<Repository> {
        let through_proxy = self.http.settings().proxy.is_some();
        let (first, others) = match through_proxy {
            true => (Repository::Signed, vec![]),
            false => (Repository::Cdn, vec![Repository::Bucket]),
        };
        let others = self.settings.fallback.clone().unwrap_or(others);
        order(self.settings.repository.unwrap_or(first), &others)
    }

    fn multipart_above(&self, repository: Repository) -> u64 {
        let own = self.settings.multipart_above;
        own.unwrap_or_else(|| repository.multipart_above())
    }

    fn meter(&self, total: Option<u64>) -> Meter {
        Meter::new(self.on_progress.clone(), total)
    }

    /// Uploads a stream, in parts if it is longer than one part.
    pub(super) async fn send_stream(&self, stream: ByteStream) -> Result<File> {
        let length = self.length.unwrap_or(0);
        super::check_size(length, self.settings.max_size, "the data to upload")?;
        let part_size = self.settings.part_size_for(length);
        let mut parts = Parts::new(Counted::new(stream, self.length), part_size);
        let first = parts.next().await?.unwrap_or_default();
        if parts.is_over().await? {
            return self.send(Content::Bytes(first), &mut None).await;
        }
        let headers = self.headers(Content::Bytes(first.clone()).content_type(), None)?;
        let (repository, session) = self.begin(&headers).await?;
        let rest = StartedStream {
            first,
            parts: &mut parts,
            at_once: self.settings.buffered_parts(part_size),
        };
        let meter = self.meter(self.length);
        let sent = session
            .send_stream(&self.http, &headers, rest, &self.settings, &meter)
            .await;
        let url = sent.map_err(|error| at(repository, error))?;
        Ok(stored(url, &headers, self.length))
    }

    /// Begins an upload in parts at the first repository that accepts it.
    async fn begin(&self, headers: &FileHeaders) -> Result<StartedUpload> {
        let mut failed = None;
        for repository in self.order() {
            match Session::begin(&self.http, repository, headers).await {
                Ok(session) => return Ok((repository, session)),
                Err(error) if may_fall_back(&error) => failed = Some(at(repository, error)),
                Err(error) => return Err(at(repository, error)),
            }
        }
        Err(failed.unwrap_or_else(nowhere))
    }

    /// Uploads content. A started upload is continued; otherwise the repositories are
    /// tried in their order.
    pub(super) async fn send(
        &self,
        content: Content,
        started: &mut Option<StartedUpload>,
    ) -> Result<File> {
        super::check_size(content.len(), self.settings.max_size, "the file")?;
        let name = content.name();
        let headers = self.headers(content.content_type(), name.as_deref())?;
        let saved = self.saved_parts(&headers, &content)?;
        if started.is_none()
            && self.order().first() == Some(&Repository::Cdn)
            && let Some(saved) = &saved
            && let Some((upload, etags)) = saved.load().await?
        {
            let session = Session::of_saved(upload, etags, saved.clone());
            *started = Some((Repository::Cdn, session));
            match self.continue_upload(&headers, &content, started).await {
                // The server no longer has the upload, so it starts again.
                Err(error) if is_unknown(&error) => *started = None,
                sent => return self.finish(sent?, &headers, &content, Some(saved)).await,
            }
        }
        let url = match started {
            Some(_) => self.continue_upload(&headers, &content, started).await?,
            None => self.send_anywhere(&headers, &content, started).await?,
        };
        self.finish(url, &headers, &content, saved.as_ref()).await
    }

    async fn continue_upload(
        &self,
        headers: &FileHeaders,
        content: &Content,
        started: &mut Option<StartedUpload>,
    ) -> Result<String> {
        let Some((repository, session)) = started else {
            return Err(nowhere());
        };
        let meter = self.meter(Some(content.len()));
        let sent = session.send(&self.http, headers, content, &self.settings, &meter);
        sent.await.map_err(|error| at(*repository, error))
    }

    async fn finish(
        &self,
        url: String,
        headers: &FileHeaders,
        content: &Content,
        saved: Option<&SavedParts>,
    ) -> Result<File> {
        if let Some(saved) = saved {
            saved.remove().await;
        }
        Ok(stored(url, headers, Some(content.len())))
    }

    /// The list of the stored parts of this content, if the caller wants it to be kept.
    ///
    /// # Errors
    /// When the content is not a file, since another process can read only files again.
    fn saved_parts(&self, headers: &FileHeaders, content: &Content) -> Result<Option<SavedParts>> {
        let Some(path) = &self.saved_parts else {
            return Ok(None);
        };
        let Content::File(file) = content else {
            let message = "only the upload of a file can be continued by another process";
            return Err(Error::new(ErrorKind::Usage, message)
                .with_hint("upload a file, or leave out `keep_parts_in`"));
        };
        let lifecycle = self.settings.lifecycle.as_ref();
        let subject = json!({
            "file": file.identity(),
            "part_size": self.settings.part_size_for(content.len()),
            "content_type": headers.content_type,
            "name": headers.name,
            "lifecycle": lifecycle.and_then(Lifecycle::to_json),
            "store": self.http.url(Host::Cdn, "").as_str(),
        });
        Ok(Some(SavedParts::new(path, subject)))
    }

    async fn send_anywhere(
        &self,
        headers: &FileHeaders,
        content: &Content,
        started: &mut Option<StartedUpload>,
    ) -> Result<String> {
        let mut failed = None;
        for repository in self.order() {
            match self.send_to(repository, headers, content, started).await {
                Ok(url) => return Ok(url),
                Err(error) if may_fall_back(&error) => failed = Some(at(repository, error)),
                Err(error) => return Err(at(repository, error)),
            }
        }
        Err(failed.unwrap_or_else(nowhere))
    }

    async fn send_to(
        &self,
        repository: Repository,
        headers: &FileHeaders,
        content: &Content,
        started: &mut Option<StartedUpload>,
    ) -> Result<String> {
        let meter = self.meter(Some(content.len()));
        if content.len() <= self.multipart_above(repository) {
            return parts::whole(&self.http, repository, headers, content, &meter).await;
        }
        let session = match Session::begin(&self.http, repository, headers).await {
            Ok(session) => session,
            // A proxy with the usual rules does not pass on uploads in parts.
            Err(error) if self.http.settings().proxy.is_some() && error.status() == Some(400) => {
                return parts::whole(&self.http, repository, headers, content, &meter).await;
            }
            Err(error) => return Err(error),
        };
        let (_, session) = started.insert((repository, session));
        if let Some(saved) = self.saved_parts(headers, content)? {
            session.save(saved).await?;
        }
        session
            .send(&self.http, headers, content, &self.settings, &meter)
            .await
    }
}

/// Whether a started upload cannot be continued: the file has changed, or the server no
/// longer knows the upload.
pub(super) fn is_dead(error: &Error) -> bool {
    error.kind() == ErrorKind::Io || is_unknown(error)
}

fn is_unknown(error: &Error) -> bool {
    matches!(error.status(), Some(403 | 404 | 410))
}

/// Whether another repository may accept the file. No other will if the key is refused or the
/// file cannot be read.
fn may_fall_back(error: &Error) -> bool {
    let local = matches!(
        error.kind(),
        ErrorKind::Io | ErrorKind::Usage | ErrorKind::TooLarge | ErrorKind::Encode
    );
    !local && !error.is_auth() && !error.is_balance()
}

fn at(repository: Repository, error: Error) -> Error {
    let message = format!("{} ({})", error.message(), repository.name());
    error.with_message(message)
}

fn nowhere() -> Error {
    Error::configuration("no repository is configured for the upload")
}

fn stored(url: String, headers: &FileHeaders, length: Option<u64>) -> File {
    let mut file = File::new(url);
    file.content_type = Some(headers.content_type.clone());
    file.file_name = Some(headers.name.clone());
    file.file_size = length.and_then(|length| i64::try_from(length).ok());
    file
}
