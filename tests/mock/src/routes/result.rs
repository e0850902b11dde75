//! A job's result in all its states (fal docs, `inference/queue`).

use hyper::StatusCode;

use super::{queue::job, status};
use crate::{
    call::Call,
    reply::{Answer, Reply},
};

/// Replays what the model answered, error or not.
pub(super) fn result(call: &Call) -> Answer {
    let job = job(call)?;
    Ok(match job.outcome() {
        Some(outcome) => outcome.reply(&job.id),
        None if job.script.pending_202 == Some(true) => status::reply(&job, call),
        None => Reply::detail(StatusCode::BAD_REQUEST, "Request is still in progress")
            .request_id(&job.id),
    })
}
