use std::sync::{Arc, Mutex};
use std::time::Duration;

use fal_mock::{Hold, Route, Script};
use fal_sdk::{CancelOutcome, Job, State, StatusMode, Update};
use fal_tests::sample::{ENDPOINT, SampleInput, client, output, script, server};
use serde_json::{Value, json};

fn assert_send<T: Send + 'static>(value: T) -> T {
    value
}

#[tokio::test]
async fn a_direct_run_returns_its_typed_output() {
    let server = server(script().header("x-fal-billable-units", "2.5")).await;
    let fal = client(&server);
    let future = assert_send(fal.run(SampleInput::new("a")).detailed().into_future());
    let detailed = future.await.unwrap();
    assert_eq!(detailed.output.seed, 42);
    assert_eq!(detailed.billable_units, Some(2.5));
    assert_eq!(detailed.raw, output());
    assert!(detailed.request_id.is_some());
    let sent = &server.requests_to(Route::Run)[0];
    assert_eq!(sent.path, format!("/{ENDPOINT}"));
    assert_eq!(
        sent.json(),
        Some(json!({"prompt": "a", "video_url": "https://example.com/walk.mp4"}))
    );
}

#[tokio::test]
async fn subscribe_takes_three_requests_and_tells_of_every_change() {
    let script = script()
        .queue([1, 0], Duration::from_millis(30))
        .run(Duration::from_millis(60))
        .log("loading")
        .log_at(Duration::from_millis(30), "INFO", "half way")
        .metric("inference_time", 0.06);
    let server = server(script).await;
    let fal = client(&server);
    let updates: Arc<Mutex<Vec<Update>>> = Arc::default();
    let seen = Arc::clone(&updates);
    let call = fal
        .subscribe(SampleInput::new("a"))
        .logs(true)
        .on_update(move |update| seen.lock().unwrap().push(update.clone()))
        .detailed();
    let detailed = assert_send(call.into_future()).await.unwrap();
    assert_eq!(detailed.output.seed, 42);
    assert_eq!(detailed.metrics["inference_time"], 0.06);

    let updates = updates.lock().unwrap();
    let id = detailed.request_id.unwrap();
    assert!(updates.iter().all(|update| update.request_id == id));
    assert_eq!(updates[0].status.state, State::InQueue);
    assert_eq!(updates.last().unwrap().status.state, State::Completed);
    let lines: Vec<&str> = updates
        .iter()
        .flat_map(|update| &update.status.logs)
        .map(|log| log.message.as_str())
        .collect();
    assert_eq!(lines, ["loading", "half way"]);
    assert_eq!(server.total(), 3, "{:?}", server.requests());
    assert_eq!(server.jobs_created(), 1);
}

#[tokio::test]
async fn polling_alone_gives_the_same() {
    let script = script()
        .queue([1, 0], Duration::from_millis(20))
        .run(Duration::from_millis(40))
        .log("a")
        .log("a");
    let server = server(script).await;
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&lines);
    let output = client(&server)
        .subscribe(SampleInput::new("a"))
        .status_mode(StatusMode::Poll)
        .logs(true)
        .on_update(move |update| {
            let logs = update.status.logs.iter();
            seen.lock()
                .unwrap()
                .extend(logs.map(|log| log.message.clone()));
        })
        .await
        .unwrap();
    assert_eq!(output.seed, 42);
    assert_eq!(*lines.lock().unwrap(), ["a", "a"]);
    assert_eq!(server.count(Route::StatusStream), 0);
    assert!(server.count(Route::Status) > 0);
}

#[tokio::test]
async fn a_job_is_watched_step_by_step() {
    let server = server(script().hold(Hold::Queued)).await;
    let fal = client(&server);
    let job = fal.submit(SampleInput::new("a")).await.unwrap();
    assert_eq!(job.endpoint(), ENDPOINT);
    let status = job.status().logs(true).await.unwrap();
    assert_eq!(status.state, State::InQueue);

    let mut updates = assert_send(job.updates().unwrap());
    assert_eq!(
        updates.next().await.unwrap().unwrap().status.state,
        State::InQueue
    );
    server.release(job.request_id());
    let mut last = None;
    while let Some(update) = updates.next().await {
        last = Some(update.unwrap());
    }
    assert!(last.unwrap().status.is_completed());
    assert_eq!(job.result().await.unwrap().seed, 42);
    assert_eq!(job.result().raw().await.unwrap(), output());
}

