//! One input of a batch, from its submit to its output.

use std::sync::Arc;
use std::time::Instant;

use super::journal::{Event, Finished, History, Journal, JournalError};
use crate::calls::call::Payload;
use crate::calls::detailed::Detailed;
use crate::calls::queue::follow::Follow;
use crate::calls::queue::job_handle::JobHandle;
use crate::calls::queue::record::Record;
use crate::calls::queue::submit::{Submit, submit};
use crate::contract::wire::Decode;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::Http;
use crate::transport::http::limits::moment_after;

/// Which inputs of earlier runs are submitted again.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Resubmit {
    /// Whether inputs are resubmitted for which it is not known whether they became a job.
    pub(super) unknown: bool,
    /// Whether inputs are resubmitted whose job failed or is no longer available.
    pub(super) failed: bool,
}

/// One input of a batch.
pub(super) struct Item<P> {
    pub(super) index: usize,
    pub(super) submit: Submit<P>,
    pub(super) http: Http,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) resubmit: Resubmit,
}

impl<P: Payload> Item<P> {
    /// Runs the input to its output, continuing where earlier runs stopped.
    pub(super) async fn run(self, history: History) -> Result<Detailed<P::Output>> {
        let (index, journal) = (self.index, Arc::clone(&self.journal));
        let record = match &history.job {
            Some(job) => Some(Record::decode(job).map_err(|source| {
                Error::decode("the journal has a job that cannot be read", source)
            })?),
            None => None,
        };
        if let Some(finished) = history.finished {
            let request_id = record.map(|job| job.request_id.to_string());
            return from_journal(request_id, finished);
        }
        if let Some(record) = record {
            let job = JobHandle::new(self.http.clone(), &record);
            let timeout = self.submit.call.options.timeout;
            let outcome = follow(job, timeout.map(moment_after), index, &*journal).await;
            match outcome {
                Err(error) if self.resubmit.failed && is_final_failure(&error) => {}
                outcome => return outcome,
            }
        } else if history.is_open && !self.resubmit.unknown {
            return Err(unknown_submit(history.unknown.as_deref()));
        }
        let (job, deadline) = self.submit().await?;
        follow(job, deadline, index, &*journal).await
    }

    /// Submits the input, and records it in the journal before and after.
    async fn submit(self) -> Result<(JobHandle, Option<Instant>)> {
        let prepared = self.submit.call.prepare().await?;
        let deadline = prepared.deadline;
        let journal = self.journal;
        let intent = journal.record(self.index, Event::Intent).await;
        intent.map_err(journal_failure)?;
        match submit(&prepared).await {
            Ok((job, _)) => {
                let record = serde_json::to_value(job.record()).unwrap_or_default();
                let recorded = journal.record(self.index, Event::Accepted(&record)).await;
                recorded
                    .map_err(journal_failure)
                    .map_err(|error| job.with_job_context(error).with_accepted_job())?;
                Ok((job, deadline))
            }
            Err(error) => {
                let event = match error.is_outcome_unknown() {
                    true => Event::Unknown(error.message()),
                    false => Event::Refused,
                };
                // If this event is not recorded, the outcome is unknown to the next run.
                let _ = journal.record(self.index, event).await;
                Err(error)
            }
        }
    }
}

/// Waits for a job, which is cancelled at the deadline, and records its output.
async fn follow<O: Decode>(
    job: JobHandle,
    deadline: Option<Instant>,
    index: usize,
    journal: &dyn Journal,
) -> Result<Detailed<O>> {
    let follow = Follow {
        deadline,
        cancel_at_deadline: true,
        ..Follow::default()
    };
    let answer = follow.until_end(job.clone(), None).await;
    let answer = match answer.map_err(Error::with_accepted_job) {
        Ok(answer) => answer,
        Err(error) => {
            if is_final_failure(&error) {
                // This is for people who read the journal: the next run asks fal again.
                let _ = journal.record(index, Event::Failed(error.message())).await;
            }
            return Err(error);
        }
    };
    let finished = Finished {
        output: answer.value.clone(),
        billable_units: answer.billable_units(),
        metrics: answer.metrics.clone(),
    };
    // If the output cannot be recorded, it is still returned, and the next run fetches it.
    let _ = journal.record(index, Event::Done(&finished)).await;
    job.decode(answer).map_err(Error::with_accepted_job)
}

/// The batch's error for an error of the journal.
pub(super) fn journal_failure(source: JournalError) -> Error {
    match source.downcast::<Error>() {
        Ok(error) => *error,
        Err(source) => {
            let message = format!("the journal failed: {source}");
            Error::new(ErrorKind::Io, message).with_source(source)
        }
    }
}

/// Whether the job will never have an output: it failed, was cancelled, or is no longer known.
fn is_final_failure(error: &Error) -> bool {
    error.is_job_failed() || matches!(error.status(), Some(404 | 410))
}

/// Reads an output that an earlier run recorded.
fn from_journal<O: Decode>(request_id: Option<String>, finished: Finished) -> Result<Detailed<O>> {
    match O::decode(&finished.output) {
        Ok(output) => Ok(Detailed {
            output,
            request_id,
            metrics: finished.metrics,
            billable_units: finished.billable_units,
            raw: finished.output,
        }),
        Err(source) => {
            let what = "the output in the journal does not match its type";
            Err(Error::decode(what, source)
                .with_request_id(request_id.map(Into::into))
                .with_body(finished.output.to_string().into()))
        }
    }
}

/// The error for an input for which it is not known whether it became a job.
fn unknown_submit(words: Option<&str>) -> Error {
    let message = match words {
        Some(words) => format!("an earlier run could not find out whether a job exists: {words}"),
        None => "an earlier run stopped in the middle of the submit request".to_owned(),
    };
    Error::new(ErrorKind::OutcomeUnknown, message)
        .with_hint("`resubmit_unknown(true)` submits it again, but you could be charged twice")
}
