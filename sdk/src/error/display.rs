//! The words of an error.

use std::fmt;

use super::{Error, ErrorKind};

/// The message, what is known about it, how to mend it, the request id.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        let facts = self.facts();
        if !facts.is_empty() {
            write!(f, " ({})", facts.join(", "))?;
        }
        if let Some(hint) = self.0.hint {
            write!(f, "; {hint}")?;
        }
        match self.request_id() {
            Some(id) => write!(f, " [request {id}]"),
            None => Ok(()),
        }
    }
}

impl Error {
    fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        match self.kind() {
            ErrorKind::JobFailed => facts.push("job failed".to_owned()),
            ErrorKind::OutcomeUnknown => {
                facts.push("it is not known whether the request was accepted".to_owned());
            }
            _ => {}
        }
        facts.extend(self.status().map(|status| format!("HTTP {status}")));
        facts.extend(self.error_type().map(str::to_owned));
        facts.extend(self.endpoint().map(str::to_owned));
        facts
    }
}

/// Names the facts; of a body, its length, since it can hold what a user paid
/// for or would rather not log.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("endpoint", &inner.endpoint)
            .field("request_id", &inner.request_id)
            .field("status", &inner.status)
            .field("error_type", &inner.error_type)
            .field("field_errors", &inner.field_errors)
            .field(
                "raw_body_bytes",
                &inner.raw_body.as_ref().map(bytes::Bytes::len),
            )
            .field("decode", &inner.decode)
            .field("retry_after", &inner.retry_after)
            .field("source", &inner.source)
            .finish_non_exhaustive()
    }
}
