//! Many jobs at once, at a size that tests can bear; `cargo bench` has the rest.

use std::time::Duration;

use fal_mock::{Hold, MockServer, Route, Script};
use fal_sdk::{Client, Limits};
use fal_tests::sample::{ENDPOINT, KEY, SampleInput, client, script, server};
use tokio::task::JoinHandle;

fn subscribe(fal: &Client, count: usize) -> Vec<JoinHandle<()>> {
    let subscribe = |number: usize| {
        let call = fal.subscribe(SampleInput::new(number.to_string()));
        tokio::spawn(async move { assert_eq!(call.await.unwrap().seed, 42) })
    };
    (0..count).map(subscribe).collect()
}

async fn all(jobs: Vec<JoinHandle<()>>) {
    for job in jobs {
        job.await.unwrap();
    }
}

async fn until(reached: impl Fn() -> bool) {
    let reach = async {
        while !reached() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Only so that a wait that never ends fails.
    let limit = Duration::from_secs(300);
    tokio::time::timeout(limit, reach).await.expect("in time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_over_plain_http() {
    let server = server(script().run(Duration::from_millis(300))).await;
    all(subscribe(&client(&server), 400)).await;
    assert_eq!(server.jobs_created(), 400);
}

/// A job without a stream keeps its place in the queue for one, and needs no polling when
/// the jobs before it end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_are_handed_on() {
    let server = server(script().hold(Hold::Running)).await;
    let fal = Client::builder()
        .key(KEY)
        .base_url(server.url())
        .limits(Limits::default().status_streams(4))
        .build()
        .unwrap();
    let jobs = subscribe(&fal, 60);
    until(|| server.count(Route::Submit) == 60 && server.count(Route::StatusStream) >= 4).await;
    server.release_all();
    all(jobs).await;
    // On a very slow machine, streams are given up, and some jobs are polled for safety before a stream is free for them.
    let streams = server.count(Route::StatusStream);
    let polls = server.count(Route::Status);
    assert!(polls < 60, "{polls} status requests");
    assert!(
        streams > 4 && streams + polls >= 60,
        "{streams} streams, {polls} status requests"
    );
}

fn secure(script: Script) -> fal_mock::MockServerBuilder {
    MockServer::builder()
        .script(ENDPOINT, script)
        .tls()
        .max_concurrent_streams(100)
}

fn trusting(server: &MockServer) -> Client {
    let pem = server.ca_pem().unwrap().to_owned();
    let root = format!("https://{}", server.address());
    let builder = Client::builder().key(KEY).base_url(root);
    let builder = builder.http_client(move |builder| {
        let certificate = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
        builder.tls_certs_only([certificate])
    });
    builder.build().unwrap()
}

/// A connection takes no more streams than its server allows, so there are several: every
/// job has a stream, and streams do not take the place of calls.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_over_http2_with_a_limit_on_streams() {
    let server = secure(script().hold(Hold::Running)).start().await.unwrap();
    let jobs = subscribe(&trusting(&server), 350);
    until(|| server.count(Route::StatusStream) >= 350).await;
    server.release_all();
    all(jobs).await;
    assert_eq!(server.jobs_created(), 350);
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.secure && request.version == "HTTP/2.0")
    );
    let polls = server.count(Route::Status);
    assert!(polls < 350, "{polls} status requests");
}

/// Over HTTP/1.1 every stream takes a connection, of which no client may have too many.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_streams_are_open_over_http1() {
    let server = server(script().hold(Hold::Running)).await;
    let jobs = subscribe(&client(&server), 150);
    until(|| server.count(Route::Submit) == 150 && server.count(Route::Status) > 86).await;
    // More than are open at a time where a slow machine gives streams up, but not one for each job.
    let streams = server.count(Route::StatusStream);
    assert!((64..150).contains(&streams), "{streams} streams");
    server.release_all();
    all(jobs).await;
}
