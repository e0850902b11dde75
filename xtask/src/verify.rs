//! `cargo xtask verify`: builds and starts the program that checks generated types (`tests/verify`), so that the other
//! commands are built without its dependencies.

use crate::{
    child::{Child, Profile},
    generate::Format,
};
use std::path::PathBuf;

/// Check the generated types against the documents, with the `jsonschema` crate.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 types and documents agree, 1 they disagree or too many fields are untyped, 2 nothing could be compiled or read.

Examples:
  cargo xtask verify                                check every document of the repository
  cargo xtask verify --schemas DIR --endpoints 50   check a sample of other documents
  cargo xtask verify --endpoints 50 --seed 7        check another sample
  cargo xtask verify --format json > verify.json    write a report for scripts")]
pub struct Args {
    /// The root of the documents [default: the repository's `schemas/openapi`]
    #[arg(long, value_name = "DIR")]
    pub schemas: Option<PathBuf>,
    /// Check a random sample of this many documents [default: all]
    #[arg(long, value_name = "N")]
    pub endpoints: Option<usize>,
    /// The seed for the sample of documents, and for the combinations of values that are tried
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// The format of the report; with JSON, the summary is also printed to standard error
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The program, which takes the same options.
pub(crate) const PROGRAM: Child = Child {
    package: "fal-verify",
    program: "fal-verify",
    features: &[],
    profile: Profile::Dev,
};
