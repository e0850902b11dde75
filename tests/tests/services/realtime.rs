//! Realtime connections, and calls over a websocket.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fal_mock::{Fault, MockServer, RealtimeScript, Route, Script};
use fal_sdk::realtime::{Encoding, Frame};
use fal_sdk::{Client, ErrorKind, Input, Media, Validate, validate::Validator, wire};
use fal_tests::sample::{KEY, client};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

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
async fn the_key_itself_authenticates_where_that_is_asked_for() {
    let (server, fal) = echo().await;
    let mut connection = fal
        .realtime::<Stroke>()
        .with_key()
        .path("custom/path")
        .await
        .unwrap();
    connection.send(stroke(1)).await.unwrap();
    connection.recv().await.unwrap().unwrap();
    let opened = &server.requests_to(Route::Realtime)[0];
    assert_eq!(
        opened.header("authorization"),
        Some(format!("Key {KEY}").as_str())
    );
    assert_eq!(
        (opened.path.as_str(), opened.query.as_str()),
        ("/acme/live/custom/path", "")
    );
    assert_eq!(server.count(Route::Token), 0);
}

#[tokio::test]
async fn a_provider_of_ones_own_gives_tokens() {
    let (server, fal) = echo().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let realtime = fal.realtime::<Stroke>().token_provider(move |app| {
        count.fetch_add(1, Ordering::Relaxed);
        async move {
            match app.as_str() {
                "acme/live/realtime" => Ok("a token of another server".to_owned()),
                other => Err(std::io::Error::other(other.to_owned())),
            }
        }
    });
    let mut connection = realtime.await.unwrap();
    connection.send(stroke(1)).await.unwrap();
    // The mock knows neither the first token nor the second.
    assert!(connection.recv().await.unwrap().unwrap_err().is_auth());
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    assert_eq!(server.count(Route::Token), 0);
    let failing = fal
        .realtime::<Stroke>()
        .token_provider(|_| async { Err::<String, _>(std::io::Error::other("the vault is shut")) });
    let error = failing.await.map(|_| ()).unwrap_err();
    assert!(
        error.to_string().contains("token provider failed"),
        "{error}"
    );
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_nothing_is_lost() {
    let (server, fal) = echo().await;
    // The first token that is given out is for another app.
    server.inject(Fault::json(200, json!("stale")).on(Route::Token));
    let mut connection = fal.realtime::<Stroke>().await.unwrap();
    connection.send(stroke(1)).await.unwrap();
    connection.send(stroke(2)).await.unwrap();
    assert_eq!(connection.recv().await.unwrap().unwrap().output.number, 1);
    assert_eq!(connection.recv().await.unwrap().unwrap().output.number, 2);
    assert_eq!(
        (server.count(Route::Token), server.count(Route::Realtime)),
        (2, 2)
    );
    // Twice is an answer.
    server.inject(
        Fault::json(200, json!({"token": "stale"}))
            .on(Route::Token)
            .always(),
    );
    let mut connection = fal.realtime::<Stroke>().await.unwrap();
    connection.send(stroke(1)).await.unwrap();
    let error = connection.recv().await.unwrap().unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert!(connection.recv().await.is_none());
}

#[tokio::test]
async fn what_is_wrong_at_the_start_is_said_at_once() {
    let (server, fal) = echo().await;
    let error = fal
        .realtime::<Stroke>()
        .max_buffering(61)
        .await
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let error = fal
        .realtime::<Stroke>()
        .max_buffering(0)
        .await
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let error = fal
        .realtime::<Stroke>()
        .path("../../x")
        .await
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(server.total(), 0);
    server.inject(Fault::unauthorized().on(Route::Token));
    assert!(
        fal.realtime::<Stroke>()
            .await
            .map(|_| ())
            .unwrap_err()
            .is_auth()
    );
    let unknown = fal.endpoint("acme/none").unwrap();
    let error = unknown.realtime().await.map(|_| ()).unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.endpoint(), Some("acme/none"));
    for reply in [Fault::json(200, json!("t0ken")), Fault::html()] {
        server.inject(reply.on(Route::Realtime));
        let error = fal.realtime::<Stroke>().await.map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("did not agree"), "{error}");
    }
    server.inject(Fault::json(200, json!({"secret": "t0ken"})).on(Route::Token));
    let error = fal.realtime::<Stroke>().await.map(|_| ()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("t0ken"));
}

