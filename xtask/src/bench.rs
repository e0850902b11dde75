//! `cargo xtask bench`: starts the benchmarks, which are a program of their own
//! (`tests/bench`).

use crate::workspace::repository;
use cargo_fal::{Error, Outcome};
use std::{env, path::Path, path::PathBuf, process::Command};

/// The sections that the program measures.
const SECTIONS: [&str; 6] = ["runs", "notice", "many", "transfer", "server", "generators"];

/// Benchmark fal-sdk against its peers, and write docs/benchmarks.md, .json and .svg.
///
/// It needs no key. Peers are installed or built on demand, below `target` and `tests/interop`; those that are not
/// available are reported and left out.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Take a few minutes instead of a quarter of an hour: fewer calls and rounds
    #[arg(long)]
    quick: bool,
    /// Run only these sections, and write no files
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
/// If the program cannot be built, or fails. A peer that fails is reported in the tables.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    eprintln!("building fal-bench (minutes, the first time)");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command
        .args(["run", "--quiet", "--release", "--package", "fal-bench"])
        .args(["--features", "endpoints"])
        .arg("--manifest-path")
        .arg(repository().join("Cargo.toml"))
        .arg("--");
    if args.quick {
        command.arg("--quick");
    }
    if !args.only.is_empty() {
        command.arg("--only").arg(args.only.join(","));
    }
    if let Some(out) = &args.out {
        command.arg("--out").arg(out);
    }
    let status = command
        .status()
        .map_err(|error| Error::file("run", Path::new(&cargo), &error))?;
    match status.success() {
        true => Ok(Outcome::Good),
        false => {
            Err(Error::new(format!("fal-bench failed: {status}"))
                .help("its own messages are above"))
        }
    }
}
