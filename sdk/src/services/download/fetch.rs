//! Fetching a file, and continuing after the connection broke.

use std::time::{Duration, Instant};

use reqwest::header::{
    ACCEPT, CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderValue, IF_RANGE, RANGE,
};
use reqwest::{Method, StatusCode, Url};

use super::sink::Sink;
use super::source::{check, redirected};
use super::validator::Validator;
use super::{data_uri, too_large};
use crate::services::progress::{Meter, OnProgress, Progress};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::public_addresses::{not_public, refused_host};
use crate::transport::http::retry::{Budget, Decision};
use crate::transport::http::{Failure, Http, Incoming, Operation, Request};
use crate::transport::runtime;

/// A download with all its settings.
pub(super) struct DownloadPlan {
    pub(super) http: Http,
    pub(super) url: String,
    pub(super) limit: u64,
    pub(super) timeout: Option<Duration>,
    /// How long to request a file that the server does not have yet.
    pub(super) wait_until_available: Duration,
    pub(super) on_progress: Option<OnProgress>,
}

impl DownloadPlan {
    /// Fetches the file into the sink and returns its size.
    pub(super) async fn run(self, sink: &mut impl Sink) -> Result<u64> {
        runtime::current()?;
        let Some(timeout) = self.timeout else {
            return self.fetch(sink).await;
        };
        let timed = tokio::time::timeout(timeout, self.fetch(sink)).await;
        timed.unwrap_or_else(|_| {
            let message = format!("the download took longer than {timeout:?}");
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }

    async fn fetch(self, sink: &mut impl Sink) -> Result<u64> {
        if let Some(content) = data_uri::decode(&self.url) {
            return self.decoded(content?, sink).await;
        }
        let url = Url::parse(&self.url).map_err(|_| {
            Error::configuration("the address to download is not an absolute URL")
                .with_hint("it starts with `https://` or `data:`")
        })?;
        check(&self.http, &url)?;
        let mut download = Fetching {
            plan: &self,
            url,
            got: 0,
            total: None,
            validator: None,
            failures: 0,
            started: Instant::now(),
            budget: Budget::new(),
        };
        download.run_to_end(sink).await?;
        sink.finish().await?;
        Ok(download.got)
    }

    async fn decoded(&self, content: Vec<u8>, sink: &mut impl Sink) -> Result<u64> {
        let size = content.len() as u64;
        if size > self.limit {
            return Err(too_large(self.limit));
        }
        sink.put(content.into()).await?;
        sink.finish().await?;
        Meter::new(self.on_progress.clone(), Some(size)).add(size);
        Ok(size)
    }

    fn report(&self, done: u64, total: Option<u64>) {
        if let Some(on_progress) = &self.on_progress {
            on_progress(Progress { done, total });
        }
    }
}

/// A download under way.
struct Fetching<'p> {
    plan: &'p DownloadPlan,
    url: Url,
    got: u64,
    total: Option<u64>,
    /// The header that shows whether the file has changed.
    validator: Option<Validator>,
    /// The number of consecutive attempts that brought no bytes.
    failures: u32,
    started: Instant,
    /// This download's own retry budget, so that a failing file server does not use up the
    /// budget of the client's calls.
    budget: Budget,
}

/// How an attempt ended.
enum AttemptOutcome {
    Complete,
    /// The attempt failed, and another one may continue where it stopped.
    Interrupted(Error),
    /// The file has changed, so the bytes fetched so far cannot be used.
    Outdated(Error),
    /// The server says that there is no such file, which may be so only for a while.
    NotFound(Error),
}

impl Fetching<'_> {
    async fn run_to_end(&mut self, sink: &mut impl Sink) -> Result<()> {
        loop {
            let before = self.got;
            match self.attempt(sink).await? {
                AttemptOutcome::Complete => return Ok(()),
                AttemptOutcome::Interrupted(error) => {
                    // A download that moves forward may continue any number of times.
                    self.failures = match self.got > before {
                        true => 1,
                        false => self.failures + 1,
                    };
                    self.pause(error).await?;
                }
                AttemptOutcome::Outdated(error) => {
                    self.failures += 1;
                    self.pause(error).await?;
                    self.restart(sink).await?;
                }
                AttemptOutcome::NotFound(error) => self.wait_for_file(error).await?,
            }
        }
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    /// The error that was given, if there is to be no further attempt.
    async fn pause(&self, error: Error) -> Result<()> {
        let policy = &self.plan.http.settings().retry;
        match policy.decide(Operation::Download, self.failures, &error, &self.budget) {
            Decision::GiveUp => Err(error),
            Decision::RetryAfter(wait) => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
        }
    }

    /// Waits before a file that the server did not have is requested again.
    ///
    /// # Errors
    /// The error that was given, if the time for that is over.
    async fn wait_for_file(&self, error: Error) -> Result<()> {
        const SHORTEST: Duration = Duration::from_millis(250);
        const LONGEST: Duration = Duration::from_secs(5);
        let waited = self.started.elapsed();
        match self.plan.wait_until_available.checked_sub(waited) {
            Some(left) if !left.is_zero() => {
                let wait = (waited / 4).clamp(SHORTEST, LONGEST).min(left);
                tokio::time::sleep(wait).await;
                Ok(())
            }
            _ => Err(error),
        }
    }

    async fn restart(&mut self, sink: &mut impl Sink) -> Result<()> {
        self.got = 0;
        self.total = None;
        self.validator = None;
        sink.restart().await
    }

    async fn attempt(&mut self, sink: &mut impl Sink) -> Result<AttemptOutcome> {
        let incoming = match self.open().await {
            Ok(incoming) => incoming,
            Err(failure) => return interrupted(failure),
        };
        match incoming.status() {
            StatusCode::RANGE_NOT_SATISFIABLE if self.got > 0 => {
                return Ok(self.nothing_left(incoming.headers()));
            }
            StatusCode::PARTIAL_CONTENT => {
                if let Some(outcome) = self.check_part(incoming.headers())? {
                    return Ok(outcome);
                }
            }
            status if status.is_success() => {
                if self.got > 0 {
                    self.restart(sink).await?;
                }
                self.begin(incoming.headers())?;
            }
            _ => return self.refused(incoming).await,
        }
        if incoming.is_encoded() {
            let message = "the file arrived compressed, which was not requested";
            return Err(Error::new(ErrorKind::Decode, message));
        }
        self.read(incoming, sink).await
    }

    /// Requests the file from where the last attempt stopped, and follows redirects that
    /// do not lead to a less safe place.
    async fn open(&mut self) -> Result<Incoming, Failure> {
        const MOST_REDIRECTS: usize = 5;
        let mut url = self.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let opened = self.plan.http.open(&self.request(url.clone())).await;
            let incoming = opened.map_err(|failure| match refused_host(&failure.error) {
                Some(host) => Failure::local(not_public(host)),
                None => failure,
            })?;
            if !incoming.status().is_redirection() {
                return Ok(incoming);
            }
            url = redirected(&self.plan.http, &url, incoming.headers()).map_err(Failure::local)?;
        }
        let message = "the download was redirected too often";
        Err(Failure::local(Error::new(ErrorKind::Redirect, message)))
    }

