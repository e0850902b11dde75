//! The private endpoints against a local server that holds their documents.

use std::path::Path;

use fal_consumer::{CaptionInput, PortraitInput, endpoints};
use fal_mock::MockServer;
use fal_sdk::{Client, ErrorKind, Input};

async fn server() -> (MockServer, Client) {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let server = MockServer::builder()
        .documents(documents)
        .start()
        .await
        .expect("a server on a free port");
    let client = Client::builder()
        .key("id:secret")
        .base_url(server.url())
        .build()
        .expect("a client of the server");
    (server, client)
}

#[tokio::test]
async fn generated_types_are_called_like_those_of_the_sdk() {
    let (server, client) = server().await;
    let input = PortraitInput::new("a cat", "https://example.com/cat.png")
        .steps(30)
        .finish("glossy");
    let output = client.subscribe(input).await.expect("an output");
    assert!(output.image.url.starts_with("http"));
    let caption = client
        .run(CaptionInput::new(&output.image))
        .await
        .expect("an output");
    assert_eq!(caption.caption, "A portrait.");
    assert!(server.total() > 0);
}

#[tokio::test]
async fn rules_of_private_endpoints_are_checked_before_a_call() {
    let (server, client) = server().await;
    let input = PortraitInput::new("", "https://example.com/cat.png").steps(51);
    let error = client.run(input).await.expect_err("a refused input");
    assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
    assert!(error.to_string().contains("/steps"), "{error}");
    assert_eq!(server.total(), 0);
}

#[test]
fn modules_mirror_ids_and_shared_types_are_one() {
    assert_eq!(PortraitInput::ENDPOINT, "studio/portrait");
    assert_eq!(CaptionInput::ENDPOINT, "studio/portrait/caption");
    let frame = endpoints::studio::portrait::Frame::new().width(9);
    let other: endpoints::studio::portrait::caption::Frame = frame;
    assert_eq!(other.width, Some(9));
}
