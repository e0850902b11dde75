//! Keywords whose values have the wrong form: `"minimum": "3"`, `"type": "int"`.

use serde_json::{Map, Value};

use crate::constraint;
use crate::json::Type;
use crate::text::shorten;

/// A keyword whose value has the wrong form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The keyword; empty if a value that is not a schema is in the place of a schema.
    pub keyword: String,
    /// The keyword's value, shortened if it is long.
    pub found: String,
    /// The form that the keyword's value should have.
    pub expected: &'static str,
}

impl Malformed {
    pub(super) fn new(keyword: &str, value: &Value, expected: &'static str) -> Self {
        const LONGEST: usize = 60;
        Self {
            keyword: keyword.to_owned(),
            found: shorten(&value.to_string(), LONGEST),
            expected,
        }
    }
}

/// The keywords of a schema whose values have the wrong form.
pub(super) fn malformed(members: &Map<String, Value>) -> Vec<Malformed> {
    let wrong = members.iter().filter_map(|(keyword, value)| {
        let expected = match form(keyword) {
            Some((expected, fits)) => (!fits(value)).then_some(expected),
            None => constraint::malformed(keyword, value),
        };
        Some(Malformed::new(keyword, value, expected?))
    });
    wrong.collect()
}

type Fits = fn(&Value) -> bool;

/// The form that the value of a keyword must have, and the test for it.
fn form(keyword: &str) -> Option<(&'static str, Fits)> {
    Some(match keyword {
        "type" => ("one of JSON Schema's types, or a list of them", is_type),
        "$ref" | "title" | "description" | "format" => ("a string", Value::is_string),
        "nullable" | "deprecated" => ("`true` or `false`", Value::is_boolean),
        "enum" | "anyOf" | "oneOf" | "allOf" | "prefixItems" => ("a list", Value::is_array),
        "properties" => ("an object of schemas", Value::is_object),
        "required" | "x-fal-order-properties" => ("a list of names", is_names),
        "discriminator" => ("an object with `propertyName`", |value| {
            value.get("propertyName").is_some_and(Value::is_string)
        }),
        _ => return None,
    })
}

fn is_type(value: &Value) -> bool {
    match value {
        Value::Array(names) => names.iter().all(|name| one_type(name).is_some()),
        name => one_type(name).is_some(),
    }
}

/// The type that a name stands for.
pub(super) fn one_type(name: &Value) -> Option<Type> {
    name.as_str().and_then(Type::from_name)
}

fn is_names(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|names| names.iter().all(Value::is_string))
}
