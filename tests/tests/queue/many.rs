//! Many jobs at once, at a size that tests can bear; `cargo bench` has the rest.

use std::time::Duration;

use fal_mock::{MockServer, Route};
use fal_sdk::Client;
use fal_tests::sample::{ENDPOINT, KEY, SampleInput, client, script, server};

async fn wait_for(fal: &Client, count: usize) {
    let jobs: Vec<_> = (0..count)
        .map(|number| {
            tokio::spawn(
                fal.subscribe(SampleInput::new(number.to_string()))
                    .into_future(),
            )
        })
        .collect();
    for job in jobs {
        assert_eq!(job.await.unwrap().unwrap().seed, 42);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_over_plain_http() {
    let server = server(script().run(Duration::from_millis(300))).await;
    wait_for(&client(&server), 400).await;
    assert_eq!(server.jobs_created(), 400);
}

/// All streams share a connection whose server allows 100 at once: those of jobs
/// must not take the place of calls.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_over_http2_with_a_limit_on_streams() {
    let server = MockServer::builder()
        .script(ENDPOINT, script().run(Duration::from_millis(300)))
        .tls()
        .max_concurrent_streams(100)
        .start()
        .await
        .unwrap();
    let pem = server.ca_pem().unwrap().to_owned();
    let root = format!("https://{}", server.address());
    let fal = Client::builder()
        .key(KEY)
        .base_url(root)
        .http_client(move |builder| {
            let certificate = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
            builder.tls_certs_only([certificate])
        })
        .build()
        .unwrap();
    wait_for(&fal, 400).await;
    assert_eq!(server.jobs_created(), 400);
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.secure && request.version == "HTTP/2.0")
    );
    assert!(server.count(Route::StatusStream) > 0);
}
