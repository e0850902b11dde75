//! Media of inputs that come from readers.

use std::io::{Cursor, Error};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use fal_mock::{Fault, MockServer, Route};
use fal_sdk::{Client, ErrorKind, Media, UploadSettings};
use fal_tests::sample::{SampleInput, builder, client};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

use super::{noise, server};

const PART: usize = 5 << 20;

fn sample(media: Media) -> SampleInput {
    let mut input = SampleInput::new("a");
    input.video_url = media;
    input
}

fn film(content: &[u8]) -> Media {
    Media::reader(Cursor::new(content.to_vec()), "video/mp4")
}

/// A client that cuts files into small parts.
fn in_parts(server: &MockServer) -> Client {
    let uploads = UploadSettings::default()
        .part_size(PART as u64)
        .fallback(Vec::new());
    builder(server).uploads(uploads).build().unwrap()
}

/// Counts what is read.
struct Counting<R>(R, Arc<AtomicUsize>);

impl<R: AsyncRead + Unpin> AsyncRead for Counting<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.0).poll_read(context, buffer);
        let read = buffer.filled().len() - before;
        this.1.fetch_add(read, Ordering::Relaxed);
        polled
    }
}

#[tokio::test]
async fn a_reader_becomes_a_url_when_the_call_is_made() {
    let server = server().await;
    let media = film(b"a film").file_name("walk.mp4").length(6);
    client(&server).run(sample(media)).await.unwrap();
    let file = server.files().pop().unwrap();
    assert_eq!(
        (file.name.as_str(), &file.content[..]),
        ("walk.mp4", &b"a film"[..])
    );
    assert_eq!(file.content_type, "video/mp4");
    let sent = server.requests_to(Route::Run)[0].json().unwrap();
    assert!(sent["video_url"].as_str().unwrap().ends_with(&file.path));
}

#[tokio::test]
async fn parts_of_a_reader_are_repeated_from_memory() {
    let content = noise(3 * PART + 7);
    for media in [film(&content), film(&content).length(content.len() as u64)] {
        let server = server().await;
        let fault = Fault::status(500).on(Route::CdnPart).after(1).times(2);
        server.inject(fault);
        in_parts(&server).run(sample(media)).await.unwrap();
        assert_eq!(server.count(Route::CdnPart), 4 + 2);
        assert!(server.files().pop().unwrap().content == content);
    }
}

#[tokio::test]
async fn no_more_is_read_than_fits_into_a_few_parts() {
    let server = server().await;
    server.inject(Fault::status(418).on(Route::CdnPart).always());
    let read = Arc::new(AtomicUsize::new(0));
    let endless = Counting(tokio::io::repeat(7).take(1 << 30), Arc::clone(&read));
    let media = Media::reader(endless, "video/mp4");
    let error = in_parts(&server).run(sample(media)).await.unwrap_err();
    assert_eq!(error.status(), Some(418));
    let read = read.load(Ordering::Relaxed);
    assert!(read <= (32 << 20) + 2 * PART, "{read} bytes were read");
}

#[tokio::test]
async fn a_reader_is_read_once() {
    let server = server().await;
    let fal = client(&server);
    let media = film(b"a film");
    fal.run(sample(media.clone())).await.unwrap();
    assert!(media.check().await.is_err());
    let requests = server.total();
    let error = fal.run(sample(media)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    let text = error.to_string();
    assert!(
        text.contains("reader of video/mp4 was read by an earlier call")
            && text.contains("upload_reader"),
        "{text}"
    );
    assert_eq!(server.total(), requests, "nothing was sent");
}

#[tokio::test]
async fn what_fails_before_the_upload_leaves_the_reader_unread() {
    let server = server().await;
    let fal = client(&server);
    let media = film(b"a film");
    let missing = Media::path("no/such/file.mp4");
    let both = super::media::collage(vec![media.clone(), missing]);
    fal.run(both).await.unwrap_err();
    media.check().await.unwrap();
    // An input that holds it twice uploads it once.
    server.script(
        "acme/sample/collage",
        fal_mock::Script::new().output(serde_json::json!({})),
    );
    let twice = super::media::collage(vec![media.clone(), media]);
    fal.run(twice).await.unwrap();
    let sent = server.requests_to(Route::Run)[0].json().unwrap();
    assert_eq!(sent["images"][0], sent["images"][1]);
    assert_eq!(server.files().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_reader_is_said_and_no_call_is_made() {
    let server = server().await;
    let broken = Cursor::new(b"half".to_vec()).chain(Broken);
    let long = film(&noise(2 * PART));
    let cases = [
        (film(b""), ErrorKind::Io, "is empty"),
        (film(b"").length(0), ErrorKind::Io, "is empty"),
        (
            film(b"a film").length(7),
            ErrorKind::Io,
            "ended after 6 of the 7 bytes",
        ),
        (
            film(b"a film").length(5),
            ErrorKind::Io,
            "more than the 5 bytes",
        ),
        (long.length(PART as u64 + 1), ErrorKind::Io, "more than the"),
        (
            film(b"a film").length(1 << 50),
            ErrorKind::TooLarge,
            "upload limit",
        ),
        (
            Media::reader(broken, "video/mp4"),
            ErrorKind::Io,
            "the camera is gone",
        ),
        (
            Media::reader(tokio::io::empty(), "no type"),
            ErrorKind::Configuration,
            "no type",
        ),
    ];
    let fal = in_parts(&server);
    for (media, kind, words) in cases {
        let error = fal.run(sample(media)).await.unwrap_err();
        assert!(error.to_string().contains(words), "{words}: {error}");
        assert_eq!(error.kind(), kind, "{error}");
    }
    assert_eq!(
        server.count(Route::Run) + server.count(Route::CdnComplete),
        0
    );
    assert!(server.files().is_empty());
}

/// A reader that fails.
struct Broken;

impl AsyncRead for Broken {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Poll::Ready(Err(Error::other("the camera is gone")))
    }
}

#[tokio::test]
async fn a_journal_needs_the_name_of_a_reader() {
    let server = server().await;
    let fal = client(&server);
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let error = fal
        .batch([sample(film(b"a film"))])
        .journal(&journal)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("file_name"), "{error}");
    for _ in 0..2 {
        let named = film(b"a film").file_name("walk.mp4");
        let outcomes = fal.batch([sample(named)]).journal(&journal).await.unwrap();
        outcomes
            .into_iter()
            .for_each(|outcome| drop(outcome.unwrap()));
    }
    assert_eq!(server.jobs_created(), 1);
    assert_eq!(server.files().len(), 1, "the second run reads nothing");
}
