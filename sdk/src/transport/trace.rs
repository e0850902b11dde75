//! Spans for `tracing`. Without the feature `tracing`, nothing is recorded.
//!
//! A call is a span `fal` with its operation, endpoint and, once known, request
//! id. Each attempt to send a request is an event in that span, which `http`
//! records. Neither bodies nor URLs are recorded.

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{Span, in_current_span, request_id, request_id_of};
#[cfg(feature = "tracing")]
pub(crate) use on::{Span, in_current_span, request_id, request_id_of};

use crate::transport::error::Result;

/// Records that an input is sent unchecked, because the document of its model could not be
/// fetched.
#[cfg(feature = "jsonschema")]
pub(crate) fn input_unchecked(endpoint: &str, error: &crate::transport::error::Error) {
    #[cfg(feature = "tracing")]
    tracing::warn!(endpoint, %error, "the input is not checked: the model's document could not be fetched");
    #[cfg(not(feature = "tracing"))]
    let _ = (endpoint, error);
}

/// Runs a call in a span of its own. The endpoint is empty for calls without one.
pub(crate) async fn call<T>(
    operation: &'static str,
    endpoint: &str,
    call: impl Future<Output = Result<T>>,
) -> Result<T> {
    let span = Span::of(operation, endpoint);
    let outcome = span.enter(call).await;
    span.end(outcome.as_ref().map(|_| ()));
    outcome
}

#[cfg(feature = "tracing")]
mod on {
    use std::time::Instant;

    use tracing::Instrument;
    use tracing::field::Empty;

    use crate::transport::error::Error;

    const NAME: &str = "fal";

    /// The span of a call. Each part of the call enters it anew.
    #[derive(Clone)]
    pub(crate) struct Span {
        span: tracing::Span,
        started: Instant,
    }

    impl Span {
        pub(crate) fn of(operation: &'static str, endpoint: &str) -> Self {
            let span = tracing::info_span!("fal", operation, endpoint = Empty, request_id = Empty);
            if !endpoint.is_empty() {
                span.record("endpoint", endpoint);
            }
            Self {
                span,
                started: Instant::now(),
            }
        }

        /// Runs a part of the call in the span.
        pub(crate) fn enter<F: Future>(&self, part: F) -> impl Future<Output = F::Output> + use<F> {
            part.instrument(self.span.clone())
        }

        /// Records how the call ended, and after how long.
        pub(crate) fn end(&self, outcome: Result<(), &Error>) {
            let span = &self.span;
            let elapsed_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
            match outcome {
                Ok(()) => tracing::debug!(parent: span, elapsed_ms, "done"),
                Err(error) => {
                    tracing::warn!(parent: span, elapsed_ms, kind = ?error.kind(), %error, "failed");
                }
            }
        }
    }

    /// Records the id of the request in the span of the call. Where that span is
    /// filtered out, the current one is the caller's and keeps its own fields.
    pub(crate) fn request_id(id: &str) {
        let current = tracing::Span::current();
        let is_call = current
            .metadata()
            .is_some_and(|span| span.name() == NAME && span.target() == module_path!());
        if is_call {
            current.record("request_id", id);
        }
    }

    /// Records an id that must be looked for, if there is one.
    pub(crate) fn request_id_of<'a>(find: impl FnOnce() -> Option<&'a str>) {
        if let Some(id) = find() {
            request_id(id);
        }
    }

    /// Keeps a task that is spawned in the span that spawns it.
    pub(crate) fn in_current_span<F: Future>(task: F) -> impl Future<Output = F::Output> + use<F> {
        task.in_current_span()
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use crate::transport::error::Error;

    #[derive(Clone)]
    pub(crate) struct Span;

    impl Span {
        pub(crate) fn of(_: &'static str, _: &str) -> Self {
            Self
        }

        pub(crate) fn enter<F: Future>(&self, part: F) -> F {
            part
        }

        pub(crate) fn end(&self, _: Result<(), &Error>) {}
    }

    pub(crate) fn request_id(_: &str) {}

    pub(crate) fn request_id_of<'a>(_: impl FnOnce() -> Option<&'a str>) {}

    pub(crate) fn in_current_span<F: Future>(task: F) -> F {
        task
    }
}
