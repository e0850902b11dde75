//! A database that is not there, and workers that sleep.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fal_batch_postgres::{Batch, Limits, Reconciler, Store, Worker};
use fal_mock::{Fault, Hold, MockServer, Route, Script};
use fal_sdk::webhook::Verifier;
use fal_test_postgres::{Cluster, free_address, send_signal};
use tokio::task::JoinSet;

use crate::process::{Part, Setting, listen, serve, start};
use crate::world::{
    World, batch_of, client, item, jobs_by_key, mock, until, until_done, until_settled, until_true,
};

/// Workers, a receiver and a reconciler, which go through everything.
struct Work {
    batch: Batch,
    server: MockServer,
    added: usize,
    /// What they were waiting for.
    troubles: Arc<Mutex<Vec<String>>>,
    _running: JoinSet<()>,
}

impl Work {
    async fn new(cluster: &Cluster) -> Self {
        let troubles = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&troubles);
        let store = Store::builder(cluster.url())
            .time_limit(Duration::from_secs(2))
            .on_unavailable(move |error| seen.lock().expect("a list").push(error.to_string()))
            .build()
            .expect("a store");
        store.migrate().await.expect("the schema");
        let server = mock(Script::new().run(Duration::from_millis(30))).await;
        let fal = client(&server.url());
        let limits = Limits::none().rate_per_second(40.0).budget(1e6, 0.5);
        let batch = batch_of(&store, "through everything", limits, 0).await;
        let mut running = JoinSet::new();
        let address = free_address();
        let listener = listen(address).await;
        running.spawn(serve(listener, Verifier::of(&fal), store.clone()));
        for _ in 0..2 {
            let worker = Worker::new(fal.clone(), store.clone())
                .webhook(format!("http://{address}/fal"))
                .lease(Duration::from_secs(3))
                .check_after(Duration::from_secs(3));
            running.spawn(async move { worker.run().await.expect("a worker") });
        }
        let reconciler = Reconciler::new(fal, store).rate_per_second(50.0);
        running.spawn(async move { reconciler.run().await.expect("a reconciler") });
        Self {
            batch,
            server,
            added: 0,
            troubles,
            _running: running,
        }
    }

    /// Adds items, and returns when the work has begun.
    async fn begin(&mut self) {
        let items = self.added..self.added + 60;
        self.added = items.end;
        let before = self.server.jobs_created();
        self.batch.add(items.map(item)).await.expect("items");
        until_true("jobs", || self.server.jobs_created() >= before + 5).await;
        self.troubles.lock().expect("a list").clear();
    }

    /// Waits until the work waits for this trouble.
    async fn feel(&self, trouble: &str) {
        until_true(trouble, || {
            let troubles = self.troubles.lock().expect("a list");
            troubles.iter().any(|words| words.contains(trouble))
        })
        .await;
    }

    /// Waits until every item has its outcome.
    async fn end(&self, what: &str) {
        // What became unknown for the outage is settled by its webhook.
        until_done(&self.batch, self.added as u64).await;
        let jobs = jobs_by_key(&self.server);
        assert_eq!(jobs.len(), self.added, "{what}");
        assert!(jobs.values().all(|count| *count == 1), "{what}: {jobs:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_costs_nothing() {
    let Some(mut cluster) = Cluster::start().await else {
        return;
    };
    let mut work = Work::new(&cluster).await;

    work.begin().await;
    cluster.stop();
    work.feel("the database").await;
    cluster.launch(&[]).await.expect("a server");
    work.end("restarted").await;

    work.begin().await;
    cluster.kill();
    work.feel("the database").await;
    let few = ["max_connections=12", "superuser_reserved_connections=1"];
    cluster.launch(&few).await.expect("a server");
    work.end("killed").await;

    work.begin().await;
    let sql = cluster.sql().await;
    let mut others = Vec::new();
    // Those of the workers are cut off again and again, and taken by somebody else.
    for _ in 0..40 {
        sql.batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name = 'fal-batch-postgres'",
        )
        .await
        .expect("an end of the connections");
        let other = tokio_postgres::connect(&cluster.url(), tokio_postgres::NoTls).await;
        if let Ok((client, connection)) = other {
            others.push((client, tokio::spawn(connection)));
        }
    }
    assert!(others.len() < 12);
    work.feel("53300").await;
    drop(others);
    work.end("out of connections").await;

    work.begin().await;
    set_read_only(&sql, "on").await;
    work.feel("25006").await;
    sql.batch_execute("SET default_transaction_read_only = off")
        .await
        .expect("a setting");
    set_read_only(&sql, "off").await;
    work.end("read-only").await;

    work.begin().await;
    cluster.freeze();
    work.feel("did not answer in time").await;
    cluster.thaw();
    work.end("slow").await;
}

async fn set_read_only(sql: &tokio_postgres::Client, value: &str) {
    let set = format!("ALTER SYSTEM SET default_transaction_read_only = {value}");
    for statement in [set.as_str(), "SELECT pg_reload_conf()"] {
        sql.batch_execute(statement).await.expect("a setting");
    }
}

