//! Which variant of a union a value becomes.

use fal_compiled::cycles::endpoints::acme::cycles::CyclesInput;
use fal_compiled::discriminator::endpoints::acme::discriminator::{
    MappedChoice, NumbersChoice, OwnValuesChoice, UnmappedChoice,
};
use fal_compiled::preset_or_custom::endpoints::acme::preset_or_custom::{
    ImageSize, PresetOrCustomInput, SizeChoice,
};
use fal_compiled::recursion::endpoints::acme::recursion::RecursionInput;
use fal_compiled::unions::endpoints::acme::unions::{
    ByMembersChoice, FileOrUrlChoice, ListOrMapChoice, MapOrObjectChoice, NumberOrTextChoice,
    ResultChoice, RuledChoice, TypesChoice, UnionsInput, UnionsOutput, WithOrWithoutMediaChoice,
};
use fal_sdk::Validate;
use serde_json::json;

use crate::{read, refused};

#[test]
fn what_knows_most_members_wins() {
    assert!(matches!(
        read(json!({"a": 1})),
        ByMembersChoice::Wide(_) | ByMembersChoice::Narrow(_)
    ));
    assert!(matches!(
        read(json!({"a": 1, "b": 2})),
        ByMembersChoice::Wide(_)
    ));
    assert!(matches!(read(json!({"z": "x"})), ByMembersChoice::Loose(_)));
    assert!(matches!(
        read(json!({"a": 1, "b": "text"})),
        ByMembersChoice::Narrow(_)
    ));
}

#[test]
fn what_keeps_its_rules_wins() {
    assert!(matches!(read(json!({"n": 3})), RuledChoice::Small(_)));
    assert!(matches!(read(json!({"n": 30})), RuledChoice::Large(_)));
}

#[test]
fn scalars_find_their_type() {
    assert_eq!(
        read::<NumberOrTextChoice>(json!(1)),
        NumberOrTextChoice::Number(1.0)
    );
    assert_eq!(
        read::<NumberOrTextChoice>(json!("1")),
        NumberOrTextChoice::Text("1".to_owned())
    );
    assert_eq!(read::<TypesChoice>(json!(true)), TypesChoice::Boolean(true));
    assert_eq!(read::<TypesChoice>(json!(2.0)), TypesChoice::Integer(2));
    assert!(matches!(read(json!([1])), ListOrMapChoice::IntegerList(_)));
    assert!(matches!(
        read(json!({"a": 1})),
        ListOrMapChoice::IntegerMap(_)
    ));
    assert!(matches!(
        read(json!({"a": 1})),
        MapOrObjectChoice::Narrow(_)
    ));
    assert!(matches!(
        read(json!({"a": "b"})),
        MapOrObjectChoice::TextMap(_)
    ));
    assert!(matches!(
        read(json!("https://example.com/a.png")),
        FileOrUrlChoice::Url(_)
    ));
    assert!(matches!(
        read(json!({"url": "https://example.com/a.png"})),
        FileOrUrlChoice::Image(_)
    ));
}

#[test]
fn a_preset_or_a_size_of_ones_own() {
    let preset = PresetOrCustomInput::new().image_size(SizeChoice::Preset("square".into()));
    assert_eq!(
        serde_json::to_value(preset).unwrap(),
        json!({"image_size": "square"})
    );
    let custom = PresetOrCustomInput::new().image_size(ImageSize::new().width(640));
    assert_eq!(
        serde_json::to_value(custom).unwrap(),
        json!({"image_size": {"width": 640}})
    );
    assert!(matches!(read(json!("panorama")), SizeChoice::Preset(_)));
    assert!(matches!(read(json!({"width": 1.0})), SizeChoice::Custom(_)));
    let neither = refused::<SizeChoice>(json!(5));
    assert_eq!(
        neither,
        "at the top level: expected one of the variants of `SizeChoice`, found `5`"
    );
}

