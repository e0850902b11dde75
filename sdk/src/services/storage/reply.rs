//! Reading replies of storage routes.

use serde_json::Value;

use crate::transport::error::{Error, ErrorKind, Result};
use crate::transport::http::{Operation, Reply};

/// A successful reply as JSON.
pub(super) fn json(reply: &Reply, operation: Operation) -> Result<Value> {
    success(reply, operation)?;
    reply.json(operation)
}

/// # Errors
/// When the reply has an error status.
pub(super) fn success(reply: &Reply, operation: Operation) -> Result<()> {
    match reply.status.is_success() {
        true => Ok(()),
        false => Err(reply.error(operation)),
    }
}

/// Reads a string from a reply.
///
/// # Errors
/// When it is missing. The error does not keep the body of the reply, which can contain a
/// token or a signed URL.
pub(super) fn text(
    reply: &Reply,
    value: &Value,
    name: &str,
    operation: Operation,
) -> Result<String> {
    value
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| {
            let message = format!("the reply to {} has no `{name}`", operation.name());
            Error::new(ErrorKind::Decode, message).with_reply(reply)
        })
}
