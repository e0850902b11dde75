//! Tests that instances are valid, whatever the schema.

use serde_json::{Value, json};

use super::Schema;

fn instance(schema: Value) -> Value {
    let compiled = Schema::compile(&Value::Null, &schema);
    let made = compiled.instance("output");
    let found = compiled.violations(&made, "body");
    assert!(found.is_empty(), "{made} for {schema}: {found:?}");
    made
}

#[test]
fn numbers_keep_to_their_bounds() {
    assert_eq!(instance(json!({ "type": "integer" })), 1);
    assert_eq!(
        instance(json!({ "type": "integer", "minimum": 17, "maximum": 241 })),
        17
    );
    assert_eq!(instance(json!({ "type": "integer", "maximum": -3 })), -3);
    assert_eq!(
        instance(json!({ "type": "integer", "exclusiveMinimum": 0, "multipleOf": 8 })),
        8
    );
    assert_eq!(
        instance(json!({ "type": "integer", "minimum": 100, "multipleOf": 16 })),
        112
    );
    assert_eq!(
        instance(json!({ "type": "number", "minimum": 0, "exclusiveMaximum": 1 })),
        0
    );
    assert_eq!(
        instance(json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 })),
        0.5
    );
    assert_eq!(
        instance(json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true })),
        1
    );
}

#[test]
fn texts_and_lists_have_their_lengths() {
    assert_eq!(
        instance(json!({ "type": "string", "minLength": 9 })),
        "output..."
    );
    assert_eq!(instance(json!({ "type": "string", "maxLength": 3 })), "out");
    let list = instance(json!({ "type": "array", "minItems": 3, "items": { "enum": ["a"] } }));
    assert_eq!(list, json!(["a", "a", "a"]));
    assert_eq!(
        instance(json!({ "type": "array", "maxItems": 0, "items": {} })),
        json!([])
    );
    let pair = json!({ "type": "array", "prefixItems": [{ "type": "integer" }, { "type": "boolean" }], "minItems": 2 });
    assert_eq!(instance(pair), json!([1, false]));
    let numbered =
        json!({ "type": "array", "items": { "0": { "const": "x" }, "1": { "type": "null" } } });
    assert_eq!(instance(numbered), json!(["x", null]));
}

#[test]
fn examples_are_laid_over_and_bad_ones_left_out() {
    let schema = json!({
        "type": "object",
        "required": ["seed", "kind", "maybe"],
        "properties": {
            "seed": { "type": "integer", "examples": ["not a number", 42] },
            "kind": { "allOf": [{ "enum": ["a", "b"] }], "default": "b" },
            "maybe": { "anyOf": [{ "type": "null" }, { "type": "string", "const": "yes" }] },
            "extra": { "type": "string" },
            "shown": { "type": "string", "examples": ["here"] }
        },
        "examples": [{ "kind": "a" }]
    });
    assert_eq!(
        instance(schema),
        json!({ "seed": 42, "kind": "a", "maybe": "yes", "shown": "here" })
    );
}

#[test]
fn schemas_that_refer_to_themselves_end() {
    let document = json!({ "defs": {
        "node": { "type": "object", "required": ["value"], "properties": {
            "value": { "type": "integer" }, "next": { "$ref": "#/defs/node" } } },
        "self": { "$ref": "#/defs/self" }
    } });
    let node = Schema::compile(&document, &json!({ "$ref": "#/defs/node" }));
    assert_eq!(node.instance("x"), json!({ "value": 1 }));
    let found = node.violations(&json!({ "value": 1, "next": { "value": "no" } }), "body");
    assert_eq!(
        serde_json::to_value(&found[0].loc).unwrap(),
        json!(["body", "next", "value"])
    );
    let circle = Schema::compile(&document, &json!({ "$ref": "#/defs/self" }));
    assert!(circle.violations(&json!(1), "body").is_empty());
    assert_eq!(circle.instance("x"), Value::Null);
    let dangling = Schema::compile(&document, &json!({ "$ref": "#/defs/none" }));
    assert!(dangling.violations(&json!([]), "body").is_empty());
}

