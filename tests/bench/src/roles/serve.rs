//! The server, in a process of its own.

use std::io::Write as _;

use fal_mock::{MockServer, Script};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;

use super::meter::Meter;
use crate::Outcome;

/// Enough for every job that is waited for at once, and no more: what has ended is not kept for ever.
const JOBS: usize = 12_000;

/// Serves until standard input ends; says where on standard output.
pub async fn until_told(options: &Value) -> Outcome {
    let output = json!({ "video": { "url": "https://v3.fal.media/files/depth.mp4" }, "prompt": "a walk", "seed": 42 });
    let mut builder = MockServer::builder()
        .any_app()
        .default_script(Script::new().output(output))
        .record_limit(0)
        .job_limit(JOBS)
        .tls();
    if options["discard_uploads"] == true {
        builder = builder.discard_uploads();
    }
    let meter = Meter::start();
    let server = builder.start().await?;
    let said = json!({ "address": server.address().to_string(), "ca": server.ca_pem() });
    println!("{said}");
    std::io::stdout().flush()?;
    wait_for_end().await?;
    Ok(json!({ "cpu_seconds": meter.cpu_seconds() }))
}

/// Until standard input ends, as it does when the parent does.
pub async fn wait_for_end() -> Outcome<()> {
    let mut ignored = Vec::new();
    tokio::io::stdin().read_to_end(&mut ignored).await?;
    Ok(())
}
