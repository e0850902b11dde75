//! The stream of a job's status: learning of its end at once.

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderValue};

use super::job_handle::JobHandle;
use super::status::Status;
use crate::contract::wire::Decode;
use crate::transport::http::limits::moment_after;
use crate::transport::http::sse::Parser;
use crate::transport::http::{Incoming, Operation, Request, StreamSlot};

/// How long opening a stream may take. The job's status is not known meanwhile.
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the server may take to end a stream after its last status.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// An open stream, and the slot that it takes.
pub(super) struct StatusStream {
    incoming: Incoming,
    parser: Parser,
    idle: Duration,
    opened: Instant,
    /// When the last bytes came.
    heard: Instant,
    slot: StreamSlot,
}

impl StatusStream {
    /// Opens a stream; `None` if the server offers none.
    pub(super) async fn open(job: &JobHandle, logs: bool, slot: StreamSlot) -> Option<Self> {
        let settings = job.http.settings();
        let mut request = Request::new(Operation::StatusStream, Method::GET, job.stream_url(logs))
            .timeout(OPEN_TIMEOUT.min(settings.timeouts.request));
        let accept = HeaderValue::from_static("text/event-stream");
        request.headers.insert(ACCEPT, accept);
        let incoming = job.http.open_status_stream(&request, &slot).await.ok()?;
        let is_usable =
            incoming.is_success() && incoming.is_event_stream() && !incoming.is_encoded();
        is_usable.then(|| Self {
            incoming,
            parser: Parser::new(settings.limits.event),
            idle: settings.timeouts.stream_idle,
            opened: Instant::now(),
            heard: Instant::now(),
            slot,
        })
    }

    /// The next status; `None` when the stream ended, broke, fell silent or sent
    /// something else. Nothing is lost if the future is dropped.
    pub(super) async fn next(&mut self) -> Option<Status> {
        loop {
            if let Some(event) = self.parser.next() {
                let value = serde_json::from_str(&event.data).ok()?;
                return Status::decode(&value).ok();
            }
            let left = self.idle.saturating_sub(self.heard.elapsed());
            let chunk = self.incoming.chunk(left).await.ok()??;
            self.heard = Instant::now();
            self.parser.push(&chunk).ok()?;
        }
    }

    /// Reads the end of the stream after its last status, in the background, so that its
    /// connection can be used again and nothing has to be reset. The slot is free at once.
    pub(super) fn end(self) {
        let Self {
            mut incoming, slot, ..
        } = self;
        drop(slot);
        tokio::spawn(async move {
            let rest = async { while let Ok(Some(_)) = incoming.chunk(END_TIMEOUT).await {} };
            // A server that goes on for longer loses the connection.
            let _ = tokio::time::timeout(END_TIMEOUT, rest).await;
        });
    }

    pub(super) fn age(&self) -> Duration {
        self.opened.elapsed()
    }
}

/// When the status is requested beside a stream that brings no news. A stream that
/// is kept open by something in front of fal's servers can be silent for ever.
pub(super) struct Beside {
    first: Duration,
    interval: Duration,
    next: Instant,
}

impl Beside {
    /// The longest time between two requests, unless the first takes longer.
    const LONGEST: Duration = Duration::from_secs(60);

    pub(super) fn new(first: Duration) -> Self {
        Self {
            first,
            interval: first,
            next: moment_after(first),
        }
    }

    /// Records that the stream brought news.
    pub(super) fn put_off(&mut self) {
        *self = Self::new(self.first);
    }

    /// Records that the status was requested.
    pub(super) fn back_off(&mut self) {
        let longest = Self::LONGEST.max(self.first);
        self.interval = self.interval.saturating_mul(2).min(longest);
        self.next = moment_after(self.interval);
    }

    pub(super) fn next(&self) -> Instant {
        self.next
    }
}
