//! Examples put together from the schema: each field's first example, else its default.
//!
//! A required field that has neither shows what its shape allows: an empty string, or the object's own fields. Other
//! required fields without an example are left out, as fal's page leaves them out.

use super::{literal, schema};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Nested examples end here, so that a schema that contains itself has a page.
const MAX_DEPTH: usize = 8;

/// Fields in the order in which they are shown.
pub(super) type Example = Vec<(String, Value)>;

/// The required fields alone.
pub(super) fn required(root: &Value, object: &Map<String, Value>) -> Example {
    let mut example = full(root, object);
    example.retain(|(name, _)| schema::requires(object, name));
    example
}

/// Every field that has an example, a default, or must be there.
pub(super) fn full(root: &Value, object: &Map<String, Value>) -> Example {
    sample(root, object, 0)
}

fn sample(root: &Value, object: &Map<String, Value>, depth: usize) -> Example {
    let fields = schema::properties(object).into_iter();
    fields
        .filter_map(|(name, property)| {
            let required = schema::requires(object, name);
            let given = property["examples"]
                .get(0)
                .or_else(|| property.get("default"))
                .cloned();
            let value =
                given.or_else(|| placeholder(root, property, depth).filter(|_| required))?;
            Some((name.to_owned(), value))
        })
        .collect()
}

fn placeholder(root: &Value, property: &Value, depth: usize) -> Option<Value> {
    let members = schema::members(property);
    let first = members
        .as_ref()
        .and_then(|members| members.first().copied());
    let shape = schema::resolve(root, first.unwrap_or(property));
    if let Some(option) = shape["enum"].get(0) {
        return Some(option.clone());
    }
    match schema::plain_type(shape) {
        Some("string") => Some(Value::from("")),
        _ if depth >= MAX_DEPTH => None,
        Some("array") => {
            let item = placeholder(root, shape.get("items")?, depth + 1);
            Some(Value::Array(item.into_iter().collect()))
        }
        Some("object") => {
            let fields = sample(root, shape.as_object()?, depth + 1);
            Some(Value::Object(fields.into_iter().collect()))
        }
        _ => None,
    }
}

/// A headed code block with the example in it.
pub(super) fn write(page: &mut String, heading: &str, example: &Example) {
    let json = literal::json(example, 0);
    let _ = write!(page, "**{heading}**:\n\n```json\n{json}\n```\n\n");
}
