//! Direct runs.

use std::{sync::Arc, time::Duration};

use hyper::StatusCode;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;

use super::request;
use crate::{
    http::reply::Reply,
    models::outcome::produce,
    serve::{call::Call, context::Context, table::Pending},
};

/// Takes a slot for a direct run, if their number is limited. Direct runs do not wait for a slot (fal docs, `concurrency-limits`).
fn slot(context: &Context) -> Result<Option<OwnedSemaphorePermit>, Box<Reply>> {
    context.runner.try_slot().map_err(|_| {
        let kind = "concurrent_requests_limit";
        let body = json!({ "detail": "Concurrent requests limit reached", "error_type": kind });
        let reply = Reply::json(StatusCode::TOO_MANY_REQUESTS, &body)
            .with("x-fal-error-type", kind)
            .with("x-fal-needs-retry", "1");
        reply.request_id(&context.seed.uuid()).into()
    })
}

/// Answers with the outcome of the model, after the time that the script sets.
pub(super) fn run(context: Arc<Context>, call: Call) -> Pending {
    Box::pin(async move {
        let request = request::read(&context, &call)?;
        let _slot = slot(&context)?;
        context.stores.records.add_direct_call(&call.request);
        let time = request.script.run_ms.unwrap_or(0);
        if time > 0 {
            tokio::time::sleep(Duration::from_millis(time)).await;
        }
        let outcome = produce(
            &request.endpoint,
            &request.script,
            &request.input,
            &call.origin,
        );
        Ok(outcome.reply(&context.seed.uuid()))
    })
}
