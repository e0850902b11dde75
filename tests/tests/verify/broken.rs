//! Generated text that does not compile.

use fal_codegen::Plan;
use xtask::verify::verify_changed;

use crate::{documents, options};

#[test]
fn what_does_not_compile_is_named_and_left_out() {
    let wanted = [
        "atelier/constant.json",
        "atelier/lists.json",
        "atelier/nothing.json",
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
        damaged
    };
    let report = verify_changed(&documents, &options("damage"), &damage).unwrap();
    assert_eq!((report.generated, report.compiled), (3, 1), "{report}");
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
        report.instances > 0 && report.disagreements.is_empty(),
        "{report}"
    );
    assert!(!report.passed());
}
