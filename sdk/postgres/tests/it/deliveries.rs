//! Webhooks: twice, late, forged, early, never.

use std::time::{Duration, Instant};

use fal_batch_postgres::{Batch, Limits, Receiver, Reconciler, Store, Worker};
use fal_mock::{Failure, Fault, MockServer, Route, Script, WebhookScript};
use fal_sdk::webhook::Verifier;
use serde_json::json;
use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::process::{free_address, listen, serve};
use crate::world::{client, item, mock, until, until_settled};

const LIMIT: Duration = Duration::from_secs(60);
const COUNT: usize = 20;

/// A batch with items, workers, and two receivers that take turns; dropped, they stop.
async fn run(server: &MockServer, store: &Store, check_after: Duration) -> (Batch, JoinSet<()>) {
    let fal = client(&server.url());
    let batch = store.batch("posted");
    batch.create(&Limits::none()).await.expect("a batch");
    batch.add((0..COUNT).map(item)).await.expect("items");
    let mut running = JoinSet::new();
    for _ in 0..2 {
        let address = free_address();
        let listener = listen(address).await;
        running.spawn(serve(listener, Verifier::of(&fal), store.clone()));
        let worker = Worker::new(fal.clone(), store.clone())
            .webhook(format!("http://{address}/fal?from=test"))
            .concurrency(4)
            .check_after(check_after);
        running.spawn(async move { worker.run().await.expect("a worker") });
    }
    let reconciler = Reconciler::new(fal, store.clone()).rate_per_second(100.0);
    running.spawn(async move { reconciler.run().await.expect("a reconciler") });
    (batch, running)
}

fn webhook(change: impl FnOnce(&mut WebhookScript)) -> Script {
    let mut webhook = WebhookScript::default();
    change(&mut webhook);
    Script::new().webhook(webhook)
}

