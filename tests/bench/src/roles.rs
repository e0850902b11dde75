//! The processes that are measured.

mod bare;
mod generate;
mod load;
mod meter;
mod sdk;
mod serve;
mod task;
mod tunnel;

use crate::{Outcome, print};
use task::Task;
pub use task::{ENDPOINT, KEY};

/// The names of the roles.
pub const NAMES: [&str; 6] = ["serve", "tunnel", "load", "bare", "sdk", "generate"];

/// Does what a role does with its options, which are JSON, and prints its figures.
pub fn run(role: &str, options: &str) -> Outcome<()> {
    let options = serde_json::from_str(options)?;
    if role == "generate" {
        // Without a runtime: its threads would be in the figures.
        return print(&format!("{}\n", generate::measure(&options)?));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let figures = match role {
        "serve" => runtime.block_on(serve::until_told(&options)),
        "tunnel" => runtime.block_on(tunnel::until_told(&options)),
        "load" => runtime.block_on(load::measure(&Task::of(&options)?)),
        "bare" => runtime.block_on(bare::measure(&Task::of(&options)?)),
        _ => runtime.block_on(sdk::measure(&Task::of(&options)?)),
    };
    print(&format!("{}\n", figures?))
}
