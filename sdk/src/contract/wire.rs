//! How generated types are written to and read from JSON.
//!
//! Generated types do not derive serde's traits, since that would double the time in which
//! they compile. Generated code declares each type once, with [`object!`], [`open_enum!`] or
//! [`union!`], and this module does the rest generically:
//!
//! * encoding lists a type's fields as [`Members`] and streams them through
//!   [`serde::Serialize`], without absent options;
//! * decoding reads a parsed [`Value`] with typed getters. Every error has the JSON pointer
//!   of the value that has another shape, `1.0` is accepted for an integer, and `null` for an
//!   absent option.
//!
//! Every declared type implements [`serde::Serialize`], [`serde::Deserialize`]
//! and [`Decode`].
//!
//! [`object!`]: crate::object!
//! [`open_enum!`]: crate::open_enum!
//! [`union!`]: crate::union!

mod collections;
mod declared;
mod decode;
mod encode;
mod finite;
mod json;
mod names;
mod object;
mod scalars;
mod union;
mod words;

pub use declared::Declared;
pub(crate) use decode::pointer_segment;
pub use decode::{Decode, DecodeError, Fields};
pub use encode::{Encode, Encoded, Entries, Field, List, Members, debug_object, equal_objects};
pub(crate) use finite::{NotFinite, check_finite, to_finite_vec};
pub use json::Json;
pub use names::{Names, NamesIter};
pub use object::Object;
pub use scalars::decode_string;
pub use serde;
pub use serde_json;
pub use union::{Attempt, Mismatch, Variant, attempt, decode_union};
pub use words::{absent, optional, required};

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// Deserializes a type that implements [`Decode`] from any format of serde's.
///
/// # Errors
/// When the deserializer returns an error, or the value does not have the type's shape.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::decode(&value).map_err(D::Error::custom)
}

/// Serializes a type that implements [`Encode`] into any format of serde's.
///
/// # Errors
/// When the serializer returns an error, or the value contains media that is not uploaded
/// yet.
pub fn serialize<T: Encode, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.encode().serialize(serializer)
}

/// Formats a value of an open enum for `Debug`, with the string that is sent:
/// `Resolution("720p")`, or `Other("8k")` if the schema does not list it.
///
/// # Errors
/// When the formatter returns an error.
pub fn debug(name: &str, value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_tuple(name).field(&value).finish()
}

/// Either a value or an explicit `null`.
///
/// An option whose default is not `null` has the type `Option<Nullable<T>>`, because `null`
/// and an absent member mean different things: with `None` the member is not sent and the
/// model uses its default; with `Some(Nullable::Null)`, `null` is sent.
///
/// ```
/// use fal_sdk::Nullable;
///
/// let seed = Nullable::from(7);
/// assert_eq!(seed.value(), Some(&7));
/// assert_eq!(serde_json::to_string(&Nullable::<i64>::Null)?, "null");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// An explicit `null`.
    Null,
    /// The value itself.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value; `None` for an explicit `null`.
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
