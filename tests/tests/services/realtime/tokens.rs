//! What opens a connection: tokens, the key, and what refuses it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{Stroke, echo, server, stroke, talking, within};
use fal_mock::{Fault, RealtimeScript, Route};
use fal_sdk::{Client, ErrorKind};
use fal_tests::sample::KEY;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

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
    let error = failing.await.unwrap_err();
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

/// Of many inputs that were sent before the token was refused, only the last are at
/// hand; the program learns how many are not.
#[tokio::test]
async fn inputs_that_a_refused_token_cost_are_told_of() {
    const SENT: i64 = 20;
    const KEPT: i64 = 16;
    let refused = Arc::new(AtomicBool::new(false));
    let builder = talking(move |mut socket| {
        let refused = Arc::clone(&refused);
        async move {
            if !refused.swap(true, Ordering::Relaxed) {
                for _ in 0..SENT {
                    socket.next().await.unwrap().unwrap();
                }
                let refusal = json!({"status": "error", "error": "Unauthorized"});
                let refusal = Message::text(refusal.to_string());
                socket.send(refusal).await.unwrap();
            }
            while let Some(Ok(Message::Binary(input))) = socket.next().await {
                socket.send(Message::Binary(input)).await.unwrap();
            }
        }
    });
    let fal = builder.await.build().unwrap();
    let token = |_| async { Ok::<_, std::io::Error>("token".to_owned()) };
    let realtime = fal.realtime::<Stroke>().token_provider(token);
    let mut connection = realtime.await.unwrap();
    for number in 0..SENT {
        connection.send(stroke(number)).await.unwrap();
    }
    let error = within(connection.recv()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed, "{error}");
    let words = "20 inputs were sent: the first 4 are lost, the last 16 are sent again";
    assert!(error.to_string().contains(words), "{error}");
    for number in SENT - KEPT..SENT {
        let received = within(connection.recv()).await.unwrap().unwrap();
        assert_eq!(received.output.number, number);
    }
}

#[tokio::test]
async fn what_is_wrong_at_the_start_is_said_at_once() {
    let (server, fal) = echo().await;
    let error = fal
        .realtime::<Stroke>()
        .max_buffering(61)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let error = fal.realtime::<Stroke>().max_buffering(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let error = fal.realtime::<Stroke>().path("../../x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(server.total(), 0);
    server.inject(Fault::unauthorized().on(Route::Token));
    assert!(fal.realtime::<Stroke>().await.unwrap_err().is_auth());
    let unknown = fal.endpoint("acme/none").unwrap();
    let error = unknown.realtime().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.endpoint(), Some("acme/none"));
    for reply in [Fault::json(200, json!("t0ken")), Fault::html()] {
        server.inject(reply.on(Route::Realtime));
        let error = fal.realtime::<Stroke>().await.unwrap_err();
        assert!(error.to_string().contains("did not accept"), "{error}");
    }
    server.inject(Fault::json(200, json!({"secret": "t0ken"})).on(Route::Token));
    let error = fal.realtime::<Stroke>().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("t0ken"));
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
    let error = fal.realtime::<Stroke>().with_key().await.unwrap_err();
    assert!(error.to_string().contains("did not accept"), "{error}");
}

#[tokio::test]
async fn the_key_goes_to_no_other_host() {
    let (own, fal) = echo().await;
    let evil = server(RealtimeScript::default()).await;
    own.inject(Fault::redirect(302, &format!("{}/x", evil.url())).on(Route::Realtime));
    let error = fal.realtime::<Stroke>().with_key().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(evil.total(), 0);
}
