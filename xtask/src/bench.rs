//! `cargo xtask bench`: builds and starts the program that runs the benchmarks (`tests/bench`).

use crate::child::{Child, Profile};
use std::path::PathBuf;

/// The sections that the program measures.
const SECTIONS: [&str; 7] = [
    "runs",
    "notice",
    "many",
    "transfer",
    "server",
    "generators",
    "instructions",
];

/// Benchmark fal-sdk and other clients, and write docs/benchmarks.md, .json and .svg.
///
/// It needs no key. The other clients are installed or built on demand, below `target` and `tests/interop`; those that are
/// not available are reported and left out.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Take a few minutes instead of a quarter of an hour: fewer calls and rounds
    #[arg(long)]
    pub quick: bool,
    /// Run only these sections, and write only the counts of instructions
    #[arg(long, value_name = "SECTION", value_delimiter = ',', value_parser = SECTIONS)]
    pub only: Vec<String>,
    /// The folder for the files [default: the repository's `docs`]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// The program, which takes the same options.
pub(crate) const PROGRAM: Child = Child {
    package: "fal-bench",
    program: "fal-bench",
    features: &["endpoints"],
    profile: Profile::Release,
};
