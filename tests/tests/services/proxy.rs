//! Proxy mode: the key is added by a server of the user's own.

use std::sync::{Arc, Mutex};

use fal_sdk::{Client, ErrorKind, Proxy, Repository, State, StatusMode};
use fal_tests::sample::{SampleInput, output};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The head and the body of a request.
type Seen = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A proxy that knows its routes, and what it was sent.
async fn proxy() -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (seen, place) = (Seen::default(), url.clone());
    let noted = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(socket, Arc::clone(&noted), place.clone()));
        }
    });
    (url, seen)
}

async fn serve(mut socket: TcpStream, seen: Seen, place: String) {
    let mut request = Vec::new();
    let (head, body) = loop {
        let mut block = [0; 65_536];
        let read = socket.read(&mut block).await.unwrap_or(0);
        request.extend_from_slice(&block[..read]);
        if let Some(whole) = parse(&request) {
            break whole;
        }
        if read == 0 {
            return;
        }
    };
    let (status, reply) = answer(&head, &place);
    seen.lock().unwrap().push((head, body));
    let reply = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{reply}",
        reply.len()
    );
    let _ = socket.write_all(reply.as_bytes()).await;
}

fn parse(request: &[u8]) -> Option<(String, Vec<u8>)> {
    let end = request.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    let body = request.get(end + 4..end + 4 + length)?;
    Some((head, body.to_vec()))
}

fn answer(head: &str, place: &str) -> (u16, String) {
    let target = head
        .lines()
        .find_map(|line| line.strip_prefix("x-fal-target-url: "))
        .unwrap_or_default();
    let name = target.strip_prefix("https://").unwrap_or_default();
    match name {
        "rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3" if is_allowed(name) => {
            let promise = json!({"upload_url": format!("{place}/put?signature=1"), "file_url": "https://v3.fal.media/files/a"});
            (200, promise.to_string())
        }
        "" if head.starts_with("put /put") => (200, String::new()),
        name if is_allowed(name) => (200, reply(name).to_string()),
        _ => {
            let refusal = &vectors()["errors"][1];
            let status = refusal["http"].as_u64().unwrap();
            (u16::try_from(status).unwrap(), refusal["body"].to_string())
        }
    }
}

fn reply(name: &str) -> Value {
    let place = "https://queue.fal.run/acme/sample/requests/r-1";
    let path = name.split('?').next().unwrap_or_default();
    match path.strip_prefix("queue.fal.run/acme/sample/") {
        Some("depth") => json!({
            "request_id": "r-1",
            "status_url": format!("{place}/status"),
            "response_url": place,
            "cancel_url": format!("{place}/cancel"),
        }),
        Some("requests/r-1/status") => json!({"status": "COMPLETED", "request_id": "r-1"}),
        _ => output(),
    }
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../fixtures/vectors/proxy.json")).unwrap()
}

/// What the proxies that fal publishes let through by default: these hosts whole,
/// and of others these URLs.
fn is_allowed(name: &str) -> bool {
    let vectors = vectors();
    let mut cases = vectors["default_url_allow"].as_array().unwrap().iter();
    let host = |url: &str| url.split('/').next().unwrap_or_default().to_owned();
    cases.any(|case| {
        let url = case["url"].as_str().unwrap();
        let whole_host = url == host(url) && url == host(name);
        case["allowed"] == 1 && (whole_host || url == name)
    })
}

/// The rule above, held against every case.
#[test]
fn the_proxy_of_these_tests_lets_through_what_others_do() {
    for case in vectors()["default_url_allow"].as_array().unwrap() {
        let allowed = is_allowed(case["url"].as_str().unwrap());
        assert_eq!(case["allowed"], u8::from(allowed), "{case}");
    }
}

/// The endpoint that a proxy's own rules see is the one that was called.
#[tokio::test]
async fn proxies_let_the_whole_way_of_a_job_through() {
    let (url, seen) = proxy().await;
    let fal = client(&url);
    let job = fal.submit(SampleInput::new("a")).await.unwrap();
    assert_eq!(job.status().await.unwrap().state, State::Completed);
    let outcome = fal.subscribe(SampleInput::new("a"));
    assert_eq!(
        outcome.status_mode(StatusMode::Poll).await.unwrap().seed,
        42
    );
    let seen = seen.lock().unwrap();
    let target = "x-fal-target-url: https://queue.fal.run/acme/sample/";
    // Two submits, two statuses or more, one result.
    assert!(seen.len() >= 5, "{}", seen.len());
    assert!(seen.iter().all(|(head, _)| head.contains(target)));
}

fn client(url: &str) -> Client {
    let proxy = Proxy::new(format!("{url}/api/fal/proxy")).header("x-session", "s3cret-session");
    Client::builder().proxy(proxy).build().unwrap()
}

#[tokio::test]
async fn calls_go_to_the_proxy_without_a_key() {
    let (url, seen) = proxy().await;
    let fal = client(&url);
    assert_eq!(fal.run(SampleInput::new("a")).await.unwrap().seed, 42);
    let seen = seen.lock().unwrap();
    let (head, body) = &seen[0];
    assert!(head.starts_with("post /api/fal/proxy http/1.1"), "{head}");
    assert!(
        head.contains("x-fal-target-url: https://fal.run/acme/sample/depth"),
        "{head}"
    );
    assert!(head.contains("x-session: s3cret-session"));
    assert!(!head.contains("authorization"));
    assert!(String::from_utf8_lossy(body).contains("\"prompt\":\"a\""));
    assert!(!format!("{fal:?}").contains("s3cret"));
}

#[tokio::test]
async fn uploads_go_as_far_as_the_proxys_rules_let_them() {
    let (url, seen) = proxy().await;
    let fal = client(&url);
    let file = fal.storage().upload("hello").await.unwrap();
    assert_eq!(file.url, "https://v3.fal.media/files/a");
    {
        let seen = seen.lock().unwrap();
        let (put, body) = seen.last().unwrap();
        assert!(put.starts_with("put /put?signature=1"), "{put}");
        // Signed URLs are not the proxy's business.
        assert!(
            !put.contains("x-session") && !put.contains("x-fal-target-url"),
            "{put}"
        );
        assert_eq!(body, b"hello");
    }
    // Parts are not let through: the file is sent whole.
    let mut uploads = fal_sdk::UploadSettings::default();
    uploads.multipart_above = Some(1);
    fal.storage()
        .upload("hello")
        .settings(uploads)
        .await
        .unwrap();
    let refused = fal
        .storage()
        .upload("hello")
        .repository(Repository::Cdn)
        .fallback([]);
    assert_eq!(refused.await.unwrap_err().status(), Some(400));
}

#[test]
fn a_proxy_is_checked_when_the_client_is_built() {
    let build = |proxy: Proxy| Client::builder().proxy(proxy).build().map(|_| ());
    for bad in ["", "proxy", "http://example.com/proxy", "ftp://example.com"] {
        assert_eq!(
            build(Proxy::new(bad)).unwrap_err().kind(),
            ErrorKind::Configuration,
            "{bad}"
        );
    }
    let unfit = Proxy::new("https://example.com").header("x-session", "s3cret\n");
    let error = build(unfit).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cret"));
    assert!(build(Proxy::new("https://example.com").header("a b", "c")).is_err());
    build(Proxy::new("https://example.com/api")).unwrap();
}
