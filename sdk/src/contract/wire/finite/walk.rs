//! A serializer that writes nothing and checks each number.

use std::fmt;

use serde::ser::{self, Serialize, Serializer};

use super::NotFinite;
use crate::contract::wire::pointer_segment;

/// Checks the numbers of a value.
pub(super) struct Walk;

/// Why the walk ended early.
#[derive(Debug)]
pub(super) enum Stop {
    Found(NotFinite),
    /// The value cannot be written; the error appears when it is written.
    Unwritable,
}

impl ser::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Unwritable
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(found) => found.fmt(f),
            Self::Unwritable => f.write_str("the value cannot be written"),
        }
    }
}

impl std::error::Error for Stop {}

/// Goes into a member or an item. Its name is only needed once something is found.
fn enter<T: Serialize + ?Sized>(value: &T, name: impl FnOnce() -> String) -> Result<(), Stop> {
    match value.serialize(Walk) {
        Err(Stop::Found(found)) => Err(Stop::Found(found.inside(&pointer_segment(&name())))),
        Ok(()) | Err(Stop::Unwritable) => Ok(()),
    }
}

/// The name of a member: a key is a string, or a number written as a string.
fn name_of<K: Serialize + ?Sized>(key: &K) -> String {
    match serde_json::to_value(key) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

fn number(number: f64) -> Result<(), Stop> {
    if number.is_finite() {
        return Ok(());
    }
    Err(Stop::Found(NotFinite::new(number)))
}

macro_rules! without_numbers {
    ($($method:ident($($ty:ty),*);)*) => {$(
        fn $method(self, $(_: $ty),*) -> Result<(), Stop> {
            Ok(())
        }
    )*};
}

macro_rules! members {
    ($($method:ident($($ty:ty),*);)*) => {$(
        fn $method(self, $(_: $ty),*) -> Result<Members, Stop> {
            Ok(Members::default())
        }
    )*};
}

macro_rules! members_of_variant {
    ($($method:ident;)*) => {$(
        fn $method(
            self,
            _: &'static str,
            _: u32,
            variant: &'static str,
            _: usize,
        ) -> Result<Members, Stop> {
            Ok(Members::of_variant(variant))
        }
    )*};
}

impl Serializer for Walk {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Members;
    type SerializeTuple = Members;
    type SerializeTupleStruct = Members;
    type SerializeTupleVariant = Members;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Members;

    without_numbers! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_f32(self, value: f32) -> Result<(), Stop> {
        number(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Stop> {
        number(value)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<(), Stop> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stop> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        enter(value, || variant.to_owned())
    }

    members! {
        serialize_seq(Option<usize>);
        serialize_tuple(usize);
        serialize_tuple_struct(&'static str, usize);
        serialize_map(Option<usize>);
        serialize_struct(&'static str, usize);
    }

    members_of_variant! {
        serialize_tuple_variant;
        serialize_struct_variant;
    }
}

/// Goes through the members of an object or the items of a list.
#[derive(Default)]
pub(super) struct Members {
    /// The name of the enum's variant that contains the members or items.
    variant: Option<&'static str>,
    count: usize,
    key: String,
}

impl Members {
    fn of_variant(variant: &'static str) -> Self {
        Self {
            variant: Some(variant),
            ..Self::default()
        }
    }

    fn member<T: Serialize + ?Sized>(
        &self,
        value: &T,
        name: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        enter(value, name).map_err(|stop| match (stop, self.variant) {
            (Stop::Found(found), Some(variant)) => {
                Stop::Found(found.inside(&pointer_segment(variant)))
            }
            (stop, _) => stop,
        })
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        let index = self.count;
        self.count += 1;
        self.member(value, || index.to_string())
    }
}

macro_rules! items {
    ($($of:ident::$method:ident;)*) => {$(
        impl ser::$of for Members {
            type Ok = ();
            type Error = Stop;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
                self.item(value)
            }

            fn end(self) -> Result<(), Stop> {
                Ok(())
            }
        }
    )*};
}

items! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

macro_rules! fields {
    ($($of:ident),*) => {$(
        impl ser::$of for Members {
            type Ok = ();
            type Error = Stop;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Stop> {
                self.member(value, || name.to_owned())
            }

            fn end(self) -> Result<(), Stop> {
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Members {
    type Ok = ();
    type Error = Stop;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Stop> {
        self.key = name_of(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        self.member(value, || self.key.clone())
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), Stop> {
        self.member(value, || name_of(key))
    }

    fn end(self) -> Result<(), Stop> {
        Ok(())
    }
}
