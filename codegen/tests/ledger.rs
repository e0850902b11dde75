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
    let start = format!("pub struct {name}: ");
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

#[test]
fn a_ledger_that_names_one_endpoint_of_each_type_moves_none() {
    let first = outcome(Ledger::default());
    let old = first.ledger.names.iter().map(|(scope, names)| {
        let entries = names.iter().map(|(name, entry)| {
            let endpoint = entry.endpoints.first().expect("an endpoint");
            (name.clone(), json!(format!("{} {endpoint}", entry.digest)))
        });
        (
            scope.clone(),
            entries.collect::<serde_json::Map<_, _>>().into(),
        )
    });
    let names = serde_json::Value::Object(old.collect()).to_string();
    let read = Ledger::read(Some(&first.ledger.groups_json()), Some(&names)).expect("a ledger");
    let second = outcome(read);
    assert_eq!(second.plan, first.plan);
    assert_eq!(second.ledger, first.ledger);
}

#[test]
fn a_ledger_is_read_as_it_was_written() {
    let groups = r#"{"endpoints": {"a/b": "x", "a/c": ["y", "x"]}, "modules": {"a/b-c": "b_c_"}, "pinned": ["a/b"]}"#;
    let names = r#"{"a/b": {"Old": "v2:1 a/b", "Size": {"digest": "v2:2", "endpoints": ["a/b", "a/c"], "order": ["w", "h"], "original": "BSize"}}}"#;
    let mut ledger = Ledger::read(Some(groups), Some(names)).expect("a ledger");
    assert_eq!(ledger.groups["a/b"], ["x"]);
    assert_eq!(ledger.groups["a/c"], ["y", "x"]);
    assert!(ledger.names["a/b"]["Old"].is_partial);
    // What is written was made in this run, and is whole.
    ledger
        .names
        .get_mut("a/b")
        .expect("the family")
        .remove("Old");
    let again = Ledger::read(Some(&ledger.groups_json()), Some(&ledger.names_json()));
    assert_eq!(again, Ok(ledger));
}

#[test]
fn a_broken_ledger_is_refused_with_its_place() {
    let said = |groups: Option<&str>, names: Option<&str>| {
        Ledger::read(groups, names).expect_err("an error")
    };
    for (groups, place) in [
        (
            r#"{"endpoints": {"a/b": 3}}"#,
            "groups.json#/endpoints/a~1b: ",
        ),
        (r#"{"modules": {"a": []}}"#, "groups.json#/modules/a: "),
        (r#"{"pinned": "a"}"#, "groups.json#/pinned: "),
        (r#"{"other": 1}"#, "groups.json#/other: "),
        ("[]", "groups.json: "),
    ] {
        let said = said(Some(groups), None);
        assert!(said.starts_with(place), "{said}");
    }
    for (names, place) in [
        (r#"{"a/b": {"Size": 3}}"#, "names.json#/a~1b/Size: "),
        (
            r#"{"a/b": {"Size": {"digest": "v2:1", "endpoints": [1]}}}"#,
            "names.json#/a~1b/Size/endpoints: ",
        ),
        (
            r#"{"a/b": {"Size": {"digest": "v2:1", "original": 1}}}"#,
            "names.json#/a~1b/Size/original: ",
        ),
        (r#"{"a/b": 1}"#, "names.json#/a~1b: "),
    ] {
        let said = said(None, Some(names));
        assert!(said.starts_with(place), "{said}");
    }
}
