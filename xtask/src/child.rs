//! Programs of this workspace that a command builds when it needs them, and starts as a child: what they depend on is not
//! built for the other commands.

use crate::workspace::repository;
use cargo_fal::{Error, Outcome};
use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
    process::{Command, ExitStatus},
};

/// How a program is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Unoptimised.
    Dev,
    /// Optimised.
    Release,
}

/// A program of a package that has the same name.
#[derive(Debug)]
pub(crate) struct Child {
    /// The package.
    pub(crate) package: &'static str,
    /// The features to build it with.
    pub(crate) features: &'static [&'static str],
    /// How it is compiled.
    pub(crate) profile: Profile,
}

impl Child {
    /// Builds the program and runs it with `arguments` in the current folder. Cargo's progress is shown.
    ///
    /// # Errors
    ///
    /// If the program cannot be built, or ends with an exit code that is not an [`Outcome`].
    pub(crate) fn run(&self, arguments: &[OsString]) -> Result<Outcome, Error> {
        let cargo = cargo();
        let mut command = Command::new(&cargo);
        command.args(["run", "--package", self.package]);
        if self.profile == Profile::Release {
            command.arg("--release");
        }
        if !self.features.is_empty() {
            command.arg("--features").arg(self.features.join(","));
        }
        let status = command
            .arg("--manifest-path")
            .arg(repository().join("Cargo.toml"))
            .arg("--")
            .args(arguments)
            .status()
            .map_err(|error| Error::file("run", Path::new(&cargo), &error))?;
        self.outcome(status)
    }

    fn outcome(&self, status: ExitStatus) -> Result<Outcome, Error> {
        let known = [Outcome::Good, Outcome::NeedsAttention, Outcome::Interrupted];
        let known = known
            .into_iter()
            .find(|outcome| status.code() == Some(i32::from(outcome.code())));
        known.ok_or_else(|| {
            Error::new(format!("{} failed: {status}", self.package))
                .help("its own messages are above")
        })
    }
}

/// The cargo that started this program, or the one on the path.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| OsStr::new("cargo").into())
}
