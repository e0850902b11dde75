//! Replies about a job that are odd, late or unreadable: what was paid for is not lost to them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fal_sdk::{ErrorKind, Limits, StatusMode, Timeouts};
use fal_tests::raw_server::{Answer, JOB, RawServer, Request};
use fal_tests::sample::SampleInput;
use serde_json::json;

fn is_result(request: &Request) -> bool {
    request.line.starts_with("GET") && !request.line.contains("/status")
}

/// The error has the job's id, whatever id the reply has.
#[tokio::test]
async fn an_error_has_the_id_of_the_job() {
    let server =
        RawServer::queue(|request| {
            is_result(request).then(|| {
            Answer::new(
                422,
                &[("x-fal-request-id", "another-id"), ("content-type", "application/json")],
                r#"{"detail": [{"loc": ["body", "prompt"], "msg": "too short", "type": "short"}]}"#,
            )
        })
        })
        .await;
    let fal = server.client();
    let of_subscribe = fal.subscribe(SampleInput::new("a")).await.unwrap_err();
    let job = fal.job::<SampleInput>(JOB).unwrap();
    for error in [of_subscribe, job.result().await.unwrap_err()] {
        assert!(error.is_job_failed(), "{error:?}");
        assert_eq!(error.request_id(), Some(JOB));
        assert_eq!(error.reply_request_id(), Some("another-id"));
        assert!(error.to_string().ends_with("[request the-job]"), "{error}");
    }
}

/// A route that fails for longer than a call is repeated.
#[tokio::test]
async fn fetching_a_result_is_as_patient_as_a_status() {
    for status in [502, 503, 520, 524, 425, 429] {
        let failures = AtomicUsize::new(0);
        let server = RawServer::queue(move |request| {
            let fails = is_result(request) && failures.fetch_add(1, Ordering::Relaxed) < 9;
            fails.then(|| Answer::new(status, &[], "busy"))
        })
        .await;
        let output = server.client().subscribe(SampleInput::new("a")).await;
        assert_eq!(output.map(|output| output.seed).ok(), Some(42), "{status}");
        assert_eq!(server.count("POST"), 1);
    }
}

#[tokio::test]
async fn patience_with_a_result_ends() {
    let server =
        RawServer::queue(|request| is_result(request).then(|| Answer::new(503, &[], "busy"))).await;
    let mut timeouts = Timeouts::default();
    timeouts.unreachable = Duration::from_millis(200);
    let fal = server.builder().timeouts(timeouts).build().unwrap();
    let error = fal.subscribe(SampleInput::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api, "{error:?}");
    assert_eq!(error.request_id(), Some(JOB));
    assert!(!error.is_job_failed() && !error.is_retryable());
}

/// The result route can learn of a job later than the queue says that it is done.
#[tokio::test]
async fn a_result_that_is_not_known_yet_is_asked_for_again() {
    let denials = AtomicUsize::new(0);
    let server = RawServer::queue(move |request| {
        let denied = is_result(request) && denials.fetch_add(1, Ordering::Relaxed) < 3;
        denied.then(|| Answer::json(404, &json!({"status": "NOT_FOUND"})))
    })
    .await;
    let output = server.client().subscribe(SampleInput::new("a")).await;
    assert_eq!(output.unwrap().seed, 42);
}

/// A result that is gone is not a failed job, which would invite to pay for another.
#[tokio::test]
async fn an_expired_request_is_not_a_failed_job() {
    for (status, body) in [
        (410, json!({"detail": "Request expired"})),
        (404, json!({"detail": "Request not found"})),
    ] {
        let shown = body.clone();
        let server = RawServer::queue(move |request| {
            is_result(request).then(|| {
                Answer::new(
                    status,
                    &[
                        ("x-fal-request-id", "r"),
                        ("content-type", "application/json"),
                    ],
                    body.to_string(),
                )
            })
        })
        .await;
        let error = server
            .client()
            .subscribe(SampleInput::new("a"))
            .await
            .unwrap_err();
        assert!(error.is_expired() && !error.is_job_failed(), "{error:?}");
        assert!(!error.is_retryable());
        assert_eq!(error.is_not_found(), status == 404);
        assert_eq!(error.request_id(), Some(JOB));
        let words = shown["detail"].as_str().unwrap();
        assert!(error.to_string().starts_with(words), "{error}");
        assert!(server.count("GET") < 12);
    }
}

