//! Which repository a file goes to.

use fal_mock::{Fault, Route};
use fal_sdk::{ErrorKind, Repository, UploadSettings};
use fal_tests::sample::{builder, client};
use serde_json::Value;

use super::{counts, noise, server};

#[test]
fn names_are_those_of_the_python_client() {
    let text = include_str!("../../../fixtures/vectors/upload_repositories.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    let mut seen = 0;
    for case in vectors["cases"].as_array().unwrap() {
        let Some(name) = case["repository"].as_str() else {
            continue;
        };
        let parsed: Result<Repository, _> = name.parse();
        match case["error"].as_bool() {
            Some(true) => assert!(parsed.is_err(), "{name}"),
            _ => {
                let expected: Repository = case["expect"][0].as_str().unwrap().parse().unwrap();
                assert_eq!(parsed.unwrap(), expected, "{name}");
            }
        }
        seen += 1;
    }
    assert!(seen > 5);
}

#[tokio::test]
async fn a_file_store_that_fails_is_replaced_by_the_bucket() {
    for route in [Route::StorageToken, Route::CdnUpload] {
        let server = server().await;
        server.inject(Fault::status(500).on(route).always());
        let file = client(&server).storage().upload("a").await.unwrap();
        assert!(file.url.contains("/files/"));
        let asked = &server.requests_to(Route::StorageInitiate)[0];
        assert_eq!(
            asked.query_param("storage_type").as_deref(),
            Some("gcs"),
            "{route:?}"
        );
    }
}

#[tokio::test]
async fn parts_fall_back_too() {
    let server = server().await;
    server.inject(Fault::status(500).on(Route::CdnMultipart).always());
    let mut uploads = UploadSettings::default();
    uploads.multipart_above = Some(6 << 20);
    uploads.part_size = 5 << 20;
    let content = noise(12 << 20);
    client(&server)
        .storage()
        .upload(content.clone())
        .settings(uploads)
        .await
        .unwrap();
    assert_eq!(server.files()[0].content, content);
    // A part of the bucket is asked for and then put.
    assert_eq!(
        counts(
            &server,
            [
                Route::StorageInitiateMultipart,
                Route::SignedPart,
                Route::SignedComplete
            ]
        ),
        [1, 6, 1]
    );
}

#[tokio::test]
async fn a_refused_key_is_refused_everywhere() {
    let server = server().await;
    server.inject(Fault::unauthorized().on(Route::StorageToken).always());
    let error = client(&server).storage().upload("a").await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(server.count(Route::StorageInitiate), 0);
}

#[tokio::test]
async fn the_last_error_says_which_repository() {
    let server = server().await;
    server.inject(Fault::status(500).on(Route::CdnUpload).always());
    server.inject(Fault::status(500).on(Route::SignedUpload).always());
    let error = client(&server).storage().upload("a").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert!(error.to_string().contains("the storage bucket"), "{error}");
}

#[tokio::test]
async fn the_clients_own_order_holds() {
    let server = server().await;
    let mut uploads = UploadSettings::default();
    uploads.repository = Some(Repository::Signed);
    uploads.fallback = Some(vec![Repository::Signed]);
    server.inject(Fault::status(500).on(Route::SignedUpload).always());
    let fal = builder(&server).uploads(uploads).build().unwrap();
    fal.storage().upload("a").await.unwrap_err();
    assert_eq!(
        counts(&server, [Route::StorageInitiate, Route::StorageToken]),
        [1, 0]
    );
}
