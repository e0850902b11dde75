//! The examples of the table hold, and its sentences are those of `ARCHITECTURE.md`.

use std::path::Path;

use serde_json::{Value, json};

use super::{Effect, TABLE, Tolerance, Unexpressed, remove_reported};
use crate::oracle::Oracle;
use crate::roundtrip;

/// A document whose input and output are the schema.
fn document(schema: &str) -> Value {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let content = json!({ "content": { "application/json": { "schema": schema } } });
    json!({
        "components": { "schemas": { "A": { "type": "object" } } },
        "paths": {
            "/a/b": { "post": { "requestBody": content } },
            "/a/b/requests/{request_id}": { "get": { "responses": { "200": content } } },
        },
    })
}

fn values(text: &str) -> Vec<Value> {
    let values = serde_json::Deserializer::from_str(text).into_iter();
    values.collect::<Result<_, _>>().unwrap()
}

fn assert_verdicts(row: &Tolerance, oracle: &Oracle) {
    let [_, excused, other] = row.example.map(values);
    let (excused, other) = (&excused[0], &other[0]);
    let name = row.name;
    assert_ne!(
        oracle.strictly_accepts(excused),
        oracle.accepts(excused),
        "{name}"
    );
    assert_eq!(oracle.deciding_tolerance(excused), name);
    assert_eq!(
        oracle.strictly_accepts(other),
        oracle.accepts(other),
        "{name}: {other}"
    );
}

fn assert_round_trips(row: &Tolerance, oracle: &Oracle) {
    let [_, excused, other] = row.example.map(values);
    let found = roundtrip::difference(oracle, &excused[0], &excused[1]);
    assert_eq!(found, None, "{}", row.name);
    assert!(
        roundtrip::difference(oracle, &other[0], &other[1]).is_some(),
        "{}",
        row.name
    );
}

#[test]
fn every_row_excuses_its_example_and_no_more() {
    for row in TABLE {
        for side in row.sides {
            let unexpressed = match row.effect {
                Effect::Reported => {
                    vec![
                        Unexpressed::Keyword(
                            "/paths/~1a~1b/post/requestBody/content/application~1json/schema/minProperties",
                        ),
                        Unexpressed::Keyword(
                            "/paths/~1a~1b~1requests~1{request_id}/get/responses/200/content/application~1json/schema/minProperties",
                        ),
                    ]
                }
                _ => Vec::new(),
            };
            let document = document(row.example[0]);
            let oracle = Oracle::new(&document, "a/b", *side, &unexpressed).unwrap();
            match row.effect {
                Effect::RoundTrip => assert_round_trips(row, &oracle),
                _ => assert_verdicts(row, &oracle),
            }
        }
    }
}

#[test]
fn every_row_quotes_the_architecture() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ARCHITECTURE.md");
    let text = std::fs::read_to_string(path).unwrap();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = words(&text);
    for row in TABLE {
        assert!(
            text.contains(&words(row.decision)),
            "{}: {}",
            row.name,
            row.decision
        );
    }
}

#[test]
fn what_is_reported_goes_out_of_the_document() {
    let mut document = json!({
        "a": { "pattern": "(?=x)", "type": "string" },
        "b": { "not": {} },
        "c": { "anyOf": [{ "type": "integer", "minimum": 3 }, { "type": "integer", "maximum": 1 }] },
        "d": { "minimum": 3 },
        "e": { "oneOf": [{ "required": ["a"] }], "type": "object" },
        "f": { "enum": [1, u64::MAX] },
        "g": { "properties": { "a": {} }, "required": ["a", "b"] },
    });
    let reported = [
        Unexpressed::Keyword("/a/pattern"),
        Unexpressed::Schema("/b"),
        Unexpressed::Keyword("/c/anyOf"),
        Unexpressed::Keyword("/d/type"),
        Unexpressed::Alternatives("/e/oneOf"),
        Unexpressed::Keyword("/f/enum"),
        Unexpressed::Requirement("/g"),
        Unexpressed::Schema("/missing"),
    ];
    remove_reported(&mut document, &reported);
    let integer = json!({ "type": "integer" });
    let expected = json!({
        "a": { "type": "string" }, "b": {}, "c": { "anyOf": [integer, integer] }, "d": {},
        "e": { "type": "object" }, "f": { "type": "integer", "minimum": 0, "maximum": u64::MAX },
        "g": { "properties": { "a": {} }, "required": ["a"] },
    });
    assert_eq!(document, expected);
}
