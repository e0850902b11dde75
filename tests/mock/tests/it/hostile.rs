//! Faults of servers and networks that are wrong in ways which clients do not expect.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, SystemTime},
};

use fal_mock::{CannedReply, Fault, Hold, MockServer, Route, Script};
use reqwest::{Certificate, Client};
use serde_json::json;

use crate::support::{ENDPOINT, client, get, json_of, post, send, server, start, submit, text};

const SHORT: Duration = Duration::from_millis(400);

/// An HTTP/2 client of a server with TLS.
fn http2(server: &MockServer) -> Client {
    let ca = Certificate::from_pem(server.ca_pem().unwrap().as_bytes()).unwrap();
    let builder = Client::builder().no_proxy().tls_certs_only([ca]);
    builder.build().unwrap()
}

#[tokio::test]
async fn a_silent_connection_answers_nothing_and_stays_open() {
    let server = start(MockServer::builder().tls()).await;
    let client = http2(&server);
    let url = format!("{}/{ENDPOINT}", server.secure_urls().unwrap().run);
    let run = || {
        let run = client.post(&url).header("authorization", "Key k");
        run.json(&json!({ "prompt": "x" })).timeout(SHORT).send()
    };
    assert_eq!(run().await.unwrap().status(), 200);
    server.inject(Fault::Silence.on(Route::Run));
    assert!(run().await.unwrap_err().is_timeout());
    // The fault is spent, but the connection is the same one.
    assert!(run().await.unwrap_err().is_timeout());
    let fresh = http2(&server).post(&url).header("authorization", "Key k");
    let fresh = fresh.json(&json!({ "prompt": "x" })).send().await.unwrap();
    assert_eq!(fresh.status(), 200, "new connections work");
}

#[test]
fn a_silent_connection_takes_what_is_sent() {
    let server = MockServer::builder().any_app().start_on_thread().unwrap();
    server.inject(Fault::Silence.on(Route::Run).handled());
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(SHORT)).unwrap();
    let head =
        "POST /run/a/b HTTP/1.1\r\nhost: x\r\nauthorization: Key k\r\ncontent-length: 2\r\n\r\n{}";
    stream.write_all(head.as_bytes()).unwrap();
    let mut buffer = [0; 1];
    let error = stream.read(&mut buffer).unwrap_err();
    assert!(
        [std::io::ErrorKind::WouldBlock, std::io::ErrorKind::TimedOut].contains(&error.kind()),
        "{error}"
    );
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(server.count(Route::Run), 1);

    server.inject(Fault::Silence.on(Route::Connection));
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(SHORT)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    assert!(stream.read(&mut buffer).is_err(), "silent from the start");
    assert_eq!(server.count(Route::Run), 2, "although it was read");
}

