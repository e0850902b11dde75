//! Reading the keywords of a schema, and visiting the schemas inside it.

use serde_json::{Map, Value, json};

/// The keywords of a schema that is written as an object.
pub type Keywords = Map<String, Value>;

/// Calls `visit` on every schema that is written inside `schema`, the innermost first
/// and `schema` itself last. References are not followed.
pub fn each_schema(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Value::Object(keywords) = schema {
        for (keyword, value) in keywords.iter_mut() {
            match (keyword.as_str(), value) {
                (
                    "$defs" | "definitions" | "patternProperties" | "properties",
                    Value::Object(named),
                ) => named
                    .values_mut()
                    .for_each(|inner| each_schema(inner, visit)),
                // `items` is a list of schemas in older drafts.
                ("allOf" | "anyOf" | "items" | "oneOf" | "prefixItems", Value::Array(list)) => {
                    list.iter_mut().for_each(|inner| each_schema(inner, visit));
                }
                (
                    "additionalItems"
                    | "additionalProperties"
                    | "contains"
                    | "else"
                    | "if"
                    | "items"
                    | "not"
                    | "propertyNames"
                    | "then",
                    inner,
                ) => each_schema(inner, visit),
                _ => {}
            }
        }
    }
    visit(schema);
}

/// The items of a keyword whose value is a list; empty for any other value.
pub fn items<'k>(keywords: &'k Keywords, keyword: &str) -> impl Iterator<Item = &'k Value> {
    let list = keywords.get(keyword).and_then(Value::as_array);
    list.into_iter().flatten()
}

/// The members of `anyOf` and `oneOf`, each with its keyword.
pub fn alternatives(keywords: &Keywords) -> impl Iterator<Item = (&'static str, &Value)> {
    let members = |union| items(keywords, union).map(move |member| (union, member));
    ["anyOf", "oneOf"].into_iter().flat_map(members)
}

/// The properties that a schema declares.
pub fn properties(keywords: &Keywords) -> impl Iterator<Item = (&String, &Value)> {
    let properties = keywords.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}

/// The names of the required members.
pub fn required(keywords: &Keywords) -> Vec<&str> {
    items(keywords, "required")
        .filter_map(Value::as_str)
        .collect()
}

/// A union of the schema and `null`.
pub fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}
