//! Adding items, and the limits that hold for all workers together.

use std::time::{Duration, Instant};

use fal_batch_postgres::{Limits, NewItem, Reconciler, Store, Worker};
use fal_mock::{Hold, MockServer, Route, Script};
use fal_sdk::validate::Validator;
use fal_sdk::{Input, Media, Validate, wire};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::world::{ENDPOINT, client, item, jobs_by_key, key, mock, until, until_settled};

const LIMIT: Duration = Duration::from_secs(60);

/// Workers without webhooks, and a reconciler: dropped, they stop.
fn run(server: &MockServer, store: &Store, workers: usize) -> JoinSet<()> {
    let fal = client(&server.url());
    let mut running = JoinSet::new();
    for _ in 0..workers {
        let worker = Worker::new(fal.clone(), store.clone())
            .concurrency(8)
            .check_after(Duration::from_millis(50));
        running.spawn(async move { worker.run().await.expect("a worker") });
    }
    let reconciler = Reconciler::new(fal, store.clone())
        .rate_per_second(200.0)
        .interval(Duration::from_millis(50), Duration::from_millis(400));
    running.spawn(async move { reconciler.run().await.expect("a reconciler") });
    running
}

#[derive(Debug, Clone, PartialEq)]
struct Framed {
    num_frames: i64,
}

wire! { Framed { num_frames: required } }

impl Validate for Framed {
    fn check(&self, check: &mut Validator) {
        check.range("num_frames", &Some(self.num_frames), 17..=241);
    }
}

impl Input for Framed {
    const ENDPOINT: &'static str = ENDPOINT;
    type Output = Value;

