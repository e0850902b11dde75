//! `cargo xtask reliability`: builds and starts the program that runs the fault table and the soak test (`tests/reliability`).

use crate::child::{Child, Profile};
use cargo_fal::{Error, Outcome};
use std::{ffi::OsString, path::PathBuf};

/// Run the fault table, and write docs/reliability.md and .json.
///
/// It needs no key and no network. If fal's official clients can be installed below `tests/interop`, the same faults are run with
/// them.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Run the table, compare it with the page, and write nothing
    #[arg(long, conflicts_with = "soak")]
    check: bool,
    /// Instead of the table, run a soak test of this many minutes, and write its result into the page
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..))]
    soak: Option<u64>,
    /// The seed of the soak test's random choices [default: a new one, which is printed]
    #[arg(long, value_name = "N", requires = "soak")]
    seed: Option<u64>,
    /// The folder for the files [default: the repository's `docs`]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Builds the program and runs it with the same options.
///
/// # Errors
///
/// If the program cannot be built or started.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let mut arguments: Vec<OsString> = Vec::new();
    if args.check {
        arguments.push("--check".into());
    }
    for (option, number) in [("--soak", args.soak), ("--seed", args.seed)] {
        if let Some(number) = number {
            arguments.extend([option.into(), number.to_string().into()]);
        }
    }
    if let Some(out) = &args.out {
        arguments.extend(["--out".into(), out.into()]);
    }
    let child = Child {
        package: "fal-reliability",
        program: "fal-reliability",
        features: &[],
        profile: Profile::Dev,
    };
    child.run(&arguments)
}
