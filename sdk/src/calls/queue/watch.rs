//! Follows a job to its end: over a status stream while one is available, otherwise by
//! polling.
//!
//! After a stream breaks, the status is requested once, so that the end of the job is not
//! missed, and then another stream is opened. After several streams without a change, the job
//! is polled. While a stream sends no changes, the status is also requested now and then. A
//! status request that fails is repeated for a long time, since the job continues in any case.

use std::mem;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use super::job_handle::JobHandle;
use super::logs::LogMemory;
use super::poll_wait::PollWait;
use super::status::{State, Status};
use super::status_reply::{self, Unknown};
use super::status_stream::{Beside, StatusStream};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{QueuedForSlot, StatusMode, StreamSlot};
use crate::transport::runtime;

/// How many streams in a row may send no change before the job is polled.
const FRUITLESS_STREAMS: u32 = 3;
/// A stream that lasted longer than this was useful, even if it sent no change.
const FRUITFUL_AGE: Duration = Duration::from_secs(5);
/// After this many replies in a row that the job is not known, following it fails.
const DENIALS: u32 = 3;

/// A job that is being followed.
pub(super) struct Watch {
    job: JobHandle,
    logs: Option<LogMemory>,
    stream: Option<Box<StatusStream>>,
    beside: Beside,
    /// Streams that may still be tried; 0 means polling.
    streams_left: u32,
    /// The position in the queue for a stream's slot.
    queued: Option<QueuedForSlot>,
    /// Whether the last stream broke or could not be opened, so that the status has to be
    /// requested at once.
    is_gap: bool,
    wait: PollWait,
    failures: Option<Failures>,
    last: Option<(State, Option<i64>)>,
    until: Instant,
}

/// Status requests that failed one after another.
struct Failures {
    since: Instant,
    /// How often the server said that it does not know the job.
    denials: u32,
}

impl Watch {
    pub(super) fn new(
        job: JobHandle,
        logs: bool,
        mode: Option<StatusMode>,
        until: Instant,
    ) -> Self {
        let settings = job.http.settings();
        let streams_left = match mode.unwrap_or(settings.status_mode) {
            StatusMode::Stream => FRUITLESS_STREAMS,
            StatusMode::Poll => 0,
        };
        Self {
            logs: logs.then(LogMemory::default),
            stream: None,
            beside: Beside::new(settings.poll_interval.beside_stream),
            streams_left,
            queued: None,
            is_gap: false,
            wait: PollWait::new(settings.poll_interval.clone()),
            failures: None,
            last: None,
            until,
            job,
        }
    }

    pub(super) fn job(&self) -> &JobHandle {
        &self.job
    }

    /// Records a status that was obtained another way, so that it is not reported twice.
    pub(super) fn seed(&mut self, status: &Status) {
        self.last = Some((status.state.clone(), status.queue_position));
        self.wait.note(status);
    }

