//! Submit, watch, fetch: in one call.

use std::future::IntoFuture;

use super::cancel::CancelOnDrop;
use super::follow::Follow;
use super::place::Attached;
use super::status::{Status, Update};
use super::submit::submit;
use crate::calls::call::{
    Call, HasOptions, Options, Payload, Prepared, call_options, queue_options,
};
use crate::calls::detailed::{Answer, Detailed, Detailing};
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::StatusMode;
use crate::transport::opaque::opaque;
use crate::transport::trace;

/// A call that submits a job and waits for its output, when it is awaited: see
/// [`Client::subscribe`](crate::Client::subscribe).
///
/// Dropping the future stops waiting, but does not stop the job, which is charged
/// for anyway: its result can be fetched with the request id from the first update.
/// If it is dropped in the middle of the submit request, there may or may not be a
/// job. With [`cancel_on_drop`](Self::cancel_on_drop) the job is cancelled instead,
/// if it still can be.
#[must_use = "a job is submitted when it is awaited"]
pub struct Subscribe<P> {
    call: Call<P>,
    follow: Follow,
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

    call_options!();
    queue_options!();

    /// Whether updates bring the model's logs. Off by default.
    pub fn logs(mut self, logs: bool) -> Self {
        self.follow.logs = logs;
        self
    }

    /// A function to call on every change: when the job is accepted (with its
    /// request id), moves in the queue, starts, logs, finishes. It runs on the
    /// waiting task, so it must not block.
    pub fn on_update(mut self, on_update: impl FnMut(&Update) + Send + 'static) -> Self {
        self.follow.on_update = Some(Box::new(on_update));
        self
    }

    /// How to learn that the job has finished, instead of the client's setting.
    pub fn status_mode(mut self, mode: StatusMode) -> Self {
        self.follow.mode = Some(mode);
        self
    }

    /// Whether dropping the future cancels the job. Off by default. The submit
    /// request is completed in the background first, since a job can be cancelled
    /// only by its id.
    pub fn cancel_on_drop(mut self, cancel: bool) -> Self {
        self.cancel_on_drop = cancel;
        self
    }

    /// Returns the output with the request id, metrics, billed units and raw JSON.
    pub fn detailed(self) -> Detailing<Self> {
        Detailing(self)
    }

    async fn answer(self) -> Result<(Attached, Answer)> {
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
        let mut detailed = answer
            .decode::<P::Output>()
            .map_err(|error| job.name(error).with_accepted_job())?;
        detailed.request_id = Some(job.place.request_id.to_string());
        Ok(detailed)
    }
}

/// Submits, follows the job to its end and fetches its result.
async fn steps(
    prepared: Prepared,
    mut follow: Follow,
    cancel_on_drop: bool,
) -> Result<(Attached, Answer)> {
    let (job, status, mut guard) = match cancel_on_drop {
        true => submit_guarded(prepared).await?,
        false => {
            let (job, status) = Box::pin(submit(&prepared)).await?;
            // The input is not needed while the job runs.
            drop(prepared);
            (job, status, None)
        }
    };
    trace::request_id(&job.place.request_id);
    let status = follow.tell(&job, status);
    let outcome = follow.until_end(job.clone(), Some(status)).await;
    if let Some(guard) = &mut guard {
        guard.disarm();
    }
    Ok((job, outcome.map_err(Error::with_accepted_job)?))
}

/// Submits on a task of its own, so that a caller who goes away meanwhile leaves
/// no job behind.
async fn submit_guarded(prepared: Prepared) -> Result<(Attached, Status, Option<CancelOnDrop>)> {
    let task = tokio::spawn(trace::in_current_span(async move {
        let (job, status) = submit(&prepared).await?;
        let guard = CancelOnDrop::new(job.clone());
        Ok((job, status, Some(guard)))
    }));
    task.await.unwrap_or_else(|source| {
        let message = "the submitting task was aborted";
        Err(Error::new(ErrorKind::OutcomeUnknown, message).with_source(source))
    })
}

impl<P> HasOptions for Subscribe<P> {
    fn options_mut(&mut self) -> &mut Options {
        &mut self.call.options
    }
}

impl<P: Payload> IntoFuture for Subscribe<P> {
    type Output = Result<P::Output>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.detailed_output().await?.output) })
    }
}

impl<P: Payload> IntoFuture for Detailing<Subscribe<P>> {
    type Output = Result<Detailed<P::Output>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.0.detailed_output())
    }
}

opaque! { Subscribe<P> }
