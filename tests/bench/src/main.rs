//! What `cargo xtask bench` measures with: the server, and the callers that are Rust.
//!
//! `fal-bench ROLE JSON`: every role is a process of its own, so that processor time and memory are its own alone. It
//! prints one line of JSON with what it measured.

mod bare;
mod generate;
mod load;
mod meter;
mod sdk;
mod serve;
mod task;
mod tunnel;

use std::error::Error;

use serde_json::Value;

/// What the roles end with: the line to print, or what went wrong.
type Outcome<T = Value> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let role = arguments.next().unwrap_or_default();
    let options: Value = serde_json::from_str(&arguments.next().unwrap_or("{}".to_owned()))?;
    if role == "generate" {
        println!("{}", generate::measure(&options)?);
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let line = runtime.block_on(async {
        match role.as_str() {
            "serve" => serve::until_told(&options).await,
            "tunnel" => tunnel::until_told(&options).await,
            "load" => load::measure(&task::Task::of(&options)?).await,
            "bare" => bare::measure(&task::Task::of(&options)?).await,
            "sdk" => sdk::measure(&task::Task::of(&options)?).await,
            _ => Err("roles are serve, tunnel, load, bare, sdk, generate".into()),
        }
    })?;
    println!("{line}");
    Ok(())
}
