use fal_mock::{Failure, Fault, Route};
use fal_sdk::ErrorKind;
use fal_tests::sample::{ENDPOINT, SampleInput, client, output, script, server};
use serde_json::json;

#[tokio::test]
async fn a_failed_job_says_why_in_the_models_words() {
    let detail = json!([{
        "loc": ["body", "prompt"], "msg": "field required", "type": "missing",
        "ctx": {"a": 1}, "url": "https://docs.fal.ai/errors#missing",
    }]);
    let failure = Failure::new(422, json!({ "detail": detail }));
    for bare in [false, true] {
        let failing = script().fail(failure.clone());
        let server = server(if bare { failing.bare_status() } else { failing }).await;
        let error = client(&server)
            .subscribe(SampleInput::new("a"))
            .await
            .unwrap_err();
        assert!(error.is_job_failed() && error.is_validation(), "{error:?}");
        assert_eq!(error.status(), Some(422));
        assert_eq!(error.error_type(), Some("missing"));
        assert_eq!(error.field_errors()[0].pointer(), "/prompt");
        let id = &server.jobs()[0].request_id;
        assert_eq!(error.request_id(), Some(id.as_str()));
        let words = error.to_string();
        assert!(words.starts_with("field required"), "{words}");
        assert!(words.ends_with(&format!("[request {id}]")), "{words}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn failures_of_the_platform_keep_their_type() {
    let failure = Failure::platform(503, "runner_disconnected", "Runner disconnected");
    let server = server(script().fail(failure)).await;
    let error = client(&server)
        .subscribe(SampleInput::new("a"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JobFailed);
    assert_eq!(error.error_type(), Some("runner_disconnected"));
    assert!(error.to_string().starts_with("Runner disconnected"));
    assert_eq!(
        server.count(Route::Result),
        1,
        "a job's own 503 is not asked for again"
    );
}

#[tokio::test]
async fn a_passing_failure_of_the_result_route_is_no_failed_job() {
    for fault in [
        Fault::nginx(502),
        Fault::nginx(504),
        Fault::status(503),
        Fault::json(504, json!({"detail": "Gateway timeout"})),
        Fault::Drop,
        Fault::Truncate { keep: None },
        Fault::too_many_requests(None),
    ] {
        let server = server(script()).await;
        server.inject(fault.clone().on(Route::Result).times(2));
        let output = client(&server).subscribe(SampleInput::new("a")).await;
        assert_eq!(output.map(|output| output.seed).ok(), Some(42), "{fault:?}");
        assert_eq!(server.count(Route::Result), 3);
        assert_eq!(server.jobs_created(), 1);
    }
}

#[tokio::test]
async fn an_output_that_does_not_decode_is_kept() {
    let mut odd = output();
    odd.as_object_mut().unwrap().remove("seed");
    let server = server(script().output(odd.clone())).await;
    let fal = client(&server);
    let error = fal.subscribe(SampleInput::new("a")).await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    assert_eq!(error.decode_error().unwrap().pointer(), "/seed");
    let raw: serde_json::Value = serde_json::from_slice(error.raw_body().unwrap()).unwrap();
    assert_eq!(raw, odd);
    let job = fal.job::<SampleInput>(error.request_id().unwrap()).unwrap();
    assert_eq!(job.result().raw().await.unwrap(), odd);
    for error in [
        error,
        fal.run(SampleInput::new("a")).await.unwrap_err(),
        job.result().await.unwrap_err(),
    ] {
        assert!(
            error.is_decode() && error.request_id().is_some(),
            "{error:?}"
        );
        assert_eq!(
            error.endpoint(),
            Some(fal_tests::sample::ENDPOINT),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn the_usual_refusals_are_told_apart() {
    let server = server(script()).await;
    let fal = client(&server);
    for (fault, is_it) in [
        (
            Fault::unauthorized(),
            fal_sdk::Error::is_auth as fn(&fal_sdk::Error) -> bool,
        ),
        (Fault::locked(), fal_sdk::Error::is_balance),
        (Fault::expired(), fal_sdk::Error::is_not_found),
    ] {
        for route in [Route::Run, Route::Submit] {
            server.inject(fault.clone().on(route));
        }
        let of_run = fal.run(SampleInput::new("a")).await.unwrap_err();
        let of_submit = fal.submit(SampleInput::new("a")).await.unwrap_err();
        for error in [of_run, of_submit] {
            assert_eq!(error.kind(), ErrorKind::Api, "{error:?}");
            assert!(is_it(&error), "{error:?}");
            assert!(!error.is_retryable() && !error.is_outcome_unknown());
            assert_eq!(error.endpoint(), Some(ENDPOINT));
        }
    }
    assert_eq!(server.jobs_created(), 0);
}

#[tokio::test]
async fn no_server_no_endpoint() {
    let unused = server(script()).await;
    let url = unused.url();
    unused.shutdown().await;
    let fal = fal_sdk::Client::builder()
        .key("k")
        .base_url(url)
        .build()
        .unwrap();
    let none = fal_sdk::retry::RetryPolicy::none();
    let error = fal
        .run(SampleInput::new("a"))
        .retry(none)
        .await
        .unwrap_err();
    assert!(error.is_connection() && error.is_retryable(), "{error:?}");
    assert!(error.to_string().contains("could not connect"), "{error}");

    let server = server(script()).await;
    let fal = client(&server);
    let error = fal
        .endpoint("acme/unknown")
        .unwrap()
        .submit(json!({}))
        .await
        .unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert!(fal.endpoint("no-such-form").is_err());
    let job = fal.job::<SampleInput>("unknown-request").unwrap();
    assert!(job.status().await.unwrap_err().is_not_found());
    let error = job.result().await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!(error.request_id(), Some("unknown-request"));
}

/// Replies may have ids of their own, with which nobody finds the job.
#[tokio::test]
async fn errors_name_the_job_and_not_the_reply() {
    let server = server(script().hold(fal_mock::Hold::Queued)).await;
    let fal = client(&server);
    let job = fal.submit(SampleInput::new("a")).await.unwrap();
    for route in [Route::Status, Route::Result, Route::Cancel] {
        let refused = Fault::platform(403, "forbidden", "Not for you");
        server.inject(refused.on(route));
        let error = match route {
            Route::Status => job.status().await.unwrap_err(),
            Route::Result => {
                server.release_all();
                job.result().await.unwrap_err()
            }
            _ => job.cancel().await.unwrap_err(),
        };
        assert_eq!(error.request_id(), Some(job.request_id()), "{route:?}");
    }
}
