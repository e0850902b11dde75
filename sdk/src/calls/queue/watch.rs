//! Following a job to its end: over a status stream while there is one to be had,
//! else by polling.
//!
//! A stream that breaks is followed by one look at the status, so that an end is
//! not missed, and then by another stream; after several that brought nothing,
//! the job is polled. A status that cannot be learned is asked for again until
//! it has been out of reach for long: the job goes on whatever happens here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::logs::LogMemory;
use super::place::Attached;
use super::status::{State, Status};
use super::status_stream::StatusStream;
use crate::contract::wire::Decode;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::retry::jitter;
use crate::transport::http::{Operation, Reply, StatusMode};

/// How many streams in a row may bring nothing before the job is polled.
const FRUITLESS_STREAMS: u32 = 3;
/// A stream that lasted this long was of use, even without news.
const FRUITFUL_AGE: Duration = Duration::from_secs(5);
/// How often in a row the server must say that it does not know the job.
const DENIALS: u32 = 3;
/// The longest wait between looks while they fail.
const LONGEST_TROUBLE_WAIT: Duration = Duration::from_secs(10);
/// The longest that a server's `Retry-After` puts the next look off.
const LONGEST_ASKED_WAIT: Duration = Duration::from_secs(60);

/// A job that is being followed.
pub(super) struct Watch {
    job: Attached,
    logs: Option<LogMemory>,
    stream: Option<Box<StatusStream>>,
    /// Streams that may still be tried; 0 means polling.
    streams_left: u32,
    /// The last stream broke or did not open: look at once.
    is_gap: bool,
    /// How often the job was polled.
    polls: i32,
    trouble: Option<Trouble>,
    last: Option<(State, Option<i64>)>,
    until: Instant,
}

/// A row of looks that failed.
struct Trouble {
    since: Instant,
    count: u32,
    denials: u32,
    wait: Option<Duration>,
}

impl Watch {
    pub(super) fn new(job: Attached, logs: bool, mode: Option<StatusMode>, until: Instant) -> Self {
        let streams_left = match mode.unwrap_or(job.http.settings().status_mode) {
            StatusMode::Stream => FRUITLESS_STREAMS,
            StatusMode::Poll => 0,
        };
        Self {
            job,
            logs: logs.then(LogMemory::default),
            stream: None,
            streams_left,
            is_gap: false,
            polls: 0,
            trouble: None,
            last: None,
            until,
        }
    }

    pub(super) fn job(&self) -> &Attached {
        &self.job
    }

    /// Takes a status that came another way, so that it is not told twice.
    pub(super) fn know(&mut self, status: &Status) {
        self.last = Some((status.state.clone(), status.queue_position));
    }

    /// The next status that differs from the last, or has new logs.
    ///
    /// # Errors
    /// When the job is not known, the key is refused, its status was out of reach
    /// for too long, or the time is over.
    pub(super) async fn next(&mut self) -> Result<Status> {
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
        if is_news && self.stream.is_some() {
            self.streams_left = FRUITLESS_STREAMS;
        }
        is_news
    }

    /// Reads on, or looks once.
    async fn step(&mut self) -> Result<Option<Status>> {
        if let Some(mut stream) = self.stream.take() {
            let status = stream.next().await;
            match status {
                Some(_) => self.stream = Some(stream),
                None => self.stream_broke(stream.age()),
            }
            return Ok(status);
        }
        if self.is_gap {
            self.is_gap = false;
            return self.poll().await;
        }
        if self.open_stream().await {
            return Ok(None);
        }
        tokio::time::sleep(self.wait()).await;
        self.poll().await
    }

    fn stream_broke(&mut self, age: Duration) {
        self.streams_left = match age > FRUITFUL_AGE {
            true => FRUITLESS_STREAMS,
            false => self.streams_left.saturating_sub(1),
        };
        self.is_gap = true;
    }

    /// Tries to open a stream; false if none is to be had and the job is polled.
    async fn open_stream(&mut self) -> bool {
        if self.streams_left == 0 {
            return false;
        }
        let slots = Arc::clone(self.job.http.stream_slots());
        let Ok(slot) = slots.try_acquire_owned() else {
            return false;
        };
        let stream = StatusStream::open(&self.job, self.logs.is_some(), slot);
        match Box::pin(stream).await {
            Some(stream) => {
                self.begin_source();
                self.trouble = None;
                self.stream = Some(Box::new(stream));
                true
            }
            None => {
                self.streams_left -= 1;
                self.is_gap = true;
                true
            }
        }
    }

