//! Each rule, with the place and the words of its violation.

use fal_compiled::bounds::endpoints::acme::bounds::BoundsInput;
use fal_compiled::lists::endpoints::acme::lists::{Layer, ListsInput};
use fal_compiled::maps::endpoints::acme::maps::MapsInput;
use fal_compiled::nullable::endpoints::acme::nullable::NullableInput;
use fal_compiled::recursion::endpoints::acme::recursion::RecursionInput;
use fal_compiled::required_values::endpoints::acme::required_values::{Region, Scene};
use fal_compiled::text_rules::endpoints::acme::text_rules::{Listed, TextRulesInput};
use fal_compiled::tuples::endpoints::acme::tuples::TuplesInput;
use fal_sdk::Validate;
use fal_sdk::endpoint::{Input, Media};
use serde_json::json;

use crate::read;

/// Every violation on a line of its own.
fn violations(input: &impl Validate) -> String {
    let error = input.validate().expect_err("violations");
    let lines: Vec<String> = error.violations().iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn numbers() {
    let input: BoundsInput = read(json!({
        "range": 16, "at_least": 0, "at_most": 10, "exclusive": 0, "exclusive_3_0": 1, "not_exclusive_3_0": -1, "both": 2,
        "exclusive_integer": 10, "fractional_integer": 10, "written_as_float": 5, "seed": -1, "step": 65, "fraction_step": 0.15,
        "impossible": 3, "list": [0.5, 1.5, -1], "union": 9,
    }));
    insta::assert_snapshot!(violations(&input));
}

#[test]
fn numbers_at_their_bounds_are_fine() {
    let input: BoundsInput = read(json!({
        "range": 17.0, "at_least": 1, "at_most": 9, "exclusive": 0.5, "exclusive_3_0": 0.5, "both": 2.1, "exclusive_integer": 1,
        "javascript_i64": i64::MIN, "unsigned": u64::MAX, "javascript_u64": u64::MAX, "beyond_u64": 1e30, "seed": 4_294_967_295_i64,
        "step": 72, "fraction_step": 0.3, "zero_step": 5, "documented_only": 99, "list": [], "union": "auto",
    }));
    assert_eq!(input.validate(), Ok(()));
}

#[test]
fn texts() {
    let input: TextRulesInput = read(json!({
        "length": "ä", "exact": "four", "not_empty": "", "pattern": "EN", "link": "", "words": ["fine", "", "much too long for it"],
        "languages": {"de": "Deutsch"}, "maybe": "abc", "float_length": "12345",
    }));
    insta::assert_snapshot!(violations(&input));
}

#[test]
fn rules_without_an_engine_are_left_to_the_server() {
    let input: TextRulesInput = read(
        json!({"length": "äöü", "unsupported": "no", "broken": "[", "zero": "", "further": "x"}),
    );
    assert_eq!(input.validate(), Ok(()));
}

#[test]
fn places_of_tuples() {
    let input: TuplesInput = read(json!({
        "prefix_items": ["a", -1], "nullable_place": [null, {"x": -1, "y": 0}],
        "regions": [["ab", [1]], ["a", [10]], ["ab", []]], "image_urls": [["https://example.com/a.png", {"x": -1, "y": 0}]],
        "either_url": ["https://example.com/a.png", -0.5], "points": [{"x": -2, "y": 0}, true], "named": {"one": ["A", 1]},
    }));
    insta::assert_snapshot!(violations(&input));
}

#[test]
fn media_in_tuples_is_visited() {
    let mut input: TuplesInput = read(json!({
        "prefix_items": ["a", 1], "image_urls": [["one", {"x": 1, "y": 0}], ["two", {"x": 1, "y": 0}]],
        "mask_urls": ["three", [0.5, "four"]], "either_url": ["five", 1],
    }));
    let mut urls = Vec::new();
    input.for_each_media(&mut |media: &mut Media| urls.extend(media.as_url().map(str::to_owned)));
    assert_eq!(urls, ["one", "two", "three", "four", "five"]);
}

#[test]
fn lists() {
    let input: ListsInput = read(json!({
        "counted": [], "of_objects": [{"opacity": 2}, {"names": ["a", "a"]}, {}], "unique": [1, 2, 1], "of_lists": [[1, -1], [1]],
        "of_fixed": [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], "of_optional": [null, 0], "deep": [[[10], [1, 2]], [], []],
        "one_or_many_objects": [{"opacity": -1}], "of_maps": [{"a": -1}],
    }));
    insta::assert_snapshot!(violations(&input));
}

#[test]
fn lists_that_keep_their_rules() {
    let input = ListsInput::new(["a"], [Layer::new().opacity(1.0)])
        .of_lists([vec![0.0, 1.0]])
        .unique([1, 2]);
    assert_eq!(input.validate(), Ok(()));
}

#[test]
fn properties_are_counted() {
    let maps: MapsInput = read(json!({
        "typed": {}, "at_least_one": {}, "at_most_two": {"a": 1, "b": 2, "c": 3}, "counted_and_null": {"a": 1},
        "counted_items": [{"a": 1}, {"a": 1, "b": 2}], "counted_declared": {},
    }));
    let expected = "/at_least_one: \"0 properties\" is fewer than the minimum of 1\n\
        /at_most_two: \"3 properties\" is more than the maximum of 2\n\
        /counted_and_null: \"1 properties\" is fewer than the minimum of 2\n\
        /counted_items/1: \"2 properties\" is more than the maximum of 1";
    assert_eq!(violations(&maps), expected);
    let maps: MapsInput = read(json!({
        "typed": {}, "at_least_one": {"a": "x"}, "at_most_two": {}, "counted_and_null": null,
    }));
    assert_eq!(maps.validate(), Ok(()));
}

#[test]
fn maps_options_and_what_contains_itself() {
    let maps: MapsInput = read(json!({"typed": {"a/b": -1}, "of_lists": {"x": ["abc"]}}));
    let nulls: NullableInput = read(
        json!({"default_is_not_null": 99, "any_of_null": 0, "list_of_nullable": ["long"], "map_of_nullable": {"k": 9}, "reference_or_null": {"strength": 2}}),
    );
    let tree =
        json!({"label": "fine", "children": [{"label": "a", "children": [{"label": "too long"}]}]});
    let trees: RecursionInput = read(
        json!({"tree": tree, "chain": {"weight": 0, "next": {"weight": -1}}, "ping": {"pong": {"hits": 9}}}),
    );
    insta::assert_snapshot!([violations(&maps), violations(&nulls), violations(&trees)].join("\n"));
}

#[test]
fn media_that_no_server_can_open_is_found_wherever_it_stands() {
    let input: TuplesInput = read(json!({
        "prefix_items": ["a", 1], "image_urls": [["walk.mp4", {"x": 1, "y": 0}], ["data:,", {"x": 1, "y": 0}]],
        "mask_urls": ["https://example.com/a.png", [0.5, "file:///a.png"]], "either_url": ["", 1],
    }));
    insta::assert_snapshot!(violations(&input), @r#"
    /image_urls/0/0: "walk.mp4" is not a URL; to upload a file use `Media::path`
    /mask_urls/1/1: "file:///a.png" is a local file; to upload it use `Media::path`
    /either_url/0: "" is not a URL; to upload a file use `Media::path`
    "#);
}

#[test]
fn required_members_that_are_set_with_setters_must_be_set() {
    let region = Region::new().x(0.0).width(0.0).label("sky");
    insta::assert_snapshot!(violations(&region), @r"
    /height is required, but missing
    /width: 0.0 must be more than 0
    /y is required, but missing
    ");
    let whole = region.y(0.5).width(0.25).height(0.25);
    assert_eq!(whole.validate(), Ok(()));
    let written =
        json!({"height": 0.25, "label": "sky", "note": null, "width": 0.25, "x": 0.0, "y": 0.5});
    assert_eq!(serde_json::to_value(&whole).ok(), Some(written.clone()));
    assert_eq!(read::<Region>(written), whole);
    let scene = Scene::new().h(Vec::<String>::new());
    assert_eq!(
        scene.validate().expect_err("violations").violations().len(),
        8
    );
}

#[test]
fn a_listed_value_that_its_own_rules_refuse_is_not_listed() {
    assert_eq!(Listed::ALL, [Listed::Abc]);
}