#[tokio::test]
async fn replies_about_a_job_have_ids_of_their_own() {
    let server = server().await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let id = text(&job, "request_id");
    let id_of = async |url: &str| {
        let reply = get(url).send().await.unwrap();
        reply.headers()["x-fal-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_ne!(id_of(text(&job, "status_url")).await, id);
    assert_eq!(id_of(text(&job, "response_url")).await, id);
    server.inject(Fault::OtherRequestId.on(Route::Result));
    assert_ne!(id_of(text(&job, "response_url")).await, id);
}

/// What comes of an event stream within a short time.
async fn beginning(request: reqwest::RequestBuilder) -> String {
    let mut response = request.send().await.unwrap();
    assert_eq!(
        response.headers()["content-type"],
        "text/event-stream; charset=utf-8"
    );
    let mut seen = String::new();
    let read = async {
        while let Some(chunk) = response.chunk().await.unwrap() {
            seen.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    };
    assert!(
        tokio::time::timeout(SHORT, read).await.is_err(),
        "it ended: {seen}"
    );
    seen
}

#[tokio::test]
async fn streams_that_never_say_anything_new() {
    let server = server().await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    let stream = format!("{}/stream", text(&job, "status_url"));
    server.inject(Fault::OnlyComments { every_ms: 20 }.on(Route::StatusStream));
    let seen = beginning(get(&stream)).await;
    assert!(
        seen.starts_with(": ping\n\n: ping\n\n") && !seen.contains("data"),
        "{seen}"
    );

    server.inject(Fault::AlwaysInProgress { every_ms: 20 }.on(Route::StatusStream));
    let seen = beginning(get(&stream)).await;
    assert!(seen.matches("IN_PROGRESS").count() > 1, "{seen}");
    assert!(seen.contains(text(&job, "request_id")) && !seen.contains("COMPLETED"));
    let (_, status) = send(get(text(&job, "status_url"))).await;
    assert_eq!(status["status"], "COMPLETED", "the job itself is done");

    server.inject(Fault::OnlyComments { every_ms: 20 }.on(Route::ModelStream));
    let model = post(format!("{}/{ENDPOINT}/stream", server.urls().run));
    let seen = beginning(model.json(&json!({ "prompt": "x" }))).await;
    assert!(!seen.contains("data"), "{seen}");
}

#[tokio::test]
async fn bodies_in_codings_that_nobody_asked_for() {
    let server = server().await;
    let run = || post(format!("{}/{ENDPOINT}", server.urls().run)).json(&json!({ "prompt": "x" }));
    let plain = run().send().await.unwrap().bytes().await.unwrap();
    for coding in ["gzip", "br", "x-unknown"] {
        let coded = Fault::ContentEncoding {
            coding: coding.to_owned(),
        };
        server.inject(coded.on(Route::Run));
        let reply = run().send().await.unwrap();
        assert_eq!(reply.headers()["content-encoding"], coding);
        let body = reply.bytes().await.unwrap();
        assert_eq!(body.starts_with(b"\x1f\x8b"), coding == "gzip");
        assert_ne!(body, plain);
        assert!(serde_json::from_slice::<serde_json::Value>(&body).is_err());
    }
}

#[tokio::test]
async fn a_server_that_shows_the_key() {
    let server = server().await;
    server.inject(Fault::EchoKey { status: 401 }.on(Route::Run));
    let run = client().post(format!("{}/{ENDPOINT}", server.urls().run));
    let run = run
        .header("authorization", "Key id:secret")
        .json(&json!({}));
    let (code, body) = send(run).await;
    assert_eq!(code, 401);
    assert!(text(&body, "detail").contains("Key id:secret"), "{body}");
}

#[tokio::test]
async fn a_server_whose_clock_is_wrong() {
    let server = server().await;
    let url = format!("{}/models", server.urls().platform);
    for seconds in [86_400, -86_400] {
        server.inject(Fault::ClockSkew { seconds }.on(Route::Models));
        let reply = get(&url).send().await.unwrap();
        let date = reply.headers()["date"].to_str().unwrap().to_owned();
        let date = httpdate::parse_http_date(&date).unwrap();
        let now = SystemTime::now();
        let off = date
            .duration_since(now)
            .or_else(|_| now.duration_since(date));
        assert!(off.unwrap() > Duration::from_secs(86_000), "{seconds}");
        assert_eq!(date > now, seconds > 0);
    }
    // A date to wait for is a header like any other.
    let late = CannedReply::new(429)
        .header("date", "Thu, 01 Jan 2026 00:00:00 GMT")
        .header("retry-after", "Thu, 01 Jan 2026 00:00:02 GMT");
    server.inject(late.on(Route::Models));
    let reply = get(&url).send().await.unwrap();
    assert_eq!(reply.headers()["date"], "Thu, 01 Jan 2026 00:00:00 GMT");
}

#[tokio::test]
async fn a_file_that_changes_between_two_requests() {
    let server = server().await;
    let url = format!("{}/files/mock/a.png", server.urls().cdn);
    let first = get(&url).header("range", "bytes=0-9").send().await.unwrap();
    let etag = first.headers()["etag"].clone();
    server.inject(Fault::NewEtag.on(Route::Download));
    let part = |etag: &reqwest::header::HeaderValue| {
        get(&url)
            .header("range", "bytes=10-19")
            .header("if-range", etag.clone())
    };
    let second = part(&etag).send().await.unwrap();
    assert_eq!(second.status(), 206);
    assert_ne!(second.headers()["etag"], etag);
    assert_eq!(part(&etag).send().await.unwrap().headers()["etag"], etag);
}

#[tokio::test]
async fn a_slow_key_server() {
    let server = server().await;
    server.inject(Fault::Delay { ms: 300 }.on(Route::Jwks));
    let url = format!("{}/.well-known/jwks.json", server.urls().rest);
    let started = std::time::Instant::now();
    assert!(
        client()
            .get(&url)
            .timeout(Duration::from_millis(50))
            .send()
            .await
            .is_err()
    );
    server.clear_faults();
    server.inject(Fault::Delay { ms: 100 }.on(Route::Jwks));
    let keys = json_of(client().get(&url).send().await.unwrap()).await;
    assert!(started.elapsed() >= Duration::from_millis(150));
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn wrong_methods_create_nothing() {
    let held = Script::new().hold(Hold::Queued);
    let server = start(MockServer::builder().script(ENDPOINT, held)).await;
    let job = submit(&server, json!({ "prompt": "x" })).await;
    for url in ["cancel_url", "status_url", "response_url"] {
        let reply = post(text(&job, url)).json(&json!({})).send().await.unwrap();
        let allowed = reply.headers()["allow"].to_str().unwrap().to_owned();
        assert_eq!(reply.status(), 405, "{url}");
        assert_eq!(allowed, if url == "cancel_url" { "PUT" } else { "GET" });
    }
    assert_eq!((server.jobs_created(), server.count(Route::Submit)), (1, 1));
    let run = get(format!("{}/{ENDPOINT}", server.urls().run));
    let reply = run.send().await.unwrap();
    assert_eq!(
        (reply.status().as_u16(), &reply.headers()["allow"]),
        (405, &"POST".parse().unwrap())
    );
}
