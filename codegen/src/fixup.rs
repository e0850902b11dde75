//! Named fix-ups: upstream bugs of single documents, mended while they are read.
//!
//! A document in `schemas/` stays as it was served; what is wrong in it is mended here, by a function with a name and a
//! reason, so that the next fetch cannot undo it. A fix-up that changes nothing in a document that it names is an error
//! (`stale-fixup`): the bug was mended upstream, or moved, and the fix-up must go or follow.

mod registry;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::source::EndpointId;

/// One upstream bug and how it is mended.
#[derive(Debug, Clone, Copy)]
pub struct Fixup {
    /// What it is called, such as `seed-is-an-integer`.
    pub name: &'static str,
    /// Why it is there: what is wrong, and where that can be seen.
    pub why: &'static str,
    /// The endpoints whose documents have the bug.
    pub endpoints: &'static [&'static str],
    /// Mends the document. Where the bug is not there, it leaves the document as it is.
    pub mend: fn(&mut Value),
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
    /// No fix-ups at all.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Other fix-ups than the project's.
    #[must_use]
    pub fn of(fixups: &[Fixup]) -> Self {
        Self(fixups.to_vec())
    }

    /// The fix-ups in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Fixup> {
        self.0.iter()
    }

    /// Mends a document, and tells of fix-ups that change nothing in it.
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
            (fixup.mend)(document);
            if *document == before {
                stale.push(stale_fixup(fixup, path));
            }
        }
        stale
    }
}

fn stale_fixup(fixup: &Fixup, path: &str) -> Diagnostic {
    let Fixup { name, why, .. } = fixup;
    let message =
        format!("the fix-up `{name}` changes nothing here any more (it was there because: {why})");
    Diagnostic::new(
        Severity::Error,
        Code::StaleFixup,
        Location::new(path, ""),
        message,
    )
    .done("the document was taken as it is")
    .help(
        "take the endpoint out of the fix-up in codegen/src/fixup/registry.rs, or mend the fix-up",
    )
}
