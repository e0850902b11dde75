//! Inputs that are no plain objects: each knows its endpoint, and is sent as what it is.

use fal_compiled::roots::endpoints::acme::roots::{
    base_and_members::BaseAndMembersInput,
    choice::ChoiceInput,
    constant::ConstantInput,
    list::{Base, ListInput},
    map::MapInput,
    media::MediaInput,
    members_beside_union::MembersBesideUnionInput,
    nullable::NullableOutput,
    number::NumberInput,
    reference_and_members::ReferenceAndMembersInput,
    sizes::SizesInput,
    text::TextInput,
    tuple::TupleInput,
    union::{Git, UnionInput},
};
use fal_sdk::{Input, Validate};
use serde_json::{Value, json};

use crate::read;

fn sent<I: Input>(input: I) -> (&'static str, Value) {
    (I::ENDPOINT, serde_json::to_value(input).unwrap())
}

#[test]
fn every_root_is_an_input() {
    let git = UnionInput::from(Git::new("g"));
    assert_eq!(sent(git), ("acme/roots/union", json!({"git": "g"})));
    assert_eq!(
        sent(ChoiceInput::Fast),
        ("acme/roots/choice", json!("fast"))
    );
    assert_eq!(
        sent(ConstantInput::Go),
        ("acme/roots/constant", json!("go"))
    );
    let size = read::<SizesInput>(json!(512));
    assert_eq!(sent(size), ("acme/roots/sizes", json!(512)));
    let list = ListInput::from(vec![Base::new("a")]);
    assert_eq!(sent(list), ("acme/roots/list", json!([{"name": "a"}])));
    let tuple = TupleInput::from(("a".to_owned(), 0.5));
    assert_eq!(sent(tuple), ("acme/roots/tuple", json!(["a", 0.5])));
    assert_eq!(
        sent(TextInput::from("abc")),
        ("acme/roots/text", json!("abc"))
    );
    assert_eq!(sent(NumberInput::from(3)), ("acme/roots/number", json!(3)));
    let map = read::<MapInput>(json!({"a": 1.5}));
    assert_eq!(sent(map), ("acme/roots/map", json!({"a": 1.5})));
}

#[test]
fn the_rules_of_a_root_are_checked() {
    assert!(TextInput::from("a").validate().is_err());
    assert!(TextInput::from("ab").validate().is_ok());
    assert!(NumberInput::from(1).validate().is_err());
    assert!(ListInput::from(Vec::new()).validate().is_err());
}

#[test]
fn the_media_of_a_root_are_found() {
    let mut urls = Vec::new();
    let mut media = MediaInput::from("https://example.com/a.png");
    Input::for_each_media(&mut media, &mut |media| urls.push(media.clone()));
    let mut git = UnionInput::from(Git::new("g").image_url("https://example.com/b.png"));
    Input::for_each_media(&mut git, &mut |media| urls.push(media.clone()));
    assert_eq!(
        serde_json::to_value(urls).unwrap(),
        json!(["https://example.com/a.png", "https://example.com/b.png"])
    );
}

#[test]
fn members_beside_the_root_are_kept() {
    let base = BaseAndMembersInput::new("b", "n");
    assert_eq!(sent(base).1, json!({"name": "n", "b": "b"}));
    let reference = ReferenceAndMembersInput::new("b", "n");
    assert_eq!(sent(reference).1, json!({"name": "n", "b": "b"}));
    let value = json!({"name": "n", "git": "g"});
    assert_eq!(
        sent(read::<MembersBesideUnionInput>(value.clone())).1,
        value
    );
}

#[test]
fn a_result_that_may_be_null_is_read() {
    assert_eq!(read::<NullableOutput>(json!(null)), None);
    let output = read::<NullableOutput>(json!({"text": "t"}));
    assert_eq!(output.map(|output| output.text).as_deref(), Some("t"));
}
