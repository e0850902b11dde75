//! Properties come, go, and become required, optional, nullable.

use crate::support::{inputs, lines, object, output, outputs, prompt};
use serde_json::{Value, json};

fn pair(extra: Value, required: &[&str]) -> (Value, Value) {
    let mut properties = json!({"prompt": {"type": "string"}});
    properties["x"] = extra;
    let required: Vec<&str> = ["prompt"].iter().chain(required).copied().collect();
    (prompt(), object(properties, &required))
}

#[test]
fn an_optional_property_is_an_addition() {
    let (old, new) = pair(json!({"type": "integer"}), &[]);
    let diff = inputs(old.clone(), new.clone());
    assert_eq!(lines(&diff), ["input /x property-added additive/additive"]);
    assert_eq!(
        diff.changes[0].pointer,
        "/components/schemas/In/properties/x"
    );
    assert_eq!(diff.changes[0].after.as_deref(), Some("Option<i64>"));
    assert_eq!(
        lines(&outputs(old, new)),
        ["output /x property-added additive/additive"]
    );
}

#[test]
fn a_required_property_breaks_those_who_send_it() {
    let (old, new) = pair(json!({"type": "integer"}), &["x"]);
    assert_eq!(
        lines(&inputs(old.clone(), new.clone())),
        ["input /x required-property-added breaking/breaking"]
    );
    assert_eq!(
        lines(&outputs(old, new)),
        ["output /x required-property-added additive/additive"]
    );
}

#[test]
fn a_removed_property_breaks_programs_and_those_who_read_it() {
    let (new, old) = pair(json!({"type": "integer"}), &[]);
    let diff = inputs(old.clone(), new.clone());
    assert_eq!(
        lines(&diff),
        ["input /x property-removed breaking/documentation"]
    );
    assert_eq!(
        diff.changes[0].pointer, "/components/schemas/In/properties/x",
        "in the old document"
    );
    assert_eq!(
        lines(&outputs(old, new)),
        ["output /x property-removed breaking/breaking"]
    );
}

#[test]
fn becoming_required_and_optional_mirror_each_other() {
    let (_, optional) = pair(json!({"type": "integer"}), &[]);
    let (_, required) = pair(json!({"type": "integer"}), &["x"]);
    assert_eq!(
        lines(&inputs(optional.clone(), required.clone())),
        ["input /x became-required breaking/breaking"]
    );
    assert_eq!(
        lines(&outputs(optional.clone(), required.clone())),
        ["output /x became-required breaking/additive"]
    );
    assert_eq!(
        lines(&inputs(required.clone(), optional.clone())),
        ["input /x became-optional breaking/additive"]
    );
    assert_eq!(
        lines(&outputs(required, optional)),
        ["output /x became-optional breaking/breaking"]
    );
}

#[test]
fn null_matters_where_it_is_a_value_of_its_own() {
    let plain = json!({"type": "integer"});
    let nullable = json!({"anyOf": [{"type": "integer"}, {"type": "null"}]});
    let (_, old) = pair(plain.clone(), &["x"]);
    let (_, new) = pair(nullable.clone(), &["x"]);
    assert_eq!(
        lines(&inputs(old.clone(), new.clone())),
        ["input /x became-nullable breaking/additive"]
    );
    assert_eq!(
        lines(&outputs(old.clone(), new.clone())),
        ["output /x became-nullable breaking/breaking"]
    );
    assert_eq!(
        lines(&inputs(new.clone(), old.clone())),
        ["input /x became-non-nullable breaking/breaking"]
    );
    assert_eq!(
        lines(&outputs(new, old)),
        ["output /x became-non-nullable breaking/additive"]
    );
    let (_, old) = pair(plain, &[]);
    let (_, new) = pair(nullable, &[]);
    assert_eq!(
        lines(&inputs(old.clone(), new.clone())),
        [""; 0],
        "`null` says the same as leaving out"
    );
    assert_eq!(lines(&outputs(old, new)), [""; 0], "both are `None`");
}

