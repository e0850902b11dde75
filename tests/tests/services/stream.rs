//! Model streams and raw replies.

use std::time::Duration;

use fal_mock::{CutAt, Failure, Fault, RawOutput, Route, Script};
use fal_sdk::{ErrorKind, Input, OutputStream, Timeouts, Validate, wire};
use fal_tests::sample::{builder, client, server};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// An input of a model that streams.
#[derive(Debug, Clone)]
struct Ask {
    prompt: String,
}

wire! {
    Ask { prompt: required }
}

impl Validate for Ask {}

impl Input for Ask {
    const ENDPOINT: &'static str = fal_tests::sample::ENDPOINT;
    type Output = Answer;
}

/// What it says so far.
#[derive(Debug, Clone, PartialEq)]
struct Answer {
    output: String,
}

wire! {
    Answer { output: required }
}

fn ask() -> Ask {
    Ask {
        prompt: "a".to_owned(),
    }
}

fn words() -> Vec<Value> {
    ["I", "I s\u{e9}e", "I s\u{e9}e \u{1F600}"]
        .map(|output| json!({ "output": output }))
        .to_vec()
}

fn script() -> Script {
    Script::new().stream(words(), Duration::ZERO)
}

async fn read(mut stream: OutputStream<Answer>) -> (Vec<String>, Option<fal_sdk::Error>) {
    let mut outputs = Vec::new();
    while let Some(output) = stream.next().await {
        match output {
            Ok(answer) => outputs.push(answer.output),
            Err(error) => {
                assert!(stream.next().await.is_none());
                return (outputs, Some(error));
            }
        }
    }
    (outputs, None)
}

#[tokio::test]
async fn partial_outputs_come_in_their_order() {
    let server = server(script()).await;
    let fal = client(&server);
    let stream = fal.stream(ask()).await.unwrap();
    assert!(stream.request_id().is_some());
    let outputs: Vec<Answer> = stream.map(Result::unwrap).collect().await;
    assert_eq!(outputs.len(), 3);
    assert_eq!(outputs[2].output, "I s\u{e9}e \u{1F600}");
    let last = fal.stream(ask()).await.unwrap().last().await.unwrap();
    assert_eq!(last, outputs[2]);
    let sent = &server.requests_to(Route::ModelStream)[0];
    assert_eq!(sent.path, "/acme/sample/depth/stream");
    assert_eq!(sent.json(), Some(json!({"prompt": "a"})));
    assert!(
        sent.header("accept")
            .unwrap()
            .starts_with("text/event-stream")
    );
    let untyped = fal.endpoint("acme/sample/depth").unwrap();
    let last = untyped
        .stream(json!({}))
        .await
        .unwrap()
        .last()
        .await
        .unwrap();
    assert_eq!(last, words()[2]);
}

#[tokio::test]
async fn however_the_bytes_are_cut_the_outputs_are_the_same() {
    for bytes in [1, 2, 3, 7] {
        let server = server(script()).await;
        server.inject(Fault::Dribble { bytes, pause_ms: 0 }.on(Route::ModelStream));
        let (outputs, error) = read(client(&server).stream(ask()).await.unwrap()).await;
        assert_eq!(outputs, ["I", "I s\u{e9}e", "I s\u{e9}e \u{1F600}"]);
        assert!(error.is_none());
    }
}

/// What cannot be read as it comes is kept as a whole.
#[tokio::test]
async fn a_compressed_stream_is_kept() {
    let server = server(script()).await;
    let coding = "gzip".to_owned();
    server.inject(Fault::ContentEncoding { coding }.on(Route::ModelStream));
    let error = client(&server).stream(ask()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:?}");
    assert_eq!(error.raw_body_encoding(), Some("gzip"));
    assert!(
        error
            .raw_body()
            .is_some_and(|body| body.starts_with(&[0x1f, 0x8b]))
    );
    assert!(error.to_string().contains("compressed (gzip)"), "{error}");
}

#[tokio::test]
async fn a_stream_that_breaks_says_so_and_is_not_asked_for_again() {
    for at in [CutAt::Frame, CutAt::Line, CutAt::Char] {
        for clean in [false, true] {
            let server = server(script()).await;
            server.inject(
                Fault::CutStream {
                    frames: 1,
                    at,
                    clean,
                }
                .on(Route::ModelStream),
            );
            let (outputs, error) = read(client(&server).stream(ask()).await.unwrap()).await;
            assert_eq!(outputs, ["I"], "{at:?} {clean}");
            if at == CutAt::Frame && clean {
                // Nothing tells this from the end.
                assert!(error.is_none());
                continue;
            }
            let error = error.unwrap();
            assert_eq!(error.kind(), ErrorKind::Transport, "{at:?} {clean}");
            assert!(!error.is_retryable());
            assert!(error.request_id().is_some());
            assert_eq!(error.endpoint(), Some(Ask::ENDPOINT));
            assert_eq!(server.count(Route::ModelStream), 1);
        }
    }
}

