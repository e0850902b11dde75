//! Prints what a model says while it says it.
//!
//! ```text
//! cargo run --example stream_tokens -- fal-ai/any-llm '{"prompt": "Tell me a story"}'
//! ```
//!
//! Against a local server, which streams any endpoint that it serves:
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example stream_tokens -- fal-ai/wan-22-vace-fun-a14b/depth \
//!     '{"prompt": "A street", "video_url": "https://example.com/walk.mp4"}'
//! ```

use std::io::Write;

use fal_sdk::Client;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let endpoint = arguments
        .next()
        .unwrap_or_else(|| "fal-ai/any-llm".to_owned());
    let input = match arguments.next().map(|text| serde_json::from_str(&text)) {
        None => json!({"prompt": "Tell me a story of three sentences"}),
        Some(Ok(input)) => input,
        Some(Err(error)) => {
            eprintln!("the input is not JSON: {error}");
            std::process::exit(2);
        }
    };
    let mut outputs = Client::from_env()?
        .endpoint(endpoint)?
        .stream(input)
        .await?;
    let mut shown = String::new();
    while let Some(output) = outputs.next().await {
        let output = output?;
        let Some(text) = output.get("output").and_then(Value::as_str) else {
            println!("{output}");
            continue;
        };
        // Each output holds all that was said so far.
        print!("{}", text.strip_prefix(shown.as_str()).unwrap_or(text));
        // A terminal that is gone is no reason to stop.
        let _ = std::io::stdout().flush();
        text.clone_into(&mut shown);
    }
    println!();
    Ok(())
}
