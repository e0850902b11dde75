//! A database that is not there, and workers that sleep.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fal_batch_postgres::{Batch, Limits, Reconciler, Store, Worker};
use fal_mock::{Fault, Hold, MockServer, Route, Script};
use fal_sdk::webhook::Verifier;
use tokio::task::JoinSet;

use crate::cluster::{Cluster, signal};
use crate::process::{Part, Setting, free_address, listen, serve, start};
use crate::world::{client, item, jobs_by_key, mock, until, until_settled};

const LIMIT: Duration = Duration::from_secs(90);

struct World {
    batch: Batch,
    server: MockServer,
    added: usize,
    /// What the workers were waiting for.
    troubles: Arc<Mutex<Vec<String>>>,
    _running: JoinSet<()>,
}

impl World {
    async fn new(cluster: &Cluster) -> Self {
        let troubles = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&troubles);
        let store = Store::builder(cluster.url())
            .time_limit(Duration::from_secs(2))
            .on_trouble(move |error| seen.lock().expect("a list").push(error.to_string()))
            .build()
            .expect("a store");
        store.migrate().await.expect("the schema");
        let server = mock(Script::new().run(Duration::from_millis(30)))
            .start()
            .await;
        let server = server.expect("a server");
        let fal = client(&server.url());
        let batch = store.batch("through everything");
        let limits = Limits::none().rate_per_second(40.0).budget(1e6, 0.5);
        batch.create(&limits).await.expect("a batch");
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
        while self.server.jobs_created() < before + 5 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until every item has its outcome. The workers were waiting for the trouble.
    async fn end(&self, what: &str, trouble: &str) {
        let troubles = std::mem::take(&mut *self.troubles.lock().expect("a list"));
        let is_felt = troubles.iter().any(|words| words.contains(trouble));
        assert!(is_felt, "{what}: {troubles:?}");
        // What became unknown for the outage is settled by its webhook.
        let all = self.added as u64;
        until(&self.batch, LIMIT, |progress| progress.count("done") == all).await;
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
    let mut world = World::new(&cluster).await;

    world.begin().await;
    cluster.stop();
    tokio::time::sleep(Duration::from_secs(1)).await;
    cluster.launch(&[]).await;
    world.end("restarted", "the database").await;

    world.begin().await;
    cluster.kill();
    tokio::time::sleep(Duration::from_millis(300)).await;
    cluster
        .launch(&["max_connections=12", "superuser_reserved_connections=1"])
        .await;
    world.end("killed", "the database").await;

    world.begin().await;
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
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(others);
    world.end("out of connections", "53300").await;

    world.begin().await;
    let read_only =
        |value: &str| format!("ALTER SYSTEM SET default_transaction_read_only = {value}");
    sql.batch_execute(&read_only("on"))
        .await
        .expect("a setting");
    sql.batch_execute("SELECT pg_reload_conf()")
        .await
        .expect("a reload");
    tokio::time::sleep(Duration::from_secs(2)).await;
    sql.batch_execute("SET default_transaction_read_only = off")
        .await
        .expect("a setting");
    sql.batch_execute(&read_only("off"))
        .await
        .expect("a setting");
    sql.batch_execute("SELECT pg_reload_conf()")
        .await
        .expect("a reload");
    world.end("read-only", "25006").await;

    world.begin().await;
    cluster.freeze();
    tokio::time::sleep(Duration::from_secs(5)).await;
    cluster.thaw();
    world.end("slow", "did not answer in time").await;
}

/// A process that sleeps longer than its lease finds its items gone, or says too late what it
/// knows: that is taken, and nothing is submitted twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_sleeps_past_its_lease_submits_nothing_twice() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new().run(Duration::from_millis(30)))
        .start()
        .await;
    let server = server.expect("a server");
    let batch = store.batch("asleep");
    batch
        .create(&Limits::none().concurrency(40))
        .await
        .expect("a batch");
    batch.add((0..200).map(item)).await.expect("items");
    let setting = Setting {
        database: cluster.url(),
        schema: "fal_batch".to_owned(),
        fal: server.url(),
        receiver: free_address(),
    };
    let parts = [Part::Receiver, Part::Worker, Part::Worker];
    let mut processes = parts.map(|part| start(part, &setting));
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        signal(&processes[1], "STOP");
        // The lease is 2 s.
        tokio::time::sleep(Duration::from_millis(2_600)).await;
        signal(&processes[1], "CONT");
    }
    until_settled(&batch, LIMIT).await;
    until(&batch, LIMIT, |progress| {
        progress.count("done") == server.jobs_created()
    })
    .await;
    let jobs = jobs_by_key(&server);
    assert!(jobs.values().all(|count| *count == 1), "{jobs:?}");
    for process in &mut processes {
        process.kill().expect("a process");
        process.wait().expect("a process");
    }
}

