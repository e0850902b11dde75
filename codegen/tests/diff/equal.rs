//! Other spellings of one meaning are no change. Each property of a document of our own is respelt in every way that it
//! can be, on either side; the keys of all objects are turned round as well.

use crate::support::{ID, compare, document, lines, object, output};
use serde_json::{Map, Value, json};

/// A document with something of everything.
fn model() -> Value {
    let size = object(
        json!({"width": {"type": "integer", "minimum": 16, "default": 512}, "height": {"type": "integer"}}),
        &["width"],
    );
    let properties = json!({
        "prompt": {"type": "string", "minLength": 1, "maxLength": 900, "description": "What to draw."},
        "seed": {"type": "integer", "minimum": 0},
        "strength": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
        "style": {"type": "string", "enum": ["photo", "sketch"], "default": "photo"},
        "size": {"$ref": "#/components/schemas/Size", "description": "How large."},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5, "default": ["a"]},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}},
        "mode": {"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["auto"]}]},
        "image_url": {"type": "string"},
    });
    let order = [
        "prompt",
        "seed",
        "strength",
        "style",
        "size",
        "tags",
        "weights",
        "mode",
        "image_url",
    ];
    let mut input = object(properties, &["prompt", "image_url"]);
    input["x-fal-order-properties"] = json!(order);
    document(ID, input, output(), &json!({ "Size": size }))
}

type Respell = fn(&Value) -> Option<Value>;

fn all_of(schema: &Value) -> Option<Value> {
    Some(json!({ "allOf": [schema] }))
}

/// The words stay outside, as the older documents have it.
fn all_of_with_siblings(schema: &Value) -> Option<Value> {
    let mut inner = schema.as_object()?.clone();
    let mut outer = Map::new();
    for word in ["description", "default", "title"] {
        outer.extend(inner.remove_entry(word));
    }
    outer.insert("allOf".to_owned(), json!([inner]));
    Some(Value::Object(outer))
}

fn any_of_one(schema: &Value) -> Option<Value> {
    Some(json!({ "anyOf": [schema] }))
}

fn one_of_one(schema: &Value) -> Option<Value> {
    Some(json!({ "oneOf": [schema] }))
}

/// `null` beside what may be left out anyway, unless a default makes it differ.
fn or_null(schema: &Value) -> Option<Value> {
    schema
        .get("default")
        .is_none()
        .then(|| json!({ "anyOf": [schema, {"type": "null"}] }))
}

fn null_first(schema: &Value) -> Option<Value> {
    schema
        .get("default")
        .is_none()
        .then(|| json!({ "anyOf": [{"type": "null"}, schema], "default": null }))
}

fn nullable_keyword(schema: &Value) -> Option<Value> {
    let mut schema = schema.clone();
    let plain = schema.get("default").is_none();
    schema["nullable"] = json!(true);
    plain.then_some(schema)
}

fn type_list(schema: &Value) -> Option<Value> {
    let ty = schema
        .get("type")
        .filter(|_| schema.get("default").is_none())?
        .clone();
    let mut schema = schema.clone();
    schema["type"] = json!([ty, "null"]);
    Some(schema)
}

fn titled(schema: &Value) -> Option<Value> {
    let mut schema = schema.clone();
    schema["title"] = json!("Another Title");
    Some(schema)
}

const PLAIN: &[(&str, Respell)] = &[
    ("allOf", all_of),
    ("allOf with siblings", all_of_with_siblings),
    ("anyOf of one", any_of_one),
    ("oneOf of one", one_of_one),
    ("title", titled),
];

/// Only for what may be left out.
const OPTIONAL: &[(&str, Respell)] = &[
    ("anyOf null", or_null),
    ("null first", null_first),
    ("nullable", nullable_keyword),
    ("type list", type_list),
];

fn properties(document: &mut Value) -> &mut Map<String, Value> {
    document["components"]["schemas"]["In"]["properties"]
        .as_object_mut()
        .unwrap()
}

fn assert_same(old: &Value, new: &Value, why: &str) {
    for (a, b) in [(old, new), (new, old)] {
        let diff = compare(std::slice::from_ref(a), std::slice::from_ref(b));
        assert_eq!(lines(&diff), [""; 0], "{why}");
    }
}

#[test]
fn every_property_may_be_spelt_another_way() {
    let model = model();
    let names: Vec<String> = properties(&mut model.clone()).keys().cloned().collect();
    let mut respelt = 0;
    for name in &names {
        let required = ["prompt", "image_url"].contains(&name.as_str());
        let ways = PLAIN.iter().chain(OPTIONAL.iter().filter(|_| !required));
        for (way, respell) in ways {
            let mut other = model.clone();
            let property = properties(&mut other).get_mut(name).unwrap();
            let Some(schema) = respell(property) else {
                continue;
            };
            *property = schema;
            respelt += 1;
            assert_same(&model, &other, &format!("{name}: {way}"));
        }
    }
    assert!(respelt > 50, "{respelt}");
}

#[test]
fn all_properties_may_be_spelt_another_way_at_once() {
    let model = model();
    for rounds in 0..PLAIN.len() {
        let mut other = model.clone();
        for (index, property) in properties(&mut other).values_mut().enumerate() {
            let (_, respell) = PLAIN[(index + rounds) % PLAIN.len()];
            if let Some(schema) = respell(property) {
                *property = schema;
            }
        }
        assert_same(&model, &other, &format!("round {rounds}"));
    }
}

/// The text with the members of every object turned round.
fn turned(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev();
            let members: Vec<String> = members
                .map(|(name, value)| format!("{}:{}", json!(name), turned(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(turned).collect::<Vec<_>>().join(",")
        ),
        other => other.to_string(),
    }
}

#[test]
fn the_order_of_keys_means_nothing() {
    use fal_codegen::{Catalog, Options, Source, diff::diff};
    let read = |text: String| Catalog::read(&[Source::new("a.json", text)], &Options::default());
    let (a, b) = (read(model().to_string()), read(turned(&model())));
    assert_eq!(lines(&diff(&a, &b)), [""; 0]);
}

#[test]
fn the_order_of_required_means_nothing() {
    let mut other = model();
    other["components"]["schemas"]["In"]["required"] = json!(["image_url", "prompt"]);
    assert_same(&model(), &other, "required");
}

#[test]
fn a_component_in_the_place_of_its_reference_is_no_change() {
    let mut other = model();
    let size = other["components"]["schemas"]["Size"].clone();
    let property = properties(&mut other).get_mut("size").unwrap();
    *property = size;
    property["description"] = json!("How large.");
    assert_same(&model(), &other, "in place, and of the same name");
}

#[test]
fn a_change_of_meaning_among_other_spellings_is_found() {
    let mut other = model();
    for property in properties(&mut other).values_mut() {
        *property = all_of(property).unwrap();
    }
    other["components"]["schemas"]["In"]["properties"]["seed"]["allOf"][0]["minimum"] = json!(1);
    let diff = compare(&[model()], &[other]);
    assert_eq!(
        lines(&diff),
        ["input /seed bound-tightened documentation/breaking"]
    );
}