    fn request(&self, url: Url) -> Request {
        let request = Request::new(Operation::Download, Method::GET, url)
            .without_key()
            .header(ACCEPT, HeaderValue::from_static("*/*"))
            .timeout(self.plan.http.settings().timeouts.request);
        let range = HeaderValue::try_from(format!("bytes={}-", self.got)).ok();
        match (&self.validator, range) {
            (Some(validator), Some(range)) if self.got > 0 => request
                .header(RANGE, range)
                .header(IF_RANGE, validator.value.clone()),
            _ => request,
        }
    }

    async fn refused(&self, incoming: Incoming) -> Result<AttemptOutcome> {
        let settings = self.plan.http.settings();
        let limit = settings.limits.reply;
        match incoming.read(limit, limit, settings.timeouts.idle).await {
            Ok(reply) => {
                let error = reply.error(Operation::Download);
                match reply.status.as_u16() {
                    _ if reply.is_transient() => Ok(AttemptOutcome::Interrupted(error)),
                    403 | 404 if self.got == 0 => Ok(AttemptOutcome::NotFound(error)),
                    _ => Err(error),
                }
            }
            Err(failure) => interrupted(failure),
        }
    }

    /// The outcome when the server has no bytes after the point where the last attempt
    /// stopped (`bytes */10`): the file is complete only if it had this length from the
    /// start.
    fn nothing_left(&self, headers: &HeaderMap) -> AttemptOutcome {
        let total = headers
            .get(CONTENT_RANGE)
            .and_then(|range| range.to_str().ok()?.strip_prefix("bytes */")?.parse().ok());
        let is_complete = total == Some(self.got) && self.total.is_none_or(|it| it == self.got);
        match is_complete && self.is_same_version(headers) {
            true => AttemptOutcome::Complete,
            false => AttemptOutcome::Outdated(changed()),
        }
    }

