//! `cargo xtask verify`: builds and starts the program that checks generated types (`tests/verify`), so that the other
//! commands are built without its dependencies.

use crate::{
    child::{Child, Profile},
    generate::Format,
};
use cargo_fal::{Error, Outcome};
use clap::ValueEnum as _;
use std::{ffi::OsString, path::PathBuf};

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

impl Args {
    /// The options as a command line for the program.
    fn to_arguments(&self) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["--seed".into(), self.seed.to_string().into()];
        if let Some(schemas) = &self.schemas {
            arguments.extend(["--schemas".into(), schemas.into()]);
        }
        if let Some(endpoints) = self.endpoints {
            arguments.extend(["--endpoints".into(), endpoints.to_string().into()]);
        }
        if let Some(format) = self.format.to_possible_value() {
            arguments.extend(["--format".into(), format.get_name().into()]);
        }
        arguments
    }
}

/// Builds the program and runs it with the same options.
///
/// # Errors
///
/// If cargo cannot be run.
pub fn command(args: &Args) -> Result<Outcome, Error> {
    let child = Child {
        package: "fal-verify",
        program: "fal-verify",
        features: &[],
        profile: Profile::Dev,
    };
    child.run(&args.to_arguments())
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::Parser;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn the_program_is_given_what_the_command_was() {
        for line in [
            "",
            "--seed 7",
            "--schemas a/b --endpoints 50 --seed 3 --format json",
        ] {
            let parse = |words: Vec<std::ffi::OsString>| {
                let name = std::iter::once("xtask".into());
                Program::parse_from(name.chain(words)).args
            };
            let args = parse(line.split_whitespace().map(Into::into).collect());
            let again = parse(args.to_arguments());
            assert_eq!(format!("{args:?}"), format!("{again:?}"), "{line}");
        }
    }
}
