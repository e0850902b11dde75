//! Inputs without generated types, checked against the model's document.

use fal_mock::{Fault, MockServer, Route};
use fal_sdk::{CheckOutcome, Client, ErrorKind, Json, SchemaStatus};
use serde_json::{Value, json};

const ID: &str = "fal-ai/wan-22-vace-fun-a14b/depth";

async fn server() -> MockServer {
    let server = MockServer::builder().documents("../schemas/openapi");
    server.start().await.unwrap()
}

fn client(server: &MockServer) -> Client {
    let client = Client::builder().key("id:secret").base_url(server.url());
    client.build().unwrap()
}

fn good() -> Value {
    json!({"prompt": "Night", "video_url": "https://example.com/walk.mp4"})
}

#[tokio::test]
async fn every_violation_is_reported_before_anything_is_paid() {
    let server = server().await;
    let depth = client(&server).endpoint(ID).unwrap().checked();
    let bad = json!({"prompt": 5, "num_frames": 5, "resolution": "huge"});
    let errors = [
        depth.subscribe(&bad).await.unwrap_err(),
        depth.run(&bad).await.unwrap_err(),
        depth.submit(&bad).await.map(|_| ()).unwrap_err(),
        depth.stream(&bad).await.map(|_| ()).unwrap_err(),
        depth.check(&bad).await.map(|_| ()).unwrap_err(),
        depth
            .with_output::<Json<Value>>()
            .run(&bad)
            .await
            .map(|_| ())
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert_eq!(error.endpoint(), Some(ID));
        let violations = error.validation_error().unwrap().violations();
        let pointers: Vec<_> = violations.iter().map(|it| it.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            ["/num_frames", "/prompt", "/resolution", "/video_url"],
            "{error}"
        );
        assert!(error.to_string().contains("nothing was sent"), "{error}");
    }
    assert_eq!(server.jobs_created(), 0);
    assert_eq!(server.count(Route::Run), 0);
    // The document was fetched once, for all of them.
    assert_eq!(server.count(Route::Models), 1);
    assert!(matches!(depth.schema_status(), SchemaStatus::Usable));

    let output = depth.subscribe(good()).await.unwrap();
    assert!(output["video"]["url"].is_string(), "{output}");
    assert!(matches!(depth.check(good()).await, Ok(CheckOutcome::Valid)));
    assert_eq!(server.jobs_created(), 1);
}

#[tokio::test]
async fn what_is_sent_is_what_is_checked() {
    let server = server().await;
    let depth = client(&server).endpoint(ID).unwrap().checked();
    let error = depth
        .submit(good())
        .extra("/num_frames", 5)
        .await
        .map(|_| ())
        .unwrap_err();
    assert!(
        error.to_string().starts_with("/num_frames: 5 is less than"),
        "{error}"
    );
    let prompt = json!({"prompt": "Night"});
    let job = depth
        .submit(prompt)
        .extra("/video_url", "https://example.com/walk.mp4")
        .await;
    job.unwrap();
    // A call can do without the check, and other endpoints are not checked.
    let unchecked = client(&server).endpoint(ID).unwrap();
    for call in [
        depth.submit(json!({})).validate(false),
        unchecked.submit(json!({})),
    ] {
        call.await.unwrap();
    }
    assert_eq!(server.jobs_created(), 3);
}

#[tokio::test]
async fn batches_are_checked_too() {
    let server = server().await;
    let depth = client(&server).endpoint(ID).unwrap().checked();
    let outcomes = depth.batch([good(), json!({})]).await.unwrap();
    assert!(outcomes[0].is_ok());
    assert!(
        outcomes[1]
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::Validation)
    );
    assert_eq!(server.jobs_created(), 1);
}

