//! Inputs inside an object `{"input": …}`, as other clients take them. Models get the
//! input as it is, and miss its fields.

use serde_json::{Map, Value};

use crate::transport::error::{Error, FieldError};

/// Whether an encoded input is an object with nothing but an object `input`.
pub(super) fn is_wrapped(body: &[u8]) -> bool {
    body.starts_with(b"{\"input\":{")
        && serde_json::from_slice::<Map<String, Value>>(body)
            .is_ok_and(|members| members.len() == 1)
}

/// Says what is wrong with a wrapped input, if a model misses a field.
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
