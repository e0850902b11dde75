//! Distinguishes messages about the connection from those of the app.
//!
//! Source: fal's JavaScript and Python clients.

use serde_json::Value;

use crate::transport::error::{Error, ErrorKind};

/// The kinds of messages that an app sends.
#[derive(Debug)]
pub(super) enum Control {
    /// Data of the app.
    Data,
    /// A message that does not concern the program.
    Skip,
    /// Nothing was sent for a long time: the server closes the connection, and the next input
    /// needs another one.
    Idle,
    /// The server refused the token.
    Unauthorized,
    /// The app failed, and the server closes the connection.
    Failed(Error),
}

pub(super) fn classify(value: &Value) -> Control {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    match text("type") {
        Some("x-fal-message") => Control::Skip,
        Some("x-fal-error") if text("error") == Some("TIMEOUT") => Control::Idle,
        Some("x-fal-error") => Control::Failed(failure(value)),
        _ if text("status") == Some("error") && text("error") == Some("Unauthorized") => {
            Control::Unauthorized
        }
        _ => Control::Data,
    }
}

fn failure(value: &Value) -> Error {
    let code = value.get("error").and_then(Value::as_str);
    let reason = match value.get("reason") {
        Some(Value::String(reason)) if !reason.is_empty() => reason.clone(),
        Some(Value::Null) | None => code.unwrap_or("the app failed").to_owned(),
        Some(Value::String(_)) => code.unwrap_or("the app failed").to_owned(),
        Some(other) => other.to_string(),
    };
    Error::new(ErrorKind::JobFailed, reason)
        .with_error_type(code.map(str::to_owned))
        .with_body(bytes::Bytes::from(value.to_string()))
}

/// The error of a connection whose token was refused and could not be replaced.
pub(super) fn unauthorized() -> Error {
    Error::new(ErrorKind::Api, "the server refused the realtime token").with_status(401)
}

#[cfg(test)]
mod tests {
    use super::super::codec;
    use super::super::message::Frame;
    use super::*;
    use crate::conformance::{cases, unhex, vectors};

    /// fal's clients disagree about the message that ends an idle connection; this client
    /// recognises it.
    #[test]
    fn messages_are_told_apart() {
        for case in cases(&vectors("realtime.json"), "frames") {
            let frame = match case["text"].as_str() {
                Some(text) => Frame::Text(text.to_owned()),
                None => Frame::Binary(unhex(case["binary_hex"].as_str().unwrap()).into()),
            };
            let value = codec::decode(&frame).unwrap().value;
            let expect = &case["expect"];
            let fits = match classify(&value) {
                Control::Skip => expect == "skip",
                Control::Failed(_) => expect == "error",
                Control::Idle => expect["js"] == "ignored",
                Control::Unauthorized => {
                    expect.as_str().is_some_and(|words| words.contains("token"))
                }
                Control::Data => expect["message"] == value,
            };
            assert!(fits, "{case}");
        }
    }
}