#[tokio::test]
async fn without_a_document_the_call_goes_on_and_says_so() {
    let server = server().await;
    server.inject(Fault::status(403).on(Route::Models).times(1));
    let depth = client(&server).endpoint(ID).unwrap().checked();
    assert!(matches!(depth.schema_status(), SchemaStatus::NotFetched));
    depth.submit(json!({"num_frames": 5})).await.unwrap();
    let SchemaStatus::Unavailable(reason) = depth.schema_status() else {
        panic!("{:?}", depth.schema_status());
    };
    assert_eq!(reason.status(), Some(403));
    assert!(matches!(
        depth.check(json!({})).await,
        Ok(CheckOutcome::NotChecked(_))
    ));
    let error = depth.schema().await.unwrap_err();
    assert_eq!((error.status(), error.endpoint()), (Some(403), Some(ID)));
    // The failure counts for a while, so that not every call waits for the catalog.
    assert_eq!(server.count(Route::Models), 1);

    // A model that the catalog does not have, and one whose document it could not make.
    let server = MockServer::builder()
        .any_app()
        .failed_expansion("acme/broken");
    let server = server.start().await.unwrap();
    for id in ["acme/unknown", "acme/broken"] {
        let model = client(&server).endpoint(id).unwrap().checked();
        model.submit(json!({})).await.unwrap();
        assert!(
            matches!(model.schema_status(), SchemaStatus::Unavailable(_)),
            "{id}"
        );
    }
}

#[tokio::test]
async fn concurrent_calls_fetch_the_document_once() {
    let server = server().await;
    let depth = client(&server).endpoint(ID).unwrap().checked();
    let calls = (0..8).map(|_| depth.submit(good()).into_future());
    for outcome in futures_util::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(server.count(Route::Models), 1);
}

#[tokio::test]
async fn the_schema_is_that_of_the_input() {
    let server = server().await;
    let depth = client(&server).endpoint(ID).unwrap();
    let schema = depth.schema().await.unwrap();
    assert_eq!(schema["type"], "object");
    assert_eq!(schema["properties"]["num_frames"]["maximum"], 241);
    assert!(!schema.to_string().contains("#/components"), "{schema}");
    let read = jsonschema::validator_for(&schema).unwrap();
    assert!(read.is_valid(&good()) && !read.is_valid(&json!({})));
}

#[test]
fn the_blocking_client_checks_too() {
    let server = MockServer::builder().documents("../schemas/openapi");
    let server = server.start_on_thread().unwrap();
    let fal = fal_sdk::blocking::Client::new(client(&server)).unwrap();
    let depth = fal.endpoint(ID).unwrap().checked();
    let error = depth.submit(json!({})).send().map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(matches!(depth.check(good()), Ok(CheckOutcome::Valid)));
    assert_eq!(depth.schema().unwrap()["type"], "object");
    assert!(matches!(depth.schema_status(), SchemaStatus::Usable));
}

/// The documents of real models, where they are: each has a schema of its input that can be used, but for those that say
/// nothing of it.
#[test]
fn the_schemas_of_real_documents_can_be_used() {
    let folder = std::path::Path::new("../../shared/corpus/current");
    if !folder.is_dir() {
        eprintln!("skipped: there is no corpus");
        return;
    }
    let (mut usable, mut refused) = (0, Vec::new());
    for path in json_files(folder) {
        let text = std::fs::read(&path).unwrap();
        let Ok(document) = serde_json::from_slice::<Value>(&text) else {
            continue;
        };
        let Some(id) = document["info"]["x-fal-metadata"]["endpointId"].as_str() else {
            continue;
        };
        match fal_sdk::InputSchema::from_document(&document, id) {
            Ok(_) => usable += 1,
            Err(error) => refused.push(format!("{id}: {error}")),
        }
    }
    eprintln!("{usable} usable, refused: {refused:#?}");
    assert!(usable > 900 && refused.len() < 20, "{usable} {refused:#?}");
}

fn json_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(json_files(&path)),
            false if path.extension().is_some_and(|ext| ext == "json") => files.push(path),
            false => {}
        }
    }
    files
}
