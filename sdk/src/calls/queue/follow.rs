//! Follows a job to its output, with updates on the way.

use std::time::Instant;

use super::cancel::{CancelOutcome, cancel_quietly};
use super::job_handle::JobHandle;
use super::result::fetch;
use super::status::{Status, Update};
use super::watch::Watch;
use crate::calls::detailed::Answer;
use crate::transport::error::{Error, Result};
use crate::transport::http::StatusMode;
use crate::transport::http::limits::moment_after;

/// The options of following a job.
#[derive(Default)]
pub(crate) struct Follow {
    pub(crate) logs: bool,
    pub(crate) on_update: Option<OnUpdate>,
    pub(crate) mode: Option<StatusMode>,
    /// When the caller's own time limit ends.
    pub(super) deadline: Option<Instant>,
    /// Whether the job is cancelled when the deadline passes.
    pub(super) cancel_at_deadline: bool,
}

pub(crate) type OnUpdate = Box<dyn FnMut(&Update) + Send>;

/// The setters of every builder whose call follows a job. It takes the place of [`Follow`] in
/// the builder.
macro_rules! follow_options {
    ($($follow:tt)+) => {
        /// Sets whether updates contain the model's logs. Default: `false`.
        pub fn logs(mut self, logs: bool) -> Self {
            self.$($follow)+.logs = logs;
            self
        }

        /// Sets a function that is called on every change: when the job is accepted (the
        /// update has the request id), moves in the queue, starts, writes logs or finishes.
        /// It runs on the task that waits for the job, so it must not block.
        pub fn on_update(
            mut self,
            on_update: impl FnMut(&$crate::Update) + ::std::marker::Send + 'static,
        ) -> Self {
            self.$($follow)+.on_update = Some(Box::new(on_update));
            self
        }

        /// Sets how the client learns that the job has finished, over a stream or by
        /// polling, in place of the client's setting.
        pub fn status_mode(mut self, mode: $crate::transport::http::StatusMode) -> Self {
            self.$($follow)+.mode = Some(mode);
            self
        }
    };
}

pub(crate) use follow_options;

impl Follow {
    /// Passes a status to the caller's function, and returns the status.
    pub(super) fn notify(&mut self, job: &JobHandle, status: Status) -> Status {
        let Some(on_update) = &mut self.on_update else {
            return status;
        };
        let update = Update {
            request_id: job.request_id().to_string(),
            status,
        };
        on_update(&update);
        update.status
    }

    /// Waits until the job finishes and fetches its result.
    ///
    /// # Errors
    /// When the job failed, or its status or result could not be obtained in time. The error
    /// has the ids of the job.
    pub(super) async fn until_end(
        mut self,
        job: JobHandle,
        known: Option<Status>,
    ) -> Result<Answer> {
        let deadline = self.deadline.filter(|_| self.cancel_at_deadline);
        let outcome = self.wait_and_fetch(&job, known).await;
        let error = match outcome {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let is_over = error.timed_out()
            && !error.is_job_failed()
            && deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let error = match is_over {
            false => error,
            true => with_cancellation(error, cancel_quietly(&job).await),
        };
        Err(job.with_job_context(error))
    }

    async fn wait_and_fetch(&mut self, job: &JobHandle, known: Option<Status>) -> Result<Answer> {
        let limit = moment_after(job.http.settings().timeouts.wait);
        let until = self.deadline.unwrap_or(limit);
        let completed = match known {
            Some(status) if status.is_completed() => status,
            known => {
                let mut watch = Watch::new(job.clone(), self.logs, self.mode, until);
                if let Some(status) = &known {
                    watch.seed(status);
                }
                self.completed(&mut watch).await?
            }
        };
        Box::pin(fetch(job, &completed, until)).await
    }

    /// Follows the job until it finishes.
    async fn completed(&mut self, watch: &mut Watch) -> Result<Status> {
        loop {
            let status = watch.next().await?;
            let status = self.notify(watch.job(), status);
            if status.is_completed() {
                return Ok(status);
            }
        }
    }
}

/// Adds a hint that says what happened to the job when its time limit passed.
fn with_cancellation(error: Error, outcome: Option<CancelOutcome>) -> Error {
    error.with_hint(match outcome {
        Some(CancelOutcome::Removed) => "the job was removed from the queue",
        Some(CancelOutcome::Requested) => {
            "cancelling the job was requested, but a runner that has begun may still finish it"
        }
        Some(CancelOutcome::AlreadyCompleted) => {
            "the job has completed; `Client::job` fetches its output"
        }
        Some(CancelOutcome::NotFound) => "the queue no longer knows the job",
        None => "the job could not be cancelled; it may still run",
    })
}
