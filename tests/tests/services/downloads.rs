//! Downloads.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fal_mock::{CutAt, Fault, MockServer, Route};
use fal_sdk::{Client, ErrorKind, File, Image, Progress, Video};
use fal_tests::sample::{KEY, builder, client, script, server};

/// A server with a file of many pieces, and the file's URL.
pub(super) async fn with_file(content: &[u8]) -> (MockServer, Client, String) {
    let server = server(script()).await;
    let fal = client(&server);
    let file = fal.storage().upload(content.to_vec()).await.unwrap();
    (server, fal, file.url)
}

pub(super) fn content() -> Vec<u8> {
    (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect()
}

#[tokio::test]
async fn a_file_arrives_at_each_of_the_three_ends() {
    let content = content();
    let (server, fal, url) = with_file(&content).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("depth.mp4");
    std::fs::write(&path, "an older one").unwrap();
    let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let told = Arc::clone(&seen);
    let size = fal
        .download(&url)
        .on_progress(move |progress| told.lock().unwrap().push(progress))
        .to_path(&path)
        .await
        .unwrap();
    assert_eq!(size, content.len() as u64);
    assert!(std::fs::read(&path).unwrap() == content);
    assert_eq!(seen.lock().unwrap().last().unwrap().fraction(), Some(1.0));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(fal.download(&url).bytes().await.unwrap() == content);
    let mut written = Vec::new();
    let size = fal
        .download(Video::new(&url))
        .write_to(&mut written)
        .await
        .unwrap();
    assert!(written == content && size == content.len() as u64);
    assert_eq!(server.count(Route::Download), 3);
    for request in server.requests_to(Route::Download) {
        assert_eq!(request.header("authorization"), None);
        assert!(!format!("{:?}", request.headers).contains(KEY));
        assert_eq!(request.header("accept-encoding"), Some("identity"));
    }
}

#[tokio::test]
async fn an_output_downloads_itself_without_a_client() {
    let (server, _, url) = with_file(b"hello").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    assert_eq!(Video::new(&url).download_to(&path).await.unwrap(), 5);
    assert_eq!(std::fs::read(&path).unwrap(), b"hello");
    assert_eq!(Image::new(&url).bytes().await.unwrap(), "hello");
    let mut written = Vec::new();
    File::new(&url).write_to(&mut written).await.unwrap();
    assert_eq!(written, b"hello");
    assert_eq!(server.count(Route::Download), 3);
}

#[tokio::test]
async fn what_breaks_off_goes_on_where_it_was() {
    let content = content();
    let (server, fal, url) = with_file(&content).await;
    let faults = [
        Fault::Truncate {
            keep: Some(1_000_000),
        },
        Fault::CutStream {
            frames: 2,
            at: CutAt::Frame,
            clean: false,
        },
        Fault::nginx(503),
        Fault::Drop,
    ];
    for fault in faults {
        let before = server.count(Route::Download);
        server.inject(fault.clone().on(Route::Download));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        fal.download(&url).to_path(&path).await.unwrap();
        assert!(std::fs::read(&path).unwrap() == content, "{fault:?}");
        assert_eq!(server.count(Route::Download) - before, 2, "{fault:?}");
        let last = server.requests_to(Route::Download).pop().unwrap();
        let resumed = matches!(fault, Fault::Truncate { .. });
        if resumed {
            let range = last.header("range").unwrap();
            assert_ne!(range, "bytes=0-");
            assert!(last.header("if-range").is_some());
        }
        server.inject(fault.clone().on(Route::Download));
        let mut written = Vec::new();
        fal.download(&url).write_to(&mut written).await.unwrap();
        assert!(written == content, "{fault:?}");
    }
}

#[tokio::test]
async fn a_file_that_is_another_by_then_is_fetched_anew() {
    let content = content();
    let (server, fal, url) = with_file(&content).await;
    server.inject(
        Fault::Truncate {
            keep: Some(1_000_000),
        }
        .on(Route::Download),
    );
    // As a server answers whose file no longer has the tag of `If-Range`.
    server.inject(Fault::json(200, serde_json::json!("new")).on(Route::Download));
    assert_eq!(fal.download(&url).bytes().await.unwrap(), "\"new\"");
    // What a writer got cannot be taken back.
    server.inject(
        Fault::Truncate {
            keep: Some(1_000_000),
        }
        .on(Route::Download),
    );
    server.inject(Fault::json(200, serde_json::json!("new")).on(Route::Download));
    let mut written = Vec::new();
    let error = fal.download(&url).write_to(&mut written).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("broke off"), "{error}");
}

