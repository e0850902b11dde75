//! How generated types are written to and read from JSON.
//!
//! Deriving serde on a thousand generated types costs a user minutes of
//! compilation, so generated code declares each type once with [`object!`],
//! [`open_enum!`] or [`union!`] and the work is done here, generically:
//!
//! * encoding lists a type's fields as [`Members`] and streams them through
//!   [`serde::Serialize`], leaving out absent options;
//! * decoding walks a parsed [`Value`] through typed getters, so that every
//!   error carries the JSON pointer of the place that did not fit, `1.0` is
//!   accepted for an integer, and `null` for an absent option.
//!
//! Every declared type implements [`serde::Serialize`], [`serde::Deserialize`]
//! and [`Decode`].
//!
//! [`object!`]: crate::object!
//! [`open_enum!`]: crate::open_enum!
//! [`union!`]: crate::union!

mod collections;
mod decode;
mod encode;
mod finite;
mod json;
mod names;
mod object;
mod scalars;
mod union;
mod words;

pub(crate) use decode::pointer_segment;
pub use decode::{Declared, Decode, DecodeError, Fields};
pub use encode::{Encode, Encoded, Entries, Field, List, Members, debug_object, equal_objects};
pub(crate) use finite::{NotFinite, check_finite, to_finite_vec};
pub use json::Json;
pub use names::{Names, NamesIter};
pub use object::Object;
pub use serde;
pub use serde_json;
pub use union::{Attempt, Mismatch, Variant, attempt, decode_union};
pub use words::{optional, required};

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// Reads a declared type from any format.
///
/// # Errors
/// When the value does not have the type's shape.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::decode(&value).map_err(D::Error::custom)
}

/// Writes a declared type in any format.
///
/// # Errors
/// When the serializer returns an error.
pub fn serialize<T: Encode, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.encode().serialize(serializer)
}

/// Shows a value of an open enum as it is on the wire: `Resolution("720p")`, or
/// `Other("8k")` if the schema does not list it.
///
/// # Errors
/// When the formatter returns an error.
pub fn debug(name: &str, value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_tuple(name).field(&value).finish()
}

/// A value that the server distinguishes from both "absent" and a default:
/// either an explicit `null` or a value.
///
/// It appears as `Option<Nullable<T>>` on options whose default is not `null`:
/// leaving the option out means the default, [`Nullable::Null`] switches it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// An explicit `null`.
    Null,
    /// The value itself.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}
