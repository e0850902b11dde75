//! Sends inputs over a realtime connection, and tells how long each answer takes.
//!
//! ```text
//! cargo run --example realtime_loop --features realtime -- \
//!     fal-ai/fast-lcm-diffusion '{"prompt": "a cat", "sync_mode": true}'
//! ```
//!
//! Against a local server:
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example realtime_loop --features realtime -- \
//!     fal-ai/wan-22-vace-fun-a14b/depth \
//!     '{"prompt": "A street", "video_url": "https://example.com/walk.mp4"}'
//! ```

use std::time::Instant;

use fal_sdk::Client;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let endpoint = arguments
        .next()
        .unwrap_or_else(|| "fal-ai/fast-lcm-diffusion".to_owned());
    let input: Value = match arguments.next().map(|text| serde_json::from_str(&text)) {
        None => json!({"prompt": "a cat", "sync_mode": true}),
        Some(Ok(input)) => input,
        Some(Err(error)) => {
            eprintln!("the input is not JSON: {error}");
            std::process::exit(2);
        }
    };
    let fal = Client::from_env()?;
    let mut connection = fal.endpoint(endpoint)?.realtime().max_buffering(2).await?;
    for number in 1..=10 {
        let started = Instant::now();
        connection.send(input.clone()).await?;
        let Some(received) = connection.recv().await else {
            println!("the server ended the connection");
            break;
        };
        let received = received?;
        let bytes: usize = received.all_bytes().map(|(_, bytes)| bytes.len()).sum();
        println!(
            "{number}: {:.1?}, {bytes} bytes of media",
            started.elapsed()
        );
    }
    connection.close().await;
    Ok(())
}
