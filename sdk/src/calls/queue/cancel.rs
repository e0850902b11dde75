//! Cancels jobs.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;

use super::job_handle::JobHandle;
use crate::transport::error::Result;
use crate::transport::http::{Operation, Reply, Request};
use crate::transport::named_enum::named_enum;
use crate::transport::trace;

named_enum! {
    /// The outcome of a request to cancel a job. None of these is an error.
    ///
    /// Source: <https://fal.ai/docs/documentation/model-apis/inference/queue>.
    pub enum CancelOutcome: Display {
        /// The server accepted the request: it removes the job from the queue, or tells its
        /// runner to stop. A runner may still finish the job.
        Requested = "cancellation requested",
        /// The job was removed from the queue.
        Removed = "removed from the queue",
        /// The job had already finished.
        AlreadyCompleted = "already completed",
        /// The queue has no such job, or no longer has it.
        NotFound = "not found",
    }
}

/// The time limit for cancelling the job of a call that has ended early.
const GIVE_UP_TIMEOUT: Duration = Duration::from_secs(5);

/// Requests that the job is cancelled.
///
/// # Errors
/// When the queue cannot be reached, or its reply is none of the outcomes.
pub(crate) async fn cancel(job: &JobHandle, deadline: Option<Instant>) -> Result<CancelOutcome> {
    let settings = job.http.settings();
    let request = Request::new(Operation::Cancel, Method::PUT, job.urls.cancel.clone())
        .timeout(settings.timeouts.request)
        .limit(settings.limits.reply)
        .deadline(deadline);
    let reply = job
        .http
        .send(&request)
        .await
        .map_err(|error| job.with_job_context(error))?;
    outcome(&reply).ok_or_else(|| job.with_job_context(reply.error(Operation::Cancel)))
}

/// Cancels a job that nobody waits for any more. `None` if that failed: the caller has the
/// request id in any case.
pub(super) async fn cancel_quietly(job: &JobHandle) -> Option<CancelOutcome> {
    let deadline = Instant::now() + GIVE_UP_TIMEOUT;
    cancel(job, Some(deadline)).await.ok()
}

fn outcome(reply: &Reply) -> Option<CancelOutcome> {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let status = body.get("status").and_then(Value::as_str);
    match (reply.status.as_u16(), status) {
        (_, Some("ALREADY_COMPLETED")) => Some(CancelOutcome::AlreadyCompleted),
        (_, Some("NOT_FOUND")) => Some(CancelOutcome::NotFound),
        (404, _) if body.is_object() => Some(CancelOutcome::NotFound),
        (202, _) => Some(CancelOutcome::Requested),
        (200..=299, Some("CANCELLATION_REQUESTED")) => Some(CancelOutcome::Requested),
        (200..=299, _) if body.is_object() || reply.body.is_empty() => Some(CancelOutcome::Removed),
        _ => None,
    }
}

/// A guard that cancels a job when it is dropped, unless it was disarmed.
pub(super) struct CancelOnDrop(Option<JobHandle>);

impl CancelOnDrop {
    pub(super) fn new(job: JobHandle) -> Self {
        Self(Some(job))
    }

    /// Disarms the guard of a job that has finished, so that dropping it does nothing.
    pub(super) fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        let (Some(job), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let cancel = async move { cancel_quietly(&job).await };
        runtime.spawn(trace::in_current_span(cancel));
    }
}
