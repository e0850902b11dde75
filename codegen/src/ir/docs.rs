//! What a document says about a type or a field, for people.

use super::Literal;

/// Everything that is documentation: it never makes two types different.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Docs {
    /// The description, as written.
    pub description: Option<String>,
    /// The title, as written.
    pub title: Option<String>,
    /// The default.
    pub default: Option<Literal>,
    /// Examples.
    pub examples: Vec<Literal>,
    /// Further facts: formats, limits in words, rules that are not checked.
    pub notes: Vec<String>,
    /// The document calls it deprecated.
    pub deprecated: bool,
}
