//! A server of bytes over HTTP/1.1, for replies that no well-behaved server gives: the test says what each request is
//! answered, byte by byte.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fal_sdk::retry::RetryPolicy;
use fal_sdk::{Client, ClientBuilder, PollInterval};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::sample::KEY;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method and the path with its query: `GET /queue/acme/sample/…`.
    pub line: String,
    /// The lines of the headers, in lower case.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What a request is answered: pieces of bytes with the waits before them.
#[derive(Debug, Clone)]
pub struct Answer {
    pieces: Vec<(Duration, Vec<u8>)>,
    /// Whether the last piece is sent again and again.
    forever: bool,
}

impl Answer {
    /// A whole reply.
    pub fn new(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length = body.len().to_string();
        let mut bytes = head(status, &[headers, &[("content-length", &length)]].concat());
        bytes.extend(body);
        Self {
            pieces: vec![(Duration::ZERO, bytes)],
            forever: false,
        }
    }

    /// A whole reply of JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(
            status,
            &[("content-type", "application/json")],
            body.to_string(),
        )
    }

    /// A reply that promises more than it sends and ends.
    pub fn cut(status: u16, body: &str) -> Self {
        let mut bytes = head(status, &[("content-length", "100000")]);
        bytes.extend(body.as_bytes());
        Self {
            pieces: vec![(Duration::ZERO, bytes)],
            forever: false,
        }
    }

    /// A stream of events that repeats one piece for ever.
    pub fn stream(first: &str, repeated: &str, pause: Duration) -> Self {
        let mut bytes = head(200, &[("content-type", "text/event-stream")]);
        bytes.extend(first.as_bytes());
        Self {
            pieces: vec![
                (Duration::ZERO, bytes),
                (pause, repeated.as_bytes().to_vec()),
            ],
            forever: true,
        }
    }
}

fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Status\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

type Handler = dyn Fn(&Request) -> Answer + Send + Sync;

/// A running server; it ends with the runtime.
pub struct RawServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl RawServer {
    /// Starts a server that answers as `handler` says.
    pub async fn start(handler: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let seen = Arc::clone(&requests);
        let handler: Arc<Handler> = Arc::new(handler);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (handler, seen) = (Arc::clone(&handler), Arc::clone(&seen));
                tokio::spawn(async move { serve(socket, &*handler, &seen).await });
            }
        });
        Self { address, requests }
    }

    /// Starts a queue for one job of the sample endpoint; `special` answers what it wants to, and the rest is
    /// answered as fal would of a job that is done.
    pub async fn queue(
        special: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        Self::start(move |request| special(request).unwrap_or_else(|| usual(request))).await
    }

    /// The requests so far whose line contains a text.
    pub fn count(&self, part: &str) -> usize {
        let requests = self.requests.lock().expect("requests");
        requests
            .iter()
            .filter(|request| request.line.contains(part))
            .count()
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("requests").clone()
    }

    /// What a client of this server is made from: one that repeats calls without long waits.
    pub fn builder(&self) -> ClientBuilder {
        let mut interval = PollInterval::default();
        interval.first = Duration::from_millis(10);
        interval.longest = Duration::from_millis(40);
        Client::builder()
            .key(KEY)
            .base_url(format!("http://{}", self.address))
            .retry(
                RetryPolicy::default()
                    .attempts(2)
                    .base_delay(Duration::from_millis(5)),
            )
            .poll_interval(interval)
    }

    /// A client of this server.
    pub fn client(&self) -> Client {
        self.builder().build().expect("a client")
    }
}

/// The id of the only job.
pub const JOB: &str = "the-job";

/// What fal would answer.
pub fn usual(request: &Request) -> Answer {
    let line = &request.line;
    if line.starts_with("POST /run/") {
        return Answer::json(200, &crate::sample::output());
    }
    if line.starts_with("POST") {
        return Answer::json(200, &json!({"request_id": JOB, "status": "IN_QUEUE"}));
    }
    if line.contains("/status/stream") {
        return Answer::new(
            200,
            &[("content-type", "text/event-stream")],
            "data: {\"status\": \"COMPLETED\"}\n\n",
        );
    }
    if line.contains("/status") {
        return Answer::json(200, &json!({"status": "COMPLETED"}));
    }
    Answer::json(200, &crate::sample::output())
}

async fn serve(mut socket: TcpStream, handler: &Handler, seen: &Mutex<Vec<Request>>) {
    let Some(request) = read(&mut socket).await else {
        return;
    };
    seen.lock().expect("requests").push(request.clone());
    let answer = handler(&request);
    for (wait, piece) in &answer.pieces {
        tokio::time::sleep(*wait).await;
        if socket.write_all(piece).await.is_err() {
            return;
        }
    }
    if let (true, Some((wait, piece))) = (answer.forever, answer.pieces.last()) {
        loop {
            tokio::time::sleep(*wait).await;
            if socket.write_all(piece).await.is_err() {
                return;
            }
        }
    }
    let _ = socket.shutdown().await;
}

async fn read(socket: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let (line, headers) = text.split_once("\r\n").unwrap_or((&text, ""));
    let headers = headers.to_ascii_lowercase();
    let length = headers
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if socket.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request {
        line: line.to_owned(),
        headers,
        body,
    })
}
