//! What the server's owner is shown of its state.

use bytes::{Bytes, BytesMut};
use serde_json::Value;

use super::{files::StoredFile, job::Job};

/// A job, as the mock knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobInfo {
    /// Its request id.
    pub request_id: String,
    /// The full id of the endpoint that it was submitted to.
    pub endpoint: String,
    /// The input as sent, without the mock's own field.
    pub input: Bytes,
    /// Where its webhook goes.
    pub webhook: Option<String>,
    /// `IN_QUEUE`, `IN_PROGRESS` or `COMPLETED`.
    pub status: &'static str,
    /// The HTTP status of its result, once it has ended.
    pub result: Option<u16>,
}

impl JobInfo {
    pub(crate) fn of(job: &Job) -> Self {
        Self {
            request_id: job.id.clone(),
            endpoint: job.endpoint.id.clone(),
            input: job.input.clone(),
            webhook: job.webhook.clone(),
            status: job.state().phase.name(),
            result: job.outcome().map(|outcome| outcome.status.as_u16()),
        }
    }
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileInfo {
    /// Its path on the CDN, below `/files/`.
    pub path: String,
    /// The name that its uploader gave it.
    pub name: String,
    /// Its content type.
    pub content_type: String,
    /// Its length in bytes.
    pub length: u64,
    /// The lifecycle header that came with it.
    pub lifecycle: Option<Value>,
    /// Its content; empty when the server discards uploads.
    pub content: Bytes,
}

impl FileInfo {
    pub(crate) fn of(path: String, file: &StoredFile) -> Self {
        let mut content = BytesMut::new();
        file.pieces
            .iter()
            .for_each(|piece| content.extend_from_slice(piece));
        Self {
            path,
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            length: file.length,
            lifecycle: file.lifecycle.clone(),
            content: content.freeze(),
        }
    }
}
