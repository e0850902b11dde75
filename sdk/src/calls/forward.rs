//! Requests of other programs, passed on to fal with this client's key.
//!
//! With this module you can build a server that holds the key and passes on the calls of
//! browsers; the package `fal-proxy` is such a server. The key is sent only to the addresses
//! that the client has for fal's services, each request is sent once, and redirects are not
//! followed.

mod mask;

use std::future::IntoFuture;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, poll_fn, unfold};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use mask::Mask;

pub use crate::transport::http::target::{Target, TargetError};

use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::body::{Outgoing, Pieces};
use crate::transport::http::limits::Timeouts;
use crate::transport::http::{Http, Incoming, Operation, Request};
use crate::transport::lock::lock;
use crate::transport::opaque::opaque;

/// A request of another program, which is passed on when this is awaited: see
/// [`Client::forward`](crate::Client::forward).
#[must_use = "a request is passed on when it is awaited"]
pub struct Forward {
    http: Http,
    request: Request,
}

impl Forward {
    pub(crate) fn new(http: Http, operation: Operation, method: Method, target: &Target) -> Self {
        let url = http.settings().hosts.url_of(target);
        let timeout = time_to_reply(operation, &http.settings().timeouts);
        let mut request = Request::new(operation, method, url).timeout(timeout);
        request.reply_timeout = Some(timeout);
        Self { http, request }
    }

    /// Adds headers, which replace earlier ones of the same name. The client's key always
    /// replaces `Authorization`.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.request = self.request.headers(headers);
        self
    }

    /// Sets the body, given as its length in bytes and a stream of its pieces. The request
    /// fails if the pieces have more or fewer bytes.
    ///
    /// There is no limit for sending the whole body, only for the time between two pieces.
    /// The time limit for the reply begins at the end of the body.
    pub fn body(
        mut self,
        length: u64,
        pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        let pieces: BoxStream<'static, _> = pieces.boxed();
        let shared = Arc::new(Mutex::new(pieces));
        // There is a second attempt only if no connection was made, and nothing is read then.
        let open = move || -> Pieces {
            let shared = Arc::clone(&shared);
            Box::pin(poll_fn(move |context| {
                let piece = lock(&shared).poll_next_unpin(context);
                piece.map(|piece| piece.map(|piece| piece.map_err(unreadable)))
            }))
        };
        let body = Outgoing::new(length, open, |_| {});
        self.request = self.request.outgoing(body).timeout(Duration::MAX);
        self
    }
}

/// The longest time until the head of a reply arrives.
fn time_to_reply(operation: Operation, timeouts: &Timeouts) -> Duration {
    match operation {
        Operation::Run | Operation::Stream => timeouts.run,
        Operation::Result => timeouts.result,
        _ => timeouts.request,
    }
}

/// The longest time between two pieces of a reply.
fn idle_time(operation: Operation, timeouts: &Timeouts) -> Duration {
    match operation {
        Operation::Run | Operation::Stream => timeouts.model_stream,
        Operation::StatusStream => timeouts.stream_idle,
        _ => timeouts.idle,
    }
}

fn unreadable(source: io::Error) -> Error {
    Error::new(
        ErrorKind::Io,
        format!("the body of the request cannot be read: {source}"),
    )
    .with_source(source)
}

impl IntoFuture for Forward {
    type Output = Result<Forwarded>;
    type IntoFuture = BoxFuture<Self::Output>;

    /// Passes the request on and waits for the head of the reply.
    ///
    /// # Errors
    /// When there is no reply, or the reply is a redirect. The error is
    /// [`OutcomeUnknown`](ErrorKind::OutcomeUnknown) if the request can cost money and may
    /// have been accepted. A reply with an error status is not an error.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let operation = self.request.operation;
            let timeouts = &self.http.settings().timeouts;
            let opened = self.http.open(&self.request).await;
            let incoming = opened.map_err(|failure| failure.into_error(operation))?;
            if incoming.status().is_redirection() {
                let reply = incoming.read(0, 0, Duration::ZERO).await;
                let reply = reply.map_err(|failure| failure.into_error(operation))?;
                return Err(reply.error(operation));
            }
            let mask = Mask::new(incoming.secrets());
            Ok(Forwarded {
                idle: idle_time(operation, timeouts),
                headers: mask.headers(incoming.headers()),
                incoming,
                mask,
            })
        })
    }
}

/// The reply to a request that was passed on, whose body is read as it arrives.
///
/// A header that contains the client's key is removed, and in the body the key is replaced by
/// asterisks. Dropping the reply closes the connection.
#[must_use = "the reply has to be passed back to the program that made the request"]
pub struct Forwarded {
    incoming: Incoming,
    headers: HeaderMap,
    mask: Mask,
    idle: Duration,
}

impl Forwarded {
    /// Returns the HTTP status of the reply.
    pub fn status(&self) -> StatusCode {
        self.incoming.status()
    }

    /// Returns the headers of the reply.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body as a stream of pieces. After an error, the stream ends.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
        unfold(Some(self), |reply| async move {
            let mut reply = reply?;
            match reply.incoming.chunk(reply.idle).await {
                Ok(Some(chunk)) => Some((Ok(reply.mask.piece(chunk)), Some(reply))),
                Ok(None) => reply.mask.rest().map(|rest| (Ok(rest), None)),
                Err(failure) => Some((Err(failure.error), None)),
            }
        })
    }
}

opaque! { Forward, Forwarded }
