//! Requests of other programs, passed on with this client's key.
//!
//! This is what a server is made of that keeps the key while browsers make the calls: the
//! package `fal-proxy` is one. The key goes to the addresses that the client has for fal's
//! services and nowhere else, requests are sent once, and redirects are not followed.

mod mask;

use std::future::IntoFuture;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
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
use crate::transport::opaque::opaque;

/// A request that is passed on when this is awaited: returned by
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

    /// Adds headers, over those of the same name. The key replaces any `Authorization`.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.request = self.request.headers(headers);
        self
    }

    /// Sets the body: its length, and its pieces as they come. If they turn out to be more
    /// or fewer bytes, the request fails.
    ///
    /// Sending may take as long as the pieces move; the limit for the reply then counts
    /// from the end of the body.
    pub fn body(
        mut self,
        length: u64,
        pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        let pieces: BoxStream<'static, _> = pieces.boxed();
        let shared = Arc::new(Mutex::new(pieces));
        // A second attempt follows a connection that was not made, so nothing is read yet.
        let open = move || -> Pieces {
            let shared = Arc::clone(&shared);
            Box::pin(poll_fn(move |context| {
                let mut pieces = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let piece = pieces.poll_next_unpin(context);
                piece.map(|piece| piece.map(|piece| piece.map_err(unreadable)))
            }))
        };
        let body = Outgoing::new(length, open, |_| {});
        self.request = self.request.outgoing(body).timeout(Duration::MAX);
        self
    }
}

/// How long the head of a reply may take to come.
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

    /// # Errors
    /// When no reply came. If the request can cost money and may have been accepted, the
    /// error is [`OutcomeUnknown`](ErrorKind::OutcomeUnknown). A reply with an error status
    /// is a reply; a redirect is an error.
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

/// The reply to a request that was passed on; its body is read as it comes.
///
/// If the server repeats the key in a header, the header is left out; in the body there are
/// asterisks in its place. Dropping it closes the connection.
#[must_use = "the reply is to be passed back"]
pub struct Forwarded {
    incoming: Incoming,
    headers: HeaderMap,
    mask: Mask,
    idle: Duration,
}

impl Forwarded {
    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.incoming.status()
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body, piece by piece. An error is the last item.
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
