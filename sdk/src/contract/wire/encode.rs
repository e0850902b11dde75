//! Writing types, streaming, without the options that are absent.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Number, Value};

use super::{Members, Nullable};

/// A type that fields of declared types can have.
pub trait Encode {
    /// Returns the value as it is written: itself, or access to its parts.
    fn encode(&self) -> Encoded<'_>;
}

/// A value that is about to be written. Lists, maps and objects are written part by part.
#[derive(Debug)]
#[non_exhaustive]
pub enum Encoded<'a> {
    /// An option without a value: a member that is left out, or `null` in a list.
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
    /// A value that has no type of its own.
    Json(&'a Value),
    /// An array.
    List(&'a dyn List),
    /// An object whose members have any name.
    Map(&'a dyn Entries),
    /// An object that is declared.
    Object(Members<'a>),
    /// A value that cannot be written, and why.
    Unwritable(String),
}

/// The items of an array.
pub trait List: fmt::Debug {
    /// Returns the number of items.
    fn count(&self) -> usize;
    /// Returns an item, or `Absent` if there is none at the index.
    fn item(&self, index: usize) -> Encoded<'_>;
}

/// The members of an object whose members have any name.
pub trait Entries: fmt::Debug {
    /// Returns the members in their order.
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

macro_rules! leaves {
    ($($ty:ty: $value:ident => $encoded:expr;)*) => {$(
        impl Encode for $ty {
            fn encode(&self) -> Encoded<'_> {
                let $value = self;
                $encoded
            }
        }
    )*};
}

leaves! {
    bool: value => Encoded::Bool(*value);
    i64: value => Encoded::Signed(*value);
    u64: value => Encoded::Unsigned(*value);
    f64: value => Encoded::Float(*value);
    &'static str: value => Encoded::Text(value);
    String: value => Encoded::Text(value);
    Number: value => Encoded::Number(value);
    Value: value => Encoded::Json(value);
    Map<String, Value>: value => Encoded::Map(value);
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self) -> Encoded<'_> {
        match self.as_ref().map(Encode::encode) {
            None => Encoded::Absent,
            Some(Encoded::Absent) => Encoded::Null,
            Some(value) => value,
        }
    }
}

impl<T: Encode> Encode for Nullable<T> {
    fn encode(&self) -> Encoded<'_> {
        self.value().map_or(Encoded::Null, Encode::encode)
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self) -> Encoded<'_> {
        (**self).encode()
    }
}

impl<T: Encode + fmt::Debug> Encode for Vec<T> {
    fn encode(&self) -> Encoded<'_> {
        Encoded::List(self)
    }
}

impl<T: Encode + fmt::Debug> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> Encoded<'_> {
        self.get(index).map_or(Encoded::Absent, Encode::encode)
    }
}

impl<T: Encode + fmt::Debug, const N: usize> Encode for [T; N] {
    fn encode(&self) -> Encoded<'_> {
        Encoded::List(self)
    }
}

impl<T: Encode + fmt::Debug, const N: usize> List for [T; N] {
    fn count(&self) -> usize {
        N
    }

    fn item(&self, index: usize) -> Encoded<'_> {
        self.get(index).map_or(Encoded::Absent, Encode::encode)
    }
}

impl<T: Encode + fmt::Debug> Encode for BTreeMap<String, T> {
    fn encode(&self) -> Encoded<'_> {
        Encoded::Map(self)
    }
}

impl<T: Encode + fmt::Debug> Entries for BTreeMap<String, T> {
    fn entries(&self) -> Box<dyn Iterator<Item = (&str, Encoded<'_>)> + '_> {
        Box::new(
            self.iter()
                .map(|(name, value)| (name.as_str(), value.encode())),
        )
    }
}

impl Entries for Map<String, Value> {
    fn entries(&self) -> Box<dyn Iterator<Item = (&str, Encoded<'_>)> + '_> {
        Box::new(
            self.iter()
                .map(|(name, value)| (name.as_str(), value.encode())),
        )
    }
}

macro_rules! tuples {
    ($(($count:literal: $($name:ident $index:tt),+))+) => {$(
        impl<$($name: Encode + fmt::Debug),+> Encode for ($($name,)+) {
            fn encode(&self) -> Encoded<'_> {
                Encoded::List(self)
            }
        }

        impl<$($name: Encode + fmt::Debug),+> List for ($($name,)+) {
            fn count(&self) -> usize {
                $count
            }

            fn item(&self, index: usize) -> Encoded<'_> {
                match index {
                    $($index => self.$index.encode(),)+
                    _ => Encoded::Absent,
                }
            }
        }
    )+};
}

tuples! {
    (1: A 0)
    (2: A 0, B 1)
    (3: A 0, B 1, C 2)
    (4: A 0, B 1, C 2, D 3)
    (5: A 0, B 1, C 2, D 3, E 4)
    (6: A 0, B 1, C 2, D 3, E 4, F 5)
    (7: A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}
