//! Webhooks: twice, late, forged, early, never.

use std::time::Duration;

use fal_batch_postgres::{Limits, Receiver, Reconciler, Store, Worker};
use fal_mock::{Failure, Fault, Hold, MockServer, Route, Script, WebhookScript};
use fal_sdk::webhook::Verifier;
use fal_test_postgres::{Cluster, free_address};
use serde_json::json;
use tokio::task::JoinSet;

use crate::process::{listen, serve};
use crate::world::{
    ENDPOINT, LIMIT, World, batch_of, client, mock, store_in, until, until_done, until_settled,
    until_true,
};

const COUNT: usize = 20;
const ALL: u64 = COUNT as u64;

/// Workers, and two receivers that take turns; dropped, they stop.
async fn run(server: &MockServer, store: &Store, check_after: Duration) -> JoinSet<()> {
    let fal = client(&server.url());
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
    running
}

/// A world whose work has begun.
async fn begin(script: Script) -> Option<(World, JoinSet<()>)> {
    let world = World::new(script, Limits::none(), COUNT).await?;
    let running = run(&world.server, &world.store, 4 * LIMIT).await;
    Some((world, running))
}

fn webhook(change: impl FnOnce(&mut WebhookScript)) -> Script {
    let mut webhook = WebhookScript::default();
    change(&mut webhook);
    Script::new().webhook(webhook)
}

