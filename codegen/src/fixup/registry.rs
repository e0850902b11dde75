//! The project's fix-ups, in the order in which they are applied. `CONTRIBUTING.md` explains how to add one.

use super::Fixup;

/// The fix-ups. There are none at present: no committed document has a bug that changes what is generated.
pub(super) const FIXUPS: &[Fixup] = &[];
