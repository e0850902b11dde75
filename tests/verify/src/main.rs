//! The program that `cargo xtask verify` builds and starts.

use std::process::ExitCode;
use xtask::{verify::Args, workspace};

/// Check the generated types against the documents, with the `jsonschema` crate.
#[derive(Debug, clap::Parser)]
#[command(name = "fal-verify")]
struct Cli {
    #[command(flatten)]
    args: Args,
}

fn main() -> ExitCode {
    cargo_fal::program::run(std::env::args_os(), |cli: Cli| {
        workspace::find().and_then(|_| fal_verify::command(&cli.args))
    })
}
