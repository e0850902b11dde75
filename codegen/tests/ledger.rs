//! The ledger: names that were handed out stay, whatever else is added, and whichever version of the generator
//! recorded them.

use fal_codegen::{Ledger, Options, Outcome, Source, generate};
use serde_json::json;

/// An endpoint of the family `a/b` whose input has a `Style` with one member.
fn document(name: &str, member: &str) -> Source {
    let id = format!("a/b/{name}");
    let style = json!({"type": "object", "properties": {member: {"type": "string"}}});
    let input =
        json!({"type": "object", "properties": {"style": {"$ref": "#/components/schemas/Style"}}});
    let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/In"}}});
    let document = json!({
        "info": {"x-fal-metadata": {"endpointId": id}},
        "paths": {format!("/{id}"): {"post": {"requestBody": {"content": body}}}},
        "components": {"schemas": {"In": input, "Style": style}},
    });
    Source::new(format!("{id}.json"), document.to_string())
}

/// Two shapes of one name, each shared by endpoints of the family; the first by more of them.
fn outcome(ledger: Ledger) -> Outcome {
    let sources = [
        document("one", "colour"),
        document("two", "colour"),
        document("three", "colour"),
        document("four", "line"),
        document("five", "line"),
    ];
    let options = Options {
        ledger,
        ..Options::default()
    };
    generate(&sources, &options)
}

/// The member of a shared type.
fn member<'a>(outcome: &'a Outcome, name: &str) -> &'a str {
    let text = outcome
        .plan
        .get("endpoints/a/b/types.rs")
        .expect("the shared types");
    let start = format!("pub struct {name} {{");
    let body = &text[text
        .find(&start)
        .unwrap_or_else(|| panic!("no {name} in {text}"))..];
    let field = &body[body.find("    pub ").expect("a field") + 8..];
    &field[..field.find(':').expect("a type")]
}

#[test]
fn a_recorded_name_stays_with_its_shape() {
    let first = outcome(Ledger::default());
    assert_eq!(
        (member(&first, "Style"), member(&first, "FiveStyle")),
        ("colour", "line")
    );
    let mut swapped = first.ledger.clone();
    let names = swapped.names.get_mut("a/b").expect("the family");
    let (style, other) = (names["Style"].clone(), names["FiveStyle"].clone());
    names.insert("Style".to_owned(), other);
    names.insert("FiveStyle".to_owned(), style);
    let second = outcome(swapped.clone());
    assert_eq!(
        (member(&second, "Style"), member(&second, "FiveStyle")),
        ("line", "colour")
    );
    assert_eq!(second.ledger.names, swapped.names);
}

#[test]
fn names_of_an_older_ledger_stay() {
    // Digests of the first form were taken over another text, and match nothing today.
    let names = r#"{"a/b": {"Style": "0123456789abcdef a/b/five", "FirstStyle": "fedcba9876543210 a/b/one"}}"#;
    let old = Ledger::read(None, Some(names)).expect("a ledger");
    let outcome = outcome(old);
    assert_eq!(
        (member(&outcome, "Style"), member(&outcome, "FirstStyle")),
        ("line", "colour")
    );
    let recorded = &outcome.ledger.names["a/b"];
    assert!(
        recorded
            .values()
            .all(|entry| entry.digest.starts_with("v2:")),
        "{recorded:?}"
    );
}
