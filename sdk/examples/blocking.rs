//! The client for programs without an async runtime.
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example blocking --features blocking,wan-22-vace-fun-a14b
//! ```

use fal_sdk::blocking::Client;
use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;

fn main() -> fal_sdk::Result<()> {
    let fal = Client::from_env()?;
    // Everything that the async client does can be waited for.
    let video = fal.wait(|fal| {
        fal.storage()
            .upload("no real film, but bytes will do here")
            .content_type("video/mp4")
    })?;
    let output = fal
        .subscribe(DepthInput::new("A street in the morning", video))
        .on_update(|update| println!("{update}"))
        .send()?;
    let bytes = fal.wait(|fal| fal.download(&output.video.url).bytes())?;
    println!("{}: {} bytes", output.video.url, bytes.len());
    Ok(())
}
