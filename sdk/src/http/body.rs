//! A body that is made anew for every attempt, piece by piece, so that a large
//! file is neither held in memory nor lost to a retry.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use crate::error::{Error, ErrorKind};

/// The pieces of a body, from its start.
pub(crate) type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// A body of a known length that can be sent again.
#[derive(Clone)]
pub(crate) struct Outgoing(Arc<Inner>);

struct Inner {
    length: u64,
    open: Box<dyn Fn() -> Pieces + Send + Sync>,
    /// Told of how much of the body is on its way, in this attempt.
    on_moved: Box<dyn Fn(u64) + Send + Sync>,
    moved: AtomicU64,
    /// Why the body itself could not be had: trying again would end the same way.
    failure: Mutex<Option<Error>>,
}

impl Outgoing {
    pub(crate) fn new(
        length: u64,
        open: impl Fn() -> Pieces + Send + Sync + 'static,
        on_moved: impl Fn(u64) + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Inner {
            length,
            open: Box::new(open),
            on_moved: Box::new(on_moved),
            moved: AtomicU64::new(0),
            failure: Mutex::new(None),
        }))
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.length
    }

    /// The body from its start.
    pub(super) fn open(&self) -> reqwest::Body {
        self.0.moved.store(0, Ordering::Relaxed);
        (self.0.on_moved)(0);
        reqwest::Body::wrap_stream(Watched {
            pieces: (self.0.open)(),
            body: Arc::clone(&self.0),
        })
    }

    /// Why the body could not be had, if that is what failed.
    pub(super) fn take_failure(&self) -> Option<Error> {
        let mut failure = self
            .0
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        failure.take()
    }

    /// Ends when nothing has moved for `idle`, or, once all is on its way, no
    /// reply has come for `reply`.
    pub(super) async fn stalled(&self, idle: Duration, reply: Duration) {
        let mut last = self.0.moved.load(Ordering::Relaxed);
        loop {
            let all = last >= self.0.length;
            tokio::time::sleep(if all { reply } else { idle }).await;
            let now = self.0.moved.load(Ordering::Relaxed);
            if now == last {
                return;
            }
            last = now;
        }
    }
}

/// Counts the pieces as they leave, and keeps what goes wrong with them.
struct Watched {
    pieces: Pieces,
    body: Arc<Inner>,
}

impl Watched {
    fn fail(&self, error: Error) -> std::io::Error {
        let words = error.message().to_owned();
        let mut failure = self
            .body
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *failure = Some(error);
        std::io::Error::other(words)
    }

    fn count(&self, piece: &Bytes) -> std::io::Result<()> {
        let before = self
            .body
            .moved
            .fetch_add(piece.len() as u64, Ordering::Relaxed);
        let moved = before + piece.len() as u64;
        if moved > self.body.length {
            return Err(self.fail(changed("longer")));
        }
        (self.body.on_moved)(moved);
        Ok(())
    }
}

fn changed(how: &str) -> Error {
    let message = format!("the data to upload became {how} while it was read");
    Error::new(ErrorKind::Io, message)
}

impl Stream for Watched {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.pieces.as_mut().poll_next(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(piece))) => Poll::Ready(Some(self.count(&piece).map(|()| piece))),
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(self.fail(error)))),
            Poll::Ready(None) => {
                let moved = self.body.moved.load(Ordering::Relaxed);
                match moved == self.body.length {
                    true => Poll::Ready(None),
                    false => Poll::Ready(Some(Err(self.fail(changed("shorter"))))),
                }
            }
        }
    }
}
