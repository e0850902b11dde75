//! Downloads: what they do not read from, not join and not replace.

use std::time::Duration;

use bytes::Bytes;
use fal_mock::{CannedReply, Fault, Route};
use fal_sdk::retry::RetryPolicy;
use fal_sdk::{Client, Error, ErrorKind};
use fal_tests::sample::script;

use super::Section;
use crate::row::{Expected, Observation, Row};
use crate::setup::{Setup, Transport};

/// So little that what is sent before a cut arrives with it.
const SIZE: usize = 30_000;
const FIRST: usize = 10_000;

pub(super) fn rows(transport: Transport) -> Vec<Row> {
    let section = Section("Downloads");
    let output = || Expected::output().counts(0, 0);
    let refused = |kind, words| Expected::error(kind, words).counts(0, 0);
    let part = |total: usize| {
        let range = format!("bytes {FIRST}-{}/{total}", FIRST + 4);
        CannedReply::new(206).header("content-range", &range)
    };
    let cut_length = format!("bytes */{FIRST}");
    let mut rows = vec![
        section.row(
            "cut; the rest has another `ETag`",
            "download",
            output(),
            resumed(
                transport,
                part(SIZE).header("etag", "\"another\"").body("other"),
            ),
        ),
        section.row(
            "cut; the rest is of a file of another size",
            "download",
            output(),
            resumed(transport, part(FIRST + 5).body("other")),
        ),
        section.row(
            "cut; 416 that names the cut length",
            "download",
            output(),
            resumed(
                transport,
                CannedReply::new(416).header("content-range", &cut_length),
            ),
        ),
        section.row(
            "404, then 403, then the file",
            "download that waits",
            output(),
            late(transport),
        ),
        section.row(
            "40 downloads that fail, then 503 to another call",
            "platform call",
            output(),
            spent_retries(transport),
        ),
    ];
    #[cfg(unix)]
    rows.push(section.row(
        "a socket where the file is to go",
        "download to a path",
        refused(ErrorKind::Io, "not a regular file"),
        socket(transport),
    ));
    let inside = [
        "https://127.0.0.1/a",
        "https://10.0.0.1/a",
        "http://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/a",
    ];
    for url in inside {
        let expected = refused(ErrorKind::Configuration, "allow_host");
        let fault = format!("an output's URL is `{url}`");
        rows.push(section.row(&fault, "download", expected.clone(), from(transport, url)));
        let fault = format!("a redirect to `{url}`");
        // From https, a redirect does not lead to http, wherever it is.
        let is_downgrade = transport == Transport::Tls && url.starts_with("http:");
        let expected = match is_downgrade {
            true => refused(ErrorKind::Redirect, ""),
            false => expected,
        };
        rows.push(section.row(&fault, "download", expected, redirected(transport, url)));
    }
    rows
}

/// A server with a file, a client of it, and the file's URL.
async fn with_file(transport: Transport) -> (Setup, Client, String, Vec<u8>) {
    let setup = Setup::new(transport, script()).await;
    let retry = RetryPolicy::default().base_delay(Duration::from_millis(5));
    let fal = setup.builder().retry(retry).build().expect("a client");
    let content: Vec<u8> = (0..SIZE).map(|at| (at % 251) as u8).collect();
    let uploaded = fal.storage().upload(content.clone()).await;
    let file = uploaded.expect("a server without faults");
    (setup, fal, file.url, content)
}

fn observe(setup: &Setup, outcome: &Result<Bytes, Error>, content: &[u8]) -> Observation {
    let is_whole = outcome.as_ref().map_or(true, |bytes| bytes == content);
    setup
        .observe(outcome)
        .promise(is_whole, "the file is whole")
}

async fn resumed(transport: Transport, reply: CannedReply) -> Observation {
    let (setup, fal, url, content) = with_file(transport).await;
    let cut = Fault::Truncate { keep: Some(FIRST) };
    setup.server.inject(cut.on(Route::Download));
    setup.server.inject(reply.on(Route::Download));
    let outcome = fal.download(&url).bytes().await;
    let asked = setup.server.count(Route::Download);
    observe(&setup, &outcome, &content).promise(asked == 3, "three requests")
}

async fn late(transport: Transport) -> Observation {
    let (setup, fal, url, content) = with_file(transport).await;
    setup.server.inject(Fault::status(404).on(Route::Download));
    setup.server.inject(Fault::status(403).on(Route::Download));
    let download = fal.download(&url);
    let download = download.wait_until_available(Duration::from_secs(60));
    observe(&setup, &download.bytes().await, &content)
}

async fn spent_retries(transport: Transport) -> Observation {
    let (setup, _, url, _) = with_file(transport).await;
    let retry = RetryPolicy::default().base_delay(Duration::ZERO);
    let fal = setup.builder().retry(retry).build().expect("a client");
    let fault = Fault::nginx(503).on(Route::Download).always();
    setup.server.inject(fault);
    let mut failed = 0;
    for _ in 0..40 {
        failed += usize::from(fal.download(&url).bytes().await.is_err());
    }
    setup
        .server
        .inject(Fault::nginx(503).on(Route::Meta).times(3));
    let outcome = fal.platform().meta().await;
    let seen = setup.observe(&outcome);
    seen.promise(failed == 40, "the downloads fail")
}

#[cfg(unix)]
async fn socket(transport: Transport) -> Observation {
    let (setup, fal, url, _) = with_file(transport).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    let outcome = fal.download(&url).to_path(&path).await;
    let kind = std::fs::metadata(&path).expect("it is there").file_type();
    let is_there = std::os::unix::fs::FileTypeExt::is_socket(&kind);
    setup
        .observe(&outcome)
        .promise(is_there, "the socket stays")
}

async fn from(transport: Transport, url: &'static str) -> Observation {
    let setup = Setup::new(transport, script()).await;
    setup.observe(&setup.client().download(url).bytes().await)
}

async fn redirected(transport: Transport, to: &'static str) -> Observation {
    let (setup, fal, url, _) = with_file(transport).await;
    setup
        .server
        .inject(Fault::redirect(302, to).on(Route::Download));
    setup.observe(&fal.download(&url).bytes().await)
}
