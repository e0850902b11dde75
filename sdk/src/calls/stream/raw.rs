//! The bytes of a stream, whatever their type.

use std::future::{IntoFuture, poll_fn};
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::{Open, Source, Streaming};
use crate::calls::call::Payload;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{Error, Result};
use crate::transport::http::{header, request_id};
use crate::transport::opaque::opaque;

/// A model's stream, opened as bytes when this is awaited: made by
/// [`Streaming::raw`].
#[must_use = "a stream is opened when this is awaited"]
pub struct RawStreaming<P>(pub(super) Streaming<P>);

impl<P: Payload> IntoFuture for RawStreaming<P> {
    type Output = Result<RawStream>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.0.open("*/*").await.map(RawStream::of) })
    }
}

/// The bytes of a model's reply as they come: sound, images, text.
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates.
/// Dropped, it closes the connection.
#[must_use = "bytes come when they are asked for"]
pub struct RawStream {
    state: State,
    endpoint: Arc<str>,
    content_type: Option<String>,
    request_id: Option<String>,
}

enum State {
    Idle(Box<Source>),
    Busy(BoxFuture<(Box<Source>, Result<Option<Bytes>>)>),
    Over,
}

impl RawStream {
    fn of(open: Open) -> Self {
        let headers = open.source.incoming.headers();
        Self {
            endpoint: open.prepared.endpoint.shared(),
            content_type: header(headers, "content-type").map(str::to_owned),
            request_id: request_id(headers).map(|id| id.to_string()),
            state: State::Idle(Box::new(open.source)),
        }
    }

    /// The media type that the model gave the reply.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The id of the request, if the server gave one.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The next bytes; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn name(&self, error: Error) -> Error {
        error
            .with_accepted_job()
            .with_endpoint(Arc::clone(&self.endpoint))
            .with_request_id(self.request_id.as_deref().map(Into::into))
    }
}

impl Stream for RawStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut reading = match mem::replace(&mut self.state, State::Over) {
            State::Over => return Poll::Ready(None),
            State::Busy(reading) => reading,
            State::Idle(mut source) => Box::pin(async move {
                let chunk = source.chunk().await;
                (source, chunk)
            }),
        };
        match reading.as_mut().poll(context) {
            Poll::Pending => {
                self.state = State::Busy(reading);
                Poll::Pending
            }
            Poll::Ready((_, Ok(None))) => Poll::Ready(None),
            Poll::Ready((_, Err(error))) => Poll::Ready(Some(Err(self.name(error)))),
            Poll::Ready((source, Ok(Some(bytes)))) => {
                self.state = State::Idle(source);
                Poll::Ready(Some(Ok(bytes)))
            }
        }
    }
}

opaque! { RawStream, RawStreaming<P> }
