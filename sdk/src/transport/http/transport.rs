//! One exchange over reqwest, and reading its reply within limits.

use std::mem;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode, Url, Version};

use super::array_tail::ArrayTail;
use super::body::Outgoing;
use super::connections::Lease;
use super::failure::{BodyFailure, Failure, Head};
use super::operation::Operation;
use super::proxy;
use super::reply::{Reply, encoding, header};
use super::request::Request;
use crate::transport::redact::Secrets;

/// Sends a request and waits for the head of the reply.
pub(super) async fn start(
    lease: &Lease,
    request: &Request,
    url: Url,
    headers: HeaderMap,
) -> Result<Incoming, Failure> {
    let _turn = lease.turn(&url).await;
    send(&lease.client, request, url, headers)
        .await
        .inspect(|_| lease.was_answered())
}

/// Not an `async fn`, whose future would keep room for all that the request is made of.
fn send(
    client: &reqwest::Client,
    request: &Request,
    url: Url,
    headers: HeaderMap,
) -> impl Future<Output = Result<Incoming, Failure>> {
    let secrets = Secrets::of_headers(&headers);
    let to_proxy = headers.contains_key(proxy::TARGET);
    let mut outgoing = reqwest::Request::new(request.method.clone(), url);
    *outgoing.headers_mut() = headers;
    *outgoing.body_mut() = match &request.outgoing {
        Some(body) => Some(body.open()),
        None => request.body.clone().map(Into::into),
    };
    let sent = client.execute(outgoing);
    async move {
        let response = sent
            .await
            .map_err(|source| failure(request, source, to_proxy))?;
        Ok(Incoming {
            operation: request.operation,
            response,
            secrets,
        })
    }
}

/// Why there is no reply: the body could not be read, or the connection failed.
fn failure(request: &Request, source: reqwest::Error, to_proxy: bool) -> Failure {
    let own = request.outgoing.as_ref().and_then(Outgoing::take_failure);
    match own {
        Some(error) => Failure::local(error),
        None => Failure::sending(request.operation, source, to_proxy),
    }
}

/// A reply whose body has not been read yet.
pub(crate) struct Incoming {
    operation: Operation,
    response: Response,
    /// The secrets of the request, which must not be shown.
    secrets: Secrets,
}

/// How much of a body is read, and how long that may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadLimits {
    /// The largest successful body.
    pub(crate) success: usize,
    /// How much is kept of a body with an error status.
    pub(crate) error: usize,
    /// The longest time between two pieces.
    pub(crate) idle: Duration,
    /// The name of an array in a successful body, and the largest size of that body. Only as
    /// many of the array's last items are kept as fit into `success`.
    pub(crate) tail_of: Option<(&'static str, usize)>,
}

impl Incoming {
    pub(crate) fn is_success(&self) -> bool {
        self.response.status().is_success()
    }

