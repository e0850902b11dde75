//! Spans for `tracing`; without the feature, nothing at all.
//!
//! A call is a span `fal` with its operation, endpoint and, once known, request
//! id. Each attempt to send a request is an event in that span, which `http`
//! records. Neither bodies nor URLs are recorded.

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{call, request_id};
#[cfg(feature = "tracing")]
pub(crate) use on::{call, request_id};

#[cfg(feature = "tracing")]
mod on {
    use std::time::Instant;

    use tracing::Instrument;

    use crate::transport::error::Result;

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
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
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
}

#[cfg(not(feature = "tracing"))]
mod off {
    use crate::transport::error::Result;

    pub(crate) async fn call<T>(
        _: &'static str,
        _: &str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        call.await
    }

    pub(crate) fn request_id(_: &str) {}
}