/// A process that sleeps longer than its lease finds its items gone, or says too late what it
/// knows: that is taken, and nothing is submitted twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_sleeps_past_its_lease_submits_nothing_twice() {
    let script = Script::new().run(Duration::from_millis(30));
    let limits = Limits::none().concurrency(40);
    let Some(world) = World::new(script, limits, 200).await else {
        return;
    };
    let (server, batch) = (&world.server, &world.batch);
    let setting = Setting {
        database: world.cluster.url(),
        schema: "fal_batch".to_owned(),
        fal: server.url(),
        receiver: free_address(),
    };
    let parts = [Part::Receiver, Part::Worker, Part::Worker];
    let mut processes = parts.map(|part| start(part, &setting));
    for round in 1..=3 {
        until_true("jobs", || server.jobs().len() >= round * 40).await;
        send_signal(&processes[1], "STOP");
        // The lease is 2 s.
        tokio::time::sleep(Duration::from_millis(2_600)).await;
        send_signal(&processes[1], "CONT");
    }
    until_settled(batch).await;
    until(batch, |progress| {
        progress.count("done") == server.jobs_created()
    })
    .await;
    let jobs = jobs_by_key(server);
    assert!(jobs.values().all(|count| *count == 1), "{jobs:?}");
    for process in &mut processes {
        process.kill().expect("a process");
        process.wait().expect("a process");
    }
}

/// A worker that is asked to stop claims nothing more, and leaves nothing half done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_stops_in_good_order() {
    let script = Script::new().hold(Hold::Running);
    let limits = Limits::none().rate_per_second(20.0);
    let Some(world) = World::new(script, limits, 200).await else {
        return;
    };
    let (server, batch) = (&world.server, &world.batch);
    let stop = until_true("jobs", || server.jobs_created() >= 10);
    world.worker().run_until(stop).await.expect("a worker");
    let progress = batch.progress().await.expect("progress");
    let jobs = server.jobs_created();
    assert!((10..200).contains(&jobs), "{jobs}");
    assert_eq!(progress.count("submitted"), jobs);
    assert_eq!(progress.count("pending"), 200 - jobs);
    // Also while it has nothing to do.
    batch.pause().await.expect("a pause");
    let stop = tokio::time::sleep(Duration::from_millis(1_500));
    world.worker().run_until(stop).await.expect("a worker");
}

/// Which clock a machine has makes no difference, because none is asked but the database's.
#[test]
fn no_clock_but_the_databases_counts() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![folder];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = std::fs::read_to_string(&path).expect("text");
            assert!(!text.contains("SystemTime"), "{}", path.display());
        }
    }
    assert!(files > 8);
}

/// The reply to a claim is lost with its connection: the worker does not know that it has the
/// item, and must not keep it by renewing its lease.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_whose_reply_was_lost_ends() {
    let Some(world) = World::new(Script::new(), Limits::none(), 1).await else {
        return;
    };
    let batch = &world.batch;
    // The worker holds one item all the time.
    let slow = Fault::Delay { ms: 50_000 }.on(Route::Submit);
    world.server.inject(slow.times(1));
    let running = tokio::spawn(world.worker().lease(Duration::from_secs(4)).run());
    until(batch, |progress| progress.count("submitting") == 1).await;
    batch.pause().await.expect("a pause");
    batch.add([item(2)]).await.expect("an item");
    let sql = world.cluster.sql().await;
    sql.batch_execute(
        "UPDATE fal_batch.items SET state = 'claimed', attempt = 1,
             lease_until = clock_timestamp() + interval '6 s',
             worker = (SELECT worker FROM fal_batch.items WHERE state = 'submitting')
         WHERE state = 'pending';
         UPDATE fal_batch.batches SET in_flight = in_flight + 1",
    )
    .await
    .expect("a claim");
    until(batch, |progress| progress.count("pending") == 1).await;
    let progress = batch.progress().await.expect("progress");
    assert_eq!(progress.count("submitting"), 1, "its own lease is renewed");
    running.abort();
}

/// A key that is refused, or a rate limit, says nothing about the items: they wait, and the
/// worker does not run through all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_key_does_not_run_through_the_batch() {
    let Some(world) = World::new(Script::new(), Limits::none(), 100).await else {
        return;
    };
    let server = &world.server;
    server.inject(Fault::unauthorized().on(Route::Submit).always());
    let stop = async {
        until_true("a refusal", || server.count(Route::Submit) > 0).await;
        // Long enough for several claims.
        tokio::time::sleep(Duration::from_secs(2)).await;
    };
    let worker = world.worker().concurrency(4);
    worker.run_until(stop).await.expect("a worker");
    let submits = server.count(Route::Submit);
    assert!((1..=8).contains(&submits), "{submits}");
    let progress = world.batch.progress().await.expect("progress");
    assert_eq!(progress.count("pending"), 100, "{progress:?}");
}
