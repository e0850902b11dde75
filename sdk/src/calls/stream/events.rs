//! A stream of outputs.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, try_unfold};
use serde_json::Value;

use super::value::value;
use super::{Open, Source};
use crate::contract::wire::{Decode, DecodeError};
use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::sse::Parser;
use crate::transport::http::{Operation, billable_units, request_id};
use crate::transport::opaque::opaque;
use crate::transport::redact::Secrets;
use crate::transport::trace::Span;

/// The outputs of a model's stream. All outputs are partial except the last one, which is
/// complete.
///
/// This is a [`Stream`]; [`next`](Self::next) reads it without further crates, and
/// [`last`](Self::last) waits for the complete output. Dropping it closes the connection.
///
/// Models do not mark the end of their streams. A stream that a proxy closed early but cleanly
/// therefore cannot be distinguished from a complete one.
#[must_use = "outputs are received only while they are awaited"]
pub struct OutputStream<O> {
    values: BoxStream<'static, Result<Value>>,
    call: AcceptedCall,
    output: PhantomData<fn() -> O>,
}

impl<O: Decode> OutputStream<O> {
    pub(super) async fn of(open: Open) -> Result<Self> {
        // A compressed stream cannot be read as it arrives, so it is read as a whole.
        let incoming = &open.source.incoming;
        let is_events = incoming.is_event_stream() && !incoming.is_encoded();
        let mut reader = Reader::new(open);
        if !is_events {
            reader.read_whole().await?;
        }
        let call = reader.call.clone();
        // An error is the last item.
        let values = try_unfold(reader, |mut reader| async move {
            let value = reader.traced_next().await?;
            Ok(value.map(|value| (value, reader)))
        });
        Ok(Self {
            values: values.boxed(),
            call,
            output: PhantomData,
        })
    }

    /// Returns the id of the request, if the server sent one.
    pub fn request_id(&self) -> Option<&str> {
        self.call.request_id.as_deref()
    }

    /// Returns the billed units, if the platform reports them at the beginning of the stream
    /// (`X-Fal-Billable-Units`).
    pub fn billable_units(&self) -> Option<f64> {
        self.call.billable_units
    }

    /// Waits for the next output; `None` after the last one. After an output that does not
    /// match its type, the stream continues; any other error is the last item.
    pub async fn next(&mut self) -> Option<Result<O>> {
        StreamExt::next(self).await
    }

    /// Waits for the end of the stream and returns the last output.
    ///
    /// # Errors
    /// When the stream breaks, the model fails, an output does not match its type, or there was
    /// no output at all.
    pub async fn last(mut self) -> Result<O> {
        let mut last = None;
        while let Some(output) = self.next().await {
            last = Some(output?);
        }
        last.ok_or_else(|| {
            let error = Error::new(ErrorKind::Decode, "the stream ended without an output");
            self.call.with_call_context(error)
        })
    }

    /// Decodes an output. An output that does not match its type does not end the stream.
    fn decode(&self, value: Value) -> Result<O> {
        O::decode(&value).map_err(|source| self.call.with_call_context(mismatch(&value, source)))
    }
}

impl<O: Decode> Stream for OutputStream<O> {
    type Item = Result<O>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.values.poll_next_unpin(context);
        next.map(|value| value.map(|value| value.and_then(|value| self.decode(value))))
    }
}

fn mismatch(value: &Value, source: DecodeError) -> Error {
    Error::decode("an output of the stream does not match its type", source)
        .with_hint("the output is not lost: it is in `raw_body()`")
        .with_body(Bytes::from(value.to_string()))
}

/// The call behind a stream. It is under way and paid for, and would be paid for again if it
/// were repeated.
#[derive(Clone)]
pub(super) struct AcceptedCall {
    pub(super) endpoint: Arc<str>,
    pub(super) request_id: Option<Arc<str>>,
    pub(super) billable_units: Option<f64>,
    secrets: Secrets,
}

impl AcceptedCall {
    pub(super) fn of(open: &Open) -> Self {
        Self {
            endpoint: open.prepared.endpoint.shared(),
            request_id: request_id(open.source.incoming.headers()).map(Arc::from),
            billable_units: billable_units(open.source.incoming.headers()),
            secrets: open.source.incoming.secrets().clone(),
        }
    }

    /// Adds the endpoint and the id of the call to an error.
    pub(super) fn with_call_context(&self, error: Error) -> Error {
        error
            .with_secrets(&self.secrets)
            .with_accepted_job()
            .with_endpoint(Arc::clone(&self.endpoint))
            .with_request_id(self.request_id.clone())
            .with_billable_units(self.billable_units)
    }
}

/// Reads the values of a reply.
struct Reader {
    source: Option<Source>,
    /// The value of a reply that is not an event stream but one JSON value.
    whole: Option<Value>,
    parser: Parser,
    output_limit: usize,
    call: AcceptedCall,
    span: Span,
}

impl Reader {
    fn new(open: Open) -> Self {
        let limits = &open.prepared.http.settings().limits;
        Self {
            whole: None,
            parser: Parser::new(limits.event),
            output_limit: limits.output,
            call: AcceptedCall::of(&open),
            span: open.span,
            source: Some(open.source),
        }
    }

    /// Reads a reply that is one JSON value.
    async fn read_whole(&mut self) -> Result<()> {
        let Some(source) = self.source.take() else {
            return Ok(());
        };
        let reply = self.span.enter(source.read(self.output_limit)).await;
        let reply = reply.map_err(|error| self.call.with_call_context(error))?;
        let value = reply.json(Operation::Stream).map_err(|error| {
            let kind = reply.header("content-type");
            let message = format!(
                "the model answered with {} in place of a stream of outputs",
                kind.unwrap_or("a reply without a content type")
            );
            let error = error.with_message(message);
            let hint = "it is in `raw_body()`; `.raw()` streams such replies";
            self.call.with_call_context(error.with_hint(hint))
        })?;
        self.whole = Some(value);
        Ok(())
    }

    /// The next value, or `None` at the end, read in the span of the call.
    async fn traced_next(&mut self) -> Result<Option<Value>> {
        let span = self.span.clone();
        let next = span.enter(self.next()).await;
        let next = next.map_err(|error| self.call.with_call_context(error));
        match &next {
            Ok(Some(_)) => {}
            Ok(None) => span.end(Ok(())),
            Err(error) => span.end(Err(error)),
        }
        next
    }

    async fn next(&mut self) -> Result<Option<Value>> {
        if let Some(value) = self.whole.take() {
            return Ok(Some(value));
        }
        let mut since = Instant::now();
        loop {
            while let Some(event) = self.parser.next() {
                if !event.data.is_empty() {
                    return value(&event).map(Some);
                }
            }
            let chunk = match &mut self.source {
                Some(source) => source.chunk_since(since).await?,
                None => None,
            };
            let Some(chunk) = chunk else {
                return self.end();
            };
            let before = self.parser.data_length();
            self.parser.push(&chunk).map_err(|_| {
                Error::new(ErrorKind::TooLarge, "an event of the stream is too large")
                    .with_hint("the limit is set with `ClientBuilder::limits`")
            })?;
            // A large output may take longer, as long as parts of it arrive. Comments are not
            // parts of an output.
            if self.parser.data_length() > before {
                since = Instant::now();
            }
        }
    }

    /// Ends the stream, with an error if it ends in the middle of an event.
    fn end(&self) -> Result<Option<Value>> {
        match self.parser.is_inside_event() {
            false => Ok(None),
            true => Err(Error::new(
                ErrorKind::Transport,
                "the stream ended in the middle of an output",
            )),
        }
    }
}

opaque! { OutputStream<O> }
