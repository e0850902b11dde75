//! What servers say when they close a connection: without the key, and without what a terminal would obey.

use super::{Stroke, stroke, talking, within};
use fal_sdk::{Client, Error, ErrorKind};
use fal_tests::sample::KEY;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// A client of a server that answers the first message with these.
async fn answered_with(answers: Vec<Message>) -> Client {
    let builder = talking(move |mut socket| {
        let answers = answers.clone();
        async move {
            let _ = socket.next().await;
            for answer in answers {
                socket.send(answer).await.unwrap();
            }
        }
    });
    builder.await.build().unwrap()
}

fn closed(reason: &str) -> Message {
    Message::Close(Some(CloseFrame {
        code: 4000.into(),
        reason: reason.into(),
    }))
}

/// The errors of a realtime connection and of a call over a websocket.
async fn errors(answers: Vec<Message>) -> [Error; 2] {
    let fal = answered_with(answers).await;
    let connection = fal.realtime::<Stroke>().with_key();
    let mut connection = within(connection.into_future()).await.unwrap();
    connection.send(stroke(1)).await.unwrap();
    let of_connection = within(connection.recv()).await.unwrap().unwrap_err();
    let mut calls = within(fal.socket::<Stroke>().into_future()).await.unwrap();
    let of_call = within(calls.run(stroke(1))).await.unwrap_err();
    [of_connection, of_call]
}

fn shown(error: &Error) -> [String; 3] {
    [
        error.to_string(),
        format!("{error:?}"),
        format!("{error:#?}"),
    ]
}

#[tokio::test]
async fn a_key_in_a_close_reason_is_not_shown() {
    let secret = KEY.split_once(':').map_or(KEY, |(_, secret)| secret);
    for reason in [format!("invalid key {KEY}"), format!("no {secret} here")] {
        for error in errors(vec![closed(&reason)]).await {
            assert_eq!(error.close_code(), Some(4000), "{error:?}");
            assert!(error.to_string().contains("***"), "{error}");
            assert!(!error.message().contains(secret), "{error:?}");
            for text in shown(&error) {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn a_close_reason_is_not_obeyed_by_a_terminal() {
    let reason = "\u{1b}[2J\u{1b}]0;x\u{7}no \u{202e}evil\u{202c}";
    for error in errors(vec![closed(reason)]).await {
        assert!(error.to_string().contains("no \\u{202e}evil"), "{error}");
        for text in shown(&error) {
            let harmful = ['\u{1b}', '\u{7}', '\u{202e}', '\u{202c}'];
            assert!(!text.contains(harmful), "{text:?}");
        }
    }
}

/// The error of an app comes as a message before the connection is closed.
#[tokio::test]
async fn a_key_in_an_apps_error_is_not_shown() {
    let secret = KEY.split_once(':').map_or(KEY, |(_, secret)| secret);
    let error = json!({
        "type": "x-fal-error", "error": format!("BAD {KEY}"), "reason": format!("\u{1b}{KEY}"),
    });
    let fal = answered_with(vec![Message::text(error.to_string()), closed(KEY)]).await;
    let connection = fal.realtime::<Stroke>().with_key();
    let mut connection = within(connection.into_future()).await.unwrap();
    connection.send(stroke(1)).await.unwrap();
    let error = within(connection.recv()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JobFailed, "{error:?}");
    for text in shown(&error) {
        assert!(!text.contains(secret) && !text.contains('\u{1b}'), "{text}");
    }
}

/// A reply over a websocket is a reply like any other.
#[tokio::test]
async fn a_key_in_a_reply_over_a_websocket_is_not_shown() {
    let secret = KEY.split_once(':').map_or(KEY, |(_, secret)| secret);
    let about = |kind| json!({"type": kind, "request_id": "r-1", "status": 401}).to_string();
    let body = json!({"detail": format!("invalid key {KEY}")}).to_string();
    let answers = [about("start"), body, about("end")].map(Message::text);
    let fal = answered_with(answers.to_vec()).await;
    let mut calls = within(fal.socket::<Stroke>().into_future()).await.unwrap();
    let error = within(calls.run(stroke(1))).await.unwrap_err();
    assert_eq!(error.message(), "invalid key ***", "{error:?}");
    for text in shown(&error) {
        assert!(!text.contains(secret), "{text}");
    }
}
