//! The queue.

mod body;
mod result;
mod status;
mod submit;

use std::{sync::Arc, time::Duration};

use hyper::StatusCode;
use serde_json::json;

use crate::{
    background::runner::Runner,
    http::reply::{Answer, Reply},
    models::served::Models,
    protocol::{app_id, host::Host, route::Route},
    seed::Seed,
    serve::{
        access::Access,
        call::Call,
        table::{
            Rows,
            method::{GET, POST, PUT},
        },
    },
    store::{job::Job, jobs::Jobs},
};

/// The stores and settings that calls of the queue need.
pub(super) struct Queue {
    pub(super) models: Arc<Models>,
    pub(super) jobs: Arc<Jobs>,
    pub(super) seed: Arc<Seed>,
    pub(super) runner: Runner,
    /// Whether URLs of jobs with a path below the application are refused.
    pub(super) strict: bool,
    /// How often an idle status stream sends a comment.
    pub(super) keep_alive: Duration,
}

pub(super) fn rows(queue: Queue) -> Rows<Queue> {
    let request = "/{app..}/requests/{request}";
    let response = "/{app..}/requests/{request}/response";
    let status = "/{app..}/requests/{request}/status";
    let stream = "/{app..}/requests/{request}/status/stream";
    let cancel_path = "/{app..}/requests/{request}/cancel";
    Rows::new(Host::Queue, Access::Key, queue)
        .now(GET, stream, Route::StatusStream, status::stream)
        .now(GET, status, Route::Status, status::status)
        .now(PUT, cancel_path, Route::Cancel, cancel)
        .now(GET, response, Route::Result, result::result)
        .now(GET, request, Route::Result, result::result)
        .now(POST, "/{app..}", Route::Submit, submit::submit)
}

/// The job that a URL names. If the URL has a path below the application, the answer is 405, as on fal (fal docs,
/// `inference/queue`).
fn job(queue: &Queue, call: &Call) -> Result<Arc<Job>, Box<Reply>> {
    let id = app_id::parse(call.param("app")).ok_or_else(|| not_found(queue))?;
    if queue.strict && !id.path.is_empty() {
        let reply = Reply::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
        return Err(reply.into());
    }
    let job = queue.jobs.get(call.param("request"));
    job.filter(|job| job.app == id.app)
        .ok_or_else(|| not_found(queue))
}

fn not_found(queue: &Queue) -> Box<Reply> {
    let reply = Reply::json(StatusCode::NOT_FOUND, &json!({ "status": "NOT_FOUND" }));
    reply.request_id(&queue.seed.uuid()).into()
}

/// Cancels a job. A queued job ends at once, a running one is only asked to stop (fal docs, `inference/queue`).
fn cancel(queue: &Queue, call: &Call) -> Answer {
    let job = job(queue, call)?;
    let (status, word) = if job.cancel() {
        (StatusCode::ACCEPTED, "CANCELLATION_REQUESTED")
    } else {
        (StatusCode::BAD_REQUEST, "ALREADY_COMPLETED")
    };
    // Replies about a job have ids of their own, except those to a submit and with a result.
    Ok(Reply::json(status, &json!({ "status": word })).request_id(&queue.seed.uuid()))
}
