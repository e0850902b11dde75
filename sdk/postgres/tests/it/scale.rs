//! What a large table costs: nothing that grows with the items that are done.

use std::time::Duration;

use fal_batch_postgres::{Limits, Reconciler, Store, Worker};
use fal_mock::Script;
use fal_sdk::webhook::Verifier;
use fal_test_postgres::free_address;
use tokio_postgres::Client;

use crate::process::{listen, serve};
use crate::world::{LIMIT, World, item, until_true};

const DONE: usize = 100_000;
const NEW: usize = 300;

/// How many rows of the items were read by reading the whole table, and how many by an index,
/// on all connections that have ended.
async fn rows_read(sql: &Client) -> (i64, i64) {
    sql.batch_execute("SELECT pg_stat_clear_snapshot()")
        .await
        .expect("counts");
    let read = "SELECT seq_tup_read, idx_tup_fetch FROM pg_stat_user_tables
         WHERE schemaname = 'fal_batch' AND relname = 'items'";
    let row = sql.query_one(read, &[]).await.expect("counts");
    (row.get(0), row.get(1))
}

/// Ends the connections of a store, so that what they have read is counted.
async fn end_connections(sql: &Client) {
    let started = std::time::Instant::now();
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE application_name = 'measured'";
    while sql
        .query_one(end, &[])
        .await
        .expect("ends")
        .get::<_, i64>(0)
        > 0
    {
        assert!(started.elapsed() < LIMIT, "a connection does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Every statement of workers, receivers and reconcilers finds its rows by an index, also when
/// nearly all items are done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_reads_the_whole_table() {
    let script = Script::new().run(Duration::from_millis(20));
    let Some(world) = World::new(script, Limits::none(), 0).await else {
        return;
    };
    let sql = world.cluster.sql().await;
    sql.batch_execute(&format!(
        "INSERT INTO fal_batch.items
             (batch_id, key, endpoint, input, state, request_id, output, finished_at)
         SELECT b.id, 'done-' || n, 'acme/sample/depth', '{{}}', 'done', 'request-' || n, '{{}}',
             clock_timestamp()
         FROM fal_batch.batches b, generate_series(1, {DONE}) n"
    ))
    .await
    .expect("items");
    sql.batch_execute("ANALYZE").await.expect("statistics");
    let (scanned, by_index) = rows_read(&sql).await;

    let url = format!("{}&application_name=measured", world.cluster.url());
    let store = Store::new(url).expect("a store");
    let batch = store.batch(world.batch.name());
    batch.add((0..NEW).map(item)).await.expect("items");
    let address = free_address();
    let listener = listen(address).await;
    let verifier = Verifier::of(&world.client());
    let receiver = tokio::spawn(serve(listener, verifier, store.clone()));
    let reconciler = Reconciler::new(world.client(), store.clone());
    let reconciler = tokio::spawn(reconciler.rate_per_second(100.0).run());
    // Some outcomes are posted, and the others are asked for.
    let worker = || Worker::new(world.client(), store.clone()).concurrency(30);
    let posted = worker().webhook(format!("http://{address}/fal"));
    let asked = worker().check_after(Duration::from_millis(50));
    let (posted, asked) = tokio::join!(
        posted.ends_when_empty().run(),
        asked.ends_when_empty().run()
    );
    posted.and(asked).expect("workers");
    let started = std::time::Instant::now();
    // `progress` does read the whole batch.
    let in_flight = "SELECT in_flight FROM fal_batch.batches";
    while world.value::<i64>(in_flight).await > 0 {
        assert!(started.elapsed() < LIMIT, "jobs without an outcome");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let connections = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'measured'";
    let connections: i64 = world.value(connections).await;
    assert_eq!(
        connections, 1,
        "of two workers, a receiver and a reconciler"
    );
    reconciler.abort();
    receiver.abort();
    end_connections(&sql).await;

    let (scanned_after, by_index_after) = rows_read(&sql).await;
    let (scanned, by_index) = (scanned_after - scanned, by_index_after - by_index);
    assert!(by_index >= 4 * NEW as i64, "{by_index} rows were counted");
    assert_eq!(scanned, 0, "rows that were read for nothing");
    let progress = world.batch.progress().await.expect("progress");
    assert_eq!(progress.count("done"), (DONE + NEW) as u64);
    until_true("jobs", || world.server.jobs_created() == NEW as u64).await;
}
