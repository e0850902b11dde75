//! Jobs whose methods block until the reply arrives.

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

/// A job in the queue, whose methods block: see [`fal_sdk::Job`](crate::Job).
pub struct Job<P> {
    job: crate::calls::queue::Job<P>,
    runtime: Runtime,
}

impl<P: Payload> Job<P> {
    pub(super) fn new(job: crate::calls::queue::Job<P>, runtime: Runtime) -> Self {
        Self { job, runtime }
    }

    /// Returns the request id of the job.
    pub fn request_id(&self) -> &str {
        self.job.request_id()
    }

    /// Requests the status of the job, with the logs so far.
    ///
    /// # Errors
    /// When the status cannot be fetched, and, with
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage), inside an async task.
    pub fn status(&self) -> Result<Status> {
        let status = self.job.status().logs(true);
        self.runtime.wait(status.into_future())
    }

    /// Waits until the job finishes and returns its output.
    ///
    /// # Errors
    /// When the job fails or its result cannot be fetched, and, with
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage), inside an async task.
    pub fn result(&self) -> Result<P::Output> {
        self.runtime.wait(self.job.result().into_future())
    }

    /// Waits as [`result`](Self::result) does, for no longer than `timeout`. When that time
    /// has passed, the job continues.
    ///
    /// # Errors
    /// As for [`result`](Self::result), and with [`ErrorKind::Timeout`](crate::ErrorKind::Timeout)
    /// when the time has passed.
    pub fn result_within(&self, timeout: Duration) -> Result<P::Output> {
        let result = self.job.result().timeout(timeout);
        self.runtime.wait(result.into_future())
    }

    /// Waits as [`result`](Self::result) does, and returns the output with the metrics, the
    /// billed units and the raw JSON.
    ///
    /// # Errors
    /// As for [`result`](Self::result).
    pub fn result_detailed(&self) -> Result<Detailed<P::Output>> {
        let result = self.job.result().detailed();
        self.runtime.wait(result.into_future())
    }

    /// Waits until the job finishes and returns its output as JSON, also if it does not
    /// match its type.
    ///
    /// # Errors
    /// As for [`result`](Self::result).
    pub fn raw_result(&self) -> Result<Value> {
        self.runtime.wait(self.job.result().raw())
    }

    /// Returns an iterator over the updates of the job from now until it finishes.
    ///
    /// # Errors
    /// When the job is not attached to a client.
    pub fn updates(&self) -> Result<Updates> {
        Ok(Updates {
            updates: Some(self.job.updates()?),
            runtime: self.runtime.clone(),
        })
    }

    /// Requests that the job be cancelled, and returns what the server answered.
    ///
    /// # Errors
    /// When the request fails, and, with [`ErrorKind::Usage`](crate::ErrorKind::Usage),
    /// inside an async task.
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

/// Writes the same as the async [`Job`](crate::Job), as which it can be read and
/// [attached](super::Client::attach).
impl<P: Payload> Serialize for Job<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.job.serialize(serializer)
    }
}

/// An iterator over the updates of a job: returned by [`Job::updates`]. The last item is the
/// update that says that the job is completed, or an error.
#[must_use = "updates are received only when the iterator is advanced"]
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
