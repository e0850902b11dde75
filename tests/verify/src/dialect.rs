//! Rewrites the dialect of the documents as JSON Schema 2020-12.
//!
//! The documents call themselves OpenAPI 3.0 and mix in 3.1. What 3.1 says is JSON
//! Schema as it stands; the rest is put into its words:
//!
//! | Written | Read as |
//! |---|---|
//! | `nullable: true` | the schema, or `null` |
//! | `exclusiveMinimum: true` beside `minimum` | `exclusiveMinimum` with that number; likewise for the maximum |
//! | `items: [A, B]`, `items: {"0": A, "1": B}` | `prefixItems: [A, B]` |
//! | `$ref: "#/$defs/A"` inside a component with `$defs` | a reference to that definition |
//! | a `$ref` that leads nowhere, or only back to itself | any value |
//! | a keyword with a value that it cannot have (`"maximum": "9"`) | nothing: see [`Oracle`](super::oracle::Oracle) |
//!
//! Text for people (`title`, `description`) is left out; `default` and `examples` stay,
//! because instances are made of them.

use std::collections::BTreeSet;

use fal_codegen::source::push_pointer;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::keywords::{Keywords, each_schema, or_null};
use super::root_schema::{Direction, RootSchema, target};

/// Keywords without meaning for a value.
const FOR_PEOPLE: &[&str] = &["title", "description", "x-fal-order-properties"];

/// Returns the schema of an endpoint's input or output, as JSON Schema 2020-12.
pub fn read(document: &Value, id: &str, direction: Direction) -> RootSchema {
    let mut schema = RootSchema::of(document, id, direction);
    local_definitions(&mut schema);
    translate(&mut schema);
    schema
}

/// Rewrites every schema of an input or an output.
fn translate(schema: &mut RootSchema) {
    schema.each_schema(&mut keyword_forms);
    let lost = lost_references(schema);
    schema.each_schema(&mut |schema| {
        if let Value::Object(keywords) = schema
            && let Some(Value::String(reference)) = keywords.get("$ref")
            && lost.contains(reference)
        {
            keywords.remove("$ref");
        }
    });
}

/// Makes references to the definitions of a component lead there from the document's root.
fn local_definitions(schema: &mut RootSchema) {
    const KEYWORDS: [&str; 2] = ["$defs", "definitions"];
    let whole = schema.root.clone();
    let Some(Value::Object(components)) = schema.root.pointer_mut("/components/schemas") else {
        return;
    };
    for (name, component) in components {
        let around = push_pointer("/components/schemas", name);
        each_schema(component, &mut |inner| {
            if let Some(Value::String(reference)) = inner.get_mut("$ref")
                && let Some(local) = reference.strip_prefix('#')
                && KEYWORDS
                    .iter()
                    .any(|keyword| local.starts_with(&format!("/{keyword}/")))
                && whole.pointer(&format!("{around}{local}")).is_some()
            {
                *reference = format!("#{around}{local}");
            }
        });
    }
}

fn keyword_forms(schema: &mut Value) {
    let Value::Object(keywords) = schema else {
        return;
    };
    keywords.retain(|keyword, _| !FOR_PEOPLE.contains(&keyword.as_str()));
    exclusive(keywords, "exclusiveMinimum", "minimum");
    exclusive(keywords, "exclusiveMaximum", "maximum");
    tuple(keywords);
    if keywords
        .get("multipleOf")
        .and_then(Value::as_f64)
        .is_some_and(|step| step <= 0.0)
    {
        keywords.remove("multipleOf");
    }
    if keywords.remove("nullable") == Some(Value::Bool(true)) {
        let annotations = annotations(keywords);
        let mut union = or_null(schema.take());
        if let Value::Object(keywords) = &mut union {
            keywords.extend(annotations);
        }
        *schema = union;
    }
}

/// The keywords that stay with the whole schema when it becomes a union with `null`.
fn annotations(keywords: &mut Keywords) -> Vec<(String, Value)> {
    ["default", "examples", "example"]
        .into_iter()
        .filter_map(|name| keywords.remove_entry(name))
        .collect()
}

fn exclusive(keywords: &mut Keywords, exclusive: &str, bound: &str) {
    match keywords.get(exclusive) {
        Some(Value::Bool(true)) => match keywords.remove(bound) {
            Some(limit) => keywords.insert(exclusive.into(), limit),
            None => keywords.remove(exclusive),
        },
        Some(Value::Bool(false)) => keywords.remove(exclusive),
        _ => None,
    };
}

