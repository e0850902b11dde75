//! Distinguishes the outputs of a stream from its errors.

use bytes::Bytes;
use serde_json::Value;

use crate::transport::error::{ApiBody, Error, ErrorKind, Result};
use crate::transport::http::sse::Event;

/// Reads an event: an output, or the failure of the model. There is no official form of a
/// failure. Models and servers use an event named `error`, an object that has only the members
/// of an error, or, in workflows, an object of the type `error`.
pub(super) fn value(event: &Event) -> Result<Value> {
    let is_error = event.event.as_deref() == Some("error");
    match serde_json::from_str::<Value>(&event.data) {
        Ok(value) if is_workflow_error(&value) => Err(workflow_error(&value, &event.data)),
        Ok(value) if !is_error && !is_only_error(&value) => Ok(value),
        Err(source) if !is_error => {
            let message = format!("an event of the stream is not valid JSON: {source}");
            Err(Error::new(ErrorKind::Decode, message).with_body(body(&event.data)))
        }
        _ => {
            let failure = ApiBody::parse(event.data.as_bytes());
            let error = Error::new(ErrorKind::JobFailed, failure.message)
                .with_error_type(failure.error_type)
                .with_field_errors(failure.field_errors);
            Err(error.with_body(body(&event.data)))
        }
    }
}

fn body(data: &str) -> Bytes {
    Bytes::copy_from_slice(data.as_bytes())
}

fn is_only_error(value: &Value) -> bool {
    const NAMES: [&str; 4] = ["detail", "error", "error_type", "status_code"];
    let Some(members) = value.as_object() else {
        return false;
    };
    let has = |name: &str| members.get(name).is_some_and(|member| !member.is_null());
    (has("detail") || has("error")) && members.keys().all(|name| NAMES.contains(&name.as_str()))
}

/// Whether a node of a workflow failed:
/// `{"type": "error", "node_id": …, "message": …, "error": {"status": 422, "body": …}}`.
fn is_workflow_error(value: &Value) -> bool {
    let has = |name: &str| value.get(name).is_some_and(|member| !member.is_null());
    value.get("type").and_then(Value::as_str) == Some("error") && (has("error") || has("message"))
}

fn workflow_error(value: &Value, data: &str) -> Error {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let reply = value.get("error").unwrap_or(&Value::Null);
    let answer = reply.get("body").unwrap_or(reply);
    let answer = match answer {
        Value::Null => ApiBody::default(),
        answer => ApiBody::parse(answer.to_string().as_bytes()),
    };
    let mut message = match (text("message"), answer.message.as_str()) {
        (summary, "") => summary.to_owned(),
        (summary, detail) if summary.is_empty() || summary == detail => detail.to_owned(),
        (summary, detail) => format!("{summary}: {detail}"),
    };
    if !text("node_id").is_empty() {
        message.push_str(&format!(", in the workflow's node `{}`", text("node_id")));
    }
    let error = Error::new(ErrorKind::JobFailed, message)
        .with_error_type(answer.error_type)
        .with_field_errors(answer.field_errors)
        .with_body(body(data));
    let status = reply.get("status").and_then(Value::as_u64);
    match status.and_then(|status| u16::try_from(status).ok()) {
        Some(status) => error.with_status(status),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: Option<&str>, data: &str) -> Result<Value> {
        value(&Event {
            event: event.map(str::to_owned),
            id: None,
            data: data.to_owned(),
        })
    }

    #[test]
    fn outputs_and_errors_are_told_apart() {
        assert_eq!(
            read(None, "{\"output\":\"a\",\"error\":null}").unwrap()["output"],
            "a"
        );
        assert_eq!(read(None, "0").unwrap(), 0);
        assert_eq!(read(None, "{}").unwrap(), serde_json::json!({}));
        let typed = "{\"type\":\"error\",\"level\":3}";
        assert_eq!(read(None, typed).unwrap()["level"], 3);
        for (event, data, words) in [
            (Some("error"), "{\"detail\":\"no memory\"}", "no memory"),
            (Some("error"), "no memory", "no memory"),
            (None, "{\"error\":\"no memory\"}", "no memory"),
            (
                None,
                "{\"detail\":[{\"loc\":[\"body\",\"prompt\"],\"msg\":\"too long\",\"type\":\"x\"}]}",
                "too long",
            ),
            (
                None,
                "{\"type\":\"error\",\"message\":\"no memory\"}",
                "no memory",
            ),
        ] {
            let error = read(event, data).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::JobFailed, "{data}");
            assert!(error.message().starts_with(words), "{error}");
        }
        assert_eq!(read(None, "{\"a\":").unwrap_err().kind(), ErrorKind::Decode);
    }

    #[test]
    fn the_error_of_a_workflow_has_the_field_errors_of_its_node() {
        let error = read(
            None,
            r#"{"type":"error","node_id":"image","message":"The node failed","error":{"status":422,
            "body":{"detail":[{"loc":["body","prompt"],"msg":"field required","type":"missing"}]}}}"#,
        )
        .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JobFailed);
        assert_eq!(
            error.message(),
            "The node failed: field required at /prompt, in the workflow's node `image`"
        );
        assert_eq!(error.status(), Some(422));
        assert_eq!(error.error_type(), Some("missing"));
        assert_eq!(error.field_errors()[0].pointer(), "/prompt");
        assert!(error.raw_body().is_some());
    }
}