#[tokio::test]
async fn a_model_that_fails_after_some_outputs_is_heard() {
    let failing = script().fail(Failure::new(500, json!({"detail": "out of memory"})));
    let server = server(failing).await;
    let (outputs, error) = read(client(&server).stream(ask()).await.unwrap()).await;
    assert_eq!(outputs.len(), 3);
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::JobFailed);
    assert!(error.to_string().starts_with("out of memory"), "{error}");
}

#[tokio::test]
async fn what_is_wrong_at_the_start_is_the_calls_error() {
    let server = server(script()).await;
    let fal = client(&server);
    let cases = [
        (Fault::json(422, json!({"detail": "no"})), ErrorKind::Api),
        (
            Fault::platform(500, "internal_error", "no"),
            ErrorKind::JobFailed,
        ),
        (Fault::nginx(502), ErrorKind::OutcomeUnknown),
        (Fault::Drop, ErrorKind::OutcomeUnknown),
    ];
    for (number, (fault, kind)) in (1..).zip(cases) {
        server.inject(fault.clone().on(Route::ModelStream));
        let error = fal.stream(ask()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault:?}: {error}");
        assert_eq!(server.count(Route::ModelStream), number);
    }
    // Refused for now: sent again.
    server.inject(Fault::too_many_requests(None).on(Route::ModelStream));
    fal.stream(ask()).await.unwrap().last().await.unwrap();
}

#[tokio::test]
async fn replies_that_are_no_stream() {
    let json_server =
        server(Script::new().raw(RawOutput::text("application/json", "{\"output\":\"all\"}")))
            .await;
    let (outputs, error) = read(client(&json_server).stream(ask()).await.unwrap()).await;
    assert_eq!((outputs, error.is_none()), (vec!["all".to_owned()], true));

    let server = server(Script::new().raw(RawOutput::bytes("audio/mpeg", b"\x00\xff\x01"))).await;
    let fal = client(&server);
    let error = fal.stream(ask()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("audio/mpeg"), "{error}");
    assert_eq!(error.raw_body(), Some(&b"\x00\xff\x01"[..]));
    let mut raw = fal.stream(ask()).raw().await.unwrap();
    assert_eq!(raw.content_type(), Some("audio/mpeg"));
    let mut bytes = Vec::new();
    while let Some(chunk) = raw.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    assert_eq!(bytes, b"\x00\xff\x01");
}

