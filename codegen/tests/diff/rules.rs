//! Bounds, lengths, steps, patterns.

use crate::support::assert_property;
use serde_json::{Value, json};

fn assert_rule(old: Value, new: Value, kind: &str) {
    let sent = match kind {
        "bound-added" | "bound-tightened" | "rule-changed" => "documentation/breaking",
        _ => "additive/additive",
    };
    let received = match kind {
        "bound-added" | "bound-tightened" => "documentation/additive",
        _ => "documentation/breaking",
    };
    let sent = format!("input /x {kind} {sent}");
    let received = format!("output /x {kind} {received}");
    assert_property(old, new, false, &[&sent], &[&received]);
}

/// A rule that is not there, and two of which the second leaves more.
fn assert_bound(base: &Value, tight: (&str, Value), wide: Value) {
    let with = |value: Value| {
        let mut schema = base.clone();
        schema[tight.0] = value;
        schema
    };
    let (tight, wide) = (with(tight.1.clone()), with(wide));
    assert_rule(base.clone(), wide.clone(), "bound-added");
    assert_rule(wide.clone(), tight.clone(), "bound-tightened");
    assert_rule(tight.clone(), wide.clone(), "bound-widened");
    assert_rule(wide, base.clone(), "bound-removed");
    assert_property(tight.clone(), tight, false, &[], &[]);
}

#[test]
fn bounds_of_numbers() {
    for base in [json!({"type": "integer"}), json!({"type": "number"})] {
        assert_bound(&base, ("minimum", json!(4)), json!(-2));
        assert_bound(&base, ("maximum", json!(10)), json!(20));
        assert_bound(&base, ("exclusiveMinimum", json!(4)), json!(2));
        assert_bound(&base, ("exclusiveMaximum", json!(10)), json!(12));
        assert_bound(&base, ("multipleOf", json!(16)), json!(8));
    }
}

#[test]
fn lengths_of_texts_and_lists() {
    let text = json!({"type": "string"});
    assert_bound(&text, ("minLength", json!(4)), json!(2));
    assert_bound(&text, ("maxLength", json!(10)), json!(20));
    let list = json!({"type": "array", "items": {"type": "string"}});
    assert_bound(&list, ("minItems", json!(4)), json!(2));
    assert_bound(&list, ("maxItems", json!(10)), json!(20));
}

#[test]
fn counts_of_properties() {
    let objects = [
        json!({"type": "object"}),
        json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}}),
    ];
    for object in objects {
        assert_bound(&object, ("minProperties", json!(4)), json!(2));
        assert_bound(&object, ("maxProperties", json!(10)), json!(20));
    }
}

#[test]
fn rules_that_are_neither_stricter_nor_looser() {
    let text = |pattern: &str| json!({"type": "string", "pattern": pattern});
    assert_rule(text("^a"), text("^b"), "rule-changed");
    assert_rule(json!({"type": "string"}), text("^b"), "bound-added");
    assert_rule(text("^b"), json!({"type": "string"}), "bound-removed");
    let step = |step: u64| json!({"type": "integer", "multipleOf": step});
    assert_rule(step(4), step(6), "rule-changed");
    let list = json!({"type": "array", "items": {"type": "string"}});
    let mut unique = list.clone();
    unique["uniqueItems"] = json!(true);
    assert_rule(list.clone(), unique.clone(), "bound-added");
    assert_rule(unique, list, "bound-removed");
}

#[test]
fn an_exclusive_bound_leaves_less_than_an_inclusive_one() {
    let inside = json!({"type": "number", "minimum": 0});
    let outside = json!({"type": "number", "exclusiveMinimum": 0});
    assert_rule(inside.clone(), outside.clone(), "bound-tightened");
    assert_rule(outside, inside, "bound-widened");
}

#[test]
fn the_same_bound_in_other_words_is_no_change() {
    let same = [
        (
            json!({"type": "integer", "exclusiveMinimum": 0}),
            json!({"type": "integer", "minimum": 1}),
        ),
        (
            json!({"type": "number", "maximum": 1}),
            json!({"type": "number", "maximum": 1.0}),
        ),
        (
            json!({"type": "number", "minimum": 0, "exclusiveMinimum": true}),
            json!({"type": "number", "exclusiveMinimum": 0}),
        ),
        (
            json!({"type": "integer", "maximum": 9_223_372_036_854_776_000_u64}),
            json!({"type": "integer"}),
        ),
        (
            json!({"type": "string", "minLength": 0}),
            json!({"type": "string"}),
        ),
    ];
    for (a, b) in same {
        assert_property(a.clone(), b.clone(), false, &[], &[]);
        assert_property(b, a, false, &[], &[]);
    }
}

#[test]
fn the_report_says_which_rule() {
    let whole =
        |most: u64| crate::support::object(json!({"x": {"type": "integer", "maximum": most}}), &[]);
    let diff = crate::support::inputs(whole(241), whole(161));
    let change = &diff.changes[0];
    assert_eq!(change.before.as_deref(), Some("maximum 241"));
    assert_eq!(change.after.as_deref(), Some("maximum 161"));
    assert!(change.reason.contains("refuses"), "{}", change.reason);
}
