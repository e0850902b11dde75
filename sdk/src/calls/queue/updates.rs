//! A job's updates as a stream.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::stream::{StreamExt, unfold};

use super::status::Update;
use super::watch::Watch;
use crate::transport::error::Result;
use crate::transport::opaque::opaque;

/// The updates of a job until it finishes, as a [`Stream`]: see
/// [`Job::updates`](crate::Job::updates).
///
/// [`next`](Self::next) reads the stream without further crates. The last item is the update
/// whose state is `Completed`, or an error.
#[must_use = "updates are received only while they are awaited"]
pub struct Updates(Pin<Box<dyn Stream<Item = Result<Update>> + Send>>);

impl Updates {
    pub(super) fn new(watch: Watch) -> Self {
        // Boxed, since a future that owned it would be moved with it on every step.
        let watch = Some(Box::new(watch));
        Self(Box::pin(unfold(watch, |watch| async move {
            let mut watch = watch?;
            Some(match watch.next().await {
                Ok(status) => {
                    let request_id = watch.job().request_id().to_string();
                    let is_last = status.is_completed();
                    let update = Update { request_id, status };
                    (Ok(update), (!is_last).then_some(watch))
                }
                Err(error) => (Err(watch.job().with_job_context(error)), None),
            })
        })))
    }

    /// Waits for the next update; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Update>> {
        self.0.next().await
    }
}

impl Stream for Updates {
    type Item = Result<Update>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

opaque! { Updates }
