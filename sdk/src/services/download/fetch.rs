//! Fetching a file, as often as it breaks off.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_RANGE, LAST_MODIFIED,
    LOCATION, RANGE,
};
use reqwest::{Method, StatusCode, Url};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::{data_uri, too_large};
use crate::services::progress::{Meter, OnProgress};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::hosts::is_loopback;
use crate::transport::http::{Failure, Http, Incoming, Operation, Request};
use crate::transport::runtime;

/// Where the bytes go.
pub(super) trait Sink: Send {
    fn put(&mut self, bytes: Bytes) -> impl Future<Output = Result<()>> + Send;
    /// Forgets what it was given.
    fn restart(&mut self) -> impl Future<Output = Result<()>> + Send;
    fn finish(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// A download with all its settings.
pub(super) struct Plan {
    pub(super) http: Http,
    pub(super) url: String,
    pub(super) limit: u64,
    pub(super) timeout: Option<Duration>,
    pub(super) on_progress: Option<OnProgress>,
}

impl Plan {
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

    fn tell(&self, done: u64, total: Option<u64>) {
        if let Some(tell) = &self.on_progress {
            tell(crate::services::progress::Progress { done, total });
        }
    }
}

/// # Errors
/// When what comes from there could be read, or replaced, on its way.
fn check(http: &Http, url: &Url) -> Result<()> {
    let is_http = matches!(url.scheme(), "https" | "http");
    if is_http && http.settings().hosts.is_safe(url) {
        return Ok(());
    }
    let message = format!(
        "a URL that starts with `{}:` is not downloaded",
        url.scheme()
    );
    Err(Error::configuration(message)
        .with_hint("use `https`, or `http` for this machine or with `allow_http(true)`"))
}

/// A download under way.
struct Fetching<'p> {
    plan: &'p Plan,
    url: Url,
    got: u64,
    total: Option<u64>,
    /// What tells whether the file is still the same.
    validator: Option<HeaderValue>,
    /// Attempts that brought nothing, one after the other.
    failures: u32,
}

/// How an attempt ended.
enum Ended {
    Whole,
    /// It broke off, and may go on.
    Broke(Error),
}

impl Fetching<'_> {
    async fn run_to_end(&mut self, sink: &mut impl Sink) -> Result<()> {
        loop {
            let before = self.got;
            match self.attempt(sink).await? {
                Ended::Whole => return Ok(()),
                Ended::Broke(error) => {
                    // What came forward may go on as often as it takes.
                    self.failures = match self.got > before {
                        true => 1,
                        false => self.failures + 1,
                    };
                    if !self
                        .plan
                        .http
                        .wait_before_retry(Operation::Download, self.failures, &error)
                        .await
                    {
                        return Err(error);
                    }
                }
            }
        }
    }

    async fn attempt(&mut self, sink: &mut impl Sink) -> Result<Ended> {
        let incoming = match self.open().await {
            Ok(incoming) => incoming,
            Err(failure) => return broke(failure),
        };
        let status = incoming.status();
        if status == StatusCode::RANGE_NOT_SATISFIABLE && self.is_all(incoming.headers()) {
            return Ok(Ended::Whole);
        }
        if !status.is_success() {
            return self.refused(incoming).await;
        }
        if incoming.is_encoded() {
            let message = "the file arrived compressed, which was not requested";
            return Err(Error::new(ErrorKind::Decode, message));
        }
        if self.begin(status, incoming.headers())? {
            sink.restart().await?;
        }
        self.read(incoming, sink).await
    }

