//! Realtime messages: JSON in text frames, MessagePack in binary ones (fal docs, `inference/real-time`).
//!
//! JSON has no bytes. In scripts, the bytes of MessagePack are written as `{"$bytes": "<base64>"}`.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::Message;

const BYTES: &str = "$bytes";

/// The value of a message, or `None` if it is neither JSON nor MessagePack.
pub(crate) fn decode(message: &Message) -> Option<Value> {
    match message {
        Message::Text(text) => serde_json::from_str(text).ok(),
        Message::Binary(bytes) => unpack(bytes).ok(),
        _ => None,
    }
}

/// Encodes a value as MessagePack if `binary`, else as JSON.
pub(crate) fn encode(value: &Value, binary: bool) -> Message {
    if binary {
        Message::Binary(pack(value))
    } else {
        Message::text(value.to_string())
    }
}

fn pack(value: &Value) -> Bytes {
    // Writing JSON values to memory cannot fail.
    rmp_serde::to_vec_named(&Packed(value))
        .unwrap_or_default()
        .into()
}

fn unpack(bytes: &[u8]) -> Result<Value, rmp_serde::decode::Error> {
    rmp_serde::from_slice::<Unpacked>(bytes).map(|unpacked| unpacked.0)
}

struct Packed<'v>(&'v Value);

impl Serialize for Packed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items
                    .iter()
                    .try_for_each(|item| list.serialize_element(&Packed(item)))?;
                list.end()
            }
            Value::Object(object) => match bytes_of(object) {
                Some(bytes) => serializer.serialize_bytes(&bytes),
                None => {
                    let mut map = serializer.serialize_map(Some(object.len()))?;
                    object
                        .iter()
                        .try_for_each(|(key, value)| map.serialize_entry(key, &Packed(value)))?;
                    map.end()
                }
            },
            plain => plain.serialize(serializer),
        }
    }
}

fn bytes_of(object: &Map<String, Value>) -> Option<Vec<u8>> {
    let text = object.get(BYTES).filter(|_| object.len() == 1)?.as_str()?;
    BASE64_STANDARD.decode(text).ok()
}

struct Unpacked(Value);

impl<'de> Deserialize<'de> for Unpacked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a MessagePack value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Value, E> {
        Ok(json!({ BYTES: BASE64_STANDARD.encode(value) }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unpacked(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((Unpacked(key), Unpacked(value))) = entries.next_entry()? {
            let key = match key {
                Value::String(key) => key,
                Value::Number(key) => key.to_string(),
                _ => return Err(A::Error::custom("a key is neither a string nor a number")),
            };
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the protocol's conformance vectors.
    #[test]
    fn messagepack() {
        let cases: [(Value, &[u8]); 5] = [
            (json!({ "foo": "bar" }), b"\x81\xa3foo\xa3bar"),
            (json!({ "ok": true }), b"\x81\xa2ok\xc3"),
            (json!("hello"), b"\xa5hello"),
            (
                json!({ "a": [1, 2, 300], "b": null }),
                b"\x82\xa1a\x93\x01\x02\xcd\x01\x2c\xa1b\xc0",
            ),
            (
                json!({ "image": { "$bytes": "/9j/" } }),
                b"\x81\xa5image\xc4\x03\xff\xd8\xff",
            ),
        ];
        for (value, packed) in cases {
            assert_eq!(pack(&value), packed, "{value}");
            assert_eq!(unpack(packed).unwrap(), value);
        }
        assert_eq!(decode(&Message::Binary(Bytes::from_static(b"\xc1"))), None);
    }
}