/// "Failed" invites a paid repeat, so an app's 500 is asked for once more.
#[tokio::test]
async fn a_500_is_asked_for_once_more() {
    for failures in [1, 2] {
        let asked = AtomicUsize::new(0);
        let server = RawServer::queue(move |request| {
            let fails = is_result(request) && asked.fetch_add(1, Ordering::Relaxed) < failures;
            fails.then(|| {
                Answer::new(
                    500,
                    &[
                        ("x-fal-request-id", "r"),
                        ("content-type", "application/json"),
                    ],
                    r#"{"detail": "Internal Server Error"}"#,
                )
            })
        })
        .await;
        let outcome = server.client().subscribe(SampleInput::new("a")).await;
        match failures {
            1 => assert_eq!(outcome.unwrap().seed, 42),
            _ => assert!(outcome.unwrap_err().is_job_failed()),
        }
    }
}

/// A compressed body is not requested, and not lost.
#[tokio::test]
async fn a_compressed_body_is_kept() {
    let server = RawServer::queue(|request| {
        (request.line.starts_with("POST /run/") || is_result(request)).then(|| {
            Answer::new(
                200,
                &[
                    ("content-type", "application/json"),
                    ("content-encoding", "GZIP"),
                ],
                [0x1f, 0x8b, 8, 0, 1, 2, 3],
            )
        })
    })
    .await;
    let fal = server.client();
    let of_run = fal.run(SampleInput::new("a")).await.unwrap_err();
    let of_raw_run = fal.run(SampleInput::new("a")).raw().await.unwrap_err();
    let of_result = fal.subscribe(SampleInput::new("a")).await.unwrap_err();
    for error in [of_run, of_raw_run, of_result] {
        assert_eq!(error.kind(), ErrorKind::Decode, "{error:?}");
        assert_eq!(error.raw_body(), Some(&[0x1f, 0x8b, 8, 0, 1, 2, 3][..]));
        assert_eq!(error.raw_body_encoding(), Some("gzip"));
        assert!(error.to_string().contains("compressed (gzip)"), "{error}");
    }
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.headers.contains("accept-encoding: identity"))
    );
}

/// A stream that says nothing new for ever does not hide that the job is done.
#[tokio::test]
async fn silent_streams_are_looked_beside() {
    for (first, repeated) in [
        ("", ": ping\n\n"),
        (
            "data: {\"status\": \"IN_PROGRESS\"}\n\n",
            "data: {\"status\": \"IN_PROGRESS\"}\n\n",
        ),
    ] {
        for logs in [false, true] {
            for pause in [Duration::from_millis(20), Duration::ZERO] {
                let server = RawServer::queue(move |request| {
                    let is_stream = request.line.contains("/status/stream");
                    is_stream.then(|| Answer::stream(first, repeated, pause))
                })
                .await;
                let mut interval = fal_sdk::PollInterval::default();
                interval.beside_stream = Duration::from_millis(100);
                let fal = server.builder().poll_interval(interval).build().unwrap();
                let call = fal.subscribe(SampleInput::new("a")).logs(logs);
                let limit = Duration::from_secs(30);
                let output = tokio::time::timeout(limit, call.into_future()).await;
                assert_eq!(output.expect("in time").unwrap().seed, 42);
                assert_eq!(server.count("/status/stream"), 1);
            }
        }
    }
}

/// A usual call needs three requests.
#[tokio::test]
async fn nothing_is_asked_beside_a_stream_that_works() {
    let server = RawServer::queue(|_| None).await;
    server
        .client()
        .subscribe(SampleInput::new("a"))
        .await
        .unwrap();
    assert_eq!(server.requests().len(), 3);
}

fn lines(count: usize) -> Vec<serde_json::Value> {
    let line = |number: usize| json!({"message": format!("line {number}"), "level": "INFO"});
    (0..count).map(line).collect()
}

