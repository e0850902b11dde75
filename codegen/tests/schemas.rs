//! The JSON Schemas of generated types: what the document says, in the words of the types.

use fal_codegen::{Options, Runtime, Source, generate};
use serde_json::{Map, Value, json};

/// The schemas of a module with these components, `In` being the input and `Out` the output.
fn schemas(components: &Value) -> Map<String, Value> {
    let body = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
    let document = json!({
        "info": {"x-fal-metadata": {"endpointId": "acme/model"}},
        "paths": {
            "/acme/model": {"post": {"requestBody": body("In")}},
            "/acme/model/requests/{request_id}": {"get": {"responses": {"200": body("Out")}}},
        },
        "components": {"schemas": components},
    });
    let options = Options {
        runtime: Runtime::Extern("fal_sdk".to_owned()),
        schemars: true,
        ..Options::default()
    };
    let outcome = generate(&[Source::new("model.json", document.to_string())], &options);
    let text = outcome
        .plan
        .get("endpoints/acme/model.schema.json")
        .expect("a file of schemas");
    serde_json::from_str(text).expect("JSON")
}

/// The schemas of a model whose input has one property, `field`.
fn with_field(field: Value, required: bool) -> Map<String, Value> {
    let required = if required {
        json!(["field"])
    } else {
        json!([])
    };
    schemas(&json!({
        "In": {"type": "object", "properties": {"field": field}, "required": required},
        "Out": {"type": "object", "properties": {"done": {"type": "boolean"}}},
        "Size": {"type": "object", "properties": {"width": {"type": "integer"}}},
    }))
}

#[track_caller]
fn is_written(field: Value, expected: Value) {
    let schemas = with_field(field.clone(), false);
    assert_eq!(
        schemas["ModelInput"]["properties"]["field"], expected,
        "{field}"
    );
}

#[track_caller]
fn stays(field: Value) {
    is_written(field.clone(), field);
}

#[test]
fn constraints_are_those_of_the_document() {
    stays(json!({"type": "integer", "minimum": 17, "maximum": 241}));
    stays(json!({"type": "integer", "exclusiveMinimum": 0, "maximum": 9.5}));
    stays(
        json!({"type": "integer", "minimum": -9223372036854776000_f64, "maximum": 9223372036854776000_u64}),
    );
    stays(json!({"type": "integer", "minimum": 0, "maximum": 18446744073709551615_u64}));
    stays(json!({"type": "integer", "multipleOf": 0.5, "maximum": 1e20}));
    stays(json!({"type": "number", "exclusiveMaximum": 1, "multipleOf": 0.1}));
    stays(json!({"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^(?!no).*$"}));
    stays(
        json!({"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 9, "uniqueItems": true}),
    );
    stays(
        json!({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1, "maxProperties": 4}),
    );
    is_written(
        json!({"type": "number", "minimum": 0, "exclusiveMinimum": true}),
        json!({"type": "number", "exclusiveMinimum": 0}),
    );
}

#[test]
fn words_defaults_and_examples_stand_at_the_field() {
    stays(json!({
        "type": "string", "description": "What to draw.", "default": "fox", "examples": ["owl"], "format": "uuid4",
        "deprecated": true,
    }));
    let schemas = with_field(
        json!({"type": "string", "enum": ["a", "b"], "description": "Which."}),
        false,
    );
    let field = &schemas["ModelInput"]["properties"]["field"];
    assert_eq!(*field, json!({"$ref": "Field", "description": "Which."}));
    assert_eq!(
        schemas["Field"],
        json!({"type": "string", "enum": ["a", "b"]})
    );
}

#[test]
fn null_is_allowed_where_the_document_allows_it() {
    stays(json!({"type": ["integer", "null"], "minimum": 1}));
    is_written(
        json!({"anyOf": [{"type": "string"}, {"type": "null"}], "default": "x"}),
        json!({"type": ["string", "null"], "default": "x"}),
    );
    is_written(
        json!({"anyOf": [{"$ref": "#/components/schemas/Size"}, {"type": "null"}]}),
        json!({"anyOf": [{"$ref": "Size"}, {"type": "null"}]}),
    );
    stays(json!({"type": "array", "items": {"type": ["number", "null"]}}));
    let schemas = with_field(json!({"type": "string", "nullable": true}), true);
    let input = &schemas["ModelInput"];
    assert_eq!(
        input["properties"]["field"],
        json!({"type": ["string", "null"]})
    );
    assert_eq!(input["required"], json!(["field"]));
}

#[test]
fn lists_of_fixed_length_and_tuples() {
    stays(json!({"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4}));
    is_written(
        json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}], "minItems": 2, "items": false}),
        json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}], "minItems": 2, "maxItems": 2}),
    );
}

#[test]
fn what_is_open_and_what_is_closed() {
    let open = json!({"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string"}]});
    let schemas = with_field(open, false);
    assert_eq!(
        schemas["Field"],
        json!({"anyOf": [{"enum": ["a"]}, {"type": "string"}]})
    );
    let object = |additional: Value| {
        let properties = json!({"name": {"type": "string"}});
        json!({"type": "object", "properties": properties, "additionalProperties": additional})
    };
    for additional in [
        json!(false),
        json!(true),
        json!({"type": "integer", "minimum": 0}),
    ] {
        let schemas = with_field(object(additional.clone()), false);
        assert_eq!(schemas["Field"], object(additional));
    }
    let counted =
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "minProperties": 1});
    assert_eq!(with_field(counted.clone(), false)["Field"], counted);
}

#[test]
fn unions_and_what_tells_their_members_apart() {
    let member = |kind: &str| json!({"type": "object", "properties": {"kind": {"const": kind}, kind: {"type": "integer"}}, "required": ["kind"]});
    let schemas = schemas(&json!({
        "In": {"type": "object", "properties": {"tool": {"anyOf": [
            {"$ref": "#/components/schemas/Brush"}, {"$ref": "#/components/schemas/Pen"},
        ]}}},
        "Out": {"type": "object", "properties": {"image": {"$ref": "#/components/schemas/File"}}},
        "Brush": member("brush"),
        "Pen": member("pen"),
        "File": {"type": "object", "required": ["url"], "properties": {
            "url": {"type": "string"}, "width": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        }},
    }));
    assert_eq!(
        schemas["ToolChoice"],
        json!({"anyOf": [{"$ref": "Brush"}, {"$ref": "Pen"}]})
    );
    assert_eq!(schemas["Brush"], member("brush"));
    let file = &schemas["ModelOutput"]["properties"]["image"];
    assert_eq!(file["required"], json!(["url"]));
    assert_eq!(
        file["properties"]["width"],
        json!({"type": ["integer", "null"]})
    );
}
