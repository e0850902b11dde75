//! How options, lists, maps and tuples are read and written.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::{Decode, DecodeError, Encode, Encoded, Entries, List, Names, Nullable};

impl<T: Decode> Decode for Option<T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        match value {
            Value::Null => Ok(None),
            value => T::decode(value).map(Some),
        }
    }

    fn obeys_rules(&self) -> bool {
        self.as_ref().is_none_or(Decode::obeys_rules)
    }
}

impl<T: Decode> Decode for Nullable<T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        match value {
            Value::Null => Ok(Self::Null),
            value => T::decode(value).map(Self::Value),
        }
    }

    fn decode_option(value: &Value) -> Result<Option<Self>, DecodeError> {
        Self::decode(value).map(Some)
    }

    fn obeys_rules(&self) -> bool {
        self.value().is_none_or(Decode::obeys_rules)
    }
}

impl<T: Decode> Decode for Box<T> {
    const FIELDS: &'static str = T::FIELDS;
    const OWN_NAMES: &'static [(&'static str, &'static str)] = T::OWN_NAMES;
    const CONSTANTS: &'static [&'static str] = T::CONSTANTS;

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        T::decode(value).map(Box::new)
    }

    fn obeys_rules(&self) -> bool {
        (**self).obeys_rules()
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        items(value)?
            .iter()
            .enumerate()
            .map(|(index, item)| T::decode(item).map_err(|error| error.index(index)))
            .collect()
    }

    fn obeys_rules(&self) -> bool {
        self.iter().all(Decode::obeys_rules)
    }
}

impl<T: Decode, const N: usize> Decode for [T; N] {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        Vec::decode(value)?
            .try_into()
            .map_err(|_| DecodeError::expected(&format!("an array of {N} items"), value))
    }

    fn obeys_rules(&self) -> bool {
        self.iter().all(Decode::obeys_rules)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(value: &Value) -> Result<Self, DecodeError> {
        super::Fields::of(value)?.additional_properties(Names::default())
    }

    fn obeys_rules(&self) -> bool {
        self.values().all(Decode::obeys_rules)
    }
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

macro_rules! lists {
    ($([$($length:tt)*] $list:ty;)*) => {$(
        impl<T: Encode + fmt::Debug $($length)*> Encode for $list {
            fn encode(&self) -> Encoded<'_> {
                Encoded::List(self)
            }
        }

        impl<T: Encode + fmt::Debug $($length)*> List for $list {
            fn count(&self) -> usize {
                self.len()
            }

            fn item(&self, index: usize) -> Encoded<'_> {
                self.get(index).map_or(Encoded::Absent, Encode::encode)
            }
        }
    )*};
}

lists! {
    [] Vec<T>;
    [, const N: usize] [T; N];
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

fn items(value: &Value) -> Result<&[Value], DecodeError> {
    value
        .as_array()
        .map(Vec::as_slice)
        .ok_or_else(|| DecodeError::expected("an array", value))
}

fn item<T: Decode>(items: &[Value], index: usize) -> Result<T, DecodeError> {
    items
        .get(index)
        .ok_or_else(|| DecodeError::new("required, but missing"))
        .and_then(T::decode)
        .map_err(|error| error.index(index))
}

macro_rules! tuples {
    ($(($count:literal: $($name:ident $index:tt),+))+) => {$(
        impl<$($name: Decode),+> Decode for ($($name,)+) {
            fn decode(value: &Value) -> Result<Self, DecodeError> {
                let items = items(value)?;
                if items.len() > $count {
                    let expected = concat!("an array of ", $count, " items");
                    return Err(DecodeError::expected(expected, value));
                }
                Ok(($(item::<$name>(items, $index)?,)+))
            }

            fn obeys_rules(&self) -> bool {
                $(self.$index.obeys_rules())&&+
            }
        }

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

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}
