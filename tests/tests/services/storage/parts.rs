//! Files that are sent in parts.

use std::sync::{Arc, Mutex};

use fal_mock::{Fault, MockServer, Route};
use fal_sdk::{ErrorKind, Progress, Repository, ResumableUpload, Upload, UploadSettings};
use fal_tests::sample::{builder, client};
use serde_json::Value;

use super::{counts, noise, server};

const PART: usize = 5 << 20;

fn settings() -> UploadSettings {
    let mut uploads = UploadSettings::default();
    uploads.multipart_above = Some(PART as u64);
    uploads.part_size = PART as u64;
    uploads.parts_at_once = 3;
    uploads
}

fn upload(server: &MockServer, content: &[u8]) -> Upload {
    client(server)
        .storage()
        .upload(content.to_vec())
        .settings(settings())
        .fallback([])
}

#[tokio::test]
async fn every_repository_takes_parts() {
    let server = server().await;
    let content = noise(3 * PART + 7);
    for repository in [Repository::Cdn, Repository::Signed, Repository::Bucket] {
        upload(&server, &content)
            .repository(repository)
            .await
            .unwrap();
        assert!(
            server.files().pop().unwrap().content == content,
            "{repository:?}"
        );
    }
    let completed = server.requests_to(Route::CdnComplete)[0].json().unwrap();
    let numbers: Vec<i64> = completed["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["partNumber"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let bucket = server.requests_to(Route::SignedComplete)[1].json().unwrap();
    assert_eq!(bucket["parts"][0]["part_number"], 1);
    assert!(!bucket["parts"][0]["etag"].as_str().unwrap().contains('"'));
}

#[tokio::test]
async fn files_above_the_threshold_are_cut_where_the_clients_cut_them() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../fixtures/vectors/multipart.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        let server = MockServer::builder()
            .any_app()
            .discard_uploads()
            .start()
            .await
            .unwrap();
        let size = case["size"].as_u64().unwrap();
        let path = folder.path().join("film.mp4");
        // Sparse: nothing of it is on the disk.
        std::fs::File::create(&path).unwrap().set_len(size).unwrap();
        let (repository, whole, parts) = match case["client"].as_str() {
            Some("js") => (Repository::Signed, Route::SignedUpload, Route::SignedPart),
            _ => (Repository::Cdn, Route::CdnUpload, Route::CdnPart),
        };
        client(&server)
            .storage()
            .upload_file(&path)
            .repository(repository)
            .await
            .unwrap();
        let expected = match case["multipart"].as_bool().unwrap() {
            true => [0, case["parts"].as_u64().unwrap()],
            false => [1, 0],
        };
        assert_eq!(counts(&server, [whole, parts]), expected, "{case}");
    }
}

#[tokio::test]
async fn a_part_is_repeated_and_the_others_are_not() {
    let server = server().await;
    let content = noise(3 * PART);
    for fault in [Fault::status(500), Fault::Drop, Fault::Refuse] {
        let before = server.count(Route::CdnPart);
        server.inject(fault.clone().on(Route::CdnPart).after(1).times(2));
        upload(&server, &content).await.unwrap();
        assert!(
            server.files().pop().unwrap().content == content,
            "{fault:?}"
        );
        assert_eq!(server.count(Route::CdnPart) - before, 5, "{fault:?}");
    }
}

#[tokio::test]
async fn an_upload_goes_on_where_it_failed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let content = noise(4 * PART);
    std::fs::write(&path, &content).unwrap();
    for repository in [Repository::Cdn, Repository::Signed, Repository::Bucket] {
        let server = server().await;
        let parts = if repository == Repository::Cdn {
            Route::CdnPart
        } else {
            Route::SignedPart
        };
        let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let told = Arc::clone(&seen);
        let mut uploads = settings();
        uploads.parts_at_once = 1;
        let mut upload: ResumableUpload = client(&server)
            .storage()
            .upload_file(&path)
            .settings(uploads)
            .repository(repository)
            .fallback([])
            .on_progress(move |progress| told.lock().unwrap().push(progress))
            .resumable();
        let requests_per_part = if repository == Repository::Bucket {
            2
        } else {
            1
        };
        let fault = server.inject(
            Fault::status(418)
                .on(parts)
                .after(2 * requests_per_part)
                .always(),
        );
        let error = upload.send().await.unwrap_err();
        assert_eq!(error.status(), Some(418), "{error}");
        server.remove_fault(&fault);
        let failed_at = server.count(parts);
        seen.lock().unwrap().clear();
        upload.send().await.unwrap();
        assert!(server.files()[0].content == content);
        assert_eq!(
            server.count(parts) - failed_at,
            2 * requests_per_part,
            "{repository:?}"
        );
        let seen = seen.lock().unwrap();
        assert_eq!(
            seen.first().unwrap().done,
            2 * PART as u64,
            "{repository:?}"
        );
        assert_eq!(seen.last().unwrap().fraction(), Some(1.0), "{repository:?}");
    }
}

