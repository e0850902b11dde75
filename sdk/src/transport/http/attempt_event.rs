//! The event for `tracing` that records each attempt to send a request. Without the
//! feature nothing is recorded. The key is not accessible here.

use std::time::Instant;

use super::failure::Failure;
use super::operation::Operation;
use super::reply::Reply;

/// Records the outcome of one attempt, with the time that it took.
#[cfg(feature = "tracing")]
pub(super) fn record(operation: Operation, started: Instant, outcome: &Result<Reply, Failure>) {
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(reply) => tracing::debug!(
            ?operation,
            elapsed_ms,
            status = reply.status.as_u16(),
            bytes = reply.body.len(),
            request_id = reply.request_id(),
            "answered"
        ),
        Err(failure) => tracing::debug!(
            ?operation,
            elapsed_ms,
            error = %failure.error,
            "no answer"
        ),
    }
}

#[cfg(not(feature = "tracing"))]
pub(super) fn record(_: Operation, _: Instant, _: &Result<Reply, Failure>) {}
