//! The report of a comparison as JSON, for programs.

use super::{Bump, Compared};
use fal_codegen::diff::Change;
use serde_json::json;

/// The whole report as JSON.
#[must_use]
pub fn json(compared: &Compared) -> String {
    let diff = &compared.diff;
    let changes: Vec<_> = diff.changes.iter().map(Change::to_json).collect();
    let unreadable: Vec<_> = compared
        .unreadable
        .iter()
        .map(fal_codegen::Diagnostic::to_json)
        .collect();
    let report = json!({
        "changes": changes,
        "unreadable": unreadable,
        "summary": {
            "compared": diff.compared,
            "changed": diff.changed,
            "rust": diff.rust().as_str(),
            "wire": diff.wire().as_str(),
            "bump": Bump::of(diff).as_str(),
        },
    });
    format!("{report:#}\n")
}
