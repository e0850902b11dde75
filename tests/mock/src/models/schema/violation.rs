//! Violations in the shape of Pydantic's (fal docs, `errors`).

use serde::Serialize;
use serde_json::{Value, json};

use super::{Node, Type};

/// One item of a 422 reply's `detail`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Violation {
    pub(crate) loc: Vec<Step>,
    pub(crate) msg: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) input: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ctx: Option<Value>,
}

/// A step of a location: a key or an index.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// Where a check is; written out only when something is wrong there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'p> {
    above: Option<&'p Place<'p>>,
    step: Turn<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Turn<'p> {
    Key(&'p str),
    Index(usize),
}

impl<'p> Place<'p> {
    pub(super) fn root(name: &'p str) -> Self {
        Self {
            above: None,
            step: Turn::Key(name),
        }
    }

    pub(super) fn key(&'p self, key: &'p str) -> Self {
        Self {
            above: Some(self),
            step: Turn::Key(key),
        }
    }

    pub(super) fn index(&'p self, index: usize) -> Self {
        Self {
            above: Some(self),
            step: Turn::Index(index),
        }
    }

    /// How many steps lead here.
    pub(super) fn depth(&self) -> usize {
        1 + self.above.map_or(0, Place::depth)
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = self.above.map_or_else(Vec::new, Place::steps);
        steps.push(match self.step {
            Turn::Key(key) => Step::Key(key.to_owned()),
            Turn::Index(index) => Step::Index(index),
        });
        steps
    }
}

impl Violation {
    pub(super) fn new(
        loc: &Place<'_>,
        kind: &'static str,
        msg: impl Into<String>,
        input: &Value,
    ) -> Self {
        Self {
            loc: loc.steps(),
            msg: msg.into(),
            kind,
            input: input.clone(),
            ctx: None,
        }
    }

    pub(super) fn ctx(mut self, ctx: Value) -> Self {
        self.ctx = Some(ctx);
        self
    }

    /// A body that is not JSON.
    pub(crate) fn invalid_json(error: &serde_json::Error) -> Self {
        let body = Place::root("body");
        Self::new(
            &body.index(error.column()),
            "json_invalid",
            "JSON decode error",
            &json!({}),
        )
        .ctx(json!({ "error": error.to_string() }))
    }

    /// A request without a body.
    pub(crate) fn no_body() -> Self {
        Self::new(
            &Place::root("body"),
            "missing",
            "Field required",
            &Value::Null,
        )
    }

    pub(super) fn missing(loc: &Place<'_>, name: &str, object: &Value) -> Self {
        Self::new(&loc.key(name), "missing", "Field required", object)
    }

    pub(super) fn options(loc: &Place<'_>, options: &[Value], input: &Value) -> Self {
        let options: Vec<String> = options.iter().map(python).collect();
        let expected = match options.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => options.concat(),
        };
        Self::new(
            loc,
            "literal_error",
            format!("Input should be {expected}"),
            input,
        )
        .ctx(json!({ "expected": expected }))
    }

    pub(super) fn wrong_type(loc: &Place<'_>, node: &Node, input: &Value) -> Self {
        let (kind, wanted) = match node.types.iter().find(|kind| **kind != Type::Null) {
            Some(Type::Boolean) => ("bool_type", "valid boolean"),
            Some(Type::Integer) if input.is_number() => (
                "int_from_float",
                "valid integer, got a number with a fractional part",
            ),
            Some(Type::Integer) => ("int_type", "valid integer"),
            Some(Type::Number) => ("float_type", "valid number"),
            Some(Type::String) => ("string_type", "valid string"),
            Some(Type::Array) => ("list_type", "valid list"),
            Some(Type::Object) => (
                "model_attributes_type",
                "valid dictionary or object to extract fields from",
            ),
            Some(Type::Null) | None => {
                return Self::new(loc, "none_required", "Input should be None", input);
            }
        };
        Self::new(loc, kind, format!("Input should be a {wanted}"), input)
    }
}

/// A value as Python prints it.
pub(super) fn python(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        other => other.to_string(),
    }
}
