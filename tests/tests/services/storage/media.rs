//! Media of inputs.

use fal_mock::{Fault, Route};
use fal_sdk::{ErrorKind, Input, Media, Validate, wire};
use fal_tests::sample::{SampleInput, builder, client};
use serde_json::{Value, json};

use super::server;

/// An input with several media.
#[derive(Debug, Clone)]
pub(super) struct Collage {
    images: Vec<Media>,
}

pub(super) fn collage(images: Vec<Media>) -> Collage {
    Collage { images }
}

wire! {
    Collage { images: required }
}

impl Validate for Collage {}

impl Input for Collage {
    const ENDPOINT: &'static str = "acme/sample/collage";
    type Output = Value;

    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        self.images.iter_mut().for_each(visit);
    }
}

fn sample(media: Media) -> SampleInput {
    let mut input = SampleInput::new("a");
    input.video_url = media;
    input
}

#[tokio::test]
async fn files_and_bytes_become_urls_when_the_call_is_made() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("walk.mp4");
    std::fs::write(&path, b"a film").unwrap();
    let fal = client(&server);
    fal.run(sample(Media::path(&path))).await.unwrap();
    fal.subscribe(sample(
        Media::bytes("a film", "video/mp4").file_name("b.mp4"),
    ))
    .await
    .unwrap();
    let files = server.files();
    assert_eq!(
        files
            .iter()
            .map(|file| file.name.as_str())
            .collect::<Vec<_>>(),
        ["walk.mp4", "b.mp4"]
    );
    for (route, file) in [(Route::Run, &files[0]), (Route::Submit, &files[1])] {
        let sent = server.requests_to(route)[0].json().unwrap();
        let url = sent["video_url"].as_str().unwrap();
        assert!(url.ends_with(&file.path), "{url}");
        assert_eq!(file.content_type, "video/mp4");
    }
}

/// Text from outside cannot make a program upload one of its files.
#[tokio::test]
async fn a_string_never_names_a_file() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.txt");
    std::fs::write(&path, b"a secret").unwrap();
    let path = path.to_str().unwrap();
    let fal = client(&server);
    for text in [path.to_owned(), format!("file://{path}")] {
        let read: Media = serde_json::from_value(json!(text)).unwrap();
        for media in [Media::from(text.as_str()), read, Media::url(&text)] {
            assert_eq!(media.as_path(), None);
            // Whatever the model says to it, it was told these words alone.
            let _ = fal.run(sample(media)).validate(false).await;
        }
    }
    assert!(server.files().is_empty(), "{:?}", server.files());
    assert!(
        server.count(fal_mock::Route::Run) > 0,
        "the words were sent"
    );
    for request in server.requests() {
        let body = request.json().map(|body| body.to_string());
        assert!(!body.unwrap_or_default().contains("a secret"));
    }
}

#[tokio::test]
async fn equal_content_is_uploaded_once_and_the_order_stays() {
    let server = server().await;
    server.script(
        "acme/sample/collage",
        fal_mock::Script::new().output(json!({})),
    );
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        Media::path(path)
    };
    let input = Collage {
        images: vec![
            write("a.png", "one"),
            Media::url("https://example.com/x.png"),
            write("b.png", "two"),
            write("c.png", "one"),
            write("d.txt", "one"),
            Media::bytes("two", "image/png"),
            Media::bytes("three", "image/png"),
        ],
    };
    client(&server).run(input).await.unwrap();
    assert_eq!(server.count(Route::CdnUpload), 4);
    let sent = server.requests_to(Route::Run)[0].json().unwrap();
    let urls: Vec<&str> = sent["images"]
        .as_array()
        .unwrap()
        .iter()
        .map(|url| url.as_str().unwrap())
        .collect();
    assert_eq!(urls[1], "https://example.com/x.png");
    assert_eq!((urls[0], urls[2]), (urls[3], urls[5]));
    let content = |url: &str| {
        let files = server.files();
        let file = files.iter().find(|file| url.ends_with(&file.path)).unwrap();
        String::from_utf8(file.content.to_vec()).unwrap()
    };
    let contents: Vec<String> = [0, 2, 4, 6].iter().map(|at| content(urls[*at])).collect();
    assert_eq!(contents, ["one", "two", "one", "three"]);
}

