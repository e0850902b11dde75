//! Models, their documents, prices and estimates.

use fal_mock::{Fault, MockServer, Route};
use fal_sdk::platform::ModelStatus;
use fal_sdk::{Client, Credentials, ErrorKind};
use fal_tests::sample::{ENDPOINT, SampleInput, builder, client, script};
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
    let last = json!({
        "prices": [{"endpoint_id": "a/b", "unit_price": 1, "unit": "image", "currency": "USD"}],
        "next_cursor": "",
    });
    server.inject(Fault::json(200, last).on(Route::Pricing).always());
    assert_eq!(platform.prices(["a/b"]).await.unwrap().len(), 1);
    assert_eq!(server.count(Route::Pricing), 5);
    server.clear_faults();
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
async fn a_page_that_names_itself_ends_the_list() {
    let (server, fal) = catalog().await;
    let page = json!({"models": [], "next_cursor": "Mg==", "has_more": true});
    server.inject(Fault::json(200, page).on(Route::Models).always());
    let error = fal.platform().models().all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(server.count(Route::Models), 2);
}
