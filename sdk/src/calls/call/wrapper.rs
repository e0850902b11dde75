//! Inputs that are wrapped in an object `{"input": …}`, as other clients expect them. This
//! client sends an input as it is, so that the model would report missing fields.

use serde_json::{Map, Value};

use crate::transport::error::{Error, FieldError};

/// Whether an encoded input is an object whose only member is an object `input`.
pub(super) fn is_wrapped(body: &[u8]) -> bool {
    body.starts_with(b"{\"input\":{")
        && serde_json::from_slice::<Map<String, Value>>(body)
            .is_ok_and(|members| members.len() == 1)
}

/// Adds a hint to the error of a model that reports a missing field, if the input is wrapped.
pub(crate) fn explain_wrapper(error: Error, is_wrapped: bool) -> Error {
    let is_missing = |field: &FieldError| {
        field.error_type().contains("missing") && !field.pointer().starts_with("/input")
    };
    match is_wrapped && error.field_errors().iter().any(is_missing) {
        true => error.with_hint(
            "the model gets the input as it is: pass the object that is in `input`, without \
             `{\"input\": …}` around it",
        ),
        false => error,
    }
}
