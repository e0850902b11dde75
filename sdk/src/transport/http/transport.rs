//! One exchange over reqwest, and reading its reply within limits.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode, Url};

use super::body::Outgoing;
use super::failure::{BodyFailure, Failure, Head};
use super::operation::Operation;
use super::reply::Reply;
use super::request::Request;

/// Sends a request and waits for the head of the reply.
pub(super) async fn start(
    client: &reqwest::Client,
    request: &Request,
    url: Url,
    headers: HeaderMap,
) -> Result<Incoming, Failure> {
    let mut outgoing = reqwest::Request::new(request.method.clone(), url);
    *outgoing.headers_mut() = headers;
    *outgoing.body_mut() = match &request.outgoing {
        Some(body) => Some(body.open()),
        None => request.body.clone().map(Into::into),
    };
    let response = client
        .execute(outgoing)
        .await
        .map_err(|source| failure(request, source))?;
    Ok(Incoming {
        operation: request.operation,
        response,
    })
}

/// Why there is no reply: the connection, or the body that was to be sent.
fn failure(request: &Request, source: reqwest::Error) -> Failure {
    let own = request.outgoing.as_ref().and_then(Outgoing::take_failure);
    match own {
        Some(error) => Failure::local(error),
        None => Failure::sending(request.operation, source),
    }
}

/// A reply whose body is still to be read.
pub(crate) struct Incoming {
    operation: Operation,
    response: Response,
}

impl Incoming {
    pub(crate) fn is_success(&self) -> bool {
        self.response.status().is_success()
    }

    /// Whether something follows: a body, or another protocol.
    pub(crate) fn is_open(&self) -> bool {
        self.is_success() || self.response.status() == StatusCode::SWITCHING_PROTOCOLS
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// Whether the body is compressed, which was not requested.
    pub(crate) fn is_encoded(&self) -> bool {
        is_encoded(self.response.headers())
    }

    /// The connection itself, after the server agreed to speak another protocol.
    #[cfg(feature = "realtime")]
    pub(crate) async fn upgrade(self) -> Result<reqwest::Upgraded, Failure> {
        let operation = self.operation;
        let upgraded = self.response.upgrade().await;
        upgraded.map_err(|source| Failure::sending(operation, source))
    }

    /// Whether the body is a stream of events.
    pub(crate) fn is_event_stream(&self) -> bool {
        self.response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .and_then(|kind| kind.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream"))
    }

    /// Reads the body: a successful one up to `limit`, with no more than `idle`
    /// between two pieces; of others the first `error_limit` bytes that come within
    /// `idle`, since the status matters more than all the words.
    pub(crate) async fn read(
        self,
        limit: usize,
        error_limit: usize,
        idle: Duration,
    ) -> Result<Reply, Failure> {
        let Self {
            operation,
            response,
        } = self;
        let head = Head {
            status: response.status(),
            headers: response.headers().clone(),
        };
        let is_success = head.status.is_success();
        if is_success && is_encoded(&head.headers) {
            let failure = BodyFailure::Encoded;
            return Err(Failure::body(&head, operation, failure, Bytes::new()));
        }
        let limit = if is_success { limit } else { error_limit };
        let (body, failure) = read_body(response, limit, idle).await;
        match failure {
            // The words of an error may be incomplete; its status is known.
            Some(failure) if is_success => Err(Failure::body(&head, operation, failure, body)),
            _ => Ok(Reply {
                status: head.status,
                headers: head.headers,
                body,
            }),
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
        };
        Failure::body(&head, self.operation, what, Bytes::new())
    }
}

/// Whether the body is compressed. It is never asked for: a small body could
/// unpack to any size.
fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
}

/// What could be read, and why it is not all.
async fn read_body(
    mut response: Response,
    limit: usize,
    idle: Duration,
) -> (Bytes, Option<BodyFailure>) {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 && response.status().is_success() {
        return (Bytes::new(), Some(BodyFailure::TooLarge(limit)));
    }
    let mut body = BytesMut::new();
    let started = Instant::now();
    loop {
        let wait = match response.status().is_success() {
            true => idle,
            // The words of an error are not worth waiting for piece by piece.
            false => idle.saturating_sub(started.elapsed()),
        };
        let chunk = match tokio::time::timeout(wait, response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => return (body.freeze(), None),
            Ok(Err(source)) => return (body.freeze(), Some(BodyFailure::Broke(source))),
            Err(_) => return (body.freeze(), Some(BodyFailure::Stalled)),
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
