//! The streams of workflows.

use std::time::Duration;

use fal_mock::Script;
use fal_sdk::ErrorKind;
use fal_sdk::stream::WorkflowEvent;
use fal_tests::sample::{client, server};
use futures_util::StreamExt;
use serde_json::json;

#[tokio::test]
async fn workflows_tell_what_their_nodes_do() {
    let events = [
        json!({"type": "submit", "node_id": "image", "app_id": "fal-ai/flux", "request_id": "0195-b"}),
        json!({"type": "completion", "node_id": "image", "output": {"url": "u"}}),
        json!({"type": "output", "output": {"video": "v"}}),
    ];
    let server = server(Script::new().stream(events, Duration::ZERO)).await;
    let workflow = client(&server).endpoint("acme/sample/depth").unwrap();
    let workflow = workflow.with_output::<WorkflowEvent>();
    let stream = workflow.stream(json!({})).await.unwrap();
    let events: Vec<WorkflowEvent> = stream.map(Result::unwrap).collect().await;
    assert!(
        matches!(&events[0], WorkflowEvent::Submit { node_id, .. } if node_id == "image"),
        "{events:?}"
    );
    assert!(matches!(&events[1], WorkflowEvent::Completion { .. }));
    assert!(
        matches!(&events[2], WorkflowEvent::Output { output, .. } if output["video"] == "v"),
        "{events:?}"
    );
}

#[tokio::test]
async fn the_failure_of_a_workflows_node_is_no_output() {
    let failure = json!({
        "type": "error", "node_id": "image", "message": "The node failed",
        "error": {"status": 422, "body": {"detail": [
            {"loc": ["body", "prompt"], "msg": "field required", "type": "missing"},
        ]}},
    });
    let server = server(Script::new().stream([failure], Duration::ZERO)).await;
    let workflow = client(&server).endpoint("acme/sample/depth").unwrap();
    let stream = workflow.stream(json!({})).await.unwrap();
    let error = stream.last().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JobFailed);
    assert_eq!(error.status(), Some(422));
    assert_eq!(error.field_errors()[0].pointer(), "/prompt");
    assert!(error.message().contains("node `image`"), "{error}");
}
