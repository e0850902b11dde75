//! Values as indented JSON, and as the argument of `serde_json::json!`.

use proc_macro2::Literal as Token;
use serde_json::Value;

use crate::ir::Literal;

/// Whose literals are written.
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

    /// Rust takes an integer without a suffix for an `i32`.
    fn scalar(self, value: &Literal) -> String {
        match (self, value) {
            (_, Literal::Text(text)) => self.string(text),
            (Self::Rust, Literal::Integer(number)) if i32::try_from(*number).is_err() => {
                match (i64::try_from(*number), u64::try_from(*number)) {
                    (Ok(_), _) => format!("{number}_i64"),
                    (_, Ok(_)) => format!("{number}_u64"),
                    _ => format!("{:?}", *number as f64),
                }
            }
            _ => value.to_string(),
        }
    }

    /// An object with its members in the given order; lines after the first start `indent` spaces further in.
    pub(super) fn pretty(self, members: &[(String, Literal)], indent: usize) -> String {
        let lines = members.iter().map(|(name, value)| {
            format!("{}: {}", self.string(name), self.nested(value, indent + 2))
        });
        block(lines, ["{", "}"], indent)
    }

    fn nested(self, value: &Literal, indent: usize) -> String {
        match value {
            Literal::List(items) => {
                let lines = items.iter().map(|item| self.nested(item, indent + 2));
                block(lines, ["[", "]"], indent)
            }
            Literal::Object(members) => self.pretty(members, indent),
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
    use crate::ir::Literal;

    #[test]
    fn nested_values_are_indented() {
        let text = Literal::Text("c\u{8}".to_owned());
        let list = Literal::List(vec![
            Literal::Object(vec![("b".to_owned(), text)]),
            Literal::List(Vec::new()),
        ]);
        let members = [
            ("a".to_owned(), list),
            ("d".to_owned(), Literal::Integer(5_000_000_000)),
        ];
        let expected = r#"{
  "a": [
    {
      "b": "c\u{8}"
    },
    []
  ],
  "d": 5000000000_i64
}"#;
        assert_eq!(Syntax::Rust.pretty(&members, 0), expected);
    }
}
