//! The documentation of a type or a field.

use serde_json::Value;

/// Everything that a document says about a type or a field, apart from what its Rust type expresses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Docs {
    /// The description, as written.
    pub description: Option<String>,
    /// The title, as written.
    pub title: Option<String>,
    /// The default.
    pub default: Option<Value>,
    /// The examples.
    pub examples: Vec<Value>,
    /// The format of a string or a number, such as `date-time`. It is not checked.
    pub format: Option<String>,
    /// Further sentences: limits in words, rules that are not checked.
    pub notes: Vec<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Whether `null` is one of a field's values.
    pub nullable: bool,
    /// Whether what is not listed is valid too: other values of an enum, other members of a struct. `None` where the
    /// document does not say.
    pub unlisted: Option<bool>,
}
