//! What belongs to an account: usage, requests, keys, files, credits.

use std::time::{Duration, SystemTime};

use fal_mock::{Fault, Hold, Route, Script};
use fal_sdk::ErrorKind;
use fal_sdk::lifecycle::{Access, Acl};
use fal_sdk::platform::{Metric, RequestStatus, SortBy, StorageSettings, Timeframe};
use fal_tests::sample::{ENDPOINT, SampleInput, client, script, server};
use serde_json::json;

#[tokio::test]
async fn usage_events_and_requests_tell_of_what_was_done() {
    let server = server(script()).await;
    // A file of the output that is on the server, so that deleting the payloads deletes it.
    let url = format!("{}/files/b/depth.mp4", server.urls().cdn);
    let output = script().output(json!({"video": {"url": url}, "seed": 42}));
    server.script(ENDPOINT, output.header("x-fal-billable-units", "2"));
    let fal = client(&server);
    for number in 0..3 {
        fal.subscribe(SampleInput::new(format!("cat {number}")))
            .await
            .unwrap();
    }
    server.script(
        ENDPOINT,
        Script::new().fail(fal_mock::Failure::new(500, json!({"detail": "no"}))),
    );
    fal.subscribe(SampleInput::new("dog")).await.unwrap_err();
    let platform = fal.platform();
    let day_ago = SystemTime::now() - Duration::from_secs(86_400);

    let usage = platform
        .usage()
        .start(day_ago)
        .end(SystemTime::now() + Duration::from_secs(60))
        .timeframe(Timeframe::Day)
        .with_summary()
        .await
        .unwrap();
    let summary = usage.summary.unwrap();
    assert_eq!(summary[0].endpoint_id, ENDPOINT);
    assert!(summary[0].quantity > 0.0);
    assert!(!usage.time_series.unwrap().is_empty());
    let asked = &server.requests_to(Route::Usage)[0];
    assert!(asked.query_param("start").unwrap().ends_with('Z'));

    let events = platform
        .billing_events()
        .start("2026-01-01")
        .all()
        .await
        .unwrap();
    assert!(!events.is_empty() && events.iter().all(|event| event.endpoint_id == ENDPOINT));

    let analytics = platform
        .analytics([ENDPOINT], [Metric::RequestCount, Metric::P50Duration])
        .with_summary()
        .await
        .unwrap();
    let figures = &analytics.summary.unwrap()[0];
    assert_eq!(figures.request_count, Some(4));

    let requests = platform
        .requests(ENDPOINT)
        .status(RequestStatus::Success)
        .sort_by(SortBy::EndedAt)
        .with_payloads()
        .limit(2)
        .all()
        .await
        .unwrap();
    assert_eq!(requests.len(), 3);
    assert!(requests[0].json_input.as_ref().unwrap()["prompt"].is_string());
    let one = platform
        .requests(ENDPOINT)
        .request(&requests[1].request_id)
        .all()
        .await
        .unwrap();
    assert_eq!(one[0].request_id, requests[1].request_id);
    let found = platform
        .search_requests()
        .query("cat 1")
        .all()
        .await
        .unwrap();
    assert!(!found.is_empty());

    let deleted = platform
        .delete_payloads(&requests[0].request_id)
        .await
        .unwrap();
    assert_eq!(deleted.len(), 1);
    assert!(deleted.iter().all(|file| file.exception.is_none()));
    let sent = server.requests_to(Route::DeletePayloads);
    assert!(sent[0].header("idempotency-key").is_some());
}

#[tokio::test]
async fn keys_are_made_once_and_never_shown() {
    let server = server(script()).await;
    let fal = client(&server);
    let key = fal.platform().create_key("ci").await.unwrap();
    assert!(key.expose().starts_with(key.key_id()));
    let secret = key.expose().split_once(':').unwrap().1;
    assert!(!format!("{key:?}").contains(secret));
    let listed = fal.platform().keys().all().await.unwrap();
    let known = listed
        .iter()
        .find(|listed| listed.key_id == key.key_id())
        .unwrap();
    assert_eq!(known.alias.as_deref(), Some("ci"));
    fal.platform().delete_key(key.key_id()).await.unwrap();
    assert!(
        fal.platform()
            .delete_key(key.key_id())
            .await
            .unwrap_err()
            .is_not_found()
    );

    for fault in [Fault::nginx(502), Fault::Drop, Fault::html()] {
        let before = server.count(Route::Keys);
        server.inject(fault.clone().on(Route::Keys).handled());
        fal.platform().create_key("ci").await.unwrap_err();
        assert_eq!(server.count(Route::Keys) - before, 1, "{fault:?}");
    }
    // What came in place of a key is not shown: a secret may be in it.
    server.inject(Fault::json(201, json!({"key_secret": "s3cret"})).on(Route::Keys));
    let error = fal.platform().create_key("ci").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cret"));
    assert_eq!(error.raw_body(), None);
}

#[tokio::test]
async fn files_are_signed_and_kept_from_others() {
    let server = server(script()).await;
    let fal = client(&server);
    let file = fal.storage().upload("hello").await.unwrap();
    let platform = fal.platform();
    assert_eq!(
        platform.file_acl(&file.url).await.unwrap().default_access(),
        Some(Access::Allow)
    );
    let acl = Acl::new(Access::Forbid).rule("me", Access::Allow);
    let set = platform.set_file_acl(&file.url, &acl).await.unwrap();
    assert_eq!(set.rules().collect::<Vec<_>>(), [("me", Access::Allow)]);
    assert_eq!(file.bytes().await.unwrap_err().status(), Some(403));
    let signed = platform
        .sign_file(&file.url, Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!(
        fal.download(&signed.signed_url).bytes().await.unwrap(),
        "hello"
    );
    assert!(!format!("{signed:?}").contains("signature"));
    for time in [Duration::ZERO, Duration::from_secs(604_801)] {
        let error = platform.sign_file(&file.url, time).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
    let settings = StorageSettings::default()
        .expires_after(3_600)
        .acl(Acl::new(Access::Hide));
    assert_eq!(
        platform
            .set_storage_settings(&settings)
            .await
            .unwrap()
            .expiration_duration_seconds,
        Some(3_600)
    );
    assert_eq!(
        platform
            .storage_settings()
            .await
            .unwrap()
            .initial_acl
            .unwrap()
            .default_access(),
        Some(Access::Hide)
    );
}

#[tokio::test]
async fn the_account_its_queue_and_the_platform() {
    let server = server(script().hold(Hold::Queued)).await;
    let fal = client(&server);
    let platform = fal.platform();
    let credits = platform.billing().await.unwrap().credits.unwrap();
    assert!(credits.current_balance > 0.0);
    fal.submit(SampleInput::new("a")).await.unwrap();
    assert_eq!(platform.queue_size(ENDPOINT).await.unwrap(), 1);
    platform.flush_queue(ENDPOINT).await.unwrap();
    assert_eq!(platform.queue_size(ENDPOINT).await.unwrap(), 0);
    assert!(!platform.meta().await.unwrap().webhook_ip_ranges.is_empty());
}
