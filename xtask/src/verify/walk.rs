//! Visiting the schemas inside a schema.

use serde_json::{Map, Value};

/// Keywords whose value is one schema.
const ONE: &[&str] = &[
    "additionalItems",
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
];

/// Keywords whose value is a list of schemas.
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];

/// Keywords whose value names schemas.
const NAMED: &[&str] = &["$defs", "definitions", "patternProperties", "properties"];

/// Calls `visit` on every schema that is written inside `schema`, the innermost
/// first and `schema` itself last. References are not followed.
pub fn each_mut(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Value::Object(keywords) = schema {
        for (keyword, value) in keywords.iter_mut() {
            children(keyword, value, visit);
        }
    }
    visit(schema);
}

fn children(keyword: &str, value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if ONE.contains(&keyword) {
        // `items` may be a list, as it was in older drafts.
        match value {
            Value::Array(schemas) => schemas.iter_mut().for_each(|each| each_mut(each, visit)),
            schema => each_mut(schema, visit),
        }
    } else if LIST.contains(&keyword) {
        if let Value::Array(schemas) = value {
            schemas.iter_mut().for_each(|each| each_mut(each, visit));
        }
    } else if NAMED.contains(&keyword)
        && let Value::Object(schemas) = value
    {
        schemas.values_mut().for_each(|each| each_mut(each, visit));
    }
}

/// Calls `visit` with the keywords of every schema inside a subject: see
/// [`Subject`](super::subject::Subject).
pub fn subject_mut(root: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Some(schema) = root.get_mut("subject") {
        each_mut(schema, visit);
    }
    if let Some(Value::Object(schemas)) = root.pointer_mut("/components/schemas") {
        schemas.values_mut().for_each(|each| each_mut(each, visit));
    }
}

/// The schema of `keywords` and everything else it says, as `anyOf` of itself and
/// `null`.
pub fn or_null(schema: Value) -> Value {
    let mut union = Map::new();
    union.insert(
        "anyOf".into(),
        Value::Array(vec![schema, serde_json::json!({ "type": "null" })]),
    );
    Value::Object(union)
}
