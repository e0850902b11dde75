//! A body that is read again for every attempt, piece by piece, so that a large file need
//! not be held in memory and can still be sent again.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream::{self, StreamExt};

use crate::transport::error::{Error, ErrorKind};
use crate::transport::lock::lock;

/// The pieces of a body, from its start.
pub(crate) type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// The pieces of a body, counted as they are sent.
type Metered = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// A body of a known length that can be sent again.
#[derive(Clone)]
pub(crate) struct Outgoing(Arc<Inner>);

struct Inner {
    length: u64,
    open: Box<dyn Fn() -> Pieces + Send + Sync>,
    /// Called with how much of the body was sent in this attempt.
    on_moved: Box<dyn Fn(u64) + Send + Sync>,
    /// The last attempt. A server can answer before it has read everything, so an earlier
    /// attempt may still be sending.
    attempt: Mutex<Arc<Attempt>>,
}

/// The progress of sending the body once, and what went wrong.
#[derive(Default)]
struct Attempt {
    moved: AtomicU64,
    /// Why the body itself could not be read: trying again would end the same way.
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
            attempt: Mutex::default(),
        }))
    }

    /// How large the pieces of bytes in memory are.
    pub(crate) const PIECE: usize = 64 << 10;

    /// A body of bytes in memory. It is sent piece by piece, so that a stall is noticed.
    pub(crate) fn of_bytes(bytes: Bytes) -> Self {
        let length = bytes.len() as u64;
        let open = move || -> Pieces {
            let bytes = bytes.clone();
            let starts = (0..bytes.len()).step_by(Self::PIECE);
            Box::pin(stream::iter(starts.map(move |start| {
                let end = bytes.len().min(start + Self::PIECE);
                Ok(bytes.slice(start..end))
            })))
        };
        Self::new(length, open, |_| {})
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.length
    }

    /// The body from its start.
    pub(super) fn open(&self) -> reqwest::Body {
        reqwest::Body::wrap_stream(self.metered())
    }

    /// The pieces from the start, counted; nothing follows an error.
    fn metered(&self) -> Metered {
        let attempt = Arc::<Attempt>::default();
        *lock(&self.0.attempt) = Arc::clone(&attempt);
        (self.0.on_moved)(0);
        let meter = Meter {
            body: Arc::clone(&self.0),
            attempt,
        };
        let begun = Some(((self.0.open)(), meter));
        Box::pin(stream::unfold(begun, |begun| async move {
            let (mut pieces, meter) = begun?;
            let piece = meter.count(pieces.next().await)?;
            let rest = piece.is_ok().then_some((pieces, meter));
            Some((piece, rest))
        }))
    }

    /// Why the body could not be read, if that is what failed.
    pub(super) fn take_failure(&self) -> Option<Error> {
        lock(&self.0.current().failure).take()
    }

    /// Returns when no bytes have moved for `idle`. Once the whole body was handed to the
    /// operating system, returns after `reply` plus the time that this took, since the
    /// last bytes may still be on a slow line.
    pub(super) async fn stalled(&self, idle: Duration, reply: Duration) {
        let moved = || self.0.current().moved.load(Ordering::Relaxed);
        let started = Instant::now();
        let mut last = moved();
        while last < self.0.length {
            tokio::time::sleep(idle).await;
            let now = moved();
            if now == last {
                return;
            }
            last = now;
        }
        tokio::time::sleep(reply.saturating_add(started.elapsed())).await;
    }
}

impl Inner {
    fn current(&self) -> Arc<Attempt> {
        Arc::clone(&lock(&self.attempt))
    }
}

/// Counts the pieces of one attempt as they are sent, and keeps the first error.
struct Meter {
    body: Arc<Inner>,
    attempt: Arc<Attempt>,
}

impl Meter {
    fn fail(&self, error: Error) -> io::Error {
        let words = error.message().to_owned();
        *lock(&self.attempt.failure) = Some(error);
        io::Error::other(words)
    }

    /// Counts the next piece, or checks the length at the end.
    fn count(&self, piece: Option<Result<Bytes, Error>>) -> Option<io::Result<Bytes>> {
        match piece {
            Some(Ok(piece)) => Some(self.add(&piece).map(|()| piece)),
            Some(Err(error)) => Some(Err(self.fail(error))),
            None if self.attempt.moved.load(Ordering::Relaxed) == self.body.length => None,
            None => Some(Err(self.fail(changed("shorter")))),
        }
    }

    fn add(&self, piece: &Bytes) -> io::Result<()> {
        if !Arc::ptr_eq(&self.attempt, &lock(&self.body.attempt)) {
            return Err(io::Error::other("the body is sent anew"));
        }
        let length = piece.len() as u64;
        let moved = self.attempt.moved.fetch_add(length, Ordering::Relaxed) + length;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that refuses an upload may do so long before it has read it all.
    #[tokio::test]
    async fn an_attempt_that_still_sends_does_not_spoil_the_next() {
        let pieces = || -> Pieces { Box::pin(stream::repeat_with(|| Ok("1234".into())).take(3)) };
        let told = Arc::new(AtomicU64::new(0));
        let tell = Arc::clone(&told);
        let body = Outgoing::new(12, pieces, move |moved| {
            tell.store(moved, Ordering::Relaxed);
        });
        let mut refused = body.metered();
        assert!(refused.next().await.unwrap().is_ok());
        let mut next = body.metered();
        assert!(next.next().await.unwrap().is_ok());
        assert!(refused.next().await.unwrap().is_err());
        assert_eq!(told.load(Ordering::Relaxed), 4);
        assert!(next.by_ref().all(async |piece| piece.is_ok()).await);
        assert_eq!(told.load(Ordering::Relaxed), 12);
        assert!(body.take_failure().is_none());
    }
}
