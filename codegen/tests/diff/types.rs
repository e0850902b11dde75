//! Types, unions, media.

use crate::support::{
    ID, assert_property, compare, document, inputs, lines, object, outputs, with_components,
};
use serde_json::json;

#[test]
fn another_type_always_breaks_programs_and_the_wire_where_values_no_longer_fit() {
    let (integer, number, text) = (
        json!({"type": "integer"}),
        json!({"type": "number"}),
        json!({"type": "string"}),
    );
    let changed = |way: &str, wire: &str| format!("{way} /x type-changed breaking/{wire}");
    for (old, new, sent, received) in [
        (&integer, &number, "additive", "breaking"),
        (&number, &integer, "breaking", "additive"),
        (&integer, &text, "breaking", "breaking"),
        (&text, &json!({}), "additive", "breaking"),
        (&json!({}), &text, "breaking", "additive"),
        (
            &text,
            &json!({"type": "array", "items": {"type": "string"}}),
            "breaking",
            "breaking",
        ),
    ] {
        let (sent, received) = (changed("input", sent), changed("output", received));
        assert_property(old.clone(), new.clone(), true, &[&sent], &[&received]);
    }
}

#[test]
fn integers_of_another_size_are_the_same_json() {
    let signed = json!({"type": "integer", "minimum": 0});
    let unsigned =
        json!({"type": "integer", "minimum": 0, "maximum": 18_446_744_073_709_551_000_u64});
    let expected = ["input /x type-changed breaking/none"];
    let whole = |property: &serde_json::Value| object(json!({"x": property}), &[]);
    assert_eq!(lines(&inputs(whole(&signed), whole(&unsigned))), expected);
}

#[test]
fn a_type_that_is_used_several_times_names_every_place() {
    let part = |ty: &str| json!({"Part": object(json!({"y": {"type": ty}}), &[])});
    let reference = json!({"$ref": "#/components/schemas/Part"});
    let whole = object(
        json!({
            "a": reference,
            "b": {"type": "array", "items": reference},
            "c": {"type": "object", "properties": {"d": reference}},
        }),
        &[],
    );
    let diff = with_components(
        whole.clone(),
        whole.clone(),
        part("integer"),
        part("number"),
    );
    assert_eq!(lines(&diff), ["input /a/y type-changed breaking/additive"]);
    assert_eq!(diff.changes[0].further_paths, ["/b/*/y", "/c/d/y"]);
    // What is received is judged apart from what is sent.
    let both = |ty: &str| {
        let mut part = object(json!({"y": {"type": "string"}}), &[]);
        part["properties"]["z"] = json!({"type": ty});
        document(ID, whole.clone(), whole.clone(), &json!({"Part": part}))
    };
    let diff = compare(&[both("integer")], &[both("number")]);
    assert_eq!(
        lines(&diff),
        [
            "input /a/z type-changed breaking/additive",
            "output /a/z type-changed breaking/breaking",
        ]
    );
}

#[test]
fn types_that_double_at_every_level_are_compared_in_no_time() {
    let levels = |leaf: &str| {
        let mut parts = json!({"D24": object(json!({"x": {"type": leaf}}), &[])});
        for level in 0..24 {
            let next = json!({"$ref": format!("#/components/schemas/D{}", level + 1)});
            parts[format!("D{level}")] = object(json!({"a": next, "b": next}), &[]);
        }
        parts
    };
    let whole = object(json!({"d": {"$ref": "#/components/schemas/D0"}}), &[]);
    let diff = with_components(whole.clone(), whole, levels("integer"), levels("number"));
    assert_eq!(diff.changes.len(), 1);
    assert_eq!(diff.changes[0].further_paths.len(), 99);
}

