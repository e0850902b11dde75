//! The fault table: every row over every transport shows what is expected of it, no
//! job is paid for twice, and none is lost.

use fal_reliability::setup::Transport;
use fal_reliability::suite;

async fn holds_over(transport: Transport) {
    let lines = suite::run(transport).await;
    let differences: Vec<String> = lines.iter().flat_map(suite::Line::differences).collect();
    assert!(
        differences.is_empty(),
        "{} of {} rows:\n{}",
        differences.len(),
        lines.len(),
        differences.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_http1() {
    holds_over(Transport::Http1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_http2() {
    holds_over(Transport::Http2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls() {
    holds_over(Transport::Tls).await;
}
