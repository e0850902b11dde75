//! A stream of outputs.

use std::future::poll_fn;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use serde_json::Value;

use super::{Open, Source};
use crate::contract::wire::Decode;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::{ApiBody, Error, ErrorKind, Result};
use crate::transport::http::sse::{Event, Parser};
use crate::transport::http::{Operation, request_id};
use crate::transport::opaque::opaque;

/// The outputs of a model's stream: partial ones, the last of them whole.
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates, and
/// [`last`](Self::last) waits for the whole output. Dropped, it closes the
/// connection.
///
/// Models end their streams without a word, so a stream that ends early because
/// something on the way closed it properly cannot be told from one that is whole.
#[must_use = "outputs come when they are asked for"]
pub struct OutputStream<O> {
    state: State,
    request_id: Option<Arc<str>>,
    output: PhantomData<fn() -> O>,
}

enum State {
    Idle(Box<Reader>),
    Busy(BoxFuture<(Box<Reader>, Result<Option<Value>>)>),
    Over,
}

impl<O: Decode> OutputStream<O> {
    pub(super) async fn of(open: Open) -> Result<Self> {
        let request_id = request_id(open.source.incoming.headers());
        let is_events = open.source.incoming.is_event_stream();
        let mut reader = Reader::new(open);
        if !is_events {
            reader.read_whole().await?;
        }
        Ok(Self {
            state: State::Idle(Box::new(reader)),
            request_id,
            output: PhantomData,
        })
    }

    /// The id of the request, if the server gave one.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The next output; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<O>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Waits for the end and returns the last output.
    ///
    /// # Errors
    /// When the stream breaks, the model fails, or there was no output at all.
    pub async fn last(mut self) -> Result<O> {
        let mut last = None;
        while let Some(output) = self.next().await {
            last = Some(output?);
        }
        last.ok_or_else(|| {
            Error::new(ErrorKind::Decode, "the stream ended without an output")
                .with_accepted_job()
                .with_request_id(self.request_id.clone())
        })
    }
}

impl<O: Decode> Stream for OutputStream<O> {
    type Item = Result<O>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut reading = match mem::replace(&mut self.state, State::Over) {
            State::Over => return Poll::Ready(None),
            State::Busy(reading) => reading,
            State::Idle(mut reader) => Box::pin(async move {
                let value = reader.next().await;
                (reader, value)
            }),
        };
        let (reader, value) = match reading.as_mut().poll(context) {
            Poll::Ready(done) => done,
            Poll::Pending => {
                self.state = State::Busy(reading);
                return Poll::Pending;
            }
        };
        Poll::Ready(match value {
            Ok(None) => None,
            Err(error) => Some(Err(reader.name(error))),
            Ok(Some(value)) => {
                let output = O::decode(&value).map_err(|source| {
                    let message = format!(
                        "an output of the stream does not have the shape of its type {source}"
                    );
                    let error = Error::new(ErrorKind::Decode, message)
                        .with_hint("the output is not lost: it is in `raw_body()`")
                        .with_body(Bytes::from(value.to_string()))
                        .with_decode(source);
                    reader.name(error)
                });
                // One odd output does not end the stream.
                self.state = State::Idle(reader);
                Some(output)
            }
        })
    }
}

/// Reads the values of a reply.
struct Reader {
    source: Option<Source>,
    /// The one value of a reply that is no event stream.
    whole: Option<Value>,
    parser: Parser,
    output_limit: usize,
    endpoint: Arc<str>,
    request_id: Option<Arc<str>>,
}

impl Reader {
    fn new(open: Open) -> Self {
        let limits = &open.prepared.http.settings().limits;
        Self {
            request_id: request_id(open.source.incoming.headers()),
            whole: None,
            parser: Parser::new(limits.event),
            output_limit: limits.output,
            endpoint: open.prepared.endpoint.shared(),
            source: Some(open.source),
        }
    }

