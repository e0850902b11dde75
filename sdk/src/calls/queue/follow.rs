//! From a job to its output, with updates on the way.

use std::time::{Duration, Instant};

use super::cancel::{CancelOutcome, cancel_quietly};
use super::place::Attached;
use super::result::{Fetched, fetch};
use super::status::{Status, Update};
use super::watch::Watch;
use crate::calls::detailed::Answer;
use crate::transport::error::{Error, Result};
use crate::transport::http::StatusMode;
use crate::transport::http::limits::moment_after;

/// How a job is followed.
#[derive(Default)]
pub(super) struct Follow {
    pub(super) logs: bool,
    pub(super) on_update: Option<OnUpdate>,
    pub(super) mode: Option<StatusMode>,
    /// When the caller's own limit ends.
    pub(super) deadline: Option<Instant>,
    /// Whether the job is cancelled then.
    pub(super) cancel_at_deadline: bool,
}

pub(super) type OnUpdate = Box<dyn FnMut(&Update) + Send>;

/// How long the queue may say that a job is over and its result route that it is
/// not, before it is asked less often.
const DISAGREEMENT: Duration = Duration::from_millis(100);

impl Follow {
    /// Tells of a status, and gives it back.
    pub(super) fn tell(&mut self, job: &Attached, status: Status) -> Status {
        let Some(on_update) = &mut self.on_update else {
            return status;
        };
        let update = Update {
            request_id: job.place.request_id.to_string(),
            status,
        };
        on_update(&update);
        update.status
    }

    /// Waits for the job's end and fetches its result.
    ///
    /// # Errors
    /// All name the job.
    pub(super) async fn until_end(
        mut self,
        job: Attached,
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
        Err(job.name(error))
    }

    async fn wait_and_fetch(&mut self, job: &Attached, known: Option<Status>) -> Result<Answer> {
        let limit = moment_after(job.http.settings().timeouts.wait);
        let until = self.deadline.unwrap_or(limit);
        let mut watch = Watch::new(job.clone(), self.logs, self.mode, until);
        let mut completed = None;
        match known {
            Some(status) if status.is_completed() => completed = Some(status),
            Some(status) => watch.know(&status),
            None => {}
        }
        let mut pause = DISAGREEMENT;
        loop {
            let status = match completed.take() {
                Some(status) => status,
                None => self.completed(&mut watch).await?,
            };
            match Box::pin(fetch(job, Some(&status), Some(until))).await? {
                Fetched::Ready(answer) => return Ok(answer),
                Fetched::Pending if Instant::now() + pause >= until => {
                    return Err(still_pending());
                }
                Fetched::Pending => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_secs(5));
            completed = Some(status);
        }
    }

    /// Follows the job until it is over.
    async fn completed(&mut self, watch: &mut Watch) -> Result<Status> {
        loop {
            let status = watch.next().await?;
            let status = self.tell(watch.job(), status);
            if status.is_completed() {
                return Ok(status);
            }
        }
    }
}

/// Says what became of the job when its time limit passed.
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

fn still_pending() -> Error {
    Error::new(
        crate::transport::error::ErrorKind::Timeout,
        "the job has finished, but its result did not arrive within the time limit",
    )
}
