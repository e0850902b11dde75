//! How a command ends.

use fal_codegen::build::FolderError;
use std::{fmt, io, path::Path, process::ExitCode};

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to say: exit code 0.
    Good,
    /// It found something that wants attention: exit code 1.
    Found,
    /// It was interrupted, and ended in order: exit code 130.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Good => Self::SUCCESS,
            Outcome::Found => Self::from(1),
            Outcome::Interrupted => Self::from(130),
        }
    }
}

/// Why a command could not do its work (exit code 2): what is wrong, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    what: String,
    help: Option<String>,
}

impl Error {
    /// An error; `what` names the file or the address, too.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: None,
        }
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A file or folder that could not be read or written.
    #[must_use]
    pub fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::PermissionDenied => "give this user permission to read and write there",
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::StorageFull => "free some space",
            _ => "check the path, and run the command again",
        };
        Self::new(format!("cannot {verb} {}: {error}", path.display())).help(help)
    }
}

impl From<FolderError> for Error {
    fn from(failed: FolderError) -> Self {
        Self::file("read", &failed.path, &failed.error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