    /// Reads a reply that is one JSON value.
    async fn read_whole(&mut self) -> Result<()> {
        let Some(source) = self.source.take() else {
            return Ok(());
        };
        let reply = source.read(self.output_limit).await;
        let reply = reply.map_err(|error| self.name(error))?;
        let value = reply.json(Operation::Stream).map_err(|error| {
            let kind = reply.header("content-type");
            let message = format!(
                "the model answered with {} in place of a stream of outputs",
                kind.unwrap_or("something without a type")
            );
            let error = error.with_message(message);
            self.name(error.with_hint("it is in `raw_body()`; `.raw()` streams such replies"))
        })?;
        self.whole = Some(value);
        Ok(())
    }

    /// The next value; `None` at the end.
    async fn next(&mut self) -> Result<Option<Value>> {
        if let Some(value) = self.whole.take() {
            return Ok(Some(value));
        }
        loop {
            while let Some(event) = self.parser.next() {
                if !event.data.is_empty() {
                    return value(&event).map(Some);
                }
            }
            let chunk = match &mut self.source {
                Some(source) => source.chunk().await?,
                None => None,
            };
            let Some(chunk) = chunk else {
                return self.end();
            };
            self.parser.push(&chunk).map_err(|_| {
                Error::new(ErrorKind::TooLarge, "an event of the stream is too large")
                    .with_hint("the limit is set with `ClientBuilder::limits`")
            })?;
        }
    }

    /// A stream that ends in the middle of an event was cut.
    fn end(&self) -> Result<Option<Value>> {
        match self.parser.is_inside_event() {
            false => Ok(None),
            true => Err(Error::new(
                ErrorKind::Transport,
                "the stream ended in the middle of an output",
            )),
        }
    }

    /// The error of a call that is paid for: repeating it would pay again.
    fn name(&self, error: Error) -> Error {
        error
            .with_accepted_job()
            .with_endpoint(Arc::clone(&self.endpoint))
            .with_request_id(self.request_id.clone())
    }
}

/// What an event says: an output, or that the model failed. There is no official
/// form of the latter; models and servers use an event named `error`, or an object
/// with nothing but the words of one.
fn value(event: &Event) -> Result<Value> {
    let is_error = event.event.as_deref() == Some("error");
    match serde_json::from_str::<Value>(&event.data) {
        Ok(value) if !is_error && !is_only_error(&value) => Ok(value),
        Err(source) if !is_error => {
            let message = format!("an event of the stream is not JSON: {source}");
            Err(Error::new(ErrorKind::Decode, message)
                .with_body(Bytes::copy_from_slice(event.data.as_bytes())))
        }
        _ => {
            let body = ApiBody::parse(event.data.as_bytes());
            Err(Error::new(ErrorKind::JobFailed, body.message)
                .with_error_type(body.error_type)
                .with_field_errors(body.field_errors)
                .with_body(Bytes::copy_from_slice(event.data.as_bytes())))
        }
    }
}

fn is_only_error(value: &Value) -> bool {
    const WORDS: [&str; 4] = ["detail", "error", "error_type", "status_code"];
    let Some(members) = value.as_object() else {
        return false;
    };
    let says = |name: &str| members.get(name).is_some_and(|words| !words.is_null());
    (says("detail") || says("error")) && members.keys().all(|name| WORDS.contains(&name.as_str()))
}

opaque! { OutputStream<O> }

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: Option<&str>, data: &str) -> Result<Value> {
        value(&Event {
            event: event.map(str::to_owned),
            id: None,
            data: data.to_owned(),
        })
    }

    #[test]
    fn outputs_and_errors_are_told_apart() {
        assert_eq!(
            read(None, "{\"output\":\"a\",\"error\":null}").unwrap()["output"],
            "a"
        );
        assert_eq!(read(None, "0").unwrap(), 0);
        assert_eq!(read(None, "{}").unwrap(), serde_json::json!({}));
        for (event, data, words) in [
            (Some("error"), "{\"detail\":\"no memory\"}", "no memory"),
            (Some("error"), "no memory", "no memory"),
            (None, "{\"error\":\"no memory\"}", "no memory"),
            (
                None,
                "{\"detail\":[{\"loc\":[\"body\",\"prompt\"],\"msg\":\"too long\",\"type\":\"x\"}]}",
                "too long",
            ),
        ] {
            let error = read(event, data).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::JobFailed, "{data}");
            assert!(error.message().starts_with(words), "{error}");
        }
        assert_eq!(read(None, "{\"a\":").unwrap_err().kind(), ErrorKind::Decode);
    }
}
