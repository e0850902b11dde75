//! The bytes of a stream, whatever their type.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, try_unfold};

use super::events::AcceptedCall;
use super::{Open, Source, Streaming};
use crate::calls::call::Payload;
use crate::transport::box_future::into_future;
use crate::transport::error::Result;
use crate::transport::http::header;
use crate::transport::opaque::opaque;
use crate::transport::trace::Span;

/// A call that opens a model's stream as bytes when it is awaited: see [`Streaming::raw`].
#[must_use = "a stream is opened when this is awaited"]
pub struct RawStreaming<P>(pub(super) Streaming<P>);

into_future! {
    <P: Payload> RawStreaming<P> => RawStream,
    |call| async move { call.0.open("*/*").await.map(RawStream::of) }
}

/// The bytes of a model's reply as they arrive, such as audio, an image or text.
///
/// This is a [`Stream`]; [`next`](Self::next) reads it without further crates. Dropping it
/// closes the connection.
#[must_use = "bytes are received only while they are awaited"]
pub struct RawStream {
    chunks: BoxStream<'static, Result<Bytes>>,
    content_type: Option<String>,
    request_id: Option<Arc<str>>,
    billable_units: Option<f64>,
}

impl RawStream {
    fn of(open: Open) -> Self {
        let call = AcceptedCall::of(&open);
        let content_type = header(open.source.incoming.headers(), "content-type");
        let content_type = content_type.map(str::to_owned);
        let (request_id, billable_units) = (call.request_id.clone(), call.billable_units);
        let reader = Reader {
            source: open.source,
            span: open.span,
            call,
        };
        // An error is the last item.
        let chunks = try_unfold(reader, |mut reader| async move {
            let chunk = reader.next().await?;
            Ok(chunk.map(|chunk| (chunk, reader)))
        });
        Self {
            chunks: chunks.boxed(),
            content_type,
            request_id,
            billable_units,
        }
    }

    /// Returns the media type of the reply, if the model set one.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns the id of the request, if the server sent one.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns the billed units, if the platform reports them at the beginning of the reply
    /// (`X-Fal-Billable-Units`).
    pub fn billable_units(&self) -> Option<f64> {
        self.billable_units
    }

    /// Waits for the next bytes; `None` after the last. After an error, the stream ends.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        StreamExt::next(self).await
    }
}

/// Reads the bytes of a reply.
struct Reader {
    source: Source,
    span: Span,
    call: AcceptedCall,
}

impl Reader {
    /// The next bytes, or `None` at the end, read in the span of the call.
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let chunk = self.span.enter(self.source.chunk()).await;
        let chunk = chunk.map_err(|error| self.call.with_call_context(error));
        match &chunk {
            Ok(Some(_)) => {}
            Ok(None) => self.span.end(Ok(())),
            Err(error) => self.span.end(Err(error)),
        }
        chunk
    }
}

impl Stream for RawStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.poll_next_unpin(context)
    }
}

opaque! { RawStream, RawStreaming<P> }
