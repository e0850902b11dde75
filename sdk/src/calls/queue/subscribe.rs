//! Submits a job, follows it and fetches its result, in one call.

use super::cancel::CancelOnDrop;
use super::follow::{Follow, follow_options};
use super::job_handle::JobHandle;
use super::status::Status;
use super::submit::submit;
use crate::calls::call::{Call, Payload, Prepared, call_options, queue_options};
use crate::calls::detailed::{Answer, Detailed, WithDetails};
use crate::transport::box_future::into_future;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::opaque::opaque;
use crate::transport::trace;

/// A call that submits a job and waits for its output, when it is awaited: see
/// [`Client::subscribe`](crate::Client::subscribe).
///
/// Dropping the future stops waiting, but the job continues and is paid for. Its result can be
/// fetched with the request id from the first update. If the future is dropped in the middle
/// of the submit request, there may or may not be a job. With
/// [`cancel_on_drop`](Self::cancel_on_drop) the job is cancelled instead, if that is still
/// possible.
#[must_use = "a job is submitted when it is awaited"]
pub struct Subscribe<P> {
    pub(crate) call: Call<P>,
    pub(crate) follow: Follow,
    cancel_on_drop: bool,
}

impl<P: Payload> Subscribe<P> {
    pub(crate) fn new(call: Call<P>) -> Self {
        Self {
            call,
            follow: Follow::default(),
            cancel_on_drop: false,
        }
    }

    call_options!(call.options);
    queue_options!(call.options);
    follow_options!(follow);

    /// Sets whether dropping the future cancels the job. Default: `false`. If the submit
    /// request is under way, it is completed in the background first, since a job can only be
    /// cancelled by its id.
    pub fn cancel_on_drop(mut self, cancel: bool) -> Self {
        self.cancel_on_drop = cancel;
        self
    }

    /// Returns the output with the request id, metrics, billed units and raw JSON.
    pub fn detailed(self) -> WithDetails<Self> {
        WithDetails(self)
    }

    async fn answer(self) -> Result<(JobHandle, Answer)> {
        let Self {
            call,
            mut follow,
            cancel_on_drop,
        } = self;
        let prepared = Box::pin(call.prepare()).await?;
        follow.deadline = prepared.deadline;
        follow.cancel_at_deadline = true;
        let endpoint = prepared.endpoint.shared();
        let steps = steps(prepared, follow, cancel_on_drop);
        trace::call("subscribe", &endpoint, steps).await
    }

    async fn detailed_output(self) -> Result<Detailed<P::Output>> {
        let (job, answer) = self.answer().await?;
        job.decode(answer).map_err(Error::with_accepted_job)
    }
}

/// Submits, follows the job to its end and fetches its result.
async fn steps(
    prepared: Prepared,
    mut follow: Follow,
    cancel_on_drop: bool,
) -> Result<(JobHandle, Answer)> {
    let (job, status, mut guard) = match cancel_on_drop {
        true => submit_guarded(prepared).await?,
        false => {
            let (job, status) = Box::pin(submit(&prepared)).await?;
            // The input is not needed while the job runs.
            drop(prepared);
            (job, status, None)
        }
    };
    trace::request_id(job.request_id());
    let status = follow.notify(&job, status);
    let outcome = follow.until_end(job.clone(), Some(status)).await;
    if let Some(guard) = &mut guard {
        guard.disarm();
    }
    Ok((job, outcome.map_err(Error::with_accepted_job)?))
}

/// Submits on a separate task, so that no job is left behind if the caller's future is dropped
/// meanwhile.
async fn submit_guarded(prepared: Prepared) -> Result<(JobHandle, Status, Option<CancelOnDrop>)> {
    let task = async move {
        let (job, status) = submit(&prepared).await?;
        let guard = CancelOnDrop::new(job.clone());
        Ok((job, status, Some(guard)))
    };
    let task = tokio::spawn(trace::in_current_span(task));
    task.await.unwrap_or_else(|source| {
        let message = "the submitting task was aborted";
        Err(Error::new(ErrorKind::OutcomeUnknown, message).with_source(source))
    })
}

into_future! {
    <P: Payload> Subscribe<P> => P::Output,
    |call| async move { Ok(call.detailed_output().await?.output) }
}

into_future! {
    <P: Payload> WithDetails<Subscribe<P>> => Detailed<P::Output>,
    |call| call.0.detailed_output()
}

opaque! { Subscribe<P> }
