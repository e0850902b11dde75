//! How values are written: each one is a scalar, or gives access to its parts, which are
//! streamed without absent options.
//!
//! The members of a declared struct are one list of its fields. The same list is used to
//! write, format and compare the struct, so that the compiler goes through the fields once.

use std::any::Any;
use std::fmt;
use std::mem;

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Number, Value};

use super::{Decode, Names};

/// A type that can be written as JSON. The fields of declared structs have such types.
pub trait Encode {
    /// Returns the value as it is written: a scalar, or access to the parts of an array or an
    /// object.
    fn encode(&self) -> Encoded<'_>;
}

/// A value that is about to be written. Arrays and objects are written part by part.
#[derive(Debug)]
#[non_exhaustive]
pub enum Encoded<'a> {
    /// An option without a value: the member is left out. In a list, it is written as `null`.
    Absent,
    /// An explicit `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Signed(i64),
    /// An integer that may be greater than the largest `i64`.
    Unsigned(u64),
    /// A float.
    Float(f64),
    /// A number of any size.
    Number(&'a Number),
    /// A string.
    Text(&'a str),
    /// Any JSON value.
    Json(&'a Value),
    /// An array.
    List(&'a dyn List),
    /// An object whose members can have any name.
    Map(&'a dyn Entries),
    /// A struct that is declared with [`object!`](crate::object!).
    Object(Members<'a>),
    /// A value that cannot be written, with the reason.
    Unwritable(String),
}

/// The items of an array.
pub trait List: fmt::Debug {
    /// Returns the number of items.
    fn count(&self) -> usize;
    /// Returns the item at `index`, or [`Encoded::Absent`] if there is none.
    fn item(&self, index: usize) -> Encoded<'_>;
}

/// An object whose members can have any name.
pub trait Entries: fmt::Debug {
    /// Returns the names and values of the members, in their order.
    fn entries(&self) -> Box<dyn Iterator<Item = (&str, Encoded<'_>)> + '_>;
}

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Json(value) => value.serialize(serializer),
            Self::List(list) => {
                let mut items = serializer.serialize_seq(Some(list.count()))?;
                for index in 0..list.count() {
                    items.serialize_element(&list.item(index))?;
                }
                items.end()
            }
            Self::Map(map) => {
                let mut members = serializer.serialize_map(None)?;
                for (name, value) in map.entries() {
                    members.serialize_entry(name, &value)?;
                }
                members.end()
            }
            Self::Object(object) => {
                let mut members = serializer.serialize_map(None)?;
                object.each(|name, value| members.serialize_entry(name, &value))?;
                members.end()
            }
            Self::Unwritable(reason) => Err(S::Error::custom(reason)),
        }
    }
}

/// A field of a declared struct, of any type.
pub trait Field: Encode + Any + fmt::Debug {
    /// Returns whether another field has the same type and an equal value.
    fn equals(&self, other: &(dyn Field + 'static)) -> bool;
}

impl<T: Encode + PartialEq + fmt::Debug + 'static> Field for T {
    fn equals(&self, other: &(dyn Field + 'static)) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<T>() == Some(self)
    }
}

/// The members of a declared struct, in the order in which they are declared.
#[derive(Debug)]
pub struct Members<'a> {
    names: Names,
    values: Vec<&'a (dyn Field + 'static)>,
    constants: usize,
    null: Vec<&'static str>,
    additional: Option<&'a (dyn Field + 'static)>,
}

impl<'a> Members<'a> {
    /// Returns the members of a value of the declared type `T`. A member without a value is
    /// not written.
    pub fn of<T: Decode>(_object: &'a T, values: &[&'a (dyn Field + 'static)]) -> Self {
        Self {
            names: Names::of::<T>(),
            values: values.to_vec(),
            constants: 0,
            null: Vec::new(),
            additional: None,
        }
    }

    /// Marks one more of the first members as a constant, which is not a field of the struct.
    #[must_use]
    pub fn with_constant(mut self, _name: &'static str) -> Self {
        self.constants += 1;
        self
    }

    /// Marks a required member that is written as `null` if it has no value.
    #[must_use]
    pub fn with_null(mut self, name: &'static str) -> Self {
        self.null.push(name);
        self
    }

    /// Adds a map of members that the type does not declare.
    #[must_use]
    pub fn with_additional(mut self, additional: &'a (dyn Field + 'static)) -> Self {
        self.additional = Some(additional);
        self
    }

    fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(name);
        for (name, value) in self.iter().skip(self.constants) {
            shown.field(name, &value);
        }
        if let Some(additional) = &self.additional {
            shown.field("additional_properties", additional);
        }
        shown.finish()
    }

    /// Calls `write` with each member that is written, up to the first error.
    ///
    /// # Errors
    /// The error of `write`.
    fn each<E>(&self, mut write: impl FnMut(&str, Encoded<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut names = self.names.iter();
        // Most members of an input are absent, and finding a name costs more than the rest.
        let mut absent = 0;
        for value in &self.values {
            let value = value.encode();
            let is_absent = matches!(value, Encoded::Absent);
            if is_absent && self.null.is_empty() {
                absent += 1;
                continue;
            }
            let Some(name) = names.nth(mem::take(&mut absent)) else {
                break;
            };
            if !is_absent || self.null.contains(&name) {
                write(name, value)?;
            }
        }
        if let Some(Encoded::Map(map)) = self.additional.map(Encode::encode) {
            for (name, value) in map.entries() {
                write(name, value)?;
            }
        }
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = (&'static str, &'a (dyn Field + 'static))> {
        self.names.iter().zip(self.values.iter().copied())
    }
}

/// Formats a declared struct like a derived `Debug`, but with the names of the JSON members.
///
/// # Errors
/// When the formatter returns an error.
pub fn debug_object<T: Encode>(name: &str, object: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match object.encode() {
        Encoded::Object(members) => members.debug(name, f),
        other => fmt::Debug::fmt(&other, f),
    }
}

/// Returns whether two values of a declared struct have equal fields.
pub fn equal_objects<T: Encode>(one: &T, other: &T) -> bool {
    match (one.encode(), other.encode()) {
        (Encoded::Object(one), Encoded::Object(other)) => one == other,
        _ => false,
    }
}

impl PartialEq for Members<'_> {
    fn eq(&self, other: &Self) -> bool {
        let fields = |of: &Self| of.values.clone().into_iter().chain(of.additional);
        self.values.len() == other.values.len()
            && fields(self)
                .zip(fields(other))
                .all(|(one, other)| one.equals(other))
    }
}
