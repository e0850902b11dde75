//! Programs of this workspace that a command builds when it needs them, and starts as a child: what they depend on is not
//! built for the other commands.

use crate::workspace::repository;
use cargo_fal::{Error, Outcome};
use std::{env, ffi::OsString, io, path::Path, process::Command};

/// How a program is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Unoptimised.
    Dev,
    /// Optimised.
    Release,
}

/// A program of a package of this workspace.
#[derive(Debug)]
pub(crate) struct Child {
    /// The package.
    pub(crate) package: &'static str,
    /// The program.
    pub(crate) program: &'static str,
    /// The features to build it with.
    pub(crate) features: &'static [&'static str],
    /// How it is compiled.
    pub(crate) profile: Profile,
}

impl Child {
    /// Builds the program and runs it with `arguments` in the current folder. Cargo's progress is shown.
    ///
    /// On Unix, the program takes the place of this process, so that it alone decides what Ctrl-C does, and its exit code is
    /// the command's.
    ///
    /// # Errors
    ///
    /// If cargo cannot be run; elsewhere than on Unix, also if the program cannot be built or fails.
    pub(crate) fn run(&self, arguments: &[OsString]) -> Result<Outcome, Error> {
        let cargo = cargo();
        let mut command = Command::new(&cargo);
        command.args(["run", "--package", self.package, "--bin", self.program]);
        if self.profile == Profile::Release {
            command.arg("--release");
        }
        if !self.features.is_empty() {
            command.arg("--features").arg(self.features.join(","));
        }
        command
            .arg("--manifest-path")
            .arg(repository().join("Cargo.toml"))
            .arg("--")
            .args(arguments);
        let failed = |error: io::Error| Error::file("run", Path::new(&cargo), &error);
        become_process(command).map_err(failed)
    }
}

/// Replaces this process; what is returned is why that failed.
#[cfg(unix)]
fn become_process(mut command: Command) -> io::Result<Outcome> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

/// Waits for the process. Where it ended with an error of its own, its messages have said so.
#[cfg(not(unix))]
fn become_process(mut command: Command) -> io::Result<Outcome> {
    let code = command.status()?.code();
    let known = [Outcome::Good, Outcome::NeedsAttention, Outcome::Interrupted];
    let known = known
        .into_iter()
        .find(|outcome| code == Some(i32::from(outcome.code())));
    known.ok_or_else(|| io::Error::other("it failed; its own messages are above"))
}

/// The cargo that started this program, or the one on the path.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
