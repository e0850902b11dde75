use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fal_mock::{Fault, Route};
use fal_sdk::retry::{Decision, RetryPolicy};
use fal_sdk::{ErrorKind, Operation};
use fal_tests::sample::{SampleInput, builder, client, script, server};

/// HTTP/2 lets a server say that it has not looked at a request.
#[tokio::test]
async fn a_refused_stream_is_sent_again() {
    let server = server(script()).await;
    let fal = builder(&server)
        .http_client(reqwest::ClientBuilder::http2_prior_knowledge)
        .build()
        .unwrap();
    for route in [Route::Submit, Route::Run] {
        server.inject(Fault::RefuseStream.on(route).times(2));
    }
    assert_eq!(fal.subscribe(SampleInput::new("a")).await.unwrap().seed, 42);
    assert_eq!(server.count(Route::Submit), 3);
    assert_eq!(server.jobs_created(), 1);
    assert_eq!(fal.run(SampleInput::new("a")).await.unwrap().seed, 42);
    assert_eq!(server.count(Route::Run), 3);
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.version == "HTTP/2.0")
    );
}

#[tokio::test]
async fn retry_after_is_kept() {
    let server = server(script()).await;
    server.inject(Fault::too_many_requests(Some(Duration::from_secs(1))).on(Route::Submit));
    let started = Instant::now();
    client(&server).submit(SampleInput::new("a")).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_limit_on_time_ends_the_retries() {
    let server = server(script()).await;
    server.inject(
        Fault::too_many_requests(Some(Duration::from_secs(30)))
            .on(Route::Submit)
            .always(),
    );
    let error = client(&server)
        .submit(SampleInput::new("a"))
        .timeout(Duration::from_secs(10))
        .await
        .unwrap_err();
    assert!(error.is_rate_limited(), "{error:?}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert_eq!(server.count(Route::Submit), 1);
}

/// The hook sees what may be repeated and nothing else.
#[tokio::test]
async fn a_hook_decides_where_repeating_is_safe() {
    let server = server(script()).await;
    let seen: Arc<Mutex<Vec<(Operation, u32)>>> = Arc::default();
    let log = Arc::clone(&seen);
    let policy = RetryPolicy::default().decide_with(move |attempt| {
        log.lock()
            .unwrap()
            .push((attempt.operation, attempt.number));
        match attempt.number {
            1..=7 => Decision::RetryAfter(Duration::ZERO),
            _ => Decision::GiveUp,
        }
    });
    let fal = builder(&server).retry(policy).build().unwrap();

    server.inject(Fault::nginx(502).on(Route::Result).times(7));
    assert_eq!(fal.subscribe(SampleInput::new("a")).await.unwrap().seed, 42);
    let results: Vec<_> = (1..=7).map(|number| (Operation::Result, number)).collect();
    assert_eq!(*seen.lock().unwrap(), results);

    seen.lock().unwrap().clear();
    for fault in [Fault::nginx(502), Fault::Drop, Fault::html()] {
        server.inject(fault.on(Route::Submit));
        let error = fal.submit(SampleInput::new("a")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    }
    assert_eq!(*seen.lock().unwrap(), []);
    assert_eq!(server.count(Route::Submit), 4);
}

/// When everything fails, a client does not multiply its calls for long.
#[tokio::test]
async fn the_budget_ends_retries_of_a_failing_server() {
    let server = server(script()).await;
    let policy = RetryPolicy::default()
        .attempts(10)
        .base_delay(Duration::ZERO);
    let fal = builder(&server).retry(policy).build().unwrap();
    let job = fal.job::<SampleInput>("some-request").unwrap();
    server.inject(Fault::nginx(503).on(Route::Status).always());
    for _ in 0..50 {
        job.status().await.unwrap_err();
    }
    let asked = server.count(Route::Status);
    assert!(asked <= 50 + 100, "{asked} requests for 50 calls");
}
