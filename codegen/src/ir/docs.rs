//! What a document says about a type or a field beside what makes its Rust type.

use serde_json::Value;

/// What the document says about a type or a field, as far as the Rust type does not say it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Docs {
    /// The description, as written.
    pub description: Option<String>,
    /// The title, as written.
    pub title: Option<String>,
    /// The default.
    pub default: Option<Value>,
    /// Examples.
    pub examples: Vec<Value>,
    /// The format of a string or a number, such as `date-time`. It is not checked.
    pub format: Option<String>,
    /// Further sentences: limits in words, rules that are not checked.
    pub notes: Vec<String>,
    /// The document calls it deprecated.
    pub deprecated: bool,
    /// Of a field: `null` is one of its values.
    pub nullable: bool,
    /// Whether what is not listed is valid too: other values of an enum, other members of a struct. `None` where the
    /// document does not say.
    pub unlisted: Option<bool>,
    /// Of an enum or a union that is written in place: the field that it is written in. The document describes the
    /// field, not the type.
    pub field: Option<String>,
}
