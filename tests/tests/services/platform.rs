//! The platform API.

mod account;
mod library;
mod models;
mod operations;

use fal_mock::{Fault, MockServer, Route};
use fal_sdk::ErrorKind;
use fal_tests::sample::{ENDPOINT, KEY, client, script, server};
use serde_json::json;

#[tokio::test]
async fn errors_are_read_from_their_envelope() {
    let server = MockServer::builder()
        .inference_key(KEY)
        .script(ENDPOINT, script())
        .start()
        .await
        .unwrap();
    let fal = client(&server);
    let error = fal.platform().usage().await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(error.error_type(), Some("authorization_error"));
    assert!(error.message().contains("ADMIN"), "{error}");
    let body = json!({"error": {"type": "validation_error", "message": "no such zone", "request_id": "r-1"}});
    server.inject(
        Fault::Reply(
            fal_mock::CannedReply::new(400)
                .header("content-type", "application/json")
                .body(&body.to_string()),
        )
        .on(Route::Meta),
    );
    let error = fal.platform().meta().await.unwrap_err();
    assert_eq!(
        (error.message(), error.request_id()),
        ("no such zone", Some("r-1"))
    );
    assert!(!error.is_retryable());
    // Too many questions: asked again after as long as the platform says.
    let reply = fal_mock::CannedReply::new(429).header("x-ratelimit-reset", "0");
    server.inject(Fault::Reply(reply).on(Route::Meta));
    fal.platform().meta().await.unwrap();
    for fault in [
        Fault::html(),
        Fault::MalformedJson,
        Fault::json(200, json!({"unexpected": 1})),
    ] {
        server.inject(fault.clone().on(Route::Meta));
        let error = fal.platform().meta().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{fault:?}");
        assert!(error.raw_body().is_some());
    }
}

#[tokio::test]
async fn ids_climb_out_of_no_route() {
    let server = server(script()).await;
    let fal = client(&server);
    for id in ["..", ".", ""] {
        assert!(fal.platform().delete_key(id).await.is_err());
        assert!(fal.platform().delete_payloads(id).await.is_err());
    }
    assert_eq!(server.total(), 0);
    fal.platform()
        .delete_key("../models/x?y#z")
        .await
        .unwrap_err();
    assert_eq!(
        server.requests()[0].path,
        "/v1/keys/..%2Fmodels%2Fx%3Fy%23z"
    );
}
