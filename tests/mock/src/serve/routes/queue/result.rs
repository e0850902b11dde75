//! Results of jobs (fal docs, `inference/queue`).

use hyper::StatusCode;

use super::{job, status};
use crate::{
    http::reply::{Answer, Reply},
    serve::{call::Call, context::Context},
};

/// Answers with the stored reply of the model, which can be an error.
pub(super) fn result(context: &Context, call: &Call) -> Answer {
    let job = job(context, call)?;
    Ok(match job.outcome() {
        Some(outcome) => outcome.reply(&job.id),
        None if job.script.pending_202 == Some(true) => status::reply(context, &job, call),
        None => Reply::detail(StatusCode::BAD_REQUEST, "Request is still in progress")
            .request_id(&context.seed.uuid()),
    })
}
