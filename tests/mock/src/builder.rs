//! The builder of a mock server.

use std::{
    mem,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use serde_json::Value;
use tokio::runtime;

use crate::{
    background::{
        runner::Runner,
        tasks::Tasks,
        webhook::{WebhookPolicy, Webhooks},
    },
    error::Error,
    fault::Injection,
    models::{
        catalog::Catalog,
        folder,
        price::{Price, Prices},
        served::{Models, Scripts},
    },
    protocol::host::Urls,
    script::Script,
    seed::Seed,
    serve::{
        context::Context,
        listen::{Listener, bind},
        restart, routes,
        service::Service,
        settings::Settings,
        tls::Tls,
    },
    server::MockServer,
    setters::setters,
    store::{
        Stores,
        faults::Faults,
        files::Files,
        jobs::Jobs,
        keys::{Key, Keys, Scope},
        records::Records,
        tokens::Tokens,
    },
};

/// Configures a [`MockServer`].
#[derive(Debug)]
#[must_use = "call `start`"]
pub struct MockServerBuilder {
    address: SocketAddr,
    folders: Vec<PathBuf>,
    documents: Vec<Value>,
    failed_expansions: Vec<String>,
    apps: Vec<String>,
    any: bool,
    scripts: Scripts,
    settings: Settings,
    webhooks: WebhookPolicy,
    prices: Prices,
    concurrency: Option<usize>,
    faults: Vec<Injection>,
    keys: Vec<Key>,
    record_limit: usize,
    job_limit: usize,
    seed: u64,
    tls: bool,
}

impl Default for MockServerBuilder {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            folders: Vec::new(),
            documents: Vec::new(),
            failed_expansions: Vec::new(),
            apps: Vec::new(),
            any: false,
            scripts: Scripts::default(),
            settings: Settings::default(),
            webhooks: WebhookPolicy::default(),
            prices: Prices::new(),
            concurrency: None,
            faults: Vec::new(),
            keys: Vec::new(),
            record_limit: 50_000,
            job_limit: 100_000,
            seed: 0,
            tls: false,
        }
    }
}

impl MockServer {
    /// Creates a builder, which configures a server and starts it.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }
}

setters!(MockServerBuilder {
    /// Sets the address to listen on, instead of the loopback interface.
    address(address: SocketAddr) => address = address;
    /// Serves every endpoint id, those without a document as [`app`](Self::app) does.
    any_app() => any = true;
    /// Sets the default script, whose options apply where the script of an endpoint does not set them.
    default_script(script: Script) => scripts.default = script;
    /// Also accepts URLs of jobs that contain the full endpoint id, such as `owner/app/path/requests/…`. By default, they are
    /// refused with 405, as on fal.
    lenient() => settings.strict = false;
    /// Sets the interval at which an idle status stream sends a comment. Default: 15 s, as on fal.
    keep_alive(every: Duration) => settings.keep_alive = every;
    /// Sets how many of the latest requests are recorded. 0 means none. Default: 50,000.
    record_limit(requests: usize) => record_limit = requests;
    /// Sets how much of each request's body is recorded, in bytes. Default: 1 MiB.
    recorded_body(bytes: usize) => settings.recorded_body = bytes;
    /// Sets how many jobs are kept. If there are more, the oldest completed ones are removed. Default: 100,000.
    job_limit(jobs: usize) => job_limit = jobs;
    /// Sets the seed of the random numbers for ids and for faults with a probability. Default: 0.
    seed(seed: u64) => seed = seed;
    /// Serves TLS on the same port as plain HTTP, and offers HTTP/2 by ALPN. The certificate is valid for fal's host names and the
    /// loopback addresses, and is issued by a CA that is created for this server: see [`MockServer::ca_pem`] and
    /// [`MockServer::secure_urls`]. Needs the feature `tls`, which is on by default.
    #[cfg(feature = "tls")]
    tls() => tls = true;
    /// Sets how many HTTP/2 streams a connection may have open. Default: 200. The limit of fal's servers is not known.
    max_concurrent_streams(streams: u32) => settings.max_streams = streams;
    /// Discards the content of uploads, and keeps only lengths and checksums.
    discard_uploads() => settings.keep_uploads = false;
    /// Sets the `expires_at` of CDN tokens, in RFC 3339. Default: a time in the year 2100. The server accepts the tokens even after
    /// that time.
    cdn_token_expiry(moment: &str) => settings.cdn_token_expiry = moment.to_owned();
    /// Limits how many jobs and direct runs are in progress at the same time. Beyond the limit, jobs wait in the queue, and direct
    /// runs are answered with 429 and `concurrent_requests_limit`. Default: no limit.
    concurrency(limit: usize) => concurrency = Some(limit);
    /// Sets when and how often the delivery of a webhook is repeated. Default: [`WebhookPolicy::default`].
    webhooks(policy: WebhookPolicy) => webhooks = policy;
});

