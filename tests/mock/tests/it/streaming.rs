//! Model streams and sockets.

use std::time::Duration;

use fal_mock::{Failure, MockServer, RawOutput, RealtimeScript, Script};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::support::{ENDPOINT, client, get, post, send, server, start, text};

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

async fn token(server: &MockServer, apps: &str) -> String {
    let url = format!("{}/tokens/", server.urls().rest);
    let body = json!({ "allowed_apps": [apps], "token_expiration": 120 });
    let (code, token) = send(post(url).json(&body)).await;
    assert_eq!(code, 200);
    token.as_str().unwrap().to_owned()
}

/// The next message with content, or the code of the close.
async fn next(socket: &mut Socket) -> Result<Message, u16> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(frame))) => {
                return Err(frame.map_or(1005, |frame| frame.code.into()));
            }
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => return Ok(message),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(1006),
        }
    }
}

fn value(message: &Message) -> Value {
    match message {
        Message::Text(text) => serde_json::from_str(text).unwrap(),
        Message::Binary(bytes) => rmp_serde::from_slice(bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn realtime(server: &MockServer, path: &str) -> Socket {
    let token = token(server, "easel").await;
    let url = format!(
        "{}/{path}?fal_jwt_token={token}&max_buffering=10",
        server.urls().realtime
    );
    connect_async(url).await.unwrap().0
}

#[tokio::test]
async fn a_model_streams_its_output() {
    let server = server().await;
    let url = format!("{}/{ENDPOINT}/stream", server.urls().run);
    let response = post(&url)
        .json(&json!({ "prompt": "x" }))
        .send()
        .await
        .unwrap();
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/event-stream")
    );
    let body = response.text().await.unwrap();
    let data = body
        .strip_prefix("data: ")
        .and_then(|body| body.strip_suffix("\n\n"))
        .unwrap();
    assert_eq!(serde_json::from_str::<Value>(data).unwrap()["seed"], 5);
    assert_eq!(send(post(&url).json(&json!({}))).await.0, 422);
    let token = token(&server, "easel").await;
    let by_token = client().get(format!("{url}?fal_jwt_token={token}&prompt=x&strokes=17"));
    assert_eq!(by_token.send().await.unwrap().status(), 200);
    assert_eq!(
        send(client().get(format!("{url}?fal_jwt_token=none&prompt=x")))
            .await
            .0,
        401
    );
}

#[tokio::test]
async fn streams_are_scripted() {
    let events = [json!({ "n": 1 }), json!({ "n": 2 })];
    let script = Script::new()
        .stream(events, Duration::from_millis(1))
        .fail(Failure::new(500, json!({ "detail": "ran out of ink" })));
    let server = start(MockServer::builder().script(ENDPOINT, script)).await;
    let url = format!("{}/{ENDPOINT}/stream", server.urls().run);
    let body = post(&url)
        .json(&json!({ "prompt": "x" }))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(
        body,
        "data: {\"n\":1}\n\ndata: {\"n\":2}\n\nevent: error\ndata: {\"detail\":\"ran out of ink\"}\n\n"
    );
    server.script(
        ENDPOINT,
        Script::new().raw(RawOutput::bytes("audio/mpeg", &[0xff, 0, 1])),
    );
    for url in [url, format!("{}/{ENDPOINT}", server.urls().run)] {
        let response = post(url)
            .json(&json!({ "prompt": "x" }))
            .send()
            .await
            .unwrap();
        assert_eq!(response.headers()["content-type"], "audio/mpeg");
        assert_eq!(response.bytes().await.unwrap().as_ref(), [0xff, 0, 1]);
    }
}

#[tokio::test]
async fn realtime_answers_in_the_encoding_of_the_question() {
    let server = server().await;
    let mut socket = realtime(&server, "paint-shop/easel/sketch/realtime").await;
    let question = json!({ "prompt": "x" });
    socket
        .send(Message::text(question.to_string()))
        .await
        .unwrap();
    let answer = next(&mut socket).await.unwrap();
    assert!(answer.is_text() && value(&answer)["picture"].is_object());
    socket
        .send(Message::binary(rmp_serde::to_vec_named(&question).unwrap()))
        .await
        .unwrap();
    let answer = next(&mut socket).await.unwrap();
    assert!(answer.is_binary() && value(&answer)["seed"] == 5);
    socket.send(Message::text("{}")).await.unwrap();
    assert_eq!(
        value(&next(&mut socket).await.unwrap())["type"],
        "x-fal-error"
    );
    let messages = server.messages();
    assert_eq!(messages.len(), 3);
    assert_eq!(
        (messages[1].binary, messages[1].path.as_str()),
        (true, "paint-shop/easel/sketch/realtime")
    );
}

#[tokio::test]
async fn an_app_without_a_document_echoes_bytes_too() {
    let server = MockServer::builder().app("me/easel").start().await.unwrap();
    let mut socket = realtime(&server, "me/easel/custom/path").await;
    let packed = b"\x81\xa5image\xc4\x03\xff\xd8\xff".to_vec();
    socket.send(Message::binary(packed.clone())).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap().into_data(), packed);
}

#[tokio::test]
async fn realtime_is_scripted() {
    let mut script = RealtimeScript::default();
    script.greeting = vec![json!({ "hello": 1 })];
    script.before = vec![json!({ "type": "x-fal-message", "action": "timings", "timing": 1 })];
    script.answers = Some(2);
    script.close_after = Some(1);
    script.close_code = Some(4001);
    let server =
        start(MockServer::builder().script(ENDPOINT, Script::new().realtime(script))).await;
    let mut socket = realtime(&server, "paint-shop/easel/sketch/realtime").await;
    assert_eq!(
        value(&next(&mut socket).await.unwrap()),
        json!({ "hello": 1 })
    );
    socket
        .send(Message::text(r#"{"prompt":"x"}"#))
        .await
        .unwrap();
    assert_eq!(
        value(&next(&mut socket).await.unwrap())["action"],
        "timings"
    );
    for _ in 0..2 {
        assert!(value(&next(&mut socket).await.unwrap())["picture"].is_object());
    }
    assert_eq!(next(&mut socket).await.unwrap_err(), 4001);

    let ends = [("error", 1011), ("idle", 1000), ("cut", 1006)];
    for (end, code) in ends {
        let mut script = RealtimeScript::default();
        match end {
            "error" => script.error = Some("INTERNAL_ERROR".into()),
            "idle" => script.idle_ms = Some(10),
            _ => (script.close_after, script.close_code) = (Some(1), Some(1006)),
        }
        server.script(ENDPOINT, Script::new().realtime(script));
        let mut socket = realtime(&server, "paint-shop/easel/sketch/realtime").await;
        if end != "idle" {
            socket
                .send(Message::text(r#"{"prompt":"x"}"#))
                .await
                .unwrap();
        }
        let said = value(&next(&mut socket).await.unwrap());
        match end {
            "error" => assert_eq!(
                (&said["type"], &said["error"]),
                (&json!("x-fal-error"), &json!("INTERNAL_ERROR"))
            ),
            "idle" => assert_eq!(said["error"], "TIMEOUT"),
            _ => assert!(said["picture"].is_object()),
        }
        assert_eq!(next(&mut socket).await.unwrap_err(), code, "{end}");
    }
}

#[tokio::test]
async fn sockets_need_a_token_or_a_key() {
    let server = server().await;
    let url = format!(
        "{}/paint-shop/easel/sketch/realtime",
        server.urls().realtime
    );
    let (mut socket, _) = connect_async(format!("{url}?fal_jwt_token=wrong"))
        .await
        .unwrap();
    assert_eq!(
        value(&next(&mut socket).await.unwrap()),
        json!({ "status": "error", "error": "Unauthorized" })
    );
    assert_eq!(next(&mut socket).await.unwrap_err(), 1008);
    let other = token(&server, "brush").await;
    let (mut socket, _) = connect_async(format!("{url}?fal_jwt_token={other}"))
        .await
        .unwrap();
    assert_eq!(
        value(&next(&mut socket).await.unwrap())["error"],
        "Unauthorized"
    );
    let refused = |error| match error {
        Error::Http(response) => response.status().as_u16(),
        other => panic!("{other}"),
    };
    assert_eq!(refused(connect_async(&url).await.unwrap_err()), 401);
    let good = token(&server, "easel").await;
    let wide = format!("{url}?fal_jwt_token={good}&max_buffering=61");
    assert_eq!(refused(connect_async(wide).await.unwrap_err()), 400);
    let mut keyed = url.as_str().into_client_request().unwrap();
    keyed
        .headers_mut()
        .insert("authorization", "Key a:b".parse().unwrap());
    connect_async(keyed).await.unwrap();
    let plain = format!("{}/paint-shop/easel/sketch/realtime", server.urls().run);
    assert_eq!(send(get(plain)).await.0, 426);
}

#[tokio::test]
async fn the_longest_known_id_answers_a_socket() {
    let server = MockServer::builder()
        .script("owner/app", Script::new().output(json!("of the app")))
        .script(
            "owner/app/fast/realtime",
            Script::new().output(json!("of the path")),
        )
        .start()
        .await
        .unwrap();
    for (path, output) in [
        ("owner/app/fast/realtime", "of the path"),
        ("owner/app/realtime", "of the app"),
        ("owner/app/other/realtime", "of the app"),
    ] {
        let url = format!("{}/{path}", server.urls().realtime);
        let mut request = url.into_client_request().unwrap();
        let key = "Key a:b".parse().unwrap();
        request.headers_mut().insert("authorization", key);
        let (mut socket, _) = connect_async(request).await.unwrap();
        socket.send(Message::text("{}")).await.unwrap();
        assert_eq!(value(&next(&mut socket).await.unwrap()), output, "{path}");
    }
}

#[tokio::test]
async fn tokens_come_in_both_forms() {
    let server = server().await;
    let url = format!("{}/tokens/realtime", server.urls().rest);
    let body = json!({ "allowed_apps": ["paint-shop/easel/realtime"], "duration": 120 });
    let (code, reply) = send(post(&url).json(&body)).await;
    assert_eq!(code, 200);
    assert!(!text(&reply, "token").is_empty());
    assert_eq!(send(post(&url).json(&json!({}))).await.0, 422);
    assert_eq!(send(client().post(&url).json(&body)).await.0, 401);
}

#[tokio::test]
async fn http_over_a_websocket() {
    let server = server().await;
    let mut request = format!("{}/{ENDPOINT}", server.urls().ws)
        .into_client_request()
        .unwrap();
    request
        .headers_mut()
        .insert("authorization", "Key a:b".parse().unwrap());
    let (mut socket, _) = connect_async(request).await.unwrap();
    for (input, status) in [(json!({ "prompt": "x" }), 200), (json!({}), 422)] {
        socket.send(Message::text(input.to_string())).await.unwrap();
        let start = value(&next(&mut socket).await.unwrap());
        assert_eq!(
            (text(&start, "type"), &start["status"]),
            ("start", &json!(status))
        );
        assert_eq!(start["headers"]["content-type"], "application/json");
        let body = value(&next(&mut socket).await.unwrap());
        assert_eq!(body.get("picture").is_some(), status == 200);
        let end = value(&next(&mut socket).await.unwrap());
        assert_eq!(
            (text(&end, "type"), &end["request_id"]),
            ("end", &start["request_id"])
        );
    }
}
