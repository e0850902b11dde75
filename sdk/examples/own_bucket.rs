//! Has a model store its video in a bucket of yours instead of fal's storage.
//!
//! The file holds a presigned POST, as the program makes it that has the bucket's
//! credentials; in Python, for an hour:
//!
//! ```text
//! boto3.client("s3").generate_presigned_post("my-bucket", "films/${filename}")
//! ```
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example own_bucket --features wan-22-vace-fun-a14b -- policy.json
//! ```

use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
use fal_sdk::{Client, UploadPolicy};

const VIDEO: &str =
    "https://storage.googleapis.com/falserverless/example_inputs/wan-vace-depth-video.mp4";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: own_bucket POLICY.json");
        std::process::exit(2);
    };
    let policy: UploadPolicy = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let output = Client::from_env()?
        .subscribe(DepthInput::new("A street in the morning", VIDEO))
        .upload_policy(&policy)
        .tag("team", "films")
        .await?;
    let url = output.video.to_url()?;
    let bucket = policy.url.trim_end_matches('/');
    match url.as_str().starts_with(bucket) {
        true => println!("in the bucket: {url}"),
        false => println!("this model cannot use buckets of others: {url}"),
    }
    Ok(())
}
