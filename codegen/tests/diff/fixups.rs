//! Named fix-ups.

use crate::support::{ID, catalog, document, lines, object, output};
use fal_codegen::{Code, Fixup, Fixups, Options, Severity, Source, diff::diff, generate};
use serde_json::{Value, json};

fn seed_is_an_integer(document: &mut Value) {
    if let Some(schema) = document.pointer_mut("/components/schemas/In/properties/seed") {
        schema["type"] = json!("integer");
    }
}

fn seed_has_a_default(document: &mut Value) {
    if let Some(schema) = document.pointer_mut("/components/schemas/In/properties/seed")
        && schema["type"] == "integer"
    {
        schema["default"] = json!(7);
    }
}

const SEED: Fixup = Fixup {
    name: "seed-is-an-integer",
    why: "the document says string, and the server refuses strings",
    endpoints: &[ID, "acme/absent"],
    apply: seed_is_an_integer,
};

const DEFAULT: Fixup = Fixup {
    name: "seed-has-a-default",
    why: "a test of order",
    endpoints: &[ID],
    apply: seed_has_a_default,
};

fn model(ty: &str) -> Value {
    document(
        ID,
        object(json!({"seed": {"type": ty}}), &[]),
        output(),
        &json!({}),
    )
}

fn options(fixups: &[Fixup]) -> Options {
    Options {
        fixups: Fixups::of(fixups),
        ..Options::default()
    }
}

#[test]
fn a_fixup_mends_what_is_generated_and_compared() {
    let sources = [Source::new("a.json", model("string").to_string())];
    let outcome = generate(&sources, &options(&[SEED]));
    let text = outcome.plan.get("endpoints/acme/model/run.rs").unwrap();
    assert!(text.contains("pub seed: optional plain i64"), "{text}");
    assert_eq!(outcome.diagnostics, []);
    let (old, new) = (
        catalog(&[model("string")], &options(&[SEED])),
        catalog(&[model("integer")], &options(&[])),
    );
    assert_eq!(lines(&diff(&old, &new)), [""; 0]);
}

#[test]
fn fixups_are_applied_in_their_order() {
    let sources = [Source::new("a.json", model("string").to_string())];
    let outcome = generate(&sources, &options(&[SEED, DEFAULT]));
    assert!(
        outcome
            .plan
            .get("endpoints/acme/model/run.rs")
            .unwrap()
            .contains("DEFAULT_SEED: i64 = 7")
    );
    let outcome = generate(&sources, &options(&[DEFAULT, SEED]));
    let stale: Vec<&str> = outcome
        .diagnostics
        .iter()
        .map(|said| said.code.as_str())
        .collect();
    assert_eq!(
        stale,
        ["stale-fixup"],
        "before the other one there is nothing to do"
    );
}

#[test]
fn a_fixup_that_changes_nothing_is_an_error_that_names_it() {
    let sources = [Source::new("a.json", model("integer").to_string())];
    let outcome = generate(&sources, &options(&[SEED]));
    let [said] = outcome.diagnostics.as_slice() else {
        panic!("{:?}", outcome.diagnostics);
    };
    assert_eq!(
        (said.severity, said.code),
        (Severity::Error, Code::StaleFixup)
    );
    assert_eq!(said.location.document, "a.json");
    assert!(
        said.message.contains("`seed-is-an-integer`") && said.message.contains(SEED.why),
        "{said}"
    );
    assert_eq!(outcome.summary.generated, 1, "the endpoint stays");
}

#[test]
fn a_fixup_of_an_endpoint_that_is_not_there_rests() {
    let other = document(
        "acme/other/run",
        object(json!({}), &[]),
        output(),
        &json!({}),
    );
    let outcome = generate(
        &[Source::new("a.json", other.to_string())],
        &options(&[SEED]),
    );
    assert_eq!(outcome.diagnostics, []);
}

#[test]
fn the_projects_own_fixups_are_named_once_and_say_why() {
    let names: Vec<&str> = Fixups::default().iter().map(|fixup| fixup.name).collect();
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), names.len());
    assert!(
        Fixups::default()
            .iter()
            .all(|fixup| !fixup.why.is_empty() && !fixup.endpoints.is_empty())
    );
}
