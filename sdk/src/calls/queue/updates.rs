//! A job's updates as a stream.

use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::status::{Status, Update};
use super::watch::Watch;
use crate::transport::box_future::BoxFuture;
use crate::transport::error::Result;
use crate::transport::opaque::opaque;

/// The updates of a job, from now to its end: see
/// [`Job::updates`](crate::Job::updates).
///
/// It is a [`Stream`]; [`next`](Self::next) reads it without further crates. The
/// last item is the update that says `Completed`, or an error.
#[must_use = "updates come when they are asked for"]
pub struct Updates(Reading);

enum Reading {
    Idle(Box<Watch>),
    Busy(BoxFuture<(Box<Watch>, Result<Status>)>),
    Over,
}

impl Updates {
    pub(super) fn new(watch: Watch) -> Self {
        Self(Reading::Idle(Box::new(watch)))
    }

    /// The next update; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Update>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for Updates {
    type Item = Result<Update>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut reading = match mem::replace(&mut self.0, Reading::Over) {
            Reading::Over => return Poll::Ready(None),
            Reading::Busy(reading) => reading,
            Reading::Idle(mut watch) => Box::pin(async move {
                let status = watch.next().await;
                (watch, status)
            }),
        };
        let (watch, status) = match reading.as_mut().poll(context) {
            Poll::Ready(done) => done,
            Poll::Pending => {
                self.0 = Reading::Busy(reading);
                return Poll::Pending;
            }
        };
        let item = match status {
            Err(error) => Err(watch.job().name(error)),
            Ok(status) => {
                let request_id = watch.job().place.request_id.to_string();
                if !status.is_completed() {
                    self.0 = Reading::Idle(watch);
                }
                Ok(Update { request_id, status })
            }
        };
        Poll::Ready(Some(item))
    }
}

opaque! { Updates }
