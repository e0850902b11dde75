//! Documents that are broken as a whole.

use fal_codegen::{Code, Source};
use serde_json::json;

use crate::{document, fine, run};

/// The code that a text is refused with, while the document beside it is generated.
fn refusal(text: String) -> Code {
    let outcome = run(&[Source::new("bad.json", text), fine()]);
    assert_eq!(outcome.summary.generated, 1);
    let said = outcome
        .diagnostics
        .iter()
        .find(|said| said.location.document == "bad.json");
    said.expect("a diagnostic of the bad document").code
}

#[test]
fn every_cut_of_a_document_is_refused() {
    let text = fine().text;
    for end in (0..text.len()).step_by(7) {
        assert_eq!(
            refusal(text[..end].to_owned()),
            Code::InvalidJson,
            "cut at {end}"
        );
    }
}

#[test]
fn what_is_no_document_is_refused() {
    for text in ["", "x", "{\"a\":}", "\0", "NaN"] {
        assert_eq!(refusal(text.to_owned()), Code::InvalidJson, "{text:?}");
    }
    for text in [
        "null",
        "[]",
        "1",
        "{}",
        "\u{feff}{}",
        "{\"error\": {\"code\": \"x\"}}",
        "{\"paths\": 5}",
    ] {
        assert_eq!(refusal(text.to_owned()), Code::NotAnEndpoint, "{text:?}");
    }
}

#[test]
fn a_hundred_levels_end_and_thousands_are_refused() {
    let mut schema = json!({"type": "string"});
    for _ in 0..50 {
        schema = json!({"type": "array", "items": schema});
    }
    let input = json!({"type": "object", "properties": {"deep": schema}});
    let text = document("acme/deep", input, json!({})).to_string();
    assert_eq!(
        run(&[Source::new("deep.json", text), fine()])
            .summary
            .generated,
        2
    );
    assert_eq!(refusal("[".repeat(100_000)), Code::TooDeep);
    assert_eq!(refusal("{\"a\":".repeat(100) + "1"), Code::InvalidJson);
}

#[test]
fn fifty_megabytes_are_refused_unread() {
    let description = "x".repeat(50 << 20);
    let input = json!({"type": "object", "description": description});
    assert_eq!(
        refusal(document("acme/large", input, json!({})).to_string()),
        Code::TooLarge
    );
}

#[test]
fn the_first_of_two_documents_of_one_endpoint_counts() {
    let twice = [Source::new("z.json", fine().text), fine()];
    let outcome = run(&twice);
    assert_eq!(outcome.summary.generated, 1);
    assert_eq!(outcome.diagnostics[0].code, Code::DuplicateEndpoint);
    assert_eq!(outcome.diagnostics[0].location.document, "z.json");
}
