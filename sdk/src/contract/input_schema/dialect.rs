//! Translates the keywords of OpenAPI 3.0 into JSON Schema 2020-12. fal's documents mix
//! OpenAPI 3.0 with 3.1, whose schemas are JSON Schema already.
//!
//! | Written | Read as |
//! |---|---|
//! | `nullable: true` | the schema, or `null` |
//! | `exclusiveMinimum: true` beside `minimum` | `exclusiveMinimum` with that number; likewise for the maximum |
//! | `items: [A, B]`, `items: {"0": A, "1": B}` | `prefixItems: [A, B]` |
//! | `x-…`, `_fal_…`, `ui` | removed |

use serde_json::{Map, Value, json};

use super::keywords::each_schema;

/// Translates every schema inside `schema`.
pub(super) fn translate(schema: &mut Value) {
    each_schema(schema, &mut translate_one);
}

fn translate_one(schema: &mut Value) {
    let Value::Object(keywords) = schema else {
        return;
    };
    keywords.retain(|keyword, _| !is_vendors(keyword));
    exclusive(keywords, "exclusiveMinimum", "minimum");
    exclusive(keywords, "exclusiveMaximum", "maximum");
    tuple(keywords);
    if keywords.remove("nullable") == Some(Value::Bool(true)) {
        allow_null(keywords);
    }
}

/// Whether a keyword is an extension of fal's, for its website.
fn is_vendors(keyword: &str) -> bool {
    keyword == "ui" || keyword.starts_with("x-") || keyword.starts_with("_fal_")
}

/// Makes a schema a union of itself and `null`. Annotations, such as the description, move
/// to the union.
fn allow_null(keywords: &mut Map<String, Value>) {
    const ANNOTATIONS: [&str; 5] = ["title", "description", "default", "examples", "example"];
    let annotations: Vec<_> = ANNOTATIONS
        .into_iter()
        .filter_map(|name| keywords.remove_entry(name))
        .collect();
    let own = Value::Object(std::mem::take(keywords));
    keywords.extend(annotations);
    keywords.insert("anyOf".to_owned(), json!([own, {"type": "null"}]));
}

fn exclusive(keywords: &mut Map<String, Value>, exclusive: &str, bound: &str) {
    match keywords.get(exclusive) {
        Some(Value::Bool(true)) => match keywords.remove(bound) {
            Some(limit) => keywords.insert(exclusive.to_owned(), limit),
            None => keywords.remove(exclusive),
        },
        Some(Value::Bool(false)) => keywords.remove(exclusive),
        _ => None,
    };
}

fn tuple(keywords: &mut Map<String, Value>) {
    let mut positions = match keywords.get_mut("items") {
        Some(Value::Array(positions)) => std::mem::take(positions),
        Some(Value::Object(positions)) if is_numbered(positions) => (0..positions.len())
            .filter_map(|index| positions.remove(&index.to_string()))
            .collect(),
        _ => return,
    };
    // Numbered positions are not visited as schemas: their names look like keywords.
    positions.iter_mut().for_each(translate);
    keywords.remove("items");
    keywords.insert("prefixItems".to_owned(), Value::Array(positions));
}

/// Whether the keys are `"0"`, `"1"` … without a gap.
fn is_numbered(positions: &Map<String, Value>) -> bool {
    !positions.is_empty()
        && (0..positions.len()).all(|index| positions.contains_key(&index.to_string()))
}