#[tokio::test]
async fn long_logs_are_cut_and_the_status_known() {
    let server = RawServer::queue(|request| {
        let wanted = request.line.contains("/status?logs=1");
        wanted.then(|| Answer::json(200, &json!({"status": "COMPLETED", "logs": lines(20_000)})))
    })
    .await;
    let mut limits = Limits::default();
    limits.reply = 1 << 14;
    let fal = server.builder().limits(limits).build().unwrap();
    let job = fal.job::<SampleInput>(JOB).unwrap();
    let status = job.status().logs(true).await.unwrap();
    assert!(status.is_completed());
    assert!(
        status.logs[0].message.contains("left out"),
        "{:?}",
        status.logs[0]
    );
    assert_eq!(status.logs.last().unwrap().message, "line 19999");
    assert!(status.logs.len() > 100 && status.logs.len() < 1_000);
    let output = fal
        .subscribe(SampleInput::new("a"))
        .logs(true)
        .status_mode(StatusMode::Poll)
        .await;
    assert_eq!(output.unwrap().seed, 42);
}

#[tokio::test]
async fn a_status_is_asked_for_without_logs_that_cannot_be_read() {
    for broken in [
        Answer::cut(200, r#"{"status": "COMPLETED", "logs": ["#),
        Answer::new(200, &[], "<html>"),
        Answer::json(200, &json!({"status": "COMPLETED", "x": "y".repeat(5_000)})),
    ] {
        let server = RawServer::queue(move |request| {
            let wanted = request.line.contains("/status?logs=1");
            wanted.then(|| broken.clone())
        })
        .await;
        let mut limits = Limits::default();
        limits.reply = 1 << 12;
        let fal = server.builder().limits(limits).build().unwrap();
        let job = fal.job::<SampleInput>(JOB).unwrap();
        let status = job.status().logs(true).await.unwrap();
        assert!(status.is_completed());
        assert!(status.logs[0].message.contains("could not be read"));
        let call = fal.subscribe(SampleInput::new("a")).logs(true);
        assert_eq!(call.status_mode(StatusMode::Poll).await.unwrap().seed, 42);
    }
}

/// The reply to a submit broke off after the id: the job is there.
#[tokio::test]
async fn a_submit_whose_reply_has_the_id_is_not_unknown() {
    for reply in [
        Answer::cut(
            200,
            r#"{"status": "IN_QUEUE", "request_id": "the-job", "resp"#,
        ),
        Answer::new(200, &[], "\u{feff}<pre>{\"request_id\": \"the-job\"}</pre>"),
    ] {
        let server = RawServer::queue(move |request| {
            request.line.starts_with("POST").then(|| reply.clone())
        })
        .await;
        let output = server.client().subscribe(SampleInput::new("a")).await;
        assert_eq!(output.unwrap().seed, 42);
        assert_eq!(server.count("POST"), 1);
    }
    let server = RawServer::queue(|request| {
        let cut = || Answer::cut(200, r#"{"status": "IN_QUEUE", "request_id": "the-j"#);
        request.line.starts_with("POST").then(cut)
    })
    .await;
    let error = server
        .client()
        .submit(SampleInput::new("a"))
        .await
        .unwrap_err();
    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!(error.request_id(), None);
}

/// Clocks differ; the wait is between the server's own two dates.
#[tokio::test]
async fn a_date_to_retry_after_counts_from_the_servers_own() {
    let asked = AtomicUsize::new(0);
    let server = RawServer::queue(move |request| {
        let is_submit = request.line.starts_with("POST");
        (is_submit && asked.fetch_add(1, Ordering::Relaxed) == 0).then(|| {
            Answer::new(
                429,
                &[
                    ("date", "Wed, 01 Jan 2020 00:00:00 GMT"),
                    ("retry-after", "Wed, 01 Jan 2020 00:00:02 GMT"),
                ],
                "busy",
            )
        })
    })
    .await;
    let started = Instant::now();
    server.client().submit(SampleInput::new("a")).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(2));
}
