//! Receives webhooks with axum, checks that fal sent them, and reads them.
//!
//! It submits a job with itself as the webhook, and ends with the first delivery.
//! fal delivers to public `https` addresses only; give the one that leads here:
//!
//! ```text
//! cargo run --example webhook_server --features webhook,wan-22-vace-fun-a14b -- \
//!     https://example.com/fal
//! ```
//!
//! The local server delivers to this machine:
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example webhook_server --features webhook,wan-22-vace-fun-a14b
//! ```

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use fal_sdk::Client;
use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
use fal_sdk::webhook::{Outcome, Verifier};
use tokio::sync::mpsc;

const VIDEO: &str =
    "https://storage.googleapis.com/falserverless/example_inputs/wan-vace-depth-video.mp4";

#[derive(Clone)]
struct App {
    verifier: Verifier,
    done: mpsc::Sender<()>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fal = Client::from_env()?;
    let (done, mut is_done) = mpsc::channel(1);
    let app = App {
        verifier: Verifier::of(&fal),
        done,
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let here = format!("http://{}/fal", listener.local_addr()?);
    let webhook = std::env::args().nth(1).unwrap_or_else(|| here.clone());
    println!("listening on {here}, submitting with {webhook}");

    let router = Router::new().route("/fal", post(receive)).with_state(app);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let job = fal
        .submit(DepthInput::new("A street in the morning", VIDEO))
        .webhook(webhook)
        .await?;
    println!("submitted {}", job.request_id());
    is_done.recv().await;
    serving.abort();
    Ok(())
}

/// The status tells fal whether to deliver again.
async fn receive(State(app): State<App>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let event = match app.verifier.event::<DepthInput>(&headers, &body).await {
        Ok(event) => event,
        Err(error) => {
            println!("refused: {error}");
            return StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        }
    };
    // The same event can come twice: know it by its request id.
    match &event.outcome {
        Outcome::Output(output) => println!("{}: {}", event.request_id, output.video.url),
        Outcome::Failed(error) => println!("{}: {error}", event.request_id),
        Outcome::NotSent(why) => println!("{}: fetch it, {why}", event.request_id),
        _ => println!("{}: {}", event.request_id, event.payload),
    }
    // A full channel says the same.
    let _ = app.done.try_send(());
    StatusCode::OK
}
