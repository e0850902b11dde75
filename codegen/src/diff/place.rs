//! Where the walk is.

use super::Direction;
use crate::source::push_pointer as push;

/// A position on both sides.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) direction: Direction,
    /// In the value.
    pub(super) path: String,
    /// The schema in the old document.
    pub(super) old: String,
    /// The schema in the new document.
    pub(super) new: String,
}

impl Place {
    /// The same position, spoken of by other schemas.
    pub(super) fn at(&self, old: &str, new: &str) -> Self {
        Self {
            old: old.to_owned(),
            new: new.to_owned(),
            ..self.clone()
        }
    }

    /// A member of the object that stands here.
    pub(super) fn member(&self, name: &str, old: &str, new: &str) -> Self {
        Self {
            path: push(&self.path, name),
            ..self.at(old, new)
        }
    }

    /// Every item of the list, or every value of the map, that stands here.
    pub(super) fn each(&self) -> Self {
        Self {
            path: push(&self.path, "*"),
            ..self.clone()
        }
    }

    /// One place of the tuple that stands here.
    pub(super) fn item(&self, index: usize) -> Self {
        Self {
            path: push(&self.path, &index.to_string()),
            ..self.clone()
        }
    }
}
