//! The account, the queues of its applications, and metadata of the platform.

use hyper::StatusCode;
use serde_json::json;

use super::{expansions, not_found};
use crate::{
    http::reply::{Answer, Reply, ok},
    serve::{call::Call, context::Context},
};

pub(super) fn billing(_: &Context, call: &Call) -> Answer {
    let credits = !expansions(call, &["credits"])?.is_empty();
    let mut body = json!({ "username": "mock-user" });
    if credits {
        body["credits"] = json!({ "current_balance": 24.5, "currency": "USD" });
    }
    ok(&body)
}

/// The application `owner/name`, if it has an endpoint.
fn app(context: &Context, call: &Call) -> Result<String, Box<Reply>> {
    let app = format!("{}/{}", call.param("owner"), call.param("name"));
    let known = context.models.has_app(&app);
    known
        .then_some(app)
        .ok_or_else(|| not_found("Application not found"))
}

pub(super) fn queue(context: &Context, call: &Call) -> Answer {
    ok(&json!({ "queue_size": context.stores.jobs.queued(&app(context, call)?) }))
}

/// Cancels every job in the queue.
pub(super) fn flush(context: &Context, call: &Call) -> Answer {
    let app = app(context, call)?;
    for job in context
        .stores
        .jobs
        .all()
        .iter()
        .filter(|job| job.app == app && job.is_queued())
    {
        job.cancel();
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// The ranges are reserved for documentation (RFC 5737), because this server sends webhooks from the loopback interface.
pub(super) fn meta(_: &Context, _call: &Call) -> Answer {
    ok(&json!({ "webhook_ip_ranges": ["192.0.2.10/32", "192.0.2.11/32", "198.51.100.7/32"] }))
}