#[tokio::test]
async fn control_messages_are_not_outputs() {
    let timings = json!({"type": "x-fal-message", "action": "timings", "timing": 12.5});
    let server = server(script(|script| {
        script.greeting = vec![json!({"type": "x-fal-message", "action": "ping"})];
        script.before = vec![timings];
        script.answers = Some(3);
    }))
    .await;
    let mut connection = client(&server).realtime::<Stroke>().await.unwrap();
    connection.send(stroke(7)).await.unwrap();
    for _ in 0..3 {
        assert_eq!(connection.recv().await.unwrap().unwrap().output, stroke(7));
    }
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
async fn inputs_are_checked_and_media_travels_inside_them() {
    let (server, fal) = echo().await;
    let mut connection = fal.realtime::<Stroke>().await.unwrap();
    assert!(
        connection
            .send(stroke(-1))
            .await
            .unwrap_err()
            .is_validation()
    );
    let mut input = stroke(1);
    input.image_url = Some(Media::bytes("hello", "text/plain"));
    connection.send(input).await.unwrap();
    let received = connection.recv().await.unwrap().unwrap();
    assert_eq!(received.raw["image_url"], "data:text/plain;base64,aGVsbG8=");
    let mut missing = stroke(1);
    missing.image_url = Some(Media::path("no/such.png"));
    assert_eq!(
        connection.send(missing).await.unwrap_err().kind(),
        ErrorKind::Io
    );
    assert_eq!(server.messages().len(), 1);
}

#[tokio::test]
async fn bytes_come_as_they_are_and_as_text() {
    let (server, fal) = echo().await;
    let image = json!({"number": 1, "image": {"$bytes": "/9j/"}});
    server.script(APP, Script::new().output(image).outputs_verbatim());
    let mut connection = fal.realtime::<Stroke>().await.unwrap();
    connection.send(stroke(1)).await.unwrap();
    let received = connection.recv().await.unwrap().unwrap();
    assert_eq!(received.raw, json!({"number": 1, "image": "/9j/"}));
    assert_eq!(received.bytes("/image").unwrap(), &b"\xff\xd8\xff"[..]);
    assert_eq!(received.all_bytes().count(), 1);
    assert_eq!(received.bytes("/number"), None);
}

#[tokio::test]
async fn a_raw_connection_carries_what_it_is_given() {
    let (_server, fal) = echo().await;
    let packed = b"\x82\xa5image\xc4\x03\xff\xd8\xff\xa6number\x01";
    let raw = fal
        .realtime::<Stroke>()
        .path("realtime")
        .raw()
        .await
        .unwrap();
    let (sender, mut receiver) = raw.split();
    for frame in [
        Frame::Binary(bytes::Bytes::from_static(packed)),
        Frame::Text("{\"a\":1}".to_owned()),
    ] {
        sender.send(frame.clone()).await.unwrap();
        assert_eq!(receiver.recv().await.unwrap().unwrap(), frame);
    }
    sender.close().await;
    assert!(receiver.recv().await.is_none());
    let error = sender.send(Frame::Text(String::new())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
}

#[tokio::test]
async fn a_handshake_that_is_not_for_us_is_refused() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = [0; 8192];
        let _ = socket.read(&mut head).await.unwrap();
        let reply = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\
            connection: Upgrade\r\nsec-websocket-accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n";
        socket.write_all(reply.as_bytes()).await.unwrap();
        while socket.read(&mut head).await.unwrap_or(0) > 0 {}
    });
    let fal = Client::builder().key(KEY).base_url(url).build().unwrap();
    let error = fal
        .realtime::<Stroke>()
        .with_key()
        .await
        .map(|_| ())
        .unwrap_err();
    assert!(error.to_string().contains("did not agree"), "{error}");
}

#[tokio::test]
async fn malformed_and_oversized_messages_are_errors_and_nothing_hangs() {
    let (_server, fal) = echo().await;
    // The mock answers what it cannot read with an error of the app's.
    let raw = fal
        .realtime::<Stroke>()
        .path("realtime")
        .raw()
        .await
        .unwrap();
    let (sender, mut receiver) = raw.split();
    sender
        .send(Frame::Binary(bytes::Bytes::from_static(b"\xc1")))
        .await
        .unwrap();
    let answer = receiver.recv().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(answer.as_bytes()).contains("BAD_REQUEST"));

    let mut small = fal
        .realtime::<Stroke>()
        .max_message_size(1_000)
        .await
        .unwrap();
    let mut input = stroke(1);
    input.image_url = Some(Media::bytes(vec![0; 5_000], "image/png"));
    small.send(input).await.unwrap();
    let error = small.recv().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    small.send(stroke(2)).await.unwrap();
    assert_eq!(small.recv().await.unwrap().unwrap().output.number, 2);
}

#[tokio::test]
async fn outputs_of_another_shape_keep_what_came() {
    let server = server(script(|script| {
        script.greeting = vec![json!({"number": "many"}), json!([1])];
    }))
    .await;
    let mut connection = client(&server).realtime::<Stroke>().await.unwrap();
    let error = connection.recv().await.unwrap().unwrap_err();
    assert_eq!(error.decode_error().unwrap().pointer(), "/number");
    assert_eq!(error.raw_body(), Some(&br#"{"number":"many"}"#[..]));
    connection.recv().await.unwrap().unwrap_err();
    connection.send(stroke(3)).await.unwrap();
    assert_eq!(connection.recv().await.unwrap().unwrap().output.number, 3);
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

#[tokio::test]
async fn the_key_goes_to_no_other_host() {
    let (own, fal) = echo().await;
    let evil = server(RealtimeScript::default()).await;
    own.inject(Fault::redirect(302, &format!("{}/x", evil.url())).on(Route::Realtime));
    let error = fal
        .realtime::<Stroke>()
        .with_key()
        .await
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(evil.total(), 0);
}
