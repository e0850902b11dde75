//! Many jobs of one endpoint, with a journal: stopped and started again, it goes on
//! where it was, and pays for nothing twice.
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example batch --features wan-22-vace-fun-a14b -- JOURNAL [PROMPT…]
//! ```

use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
use fal_sdk::{Client, Priority};

const VIDEO: &str =
    "https://storage.googleapis.com/falserverless/example_inputs/wan-vace-depth-video.mp4";

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(journal) = arguments.next() else {
        eprintln!("usage: batch JOURNAL [PROMPT…]");
        std::process::exit(2);
    };
    let mut prompts: Vec<String> = arguments.collect();
    if prompts.is_empty() {
        prompts = ["in the morning", "at noon", "in the evening"]
            .map(|time| format!("A street {time}"))
            .to_vec();
    }
    let fal = Client::from_env()?;
    let inputs = prompts
        .iter()
        .map(|prompt| DepthInput::new(prompt.as_str(), VIDEO));
    let outcomes = fal
        .batch(inputs)
        .journal(journal)
        .concurrency(4)
        .options(|submit| submit.priority(Priority::Low))
        .on_done(|place, outcome| match outcome {
            Ok(_) => println!("{place}: done"),
            Err(error) => println!("{place}: {error}"),
        })
        .await?;
    for (prompt, outcome) in prompts.iter().zip(outcomes) {
        match outcome {
            Ok(output) => println!("{prompt}: {}", output.video.url),
            Err(error) => println!("{prompt}: {error}"),
        }
    }
    Ok(())
}
