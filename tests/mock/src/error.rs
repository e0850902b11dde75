//! The errors of starting a server.

use std::{fmt, io, path::PathBuf};

/// The reason why a [`MockServer`](crate::MockServer), a [`Replay`](crate::Replay) or a `Recorder` could not be started.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The server could not listen on its address.
    Bind {
        /// The address, such as `127.0.0.1:8080`.
        address: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A folder of documents could not be read.
    Documents {
        /// The folder given to [`documents`](crate::MockServerBuilder::documents).
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A document given as a value is not an OpenAPI document of an endpoint.
    Document {
        /// What is missing in the document, and where.
        reason: String,
    },
    /// The certificate or the TLS configuration could not be created.
    Tls {
        /// The message of the TLS library.
        reason: String,
    },
    /// A recording could not be read or written.
    Recording {
        /// The folder, or a file in it.
        path: PathBuf,
        /// The error of the operating system, or what is wrong with the recording.
        source: io::Error,
    },
    /// There is no Tokio runtime to run on.
    Runtime {
        /// The message of the runtime.
        reason: String,
    },
}

impl Error {
    pub(crate) fn runtime(error: impl fmt::Display) -> Self {
        Self::Runtime {
            reason: error.to_string(),
        }
    }

    pub(crate) fn tls(error: impl fmt::Display) -> Self {
        Self::Tls {
            reason: error.to_string(),
        }
    }

    pub(crate) fn recording(path: &std::path::Path, source: io::Error) -> Self {
        Self::Recording {
            path: path.to_owned(),
            source,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind { address, source } if source.kind() == io::ErrorKind::AddrInUse => write!(
                f,
                "cannot listen on {address}: the port is in use; choose another one, or 0 for any free port"
            ),
            Self::Bind { address, source } => write!(f, "cannot listen on {address}: {source}"),
            Self::Documents { path, source } => write!(
                f,
                "cannot read the documents in `{}`: {source}; it must be a folder of OpenAPI documents (`<owner>/<path>.json`)",
                path.display()
            ),
            Self::Document { reason } => write!(f, "the document cannot be served: {reason}"),
            Self::Tls { reason } => write!(f, "cannot set up TLS: {reason}"),
            Self::Recording { path, source } => {
                write!(f, "cannot use the recording `{}`: {source}", path.display())
            }
            Self::Runtime { reason } => {
                write!(
                    f,
                    "cannot start without a Tokio runtime: {reason}; call `start` inside a runtime, or use `start_on_thread`"
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Bind { source, .. }
            | Self::Documents { source, .. }
            | Self::Recording { source, .. } => Some(source),
            Self::Document { .. } | Self::Tls { .. } | Self::Runtime { .. } => None,
        }
    }
}
