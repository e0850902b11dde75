//! Where the key, the token and the files do not go.

use fal_mock::{Fault, Route};
use fal_sdk::Repository;
use fal_tests::sample::{KEY, builder, client};
use serde_json::json;

use super::server;

#[tokio::test]
async fn a_foreign_file_store_gets_neither_token_nor_file() {
    let (own, evil) = (server().await, server().await);
    let reply = json!({
        "token": "t", "token_type": "Bearer", "base_url": evil.urls().cdn,
        "expires_at": "2100-01-01T00:00:00Z",
    });
    // The address in the token's reply is not followed; the own store does not know the token.
    own.inject(Fault::json(200, reply).on(Route::StorageToken).always());
    client(&own)
        .storage()
        .upload("a")
        .fallback([])
        .await
        .unwrap_err();
    assert_eq!(evil.total(), 0);
    assert!(own.count(Route::CdnUpload) > 0);
    // Nor is the one where parts are to go.
    own.clear_faults();
    let access = format!("{}/files/b/x.bin", evil.urls().cdn);
    own.inject(
        Fault::json(200, json!({"access_url": access, "uploadId": "U"})).on(Route::CdnMultipart),
    );
    let mut uploads = fal_sdk::UploadSettings::default();
    uploads.multipart_above = Some(0);
    let fal = builder(&own).uploads(uploads).build().unwrap();
    let error = fal.storage().upload("a").fallback([]).await.unwrap_err();
    assert!(
        error.to_string().contains("token is not sent to 127.0.0.1"),
        "{error}"
    );
    assert_eq!(evil.total(), 0);
}

#[tokio::test]
async fn upload_ids_climb_out_of_no_route() {
    let own = server().await;
    let access = format!("{}/files/b/x.bin", own.urls().cdn);
    let reply = json!({"access_url": access, "uploadId": "../../../../rest/tokens/?a#b"});
    own.inject(Fault::json(200, reply).on(Route::CdnMultipart));
    let mut uploads = fal_sdk::UploadSettings::default();
    uploads.multipart_above = Some(0);
    let fal = builder(&own).uploads(uploads).build().unwrap();
    fal.storage().upload("a").fallback([]).await.unwrap_err();
    let last = own.requests().pop().unwrap();
    assert!(
        last.path.starts_with("/files/b/x.bin/multipart/"),
        "{}",
        last.path
    );
    assert!(last.path.ends_with("/1"), "{}", last.path);
}

#[tokio::test]
async fn signed_urls_elsewhere_get_the_file_and_no_key() {
    let (own, bucket) = (server().await, server().await);
    let promise = |url: String| json!({"upload_url": url, "file_url": "https://v3.fal.media/x"});
    let foreign = format!("{}/uploads/none?signature=s", bucket.urls().cdn);
    own.inject(
        Fault::json(200, promise(foreign))
            .on(Route::StorageInitiate)
            .always(),
    );
    bucket.inject(Fault::status(200).on(Route::SignedUpload).always());
    let upload = || {
        client(&own)
            .storage()
            .upload("a")
            .repository(Repository::Signed)
            .fallback([])
    };
    upload().await.unwrap();
    let put = &bucket.requests()[0];
    assert_eq!(put.header("authorization"), None);
    assert!(!format!("{:?}", put.headers).contains(KEY));

    own.clear_faults();
    let open = promise("http://storage.example.com/x?sig=1".to_owned());
    own.inject(Fault::json(200, open).on(Route::StorageInitiate));
    let error = upload().await.unwrap_err();
    assert!(error.to_string().contains("not encrypted"), "{error}");
    assert!(!error.to_string().contains("sig=1"), "{error}");
}

#[tokio::test]
async fn errors_hold_no_token_and_no_signature() {
    let own = server().await;
    let reply = json!({"token_type": "Bearer", "secret": "t0ken"});
    own.inject(Fault::json(200, reply).on(Route::StorageToken).always());
    let error = client(&own)
        .storage()
        .upload("a")
        .fallback([])
        .await
        .unwrap_err();
    assert!(error.to_string().contains("has no `token`"), "{error}");
    assert!(error.raw_body().is_none());
    assert!(!format!("{error:?}").contains("t0ken"));

    // Nobody listens there.
    let dead = "http://127.0.0.1:9/x?X-Signature=s3cret";
    let reply = json!({"upload_url": dead, "file_url": "https://v3.fal.media/x"});
    own.inject(Fault::json(200, reply).on(Route::StorageInitiate).always());
    let upload = client(&own)
        .storage()
        .upload("a")
        .repository(Repository::Signed);
    let error = upload.fallback([]).await.unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("s3cret"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_redirected_upload_stops() {
    let (own, evil) = (server().await, server().await);
    own.inject(Fault::redirect(307, &evil.urls().cdn).on(Route::CdnUpload));
    let upload = client(&own).storage().upload("a").fallback([]);
    let error = upload.await.unwrap_err();
    assert_eq!(error.kind(), fal_sdk::ErrorKind::Redirect);
    assert_eq!(evil.total(), 0);
}
