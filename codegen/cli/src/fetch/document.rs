//! Checks that a server's reply is the document of an endpoint.

use crate::output::printable;
use fal_codegen::source::{EndpointId, canonical};
use serde_json::Value;

/// The document of `id` in canonical form, ready to be stored.
///
/// # Errors
///
/// The error says what is wrong with the document, as the rest of a sentence.
pub(super) fn accept(id: &EndpointId, document: &Value) -> Result<String, String> {
    check(id, document)?;
    Ok(canonical::to_string(document))
}

/// Parses the body of the single-document URL.
///
/// # Errors
///
/// The error says that the body is not JSON, and how it begins.
pub(super) fn parse(body: &[u8]) -> Result<Value, String> {
    let start = body.iter().find(|byte| !byte.is_ascii_whitespace());
    match serde_json::from_slice(body) {
        Ok(document) => Ok(document),
        Err(_) if start == Some(&b'<') => Err("is HTML, not JSON".to_owned()),
        Err(error) if error.is_eof() => Err(format!(
            "is incomplete ({} bytes were received)",
            body.len()
        )),
        Err(error) => Err(format!("is not JSON: {error}")),
    }
}

fn check(id: &EndpointId, document: &Value) -> Result<(), String> {
    let Some(fields) = document.as_object() else {
        return Err(format!("is {}, not an object", kind(document)));
    };
    if let Some(error) = fields.get("error") {
        return Err(format!("is an error: {}", error_text(error)));
    }
    if !document["openapi"].is_string() {
        return Err("is not an OpenAPI document: `/openapi` is not a string".to_owned());
    }
    match &document["info"]["x-fal-metadata"]["endpointId"] {
        Value::String(other) if other != id.as_str() => {
            return Err(format!("describes another endpoint, {other:?}"));
        }
        _ => {}
    }
    match document["paths"].as_object() {
        None => Err("has no paths: `/paths` is not an object".to_owned()),
        Some(paths) if paths.is_empty() => Err("has no paths: `/paths` is empty".to_owned()),
        Some(paths) if !paths.keys().any(|path| belongs(path, id)) => Err(format!(
            "has no path of this endpoint: none begins with `/{id}`"
        )),
        Some(_) => Ok(()),
    }
}

fn belongs(path: &str, id: &EndpointId) -> bool {
    let rest = path
        .strip_prefix('/')
        .and_then(|path| path.strip_prefix(id.as_str()));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The message of an error: of `{"code":…,"message":…}`, of a string, or any other value as text, shortened to one line.
pub(super) fn error_text(error: &Value) -> String {
    let words = error["message"].as_str().or_else(|| error.as_str());
    let text = words.map_or_else(|| error.to_string(), str::to_owned);
    printable(&text, 200)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "`null`",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::{accept, parse};
    use fal_codegen::source::EndpointId;
    use serde_json::{Value, json};

    fn refusal(document: &Value) -> String {
        accept(&EndpointId::parse("a/b").unwrap(), document).unwrap_err()
    }

    #[test]
    fn documents_of_the_endpoint_are_taken() {
        let id = EndpointId::parse("a/b").unwrap();
        let named = json!({"openapi": "3.0.4", "info": {"x-fal-metadata": {"endpointId": "a/b"}}, "paths": {"/a/b": {}}});
        let unnamed = json!({"openapi": "3.0.4", "paths": {"/a/b/requests/{request_id}": {}}});
        for document in [named, unnamed] {
            assert!(accept(&id, &document).unwrap().ends_with("}\n"));
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let cases = [
            (json!(null), "is `null`"),
            (json!([]), "is a list"),
            (json!({}), "`/openapi` is not a string"),
            (
                json!({"error": {"code": "expansion_failed", "message": "Failed\u{1b}[2J"}}),
                "is an error: Failed[2J",
            ),
            (json!({"openapi": "3.0.4"}), "has no paths"),
            (
                json!({"openapi": "3.0.4", "paths": {}}),
                "`/paths` is empty",
            ),
            (
                json!({"openapi": "3.0.4", "paths": {"/a/bc": {}}}),
                "none begins with `/a/b`",
            ),
            (
                json!({"openapi": "3", "info": {"x-fal-metadata": {"endpointId": "a/c"}}, "paths": {"/a/b": {}}}),
                "describes another endpoint, \"a/c\"",
            ),
        ];
        for (document, reason) in cases {
            assert!(
                refusal(&document).contains(reason),
                "{document}: {}",
                refusal(&document)
            );
        }
    }

    #[test]
    fn bodies_that_are_not_json_say_what_they_are() {
        assert_eq!(parse(b"\n <html>").unwrap_err(), "is HTML, not JSON");
        assert!(parse(b"{\"a\": 1").unwrap_err().contains("is incomplete"));
        assert!(parse(b"").unwrap_err().contains("is incomplete"));
        assert!(parse(b"{]").unwrap_err().contains("is not JSON"));
    }
}