fn tuple(keywords: &mut Keywords) {
    let mut places = match keywords.get_mut("items") {
        Some(Value::Array(places)) => std::mem::take(places),
        Some(Value::Object(places)) if is_numbered(places) => (0..places.len())
            .filter_map(|index| places.remove(&index.to_string()))
            .collect(),
        _ => return,
    };
    // Numbered places are not visited as schemas: they look like keywords.
    for place in &mut places {
        each_schema(place, &mut keyword_forms);
    }
    keywords.remove("items");
    keywords.insert("prefixItems".into(), Value::Array(places));
}

/// Whether the keys are `"0"`, `"1"` … without a gap.
fn is_numbered(places: &Keywords) -> bool {
    !places.is_empty() && (0..places.len()).all(|index| places.contains_key(&index.to_string()))
}

/// References that lead to no schema.
fn lost_references(schema: &mut RootSchema) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    schema.each_schema(&mut |schema| {
        let reference = schema.get("$ref").and_then(Value::as_str);
        used.extend(reference.map(str::to_owned));
    });
    used.retain(|reference| !leads_to_schema(&schema.root, reference));
    used
}

/// The characters that a URI's fragment must not contain, and a few more. `%` begins an escape.
const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'~').remove(b'%');

/// Escapes the references, for a reader that takes URIs only.
pub fn escape_references(schema: &mut RootSchema) {
    schema.each_schema(&mut |schema| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(pointer) = reference.strip_prefix('#')
        {
            *reference = format!("#{}", utf8_percent_encode(pointer, UNSAFE));
        }
    });
}

fn leads_to_schema(root: &Value, reference: &str) -> bool {
    let mut seen = vec![reference];
    loop {
        let last = seen[seen.len() - 1];
        let Some(target) = target(root, last) else {
            return false;
        };
        match target.get("$ref").and_then(Value::as_str) {
            Some(next) if seen.contains(&next) => return false,
            Some(next) => seen.push(next),
            None => return true,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::root_schema::RootSchema;

    #[test]
    fn the_dialect_becomes_json_schema() {
        let lost = json!({ "default": 1 });
        let tuple = json!({ "prefixItems": [{ "type": "number" }, {}] });
        let cases = [
            (
                json!({ "type": "string", "nullable": true, "default": "a" }),
                json!({ "anyOf": [{ "type": "string" }, { "type": "null" }], "default": "a" }),
            ),
            (json!({ "nullable": false }), json!({})),
            (
                json!({ "minimum": 3, "exclusiveMinimum": true, "exclusiveMaximum": false }),
                json!({ "exclusiveMinimum": 3 }),
            ),
            (
                json!({ "items": { "0": { "type": "number" }, "1": {} } }),
                tuple.clone(),
            ),
            (json!({ "items": [{ "type": "number" }, {}] }), tuple),
            (
                json!({ "items": { "0": { "minimum": 1, "exclusiveMinimum": true } } }),
                json!({ "prefixItems": [{ "exclusiveMinimum": 1 }] }),
            ),
            (
                json!({ "$ref": "#/components/schemas/None", "default": 1 }),
                lost.clone(),
            ),
            (
                json!({ "$ref": "#/components/schemas/Ping", "default": 1 }),
                lost.clone(),
            ),
            (json!({ "$ref": "elsewhere.json", "default": 1 }), lost),
            (
                json!({ "$ref": "#/components/schemas/Known" }),
                json!({ "$ref": "#/components/schemas/Known" }),
            ),
            // A property may be called like a keyword.
            (
                json!({ "properties": { "nullable": { "title": "x", "type": "boolean" } } }),
                json!({ "properties": { "nullable": { "type": "boolean" } } }),
            ),
        ];
        for (written, expected) in cases {
            assert_eq!(translated(&written), expected, "{written}");
        }
    }

    fn translated(schema: &Value) -> Value {
        let mut schema = RootSchema {
            root: json!({ "subject": schema, "components": { "schemas": {
                "Known": { "type": "string" },
                "Ping": { "$ref": "#/components/schemas/Pong" },
                "Pong": { "$ref": "#/components/schemas/Ping" },
            } } }),
        };
        super::translate(&mut schema);
        schema.root["subject"].take()
    }
}