    /// Opens the file from where it broke off, over redirects, which lead to no
    /// less safe a place.
    async fn open(&mut self) -> Result<Incoming, Failure> {
        const MOST_REDIRECTS: usize = 5;
        let mut url = self.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let incoming = self.plan.http.open(&self.request(url.clone())).await?;
            if !incoming.status().is_redirection() {
                return Ok(incoming);
            }
            url = self
                .redirected(&url, incoming.headers())
                .map_err(Failure::local)?;
        }
        let message = "the download was redirected too often";
        Err(Failure::local(Error::new(ErrorKind::Redirect, message)))
    }

    fn redirected(&self, from: &Url, headers: &HeaderMap) -> Result<Url> {
        let refuse = |why: &str| {
            let message = format!("the download was redirected {why}");
            Err(Error::new(ErrorKind::Redirect, message))
        };
        let location = headers.get(LOCATION).and_then(|to| to.to_str().ok());
        let Some(to) = location.and_then(|to| from.join(to).ok()) else {
            return refuse("to nowhere");
        };
        let downgrade = from.scheme() == "https" && to.scheme() != "https";
        if downgrade || (is_loopback(&to) && !is_loopback(from)) {
            return refuse("to a less safe place");
        }
        check(&self.plan.http, &to)?;
        Ok(to)
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
                .header(IF_RANGE, validator.clone()),
            _ => request,
        }
    }

    async fn refused(&self, incoming: Incoming) -> Result<Ended> {
        let settings = self.plan.http.settings();
        let limit = settings.limits.reply;
        match incoming.read(limit, limit, settings.timeouts.idle).await {
            Ok(reply) => {
                let error = reply.error(Operation::Download);
                match reply.is_transient() {
                    true => Ok(Ended::Broke(error)),
                    false => Err(error),
                }
            }
            Err(failure) => broke(failure),
        }
    }

    /// Whether nothing follows what is there: `bytes */10`.
    fn is_all(&self, headers: &HeaderMap) -> bool {
        let total = headers
            .get(CONTENT_RANGE)
            .and_then(|range| range.to_str().ok()?.strip_prefix("bytes */")?.parse().ok());
        self.got > 0 && total == Some(self.got)
    }

    /// Takes note of what is coming; true if it comes from the start although
    /// something is there already.
    fn begin(&mut self, status: StatusCode, headers: &HeaderMap) -> Result<bool> {
        let length = number(headers.get(CONTENT_LENGTH));
        if status == StatusCode::PARTIAL_CONTENT {
            let (start, total) = range(headers).unwrap_or((0, None));
            if start != self.got || self.got == 0 {
                let message =
                    "the server answered with another part of the file than was asked for";
                return Err(Error::new(ErrorKind::Decode, message));
            }
            self.total = total.or(self.total);
            return Ok(false);
        }
        let again = self.got > 0;
        self.got = 0;
        self.total = length;
        self.validator = strong_validator(headers);
        if self.total.is_some_and(|total| total > self.plan.limit) {
            return Err(too_large(self.plan.limit));
        }
        Ok(again)
    }

    async fn read(&mut self, mut incoming: Incoming, sink: &mut impl Sink) -> Result<Ended> {
        let idle = self.plan.http.settings().timeouts.idle;
        loop {
            let chunk = match incoming.chunk(idle).await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(self.ended()),
                Err(failure) => return broke(failure),
            };
            self.got += chunk.len() as u64;
            if self.got > self.plan.limit {
                return Err(too_large(self.plan.limit));
            }
            sink.put(chunk).await?;
            self.plan.tell(self.got, self.total);
        }
    }

    fn ended(&self) -> Ended {
        match self.total {
            Some(total) if total != self.got => Ended::Broke(Error::new(
                ErrorKind::Transport,
                format!("the download ended after {} of {total} bytes", self.got),
            )),
            _ => Ended::Whole,
        }
    }
}

/// A failure that may be no more than a broken connection.
fn broke(failure: Failure) -> Result<Ended> {
    match failure.error.kind() {
        ErrorKind::Connection | ErrorKind::Transport | ErrorKind::Timeout => {
            Ok(Ended::Broke(failure.error))
        }
        _ => Err(failure.error),
    }
}

fn number(value: Option<&HeaderValue>) -> Option<u64> {
    value?.to_str().ok()?.trim().parse().ok()
}

/// The first byte that comes, and how many there are in all:
/// `bytes 5-9/10`.
fn range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (bytes, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = bytes.split_once('-')?;
    Some((start.trim().parse().ok()?, total.trim().parse().ok()))
}

/// Without one that tells two versions apart for sure, a download begins anew.
/// Source: RFC 9110, 13.1.5.
fn strong_validator(headers: &HeaderMap) -> Option<HeaderValue> {
    let etag = headers.get(ETAG);
    let strong = etag.filter(|etag| !etag.as_bytes().starts_with(b"W/"));
    strong.or_else(|| headers.get(LAST_MODIFIED)).cloned()
}

/// A writer, which cannot take back what it was given.
pub(super) struct Writer<'w, W> {
    writer: &'w mut W,
    started: bool,
}

impl<'w, W> Writer<'w, W> {
    pub(super) fn new(writer: &'w mut W) -> Self {
        Self {
            writer,
            started: false,
        }
    }
}

impl<W: AsyncWrite + Send + Unpin> Sink for Writer<'_, W> {
    async fn put(&mut self, bytes: Bytes) -> Result<()> {
        self.started = true;
        self.writer.write_all(&bytes).await.map_err(writer_failed)
    }

    async fn restart(&mut self) -> Result<()> {
        match self.started {
            false => Ok(()),
            true => Err(Error::new(
                ErrorKind::Transport,
                "the download broke off, and the server cannot go on where it was",
            )
            .with_hint("download to a path or into memory, which can begin again")),
        }
    }

    async fn finish(&mut self) -> Result<()> {
        self.writer.flush().await.map_err(writer_failed)
    }
}

fn writer_failed(source: std::io::Error) -> Error {
    let message = format!("what was downloaded cannot be written: {source}");
    Error::new(ErrorKind::Io, message).with_source(source)
}
