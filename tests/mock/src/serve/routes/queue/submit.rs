//! Submitting to the queue (fal docs, `inference/queue`).

use std::{sync::Arc, time::Duration};

use hyper::StatusCode;
use serde::Serialize;

use crate::{
    http::reply::{Answer, Reply},
    serve::{
        call::Call,
        context::Context,
        routes::direct::request::{self, ModelRequest},
    },
    store::job::{Job, Phase, Progress},
};

#[derive(Serialize)]
struct Submitted<'j> {
    status: &'static str,
    request_id: &'j str,
    response_url: &'j str,
    status_url: String,
    cancel_url: String,
    logs: Option<()>,
    metrics: serde_json::Map<String, serde_json::Value>,
    queue_position: u64,
    gateway_request_id: &'j str,
}

/// Accepts a job with any body. The result route reports violations of the schema.
pub(super) fn submit(context: &Context, call: &Call) -> Answer {
    let request = request::read(context, call)?;
    check_queue_length(context, call, &request.app)?;

    let job = Arc::new(new_job(context, call, request));
    let position = match job.state().phase {
        Phase::Queued(position) => position,
        Phase::Running | Phase::Done => 0,
    };
    context.stores.jobs.add(&job);
    context.runner.start(&job);
    let url = job.url(&call.origin);
    let body = Submitted {
        status: "IN_QUEUE",
        request_id: &job.id,
        status_url: format!("{url}/status"),
        cancel_url: format!("{url}/cancel"),
        response_url: &url,
        logs: None,
        metrics: serde_json::Map::new(),
        queue_position: position,
        gateway_request_id: &job.id,
    };
    Ok(Reply::json(StatusCode::OK, &body).request_id(&job.id))
}

fn new_job(context: &Context, call: &Call, request: ModelRequest) -> Job {
    Job {
        id: context.seed.uuid(),
        app: request.app,
        endpoint: request.endpoint,
        input: request.input,
        progress: Progress::new(&request.script),
        script: request.script,
        webhook: call.request.query_param("fal_webhook"),
        start_timeout: start_timeout(call),
        origin: call.origin.clone(),
    }
}

/// Refuses a submit if the queue is longer than `fal_max_queue_length` (fal docs, `common-parameters`).
fn check_queue_length(context: &Context, call: &Call, app: &str) -> Result<(), Box<Reply>> {
    let limit = call.request.query_param("fal_max_queue_length");
    let limit: Option<u64> = limit.and_then(|limit| limit.parse().ok());
    if limit.is_none_or(|limit| context.stores.jobs.queued(app) <= limit) {
        return Ok(());
    }
    let words = "Queue length exceeds the requested maximum";
    let reply = Reply::detail(StatusCode::TOO_MANY_REQUESTS, words);
    Err(reply.request_id(&context.seed.uuid()).into())
}

/// The start timeout, at least 0.1 s. The newer header takes precedence.
fn start_timeout(call: &Call) -> Option<Duration> {
    let header = call
        .header("x-fal-request-start-timeout")
        .or_else(|| call.header("x-fal-request-timeout"));
    let seconds: f64 = header?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds.max(0.1)).ok()
}
