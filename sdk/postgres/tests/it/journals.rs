//! The journal of `Client::batch` in the database.

use std::time::Duration;

use fal_batch_postgres::PostgresJournal;
use fal_mock::Script;
use fal_sdk::journal::conformance;
use serde_json::json;

use crate::cluster::Cluster;
use crate::world::{ENDPOINT, client, mock};

#[tokio::test]
async fn it_keeps_every_promise() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let journal =
        |name: &str| PostgresJournal::new(store.clone(), name).lease(Duration::from_secs(1));
    conformance::check(journal).await.expect("every promise");
}

/// Two programs with the same inputs share the work, and both return all outcomes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_share_a_batch() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let server = mock(Script::new().run(Duration::from_millis(20)));
    let server = server.start().await.expect("a server");
    let run = || {
        let (url, store) = (server.url(), cluster.store("fal_batch"));
        async move {
            let store = store.await;
            let endpoint = client(&url).endpoint(ENDPOINT).expect("an endpoint");
            let inputs = (0..40).map(|number| json!({"prompt": number.to_string()}));
            let batch = endpoint.batch(inputs).concurrency(4);
            let outcomes = batch
                .with_journal(PostgresJournal::new(store, "shared"))
                .await;
            let outcomes = outcomes.expect("the batch");
            let outcomes: Result<Vec<_>, _> = outcomes.into_iter().collect();
            outcomes.expect("outcomes")
        }
    };
    let (first, second) = tokio::join!(run(), run());
    assert_eq!(first.len(), 40);
    assert_eq!(first, second);
    assert_eq!(server.jobs_created(), 40);
}
