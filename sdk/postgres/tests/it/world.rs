//! What the tests have in common: a database, a server, a batch with items.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fal_batch_postgres::{Batch, Limits, NewItem, Progress, Store, Worker};
use fal_mock::{MockServer, Script, WebhookPolicy};
use fal_sdk::Client;
use fal_sdk::retry::RetryPolicy;
use fal_test_postgres::Cluster;
use serde_json::{Value, json};

pub const ENDPOINT: &str = "acme/sample/depth";
pub const KEY: &str = "test-id:test-secret-4f1d";

/// How long anything may take, on a machine that is busy with other things.
pub const LIMIT: Duration = Duration::from_secs(180);

/// A database, a server, and a batch with items.
pub struct World {
    pub cluster: Cluster,
    pub store: Store,
    pub server: MockServer,
    pub batch: Batch,
}

impl World {
    /// Everything that a test begins with; `None` where PostgreSQL is not installed.
    pub async fn new(script: Script, limits: Limits, items: usize) -> Option<Self> {
        let cluster = Cluster::start().await?;
        let store = store_in(&cluster, "fal_batch").await;
        let server = mock(script).await;
        let batch = batch_of(&store, "batch", limits, items).await;
        Some(Self {
            cluster,
            store,
            server,
            batch,
        })
    }

    pub fn client(&self) -> Client {
        client(&self.server.url())
    }

    pub fn worker(&self) -> Worker {
        Worker::new(self.client(), self.store.clone())
    }

    /// One value of a statement of the test's own.
    pub async fn value<T>(&self, statement: &str) -> T
    where
        T: for<'a> tokio_postgres::types::FromSql<'a>,
    {
        let sql = self.cluster.sql().await;
        let row = sql.query_one(statement, &[]).await.expect("a row");
        row.get(0)
    }
}

/// A store whose schema is made.
pub async fn store_in(cluster: &Cluster, schema: &str) -> Store {
    let store = Store::builder(cluster.url()).schema(schema);
    let store = store.build().expect("a store");
    store.migrate().await.expect("the schema");
    store
}

/// A batch with items.
pub async fn batch_of(store: &Store, name: &str, limits: Limits, items: usize) -> Batch {
    let batch = store.batch(name);
    batch.create(&limits).await.expect("a batch");
    let added = batch.add((0..items).map(item)).await.expect("items");
    assert_eq!(added.new, items);
    batch
}

/// A server that posts webhooks for as long as any test takes.
pub async fn mock(script: Script) -> MockServer {
    let policy = WebhookPolicy::fast(5_000, Duration::from_millis(100));
    let script = script.output(json!({"video": {"url": "https://example.com/v.mp4"}}));
    let server = MockServer::builder()
        .script(ENDPOINT, script)
        .webhooks(policy);
    server.start().await.expect("a server")
}

pub fn client(url: &str) -> Client {
    let builder = Client::builder().key(KEY).base_url(url);
    builder
        .retry(RetryPolicy::default())
        .build()
        .expect("a client")
}

pub fn item(number: usize) -> NewItem {
    NewItem::json(key(number), ENDPOINT, json!({"prompt": key(number)}))
}

pub fn key(number: usize) -> String {
    format!("item-{number}")
}

/// How many jobs each item became, by its key.
pub fn jobs_by_key(server: &MockServer) -> BTreeMap<String, usize> {
    let mut jobs = BTreeMap::new();
    for job in server.jobs() {
        let input: Value = serde_json::from_slice(&job.input).expect("JSON");
        let key = input["prompt"].as_str().expect("a prompt").to_owned();
        *jobs.entry(key).or_default() += 1;
    }
    jobs
}

/// Waits until every item has an outcome, or none that can be known.
pub async fn until_settled(batch: &Batch) -> Progress {
    until(batch, |progress| progress.remaining() == 0).await
}

/// Waits until so many items have an output.
pub async fn until_done(batch: &Batch, items: u64) -> Progress {
    until(batch, |progress| progress.count("done") == items).await
}

/// Waits until the batch is as it should be.
pub async fn until(batch: &Batch, holds: impl Fn(&Progress) -> bool) -> Progress {
    let started = Instant::now();
    loop {
        let progress = batch.progress().await.expect("progress");
        if holds(&progress) {
            return progress;
        }
        assert!(started.elapsed() < LIMIT, "after {LIMIT:?}: {progress:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until something is so that does not need the database.
pub async fn until_true(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < LIMIT, "after {LIMIT:?}: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
