//! Documents from a few lines, and changes as lines.

use fal_codegen::{
    Catalog, Options, Source,
    diff::{Change, Diff, diff},
};
use serde_json::{Map, Value, json};

pub const ID: &str = "acme/model/run";

/// A document whose input, output and further components are given.
pub fn document(id: &str, input: Value, output: Value, others: &Value) -> Value {
    let mut components = Map::new();
    components.insert("In".to_owned(), input);
    components.insert("Out".to_owned(), output);
    components.extend(others.as_object().cloned().unwrap_or_default());
    let body = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
    json!({
        "openapi": "3.0.4",
        "info": {"title": "t", "x-fal-metadata": {"endpointId": id, "category": "text-to-image"}},
        "paths": {
            format!("/{id}"): {"post": {"requestBody": body("In")}},
            format!("/{id}/requests/{{request_id}}"): {"get": {"responses": {"200": body("Out")}}},
        },
        "components": {"schemas": components},
    })
}

pub fn catalog(documents: &[Value], options: &Options) -> Catalog {
    let sources: Vec<Source> = documents
        .iter()
        .enumerate()
        .map(|(index, document)| Source::new(format!("{index}.json"), document.to_string()))
        .collect();
    Catalog::read(&sources, options)
}

pub fn compare(old: &[Value], new: &[Value]) -> Diff {
    let old = catalog(old, &Options::default());
    let ledger = old.ledger().clone();
    let new = catalog(
        new,
        &Options {
            ledger,
            ..Options::default()
        },
    );
    diff(&old, &new)
}

/// An object with these properties, of which some are required.
pub fn object(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "x-fal-order-properties": []})
}

pub fn output() -> Value {
    object(json!({"url": {"type": "string"}}), &["url"])
}

pub fn prompt() -> Value {
    object(json!({"prompt": {"type": "string"}}), &["prompt"])
}

/// `input /seed property-added additive/additive`: Rust first, then the wire.
pub fn line(change: &Change) -> String {
    let direction = change
        .direction
        .map_or("endpoint", |direction| direction.as_str());
    let path = match change.path.as_str() {
        "" => "-",
        path => path,
    };
    format!(
        "{direction} {path} {} {}/{}",
        change.kind, change.rust, change.wire
    )
}

pub fn lines(diff: &Diff) -> Vec<String> {
    diff.changes.iter().map(line).collect()
}

/// The changes between two inputs.
pub fn inputs(old: Value, new: Value) -> Diff {
    with_components(old, new, json!({}), json!({}))
}

pub fn with_components(old: Value, new: Value, old_others: Value, new_others: Value) -> Diff {
    compare(
        &[document(ID, old, output(), &old_others)],
        &[document(ID, new, output(), &new_others)],
    )
}

/// The changes between two outputs.
pub fn outputs(old: Value, new: Value) -> Diff {
    compare(
        &[document(ID, prompt(), old, &json!({}))],
        &[document(ID, prompt(), new, &json!({}))],
    )
}

/// One property on both sides, sent and received: first the lines of the input, then those of the output.
#[track_caller]
pub fn assert_property(old: Value, new: Value, required: bool, sent: &[&str], received: &[&str]) {
    let required: &[&str] = if required { &["x"] } else { &[] };
    let whole = |property: &Value| object(json!({"x": property}), required);
    assert_eq!(
        lines(&inputs(whole(&old), whole(&new))),
        sent,
        "sent: {old} -> {new}"
    );
    assert_eq!(
        lines(&outputs(whole(&old), whole(&new))),
        received,
        "received: {old} -> {new}"
    );
}
