//! Every fault, as a client meets it.

use std::time::Duration;

use fal_mock::{CannedReply, CutAt, Fault, Hold, Injection, MockServer, Route, Script};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{
    ENDPOINT, client, get, json_of, post, run, send, server, start, submit, text,
};

/// One direct run.
async fn try_run(server: &MockServer) -> reqwest::Result<Response> {
    let url = format!("{}/{ENDPOINT}", server.urls().run);
    post(url).json(&json!({ "prompt": "x" })).send().await
}

async fn try_submit(server: &MockServer) -> reqwest::Result<Response> {
    let url = format!("{}/{ENDPOINT}", server.urls().queue);
    post(url).json(&json!({ "prompt": "x" })).send().await
}

/// The error that a broken connection gives, whether it shows before the reply's head or in its body.
async fn broken(reply: reqwest::Result<Response>) -> reqwest::Error {
    match reply {
        Ok(response) => response.bytes().await.unwrap_err(),
        Err(error) => error,
    }
}

#[tokio::test]
async fn replies_instead_of_the_routes_own() {
    let server = server().await;
    let faults = [
        (
            Fault::too_many_requests(Some(Duration::from_secs(7))),
            429,
            true,
        ),
        (Fault::too_many_requests(None), 429, true),
        (Fault::nginx(502), 502, false),
        (CannedReply::nginx(504).with_request_id().into(), 504, true),
        (
            Fault::platform(503, "runner_disconnected", "Runner disconnected"),
            503,
            true,
        ),
        (Fault::start_timeout(), 504, true),
        (Fault::unauthorized(), 401, true),
        (Fault::locked(), 403, true),
        (Fault::html(), 200, false),
        (Fault::status(503), 503, false),
    ];
    for (fault, status, has_id) in faults {
        let injected = server.inject(fault.clone().on(Route::Run));
        let response = try_run(&server).await.unwrap();
        assert_eq!(response.status(), status, "{fault:?}");
        assert_eq!(
            response.headers().contains_key("x-fal-request-id"),
            has_id,
            "{fault:?}"
        );
        assert_eq!(injected.fired(), 1);
    }
    server.inject(Fault::too_many_requests(Some(Duration::from_secs(7))).on(Route::Run));
    assert_eq!(
        try_run(&server).await.unwrap().headers()["retry-after"],
        "7"
    );
    server.inject(Fault::nginx(503).on(Route::Run));
    let page = try_run(&server).await.unwrap().text().await.unwrap();
    assert!(
        page.contains("<center>nginx</center>") && page.contains("503 Service Unavailable"),
        "{page}"
    );
    assert_eq!(
        try_run(&server).await.unwrap().status(),
        200,
        "faults happen once"
    );
}

#[tokio::test]
async fn a_dropped_submit_may_or_may_not_have_made_a_job() {
    let server = server().await;
    server.inject(Fault::Refuse.on(Route::Submit));
    broken(try_submit(&server).await).await;
    assert_eq!(server.requests()[0].body_len, 0);
    assert!(!server.requests()[0].complete, "the body was not read");
    server.inject(Fault::Drop.on(Route::Submit));
    broken(try_submit(&server).await).await;
    assert!(server.requests()[1].complete);
    assert_eq!(server.jobs_created(), 0);
    server.inject(Fault::Drop.on(Route::Submit).handled());
    broken(try_submit(&server).await).await;
    server.inject(Fault::nginx(504).on(Route::Submit).handled());
    assert_eq!(try_submit(&server).await.unwrap().status(), 504);
    assert_eq!(server.jobs_created(), 2, "accepted, though nobody was told");
}

#[tokio::test]
async fn a_reply_may_come_before_the_body_is_read() {
    let server = server().await;
    server.inject(CannedReply::new(413).early().on(Route::Submit));
    assert_eq!(try_submit(&server).await.unwrap().status(), 413);
    assert!(!server.requests()[0].complete, "the body was not read");
    assert_eq!(try_submit(&server).await.unwrap().status(), 200);
    assert_eq!(server.jobs_created(), 1);
}