#[tokio::test]
async fn nothing_is_paid_for_media_that_cannot_be_sent() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.mp4");
    let large = folder.path().join("large.mp4");
    std::fs::write(&empty, b"").unwrap();
    std::fs::write(&large, b"0123456789").unwrap();
    let mut uploads = fal_sdk::UploadSettings::default();
    uploads.max_size = 9;
    let fal = builder(&server).uploads(uploads).build().unwrap();
    let cases = [
        (
            Media::path("no/such/walk.mp4"),
            ErrorKind::Io,
            "no/such/walk.mp4",
        ),
        (Media::path(folder.path()), ErrorKind::Io, "is a directory"),
        (Media::path(""), ErrorKind::Io, "cannot read"),
        (Media::path(&empty), ErrorKind::Io, "empty.mp4) is empty"),
        (
            Media::path(&large),
            ErrorKind::TooLarge,
            "large.mp4) has 10 bytes",
        ),
        (Media::bytes("", "video/mp4"), ErrorKind::Io, "is empty"),
        (
            Media::bytes("a", "a film"),
            ErrorKind::Configuration,
            "not a media type",
        ),
        (
            Media::bytes("a", "video/mp4\r\nx: y"),
            ErrorKind::Configuration,
            "not a media type",
        ),
    ];
    for (media, kind, words) in cases {
        for call in [0, 1, 2] {
            let input = sample(media.clone());
            let error = match call {
                0 => fal.run(input).await.unwrap_err(),
                1 => fal.submit(input).await.unwrap_err(),
                _ => fal.subscribe(input).await.unwrap_err(),
            };
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(words), "{error}");
            assert!(!error.is_outcome_unknown());
        }
        assert!(media.check().await.is_err() || kind == ErrorKind::TooLarge);
    }
    assert_eq!(server.total(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_none_or_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.mp4");
    std::fs::write(&secret, b"x").unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever may read everything reads this too.
    if std::fs::read(&secret).is_err() {
        let error = Media::path(&secret).check().await.unwrap_err();
        assert!(error.to_string().contains("permissions"), "{error}");
    }
    let error = Media::path("/dev/null").check().await.unwrap_err();
    assert!(error.to_string().contains("not a regular file"), "{error}");
}

#[tokio::test]
async fn an_upload_that_fails_is_no_call_whose_outcome_is_unknown() {
    let server = server().await;
    for route in [Route::CdnUpload, Route::SignedUpload] {
        server.inject(Fault::Drop.on(route).always());
    }
    let fal = client(&server);
    let error = fal
        .submit(sample(Media::bytes("a", "video/mp4")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    assert_eq!(error.endpoint(), Some(fal_tests::sample::ENDPOINT));
    assert!(error.is_retryable());
    assert_eq!(server.jobs_created(), 0);
}

#[tokio::test]
async fn a_data_uri_travels_in_the_input() {
    let server = server().await;
    let media = Media::data_uri("hello", "text/plain");
    assert_eq!(media.as_url(), Some("data:text/plain;base64,aGVsbG8="));
    client(&server).run(sample(media)).await.unwrap();
    assert_eq!(server.total(), 1);
}

#[tokio::test]
async fn one_endpoints_output_feeds_the_next_ones_input() {
    let server = server().await;
    let fal = client(&server);
    let output = fal.run(SampleInput::new("a")).await.unwrap();
    fal.run(sample(output.video.into())).await.unwrap();
    let sent = server.requests_to(Route::Run)[1].json().unwrap();
    assert_eq!(sent["video_url"], "https://v3.fal.media/files/depth.mp4");
}
