//! The pass that removes keywords with malformed values, and reports them.

use super::{bottom_up, for_each_root};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::source::{Document, Malformed, push_pointer};

/// Removes malformed keywords from a document's schemas, and reports them.
pub(super) fn take(document: &mut Document) -> Vec<Diagnostic> {
    let path = document.path.clone();
    let mut diagnostics = Vec::new();
    for_each_root(document, |schema| {
        bottom_up(schema, &mut |node| {
            let malformed = std::mem::take(&mut node.malformed);
            let reported = malformed
                .iter()
                .map(|one| to_diagnostic(one, &node.pointer, &path));
            diagnostics.extend(reported);
        });
    });
    diagnostics
}

fn to_diagnostic(malformed: &Malformed, schema: &str, path: &str) -> Diagnostic {
    let keyword = malformed.keyword.as_str();
    let (name, pointer) = match keyword.is_empty() {
        true => ("the schema".to_owned(), schema.to_owned()),
        false => (format!("`{keyword}`"), push_pointer(schema, keyword)),
    };
    // If the type is not known, most likely any value is valid.
    let (code, done) = match keyword {
        "" | "type" => (
            Code::Unsupported,
            "any value is accepted here, unless other keywords of the schema restrict it",
        ),
        _ => (Code::MalformedKeyword, "the keyword was left out"),
    };
    let (found, expected) = (&malformed.found, malformed.expected);
    let message = format!("{name} is `{found}`, not {expected}");
    Diagnostic::new(
        Severity::Warning,
        code,
        Location::new(path, pointer),
        message,
    )
    .fallback(done)
    .help("if the document is wrong, correct it with a fix-up")
}
