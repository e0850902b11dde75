//! From the dialect of the documents to JSON Schema 2020-12.
//!
//! The documents call themselves OpenAPI 3.0 and mix in 3.1. What 3.1 says is JSON
//! Schema as it stands; the rest is put into its words:
//!
//! | Written | Read as |
//! |---|---|
//! | `nullable: true` | the schema, or `null` |
//! | `exclusiveMinimum: true` beside `minimum` | `exclusiveMinimum` with that number; likewise for the maximum |
//! | `items: [A, B]`, `items: {"0": A, "1": B}` | `prefixItems: [A, B]` |
//! | a `$ref` that leads nowhere, or only back to itself | any value |
//! | a keyword with a value that it cannot have (`"maximum": "9"`) | nothing: see [`Oracle`](super::oracle::Oracle) |
//!
//! The words for people (`title`, `description`) can be left out, so that what
//! remains is small; `default` and `examples` stay, values are made of them.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use super::walk;

/// Keywords without meaning for a value.
const FOR_PEOPLE: &[&str] = &["title", "description", "x-fal-order-properties"];

/// Leaves out the words for people.
pub fn drop_words(root: &mut Value) {
    walk::subject_mut(root, &mut |schema| {
        if let Value::Object(keywords) = schema {
            keywords.retain(|keyword, _| !FOR_PEOPLE.contains(&keyword.as_str()));
        }
    });
}

/// Leaves out keywords with values that they cannot have, as the generator does, and
/// takes what is no schema for one that says nothing.
pub fn drop_senseless(root: &mut Value) {
    walk::subject_mut(root, &mut |schema| {
        let Value::Object(keywords) = schema else {
            return;
        };
        keywords.retain(|keyword, value| has_sense(keyword, value));
        if let Some(items) = keywords.get_mut("items") {
            free_unless_schema(items);
        }
        if let Some(Value::Object(properties)) = keywords.get_mut("properties") {
            properties.values_mut().for_each(free_unless_schema);
        }
    });
}

fn free_unless_schema(place: &mut Value) {
    if !place.is_object() && !place.is_boolean() {
        *place = Value::Bool(true);
    }
}

fn has_sense(keyword: &str, value: &Value) -> bool {
    const TYPES: &[&str] = &[
        "null", "boolean", "integer", "number", "string", "array", "object",
    ];
    let is_type = |name: &Value| name.as_str().is_some_and(|name| TYPES.contains(&name));
    match keyword {
        "type" => match value {
            Value::Array(names) => names.iter().all(is_type),
            name => is_type(name),
        },
        "minLength" | "maxLength" | "minItems" | "maxItems" => {
            value.as_f64().is_some_and(|count| count >= 0.0)
        }
        "minimum" | "maximum" | "multipleOf" => value.is_number(),
        "pattern" | "$ref" => value.is_string(),
        "enum" | "required" => value.is_array(),
        _ => true,
    }
}

/// Rewrites a whole subject.
pub fn translate(root: &mut Value) {
    walk::subject_mut(root, &mut keyword_forms);
    let lost = lost_references(root);
    walk::subject_mut(root, &mut |schema| {
        let reference = schema.get("$ref").and_then(Value::as_str);
        if reference.is_some_and(|reference| lost.contains(reference)) {
            schema
                .as_object_mut()
                .map(|keywords| keywords.remove("$ref"));
        }
    });
}

fn keyword_forms(schema: &mut Value) {
    let Value::Object(keywords) = schema else {
        return;
    };
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
        let mut union = walk::or_null(schema.take());
        if let Value::Object(keywords) = &mut union {
            keywords.extend(annotations);
        }
        *schema = union;
    }
}

/// What the whole value keeps when it becomes a union with `null`.
fn annotations(keywords: &mut Map<String, Value>) -> Vec<(String, Value)> {
    ["default", "examples", "example"]
        .into_iter()
        .filter_map(|name| keywords.remove_entry(name))
        .collect()
}

