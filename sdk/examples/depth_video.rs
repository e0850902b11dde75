//! Makes a depth video: a typed call with queue position, progress and logs.
//!
//! Against a local server, without a key (`cargo xtask mock` prints its address):
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example depth_video --features wan-22-vace-fun-a14b
//! ```
//!
//! With a key of your own and without `FAL_BASE_URL` it calls fal, and costs money.

use fal_sdk::Client;
use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::{DepthInput, Resolution};

const VIDEO: &str =
    "https://storage.googleapis.com/falserverless/example_inputs/wan-vace-depth-video.mp4";

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = Client::from_env()?;
    let input = DepthInput::new("A confident woman strides toward the camera", VIDEO)
        .resolution(Resolution::R720p)
        .num_frames(81);

    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;

    println!("seed: {}", output.seed);
    println!("video: {}", output.video.url);
    Ok(())
}
