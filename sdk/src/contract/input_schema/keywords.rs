//! Finds the schemas inside a schema.

use serde_json::Value;

/// Calls `visit` on every schema that is written inside `schema`, the innermost first
/// and `schema` itself last. References are not followed. A property may have the name
/// of a keyword, so only positions of schemas are visited.
pub(super) fn each_schema(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Value::Object(keywords) = schema {
        for (keyword, value) in keywords.iter_mut() {
            match (keyword.as_str(), value) {
                (
                    "$defs" | "definitions" | "dependentSchemas" | "patternProperties"
                    | "properties",
                    Value::Object(named),
                ) => named
                    .values_mut()
                    .for_each(|inner| each_schema(inner, visit)),
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
                    | "then"
                    | "unevaluatedItems"
                    | "unevaluatedProperties",
                    inner,
                ) => each_schema(inner, visit),
                _ => {}
            }
        }
    }
    visit(schema);
}