#[test]
fn forms_of_a_union() {
    let two = json!({"anyOf": [{"type": "integer"}, {"type": "string"}]});
    let three = json!({"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "boolean"}]});
    assert_property(
        two.clone(),
        three.clone(),
        false,
        &["input /x union-member-added additive/additive"],
        &["output /x union-member-added additive/breaking"],
    );
    assert_property(
        three,
        two.clone(),
        false,
        &["input /x union-member-removed breaking/breaking"],
        &["output /x union-member-removed breaking/additive"],
    );
    let turned = json!({"anyOf": [{"type": "string"}, {"type": "integer"}]});
    assert_property(two.clone(), turned.clone(), false, &[], &[]);
    let one_of = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    assert_property(two, one_of, false, &[], &[]);
}

#[test]
fn a_form_that_has_an_equal_type_keeps_it_under_another_name() {
    let many = json!({"type": "array", "items": {"type": "string"}});
    let two = json!({"anyOf": [{"type": "string"}, many]});
    let three = json!({"anyOf": [{"type": "string"}, many, {"type": "boolean"}]});
    let whole = |property: &serde_json::Value| object(json!({"x": property}), &[]);
    let found = lines(&inputs(whole(&two), whole(&three)));
    let expected = [
        "input /x variant-renamed breaking/none",
        "input /x variant-renamed breaking/none",
        "input /x union-member-added additive/additive",
    ];
    assert_eq!(found, expected, "`One` and `Many` are names of exactly two");
}

#[test]
fn a_shape_that_becomes_one_of_several_is_still_compared() {
    let size = |least: u64| json!({"Size": object(json!({"width": {"type": "integer", "minimum": least}}), &["width"])});
    let reference = json!({"$ref": "#/components/schemas/Size"});
    let choice = json!({"anyOf": [reference, {"type": "string", "enum": ["square"]}]});
    let diff = with_components(
        object(json!({"x": reference}), &[]),
        object(json!({"x": choice}), &[]),
        size(1),
        size(2),
    );
    let expected = [
        "input /x type-changed breaking/additive",
        "input /x/width bound-tightened documentation/breaking",
    ];
    assert_eq!(lines(&diff), expected);
    assert_eq!(
        diff.changes[1].pointer,
        "/components/schemas/Size/properties/width"
    );
}

#[test]
fn media_is_the_same_text_on_the_wire() {
    let text = json!({"type": "string"});
    let media = json!({"type": "string", "ui": {"field": "image"}});
    assert_property(
        text.clone(),
        media.clone(),
        false,
        &["input /x became-media breaking/none"],
        &[],
    );
    assert_property(
        media,
        text,
        false,
        &["input /x became-text breaking/none"],
        &[],
    );
}

#[test]
fn a_file_of_the_family_is_an_object_like_others() {
    let fact = |ty: &str| json!({"type": ty});
    let file = object(
        json!({"url": fact("string"), "file_size": fact("integer")}),
        &["url"],
    );
    let image = object(
        json!({"url": fact("string"), "width": fact("integer")}),
        &["url"],
    );
    assert_property(
        file.clone(),
        image.clone(),
        true,
        &["input /x type-changed breaking/additive"],
        &["output /x type-changed breaking/additive"],
    );
    assert_property(
        image,
        file.clone(),
        true,
        &["input /x type-changed breaking/additive"],
        &["output /x type-changed breaking/breaking"],
    );
    let own = object(
        json!({"url": fact("string"), "colour": fact("string")}),
        &["url"],
    );
    assert_property(
        file.clone(),
        own.clone(),
        true,
        &[
            "input /x type-changed breaking/none",
            "input /x/colour property-added additive/additive",
        ],
        &[
            "output /x type-changed breaking/none",
            "output /x/colour property-added additive/additive",
        ],
    );
    assert_property(
        own,
        file.clone(),
        true,
        &[
            "input /x type-changed breaking/none",
            "input /x/colour property-removed breaking/documentation",
        ],
        &[
            "output /x type-changed breaking/none",
            "output /x/colour property-removed breaking/breaking",
        ],
    );
    let no_url = json!({"anyOf": [{"type": "string"}, {"type": "null"}]});
    let nullable = object(
        json!({"url": no_url, "file_size": fact("integer")}),
        &["url"],
    );
    assert_property(
        file.clone(),
        nullable.clone(),
        true,
        &[
            "input /x type-changed breaking/none",
            "input /x/url became-nullable breaking/additive",
        ],
        &[
            "output /x type-changed breaking/none",
            "output /x/url became-nullable breaking/breaking",
        ],
    );
    let diff = outputs(
        object(json!({"x": file}), &["x"]),
        object(json!({"x": nullable}), &["x"]),
    );
    let (before, after) = (&diff.changes[0].before, &diff.changes[0].after);
    assert_eq!(before.as_deref(), Some("fal_sdk::File"));
    assert_eq!(after.as_deref(), Some("X"));
}

#[test]
fn lists_of_a_fixed_length_are_arrays_where_they_are_sent() {
    let list = |least: u64, most: u64| json!({"type": "array", "items": {"type": "integer"}, "minItems": least, "maxItems": most});
    assert_property(
        list(2, 2),
        list(3, 3),
        false,
        &["input /x type-changed breaking/breaking"],
        &[
            "output /x bound-tightened documentation/additive",
            "output /x bound-widened documentation/breaking",
        ],
    );
    let any = json!({"type": "array", "items": {"type": "integer"}});
    assert_property(
        list(2, 2),
        any,
        false,
        &["input /x type-changed breaking/additive"],
        &[
            "output /x bound-removed documentation/breaking",
            "output /x bound-removed documentation/breaking",
        ],
    );
}

#[test]
fn a_type_that_contains_itself_is_walked_once() {
    let node = |ty: &str| {
        let children = json!({"type": "array", "items": {"$ref": "#/components/schemas/Node"}});
        json!({"Node": object(json!({"value": {"type": ty}, "children": children}), &["value"])})
    };
    let whole = object(
        json!({"root": {"$ref": "#/components/schemas/Node"}}),
        &["root"],
    );
    let diff = with_components(whole.clone(), whole, node("integer"), node("number"));
    assert_eq!(
        lines(&diff),
        ["input /root/value type-changed breaking/additive"]
    );
}
