//! Enums: their values, and which others they take.

use serde_json::json;

use crate::support::assert_property;

#[test]
fn values_of_an_enum() {
    let small = json!({"type": "string", "enum": ["a", "b"]});
    let large = json!({"type": "string", "enum": ["a", "b", "c"]});
    assert_property(
        small.clone(),
        large.clone(),
        false,
        &["input /x enum-value-added additive/additive"],
        &["output /x enum-value-added additive/additive"],
    );
    assert_property(
        large,
        small.clone(),
        false,
        &["input /x enum-value-removed breaking/breaking"],
        &["output /x enum-value-removed breaking/additive"],
    );
    let turned = json!({"type": "string", "enum": ["b", "a"]});
    assert_property(
        small.clone(),
        turned,
        false,
        &["input /x enum-reordered documentation/none"],
        &["output /x enum-reordered documentation/none"],
    );
    let numbers = json!({"type": "integer", "enum": [1, 2]});
    assert_property(
        small,
        numbers.clone(),
        false,
        &["input /x type-changed breaking/breaking"],
        &["output /x type-changed breaking/breaking"],
    );
    assert_property(
        numbers,
        json!({"type": "integer", "enum": [1.0, 2]}),
        false,
        &[],
        &[],
    );
}

#[test]
fn an_enum_opens_and_closes() {
    let listed = json!({"type": "string", "enum": ["a", "b"]});
    let text = json!({"type": "string"});
    assert_property(
        listed.clone(),
        text.clone(),
        false,
        &["input /x type-changed breaking/additive"],
        &["output /x type-changed breaking/breaking"],
    );
    assert_property(
        text,
        listed,
        false,
        &["input /x type-changed breaking/breaking"],
        &["output /x type-changed breaking/additive"],
    );
}

#[test]
fn an_enum_beside_a_plain_text_is_open() {
    let listed = json!({"type": "string", "enum": ["a", "b"]});
    let open = json!({"anyOf": [listed, {"type": "string"}]});
    assert_property(
        listed.clone(),
        open.clone(),
        false,
        &["input /x enum-opened documentation/additive"],
        &["output /x enum-opened documentation/additive"],
    );
    assert_property(
        open,
        listed,
        false,
        &["input /x enum-closed documentation/breaking"],
        &["output /x enum-closed documentation/additive"],
    );
}

#[test]
fn a_new_value_that_takes_anothers_name_renames_its_variant() {
    let old = json!({"type": "string", "enum": ["Hope "]});
    let new = json!({"type": "string", "enum": ["Hope", "Hope "]});
    assert_property(
        old,
        new,
        false,
        &[
            "input /x variant-renamed breaking/none",
            "input /x enum-value-added additive/additive",
        ],
        &[
            "output /x variant-renamed breaking/none",
            "output /x enum-value-added additive/additive",
        ],
    );
}
