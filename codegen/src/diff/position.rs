//! The position of the comparison in the value and in both documents.

use super::change::Direction;
use crate::source::push_pointer as push;

/// A position on both sides.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) direction: Direction,
    /// The path in the value, as in [`Change::path`](super::Change::path).
    pub(super) path: String,
    /// The pointer of the schema in the old document.
    pub(super) old: String,
    /// The pointer of the schema in the new document.
    pub(super) new: String,
}

impl Position {
    /// The same position in the value, with other schemas.
    pub(super) fn at(&self, old: &str, new: &str) -> Self {
        Self {
            old: old.to_owned(),
            new: new.to_owned(),
            ..self.clone()
        }
    }

    /// The position of a member of the object at this position.
    pub(super) fn member(&self, name: &str, old: &str, new: &str) -> Self {
        Self {
            path: push(&self.path, name),
            ..self.at(old, new)
        }
    }

    /// The position of every item of the list, or every value of the map, at this position.
    pub(super) fn each(&self) -> Self {
        Self {
            path: push(&self.path, "*"),
            ..self.clone()
        }
    }

    /// The position of one item of the tuple at this position.
    pub(super) fn item(&self, index: usize) -> Self {
        Self {
            path: push(&self.path, &index.to_string()),
            ..self.clone()
        }
    }
}
