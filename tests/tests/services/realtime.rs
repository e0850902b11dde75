//! Realtime connections, and calls over a websocket.

mod calls;
mod close_reasons;
mod frames;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use fal_mock::{MockServer, RealtimeScript, Route, Script};
use fal_sdk::realtime::Encoding;
use fal_sdk::{Client, ErrorKind, Input, Media, Validate, validate::Validator, wire};
use fal_tests::sample::{KEY, client};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

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
        assert_eq!(server.messages().len(), 20);
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
    // Long enough for a slow machine to send an input before the connection is closed again.
    let server = server(script(|script| script.idle_ms = Some(1_500))).await;
    let fal = client(&server);
    let mut connection = fal.realtime::<Stroke>().await.unwrap();
    for number in 0..3 {
        connection.send(stroke(number)).await.unwrap();
        assert_eq!(
            connection.recv().await.unwrap().unwrap().output.number,
            number
        );
        tokio::time::sleep(Duration::from_millis(2_000)).await;
    }
    assert_eq!(server.count(Route::Realtime), 3);
    // One token is good for all of them.
    assert_eq!(server.count(Route::Token), 1);
    let mut once = fal.realtime::<Stroke>().reconnect(false).await.unwrap();
    assert!(once.recv().await.is_none());
}

#[tokio::test]
async fn closes_are_told_by_their_code() {
    let text = include_str!("../../fixtures/vectors/realtime.json");
    let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
    for case in vectors["close"].as_array().unwrap() {
        let code = u16::try_from(case["code"].as_u64().unwrap()).unwrap();
        let ends = case["expect"] == "end of stream";
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

/// A server whose websockets do what `talk` says.
async fn talking<F: Future<Output = ()> + Send>(
    talk: impl Fn(WebSocketStream<TcpStream>) -> F + Send + Sync + 'static,
) -> fal_sdk::ClientBuilder {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            talk(tokio_tungstenite::accept_async(stream).await.unwrap()).await;
        }
    });
    Client::builder().key(KEY).base_url(url)
}

async fn within<T>(work: impl Future<Output = T>) -> T {
    let timed = tokio::time::timeout(Duration::from_secs(30), work);
    timed.await.expect("an end")
}

fn idle() -> Message {
    Message::text(json!({"type": "x-fal-error", "error": "TIMEOUT"}).to_string())
}

/// The server need not close what it gives up.
#[tokio::test]
async fn an_idle_connection_that_stays_open_is_given_up_too() {
    let ended = Arc::new(Notify::new());
    let end = Arc::clone(&ended);
    let builder = talking(move |mut socket| {
        let end = Arc::clone(&end);
        async move {
            let input = socket.next().await.unwrap().unwrap();
            socket.send(input).await.unwrap();
            socket.send(idle()).await.unwrap();
            while let Some(Ok(_)) = socket.next().await {}
            end.notify_one();
        }
    });
    let fal = builder.await.build().unwrap();
    let mut connection = fal.realtime::<Stroke>().with_key().await.unwrap();
    for number in 0..2 {
        connection.send(stroke(number)).await.unwrap();
        let answer = within(connection.recv()).await.unwrap().unwrap();
        assert_eq!(answer.output.number, number);
        within(ended.notified()).await;
    }
}

#[tokio::test]
async fn an_input_that_the_server_no_longer_waited_for_is_told_of() {
    let builder = talking(|mut socket| async move {
        let _ = socket.next().await;
        socket.send(idle()).await.unwrap();
        let _ = socket.close(None).await;
    });
    let fal = builder.await.build().unwrap();
    let mut connection = fal.realtime::<Stroke>().with_key().await.unwrap();
    connection.send(stroke(1)).await.unwrap();
    let error = within(connection.recv()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed, "{error}");
}
