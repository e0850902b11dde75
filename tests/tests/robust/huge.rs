//! Documents that are small to write and large to follow.

use fal_codegen::Code;
use serde_json::{Map, Value, json};

use crate::{document, run_one};

/// Generated text beyond this, for documents of at most some hundred kilobytes, is growth without bound.
pub const MOST_TEXT: usize = 32 << 20;

fn bounded(document: &Value) -> fal_codegen::Outcome {
    let outcome = run_one(document);
    assert_eq!(outcome.summary.generated, 1);
    let written: usize = outcome.plan.files().map(|(_, text)| text.len()).sum();
    assert!(written < MOST_TEXT, "{written} bytes");
    outcome
}

fn object(properties: Map<String, Value>) -> Value {
    json!({"type": "object", "properties": properties})
}

fn reference(name: impl std::fmt::Display) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Components `C0` … each made by `make` of the reference to the next.
fn chain(length: usize, make: impl Fn(Value) -> Value) -> Value {
    let mut components: Map<String, Value> = (0..length)
        .map(|index| {
            (
                format!("C{index}"),
                make(reference(format!("C{}", index + 1))),
            )
        })
        .collect();
    components.insert(format!("C{length}"), json!({"type": "string"}));
    Value::Object(components)
}

fn input_of(schema: Value) -> Value {
    json!({"type": "object", "properties": {"start": schema}})
}

#[test]
fn ten_thousand_references_in_a_row() {
    let outcome = bounded(&document(
        "acme/chain",
        input_of(reference("C0")),
        chain(10_000, |next| next),
    ));
    assert!(
        outcome
            .diagnostics
            .iter()
            .any(|said| said.code == Code::TooDeep)
    );
}

/// Members that are options, members that are required, and required members with a union between the levels: the example in the
/// documentation of an input is not nested for each way through the document.
#[test]
fn thirty_references_at_every_level() {
    let wide = |next: &Value| -> Map<String, Value> {
        let properties = (0..30).map(|index| (format!("p{index}"), next.clone()));
        properties.collect()
    };
    let required = |next: &Value| {
        let properties = wide(next);
        let names: Vec<String> = properties.keys().cloned().collect();
        json!({"type": "object", "properties": properties, "required": names})
    };
    let union = |next: Value| {
        let numbers = json!({"type": "array", "items": {"type": "number"}});
        required(&json!({"anyOf": [next, numbers]}))
    };
    let numbers = |mut components: Value| {
        components["C12"] = json!({"type": "number"});
        components
    };
    let must_start = |mut input: Value| {
        input["required"] = json!(["start"]);
        input
    };
    for (id, input, components) in [
        (
            "acme/options",
            input_of(reference("C0")),
            chain(12, |next| object(wide(&next))),
        ),
        (
            "acme/required",
            must_start(input_of(reference("C0"))),
            chain(12, |next| required(&next)),
        ),
        (
            "acme/unions",
            must_start(input_of(reference("C0"))),
            chain(12, union),
        ),
    ] {
        bounded(&document(id, input, numbers(components)));
    }
}

#[test]
fn references_that_double_at_every_level() {
    let twice = |next: Value| json!({"type": "object", "properties": {"a": next, "b": next}});
    bounded(&document(
        "acme/plain",
        input_of(reference("C0")),
        chain(40, twice),
    ));
    let ruled = |mut next: Value| {
        next["minProperties"] = json!(1);
        next["required"] = json!(["a"]);
        json!({"type": "object", "properties": {"a": next, "b": next}})
    };
    bounded(&document(
        "acme/ruled",
        input_of(reference("C0")),
        chain(40, ruled),
    ));
}

#[test]
fn all_of_that_doubles_at_every_level() {
    let twice = |next: Value| json!({"allOf": [next, next, {"not": {}}]});
    bounded(&document(
        "acme/all",
        input_of(reference("C0")),
        chain(60, twice),
    ));
    let nested = |next: Value| {
        let both = json!({"allOf": [next, {"type": "object"}]});
        json!({"type": "object", "properties": {"a": both, "b": both}})
    };
    bounded(&document(
        "acme/nested",
        input_of(reference("C0")),
        chain(60, nested),
    ));
}

#[test]
fn unions_that_double_at_every_level() {
    let twice = |next: Value| json!({"anyOf": [next, {"type": "array", "items": next}, {"type": "integer"}]});
    bounded(&document(
        "acme/union",
        input_of(reference("C0")),
        chain(40, twice),
    ));
}

