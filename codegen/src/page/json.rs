//! Values as indented JSON, and as the argument of `serde_json::json!`.

use proc_macro2::Literal as Token;
use serde_json::Value;

use crate::json::{as_integer, members};

/// The syntax in which literals are written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Syntax {
    Json,
    Rust,
}

impl Syntax {
    pub(super) fn string(self, text: &str) -> String {
        match self {
            Self::Json => Value::from(text).to_string(),
            Self::Rust => Token::string(text).to_string(),
        }
    }

    /// A scalar as a literal. In Rust, an integer that does not fit into `i32` needs a suffix.
    fn scalar(self, value: &Value) -> String {
        match (self, value, as_integer(value)) {
            (_, Value::String(text), _) => self.string(text),
            (Self::Rust, Value::Number(number), Some(whole)) if i32::try_from(whole).is_err() => {
                match (number.is_i64(), number.is_u64()) {
                    (true, _) => format!("{number}_i64"),
                    (_, true) => format!("{number}_u64"),
                    _ => format!("{:?}", whole as f64),
                }
            }
            _ => value.to_string(),
        }
    }

    /// An object with its members in the given order; lines after the first start `indent` spaces further in.
    pub(super) fn pretty<'v>(
        self,
        members: impl IntoIterator<Item = (&'v str, &'v Value)>,
        indent: usize,
    ) -> String {
        let lines = members.into_iter().map(|(name, value)| {
            format!("{}: {}", self.string(name), self.nested(value, indent + 2))
        });
        block(lines, ["{", "}"], indent)
    }

    fn nested(self, value: &Value, indent: usize) -> String {
        match value {
            Value::Array(items) => {
                let lines = items.iter().map(|item| self.nested(item, indent + 2));
                block(lines, ["[", "]"], indent)
            }
            Value::Object(map) => self.pretty(members(map), indent),
            scalar => self.scalar(scalar),
        }
    }
}

fn block(lines: impl Iterator<Item = String>, [open, close]: [&str; 2], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let lines: Vec<String> = lines.map(|line| format!("{pad}  {line}")).collect();
    match lines.as_slice() {
        [] => format!("{open}{close}"),
        lines => format!("{open}\n{}\n{pad}{close}", lines.join(",\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::Syntax;
    use serde_json::json;

    #[test]
    fn nested_values_are_indented() {
        let members = [
            ("z", &json!([{"b": "c\u{8}"}, []])),
            ("d", &json!(5_000_000_000_i64)),
        ];
        let expected = r#"{
  "z": [
    {
      "b": "c\u{8}"
    },
    []
  ],
  "d": 5000000000_i64
}"#;
        assert_eq!(Syntax::Rust.pretty(members, 0), expected);
    }
}
