//! What errors say: in whose words, and without what harms or betrays.

use fal_sdk::ErrorKind;
use fal_tests::raw_server::{Answer, RawServer, Request};
use fal_tests::sample::{ENDPOINT, KEY, SampleInput};
use serde_json::{Value, json};

fn is_submit(request: &Request) -> bool {
    request.line.starts_with("POST /queue/")
}

async fn submit_answered(answer: Answer) -> (fal_sdk::Error, RawServer) {
    let server = RawServer::queue(move |request| is_submit(request).then(|| answer.clone())).await;
    let error = server
        .client()
        .submit(SampleInput::new("a"))
        .await
        .unwrap_err();
    (error, server)
}

#[tokio::test]
async fn nothing_of_a_servers_is_obeyed_by_a_terminal() {
    let words = "\u{1b}[2J\u{1b}]0;x\u{7}no \u{202e}evil\u{202c}";
    let answer = Answer::json(400, &json!({"detail": words, "error_type": "a\u{1b}b"}));
    let (error, _server) = submit_answered(answer).await;
    for shown in [
        error.to_string(),
        format!("{error:?}"),
        format!("{error:#?}"),
    ] {
        let harmful = ['\u{1b}', '\u{7}', '\u{202e}', '\u{202c}'];
        assert!(!shown.contains(harmful), "{shown:?}");
    }
    assert!(error.to_string().contains("no \\u{202e}evil"), "{error}");
    assert_eq!(error.message(), words);
}

/// A server that repeats the key does not get it into a log.
#[tokio::test]
async fn a_key_that_a_server_repeats_is_not_shown() {
    let secret = KEY.split_once(':').map_or(KEY, |(_, secret)| secret);
    let field = json!({"loc": ["body", KEY], "msg": format!("bad {KEY}"), "type": secret});
    for body in [
        json!({"detail": format!("invalid key {KEY}"), "error_type": KEY}),
        json!({"detail": [field]}),
        json!({"error": {"message": format!("Key {secret}")}}),
        json!([field]),
    ] {
        for status in [401, 422, 503] {
            let (error, _server) = submit_answered(Answer::json(status, &body)).await;
            let fields = format!("{:?}", error.field_errors());
            for shown in [
                error.to_string(),
                format!("{error:#?}"),
                error.message().to_owned(),
                error.error_type().unwrap_or_default().to_owned(),
                fields,
            ] {
                assert!(!shown.contains(secret), "{shown}");
            }
            assert!(error.to_string().contains("***"), "{error}");
        }
    }
    let server = RawServer::start(|_| {
        let event = format!("event: error\ndata: {{\"message\": \"bad {KEY}\"}}\n\n");
        Answer::new(200, &[("content-type", "text/event-stream")], event)
    })
    .await;
    let mut stream = server.client().stream(SampleInput::new("a")).await.unwrap();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.message(), "bad ***", "{error:?}");
    let html = format!("<title>{KEY}</title>");
    let (error, _server) = submit_answered(Answer::new(502, &[], html)).await;
    assert!(!error.to_string().contains(secret), "{error}");
    let kind = Answer::new(200, &[("content-type", KEY)], "no");
    let (error, _server) = submit_answered(kind).await;
    assert!(!error.to_string().contains(secret), "{error}");
}

#[tokio::test]
async fn a_locked_account_is_told_from_a_conflict() {
    let payload = json!({"detail": "User is locked. Reason: Exhausted balance."});
    let body = json!({"error": {
        "code": "BILLING_ERROR",
        "details": {"upstreamPayload": payload},
    }});
    let (error, server) = submit_answered(Answer::json(409, &body)).await;
    assert!(error.is_balance() && !error.is_retryable(), "{error:?}");
    assert_eq!(error.error_type(), Some("BILLING_ERROR"));
    assert!(
        error.to_string().starts_with("User is locked. Reason:"),
        "{error}"
    );
    assert_eq!(server.count("POST"), 1);
    let (error, _server) = submit_answered(Answer::json(409, &json!({"detail": "busy"}))).await;
    assert!(!error.is_balance());
}

#[tokio::test]
async fn field_errors_are_found_however_they_are_wrapped() {
    let errors = json!([{"loc": ["body", "prompt"], "msg": "field required", "type": "missing"}]);
    for body in [
        errors.clone(),
        json!({"detail": errors}),
        json!({"error": {"status": 422, "body": {"detail": errors}}}),
        json!({"type": "error", "message": "x", "error": {"body": {"detail": errors}}}),
    ] {
        let (error, _server) = submit_answered(Answer::json(422, &body)).await;
        assert_eq!(error.field_errors().len(), 1, "{body}");
        assert_eq!(error.field_errors()[0].pointer(), "/prompt");
        assert!(
            error.to_string().starts_with("field required at /prompt"),
            "{error}"
        );
        assert!(error.is_validation());
    }
    for body in [json!([1, 2]), json!([]), json!({"detail": [1]})] {
        let (error, _server) = submit_answered(Answer::json(422, &body)).await;
        assert!(error.field_errors().is_empty(), "{error:?}");
    }
}

#[tokio::test]
async fn a_wrapper_around_the_input_is_explained() {
    let missing = |field: &str| {
        let error = json!({"loc": ["body", field], "msg": "Field required", "type": "missing"});
        Answer::json(422, &json!({"detail": [error]}))
    };
    let answer = missing("prompt");
    let server = RawServer::queue(move |request| {
        let is_status = request.line.contains("/status") || is_submit(request);
        (!is_status).then(|| answer.clone())
    })
    .await;
    let endpoint = server.client().endpoint(ENDPOINT).unwrap();
    let wrapped = || json!({"input": {"prompt": "a cat"}});
    let job = endpoint.submit(wrapped()).await.unwrap();
    for error in [
        endpoint.subscribe(wrapped()).await.unwrap_err(),
        endpoint.run(wrapped()).await.unwrap_err(),
        job.result().await.unwrap_err(),
    ] {
        assert!(
            error.to_string().contains("without `{\"input\": …}`"),
            "{error}"
        );
    }
    let plain = |input: Value| endpoint.run(input).into_future();
    for input in [
        json!({"prompt": ""}),
        json!({"input": {}, "x": 1}),
        json!({"input": "a"}),
    ] {
        let error = plain(input).await.unwrap_err();
        assert!(!error.to_string().contains("…}`"), "{error}");
    }
}

/// A proxy that is down is not fal refusing.
#[tokio::test]
async fn a_dead_proxy_is_named() {
    let unused = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = unused.local_addr().unwrap();
    drop(unused);
    let proxy = format!("http://{address}");
    let fal = fal_sdk::Client::builder()
        .key(KEY)
        .http_client(move |builder| builder.proxy(reqwest::Proxy::all(&proxy).unwrap()))
        .retry(fal_sdk::retry::RetryPolicy::none())
        .build()
        .unwrap();
    let error = fal.run(SampleInput::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    assert!(error.to_string().contains("the network proxy"), "{error}");

    let of_own = fal_sdk::Client::builder()
        .proxy(fal_sdk::Proxy::new(format!("http://{address}/proxy")))
        .retry(fal_sdk::retry::RetryPolicy::none())
        .build()
        .unwrap();
    let error = of_own.run(SampleInput::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    assert!(error.to_string().contains("the proxy"), "{error}");
}
