//! Calls a model with a video that another program writes, without a file in between.
//!
//! ```text
//! cat walk.mp4 | FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example from_stdin --features wan-22-vace-fun-a14b -- [BYTES]
//! ```
//!
//! If the number of bytes is known, a program that ends early is noticed.

use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
use fal_sdk::{Client, Media};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut video = Media::reader(tokio::io::stdin(), "video/mp4").file_name("walk.mp4");
    if let Some(bytes) = std::env::args().nth(1) {
        video = video.length(bytes.parse()?);
    }
    // It is read, a few parts at a time, when the call is made.
    let input = DepthInput::new("A street in the morning", video);
    let output = Client::from_env()?.subscribe(input).await?;
    println!("{}", output.video.url);
    // The runtime would wait for a terminal to end the input.
    std::process::exit(0);
}
