//! Random documents of the dialect, and fixtures with random damage.

use fal_codegen::Source;
use fal_tests::fixture;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{document, run, run_one};

/// Keywords that schemas are made of, the non-standard ones included.
const KEYWORDS: &[&str] = &[
    "$ref",
    "type",
    "nullable",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "allOf",
    "discriminator",
    "properties",
    "required",
    "additionalProperties",
    "x-fal-order-properties",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "title",
    "description",
    "default",
    "examples",
    "example",
    "deprecated",
    "format",
    "not",
    "x-fal",
    "ui",
    "_fal_ui_field",
    "limit_description",
];

/// Texts that schemas hold: names of types and components, patterns, hazards.
const WORDS: &[&str] = &[
    "string",
    "integer",
    "number",
    "boolean",
    "object",
    "array",
    "null",
    "#/components/schemas/A",
    "#/components/schemas/B",
    "image_url",
    "type",
    "Input",
    "Option",
    "Self",
    "",
    " ",
    "```",
    "*/",
    "\"#",
    "@blank",
    "^a+$",
    "(?!x)",
    "[",
    "\u{202e}",
    "16:9",
    "new",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()]
}

fn number() -> impl Strategy<Value = Value> {
    let odd = [
        json!(0),
        json!(-1),
        json!(1.0),
        json!(1e30),
        json!(-1e30),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(9_223_372_036_854_775_807_i64),
        json!(1e-300),
        json!(0.1),
    ];
    prop_oneof![
        prop::sample::select(odd.to_vec()),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from)
    ]
}

/// Any JSON made of what schemas are made of.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        word().prop_map(Value::from)
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        let key =
            prop_oneof![3 => prop::sample::select(KEYWORDS).prop_map(str::to_owned), 2 => word()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A schema whose keywords have the types that they should.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"$ref": "#/components/schemas/A"})),
        Just(json!({"$ref": "#/components/schemas/B", "default": "a"})),
        Just(json!({"type": "null"})),
        (number(), number(), any::<bool>()).prop_map(|(least, most, whole)| json!({
            "type": if whole { "integer" } else { "number" }, "minimum": least, "exclusiveMaximum": most, "default": least,
        })),
        (word(), 0..5u64, 0..5u64).prop_map(|(text, least, most)| json!({
            "type": "string", "pattern": text, "minLength": least, "maxLength": most, "default": text, "description": text,
        })),
        prop::collection::vec(word(), 0..6).prop_map(|values| json!({"type": "string", "enum": values, "default": values.first()})),
        prop::collection::vec(any::<i8>(), 1..4).prop_map(|values| json!({"enum": values})),
        word().prop_map(|text| json!({"const": text, "title": text})),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4);
        let members = prop::collection::vec((word(), inner.clone(), any::<bool>()), 0..6);
        prop_oneof![
            (inner.clone(), 0..3u64, 0..4u64, any::<bool>()).prop_map(|(items, least, most, unique)| json!({
                "type": "array", "items": items, "minItems": least, "maxItems": most, "uniqueItems": unique,
            })),
            list.clone().prop_map(|items| json!({"type": "array", "prefixItems": items, "minItems": items.len(), "maxItems": items.len()})),
            (list.clone(), prop::sample::select(&["anyOf", "oneOf", "allOf"][..])).prop_map(|(members, keyword)| json!({keyword: members})),
            (members, inner, any::<bool>()).prop_map(|(members, additional, open)| {
                let required: Vec<&String> = members.iter().filter(|(_, _, needed)| *needed).map(|(name, ..)| name).collect();
                let mut object = json!({"type": "object", "required": required});
                object["properties"] = members.iter().map(|(name, schema, _)| (name.clone(), schema.clone())).collect::<Map<_, _>>().into();
                if open {
                    object["additionalProperties"] = additional;
                }
                object
            }),
        ]
    })
}

/// Puts `damage` at the `place`th value of a document.
fn damage(value: &mut Value, place: &mut usize, damage: &Value) {
    if *place == 0 {
        *value = damage.clone();
    }
    *place = place.wrapping_sub(1);
    let children: Vec<&mut Value> = match value {
        Value::Object(members) => members.values_mut().collect(),
        Value::Array(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        if *place > usize::MAX / 2 {
            return;
        }
        self::damage(child, place, damage);
    }
}

fn count(value: &Value) -> usize {
    match value {
        Value::Object(members) => 1 + members.values().map(count).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        _ => 1,
    }
}

/// The number of cases, unless `PROPTEST_CASES` says another.
pub fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(cases);
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn documents_of_the_dialect(input in schema(), a in schema(), b in schema()) {
        let outcome = run_one(&document("acme/random", input, json!({"A": a, "B": b})));
        prop_assert_eq!(outcome.summary.generated, 1);
    }

    #[test]
    fn keywords_of_any_type(input in anything(), a in anything(), b in anything()) {
        run_one(&document("acme/any", input, json!({"A": a, "B": b})));
    }

    #[test]
    fn fixtures_with_damage(case in prop::sample::select(fixture::cases()), places in prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..4)) {
        let sources: Vec<Source> = fixture::sources(&case)
            .into_iter()
            .map(|source| {
                let Ok(mut value) = serde_json::from_str::<Value>(&source.text) else { return source };
                for (place, broken) in &places {
                    let mut place = place.index(count(&value));
                    damage(&mut value, &mut place, broken);
                }
                Source::new(source.path, value.to_string())
            })
            .collect();
        run(&sources);
    }
}