#[tokio::test]
async fn a_job_is_found_again_by_its_id_and_from_its_serialised_form() {
    let server = server(script()).await;
    let fal = client(&server);
    let job = fal.submit(SampleInput::new("a")).await.unwrap();

    let again = fal.job::<SampleInput>(job.request_id()).unwrap();
    assert_eq!(again.result().await.unwrap().seed, 42);

    let kept = serde_json::to_value(&job).unwrap();
    let text = kept.to_string();
    assert!(!text.contains("secret") && !text.contains("Key"), "{text}");
    let read: Job<SampleInput> = serde_json::from_value(kept.clone()).unwrap();
    assert_eq!(read.request_id(), job.request_id());
    assert_eq!(fal.attach(&read).result().await.unwrap().seed, 42);

    // What an older version left out is made up for; what a newer one adds is
    // left alone.
    let least = json!({
        "endpoint": ENDPOINT, "request_id": job.request_id(), "added_later": {"x": 1},
    });
    let read: Job<SampleInput> = serde_json::from_value(least).unwrap();
    assert_eq!(fal.attach(&read).result().await.unwrap().seed, 42);

    let error = read.status().await.unwrap_err();
    assert!(error.to_string().contains("Client::attach"), "{error}");

    let mut of_another = kept;
    of_another["endpoint"] = json!("acme/another");
    let error = serde_json::from_value::<Job<SampleInput>>(of_another).unwrap_err();
    assert!(error.to_string().contains("acme/another"), "{error}");
}

#[tokio::test]
async fn cancelling_says_what_came_of_it() {
    let server = server(script().hold(Hold::Queued)).await;
    let fal = client(&server);
    let job = fal.submit(SampleInput::new("a")).await.unwrap();
    assert_eq!(job.cancel().await.unwrap(), CancelOutcome::Requested);
    let error = job.result().await.unwrap_err();
    assert!(error.is_job_failed() && error.is_cancelled(), "{error:?}");

    let unknown = fal.job::<SampleInput>("no-such-job").unwrap();
    assert_eq!(unknown.cancel().await.unwrap(), CancelOutcome::NotFound);

    server.script(ENDPOINT, script());
    let done = fal.submit(SampleInput::new("b")).await.unwrap();
    done.result().await.unwrap();
    assert_eq!(
        done.cancel().await.unwrap(),
        CancelOutcome::AlreadyCompleted
    );
}

#[tokio::test]
async fn untyped_calls_take_and_give_json() {
    let server = server(script()).await;
    let endpoint = client(&server).endpoint(ENDPOINT).unwrap();
    let value: Value = endpoint.subscribe(json!({"prompt": "a"})).await.unwrap();
    assert_eq!(value, output());
    assert_eq!(endpoint.run(json!({"any": [1]})).await.unwrap(), output());
    let job = endpoint.submit(json!({})).await.unwrap();
    let again = endpoint.job(job.request_id()).unwrap();
    assert_eq!(again.result().await.unwrap(), output());
}

/// Legacy ids and namespaces keep their own form in every URL.
#[tokio::test]
async fn ids_of_every_form_reach_their_jobs() {
    for (id, app) in [
        ("acme/plain", "/acme/plain"),
        ("acme/sub/path/deep", "/acme/sub"),
        ("workflows/acme/flow", "/workflows/acme/flow"),
        ("comfy/acme/graph/run", "/comfy/acme/graph"),
        ("1234-legacy", "/1234/legacy"),
    ] {
        let server = fal_mock::MockServer::builder()
            .any_app()
            .start()
            .await
            .unwrap();
        server.script(
            &id.replace("1234-", "1234/"),
            Script::new().output(json!({"ok": true})),
        );
        let endpoint = client(&server).endpoint(id).unwrap();
        let job = endpoint.submit(json!({})).await.unwrap();
        let again = endpoint.job(job.request_id()).unwrap();
        assert_eq!(again.result().await.unwrap(), json!({"ok": true}), "{id}");
        let asked = &server.requests_to(Route::Result)[0].path;
        assert_eq!(*asked, format!("{app}/requests/{}", job.request_id()));
    }
}
