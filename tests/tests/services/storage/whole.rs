//! Files that are sent whole.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fal_mock::{Fault, Route};
use fal_sdk::lifecycle::{Access, Acl, Lifecycle};
use fal_sdk::{ErrorKind, Progress, Repository};
use fal_tests::sample::{KEY, client};
use serde_json::json;

use super::{counts, noise, server};

#[tokio::test]
async fn bytes_arrive_with_all_that_is_known_of_them() {
    let server = server().await;
    let fal = client(&server);
    let file = fal
        .storage()
        .upload(b"\x89PNG\r\n\x1a\nrest".to_vec())
        .file_name("dir/caf\u{e9}.png")
        .lifecycle(Lifecycle::expires_in(Duration::from_secs(60)).acl(Acl::new(Access::Forbid)))
        .await
        .unwrap();
    let stored = &server.files()[0];
    assert_eq!(stored.content, b"\x89PNG\r\n\x1a\nrest"[..]);
    assert_eq!(stored.content_type, "image/png");
    assert_eq!(stored.name, "caf%C3%A9.png");
    assert_eq!(
        stored.lifecycle,
        Some(json!({"expiration_duration_seconds": 60, "initial_acl": {"default": "forbid"}}))
    );
    assert!(file.url.ends_with(&stored.path), "{}", file.url);
    assert_eq!(file.content_type.as_deref(), Some("image/png"));
    assert_eq!(file.file_size, Some(12));
}

#[tokio::test]
async fn the_key_buys_a_token_and_the_token_serves_many() {
    let server = server().await;
    let storage = client(&server).storage();
    for number in 0..3 {
        storage.upload(vec![number; 10]).await.unwrap();
    }
    assert_eq!(
        counts(&server, [Route::StorageToken, Route::CdnUpload]),
        [1, 3]
    );
    let bought = &server.requests_to(Route::StorageToken)[0];
    assert_eq!(
        bought.header("authorization"),
        Some(format!("Key {KEY}").as_str())
    );
    assert_eq!(bought.json(), Some(json!({})));
    for upload in server.requests_to(Route::CdnUpload) {
        let token = upload.header("authorization").unwrap();
        assert!(token.starts_with("Bearer ") && !token.contains(KEY));
        assert_eq!(upload.header("content-length"), Some("10"));
        assert_eq!(upload.header("transfer-encoding"), None);
    }
}

#[tokio::test]
async fn a_token_that_ends_or_is_revoked_is_replaced() {
    let ending = fal_mock::MockServer::builder()
        .any_app()
        .cdn_token_expiry("2020-01-01T00:00:00+00:00")
        .start()
        .await
        .unwrap();
    let storage = client(&ending).storage();
    for _ in 0..2 {
        storage.upload("a").await.unwrap();
    }
    assert_eq!(ending.count(Route::StorageToken), 2);

    let server = server().await;
    let storage = client(&server).storage();
    storage.upload("a").await.unwrap();
    server.inject(Fault::unauthorized().on(Route::CdnUpload));
    storage.upload("b").await.unwrap();
    assert_eq!(
        counts(&server, [Route::StorageToken, Route::CdnUpload]),
        [2, 3]
    );
}

#[tokio::test]
async fn files_and_empty_ones_are_streamed_with_their_length() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let content = noise(3_000_001);
    for (name, bytes) in [
        ("film.mp4", &content[..]),
        ("none.txt", b""),
        ("noise", &content[..9]),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        for repository in [Repository::Cdn, Repository::Signed, Repository::Bucket] {
            client(&server)
                .storage()
                .upload_file(&path)
                .repository(repository)
                .fallback([])
                .await
                .unwrap();
            let stored = server.files().pop().unwrap();
            assert_eq!(stored.content, bytes, "{name} {repository:?}");
            assert_eq!(stored.name, name);
        }
    }
    let types: Vec<String> = server
        .files()
        .into_iter()
        .map(|file| file.content_type)
        .collect();
    assert_eq!(types[0], "video/mp4");
    assert_eq!(types[3], "text/plain");
    assert_eq!(types[6], "application/octet-stream");
}

#[tokio::test]
async fn signed_uploads_carry_no_key() {
    let server = server().await;
    client(&server)
        .storage()
        .upload("hello")
        .content_type("text/plain")
        .repository(Repository::Signed)
        .await
        .unwrap();
    let asked = &server.requests_to(Route::StorageInitiate)[0];
    assert_eq!(
        asked.query_param("storage_type").as_deref(),
        Some("fal-cdn-v3")
    );
    assert_eq!(
        asked.json(),
        Some(json!({"content_type": "text/plain", "file_name": "upload.txt"}))
    );
    let put = &server.requests_to(Route::SignedUpload)[0];
    assert_eq!(put.header("authorization"), None);
    assert_eq!(put.header("content-type"), Some("text/plain"));
    assert_eq!(put.header("content-length"), Some("5"));
}

#[tokio::test]
async fn an_expired_signed_url_is_replaced_once() {
    let server = server().await;
    server.inject(Fault::status(403).on(Route::SignedUpload));
    let storage = client(&server).storage();
    let upload = || {
        storage
            .upload("a")
            .repository(Repository::Signed)
            .fallback([])
    };
    upload().await.unwrap();
    assert_eq!(
        counts(&server, [Route::StorageInitiate, Route::SignedUpload]),
        [2, 2]
    );
    server.inject(Fault::status(403).on(Route::SignedUpload).times(2));
    let error = upload().await.unwrap_err();
    assert_eq!(error.status(), Some(403));
}

#[tokio::test]
async fn an_upload_is_repeated_from_its_start() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let content = noise(2_000_000);
    std::fs::write(&path, &content).unwrap();
    for fault in [
        Fault::status(503),
        Fault::Drop,
        Fault::Refuse,
        Fault::nginx(502),
    ] {
        server.inject(fault.clone().on(Route::CdnUpload));
        let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let told = Arc::clone(&seen);
        client(&server)
            .storage()
            .upload_file(&path)
            .fallback([])
            .on_progress(move |progress| told.lock().unwrap().push(progress))
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(server.files().pop().unwrap().content, content, "{fault:?}");
        let last = seen.lock().unwrap().last().copied().unwrap();
        assert_eq!(
            (last.done, last.total),
            (2_000_000, Some(2_000_000)),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn what_a_reader_or_a_stream_gives_is_uploaded() {
    let server = server().await;
    let storage = client(&server).storage();
    let file = storage
        .upload_reader(std::io::Cursor::new(b"hello".to_vec()))
        .content_type("text/plain")
        .await
        .unwrap();
    assert_eq!(file.file_size, Some(5));
    let pieces = ["a", "b", "c"].map(Ok::<_, std::io::Error>);
    storage
        .upload_stream(futures_util::stream::iter(pieces))
        .await
        .unwrap();
    let broken = [Ok("a"), Err(std::io::Error::other("the camera is gone"))];
    let error = storage
        .upload_stream(futures_util::stream::iter(broken))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("the camera is gone"), "{error}");
    let contents: Vec<_> = server
        .files()
        .into_iter()
        .map(|file| file.content)
        .collect();
    assert_eq!(contents, ["hello", "abc"]);
}
