//! Builds and starts programs of this workspace as child processes, so that their dependencies are not built for other
//! commands.

use crate::workspace::repository;
use cargo_fal::{Error, Outcome};
use std::{env, ffi::OsString, io, path::Path, process::Command};

/// The cargo profile of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// The program is not optimised.
    Dev,
    /// The program is optimised.
    Release,
}

/// A program of a package of this workspace.
#[derive(Debug)]
pub(crate) struct Child {
    /// The name of the package.
    pub(crate) package: &'static str,
    /// The name of the program.
    pub(crate) program: &'static str,
    /// The cargo features to build it with.
    pub(crate) features: &'static [&'static str],
    /// The cargo profile to build it with.
    pub(crate) profile: Profile,
}

impl Child {
    /// Builds the program and runs it with `arguments` in the current folder. Cargo's progress is shown.
    ///
    /// On Unix, the program replaces this process, so that it receives Ctrl-C itself, and its exit code is that of the command.
    ///
    /// # Errors
    ///
    /// If cargo cannot be run. On systems other than Unix, also if the program cannot be built or fails.
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

/// Replaces this process. Returns only if that fails, with the error.
#[cfg(unix)]
fn become_process(mut command: Command) -> io::Result<Outcome> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

/// Waits for the process. If it fails, its own messages have said why.
#[cfg(not(unix))]
fn become_process(mut command: Command) -> io::Result<Outcome> {
    let code = command.status()?.code();
    let known = [Outcome::Good, Outcome::NeedsAttention, Outcome::Interrupted];
    let known = known
        .into_iter()
        .find(|outcome| code == Some(i32::from(outcome.code())));
    known.ok_or_else(|| io::Error::other("it failed; its own messages are above"))
}

/// The path of the cargo that started this program, else `cargo`.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
