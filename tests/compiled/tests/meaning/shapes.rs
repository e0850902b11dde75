//! Enums, constants, tuples, maps, defaults, names.

use fal_compiled::both_ways::endpoints::acme::both_ways::{BothWaysInput, BothWaysOutput};
use fal_compiled::constants::endpoints::acme::constants::{
    ConstantsInput, ConstantsOutput, FromText, SourceChoice,
};
use fal_compiled::defaults::endpoints::acme::defaults::DefaultsInput;
use fal_compiled::enum_names::endpoints::acme::enum_names::{AspectRatio, Colliding, Resolution};
use fal_compiled::files::endpoints::acme::files::SizedPicture;
use fal_compiled::integer_enums::endpoints::acme::integer_enums::{
    Duration, IntegerEnumsInput, IntegerEnumsOutput,
};
use fal_compiled::maps::endpoints::acme::maps::{MapsInput, MapsOutput};
use fal_compiled::open_enums::endpoints::acme::open_enums::{
    OpenEnumsInput, OpenEnumsOutput, Voice,
};
use fal_compiled::property_names::endpoints::acme::property_names::PropertyNamesInput;
use fal_compiled::recursion::endpoints::acme::recursion::{RecursionOutput, Tree};
use fal_compiled::tuples::endpoints::acme::tuples::{TuplesInput, TuplesOutput};
use fal_sdk::{Input, Media};
use serde_json::{Value, json};

use crate::{read, refused};

fn sent(input: &impl Input) -> Value {
    serde_json::to_value(input).unwrap()
}

#[test]
fn open_enums_keep_values_that_the_schema_does_not_list() {
    let output: OpenEnumsOutput = read(json!({"voice": "zoe", "finish": "stop"}));
    assert_eq!(output.voice.as_str(), "zoe");
    let input = OpenEnumsInput::new()
        .enum_or_string("gamma")
        .voices(["ann", "eve"])
        .reference_or_string(Voice::Bob);
    assert_eq!(
        sent(&input),
        json!({"enum_or_string": "gamma", "voices": ["ann", "eve"], "reference_or_string": "bob"})
    );
    assert_eq!(
        refused::<OpenEnumsOutput>(json!({"voice": 1, "finish": "stop"})),
        "at /voice: expected a string, found `1`"
    );
    for voice in Voice::ALL {
        assert_eq!(&Voice::from(voice.as_str()), voice);
    }
}

#[test]
fn values_keep_their_spelling_whatever_their_names() {
    assert_eq!(Resolution::P720.as_str(), "720p");
    assert_eq!(AspectRatio::Ratio16_9.as_str(), "16:9");
    assert_eq!(Colliding::from("Hope "), Colliding::HopeSpace);
    assert_eq!(Colliding::HopeSpace.as_str(), "Hope ");
    assert_eq!(Colliding::ALL.len(), 5);
}

#[test]
fn integer_enums_are_numbers_on_the_wire() {
    let input = IntegerEnumsInput::new()
        .duration(5)
        .numeric_strings("10")
        .sizes([1, 7]);
    assert_eq!(
        sent(&input),
        json!({"duration": 5, "numeric_strings": "10", "sizes": [1, 7]})
    );
    assert_eq!(
        read::<IntegerEnumsOutput>(json!({"duration": 10.0}))
            .duration
            .as_i64(),
        10
    );
    assert_eq!(
        read::<IntegerEnumsOutput>(json!({"duration": 15}))
            .duration
            .as_i64(),
        15
    );
    assert_eq!(IntegerEnumsInput::DEFAULT_DURATION, Duration::N5);
    assert_eq!(
        refused::<IntegerEnumsOutput>(json!({"duration": 10.5})),
        "at /duration: expected an integer, found `10.5`"
    );
}

#[test]
fn required_constants_are_filled_in() {
    let input = ConstantsInput::new(0.5, None, "a cat", FromText::new("l"));
    let expected = json!({
        "version": "v2", "number": -7, "flag": true, "fraction": 0.5, "nullable": null, "prompt": "a cat",
        "source": {"type": "text", "link": "l"},
    });
    assert_eq!(sent(&input), expected);
    assert_eq!(read::<ConstantsInput>(expected), input);
    assert!(matches!(
        read::<SourceChoice>(json!({"type": "url", "link": "l", "words": "w"})),
        SourceChoice::FromUrl(_)
    ));
    assert!(
        refused::<SourceChoice>(json!({"type": "other", "link": "l"}))
            .starts_with("at the top level: expected one of")
    );
    assert_eq!(
        read::<ConstantsOutput>(json!({"kind": "video", "label": "x"}))
            .kind
            .as_str(),
        "video"
    );
}

