//! Streams as iterators.

use std::pin::Pin;

use futures_core::Stream;
use futures_util::StreamExt;

use super::runtime::Runtime;
use crate::transport::error::Result;

/// The items of a stream, each of which is waited for: returned by
/// [`Call::send`](super::Call::send) of a model's stream, and by
/// [`Client::iter`](super::Client::iter).
#[must_use = "items come when they are asked for"]
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

    /// Returns the stream, for what is known about it: its request id, its billed units.
    pub fn stream(&self) -> &S {
        &self.stream
    }
}

/// An iterator that waits inside an async task would stop other tasks: there it returns an
/// error and ends.
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
        // What follows an error of its own is for the stream to say.
        self.is_over = !matches!(item, Ok(Some(_)));
        item.unwrap_or_else(|error| Some(Err(error)))
    }
}

impl<S> std::fmt::Debug for Items<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
