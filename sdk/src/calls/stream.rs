//! Streams of models: partial outputs, as soon as the model produces them.
//!
//! Source: <https://fal.ai/docs/documentation/model-apis/inference/streaming>.

mod events;
mod raw;
mod value;
mod workflow;

use std::future::IntoFuture;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{ACCEPT, HeaderValue};

pub use events::OutputStream;
pub use raw::{RawStream, RawStreaming};
pub use workflow::WorkflowEvent;

use crate::calls::call::{Call, Payload, Prepared, call_options};
use crate::calls::run;
use crate::transport::box_future::BoxFuture;
use crate::transport::endpoint_id::path_below;
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Host, Incoming, Operation, Reply, request_id};
use crate::transport::opaque::opaque;
use crate::transport::trace::{self, Span};

/// A call that opens a model's stream when it is awaited: see
/// [`Client::stream`](crate::Client::stream).
#[must_use = "a stream is opened when this is awaited"]
pub struct Streaming<P> {
    pub(crate) call: Call<P>,
    idle: Option<Duration>,
    path: Option<String>,
}

impl<P: Payload> Streaming<P> {
    pub(crate) fn new(call: Call<P>) -> Self {
        Self {
            call,
            idle: None,
            path: None,
        }
    }

    call_options!(call.options);

    /// Sets the longest time between two outputs of the model. The comments that servers send
    /// to keep a connection open do not count as outputs. Default: the client's
    /// [`Timeouts::model_stream`](crate::Timeouts).
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle = Some(timeout);
        self
    }

    /// Sets the path of the stream below the endpoint. Default: `stream`, unless the endpoint's
    /// id ends with it.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Returns a call that gives the bytes of the reply as they arrive, whatever their type,
    /// in place of decoded outputs.
    pub fn raw(self) -> RawStreaming<P> {
        RawStreaming(self)
    }

    /// Opens the reply.
    ///
    /// # Errors
    /// When the call is invalid or was refused. Once this has succeeded, the call is under way
    /// and paid for.
    async fn open(self, accept: &'static str) -> Result<Open> {
        let timeout = self.call.options.timeout;
        let (idle, path) = (self.idle, self.path);
        let prepared = self.call.prepare().await?;
        let endpoint = prepared.endpoint.shared();
        let span = Span::of("stream", &endpoint);
        let opening = open(&prepared, path.as_deref(), timeout, accept);
        let incoming = span.enter(opening).await.map_err(|error| {
            let error = error.with_endpoint(endpoint);
            span.end(Err(&error));
            error
        })?;
        Ok(Open {
            source: Source {
                incoming,
                idle: idle.unwrap_or(prepared.http.settings().timeouts.model_stream),
                deadline: prepared.deadline,
            },
            prepared,
            span,
        })
    }
}

impl<P: Payload> IntoFuture for Streaming<P> {
    type Output = Result<OutputStream<P::Output>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let open = self
                .open("text/event-stream, application/json;q=0.9")
                .await?;
            OutputStream::of(open).await
        })
    }
}

/// A reply that has begun.
struct Open {
    source: Source,
    prepared: Prepared,
    /// The span of the call until its stream ends.
    span: Span,
}

/// The rest of a reply, and how long it may take to arrive.
struct Source {
    incoming: Incoming,
    idle: Duration,
    deadline: Option<Instant>,
}

impl Source {
    /// The next bytes, or `None` at the end.
    async fn chunk(&mut self) -> Result<Option<Bytes>> {
        self.chunk_since(Instant::now()).await
    }

    /// The next bytes, or `None` at the end. The time limit between two outputs counts from
    /// `since`.
    async fn chunk_since(&mut self, since: Instant) -> Result<Option<Bytes>> {
        let now = Instant::now();
        let left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(now));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(out_of_time());
        }
        let silent = now.saturating_duration_since(since);
        let idle = self.idle.saturating_sub(silent);
        if idle.is_zero() && !self.idle.is_zero() {
            let message = format!("the model sent no output for {:?}", self.idle);
            return Err(Error::new(ErrorKind::Timeout, message));
        }
        let wait = left.map_or(idle, |left| left.min(idle));
        let chunk = self.incoming.chunk(wait).await;
        chunk.map_err(|failure| failure.error)
    }

    /// Reads the whole reply.
    async fn read(self, limit: usize) -> Result<Reply> {
        let reading = self.incoming.read(limit, limit, self.idle);
        let reply = match self.deadline {
            None => reading.await,
            Some(deadline) => match tokio::time::timeout_at(deadline.into(), reading).await {
                Ok(reply) => reply,
                Err(_) => return Err(out_of_time()),
            },
        };
        reply.map_err(|failure| failure.error)
    }
}

fn out_of_time() -> Error {
    let message = "the time limit passed before the stream ended";
    Error::new(ErrorKind::Timeout, message)
}

async fn open(
    prepared: &Prepared,
    path: Option<&str>,
    timeout: Option<Duration>,
    accept: &'static str,
) -> Result<Incoming> {
    let http = &prepared.http;
    let timeout = timeout.unwrap_or(http.settings().timeouts.run);
    let mut request = prepared
        .request(Operation::Stream, Host::Run, timeout)
        .header(ACCEPT, HeaderValue::from_static(accept));
    let full = path_below(request.url.path(), path, "stream")?;
    request.url_mut().set_path(&full);
    match http.open_as_allowed(&request).await? {
        Ok(incoming) => {
            trace::request_id_of(|| request_id(incoming.headers()));
            Ok(incoming)
        }
        Err(reply) => Err(run::error(&reply, Operation::Stream)),
    }
}

opaque! { Streaming<P> }