    fn for_each_media<'a>(&'a mut self, _: &mut dyn FnMut(&'a mut Media)) {}
}

#[tokio::test]
async fn an_item_is_one_job_and_an_invalid_one_is_reported() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new()).start().await.expect("a server");
    let batch = store.batch("added");
    batch.create(&Limits::none()).await.expect("a batch");
    let other_input = |number| NewItem::json(key(number), ENDPOINT, json!({"prompt": "other"}));
    let items = [
        item(0),
        item(0),
        other_input(0),
        NewItem::new("few", &Framed { num_frames: 3 }),
        NewItem::json("nowhere", "no endpoint!", json!({})),
        NewItem::json("", ENDPOINT, json!({})),
        NewItem::json("strange", ENDPOINT, json!({"prompt": "a \u{0} b"})),
    ];
    let added = batch.add(items).await.expect("items");
    assert_eq!((added.new, added.known), (2, 1));
    let words: Vec<String> = added
        .invalid
        .iter()
        .map(|(k, w)| format!("{k}: {w}"))
        .collect();
    let words = words.join("\n");
    for part in [
        "item-0: the batch has an item",
        "few: ",
        "17",
        "nowhere: ",
        ": the key must",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let again = batch
        .add([item(0), item(1), other_input(1), other_input(0)])
        .await;
    let again = again.expect("items");
    assert_eq!((again.new, again.known, again.invalid.len()), (1, 1, 2));

    // What nobody checked is reported by the item, and the others go on.
    let sql = cluster.sql().await;
    sql.batch_execute(
        "INSERT INTO fal_batch.items (batch_id, key, endpoint, input)
         SELECT id, 'by hand', 'no endpoint!', '{}' FROM fal_batch.batches",
    )
    .await
    .expect("a row");
    let _running = run(&server, &store, 1);
    let progress = until_settled(&batch, LIMIT).await;
    assert_eq!((progress.count("done"), progress.count("failed")), (3, 1));
    let row = sql
        .query_one(
            "SELECT error FROM fal_batch.items WHERE key = 'by hand'",
            &[],
        )
        .await
        .expect("the row");
    let error: String = row.get(0);
    assert!(error.contains("endpoint"), "{error}");
    assert_eq!(server.jobs_created(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_jobs_are_in_flight_than_allowed() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new().hold(Hold::Running))
        .start()
        .await
        .expect("a server");
    let batch = store.batch("few");
    batch
        .create(&Limits::none().concurrency(3))
        .await
        .expect("a batch");
    batch.add((0..10).map(item)).await.expect("items");
    let _running = run(&server, &store, 3);
    let mut seen = 0;
    while seen < 10 {
        let started = Instant::now();
        let expected = (seen + 3).min(10);
        while server.jobs().len() < expected {
            assert!(started.elapsed() < LIMIT, "{} jobs", server.jobs().len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Long enough for several claims of each worker.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        assert_eq!(server.jobs().len(), expected);
        seen = expected;
        server.release_all();
    }
    until_settled(&batch, LIMIT).await;
    assert_eq!(jobs_by_key(&server).len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_stops_before_its_budget_is_passed() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let script = Script::new().header("x-fal-billable-units", "1");
    let server = mock(script).start().await.expect("a server");
    let batch = store.batch("dear");
    let limits = Limits::none().unit_price(0.1);
    batch
        .create(&limits.clone().budget(1.0, 0.3))
        .await
        .expect("a batch");
    batch.add((0..20).map(item)).await.expect("items");
    let _running = run(&server, &store, 2);
    // A job turns out to cost 0.1, and one more may cost 0.3: after 8 jobs there is no room.
    until(&batch, LIMIT, |progress| progress.count("done") == 8).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let progress = batch.progress().await.expect("progress");
    assert_eq!((progress.spent, progress.reserved), (0.8, 0.0));
    assert_eq!(server.jobs_created(), 8);
    // With more money, it goes on.
    batch
        .create(&limits.budget(10.0, 0.3))
        .await
        .expect("the limits");
    let progress = until_settled(&batch, LIMIT).await;
    assert_eq!((progress.count("done"), progress.spent), (20, 2.0));
    let sql = cluster.sql().await;
    let row = sql
        .query_one(
            "SELECT count(*) FROM fal_batch.items WHERE units = 1 AND cost = 0.1",
            &[],
        )
        .await
        .expect("a count");
    assert_eq!(row.get::<_, i64>(0), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn priorities_order_and_pauses_stop() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new()).start().await.expect("a server");
    let (low, high) = (store.batch("low"), store.batch("high"));
    low.create(&Limits::none()).await.expect("a batch");
    high.create(&Limits::none().priority(5))
        .await
        .expect("a batch");
    low.add([item(1), item(2).priority(1)])
        .await
        .expect("items");
    high.add([item(3), item(4).priority(-1)])
        .await
        .expect("items");
    low.pause().await.expect("a pause");
    high.pause().await.expect("a pause");
    let fal = client(&server.url());
    let worker = || Worker::new(fal.clone(), store.clone()).concurrency(1);
    let running = tokio::spawn(worker().run());
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(server.jobs_created(), 0, "both are paused");
    running.abort();
    low.resume().await.expect("an end of the pause");
    high.resume().await.expect("an end of the pause");
    worker().ends_when_empty().run().await.expect("a worker");
    let order: Vec<String> = server
        .requests_to(Route::Submit)
        .iter()
        .map(|request| {
            request.json().expect("JSON")["prompt"]
                .as_str()
                .expect("text")
                .to_owned()
        })
        .collect();
    assert_eq!(order, ["item-3", "item-4", "item-2", "item-1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_holds_for_all_workers_together() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new()).start().await.expect("a server");
    let batch = store.batch("slow");
    batch
        .create(&Limits::none().rate_per_second(8.0))
        .await
        .expect("a batch");
    batch.add((0..25).map(item)).await.expect("items");
    let _running = run(&server, &store, 3);
    let started = Instant::now();
    until_settled(&batch, LIMIT).await;
    // A second's worth may have been saved up.
    assert!(
        started.elapsed() > Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(server.jobs_created(), 25);
}

/// Statements are for groups of items, however many workers there are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_takes_fewer_than_three_statements() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new()).start().await.expect("a server");
    let batch = store.batch("grouped");
    batch.create(&Limits::none()).await.expect("a batch");
    batch.add((0..400).map(item)).await.expect("items");
    let before = store.statements();
    let worker = Worker::new(client(&server.url()), store.clone()).concurrency(40);
    worker.ends_when_empty().run().await.expect("a worker");
    let statements = store.statements() - before;
    assert!(statements < 2 * 400, "{statements}");
    assert_eq!(server.jobs_created(), 400);
}