#[tokio::test]
async fn a_wrong_answer_to_a_range_is_not_glued_on() {
    let content = content();
    let (server, fal, url) = with_file(&content).await;
    server.inject(
        Fault::Truncate {
            keep: Some(1_000_000),
        }
        .on(Route::Download),
    );
    let reply = fal_mock::CannedReply::new(206)
        .header("content-range", "bytes 5-9/12000000")
        .body("wrong");
    server.inject(fal_mock::Injection::from(Fault::Reply(reply)).on(Route::Download));
    let error = fal.download(&url).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn nothing_is_left_of_a_download_that_failed() {
    let (server, fal, url) = with_file(&content()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    std::fs::write(&path, "an older one").unwrap();
    server.inject(
        Fault::Truncate {
            keep: Some(2_000_000),
        }
        .on(Route::Download),
    );
    server.inject(Fault::status(404).on(Route::Download));
    let error = fal.download(&url).to_path(&path).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = fal
        .download(&url)
        .max_size(1_000)
        .to_path(&path)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    // Dropped half way.
    server.inject(
        Fault::Stall {
            keep: Some(1_500_000),
        }
        .on(Route::Download),
    );
    let stopped = tokio::time::timeout(
        Duration::from_millis(300),
        fal.download(&url).to_path(&path),
    );
    stopped.await.unwrap_err();
    assert_eq!(std::fs::read(&path).unwrap(), b"an older one");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_name_may_be_as_long_as_names_can_be() {
    let (_server, fal, url) = with_file(b"hello").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x".repeat(255));
    fal.download(&url).to_path(&path).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"hello");
}

#[tokio::test]
async fn places_that_are_no_files_are_named() {
    let (server, fal, url) = with_file(b"hello").await;
    let folder = tempfile::tempdir().unwrap();
    let before = server.count(Route::Download);
    for (path, words) in [
        (folder.path().to_path_buf(), "is a directory"),
        (folder.path().join("no/such/folder.bin"), "cannot write"),
        ("..".into(), "is not the path of a file"),
    ] {
        let error = fal.download(&url).to_path(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(server.count(Route::Download), before);
}

#[tokio::test]
async fn data_uris_are_decoded() {
    let file = Image::new("data:text/plain;base64,aGVsbG8=");
    assert_eq!(file.bytes().await.unwrap(), "hello");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    assert_eq!(file.download_to(&path).await.unwrap(), 5);
    assert_eq!(std::fs::read(&path).unwrap(), b"hello");
    let error = file.download().max_size(4).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let error = Image::new("data:image/png;base64,***")
        .bytes()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn only_safe_places_are_fetched_from() {
    for url in [
        "",
        "walk.mp4",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://example.com/a.mp4",
        "ftp://example.com/a",
    ] {
        let error = File::new(url).bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}: {error}");
    }
}

#[tokio::test]
async fn redirects_are_followed_as_far_as_is_safe() {
    let (server, fal, url) = with_file(b"hello").await;
    server.inject(Fault::redirect(302, &url).on(Route::Download).times(3));
    assert_eq!(fal.download(&url).bytes().await.unwrap(), "hello");
    server.inject(Fault::redirect(302, &url).on(Route::Download).always());
    let error = fal.download(&url).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect, "{error}");
    server.clear_faults();
    for bad in [
        "http://example.com/a",
        "file:///etc/passwd",
        "ftp://example.com",
    ] {
        server.inject(Fault::redirect(302, bad).on(Route::Download));
        let error = fal.download(&url).bytes().await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Redirect | ErrorKind::Configuration),
            "{bad}: {error}"
        );
    }
}

#[tokio::test]
async fn bodies_that_never_end_or_stall_do_end() {
    let (server, _, url) = with_file(b"hello").await;
    let mut timeouts = fal_sdk::Timeouts::default();
    timeouts.idle = Duration::from_secs(1);
    let fal = builder(&server)
        .timeouts(timeouts)
        .retry(fal_sdk::retry::RetryPolicy::none())
        .build()
        .unwrap();
    server.inject(Fault::Endless.on(Route::Download));
    let error = fal
        .download(&url)
        .max_size(1 << 20)
        .bytes()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    server.inject(Fault::Stall { keep: Some(2) }.on(Route::Download));
    let error = fal.download(&url).bytes().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    server.inject(Fault::Endless.on(Route::Download));
    let limited = fal.download(&url).timeout(Duration::from_millis(50));
    let error = limited
        .to_path(std::env::temp_dir().join("fal-sdk-endless.bin"))
        .await
        .unwrap_err();
    assert!(
        error.is_timeout() || error.kind() == ErrorKind::TooLarge,
        "{error}"
    );
    server.inject(Fault::GzipBomb { bytes: 10 << 20 }.on(Route::Download));
    let error = fal.download(&url).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_file_that_comes_late_is_waited_for_when_asked() {
    let (server, fal, url) = with_file(b"hello").await;
    server.inject(Fault::status(404).on(Route::Download));
    let error = fal.download(&url).bytes().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    server.inject(Fault::status(404).on(Route::Download));
    server.inject(Fault::status(403).on(Route::Download));
    let patient = |limit| fal.download(&url).wait_until_available(limit).bytes();
    assert_eq!(patient(Duration::from_secs(30)).await.unwrap(), "hello");
    server.inject(Fault::status(404).on(Route::Download).always());
    let error = patient(Duration::from_millis(300)).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

/// A file server that fails is no reason to give up on fal's.
#[tokio::test]
async fn failed_downloads_leave_the_retries_of_other_calls_alone() {
    let (server, _, url) = with_file(b"hello").await;
    let retry = fal_sdk::retry::RetryPolicy::default().base_delay(Duration::ZERO);
    let fal = builder(&server).retry(retry).build().unwrap();
    server.inject(Fault::nginx(503).on(Route::Download).always());
    for _ in 0..40 {
        fal.download(&url).bytes().await.unwrap_err();
    }
    assert_eq!(server.count(Route::Download), 40 * 5);
    server.inject(Fault::nginx(503).on(Route::Meta).times(3));
    fal.platform().meta().await.unwrap();
}
