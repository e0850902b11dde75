//! Configuring a server.

use std::{
    io, mem,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use serde_json::Value;
use tokio::{
    net::TcpListener,
    runtime::{self, Handle},
};

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
    serve::{listen::Listener, routes, service::Service, settings::Settings, tls::Tls},
    server::MockServer,
    store::{
        Stores,
        jobs::Jobs,
        keys::{Key, Keys, Scope},
        records::Records,
    },
};

/// Configures a [`MockServer`].
#[derive(Debug)]

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
    /// Creates a builder, which configures and starts a server.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }
}

impl MockServerBuilder {
    /// Listens on this port of the loopback interface; 0, the default, takes any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Listens on this address instead of the loopback interface.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Serves every OpenAPI document (`*.json`) below a folder. One that cannot be used is named in
    /// [`warnings`](MockServer::warnings) and does not stop the others.
    pub fn documents(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// Serves one OpenAPI document.
    pub fn document(mut self, document: Value) -> Self {
        self.documents.push(document);
        self
    }

    /// Serves an endpoint without a document: it takes anything and answers `{}` unless scripted.
    pub fn app(mut self, endpoint: &str) -> Self {
        self.apps.push(endpoint.to_owned());
        self
    }

    /// Serves every endpoint id, as [`app`](Self::app) does, where there is no document.
    pub fn any_app(mut self) -> Self {
        self.any = true;
        self
    }

    /// Lets the platform route fail to expand an endpoint's document, as it does for some endpoints.
    pub fn failed_expansion(mut self, endpoint: &str) -> Self {
        self.failed_expansions.push(endpoint.to_owned());
        self
    }

    /// Sets how jobs of an endpoint go; it is served even without a document.
    pub fn script(mut self, endpoint: &str, script: Script) -> Self {
        self.apps.push(endpoint.to_owned());
        self.scripts.by_endpoint.insert(endpoint.to_owned(), script);
        self
    }

    /// Sets how jobs go where the endpoint's script does not say.
    pub fn default_script(mut self, script: Script) -> Self {
        self.scripts.default = script;
        self
    }

    /// Lets something go wrong from the start.
    pub fn fault(mut self, fault: impl Into<Injection>) -> Self {
        self.faults.push(fault.into());
        self
    }

    /// Takes this key and no other, or one more of several. Without it, any well-formed key is taken.
    pub fn key(self, key: &str) -> Self {
        self.scoped_key(key, Scope::Admin)
    }

    /// Takes this key too, for inference alone: the platform routes that need `ADMIN` scope refuse it.
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

    /// Sets what a unit of an endpoint costs, in US dollars, and what a unit is; 0.05 a unit unless set.
    pub fn price(mut self, endpoint: &str, unit_price: f64, unit: &str) -> Self {
        let price = Price {
            unit_price,
            unit: unit.to_owned(),
        };
        self.prices.insert(endpoint.to_owned(), price);
        self
    }

    /// Answers per-request routes under the full id too, which fal refuses with 405.
    pub fn lenient(mut self) -> Self {
        self.settings.strict = false;
        self
    }

    /// How often an idle status stream sends a comment; 15 s, as on fal, unless set.
    pub fn keep_alive(mut self, every: Duration) -> Self {
        self.settings.keep_alive = every;
        self
    }

    /// How many requests the record keeps, the latest ones; 50,000 unless set. 0 keeps none.
    pub fn record_limit(mut self, requests: usize) -> Self {
        self.record_limit = requests;
        self
    }

    /// How much of each request's body the record keeps, in bytes; 1 MiB unless set.
    pub fn recorded_body(mut self, bytes: usize) -> Self {
        self.settings.recorded_body = bytes;
        self
    }

    /// How many jobs are kept; beyond that the oldest ended ones are forgotten. 100,000 unless set.
    pub fn job_limit(mut self, jobs: usize) -> Self {
        self.job_limit = jobs;
        self
    }

    /// The seed of every id and chance; 0 unless set.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Speaks TLS too, on the same port, with a certificate for fal's host names and the loopback addresses from a CA of its
    /// own: [`ca_pem`](MockServer::ca_pem), [`secure_urls`](MockServer::secure_urls). HTTP/2 is offered by ALPN.
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// How many HTTP/2 streams a connection may have open; 200 unless set. fal's own limit is not known.
    pub fn max_concurrent_streams(mut self, streams: u32) -> Self {
        self.settings.max_streams = streams;
        self
    }

    /// Forgets the content of uploads, and keeps their length and checksum alone.
    pub fn discard_uploads(mut self) -> Self {
        self.settings.keep_uploads = false;
        self
    }

    /// What CDN tokens say of their end (`expires_at`, RFC 3339); the year 2100 unless set. The server takes them for ever.
    pub fn cdn_token_expiry(mut self, moment: &str) -> Self {
        moment.clone_into(&mut self.settings.cdn_token_expiry);
        self
    }

    /// Lets so many jobs and direct runs be in progress at once; without it there is no limit. Beyond it jobs wait in the
    /// queue, and direct runs are answered with 429 `concurrent_requests_limit`.
    pub fn concurrency(mut self, limit: usize) -> Self {
        self.concurrency = Some(limit);
        self
    }

    /// Sets when webhooks are tried again.
    pub fn webhooks(mut self, policy: WebhookPolicy) -> Self {
        self.webhooks = policy;
        self
    }

    /// Starts the server on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// The port is taken, a folder cannot be read, a document given as a value is none, or there is no runtime.
    pub async fn start(mut self) -> Result<MockServer, Error> {
        let runtime = Handle::try_current().map_err(|error| Error::Runtime {
            reason: error.to_string(),
        })?;
        let bind = |source| Error::Bind {
            address: self.address.to_string(),
            source,
        };
        let listener = TcpListener::bind(self.address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let tls = if self.tls { Some(Tls::new()?) } else { None };
        let ca_pem = tls.as_ref().map(|tls| tls.ca_pem.clone());
        let (models, warnings) = self.models()?;
        let (tasks, seed) = (Tasks::default(), Arc::new(Seed::new(self.seed)));
        let stores = self.stores();
        let deliveries = Arc::clone(&stores.deliveries);
        let webhooks = Webhooks::new(self.webhooks, deliveries, tasks.clone());
        let runner = Runner::new(self.concurrency, tasks.clone(), webhooks);
        let table = routes::table(&models, &stores, &seed, &runner, &tasks, &self.settings);
        let max_streams = self.settings.max_streams;
        let listening = Listener {
            service: Arc::new(Service::new(table, &stores, seed, self.settings)),
            tasks: tasks.clone(),
            tls,
            max_streams,
        };
        let task = runtime.spawn(listening.serve(listener, address));
        Ok(MockServer {
            models,
            stores,
            tasks,
            ca_pem,
            address,
            urls: Urls::under(&format!("http://{address}")),
            secure_urls: Urls::under(&format!("https://{address}")),
            warnings,
            listener: Some(task),
        })
    }

    /// Starts the server on a thread and a runtime of its own, for tests that have none.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start); or no thread can be started.
    pub fn start_on_thread(self) -> Result<MockServer, Error> {
        let (tell, told) = mpsc::channel();
        let failed = |error: io::Error| Error::Runtime {
            reason: error.to_string(),
        };
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let serve = move || {
            runtime.block_on(async {
                let mut started = self.start().await;
                let listener = started
                    .as_mut()
                    .ok()
                    .and_then(|server| server.listener.take());
                // Nobody waits for it any more when the caller's thread is gone.
                let _ = tell.send(started);
                if let Some(listener) = listener {
                    let _ = listener.await;
                }
            });
        };
        thread::Builder::new()
            .name("fal-mock".to_owned())
            .spawn(serve)
            .map_err(failed)?;
        told.recv().map_err(|error| Error::Runtime {
            reason: error.to_string(),
        })?
    }

    fn models(&mut self) -> Result<(Arc<Models>, Vec<String>), Error> {
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
        Ok((Arc::new(Models::new(catalog, scripts, prices)), warnings))
    }

    fn stores(&mut self) -> Stores {
        let stores = Stores {
            records: Arc::new(Records::new(self.record_limit)),
            jobs: Arc::new(Jobs::new(self.job_limit)),
            faults: Arc::default(),
            files: Arc::default(),
            tokens: Arc::default(),
            keys: Arc::new(Keys::new(mem::take(&mut self.keys))),
            deliveries: Arc::default(),
        };
        for fault in mem::take(&mut self.faults) {
            stores.faults.add(fault);
        }
        stores
    }
}
