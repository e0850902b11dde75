//! What the browser gets when fal refuses, fails, or does not reply.

use std::sync::{Arc, Mutex};

use fal_mock::{CannedReply, Failure, Fault, Route, Script};
use fal_sdk::{Client, Credentials};
use serde_json::{Value, json};

use crate::{KEY, MODEL, Proxy, input, mock, refused};

fn queue() -> String {
    format!("https://queue.fal.run/{MODEL}")
}

#[tokio::test]
async fn errors_of_fal_are_passed_on_as_they_are() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let failure = Failure::new(
        422,
        json!({"detail": [{"loc": ["body", "prompt"], "msg": "no"}]}),
    );
    proxy.mock.script(MODEL, Script::new().fail(failure));
    let response = proxy
        .post(&format!("https://fal.run/{MODEL}"), &input())
        .await;
    assert_eq!(response.status(), 422);
    assert!(response.headers().contains_key("x-fal-request-id"));
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(body["detail"][0]["msg"], "no");

    let busy = CannedReply::new(429)
        .header("retry-after", "7")
        .header("set-cookie", "a=b");
    proxy.mock.inject(Fault::Reply(busy).on(Route::Submit));
    let response = proxy.post(&queue(), &input()).await;
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "7");
    assert!(!response.headers().contains_key("set-cookie"));
    assert_eq!(
        proxy.mock.count(Route::Submit),
        1,
        "the client decides about retries"
    );
}

/// fal's clients send a call again after 502, 503 and 504, so a submit that may have been
/// accepted gets none of these.
#[tokio::test]
async fn a_submit_whose_reply_is_lost_is_not_sent_again() {
    let errors = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&errors);
    let proxy = Proxy::start(|proxy| {
        proxy.on_reply(move |call, reply| {
            let error = reply.error.map(ToString::to_string);
            noted
                .lock()
                .unwrap()
                .push((call.action, reply.status.as_u16(), error));
        })
    })
    .await;
    proxy.mock.inject(Fault::Drop.on(Route::Submit));
    let response = proxy.post(&queue(), &input()).await;
    assert_eq!(refused(response).await, (500, "outcome_unknown".to_owned()));
    proxy.mock.inject(Fault::Drop.on(Route::Status));
    let job = "https://queue.fal.run/acme/painter/requests/r-1/status";
    assert_eq!(
        refused(proxy.get(job).await).await,
        (502, "unreachable".to_owned())
    );
    let errors = errors.lock().unwrap();
    assert_eq!(errors.len(), 2);
    assert!(
        errors.iter().all(|(_, _, error)| error.is_some()),
        "{errors:?}"
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let elsewhere = format!("{}/__mock/requests", proxy.mock.url());
    for status in [301, 302, 303, 307, 308] {
        proxy
            .mock
            .inject(Fault::redirect(status, &elsewhere).on(Route::Submit));
        let response = proxy.post(&queue(), &input()).await;
        assert!(!response.headers().contains_key("location"));
        assert_eq!(
            refused(response).await,
            (500, "redirected".to_owned()),
            "{status}"
        );
    }
    assert_eq!(proxy.mock.total(), proxy.mock.count(Route::Submit));
}

#[tokio::test]
async fn a_server_that_is_away_can_be_tried_again() {
    let mock = mock().start().await.unwrap();
    let nowhere = "http://127.0.0.1:1";
    let client = Client::builder()
        .key(KEY)
        .base_url(nowhere)
        .build()
        .unwrap();
    let proxy = Proxy::with(mock, client, |proxy| proxy).await;
    let response = proxy.post(&queue(), &input()).await;
    let text = response.text().await.unwrap();
    assert!(
        text.contains("\"unreachable\"") && !text.contains("127.0.0.1"),
        "{text}"
    );
}

/// Why there is no key is not the browser's business.
#[tokio::test]
async fn a_key_that_cannot_be_had_is_the_servers_fault() {
    let mock = mock().start().await.unwrap();
    let vault = || async { Err::<String, _>("the vault at 10.0.0.7 is sealed") };
    let client = Client::builder()
        .credentials(Credentials::provider(vault))
        .base_url(mock.url())
        .build()
        .unwrap();
    let proxy = Proxy::with(mock, client, |proxy| proxy).await;
    let response = proxy.post(&queue(), &input()).await;
    assert_eq!(response.status(), 500);
    let text = response.text().await.unwrap();
    assert!(
        text.contains("\"no_credentials\"") && !text.contains("vault"),
        "{text}"
    );
    assert_eq!(proxy.mock.total(), 0);
}

/// A server that repeats the request's headers would give the key away.
#[tokio::test]
async fn a_key_that_fal_repeats_is_masked() {
    let proxy = Proxy::start(|proxy| proxy).await;
    for status in [401, 500] {
        proxy
            .mock
            .inject(Fault::EchoKey { status }.on(Route::Submit));
        let response = proxy.post(&queue(), &input()).await;
        assert_eq!(response.status(), status);
        let text = response.text().await.unwrap();
        assert!(
            text.contains("*****") && !text.contains("0123456789abcdef"),
            "{text}"
        );
    }
}
