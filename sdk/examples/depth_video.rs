//! Makes a depth video: a typed call with queue position, progress and logs, an
//! upload inside the input, and the result downloaded.
//!
//! Against a local server, without a key (`cargo xtask mock` prints its address):
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example depth_video --features wan-22-vace-fun-a14b -- [WALK.mp4]
//! ```
//!
//! With a key of your own and without `FAL_BASE_URL` it calls fal, and costs money.

use std::io::{IsTerminal, Write};

use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::{DepthInput, Resolution};
use fal_sdk::{Client, Media, Progress};

const VIDEO: &str =
    "https://storage.googleapis.com/falserverless/example_inputs/wan-vace-depth-video.mp4";

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = Client::from_env()?;
    // A file is uploaded when the call is made.
    let video = match std::env::args().nth(1) {
        Some(path) => Media::path(path),
        None => Media::url(VIDEO),
    };
    let input = DepthInput::new("A confident woman strides toward the camera", video)
        .resolution(Resolution::P720)
        .num_frames(81);

    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("seed: {}", output.seed);
    println!("video: {}", output.video.url);

    let path = std::env::temp_dir().join("depth.mp4");
    let size = fal
        .download(&output.video.url)
        .on_progress(show)
        .to_path(&path)
        .await?;
    println!("{size} bytes in {}", path.display());
    Ok(())
}

/// A bar of 40 characters, for terminals.
fn show(progress: Progress) {
    let mut terminal = std::io::stderr();
    if !terminal.is_terminal() {
        return;
    }
    let share = progress.fraction().unwrap_or_default();
    let full = (share * 40.0).round() as usize;
    let end = if share < 1.0 { "" } else { "\n" };
    // A bar that cannot be shown is no reason to stop.
    let _ = write!(terminal, "\r[{:<40}] {progress}{end}", "#".repeat(full));
}
