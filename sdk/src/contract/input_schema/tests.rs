use serde_json::{Value, json};

use super::InputSchema;

fn document(input: &Value, components: &Value) -> Value {
    json!({
        "openapi": "3.0.4",
        "paths": {"/a/b": {"post": {"requestBody": {"content": {"application/json": {
            "schema": input,
        }}}}}},
        "components": {"schemas": components},
    })
}

fn schema(input: &Value, components: &Value) -> InputSchema {
    InputSchema::from_document(&document(input, components), "a/b").unwrap()
}

fn violations(input: &Value, components: &Value, value: &Value) -> Vec<String> {
    match schema(input, components).check(value) {
        Ok(()) => Vec::new(),
        Err(error) => error.violations().iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn every_violation_is_listed_with_its_pointer() {
    let components = json!({
        "Input": {
            "type": "object",
            "required": ["prompt", "loras"],
            "additionalProperties": false,
            "properties": {
                "prompt": {"type": "string", "minLength": 2},
                "steps": {"type": "integer", "minimum": 1, "exclusiveMaximum": 9},
                "size": {"anyOf": [{"enum": ["a", "b"], "type": "string"}, {"$ref": "#/components/schemas/Size"}]},
                "mode": {"enum": ["fast", "slow"]},
                "loras": {"type": "array", "maxItems": 1, "items": {"$ref": "#/components/schemas/Lora"}},
                "a/b": {"type": "boolean"},
            },
        },
        "Size": {"type": "object", "required": ["width"], "properties": {"width": {"type": "integer", "maximum": 8}}},
        "Lora": {"type": "object", "properties": {"scale": {"type": "number", "maximum": 4}}},
    });
    let input = json!({"$ref": "#/components/schemas/Input"});
    let value = json!({
        "prompt": "a", "steps": 9, "size": {"width": 9}, "mode": "medium", "a/b": 1, "sed": 5,
        "loras": [{"scale": 5}, {}],
    });
    assert_eq!(
        violations(&input, &components, &value),
        [
            "/a~1b: 1 is not of type boolean",
            "/loras: [{\"scale\":5},{}] is more than the maximum of 1",
            "/loras/0/scale: 5 is more than the maximum 4",
            "/mode: \"medium\" is not one of \"fast\", \"slow\"",
            "/prompt: \"a\" is shorter than the minimum of 2 characters",
            "/sed is not a property that the schema declares",
            "/size/width: 9 is more than the maximum 8",
            "/steps: 9 must be less than 9",
        ]
    );
    assert_eq!(
        violations(&input, &components, &json!({"size": "c", "loras": []})),
        [
            "/prompt is required, but missing",
            "/size: \"c\" is not one of \"a\", \"b\"",
        ]
    );
    assert_eq!(
        violations(&input, &components, &json!([])),
        ["the input: [] is not of type object"]
    );
}

#[test]
fn alternatives_that_are_equally_close_are_all_named() {
    let any_of = |members: Value| json!({"properties": {"x": {"anyOf": members}}});
    let cases = [
        (
            json!([{"type": "integer"}, {"type": "null"}]),
            "/x: \"a\" is not of type integer or null",
        ),
        (
            json!([{"enum": [1]}, {"enum": [2]}]),
            "/x: \"a\" is not one of 1, 2",
        ),
        (
            json!([{"type": "string", "minLength": 2}, {"enum": ["b"]}]),
            "/x: \"a\" matches no alternative: is shorter than the minimum of 2 characters, or is not \"b\"",
        ),
    ];
    for (members, expected) in cases {
        assert_eq!(
            violations(&any_of(members), &json!({}), &json!({"x": "a"})),
            [expected]
        );
    }
}

#[test]
fn the_dialect_of_the_documents_is_understood() {
    let property = |schema: Value| json!({"type": "object", "properties": {"x": schema}});
    let cases = [
        (
            json!({"type": "string", "nullable": true}),
            json!(null),
            true,
        ),
        (json!({"type": "string", "nullable": true}), json!(1), false),
        (
            json!({"minimum": 3, "exclusiveMinimum": true}),
            json!(3),
            false,
        ),
        (
            json!({"minimum": 3, "exclusiveMinimum": false}),
            json!(3),
            true,
        ),
        (
            json!({"items": {"0": {"type": "number"}, "1": {"type": "string"}}}),
            json!([1, 2]),
            false,
        ),
        (
            json!({"items": [{"type": "number"}, {"type": "string"}]}),
            json!([1, "a"]),
            true,
        ),
        // Formats and unknown keywords check nothing, nor do malformed ones.
        (
            json!({"type": "string", "format": "uri"}),
            json!("no uri"),
            true,
        ),
        (
            json!({"type": "integer", "le": 3, "x-fal": {"max_file_size": 1}}),
            json!(9),
            true,
        ),
        (
            json!({"type": "integer", "maximum": "9", "minimum": 1}),
            json!(10),
            true,
        ),
        (
            json!({"type": "integer", "maximum": "9", "minimum": 1}),
            json!(0),
            false,
        ),
        (json!({"type": "string", "pattern": "("}), json!("a"), true),
        // Floats are multiples to nine digits, as for generated types.
        (json!({"multipleOf": 0.1}), json!(0.1 + 0.2), true),
        (json!({"multipleOf": 0.1}), json!(0.25), false),
        (json!({"multipleOf": 8}), json!(12), false),
        // References that lead nowhere.
        (json!({"$ref": "#/components/schemas/None"}), json!(1), true),
        (json!({"$ref": "#/components/schemas/Ping"}), json!(1), true),
        (
            json!({"$ref": "#/components/schemas/List[int]~1"}),
            json!(1),
            false,
        ),
    ];
    let components = json!({
        "Ping": {"$ref": "#/components/schemas/Pong"},
        "Pong": {"$ref": "#/components/schemas/Ping"},
        "List[int]/": {"type": "array"},
    });
    for (written, value, is_valid) in cases {
        let schema = schema(&property(written.clone()), &components);
        let checked = schema.check(&json!({ "x": value }));
        assert_eq!(checked.is_ok(), is_valid, "{written} {value}: {checked:?}");
    }
}

#[test]
fn the_schema_is_complete_in_itself() {
    let components = json!({
        "Input": {"type": "object", "title": "FluxInput", "x-fal-order-properties": ["tree"], "properties": {
            "tree": {"$ref": "#/components/schemas/Tree"},
            "ui": {"type": "boolean"},
        }},
        "Tree": {"properties": {"children": {"items": {"$ref": "#/components/schemas/Tree"}}}},
        "Output": {"type": "object"},
    });
    let input = json!({"allOf": [{"$ref": "#/components/schemas/Input"}], "description": "Draws."});
    assert_eq!(
        *schema(&input, &components).schema(),
        json!({
            "type": "object",
            "title": "FluxInput",
            "description": "Draws.",
            "properties": {"tree": {"$ref": "#/$defs/Tree"}, "ui": {"type": "boolean"}},
            "$defs": {"Tree": {"properties": {"children": {"items": {"$ref": "#/$defs/Tree"}}}}},
        })
    );
}

#[test]
fn documents_without_a_usable_schema_are_refused() {
    let error = InputSchema::from_document(&json!({"paths": {}}), "a/b").unwrap_err();
    assert!(error.to_string().contains("/paths/~1a~1b/post"), "{error}");
    let error = InputSchema::from_document(&document(&json!(5), &json!({})), "a/b").unwrap_err();
    assert!(error.to_string().contains("cannot be read"), "{error}");
}
