//! A client for programs without an async runtime.
//!
//! It has the same calls and options as [`fal_sdk::Client`](crate::Client); `send` takes the
//! place of `.await`. The client runs a small runtime on a thread of its own. Inside an async
//! task its calls fail with [`ErrorKind::Usage`](crate::ErrorKind::Usage), since they would
//! block the task's thread: use [`fal_sdk::Client`](crate::Client) there, or make the call in
//! `spawn_blocking`.
//!
//! ```no_run
//! # use fal_sdk::{Input, Result, blocking};
//! # fn example<I: Input>(input: I) -> Result<()> {
//! let fal = blocking::Client::from_env()?;
//! let output = fal.subscribe(input).logs(true).send()?;
//! # Ok(())
//! # }
//! ```

mod calls;
mod items;
mod job;
mod runtime;

use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

pub use calls::Call;
pub use items::Items;
pub use job::{Job, Updates};
use runtime::Runtime;

use crate::calls::call::{JsonInput, Payload};
use crate::calls::queue::{Submit, Subscribe};
use crate::calls::run::Run;
use crate::calls::stream::Streaming;
use crate::contract::endpoint::{Input, Output};
use crate::transport::error::Result;

/// A client for fal's API whose calls block until they are done: see [this
/// module](crate::blocking).
#[derive(Debug, Clone)]
pub struct Client {
    client: crate::entry_points::client::Client,
    runtime: Runtime,
}

impl Client {
    /// Creates a client with the key from the environment: see
    /// [`fal_sdk::Client::from_env`](crate::Client::from_env).
    ///
    /// # Errors
    /// When the async client cannot be created, or the runtime's thread cannot be
    /// started.
    pub fn from_env() -> Result<Self> {
        Self::new(crate::entry_points::client::Client::from_env()?)
    }

    /// Creates a blocking client with the settings of an async one.
    ///
    /// # Errors
    /// When the runtime's thread cannot be started.
    pub fn new(client: crate::entry_points::client::Client) -> Result<Self> {
        Ok(Self {
            client,
            runtime: Runtime::start()?,
        })
    }

    /// Submits a job to the queue, waits until it finishes and returns its output. The call
    /// is made by [`send`](Call::send).
    pub fn subscribe<I: Input>(&self, input: I) -> Call<Subscribe<I>> {
        self.call(self.client.subscribe(input))
    }

    /// Submits a job to the queue and returns a handle to it. The call is made by
    /// [`send`](Call::send).
    pub fn submit<I: Input>(&self, input: I) -> Call<Submit<I>> {
        self.call(self.client.submit(input))
    }

    /// Calls a model directly: one request, whose reply arrives when the model has finished.
    /// The call is made by [`send`](Call::send). See
    /// [`fal_sdk::Client::run`](crate::Client::run).
    pub fn run<I: Input>(&self, input: I) -> Call<Run<I>> {
        self.call(self.client.run(input))
    }

    /// Opens a model's stream. [`send`](Call::send) returns an iterator over its outputs:
    ///
    /// ```no_run
    /// # use fal_sdk::{Input, Result, blocking};
    /// # fn example<I: Input>(fal: blocking::Client, input: I) -> Result<()> {
    /// for output in fal.stream(input).send()? {
    ///     let output = output?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<I: Input>(&self, input: I) -> Call<Streaming<I>> {
        self.call(self.client.stream(input))
    }

    /// Returns an endpoint that is called with JSON and not with types, given its id.
    ///
    /// # Errors
    /// When the text is not an endpoint id.
    pub fn endpoint(&self, id: impl AsRef<str>) -> Result<Endpoint> {
        Ok(Endpoint {
            endpoint: self.client.endpoint(id)?,
            runtime: self.runtime.clone(),
        })
    }

    /// Returns the job of an earlier submit, given its request id.
    ///
    /// # Errors
    /// When the text is not a request id.
    pub fn job<I: Input>(&self, request_id: impl AsRef<str>) -> Result<Job<I>> {
        Ok(self.wrap(self.client.job(request_id)?))
    }

    /// Attaches a job that was deserialised: see
    /// [`fal_sdk::Client::attach`](crate::Client::attach).
    pub fn attach<P: Payload>(&self, job: &crate::calls::queue::Job<P>) -> Job<P> {
        self.wrap(self.client.attach(job))
    }

    /// Makes any other call of the async client, such as an upload, a download or a call of
    /// the platform API, and waits for it.
    ///
    /// ```no_run
    /// # fn example(fal: fal_sdk::blocking::Client) -> fal_sdk::Result<()> {
    /// let film = fal.wait(|fal| fal.storage().upload_file("film.mp4"))?;
    /// let price = fal.wait(|fal| {
    ///     let platform = fal.platform();
    ///     async move { platform.price("fal-ai/flux/dev").await }
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the call fails, and, with [`ErrorKind::Usage`](crate::ErrorKind::Usage), inside
    /// an async task.
    pub fn wait<T, F>(
        &self,
        work: impl FnOnce(&crate::entry_points::client::Client) -> F,
    ) -> Result<T>
    where
        F: IntoFuture<Output = Result<T>>,
    {
        self.runtime
            .wait(async { work(&self.client).into_future().await })
    }

    /// Returns an iterator over a stream of the async client, such as the pages or the items
    /// of a list of the platform API.
    ///
    /// ```no_run
    /// # fn example(fal: fal_sdk::blocking::Client) -> fal_sdk::Result<()> {
    /// for model in fal.iter(|fal| fal.platform().models().items()) {
    ///     println!("{}", model?.endpoint_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn iter<T, S>(
        &self,
        stream: impl FnOnce(&crate::entry_points::client::Client) -> S,
    ) -> Items<S>
    where
        S: Stream<Item = Result<T>>,
    {
        Items::new(stream(&self.client), self.runtime.clone())
    }

    fn call<B>(&self, builder: B) -> Call<B> {
        Call::new(builder, self.runtime.clone())
    }

    fn wrap<P: Payload>(&self, job: crate::calls::queue::Job<P>) -> Job<P> {
        Job::new(job, self.runtime.clone())
    }
}

