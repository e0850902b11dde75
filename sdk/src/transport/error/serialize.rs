//! Errors as JSON, for programs that pass them on to a browser, a log or Tauri.

use serde::{Serialize, Serializer};

use super::{Error, ErrorKind, FieldError};
use crate::contract::validate::{ValidationError, Violation};
use crate::contract::wire::Object;

/// Writes `kind`, `message` and [`is_retryable`](Error::is_retryable) and, where they are
/// known, `hint`, `request_id`, `reply_request_id`, `endpoint`, `status`, `error_type`,
/// `field_errors`, `violations`, `retry_after` in seconds and `billable_units`. The body of
/// the reply and the key are never written.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let violations = self.validation_error().map(ValidationError::violations);
        let field_errors = Some(self.field_errors()).filter(|errors| !errors.is_empty());
        let mut object = Object::begin(serializer);
        object.required("kind", &self.kind());
        object.required("message", &self.message());
        object.required("is_retryable", &self.is_retryable());
        object.optional("hint", &self.0.hint);
        object.optional("request_id", &self.request_id());
        object.optional("reply_request_id", &self.reply_request_id());
        object.optional("endpoint", &self.endpoint());
        object.optional("status", &self.status());
        object.optional("error_type", &self.error_type());
        object.optional("field_errors", &field_errors);
        object.optional("violations", &violations);
        let retry_after = self.retry_after().map(|wait| wait.as_secs_f64());
        object.optional("retry_after", &retry_after);
        object.optional("billable_units", &self.billable_units());
        object.end()
    }
}

/// Writes the kind in snake case, such as `outcome_unknown`.
impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Writes the error in the form that fal's servers use: `loc`, `msg` and `type`, and `ctx`
/// and `url` where they are known.
impl Serialize for FieldError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let context = Some(self.context()).filter(|context| !context.is_empty());
        let mut object = Object::begin(serializer);
        object.required("loc", &self.location());
        object.required("msg", &self.message());
        object.required("type", &self.error_type());
        object.optional("ctx", &context);
        object.optional("url", &self.url());
        object.end()
    }
}

/// Writes `pointer`, `value` and `rule`, which is the broken rule in words.
impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::begin(serializer);
        object.required("pointer", &self.pointer);
        object.required("value", &self.value);
        object.required("rule", &self.rule.to_string());
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::contract::validate::{Rule, Validate, Validator};
    use crate::contract::wire::Decode;

    struct Refused;

    impl Validate for Refused {
        fn check(&self, check: &mut Validator) {
            check.nested("loras", &vec![crate::Media::url("walk.mp4")]);
            check.report(json!(3), Rule::MinItems(4));
        }
    }

    #[test]
    fn an_error_is_written_with_what_is_known() {
        let plain = Error::new(ErrorKind::OutcomeUnknown, "the connection broke");
        assert_eq!(
            serde_json::to_string(&plain).unwrap(),
            r#"{"kind":"outcome_unknown","message":"the connection broke","is_retryable":false}"#
        );
        let field = json!({
            "loc": ["body", "loras", 0], "msg": "too small", "type": "image_too_small",
            "ctx": {"min_width": 64}, "url": "https://docs.fal.ai/errors",
        });
        let error = Error::new(ErrorKind::Api, "too small")
            .with_hint("resize it")
            .with_status(422)
            .with_request_id(Some("0195-a".into()))
            .with_endpoint("acme/sample".into())
            .with_retry_after(Some(Duration::from_millis(1500)))
            .with_billable_units(Some(2.5))
            .with_body(bytes::Bytes::from_static(b"private"))
            .with_field_errors(vec![FieldError::decode(&field).unwrap()]);
        assert_eq!(
            serde_json::to_value(&error).unwrap(),
            json!({
                "kind": "api", "message": "too small", "is_retryable": false,
                "hint": "resize it", "request_id": "0195-a", "endpoint": "acme/sample",
                "status": 422, "error_type": "image_too_small", "field_errors": [field],
                "retry_after": 1.5, "billable_units": 2.5,
            })
        );
        let refused = Error::from(Refused.validate().unwrap_err());
        assert_eq!(
            serde_json::to_value(&refused).unwrap()["violations"],
            json!([
                {
                    "pointer": "/loras/0", "value": "walk.mp4",
                    "rule": "is not a URL; to upload a file use `Media::path`",
                },
                { "pointer": "", "value": 3, "rule": "is fewer than the minimum of 4" },
            ])
        );
    }
}
