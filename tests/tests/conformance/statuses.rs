use fal_mock::{Fault, Route};
use fal_sdk::{CancelOutcome, Decode, State, Status};
use fal_tests::sample::{SampleInput, client, script, server};
use serde_json::Value;

use super::cases;

#[test]
fn every_status_is_read() {
    for case in cases("status_parse.json", "cases") {
        let status = Status::decode(&case["input"]).unwrap();
        let expect = &case["expect"];
        let state = match expect["kind"].as_str() {
            Some("queued") => State::InQueue,
            Some("in_progress") => State::InProgress,
            Some("completed") => State::Completed,
            _ => State::Other("FOO".to_owned()),
        };
        assert_eq!(status.state, state, "{case}");
        assert_eq!(status.queue_position, expect["position"].as_i64());
        assert_eq!(
            status.logs.len() as u64,
            expect["logs"].as_u64().unwrap_or(0)
        );
        assert_eq!(status.error.as_deref(), expect["error"].as_str());
        assert_eq!(status.error_type.as_deref(), expect["error_type"].as_str());
        if !expect["metrics"].is_null() {
            assert_eq!(Value::Object(status.metrics), expect["metrics"]);
        }
    }
}

/// 202 while a job is pending is as good as 200; and a status of which nothing is
/// known means that it is pending too.
#[tokio::test]
async fn pending_is_no_failure() {
    let server = server(script()).await;
    let fal = client(&server);
    let job = fal.submit(SampleInput::new("a")).await.unwrap();
    for case in cases("status_parse.json", "http_status") {
        let code = u16::try_from(case["code"].as_u64().unwrap()).unwrap();
        let state = case["state"].as_str().unwrap();
        let reply = serde_json::json!({ "status": state });
        server.inject(Fault::json(code, reply).on(Route::Status));
        assert_eq!(job.status().await.unwrap().state.as_str(), state);
    }
    server.inject(Fault::status(404).on(Route::StatusStream).always());
    let odd = serde_json::json!({"status": "BEING_TELEPORTED", "logs": {"odd": 1}});
    server.inject(Fault::json(202, odd).on(Route::Status).times(3));
    assert_eq!(job.result().await.unwrap().seed, 42);
}

#[tokio::test]
async fn replies_to_cancelling() {
    let server = server(script()).await;
    let job = client(&server).submit(SampleInput::new("a")).await.unwrap();
    for case in cases("cancel_replies.json", "cases") {
        let code = u16::try_from(case["http"].as_u64().unwrap()).unwrap();
        server.inject(Fault::json(code, case["body"].clone()).on(Route::Cancel));
        let expected = match case["outcome"].as_str().unwrap() {
            "requested" => CancelOutcome::Requested,
            "removed" => CancelOutcome::Removed,
            "already_completed" => CancelOutcome::AlreadyCompleted,
            _ => CancelOutcome::NotFound,
        };
        assert_eq!(job.cancel().await.unwrap(), expected, "{case}");
    }
}
