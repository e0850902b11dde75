//! Over which connections files are sent, and replies that come before a file was read.

use fal_mock::{CannedReply, MockServer, Route};
use fal_sdk::{Client, ClientBuilder, Upload, UploadSettings};
use fal_tests::sample::{ENDPOINT, builder, script};

use super::noise;

const PART: usize = 5 << 20;

async fn secure_server() -> MockServer {
    MockServer::builder()
        .script(ENDPOINT, script())
        .tls()
        .start()
        .await
        .unwrap()
}

/// A client that comes to HTTP/2 over TLS, as it does at fal.
fn secure(server: &MockServer) -> ClientBuilder {
    let ca = authority(server);
    builder(server)
        .base_url(format!("https://{}", server.address()))
        .http_client(move |builder| builder.tls_certs_only([ca.clone()]))
}

fn authority(server: &MockServer) -> reqwest::Certificate {
    reqwest::Certificate::from_pem(server.ca_pem().unwrap().as_bytes()).unwrap()
}

fn upload(fal: &Client, content: Vec<u8>) -> Upload {
    let uploads = UploadSettings::default()
        .multipart_above(2 * PART as u64)
        .part_size(PART as u64);
    fal.storage().upload(content).settings(uploads).fallback([])
}

/// The lengths of the bodies that a route received, and the versions of HTTP.
fn received(server: &MockServer, route: Route) -> Vec<(u64, String)> {
    let requests = server.requests_to(route);
    let received = requests.iter().map(|request| {
        assert!(request.secure);
        (request.body_len, request.version.clone())
    });
    received.collect()
}

/// On one HTTP/2 connection, parts would wait for each other.
#[tokio::test]
async fn large_files_and_parts_have_connections_of_their_own() {
    let server = secure_server().await;
    let fal = secure(&server).build().unwrap();
    for length in [3, PART, 3 * PART + 7] {
        upload(&fal, noise(length)).await.unwrap();
    }
    let (large, small) = ("HTTP/1.1".to_owned(), "HTTP/2.0".to_owned());
    assert_eq!(
        received(&server, Route::CdnUpload),
        [(3, small.clone()), (PART as u64, large.clone())]
    );
    let mut parts = received(&server, Route::CdnPart);
    parts.sort();
    let part = (PART as u64, large);
    assert_eq!(
        parts,
        [(7, small.clone()), part.clone(), part.clone(), part]
    );
    let completed = received(&server, Route::CdnComplete);
    assert_eq!(completed[0].1, small);
}

/// A server may speak nothing else.
#[tokio::test]
async fn a_version_that_the_program_has_set_is_used() {
    let server = secure_server().await;
    let ca = authority(&server);
    let fal = secure(&server).http_client(move |builder| {
        let builder = builder.tls_certs_only([ca.clone()]);
        builder.http2_prior_knowledge()
    });
    let fal = fal.build().unwrap();
    upload(&fal, noise(3 * PART)).await.unwrap();
    let parts = received(&server, Route::CdnPart);
    assert!(parts.iter().all(|(_, version)| version == "HTTP/2.0"));
}

/// The server closes the connection while the rest of the file is on its way.
#[tokio::test]
async fn a_reply_before_the_file_was_read_is_seen() {
    let server = secure_server().await;
    let plain = || builder(&server);
    let content = noise(3 * PART);
    for client in [&plain as &dyn Fn() -> ClientBuilder, &|| secure(&server)] {
        for (route, length) in [(Route::CdnPart, 3 * PART), (Route::CdnUpload, 2 * PART)] {
            let send = || {
                let fal = client().build().unwrap();
                upload(&fal, content[..length].to_vec()).into_future()
            };
            let early = |status| CannedReply::nginx(status).early().on(route);
            for status in [400, 403, 413, 418] {
                let fault = server.inject(early(status).always());
                let error = send().await.unwrap_err();
                assert_eq!(error.status(), Some(status), "{error}");
                assert!(error.raw_body().is_some(), "{error}");
                server.remove_fault(&fault);
            }
            // The others are repeated, with a new token after a 401.
            for status in [401, 429, 500, 503] {
                let fault = server.inject(early(status));
                send().await.unwrap();
                assert_eq!(fault.fired(), 1, "{status}");
                assert!(server.files().pop().unwrap().content == content[..length]);
            }
        }
    }
}
