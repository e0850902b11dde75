//! Spans and events for `tracing`; without the feature, nothing at all.
//!
//! A call is a span `fal` with its operation, endpoint and, once known, request
//! id; each attempt is an event in it, with its time. Neither bodies nor URLs are
//! recorded, and the key is out of reach from here.

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{attempt, call, request_id};
#[cfg(feature = "tracing")]
pub(crate) use on::{attempt, call, request_id};

#[cfg(feature = "tracing")]
mod on {
    use std::time::Instant;

    use tracing::Instrument;

    use crate::error::Result;
    use crate::http::{Failure, Operation, Reply};

    /// Runs a call in a span of its own.
    pub(crate) async fn call<T>(
        operation: &'static str,
        endpoint: &str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let span = tracing::info_span!(
            "fal",
            operation,
            endpoint,
            request_id = tracing::field::Empty
        );
        let started = Instant::now();
        let outcome = call.instrument(span.clone()).await;
        let elapsed_ms = millis(started);
        match &outcome {
            Ok(_) => tracing::debug!(parent: &span, elapsed_ms, "done"),
            Err(error) => {
                tracing::warn!(parent: &span, elapsed_ms, kind = ?error.kind(), %error, "failed");
            }
        }
        outcome
    }

    /// Notes the id of the request in the span of the call.
    pub(crate) fn request_id(id: &str) {
        tracing::Span::current().record("request_id", id);
    }

    /// Notes what came of one attempt.
    pub(crate) fn attempt(
        operation: Operation,
        started: Instant,
        outcome: &Result<Reply, Failure>,
    ) {
        let elapsed_ms = millis(started);
        match outcome {
            Ok(reply) => tracing::debug!(
                ?operation,
                elapsed_ms,
                status = reply.status.as_u16(),
                bytes = reply.body.len(),
                request_id = reply.request_id().as_deref(),
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

    fn millis(started: Instant) -> u64 {
        u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::time::Instant;

    use crate::error::Result;
    use crate::http::{Failure, Operation, Reply};

    pub(crate) async fn call<T>(
        _: &'static str,
        _: &str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        call.await
    }

    pub(crate) fn request_id(_: &str) {}

    pub(crate) fn attempt(_: Operation, _: Instant, _: &Result<Reply, Failure>) {}
}
