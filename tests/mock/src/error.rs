//! What can go wrong before the server runs.

use std::{fmt, io, path::PathBuf};

/// Why a [`MockServer`](crate::MockServer) could not be started.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The listening socket could not be opened.
    Bind {
        /// The address asked for, such as `127.0.0.1:8080`.
        address: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// A folder or file of documents could not be read at all.
    Documents {
        /// The folder given to [`documents`](crate::MockServerBuilder::documents).
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A document given as a value is not an OpenAPI document of an endpoint.
    Document {
        /// What is missing, and where.
        reason: String,
    },
    /// The certificate or the TLS configuration could not be made.
    Tls {
        /// What the TLS library said.
        reason: String,
    },
    /// There is no Tokio runtime to run on.
    Runtime {
        /// What the runtime said.
        reason: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind { address, source } if source.kind() == io::ErrorKind::AddrInUse => write!(
                f,
                "cannot listen on {address}: the port is taken; choose another one, or 0 for any free port"
            ),
            Self::Bind { address, source } => write!(f, "cannot listen on {address}: {source}"),
            Self::Documents { path, source } => write!(
                f,
                "cannot read the documents in `{}`: {source}; it must be a folder of OpenAPI documents (`<owner>/<path>.json`)",
                path.display()
            ),
            Self::Document { reason } => write!(f, "not a document that can be served: {reason}"),
            Self::Tls { reason } => write!(f, "cannot set up TLS: {reason}"),
            Self::Runtime { reason } => {
                write!(
                    f,
                    "cannot run: {reason}; call it inside a Tokio runtime, or use `start_on_thread`"
                )
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Bind { source, .. } | Self::Documents { source, .. } => Some(source),
            Self::Document { .. } | Self::Tls { .. } | Self::Runtime { .. } => None,
        }
    }
}
