//! The client, which holds the key, the settings and the connections of all calls.

mod builder;

use std::fmt;

pub use builder::ClientBuilder;

use crate::calls::call::{Call, Payload};
use crate::calls::queue::{Batch, Job, Submit, Subscribe};
use crate::calls::run::Run;
use crate::calls::stream::Streaming;
use crate::contract::endpoint::Input;
use crate::entry_points::untyped::Endpoint;
use crate::services::download::Download;
use crate::services::platform::{Estimate, Platform};
use crate::services::storage::Storage;
use crate::transport::endpoint_id::EndpointId;
use crate::transport::error::Result;
use crate::transport::http::Http;

/// A client for fal's API.
///
/// It holds the settings and the connections. Clones share them, so create one
/// client and clone it wherever it is needed.
///
/// Calls need a running tokio runtime with its drivers (`enable_all`). Outside one
/// they fail with [`ErrorKind::Usage`](crate::ErrorKind::Usage), and nothing is sent.
/// Several runtimes may use one client, at the same time or one after the other: each has
/// connections of its own. The [limits](crate::Limits) hold for all of them together, so a
/// call in a runtime that no longer runs counts until that runtime runs again or is
/// dropped.
///
/// ```no_run
/// # async fn example() -> fal_sdk::Result<()> {
/// let fal = fal_sdk::Client::from_env()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) http: Http,
}

impl Client {
    /// Creates a client with the key from the environment (`FAL_KEY`, or `FAL_KEY_ID` and
    /// `FAL_KEY_SECRET`). If `FAL_BASE_URL` is set, all requests go to the server at that
    /// address, as with [`ClientBuilder::base_url`], so that a program can use a local
    /// server without being changed.
    ///
    /// # Errors
    /// When no key is set, or the key or the address is malformed.
    pub fn from_env() -> Result<Self> {
        let builder = Self::builder()
            .credentials(crate::transport::http::credentials::Credentials::from_env()?);
        match std::env::var("FAL_BASE_URL") {
            Ok(url) if !url.is_empty() => builder
                .base_url(url)
                .build()
                .map_err(|error| error.with_hint("the address comes from FAL_BASE_URL")),
            _ => builder.build(),
        }
    }

    /// Creates a client with this key and default settings.
    ///
    /// # Errors
    /// When the key is malformed.
    pub fn new(key: impl Into<String>) -> Result<Self> {
        Self::builder().key(key).build()
    }