/// There were deliveries, and each was answered with this status.
fn assert_answered(server: &MockServer, status: u16) {
    let deliveries = server.deliveries();
    assert!(!deliveries.is_empty());
    for delivery in deliveries {
        assert_eq!(delivery.status, Some(status), "{delivery:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_takes_one_request_and_one_delivery() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let script = Script::new().run(Duration::from_millis(50));
    let server = mock(script).start().await.expect("a server");
    let (batch, _running) = run(&server, &store, LIMIT).await;
    let progress = until_settled(&batch, LIMIT).await;
    assert_eq!(progress.count("done"), COUNT as u64);
    let count = COUNT as u64;
    let requests = [Route::Submit, Route::Status, Route::Result].map(|route| server.count(route));
    assert_eq!(requests, [count, 0, 0]);
    assert_answered(&server, 200);
}

/// Each is posted three times, and the reply to its submit comes after that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_that_come_early_and_again_count_once() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(webhook(|webhook| webhook.copies = Some(3)))
        .start()
        .await;
    let server = server.expect("a server");
    server.inject(
        Fault::Delay { ms: 300 }
            .on(Route::Submit)
            .always()
            .handled(),
    );
    let (batch, _running) = run(&server, &store, LIMIT).await;
    until_settled(&batch, LIMIT).await;
    let started = Instant::now();
    while server.deliveries().len() < 3 * COUNT {
        assert!(started.elapsed() < LIMIT);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_answered(&server, 200);
    // The replies to the submits were recorded too.
    let sql = cluster.sql().await;
    let whole = "SELECT count(*) FROM fal_batch.items
         WHERE state = 'done' AND request_id IS NOT NULL AND other_request_ids = '{}'";
    let row = sql.query_one(whole, &[]).await.expect("a count");
    assert_eq!(row.get::<_, i64>(0), COUNT as i64);
    until(&batch, LIMIT, |progress| progress.reserved == 0.0).await;
    let in_flight = "SELECT in_flight FROM fal_batch.batches";
    let row = sql.query_one(in_flight, &[]).await.expect("a count");
    assert_eq!(row.get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forged_or_stale_is_refused_and_asked_for() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let wrong: [fn(&mut WebhookScript); 2] = [
        |webhook| webhook.bad_signature = true,
        |webhook| webhook.age_s = 4_000,
    ];
    for (number, wrong) in wrong.into_iter().enumerate() {
        let store = cluster.store(&format!("wrong_{number}")).await;
        let server = mock(webhook(wrong)).start().await.expect("a server");
        let (batch, _running) = run(&server, &store, Duration::from_millis(500)).await;
        let progress = until_settled(&batch, LIMIT).await;
        assert_eq!(progress.count("done"), COUNT as u64);
        assert_answered(&server, 401);
        assert!(server.count(Route::Status) >= COUNT as u64);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_output_that_was_not_sent_is_fetched_at_once() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let script = webhook(|webhook| webhook.payload_error = Some("too large".to_owned()));
    let server = mock(script).start().await.expect("a server");
    let (batch, _running) = run(&server, &store, LIMIT).await;
    let progress = until_settled(&batch, LIMIT).await;
    assert_eq!(progress.count("done"), COUNT as u64);
    assert_eq!(server.count(Route::Result), COUNT as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_job_has_its_words_and_is_run_again_when_asked_for() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let failing = Script::new().fail(Failure::new(422, json!({"detail": "too dark\u{0}"})));
    let server = mock(failing).start().await.expect("a server");
    let (batch, _running) = run(&server, &store, LIMIT).await;
    let progress = until_settled(&batch, LIMIT).await;
    assert_eq!(progress.count("failed"), COUNT as u64);
    let sql = cluster.sql().await;
    let words = "SELECT DISTINCT error_kind, error FROM fal_batch.items";
    let rows = sql.query(words, &[]).await.expect("rows");
    let (kind, error): (String, String) = (rows[0].get(0), rows[0].get(1));
    assert!(
        kind == "job_failed" && error.contains("too dark"),
        "{kind}: {error}"
    );
    server.script(
        crate::world::ENDPOINT,
        Script::new().output(json!({"seed": 1})),
    );
    let again = batch.resubmit_failed().await.expect("items");
    assert_eq!(again, COUNT as u64);
    let progress = until_settled(&batch, LIMIT).await;
    assert_eq!(progress.count("done"), COUNT as u64);
    assert_eq!(server.jobs_created(), 2 * COUNT as u64);
}

/// Two servers that give the same ids, as only tests have them: the token tells items apart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_is_found_by_its_own_token_first() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    for name in ["one", "two"] {
        let server = mock(Script::new()).start().await.expect("a server");
        let batch = store.batch(name);
        batch.create(&Limits::none()).await.expect("a batch");
        batch.add([item(1)]).await.expect("an item");
        let fal = client(&server.url());
        let worker = Worker::new(fal.clone(), store.clone());
        worker.ends_when_empty().run().await.expect("a worker");
        let reconciler = Reconciler::new(fal, store.clone()).rate_per_second(50.0);
        let reconciler = tokio::spawn(reconciler.run());
        let progress = until_settled(&batch, LIMIT).await;
        assert_eq!(progress.count("done"), 1, "{name}");
        reconciler.abort();
    }
}

/// The reply to the submit is lost: whether there is a job shows when its webhook arrives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_settles_what_was_unknown() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let script = Script::new().run(Duration::from_millis(1_500));
    let server = mock(script).start().await.expect("a server");
    server.inject(Fault::Drop.on(Route::Submit).always().handled());
    let (batch, _running) = run(&server, &store, LIMIT).await;
    until(&batch, LIMIT, |progress| progress.count("unknown") > 0).await;
    until(&batch, LIMIT, |progress| {
        progress.count("done") == COUNT as u64
    })
    .await;
    assert_eq!(server.jobs_created(), COUNT as u64);
}

/// Without a webhook it stays unknown, and is submitted again only when asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_unknown_is_never_submitted_again_unasked() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new()).start().await.expect("a server");
    server.inject(Fault::Drop.on(Route::Submit).always().handled());
    let batch = store.batch("lost");
    batch.create(&Limits::none()).await.expect("a batch");
    batch.add((0..COUNT).map(item)).await.expect("items");
    let fal = client(&server.url());
    let run = || {
        Worker::new(fal.clone(), store.clone())
            .ends_when_empty()
            .run()
    };
    run().await.expect("a worker");
    run().await.expect("a worker");
    assert_eq!(
        batch.progress().await.expect("progress").count("unknown"),
        COUNT as u64
    );
    assert_eq!(server.jobs_created(), COUNT as u64);
    server.clear_faults();
    assert_eq!(batch.resubmit_unknown().await.expect("items"), COUNT as u64);
    run().await.expect("a worker");
    assert_eq!(server.jobs_created(), 2 * COUNT as u64);
}

/// A genuine delivery of fal's, for a job of somebody else's or with a made-up item.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_finds_its_own_item_only() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = cluster.store("fal_batch").await;
    let server = mock(Script::new()).start().await.expect("a server");
    let (batch, running) = run(&server, &store, LIMIT).await;
    until_settled(&batch, LIMIT).await;
    drop(running);
    let delivery = server.deliveries().swap_remove(0);
    let verifier = || Verifier::of(&client(&server.url()));
    let empty = cluster.store("empty").await;
    let receiver = Receiver::new(verifier(), empty).await.expect("a receiver");
    let receive = |receiver: &Receiver, query: &str| {
        let (receiver, query) = (receiver.clone(), query.to_owned());
        let (headers, body) = (delivery.headers.clone(), delivery.body.clone());
        async move { receiver.receive(&query, &headers, &body).await }
    };
    assert_eq!(receive(&receiver, "").await, 404);
    let made_up = format!("fal_item=1.{}", "0".repeat(32));
    assert_eq!(receive(&receiver, &made_up).await, 404);
    let receiver = Receiver::new(verifier(), store).await.expect("a receiver");
    assert_eq!(
        receive(&receiver, &made_up).await,
        200,
        "its request id is known"
    );
    let receiver = receiver.user_id("somebody else");
    assert_eq!(receive(&receiver, "").await, 401);
}