#[test]
fn beside_a_default_null_differs_from_leaving_out() {
    let (_, old) = pair(json!({"type": "integer", "default": 5}), &[]);
    let (_, new) = pair(
        json!({"anyOf": [{"type": "integer"}, {"type": "null"}], "default": 5}),
        &[],
    );
    assert_eq!(
        lines(&inputs(old.clone(), new.clone())),
        ["input /x became-nullable breaking/additive"]
    );
    assert_eq!(
        lines(&inputs(new.clone(), old)),
        ["input /x became-non-nullable breaking/breaking"]
    );
    let (_, no_default) = pair(
        json!({"anyOf": [{"type": "integer"}, {"type": "null"}], "default": null}),
        &[],
    );
    let expected = [
        "input /x became-nullable breaking/none",
        "input /x default-added additive/documentation",
    ];
    assert_eq!(lines(&inputs(no_default.clone(), new.clone())), expected);
    let expected = [
        "input /x became-non-nullable breaking/none",
        "input /x default-removed breaking/documentation",
    ];
    assert_eq!(lines(&inputs(new, no_default)), expected);
}

#[test]
fn items_and_values_are_followed() {
    let (_, old) = pair(
        json!({"type": "array", "items": {"type": "integer", "minimum": 1}}),
        &[],
    );
    let (_, new) = pair(
        json!({"type": "array", "items": {"type": "integer", "minimum": 2}}),
        &[],
    );
    assert_eq!(
        lines(&inputs(old, new)),
        ["input /x/* bound-tightened documentation/breaking"]
    );
    let (_, old) = pair(
        json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        &[],
    );
    let (_, new) = pair(
        json!({"type": "object", "additionalProperties": {"type": "number"}}),
        &[],
    );
    assert_eq!(
        lines(&inputs(old, new)),
        ["input /x/* type-changed breaking/additive"]
    );
}

#[test]
fn members_that_are_not_declared_can_be_spoken_of() {
    let mut open = prompt();
    open["additionalProperties"] = json!(true);
    assert_eq!(
        lines(&inputs(prompt(), open.clone())),
        ["input /* extra-members-added additive/additive"]
    );
    assert_eq!(
        lines(&inputs(open, prompt())),
        ["input /* extra-members-removed breaking/documentation"]
    );
    let mut open = output();
    open["additionalProperties"] = json!({"type": "integer"});
    assert_eq!(
        lines(&outputs(output(), open.clone())),
        ["output /* extra-members-added additive/additive"]
    );
    assert_eq!(
        lines(&outputs(open, output())),
        ["output /* extra-members-removed breaking/breaking"]
    );
}

#[test]
fn undeclared_members_that_are_forbidden_break_requests() {
    let closed = |mut object: Value| {
        object["additionalProperties"] = json!(false);
        object
    };
    assert_eq!(
        lines(&inputs(prompt(), closed(prompt()))),
        ["input - undeclared-members-forbidden documentation/breaking"]
    );
    assert_eq!(
        lines(&inputs(closed(prompt()), prompt())),
        ["input - undeclared-members-allowed documentation/additive"]
    );
    assert_eq!(
        lines(&outputs(output(), closed(output()))),
        ["output - undeclared-members-forbidden documentation/additive"]
    );
    let mut open = prompt();
    open["additionalProperties"] = json!(true);
    assert_eq!(
        lines(&inputs(open, closed(prompt()))),
        ["input /* extra-members-removed breaking/breaking"]
    );
    let (_, whole) = pair(json!({"type": "integer"}), &[]);
    assert_eq!(
        lines(&inputs(closed(whole.clone()), closed(prompt()))),
        ["input /x property-removed breaking/breaking"]
    );
    // Without its declaration the member is held to the type of all others.
    let texts = |mut object: Value| {
        object["additionalProperties"] = json!({"type": "string"});
        object
    };
    assert_eq!(
        lines(&inputs(texts(whole), texts(prompt()))),
        ["input /x property-removed breaking/breaking"]
    );
}

#[test]
fn what_is_merged_from_elsewhere_is_pointed_at_where_it_stands() {
    let half = |ty: &str| object(json!({"x": {"type": ty}}), &[]);
    let whole = |ty: &str| json!({"allOf": [prompt(), half(ty)]});
    let diff = inputs(whole("integer"), whole("number"));
    assert_eq!(lines(&diff), ["input /x type-changed breaking/additive"]);
    assert_eq!(
        diff.changes[0].pointer,
        "/components/schemas/In/allOf/1/properties/x"
    );
}
