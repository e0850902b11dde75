//! Connections that die without a word, and lines that are slow.

use std::time::{Duration, Instant};

use fal_mock::{MockServer, Route};
use fal_sdk::{Client, ClientBuilder, Timeouts};
use fal_tests::relay::Relay;
use fal_tests::sample::{KEY, SampleInput, script, server};

async fn relayed(rate: Option<usize>) -> (MockServer, Relay) {
    let server = server(script()).await;
    let relay = Relay::start(server.address(), rate).await;
    (server, relay)
}

fn builder(relay: &Relay, timeouts: Timeouts) -> ClientBuilder {
    Client::builder()
        .key(KEY)
        .base_url(format!("http://{}", relay.address()))
        .timeouts(timeouts)
        .http_client(reqwest::ClientBuilder::http2_prior_knowledge)
}

/// Pings find out; no request goes out over a connection without a sign of life.
#[tokio::test]
async fn a_silent_connection_is_not_used() {
    let (server, relay) = relayed(None).await;
    let mut timeouts = Timeouts::default();
    timeouts.keep_alive = Duration::from_millis(800);
    let fal = builder(&relay, timeouts).build().unwrap();
    fal.subscribe(SampleInput::new("a")).await.unwrap();
    relay.silence();
    tokio::time::sleep(Duration::from_secs(4)).await;
    for _ in 0..8 {
        fal.submit(SampleInput::new("a")).await.unwrap();
    }
    assert_eq!(server.jobs_created(), 9);
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.version == "HTTP/2.0")
    );
}

/// A stream is read to its end, so that the next one can have its connection.
#[tokio::test]
async fn streams_of_jobs_share_a_connection_one_after_the_other() {
    let server = server(script().run(Duration::from_millis(10))).await;
    let relay = Relay::start(server.address(), None).await;
    let fal = Client::builder()
        .key(KEY)
        .base_url(format!("http://{}", relay.address()))
        .build()
        .unwrap();
    for _ in 0..20 {
        fal.subscribe(SampleInput::new("a")).await.unwrap();
    }
    assert_eq!(server.count(Route::StatusStream), 20);
    let connections = relay.connections();
    assert!(connections < 10, "{connections} connections");
}

/// The job goes on while its connections die, and new ones find its end.
#[tokio::test]
async fn a_job_survives_connections_that_fall_silent() {
    let (server, relay) = relayed(None).await;
    let mut timeouts = Timeouts::default();
    timeouts.keep_alive = Duration::from_millis(800);
    timeouts.request = Duration::from_secs(3);
    let fal = builder(&relay, timeouts).build().unwrap();
    let job = fal.submit(SampleInput::new("a")).await.unwrap();
    relay.silence();
    let limit = Duration::from_secs(30);
    let output = tokio::time::timeout(limit, job.result().into_future()).await;
    assert_eq!(output.expect("in time").unwrap().seed, 42);
    assert_eq!(server.jobs_created(), 1);
}

/// Even without pings, a connection that timed out is not used again.
#[tokio::test]
async fn a_connection_that_timed_out_is_not_used_again() {
    let (server, relay) = relayed(None).await;
    let mut timeouts = Timeouts::default();
    timeouts.keep_alive = Duration::from_secs(3_600);
    timeouts.request = Duration::from_secs(2);
    let fal = builder(&relay, timeouts).build().unwrap();
    fal.submit(SampleInput::new("a")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    relay.silence();
    let error = fal.submit(SampleInput::new("a")).await.unwrap_err();
    assert!(
        error.is_outcome_unknown() && error.is_timeout(),
        "{error:?}"
    );
    for _ in 0..3 {
        fal.submit(SampleInput::new("a")).await.unwrap();
    }
    assert_eq!(server.jobs_created(), 4);
}

/// An input may take longer to send than a short call may take, while it moves.
#[tokio::test]
async fn a_large_input_is_sent_over_a_slow_line() {
    let large = "x".repeat(6 << 20);
    let mut timeouts = Timeouts::default();
    timeouts.request = Duration::from_secs(1);
    timeouts.idle = Duration::from_secs(10);
    for http2 in [true, false] {
        let (server, relay) = relayed(Some(2 << 20)).await;
        let builder = Client::builder()
            .key(KEY)
            .base_url(format!("http://{}", relay.address()))
            .timeouts(timeouts.clone())
            .http_client(move |builder| match http2 {
                true => builder.http2_prior_knowledge(),
                false => builder,
            });
        let fal = builder.build().unwrap();
        let started = Instant::now();
        let job = fal.submit(SampleInput::new(large.clone())).await.unwrap();
        assert!(
            started.elapsed() > Duration::from_secs(1),
            "HTTP/2: {http2}"
        );
        assert_eq!(job.result().await.unwrap().seed, 42);
        assert_eq!(server.count(Route::Submit), 1);
    }
}

/// A line that no longer moves ends the call, long before the limit for sending.
#[tokio::test]
async fn a_large_input_that_stands_still_is_given_up() {
    let (server, relay) = relayed(Some(512 << 10)).await;
    let mut timeouts = Timeouts::default();
    timeouts.idle = Duration::from_secs(2);
    timeouts.request = Duration::from_secs(600);
    let fal = builder(&relay, timeouts).build().unwrap();
    let call = fal.submit(SampleInput::new("x".repeat(16 << 20)));
    let silence = async {
        while relay.passed() < 1 << 20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        relay.silence();
        std::future::pending::<()>().await;
    };
    let limit = Duration::from_secs(60);
    let outcome = tokio::select! {
        outcome = tokio::time::timeout(limit, call.into_future()) => outcome.expect("in time"),
        () = silence => unreachable!(),
    };
    let error = outcome.unwrap_err();
    assert!(
        error.is_outcome_unknown() && error.is_timeout(),
        "{error:?}"
    );
    assert_eq!(server.jobs_created(), 0);
}