    /// Returns a builder, with which a client can be configured.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Submits a job to the queue, waits until it finishes and returns its output. Options
    /// are chained before `.await`.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Input, Result};
    /// # async fn example<I: Input>(fal: Client, input: I) -> Result<()> {
    /// let output = fal
    ///     .subscribe(input)
    ///     .logs(true)
    ///     .on_update(|update| println!("{update}"))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe<I: Input>(&self, input: I) -> Subscribe<I> {
        Subscribe::new(Call::typed(self.http.clone(), input))
    }

    /// Submits a job to the queue and returns a handle to it, with which the job can be
    /// followed, stored or cancelled.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Input, Priority, Result};
    /// # async fn example<I: Input>(fal: Client, input: I) -> Result<()> {
    /// let job = fal.submit(input).priority(Priority::Low).await?;
    /// println!("{}", job.request_id());
    /// let output = job.result().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn submit<I: Input>(&self, input: I) -> Submit<I> {
        Submit::new(Call::typed(self.http.clone(), input))
    }

    /// Opens a model's stream of outputs, for models that return partial outputs while they
    /// work.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Input, Result};
    /// # async fn example<I: Input>(fal: Client, input: I) -> Result<()> {
    /// let mut outputs = fal.stream(input).await?;
    /// while let Some(partial) = outputs.next().await {
    ///     let partial = partial?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<I: Input>(&self, input: I) -> Streaming<I> {
        Streaming::new(Call::typed(self.http.clone(), input))
    }

    /// Opens a realtime connection to a model, a websocket over which inputs are sent and
    /// outputs received.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Input, Result};
    /// # async fn example<I: Input>(fal: Client, input: I) -> Result<()> {
    /// let mut connection = fal.realtime::<I>().await?;
    /// connection.send(input).await?;
    /// let output = connection.recv().await;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "realtime")]
    pub fn realtime<I: Input>(&self) -> crate::calls::realtime::Realtime<I> {
        crate::calls::realtime::Realtime::new(self.http.clone(), EndpointId::parse(I::ENDPOINT))
    }

    /// Opens a websocket for direct calls to a model, one after the other.
    #[cfg(feature = "realtime")]
    pub fn socket<I: Input>(&self) -> crate::calls::realtime::SocketCallsBuilder<I> {
        let endpoint = EndpointId::parse(I::ENDPOINT);
        crate::calls::realtime::SocketCallsBuilder::new(self.http.clone(), endpoint)
    }

    /// Calls a model directly, without the queue: one request, whose reply arrives when the
    /// model has finished. Use it for models that take seconds. If the connection breaks
    /// before the reply, the output is lost, but may be charged for; with the queue
    /// ([`subscribe`](Self::subscribe)) it can still be fetched.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Input, Result};
    /// # async fn example<I: Input>(fal: Client, input: I) -> Result<()> {
    /// let output = fal.run(input).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn run<I: Input>(&self, input: I) -> Run<I> {
        Run::new(Call::typed(self.http.clone(), input))
    }

    /// Runs many jobs, a limited number of them at a time. With a journal, a program that was
    /// killed can be started again and continues without paying twice.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Input, Result};
    /// # async fn example<I: Input>(fal: Client, inputs: Vec<I>) -> Result<()> {
    /// let outcomes = fal.batch(inputs).concurrency(8).journal("shots.jsonl").await?;
    /// for (index, outcome) in outcomes.iter().enumerate() {
    ///     if let Err(error) = outcome {
    ///         eprintln!("{index}: {error}");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn batch<I: Input>(&self, inputs: impl IntoIterator<Item = I>) -> Batch<I> {
        Batch::new(self.http.clone(), inputs, |input| self.submit(input))
    }

    /// Returns fal's storage, for uploading files. Files in inputs are uploaded
    /// automatically: see [`Media`](crate::Media).
    ///
    /// ```no_run
    /// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
    /// let image = fal.storage().upload(std::fs::read("cat.png").unwrap()).await?;
    /// println!("{}", image.url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn storage(&self) -> Storage {
        Storage::new(self.http.clone())
    }

    /// Returns the platform API, which has models, prices, usage, requests, keys and files.
    ///
    /// ```no_run
    /// # async fn example(fal: fal_sdk::Client) -> fal_sdk::Result<()> {
    /// let price = fal.platform().price("fal-ai/flux/dev").await?;
    /// println!("{} {} per {}", price.unit_price, price.currency, price.unit);
    /// # Ok(())
    /// # }
    /// ```
    pub fn platform(&self) -> Platform {
        Platform::new(self.http.clone())
    }

    /// Estimates what a call would cost, from the cost of earlier calls of the endpoint;
    /// `None` if the catalog does not know the endpoint. The model is not called.
    ///
    /// The estimate does not depend on the options of the input, so it can be far off. After
    /// the call, [`Detailed::cost`](crate::Detailed::cost) uses the units that were billed.
    ///
    /// # Errors
    /// When the platform cannot be reached or refuses the request, and when the input breaks
    /// a rule of its schema.
    pub async fn estimate<I: Input>(&self, input: &I) -> Result<Option<Estimate>> {
        if self.http.settings().validate {
            input.validate()?;
        }
        let estimate = self.platform().estimate_calls([(I::ENDPOINT, 1)]).await;
        match estimate {
            Ok(estimate) => Ok(Some(estimate)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Downloads a file, given a URL, a `data:` URI, or a file in an output. The key is not
    /// sent. [`Download`] describes which addresses are allowed.
    ///
    /// ```no_run
    /// # async fn example(fal: fal_sdk::Client, video: fal_sdk::Video) -> fal_sdk::Result<()> {
    /// let size = fal
    ///     .download(video)
    ///     .on_progress(|progress| println!("{progress}"))
    ///     .to_path("depth.mp4")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self, file: impl Into<String>) -> Download {
        Download::new(Ok(self.http.clone()), file)
    }

    /// Returns an endpoint that is called with JSON and not with types, given its id.
    ///
    /// # Errors
    /// When the text is not an endpoint id.
    ///
    /// ```no_run
    /// # use fal_sdk::{Client, Result};
    /// # async fn example(fal: Client) -> Result<()> {
    /// let output = fal
    ///     .endpoint("fal-ai/flux/dev")?
    ///     .subscribe(serde_json::json!({"prompt": "a cat"}))
    ///     .await?;
    /// println!("{}", output["images"][0]["url"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn endpoint(&self, id: impl AsRef<str>) -> Result<Endpoint> {
        let id = EndpointId::parse(id.as_ref())?;
        Ok(Endpoint::new(self.http.clone(), id))
    }

    /// Returns the handle of a job that was submitted earlier, perhaps by another process,
    /// given its request id. Nothing is sent, so it is not checked that the job exists.
    ///
    /// # Errors
    /// When the text is not a request id.
    pub fn job<I: Input>(&self, request_id: impl AsRef<str>) -> Result<Job<I>> {
        let endpoint = EndpointId::parse(I::ENDPOINT)?;
        Job::of_ids(self.http.clone(), endpoint, request_id.as_ref())
    }

    /// Checks a URL that another program wants to call, and splits it into a service of fal
    /// and a path there. The URL must be in its normal form, and at an address of fal's
    /// services or one that this client was given. Nothing is sent.
    ///
    /// # Errors
    /// When the text is not such a URL; the error has the reason.
    ///
    /// ```
    /// # fn main() -> fal_sdk::Result<()> {
    /// use fal_sdk::{Client, Host};
    /// use fal_sdk::forward::TargetError;
    ///
    /// let fal = Client::new("an-id:a-secret")?;
    /// let target = fal.target("https://queue.fal.run/fal-ai/flux/dev").unwrap();
    /// assert_eq!(target.service(), Host::Queue);
    /// assert_eq!(target.path(), "fal-ai/flux/dev");
    /// let foreign = fal.target("https://fal.run.example.com/fal-ai/flux/dev");
    /// assert_eq!(foreign, Err(TargetError::ForeignHost));
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "forward")]
    pub fn target(
        &self,
        url: &str,
    ) -> Result<crate::calls::forward::Target, crate::calls::forward::TargetError> {
        self.http.settings().hosts.target(url)
    }

    /// Passes a request of another program on to fal with this client's key, once: see
    /// [`forward`](crate::forward). The caller has to decide whether the program may make
    /// it. `operation` determines how long the reply may take, and whether an unanswered
    /// request may have cost money.
    #[cfg(feature = "forward")]
    pub fn forward(
        &self,
        operation: crate::Operation,
        method: reqwest::Method,
        target: &crate::calls::forward::Target,
    ) -> crate::calls::forward::Forward {
        crate::calls::forward::Forward::new(self.http.clone(), operation, method, target)
    }

    /// Attaches a job that was deserialised, or belongs to another client, to this client.
    /// URLs of the job that are not on this client's queue are rebuilt from its ids.
    pub fn attach<P: Payload>(&self, job: &Job<P>) -> Job<P> {
        job.attach(self.http.clone())
    }
}

/// Shows the hosts, the kind of credentials and the timeouts, but not the key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = self.http.settings();
        f.debug_struct("Client")
            .field("hosts", &settings.hosts)
            .field("credentials", &settings.credentials)
            .field("timeouts", &settings.timeouts)
            .finish_non_exhaustive()
    }
}