impl MockServerBuilder {
    /// Sets the port on the loopback interface. The default, 0, means any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Serves the models of all OpenAPI documents (`*.json`) in a folder and its subfolders. A document that cannot be used is
    /// left out, and named in [`MockServer::warnings`].
    pub fn documents(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// Serves the model of one OpenAPI document.
    pub fn document(mut self, document: Value) -> Self {
        self.documents.push(document);
        self
    }

    /// Serves an endpoint without a document, given by its id. It accepts any input, and returns `{}` unless a script sets an
    /// output.
    pub fn app(mut self, endpoint: &str) -> Self {
        self.apps.push(endpoint.to_owned());
        self
    }

    /// Makes the platform API return an error in place of an endpoint's document, as fal does for some endpoints.
    pub fn failed_expansion(mut self, endpoint: &str) -> Self {
        self.failed_expansions.push(endpoint.to_owned());
        self
    }

    /// Sets the script of an endpoint. The endpoint is served even if it has no document.
    pub fn script(mut self, endpoint: &str, script: Script) -> Self {
        self.apps.push(endpoint.to_owned());
        self.scripts.by_endpoint.insert(endpoint.to_owned(), script);
        self
    }

    /// Injects a fault, as [`MockServer::inject`] does after the start.
    pub fn fault(mut self, fault: impl Into<Injection>) -> Self {
        self.faults.push(fault.into());
        self
    }

    /// Adds a key that is accepted. Unless keys are set, every well-formed key is accepted.
    pub fn key(self, key: &str) -> Self {
        self.scoped_key(key, Scope::Admin)
    }

    /// Adds a key that is accepted for inference only. Routes of the platform API that need the scope `ADMIN` refuse it.
    pub fn inference_key(self, key: &str) -> Self {
        self.scoped_key(key, Scope::Api)
    }

    fn scoped_key(mut self, key: &str, scope: Scope) -> Self {
        self.keys.push(Key {
            id: key.split(':').next().unwrap_or(key).to_owned(),
            alias: "given to the builder".to_owned(),
            full: key.to_owned(),
            scope,
        });
        self
    }

    /// Sets an endpoint's price per unit, in US dollars, and the name of the unit. Default: 0.05.
    pub fn price(mut self, endpoint: &str, unit_price: f64, unit: &str) -> Self {
        let price = Price {
            unit_price,
            unit: unit.to_owned(),
        };
        self.prices.insert(endpoint.to_owned(), price);
        self
    }

    /// Starts the server on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port is in use, a folder cannot be read, a value given to [`document`](Self::document) is not an OpenAPI document of
    /// an endpoint, or there is no Tokio runtime.
    pub async fn start(mut self) -> Result<MockServer, Error> {
        let (socket, address) = bind(self.address).await?;
        let tls = if self.tls { Some(Tls::new()?) } else { None };
        let ca_pem = tls.as_ref().map(|tls| tls.ca_pem().to_owned());
        let (models, warnings) = self.models()?;
        let stores = self.stores();
        let tasks = Tasks::default();
        let deliveries = Arc::clone(&stores.deliveries);
        let webhooks = Webhooks::new(self.webhooks, deliveries, tasks.clone());
        let context = Arc::new(Context {
            models,
            stores,
            seed: Seed::new(self.seed),
            runner: Runner::new(self.concurrency, tasks.clone(), webhooks),
            tasks,
            settings: self.settings,
        });
        let service = Service {
            table: routes::table(),
            context: Arc::clone(&context),
        };
        let listener = Listener {
            service: Arc::new(service),
            tls,
        };
        let (restarts, restarted) = restart::channel();
        let task = tokio::spawn(listener.serve(socket, address, restarted));
        Ok(MockServer {
            context,
            restarts,
            ca_pem,
            address,
            urls: Urls::under(&format!("http://{address}")),
            secure_urls: Urls::under(&format!("https://{address}")),
            warnings,
            listener: Some(task),
        })
    }

    /// Starts the server on a new thread with its own Tokio runtime, for tests without a Tokio runtime.
    ///
    /// # Errors
    ///
    /// The errors of [`start`](Self::start), or if the thread cannot be started.
    pub fn start_on_thread(self) -> Result<MockServer, Error> {
        let (sender, receiver) = mpsc::channel();
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(Error::runtime)?;
        let serve = move || {
            runtime.block_on(async {
                let mut started = self.start().await;
                let listener = started
                    .as_mut()
                    .ok()
                    .and_then(|server| server.listener.take());
                // Sending fails if the thread of the caller is gone.
                let _ = sender.send(started);
                if let Some(listener) = listener {
                    let _ = listener.await;
                }
            });
        };
        thread::Builder::new()
            .name("fal-mock".to_owned())
            .spawn(serve)
            .map_err(Error::runtime)?;
        receiver.recv().map_err(Error::runtime)?
    }

    fn models(&mut self) -> Result<(Models, Vec<String>), Error> {
        let mut catalog = Catalog::default();
        let mut warnings = Vec::new();
        for folder in &self.folders {
            warnings.extend(folder::read_folder(&mut catalog, folder)?);
        }
        for document in &self.documents {
            catalog.add_value(document)?;
        }
        for app in &self.apps {
            catalog.add_bare(app);
        }
        catalog.failed_expansions = mem::take(&mut self.failed_expansions);
        catalog.any = self.any;
        let (scripts, prices) = (mem::take(&mut self.scripts), mem::take(&mut self.prices));
        Ok((Models::new(catalog, scripts, prices), warnings))
    }

    fn stores(&mut self) -> Stores {
        let stores = Stores {
            records: Records::new(self.record_limit),
            jobs: Jobs::new(self.job_limit),
            faults: Faults::default(),
            files: Files::default(),
            tokens: Tokens::default(),
            keys: Keys::new(mem::take(&mut self.keys)),
            deliveries: Arc::default(),
        };
        for fault in mem::take(&mut self.faults) {
            stores.faults.add(fault);
        }
        stores
    }
}