/// While one part fails, another is stored, and it is not sent again.
#[tokio::test]
async fn a_part_that_is_under_way_is_kept_when_another_fails() {
    let server = server().await;
    let content = noise(4 * PART);
    let mut upload = upload(&server, &content).resumable();
    server.inject(Fault::Delay { ms: 500 }.on(Route::CdnPart));
    server.inject(Fault::status(418).on(Route::CdnPart));
    let error = upload.send().await.unwrap_err();
    assert_eq!(error.status(), Some(418), "{error}");
    assert_eq!(server.count(Route::CdnPart), 2, "no part was begun after");
    upload.send().await.unwrap();
    assert_eq!(server.count(Route::CdnPart), 2 + 3);
    assert!(server.files().pop().unwrap().content == content);
}

#[tokio::test]
async fn a_file_that_changes_meanwhile_is_not_stored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let content = noise(2 * PART);
    std::fs::write(&path, &content).unwrap();
    let server = server().await;
    let mut upload = client(&server)
        .storage()
        .upload_file(&path)
        .settings(settings())
        .fallback([])
        .resumable();
    server.inject(Fault::status(418).on(Route::CdnPart).always());
    upload.send().await.unwrap_err();
    server.clear_faults();
    for shorter in [2 * PART - 1, PART - 5] {
        std::fs::write(&path, &content[..shorter]).unwrap();
        let error = upload.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{error}");
        assert!(error.to_string().contains("while it was"), "{error}");
        assert!(server.files().is_empty());
        std::fs::write(&path, &content).unwrap();
        server.inject(Fault::status(418).on(Route::CdnPart).always());
        upload.send().await.unwrap_err();
        server.clear_faults();
    }
}

#[tokio::test]
async fn a_reader_is_sent_in_parts_as_it_is_read() {
    let server = server().await;
    for length in [PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 9] {
        let content = noise(length);
        server.inject(Fault::status(503).on(Route::CdnPart));
        client(&server)
            .storage()
            .upload_reader(std::io::Cursor::new(content.clone()))
            .settings(settings())
            .await
            .unwrap();
        server.clear_faults();
        assert!(server.files().pop().unwrap().content == content, "{length}");
    }
    assert_eq!(server.count(Route::CdnUpload), 2);
}

#[tokio::test]
async fn a_part_without_a_tag_is_an_error_that_says_so() {
    let server = server().await;
    server.inject(
        Fault::json(200, serde_json::json!({"ok": true}))
            .on(Route::CdnPart)
            .always(),
    );
    let error = upload(&server, &noise(2 * PART)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("has no etag"), "{error}");
}

#[tokio::test]
async fn more_than_the_limit_is_not_sent() {
    let server = server().await;
    let mut uploads = settings();
    uploads.max_size = PART as u64;
    let fal = builder(&server).uploads(uploads).build().unwrap();
    let error = fal.storage().upload(noise(PART + 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(server.total(), 0);
    let reader = std::io::Cursor::new(noise(3 * PART));
    let error = fal.storage().upload_reader(reader).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(server.count(Route::CdnComplete), 0);
}

/// What one process stored is not sent again by the next one.
#[tokio::test]
async fn another_process_continues_an_upload() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let list = folder.path().join("film.mp4.parts");
    let server = server().await;
    let mut uploads = settings();
    uploads.parts_at_once = 1;
    // A client of its own, as another process would have.
    let upload = || {
        let upload = client(&server).storage().upload_file(&path);
        let upload = upload.settings(uploads.clone()).fallback([]);
        upload.resumable().keep_parts_in(&list)
    };
    let stop_after_two = async || {
        let fault = Fault::status(418).on(Route::CdnPart).after(2).always();
        let fault = server.inject(fault);
        let error = upload().send().await.unwrap_err();
        assert_eq!(error.status(), Some(418), "{error}");
        server.remove_fault(&fault);
        server.count(Route::CdnPart)
    };
    let content = noise(4 * PART);
    std::fs::write(&path, &content).unwrap();
    let before = stop_after_two().await;
    let kept = std::fs::read_to_string(&list).unwrap();
    assert_eq!(kept.lines().count(), 3, "{kept}");
    assert!(!kept.contains(fal_tests::sample::KEY) && !kept.contains("Bearer"));
    upload().send().await.unwrap();
    assert_eq!(server.count(Route::CdnPart) - before, 2);
    assert!(server.files().pop().unwrap().content == content);
    assert!(!list.exists());

    // An upload that the server has given up starts again.
    let before = stop_after_two().await;
    server.inject(Fault::status(404).on(Route::CdnPart));
    upload().send().await.unwrap();
    assert_eq!(server.count(Route::CdnPart) - before, 1 + 4);
    assert!(!list.exists());

    // So does that of a file that has changed.
    let before = stop_after_two().await;
    let content = noise(4 * PART + 1);
    std::fs::write(&path, &content).unwrap();
    upload().send().await.unwrap();
    assert_eq!(server.count(Route::CdnPart) - before, 5);
    assert!(server.files().pop().unwrap().content == content);

    let bytes = client(&server)
        .storage()
        .upload(content)
        .settings(settings());
    let error = bytes.resumable().keep_parts_in(&list).send().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Usage);
}
