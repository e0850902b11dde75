//! The control API.

use fal_mock::MockServer;
use serde_json::{Value, json};

use crate::support::{ENDPOINT, client, document, get, run, send, server, submit, text};

async fn told(server: &MockServer, path: &str, body: &Value) -> (u16, Value) {
    send(
        client()
            .post(format!("{}{path}", server.urls().control))
            .json(body),
    )
    .await
}

async fn asked(server: &MockServer, path: &str) -> Value {
    let (code, body) = send(client().get(format!("{}{path}", server.urls().control))).await;
    assert_eq!(code, 200, "{body}");
    body
}

async fn deleted(server: &MockServer, path: &str) -> u16 {
    send(client().delete(format!("{}{path}", server.urls().control)))
        .await
        .0
}

#[tokio::test]
async fn scripts_and_faults_over_http() {
    let server = server().await;
    let script = json!({ "endpoint": ENDPOINT, "script": { "output": { "by": "http" } } });
    assert_eq!(told(&server, "/scripts", &script).await.0, 204);
    assert_eq!(
        run(&server, json!({ "prompt": "x" })).await,
        (200, json!({ "by": "http" }))
    );
    let wrong = json!({ "endpoint": ENDPOINT, "script": { "ouput": 1 } });
    let (code, body) = told(&server, "/scripts", &wrong).await;
    assert!(
        code == 400 && text(&body, "detail").contains("ouput"),
        "{body}"
    );

    let fault = json!({ "fault": { "reply": { "status": 503 } }, "routes": ["run"], "times": 1 });
    let (code, made) = told(&server, "/faults", &fault).await;
    assert_eq!(code, 201);
    assert_eq!(run(&server, json!({ "prompt": "x" })).await.0, 503);
    assert_eq!(asked(&server, "/faults").await[0]["fired"], 1);
    assert_eq!(
        deleted(&server, &format!("/faults/{}", made["id"])).await,
        404,
        "spent"
    );
    told(
        &server,
        "/faults",
        &json!({ "fault": "drop", "times": null }),
    )
    .await;
    assert_eq!(deleted(&server, "/faults").await, 204);
    assert_eq!(run(&server, json!({ "prompt": "x" })).await.0, 200);
}

#[tokio::test]
async fn records_and_counters_over_http() {
    let server = server().await;
    run(&server, json!({ "prompt": "x" })).await;
    send(get(format!("{}/none", server.urls().fal))).await;
    let requests = asked(&server, "/requests").await;
    assert_eq!(
        requests.as_array().unwrap().len(),
        2,
        "the owner's own are left out: {requests}"
    );
    assert_eq!(
        (&requests[0]["text"], text(&requests[0], "route")),
        (&json!(r#"{"prompt":"x"}"#), "run")
    );
    assert_eq!(requests[0]["headers"]["authorization"], "Key a:b");
    assert_eq!(
        asked(&server, "/requests?route=run")
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let counters = asked(&server, "/counters").await;
    assert_eq!(
        (&counters["total"], &counters["routes"]["run"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(told(&server, "/reset", &json!({})).await.0, 204);
    assert_eq!(asked(&server, "/counters").await["total"], 0);
    for path in ["/files", "/messages", "/deliveries", "/jobs"] {
        assert_eq!(asked(&server, path).await, json!([]), "{path}");
    }
}

#[tokio::test]
async fn jobs_over_http() {
    let server = MockServer::builder().start().await.unwrap();
    assert_eq!(told(&server, "/documents", &document()).await.0, 204);
    told(
        &server,
        "/scripts",
        &json!({ "script": { "hold": "queued" } }),
    )
    .await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let id = text(&job, "request_id");
    let jobs = asked(&server, "/jobs").await;
    assert_eq!(
        (text(&jobs[0], "request_id"), text(&jobs[0], "status")),
        (id, "IN_QUEUE")
    );
    assert_eq!(
        told(&server, &format!("/jobs/{id}/release"), &json!({}))
            .await
            .0,
        204
    );
    get(format!("{}/stream", text(&job, "status_url")))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(send(get(text(&job, "response_url"))).await.0, 200);
    assert_eq!(deleted(&server, &format!("/jobs/{id}")).await, 204);
    assert_eq!(send(get(text(&job, "response_url"))).await.0, 404);
    assert_eq!(told(&server, "/jobs/none/release", &json!({})).await.0, 404);
}

#[tokio::test]
async fn the_index_names_hosts_and_routes() {
    let server = server().await;
    let index = asked(&server, "").await;
    assert_eq!(text(&index["hosts"], "queue"), server.urls().queue);
    assert!(
        index["control"]
            .as_array()
            .unwrap()
            .contains(&json!("POST /__mock/reset"))
    );
    let (code, body) = told(&server, "/resett", &json!({})).await;
    assert_eq!(
        (code, &body["near"][0]),
        (404, &json!("POST /__mock/reset"))
    );
}
