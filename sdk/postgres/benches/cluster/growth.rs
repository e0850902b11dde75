//! The CPU time of the database for new items in a large table, which does not depend on the
//! network.

use std::time::{Duration, Instant};

use fal_batch_postgres::{Limits, NewItem, Reconciler, Store, Worker};
use fal_mock::{MockServer, Script};
use fal_test_postgres::Cluster;
use serde_json::json;
use tokio_postgres::Client;

use crate::{ENDPOINT, client, grouped};

/// How many new items are run beside those that are done.
const NEW: usize = 2_000;
/// How many new items are added together.
const STEP: usize = 1_000;

pub async fn measure(cluster: &Cluster, done: usize) {
    let store = Store::new(cluster.url()).expect("a store");
    store.migrate().await.expect("the schema");
    let batch = store.batch("bench");
    batch.create(&Limits::none()).await.expect("a batch");
    let sql = cluster.sql().await;
    fill(&sql, done).await;
    for state in ["not vacuumed", "vacuumed"] {
        let cpu = run(cluster, &store).await;
        let looking = cluster.cpu_seconds();
        let started = Instant::now();
        batch.progress().await.expect("progress");
        let progress = started.elapsed();
        println!(
            "| {} items that are done, {state}, and {} new ones | {:.2} ms of CPU by the database \
             per new item, from its claim to its outcome; `progress` in {:.0} ms, {:.0} of them \
             CPU |",
            grouped(done),
            grouped(NEW),
            cpu * 1000.0 / NEW as f64,
            progress.as_secs_f64() * 1000.0,
            (cluster.cpu_seconds() - looking) * 1000.0,
        );
        sql.batch_execute("VACUUM ANALYZE").await.expect("a vacuum");
    }
}

/// Adds items that went through all states, each of which left a version of the row and entries
/// in the indexes.
async fn fill(sql: &Client, done: usize) {
    let steps = [
        "ALTER TABLE fal_batch.items SET (autovacuum_enabled = off)".to_owned(),
        format!(
            "INSERT INTO fal_batch.items (batch_id, key, endpoint, input)
             SELECT b.id, 'done-' || n, '{ENDPOINT}',
                 json_build_object('prompt', 'image ' || n || ', of a street in the morning')
             FROM fal_batch.batches b, generate_series(1, {done}) n"
        ),
        "UPDATE fal_batch.items SET state = 'submitting', attempt = 1, worker = 'gone',
             lease_until = clock_timestamp()"
            .to_owned(),
        "UPDATE fal_batch.items SET state = 'submitted', request_id = gen_random_uuid()::text,
             lease_until = NULL, worker = NULL, check_at = clock_timestamp()"
            .to_owned(),
        "UPDATE fal_batch.items SET state = 'done', check_at = NULL, output = '{\"seed\": 1}',
             finished_at = clock_timestamp()"
            .to_owned(),
        "ANALYZE".to_owned(),
    ];
    for step in steps {
        sql.batch_execute(&step).await.expect("items");
    }
}

/// Runs new items to their outcomes, and returns the CPU seconds of the database.
async fn run(cluster: &Cluster, store: &Store) -> f64 {
    let server = MockServer::builder().script(ENDPOINT, Script::new().output(json!({"seed": 1})));
    let fal = server.record_limit(0).start().await.expect("a server");
    let batch = store.batch("bench");
    let reconciler = Reconciler::new(client(&fal.url()), store.clone()).rate_per_second(1_000.0);
    let reconciler = tokio::spawn(reconciler.run());
    let sql = cluster.sql().await;
    let cpu = cluster.cpu_seconds();
    for step in 0..NEW / STEP {
        let started = started_at(&sql).await;
        let items = (0..STEP).map(|number| {
            let input = json!({"prompt": format!("image {number}, of a street in the morning")});
            NewItem::json(format!("{started}-{step}-{number}"), ENDPOINT, input)
        });
        assert_eq!(batch.add(items).await.expect("items").new, STEP);
        let worker = Worker::new(client(&fal.url()), store.clone()).concurrency(32);
        let worker = worker.check_after(Duration::ZERO).ends_when_empty();
        worker.run().await.expect("a worker");
    }
    let in_flight = "SELECT in_flight FROM fal_batch.batches";
    while sql
        .query_one(in_flight, &[])
        .await
        .expect("a row")
        .get::<_, i64>(0)
        > 0
    {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    reconciler.abort();
    cluster.cpu_seconds() - cpu
}

/// A text that makes the keys of a run unique.
async fn started_at(sql: &Client) -> String {
    let clock = "SELECT clock_timestamp()::text";
    sql.query_one(clock, &[]).await.expect("a row").get(0)
}
