//! Members with one value.

use crate::support::{inputs, lines, object, outputs};
use serde_json::{Value, json};

fn whole(kind: Value, required: bool) -> Value {
    let required: &[&str] = if required { &["kind"] } else { &[] };
    object(json!({"kind": kind, "size": {"type": "integer"}}), required)
}

fn without() -> Value {
    object(json!({"size": {"type": "integer"}}), &[])
}

#[test]
fn constants_are_filled_in_so_only_the_wire_notices() {
    let (a, b) = (
        whole(json!({"const": "a"}), true),
        whole(json!({"const": "b"}), true),
    );
    assert_eq!(
        lines(&inputs(a.clone(), b)),
        ["input /kind constant-changed none/breaking"]
    );
    assert_eq!(
        lines(&inputs(without(), a.clone())),
        ["input /kind constant-added none/breaking"]
    );
    assert_eq!(
        lines(&inputs(a, without())),
        ["input /kind constant-removed none/documentation"]
    );
}

#[test]
fn constants_tell_members_of_a_received_union_apart() {
    let member = |kind: &str, field: &str| {
        object(
            json!({"kind": {"const": kind}, field: {"type": "string"}}),
            &["kind", field],
        )
    };
    let choice = |kind: &str| {
        object(
            json!({"x": {"anyOf": [member(kind, "p"), member("z", "q")]}}),
            &["x"],
        )
    };
    let diff = outputs(choice("a"), choice("b"));
    assert_eq!(
        lines(&diff),
        ["output /x/kind constant-changed none/breaking"]
    );
}

#[test]
fn a_field_becomes_a_constant_and_back() {
    let text = whole(json!({"type": "string"}), true);
    let constant = whole(json!({"const": "a"}), true);
    assert_eq!(
        lines(&inputs(text.clone(), constant.clone())),
        ["input /kind became-constant breaking/breaking"]
    );
    assert_eq!(
        lines(&inputs(constant.clone(), text)),
        ["input /kind became-variable breaking/additive"]
    );
    let option = whole(json!({"type": "string"}), false);
    assert_eq!(
        lines(&inputs(constant.clone(), option)),
        ["input /kind became-variable additive/additive"]
    );
    let single = whole(json!({"type": "string", "enum": ["a"]}), true);
    assert_eq!(
        lines(&inputs(single.clone(), constant.clone())),
        ["input /kind became-constant breaking/none"]
    );
    assert_eq!(
        lines(&inputs(constant, single)),
        ["input /kind became-variable breaking/none"]
    );
}
