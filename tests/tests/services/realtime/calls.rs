//! Calls over a websocket.

use std::sync::Arc;

use super::{APP, Stroke, stroke, talking, within};
use fal_mock::{MockServer, Route, Script};
use fal_sdk::ErrorKind;
use fal_tests::sample::{KEY, client};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

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

/// What is known of a call that was not answered to its end: its id, and whether
/// its reply was there.
#[tokio::test]
async fn a_call_that_breaks_off_keeps_its_request_id() {
    let builder = talking(|mut socket| async move {
        let _ = socket.next().await;
        let start = json!({"type": "start", "request_id": "r-1", "status": 200});
        socket.send(Message::text(start.to_string())).await.unwrap();
        socket.send(Message::text("x".repeat(2_000))).await.unwrap();
    })
    .await;
    let mut limits = fal_sdk::Limits::default();
    let expected = [
        (limits.output, ErrorKind::OutcomeUnknown),
        (1_000, ErrorKind::TooLarge),
    ];
    for (output, kind) in expected {
        limits.output = output;
        let fal = builder.clone().limits(limits.clone()).build().unwrap();
        let mut calls = fal.socket::<Stroke>().await.unwrap();
        let error = calls.run(stroke(1)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.request_id(), Some("r-1"), "{error}");
    }
}

async fn answer(socket: &mut WebSocketStream<TcpStream>) {
    let about = |kind| json!({"type": kind, "request_id": "r-1", "status": 200}).to_string();
    let output = json!({"number": 5}).to_string();
    for text in [about("start"), output, about("end")] {
        socket.send(Message::text(text)).await.unwrap();
    }
}

/// A connection that ended between two calls took nothing with it: the second one
/// goes over another.
#[tokio::test]
async fn a_connection_that_ends_between_calls_is_made_again() {
    for is_told in [true, false] {
        let ended = Arc::new(Notify::new());
        let end = Arc::clone(&ended);
        let builder = talking(move |mut socket| {
            let end = Arc::clone(&end);
            async move {
                socket.next().await.unwrap().unwrap();
                answer(&mut socket).await;
                if is_told {
                    socket.close(None).await.unwrap();
                }
                drop(socket);
                end.notify_one();
            }
        });
        let fal = builder.await.build().unwrap();
        let mut calls = within(fal.socket::<Stroke>().into_future()).await.unwrap();
        for _ in 0..3 {
            let output = within(calls.run(stroke(1))).await.unwrap();
            assert_eq!(output.number, 5);
            within(ended.notified()).await;
        }
    }
}

/// What was said between calls is no part of the next one's reply.
#[tokio::test]
async fn what_is_said_between_calls_belongs_to_none() {
    let said = Arc::new(Notify::new());
    let say = Arc::clone(&said);
    let builder = talking(move |mut socket| {
        let say = Arc::clone(&say);
        async move {
            while let Some(Ok(Message::Text(_))) = socket.next().await {
                answer(&mut socket).await;
                socket.send(Message::text("a word")).await.unwrap();
                say.notify_one();
            }
        }
    });
    let fal = builder.await.build().unwrap();
    let mut calls = fal.socket::<Stroke>().await.unwrap();
    for _ in 0..3 {
        assert_eq!(within(calls.run(stroke(1))).await.unwrap().number, 5);
        within(said.notified()).await;
    }
}