#[tokio::test]
async fn a_connection_may_close_as_it_is_accepted() {
    let server = server().await;
    server.inject(Fault::Refuse.on(Route::Connection));
    broken(try_run(&server).await).await;
    assert_eq!(server.total(), 0);
    assert_eq!(try_run(&server).await.unwrap().status(), 200);
}

#[tokio::test]
async fn bodies_break_off() {
    let server = server().await;
    server.inject(Fault::Truncate { keep: None }.on(Route::Run));
    let mut response = try_run(&server).await.unwrap();
    let whole = response.content_length().unwrap();
    let mut came = 0;
    let error = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => came += chunk.len() as u64,
            Ok(None) => panic!("the end came as if it were whole"),
            Err(error) => break error,
        }
    };
    assert!(came == whole / 2 && came > 0, "{came} of {whole}: {error}");
    server.inject(Fault::MalformedJson.on(Route::Run));
    let response = try_run(&server).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(serde_json::from_str::<Value>(&response.text().await.unwrap()).is_err());
    server.inject(
        Fault::ContentType {
            value: "text/html".into(),
        }
        .on(Route::Run),
    );
    let response = try_run(&server).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/html");
    assert!(json_of(response).await["picture"].is_object());
}

#[tokio::test]
async fn bodies_stall_and_heads_come_late() {
    let server = server().await;
    server.inject(Fault::Stall { keep: Some(3) }.on(Route::Run));
    let mut response = try_run(&server).await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 3);
    let more = tokio::time::timeout(Duration::from_millis(30), response.chunk()).await;
    assert!(more.is_err(), "nothing more comes, and no end");
    server.inject(Fault::Delay { ms: 10_000 }.on(Route::Run));
    let late = tokio::time::timeout(Duration::from_millis(30), try_run(&server)).await;
    assert!(late.is_err());
}

#[tokio::test]
async fn bodies_never_end_or_swell() {
    let server = server().await;
    server.inject(Fault::Endless.on(Route::Result));
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let mut response = get(text(&job, "response_url")).send().await.unwrap();
    let mut came = 0;
    while came < 1 << 20 {
        came += response.chunk().await.unwrap().unwrap().len();
    }
    drop(response);
    server.inject(Fault::GzipBomb { bytes: 50 << 20 }.on(Route::Result));
    let response = get(text(&job, "response_url")).send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let packed = response.bytes().await.unwrap();
    assert!(packed.len() < 1 << 20, "{}", packed.len());
    let mut unpacked = 0;
    let mut reader = flate2::read::GzDecoder::new(&packed[..]);
    let mut buffer = vec![0; 1 << 16];
    while let read @ 1.. = std::io::Read::read(&mut reader, &mut buffer).unwrap() {
        unpacked += read;
    }
    assert_eq!(unpacked, 50 << 20);
}

/// Everything that came, and whether the connection broke.
async fn drain(mut response: Response) -> (Vec<u8>, bool) {
    let mut came = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => came.extend(chunk),
            Ok(None) => return (came, false),
            Err(_) => return (came, true),
        }
    }
}

#[tokio::test]
async fn streams_are_cut() {
    let server =
        start(MockServer::builder().default_script(Script::new().hold(Hold::Queued))).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let url = format!("{}/stream", text(&job, "status_url"));
    for (at, clean) in [
        (CutAt::Frame, true),
        (CutAt::Frame, false),
        (CutAt::Line, false),
        (CutAt::Char, true),
    ] {
        let cut = Fault::CutStream {
            frames: 1,
            at,
            clean,
        };
        server.inject(cut.on(Route::StatusStream));
        let (came, broke) = drain(get(&url).send().await.unwrap()).await;
        assert_eq!(broke, !clean, "{at:?}");
        let lines = String::from_utf8_lossy(&came);
        assert!(
            lines.contains("IN_QUEUE") && !lines.contains("COMPLETED"),
            "{lines}"
        );
        assert_eq!(came.ends_with(b"\n\n"), at == CutAt::Frame, "{lines}");
        assert_eq!(
            std::str::from_utf8(&came).is_err(),
            at == CutAt::Char,
            "{lines}"
        );
    }
}

