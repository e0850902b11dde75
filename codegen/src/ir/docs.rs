//! The documentation of a type or a field.

use serde_json::Value;

/// The information that a document has about a type or a field, apart from what its Rust type expresses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Docs {
    /// The description of the type or the field, as written in the document.
    pub description: Option<String>,
    /// The title of the type or the field, as written in the document.
    pub title: Option<String>,
    /// The default of the field, even if its own schema does not accept it.
    pub default: Option<Value>,
    /// The examples of the type or the field, in the order of the document.
    pub examples: Vec<Value>,
    /// The format of a string or a number, such as `date-time`. It is not checked.
    pub format: Option<String>,
    /// Further sentences: limits in prose, and rules that are not checked.
    pub notes: Vec<String>,
    /// Whether the document marks the type or the field as deprecated.
    pub deprecated: bool,
    /// Whether `null` is one of a field's values.
    pub nullable: bool,
    /// Whether unlisted values of an enum, or undeclared members of a struct, are valid. `None` if the document does not say.
    pub unlisted: Option<bool>,
}
