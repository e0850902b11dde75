//! fal's backup hosts, reached when a connection to the main ones cannot be made.

use std::net::{SocketAddr, TcpListener};

use fal_mock::{Fault, MockServer, Route};
use fal_sdk::retry::RetryPolicy;
use fal_sdk::{Client, ClientBuilder, ErrorKind};
use fal_tests::sample::{ENDPOINT, KEY, SampleInput, script};

async fn server() -> MockServer {
    MockServer::builder()
        .tls()
        .script(ENDPOINT, script())
        .start()
        .await
        .unwrap()
}

/// A port that nobody listens on.
fn nowhere() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// A client of fal's own names, which lead to these addresses.
fn client(server: &MockServer, main: SocketAddr, backup: SocketAddr) -> ClientBuilder {
    let pem = server.ca_pem().unwrap().to_owned();
    Client::builder()
        .key(KEY)
        .retry(RetryPolicy::none())
        .http_client(move |builder| {
            let ca = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
            builder
                .no_proxy()
                .add_root_certificate(ca)
                .resolve("fal.run", main)
                .resolve("queue.fal.run", main)
                .resolve("falrun.com", backup)
                .resolve("queue.falrun.com", backup)
        })
}

#[tokio::test]
async fn only_where_asked_for_and_only_without_a_connection() {
    let server = server().await;
    let here = server.address();
    let fal = client(&server, nowhere(), here).build().unwrap();
    let error = fal.run(SampleInput::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert_eq!(server.total(), 0);

    let fal = client(&server, nowhere(), here).backup_hosts(true);
    let fal = fal.build().unwrap();
    assert_eq!(fal.run(SampleInput::new("a")).await.unwrap().seed, 42);
    assert_eq!(fal.subscribe(SampleInput::new("a")).await.unwrap().seed, 42);
    let run = &server.requests_to(Route::Run)[0];
    let key = format!("Key {KEY}");
    assert_eq!(run.header("authorization"), Some(key.as_str()));
    assert_eq!(server.jobs_created(), 1);

    // Whatever a main host has answered is its answer.
    let fal = client(&server, here, here)
        .backup_hosts(true)
        .build()
        .unwrap();
    server.inject(Fault::nginx(503).on(Route::Run));
    let error = fal.run(SampleInput::new("a")).await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error}");
    assert_eq!(server.count(Route::Run), 2);
}

/// The error of the host that says more: the vectors tell which.
#[tokio::test]
async fn where_both_fail_one_of_them_says_why() {
    let text = include_str!("../../fixtures/vectors/backup_hosts.json");
    let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = vectors["both_fail"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let server = server().await;
        server.inject(Fault::nginx(503).on(Route::Run));
        let backup = match case["backup_failure"] == "connect" {
            true => nowhere(),
            false => server.address(),
        };
        let fal = client(&server, nowhere(), backup).backup_hosts(true);
        let error = fal.build().unwrap().run(SampleInput::new("a")).await;
        let error = error.unwrap_err();
        if case["raise"] == "primary error" {
            assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
            assert!(error.message().contains("to fal.run"), "{error}");
        } else {
            assert!(error.is_outcome_unknown(), "{error}");
            assert_eq!(error.status(), Some(503), "{error}");
        }
    }
}
