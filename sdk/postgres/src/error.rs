//! The errors of the database, and what can be done about them.

use std::fmt;

use tokio_postgres::error::SqlState;

/// An error of a [`Store`](crate::Store) and of everything that uses it.
///
/// The errors of jobs are not reported like this: they are in the column `error` of the items.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<tokio_postgres::Error>,
}

/// A [`Result`](std::result::Result) whose error is an [`Error`] by default.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The database cannot be reached, is starting, stopping, read-only, too slow or out of
    /// connections. Trying again may help; workers, receivers and reconcilers do so by
    /// themselves.
    Unavailable,
    /// The role lacks a permission, or the login is wrong.
    Permission,
    /// The connection string requires TLS and the database has none, or the certificate of the
    /// database is not trusted.
    Tls,
    /// The schema is missing, is of another version of this crate, or belongs to another
    /// program.
    Schema,
    /// A setting or an argument is malformed.
    Usage,
    /// Another error of the database.
    Database,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns whether trying again may help ([`ErrorKind::Unavailable`]).
    pub fn is_transient(&self) -> bool {
        self.kind == ErrorKind::Unavailable
    }

    /// The error for a statement that took too long.
    pub(crate) fn slow() -> Self {
        Self::new(
            ErrorKind::Unavailable,
            "the database did not answer in time",
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(source: tokio_postgres::Error) -> Self {
        let (kind, hint) = classify(&source);
        let words = match source.as_db_error() {
            Some(reply) => format!("{} ({})", reply.message(), reply.code().code()),
            None => with_causes(&source),
        };
        Self {
            kind,
            message: format!("the database: {words}{hint}"),
            source: Some(source),
        }
    }
}

/// The kind of an error, and a hint at what can be done about it.
fn classify(source: &tokio_postgres::Error) -> (ErrorKind, &'static str) {
    let Some(code) = source.code() else {
        // Without a code, the connection was not made or broke, or the reply could not be read.
        if source.to_string().starts_with("invalid configuration") {
            return (ErrorKind::Usage, "");
        }
        return match tls_hint(source) {
            Some(hint) => (ErrorKind::Tls, hint),
            None => (ErrorKind::Unavailable, ""),
        };
    };
    let permission = "; grant the role USAGE on the schema `fal_batch` (or the one that was \
                      chosen), and SELECT, INSERT, UPDATE and DELETE on its tables; only \
                      `Store::migrate` needs CREATE";
    let schema = "; the schema is of another version of this crate: call `Store::migrate`, or \
                  name another schema";
    match code.code() {
        "25006" => (
            ErrorKind::Unavailable,
            "; the database is read-only at the moment",
        ),
        // Serialization failures, deadlocks, locks, and statements that took too long.
        "40001" | "40P01" | "55P03" | "57014" => (ErrorKind::Unavailable, ""),
        code if code.starts_with("08") || code.starts_with("53") || code.starts_with("57P") => {
            (ErrorKind::Unavailable, "")
        }
        "42501" => (ErrorKind::Permission, permission),
        code if code.starts_with("28") => (ErrorKind::Permission, "; check the login"),
        "3D000" => (ErrorKind::Usage, "; create the database first"),
        "42P01" | "42703" | "3F000" | "42883" => (ErrorKind::Schema, schema),
        _ => (ErrorKind::Database, ""),
    }
}

/// The hint for a TLS connection that fails however often it is tried; `None` for other errors.
fn tls_hint(source: &tokio_postgres::Error) -> Option<&'static str> {
    let cause = std::error::Error::source(source)?;
    if cause.to_string() == "server does not support TLS" {
        return Some(
            "; switch TLS on in the database, or, if nobody can read the network, use \
             `sslmode=disable`",
        );
    }
    let handshake = cause.downcast_ref::<std::io::Error>()?.get_ref()?;
    match handshake.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(_) => Some(
            "; `StoreBuilder::tls` takes the certificate of a private authority, and the host in \
             the connection string must be one that the certificate names",
        ),
        rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(_) => Some(""),
        _ => None,
    }
}

/// Whether the database says that a table or a schema does not exist.
pub(crate) fn is_missing(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        [SqlState::UNDEFINED_TABLE, SqlState::INVALID_SCHEMA_NAME].contains(code)
    })
}

/// The messages of an error and its causes, each once.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.to_string();
        if !words.contains(&inner) {
            words.push_str(": ");
            words.push_str(&inner);
        }
        cause = error.source();
    }
    words
}
