//! What is traced, down to the finest level and by all libraries underneath.

use std::io;
use std::sync::{Arc, Mutex};

use fal_mock::{Fault, Route};
use fal_tests::sample::{SampleInput, builder, script, server};

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

#[tokio::test]
async fn calls_are_traced_with_their_request_ids_and_without_the_key() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);

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

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
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
