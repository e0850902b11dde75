//! Calls of endpoints without generated types: the input is JSON, the output JSON or a type.

#[cfg(feature = "jsonschema")]
mod checked;

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

#[cfg(feature = "jsonschema")]
pub use checked::{CheckOutcome, SchemaStatus};

use crate::calls::call::{Call, JsonInput, Payload};
use crate::calls::queue::{Batch, Job, Submit, Subscribe};
use crate::calls::run::Run;
use crate::calls::stream::Streaming;
use crate::contract::endpoint::Output;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::Result;
use crate::transport::http::Http;

/// An endpoint that is called with JSON: see
/// [`Client::endpoint`](crate::Client::endpoint).
///
/// Inputs are values of any type that implements serde's `Serialize`, such as
/// `serde_json::json!({…})`. They are sent without being checked against a
/// schema, unless the endpoint is
/// [`checked`](https://docs.rs/fal-sdk/latest/fal_sdk/struct.Endpoint.html#method.checked)
/// (feature `jsonschema`). Outputs are JSON values, or of the type that
/// [`with_output`](Self::with_output) sets.
pub struct Endpoint<P = Value> {
    http: Http,
    id: EndpointId,
    /// Whether inputs are checked against the model's OpenAPI document.
    #[cfg(feature = "jsonschema")]
    by_document: bool,
    payload: PhantomData<fn() -> P>,
}

impl Endpoint {
    pub(crate) fn new(http: Http, id: EndpointId) -> Self {
        Self {
            http,
            id,
            #[cfg(feature = "jsonschema")]
            by_document: false,
            payload: PhantomData,
        }
    }

    /// Returns the same endpoint with outputs of the type `O`, which is any type that
    /// implements [`Decode`](crate::Decode), such as a type of your own in
    /// [`Json`](crate::Json).
    pub fn with_output<O: Output>(&self) -> Endpoint<JsonInput<O>> {
        self.with_payload()
    }
}

impl<P> Endpoint<P> {
    /// Returns the endpoint's id.
    pub fn id(&self) -> &EndpointId {
        &self.id
    }

    fn with_payload<Q>(&self) -> Endpoint<Q> {
        Endpoint {
            http: self.http.clone(),
            id: self.id.clone(),
            #[cfg(feature = "jsonschema")]
            by_document: self.by_document,
            payload: PhantomData,
        }
    }
}

impl<P: Payload + From<Value>> Endpoint<P> {
    /// Submits a job to the queue, waits until it finishes and returns its output.
    pub fn subscribe(&self, input: impl Serialize) -> Subscribe<P> {
        Subscribe::new(self.call(input))
    }

    /// Submits a job to the queue and returns a handle to it.
    pub fn submit(&self, input: impl Serialize) -> Submit<P> {
        Submit::new(self.call(input))
    }

    /// Calls the model directly: one request, whose reply arrives when the model has
    /// finished.
    pub fn run(&self, input: impl Serialize) -> Run<P> {
        Run::new(self.call(input))
    }

    /// Runs many jobs, a limited number of them at a time: see
    /// [`Client::batch`](crate::Client::batch).
    pub fn batch(&self, inputs: impl IntoIterator<Item = impl Serialize>) -> Batch<P> {
        Batch::new(self.http.clone(), inputs, |input| self.submit(input))
    }

    /// Opens the model's stream of outputs.
    pub fn stream(&self, input: impl Serialize) -> Streaming<P> {
        Streaming::new(self.call(input))
    }

    /// Opens a realtime connection to the model.
    #[cfg(feature = "realtime")]
    pub fn realtime(&self) -> crate::calls::realtime::Realtime<P> {
        crate::calls::realtime::Realtime::new(self.http.clone(), Ok(self.id.clone()))
    }

    /// Opens a websocket for direct calls to the model, one after the other.
    #[cfg(feature = "realtime")]
    pub fn socket(&self) -> crate::calls::realtime::SocketCallsBuilder<P> {
        crate::calls::realtime::SocketCallsBuilder::new(self.http.clone(), Ok(self.id.clone()))
    }

    /// Returns the handle of a job that was submitted earlier, given its request id.
    ///
    /// # Errors
    /// When the text is not a request id.
    pub fn job(&self, request_id: impl AsRef<str>) -> Result<Job<P>> {
        Job::of_ids(self.http.clone(), self.id.clone(), request_id.as_ref())
    }

    fn call(&self, input: impl Serialize) -> Call<P> {
        let call = Call::untyped(self.http.clone(), self.id.clone(), &input);
        #[cfg(feature = "jsonschema")]
        let call = call.by_document(self.by_document);
        call
    }
}

impl<P> Clone for Endpoint<P> {
    fn clone(&self) -> Self {
        self.with_payload()
    }
}

impl<P> fmt::Debug for Endpoint<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoint").field(&self.id.as_str()).finish()
    }
}
