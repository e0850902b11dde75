//! Calls without types: any endpoint, JSON in and JSON out.

use std::fmt;

use serde_json::Value;

use crate::calls::call::Call;
use crate::calls::queue::{Attached, Batch, Job, Record, Submit, Subscribe};
use crate::calls::run::Run;
use crate::calls::stream::Streaming;
use crate::transport::endpoint_id::{EndpointId, check_request_id};
use crate::transport::error::Result;
use crate::transport::http::Http;

/// An endpoint that is called with JSON: see
/// [`Client::endpoint`](crate::Client::endpoint). Inputs are sent as they are; the
/// model is the first to check them.
#[derive(Clone)]
pub struct Endpoint {
    http: Http,
    id: EndpointId,
}

impl Endpoint {
    pub(crate) fn new(http: Http, id: EndpointId) -> Self {
        Self { http, id }
    }

    /// The endpoint's id.
    pub fn id(&self) -> &EndpointId {
        &self.id
    }

    /// Submits a job, waits for its end and returns its output.
    pub fn subscribe(&self, input: Value) -> Subscribe<Value> {
        Subscribe::new(self.call(input))
    }

    /// Submits a job and returns a handle to it.
    pub fn submit(&self, input: Value) -> Submit<Value> {
        Submit::new(self.call(input))
    }

    /// Calls the model directly: one request, answered when it is done.
    pub fn run(&self, input: Value) -> Run<Value> {
        Run::new(self.call(input))
    }

    /// Runs many jobs, a bounded number of them at once: see
    /// [`Client::batch`](crate::Client::batch).
    pub fn batch(&self, inputs: impl IntoIterator<Item = Value>) -> Batch<Value> {
        Batch::new(self.http.clone(), inputs, |input| self.submit(input))
    }

    /// Opens the model's stream.
    pub fn stream(&self, input: Value) -> Streaming<Value> {
        Streaming::new(self.call(input))
    }

    /// Connects to the model in realtime.
    #[cfg(feature = "realtime")]
    pub fn realtime(&self) -> crate::calls::realtime::Realtime<Value> {
        crate::calls::realtime::Realtime::new(self.http.clone(), Ok(self.id.clone()))
    }

    /// Connects for direct calls over one websocket, one after the other.
    #[cfg(feature = "realtime")]
    pub fn socket(&self) -> crate::calls::realtime::SocketCallsBuilder<Value> {
        crate::calls::realtime::SocketCallsBuilder::new(self.http.clone(), Ok(self.id.clone()))
    }

    /// A job of an earlier submit, by its request id.
    ///
    /// # Errors
    /// When the text is no request id.
    pub fn job(&self, request_id: impl AsRef<str>) -> Result<Job<Value>> {
        let request_id = check_request_id(request_id.as_ref())?;
        let record = Record::of_ids(self.id.clone(), request_id);
        Ok(Job::attached(Attached::new(self.http.clone(), &record)))
    }

    fn call(&self, input: Value) -> Call<Value> {
        Call::untyped(self.http.clone(), self.id.clone(), input)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoint").field(&self.id.as_str()).finish()
    }
}
