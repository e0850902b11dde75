//! Nothing to verify, and generated text that does not compile.

use fal_codegen::Plan;
use fal_verify::{Options, verify, verify_changed};

use crate::{documents, options};

#[test]
fn what_does_not_compile_is_named_and_left_out() {
    let wanted = [
        "atelier/constant.json",
        "atelier/lists.json",
        "atelier/nothing.json",
        "atelier/texts.json",
    ];
    let mut documents = documents();
    documents.retain(|document| wanted.contains(&document.path.as_str()));
    let damage = |plan: Plan| {
        let mut damaged = plan.clone();
        let mut add = |path: &str, text: &str| {
            if let Some(old) = plan.get(path) {
                damaged.insert(path, format!("{old}\n{text}\n"));
            }
        };
        add(
            "endpoints/atelier/constant.rs",
            "/// A type.\npub type Lost = Missing;",
        );
        add(
            "endpoints/atelier/lists.rs",
            "/// See [`nowhere`].\npub type Known = u8;",
        );
        if let Some(old) = plan.get("endpoints/atelier/texts.rs") {
            let new = old.replace("/// let input = ", "/// let input: u8 = ");
            assert_ne!(new, old, "the input's documentation has an example");
            damaged.insert("endpoints/atelier/texts.rs", new);
        }
        damaged
    };
    let report = verify_changed(&documents, &options("damage"), &damage).unwrap();
    assert_eq!((report.generated, report.compiled), (4, 1), "{report}");
    let said = |file: &str, words: &str| {
        report
            .messages
            .iter()
            .any(|message| message.file == file && message.text.contains(words))
    };
    assert!(said("endpoints/atelier/constant.rs", "Missing"), "{report}");
    assert!(
        said("endpoints/atelier/lists.rs", "unresolved link"),
        "{report}"
    );
    assert!(
        said("endpoints/atelier/texts.rs", "mismatched types"),
        "{report}"
    );
    assert!(
        report.instances > 0 && report.disagreements.is_empty(),
        "{report}"
    );
    assert!(!report.passed());
}

#[test]
fn where_nothing_compiles_nothing_passes() {
    let mut documents = documents();
    documents.retain(|document| document.path == "atelier/nothing.json");
    // No endpoint is to blame for a file that all of them share.
    let damage = |plan: Plan| {
        let mut damaged = plan.clone();
        let shared = plan.get("endpoints.rs").expect("the root of the modules");
        damaged.insert(
            "endpoints.rs",
            format!("{shared}\n/// A type.\npub type Lost = Missing;\n"),
        );
        damaged
    };
    let report = verify_changed(&documents, &options("nothing"), &damage).unwrap();
    assert_eq!((report.generated, report.compiled), (1, 0), "{report}");
    assert_eq!((report.instances, report.messages.is_empty()), (0, false));
    assert!(!report.passed());
}

#[test]
fn verifying_nothing_is_an_error() {
    let error = verify(&[], &options("none")).unwrap_err();
    assert!(error.to_string().contains("help: "), "{error}");
    let none = Options {
        endpoints: Some(0),
        ..options("none")
    };
    let error = verify(&documents(), &none).unwrap_err();
    assert!(error.to_string().contains("`--endpoints`"), "{error}");
}