/// A worker that is asked to stop claims nothing more, and leaves nothing half done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_stops_in_good_order() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new().hold(Hold::Running))
        .start()
        .await
        .expect("a server");
    let batch = store.batch("stopped");
    batch
        .create(&Limits::none().rate_per_second(20.0))
        .await
        .expect("a batch");
    batch.add((0..200).map(item)).await.expect("items");
    let worker = || Worker::new(client(&server.url()), store.clone());
    let stop = tokio::time::sleep(Duration::from_millis(1_500));
    worker().run_until(stop).await.expect("a worker");
    let progress = batch.progress().await.expect("progress");
    assert!(progress.count("submitted") > 0, "{progress:?}");
    assert_eq!(progress.count("submitted"), server.jobs_created());
    assert_eq!(progress.count("pending"), 200 - server.jobs_created());
    // Also while it has nothing to do.
    batch.pause().await.expect("a pause");
    let stop = tokio::time::sleep(Duration::from_millis(1_500));
    worker().run_until(stop).await.expect("a worker");
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
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new()).start().await.expect("a server");
    // The worker holds one item all the time.
    server.inject(Fault::Delay { ms: 20_000 }.on(Route::Submit).times(1));
    let batch = store.batch("unanswered");
    batch.create(&Limits::none()).await.expect("a batch");
    batch.add([item(1)]).await.expect("an item");
    let worker = Worker::new(client(&server.url()), store.clone());
    let running = tokio::spawn(worker.lease(Duration::from_secs(1)).run());
    until(&batch, LIMIT, |progress| progress.count("submitting") == 1).await;
    batch.pause().await.expect("a pause");
    batch.add([item(2)]).await.expect("an item");
    let sql = cluster.sql().await;
    sql.batch_execute(
        "UPDATE fal_batch.items SET state = 'claimed', attempt = 1,
             lease_until = clock_timestamp() + interval '1 s',
             worker = (SELECT worker FROM fal_batch.items WHERE state = 'submitting')
         WHERE state = 'pending';
         UPDATE fal_batch.batches SET in_flight = in_flight + 1",
    )
    .await
    .expect("a claim");
    until(&batch, LIMIT, |progress| progress.count("pending") == 1).await;
    let progress = batch.progress().await.expect("progress");
    assert_eq!(progress.count("submitting"), 1, "its own lease is renewed");
    running.abort();
}

/// A key that is refused, or a rate limit, says nothing about the items: they wait, and the
/// worker does not run through all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_key_does_not_run_through_the_batch() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new()).start().await.expect("a server");
    server.inject(Fault::unauthorized().on(Route::Submit).always());
    let batch = store.batch("refused");
    batch.create(&Limits::none()).await.expect("a batch");
    batch.add((0..100).map(item)).await.expect("items");
    let worker = Worker::new(client(&server.url()), store.clone()).concurrency(4);
    let stop = tokio::time::sleep(Duration::from_secs(2));
    worker.run_until(stop).await.expect("a worker");
    let submits = server.count(Route::Submit);
    assert!((1..=8).contains(&submits), "{submits}");
    let progress = batch.progress().await.expect("progress");
    assert_eq!(progress.count("pending"), 100, "{progress:?}");
}
