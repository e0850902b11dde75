//! The words of [`object!`](crate::object!) as names of functions and of a value. The words
//! matter only for constructors and setters, so all functions for required members are the
//! same, and all for optional ones.

use super::{Declared, Decode};

/// Functions that read a required member, named after the words of [`object!`](crate::object!).
pub mod required {
    pub use super::read as into;
    pub use super::read as list;
    pub use super::read as list_into;
    pub use super::read as plain;
}

/// Functions that read an optional member, named after the words of
/// [`object!`](crate::object!).
pub mod optional {
    pub use super::read_option as into;
    pub use super::read_option as list;
    pub use super::read_option as list_into;
    pub use super::read_option as nullable;
    pub use super::read_option as nullable_into;
    pub use super::read_option as nullable_list;
    pub use super::read_option as nullable_list_into;
    pub use super::read_option as plain;
}

/// The value of an optional field that is not set, named after the words of
/// [`object!`](crate::object!). A name is less work for the compiler than a macro.
pub mod absent {
    pub use Option::None as into;
    pub use Option::None as list;
    pub use Option::None as list_into;
    pub use Option::None as nullable;
    pub use Option::None as nullable_into;
    pub use Option::None as nullable_list;
    pub use Option::None as nullable_list_into;
    pub use Option::None as plain;
}

/// Reads a required member: see [`Declared::required`].
pub fn read<T: Decode>(members: &Declared<'_>) -> Option<T> {
    members.required()
}

/// Reads an optional member: see [`Declared::optional`].
pub fn read_option<T: Decode>(members: &Declared<'_>) -> Option<T> {
    members.optional()
}