    /// Whether the reply is a success that is still to be read: a body, or a connection
    /// that switched protocols.
    pub(crate) fn is_open(&self) -> bool {
        self.is_success() || self.response.status() == StatusCode::SWITCHING_PROTOCOLS
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(super) fn is_http2(&self) -> bool {
        self.response.version() == Version::HTTP_2
    }

    /// The secrets of the request, which must not be shown.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// Whether the body is compressed, which was not requested.
    pub(crate) fn is_encoded(&self) -> bool {
        encoding(self.response.headers()).is_some()
    }

    /// The connection itself, after the server agreed to speak another protocol.
    #[cfg(feature = "realtime")]
    pub(crate) async fn upgrade(self) -> Result<reqwest::Upgraded, Failure> {
        let operation = self.operation;
        let upgraded = self.response.upgrade().await;
        upgraded.map_err(|source| Failure::sending(operation, source, false))
    }

    /// Whether the body is a stream of events.
    pub(crate) fn is_event_stream(&self) -> bool {
        header(self.headers(), CONTENT_TYPE)
            .and_then(|kind| kind.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream"))
    }

    /// Reads the body. A successful one may have up to `limit` bytes, with no more than
    /// `idle` between two pieces. Of a body with an error status, only the first
    /// `error_limit` bytes are kept that arrive within `idle`, since the status matters more
    /// than the message.
    pub(crate) async fn read(
        self,
        limit: usize,
        error_limit: usize,
        idle: Duration,
    ) -> Result<Reply, Failure> {
        self.read_within(ReadLimits {
            success: limit,
            error: error_limit,
            idle,
            tail_of: None,
        })
        .await
    }

    /// Reads the body within limits. A body in a coding that is not decoded here is
    /// kept as it is.
    pub(crate) async fn read_within(mut self, limits: ReadLimits) -> Result<Reply, Failure> {
        let response = &mut self.response;
        let is_success = response.status().is_success();
        let coding = encoding(response.headers());
        let (body, failure) = match (is_success, limits.tail_of) {
            (true, Some((array, largest))) if coding.is_none() => {
                let tail = ArrayTail::new(array, limits.success);
                Box::pin(read_tail(response, tail, largest, limits.idle)).await
            }
            (true, _) => read_body(response, limits.success, limits.idle).await,
            (false, _) => read_body(response, limits.error, limits.idle).await,
        };
        let (operation, head) = (self.operation, self.into_head());
        let failure = match (failure, coding) {
            (None, Some(coding)) => Some(BodyFailure::Encoded(coding)),
            (failure, _) => failure,
        };
        match failure {
            // The body of an error may be incomplete, since its status is known.
            Some(failure) if is_success => Err(Failure::body(&head, operation, failure, body)),
            _ => Ok(Reply {
                status: head.status,
                headers: head.headers,
                body,
                secrets: head.secrets,
            }),
        }
    }

    fn into_head(mut self) -> Head {
        Head {
            status: self.response.status(),
            headers: mem::take(self.response.headers_mut()),
            secrets: self.secrets,
        }
    }

    /// The next piece of the body; `None` at its end.
    pub(crate) async fn chunk(&mut self, idle: Duration) -> Result<Option<Bytes>, Failure> {
        match tokio::time::timeout(idle, self.response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(source)) => Err(self.failure(BodyFailure::Broke(source))),
            Err(_) => Err(self.failure(BodyFailure::Stalled)),
        }
    }

    fn failure(&self, what: BodyFailure) -> Failure {
        let head = Head {
            status: self.response.status(),
            headers: self.response.headers().clone(),
            secrets: self.secrets.clone(),
        };
        Failure::body(&head, self.operation, what, Bytes::new())
    }
}

/// Reads a body of up to `limit` bytes. Returns what was read and, if it is incomplete, why.
async fn read_body(
    response: &mut Response,
    limit: usize,
    idle: Duration,
) -> (Bytes, Option<BodyFailure>) {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 && response.status().is_success() {
        return (Bytes::new(), Some(BodyFailure::TooLarge(limit)));
    }
    let mut body = BytesMut::new();
    // The body of an error is not waited for piece by piece.
    let started = (!response.status().is_success()).then(Instant::now);
    loop {
        let wait = started.map_or(idle, |started| idle.saturating_sub(started.elapsed()));
        let chunk = match next_chunk(response, wait).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return (body.freeze(), None),
            Err(failure) => return (body.freeze(), Some(failure)),
        };
        let room = limit - body.len();
        if chunk.len() > room {
            body.extend_from_slice(&chunk[..room]);
            return (body.freeze(), Some(BodyFailure::TooLarge(limit)));
        }
        if body.is_empty() && chunk.len() as u64 == announced {
            return (chunk, None);
        }
        body.extend_from_slice(&chunk);
    }
}

/// Reads a body of up to `largest` bytes, and keeps only the last items of its array.
async fn read_tail(
    response: &mut Response,
    mut tail: ArrayTail,
    largest: usize,
    idle: Duration,
) -> (Bytes, Option<BodyFailure>) {
    let mut read = 0_usize;
    loop {
        let chunk = match next_chunk(response, idle).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return (tail.into_bytes().into(), None),
            Err(failure) => return (tail.into_bytes().into(), Some(failure)),
        };
        read = read.saturating_add(chunk.len());
        if read > largest || tail.push(&chunk).is_err() {
            return (Bytes::new(), Some(BodyFailure::TooLarge(largest)));
        }
    }
}

async fn next_chunk(response: &mut Response, wait: Duration) -> Result<Option<Bytes>, BodyFailure> {
    // A small body mostly arrives with the head, and then needs no timer.
    if let Some(chunk) = response.chunk().now_or_never() {
        return chunk.map_err(BodyFailure::Broke);
    }
    match tokio::time::timeout(wait, response.chunk()).await {
        Ok(chunk) => chunk.map_err(BodyFailure::Broke),
        Err(_) => Err(BodyFailure::Stalled),
    }
}
