//! Requests a job's status once, and reads the reply.
//!
//! The reply of a job with many logs can be too large or too slow to read. The status is then
//! requested without the logs, since the state of the job matters most.

use super::job_handle::JobHandle;
use super::status::{Log, Status};
use crate::contract::wire::Decode;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Operation, Reply};

/// Why a status could not be obtained.
pub(super) struct Unknown {
    pub(super) error: Error,
    /// Whether another request may succeed.
    pub(super) may_pass: bool,
}

/// Requests the status once.
pub(super) async fn attempt(job: &JobHandle, logs: bool) -> Result<Status, Unknown> {
    match attempt_once(job, logs).await {
        Err(unknown) if logs && is_unreadable(&unknown.error) => {
            let status = attempt_once(job, false).await?;
            Ok(without_logs(status, &unknown.error))
        }
        outcome => outcome,
    }
}

async fn attempt_once(job: &JobHandle, logs: bool) -> Result<Status, Unknown> {
    let reply = job
        .http
        .attempt(&job.status_request(logs))
        .await
        .map_err(|failure| Unknown {
            may_pass: failure.sent || failure.error.kind() == ErrorKind::Connection,
            error: failure.error,
        })?;
    if !reply.status.is_success() {
        let is_denied = reply.status.as_u16() == 404;
        return Err(Unknown {
            may_pass: reply.is_transient() || is_denied,
            error: reply.error(Operation::Status),
        });
    }
    parse(&reply).map_err(|error| Unknown {
        error,
        may_pass: true,
    })
}

/// Requests the status, with the retries that the client's policy allows.
///
/// # Errors
/// When the status cannot be obtained.
pub(super) async fn request(job: &JobHandle, logs: bool) -> Result<Status> {
    match request_once(job, logs).await {
        Err(error) if logs && is_unreadable(&error) => {
            let status = request_once(job, false).await?;
            Ok(without_logs(status, &error))
        }
        outcome => outcome,
    }
}

async fn request_once(job: &JobHandle, logs: bool) -> Result<Status> {
    let reply = job.http.send(&job.status_request(logs)).await?;
    match reply.status.is_success() {
        true => parse(&reply),
        false => Err(reply.error(Operation::Status)),
    }
}

/// Whether the reply was a success, but its body could not be read.
fn is_unreadable(error: &Error) -> bool {
    error
        .status()
        .is_some_and(|status| (200..300).contains(&status))
}

/// The status, with a line that says why its logs are missing, unless the next reply may
/// contain them.
fn without_logs(mut status: Status, error: &Error) -> Status {
    let is_lasting = matches!(error.kind(), ErrorKind::TooLarge | ErrorKind::Decode);
    if is_lasting || status.is_completed() {
        let line = format!("[the logs could not be read: {}]", error.message());
        status.logs.push(Log::note(line));
    }
    status
}

/// Reads a status.
///
/// # Errors
/// When the reply is not a status; it is kept in the error.
fn parse(reply: &Reply) -> Result<Status> {
    let value = reply.json(Operation::Status)?;
    Status::decode(&value).map_err(|source| {
        Error::decode("the reply is not a job status", source)
            .with_reply(reply)
            .with_body(reply.body.clone())
    })
}
