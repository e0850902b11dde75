//! Webhooks: what is delivered, how often, and how it is signed.

use std::time::Duration;

use fal_mock::{Failure, Fault, MockServer, Route, Script, WebhookPolicy, WebhookScript};
use serde_json::{Value, json};

use crate::support::{ENDPOINT, client, post, send, start, text};

/// Another mock receives: it records everything, and fails as told.
async fn receiver() -> MockServer {
    MockServer::builder().any_app().start().await.unwrap()
}

fn fast() -> WebhookPolicy {
    WebhookPolicy::fast(3, Duration::from_millis(1))
}

async fn submit_to(server: &MockServer, receiver: &MockServer, input: Value) -> String {
    let hook = format!("{}/hooks/receiver", receiver.urls().queue);
    let url = format!(
        "{}/{ENDPOINT}?fal_webhook={}",
        server.urls().queue,
        hook.replace(':', "%3A").replace('/', "%2F")
    );
    let (code, job) = send(post(url).json(&input)).await;
    assert_eq!(code, 200);
    text(&job, "request_id").to_owned()
}

/// Waits for so many attempts.
async fn attempts(server: &MockServer, count: usize) {
    while server.deliveries().len() < count {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn outputs_and_errors_are_delivered() {
    let receiver = receiver().await;
    // The receiver asks for a key, which deliveries do not have: let it accept all the same.
    receiver.inject(Fault::json(200, json!({})).on(Route::Submit).always());
    let server = start(MockServer::builder().webhooks(fast())).await;
    let good = submit_to(&server, &receiver, json!({ "prompt": "x" })).await;
    attempts(&server, 1).await;
    let bad = submit_to(&server, &receiver, json!({})).await;
    attempts(&server, 2).await;
    let got = receiver.requests();
    let (first, second) = (got[0].json().unwrap(), got[1].json().unwrap());
    assert_eq!(
        (text(&first, "request_id"), text(&first, "status")),
        (good.as_str(), "OK")
    );
    assert_eq!(text(&first, "gateway_request_id"), good);
    assert_eq!(first["payload"]["seed"], 5);
    assert_eq!(
        (text(&second, "request_id"), text(&second, "status")),
        (bad.as_str(), "ERROR")
    );
    assert_eq!(text(&second, "error"), "Invalid status code: 422");
    assert_eq!(second["payload"]["detail"][0]["type"], "missing");
    for name in ["request-id", "user-id", "timestamp", "signature"] {
        assert!(
            got[0].header(&format!("x-fal-webhook-{name}")).is_some(),
            "{name}"
        );
    }
    assert_eq!(got[0].header("x-fal-webhook-signature").unwrap().len(), 128);
    assert_eq!(
        server.jobs()[0].webhook.as_deref(),
        Some(format!("{}/hooks/receiver", receiver.urls().queue).as_str())
    );
}

#[tokio::test]
async fn deliveries_are_tried_again_until_accepted() {
    let receiver = receiver().await;
    receiver.inject(Fault::status(500).on(Route::Submit).times(2));
    receiver.inject(Fault::status(204).on(Route::Submit).always());
    let server = start(MockServer::builder().webhooks(fast())).await;
    submit_to(&server, &receiver, json!({ "prompt": "x" })).await;
    attempts(&server, 3).await;
    let statuses: Vec<_> = server
        .deliveries()
        .iter()
        .map(|delivery| (delivery.attempt, delivery.status))
        .collect();
    assert_eq!(statuses, [(1, Some(500)), (2, Some(500)), (3, Some(204))]);

    receiver.clear_faults();
    receiver.inject(
        Fault::redirect(302, "/elsewhere")
            .on(Route::Submit)
            .times(1),
    );
    receiver.inject(Fault::Drop.on(Route::Submit).always());
    submit_to(&server, &receiver, json!({ "prompt": "x" })).await;
    attempts(&server, 4).await;
    submit_to(&server, &receiver, json!({ "prompt": "x" })).await;
    attempts(&server, 8).await;
    let all = server.deliveries();
    assert_eq!(
        (all[3].status, all[4].attempt),
        (Some(302), 1),
        "a redirect is final"
    );
    assert!(all[7].status.is_none() && all[7].error.is_some() && all[7].attempt == 4);
}

#[tokio::test]
async fn deliveries_are_scripted() {
    let receiver = receiver().await;
    receiver.inject(Fault::status(200).on(Route::Submit).always());
    let mut webhook = WebhookScript::default();
    webhook.payload_error = Some("too large".into());
    webhook.copies = Some(2);
    let script = Script::new()
        .webhook(webhook)
        .fail(Failure::new(500, json!({})));
    let server = start(
        MockServer::builder()
            .webhooks(fast())
            .default_script(script),
    )
    .await;
    submit_to(&server, &receiver, json!({})).await;
    attempts(&server, 2).await;
    let body = receiver.requests()[1].json().unwrap();
    assert_eq!(
        (&body["payload"], text(&body, "payload_error")),
        (&Value::Null, "too large")
    );
}

#[tokio::test]
async fn the_keys_are_public() {
    let server = start(MockServer::builder()).await;
    let url = format!("{}/.well-known/jwks.json", server.urls().rest);
    let (code, keys) = send(client().get(url)).await;
    assert_eq!((code, keys["keys"].as_array().unwrap().len()), (200, 2));
    assert_eq!(keys["keys"][0]["crv"], "Ed25519");
}
