//! What is traced, down to the finest level and by all libraries underneath.

use std::future::IntoFuture;
use std::io;
use std::sync::{Arc, Mutex};

use fal_mock::{Fault, Hold, Route, Script};
use fal_tests::sample::{ENDPOINT, SampleInput, builder, client, script, server};
use serde_json::json;
use tracing::Instrument;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// Held by each test: whether a span is recorded is remembered for the whole process, so a test without a subscriber
/// could switch off what another one collects.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Collects what this thread traces until the guard is dropped.
    fn collect(level: LevelFilter) -> (Self, DefaultGuard) {
        let lines = Self::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (lines, subscriber.set_default())
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines of this library that hold all of the words.
    fn with(&self, words: &[&str]) -> Vec<String> {
        let text = self.text();
        let lines = text.lines().filter(|line| line.contains("fal_sdk"));
        lines
            .filter(|line| words.iter().all(|word| line.contains(word)))
            .map(str::to_owned)
            .collect()
    }
}

#[tokio::test]
async fn calls_are_traced_with_their_request_ids_and_without_the_key() {
    let _alone = ALONE.lock().await;
    let (lines, guard) = Lines::collect(LevelFilter::TRACE);
    let server = server(script()).await;
    for is_http2 in [false, true] {
        let fal = builder(&server)
            .http_client(move |builder| match is_http2 {
                true => builder.http2_prior_knowledge(),
                false => builder,
            })
            .build()
            .unwrap();
        fal.subscribe(SampleInput::new("a")).await.unwrap();
        server.inject(Fault::nginx(502).on(Route::Run));
        fal.run(SampleInput::new("a")).await.unwrap_err();
    }
    drop(guard);

    let text = lines.text();
    let of_client: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("fal_sdk"))
        .collect();
    let of_client = of_client.join("\n");
    assert_eq!(server.jobs_created(), 2);
    for job in server.jobs() {
        assert!(of_client.contains(&job.request_id), "{of_client}");
    }
    for word in [
        "operation=\"subscribe\"",
        "elapsed_ms",
        "acme/sample/depth",
        "OutcomeUnknown",
    ] {
        assert!(of_client.contains(word), "no {word} in {of_client}");
    }
    // The server is in this process too, and its libraries may show what it got.
    let mut leaks = text
        .lines()
        .filter(|line| line.contains("test-secret") && !line.contains("peer=Server"));
    assert_eq!(leaks.next(), None);
    assert!(
        text.contains("peer=Client"),
        "the libraries underneath are traced too"
    );
}

/// Whatever is filtered, the fields of the caller's span are the caller's.
#[tokio::test]
async fn the_callers_own_request_id_stays() {
    let _alone = ALONE.lock().await;
    for level in [LevelFilter::TRACE, LevelFilter::ERROR] {
        let (lines, guard) = Lines::collect(level);
        let server = server(script()).await;
        let fal = client(&server);
        let span = tracing::error_span!("handler", request_id = "mine");
        let work = async {
            let job = fal.submit(SampleInput::new("a")).await.unwrap();
            job.result().await.unwrap();
            fal.run(SampleInput::new("a")).await.unwrap();
            tracing::error!("handled");
        };
        work.instrument(span).await;
        drop(guard);
        let text = lines.text();
        assert!(text.contains("handler{request_id=\"mine\"}: "), "{text}");
        assert!(!text.contains("\"mine\" request_id"), "{text}");
    }
}

#[tokio::test]
async fn every_kind_of_call_has_a_span() {
    let _alone = ALONE.lock().await;
    let (lines, guard) = Lines::collect(LevelFilter::DEBUG);
    let server = server(script().stream([json!({"output": "a"})], std::time::Duration::ZERO)).await;
    let fal = client(&server);
    fal.run(SampleInput::new("a")).await.unwrap();
    let untyped = fal.endpoint(ENDPOINT).unwrap();
    untyped
        .stream(json!({}))
        .await
        .unwrap()
        .last()
        .await
        .unwrap();
    let mut raw = untyped.stream(json!({})).raw().await.unwrap();
    while raw.next().await.is_some() {}
    let file = fal.storage().upload(vec![1, 2, 3]).await.unwrap();
    fal.download(file.url).bytes().await.unwrap();
    let _ = fal.platform().price(ENDPOINT).await;
    let mut socket = untyped.socket().await.unwrap();
    let _ = socket.run(json!({})).await;
    drop(guard);
    for operation in [
        "run", "stream", "upload", "download", "platform", "realtime", "socket",
    ] {
        let span = format!("fal{{operation=\"{operation}\"");
        let ends = [" done", " failed"].map(|end| lines.with(&[&span, end, "elapsed_ms"]).len());
        assert!(ends[0] + ends[1] > 0, "{operation}: {}", lines.text());
    }
    for operation in ["run", "stream"] {
        let span = format!("fal{{operation=\"{operation}\" endpoint=\"{ENDPOINT}\" request_id=");
        assert!(!lines.with(&[&span]).is_empty(), "{}", lines.text());
    }
    assert_eq!(lines.with(&["operation=\"stream\"", " done"]).len(), 2);
}

/// A call that is dropped is cancelled by a task of its own, which belongs to it.
#[tokio::test]
async fn the_cancelling_task_stays_in_the_span_of_its_call() {
    let _alone = ALONE.lock().await;
    let (lines, guard) = Lines::collect(LevelFilter::DEBUG);
    let server = server(script().hold(Hold::Queued)).await;
    let fal = client(&server);
    let call = fal.subscribe(SampleInput::new("a")).cancel_on_drop(true);
    let call = tokio::spawn(call.into_future());
    while server.count(Route::StatusStream) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    call.abort();
    while server.count(Route::Cancel) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let spanned = ["operation=\"subscribe\"", "operation=Cancel", "answered"];
    for _ in 0..200 {
        if !lines.with(&spanned).is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    drop(guard);
    assert!(!lines.with(&spanned).is_empty(), "{}", lines.text());
}

#[tokio::test]
async fn a_timeout_says_what_became_of_the_job() {
    let _alone = ALONE.lock().await;
    let held = |script: Script| script.hold(Hold::Queued);
    for (script, words) in [
        (held(script()), "cancelling the job was requested"),
        (
            held(script()).ignores_cancel(),
            "cancelling the job was requested",
        ),
    ] {
        let server = server(script).await;
        let call = client(&server).subscribe(SampleInput::new("a"));
        let call = call.timeout(std::time::Duration::from_secs(2));
        let error = call.await.unwrap_err();
        assert!(error.is_timeout());
        assert!(error.to_string().contains(words), "{error}");
    }
    let server = server(held(script())).await;
    server.inject(Fault::nginx(502).on(Route::Cancel).always());
    let call = client(&server).subscribe(SampleInput::new("a"));
    let call = call.timeout(std::time::Duration::from_secs(2));
    let error = call.await.unwrap_err().to_string();
    assert!(error.contains("could not be cancelled"), "{error}");
}

#[tokio::test]
async fn an_input_that_is_sent_unchecked_is_a_warning() {
    let _alone = ALONE.lock().await;
    let (lines, guard) = Lines::collect(LevelFilter::WARN);
    let server = server(script()).await;
    server.inject(Fault::status(403).on(Route::Models));
    let model = client(&server).endpoint(ENDPOINT).unwrap().checked();
    model.submit(json!({"prompt": "a"})).await.unwrap();
    drop(guard);
    let warned = lines.with(&["WARN", ENDPOINT, "the input is not checked"]);
    assert_eq!(warned.len(), 1, "{}", lines.text());
}
