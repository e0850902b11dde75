//! How errors are displayed.

use std::fmt;

use super::{Error, ErrorKind};
use crate::transport::escape::Escaped;

/// Writes the message, what is known about the error, what the caller can do, and
/// the request id.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Escaped(self.message()))?;
        let details = self.details();
        if !details.is_empty() {
            write!(f, " ({})", Escaped(&details.join(", ")))?;
        }
        if let Some(hint) = self.0.hint {
            write!(f, "; {hint}")?;
        }
        match self.request_id() {
            Some(id) => write!(f, " [request {}]", Escaped(id)),
            None => Ok(()),
        }
    }
}

impl Error {
    fn details(&self) -> Vec<String> {
        let mut details = Vec::new();
        match self.kind() {
            ErrorKind::JobFailed => details.push("job failed".to_owned()),
            ErrorKind::OutcomeUnknown => details.push("outcome unknown".to_owned()),
            ErrorKind::Expired => details.push("expired".to_owned()),
            _ => {}
        }
        details.extend(self.status().map(|status| format!("HTTP {status}")));
        details.extend(self.error_type().map(str::to_owned));
        details.extend(self.endpoint().map(str::to_owned));
        details
    }
}

/// Writes the same as `Display` for `{:?}`, which is what `unwrap` prints, and what a user
/// sees when `main` returns the error. `{:#?}` lists the fields that are set; a body is
/// shown by its length only, since it can be long or private.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.alternate() {
            true => self.fields(f),
            false => fmt::Display::fmt(self, f),
        }
    }
}

impl Error {
    fn fields(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let mut fields = f.debug_struct("Error");
        fields.field("kind", &inner.kind);
        fields.field("message", &inner.message);
        let body = inner.raw_body.as_ref().map(bytes::Bytes::len);
        let optional: [(&str, Option<&dyn fmt::Debug>); 11] = [
            ("hint", shown(&inner.hint)),
            ("endpoint", shown(&inner.endpoint)),
            ("request_id", shown(&inner.request_id)),
            ("reply_request_id", shown(&inner.reply_request_id)),
            ("status", shown(&inner.status)),
            ("error_type", shown(&inner.error_type)),
            ("raw_body_bytes", shown(&body)),
            ("raw_body_encoding", shown(&inner.raw_body_encoding)),
            ("decode", shown(&inner.decode)),
            ("retry_after", shown(&inner.retry_after)),
            ("source", shown(&inner.source)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                fields.field(name, value);
            }
        }
        if !inner.field_errors.is_empty() {
            fields.field("field_errors", &inner.field_errors);
        }
        fields.finish_non_exhaustive()
    }
}

fn shown<T: fmt::Debug>(value: &Option<T>) -> Option<&dyn fmt::Debug> {
    value.as_ref().map(|value| value as &dyn fmt::Debug)
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};

    #[test]
    fn debug_is_prose_and_its_long_form_lists_what_is_set() {
        let error = Error::new(ErrorKind::Configuration, "no key")
            .with_hint("set FAL_KEY")
            .with_body(bytes::Bytes::from_static(b"private"));
        assert_eq!(format!("{error:?}"), "no key; set FAL_KEY");
        let long = format!("{error:#?}");
        for shown in [
            "kind: Configuration",
            "\"set FAL_KEY\"",
            "raw_body_bytes: 7",
        ] {
            assert!(long.contains(shown), "{long}");
        }
        for absent in ["status", "field_errors", "private"] {
            assert!(!long.contains(absent), "{long}");
        }
    }
}
