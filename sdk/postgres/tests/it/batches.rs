//! Adding items, and the limits that hold for all workers together.

use std::time::{Duration, Instant};

use fal_batch_postgres::{Limits, NewItem, Reconciler};
use fal_mock::{Fault, Hold, Route, Script};
use fal_sdk::validate::Validator;
use fal_sdk::{Input, Media, Validate, wire};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::world::{
    ENDPOINT, World, batch_of, item, jobs_by_key, key, until_done, until_settled, until_true,
};

/// Workers without webhooks, and a reconciler: dropped, they stop.
fn run(world: &World, workers: usize) -> JoinSet<()> {
    let mut running = JoinSet::new();
    for _ in 0..workers {
        let worker = world.worker().concurrency(8);
        let worker = worker.check_after(Duration::from_millis(50));
        running.spawn(async move { worker.run().await.expect("a worker") });
    }
    let reconciler = Reconciler::new(world.client(), world.store.clone())
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
    let Some(world) = World::new(Script::new(), Limits::none(), 0).await else {
        return;
    };
    let batch = &world.batch;
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
    let sql = world.cluster.sql().await;
    sql.batch_execute(
        "INSERT INTO fal_batch.items (batch_id, key, endpoint, input)
         SELECT id, 'by hand', 'no endpoint!', '{}' FROM fal_batch.batches",
    )
    .await
    .expect("a row");
    let _running = run(&world, 1);
    let progress = until_settled(batch).await;
    assert_eq!((progress.count("done"), progress.count("failed")), (3, 1));
    let words = "SELECT error FROM fal_batch.items WHERE key = 'by hand'";
    let error: String = world.value(words).await;
    assert!(error.contains("endpoint"), "{error}");
    assert_eq!(world.server.jobs_created(), 3);
}

/// An input that only fal knows to be invalid.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_fal_refuses_does_not_stop_the_others() {
    let Some(world) = World::new(Script::new(), Limits::none(), 0).await else {
        return;
    };
    let refusal = json!({"detail": [{"loc": ["body", "prompt"], "msg": "too dark", "type": "x"}]});
    let refused = Fault::json(422, refusal).on(Route::Submit).times(1);
    world.server.inject(refused);
    world.batch.add((0..10).map(item)).await.expect("items");
    let _running = run(&world, 1);
    let progress = until_settled(&world.batch).await;
    assert_eq!((progress.count("done"), progress.count("failed")), (9, 1));
    let words = "SELECT error FROM fal_batch.items WHERE state = 'failed'";
    let error: String = world.value(words).await;
    assert!(error.contains("too dark"), "{error}");
    assert_eq!(world.server.jobs_created(), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_jobs_are_in_flight_than_allowed() {
    let script = Script::new().hold(Hold::Running);
    let Some(world) = World::new(script, Limits::none().concurrency(3), 10).await else {
        return;
    };
    let server = &world.server;
    let _running = run(&world, 3);
    let mut seen = 0;
    while seen < 10 {
        let expected = (seen + 3).min(10);
        until_true("as many jobs as allowed", || {
            server.jobs().len() >= expected
        })
        .await;
        // Long enough for several claims of each worker.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        assert_eq!(server.jobs().len(), expected);
        seen = expected;
        server.release_all();
    }
    until_settled(&world.batch).await;
    assert_eq!(jobs_by_key(server).len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_stops_before_its_budget_is_passed() {
    let script = Script::new().header("x-fal-billable-units", "1");
    let limits = Limits::none().unit_price(0.1);
    let Some(world) = World::new(script, limits.clone().budget(1.0, 0.3), 20).await else {
        return;
    };
    let batch = &world.batch;
    let _running = run(&world, 2);
    // A job turns out to cost 0.1, and one more may cost 0.3: after 8 jobs there is no room.
    until_done(batch, 8).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let progress = batch.progress().await.expect("progress");
    assert_eq!((progress.spent, progress.reserved), (0.8, 0.0));
    assert_eq!(world.server.jobs_created(), 8);
    // With more money, it goes on.
    let more = limits.budget(10.0, 0.3);
    batch.create(&more).await.expect("the limits");
    let progress = until_settled(batch).await;
    assert_eq!((progress.count("done"), progress.spent), (20, 2.0));
    let counted = "SELECT count(*) FROM fal_batch.items WHERE units = 1 AND cost = 0.1";
    assert_eq!(world.value::<i64>(counted).await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn priorities_order_and_pauses_stop() {
    let Some(world) = World::new(Script::new(), Limits::none(), 0).await else {
        return;
    };
    let server = &world.server;
    let low = batch_of(&world.store, "low", Limits::none(), 0).await;
    let high = batch_of(&world.store, "high", Limits::none().priority(5), 0).await;
    let items = [item(1), item(2).priority(1)];
    low.add(items).await.expect("items");
    let items = [item(3), item(4).priority(-1)];
    high.add(items).await.expect("items");
    low.pause().await.expect("a pause");
    high.pause().await.expect("a pause");
    let running = tokio::spawn(world.worker().concurrency(1).run());
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(server.jobs_created(), 0, "both are paused");
    running.abort();
    low.resume().await.expect("an end of the pause");
    high.resume().await.expect("an end of the pause");
    let worker = world.worker().concurrency(1).ends_when_empty();
    worker.run().await.expect("a worker");
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
    let limits = Limits::none().rate_per_second(8.0);
    let Some(world) = World::new(Script::new(), limits, 25).await else {
        return;
    };
    let started = Instant::now();
    let _running = run(&world, 3);
    until_settled(&world.batch).await;
    let took = started.elapsed();
    // A second's worth may have been saved up.
    assert!(took > Duration::from_secs(2), "{took:?}");
    assert_eq!(world.server.jobs_created(), 25);
}

/// A claim and an intent are for as many items as a worker has room for. How many request ids
/// are recorded together depends on how fast they come in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_are_claimed_in_groups() {
    let Some(world) = World::new(Script::new(), Limits::none(), 200).await else {
        return;
    };
    let before = world.store.statements();
    let worker = world.worker().concurrency(200).ends_when_empty();
    worker.run().await.expect("a worker");
    let statements = world.store.statements() - before;
    assert!(statements < 2 * 200, "{statements}");
    assert_eq!(world.server.jobs_created(), 200);
}
