//! Values as text: JSON for people and `curl`, and the same as a Rust expression.

use super::example::Example;
use serde_json::Value;

/// Pretty JSON; lines after the first start `indent` spaces further in.
pub(super) fn json(fields: &Example, indent: usize) -> String {
    block(fields, indent, &|text| Value::from(text).to_string())
}

/// The argument of `serde_json::json!`; its strings are Rust literals, which JSON's need not be.
pub(super) fn rust_json(fields: &Example, indent: usize) -> String {
    block(fields, indent, &|text| rust_string(text))
}

/// A Rust string literal.
pub(super) fn rust_string(text: &str) -> String {
    // `escape_debug` of the whole text would escape `'`, and combining characters people can read.
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            c if c.is_control() => literal.extend(c.escape_default()),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

fn block(fields: &Example, indent: usize, string: &dyn Fn(&str) -> String) -> String {
    if fields.is_empty() {
        return "{}".to_owned();
    }
    let pad = " ".repeat(indent);
    let lines: Vec<_> = fields
        .iter()
        .map(|(name, value)| {
            format!(
                "{pad}  {}: {}",
                string(name),
                nested(value, indent + 2, string)
            )
        })
        .collect();
    format!("{{\n{}\n{pad}}}", lines.join(",\n"))
}

fn nested(value: &Value, indent: usize, string: &dyn Fn(&str) -> String) -> String {
    match value {
        Value::String(text) => string(text),
        Value::Array(items) if !items.is_empty() => {
            let pad = " ".repeat(indent);
            let lines: Vec<_> = items
                .iter()
                .map(|item| format!("{pad}  {}", nested(item, indent + 2, string)))
                .collect();
            format!("[\n{}\n{pad}]", lines.join(",\n"))
        }
        Value::Object(map) => {
            let fields: Example = map
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            block(&fields, indent, string)
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{rust_json, rust_string};
    use serde_json::json;

    #[test]
    fn strings_are_rust_literals() {
        assert_eq!(
            rust_string("a \"b\" \\ 'c' é\n\u{8}"),
            r#""a \"b\" \\ 'c' é\n\u{8}""#
        );
    }

    #[test]
    fn nested_values_are_indented() {
        let fields = vec![
            ("a".to_owned(), json!([{"b": "c"}, []])),
            ("d".to_owned(), json!({})),
        ];
        let expected =
            "{\n  \"a\": [\n    {\n      \"b\": \"c\"\n    },\n    []\n  ],\n  \"d\": {}\n}";
        assert_eq!(rust_json(&fields, 0), expected);
    }
}
