//! Statuses of jobs, as a single reply or as a stream (fal docs, `inference/queue`).

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hyper::StatusCode;
use tokio::sync::watch;

use super::{body::status_body, job};
use crate::{
    http::reply::{Answer, Reply, event},
    protocol::host::Origin,
    serve::{call::Call, context::Context},
    store::job::{Job, Phase, State},
};

/// Answers 202 until the job has completed, then 200.
pub(super) fn status(context: &Context, call: &Call) -> Answer {
    Ok(reply(context, &*job(context, call)?, call))
}

/// The reply with a job's status. The result route of legacy applications has this reply, too.
pub(super) fn reply(context: &Context, job: &Job, call: &Call) -> Reply {
    let state = job.state();
    let logs = wants_logs(call).then_some(0..state.logs);
    let done = state.phase == Phase::Done;
    let code = if done {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    let body = status_body(job, state, &call.origin, logs);
    Reply::json_text(code, body).request_id(&context.seed.uuid())
}

/// Whether logs were requested, by `1` or `true`.
fn wants_logs(call: &Call) -> bool {
    call.request
        .query_param("logs")
        .is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "1" | "true"))
}

/// Sends an event for each change, with the log lines since the last event, until the job has completed.
pub(super) fn stream(context: &Context, call: &Call) -> Answer {
    let job = job(context, call)?;
    let follower = Follower {
        states: job.watch(),
        job,
        origin: call.origin.clone(),
        logs: wants_logs(call),
        last: None,
        keep_alive: context.settings.keep_alive,
    };
    let frames = stream::unfold(follower, |mut follower| async move {
        let frame = follower.next().await?;
        Some((Ok(frame), follower))
    });
    Ok(Reply::events(frames.boxed()).request_id(&context.seed.uuid()))
}

/// The state of a status stream.
struct Follower {
    job: Arc<Job>,
    states: watch::Receiver<State>,
    origin: Origin,
    logs: bool,
    last: Option<State>,
    keep_alive: Duration,
}

impl Follower {
    async fn next(&mut self) -> Option<Bytes> {
        if self.last.is_some_and(|last| last.phase == Phase::Done) {
            return None;
        }
        let last = self.last;
        let change = self.states.wait_for(|state| Some(*state) != last);
        let state = match tokio::time::timeout(self.keep_alive, change).await {
            Ok(Ok(state)) => *state,
            // The job was removed.
            Ok(Err(_)) => return None,
            Err(_) => return Some(Bytes::from_static(b": ping\n\n")),
        };
        let shown = last.map_or(0, |last| last.logs);
        self.last = Some(state);
        let logs = self.logs.then_some(shown..state.logs);
        Some(event(&status_body(&self.job, state, &self.origin, logs)))
    }
}
