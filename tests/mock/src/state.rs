//! What every connection shares.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tokio::sync::{Semaphore, watch};

use crate::{
    documents::{Catalog, Endpoint},
    fault::Faults,
    job::{Job, Jobs},
    keys::Keys,
    record::Recorder,
    routes::Price,
    script::Script,
    seed::Seed,
    storage::Storage,
    tls::Tls,
    tokens::Tokens,
    webhook::{self, Deliveries, WebhookPolicy},
};

/// What the builder settled.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Per-request routes refuse a sub-path, as fal does.
    pub(crate) strict: bool,
    /// How often an idle status stream sends a comment.
    pub(crate) keep_alive: Duration,
    /// How much of a request's body is recorded, in bytes.
    pub(crate) recorded_body: usize,
    /// How many HTTP/2 streams a connection may have open.
    pub(crate) max_streams: u32,
    pub(crate) tls: Option<Tls>,
    /// Whether the content of uploads is kept.
    pub(crate) keep_uploads: bool,
    /// What CDN tokens say of their end.
    pub(crate) cdn_token_expiry: String,
    pub(crate) webhooks: WebhookPolicy,
    /// What endpoints cost; the rest costs the default.
    pub(crate) prices: HashMap<String, Price>,
    pub(crate) concurrency: Option<usize>,
}

/// The server's state. No lock is held while anything waits.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) catalog: RwLock<Catalog>,
    pub(crate) scripts: RwLock<Scripts>,
    pub(crate) recorder: Recorder,
    pub(crate) jobs: Jobs,
    pub(crate) seed: Seed,
    pub(crate) faults: Faults,
    pub(crate) storage: Storage,
    pub(crate) tokens: Tokens,
    pub(crate) keys: Keys,
    pub(crate) deliveries: Deliveries,
    /// How many jobs and direct runs may be in progress, if that is limited.
    pub(crate) slots: Option<Arc<Semaphore>>,
    stop: watch::Sender<bool>,
}

/// The scripts of endpoints.
#[derive(Debug, Default)]
pub(crate) struct Scripts {
    pub(crate) default: Script,
    pub(crate) by_endpoint: HashMap<String, Script>,
}

impl Shared {
    pub(crate) fn new(
        config: Config,
        catalog: Catalog,
        scripts: Scripts,
        recorder: Recorder,
        jobs: Jobs,
        seed: Seed,
        keys: Keys,
    ) -> Self {
        let slots = config
            .concurrency
            .map(|slots| Arc::new(Semaphore::new(slots)));
        Self {
            config,
            catalog: RwLock::new(catalog),
            scripts: RwLock::new(scripts),
            recorder,
            jobs,
            seed,
            faults: Faults::default(),
            storage: Storage::default(),
            tokens: Tokens::default(),
            keys,
            deliveries: Deliveries::default(),
            slots,
            stop: watch::Sender::new(false),
        }
    }

    pub(crate) fn endpoint(&self, id: &str) -> Option<Arc<Endpoint>> {
        self.catalog
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
    }

    pub(crate) fn has_app(&self, app: &str) -> bool {
        self.catalog
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .has_app(app)
    }

    /// Sets the script of an endpoint, which is served from now on if it was not.
    pub(crate) fn set_script(&self, endpoint: &str, script: Script) {
        self.catalog
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .add_bare(endpoint);
        let mut scripts = self.scripts.write().unwrap_or_else(PoisonError::into_inner);
        scripts.by_endpoint.insert(endpoint.to_owned(), script);
    }

    /// Sets the script of endpoints that have none.
    pub(crate) fn set_default_script(&self, script: Script) {
        self.scripts
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .default = script;
    }

    /// `asked` over the endpoint's script over the default.
    pub(crate) fn script(&self, endpoint: &str, asked: Script) -> Script {
        let scripts = self.scripts.read().unwrap_or_else(PoisonError::into_inner);
        let own = scripts
            .by_endpoint
            .get(endpoint)
            .cloned()
            .unwrap_or_default();
        asked.over(own).over(scripts.default.clone())
    }

    /// Runs `work` beside the server, until either ends.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stopped();
        tokio::spawn(async move {
            tokio::select! {
                () = work => {}
                () = stop => {}
            }
        });
    }

    /// Ends when the server goes down.
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stop = self.stop.subscribe();
        // An error means that the server is gone.
        async move { stop.wait_for(|stop| *stop).await.map_or((), drop) }
    }

    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Forgets what clients did; what the server's owner set up stays.
    pub(crate) fn reset(&self) {
        self.recorder.reset();
        self.jobs.reset();
        self.storage.reset();
        self.faults.clear();
        self.tokens.revoke();
        self.deliveries.reset();
    }

    /// A job has ended.
    pub(crate) fn finished(self: &Arc<Self>, job: &Arc<Job>) {
        webhook::deliver(self, job);
    }
}
