//! Encodes and decodes realtime messages: JSON in text frames, MessagePack in binary frames (fal docs,
//! `inference/real-time`).
//!
//! JSON has no type for bytes. In scripts, the bytes of MessagePack are written as `{"$bytes": "<base64>"}`.

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use rmpv::Value as Packed;
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::Message;

const BYTES: &str = "$bytes";

/// The value of a message, or `None` if it is neither JSON nor MessagePack.
pub(crate) fn decode(message: &Message) -> Option<Value> {
    match message {
        Message::Text(text) => serde_json::from_str(text).ok(),
        Message::Binary(bytes) => unpack(bytes),
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
    let mut packed = Vec::new();
    // Writing to a `Vec` does not fail.
    let _ = rmpv::encode::write_value(&mut packed, &to_packed(value));
    packed.into()
}

/// The byte that MessagePack does not use, but `rmpv` reads as nil.
const NEVER_USED: u8 = 0xc1;

fn unpack(mut bytes: &[u8]) -> Option<Value> {
    if bytes.first() == Some(&NEVER_USED) {
        return None;
    }
    to_json(rmpv::decode::read_value(&mut bytes).ok()?)
}

fn to_packed(value: &Value) -> Packed {
    match value {
        Value::Null => Packed::Nil,
        Value::Bool(value) => Packed::Boolean(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => integer.into(),
            (None, Some(integer)) => integer.into(),
            (None, None) => number.as_f64().unwrap_or_default().into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => Packed::Array(items.iter().map(to_packed).collect()),
        Value::Object(object) => bytes_of(object).map_or_else(
            || {
                let entry =
                    |(key, value): (&String, &Value)| (key.as_str().into(), to_packed(value));
                Packed::Map(object.iter().map(entry).collect())
            },
            Packed::Binary,
        ),
    }
}

fn bytes_of(object: &Map<String, Value>) -> Option<Vec<u8>> {
    let text = object.get(BYTES).filter(|_| object.len() == 1)?.as_str()?;
    BASE64_STANDARD.decode(text).ok()
}

/// The value as JSON; `None` if JSON cannot express it.
fn to_json(value: Packed) -> Option<Value> {
    Some(match value {
        Packed::Nil => Value::Null,
        Packed::Boolean(value) => value.into(),
        Packed::Integer(integer) => match integer.as_i64() {
            Some(integer) => integer.into(),
            None => integer.as_u64()?.into(),
        },
        Packed::F32(value) => f64::from(value).into(),
        Packed::F64(value) => value.into(),
        Packed::String(text) => text.into_str()?.into(),
        Packed::Binary(bytes) => json!({ BYTES: BASE64_STANDARD.encode(bytes) }),
        Packed::Array(items) => items.into_iter().map(to_json).collect::<Option<_>>()?,
        Packed::Map(entries) => {
            let entry = |(key, value)| Some((key_text(to_json(key)?)?, to_json(value)?));
            Value::Object(entries.into_iter().map(entry).collect::<Option<_>>()?)
        }
        Packed::Ext(..) => return None,
    })
}

fn key_text(key: Value) -> Option<String> {
    match key {
        Value::String(key) => Some(key),
        Value::Number(key) => Some(key.to_string()),
        _ => None,
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
        for wrong in [&b"\x81\xa3fo"[..], b"\xc1"] {
            let message = Message::Binary(Bytes::copy_from_slice(wrong));
            assert_eq!(decode(&message), None, "{wrong:?}");
        }
    }
}
