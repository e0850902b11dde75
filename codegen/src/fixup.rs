//! Named fix-ups: corrections of upstream bugs in single documents, applied while the documents are read.
//!
//! A document in `schemas/` is stored as it was served. A fix-up corrects it with a function that has a name and a reason, so
//! that the next fetch does not undo the correction. A fix-up that changes nothing in a document that it names is an error
//! (`stale-fixup`): the bug was fixed upstream or has moved, and the fix-up must be removed or adapted.

mod registry;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::source::EndpointId;

/// The correction of one mistake in documents of fal.
#[derive(Debug, Clone, Copy)]
pub struct Fixup {
    /// The name of the fix-up, such as `seed-is-an-integer`.
    pub name: &'static str,
    /// The reason for the fix-up: what is wrong, and where that can be seen.
    pub why: &'static str,
    /// The ids of the endpoints whose documents have the mistake.
    pub endpoints: &'static [&'static str],
    /// The function that corrects a document. It does not change a document without the mistake.
    pub apply: fn(&mut Value),
}

/// Fix-ups in the order in which they are applied.
#[derive(Debug, Clone)]
pub struct Fixups(Vec<Fixup>);

impl Default for Fixups {
    /// The fix-ups of this project.
    fn default() -> Self {
        Self(registry::FIXUPS.to_vec())
    }
}

impl Fixups {
    /// Returns an empty list of fix-ups.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Creates a list of the given fix-ups, instead of those of this project.
    #[must_use]
    pub fn of(fixups: &[Fixup]) -> Self {
        Self(fixups.to_vec())
    }

    /// The fix-ups in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Fixup> {
        self.0.iter()
    }

    /// Corrects a document, and reports the fix-ups that change nothing in it.
    pub(crate) fn apply(
        &self,
        id: &EndpointId,
        path: &str,
        document: &mut Value,
    ) -> Vec<Diagnostic> {
        let mut stale = Vec::new();
        for fixup in self
            .0
            .iter()
            .filter(|fixup| fixup.endpoints.contains(&id.as_str()))
        {
            let before = document.clone();
            (fixup.apply)(document);
            if *document == before {
                stale.push(stale_fixup(fixup, path));
            }
        }
        stale
    }
}

fn stale_fixup(fixup: &Fixup, path: &str) -> Diagnostic {
    let Fixup { name, why, .. } = fixup;
    let message = format!(
        "the fix-up `{name}` no longer changes anything in this document (its reason: {why})"
    );
    Diagnostic::new(
        Severity::Error,
        Code::StaleFixup,
        Location::new(path, ""),
        message,
    )
    .fallback("the document is used as it is")
    .help(
        "remove the endpoint from the fix-up in codegen/src/fixup/registry.rs, or adapt the fix-up",
    )
}
