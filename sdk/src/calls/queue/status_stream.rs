//! The stream of a job's status: learning of its end at once.

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderValue};
use tokio::sync::OwnedSemaphorePermit;

use super::place::Attached;
use super::status::Status;
use crate::contract::wire::Decode;
use crate::transport::http::sse::Parser;
use crate::transport::http::{Incoming, Operation, Request};

/// How long opening one may take. The job is not looked at meanwhile.
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);

/// An open stream, and its place among those that may be open.
pub(super) struct StatusStream {
    incoming: Incoming,
    parser: Parser,
    idle: Duration,
    opened: Instant,
    _slot: OwnedSemaphorePermit,
}

impl StatusStream {
    /// Opens one; `None` if the server gives none.
    pub(super) async fn open(
        job: &Attached,
        logs: bool,
        slot: OwnedSemaphorePermit,
    ) -> Option<Self> {
        let settings = job.http.settings();
        let mut request = Request::new(Operation::StatusStream, Method::GET, job.stream_url(logs))
            .timeout(OPEN_TIMEOUT.min(settings.timeouts.request));
        let accept = HeaderValue::from_static("text/event-stream");
        request.headers.insert(ACCEPT, accept);
        let incoming = job.http.open(&request).await.ok()?;
        let fits = incoming.is_success() && incoming.is_event_stream();
        fits.then(|| Self {
            incoming,
            parser: Parser::new(settings.limits.event),
            idle: settings.timeouts.stream_idle,
            opened: Instant::now(),
            _slot: slot,
        })
    }

    /// The next status; `None` when the stream ended, broke, fell silent or said
    /// something else.
    pub(super) async fn next(&mut self) -> Option<Status> {
        loop {
            if let Some(event) = self.parser.next() {
                let value = serde_json::from_str(&event.data).ok()?;
                return Status::decode(&value).ok();
            }
            let chunk = self.incoming.chunk(self.idle).await.ok()??;
            self.parser.push(&chunk).ok()?;
        }
    }

    pub(super) fn age(&self) -> Duration {
        self.opened.elapsed()
    }
}
