//! Members that stand beside alternatives, and alternatives that stand beside each other: nothing of them is lost.

use fal_compiled::alternatives::endpoints::acme::alternatives::{
    AlternativesInput, AlternativesOutput, Item, Node,
};
use fal_compiled::files::endpoints::acme::files::Lost;
use fal_sdk::Decode;
use serde_json::{Value, json};

use crate::read;

/// Reads a value as the type, writes it, and expects what was there.
#[track_caller]
fn assert_kept<T: Decode + fal_sdk::wire::serde::Serialize>(value: Value) {
    let written = serde_json::to_value(read::<T>(value.clone())).unwrap();
    assert_eq!(written, value);
}

#[test]
fn members_beside_alternatives_are_kept() {
    let git = json!({"name": "n", "git": "g"});
    for field in [
        "one_of",
        "any_of",
        "base_and_one_of",
        "base_and_one_of_inside",
        "choice_in_choice",
        "nullable",
    ] {
        assert_kept::<AlternativesInput>(json!({field: git}));
    }
    let tar = json!({"name": "n", "tar": "t"});
    for field in ["choice_in_choice", "reference_with_members"] {
        assert_kept::<AlternativesInput>(json!({field: tar}));
    }
    assert_kept::<AlternativesInput>(json!({"in_items": [git], "in_values": {"a": git}}));
    assert_kept::<AlternativesInput>(json!({"constant": {"via": "web", "zip": "z"}}));
    assert_kept::<AlternativesInput>(json!({"additional_texts": {"git": "g", "more": "m"}}));
    assert_kept::<AlternativesInput>(json!({"additional_any": {"git": "g", "more": [1]}}));
    assert_kept::<AlternativesOutput>(json!({"result": git}));
}

#[test]
fn members_beside_a_discriminator_are_kept() {
    let cat = json!({"kind": "Cat", "name": "n", "claws": 18});
    assert_kept::<AlternativesInput>(json!({"discriminated": cat}));
    for kind in ["lion", "tiger"] {
        let cat = json!({"kind": kind, "claws": 18});
        assert_kept::<AlternativesInput>(json!({"discriminated_twice": cat}));
    }
}

#[test]
fn both_of_two_choices_are_made() {
    let both = json!({"git": "g", "speed": 3});
    assert_kept::<AlternativesInput>(json!({"two_choices": both, "two_choices_inside": both}));
    assert_kept::<AlternativesInput>(json!({"two_references": {"x": {"l": "l", "r": "r"}}}));
}

#[test]
fn members_beside_a_reference_into_itself_are_kept_at_every_level() {
    assert_kept::<Item>(json!({"next": {"note": "a", "next": {"note": "b"}}}));
    let leaf = json!({"name": "leaf", "value": "v"});
    assert_kept::<Node>(json!({"name": "branch", "children": [leaf]}));
}

#[test]
fn types_beside_alternatives_are_alternatives() {
    for value in [
        json!("a"),
        json!(0.5),
        json!(true),
        json!(["a"]),
        json!([0.5]),
        json!([true]),
    ] {
        assert_kept::<AlternativesInput>(json!({"types_and_items": value}));
    }
    assert_kept::<AlternativesInput>(json!({"types_and_rules": ""}));
    assert_kept::<AlternativesInput>(json!({"types_and_rules": -1.5}));
}

#[test]
fn a_file_whose_url_may_be_null_is_read_without_one() {
    assert_eq!(read::<Lost>(json!({"url": null})).url, None);
    let url = read::<Lost>(json!({"url": "https://example.com/a.png", "file_size": 3})).url;
    assert_eq!(url.as_deref(), Some("https://example.com/a.png"));
}
