//! Jobs whose methods block until the reply is there.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::runtime::Runtime;
use crate::calls::call::Payload;
use crate::calls::detailed::Detailed;
use crate::calls::queue::{CancelOutcome, Status, Update};
use crate::transport::error::Result;
use crate::transport::opaque::opaque;

/// A job in the queue: see [`fal_sdk::Job`](crate::Job).
pub struct Job<P> {
    job: crate::calls::queue::Job<P>,
    runtime: Runtime,
}

impl<P: Payload> Job<P> {
    pub(super) fn new(job: crate::calls::queue::Job<P>, runtime: Runtime) -> Self {
        Self { job, runtime }
    }

    /// Returns the id of the request.
    pub fn request_id(&self) -> &str {
        self.job.request_id()
    }

    /// Requests the status, with the logs so far.
    ///
    /// # Errors
    /// The errors of the async call.
    pub fn status(&self) -> Result<Status> {
        let status = self.job.status().logs(true);
        self.runtime.wait(status.into_future())
    }

    /// Waits for the job's end and fetches its output.
    ///
    /// # Errors
    /// The errors of the async call.
    pub fn result(&self) -> Result<P::Output> {
        self.runtime.wait(self.job.result().into_future())
    }

    /// Waits as [`result`](Self::result) does, for no longer than `timeout`.
    /// When the time passes, the job is not cancelled.
    ///
    /// # Errors
    /// The errors of the async call.
    pub fn result_within(&self, timeout: Duration) -> Result<P::Output> {
        let result = self.job.result().timeout(timeout);
        self.runtime.wait(result.into_future())
    }

    /// Waits as [`result`](Self::result) does, and returns the output with the
    /// metrics, billed units and raw JSON.
    ///
    /// # Errors
    /// The errors of the async call.
    pub fn result_detailed(&self) -> Result<Detailed<P::Output>> {
        let result = self.job.result().detailed();
        self.runtime.wait(result.into_future())
    }

    /// Waits for the job's end and returns its output as JSON, whatever its
    /// shape.
    ///
    /// # Errors
    /// The errors of the async call.
    pub fn raw_result(&self) -> Result<Value> {
        self.runtime.wait(self.job.result().raw())
    }

    /// Follows the job from now to its end.
    ///
    /// # Errors
    /// When the job is not attached to a client.
    pub fn updates(&self) -> Result<Updates> {
        Ok(Updates {
            updates: Some(self.job.updates()?),
            runtime: self.runtime.clone(),
        })
    }

    /// Asks to cancel the job.
    ///
    /// # Errors
    /// The errors of the async call.
    pub fn cancel(&self) -> Result<CancelOutcome> {
        self.runtime.wait(self.job.cancel())
    }
}

impl<P> Clone for Job<P> {
    fn clone(&self) -> Self {
        Self {
            job: self.job.clone(),
            runtime: self.runtime.clone(),
        }
    }
}

impl<P: Payload> fmt::Debug for Job<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.job.fmt(f)
    }
}

/// Writes the same as the async job does: it can be read as an async job and
/// attached.
impl<P: Payload> Serialize for Job<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.job.serialize(serializer)
    }
}

/// The updates of a job; the last one says that it is completed, or is an error.
#[must_use = "updates come when they are asked for"]
pub struct Updates {
    /// `None` once the updates have ended.
    updates: Option<crate::calls::queue::Updates>,
    runtime: Runtime,
}

impl Iterator for Updates {
    type Item = Result<Update>;

    fn next(&mut self) -> Option<Self::Item> {
        let updates = self.updates.as_mut()?;
        let next = async { updates.next().await.transpose() };
        let update = self.runtime.wait(next).transpose();
        if !matches!(update, Some(Ok(_))) {
            self.updates = None;
        }
        update
    }
}

opaque! { Updates }