    fn is_same_version(&self, headers: &HeaderMap) -> bool {
        let known = self.validator.as_ref();
        known.is_none_or(|known| known.matches(headers))
    }

    /// Checks that a part of the file continues what was fetched before. If it does not,
    /// returns how the attempt ended.
    ///
    /// # Errors
    /// When the server answers with a part that was not requested.
    fn check_part(&mut self, headers: &HeaderMap) -> Result<Option<AttemptOutcome>> {
        let range = range(headers);
        if range.is_none_or(|(start, _)| start != self.got) || self.got == 0 {
            let message = "the server sent a part of the file that was not requested";
            return Err(Error::new(ErrorKind::Decode, message));
        }
        let total = range.and_then(|(_, total)| total);
        let has_other_size = match (total, self.total) {
            (Some(now), Some(before)) => now != before,
            _ => false,
        };
        if has_other_size || !self.is_same_version(headers) {
            return Ok(Some(AttemptOutcome::Outdated(changed())));
        }
        self.total = self.total.or(total);
        Ok(None)
    }

    /// Records the size and the validator of a file that arrives from its start.
    ///
    /// # Errors
    /// When it is larger than the limit.
    fn begin(&mut self, headers: &HeaderMap) -> Result<()> {
        self.total = number(headers.get(CONTENT_LENGTH));
        self.validator = Validator::of(headers);
        match self.total.is_some_and(|total| total > self.plan.limit) {
            true => Err(too_large(self.plan.limit)),
            false => Ok(()),
        }
    }

    async fn read(
        &mut self,
        mut incoming: Incoming,
        sink: &mut impl Sink,
    ) -> Result<AttemptOutcome> {
        let idle = self.plan.http.settings().timeouts.idle;
        loop {
            let chunk = match incoming.chunk(idle).await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(self.ended()),
                Err(failure) => return interrupted(failure),
            };
            self.got += chunk.len() as u64;
            if self.got > self.plan.limit {
                return Err(too_large(self.plan.limit));
            }
            sink.put(chunk).await?;
            self.plan.report(self.got, self.total);
        }
    }

    fn ended(&self) -> AttemptOutcome {
        match self.total {
            Some(total) if total != self.got => AttemptOutcome::Interrupted(Error::new(
                ErrorKind::Transport,
                format!("the download ended after {} of {total} bytes", self.got),
            )),
            _ => AttemptOutcome::Complete,
        }
    }
}

/// # Errors
/// When the failure is not one of the connection, so that trying again cannot help.
fn interrupted(failure: Failure) -> Result<AttemptOutcome> {
    match failure.error.kind() {
        ErrorKind::Connection | ErrorKind::Transport | ErrorKind::Timeout => {
            Ok(AttemptOutcome::Interrupted(failure.error))
        }
        _ => Err(failure.error),
    }
}

fn number(value: Option<&HeaderValue>) -> Option<u64> {
    value?.to_str().ok()?.trim().parse().ok()
}

/// Reads the position of the first byte and the size of the file: `bytes 5-9/10`.
fn range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (bytes, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = bytes.split_once('-')?;
    Some((start.trim().parse().ok()?, total.trim().parse().ok()))
}

fn changed() -> Error {
    let message = "the file was changed on the server while it was downloaded";
    Error::new(ErrorKind::Transport, message)
}
