//! `cargo xtask bench`: builds and starts the program that runs the benchmarks (`tests/bench`).

use crate::child::{Child, Profile};
use cargo_fal::{Error, Outcome};
use std::{ffi::OsString, path::PathBuf};

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
    quick: bool,
    /// Run only these sections, and write only the counts of instructions
    #[arg(long, value_name = "SECTION", value_delimiter = ',', value_parser = SECTIONS)]
    only: Vec<String>,
    /// The folder for the files [default: the repository's `docs`]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Builds the program and runs it with the same options.
///
/// # Errors
///
/// If the program cannot be built, or fails. Another client that fails is reported in the tables.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let mut arguments: Vec<OsString> = Vec::new();
    if args.quick {
        arguments.push("--quick".into());
    }
    if !args.only.is_empty() {
        arguments.extend(["--only".into(), args.only.join(",").into()]);
    }
    if let Some(out) = &args.out {
        arguments.extend(["--out".into(), out.into()]);
    }
    let child = Child {
        package: "fal-bench",
        program: "fal-bench",
        features: &["endpoints"],
        profile: Profile::Release,
    };
    child.run(&arguments)
}