#[tokio::test]
async fn one_odd_output_does_not_end_the_stream() {
    let events = vec![
        json!({"output": "a"}),
        json!({"status": "thinking"}),
        json!({"output": "b"}),
    ];
    let server = server(Script::new().stream(events, Duration::ZERO)).await;
    let mut stream = client(&server).stream(ask()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().output, "a");
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.decode_error().unwrap().pointer(), "/output");
    assert_eq!(error.raw_body(), Some(&br#"{"status":"thinking"}"#[..]));
    assert_eq!(stream.next().await.unwrap().unwrap().output, "b");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_silent_model_is_given_up() {
    let server = server(script()).await;
    server.inject(Fault::Stall { keep: Some(30) }.on(Route::ModelStream));
    let call = client(&server)
        .stream(ask())
        .idle_timeout(Duration::from_secs(1));
    let (_, error) = read(call.await.unwrap()).await;
    assert!(error.unwrap().is_timeout());
    server.inject(Fault::Stall { keep: Some(30) }.on(Route::ModelStream));
    let call = client(&server)
        .stream(ask())
        .timeout(Duration::from_secs(2));
    let (_, error) = read(call.await.unwrap()).await;
    assert!(error.unwrap().is_timeout());
}

/// However slowly something comes, the limit on the whole call ends it.
#[tokio::test]
async fn a_reply_that_drips_ends_with_the_limit_on_time() {
    let drips = Fault::Dribble {
        bytes: 1,
        pause_ms: 100,
    };
    let limit = Duration::from_secs(2);
    let events = server(script()).await;
    events.inject(drips.clone().on(Route::ModelStream).always());
    let fal = client(&events);
    let (_, error) = read(fal.stream(ask()).timeout(limit).await.unwrap()).await;
    assert!(error.unwrap().is_timeout());
    let mut raw = fal.stream(ask()).timeout(limit).raw().await.unwrap();
    let error = loop {
        match raw.next().await.expect("an error before the end") {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(error.is_timeout(), "{error}");
    assert!(error.endpoint().is_some());

    let whole = RawOutput::text("application/json", "{\"output\":\"no stream of events\"}");
    let whole = server(Script::new().raw(whole)).await;
    whole.inject(drips.clone().on(Route::ModelStream));
    let opened = client(&whole).stream(ask()).timeout(limit).await;
    assert!(opened.unwrap_err().is_timeout());

    // The words of an error are cut; its status is known.
    let words = "no ".repeat(20);
    let failing = server(Script::new().fail(Failure::new(422, json!({"detail": words})))).await;
    failing.inject(drips.on(Route::ModelStream));
    let mut timeouts = Timeouts::default();
    timeouts.idle = limit;
    let fal = builder(&failing).timeouts(timeouts).build().unwrap();
    let error = fal.stream(ask()).await.unwrap_err();
    assert_eq!(error.status(), Some(422), "{error}");
    assert!(error.raw_body().unwrap().len() < words.len(), "{error}");
}

#[tokio::test]
async fn dropping_the_stream_closes_the_connection() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = [0; 4096];
        let _ = socket.read(&mut head).await.unwrap();
        let reply = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {\"output\":\"a\"}\n\n";
        socket.write_all(reply.as_bytes()).await.unwrap();
        // Ends when the client goes away.
        while socket.read(&mut head).await.unwrap_or(0) > 0 {}
    });
    let fal = fal_sdk::Client::builder()
        .key(fal_tests::sample::KEY)
        .base_url(format!("http://{address}"))
        .build()
        .unwrap();
    let mut stream = fal.stream(ask()).await.unwrap();
    stream.next().await.unwrap().unwrap();
    drop(stream);
    tokio::time::timeout(Duration::from_secs(20), serving)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_run_returns_what_is_no_json_as_it_is() {
    let script = Script::new()
        .raw(RawOutput::bytes("audio/mpeg", b"\x00\xff\x01"))
        .header("x-fal-billable-units", "0.5");
    let server = server(script).await;
    let fal = client(&server);
    let reply = fal.run(ask()).raw().await.unwrap();
    assert_eq!(reply.content_type.as_deref(), Some("audio/mpeg"));
    assert_eq!(reply.body, &b"\x00\xff\x01"[..]);
    assert_eq!(reply.billable_units, Some(0.5));
    assert!(reply.request_id.is_some());
    assert_eq!(reply.text().unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(server.requests()[0].header("accept"), Some("*/*"));
    // As JSON it is an error that keeps the bytes.
    let error = fal.run(ask()).await.unwrap_err();
    assert_eq!(error.raw_body(), Some(&b"\x00\xff\x01"[..]));
    server.script(
        Ask::ENDPOINT,
        Script::new().raw(RawOutput::text("text/html", "<p>hi")),
    );
    let reply = fal.run(ask()).raw().await.unwrap();
    assert_eq!(reply.text().unwrap(), "<p>hi");
}

/// A server whose stream has one output, and then comments for ever.
async fn commenting_server() -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await.unwrap();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-fal-request-id: 0195-a\r\n\r\n";
        let output = "data: {\"output\":\"a\"}\n\n";
        let mut text = format!("{head}{output}");
        while socket.write_all(text.as_bytes()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            text = ": still here\n\n".to_owned();
        }
    });
    address
}

#[tokio::test]
async fn comments_are_no_outputs() {
    let address = commenting_server().await;
    let fal = fal_sdk::Client::builder()
        .key(fal_tests::sample::KEY)
        .base_url(format!("http://{address}"))
        .build()
        .unwrap();
    let call = fal.stream(ask()).idle_timeout(Duration::from_secs(1));
    let reading = async { read(call.await.unwrap()).await };
    let (outputs, error) = tokio::time::timeout(Duration::from_secs(20), reading)
        .await
        .expect("the stream is given up");
    assert_eq!(outputs, ["a"]);
    let error = error.unwrap();
    assert!(error.is_timeout());
    assert_eq!(error.request_id(), Some("0195-a"));
    assert!(!error.is_retryable(), "the call is paid for");
}
