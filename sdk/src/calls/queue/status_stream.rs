//! The stream of a job's status, which reports the end of the job at once.

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderValue};

use super::job_handle::JobHandle;
use super::status::Status;
use crate::contract::wire::Decode;
use crate::transport::http::limits::moment_after;
use crate::transport::http::sse::Parser;
use crate::transport::http::{Incoming, Operation, Request, StreamSlot};

/// The time limit for opening a stream. Meanwhile, changes of the job's status are not noticed.
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);
/// The time limit for the end of a stream after its last status.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// An open stream, and the slot that it takes.
pub(super) struct StatusStream {
    incoming: Incoming,
    parser: Parser,
    idle: Duration,
    opened: Instant,
    /// The time at which the last bytes arrived.
    heard: Instant,
    slot: StreamSlot,
}

impl StatusStream {
    /// Opens a stream; `None` if the server does not offer one, or it cannot be opened.
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

    /// The next status; `None` if the stream ended, broke, sent nothing for too long or sent
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

    /// Reads the end of the stream in the background, after its last status, so that the
    /// connection can be reused instead of being reset. The slot is free at once.
    pub(super) fn end(self) {
        let Self {
            mut incoming, slot, ..
        } = self;
        drop(slot);
        tokio::spawn(async move {
            let rest = async { while let Ok(Some(_)) = incoming.chunk(END_TIMEOUT).await {} };
            // If the stream goes on for longer, its connection is dropped.
            let _ = tokio::time::timeout(END_TIMEOUT, rest).await;
        });
    }

    pub(super) fn age(&self) -> Duration {
        self.opened.elapsed()
    }
}

/// The times at which the status is requested while a stream sends no changes. A stream that
/// something in front of fal's servers keeps open can send nothing for ever.
pub(super) struct Beside {
    first: Duration,
    interval: Duration,
    next: Instant,
}

impl Beside {
    /// The longest time between two requests, unless the first interval is longer.
    const LONGEST: Duration = Duration::from_secs(60);

    pub(super) fn new(first: Duration) -> Self {
        Self {
            first,
            interval: first,
            next: moment_after(first),
        }
    }

    /// Records that the stream sent a change.
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
