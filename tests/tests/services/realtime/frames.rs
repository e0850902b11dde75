//! What is in the frames: control messages, bytes, and what cannot be read.

use super::{APP, Stroke, echo, script, server, stroke};
use fal_mock::Script;
use fal_sdk::realtime::Frame;
use fal_sdk::{ErrorKind, Media};
use fal_tests::sample::client;
use serde_json::json;

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
