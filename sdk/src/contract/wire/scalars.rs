//! How scalars and untyped JSON are read and written.

use serde_json::{Map, Number, Value};

use super::{Decode, DecodeError, Encode, Encoded, Entries};

impl Decode for bool {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_bool()
            .ok_or_else(|| DecodeError::expected("a boolean", value))
    }
}

impl Decode for String {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| DecodeError::expected("a string", value))
    }
}

/// Reads a type that is made from a string, such as an open enum.
///
/// # Errors
/// When the value is not a string.
pub fn decode_string<T: From<String>>(value: &Value) -> Result<T, DecodeError> {
    String::decode(value).map(T::from)
}

impl Decode for f64 {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_f64()
            .ok_or_else(|| DecodeError::expected("a number", value))
    }
}

impl Decode for i64 {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_i64()
            .or_else(|| whole(value).map(|number| number as i64))
            .ok_or_else(|| DecodeError::expected("an integer", value))
    }
}

impl Decode for u64 {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_u64()
            .or_else(|| {
                whole(value)
                    .filter(|number| *number >= 0.0)
                    .map(|number| number as u64)
            })
            .ok_or_else(|| DecodeError::expected("an integer that is not negative", value))
    }
}

/// The value of a float that stands for an integer, such as `1.0`. Beyond 2^53 a float cannot
/// distinguish neighbouring integers, so those are refused.
fn whole(value: &Value) -> Option<f64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    value
        .as_number()
        .filter(|number| number.is_f64())
        .and_then(Number::as_f64)
        .filter(|number| number.fract() == 0.0 && number.abs() <= EXACT)
}

/// Reads an integer of any size. Other numbers are `f64` in generated types.
impl Decode for Number {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_number()
            .filter(|number| number.as_f64().is_some_and(|number| number.fract() == 0.0))
            .cloned()
            .ok_or_else(|| DecodeError::expected("an integer", value))
    }
}

impl Decode for Value {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        Ok(value.clone())
    }
}

impl Decode for Map<String, Value> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_object()
            .cloned()
            .ok_or_else(|| DecodeError::expected("an object", value))
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

impl Entries for Map<String, Value> {
    fn entries(&self) -> Box<dyn Iterator<Item = (&str, Encoded<'_>)> + '_> {
        Box::new(
            self.iter()
                .map(|(name, value)| (name.as_str(), value.encode())),
        )
    }
}