#[test]
fn the_discriminator_decides() {
    assert!(matches!(
        read(json!({"kind": "square", "size": 2})),
        MappedChoice::Square(_)
    ));
    assert!(matches!(
        read(json!({"kind": "circle", "size": 2})),
        MappedChoice::Circle(_)
    ));
    let dog: UnmappedChoice = read(json!({"species": "Dog", "name": "Rex"}));
    assert_eq!(
        serde_json::to_value(dog).unwrap(),
        json!({"species": "Dog", "name": "Rex"})
    );
    refused::<MappedChoice>(json!({"kind": "triangle", "size": 2}));
    refused::<MappedChoice>(json!({"size": 2}));
}

#[test]
fn a_discriminator_has_the_values_that_its_members_list() {
    let solid: OwnValuesChoice = read(json!({"type": "solid", "radius": 1}));
    assert!(matches!(solid, OwnValuesChoice::Solid(_)));
    assert_eq!(
        serde_json::to_value(solid).unwrap(),
        json!({"type": "solid", "radius": 1})
    );
    assert!(matches!(
        read(json!({"type": "lines", "radius": 1})),
        OwnValuesChoice::Pattern(_)
    ));
    assert!(matches!(
        read(json!({"version": 2})),
        NumbersChoice::Second(_)
    ));
}

#[test]
fn media_that_are_not_a_url_are_kept_and_refused_later() {
    let choice = read(json!({"prompt": "a cat", "image_url": "cat.png"}));
    assert!(matches!(choice, WithOrWithoutMediaChoice::OfImage(_)));
    let input = UnionsInput::new(read::<ByMembersChoice>(json!({"a": 1})));
    let error = input.with_or_without_media(choice).validate().unwrap_err();
    let first = error.violations()[0].pointer.as_str();
    assert_eq!(first, "/with_or_without_media/image_url");
}

#[test]
fn rules_of_the_chosen_variant_are_checked() {
    let input = UnionsInput::new(read::<ByMembersChoice>(json!({"a": 1})))
        .types(TypesChoice::Text("too long".to_owned()));
    let error = input.validate().unwrap_err().to_string();
    assert_eq!(
        error,
        "/types: \"too long\" is longer than the maximum of 4 characters"
    );
}

#[test]
fn a_null_result_is_a_result() {
    assert_eq!(read::<UnionsOutput>(json!({"result": null})).result, None);
    assert!(matches!(
        read::<UnionsOutput>(json!({"result": ["a"]})).result,
        Some(ResultChoice::TextList(_))
    ));
}

#[test]
fn unions_that_contain_themselves_end() {
    let value = json!({"tree": {"label": "a"}, "either": {"not": {"not": "x"}}, "value": [1, "a", {"b": [true]}]});
    assert_eq!(
        serde_json::to_value(read::<RecursionInput>(value.clone())).unwrap()["either"],
        value["either"]
    );
    refused::<RecursionInput>(json!({"tree": {"label": "a"}, "either": {"not": 5}}));
    read::<CyclesInput>(json!({"choice": [1], "two": {"a": 1}, "itself": null}));
}

#[test]
fn a_union_takes_the_text_of_its_enum() {
    let sent = |input: PresetOrCustomInput| serde_json::to_value(input).unwrap();
    let preset = json!({"image_size": "square"});
    assert_eq!(
        sent(PresetOrCustomInput::new().image_size("square")),
        preset
    );
    let owned = String::from("square");
    assert_eq!(sent(PresetOrCustomInput::new().image_size(owned)), preset);
}

#[test]
fn the_closest_variant_says_what_is_wrong() {
    assert_eq!(
        refused::<SizeChoice>(json!({"width": "wide"})),
        "at /width: expected an integer, found the string \"wide\" \
         (read as `Custom`, the closest variant of `SizeChoice`)"
    );
    // A variant whose discriminator differs is not meant.
    assert_eq!(
        refused::<MappedChoice>(json!({"kind": "circle", "size": "large"})),
        "at /size: expected a number, found the string \"large\" \
         (read as `Circle`, the closest variant of `MappedChoice`)"
    );
}