fn exclusive(keywords: &mut Map<String, Value>, exclusive: &str, bound: &str) {
    match keywords.get(exclusive) {
        Some(Value::Bool(true)) => match keywords.remove(bound) {
            Some(limit) => keywords.insert(exclusive.into(), limit),
            None => keywords.remove(exclusive),
        },
        Some(Value::Bool(false)) => keywords.remove(exclusive),
        _ => None,
    };
}

fn tuple(keywords: &mut Map<String, Value>) {
    let places = match keywords.get_mut("items") {
        Some(Value::Array(places)) => std::mem::take(places),
        Some(Value::Object(places)) if is_numbered(places) => (0..places.len())
            .filter_map(|index| places.remove(&index.to_string()))
            .collect(),
        _ => return,
    };
    keywords.remove("items");
    keywords.insert("prefixItems".into(), Value::Array(places));
}

/// Whether the keys are `"0"`, `"1"` … without a gap.
fn is_numbered(places: &Map<String, Value>) -> bool {
    !places.is_empty() && (0..places.len()).all(|index| places.contains_key(&index.to_string()))
}

/// References that lead to no schema.
fn lost_references(root: &mut Value) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    walk::subject_mut(root, &mut |schema| {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            used.insert(reference.to_owned());
        }
    });
    used.retain(|reference| !leads_to_schema(root, reference));
    used
}

/// What a reference inside a document leads to. Component names may hold letters
/// that a URI must escape, and some documents escape them.
pub fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    let unescaped = || percent_decode_str(pointer).decode_utf8().ok();
    root.pointer(pointer)
        .or_else(|| root.pointer(&unescaped()?))
}

/// What a URI's fragment cannot hold as it is. `%` starts an escape.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Escapes the references of a subject, for a reader that takes URIs only.
pub fn escape_references(root: &mut Value) {
    walk::subject_mut(root, &mut |schema| {
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

    use super::translate;

    fn translated(schema: Value) -> Value {
        let mut root = json!({
            "subject": schema,
            "components": { "schemas": {
                "Known": { "type": "string" },
                "Ping": { "$ref": "#/components/schemas/Pong" },
                "Pong": { "$ref": "#/components/schemas/Ping" },
            } },
        });
        translate(&mut root);
        root["subject"].take()
    }

    #[test]
    fn nullable_is_a_union_with_null() {
        let schema = json!({ "type": "string", "nullable": true, "default": "a" });
        let expected =
            json!({ "anyOf": [{ "type": "string" }, { "type": "null" }], "default": "a" });
        assert_eq!(translated(schema), expected);
        assert_eq!(translated(json!({ "nullable": false })), json!({}));
    }

    #[test]
    fn boolean_bounds_take_the_number_beside_them() {
        let schema = json!({ "minimum": 3, "exclusiveMinimum": true, "exclusiveMaximum": false });
        assert_eq!(translated(schema), json!({ "exclusiveMinimum": 3 }));
    }

    #[test]
    fn both_old_tuples_become_prefix_items() {
        let expected = json!({ "prefixItems": [{ "type": "number" }, {}] });
        let numbered = json!({ "items": { "0": { "type": "number" }, "1": {} } });
        assert_eq!(translated(numbered), expected);
        assert_eq!(
            translated(json!({ "items": [{ "type": "number" }, {}] })),
            expected
        );
    }

    #[test]
    fn lost_references_say_nothing() {
        for lost in [
            "#/components/schemas/None",
            "#/components/schemas/Ping",
            "elsewhere.json",
        ] {
            assert_eq!(
                translated(json!({ "$ref": lost, "default": 1 })),
                json!({ "default": 1 })
            );
        }
        let known = json!({ "$ref": "#/components/schemas/Known" });
        assert_eq!(translated(known.clone()), known);
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let schema = json!({ "properties": { "nullable": { "title": "x", "type": "boolean" } } });
        let mut root = json!({ "subject": translated(schema) });
        super::drop_words(&mut root);
        let expected = json!({ "properties": { "nullable": { "type": "boolean" } } });
        assert_eq!(root["subject"], expected);
    }
}
