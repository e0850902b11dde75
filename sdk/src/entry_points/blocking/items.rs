//! Streams of the async client as blocking iterators.

use std::pin::Pin;

use futures_core::Stream;
use futures_util::StreamExt;

use super::runtime::Runtime;
use crate::transport::error::Result;
use crate::transport::opaque::opaque;

/// An iterator over a stream, which blocks until the next item arrives. Returned by
/// [`Call::send`](super::Call::send) of a model's stream, and by
/// [`Client::iter`](super::Client::iter).
#[must_use = "items are received only when the iterator is advanced"]
pub struct Items<S> {
    stream: Pin<Box<S>>,
    runtime: Runtime,
    is_over: bool,
}

impl<S> Items<S> {
    pub(super) fn new(stream: S, runtime: Runtime) -> Self {
        Self {
            stream: Box::pin(stream),
            runtime,
            is_over: false,
        }
    }

    /// Returns the stream itself, which has more than its items, such as its request id.
    pub fn stream(&self) -> &S {
        &self.stream
    }
}

/// Inside an async task, where waiting would block other tasks, the iterator returns one error
/// and ends.
impl<S, T> Iterator for Items<S>
where
    S: Stream<Item = Result<T>>,
{
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = async { Ok(self.stream.next().await) };
        let item = self.runtime.wait(next);
        // After an error of the stream itself, the stream decides whether more follows.
        self.is_over = !matches!(item, Ok(Some(_)));
        item.unwrap_or_else(|error| Some(Err(error)))
    }
}

opaque! { Items<S> }