    fn begin_source(&mut self) {
        if let Some(memory) = &mut self.logs {
            memory.begin_source();
        }
    }

    /// How long to wait before the next look.
    fn wait(&mut self) -> Duration {
        let pace = &self.job.http.settings().poll;
        if let Some(trouble) = &self.trouble {
            let doubled = pace.first.saturating_mul(1 << trouble.count.min(8));
            let wait = trouble.wait.unwrap_or(doubled.min(LONGEST_TROUBLE_WAIT));
            return wait.saturating_add(jitter(wait / 4));
        }
        let grown = pace.first.as_secs_f64() * pace.growth.max(1.0).powi(self.polls.min(1_000));
        let wait = grown.min(pace.longest.as_secs_f64()) * (0.8 + 0.4 * fastrand::f64());
        Duration::try_from_secs_f64(wait).unwrap_or(pace.longest)
    }

    async fn poll(&mut self) -> Result<Option<Status>> {
        let request = self.job.status_request(self.logs.is_some());
        self.polls += 1;
        match self.job.http.attempt(&request).await {
            Ok(reply) => self.polled(&reply),
            Err(failure) => {
                let passes = failure.sent || failure.error.kind() == ErrorKind::Connection;
                self.trouble(failure.error, passes)
            }
        }
    }

    fn polled(&mut self, reply: &Reply) -> Result<Option<Status>> {
        if !reply.status.is_success() {
            let is_denied = reply.status.as_u16() == 404;
            let passes = reply.is_transient() || is_denied;
            return self.trouble(reply.error(Operation::Status), passes);
        }
        match parse(reply) {
            Ok(status) => {
                self.trouble = None;
                self.begin_source();
                Ok(Some(status))
            }
            Err(error) => self.trouble(error, true),
        }
    }

    /// Notes a look that failed; the error, if it is one that does not pass or has
    /// lasted too long.
    fn trouble(&mut self, error: Error, passes: bool) -> Result<Option<Status>> {
        let trouble = self.trouble.get_or_insert(Trouble {
            since: Instant::now(),
            count: 0,
            denials: 0,
            wait: None,
        });
        trouble.count += 1;
        trouble.denials = match error.is_not_found() {
            true => trouble.denials + 1,
            false => 0,
        };
        // A server can ask for any wait; the job may be over long before.
        trouble.wait = error.retry_after().map(|wait| wait.min(LONGEST_ASKED_WAIT));
        let lasted = trouble.since.elapsed() > self.job.http.settings().timeouts.unreachable;
        match !passes || lasted || trouble.denials >= DENIALS {
            true => Err(error),
            false => Ok(None),
        }
    }
}

/// Reads a status.
///
/// # Errors
/// When the reply is none; it is kept in the error.
pub(super) fn parse(reply: &Reply) -> Result<Status> {
    let value = reply.json(Operation::Status)?;
    Status::decode(&value).map_err(|source| {
        Error::new(
            ErrorKind::Decode,
            format!("the reply is not a job status {source}"),
        )
        .with_reply(reply)
        .with_body(reply.body.clone())
        .with_decode(source)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::queue::Record;
    use crate::entry_points::client::Client;
    use crate::transport::endpoint_id::EndpointId;

    #[test]
    fn no_server_puts_the_next_look_off_for_long() {
        let http = Client::new("a-key").unwrap().http;
        let endpoint = EndpointId::parse("acme/x").unwrap();
        let job = Attached::new(http, &Record::of_ids(endpoint, "r-1".into()));
        let mut watch = Watch::new(job, false, None, Instant::now());
        for asked in [Duration::from_secs(3_600), Duration::MAX] {
            let error = Error::new(ErrorKind::Api, "busy").with_retry_after(Some(asked));
            assert!(watch.trouble(error, true).is_ok());
            assert!(watch.wait() <= LONGEST_ASKED_WAIT * 5 / 4);
        }
    }
}
