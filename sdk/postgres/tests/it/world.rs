//! What the tests have in common: an endpoint, a client, items.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fal_batch_postgres::{Batch, NewItem, Progress};
use fal_mock::{MockServer, MockServerBuilder, Script, WebhookPolicy};
use fal_sdk::Client;
use fal_sdk::retry::RetryPolicy;
use serde_json::{Value, json};

pub const ENDPOINT: &str = "acme/sample/depth";
pub const KEY: &str = "test-id:test-secret-4f1d";

pub fn mock(script: Script) -> MockServerBuilder {
    let policy = WebhookPolicy::fast(500, Duration::from_millis(100));
    let script = script.output(json!({"video": {"url": "https://example.com/v.mp4"}}));
    MockServer::builder()
        .script(ENDPOINT, script)
        .webhooks(policy)
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
pub async fn until_settled(batch: &Batch, limit: Duration) -> Progress {
    until(batch, limit, |progress| progress.remaining() == 0).await
}

pub async fn until(
    batch: &Batch,
    limit: Duration,
    mut holds: impl FnMut(&Progress) -> bool,
) -> Progress {
    let started = Instant::now();
    loop {
        let progress = batch.progress().await.expect("progress");
        if holds(&progress) {
            return progress;
        }
        assert!(started.elapsed() < limit, "after {limit:?}: {progress:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
