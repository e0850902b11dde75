//! `cargo xtask reliability`: builds and starts the program that runs the fault table and the soak test (`tests/reliability`).

use crate::child::{Child, Profile};
use std::path::PathBuf;

/// Run the fault table, and write docs/reliability.md and .json.
///
/// It needs no key and no network. If fal's official clients can be installed below `tests/interop`, the same faults are run with
/// them.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Run the table, compare it with the page, and write nothing
    #[arg(long, conflicts_with = "soak")]
    pub check: bool,
    /// Instead of the table, run a soak test of this many minutes, and write its result into the page
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..))]
    pub soak: Option<u64>,
    /// The seed of the soak test's random choices [default: a new one, which is printed]
    #[arg(long, value_name = "N", requires = "soak")]
    pub seed: Option<u64>,
    /// The folder for the files [default: the repository's `docs`]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// The program, which takes the same options.
pub(crate) const PROGRAM: Child = Child {
    package: "fal-reliability",
    program: "fal-reliability",
    features: &[],
    profile: Profile::Dev,
};
