//! The public keys of webhooks: when they are fetched, and who waits for that.

use std::time::Duration;

use fal_mock::{Fault, MockServer, Route, Script, WebhookScript};
use fal_sdk::webhook::{Verifier, VerifyError};
use fal_sdk::{Client, Input};
use fal_tests::sample::{ENDPOINT, SampleInput, client, script, server};
use serde_json::json;

use super::webhook::{Headers, headers, receiver, vectors};

#[tokio::test]
async fn changed_keys_are_fetched_anew() {
    let mut hook = WebhookScript::default();
    hook.key = 1;
    let server = server(script().webhook(hook)).await;
    let fal = client(&server);
    let (url, mut deliveries) = receiver().await;
    fal.submit(SampleInput::new("a"))
        .webhook(&url)
        .await
        .unwrap();
    let (headers, body) = deliveries.recv().await.unwrap();
    // The first answer knows the first key only, as before a rotation.
    let first = json!({"keys": [vectors()["jwks"]["keys"][0]]});
    server.inject(Fault::json(200, first).on(Route::Jwks));
    let verifier = Verifier::of(&fal);
    // Within the minute nothing is asked again.
    let error = verifier.verify(&headers, &body).await.unwrap_err();
    assert!(matches!(error, VerifyError::Forged), "{error:?}");
    assert_eq!(server.count(Route::Jwks), 1);
    // Later, it is.
    let soon = verifier.refetch_after(Duration::ZERO);
    soon.verify(&headers, &body).await.unwrap();
    soon.verify(&headers, &body).await.unwrap();
    assert_eq!(server.count(Route::Jwks), 2);
    // Keys that are there stay good while no newer ones are to be had.
    server.inject(Fault::status(500).on(Route::Jwks).always());
    let error = soon.verify(&headers, b"another body").await.unwrap_err();
    assert!(matches!(error, VerifyError::Forged), "{error:?}");
    soon.verify(&headers, &body).await.unwrap();
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_no_forgery() {
    let server = server(Script::new()).await;
    server.inject(Fault::status(500).on(Route::Jwks).always());
    let fal = client(&server);
    let verifier = Verifier::of(&fal).tolerance(Duration::MAX);
    let case = &vectors()["cases"][0];
    let body = case["body_utf8"].as_str().unwrap().as_bytes();
    let error = verifier.verify(&headers(case), body).await.unwrap_err();
    assert!(matches!(error, VerifyError::Keys(_)), "{error:?}");
    assert_eq!(error.status(), 503);
    let asked = server.count(Route::Jwks);
    for _ in 0..20 {
        verifier.verify(&headers(case), body).await.unwrap_err();
    }
    assert!(server.count(Route::Jwks) <= 2 * asked);
    assert_eq!(SampleInput::ENDPOINT, ENDPOINT);
}

/// A delivery that is signed now, and the client that it was made for.
async fn delivered() -> (MockServer, Client, Headers, Vec<u8>) {
    let server = server(script()).await;
    let fal = client(&server);
    let (url, mut deliveries) = receiver().await;
    fal.submit(SampleInput::new("a"))
        .webhook(&url)
        .await
        .unwrap();
    let (headers, body) = deliveries.recv().await.unwrap();
    (server, fal, headers, body)
}

/// A forged delivery has the keys fetched again; others do not wait for that.
#[tokio::test]
async fn a_forged_delivery_does_not_delay_good_ones() {
    let (server, fal, headers, body) = delivered().await;
    let verifier = Verifier::of(&fal).refetch_after(Duration::ZERO);
    verifier.verify(&headers, &body).await.unwrap();
    server.inject(Fault::Delay { ms: 2_000 }.on(Route::Jwks).always());
    let forged = {
        let (verifier, headers) = (verifier.clone(), headers.clone());
        tokio::spawn(async move { verifier.verify(&headers, b"another body").await })
    };
    while server.count(Route::Jwks) < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    verifier.verify(&headers, &body).await.unwrap();
    assert!(!forged.is_finished(), "the good one went ahead");
    let error = forged.await.unwrap().unwrap_err();
    assert!(matches!(error, VerifyError::Forged), "{error:?}");
}

/// Deliveries that come while there are no keys share one request for them, and fail
/// together if it fails.
#[tokio::test]
async fn deliveries_share_one_fetch_of_the_keys() {
    let (server, fal, headers, body) = delivered().await;
    let verifier = Verifier::of(&fal);
    let verify_many = async || {
        let verifications = (0..20).map(|_| verifier.verify(&headers, &body));
        futures_util::future::join_all(verifications).await
    };
    server.inject(Fault::status(404).on(Route::Jwks));
    let failed = verify_many().await;
    assert!(
        failed
            .iter()
            .all(|outcome| matches!(outcome, Err(VerifyError::Keys(_))))
    );
    assert_eq!(server.count(Route::Jwks), 1);
    // For a while, nothing is requested.
    verify_many().await;
    assert_eq!(server.count(Route::Jwks), 1);
    let fresh = Verifier::of(&fal);
    let verifications = (0..20).map(|_| fresh.verify(&headers, &body));
    let good = futures_util::future::join_all(verifications).await;
    assert!(good.iter().all(Result::is_ok));
    assert_eq!(server.count(Route::Jwks), 2);
}

/// The caller who started the fetch may go away: the others still get the keys.
#[tokio::test]
async fn a_caller_who_gives_up_leaves_the_fetch_to_the_others() {
    let (server, fal, headers, body) = delivered().await;
    let verifier = Verifier::of(&fal);
    server.inject(Fault::Delay { ms: 200 }.on(Route::Jwks));
    let first = tokio::time::timeout(Duration::from_millis(50), verifier.verify(&headers, &body));
    first.await.unwrap_err();
    verifier.verify(&headers, &body).await.unwrap();
    assert_eq!(server.count(Route::Jwks), 1);
}
