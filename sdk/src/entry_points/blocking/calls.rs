//! Calls that block until they are done.

use std::time::Duration;

use super::items::Items;
use super::job::Job;
use super::runtime::Runtime;
use crate::calls::call::{Payload, call_options, queue_options};
use crate::calls::detailed::Detailed;
use crate::calls::queue::{Submit, Subscribe, follow_options};
use crate::calls::run::Run;
use crate::calls::stream::{OutputStream, Streaming};
use crate::transport::error::Result;
use crate::transport::opaque::opaque;

/// A call of the blocking client, which is made by `send`.
#[must_use = "a call is made by `send`"]
pub struct Call<B> {
    builder: B,
    runtime: Runtime,
}

impl<B> Call<B> {
    pub(super) fn new(builder: B, runtime: Runtime) -> Self {
        Self { builder, runtime }
    }
}

impl<P: Payload> Call<Run<P>> {
    call_options!(builder.call.options);

    /// Makes the call, waits for its output and returns it.
    ///
    /// # Errors
    /// When the call fails, and, with [`ErrorKind::Usage`](crate::ErrorKind::Usage), inside
    /// an async task.
    pub fn send(self) -> Result<P::Output> {
        self.runtime.wait(self.builder.into_future())
    }

    /// Makes the call as [`send`](Self::send) does, and returns its output with the request
    /// id, the billed units and the raw JSON.
    ///
    /// # Errors
    /// The same as for [`send`](Self::send).
    pub fn send_detailed(self) -> Result<Detailed<P::Output>> {
        self.runtime.wait(self.builder.detailed().into_future())
    }
}

impl<P: Payload> Call<Submit<P>> {
    call_options!(builder.call.options);
    queue_options!(builder.call.options);

    /// Submits the job and returns a handle to it.
    ///
    /// # Errors
    /// When the call fails, and, with [`ErrorKind::Usage`](crate::ErrorKind::Usage), inside
    /// an async task.
    pub fn send(self) -> Result<Job<P>> {
        let job = self.runtime.wait(self.builder.into_future())?;
        Ok(Job::new(job, self.runtime))
    }
}

impl<P: Payload> Call<Subscribe<P>> {
    call_options!(builder.call.options);
    queue_options!(builder.call.options);
    follow_options!(builder.follow);

    /// Submits the job, waits until it finishes and returns its output.
    ///
    /// # Errors
    /// When the call or the job fails, and, with
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage), inside an async task.
    pub fn send(self) -> Result<P::Output> {
        self.runtime.wait(self.builder.into_future())
    }

    /// Makes the call as [`send`](Self::send) does, and returns its output with the request
    /// id, the metrics, the billed units and the raw JSON.
    ///
    /// # Errors
    /// The same as for [`send`](Self::send).
    pub fn send_detailed(self) -> Result<Detailed<P::Output>> {
        self.runtime.wait(self.builder.detailed().into_future())
    }
}

impl<P: Payload> Call<Streaming<P>> {
    call_options!(builder.call.options);

    /// Sets the longest time between two outputs of the model: see
    /// [`Streaming::idle_timeout`](crate::Streaming::idle_timeout).
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.builder = self.builder.idle_timeout(timeout);
        self
    }

    /// Opens the stream and returns an iterator over its outputs.
    ///
    /// # Errors
    /// When the stream cannot be opened, and, with
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage), inside an async task.
    pub fn send(self) -> Result<Items<OutputStream<P::Output>>> {
        let stream = self.runtime.wait(self.builder.into_future())?;
        Ok(Items::new(stream, self.runtime))
    }
}

opaque! { Call<B> }
