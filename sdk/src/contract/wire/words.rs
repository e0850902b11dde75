//! The words of [`object!`](crate::object!) as names of functions. They say what a setter
//! takes, so that all of them read alike.

use super::{Declared, Decode};

/// Reading a required member.
pub mod required {
    pub use super::read as into;
    pub use super::read as list;
    pub use super::read as list_into;
    pub use super::read as plain;
}

/// Reading an optional member.
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

/// Reads a required member: see [`Declared::required`].
pub fn read<T: Decode>(members: &mut Declared<'_>) -> Option<T> {
    members.required()
}

/// Reads an optional member.
pub fn read_option<T: Decode>(members: &mut Declared<'_>) -> Option<T> {
    members.optional()
}
