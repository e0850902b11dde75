//! JSON values: their types, their equality as JSON Schema defines it, and their canonical text.
//!
//! Nothing here depends on features of `serde_json` that another crate may enable for the whole build: members are sorted
//! wherever their order matters.

pub mod canonical;

use serde_json::{Map, Number, Value};

/// A type of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// The type `null`.
    Null,
    /// The type `boolean`.
    Boolean,
    /// The type `integer`. A number without a fraction is an integer, however it is written.
    Integer,
    /// The type `number`.
    Number,
    /// The type `string`.
    String,
    /// The type `array`.
    Array,
    /// The type `object`.
    Object,
}

impl Type {
    const ALL: [Self; 7] = [
        Self::Null,
        Self::Boolean,
        Self::Integer,
        Self::Number,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    /// The type with this name in a schema, such as `integer`; `None` for other names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ty| ty.name() == name)
    }

    /// The name of the type in a schema, such as `integer`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// Whether a value has the type. `1.0` and `1e3` are integers, too.
    pub fn has(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Boolean => value.is_boolean(),
            Self::Integer => as_integer(value).is_some(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
        }
    }
}

/// The members of an object, sorted by name.
pub fn members(map: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    let mut members: Vec<_> = map
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    members.into_iter()
}

/// The number as an integer, even if it is written `1.0` or `1e20`; `None` if it has a fraction or does not fit.
pub fn integer(number: &Number) -> Option<i128> {
    const LARGEST: f64 = i128::MAX as f64;
    number.as_i128().or_else(|| {
        let float = number.as_f64()?;
        (float.fract() == 0.0 && float.abs() < LARGEST).then_some(float as i128)
    })
}

/// The value as an integer, as [`integer`] reads it; `None` if it is not one.
pub fn as_integer(value: &Value) -> Option<i128> {
    value.as_number().and_then(integer)
}

/// The integer as a JSON number. An integer that does not fit into 64 bits becomes the nearest `f64`.
pub fn from_integer(integer: i128) -> Number {
    let exact = Number::from_i128(integer);
    exact
        .or_else(|| Number::from_f64(integer as f64))
        .unwrap_or_else(|| 0.into())
}

/// Whether a value holds nothing: `null`, an empty text, an empty list, or an object without members.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether two values are equal as JSON Schema defines it: `1` and `1.0` are.
pub fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i128(), b.as_i128()) {
            (Some(a), Some(b)) => a == b,
            _ => a.as_f64() == b.as_f64(),
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(name, value)| b.get(name).is_some_and(|other| is_same(value, other));
            a.len() == b.len() && a.iter().all(same)
        }
        _ => one == other,
    }
}

/// The value as a count, even if it is written `4.0`; `None` if it is not an integer from 0 on.
pub fn as_count(value: &Value) -> Option<u64> {
    as_integer(value).and_then(|count| count.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::{as_integer, from_integer, is_same};
    use serde_json::{Value, json};

    #[test]
    fn whole_numbers_are_whole_however_they_are_written() {
        let read = |text: &str| as_integer(&serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(read("18446744073709551615"), Some(u64::MAX.into()));
        assert_eq!(read("-9223372036854776000"), Some(i64::MIN.into()));
        assert_eq!(read("1e20"), Some(100_000_000_000_000_000_000));
        assert_eq!(read("2.0"), Some(2));
        assert_eq!(read("2.5"), None);
        assert_eq!(read("1e300"), None);
        assert_eq!(
            from_integer(u64::MAX.into()).to_string(),
            "18446744073709551615"
        );
    }

    #[test]
    fn one_and_one_point_zero_are_the_same() {
        assert!(is_same(&json!({"a": [1, "x"]}), &json!({"a": [1.0, "x"]})));
        assert!(!is_same(&json!(1), &json!("1")));
        assert!(!is_same(&json!({"a": 1}), &json!({"b": 1})));
        // As floats these two are one number.
        assert!(!is_same(
            &json!(9_007_199_254_740_993_u64),
            &json!(9_007_199_254_740_992_u64)
        ));
    }
}
