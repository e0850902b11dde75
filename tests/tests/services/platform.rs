//! The platform API.

use std::time::{Duration, SystemTime};

use fal_mock::{Fault, Hold, MockServer, Route, Script};
use fal_sdk::lifecycle::{Access, Acl};
use fal_sdk::platform::{Metric, ModelStatus, RequestStatus, SortBy, StorageSettings, Timeframe};
use fal_sdk::{Client, Credentials, ErrorKind};
use fal_tests::sample::{ENDPOINT, KEY, SampleInput, builder, client, script, server};
use serde_json::json;

fn document(id: &str, title: &str) -> serde_json::Value {
    json!({
        "openapi": "3.0.4",
        "info": {
            "title": title,
            "x-fal-metadata": {"endpointId": id, "category": "image-to-video"},
        },
        "paths": {
            (format!("/{id}")): {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}},
        },
    })
}

/// A catalog of 120 models.
async fn catalog() -> (MockServer, Client) {
    let mut builder = MockServer::builder().failed_expansion("acme/model-003");
    for number in 0..120 {
        let id = format!("acme/model-{number:03}");
        builder = builder.document(document(&id, &format!("Model {number}")));
    }
    let server = builder
        .price("acme/model-001", 0.25, "image")
        .start()
        .await
        .unwrap();
    let fal = client(&server);
    (server, fal)
}

#[tokio::test]
async fn models_come_in_pages_and_as_a_stream() {
    let (server, fal) = catalog().await;
    let page = fal.platform().models().limit(50).await.unwrap();
    assert_eq!(page.models.len(), 50);
    assert!(page.next_cursor.is_some());
    let first = &page.models[0];
    assert_eq!(first.endpoint_id, "acme/model-000");
    let metadata = first.metadata.as_ref().unwrap();
    assert_eq!(metadata.category.as_deref(), Some("image-to-video"));
    assert_eq!(metadata.status, Some(ModelStatus::Active));

    let before = server.count(Route::Models);
    let all = fal.platform().models().limit(50).all().await.unwrap();
    assert_eq!(all.len(), 120);
    assert_eq!(server.count(Route::Models) - before, 3);
    let mut pages = fal.platform().models().limit(100).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().models.len());
    }
    assert_eq!(sizes, [100, 20]);
    let rest = fal.platform().models().limit(100).cursor(
        fal.platform()
            .models()
            .limit(100)
            .await
            .unwrap()
            .next_cursor
            .unwrap(),
    );
    assert_eq!(rest.await.unwrap().models.len(), 20);
}

#[tokio::test]
async fn models_are_searched_and_expanded() {
    let (server, fal) = catalog().await;
    let found = fal
        .platform()
        .models()
        .search("Model 11")
        .category("image-to-video")
        .status(ModelStatus::Active)
        .all()
        .await
        .unwrap();
    assert_eq!(found.len(), 11);
    let ids = ["acme/model-001", "acme/model-003"];
    let models = fal
        .platform()
        .models()
        .endpoints(ids)
        .with_openapi()
        .all()
        .await
        .unwrap();
    assert_eq!(
        models[0].openapi_document().unwrap()["info"]["title"],
        "Model 1"
    );
    let error = models[1].openapi_document().unwrap_err();
    assert!(error.to_string().contains("could not be made"), "{error}");
    let model = fal.platform().model("acme/model-001").await.unwrap();
    assert!(model.openapi_document().is_err());
    assert!(
        fal.platform()
            .model("acme/none")
            .await
            .unwrap_err()
            .is_not_found()
    );
    // The catalog needs no key.
    let anonymous = builder(&server)
        .credentials(Credentials::anonymous())
        .build()
        .unwrap();
    anonymous.platform().models().await.unwrap();
}

#[tokio::test]
async fn prices_and_estimates() {
    let (server, fal) = catalog().await;
    let platform = fal.platform();
    let price = platform.price("acme/model-001").await.unwrap();
    assert_eq!((price.unit_price, price.unit.as_str()), (0.25, "image"));
    let ids: Vec<String> = (0..120)
        .map(|number| format!("acme/model-{number:03}"))
        .collect();
    let prices = platform.prices(ids).await.unwrap();
    assert_eq!(prices.len(), 120);
    assert_eq!(server.count(Route::Pricing), 4);
    let calls = platform
        .estimate_calls([("acme/model-001", 10)])
        .await
        .unwrap();
    assert_eq!((calls.total_cost, calls.currency.as_str()), (2.5, "USD"));
    let units = platform
        .estimate_units([("acme/model-001", 0.5)])
        .await
        .unwrap();
    assert_eq!(units.total_cost, 0.125);
    assert!(
        platform
            .price("acme/none")
            .await
            .unwrap_err()
            .is_not_found()
    );
}

#[tokio::test]
async fn an_input_has_its_price_before_the_call() {
    let server = MockServer::builder()
        .script(ENDPOINT, script())
        .price(ENDPOINT, 0.4, "video")
        .start()
        .await
        .unwrap();
    let fal = client(&server);
    let input = SampleInput::new("a");
    let estimate = fal.estimate(&input).await.unwrap().unwrap();
    assert_eq!(estimate.total_cost, 0.4);
    assert_eq!(server.jobs_created(), 0);
    let mut wrong = input.clone();
    wrong.num_frames = Some(5);
    assert!(fal.estimate(&wrong).await.unwrap_err().is_validation());
    let unknown = MockServer::builder().start().await.unwrap();
    assert_eq!(client(&unknown).estimate(&input).await.unwrap(), None);
    server.inject(Fault::locked().on(Route::Estimate));
    assert!(fal.estimate(&input).await.is_err());
}

#[tokio::test]
async fn usage_events_and_requests_tell_of_what_was_done() {
    let server = server(script().header("x-fal-billable-units", "2")).await;
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

#[tokio::test]
async fn a_page_that_names_itself_ends_the_list() {
    let (server, fal) = catalog().await;
    let page = json!({"models": [], "next_cursor": "Mg==", "has_more": true});
    server.inject(Fault::json(200, page).on(Route::Models).always());
    let error = fal.platform().models().all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(server.count(Route::Models), 2);
}