#[test]
fn components_that_contain_themselves_in_every_way() {
    let me = reference("Me");
    let ways = [
        me.clone(),
        json!({"allOf": [me]}),
        json!({"allOf": [me, me]}),
        json!({"anyOf": [me, {"type": "null"}]}),
        json!({"anyOf": [me, {"type": "string"}], "default": 5, "examples": [1]}),
        json!({"oneOf": [me, me, {"type": "array", "items": me}]}),
        json!({"type": "array", "items": me, "default": [[[]]]}),
        json!({"type": "array", "prefixItems": [me, me], "minItems": 2, "maxItems": 2}),
        json!({"type": "object", "additionalProperties": me}),
        json!({"type": "object", "properties": {"a": me, "b": me}, "required": ["a", "b"]}),
        json!({"type": "object", "properties": {"a": {"allOf": [me, {"type": "object"}]}, "b": {"allOf": [me, {"required": ["a"]}]}}}),
        json!({"type": "object", "properties": {"a": {"$ref": me["$ref"], "required": ["b"]}, "b": {"$ref": me["$ref"], "required": ["a"]}}}),
        json!({"allOf": [{"type": "object", "properties": {"a": reference("Other")}}, {"type": "object", "additionalProperties": me, "properties": {"b": me}}]}),
        json!({"allOf": [me, {"oneOf": [{"const": "a"}, {"type": "null"}, me]}]}),
        json!({"allOf": [{"anyOf": [me, {"type": "integer"}]}, {"oneOf": [me, {"const": "a"}]}, me]}),
        json!({"oneOf": [me], "discriminator": {"propertyName": "kind"}}),
        json!({"oneOf": [me, reference("Other")], "discriminator": {"propertyName": "kind"}}),
    ];
    for way in ways {
        let components = json!({"Me": way, "Other": {"type": "object", "properties": {"me": me, "kind": {"type": "string"}}}});
        bounded(&document("acme/me", input_of(me.clone()), components));
    }
}

#[test]
fn ten_thousand_values() {
    let values: Vec<String> = (0..10_000).map(|index| format!("value-{index}")).collect();
    let text = json!({"type": "string", "enum": values, "default": "value-9999"});
    bounded(&document("acme/values", input_of(text), json!({})));
}

#[test]
fn names_that_all_collide() {
    let alike = |index: u32| char::from_u32(0x2600 + index).unwrap_or('?').to_string();
    let values: Vec<String> = (0..500).map(alike).collect();
    bounded(&document(
        "acme/alike",
        input_of(json!({"enum": values})),
        json!({}),
    ));
    let properties = (0..500)
        .map(|index| (alike(index), json!({"type": "string"})))
        .collect();
    bounded(&document("acme/fields", object(properties), json!({})));
    let components: Map<String, Value> = (0..300)
        .map(|index| {
            (
                alike(index),
                json!({"type": "object", "properties": {format!("p{index}"): {}}}),
            )
        })
        .collect();
    let properties = (0..300)
        .map(|index| (format!("p{index}"), reference(alike(index))))
        .collect();
    bounded(&document(
        "acme/types",
        object(properties),
        Value::Object(components),
    ));
}

#[test]
fn five_thousand_properties() {
    let properties = (0..5_000)
        .map(|index| {
            (
                format!("property_{index}"),
                json!({"type": "integer", "default": index}),
            )
        })
        .collect();
    let outcome = bounded(&document("acme/wide", object(properties), json!({})));
    assert_eq!(outcome.summary.fields, 5_001);
}

#[test]
fn descriptions_that_are_slow_to_read() {
    let hostile = [
        "`".repeat(60_000),
        "[".repeat(60_000),
        "[a](".repeat(20_000),
        "`a``".repeat(20_000),
        "- ".repeat(40_000),
        "http://".repeat(20_000),
    ];
    for text in hostile {
        bounded(&document(
            "acme/words",
            input_of(json!({"type": "string", "description": text})),
            json!({}),
        ));
    }
}

#[test]
fn bounds_beyond_every_integer_have_examples() {
    for bound in [4.4e110, -4.4e110, f64::MAX, f64::MIN] {
        let number = json!({"type": "number", "minimum": bound, "exclusiveMaximum": bound});
        let integer = json!({"type": "integer", "exclusiveMinimum": bound, "maximum": bound, "multipleOf": 3});
        let input = json!({
            "type": "object",
            "properties": {"a": number, "b": integer},
            "required": ["a", "b"],
        });
        let outcome = run_one(&document("acme/huge", input, json!({})));
        assert_eq!(outcome.summary.generated, 1, "{bound}");
    }
}
