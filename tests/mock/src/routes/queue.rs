//! The queue's table, and what its routes share.

use std::sync::Arc;

use hyper::{Method, StatusCode};
use serde_json::json;

use super::{result, status, submit};
use crate::{
    app_id,
    call::Call,
    hosts::Host,
    job::Job,
    reply::{Answer, Reply},
    route::{Access, Entry, Handler, Route},
};

pub(super) const ROUTES: &[Entry] = &[
    row(
        Method::GET,
        "/{app..}/requests/{request}/status/stream",
        Route::StatusStream,
        Handler::Now(status::stream),
    ),
    row(
        Method::GET,
        "/{app..}/requests/{request}/status",
        Route::Status,
        Handler::Now(status::status),
    ),
    row(
        Method::PUT,
        "/{app..}/requests/{request}/cancel",
        Route::Cancel,
        Handler::Now(cancel),
    ),
    row(
        Method::GET,
        "/{app..}/requests/{request}/response",
        Route::Result,
        Handler::Now(result::result),
    ),
    row(
        Method::GET,
        "/{app..}/requests/{request}",
        Route::Result,
        Handler::Now(result::result),
    ),
    row(
        Method::POST,
        "/{app..}",
        Route::Submit,
        Handler::Now(submit::submit),
    ),
];

const fn row(method: Method, pattern: &'static str, route: Route, handler: Handler) -> Entry {
    Entry {
        host: Host::Queue,
        method,
        pattern,
        route,
        access: Access::Key,
        handler,
    }
}

/// The job that a per-request URL means.
///
/// A full id with a sub-path reaches the app's own route on the real service, which answers 405 (fal docs, `inference/queue`).
pub(super) fn job(call: &Call) -> Result<Arc<Job>, Box<Reply>> {
    let id = app_id::parse(call.param("app")).ok_or_else(|| not_found(call))?;
    if call.shared.config.strict && !id.path.is_empty() {
        let reply = Reply::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
        return Err(reply.into());
    }
    let job = call.shared.jobs.get(call.param("request"));
    job.filter(|job| job.app == id.app)
        .ok_or_else(|| not_found(call))
}

fn not_found(call: &Call) -> Box<Reply> {
    let reply = Reply::json(StatusCode::NOT_FOUND, &json!({ "status": "NOT_FOUND" }));
    reply.request_id(call.param("request")).into()
}

/// Queued jobs vanish at once; a running one is only asked to stop (fal docs, `inference/queue`).
fn cancel(call: &Call) -> Answer {
    let job = job(call)?;
    let (status, word) = if job.cancel() {
        (StatusCode::ACCEPTED, "CANCELLATION_REQUESTED")
    } else {
        (StatusCode::BAD_REQUEST, "ALREADY_COMPLETED")
    };
    Ok(Reply::json(status, &json!({ "status": word })).request_id(&job.id))
}