#[tokio::test]
async fn a_dribbled_stream_loses_nothing() {
    let server = start(MockServer::builder().default_script(Script::new().log("ünïcödé"))).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    server.inject(
        Fault::Dribble {
            bytes: 1,
            pause_ms: 0,
        }
        .on(Route::StatusStream),
    );
    let url = format!("{}/stream?logs=1", text(&job, "status_url"));
    let (came, broke) = drain(get(url).send().await.unwrap()).await;
    assert!(!broke && String::from_utf8(came).unwrap().contains("ünïcödé"));
}

#[tokio::test]
async fn submit_replies_lead_elsewhere() {
    let server = server().await;
    server.inject(
        Fault::ForeignUrls {
            base: "https://evil.example/q/".into(),
        }
        .on(Route::Submit),
    );
    let job = submit(&server, json!({ "prompt": "x" })).await;
    for key in ["status_url", "response_url", "cancel_url"] {
        assert!(
            text(&job, key).starts_with("https://evil.example/q/paint-shop/easel/requests/"),
            "{job}"
        );
    }
    server.inject(Fault::redirect(307, "http://elsewhere.example/take").on(Route::Run));
    let response = try_run(&server).await.unwrap();
    assert_eq!(response.status(), 307);
    assert_eq!(
        response.headers()["location"],
        "http://elsewhere.example/take"
    );
}

#[tokio::test]
async fn faults_are_aimed() {
    let server = server().await;
    server.inject(Fault::unauthorized().on(Route::Run).after(1).always());
    assert_eq!(run(&server, json!({ "prompt": "x" })).await.0, 200);
    assert_eq!(
        run(&server, json!({ "prompt": "x" })).await.0,
        401,
        "revoked midway"
    );
    assert_eq!(run(&server, json!({ "prompt": "x" })).await.0, 401);
    server.clear_faults();
    assert_eq!(run(&server, json!({ "prompt": "x" })).await.0, 200);

    let (one, two) = (
        submit(&server, json!({ "prompt": "1" })).await,
        submit(&server, json!({ "prompt": "2" })).await,
    );
    let once = server.inject(
        Fault::expired()
            .on(Route::Result)
            .request_id(text(&two, "request_id")),
    );
    assert_eq!(send(get(text(&one, "response_url"))).await.0, 200);
    assert_eq!(send(get(text(&two, "response_url"))).await.0, 404);
    assert_eq!(send(get(text(&two, "response_url"))).await.0, 200);
    assert_eq!(once.fired(), 1);
    let mine = server.inject(
        Fault::locked()
            .on(Route::Status)
            .endpoint(ENDPOINT)
            .always(),
    );
    assert_eq!(send(get(text(&one, "status_url"))).await.0, 403);
    assert!(server.remove_fault(&mine) && !server.remove_fault(&mine));
    assert_eq!(send(get(text(&one, "status_url"))).await.0, 200);
    let any = MockServer::builder()
        .any_app()
        .fault(Fault::status(500))
        .start()
        .await
        .unwrap();
    let catalog = client().get(format!("{}/models", any.urls().platform));
    assert_eq!(
        catalog.send().await.unwrap().status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

#[test]
fn injections_are_json_too() {
    let text = r#"{ "fault": { "reply": { "status": 502, "body": "x" } }, "routes": ["status"], "times": null }"#;
    let injection: Injection = serde_json::from_str(text).unwrap();
    assert_eq!(
        injection,
        Injection::from(Fault::from(CannedReply::new(502).body("x")))
            .on(Route::Status)
            .always()
    );
    let unit: Injection = serde_json::from_str(r#"{ "fault": "drop", "handled": true }"#).unwrap();
    assert_eq!(unit, Injection::from(Fault::Drop).handled());
}
