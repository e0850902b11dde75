//! Configuring a server.

use std::{
    collections::HashMap,
    io,
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
    documents::{self, Catalog},
    error::Error,
    fault::Injection,
    hosts::Urls,
    job::Jobs,
    keys::{Key, Keys, Scope},
    listen,
    record::Recorder,
    routes::Price,
    script::Script,
    seed::Seed,
    server::MockServer,
    state::{Config, Scripts, Shared},
    tls::Tls,
    webhook::WebhookPolicy,
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
    config: Config,
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
            config: Config {
                strict: true,
                keep_alive: Duration::from_secs(15),
                recorded_body: 1 << 20,
                max_streams: 200,
                tls: None,
                keep_uploads: true,
                cdn_token_expiry: "2100-01-01T00:00:00+00:00".to_owned(),
                webhooks: WebhookPolicy::default(),
                prices: HashMap::new(),
                concurrency: None,
            },
            faults: Vec::new(),
            keys: Vec::new(),
            record_limit: 50_000,
            job_limit: 100_000,
            seed: 0,
            tls: false,
        }
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
        self.config.prices.insert(endpoint.to_owned(), price);
        self
    }

    /// Answers per-request routes under the full id too, which fal refuses with 405.
    pub fn lenient(mut self) -> Self {
        self.config.strict = false;
        self
    }

    /// How often an idle status stream sends a comment; 15 s, as on fal, unless set.
    pub fn keep_alive(mut self, every: Duration) -> Self {
        self.config.keep_alive = every;
        self
    }

    /// How many requests the record keeps, the latest ones; 50,000 unless set. 0 keeps none.
    pub fn record_limit(mut self, requests: usize) -> Self {
        self.record_limit = requests;
        self
    }

    /// How much of each request's body the record keeps, in bytes; 1 MiB unless set.
    pub fn recorded_body(mut self, bytes: usize) -> Self {
        self.config.recorded_body = bytes;
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
        self.config.max_streams = streams;
        self
    }

    /// Forgets the content of uploads, and keeps their length and checksum alone.
    pub fn discard_uploads(mut self) -> Self {
        self.config.keep_uploads = false;
        self
    }

    /// What CDN tokens say of their end (`expires_at`, RFC 3339); the year 2100 unless set. The server takes them for ever.
    pub fn cdn_token_expiry(mut self, moment: &str) -> Self {
        moment.clone_into(&mut self.config.cdn_token_expiry);
        self
    }

    /// Lets so many jobs and direct runs be in progress at once; without it there is no limit. Beyond it jobs wait in the
    /// queue, and direct runs are answered with 429 `concurrent_requests_limit`.
    pub fn concurrency(mut self, limit: usize) -> Self {
        self.config.concurrency = Some(limit);
        self
    }

    /// Sets when webhooks are tried again.
    pub fn webhooks(mut self, policy: WebhookPolicy) -> Self {
        self.config.webhooks = policy;
        self
    }

    /// Starts the server on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// The port is taken, a folder cannot be read, a document given as a value is none, or there is no runtime.
    pub async fn start(self) -> Result<MockServer, Error> {
        let runtime = Handle::try_current().map_err(|error| Error::Runtime {
            reason: error.to_string(),
        })?;
        let bind = |source| Error::Bind {
            address: self.address.to_string(),
            source,
        };
        let listener = TcpListener::bind(self.address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let (shared, warnings) = self.shared()?;
        let shared = Arc::new(shared);
        let task = runtime.spawn(listen::serve(listener, Arc::clone(&shared), address));
        Ok(MockServer {
            shared,
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

    fn shared(mut self) -> Result<(Shared, Vec<String>), Error> {
        if self.tls {
            self.config.tls = Some(Tls::new()?);
        }
        let mut catalog = Catalog::default();
        let mut warnings = Vec::new();
        for folder in &self.folders {
            warnings.extend(documents::read_folder(&mut catalog, folder)?);
        }
        for document in &self.documents {
            catalog.add_value(document)?;
        }
        for app in &self.apps {
            catalog.add_bare(app);
        }
        catalog.failed_expansions = self.failed_expansions;
        catalog.any = self.any;
        let (recorder, jobs) = (Recorder::new(self.record_limit), Jobs::new(self.job_limit));
        let shared = Shared::new(
            self.config,
            catalog,
            self.scripts,
            recorder,
            jobs,
            Seed::new(self.seed),
            Keys::new(self.keys),
        );
        for fault in self.faults {
            shared.faults.add(fault);
        }
        Ok((shared, warnings))
    }
}
