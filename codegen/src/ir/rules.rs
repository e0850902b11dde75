//! What `validate` checks of a value.

use super::Literal;

/// A bound of a range.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The number.
    pub value: Literal,
    /// Whether the number itself is outside.
    pub exclusive: bool,
}

/// The rules of one value. For text the length is in characters, for a list in
/// items.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Rules {
    /// The least number.
    pub least: Option<Bound>,
    /// The greatest number.
    pub most: Option<Bound>,
    /// What a number must be a multiple of.
    pub multiple_of: Option<Literal>,
    /// The least length.
    pub min_length: Option<u64>,
    /// The greatest length.
    pub max_length: Option<u64>,
    /// What a text must match.
    pub pattern: Option<String>,
    /// Whether a list's items must differ.
    pub unique: bool,
}

impl Rules {
    /// Whether nothing is checked.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
