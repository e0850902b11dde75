//! Violations in the form of Pydantic's errors (fal docs, `errors`).

use serde::Serialize;
use serde_json::{Value, json};

use super::{Node, Type};

/// A violation of a schema: one item in the `detail` of a 422 reply.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Violation {
    pub(crate) loc: Vec<Segment>,
    pub(crate) msg: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) input: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ctx: Option<Value>,
}

/// A segment of a location: a key or an index.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Segment<Key = String> {
    Key(Key),
    Index(usize),
}

/// A location in a value, as a linked list. It is written out only for a violation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Location<'p> {
    above: Option<&'p Location<'p>>,
    step: Segment<&'p str>,
}

impl<'p> Location<'p> {
    pub(super) fn root(name: &'p str) -> Self {
        Self {
            above: None,
            step: Segment::Key(name),
        }
    }

    pub(super) fn key(&'p self, key: &'p str) -> Self {
        Self {
            above: Some(self),
            step: Segment::Key(key),
        }
    }

    pub(super) fn index(&'p self, index: usize) -> Self {
        Self {
            above: Some(self),
            step: Segment::Index(index),
        }
    }

    /// The number of segments.
    pub(super) fn depth(&self) -> usize {
        1 + self.above.map_or(0, Location::depth)
    }

    fn segments(&self) -> Vec<Segment> {
        let mut segments = self.above.map_or_else(Vec::new, Location::segments);
        segments.push(match self.step {
            Segment::Key(key) => Segment::Key(key.to_owned()),
            Segment::Index(index) => Segment::Index(index),
        });
        segments
    }
}

impl Violation {
    pub(super) fn new(
        loc: &Location<'_>,
        kind: &'static str,
        msg: impl Into<String>,
        input: &Value,
    ) -> Self {
        Self {
            loc: loc.segments(),
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

    /// The violation of a body that is not valid JSON.
    pub(crate) fn invalid_json(error: &serde_json::Error) -> Self {
        let body = Location::root("body");
        Self::new(
            &body.index(error.column()),
            "json_invalid",
            "JSON decode error",
            &json!({}),
        )
        .ctx(json!({ "error": error.to_string() }))
    }

    /// The violation of a request without a body.
    pub(crate) fn no_body() -> Self {
        let body = Location::root("body");
        Self::new(&body, "missing", "Field required", &Value::Null)
    }

    /// The violation of a value where none is allowed.
    pub(super) fn forbidden(loc: &Location<'_>, input: &Value) -> Self {
        Self::new(
            loc,
            "extra_forbidden",
            "Extra inputs are not permitted",
            input,
        )
    }

    /// The violation of a rule that Pydantic checks by code.
    pub(super) fn value_error(loc: &Location<'_>, what: &str, input: &Value) -> Self {
        Self::new(loc, "value_error", format!("Value error, {what}"), input)
    }

    pub(super) fn missing(loc: &Location<'_>, name: &str, object: &Value) -> Self {
        Self::new(&loc.key(name), "missing", "Field required", object)
    }

    pub(super) fn options(loc: &Location<'_>, options: &[Value], input: &Value) -> Self {
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

    pub(super) fn wrong_type(loc: &Location<'_>, node: &Node, input: &Value) -> Self {
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
