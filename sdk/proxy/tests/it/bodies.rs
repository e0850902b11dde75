//! Bodies of requests: as large as allowed, passed on as they come, and whole.

use std::time::Duration;

use bytes::Bytes;
use fal_mock::Route;
use futures_util::stream::{self, StreamExt};
use reqwest::{Body, Method};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{MODEL, Proxy, refused};

fn target() -> String {
    format!("https://fal.run/{MODEL}")
}

/// A body that does not say its length.
fn in_pieces(size: usize) -> Body {
    let text = json!({"prompt": "a".repeat(size - 13)}).to_string();
    assert_eq!(text.len(), size);
    let pieces: Vec<_> = text
        .into_bytes()
        .chunks(7)
        .map(Bytes::copy_from_slice)
        .collect();
    Body::wrap_stream(stream::iter(pieces).map(Ok::<_, std::io::Error>))
}

#[tokio::test]
async fn bodies_are_passed_on_up_to_the_limit() {
    let proxy = Proxy::start(|proxy| proxy.body_limit(100)).await;
    for (size, status) in [(100, 200), (101, 413)] {
        let whole = json!({"prompt": "a".repeat(size - 13)}).to_string();
        for body in [Body::from(whole), in_pieces(size)] {
            let request = proxy.request(Method::POST, &target()).body(body);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), status, "{size}");
            if status == 413 {
                assert_eq!(refused(response).await, (413, "body_too_large".to_owned()));
            }
        }
    }
    let seen = proxy.mock.requests();
    let lengths: Vec<u64> = seen.iter().map(|request| request.body_len).collect();
    assert_eq!(lengths, [100, 100], "and nothing larger reached fal");
    assert!(
        seen.iter()
            .all(|request| request.header("content-length") == Some("100"))
    );
}

/// A connection to the proxy with the head of a request, and a part of its body.
async fn begin(proxy: &Proxy, head: &str, part: &str) -> TcpStream {
    let address = proxy
        .url
        .strip_prefix("http://")
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    let mut socket = TcpStream::connect(address).await.unwrap();
    let target = target();
    let request = format!(
        "POST /api/fal/proxy HTTP/1.1\r\nhost: a\r\nx-fal-target-url: {target}\r\n{head}\r\n\r\n{part}"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

/// The head reaches fal before the body has ended, and a body that breaks off is no call.
#[tokio::test]
async fn bodies_with_a_length_are_passed_on_as_they_come() {
    let proxy = Proxy::start(|proxy| proxy).await;
    let body = json!({"prompt": "a cat"}).to_string();
    let head = format!("content-length: {}", body.len());
    let mut socket = begin(&proxy, &head, &body[..5]).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    socket.write_all(&body.as_bytes()[5..]).await.unwrap();
    let mut reply = [0; 12];
    socket.read_exact(&mut reply).await.unwrap();
    assert_eq!(&reply, b"HTTP/1.1 200");

    for (head, part) in [
        (&*head, "{\"pro"),
        ("transfer-encoding: chunked", "5\r\n{\"pro\r\n"),
    ] {
        let completed = || {
            let all = proxy.mock.requests_to(Route::Run);
            all.iter().filter(|request| request.complete).count()
        };
        assert_eq!(completed(), 1);
        drop(begin(&proxy, head, part).await);
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(completed(), 1, "{head}");
    }
}
