//! What is in the frames: control messages, bytes, and what cannot be read.

use std::collections::BTreeMap;

use super::{APP, Stroke, echo, script, server, stroke};
use bytes::Bytes;
use fal_mock::Script;
use fal_sdk::realtime::Frame;
use fal_sdk::wire::serde;
use fal_sdk::{Client, ErrorKind, Input, Media, Validate};
use fal_tests::sample::{KEY, client};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

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
    let mut large = stroke(1);
    large.image_url = Some(Media::bytes(vec![0; (16 << 20) + 1], "image/png"));
    let error = connection.send(large).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    assert!(error.to_string().contains("storage()"), "{error}");
    assert_eq!(server.messages().len(), 1);
}

/// Neither encoding is one in which it would arrive as it was meant.
#[tokio::test]
async fn a_number_that_json_does_not_have_is_refused() {
    let (server, fal) = echo().await;
    let connection = fal.realtime::<Speed>().await.unwrap();
    let error = connection.send(Speed(f64::INFINITY)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
    assert!(error.to_string().contains("/speed: inf"), "{error}");
    let mut calls = fal.socket::<Speed>().await.unwrap();
    let error = calls.run(Speed(f64::NAN)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
    assert!(server.messages().is_empty());
    connection.send(Speed(1.5)).await.unwrap();
    calls.run(Speed(1.5)).await.unwrap();
}

/// An input with a number that need not be whole.
#[derive(Debug, Clone, Copy)]
struct Speed(f64);

impl serde::Serialize for Speed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        BTreeMap::from([("speed", self.0)]).serialize(serializer)
    }
}

impl Validate for Speed {}

impl Input for Speed {
    const ENDPOINT: &'static str = APP;
    type Output = serde_json::Value;
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

/// A server that answers the first input with bytes that are not valid MessagePack, and
/// the second as it came.
async fn garbled_first(garbage: &'static [u8]) -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
            let _ = socket.next().await;
            let garbage = Bytes::from_static(garbage);
            let _ = socket.send(Message::Binary(garbage)).await;
            while let Some(Ok(message)) = socket.next().await {
                let _ = socket.send(message).await;
            }
        }
    });
    Client::builder().key(KEY).base_url(url).build().unwrap()
}

#[tokio::test]
async fn what_the_server_garbles_is_an_error_that_keeps_it() {
    // A byte that begins nothing; a map that breaks off; a map of 4 billion pairs.
    let garbled: [&[u8]; 3] = [b"\xc1", b"\x81\xa6num", b"\xdf\xff\xff\xff\xff"];
    for garbage in garbled {
        let fal = garbled_first(garbage).await;
        let mut connection = fal.realtime::<Stroke>().with_key().await.unwrap();
        connection.send(stroke(1)).await.unwrap();
        let error = connection.recv().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.to_string().contains("MessagePack"), "{error}");
        assert_eq!(error.raw_body(), Some(garbage), "{error}");
        // The connection goes on, or is made again.
        connection.send(stroke(2)).await.unwrap();
        let next = connection.recv().await.unwrap().unwrap();
        assert_eq!(next.output.number, 2);
    }
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
