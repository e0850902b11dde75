//! The records of jobs and files for tests.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::json;

/// A job that was submitted to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JobInfo {
    /// The request id of the job.
    pub request_id: String,
    /// The full id of the endpoint that the job was submitted to.
    pub endpoint: String,
    /// The input as it was sent, without the field `__mock`.
    #[serde(flatten, serialize_with = "json::content")]
    pub input: Bytes,
    /// The URL of the webhook, if there is one.
    pub webhook: Option<String>,
    /// The status: `IN_QUEUE`, `IN_PROGRESS` or `COMPLETED`.
    pub status: &'static str,
    /// The HTTP status of the result, once the job has completed.
    pub result: Option<u16>,
}

/// A file that was uploaded to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FileInfo {
    /// The path on the CDN, below `/files/`.
    pub path: String,
    /// The name that the client gave the file.
    pub name: String,
    /// The content type of the file.
    pub content_type: String,
    /// The length of the file in bytes.
    pub length: u64,
    /// The lifecycle header of the upload, as JSON.
    pub lifecycle: Option<Value>,
    /// The content of the file; empty if the server discards uploads.
    #[serde(skip)]
    pub content: Bytes,
}
