//! Realtime connections, and calls over a websocket.

mod frames;
mod tokens;

use std::time::Duration;

use fal_mock::{MockServer, RealtimeScript, Route, Script};
use fal_sdk::realtime::Encoding;
use fal_sdk::{Client, ErrorKind, Input, Media, Validate, validate::Validator, wire};
use fal_tests::sample::{KEY, client};
use serde_json::json;

const APP: &str = "acme/live";

/// An input that the mock echoes.
#[derive(Debug, Clone, PartialEq)]
struct Stroke {
    number: i64,
    image_url: Option<Media>,
}

wire! {
    Stroke {
        number: required,
        image_url: optional,
    }
}

impl Validate for Stroke {
    fn check(&self, check: &mut Validator) {
        check.range("number", &self.number, 0..=1_000_000);
    }
}

impl Input for Stroke {
    const ENDPOINT: &'static str = APP;
    type Output = Stroke;

    fn for_each_media<'a>(&'a mut self, visit: &mut dyn FnMut(&'a mut Media)) {
        self.image_url.iter_mut().for_each(visit);
    }
}

fn stroke(number: i64) -> Stroke {
    Stroke {
        number,
        image_url: None,
    }
}

async fn server(script: RealtimeScript) -> MockServer {
    let script = Script::new().realtime(script);
    MockServer::builder()
        .script(APP, script)
        .start()
        .await
        .unwrap()
}

async fn echo() -> (MockServer, Client) {
    let server = server(RealtimeScript::default()).await;
    let fal = client(&server);
    (server, fal)
}

fn script(change: impl FnOnce(&mut RealtimeScript)) -> RealtimeScript {
    let mut script = RealtimeScript::default();
    change(&mut script);
    script
}

#[tokio::test]
async fn inputs_go_and_outputs_come_in_both_encodings() {
    for (encoding, binary) in [(Encoding::MessagePack, true), (Encoding::Json, false)] {
        let (server, fal) = echo().await;
        let mut connection = fal
            .realtime::<Stroke>()
            .encoding(encoding)
            .max_buffering(5)
            .await
            .unwrap();
        for number in 0..20 {
            connection.send(stroke(number)).await.unwrap();
            let received = connection.recv().await.unwrap().unwrap();
            assert_eq!(received.output, stroke(number));
            assert_eq!(received.raw, json!({ "number": number }));
        }
        assert!(
            server
                .messages()
                .iter()
                .all(|message| message.binary == binary)
        );
        let opened = &server.requests_to(Route::Realtime)[0];
        assert_eq!(opened.path, "/acme/live/realtime");
        assert_eq!(opened.query_param("max_buffering").as_deref(), Some("5"));
        assert!(opened.query_param("fal_jwt_token").is_some());
        // The key buys a token for this app, and goes no further.
        assert_eq!(opened.header("authorization"), None);
        let bought = &server.requests_to(Route::Token)[0];
        assert_eq!(
            bought.header("authorization"),
            Some(format!("Key {KEY}").as_str())
        );
        assert_eq!(
            bought.json(),
            Some(json!({"allowed_apps": ["live"], "token_expiration": 120}))
        );
    }
}

#[tokio::test]
async fn the_two_directions_are_used_apart() {
    let (_server, fal) = echo().await;
    let (sender, mut receiver) = fal.realtime::<Stroke>().buffer(2).await.unwrap().split();
    let sending = tokio::spawn(async move {
        for number in 0..500 {
            sender.send(stroke(number)).await.unwrap();
        }
        sender
    });
    for number in 0..500 {
        assert_eq!(
            receiver.recv().await.unwrap().unwrap().output.number,
            number
        );
    }
    let sender = sending.await.unwrap();
    sender.close().await;
    assert!(receiver.recv().await.is_none());
    let error = sender.send(stroke(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
}

#[tokio::test]
async fn an_app_that_fails_is_heard_once() {
    let server = server(script(|script| {
        script.error = Some("INTERNAL_ERROR".to_owned());
    }))
    .await;
    let mut connection = client(&server).realtime::<Stroke>().await.unwrap();
    connection.send(stroke(1)).await.unwrap();
    let error = connection.recv().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JobFailed);
    assert_eq!(error.error_type(), Some("INTERNAL_ERROR"));
    assert_eq!(error.endpoint(), Some(APP));
}

#[tokio::test]
async fn an_idle_connection_is_made_again_when_it_is_needed() {
    let server = server(script(|script| script.idle_ms = Some(50))).await;
    let fal = client(&server);
    let mut connection = fal.realtime::<Stroke>().await.unwrap();
    for number in 0..3 {
        connection.send(stroke(number)).await.unwrap();
        assert_eq!(
            connection.recv().await.unwrap().unwrap().output.number,
            number
        );
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    assert_eq!(server.count(Route::Realtime), 3);
    // One token is good for all of them.
    assert_eq!(server.count(Route::Token), 1);
    let mut once = fal.realtime::<Stroke>().reconnect(false).await.unwrap();
    assert!(once.recv().await.is_none());
}

#[tokio::test]
async fn closes_are_told_by_their_code() {
    for (code, ends) in [(1000, true), (1011, false), (4001, false), (1006, false)] {
        let server = server(script(|script| {
            script.close_after = Some(1);
            script.close_code = Some(code);
        }))
        .await;
        let mut connection = client(&server).realtime::<Stroke>().await.unwrap();
        connection.send(stroke(1)).await.unwrap();
        connection.recv().await.unwrap().unwrap();
        if ends {
            assert!(connection.recv().await.is_none(), "{code}");
            continue;
        }
        let error = connection.recv().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.close_code()),
            (ErrorKind::Closed, Some(code)),
            "{error}"
        );
        // The next input is sent over another connection.
        connection.send(stroke(2)).await.unwrap();
        assert_eq!(
            connection.recv().await.unwrap().unwrap().output.number,
            2,
            "{code}"
        );
        assert_eq!(server.count(Route::Realtime), 2);
    }
}

#[tokio::test]
async fn a_program_that_does_not_listen_is_waited_for() {
    let (_server, fal) = echo().await;
    let (sender, mut receiver) = fal.realtime::<Stroke>().buffer(1).await.unwrap().split();
    // More than all buffers hold: some wait on the server.
    for number in 0..30 {
        sender.send(stroke(number)).await.unwrap();
    }
    for number in 0..30 {
        assert_eq!(
            receiver.recv().await.unwrap().unwrap().output.number,
            number
        );
    }
    drop(receiver);
    sender.send(stroke(1)).await.unwrap();
}

#[tokio::test]
async fn calls_go_over_one_websocket() {
    let server = MockServer::builder()
        .script(APP, Script::new().output(json!({"number": 5})))
        .start()
        .await
        .unwrap();
    let fal = client(&server);
    let mut calls = fal.socket::<Stroke>().await.unwrap();
    for _ in 0..3 {
        let detailed = calls.run_detailed(stroke(1)).await.unwrap();
        assert_eq!(detailed.output.number, 5);
        assert!(detailed.request_id.is_some());
    }
    assert_eq!(server.count(Route::HttpOverWebSocket), 1);
    let opened = &server.requests_to(Route::HttpOverWebSocket)[0];
    assert_eq!(
        opened.header("authorization"),
        Some(format!("Key {KEY}").as_str())
    );
    server.script(
        APP,
        Script::new().fail(fal_mock::Failure::new(422, json!({"detail": "no"}))),
    );
    let mut calls = fal.endpoint(APP).unwrap().socket().await.unwrap();
    let error = calls.run(json!({"number": 1})).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Api, Some(422)),
        "{error}"
    );
}
