//! The queue.

mod body;
mod result;
mod status;
mod submit;

use std::sync::Arc;

use hyper::StatusCode;
use serde_json::json;

use crate::{
    http::reply::{Answer, Reply},
    protocol::app_id,
    serve::{
        call::Call,
        context::Context,
        table::{Entry, rows},
    },
    store::job::Job,
};

pub(super) fn rows() -> Vec<Entry> {
    rows! {
        Queue, Key => {
            GET "/{app..}/requests/{request}/status/stream" => StatusStream, Now(status::stream);
            GET "/{app..}/requests/{request}/status" => Status, Now(status::status);
            PUT "/{app..}/requests/{request}/cancel" => Cancel, Now(cancel);
            GET "/{app..}/requests/{request}/response" => Result, Now(result::result);
            GET "/{app..}/requests/{request}" => Result, Now(result::result);
            POST "/{app..}" => Submit, Now(submit::submit);
        }
    }
}

/// The job that a URL names. If the URL has a path below the application, the answer is 405, as on fal (fal docs,
/// `inference/queue`).
fn job(context: &Context, call: &Call) -> Result<Arc<Job>, Box<Reply>> {
    let id = app_id::parse(call.param("app")).ok_or_else(|| not_found(context))?;
    if context.settings.strict && !id.path.is_empty() {
        let reply = Reply::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
        return Err(reply.into());
    }
    let job = context.stores.jobs.get(call.param("request"));
    job.filter(|job| job.app == id.app)
        .ok_or_else(|| not_found(context))
}

fn not_found(context: &Context) -> Box<Reply> {
    let reply = Reply::json(StatusCode::NOT_FOUND, &json!({ "status": "NOT_FOUND" }));
    reply.request_id(&context.seed.uuid()).into()
}

/// Cancels a job. A queued job ends at once, a running one is only asked to stop (fal docs, `inference/queue`).
fn cancel(context: &Context, call: &Call) -> Answer {
    let job = job(context, call)?;
    let (status, word) = if job.cancel() {
        (StatusCode::ACCEPTED, "CANCELLATION_REQUESTED")
    } else {
        (StatusCode::BAD_REQUEST, "ALREADY_COMPLETED")
    };
    // Replies about a job have ids of their own, except those to a submit and with a result.
    Ok(Reply::json(status, &json!({ "status": word })).request_id(&context.seed.uuid()))
}
