//! No document stops the generator: hostile ones are reported, the others go on.
//!
//! The properties run a few cases by default. A long run, in place of a fuzzer that needs another toolchain:
//! `PROPTEST_CASES=100000 cargo test --release -p fal-tests --test robust`.

mod documents;
mod huge;
mod mutate;
mod order;
mod random;

use fal_codegen::{Outcome, Source, generate};
use fal_tests::fixture;
use serde_json::{Value, json};

/// An endpoint's document around the schema of an input and components.
fn document(id: &str, input: Value, components: Value) -> Value {
    let schema = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let content = |name: &str| json!({"content": {"application/json": {"schema": schema(name)}}});
    let mut schemas = components;
    schemas["RobustInput"] = input;
    schemas["RobustOutput"] = json!({"type": "object", "properties": {"ok": {"type": "boolean"}}});
    let (path, result) = (format!("/{id}"), format!("/{id}/requests/{{request_id}}"));
    json!({
        "openapi": "3.0.4",
        "info": {"x-fal-metadata": {"endpointId": id}},
        "components": {"schemas": schemas},
        "paths": {
            path: {"post": {"requestBody": content("RobustInput")}},
            result: {"get": {"responses": {"200": content("RobustOutput")}}},
        },
    })
}

/// Generates, and holds what is made to what always holds: every file parses, and nothing is a bug of the generator.
fn run(sources: &[Source]) -> Outcome {
    let outcome = generate(sources, &fixture::options("robust"));
    for (path, text) in outcome.plan.files() {
        if let Err(error) = syn::parse_file(text) {
            panic!("{path} is no Rust: {error}\n{text}");
        }
    }
    let bug = outcome
        .diagnostics
        .iter()
        .find(|said| said.code == fal_codegen::Code::Unprintable);
    assert!(
        bug.is_none(),
        "{}",
        bug.map(ToString::to_string).unwrap_or_default()
    );
    outcome
}

fn run_one(document: &Value) -> Outcome {
    run(&[Source::new("robust.json", document.to_string())])
}

/// A document that is fine, to see that it goes on beside another.
fn fine() -> Source {
    let input = json!({"type": "object", "properties": {"prompt": {"type": "string"}}});
    Source::new(
        "fine.json",
        document("acme/fine", input, json!({})).to_string(),
    )
}
