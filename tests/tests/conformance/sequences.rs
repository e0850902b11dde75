use std::time::Duration;

use fal_mock::{Fault, Hold, MockServer, Route};
use fal_sdk::{Client, Error, StatusMode};
use fal_tests::sample::{SampleInput, SampleOutput, client, script, server};
use serde_json::{Value, json};

use super::cases;

/// The requests, in the words of the vectors.
fn calls(server: &MockServer) -> Vec<String> {
    let name = |route| match route {
        Route::Submit => "submit",
        Route::Status => "status",
        Route::Result => "result",
        Route::Cancel => "cancel",
        other => panic!("{other:?}"),
    };
    let requests = server.requests();
    let named = requests
        .iter()
        .map(|request| format!("{} {}", request.method, name(request.route.unwrap())));
    named.collect()
}

async fn outcome(fal: &Client) -> Result<SampleOutput, Error> {
    let call = fal.subscribe(SampleInput::new("a"));
    let mut call = call.status_mode(StatusMode::Poll);
    call = call.timeout(Duration::from_secs(60));
    call.await
}

/// Whether it is a case whose job ends, well or not.
fn ends(case: &Value) -> bool {
    let last = case["statuses"].as_array().and_then(|all| all.last());
    last.and_then(Value::as_str)
        .is_some_and(|status| status.starts_with("COMPLETED"))
}

/// Makes the status route say what the case says, one answer after the other.
fn answer(server: &MockServer, case: &Value) {
    for status in case["statuses"].as_array().unwrap() {
        let word = status.as_str().unwrap().trim_end_matches("(error)");
        let reply = Fault::json(200, json!({ "status": word }));
        server.inject(reply.on(Route::Status));
    }
    if let Some(http) = case["result_http"].as_u64() {
        let reply = Fault::json(u16::try_from(http).unwrap(), case["result_body"].clone());
        server.inject(reply.on(Route::Result));
    }
}

#[tokio::test]
async fn a_job_is_followed_step_by_step() {
    let mut seen = 0;
    for case in cases("subscribe_sequences.json", "cases") {
        if !ends(&case) {
            continue;
        }
        let server = server(script()).await;
        answer(&server, &case);
        let outcome = outcome(&client(&server)).await;
        if let Some(expected) = case["expect_calls"].as_array() {
            assert_eq!(calls(&server), expected[..], "{case}");
        }
        match case["result"] == "ok" {
            true => assert_eq!(outcome.unwrap().seed, 42, "{case}"),
            false => {
                let error = outcome.unwrap_err();
                assert!(error.is_validation() && error.is_job_failed(), "{error:?}");
                assert_eq!(error.field_errors().len(), 1);
                assert!(error.request_id().is_some());
            }
        }
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_cancelled() {
    let cases = cases("subscribe_sequences.json", "cases");
    let case = cases
        .iter()
        .find(|case| case["name"] == "client timeout")
        .unwrap();
    let server = server(script().hold(Hold::Queued)).await;
    let fal = client(&server);
    let call = fal
        .subscribe(SampleInput::new("a"))
        .status_mode(StatusMode::Poll);
    let error = call.timeout(Duration::from_secs(3)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(
        error.request_id(),
        Some(server.jobs()[0].request_id.as_str())
    );
    assert_eq!(case["expect_calls_end"], *calls(&server).last().unwrap());
}
