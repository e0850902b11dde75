//! The quantities that bounds limit, with everything that differs between pairs of keywords such as `minLength` and
//! `maxLength`.

use serde_json::{Number, Value};

use crate::json::Type;

/// The quantity that a lower or an upper bound limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// The value of a number.
    Number,
    /// The number of characters in a string.
    Length,
    /// The number of items in an array.
    Items,
    /// The number of properties in an object.
    Properties,
    /// The size in bytes of the file that a string is the URL of.
    FileSize,
}

impl Measure {
    pub(super) const ALL: [Self; 5] = [
        Self::Number,
        Self::Length,
        Self::Items,
        Self::Properties,
        Self::FileSize,
    ];

    /// The keywords of the lower and the upper bound, both inclusive. Only numbers have exclusive bounds, with keywords of
    /// their own.
    pub(super) const fn keywords(self) -> [&'static str; 2] {
        match self {
            Self::Number => ["minimum", "maximum"],
            Self::Length => ["minLength", "maxLength"],
            Self::Items => ["minItems", "maxItems"],
            Self::Properties => ["minProperties", "maxProperties"],
            Self::FileSize => ["min_file_size", "max_file_size"],
        }
    }

    /// The extension keyword, such as `x-fal`, whose value contains the keywords; `None` if they are keywords of the schema
    /// itself.
    pub(super) const fn extension(self) -> Option<&'static str> {
        match self {
            Self::FileSize => Some("x-fal"),
            _ => None,
        }
    }

    /// The type of the values that have this measure.
    pub(super) const fn ty(self) -> Type {
        match self {
            Self::Number => Type::Number,
            Self::Length | Self::FileSize => Type::String,
            Self::Items => Type::Array,
            Self::Properties => Type::Object,
        }
    }

    /// The measure of a value; `None` for values that have none.
    pub(super) fn of(self, value: &Value) -> Option<Number> {
        let count = match (self, value) {
            (Self::Number, value) => return value.as_number().cloned(),
            (Self::Length, Value::String(text)) => text.chars().count(),
            (Self::Items, Value::Array(items)) => items.len(),
            (Self::Properties, Value::Object(members)) => members.len(),
            _ => return None,
        };
        Some(count.into())
    }

    /// The unit of the measure, singular and plural, such as `item` and `items`; `None` for numbers.
    pub(super) const fn unit(self) -> Option<[&'static str; 2]> {
        Some(match self {
            Self::Number => return None,
            Self::Length => ["character", "characters"],
            Self::Items => ["item", "items"],
            Self::Properties => ["property", "properties"],
            Self::FileSize => ["byte", "bytes"],
        })
    }

    /// The method of the runtime's `Validator` that checks a range.
    pub(super) const fn method(self) -> &'static str {
        match self {
            Self::Number => "range",
            Self::Length => "length",
            Self::Items => "items",
            Self::Properties => "properties",
            Self::FileSize => "file_size",
        }
    }
}