/// Waits until each job has so many deliveries that were answered with this status. None may
/// have been answered otherwise, except by a receiver that asked for it again.
async fn assert_answered(server: &MockServer, status: u16, copies: usize) {
    until_true("the deliveries", || {
        let deliveries = server.deliveries();
        server.jobs().iter().all(|job| {
            let of_job = deliveries.iter();
            let of_job = of_job.filter(|delivery| delivery.request_id == job.request_id);
            of_job
                .filter(|delivery| delivery.status == Some(status))
                .count()
                >= copies
        })
    })
    .await;
    for delivery in server.deliveries() {
        let is_expected =
            matches!(delivery.status, None | Some(503)) || delivery.status == Some(status);
        assert!(is_expected, "{delivery:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_takes_one_request_and_one_delivery() {
    let script = Script::new().run(Duration::from_millis(50));
    let Some((world, _running)) = begin(script).await else {
        return;
    };
    until_settled(&world.batch).await;
    until_done(&world.batch, ALL).await;
    let count = |route| world.server.count(route);
    let requests = [Route::Submit, Route::Status, Route::Result].map(count);
    assert_eq!(requests, [ALL, 0, 0]);
    assert_answered(&world.server, 200, 1).await;
}

/// Each is posted three times, and the reply to its submit comes after that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_that_come_early_and_again_count_once() {
    let script = webhook(|webhook| webhook.copies = Some(3));
    let Some(world) = World::new(script, Limits::none(), COUNT).await else {
        return;
    };
    let late = Fault::Delay { ms: 300 }.on(Route::Submit);
    world.server.inject(late.always().handled());
    let _running = run(&world.server, &world.store, 4 * LIMIT).await;
    until_settled(&world.batch).await;
    assert_answered(&world.server, 200, 3).await;
    let whole = "SELECT count(*) FROM fal_batch.items
         WHERE state = 'done' AND request_id IS NOT NULL AND other_request_ids = '{}'";
    assert_eq!(world.value::<i64>(whole).await, COUNT as i64);
    until(&world.batch, |progress| progress.reserved == 0.0).await;
    let in_flight = "SELECT in_flight FROM fal_batch.batches";
    assert_eq!(world.value::<i64>(in_flight).await, 0);
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
        let store = store_in(&cluster, &format!("wrong_{number}")).await;
        let server = mock(webhook(wrong)).await;
        let batch = batch_of(&store, "posted", Limits::none(), COUNT).await;
        let _running = run(&server, &store, Duration::from_millis(500)).await;
        until_settled(&batch).await;
        until_done(&batch, ALL).await;
        assert_answered(&server, 401, 1).await;
        assert!(server.count(Route::Status) >= ALL);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_output_that_was_not_sent_is_fetched_at_once() {
    let script = webhook(|webhook| webhook.payload_error = Some("too large".to_owned()));
    let Some((world, _running)) = begin(script).await else {
        return;
    };
    until_settled(&world.batch).await;
    until_done(&world.batch, ALL).await;
    let counts = [Route::Status, Route::Result].map(|route| world.server.count(route));
    assert_eq!(counts, [2 * ALL, ALL]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_job_has_its_words_and_is_run_again_when_asked_for() {
    let failing = Script::new().fail(Failure::new(422, json!({"detail": "too dark\u{0}"})));
    let Some(world) = World::new(Script::new(), Limits::none(), COUNT).await else {
        return;
    };
    let (server, batch) = (&world.server, &world.batch);
    server.script(ENDPOINT, failing);
    let _running = run(server, &world.store, 4 * LIMIT).await;
    let progress = until_settled(batch).await;
    assert_eq!(progress.count("failed"), ALL);
    let sql = world.cluster.sql().await;
    let words = "SELECT DISTINCT error_kind, error FROM fal_batch.items";
    let rows = sql.query(words, &[]).await.expect("rows");
    let (kind, error): (String, String) = (rows[0].get(0), rows[0].get(1));
    assert!(
        kind == "job_failed" && error.contains("too dark"),
        "{kind}: {error}"
    );
    server.script(ENDPOINT, Script::new().output(json!({"seed": 1})));
    let again = batch.resubmit_failed().await.expect("items");
    assert_eq!(again, ALL);
    until_settled(batch).await;
    until_done(batch, ALL).await;
    assert_eq!(server.jobs_created(), 2 * ALL);
}

/// Two servers that give the same ids, as only tests have them: the token tells items apart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_is_found_by_its_own_token_first() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = store_in(&cluster, "fal_batch").await;
    for name in ["one", "two"] {
        let server = mock(Script::new()).await;
        let batch = batch_of(&store, name, Limits::none(), 1).await;
        let fal = client(&server.url());
        let worker = Worker::new(fal.clone(), store.clone());
        worker.ends_when_empty().run().await.expect("a worker");
        let reconciler = Reconciler::new(fal, store.clone()).rate_per_second(50.0);
        let reconciler = tokio::spawn(reconciler.run());
        let progress = until_settled(&batch).await;
        assert_eq!(progress.count("done"), 1, "{name}");
        reconciler.abort();
    }
}

/// The reply to the submit is lost: whether there is a job shows when its webhook arrives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_settles_what_was_unknown() {
    let script = Script::new().hold(Hold::Running);
    let Some(world) = World::new(script, Limits::none(), COUNT).await else {
        return;
    };
    let (server, batch) = (&world.server, &world.batch);
    server.inject(Fault::Drop.on(Route::Submit).always().handled());
    let _running = run(server, &world.store, 4 * LIMIT).await;
    until(batch, |progress| progress.count("unknown") == ALL).await;
    server.release_all();
    until_done(batch, ALL).await;
    assert_eq!(server.jobs_created(), ALL);
}

/// Without a webhook it stays unknown, and is submitted again only when asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_unknown_is_never_submitted_again_unasked() {
    let Some(world) = World::new(Script::new(), Limits::none(), COUNT).await else {
        return;
    };
    let (server, batch) = (&world.server, &world.batch);
    server.inject(Fault::Drop.on(Route::Submit).always().handled());
    let run = || world.worker().ends_when_empty().run();
    run().await.expect("a worker");
    run().await.expect("a worker");
    let progress = batch.progress().await.expect("progress");
    assert_eq!(progress.count("unknown"), ALL);
    assert_eq!(server.jobs_created(), ALL);
    server.clear_faults();
    assert_eq!(batch.resubmit_unknown().await.expect("items"), ALL);
    run().await.expect("a worker");
    assert_eq!(server.jobs_created(), 2 * ALL);
}

/// A genuine delivery of fal's, for a job of somebody else's or with a made-up item.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_finds_its_own_item_only() {
    let Some((world, running)) = begin(Script::new()).await else {
        return;
    };
    let server = &world.server;
    until_settled(&world.batch).await;
    assert_answered(server, 200, 1).await;
    drop(running);
    let delivery = server.deliveries().swap_remove(0);
    let verifier = || Verifier::of(&world.client());
    let empty = store_in(&world.cluster, "empty").await;
    let receiver = Receiver::new(verifier(), empty).await.expect("a receiver");
    let receive = |receiver: &Receiver, query: &str| {
        let (receiver, query) = (receiver.clone(), query.to_owned());
        let (headers, body) = (delivery.headers.clone(), delivery.body.clone());
        async move { receiver.receive(&query, &headers, &body).await }
    };
    assert_eq!(receive(&receiver, "").await, 404);
    let made_up = format!("fal_item=1.{}", "0".repeat(32));
    assert_eq!(receive(&receiver, &made_up).await, 404);
    let receiver = Receiver::new(verifier(), world.store.clone()).await;
    let receiver = receiver.expect("a receiver");
    assert_eq!(
        receive(&receiver, &made_up).await,
        200,
        "its request id is known"
    );
    let receiver = receiver.user_id("somebody else");
    assert_eq!(receive(&receiver, "").await, 401);
}