#[test]
fn combinations() {
    let check = |schema: Value, value: Value| {
        let compiled = Schema::compile(&Value::Null, &schema);
        compiled
            .violations(&value, "body")
            .iter()
            .map(|found| found.kind)
            .collect::<Vec<_>>()
    };
    let one_of = json!({ "oneOf": [{ "type": "integer" }, { "type": "number", "minimum": 0 }] });
    assert_eq!(check(one_of.clone(), json!(-5)), [""; 0]);
    assert_eq!(check(one_of.clone(), json!(5)), ["value_error"]);
    assert_eq!(
        check(one_of, json!(-0.5)),
        ["int_from_float", "greater_than_equal"]
    );
    let all_of = json!({ "allOf": [{ "minimum": 3 }, { "maximum": 1 }] });
    assert_eq!(
        check(all_of, json!(2)),
        ["greater_than_equal", "less_than_equal"]
    );
    assert_eq!(
        check(json!({ "not": { "type": "null" } }), json!(null)),
        ["value_error"]
    );
    assert_eq!(
        check(json!({ "type": "string", "nullable": true }), json!(null)),
        [""; 0]
    );
    assert_eq!(
        check(json!({ "additionalProperties": false }), json!({ "a": 1 })),
        ["extra_forbidden"]
    );
    assert_eq!(
        check(
            json!({ "additionalProperties": { "type": "integer" } }),
            json!({ "a": "b" })
        ),
        ["int_type"]
    );
    assert_eq!(
        check(json!({ "type": "string", "pattern": "^a+$" }), json!("b")),
        ["string_pattern_mismatch"]
    );
    assert_eq!(
        check(json!({ "uniqueItems": true }), json!([1, 1.0])),
        ["value_error"]
    );
    assert_eq!(check(json!({ "const": 1 }), json!(1.0)), [""; 0]);
    assert_eq!(
        check(
            json!({ "minimum": 9_007_199_254_740_993_u64 }),
            json!(9_007_199_254_740_992_u64)
        ),
        ["greater_than_equal"]
    );
}

#[test]
fn files_are_downloaded_from_urls_only() {
    let text = json!({ "type": "string" });
    let schema = json!({ "type": "object", "properties": {
        "prompt": text, "video_url": text, "image_urls": { "type": "array", "items": text }, "callback_url": text, "path": text,
        "frames": { "type": "array", "items": { "anyOf": [
            { "type": "object", "properties": { "url": text } },
            { "type": "object", "properties": { "url": text, "at": { "type": "integer" } } },
        ] } },
        "return_urls": { "type": "boolean" },
    } });
    let compiled = Schema::compile(&Value::Null, &schema);
    let failed = |value: Value| -> Vec<Value> {
        let found = compiled.failed_downloads(&value, "body");
        assert!(compiled.violations(&value, "body").is_empty());
        assert!(found.iter().all(|one| one.kind == "file_download_error"));
        found.iter().map(|one| json!(one.loc)).collect()
    };
    let good = json!({
        "prompt": "walk.mp4", "video_url": "HTTPS://files.example/walk.mp4", "image_urls": ["data:image/png;base64,AA", "http://a.example"],
        "callback_url": "later", "path": "weights.safetensors", "frames": [{ "url": "https://a.example/1" }], "return_urls": true,
    });
    assert!(failed(good).is_empty());
    let bad = json!({
        "video_url": "./walk.mp4", "image_urls": ["https://a.example/1", "", "file:///etc/hosts", "https://"],
        "frames": [{ "url": "C:\\1.png" }],
    });
    assert_eq!(
        failed(bad),
        [
            json!(["body", "frames", 0, "url"]),
            json!(["body", "image_urls", 1]),
            json!(["body", "image_urls", 2]),
            json!(["body", "image_urls", 3]),
            json!(["body", "video_url"]),
        ]
    );
}
