//! Outcomes and errors of commands.

use fal_codegen::build::FolderError;
use std::{fmt, io, path::Path, process::ExitCode};

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The command succeeded. The exit code is 0.
    Good,
    /// Something needs attention, such as a check that failed. The exit code is 1.
    NeedsAttention,
    /// The command was interrupted with Ctrl-C. The exit code is 130.
    Interrupted,
}

impl Outcome {
    /// [`Good`](Self::Good) if everything is, else [`NeedsAttention`](Self::NeedsAttention).
    #[must_use]
    pub fn of(is_good: bool) -> Self {
        match is_good {
            true => Self::Good,
            false => Self::NeedsAttention,
        }
    }

    /// The exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::NeedsAttention => 1,
            Self::Interrupted => 130,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        outcome.code().into()
    }
}

/// The error of a command that could not do its work: what is wrong, where, and how to correct it. The exit code is 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    what: String,
    help: Option<String>,
}

impl Error {
    /// Creates an error with a message, which should name the file or the URL.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: None,
        }
    }

    /// Sets the text about how to correct the error.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another way to correct the error.
    #[must_use]
    pub fn or(mut self, help: &str) -> Self {
        let known = self.help.take().map(|known| format!("{known}; or "));
        self.help = Some(known.unwrap_or_default() + help);
        self
    }

    /// Adds to the help that nothing was changed.
    #[must_use]
    pub fn nothing_changed(mut self) -> Self {
        let help = self.help.take().map(|help| format!("{help}; "));
        self.help = Some(help.unwrap_or_default() + "nothing was changed");
        self
    }

    /// Creates the error of a file or folder with which something could not be done, such as `read`.
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