#[test]
fn tuples_are_arrays_on_the_wire() {
    let input = TuplesInput::new(("a".to_owned(), 1))
        .fixed([0.0, 0.5, 1.0])
        .list_of_pairs([(1.0, 2.0)]);
    assert_eq!(
        sent(&input),
        json!({"prefix_items": ["a", 1], "fixed": [0.0, 0.5, 1.0], "list_of_pairs": [[1.0, 2.0]]})
    );
    let output: TuplesOutput = read(json!({"box": [1, 2.0, 3, 4, 5], "pair": ["a", 2]}));
    assert_eq!(
        (output.r#box.len(), output.pair),
        (5, ("a".to_owned(), 2.0))
    );
    let short = refused::<TuplesOutput>(json!({"box": [], "pair": ["a"]}));
    assert_eq!(short, "at /pair/1: required, but missing");
    let long = refused::<TuplesInput>(json!({"prefix_items": ["a", 1], "fixed": [1]}));
    assert_eq!(
        long,
        "at /fixed: expected an array of 3 items, found an array of 1 items"
    );
}

#[test]
fn undeclared_members_are_kept_where_the_schema_speaks_of_them() {
    let output: MapsOutput =
        read(json!({"timings": {"a": 1}, "extra": "x", "more": [1], "null": null}));
    assert_eq!(output.extra.as_deref(), Some("x"));
    assert_eq!(output.extra_.len(), 2);
    assert_eq!(
        serde_json::to_value(&output).unwrap(),
        json!({"timings": {"a": 1.0}, "extra": "x", "more": [1], "null": null})
    );
    let input: MapsInput =
        read(json!({"typed": {"a": 1.0}, "typed_beside": {"name": "n", "x": 0.5}}));
    assert_eq!(input.typed_beside.unwrap().extra["x"], 0.5);
    let wrong =
        refused::<MapsInput>(json!({"typed": {}, "typed_beside": {"name": "n", "a/b": "c"}}));
    assert_eq!(
        wrong,
        "at /typed_beside/a~1b: expected a number, found the string \"c\""
    );
}

#[test]
fn defaults_are_readable_and_those_that_are_refused_are_not_offered() {
    assert_eq!(
        (
            DefaultsInput::DEFAULT_TEXT,
            DefaultsInput::DEFAULT_WHOLE_FLOAT
        ),
        ("hello", 3)
    );
    assert_eq!(DefaultsInput::DEFAULT_BIG, u64::MAX);
    assert_eq!(DefaultsInput::DEFAULT_NESTED_LIST, [&[1][..], &[2, 3]]);
    let point = serde_json::to_value(DefaultsInput::default_object_default()).unwrap();
    assert_eq!(point, json!({"x": 1.0, "y": 2.0}));
    let choice = serde_json::to_value(DefaultsInput::default_union_object()).unwrap();
    assert_eq!(choice, json!({"x": 0.0}));
    assert_eq!(
        serde_json::to_value(DefaultsInput::DEFAULT_UNION).unwrap(),
        json!("origin")
    );
}

#[test]
fn every_name_goes_back_to_its_own() {
    let names = [
        "type",
        "loop",
        "self",
        "Self",
        "crate",
        "camelCase",
        "kebab-case",
        "with space",
        "3d",
        "",
        "_",
        "a_b",
        "aB",
        "a-b",
        "slash/tilde~",
        "quote\"back\\slash",
        "größe",
        "名前",
    ];
    let mut value = json!({});
    for name in names {
        value[name] = match name {
            "loop" | "3d" => json!(true),
            "größe" => json!(0.5),
            "slash/tilde~" => json!(1),
            other => json!(other),
        };
    }
    assert_eq!(sent(&read::<PropertyNamesInput>(value.clone())), value);
}

#[test]
fn types_that_contain_themselves_are_read_and_written() {
    let tree = json!({"label": "a", "children": [{"label": "b", "children": []}, {"label": "c"}]});
    assert_eq!(
        serde_json::to_value(read::<Tree>(tree.clone())).unwrap(),
        tree
    );
    let chain = json!({"tree": {"label": "x"}, "chain": {"weight": 1.0, "next": {"weight": 2.0, "next": null}}});
    let output: RecursionOutput = read(chain);
    assert!(output.chain.unwrap().next.unwrap().next.is_none());
    let wrong = refused::<Tree>(json!({"label": "a", "children": [{"label": "b"}, {"label": 3}]}));
    assert_eq!(wrong, "at /children/1/label: expected a string, found `3`");
}

/// What an output gives is what the next input takes: messages of a conversation, a file that knows its size.
#[test]
fn outputs_are_sent_again() {
    let output: BothWaysOutput = read(json!({"messages": [{"role": "user", "content": "Hello"}]}));
    let input = BothWaysInput::new("And now?").messages(output.messages);
    assert_eq!(
        sent(&input)["messages"],
        json!([{"role": "user", "content": "Hello"}])
    );

    let picture: SizedPicture =
        read(json!({"url": "https://example.com/a.png", "width": 1, "height": 2}));
    assert_eq!(
        Media::from(&picture),
        Media::url("https://example.com/a.png")
    );
}
