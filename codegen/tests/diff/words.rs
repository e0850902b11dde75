//! Defaults, descriptions, examples: what a call means, and words.

use crate::support::{assert_property, inputs, lines, object};
use serde_json::{Value, json};

fn with(keyword: &str, value: Value) -> Value {
    let mut schema = json!({"type": "integer"});
    schema[keyword] = value;
    schema
}

#[test]
fn a_default_is_an_item_of_the_code() {
    let (none, one, two) = (
        json!({"type": "integer"}),
        with("default", json!(1)),
        with("default", json!(2)),
    );
    assert_property(
        none.clone(),
        one.clone(),
        false,
        &["input /x default-added additive/documentation"],
        &["output /x default-added documentation/documentation"],
    );
    assert_property(
        one.clone(),
        two,
        false,
        &["input /x default-changed documentation/documentation"],
        &["output /x default-changed documentation/documentation"],
    );
    assert_property(
        one.clone(),
        none,
        false,
        &["input /x default-removed breaking/documentation"],
        &["output /x default-removed documentation/documentation"],
    );
    assert_property(one, with("default", json!(1.0)), false, &[], &[]);
}

#[test]
fn a_default_that_no_longer_fits_loses_its_item() {
    let whole = |most: u64| {
        object(
            json!({"x": {"type": "integer", "default": 5, "maximum": most}}),
            &[],
        )
    };
    let expected = [
        "input /x bound-tightened documentation/breaking",
        "input /x signature-changed breaking/none",
    ];
    let diff = inputs(whole(9), whole(4));
    assert_eq!(lines(&diff), expected);
    assert_eq!(
        diff.changes[1].reason,
        "`DEFAULT_X` is gone, because the schema no longer accepts the default"
    );
    let expected = [
        "input /x bound-widened additive/additive",
        "input /x signature-changed additive/none",
    ];
    assert_eq!(lines(&inputs(whole(4), whole(9))), expected);
}

#[test]
fn words_are_documentation() {
    for (keyword, before, after, kind) in [
        ("description", json!("a"), json!("b"), "description-changed"),
        ("examples", json!([1]), json!([2]), "examples-changed"),
        ("format", json!("int32"), json!("int64"), "format-changed"),
        (
            "limit_description",
            json!("few"),
            json!("many"),
            "note-changed",
        ),
        ("deprecated", json!(false), json!(true), "deprecated"),
        ("deprecated", json!(true), json!(false), "undeprecated"),
    ] {
        let sent = format!("input /x {kind} documentation/documentation");
        let received = format!("output /x {kind} documentation/documentation");
        assert_property(
            with(keyword, before),
            with(keyword, after),
            false,
            &[&sent],
            &[&received],
        );
    }
}

#[test]
fn formatting_order_and_titles_are_no_words() {
    for (keyword, before, after) in [
        ("title", json!("X"), json!("Something else")),
        ("description", json!("a b"), json!("a\n  b ")),
        ("examples", json!([1, 2]), json!([2, 1])),
        ("default", json!(null), json!(null)),
    ] {
        assert_property(with(keyword, before), with(keyword, after), false, &[], &[]);
    }
    assert_property(
        json!({"type": "integer"}),
        with("default", json!(null)),
        false,
        &[],
        &[],
    );
}

#[test]
fn the_words_of_a_type() {
    let whole = |words: &str| {
        let mut inner = object(json!({"y": {"type": "integer"}}), &[]);
        inner["description"] = json!(words);
        object(json!({"x": inner}), &[])
    };
    let diff = inputs(whole("a"), whole("b"));
    assert_eq!(
        lines(&diff),
        ["input /x description-changed documentation/documentation"]
    );
    assert_eq!(diff.changes[0].before.as_deref(), Some("a"));
}
