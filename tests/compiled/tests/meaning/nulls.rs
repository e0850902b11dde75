//! `null`, absence, and what differs between them.

use fal_compiled::nullable::endpoints::acme::nullable::{NullableInput, NullableOutput};
use fal_sdk::Nullable;
use serde_json::json;

use crate::{read, refused};

#[test]
fn absent_options_are_not_sent_and_a_required_null_is() {
    let input = NullableInput::new(None);
    assert_eq!(
        serde_json::to_value(&input).unwrap(),
        json!({"required_nullable": null})
    );
    let input = NullableInput::new("x".to_owned()).any_of_null(4);
    let expected = json!({"required_nullable": "x", "any_of_null": 4});
    assert_eq!(serde_json::to_value(&input).unwrap(), expected);
}

#[test]
fn null_differs_from_absence_where_the_default_is_another_value() {
    let sent = |input: NullableInput| {
        serde_json::to_value(input)
            .unwrap()
            .get("default_is_not_null")
            .cloned()
    };
    assert_eq!(sent(NullableInput::new(None)), None);
    assert_eq!(
        sent(NullableInput::new(None).default_is_not_null(9)),
        Some(json!(9))
    );
    assert_eq!(
        sent(NullableInput::new(None).null_default_is_not_null()),
        Some(json!(null))
    );
    let read: NullableInput = read(json!({"required_nullable": null, "default_is_not_null": null}));
    assert_eq!(read.default_is_not_null, Some(Nullable::Null));
    assert_eq!(NullableInput::DEFAULT_DEFAULT_IS_NOT_NULL, 16);
}

#[test]
fn null_reads_as_absent_in_every_spelling() {
    let all = json!({
        "any_of_null": null, "one_of_null": null, "type_list": null, "flag_3_0": null, "enum_with_null": null,
        "reference_or_null": null, "nullable_component": null, "all_of_nullable": null, "default_is_null": null,
    });
    assert_eq!(read::<NullableInput>(all), NullableInput::new(None));
}

#[test]
fn null_inside_lists_and_maps_is_kept() {
    let input: NullableInput =
        read(json!({"list_of_nullable": ["a", null], "map_of_nullable": {"x": null, "y": 2}}));
    assert_eq!(
        input.list_of_nullable,
        Some(vec![Some("a".to_owned()), None])
    );
    let expected = json!({"required_nullable": null, "list_of_nullable": ["a", null], "map_of_nullable": {"x": null, "y": 2}});
    assert_eq!(serde_json::to_value(&input).unwrap(), expected);
}

#[test]
fn a_result_without_a_nullable_member_is_not_lost() {
    let output: NullableOutput = read(json!({"list": [1.0, null], "unknown": {"a": 1}}));
    assert_eq!((output.value, output.list), (None, vec![Some(1), None]));
    assert_eq!(
        refused::<NullableOutput>(json!({"list": [1, "x"]})),
        "at /list/1: expected an integer, found the string \"x\""
    );
    assert_eq!(
        refused::<NullableOutput>(json!({})),
        "at /list: required, but missing"
    );
}
