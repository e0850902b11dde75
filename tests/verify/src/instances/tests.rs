use serde_json::{Value, json};

use super::{Instance, Instances, instances};
use crate::root_schema::RootSchema;

fn all(schema: Value) -> Vec<Instance> {
    let node = json!({ "type": "object", "properties": {
        "name": { "type": "string" },
        "child": { "anyOf": [{ "$ref": "#/components/schemas/Node" }, { "type": "null" }] },
    } });
    let root = json!({ "subject": schema, "components": { "schemas": { "Node": node } } });
    instances(&RootSchema { root }, 7).all
}

#[test]
fn each_place_is_tried_inside_a_small_value() {
    let schema = json!({
        "type": "object",
        "properties": {
            "prompt": { "type": "string", "maxLength": 9 },
            "size": { "anyOf": [{ "enum": ["small", "large"] }, { "$ref": "#/components/schemas/Node" }] },
        },
        "required": ["prompt"],
    });
    let instances = all(schema.clone());
    for expected in [
        json!({}),
        json!({ "prompt": "prompt" }),
        json!({ "prompt": "promptééé" }),
        json!({ "prompt": "promptéééé" }),
        json!({ "prompt": "prompt", "size": "large" }),
        json!({ "prompt": "prompt", "size": "not-a-listed-value" }),
        json!({ "prompt": "prompt", "size": { "name": "name" } }),
        json!({ "prompt": "prompt", "size": null }),
    ] {
        let mut values = instances.iter().map(|instance| &instance.value);
        assert!(values.any(|value| *value == expected), "{expected}");
    }
    let nested = instances.iter().find(|it| it.pointer == "/size/name");
    assert!(nested.is_some_and(|it| it.value["size"].get("name").is_some()));
    assert_eq!(
        instances,
        all(schema),
        "the same seed makes the same values"
    );
}

#[test]
fn a_recursive_schema_comes_to_an_end() {
    let instances = all(json!({ "$ref": "#/components/schemas/Node" }));
    let once = json!({ "name": "name", "child": null });
    assert!(instances.iter().any(|instance| instance.value == once));
    assert!(instances.len() < 100, "{}", instances.len());
}

#[test]
fn items_that_must_differ_do() {
    let list = json!({ "type": "array", "uniqueItems": true, "minItems": 2, "items": { "enum": ["a", "b"] } });
    let instances = all(list);
    for expected in [json!(["a", "b"]), json!(["a", "a"])] {
        assert!(instances.iter().any(|instance| instance.value == expected));
    }
}

/// `D0` … with two references each to the next one.
fn doubling(levels: usize, keywords: &Value) -> Instances {
    let mut components = serde_json::Map::new();
    for level in 0..levels {
        let next = json!({ "$ref": format!("#/components/schemas/D{}", level + 1) });
        let mut schema = keywords.clone();
        schema["properties"] = json!({ "left": next, "right": next });
        components.insert(format!("D{level}"), schema);
    }
    components.insert(
        format!("D{levels}"),
        json!({ "type": "integer", "maximum": 9 }),
    );
    let root = json!({
        "subject": { "$ref": "#/components/schemas/D0" },
        "components": { "schemas": components },
    });
    instances(&RootSchema { root }, 7)
}

#[test]
fn shared_references_do_not_double_the_work() {
    let optional = doubling(15, &json!({ "type": "object" }));
    let count = optional.all.len();
    assert!(count < 20_000, "{count}");
    let deepest = "/left".repeat(15);
    let has = |value: &Value, pointer: &str| value.pointer(pointer) == Some(&json!(10));
    assert!(optional.all.iter().any(|it| has(&it.value, &deepest)));
    let right = "/right".to_owned() + &"/left".repeat(14);
    assert!(
        optional
            .all
            .iter()
            .any(|it| it.value.pointer(&right).is_some())
    );
    let required = json!({ "type": "object", "required": ["left", "right"] });
    assert!(!doubling(5, &required).is_cut);
    let cut = doubling(40, &required);
    assert!(cut.is_cut && !cut.all.is_empty());
}
