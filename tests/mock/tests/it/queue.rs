//! The queue: submit, status, stream, result, cancel.

use std::time::Duration;

use crate::support::{APP, ENDPOINT, get, post, put, send, server, start, submit, text};
use fal_mock::{Failure, Hold, MockServer, Route, Script};
use serde_json::json;

#[tokio::test]
async fn a_job_from_submit_to_result() {
    let server = start(
        MockServer::builder().default_script(
            Script::new()
                .queue([2], Duration::ZERO)
                .log("step 1")
                .log("step 2")
                .hold(Hold::Queued),
        ),
    )
    .await;
    let job = submit(&server, json!({ "prompt": "a hat" })).await;
    let id = text(&job, "request_id");
    assert_eq!(job["status"], "IN_QUEUE");
    assert_eq!(job["queue_position"], 2);
    let url = format!("{}/{APP}/requests/{id}", server.urls().queue);
    assert_eq!(
        text(&job, "response_url"),
        url,
        "per-request URLs hold the app alone"
    );
    assert_eq!(text(&job, "status_url"), format!("{url}/status"));
    assert_eq!(text(&job, "cancel_url"), format!("{url}/cancel"));

    let (code, status) = send(get(format!("{url}/status?logs=1"))).await;
    assert_eq!((code, text(&status, "status")), (202, "IN_QUEUE"));
    assert!(status.get("logs").is_none());
    let (code, pending) = send(get(&url)).await;
    assert_eq!(
        (code, text(&pending, "detail")),
        (400, "Request is still in progress")
    );

    server.release(id);
    let frames = get(format!("{url}/status/stream?logs=1"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        frames.contains("COMPLETED") && frames.ends_with("\n\n"),
        "{frames}"
    );

    let (code, status) = send(get(format!("{url}/status/?logs=true"))).await;
    assert_eq!((code, text(&status, "status")), (200, "COMPLETED"));
    assert_eq!(status["logs"][1]["message"], "step 2");
    assert_eq!(status["logs"][1]["timestamp"], "2026-01-01T00:00:00.000Z");
    assert!(status["metrics"]["inference_time"].is_number());
    let (_, quiet) = send(get(format!("{url}/status?logs=0"))).await;
    assert!(quiet["logs"].is_null() && quiet.as_object().unwrap().contains_key("logs"));

    for result in [url.clone(), format!("{url}/"), format!("{url}/response")] {
        let response = get(&result).send().await.unwrap();
        assert_eq!(response.status(), 200, "{result}");
        assert_eq!(response.headers()["x-fal-request-id"], id);
        let output = crate::support::json_of(response).await;
        assert_eq!(
            output["seed"], 5,
            "a valid instance fills what the examples lack"
        );
        let picture = format!("{}/files/mock/drawing.png", server.urls().cdn);
        assert_eq!(text(&output["picture"], "url"), picture);
    }
    assert_eq!(server.count(Route::Result), 4);
    assert_eq!(server.jobs_created(), 1);
}

#[tokio::test]
async fn logs_of_a_stream_are_incremental() {
    let script = Script::new()
        .log("one")
        .log("two")
        .run(Duration::from_millis(1))
        .hold(Hold::Running);
    let server = start(MockServer::builder().default_script(script)).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let stream = get(format!("{}/stream?logs=1", text(&job, "status_url")))
        .send()
        .await
        .unwrap();
    assert_eq!(
        stream.headers()["content-type"],
        "text/event-stream; charset=utf-8"
    );
    server.release(text(&job, "request_id"));
    let text = stream.text().await.unwrap();
    assert_eq!(text.matches("\"one\"").count(), 1, "{text}");
    assert_eq!(text.matches("\"two\"").count(), 1, "{text}");
    assert_eq!(text.matches("COMPLETED").count(), 1, "{text}");
}

#[tokio::test]
async fn an_idle_stream_is_kept_alive() {
    let builder = MockServer::builder()
        .keep_alive(Duration::from_millis(1))
        .default_script(Script::new().hold(Hold::Queued));
    let server = start(builder).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let mut stream = get(format!("{}/stream", text(&job, "status_url")))
        .send()
        .await
        .unwrap();
    let mut seen = String::new();
    while !seen.contains("\n\n:") {
        seen += std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap();
    }
    server.release_all();
    while let Some(chunk) = stream.chunk().await.unwrap() {
        seen += std::str::from_utf8(&chunk).unwrap();
    }
    assert!(seen.contains("COMPLETED"), "{seen}");
}

#[tokio::test]
async fn bad_input_is_taken_at_submit_and_refused_at_the_result() {
    let server = server().await;
    let job = submit(&server, json!({ "strokes": 999 })).await;
    let (code, status) = send(get(text(&job, "status_url"))).await;
    assert_eq!(
        (code, text(&status, "error")),
        (200, "Invalid status code: 422")
    );
    let (code, body) = send(get(text(&job, "response_url"))).await;
    assert_eq!(code, 422);
    assert_eq!(
        body,
        json!({ "detail": [
            { "loc": ["body", "prompt"], "msg": "Field required", "type": "missing", "input": { "strokes": 999 } },
            { "loc": ["body", "strokes"], "msg": "Input should be less than or equal to 241",
              "type": "less_than_equal", "input": 999, "ctx": { "le": 241 } },
        ] })
    );
}

#[tokio::test]
async fn sub_paths_are_refused_unless_lenient() {
    let strict = server().await;
    let job = submit(&strict, json!({ "prompt": "x" })).await;
    let id = text(&job, "request_id");
    for tail in ["", "/status", "/status/stream"] {
        let url = format!("{}/{ENDPOINT}/requests/{id}{tail}", strict.urls().queue);
        assert_eq!(send(get(url)).await.0, 405, "{tail}");
    }
    let lenient = start(MockServer::builder().lenient()).await;
    let job = submit(&lenient, json!({ "prompt": "x" })).await;
    let url = format!(
        "{}/{ENDPOINT}/requests/{}",
        lenient.urls().queue,
        text(&job, "request_id")
    );
    assert_eq!(send(get(url)).await.0, 200);
}

#[tokio::test]
async fn cancelling() {
    let server =
        start(MockServer::builder().default_script(Script::new().hold(Hold::Queued))).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let (code, body) = send(put(text(&job, "cancel_url"))).await;
    assert_eq!(
        (code, body),
        (202, json!({ "status": "CANCELLATION_REQUESTED" }))
    );
    assert_eq!(server.jobs()[0].result, Some(499), "as soon as the reply");
    let stream = get(format!("{}/stream", text(&job, "status_url")))
        .send()
        .await
        .unwrap();
    assert!(stream.text().await.unwrap().contains("client_cancelled"));
    let (code, body) = send(get(text(&job, "response_url"))).await;
    assert_eq!((code, text(&body, "error_type")), (499, "client_cancelled"));
    let (code, body) = send(put(text(&job, "cancel_url"))).await;
    assert_eq!(
        (code, body),
        (400, json!({ "status": "ALREADY_COMPLETED" }))
    );
    let unknown = format!(
        "{}/{APP}/requests/00000000-0000-4000-8000-000000000000/cancel",
        server.urls().queue
    );
    let (code, body) = send(put(unknown)).await;
    assert_eq!((code, body), (404, json!({ "status": "NOT_FOUND" })));
}

#[tokio::test]
async fn a_runner_may_ignore_a_cancel() {
    let script = Script::new()
        .hold(Hold::Running)
        .ignores_cancel()
        .run(Duration::from_millis(1));
    let server = start(MockServer::builder().default_script(script)).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let id = text(&job, "request_id");
    while server.jobs()[0].status != "IN_PROGRESS" {
        tokio::task::yield_now().await;
    }
    assert_eq!(send(put(text(&job, "cancel_url"))).await.0, 202);
    server.release(id);
    get(format!("{}/stream", text(&job, "status_url")))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(send(get(text(&job, "response_url"))).await.0, 200);
}

#[tokio::test]
async fn failures_replay_status_headers_and_body() {
    let failure = Failure::platform(503, "runner_disconnected", "Runner disconnected");
    let server = start(MockServer::builder().script(ENDPOINT, Script::new().fail(failure))).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let (_, status) = send(get(text(&job, "status_url"))).await;
    assert_eq!(
        (text(&status, "error"), text(&status, "error_type")),
        ("Runner disconnected", "runner_disconnected")
    );
    let response = get(text(&job, "response_url")).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(
        response.headers()["x-fal-error-type"],
        "runner_disconnected"
    );
}

#[tokio::test]
async fn a_start_timeout_fires_while_queued() {
    let server =
        start(MockServer::builder().default_script(Script::new().hold(Hold::Queued))).await;
    let url = format!("{}/{ENDPOINT}", server.urls().queue);
    let request = post(url)
        .json(&json!({ "prompt": "x" }))
        .header("x-fal-request-timeout", "0.1");
    let (_, job) = send(request).await;
    get(format!("{}/stream", text(&job, "status_url")))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let response = get(text(&job, "response_url")).send().await.unwrap();
    assert_eq!(response.status(), 504);
    assert_eq!(response.headers()["x-fal-request-timeout-type"], "user");
}

#[tokio::test]
async fn a_request_brings_its_own_script() {
    let server = server().await;
    let mine = json!({ "prompt": "x", "__mock": { "output": { "mine": true } } });
    let job = submit(&server, mine).await;
    assert_eq!(
        send(get(text(&job, "response_url"))).await.1,
        json!({ "mine": true })
    );
    assert_eq!(
        server.jobs()[0].input,
        r#"{"prompt":"x"}"#,
        "the field is the mock's, not the model's"
    );

    let url = format!("{}/{ENDPOINT}", server.urls().run);
    let scripted = post(&url).json(&json!({})).header(
        "x-mock-script",
        r#"{"failure":{"status":500,"body":{"detail":"x"}}}"#,
    );
    assert_eq!(send(scripted).await, (500, json!({ "detail": "x" })));
    let wrong = post(&url)
        .json(&json!({}))
        .header("x-mock-script", r#"{"run_sm":1}"#);
    let (code, body) = send(wrong).await;
    assert_eq!(code, 400);
    assert!(text(&body, "detail").contains("run_sm"), "{body}");
}

#[tokio::test]
async fn unknown_requests_and_apps() {
    let server = server().await;
    let (code, body) = send(get(format!(
        "{}/{APP}/requests/nothing/status",
        server.urls().queue
    )))
    .await;
    assert_eq!((code, body), (404, json!({ "status": "NOT_FOUND" })));
    let (code, body) =
        send(post(format!("{}/paint-shop/brush", server.urls().queue)).json(&json!({}))).await;
    assert_eq!(
        (code, body),
        (404, json!({ "detail": "Application \"brush\" not found" }))
    );
    let below = post(format!("{}/{APP}/none", server.urls().queue)).json(&json!({}));
    let (code, job) = send(below).await;
    assert_eq!(code, 200, "the application is there");
    let (code, body) = send(get(text(&job, "response_url"))).await;
    assert_eq!(
        (code, body),
        (404, json!({ "detail": "Path /none not found" }))
    );
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let elsewhere = text(&job, "status_url").replace(APP, "paint-shop/other");
    assert_eq!(
        send(get(elsewhere)).await.0,
        404,
        "a request belongs to its app"
    );
    server.expire(text(&job, "request_id"));
    assert_eq!(send(get(text(&job, "response_url"))).await.0, 404);
}

#[tokio::test]
async fn the_queue_may_be_too_long_for_the_caller() {
    let server =
        start(MockServer::builder().default_script(Script::new().hold(Hold::Queued))).await;
    submit(&server, json!({ "prompt": "x" })).await;
    let url = |limit| {
        format!(
            "{}/{ENDPOINT}?fal_max_queue_length={limit}",
            server.urls().queue
        )
    };
    assert_eq!(send(post(url(0)).json(&json!({}))).await.0, 429);
    assert_eq!(send(post(url(1)).json(&json!({}))).await.0, 200);
}

#[tokio::test]
async fn beyond_the_limit_jobs_wait_and_runs_are_refused() {
    let held = Script::new().hold(Hold::Running);
    let server = start(MockServer::builder().concurrency(1).default_script(held)).await;
    let first = submit(&server, json!({ "prompt": "1" })).await;
    while server.jobs()[0].status != "IN_PROGRESS" {
        tokio::task::yield_now().await;
    }
    let second = submit(&server, json!({ "prompt": "2" })).await;
    let refused = post(format!("{}/{ENDPOINT}", server.urls().run)).json(&json!({ "prompt": "x" }));
    let refused = refused.send().await.unwrap();
    assert_eq!(
        (
            refused.status().as_u16(),
            &refused.headers()["x-fal-needs-retry"]
        ),
        (429, &"1".parse().unwrap())
    );
    assert_eq!(server.jobs()[1].status, "IN_QUEUE");
    server.release(text(&first, "request_id"));
    server.release(text(&second, "request_id"));
    get(format!("{}/stream", text(&second, "status_url")))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(send(get(text(&second, "response_url"))).await.0, 200);
}