    /// The next status that differs from the last, or has new logs.
    ///
    /// # Errors
    /// When the job is not known, the key is refused, the status could not be obtained for too
    /// long, or the time limit has passed.
    pub(super) async fn next(&mut self) -> Result<Status> {
        runtime::current()?;
        let until = self.until;
        let news = async {
            loop {
                if let Some(mut status) = self.step().await?
                    && self.is_news(&mut status)
                {
                    return Ok(status);
                }
            }
        };
        let outcome = tokio::time::timeout_at(until.into(), news).await;
        outcome.unwrap_or_else(|_| {
            let message = "the job did not finish within the time limit";
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }

    fn is_news(&mut self, status: &mut Status) -> bool {
        match &mut self.logs {
            Some(memory) => memory.keep_new(&mut status.logs),
            None => status.logs.clear(),
        }
        let now = (status.state.clone(), status.queue_position);
        let changed = self.last.as_ref() != Some(&now);
        self.last = Some(now);
        let is_news = changed || !status.logs.is_empty() || status.is_completed();
        if is_news {
            self.beside.put_off();
            if self.stream.is_some() {
                self.streams_left = FRUITLESS_STREAMS;
            }
        }
        is_news
    }

    /// Reads the open stream, opens a stream, or requests the status once.
    async fn step(&mut self) -> Result<Option<Status>> {
        if let Some(stream) = self.stream.take() {
            return Ok(self.read(stream).await);
        }
        if mem::take(&mut self.is_gap) {
            return self.poll().await;
        }
        match self.slot_or_pause().await {
            Some(slot) => {
                self.open_stream(slot).await;
                Ok(None)
            }
            None => self.poll().await,
        }
    }

    /// The next status of the stream, which is kept while it is useful.
    async fn read(&mut self, mut stream: Box<StatusStream>) -> Option<Status> {
        let beside = self.beside.next();
        if Instant::now() < beside {
            match tokio::time::timeout_at(beside.into(), stream.next()).await {
                Ok(Some(status)) => {
                    match status.is_completed() {
                        true => stream.end(),
                        false => self.stream = Some(stream),
                    }
                    return Some(status);
                }
                Ok(None) => {
                    self.stream_broke(stream.age());
                    return None;
                }
                Err(_) => {}
            }
        }
        let learned = self.request_beside_stream().await;
        if !self.is_gap {
            self.stream = Some(stream);
        }
        learned
    }

    /// Requests the status while a stream sends no changes. It is requested without logs, since
    /// the stream sends them.
    async fn request_beside_stream(&mut self) -> Option<Status> {
        self.beside.back_off();
        let status = status_reply::attempt(&self.job, false).await.ok()?;
        if status.is_completed() && self.logs.is_some() {
            // The next request fetches the status with its last log lines.
            self.is_gap = true;
            return None;
        }
        // This status can be older than the stream's, so it counts only if the job has ended
        // or was still queued: a job never goes back into the queue.
        let was_queued = matches!(self.last, None | Some((State::InQueue, _)));
        (status.is_completed() || was_queued).then_some(status)
    }

    fn stream_broke(&mut self, age: Duration) {
        self.streams_left = match age > FRUITFUL_AGE {
            true => FRUITLESS_STREAMS,
            false => self.streams_left.saturating_sub(1),
        };
        self.is_gap = true;
    }

    /// A slot for a stream; `None` when it is time to poll. The position in the queue for a
    /// slot is kept meanwhile.
    async fn slot_or_pause(&mut self) -> Option<StreamSlot> {
        let slots = self.job.http.stream_slots();
        if self.streams_left == 0 {
            self.queued = None;
        } else if self.queued.is_none() {
            if let Some(slot) = slots.try_take() {
                return Some(slot);
            }
            self.queued = slots.queue();
        }
        let waiting = self.queued.is_some().then(|| slots.waiting());
        let pause = tokio::time::sleep(self.wait.next(waiting));
        let Some(queued) = &mut self.queued else {
            pause.await;
            return None;
        };
        match select(queued, pin!(pause)).await {
            Either::Left((slot, _)) => {
                self.queued = None;
                slot
            }
            Either::Right(_) => None,
        }
    }

    /// Tries to open a stream.
    async fn open_stream(&mut self, slot: StreamSlot) {
        let stream = StatusStream::open(&self.job, self.logs.is_some(), slot);
        match Box::pin(stream).await {
            Some(stream) => {
                self.begin_source();
                self.succeeded();
                self.beside.put_off();
                self.stream = Some(Box::new(stream));
            }
            None => {
                self.streams_left -= 1;
                self.is_gap = true;
            }
        }
    }

    fn begin_source(&mut self) {
        if let Some(memory) = &mut self.logs {
            memory.begin_source();
        }
    }

    async fn poll(&mut self) -> Result<Option<Status>> {
        match status_reply::attempt(&self.job, self.logs.is_some()).await {
            Ok(status) => {
                self.succeeded();
                self.begin_source();
                self.wait.note(&status);
                Ok(Some(status))
            }
            Err(unknown) => self.failed(unknown),
        }
    }

    fn succeeded(&mut self) {
        self.failures = None;
        self.wait.succeeded();
    }

    /// Records a status request that failed.
    ///
    /// # Errors
    /// When another request cannot succeed, or requests have failed for too long.
    fn failed(&mut self, unknown: Unknown) -> Result<Option<Status>> {
        let Unknown { error, may_pass } = unknown;
        let failures = self.failures.get_or_insert(Failures {
            since: Instant::now(),
            denials: 0,
        });
        failures.denials = match error.is_not_found() {
            true => failures.denials + 1,
            false => 0,
        };
        self.wait.failed(error.retry_after());
        let lasted = failures.since.elapsed() > self.job.http.settings().timeouts.unreachable;
        match !may_pass || lasted || failures.denials >= DENIALS {
            true => Err(error),
            false => Ok(None),
        }
    }
}