/// An endpoint that is called with JSON: see [`fal_sdk::Endpoint`](crate::Endpoint).
#[derive(Debug, Clone)]
pub struct Endpoint<P = Value> {
    endpoint: crate::entry_points::untyped::Endpoint<P>,
    runtime: Runtime,
}

impl Endpoint {
    /// Returns the same endpoint with outputs of the type `O`: see
    /// [`fal_sdk::Endpoint::with_output`](crate::Endpoint::with_output).
    pub fn with_output<O: Output>(&self) -> Endpoint<JsonInput<O>> {
        Endpoint {
            endpoint: self.endpoint.with_output(),
            runtime: self.runtime.clone(),
        }
    }
}

/// Checking inputs against the model's document: see
/// [`fal_sdk::Endpoint::checked`](crate::Endpoint::checked).
#[cfg(feature = "jsonschema")]
impl<P> Endpoint<P> {
    /// Returns the same endpoint with inputs that are checked against the model's OpenAPI
    /// document before anything is sent.
    pub fn checked(&self) -> Self {
        Self {
            endpoint: self.endpoint.checked(),
            runtime: self.runtime.clone(),
        }
    }

    /// Checks an input against the model's OpenAPI document. The model is not called.
    ///
    /// # Errors
    /// When the input breaks the schema; the error lists every violation. Also, with
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage), inside an async task.
    pub fn check(&self, input: impl Serialize) -> Result<crate::CheckOutcome> {
        self.runtime.wait(self.endpoint.check(input))
    }

    /// Returns the JSON Schema of the model's input.
    ///
    /// # Errors
    /// When the document cannot be fetched, or has no schema that can be used.
    pub fn schema(&self) -> Result<Value> {
        self.runtime.wait(self.endpoint.schema())
    }

    /// Returns whether this client can check inputs of this endpoint. Nothing is sent: it is
    /// unknown until an input is checked.
    pub fn schema_status(&self) -> crate::SchemaStatus {
        self.endpoint.schema_status()
    }
}

impl<P: Payload + From<Value>> Endpoint<P> {
    /// Submits a job to the queue, waits until it finishes and returns its output. The call
    /// is made by [`send`](Call::send).
    pub fn subscribe(&self, input: impl Serialize) -> Call<Subscribe<P>> {
        Call::new(self.endpoint.subscribe(input), self.runtime.clone())
    }

    /// Submits a job to the queue and returns a handle to it. The call is made by
    /// [`send`](Call::send).
    pub fn submit(&self, input: impl Serialize) -> Call<Submit<P>> {
        Call::new(self.endpoint.submit(input), self.runtime.clone())
    }

    /// Calls the model directly: one request, whose reply arrives when the model has
    /// finished. The call is made by [`send`](Call::send).
    pub fn run(&self, input: impl Serialize) -> Call<Run<P>> {
        Call::new(self.endpoint.run(input), self.runtime.clone())
    }

    /// Opens the model's stream. [`send`](Call::send) returns an iterator over its outputs.
    pub fn stream(&self, input: impl Serialize) -> Call<Streaming<P>> {
        Call::new(self.endpoint.stream(input), self.runtime.clone())
    }

    /// Returns the job of an earlier submit, given its request id.
    ///
    /// # Errors
    /// When the text is not a request id.
    pub fn job(&self, request_id: impl AsRef<str>) -> Result<Job<P>> {
        let job = self.endpoint.job(request_id)?;
        Ok(Job::new(job, self.runtime.clone()))
    }
}
