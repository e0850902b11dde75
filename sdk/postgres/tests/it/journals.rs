//! The journal of `Client::batch` in the database.

use std::time::Duration;

use fal_batch_postgres::{Limits, PostgresJournal};
use fal_mock::Script;
use fal_sdk::journal::conformance;
use fal_test_postgres::Cluster;
use serde_json::json;

use crate::world::{ENDPOINT, World, client, store_in};

#[tokio::test]
async fn it_keeps_every_promise() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = store_in(&cluster, "fal_batch").await;
    // Long enough to be renewed in time by a machine that is busy with other things.
    let lease = Duration::from_secs(4);
    let journal = |name: &str| PostgresJournal::new(store.clone(), name).lease(lease);
    conformance::check(journal).await.expect("every promise");
}

/// Two programs with the same inputs share the work, and both return all outcomes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_share_a_batch() {
    let script = Script::new().run(Duration::from_millis(20));
    let Some(world) = World::new(script, Limits::none(), 0).await else {
        return;
    };
    let run = || {
        let (url, store) = (world.server.url(), store_in(&world.cluster, "fal_batch"));
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
    assert_eq!(world.server.jobs_created(), 40);
}
