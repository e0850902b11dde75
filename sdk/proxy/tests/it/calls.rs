//! The calls that fal's clients make, through the proxy.

use std::time::Duration;

use fal_mock::{Hold, Route, Script};
use fal_sdk::{Client, State};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{KEY, MODEL, Proxy, input};

async fn json_of(response: reqwest::Response) -> Value {
    let text = response.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[tokio::test]
async fn a_run_is_passed_on_with_the_key() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let script = Script::new().output(json!({"seed": 7}));
    proxy
        .mock
        .script(MODEL, script.header("x-fal-billable-units", "2.5"));
    let response = proxy
        .post(&format!("https://fal.run/{MODEL}"), &input())
        .await;
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    assert!(headers.contains_key("x-fal-request-id"));
    assert_eq!(headers["x-fal-billable-units"], "2.5");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(json_of(response).await, json!({"seed": 7}));
    let seen = &proxy.mock.requests_to(Route::Run)[0];
    assert_eq!(seen.header("authorization"), Some(&*format!("Key {KEY}")));
    assert_eq!(seen.json(), Some(input()));
    assert!(
        seen.header("x-fal-client-proxy")
            .unwrap()
            .starts_with("fal-proxy/")
    );
}

#[tokio::test]
async fn a_job_is_submitted_followed_fetched_and_cancelled() {
    let proxy = Proxy::start(|proxy| proxy).await;
    proxy.mock.script(MODEL, Script::new().hold(Hold::Running));
    let queue = "https://queue.fal.run";
    let submitted = proxy.post(&format!("{queue}/{MODEL}"), &input()).await;
    let submitted = json_of(submitted).await;
    let id = submitted["request_id"].as_str().unwrap();
    let job = format!("{queue}/acme/painter/requests/{id}");
    let status = json_of(proxy.get(&format!("{job}/status?logs=1")).await).await;
    assert!(
        matches!(status["status"].as_str(), Some("IN_QUEUE" | "IN_PROGRESS")),
        "{status}"
    );
    proxy.mock.release(id);
    let stream = proxy.get(&format!("{job}/status/stream?logs=1")).await;
    let kind = stream.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/event-stream"), "{kind}");
    assert!(stream.text().await.unwrap().contains("COMPLETED"));
    for result in [job.clone(), format!("{job}/response")] {
        assert_eq!(proxy.get(&result).await.status(), 200, "{result}");
    }
    let cancelled = proxy.request(Method::PUT, &format!("{job}/cancel"));
    let cancelled = cancelled.send().await.unwrap();
    assert_eq!(cancelled.status(), 400, "it has already completed");
    assert_eq!(json_of(cancelled).await["status"], "ALREADY_COMPLETED");
    assert_eq!(proxy.mock.jobs_created(), 1);
}

/// An event arrives while the model is still at work.
#[tokio::test]
async fn streams_stay_streams() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let events = [json!({"n": 1}), json!({"n": 2})];
    let script = Script::new().stream(events, Duration::from_secs(1));
    proxy.mock.script(MODEL, script);
    let begun = std::time::Instant::now();
    let target = format!("https://fal.run/{MODEL}/stream");
    let mut events = proxy.post(&target, &input()).await.bytes_stream();
    let mut text = String::new();
    let mut first = None;
    while let Some(piece) = events.next().await {
        text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        if text.contains(r#"{"n":1}"#) && first.is_none() {
            first = Some(begun.elapsed());
        }
    }
    assert!(text.contains(r#"{"n":2}"#), "{text}");
    let apart = begun.elapsed() - first.unwrap();
    assert!(
        apart > Duration::from_millis(500),
        "the first event came {apart:?} before the end"
    );
}

/// The file goes to the signed URL, which needs no key.
#[tokio::test]
async fn uploads_begin_at_the_proxy_if_they_are_allowed() {
    let proxy = Proxy::start(|proxy| proxy.uploads(true)).await;
    let storage = "https://rest.fal.ai/storage/upload";
    for (route, path) in [
        (Route::StorageInitiate, "initiate"),
        (Route::StorageInitiateMultipart, "initiate-multipart"),
    ] {
        let target = format!("{storage}/{path}?storage_type=fal-cdn-v3");
        let file = json!({"file_name": "a.png", "content_type": "image/png"});
        let signed = json_of(proxy.post(&target, &file).await).await;
        assert!(signed["upload_url"].is_string(), "{signed}");
        assert_eq!(proxy.mock.count(route), 1);
    }
    let other_store = format!("{storage}/initiate?storage_type=gcs");
    for target in [
        other_store,
        format!("{storage}/initiate"),
        format!("{storage}/other"),
    ] {
        let response = proxy.post(&target, &json!({})).await;
        assert_eq!(response.status(), 400, "{target}");
    }
}

#[tokio::test]
async fn webhooks_are_passed_on_if_they_are_allowed() {
    let proxy = Proxy::start(|proxy| proxy.webhooks(true)).await;
    let target =
        format!("https://queue.fal.run/{MODEL}?fal_webhook=https%3A%2F%2Fexample.com%2Fdone");
    assert_eq!(proxy.post(&target, &input()).await.status(), 200);
    let seen = &proxy.mock.requests_to(Route::Submit)[0];
    assert_eq!(
        seen.query_param("fal_webhook").as_deref(),
        Some("https://example.com/done")
    );
}

/// This SDK's client is one of those that can be pointed at a proxy.
#[tokio::test]
async fn the_sdk_itself_calls_through_the_proxy() {
    let proxy = Proxy::start(|proxy| proxy.uploads(true)).await;
    let through = fal_sdk::Proxy::new(proxy.url.clone());
    let fal = Client::builder()
        .base_url(proxy.mock.url())
        .proxy(through)
        .build()
        .unwrap();
    let endpoint = fal.endpoint(MODEL).unwrap();
    let job = endpoint.submit(input()).await.unwrap();
    job.result().await.unwrap();
    assert_eq!(job.status().await.unwrap().state, State::Completed);
    endpoint.run(input()).await.unwrap();
    let file = fal.storage().upload("hello").await.unwrap();
    assert_eq!(
        &fal.download(&file.url).bytes().await.unwrap()[..],
        b"hello"
    );
    let refused = fal.endpoint("acme/other").unwrap().run(input()).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.status(), Some(400));
    assert!(
        refused.message().contains("acme/other is not among those"),
        "{refused}"
    );
    let keys = proxy.mock.requests();
    let is_ours = |value: &str| value == format!("Key {KEY}");
    assert!(
        keys.iter()
            .filter_map(|request| request.header("authorization"))
            .all(is_ours)
    );
}
